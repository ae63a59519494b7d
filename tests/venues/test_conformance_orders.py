"""What is known to be wrong with an order is refused before anything is sent, by every venue."""

import json
import math

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call, unanswered
from ccxt_ext.venue.surface.implicit import endpoints, names
from tests.ids import IDS
from tests.venues.profiles import PROFILES

ids = pytest.mark.parametrize("id", IDS)
kinds = pytest.mark.parametrize("kind", ["sync", "async"])


def refused(id, kind, error, method="create_order", config=None, **changes):
    """Nothing is sent and `error` is raised for a good order with these changes."""
    profile = PROFILES[id]
    exchange, wire = profile.offline(kind, unanswered, **(config or {}))
    good = {
        "symbol": profile.symbol,
        "type": "limit",
        "side": "buy",
        "amount": profile.amount,
        "price": profile.price,
        "params": {},
    }
    with pytest.raises(error) as caught:
        call(exchange, method, *{**good, **changes}.values())
    assert id in str(caught.value)
    assert wire.requests == []
    return str(caught.value)


@ids
@kinds
def test_a_good_order_is_sent(id, kind):
    profile = PROFILES[id]
    sample = json.dumps(profile.sample(profile.samples["createOrder"][0]))
    for side in ("buy", "sell"):
        # A venue that repeats what it was told repeats the side as well.
        answer = sample
        for told in ('"buy"', '"Buy"', '"sell-limit"'):
            own = told.lower().replace("buy", side).replace("sell", side)
            answer = answer.replace(told, own.replace(side, side.capitalize()) if "B" in told else own)
        exchange, wire = profile.offline(kind, lambda request, answer=answer: Answer(answer))
        order = call(exchange, "create_order", profile.symbol, "limit", side, profile.amount, profile.price)
        assert len(wire.requests) == 1
        assert order["id"] and order["symbol"] == profile.symbol and order["side"] == side


NO_NUMBERS = [
    math.nan,
    math.inf,
    -math.inf,
    0,
    0.0,
    -1,
    -0.5,
    True,
    False,
    "",
    "one",
    "nan",
    [],
    {},
    "0",
    "-1",
    1e70,
    1e300,
    10**70,
    "1e400",
    "1_0",
    " 1",
    "\u0661",
]


@ids
@kinds
@pytest.mark.parametrize("field", ["amount", "price"])
@pytest.mark.parametrize("value", NO_NUMBERS, ids=repr)
def test_no_positive_number(id, kind, field, value):
    assert field in refused(id, kind, ccxt.InvalidOrder, **{field: value})


@ids
@kinds
def test_no_amount(id, kind):
    refused(id, kind, (ccxt.ArgumentsRequired, ccxt.InvalidOrder), amount=None)


@ids
@kinds
def test_no_price_on_a_limit_order(id, kind):
    assert "price" in refused(id, kind, (ccxt.ArgumentsRequired, ccxt.InvalidOrder), price=None)


@ids
@kinds
@pytest.mark.parametrize("side", ["BUY!", "long", "", None, 1, True])
def test_no_side(id, kind, side):
    refused(id, kind, ccxt.InvalidOrder, side=side)


@ids
@kinds
@pytest.mark.parametrize("piece", [{}, None, "", ".."], ids=repr)
def test_a_path_with_a_gap_is_not_sent(id, kind, piece):
    """It would be another endpoint's: that of an order, without its id, may be that of all orders."""
    exchange, wire = PROFILES[id].offline(kind, unanswered)
    for sections, method, path, _ in endpoints(exchange.describe()["api"]):
        gaps = exchange.extract_params(path)
        if gaps:
            params = {} if piece == {} else dict.fromkeys(gaps, piece)
            with pytest.raises(ccxt.ArgumentsRequired, match=gaps[0]):
                call(exchange, names(sections, method, path)[1], params)
    assert wire.requests == []


@ids
@kinds
@pytest.mark.parametrize("symbol", ["NO/SUCH", "", "/", "../../x"])
def test_no_market(id, kind, symbol):
    refused(id, kind, ccxt.BadSymbol, symbol=symbol)


@ids
@kinds
def test_below_and_above_what_the_market_takes(id, kind):
    profile = PROFILES[id]
    exchange, _ = profile.offline(kind, unanswered)
    limits = exchange.market(profile.symbol)["limits"]["amount"]
    if limits["min"]:
        refused(id, kind, ccxt.InvalidOrder, amount=limits["min"] / 2)
    if limits["max"]:
        refused(id, kind, ccxt.InvalidOrder, amount=limits["max"] * 2)


@ids
@kinds
def test_a_price_or_amount_that_is_nothing_once_rounded(id, kind):
    refused(id, kind, ccxt.InvalidOrder, price=1e-18)
    refused(id, kind, ccxt.InvalidOrder, amount=1e-18)


@ids
@kinds
@pytest.mark.parametrize("type", ["market", "stop", "stop_limit", "trailing", "LIMIT?", "", None])
def test_another_type(id, kind, type):
    if type == "market" and PROFILES[id].kind("sync")().has["createMarketOrder"]:
        return
    refused(id, kind, (ccxt.NotSupported, ccxt.InvalidOrder), type=type)


@pytest.mark.parametrize(
    ("id", "name", "value"),
    [
        (profile.id, name, value)
        for profile in PROFILES.values()
        for name, value in profile.unsupported_order_params.items()
    ],
)
@kinds
def test_a_wish_that_the_venue_cannot_grant(id, kind, name, value):
    assert name in refused(id, kind, ccxt.NotSupported, params={name: value})


@ids
@kinds
def test_a_test_is_no_order(id, kind):
    assert "test" in refused(id, kind, ccxt.NotSupported, params={"test": True})


@ids
@kinds
def test_a_step_that_the_venue_does_not_tell(id, kind):
    """Nothing is rounded then; numbers are plain decimals all the same."""
    profile = PROFILES[id]
    sample = json.dumps(profile.sample(profile.samples["createOrder"][0]))
    exchange, wire = profile.offline(kind, lambda request: Answer(sample))
    market = exchange.market(profile.symbol)
    market["precision"] = {"amount": None, "price": None}
    market["limits"].update(amount={}, price={}, cost={})
    call(exchange, "create_order", profile.symbol, "limit", "buy", 1.23456789e-7, "1.5e-7")
    sent = wire.requests[-1].body
    assert "0.000000123456789" in sent and "0.00000015" in sent


@pytest.mark.parametrize(
    ("id", "missing"), [(profile.id, name) for profile in PROFILES.values() for name in profile.credentials]
)
@kinds
@pytest.mark.parametrize("empty", ["", None])
def test_without_a_credential(id, kind, missing, empty):
    assert missing in refused(id, kind, ccxt.AuthenticationError, config={missing: empty})


@ids
@kinds
def test_a_method_that_needs_a_symbol_says_so(id, kind):
    profile = PROFILES[id]
    exchange, wire = profile.offline(kind, unanswered)
    for method in ("fetchMyTrades", "fetchOpenOrders", "fetchClosedOrders", "fetchOrders"):
        if exchange.feature_value(profile.symbol, method, "symbolRequired"):
            with pytest.raises(ccxt.ArgumentsRequired, match="symbol"):
                call(exchange, method)
    assert wire.requests == []


@ids
@kinds
@pytest.mark.parametrize("order_id", [None, "", " "], ids=repr)
def test_without_an_order_id_nothing_is_sent(id, kind, order_id):
    """An id that is missing may lead to another endpoint, such as that which cancels all."""
    profile = PROFILES[id]
    exchange, wire = profile.offline(kind, unanswered)
    for method in ("fetchOrder", "cancelOrder", "fetchOrderTrades"):
        if exchange.has[method]:
            with pytest.raises(ccxt.ArgumentsRequired):
                call(exchange, method, order_id, profile.symbol)
    assert wire.requests == []
