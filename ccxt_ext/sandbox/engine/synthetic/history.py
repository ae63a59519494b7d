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
from .barter import Barter
from .crowd import Crowd

Horizon = tuple[int, int]
"""A candle step in milliseconds, and how many of its candles the history has to have."""

DAY_MS = 86_400_000
RETURN_MS = 60 * DAY_MS
"""How long prices take to return towards the start price."""


def make_history(
    matching: Matching, crowd: Crowd, end_ms: int, horizons: Sequence[Horizon], barter: Barter | None
) -> None:
    """Make the history. Without horizons, the market begins with no trades and an empty book.

    `barter` does the book-keeping. Without it, each order is placed, and each posting made.
    """
    if not horizons:
        return
    rng = crowd.random("history")
    ages = trade_ages(rng, horizons)
    path = price_path(rng, ages, crowd.start_ticks, crowd.spec.daily_volatility)
    before = path[-1]
    for age, ticks in zip(reversed(ages), reversed(path), strict=True):
        rises = ticks > before if ticks != before else rng.random() < 0.5
        taker: Side = "buy" if rises ^ (rng.random() < 0.15) else "sell"
        member, makers = _makers(crowd, rng, taker, ticks)
        if barter is not None:
            barter.deal(makers, (member + 2) % 4, taker, ticks, end_ms - age)
        else:
            _place(matching, crowd, makers, (member + 2) % 4, taker, ticks, end_ms - age)
        before = ticks
    if barter is not None:
        crowd.next_order_id += barter.write()
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


def _makers(crowd: Crowd, rng: Random, taker: Side, ticks: int) -> tuple[int, list[tuple[int, int, int]]]:
    """A member whose order a taker fills at `ticks`; sometimes another one's at a better price before.

    Returns the member, and who, at which price, and how much of each order; best price first.
    """
    member = int(rng.random() * 4)
    makers = [(member, ticks, crowd.steps(rng))]
    if rng.random() < 0.2:
        better = ticks - 1 if taker == "buy" else ticks + 1
        if better >= 1:
            makers.insert(0, ((member + 1) % 4, better, crowd.steps(rng, 0.5)))
    return member, makers


def _place(
    matching: Matching,
    crowd: Crowd,
    makers: Sequence[tuple[int, int, int]],
    taker: int,
    side: Side,
    ticks: int,
    now: int,
) -> None:
    other: Side = "sell" if side == "buy" else "buy"
    orders = [crowd.order(member, other, price, steps, now) for member, price, steps in reversed(makers)]
    total = sum(steps for _, _, steps in makers)
    matching.clear(orders[::-1], crowd.order(taker, side, ticks, total, now), now)


def _fill_book(crowd: Crowd, rng: Random, now: int) -> None:
    """Fill the book, with a spread of a few ticks around the last price."""
    for side in SIDES:
        away = crowd.half_width(crowd.start_ticks, rng)
        best = crowd.start_ticks + (away if side == "sell" else -away)
        for ticks, steps in crowd.ladder(rng, side, best, crowd.shape.levels):
            crowd.place(int(rng.random() * 4), side, ticks, steps, now)
