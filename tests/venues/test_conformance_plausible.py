"""Books and trades that cannot be are not believed, in long lists and short ones."""

import copy
import functools
import random
from operator import getitem

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from tests.venues.long_answers import cases
from tests.venues.more_rows import WORDS, Longer, tables
from tests.venues.profiles import PROFILES

TRADES = ("fetchTrades", "fetchMyTrades", "fetchOrderTrades")
BOOKS = ("fetchOrderBook", "fetchL3OrderBook")
WRONG = (-1, "-1", 0, "0", None)


def is_number(value):
    try:
        return not isinstance(value, bool) and value is not None and float(value) > 0
    except (TypeError, ValueError):
        return False


def answered(id):
    """A venue's class, and a place for what it is answered."""
    told = []
    exchange, _ = PROFILES[id].offline("sync", lambda request: Answer(told[-1]), enableRateLimit=False)
    return exchange, told


def outcome(exchange, told, payload, method, args):
    """The result, or the error."""
    told.append(payload)
    try:
        return call(exchange, method, *args)
    except ccxt.BaseError as error:
        return error


def is_refusal(result):
    return isinstance(result, ccxt.BadResponse)


@pytest.mark.parametrize("size", ["short", "long"])
@pytest.mark.parametrize(("id", "method", "args", "sample"), cases(TRADES))
def test_trades(id, method, args, sample, size):
    exchange, told = answered(id)
    payload = PROFILES[id].sample(sample)
    if size == "long":
        payload = Longer(random.Random(1), WORDS, calm=True).longer(payload)
    right = outcome(exchange, told, payload, method, args)
    assert not is_refusal(right), right
    if not right:
        assert sample == "rest-v2-order-status"  # an order without fills
        return
    refused = set()
    for path, rows in tables(payload):
        at = Longer.ODD_ONE_OUT if size == "long" else 0
        cells = rows[at].items() if isinstance(rows[at], dict) else enumerate(rows[at])
        for key, value in list(cells):
            for wrong in WRONG if is_number(value) else ():
                changed = copy.deepcopy(payload)
                functools.reduce(getitem, path, changed)[at][key] = wrong
                result = outcome(exchange, told, changed, method, args)
                if is_refusal(result):
                    refused.add(wrong)
                elif not isinstance(result, ccxt.BaseError):
                    assert all(trade["price"] > 0 and trade["amount"] > 0 for trade in result), (key, wrong)
    assert refused >= {-1, "-1"}


def sides(book):
    """Each side's rows in a venue's answer."""
    return [rows for _, rows in tables(book)]


@pytest.mark.parametrize(("id", "method", "args", "sample"), cases(BOOKS))
def test_books(id, method, args, sample):
    exchange, told = answered(id)
    payload = PROFILES[id].sample(sample)
    refused = set()
    for side in range(len(sides(payload))):
        for at in range(min(3, len(sides(payload)[side]))):
            row = sides(payload)[side][at]
            for key, value in list(row.items() if isinstance(row, dict) else enumerate(row)):
                for factor in (-1, 0, 1000, 0.001) if is_number(value) else ():
                    changed = copy.deepcopy(payload)
                    sides(changed)[side][at][key] = type(value)(float(value) * factor)
                    result = outcome(exchange, told, changed, method, args)
                    if is_refusal(result):
                        refused.add(factor)
                    elif not isinstance(result, ccxt.BaseError):
                        check(result)
    assert refused == {-1, 0, 1000, 0.001}


def check(book):
    levels = [level for side in ("bids", "asks") for level in book[side]]
    assert all(level[0] > 0 and level[1] > 0 for level in levels)
    assert not (book["bids"] and book["asks"]) or book["bids"][0][0] < book["asks"][0][0]


@pytest.mark.parametrize("size", [1, 20])
@pytest.mark.parametrize("wrong", ["crossed", "locked", "negative", "zero", "no amount"])
def test_a_long_book_and_a_short_one(size, wrong):
    exchange, _ = answered("bitmart2")
    bids = [[100 - n, 1] for n in range(size)]
    asks = [[101 + n, 1] for n in range(size)]
    exchange.parse_order_book({"bids": bids, "asks": asks}, "A/B")
    if wrong == "crossed":
        asks[0][0] = 99.5
    elif wrong == "locked":
        asks[0][0] = 100
    elif wrong == "no amount":
        bids[-1][1] = 0
    else:
        bids[-1][0] = -1 if wrong == "negative" else 0
    with pytest.raises(ccxt.BadResponse, match="cannot be"):
        exchange.parse_order_book({"bids": bids, "asks": asks}, "A/B")
    with pytest.raises(ccxt.BadResponse, match="cannot be"):
        exchange.parse_order_book({"bids": bids[::-1], "asks": asks[::-1]}, "A/B")


@pytest.mark.parametrize("number", [str, float])
def test_numbers_as_a_caller_wants_them(number):
    exchange, _ = answered("bitmart2")
    exchange.number = number
    assert exchange.parse_order_book({"bids": [["9", "1"]], "asks": [["10", "1"]]}, "A/B")["bids"]
    with pytest.raises(ccxt.BadResponse, match="cannot be"):
        exchange.parse_order_book({"bids": [["9", "1"]], "asks": [["8", "1"]]}, "A/B")
