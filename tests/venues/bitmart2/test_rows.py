"""bitmart2's rows and requests: each field, status and bound, one row alone and many at once."""

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer
from ccxt_ext.venue.keys.shared import Memory
from ccxt_ext.venue.requests.ranks import Rank
from ccxt_ext.venues.bitmart2 import errors, market_data, orders, signing
from ccxt_ext.venues.bitmart2.protocol import Protocol
from ccxt_ext.venues.bitmart2.tokens import TokenState
from tests.venues.profiles import PROFILES

PROFILE = PROFILES["bitmart2"]
SYMBOL = "BMX/ETH"


@pytest.fixture
def exchange():
    return PROFILE.offline("sync", lambda request: Answer([]))[0]


def row_of(**told):
    sample = PROFILE.sample("v2-order_details")
    row = {**sample, "original_amount": "5", "executed_amount": "2", "remaining_amount": "3", "price": "4"}
    return {**row, "entrust_id": 7, "side": "sell", "status": 5, "timestamp": 1000, "fees": "0.5", **told}


STATUSES = {1: "open", 2: "open", 3: "closed", 4: "canceled", 5: "open", 6: "closed", 7: None, None: None}


@pytest.mark.parametrize("rows", [1, 20])
@pytest.mark.parametrize(("code", "status"), STATUSES.items())
def test_statuses_of_orders(exchange, rows, code, status):
    market = exchange.market(SYMBOL)
    parsed = exchange.parse_orders([row_of(status=code, entrust_id=id) for id in range(rows)], market)
    assert {order["status"] for order in parsed} == {status}


@pytest.mark.parametrize("rows", [1, 20])
def test_fields_of_orders(exchange, rows):
    parsed = exchange.parse_orders([row_of(entrust_id=id) for id in range(rows)], exchange.market(SYMBOL))
    names = ("symbol", "type", "timeInForce", "postOnly", "side", "price", "amount", "filled", "remaining")
    values = (SYMBOL, "limit", "GTC", False, "sell", 4, 5, 2, 3)
    for id, order in enumerate(parsed):
        assert tuple(order[name] for name in names) == values
        assert (order["id"], order["timestamp"], order["clientOrderId"]) == (str(id), 1000, None)
        assert order["fee"] == {"cost": 0.5, "currency": "ETH"}
        assert (order["cost"], order["average"], order["triggerPrice"]) == (None, None, None)


@pytest.mark.parametrize("rows", [1, 20])
@pytest.mark.parametrize(
    ("told", "side"),
    [({"entrustType": 0}, "buy"), ({"entrustType": 1}, "sell"), ({"entrustType": 2}, None), ({}, None)],
)
def test_fields_of_own_trades(exchange, rows, told, side):
    row = {"entrust_id": 3, "timestamp": 1000, "price": "4", "amount": "2", "fees": None, "symbol": "BMX_ETH"}
    sent = [{**row, **told, "trade_id": id} for id in range(rows)]
    parsed = exchange.parse_trades(sent, exchange.market(SYMBOL))
    assert {trade["id"] for trade in parsed} == {str(id) for id in range(rows)}
    for trade in parsed:
        assert (trade["order"], trade["symbol"], trade["side"]) == ("3", SYMBOL, side)
        assert (trade["price"], trade["amount"], trade["cost"], trade["timestamp"]) == (4, 2, 8, 1000)
        assert (trade["type"], trade["takerOrMaker"]) == ("limit", None)


def test_the_side_of_a_trade_is_that_of_its_order(exchange):
    orders.remember(exchange, {"id": "3", "side": "sell"})
    assert orders.trade_side(exchange, {"entrust_id": 3}) == "sell"
    assert orders.trade_side(exchange, {"entrust_id": 3, "entrustType": 0}) == "buy"


@pytest.mark.parametrize(
    "parse", [Protocol.parse_balance, lambda exchange, rows: exchange.parse_balance(rows)]
)
def test_balances(exchange, parse):
    rows = [
        {"id": "BMX", "available": "1.5", "frozen": "0.5"},
        {"id": "ETH", "available": "0", "frozen": "2"},
    ]
    balance = parse(exchange, rows)
    assert balance["BMX"] == {"free": 1.5, "used": 0.5, "total": 2}
    assert balance["ETH"] == {"free": 0, "used": 2, "total": 2}
    assert balance["info"] == rows


def test_what_orders_may_hold(exchange):
    rows = [{"id": "A", "frozen": "0.00"}, {"id": "B", "frozen": "1"}, {"id": "C", "frozen": None}]
    assert orders.held_currencies(exchange, rows) == {"B", "C"}


def test_ids_of_all_markets(exchange):
    assert orders.listed_ids(exchange, ["A_B", "C_D"]) == ["A_B", "C_D"]
    for odd in (["A_B", None], [None], {"a": 1}, "A_B", None):
        with pytest.raises(ccxt.BadResponse, match="list of symbols"):
            orders.listed_ids(exchange, odd)


@pytest.mark.parametrize(
    ("expiration", "active"),
    [
        ("2020-05-04", False),
        ("2020-05-05", True),  # until that day has ended
        ("2020-05-06", True),
        ("2020-05-05 11:59:59", False),
        ("2020-05-05T12:00:01Z", True),
        ("NA", True),
        (None, True),
        ("soon", True),
    ],
)
def test_a_market_that_has_expired_is_closed(exchange, expiration, active):
    exchange.milliseconds = lambda: exchange.parse8601("2020-05-05T12:00:00Z")
    sample = PROFILE.sample("v2-symbols_details")[0]
    assert exchange.parse_market({**sample, "expiration": expiration})["active"] is active


@pytest.mark.parametrize(
    ("rule", "increment", "step"),
    [
        ("auto", "0.1", 0.1),
        ("auto", "0.0100", 5),  # the price tick once more
        ("quote_increment", "0.01", 0.01),
        ("base_min_size", "0.1", 5),
        ("auto", None, None),
    ],
)
def test_the_step_of_amounts(exchange, rule, increment, step):
    exchange.options["amountStep"] = rule
    sample = PROFILE.sample("v2-symbols_details")[0]
    told = {
        "price_max_precision": 2,
        "base_min_size": "5",
        "base_max_size": "9",
        "quote_increment": increment,
    }
    market = exchange.parse_market({**sample, **told})
    assert market["precision"]["amount"] == step
    assert market["limits"]["amount"] == {"min": 5, "max": 9}


@pytest.mark.parametrize(
    ("row", "id"),
    [
        ({"symbol_id": "A_B", "pair": "C_D", "url": "x?symbol=E_F"}, "A_B"),
        ({"pair": "C_D", "url": "x?symbol=E_F"}, "C_D"),
        ({"url": "https://x/trade?a=1&symbol=E_F&b"}, "E_F"),
        ({"url": "https://x/trade?symbol=E_F"}, "E_F"),
        ({"url": "https://x/trade?nosymbol=E_F"}, None),
        ({}, None),
    ],
)
def test_where_a_ticker_tells_its_market(exchange, row, id):
    assert market_data.ticker_market_id(exchange, row) == id


@pytest.mark.parametrize(
    ("code", "method", "path", "message", "gone"),
    [
        (404, "GET", "orders/5", "?", True),
        (400, "GET", "orders/5", "Not found", True),
        (400, "GET", "orders/5", "?", False),
        (499, "DELETE", "orders/5", "Not found", True),
        (500, "DELETE", "orders/5", "Not found", False),
        (404, "POST", "orders/5", "Not found", False),
        (404, "GET", "orders", "Not found", False),
        (404, "GET", "symbols/A_B/orders", "Not found", False),
        (400, "DELETE", "orders", "Order 5 was not found", True),
        (400, "DELETE", "orders/5", "Order does not exist", True),
        (400, "DELETE", "orders/5", "Order already done", True),
    ],
)
def test_what_says_that_an_order_is_gone(exchange, code, method, path, message, gone):
    assert errors.is_gone(exchange, code, method, f"https://x/v2/{path}", message) is gone


@pytest.mark.parametrize(
    ("code", "method", "path", "message", "response", "open"),
    [
        (200, "POST", "orders", "?", {}, True),
        (299, "DELETE", "orders/5", "?", {}, True),
        (199, "POST", "orders", "?", {}, False),
        (400, "POST", "orders", "?", {}, False),
        (200, "GET", "orders", "?", {}, False),
        (200, "POST", "authentication", "?", {}, False),
        (200, "POST", "orders", "Visit too often", {}, False),
        (200, "POST", "orders", "Visit too often", {"entrust_id": 5}, True),
    ],
)
def test_what_leaves_open_what_was_done(exchange, code, method, path, message, response, open):
    assert (
        errors.may_have_been_done(exchange, code, method, f"https://x/v2/{path}", message, response) is open
    )


@pytest.mark.parametrize("name", ["message", "msg", "error"])
def test_what_went_wrong_is_told_under_one_of_three_names(exchange, name):
    assert errors.error_text(exchange, {name: "no"}) == "no"
    assert errors.error_text(exchange, {"other": "no"}) is errors.error_text(exchange, [name]) is None


@pytest.mark.parametrize(
    ("quoted", "body"), [(False, '{"amount":1.5,"side":"buy"}'), (True, '{"amount":"1.5","side":"buy"}')]
)
def test_numbers_in_the_body_of_an_order(exchange, quoted, body):
    exchange.options["createOrder"]["quoteNumbers"] = quoted
    assert signing.order_body(exchange, {"amount": "1.5", "side": "buy"}) == body


def test_the_proof_of_a_login_is_a_hash_or_the_secret(exchange):
    told = signing.login_fields(exchange)
    assert (told["grant_type"], told["client_id"]) == ("client_credentials", exchange.apiKey)
    proof = signing.hash_text(exchange, f"{exchange.apiKey}:{exchange.secret}:{exchange.uid}")
    assert told["client_secret"] == proof
    exchange.options["token"]["clientSecret"] = "secret"
    assert signing.login_fields(exchange)["client_secret"] == exchange.secret


# -- tokens -----------------------------------------------------------------------------------------


@pytest.fixture
def clock():
    return [0.0]


@pytest.fixture
def tokens(clock):
    return TokenState(Memory(lambda: clock[0]))


def test_a_token_is_fresh_until_its_margin_begins(tokens, clock):
    assert tokens.token is tokens.fresh(10) is None
    tokens.logged_in("t", 100, None)
    clock[0] = 89
    assert tokens.fresh(10).value == "t"
    clock[0] = 90
    assert tokens.fresh(10) is None and tokens.token.left == 10


def test_a_token_that_lives_shorter_than_the_margin_is_fresh_for_half_its_life(tokens, clock):
    tokens.logged_in("t", 100, None)
    clock[0] = 49
    assert tokens.fresh(1000).value == "t"
    clock[0] = 50
    assert tokens.fresh(1000) is None


def test_an_old_token_serves_while_somebody_is_about_to_log_in(tokens, clock):
    tokens.logged_in("t", 100, None)
    clock[0] = 99
    assert tokens.last_resort() is None
    place = tokens.line.join(lambda: None, False, Rank.REST)
    assert tokens.last_resort().value == "t"
    clock[0] = 100
    assert tokens.last_resort() is None
    tokens.line.leave(place)


def test_logins_are_counted_by_the_minute(tokens, clock):
    assert [tokens.pause_before_login(2) for _ in range(3)] == [0, 0, 60]
    clock[0] = 45
    assert tokens.pause_before_login(2) == 15
    clock[0] = 60
    assert tokens.pause_before_login(2) == 0


def test_of_two_logins_the_one_that_is_kept_counts(tokens):
    first = tokens.logged_in("a", 100, None)
    assert tokens.logged_in("b", 100, None).value == "a"
    assert tokens.logged_in("c", 100, first).value == "c"
    assert tokens.logged_in("d", 100, first).value == "c"
