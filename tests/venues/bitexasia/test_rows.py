"""bitexasia's pieces: accounts, times, levels, directions of stops, bodies without fields, statuses."""

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer
from ccxt_ext.venues.bitexasia import books, errors, fields, orders
from tests.venues.profiles import PROFILES

PROFILE = PROFILES["bitexasia"]


@pytest.fixture
def exchange():
    return PROFILE.offline("sync", lambda request: Answer([]))[0]


def test_the_account_is_the_options_if_none_is_named(exchange):
    rows = [
        {"account": account, "asset": "BTC", "available": str(number), "locked": "0", "total": str(number)}
        for number, account in enumerate(("spot", "margin", "earn"), 1)
    ]
    assert exchange.parse_balance(rows)["BTC"]["free"] == 1
    exchange.options["fetchBalance"]["type"] = "margin"
    assert exchange.parse_balance(rows)["BTC"]["free"] == 2
    assert exchange.parse_balance(rows, "earn")["BTC"]["free"] == 3
    with pytest.raises(ccxt.BadRequest, match="spot, margin, earn, not of 'swap'"):
        exchange.parse_balance(rows, "swap")


@pytest.mark.parametrize("entry", ["x", None, 5, [], ["1"], {"price": "1"}, {"size": "1"}, {}])
def test_a_level_without_price_or_size(exchange, entry):
    with pytest.raises(ccxt.BadResponse, match="level without price or size"):
        books.level(exchange, entry)


@pytest.mark.parametrize("entry", [["1", "2"], ["1", "2", "3"], {"price": "1", "size": "2"}])
def test_a_level(exchange, entry):
    assert books.level(exchange, entry) == ["1", "2"]


@pytest.mark.parametrize(
    ("told", "plain"),
    [(10**11, 10**11), (10**11 - 1, None), (10**16 - 1, 10**16 - 1), (10**16, None), ("100000000000", None)],
)
def test_times_as_nearly_all_are(exchange, told, plain):
    assert fields.plain_time(exchange, told) == plain
    for unit, expected in (("ms", plain), ("s", None)):
        exchange.options["timestampUnit"] = unit
        assert fields.plain_time(exchange, told) == expected


@pytest.mark.parametrize(
    ("side", "words"), [("buy", ("up", "above", "ascending")), ("sell", ("down", "below", "descending"))]
)
def test_a_stop_triggers_in_the_direction_of_its_side(exchange, side, words):
    for word in (*words, None):
        rest = {"triggerPrice": 60000, "triggerDirection": word}
        assert float(orders.take_stop_price(exchange, "BTC/USD", side, rest)) == 60000
        assert rest == {}
    for word in ("up", "above", "ascending", "down", "below", "descending", "sideways"):
        if word not in words:
            with pytest.raises(ccxt.NotSupported, match=f"a {side} stop cannot trigger {word}"):
                orders.take_stop_price(exchange, "BTC/USD", side, {"stopPrice": 1, "triggerDirection": word})


def test_a_new_order_has_a_body_though_it_has_no_field(exchange):
    assert exchange.sign("orders", "private", "POST", {})["body"] == "{}"
    exchange.options["cancelOrder"]["body"] = "odd"
    assert exchange.sign("orders/{id}/cancel", "private", "POST", {"id": "a"})["body"] == "odd"


@pytest.mark.parametrize(
    ("status", "path", "error"),
    [
        (200, "orders", "ExchangeError"),
        (299, "orders", "ExchangeError"),
        (300, "orders", "ExchangeNotAvailable"),
        (404, "orders/5", "OrderNotFound"),
        (404, "ticker/A", "BadSymbol"),
        (404, "orderbook/A", "BadSymbol"),
        (404, "markets", "BadRequest"),
        (409, "orders", "InvalidOrder"),
    ],
)
def test_what_a_status_means(exchange, status, path, error):
    assert errors.class_of(exchange, status, f"https://x/v1/{path}") is getattr(ccxt, error)
