# with --streams
"""Frames of streams that the venue publishes: those that the client sends, and what becomes of others."""

import json

import ccxt.pro
import pytest
from offline import client, payload

from ccxt_ext.venue.streams.books import OutOfStep
from ccxt_ext.venue.streams.subjects import subject_of

from ccxt_acme import errors


def frame(name):
    return json.loads(payload(f"ws-{name}"))


@pytest.fixture
def exchange():
    made = ccxt.pro.acme({})
    made.set_markets(client("")[0].markets)
    return made


def test_a_subscription(exchange):
    _, topic = exchange.feed.topic(subject_of("orderbook", "BTC/USDT"), {})
    assert list(exchange.feed.subscribing([topic])) == [frame("subscribe-request")]


def test_a_snapshot_and_a_change(exchange):
    book = exchange.feed.take_book(frame("book-snapshot"), "BTC/USDT")
    assert (book["nonce"], book["timestamp"]) == (812, 1714521600000)
    assert [list(level) for level in book["bids"]] == [[62999.5, 0.75], [62999.0, 1.5]]
    assert [list(level) for level in book["asks"]] == [[63000.5, 1.2], [63001.0, 0.4]]
    book = exchange.feed.take_book(frame("book-delta"), "BTC/USDT")
    assert (book["nonce"], book["timestamp"]) == (813, 1714521600250)
    assert [list(level) for level in book["bids"]] == [[62999.25, 2.0], [62999.0, 1.5]]
    assert len(book["asks"]) == 2


def test_a_change_that_is_missing(exchange):
    exchange.feed.take_book(frame("book-snapshot"), "BTC/USDT")
    with pytest.raises(OutOfStep):
        exchange.feed.take_book({**frame("book-delta"), "sequence": 814}, "BTC/USDT")


def test_a_refusal(exchange):
    with pytest.raises(ccxt.MarketClosed, match="Market is closed"):
        errors.raise_told(exchange, 400, "", errors.told_error(frame("error")))
