"""A market's past: trades of the synthetic crowd, back-dated, with the market's own money and rules.

Prices wander at random around the start price and end on it. They are worked out backwards
from the present, and are no money: a price becomes exact when it is rounded to whole ticks.

Trades lie at distances from the past's end that are random but for one rule: where
candles of a step must reach, two neighbours are never further apart than that step. So
every candle of every horizon has a trade, however the end falls on the candles' grid,
and the same seed gives the same trades at any time of day.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, sqrt
from random import Random

from ..model import SIDES, Side
from ..trading.matching import Matching
from .crowd import Crowd

Horizon = tuple[int, int]
"""A candle step in milliseconds, and how many candles of it the past must hold."""

DAY_MS = 86_400_000
RETURN_MS = 60 * DAY_MS
"""How long prices take to come back towards the start price."""
BOOK_LEVELS = 45


def make_past(matching: Matching, crowd: Crowd, end_ms: int, horizons: Sequence[Horizon]) -> None:
    """Without horizons a market begins blank: no trades and an empty book."""
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
    """How long before the end trades are made, in milliseconds, newest first."""
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
    """One taker clears one maker's order at `ticks`, now and then another at a better price first."""
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
    """The standing book: a few ticks of spread around the last price."""
    for side in SIDES:
        away = 1 + int(rng.random() * 3)
        best = crowd.start_ticks + (away if side == "sell" else -away)
        for ticks, steps in crowd.ladder(rng, side, best, BOOK_LEVELS):
            crowd.place(int(rng.random() * 4), side, ticks, steps, now)
