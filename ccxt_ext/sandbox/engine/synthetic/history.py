"""Makes a market's history: back-dated trades of the synthetic crowd, by the market's own rules.

Prices move at random around the start price, and end there. They are calculated backwards from the present,
as floats, and become exact when they are rounded to ticks.

The times of trades are random, with one rule: as far back as candles of a step have to go, two trades are
never further apart than that step. So every such candle has a trade, whenever the history ends. As the times
are counted from that end, the same seed gives the same trades at any time of day.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, sqrt
from random import Random

from ..model import SIDES, Side
from ..trading.matching import Matching
from .crowd import Crowd

Horizon = tuple[int, int]
"""A candle step in milliseconds, and how many of its candles the history has to have."""

DAY_MS = 86_400_000
RETURN_MS = 60 * DAY_MS
"""How long prices take to return towards the start price."""


def make_history(matching: Matching, crowd: Crowd, end_ms: int, horizons: Sequence[Horizon]) -> None:
    """Make the history. Without horizons, the market begins with no trades and an empty book."""
    if not horizons:
        return
    rng = crowd.random("history")
    ages = trade_ages(rng, horizons)
    path = price_path(rng, ages, crowd.start_ticks, crowd.spec.daily_volatility)
    before = path[-1]
    for age, ticks in zip(reversed(ages), reversed(path), strict=True):
        rises = ticks > before if ticks != before else rng.random() < 0.5
        taker: Side = "buy" if rises ^ (rng.random() < 0.15) else "sell"
        _trade_at(matching, crowd, rng, taker, ticks, end_ms - age)
        before = ticks
    _fill_book(crowd, rng, end_ms)


def trade_ages(rng: Random, horizons: Sequence[Horizon]) -> list[int]:
    """How long before the end each trade is made, in milliseconds, newest first."""
    age = 0
    ages = [age]
    for step, count in sorted(horizons):
        reach = (count + 1) * step
        while age < reach:
            age += max(1, int(step * (0.35 + 0.6 * rng.random())))
            ages.append(age)
    return ages


def price_path(rng: Random, ages: Sequence[int], start_ticks: int, daily_volatility: float) -> list[int]:
    """A price in ticks for each age."""
    widest = daily_volatility * sqrt(RETURN_MS / DAY_MS / 2)
    away, newer = 0.0, 0
    path = []
    for age in ages:
        kept = exp((newer - age) / RETURN_MS)
        away = away * kept + rng.gauss(0.0, widest) * sqrt(1 - kept * kept)
        path.append(max(1, round(start_ticks * exp(away))))
        newer = age
    return path


def _trade_at(matching: Matching, crowd: Crowd, rng: Random, taker: Side, ticks: int, now: int) -> None:
    """Let a taker fill a maker's order at `ticks`; sometimes another one at a better price before."""
    maker: Side = "sell" if taker == "buy" else "buy"
    member = int(rng.random() * 4)
    steps = crowd.steps(rng)
    makers = [crowd.order(member, maker, ticks, steps, now)]
    if rng.random() < 0.2:
        better = ticks - 1 if taker == "buy" else ticks + 1
        if better >= 1:
            more = crowd.steps(rng, 0.5)
            makers.insert(0, crowd.order((member + 1) % 4, maker, better, more, now))
            steps += more
    matching.clear(makers, crowd.order((member + 2) % 4, taker, ticks, steps, now), now)


def _fill_book(crowd: Crowd, rng: Random, now: int) -> None:
    """Fill the book, with a spread of a few ticks around the last price."""
    for side in SIDES:
        away = crowd.half_width(crowd.start_ticks, rng)
        best = crowd.start_ticks + (away if side == "sell" else -away)
        for ticks, steps in crowd.ladder(rng, side, best, crowd.shape.levels):
            crowd.place(int(rng.random() * 4), side, ticks, steps, now)
