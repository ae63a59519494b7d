"""bitexasia's changes that are told as assumed take a short way, which ends where the long one does."""

import asyncio
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import ccxt_ext.pro
from ccxt_ext.venues.bitexasia import stream
from tests.venues.offline_stream import Offline, levels, sample

SYMBOL = "BTC/USD"
SNAPSHOT, DELTA = (sample("bitexasia", f"assumed-ws-orderbook-{name}") for name in ("snapshot", "delta"))

plain = st.sampled_from(["62999.50", "62998.00", "62990", "63000.50", "63010.00", "1.5", "0", "0.75"])
ODD = ["1_0", " 1", "+1", "-1", "1e3", "1E400", "nan", "inf", "", ".5", "5.", ".", "1.2.3", "1,2", "٣", "x"]
odd = st.sampled_from([*ODD, "9" * 40, "9" * 41, 1, 62999.5, 0, True, None, [], ["1"], {"price": "1"}])
rows = st.lists(
    st.tuples(plain, plain).map(list)
    | st.lists(plain | odd, max_size=3)
    | st.fixed_dictionaries({"price": plain | odd, "size": plain | odd})
    | odd
    | st.just("12"),
    max_size=4,
)
sides = st.lists(st.tuples(plain, plain).map(list), max_size=4) | rows | odd


def mostly(usual, *others):
    return st.sampled_from([usual, usual, usual, *others])


frames = st.fixed_dictionaries(
    {
        "type": mostly("delta", "Delta", "snapshot", None),
        "channel": mostly("orderbook", "Orderbook", "trades", 5),
        "pair": mostly("BTC-USD", "ETH-USD", "NOPE", "", None, ["BTC-USD"]),
        "sequence": mostly(1002, "1002", 1002.0, 1001, 1003, True, None, "x", [], 10**30),
        "timestamp": mostly(DELTA["timestamp"], 0, -1, 10**16, 1714521600, True, 1.5, None, "noon"),
        "bids": sides,
        "asks": sides,
    }
)


@contextmanager
def the_long_way():
    before = stream.are_plain, stream.CHANGE
    stream.are_plain, stream.CHANGE = (lambda *sides: False), frozenset()
    try:
        yield
    finally:
        stream.are_plain, stream.CHANGE = before


async def outcome(frame):
    """What becomes of the book, of who watches it, and of the subscription."""
    async with Offline("bitexasia") as venue:
        book = await venue.told("watch_order_book", SYMBOL, frames=[SNAPSHOT])
        task = await venue.watch("watch_order_book", SYMBOL)
        venue.sent()
        await venue.say(frame)
        news = "none"
        if task.done():
            error = task.exception()
            news = type(error) if error else (task.result() is book)
        task.cancel()
        return levels(book), {**book, "bids": 0, "asks": 0}, news, venue.sent()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(frames)
@example(DELTA)
@example({**DELTA, "bids": [], "asks": []})
@example({**DELTA, "bids": ["12"]})
@example({**DELTA, "bids": [["1_0", "1"]]})
@example({**DELTA, "bids": [["9" * 41, "1"]]})
@example({**DELTA, "bids": [["9" * 400, "1"]]})
def test_both_ways_end_alike(frame):
    taken = asyncio.run(outcome(frame))
    with the_long_way():
        assert taken == asyncio.run(outcome(frame))


EXCHANGE = ccxt_ext.pro.bitexasia()


@pytest.mark.parametrize("unit", ["auto", "ms", "s"])
@settings(max_examples=50)
@given(st.integers(0, 10**17) | st.integers(10**11 - 2, 10**11 + 2) | st.integers(10**16 - 2, 10**16 + 2))
def test_times_as_numbers_are_those_as_texts(unit, number):
    def moment(told):
        try:
            return EXCHANGE.when({"timestamp": told}, "timestamp")
        except Exception as error:
            return type(error)

    EXCHANGE.options["timestampUnit"] = unit
    assert moment(number) == moment(str(number))
