"""Books that cannot be are not believed: what our parts look at, in long ones and short ones."""

import ccxt
import pytest

from tests.venues.profiles import PROFILES


def made():
    return PROFILES["bitmart2"].offline("sync", None)[0]


@pytest.mark.parametrize("size", [1, 20])
@pytest.mark.parametrize("wrong", ["crossed", "locked", "negative", "zero", "no amount"])
def test_a_long_book_and_a_short_one(size, wrong):
    exchange = made()
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
    exchange = made()
    exchange.number = number
    assert exchange.parse_order_book({"bids": [["9", "1"]], "asks": [["10", "1"]]}, "A/B")["bids"]
    with pytest.raises(ccxt.BadResponse, match="cannot be"):
        exchange.parse_order_book({"bids": [["9", "1"]], "asks": [["8", "1"]]}, "A/B")
