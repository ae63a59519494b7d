"""The figures of the last 24 hours."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from typing import NamedTuple

from .candles import Rows
from .columns import Ints

DAY_MS = 86_400_000


class DayFigures(NamedTuple):
    """In units of the tape."""

    open: int
    high: int
    low: int
    volume: int
    quote_volume: int


def day_of_minutes(minutes: Rows, now: int) -> DayFigures | None:
    """The figures of the whole minutes that began in the last 24 hours."""
    first = bisect_right(minutes.starts, now - DAY_MS)
    if first == len(minutes):
        return None
    _, opens, highs, lows, _, volumes, quotes, _ = minutes.table.columns
    return DayFigures(
        opens[first], max(highs[first:]), min(lows[first:]), sum(volumes[first:]), sum(quotes[first:])
    )


class RollingDay:
    """Figures of single trades, updated as trades come and become old.

    Two queues hold the trades that can still become the highest or the lowest. A trade that is followed by a
    higher one cannot be the highest any more.
    """

    __slots__ = ("_first", "_highs", "_lows", "_next", "_quote_volume", "_volume")

    def __init__(self) -> None:
        self._first = 0
        self._next = 0
        self._highs: deque[tuple[int, int]] = deque()
        self._lows: deque[tuple[int, int]] = deque()
        self._volume = 0
        self._quote_volume = 0

    def roll(self, times: Ints, prices: Ints, amounts: Ints, now: int) -> DayFigures | None:
        """The figures of the 24 hours before `now`, which never goes back; None if nothing was traded."""
        oldest, total = now - DAY_MS, len(times)
        if not self._next:
            self._first = self._next = bisect_right(times, oldest)
        for index in range(self._next, total):
            self._enter(index, prices[index], abs(amounts[index]))
        self._next = total
        while self._first < total and times[self._first] <= oldest:
            self._leave(self._first, prices[self._first], abs(amounts[self._first]))
            self._first += 1
        if self._first == total:
            return None
        return DayFigures(
            prices[self._first], self._highs[0][1], self._lows[0][1], self._volume, self._quote_volume
        )

    def _enter(self, index: int, price: int, amount: int) -> None:
        self._volume += amount
        self._quote_volume += price * amount
        while self._highs and self._highs[-1][1] <= price:
            self._highs.pop()
        self._highs.append((index, price))
        while self._lows and self._lows[-1][1] >= price:
            self._lows.pop()
        self._lows.append((index, price))

    def _leave(self, index: int, price: int, amount: int) -> None:
        self._volume -= amount
        self._quote_volume -= price * amount
        for extremes in (self._highs, self._lows):
            if extremes[0][0] == index:
                extremes.popleft()
