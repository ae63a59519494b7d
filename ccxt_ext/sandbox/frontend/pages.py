"""Reads pages of long lists, so that a page costs what it has."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, Generic, TypeVar

from ccxt_ext.sandbox.engine import Fill, Market, MarketSpec

T = TypeVar("T")


class BookRows(Generic[T]):
    """What was last made of each market's book. It stays good until the market changes."""

    MOST_FORMS = 20

    def __init__(self) -> None:
        self._made: dict[str, tuple[MarketSpec, int, dict[Hashable, T]]] = {}

    def of(self, market: Market, form: Hashable, make: Callable[[], T]) -> T:
        """What `make` makes of the market's book in some form, such as to a depth. It may not be altered."""
        spec, seq = market.spec, market.seq
        known = self._made.get(spec.id)
        if known is None or known[0] is not spec or known[1] != seq:
            known = self._made[spec.id] = spec, seq, {}
        forms = known[2]
        if form not in forms:
            if len(forms) == self.MOST_FORMS:
                forms.clear()
            forms[form] = make()
        return forms[form]

    def __getstate__(self) -> dict[str, Any]:
        return {"_made": {}}  # it can be made again


def by_time_and_id(fills: Iterable[Fill], newest_first: bool = True) -> Iterator[Fill]:
    """Fills that come in the order of their times; at the same time, in that of their ids."""
    for _, group in groupby(fills, lambda fill: fill.timestamp):
        together = list(group)
        if len(together) > 1:
            if not newest_first:
                together.reverse()
            together.sort(key=lambda fill: fill.id, reverse=newest_first)
        yield from together


def up_to(newest: Sequence[T], most: int, number_of: Callable[[T], int]) -> Iterator[T]:
    """What is left of a list, newest first, without what has a number above `most`.

    The numbers, such as times, may not grow from one row to the next.
    """
    first = bisect_left(newest, -most, key=lambda row: -number_of(row))
    return (newest[index] for index in range(first, len(newest)))


def between(
    newest: Sequence[T], since: int | None, until: int | None, time_of: Callable[[T], int]
) -> Iterator[T]:
    """The part of a list between two times, both included: from `since` on, or the newest first without it.

    What is kept is newest first, and in the order of time.
    """
    first = 0 if until is None else bisect_left(newest, -until, key=lambda row: -time_of(row))
    if since is None:
        return (newest[place] for place in range(first, len(newest)))
    after = bisect_right(newest, -since, key=lambda row: -time_of(row))
    return (newest[place] for place in range(after - 1, first - 1, -1))
