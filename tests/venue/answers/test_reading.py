"""What is read of an answer's fields, in whatever unit and words a venue tells them."""

from fractions import Fraction

import pytest
from ccxt.base.errors import BadResponse

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.fast.columns import ODD, PLAIN, Time
from tests.venue.streams.toy_streams import Toy

MOMENT = 1717243200123


@pytest.fixture(scope="module")
def exchange():
    return Toy()


@pytest.mark.parametrize(
    ("unit", "value"),
    [
        (1, MOMENT),
        (1, str(MOMENT)),
        (reading.SECONDS, "1717243200.123"),
        (reading.SECONDS, "1717243200.1239"),
        (reading.SECONDS, 1717243200.123),
        (reading.MICROSECONDS, MOMENT * 1000 + 999),
        (reading.MICROSECONDS, f"{MOMENT}999"),
        (reading.NANOSECONDS, MOMENT * 10**6 + 999_999),
        (reading.NANOSECONDS, f"{MOMENT}999999"),
        (Fraction(1, 10_000), f"{MOMENT}9999"),
    ],
    ids=repr,
)
def test_units_of_time(exchange, unit, value):
    assert reading.timestamp_in_unit(exchange, unit, {"at": value}, "at") == MOMENT
    read = Time("at", unit=unit).read([{"at": value}, {"at": value}])
    # Either the fast way is the same, or the slow one is taken.
    assert read.kinds == ODD or (read.kinds, read.values) == (PLAIN, [MOMENT, MOMENT])
    assert read.kinds == PLAIN or "." in str(value)


@pytest.mark.parametrize("unit", [1, reading.SECONDS, reading.MICROSECONDS, reading.NANOSECONDS])
@pytest.mark.parametrize("value", [None, "", "soon", -1, "-1.5", "1e40", {}, [], float("inf"), 10**24])
def test_what_is_no_time(exchange, unit, value):
    with pytest.raises(BadResponse, match="expected a time as at"):
        reading.timestamp_in_unit(exchange, unit, {"at": value}, "at")


def test_the_same_time_is_read_fast_where_some_are_odd(exchange):
    rows = [{"at": f"{MOMENT}000"}, {"at": None}, {"at": "soon"}, {"at": 10**18}]
    read = Time("at", unit=reading.MICROSECONDS).read(rows)
    assert read.values == [MOMENT, None, None, None]
    assert [read.kind(place) for place in range(4)] == [PLAIN, "absent", ODD, ODD]


@pytest.mark.parametrize(
    ("value", "words", "side"),
    [
        ("Buy", None, "buy"),
        ("SELL", None, "sell"),
        ("B", None, None),
        ("B", {"B": "buy", "S": "sell"}, "buy"),
        ("S", {"B": "buy", "S": "sell"}, "sell"),
        ("b", {"B": "buy", "S": "sell"}, None),
        (2, {"1": "buy", "2": "sell"}, "sell"),
        (None, {"1": "buy", "2": "sell"}, None),
        ({}, {"1": "buy", "2": "sell"}, None),
    ],
)
def test_words_for_sides(exchange, value, words, side):
    assert reading.side(exchange, {"s": value}, "s", words=words) == side
