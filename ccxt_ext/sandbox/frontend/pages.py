"""Reads pages of long lists, so that a page costs what it has."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import TypeVar

from ccxt_ext.sandbox.engine import Fill

T = TypeVar("T")


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
