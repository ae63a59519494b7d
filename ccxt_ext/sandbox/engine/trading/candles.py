"""Keeps candles in little memory, and makes larger ones from those of a minute."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from .columns import Ints, Table

MINUTE_MS = 60_000


class Row(NamedTuple):
    """A candle in units of the tape. `start` is when it opens."""

    start: int
    open: int
    high: int
    low: int
    close: int
    volume: int
    quote_volume: int
    trades: int


PRICES = (1, 2, 3, 4)
VOLUME = 5
QUOTE_VOLUME = 6
"""Where these numbers are in a row."""


def merged(start: int, rows: Sequence[Row]) -> Row:
    """One row for several that follow each other."""
    if len(rows) == 1:
        return rows[0] if rows[0].start == start else rows[0]._replace(start=start)
    _, opens, highs, lows, closes, volumes, quotes, trades = zip(*rows, strict=True)
    return Row(start, opens[0], max(highs), min(lows), closes[-1], sum(volumes), sum(quotes), sum(trades))


class Rows:
    """Candles in order of time. Where nothing was traded, there is none."""

    __slots__ = ("table",)

    def __init__(self) -> None:
        self.table = Table(len(Row._fields))

    def __len__(self) -> int:
        return len(self.table)

    @property
    def starts(self) -> Ints:
        return self.table.columns[0]

    def add(self, row: Row) -> None:
        """Add a row at the end, or to the last one if both open at the same time."""
        starts = self.table.columns[0]
        if starts and starts[-1] == row.start:
            row = merged(row.start, [self[len(starts) - 1], row])
            self.table.cut(len(starts) - 1)
        self.table.append(row)

    def __getitem__(self, index: int) -> Row:
        return Row(*self.table.row(index))

    def part(self, first: int, after: int) -> list[Row]:
        columns = [column[first:after] for column in self.table.columns]
        return [Row(*values) for values in zip(*columns, strict=True)]

    def between(self, start_ms: int, end_ms: int) -> list[Row]:
        """Those that open at `start_ms` or later, and at `end_ms` or earlier."""
        starts = self.starts
        return self.part(bisect_left(starts, start_ms), bisect_right(starts, end_ms))

    def trade(self, times: Ints, prices: Ints, amounts: Ints, factor: int) -> None:
        """Add trades, oldest first, to candles of a minute. The amounts of sells are negative.

        `factor` is how many units of quote volume a unit of price times a unit of amount is.
        """
        first, total = 0, len(times)
        while first < total:
            start = times[first] // MINUTE_MS * MINUTE_MS
            after = first + 1
            while after < total and times[after] < start + MINUTE_MS:
                after += 1
            paid, sizes = prices[first:after], [abs(amount) for amount in amounts[first:after]]
            quote = sum([price * size for price, size in zip(paid, sizes, strict=True)])
            self.add(
                Row(start, paid[0], max(paid), min(paid), paid[-1], sum(sizes), quote * factor, len(paid))
            )
            first = after


class Series:
    """The candles of a larger step. A look-up reads only the minutes that are new since the last one.

    Candles start at multiples of the step since the epoch.
    """

    __slots__ = ("_minutes", "_read", "_rows", "_step_ms")

    def __init__(self, step_ms: int, minutes: Rows) -> None:
        if step_ms <= 0 or step_ms % MINUTE_MS:
            raise ValueError(f"a candle lasts a number of minutes: {step_ms} ms")
        self._step_ms = step_ms
        self._minutes = minutes
        self._rows = Rows()
        self._read = 0
        """How many minutes are in all candles but the last, which may still go on."""

    def between(self, start_ms: int, end_ms: int) -> list[Row]:
        self._catch_up()
        return self._rows.between(start_ms, end_ms)

    def _catch_up(self) -> None:
        minutes, step, first = self._minutes, self._step_ms, self._read
        starts, total = minutes.starts, len(minutes)
        if self._rows:
            self._rows.table.cut(len(self._rows) - 1)
        while first < total:
            self._read = first
            start = starts[first] // step * step
            after = bisect_left(starts, start + step, first)
            self._rows.add(merged(start, minutes.part(first, after)))
            first = after
