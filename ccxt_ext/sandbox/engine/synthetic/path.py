"""The way of a market's price through a candle: which trades make it, and when."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from ..exact import multiply
from ..model import Candle, MarketSpec, Side, Trade
from ..trading.matching import Matching
from .rows import MINUTE_MS, TickRow, turns

BEFORE_END_MS = 1000
"""How long before its end a candle closes. So a trade that comes a little late is still within it."""
MOST_POINTS = 1440
"""A trade a minute, but no more than this in one candle."""


LATEST_TRADES = 300
"""So many trades of the past are known one by one, and a few more."""


class Point(NamedTuple):
    """A trade of the path. Without `steps`, there is no trade, and only the price gets there."""

    at: int
    ticks: int
    steps: int


def points(row: TickRow, step_ms: int, unit: int = 1, *, turns_only: bool = False) -> list[Point]:
    """The trades that make a candle of this row.

    The price turns at the open, the high, the low and the close. These come at equal intervals: the open
    when the candle begins, the close a second before it ends. Between them, it goes straight; a candle of
    more than a minute has a trade there each minute, unless only the turns are wanted. The volume is spread
    evenly. Prices are multiples of a unit, as those of the row are.
    """
    corners = turns(*row[1:5])
    last = step_ms - BEFORE_END_MS
    times = [index * last // max(len(corners) - 1, 1) for index in range(len(corners))]
    if not row.volume:
        return [Point(row.timestamp + at, ticks, 0) for at, ticks in zip(times, corners, strict=True)]
    path = dict(zip(times, corners, strict=True))
    between = [] if turns_only else [at for at in grid(step_ms) if at not in path]
    spare = row.volume - len(corners)
    if len(between) > spare:
        between = [between[index * len(between) // spare] for index in range(spare)]
    path.update((at, straight(at, times, corners) // unit * unit) for at in between)
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


def candle_of(trades: Sequence[Point], start: int, spec: MarketSpec) -> Candle:
    """The candle that these trades make."""
    ticks = [point.ticks for point in trades]
    volume = value = 0
    for point in trades:
        volume += point.steps
        value += point.steps * point.ticks
    open, high, low, close = (
        multiply(spec.tick, each) for each in (ticks[0], max(ticks), min(ticks), ticks[-1])
    )
    quote_volume = multiply(multiply(spec.tick, spec.step), value)
    return Candle(start, open, high, low, close, multiply(spec.step, volume), quote_volume, len(trades))


class Past(NamedTuple):
    """What given rows tell of the time before they were given."""

    candles: list[Candle]
    """What is longer ago."""
    trades: list[Point]
    """The latest trades."""
    ticks: int | None
    """The price at the end; None if all the rows are of the future."""


def past_of(rows: Sequence[TickRow], step_ms: int, now: int, spec: MarketSpec, unit: int = 1) -> Past:
    """What these rows make of the time until now. Of rows that are over, the latest become single trades."""
    first = begun = bisect_right([row.timestamp for row in rows], now)
    trades: list[Point] = []
    ticks = None
    while first > 0 and len(trades) < LATEST_TRADES:
        first -= 1
        path = [each for each in points(rows[first], step_ms, unit) if each.at <= now]
        trades[:0] = [each for each in path if each.steps]
        ticks = path[-1].ticks if first == begun - 1 else ticks
    candles = [
        candle_of(points(row, step_ms, turns_only=True), row.timestamp, spec)
        for row in rows[:first]
        if row.volume
    ]
    return Past(candles, trades, ticks)


def retell(matching: Matching, past: Past, own: Sequence[Trade], now: int) -> None:
    """Put that past in place of a market's own. `own` are the trades of accounts, which stay."""
    tape, spec = matching.tape, matching.spec
    since = past.trades[0].at // MINUTE_MS * MINUTE_MS if past.trades else now + 1
    tape.replace_past(past.candles, MINUTE_MS, now + 1, [each for each in own if each.timestamp < since])
    latest = []
    before = 0
    for at, ticks, steps in past.trades:
        price, amount = multiply(spec.tick, ticks), multiply(spec.step, steps)
        side: Side = "sell" if ticks < before else "buy"
        latest.append(Trade(matching.next_trade_id, spec.id, price, amount, side, at))
        matching.next_trade_id += 1
        before = ticks
    latest += [each for each in own if each.timestamp >= since]
    for trade in sorted(latest, key=lambda each: each.timestamp):
        tape.add(trade)
