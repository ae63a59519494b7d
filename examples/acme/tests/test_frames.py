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
    assert list(exchange.feed.subscribing([topic])) == [frame("follow-request")]


def test_a_snapshot_and_a_change(exchange):
    book = exchange.feed.take_book(frame("depth-whole"), "BTC/USDT")
    assert (book["nonce"], book["timestamp"]) == (5120, 1717243200000)
    assert [list(level) for level in book["bids"]] == [[67509.5, 0.75], [67509.0, 1.5]]
    assert [list(level) for level in book["asks"]] == [[67510.5, 1.2], [67511.0, 0.4]]
    book = exchange.feed.take_book(frame("depth-change"), "BTC/USDT")
    assert (book["nonce"], book["timestamp"]) == (5121, 1717243200250)
    assert [list(level) for level in book["bids"]] == [[67509.25, 2.0], [67509.0, 1.5]]
    assert len(book["asks"]) == 2


def test_a_change_that_is_missing(exchange):
    exchange.feed.take_book(frame("depth-whole"), "BTC/USDT")
    with pytest.raises(OutOfStep):
        exchange.feed.take_book({**frame("depth-change"), "number": 5122}, "BTC/USDT")


def test_a_refusal(exchange):
    with pytest.raises(ccxt.MarketClosed, match="The pair is halted"):
        errors.raise_told(exchange, 400, "", errors.told_error(frame("error")))
