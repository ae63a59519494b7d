"""ccxt's unified parameters, apart from any venue: what is read, what is refused, and what raw does."""

from types import SimpleNamespace
from typing import ClassVar

import ccxt
import pytest

from ccxt_ext.venue.calls.guards import camel_case, guarded
from ccxt_ext.venue.calls.unified import (
    PAGES,
    RawFields,
    declared_params,
    inherits_params_from,
    read_params,
    with_raw_fields,
)

TOY = SimpleNamespace(
    id="toy", handle_option_and_params=lambda params, method, name, default: [params.get(name, default), {}]
)


def of(params, reads=(), anyway=()):
    return read_params(TOY, "fetchThings", params, frozenset(reads), frozenset(anyway))


def test_own_fields_stay_and_what_asks_for_nothing_goes():
    assert of({"own": None, "page": 2, "until": None, "reduceOnly": False, "timeInForce": "gtc"}) == {
        "own": None,
        "page": 2,
    }
    assert of({"hedged": 0, "createMarketBuyOrderRequiresPrice": True}) == {}


def test_what_is_read_comes_under_one_name_and_in_one_form():
    given = {"till": "5", "networkCode": "TRC20", "stop": True, "timeInForce": "ioc", "marginMode": "CROSS"}
    read = of(given, ("until", "network", "trigger", "timeInForce", "marginMode"))
    assert read == {
        "until": 5,
        "network": "TRC20",
        "trigger": True,
        "timeInForce": "IOC",
        "marginMode": "cross",
    }


def test_two_names_for_one_thing_have_to_agree():
    assert of({"until": 5, "till": 5}, ("until",)) == {"until": 5}
    with pytest.raises(ccxt.BadRequest, match="two values for until: 5 and 6"):
        of({"until": 5, "till": 6}, ("until",))


def test_what_is_not_read_is_refused_by_the_name_that_was_given():
    with pytest.raises(ccxt.NotSupported, match=r"fetchThings.* stop=True"):
        of({"stop": True})
    assert of({"stop": True}, anyway=("trigger",)) == {}


# What ccxt's own methods and those of its exchanges take, in one spelling or another.
FLAGS = [
    "hedged",
    "historical",
    "iceberg",
    "margin",
    "portfolioMargin",
    "postOnly",
    "reduceOnly",
    "stock",
    "stop",
    "test",
    "trailing",
    "trigger",
    "twap",
    "uta",
    "unifiedMargin",
    "paginate",
]
VALUES = {
    "clientOrderId": "x",
    "clientOrderIds": ["x"],
    "cost": 5,
    "createMarketBuyOrderRequiresPrice": False,
    "leverage": 3,
    "marginMode": "isolated",
    "method": "x",
    "network": "ETH",
    "networkCode": "ETH",
    "positionSide": "LONG",
    "selfTradePrevention": "EXPIRE_TAKER",
    "stopLoss": {},
    "stopLossAmount": 1,
    "stopLossLimitPrice": 1,
    "stopLossPrice": 1,
    "stopLossPriceType": "last",
    "stopLossType": "limit",
    "stopPrice": 1,
    "tag": "x",
    "takeProfit": {},
    "takeProfitAmount": 1,
    "takeProfitLimitPrice": 1,
    "takeProfitPrice": 1,
    "takeProfitPriceType": "last",
    "takeProfitType": "limit",
    "till": 5,
    "timeInForce": "FOK",
    "trailingAmount": 1,
    "trailingPercent": 1,
    "trailingTriggerPrice": 1,
    "triggerDirection": "up",
    "triggerPrice": 1,
    "triggerPriceType": "mark",
    "until": 5,
}


@pytest.mark.parametrize(("name", "value"), [*((flag, True) for flag in FLAGS), *VALUES.items()])
def test_none_of_ccxts_parameters_is_taken_for_a_field_of_the_venue(name, value):
    with pytest.raises(ccxt.NotSupported, match=name):
        of({name: value})
    read = {"stop": "trigger", "till": "until", "networkCode": "network"}.get(name, name)
    assert of({name: value}, (read,)) == {read: value}
    assert of({name: None}, (read,)) == {}


@pytest.mark.parametrize("flag", FLAGS)
def test_a_flag_is_true_or_false(flag):
    assert of({flag: False}) == of({flag: 0}) == {}
    for value in ("yes", 2, []):
        with pytest.raises(ccxt.BadRequest, match=f"True or False as {flag}"):
            of({flag: value})


@pytest.mark.parametrize(
    "name", ["maxEntriesPerRequest", "maxRetries", "paginationCalls", "paginationDirection", "removeRepeated"]
)
def test_how_pages_would_be_turned_goes_nowhere(name):
    assert of({name: 3}) == {}


@pytest.mark.parametrize(
    ("name", "value"), [("positionSide", "BOTH"), ("selfTradePrevention", "NONE"), ("timeInForce", "Gtc")]
)
def test_what_asks_for_what_happens_anyway(name, value):
    assert of({name: value}) == {}


@pytest.mark.parametrize("word", ["GTC", "IOC", "FOK", "PO", "GTD", "GTX", "DAY"])
def test_times_in_force(word):
    assert of({"timeInForce": word.lower()}, ("timeInForce",)) == {"timeInForce": word}
    for value in (f"{word}X", 1, True):
        with pytest.raises(ccxt.BadRequest, match=r"takes GTC, .* as timeInForce"):
            of({"timeInForce": value}, ("timeInForce",))


def test_margin_modes():
    assert of({"marginMode": "Cross"}, ("marginMode",)) == {"marginMode": "cross"}
    with pytest.raises(ccxt.BadRequest, match="takes cross, isolated as marginMode"):
        of({"marginMode": "spot"}, ("marginMode",))


def test_the_price_of_candles_is_what_they_are_of():
    assert of({"price": 5}) == {"price": 5}
    assert read_params(TOY, "fetchOHLCV", {"price": "last"}, frozenset()) == {}
    with pytest.raises(ccxt.NotSupported, match="price='mark'"):
        read_params(TOY, "fetchOHLCV", {"price": "mark"}, frozenset())
    assert read_params(TOY, "fetchOHLCV", {"price": "mark"}, frozenset(("price",))) == {"price": "mark"}


@pytest.mark.parametrize("name", ["type", "defaultType", "subType", "defaultSubType"])
def test_what_chooses_markets_stays_for_the_call_to_look_at(name):
    kept = {"defaultType": "type", "defaultSubType": "subType"}.get(name, name)
    assert of({name: "swap"}) == {kept: "swap"}


def test_raw_has_fields():
    with pytest.raises(ccxt.BadRequest, match="dict of the venue's own fields as raw"):
        of({"raw": [1]})


def test_how_pages_are_turned_matters_where_pages_are_turned():
    paging = {"paginationCalls": 3}
    assert of(paging) == of(paging, PAGES) == {}
    assert of({**paging, "paginate": True}, PAGES) == {**paging, "paginate": True}
    assert of({**paging, "paginate": True}, ("paginate",)) == {"paginate": True}


def test_raw_rides_along_and_is_unpacked_once():
    params = of({"raw": {"type": "sell"}, "own": 1})
    assert params == {"raw": {"type": "sell"}, "own": 1} and type(params["raw"]) is RawFields
    assert of(params) == params
    assert with_raw_fields("toy", {**params, "pair": "A"}) == {"own": 1, "pair": "A", "type": "sell"}
    with pytest.raises(ccxt.BadRequest, match="toy sets pair itself"):
        with_raw_fields("toy", {"pair": "A", "raw": RawFields(pair="B")})
    assert with_raw_fields("toy", {"pair": "A", "raw": RawFields(pair="A")}) == {"pair": "A"}
    # Without a guard in front, as with implicit methods, it is a field like any other.
    assert with_raw_fields("toy", {"raw": {"type": "sell"}}) == {"raw": {"type": "sell"}}
    assert with_raw_fields("toy", None) is None and with_raw_fields("toy", [1]) == [1]


class Named:
    """What a venue's class tells of its parameters, which is nothing yet."""

    understands: ClassVar = {}
    does_anyway: ClassVar = {}
    inherits_params_from = staticmethod(inherits_params_from)


def test_methods_that_rest_on_another_read_what_it_reads():
    class Toy(Named):
        understands: ClassVar = {
            "createOrder": ("cost",),
            "createOrders": (),
            "fetchTrades": ("until", "paginate"),
        }
        does_anyway: ClassVar = {"createOrder": ("hedged",)}

    for name in ("createOrder", "createOrderWs", "createLimitOrder", "createStopLossOrderWs", "editOrder"):
        assert declared_params(Toy, name) == ({"cost"}, {"hedged"}), name
    for name in ("createOrders", "createOrdersWs", "cancelOrder", "createDepositAddress"):
        assert declared_params(Toy, name) == (frozenset(), frozenset()), name
    assert declared_params(Toy, "fetchTradesWs") == ({"until", "paginate"}, frozenset())


def test_what_is_watched_has_no_end_and_no_pages():
    class Toy(Named):
        understands: ClassVar = {"fetchTrades": ("until", "type", *PAGES)}
        does_anyway: ClassVar = {"fetchTrades": ("until", "hedged")}

        @classmethod
        def inherits_params_from(cls, method):
            return ("fetchTrades",)

    assert declared_params(Toy, "fetchMyTrades") == ({"until", "type", *PAGES}, {"until", "hedged"})
    assert declared_params(Toy, "watchTrades") == ({"type"}, {"hedged"})


@pytest.mark.parametrize(
    ("snake", "camel"),
    [
        ("fetch_ohlcv", "fetchOHLCV"),
        ("fetch_ohlcv_ws", "fetchOHLCVWs"),
        ("fetch_l2_order_book", "fetchL2OrderBook"),
        ("un_watch_ohlcv_for_symbols", "unWatchOHLCVForSymbols"),
        ("withdraw", "withdraw"),
    ],
)
def test_names_in_has(snake, camel):
    assert camel_case(snake) == camel


# -- arguments --------------------------------------------------------------------------------------


class Shop(Named):
    id = "toy"
    understands: ClassVar = {"createOrder": ("timeInForce",), "withdraw": ("tag", "network")}

    @guarded
    def create_order(self, symbol, type, side, amount, price=None, params={}):
        return symbol, type, side, amount, price, params

    @guarded
    def create_orders(self, orders, params={}):
        return orders

    @guarded
    def withdraw(self, code, amount, address, tag=None, params={}):
        return tag, params

    @guarded
    async def fetch_orders(self, symbol=None, since=None, limit=None, params={}):
        return since, limit, params


def test_type_and_side_in_capitals():
    given = ("A/B", "LIMIT", "Buy", 1, 2)
    assert Shop().create_order(*given)[1:3] == ("limit", "buy")
    assert Shop().create_order("A/B", side="SELL", type="Market", amount=1)[1:3] == ("market", "sell")
    assert Shop().create_order("A/B", None, 1, 1)[1:3] == (None, 1)


def test_each_of_several_orders_is_read_like_one():
    order = {"symbol": "A/B", "type": "LIMIT", "side": "BUY", "params": {"timeInForce": "gtc", "own": 1}}
    [read] = Shop().create_orders([order])
    assert read == {
        "symbol": "A/B",
        "type": "limit",
        "side": "buy",
        "params": {"timeInForce": "GTC", "own": 1},
    }
    assert order["type"] == "LIMIT"
    with pytest.raises(ccxt.NotSupported, match=r"createOrder.* postOnly"):
        Shop().create_orders([{**order, "params": {"postOnly": True}}])
    for nothing in (None, "x", [1]):
        assert Shop().create_orders(nothing) == nothing


def test_the_tag_may_be_where_newer_releases_of_ccxt_have_the_parameters():
    assert Shop().withdraw("A", 1, "x", {"tag": "t", "network": "N"}) == (None, {"tag": "t", "network": "N"})
    with pytest.raises(ccxt.NotSupported, match="trigger"):
        Shop().withdraw("A", 1, "x", {"trigger": True})


def test_parameters_that_are_no_dict_and_arguments_that_are_too_many():
    with pytest.raises(ccxt.BadRequest, match="dict of parameters"):
        Shop().create_order("A/B", "limit", "buy", 1, 2, "gtc")
    with pytest.raises(TypeError):
        Shop().create_order("A/B", "LIMIT", "buy", 1, 2, {}, 3)
    with pytest.raises(TypeError):
        Shop().create_order("A/B", "LIMIT", "buy", 1, 2, type="limit")


async def test_async_methods_stay_async():
    assert await Shop().fetch_orders(None, "5", limit=2.0, params={"timeInForce": "GTC"}) == (5, 2, {})
    with pytest.raises(ccxt.NotSupported):
        await Shop().fetch_orders(params={"until": 5})
