"""Pages of the orders that have ended are what a look through all of them would find."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ccxt_ext.sandbox.engine.records import Newest
from ccxt_ext.sandbox.frontend.engine import Order
from ccxt_ext.sandbox.frontends.bitmaxfutures.ended import Ended


def order(number: int, created: int) -> Order:
    one = Decimal(1)
    return Order(
        number, "ann", None, "BTC-PERP", "buy", "limit", one, one, one, created, created, 1, status="canceled"
    )


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 2)), max_size=25),
    st.integers(-1, 30),
    st.integers(0, 30),
    st.integers(-1, 130),
    st.integers(0, 8),
)
def test_pages(made: list[tuple[bool, int]], start: int, end: int, number: int, limit: int) -> None:
    placed: list[Order] = []
    rejected: list[Order] = []
    now = 0
    for is_placed, later in made:
        now += later
        if is_placed:
            placed.append(order(101 + len(placed), now))
        else:
            rejected.append(order(-1 - len(rejected), now))
    ended = Ended(Newest(placed), rejected)
    newest = sorted([*placed, *rejected], key=lambda each: (each.created, abs(each.id)), reverse=True)
    assert len(ended) == len(newest)
    for first in range(len(newest) + 1):
        assert ended.part(first, first + limit) == newest[first : first + limit]
    inside = [each for each in newest if start <= each.created <= end]
    assert ended.between(start, end, limit) == inside[:limit]
    oldest = sorted((each for each in inside if each.id >= number), key=lambda each: each.id)
    assert ended.oldest_between(start, end, number, limit) == oldest[:limit]
