"""The way of a market's price through a candle: which trades make it, and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..exact import ZERO, add, multiply
from ..model import Candle, MarketSpec
from .rows import MINUTE_MS, TickRow, turns

BEFORE_END_MS = 1000
"""How long before its end a candle closes. So a trade that comes a little late is still within it."""
MOST_POINTS = 1440
"""A trade a minute, but no more than this in one candle."""


class Point(NamedTuple):
    """A trade of the path. Without `steps`, there is no trade, and only the price gets there."""

    at: int
    ticks: int
    steps: int


def points(row: TickRow, step_ms: int) -> list[Point]:
    """The trades that make a candle of this row.

    The price turns at the open, the high, the low and the close. These come at equal intervals: the open
    when the candle begins, the close a second before it ends. Between them, it goes straight; a candle of
    more than a minute has a trade there each minute. The volume is spread evenly.
    """
    corners = turns(*row[1:5])
    last = step_ms - BEFORE_END_MS
    times = [index * last // max(len(corners) - 1, 1) for index in range(len(corners))]
    if not row.volume:
        return [Point(row.timestamp + at, ticks, 0) for at, ticks in zip(times, corners, strict=True)]
    path = dict(zip(times, corners, strict=True))
    between = [at for at in grid(step_ms) if at not in path]
    spare = row.volume - len(corners)
    if len(between) > spare:
        between = [between[index * len(between) // spare] for index in range(spare)]
    path.update((at, straight(at, times, corners)) for at in between)
    share, rest = divmod(row.volume, len(path))
    return [
        Point(row.timestamp + at, path[at], share + (index < rest)) for index, at in enumerate(sorted(path))
    ]


def grid(step_ms: int) -> range:
    """When there are trades between the turns."""
    every = -(-step_ms // (MOST_POINTS * MINUTE_MS)) * MINUTE_MS
    return range(every, step_ms - BEFORE_END_MS, every)


def straight(at: int, times: list[int], corners: list[int]) -> int:
    """The price at a time on the straight lines between the turns."""
    if len(corners) == 1:
        return corners[0]
    index = max(number for number, time in enumerate(times[:-1]) if time <= at)
    begin, end = times[index], times[index + 1]
    return corners[index] + (corners[index + 1] - corners[index]) * (at - begin) // (end - begin)


def minute_candles(path: Iterable[Point], spec: MarketSpec) -> Iterator[Candle]:
    """The candles of a minute that these trades make."""
    current: list[Point] = []
    for point in path:
        if not point.steps:
            continue
        if current and point.at // MINUTE_MS != current[0].at // MINUTE_MS:
            yield candle_of(current, spec)
            current = []
        current.append(point)
    if current:
        yield candle_of(current, spec)


def candle_of(trades: list[Point], spec: MarketSpec) -> Candle:
    ticks = [point.ticks for point in trades]
    volume, quote_volume = ZERO, ZERO
    for point in trades:
        amount = multiply(spec.step, point.steps)
        volume = add(volume, amount)
        quote_volume = add(quote_volume, multiply(multiply(spec.tick, point.ticks), amount))
    first, highest, lowest, last = (
        multiply(spec.tick, each) for each in (ticks[0], max(ticks), min(ticks), ticks[-1])
    )
    start = trades[0].at // MINUTE_MS * MINUTE_MS
    return Candle(start, first, highest, lowest, last, volume, quote_volume, len(trades))
