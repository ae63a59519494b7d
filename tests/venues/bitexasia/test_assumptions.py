"""What bitexasia's page does not say: every assumption can be changed, and other names are understood."""

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from tests.venues.profiles import PROFILES

PROFILE = PROFILES["bitexasia"]

kinds = pytest.mark.parametrize("kind", ["sync", "async"])


def result(kind, answer, method, *args, options=None, **config):
    exchange, _ = PROFILE.offline(kind, lambda request: Answer(answer), options=options or {}, **config)
    return call(exchange, method, *args)


def market(kind, options=None, **changes):
    [found] = result(kind, [{**BTC, **changes}], "fetch_markets", options=options)
    return found


BTC = {"pair": "BTC-USD", "status": "online", "tick_size": "0.01", "min_size": "0.0001"}
TICKER = {"pair": "BTC-USD", "last": "63000", "bid": "1", "ask": "2", "change_24h": "5", "volume_24h": "10"}
ORDER = {"id": "ord_1", "pair": "BTC-USD", "side": "buy", "type": "limit", "status": "open", "size": "1"}
ROW = {"account": "spot", "asset": "BTC", "total": "3", "available": "1", "locked": "2"}


# -- envelopes and lists (A6) --------------------------------------------------------------------------


@kinds
@pytest.mark.parametrize(
    "answer", [[BTC], {"markets": [BTC]}, {"data": [BTC]}, {"result": {"markets": [BTC]}}], ids=str
)
def test_envelopes(kind, answer):
    [found] = result(kind, answer, "fetch_markets")
    assert found["id"] == "BTC-USD"


@kinds
def test_an_envelope_of_another_name(kind):
    answer = {"payload": ORDER}
    with pytest.raises(ccxt.BadResponse):
        result(kind, answer, "fetch_order", "ord_1")
    assert result(kind, answer, "fetch_order", "ord_1", options={"envelopes": ["payload"]})["id"] == "ord_1"


# -- markets (A7, A29, A30) ----------------------------------------------------------------------------


@kinds
def test_currencies_are_the_two_ends_of_the_pair(kind):
    found = market(kind, pair="A-B-USD")
    assert (found["base"], found["quote"], found["symbol"]) == ("A-B", "USD", "A-B/USD")
    found = market(kind, {"pairSeparator": "_"}, pair="BTC_USD")
    assert (found["id"], found["symbol"]) == ("BTC_USD", "BTC/USD")
    with pytest.raises(ccxt.BadResponse, match="currencies"):
        market(kind, pair="BTCUSD")
    assert market(kind, pair="BTCUSD", base="BTC", quote="USD")["symbol"] == "BTC/USD"


@kinds
def test_the_step_of_sizes_is_never_taken_from_their_minimum(kind):
    assert market(kind)["precision"]["amount"] == 1e-8
    assert market(kind, {"amountStep": "0.001"})["precision"]["amount"] == 0.001
    for name in ("size_step", "lot_size", "size_increment", "step_size"):
        assert market(kind, **{name: "0.005"})["precision"]["amount"] == 0.005


@kinds
@pytest.mark.parametrize(
    ("status", "active"),
    [("online", True), ("Trading", True), ("ENABLED", True), ("halted", False), ("new", False), (None, None)],
)
def test_which_markets_are_open(kind, status, active):
    assert market(kind, status=status)["active"] is active
    assert market(kind, {"marketStatuses": {"new": True}}, status="new")["active"] is True


@kinds
def test_fees_are_a_placeholder_that_the_caller_replaces(kind):
    rows = [{**BTC}]
    [found] = result(kind, rows, "fetch_markets", fees={"trading": {"maker": 0.0005, "taker": 0.002}})
    assert (found["maker"], found["taker"]) == (0.0005, 0.002)


# -- tickers (A8) --------------------------------------------------------------------------------------


@kinds
@pytest.mark.parametrize(
    ("unit", "change", "percentage"),
    [("percent", "5", 5), ("fraction", "0.05", 5), ("absolute", "3000", 5)],
)
def test_units_of_the_change(kind, unit, change, percentage):
    options = {"ticker": {"changeUnit": unit}}
    ticker = result(kind, {**TICKER, "change_24h": change}, "fetch_ticker", "BTC/USD", options=options)
    assert ticker["percentage"] == pytest.approx(percentage)
    assert ticker["open"] == pytest.approx(60000)
    assert ticker["change"] == pytest.approx(3000)


@kinds
def test_the_currency_of_the_volume(kind):
    ticker = result(kind, TICKER, "fetch_ticker", "BTC/USD")
    assert (ticker["baseVolume"], ticker["quoteVolume"]) == (10, None)
    ticker = result(kind, TICKER, "fetch_ticker", "BTC/USD", options={"ticker": {"volumeIsQuote": True}})
    assert (ticker["baseVolume"], ticker["quoteVolume"]) == (None, 10)


# -- order books (A9, A20) -----------------------------------------------------------------------------

BOOK = {"bids": [["2", "1"], ["1", "1"]], "asks": [{"price": "3", "size": "1"}], "seq": 7}


@kinds
@pytest.mark.parametrize(
    ("limit", "options", "keys", "query"),
    [
        (None, {}, True, {}),
        (100, {}, True, {}),
        (101, {}, True, {"depth": "1000"}),
        (101, {}, False, {}),
        (5000, {"maxDepth": 500, "depthParameter": "limit"}, True, {"limit": "500"}),
        (5000, {"maxDepth": 100}, True, {}),
    ],
)
def test_depths(kind, limit, options, keys, query):
    config = {"options": {"fetchOrderBook": options}}
    if not keys:
        config |= {"apiKey": "", "secret": ""}
    exchange, wire = PROFILE.offline(kind, lambda request: Answer(BOOK), **config)
    book = call(exchange, "fetch_order_book", "BTC/USD", limit)
    assert wire.requests[0].query == query
    assert ("X-Api-Signature" in wire.requests[0].headers) is bool(query)
    assert (book["bids"], book["asks"], book["nonce"]) == ([[2, 1], [1, 1]], [[3, 1]], 7)


@kinds
def test_no_more_levels_than_asked_for(kind):
    assert result(kind, BOOK, "fetch_order_book", "BTC/USD", 1)["bids"] == [[2, 1]]


@kinds
@pytest.mark.parametrize("level", [["1"], [], {}, {"price": "1"}, "1", None, ["x", "1"], [[], []]], ids=str)
def test_a_level_of_another_shape(kind, level):
    with pytest.raises(ccxt.BadResponse):
        result(kind, {**BOOK, "bids": [level]}, "fetch_order_book", "BTC/USD")


WEIGHTS = [
    ("public_get_markets", {}, 5),
    ("public_get_ticker_pair", {"pair": "BTC-USD"}, 1),
    ("public_get_orderbook_pair", {"pair": "BTC-USD"}, 1),
    ("public_get_orderbook_pair", {"pair": "BTC-USD", "depth": 100}, 1),
    ("public_get_orderbook_pair", {"pair": "BTC-USD", "depth": 1000}, 5),
    ("public_get_orderbook_pair", {"pair": "BTC-USD", "depth": 9999}, 5),
    ("private_post_orders", {}, 1),
    ("private_get_orders_id", {"id": "1"}, 1),
    ("private_post_orders_id_cancel", {"id": "1"}, 1),
    ("private_get_account_balances", {}, 5),
]


def weighed(kind, method, params, options=None):
    """What a call costs, as ccxt's own rate limiter is told."""
    exchange, _ = PROFILE.offline(kind, lambda request: Answer({}), options=options or {})
    costs = []
    own = exchange.calculate_rate_limiter_cost
    exchange.calculate_rate_limiter_cost = lambda *args: costs.append(own(*args)) or 0
    exchange.enableRateLimit = True
    call(exchange, method, params)
    return costs


@kinds
@pytest.mark.parametrize(("method", "params", "weight"), WEIGHTS)
def test_weights(kind, method, params, weight):
    assert weighed(kind, method, params) == [weight]


@kinds
def test_other_weights(kind):
    weights = {"markets": 20, "orderbook/{pair}": [[50, 2], [100, 3]]}
    assert weighed(kind, "public_get_markets", {}, {"weights": weights}) == [20]
    for depth, weight in ((10, 2), (100, 3), (1000, 3)):
        params = {"pair": "BTC-USD", "depth": depth}
        assert weighed(kind, "public_get_orderbook_pair", params, {"weights": weights}) == [weight]


# -- orders (A13, A14, A15) ----------------------------------------------------------------------------

STATUSES = {
    "open": "open New accepted pending ACTIVE untriggered triggered partially_filled partially-filled",
    "closed": "filled closed DONE executed",
    "canceled": "cancelled canceled partially_cancelled",
    "rejected": "rejected Failed",
    "expired": "expired",
}


@kinds
@pytest.mark.parametrize(
    ("word", "status"), [(word, status) for status, words in STATUSES.items() for word in words.split()]
)
def test_statuses(kind, word, status):
    assert result(kind, {**ORDER, "status": word}, "fetch_order", "ord_1")["status"] == status


@kinds
def test_a_status_of_ones_own(kind):
    order = {**ORDER, "status": "Waiting For Price"}
    assert result(kind, order, "fetch_order", "1")["status"] is None
    options = {"orderStatuses": {"waiting_for_price": "open"}}
    assert result(kind, order, "fetch_order", "1", options=options)["status"] == "open"


@kinds
@pytest.mark.parametrize(
    ("given", "unit", "expected"),
    [
        (1714521600123, "auto", 1714521600123),
        ("1714521600123", "auto", 1714521600123),
        (1714521600, "auto", 1714521600000),
        ("1714521600.123", "auto", 1714521600123),
        ("2024-05-01T00:00:00.123Z", "auto", 1714521600123),
        (1714521600, "ms", 1714521600),
        (1714521600, "s", 1714521600000),
        (None, "auto", None),
    ],
)
def test_times(kind, given, unit, expected):
    order = {**ORDER, "created_at": given}
    found = result(kind, order, "fetch_order", "ord_1", options={"timestampUnit": unit})
    assert found["timestamp"] == expected


@kinds
def test_no_time_at_all(kind):
    with pytest.raises(ccxt.BadResponse, match="time"):
        result(kind, {**ORDER, "created_at": "yesterday"}, "fetch_order", "ord_1")


@kinds
def test_names_of_fields_can_be_added(kind):
    order = {**ORDER, "done_size": "0.25"}
    assert result(kind, order, "fetch_order", "ord_1")["filled"] is None
    options = {"aliases": {"filled_size": ["done_size"]}}
    assert result(kind, order, "fetch_order", "ord_1", options=options)["filled"] == 0.25


# -- balances (A18) ------------------------------------------------------------------------------------

SHAPES = [
    {"balances": [ROW]},
    [ROW],
    [{"asset": "BTC", "available": "1", "locked": "2"}],
    [{"wallet": "SPOT", "currency": "BTC", "free": 1, "hold": 2}],
    {"spot": [{"asset": "BTC", "free": "1", "frozen": "2"}], "margin": [], "earn": []},
    {"spot": {"BTC": {"free": "1", "used": "2"}}},
    {"BTC": {"available": "1", "balance": "3"}},
    {"data": {"balances": {"BTC": {"available": "1", "locked": "2"}}}},
]


@kinds
@pytest.mark.parametrize("answer", SHAPES, ids=str)
def test_shapes_of_balances(kind, answer):
    assert result(kind, answer, "fetch_balance")["BTC"] == {"free": 1, "used": 2, "total": 3}


@kinds
def test_accounts(kind):
    answer = [{**ROW}, {**ROW, "account": "margin", "available": "7"}]
    answer.append({**ROW, "account": "EARN", "available": "9"})
    assert result(kind, answer, "fetch_balance", {"type": "margin"})["BTC"]["free"] == 7
    options = {"fetchBalance": {"type": "earn"}}
    assert result(kind, answer, "fetch_balance", options=options)["BTC"]["free"] == 9
    with pytest.raises(ccxt.BadRequest, match="swap"):
        result(kind, answer, "fetch_balance", {"type": "swap"})


# -- errors and limits (A19, A20) ----------------------------------------------------------------------


@kinds
def test_codes_of_ones_own(kind):
    exchange, _ = PROFILE.offline(
        kind,
        lambda request: Answer({"error": {"code": "E17", "message": "too poor"}}, 400),
        exceptions={"exact": {"E17": ccxt.InsufficientFunds}},
    )
    with pytest.raises(ccxt.InsufficientFunds, match="E17 too poor"):
        call(exchange, "fetch_balance")


@kinds
@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({"Retry-After": "12"}, "12 s"),
        ({"retry-after": "12", "X-RateLimit-Reset": "1714521699"}, "12 s"),
        ({"x-ratelimit-reset": "1714521660"}, "60 s"),
        ({"X-RateLimit-Reset": "1714521000"}, "0 s"),
        ({"Retry-After": "soon"}, None),
        ({}, None),
    ],
)
def test_when_to_try_again(kind, headers, told):
    exchange, _ = PROFILE.offline(kind, lambda request: Answer({}))
    exchange.milliseconds = lambda: 1714521600000
    body = {"error": {"code": "RATE_LIMITED", "message": "slow down"}}
    with pytest.raises(ccxt.RateLimitExceeded, match="slow down") as caught:
        exchange.handle_errors(429, "", "u", "GET", headers, "", body, {}, None)
    assert (told is None) is ("try again" not in str(caught.value))
    assert told is None or f"try again in {told}" in str(caught.value)


# -- addresses (A3, A4) --------------------------------------------------------------------------------


@kinds
def test_addresses(kind):
    exchange, _ = PROFILE.offline(kind, lambda request: Answer({}))
    assert PROFILE.kind(kind)().urls["api"]["ws"] == "wss://api.bitexasia.com/v1/stream"
    with pytest.raises(ccxt.NotSupported, match="urls"):
        exchange.set_sandbox_mode(True)
    with pytest.raises(ccxt.NotSupported):
        call(exchange, "load_time_difference")
