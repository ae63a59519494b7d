"""btex: what its documents leave open, and what an option makes of it; leverage and margin mode."""

import json
from urllib.parse import parse_qsl

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from ccxt_ext.venue.answers.paging import STALE_PAGES
from tests.venues.btex.bodies import fine
from tests.venues.profiles import PROFILES

PROFILE = PROFILES["btex"]
SWAP = PROFILE.symbol
INVERSE = PROFILE.sample("mx_data-contracts")["data"][0]
LINEAR = {
    **INVERSE,
    "contract_id": "3",
    "settle_anchor": "USDT",
    "quote_anchor": "USDT",
    "contract_anchor": "BTC",
    "contract_value": "0.00100000",
    "pair": "BTC_USDT",
    "isreverse": "-1",
    "allow_cross": "-1",
    "min_amount": 1,
}
DATED = {**INVERSE, "contract_id": "101", "type": "2", "expiry": "2019-03-29 08:00:00"}
MARKETS = [INVERSE, LINEAR, DATED, *PROFILE.more_markets]
FUTURE, LINEAR_SWAP, SPOT = "BTC/USD:BTC-190329", "BTC/USDT:USDT", "BTC/USDT"

pytestmark = pytest.mark.parametrize("kind", ["sync", "async"])


def btex(kind, *samples, **options):
    """An exchange that is answered with the samples, in this order and the last one over and over."""
    texts = [sample if isinstance(sample, str) else json.dumps(sample) for sample in samples]
    answers = [Answer(text) for text in texts]

    def answer(request):
        return answers.pop(0) if len(answers) > 1 else answers[0]

    # What calls ask for besides has tests of its own, in test_orders.py.
    plain = {"leverageOfPosition": False, "lookUpPlaced": [], "fillsOfOrder": False}
    return PROFILE.offline(kind, answer, markets=MARKETS, options={**plain, **options})


PLACED = fine({"order_id": 123455})


def sent(wire, at=-1):
    return dict(parse_qsl(wire.requests[at].body or wire.requests[at].url.partition("?")[2]))


def test_the_kinds_of_markets(kind):
    exchange, _ = btex(kind, fine({}))
    swap, linear, future, spot = (exchange.market(name) for name in (SWAP, LINEAR_SWAP, FUTURE, SPOT))
    assert (swap["type"], swap["inverse"], swap["linear"], swap["settle"]) == ("swap", True, False, "BTC")
    assert (linear["type"], linear["inverse"], linear["linear"]) == ("swap", False, True)
    assert (linear["settle"], linear["contractSize"]) == ("USDT", 0.001)
    assert (future["type"], future["swap"], future["id"]) == ("future", False, "101")
    assert future["expiryDatetime"] == "2019-03-29T08:00:00.000Z"
    assert swap["expiry"] is None
    assert (spot["type"], spot["contract"], spot["id"], spot["maker"]) == ("spot", False, "BTC_USDT", 0.002)


def test_expiry_in_another_zone(kind):
    exchange, _ = btex(kind, fine({}), expiryTimezoneOffset=8)
    assert exchange.market(FUTURE)["expiryDatetime"] == "2019-03-29T00:00:00.000Z"


def test_a_dated_contract_without_a_date_is_no_market(kind):
    exchange, _ = btex(kind, fine([{**DATED, "expiry": INVERSE["expiry"]}]), fetchMarkets=["swap"])
    with pytest.raises(ccxt.BadResponse, match="expiry"):
        call(exchange, "fetch_markets")


@pytest.mark.parametrize(
    ("wanted", "paths"),
    [
        (["swap"], ["/mx_data/contracts"]),
        (["spot"], ["/openapi1/pairs"]),
        (["swap", "spot"], ["/mx_data/contracts", "/openapi1/pairs"]),
    ],
)
def test_which_markets_are_loaded(kind, wanted, paths):
    contracts, pairs = PROFILE.sample("mx_data-contracts"), PROFILE.sample("openapi1-pairs")
    answers = [contracts if path.startswith("/mx") else pairs for path in paths]
    exchange, wire = btex(kind, *answers, fetchMarkets=wanted)
    markets = call(exchange, "fetch_markets")
    assert [request.path for request in wire.requests] == paths
    assert [market["type"] for market in markets] == wanted


def test_the_test_environment_has_contracts_only(kind):
    exchange, wire = btex(kind, PROFILE.sample("mx_data-contracts"))
    exchange.set_sandbox_mode(True)
    assert exchange.sign("contracts")["url"] == "https://testnet.btex.com/mx_data/contracts"
    markets = call(exchange, "fetch_markets")
    assert {market["type"] for market in markets} == {"swap"}
    with pytest.raises(ccxt.NotSupported, match="spot"):
        call(exchange, "fetch_balance", {"type": "spot"})
    assert [request.path for request in wire.requests] == ["/mx_data/contracts"]


def test_statuses_of_spot_markets_that_are_open(kind):
    rows = {"A_B": {**PROFILE.sample("openapi1-pairs")["data"]["BTC_USDT"], "status": "1"}}
    for statuses, active in ((["2"], False), (["1", "2"], True)):
        exchange, _ = btex(kind, fine(rows), fetchMarkets=["spot"], spotActiveStatuses=statuses)
        assert [market["active"] for market in call(exchange, "fetch_markets")] == [active]


# -- leverage and margin mode -----------------------------------------------------------------------


def place(kind, *args, params=None, exchange=None, wire=None, **options):
    if exchange is None:
        exchange, wire = btex(kind, PLACED, **options)
    call(exchange, "create_order", *(args or (SWAP, "limit", "buy", 1000, 3918.8)), params or {})
    return sent(wire)


def test_an_order_has_the_defaults(kind):
    fields = place(kind)
    assert (fields["leverage"], fields["is_cross"]) == ("1", "-1")
    fields = place(kind, defaultLeverage=5, defaultMarginMode="cross")
    assert (fields["leverage"], fields["is_cross"]) == ("5", "1")


def test_what_was_set_for_a_market_goes_before_the_defaults_and_the_orders_own_before_that(kind):
    exchange, wire = btex(kind, PLACED)
    call(exchange, "set_leverage", 25, SWAP)
    call(exchange, "set_margin_mode", "cross", SWAP)
    assert wire.requests == []
    fields = place(kind, exchange=exchange, wire=wire)
    assert (fields["leverage"], fields["is_cross"]) == ("25", "1")
    own = {"leverage": 12.5, "marginMode": "isolated"}
    fields = place(kind, params=own, exchange=exchange, wire=wire)
    assert (fields["leverage"], fields["is_cross"]) == ("12.5", "-1")
    other = (LINEAR_SWAP, "limit", "sell", 3, 3900)
    fields = place(kind, *other, exchange=exchange, wire=wire)
    assert (fields["leverage"], fields["is_cross"], fields["direction"]) == ("1", "-1", "-1")


def test_what_was_set_is_told(kind):
    exchange, wire = btex(kind, PLACED)
    call(exchange, "set_leverage", 25, SWAP)
    call(exchange, "set_margin_mode", "cross", SWAP)
    told = call(exchange, "fetch_leverage", SWAP)
    assert (told["longLeverage"], told["shortLeverage"], told["marginMode"]) == (25, 25, "cross")
    assert call(exchange, "fetch_margin_mode", SWAP)["marginMode"] == "cross"
    leverages = call(exchange, "fetch_leverages")
    assert {symbol: each["longLeverage"] for symbol, each in leverages.items()} == {
        SWAP: 25,
        LINEAR_SWAP: 1,
        FUTURE: 1,
    }
    assert list(call(exchange, "fetch_margin_modes", [FUTURE])) == [FUTURE]
    other, _ = btex(kind, PLACED)
    assert call(other, "fetch_leverage", SWAP)["longLeverage"] == 1
    assert wire.requests == []


@pytest.mark.parametrize("leverage", [0, 0.5, -1, 100.5, 101, "x", None, True, float("nan")])
def test_a_leverage_that_the_market_does_not_take(kind, leverage):
    exchange, wire = btex(kind, PLACED)
    with pytest.raises(ccxt.BadRequest, match="leverage"):
        call(exchange, "set_leverage", leverage, SWAP)
    if leverage is not None:
        with pytest.raises(ccxt.BadRequest, match="leverage"):
            place(kind, params={"leverage": leverage}, exchange=exchange, wire=wire)
    assert wire.requests == []


def test_only_listed_leverages_when_asked_for(kind):
    exchange, _ = btex(kind, PLACED, strictLeverages=True)
    call(exchange, "set_leverage", 25, SWAP)
    with pytest.raises(ccxt.BadRequest, match="1,5,10,25,50,100"):
        call(exchange, "set_leverage", 24, SWAP)


@pytest.mark.parametrize("mode", ["both", "CROSS", "", None, 1])
def test_a_margin_mode_that_there_is_not(kind, mode):
    exchange, wire = btex(kind, PLACED)
    with pytest.raises(ccxt.BadRequest, match="margin mode"):
        call(exchange, "set_margin_mode", mode, SWAP)
    assert wire.requests == []


def test_cross_margin_where_it_is_not_allowed(kind):
    exchange, wire = btex(kind, PLACED)
    order = (LINEAR_SWAP, "limit", "buy", 3, 3900)
    with pytest.raises(ccxt.BadRequest, match="cross"):
        call(exchange, "set_margin_mode", "cross", LINEAR_SWAP)
    with pytest.raises(ccxt.BadRequest, match="cross"):
        place(kind, *order, params={"marginMode": "cross"}, exchange=exchange, wire=wire)
    assert wire.requests == []


@pytest.mark.parametrize(
    ("method", "args"),
    [
        ("set_leverage", (2, SPOT)),
        ("set_margin_mode", ("cross", SPOT)),
        ("fetch_leverage", (SPOT,)),
        ("fetch_margin_mode", (SPOT,)),
        ("fetch_positions", ([SPOT],)),
        ("fetch_position", (SPOT,)),
        ("fetch_positions_history", ([SPOT],)),
        ("fetch_open_interest", (SPOT,)),
        ("fetch_open_interests", ([SPOT],)),
        ("fetch_mark_prices", ([SPOT],)),
        ("fetch_funding_rates", ([SPOT],)),
        ("fetch_position_mode", (SPOT,)),
        ("set_position_mode", (False, SPOT)),
        ("fetch_orders", (SPOT,)),
        ("fetch_closed_orders", (SPOT,)),
        ("fetch_canceled_orders", (SPOT,)),
        ("create_order", (SPOT, "market", "buy", 0.1)),
        ("create_order", (SPOT, "limit", "buy", 0.1, 3000, {"leverage": 2})),
        ("create_order", (SPOT, "limit", "buy", 0.1, 3000, {"marginMode": "cross"})),
    ],
)
def test_what_spot_has_not(kind, method, args):
    exchange, wire = btex(kind, fine({}))
    with pytest.raises(ccxt.NotSupported, match="btex"):
        call(exchange, method, *args)
    assert wire.requests == []


@pytest.mark.parametrize("symbol", [SPOT, FUTURE])
def test_funding_is_of_perpetuals(kind, symbol):
    exchange, wire = btex(kind, fine([]))
    with pytest.raises(ccxt.BadSymbol, match="perpetual"):
        call(exchange, "fetch_funding_rate", symbol)
    assert wire.requests == []
    exchange, _ = btex(kind, fine([]))
    with pytest.raises(ccxt.BadSymbol, match="perpetual"):
        call(exchange, "fetch_funding_rates", [FUTURE])


@pytest.mark.parametrize("method", ["set_leverage", "set_margin_mode"])
def test_they_need_a_symbol(kind, method):
    exchange, _ = btex(kind, fine({}))
    with pytest.raises(ccxt.ArgumentsRequired, match=r"btex set\w+\(\) requires a symbol"):
        call(exchange, method, 2 if method == "set_leverage" else "cross")
    with pytest.raises(ccxt.ArgumentsRequired, match="symbols"):
        call(exchange, "fetch_positions_history")


# -- market orders ----------------------------------------------------------------------------------


def test_a_market_order_names_the_last_price(kind):
    exchange, wire = btex(kind, PROFILE.sample("mx_data-tickers"), PLACED)
    order = call(exchange, "create_order", SWAP, "market", "buy", 1000)
    assert [request.path for request in wire.requests] == ["/mx_data/tickers", "/mx_openapi1/place_order"]
    assert (sent(wire)["price"], sent(wire)["type"]) == ("3902.07", "market")
    assert (order["price"], order["type"], order["timeInForce"]) == (None, "market", "IOC")


def test_a_market_order_names_the_callers_price(kind):
    assert place(kind, SWAP, "market", "buy", 1000, 3900.119)["price"] == "3900.12"
    for price in (0, -1, "x"):
        exchange, wire = btex(kind, PLACED)
        with pytest.raises(ccxt.InvalidOrder, match="price"):
            place(kind, SWAP, "market", "buy", 1000, price, exchange=exchange, wire=wire)
        assert wire.requests == []


def test_a_market_order_names_zero_when_asked_for(kind):
    assert place(kind, SWAP, "market", "buy", 1000, None, marketOrderPrice="zero")["price"] == "0"


def test_a_market_order_without_a_last_price_is_not_sent(kind):
    row = {**PROFILE.sample("mx_data-tickers")["data"][0], "latest": None}
    exchange, wire = btex(kind, fine([row]), PLACED)
    with pytest.raises(ccxt.BadResponse, match="last price"):
        call(exchange, "create_order", SWAP, "market", "buy", 1000)
    assert [request.path for request in wire.requests] == ["/mx_data/tickers"]


def test_flags_that_are_not_supported_are_ignored_when_asked_for(kind):
    flags = {"reduceOnly": True, "postOnly": True, "timeInForce": "IOC"}
    fields = place(kind, params=flags, ignoreUnsupportedOrderFlags=True)
    assert not set(flags) & set(fields)
    exchange, wire = btex(kind, PLACED, ignoreUnsupportedOrderFlags=True)
    with pytest.raises(ccxt.NotSupported, match="triggerPrice"):
        place(kind, params={"triggerPrice": 1}, exchange=exchange, wire=wire)
    assert wire.requests == []


# -- figures ----------------------------------------------------------------------------------------


def test_volume_of_candles_in_the_base_currency_when_asked_for(kind):
    exchange, _ = btex(kind, PROFILE.sample("mx_data-k_data"), ohlcvVolume="base")
    [first, _] = call(exchange, "fetch_ohlcv", SWAP, "1h")
    assert first[5] == pytest.approx(1078399 / 3903.01)
    exchange, _ = btex(kind, PROFILE.sample("mx_data-k_data"), ohlcvVolume="base")
    [first, _] = call(exchange, "fetch_ohlcv", LINEAR_SWAP, "1h")
    assert first[5] == pytest.approx(1078.399)


LINEAR_TICKER = {**PROFILE.sample("mx_data-tickers")["data"][0], "contract_id": "3", "volumn": "105000000"}


@pytest.mark.parametrize(
    ("unit", "volumes"),
    [("quote", (27259.252, 105e6)), ("settle", (27259.252, 105e6)), ("base", (105e6, None))],
)
def test_turnover_of_linear_contracts(kind, unit, volumes):
    exchange, _ = btex(kind, fine([LINEAR_TICKER]), linearVolumnIs=unit)
    ticker = call(exchange, "fetch_ticker", LINEAR_SWAP)
    assert (ticker["baseVolume"], ticker["quoteVolume"]) == volumes


def test_open_interest_of_linear_contracts_is_valued_at_the_mark_price(kind):
    exchange, _ = btex(kind, fine([LINEAR_TICKER]))
    told = call(exchange, "fetch_open_interest", LINEAR_SWAP)
    assert told["openInterestAmount"] == 12345
    assert told["openInterestValue"] == pytest.approx(12.345 * 3890.389890416)


def test_fees_turned_round_when_asked_for(kind):
    exchange, _ = btex(kind, PROFILE.sample("mx_openapi1-mytrades"), invertTradeFee=True)
    [trade] = call(exchange, "fetch_my_trades", SWAP)
    assert trade["fee"] == {"cost": -0.00013149, "currency": "BTC"}


def test_currency_of_spot_fees(kind):
    sample = PROFILE.sample("openapi1-auth_api-mytrades")
    bought = fine([{**sample["data"][0], "trade_type": "buy"}])
    for unit, currency in (("base", "BTC"), ("quote", "USDT")):
        exchange, _ = btex(kind, bought, spotBuyFeeCurrency=unit)
        assert call(exchange, "fetch_my_trades", SPOT)[0]["fee"]["currency"] == currency
        exchange, _ = btex(kind, sample, spotBuyFeeCurrency=unit)
        assert call(exchange, "fetch_my_trades", SPOT)[0]["fee"]["currency"] == "USDT"


def test_hours_between_fundings_when_known(kind):
    for hours, interval in ((None, None), (8, "8h")):
        exchange, _ = btex(kind, PROFILE.sample("mx_data-tickers"), fundingIntervalHours=hours)
        assert call(exchange, "fetch_funding_rate", SWAP)["interval"] == interval


@pytest.mark.parametrize(
    ("side", "contract", "entry", "profit", "mark"),
    [
        ("1", INVERSE, "4000", "0.1", "5000"),
        ("-1", INVERSE, "4000", "-0.1", "5000"),
        ("1", LINEAR, "4000", "2000", "5000"),
        ("-1", LINEAR, "4000", "2000", "3000"),
    ],
)
def test_a_position_is_worth_what_it_was_at_entry_and_what_it_gained(
    kind, side, contract, entry, profit, mark
):
    row = {
        **PROFILE.sample("mx_openapi1-active_positions")["data"]["position_lists"][0],
        "contract_id": contract["contract_id"],
        "direction": side,
        "amount": "2000",
        "price": entry,
        "unrlz_pnl": profit,
    }
    exchange, _ = btex(kind, fine({"position_lists": [row]}))
    [position] = call(exchange, "fetch_positions")
    inverse = contract is INVERSE
    worth = 2000 / float(mark) if inverse else 2 * float(mark)
    assert position["notional"] == pytest.approx(worth)
    assert position["unrealizedPnl"] == float(profit)
    assert (position["contracts"], position["entryPrice"]) == (2000, float(entry))
    share = 100 * float(profit) / position["initialMargin"]
    assert position["percentage"] == pytest.approx(share, abs=0.01)


def test_which_positions_are_asked_for(kind):
    sample = PROFILE.sample("mx_openapi1-active_positions")
    for options, args, contract in (
        ({}, (), None),
        ({"positionsAllContractId": 0}, (), "0"),
        ({"positionsAllContractId": 0}, ([SWAP],), "1"),
        ({}, ([SWAP, LINEAR_SWAP],), None),
    ):
        exchange, wire = btex(kind, sample, **options)
        call(exchange, "fetch_positions", *args)
        assert sent(wire).get("contract_id") == contract


def test_no_position(kind):
    exchange, _ = btex(kind, fine({"position_lists": []}))
    assert call(exchange, "fetch_position", SWAP) is None


# -- lists ------------------------------------------------------------------------------------------


def order_row(number, status, time):
    row = PROFILE.sample("mx_openapi1-myorders")["data"]["orders_his"][0]
    return {**row, "order_id": str(number), "order_status": status, "time": time}


def paged(kind, rows, key="orders_his", **options):
    """A venue that honours page and page_size, newest first."""

    def answer(request):
        fields = dict(parse_qsl(request.body))
        size, page = int(fields.get("page_size", 20)), int(fields.get("page", 1))
        return Answer(fine({key: rows[(page - 1) * size : page * size]}))

    return PROFILE.offline(kind, answer, markets=MARKETS, options=options)


ROWS = [order_row(100 - number, ("0", "1", "-1")[number % 3], 1543228468 - number) for number in range(30)]


def ids(orders):
    return [int(order["id"]) for order in orders]


def test_lists_by_status(kind):
    for method, statuses in (
        ("fetch_orders", {"open", "closed", "canceled"}),
        ("fetch_closed_orders", {"closed"}),
        ("fetch_canceled_orders", {"canceled"}),
        ("fetch_canceled_and_closed_orders", {"closed", "canceled"}),
    ):
        exchange, _ = paged(kind, ROWS)
        orders = call(exchange, method, SWAP)
        assert {order["status"] for order in orders} == statuses
        assert ids(orders) == sorted(ids(orders))
    exchange, _ = paged(kind, ROWS, closedOrderStatuses=["1", "2"])
    assert {order["status"] for order in call(exchange, "fetch_closed_orders", SWAP)} == {"closed"}


def test_one_page_unless_more_is_asked_for(kind):
    exchange, wire = paged(kind, ROWS)
    assert len(call(exchange, "fetch_orders", SWAP)) == 20
    assert not {"page", "page_size"} & set(sent(wire))
    exchange, wire = paged(kind, ROWS)
    assert ids(call(exchange, "fetch_orders", SWAP, None, 3)) == [98, 99, 100]
    assert [sent(wire, at)["page_size"] for at in range(len(wire.requests))] == ["3"]
    exchange, wire = paged(kind, ROWS)
    assert ids(call(exchange, "fetch_orders", SWAP, None, 5, {"page": 2})) == [91, 92, 93, 94, 95]
    assert len(wire.requests) == 1


def test_as_many_pages_as_it_takes(kind):
    exchange, wire = paged(kind, ROWS, pageSize=5)
    assert ids(call(exchange, "fetch_closed_orders", SWAP, None, 4)) == [90, 93, 96, 99]
    assert [sent(wire, at)["page"] for at in range(len(wire.requests))] == ["1", "2", "3"]
    exchange, _ = paged(kind, ROWS, pageSize=7)
    assert len(call(exchange, "fetch_orders", SWAP, None, None, {"paginate": True})) == 30
    exchange, wire = paged(kind, ROWS, pageSize=5)
    since = (1543228468 - 11) * 1000
    assert ids(call(exchange, "fetch_orders", SWAP, since, 4)) == [89, 90, 91, 92]
    assert len(wire.requests) == 3


def test_a_venue_that_does_not_turn_pages_is_not_asked_for_ever(kind):
    exchange, wire = btex(kind, fine({"orders_his": ROWS[:5]}), pageSize=5)
    assert len(call(exchange, "fetch_orders", SWAP, None, None, {"paginate": True})) == 5
    assert len(wire.requests) == 2 + STALE_PAGES  # and at the end for what came in


@pytest.mark.parametrize("key", ["trades_his", "trade_his"])
def test_both_names_of_the_list_of_trades(kind, key):
    rows = PROFILE.sample("mx_openapi1-mytrades")["data"]["trades_his"]
    exchange, _ = btex(kind, fine({key: rows}))
    assert len(call(exchange, "fetch_my_trades", SWAP)) == 1


def test_spot_lists_of_all_markets(kind):
    orders, trades = (PROFILE.sample(f"openapi1-auth_api-{name}") for name in ("myorders", "mytrades"))
    exchange, wire = btex(kind, orders, trades, defaultType="spot")
    assert call(exchange, "fetch_open_orders")[0]["symbol"] == SPOT
    assert "pair=&" in wire.requests[0].body and sent(wire)["amount"] == "100"
    assert call(exchange, "fetch_my_trades", None, None, 5)[0]["symbol"] == SPOT
    assert "pair=&" in wire.requests[1].body and sent(wire)["page_size"] == "5"


def test_depths_that_the_venue_knows(kind):
    for symbol, sample, limit, depth in (
        (SWAP, "mx_data-orderbook", 1, "5"),
        (SWAP, "mx_data-orderbook", 16, "20"),
        (SWAP, "mx_data-orderbook", 31, "50"),
        (SWAP, "mx_data-orderbook", 500, "50"),
        (SWAP, "mx_data-orderbook", None, None),
        (SPOT, "openapi1-orderbook", 16, "20"),
        (SPOT, "openapi1-orderbook", 31, "30"),
    ):
        exchange, wire = btex(kind, PROFILE.sample(sample))
        book = call(exchange, "fetch_order_book", symbol, limit)
        assert sent(wire).get("depth") == depth
        assert limit is None or len(book["bids"]) <= limit


def test_how_many_candles_are_asked_for(kind):
    sample = PROFILE.sample("mx_data-k_data")
    now, hour = 1543226400000, 3_600_000
    for args, count in (
        (("1h",), "100"),
        (("1h", None, 7), "7"),
        (("1h", None, 5000), "3000"),
        (("1h", now - 10 * hour), "12"),
        (("1h", now - 10 * hour, 3), "12"),
        (("1h", now - 9999 * hour, 3), "3000"),
        (("1h", None, 3, {"until": now - 2 * hour}), "6"),
    ):
        exchange, wire = btex(kind, sample)
        exchange.milliseconds = lambda: now
        call(exchange, "fetch_ohlcv", SWAP, *args)
        assert sent(wire)["k_amount"] == count
    exchange, wire = btex(kind, sample, ohlcvDefaultLimit=300)
    call(exchange, "fetch_ohlcv", SWAP, "1h")
    assert sent(wire)["k_amount"] == "300"


def test_two_hours_are_for_spot_only(kind):
    exchange, wire = btex(kind, PROFILE.sample("openapi1-k_data"))
    call(exchange, "fetch_ohlcv", SPOT, "2h")
    assert sent(wire)["k_type"] == "2h"
    with pytest.raises(ccxt.BadRequest, match="2h"):
        call(exchange, "fetch_ohlcv", SWAP, "2h")
    # Where freqtrade reads which timeframes a type of market has.
    assert [*exchange.options["timeframes"]["spot"]] == [*exchange.timeframes, "2h"]
    assert "2h" not in exchange.timeframes


# -- errors -----------------------------------------------------------------------------------------


def test_codes_whose_meaning_is_known(kind):
    answer = {"code": -101, "info": "?", "data": {}}
    exchange, _ = btex(kind, answer, errorCodes={"-101": "AuthenticationError"})
    with pytest.raises(ccxt.AuthenticationError, match="-101"):
        call(exchange, "fetch_balance")
    exchange, _ = btex(kind, answer)
    with pytest.raises(ccxt.ExchangeError):
        call(exchange, "fetch_balance")


def test_words_are_looked_for_in_their_order_and_can_be_replaced(kind):
    exchange, _ = btex(kind, {"code": -1, "info": "Insufficient balance: order not found"})
    with pytest.raises(ccxt.InsufficientFunds):
        call(exchange, "create_order", SWAP, "limit", "buy", 1000, 3918.8)
    exchange.exceptions["broad"] = {"balance": ccxt.BadSymbol}
    with pytest.raises(ccxt.BadSymbol):
        call(exchange, "create_order", SWAP, "limit", "buy", 1000, 3918.8)


def test_spot_orders_have_the_words_of_orders_too(kind):
    for option in ("POST", "GET"):
        exchange, _ = btex(kind, {"code": -1, "info": "num error: above the maximum"}, spotAuthMethod=option)
        with pytest.raises(ccxt.InvalidOrder):
            call(exchange, "create_order", SPOT, "limit", "buy", 0.1, 3000)
        with pytest.raises(ccxt.ExchangeError) as caught:
            call(exchange, "fetch_balance", {"type": "spot"})
        assert type(caught.value) is ccxt.ExchangeError


def test_an_order_that_does_not_come_back(kind):
    exchange, wire = btex(kind, fine([]), maxRetriesOnFailure=3)
    with pytest.raises(ccxt.OrderNotFound, match="77"):
        call(exchange, "fetch_order", "77", SWAP)
    for answer in ("<html>", '{"code":1,"info":"ok","data":{}}', '{"code":1}'):
        for order in ((SWAP, "limit", "buy", 1000, 3918.8), (SPOT, "limit", "buy", 0.1, 3000)):
            exchange, wire = btex(kind, answer, maxRetriesOnFailure=3)
            with pytest.raises(ccxt.BadResponse, match="unknown: look it up"):
                call(exchange, "create_order", *order)
            assert len(wire.requests) == 1


def test_another_kind_of_market(kind):
    exchange, wire = btex(kind, fine({}))
    with pytest.raises(ccxt.BadRequest, match="margin"):
        call(exchange, "fetch_balance", {"type": "margin"})
    assert wire.requests == []
