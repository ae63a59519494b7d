"""The synthetic traders of a live market."""

from __future__ import annotations

from math import exp, sqrt
from typing import NamedTuple

from ..model import Side
from .quotes import Quotes, TradedMarket

PACE_MS = 250
"""How often they act while the clock runs."""
STILL_PACE_MS = 10_000
"""How often they act, at most, while time is passed, and whenever the clock stands still."""
DRIFT = 0.0004
"""How far the price that they believe in moves in that time, as a share of it."""
PULL = 0.002
"""How strongly that price returns to the start price in that time."""
MOST_QUIET = 3
"""How often in a row nobody takes orders."""
COURSE_STEPS = 100
"""In how many steps they bring the market to another price, unless they act more often."""


class Course(NamedTuple):
    """A way from one price to another, in ticks."""

    from_ms: int
    from_ticks: int
    until_ms: int
    until_ticks: int

    def at(self, now: int) -> int:
        if now >= self.until_ms:
            return self.until_ticks
        passed, whole = now - self.from_ms, self.until_ms - self.from_ms
        return self.from_ticks + (self.until_ticks - self.from_ticks) * passed // whole

    @property
    def step_ms(self) -> int:
        return max(PACE_MS, (self.until_ms - self.from_ms) // COURSE_STEPS)


class Traders:
    """Traders that believe in a price which moves at random. They act on a grid of the engine's time.

    Each time, one of them may take orders. Then the makers cancel their orders on the wrong side of that
    price, others' orders there are taken, and the makers place new ones around it.
    """

    makes_up = False

    def __init__(self, market: TradedMarket) -> None:
        self.market = market
        self.passing_pace_ms: int | None = None
        """The step of the grid while time is passed; None while it is not."""
        self._crowd = market.crowd
        self._rng = market.crowd.random("live")
        self._away = 0.0
        self.course: Course | None = None
        """Where somebody brings the price; then it does not move at random."""
        self._acted: int | None = None
        self._reached = 0
        """The time until which they have acted, or left out what they would have done."""
        self._quiet = 0
        self.fair_ticks = market.crowd.start_ticks
        self.quotes = Quotes(market)

    def refine(self, factor: int) -> None:
        """Count in ticks that are so many times finer, and look anew at what stands in the book."""
        self.fair_ticks *= factor
        self.quotes.refine(factor)
        if self.course is not None:
            ends = (self.course.from_ticks * factor, self.course.until_ticks * factor)
            self.course = self.course._replace(from_ticks=ends[0], until_ticks=ends[1])

    @property
    def pace_ms(self) -> int:
        """The step of the grid. The further apart they act, the further the price moves each time."""
        if self.passing_pace_ms is not None:
            return self.passing_pace_ms
        return STILL_PACE_MS if self.market.clock.is_frozen else PACE_MS

    def next_event(self) -> int:
        course = self.course
        step = self.pace_ms if course is None else min(self.pace_ms, course.step_ms)
        at = (self._reached // step + 1) * step
        return at if course is None else min(at, course.until_ms)

    def skip(self, now: int) -> None:
        self._reached = max(self._reached, now)

    def act(self, now: int) -> None:
        elapsed = self.pace_ms if self._acted is None else max(now - self._acted, PACE_MS)
        self._acted = now
        self.skip(now)
        if not self.market.active:
            return
        if self.course is not None:
            self._follow(self.course, now)
            return
        rng = self._rng
        fair = self._believe(elapsed)
        with self._crowd.matching.triggers_held(now):
            if rng.random() < 0.6 or self._quiet == MOST_QUIET:
                self._quiet = 0
                self._take(fair, now)
            else:
                self._quiet += 1
            self.quotes.draw_back(fair, now)
            self.quotes.take_others(fair + 1, fair - 1, now, rng)
            self.quotes.fill(fair, now, rng)

    def steer(self, ticks: int, now: int, until_ms: int) -> None:
        """Bring the price there, evenly until that time, or at once if it has come. It is at home there."""
        self.settle(ticks)
        self.course = Course(now, self.market.last_ticks, until_ms, ticks)
        if until_ms <= now:
            self._follow(self.course, now)

    def settle(self, ticks: int) -> None:
        """Believe in this price, and that it returns to it from now on."""
        self._crowd.home_ticks = self.fair_ticks = ticks
        self._away = 0.0
        self.course = None

    def show(self, ticks: int, now: int) -> None:
        """Be around a price, and fill what others have in the way. After that, the price is seen again."""
        before = self._crowd.matching.next_trade_id
        self.quotes.move_to(ticks, 0, "buy", now, self._rng)
        if self._crowd.matching.next_trade_id != before and self.market.last_ticks != ticks:
            self.quotes.move_to(ticks, 1, "buy", now, self._rng)

    def _follow(self, course: Course, now: int) -> None:
        last = self.market.last_ticks
        ticks = self._crowd.on_steps("buy", course.at(now)) or self._crowd.per_step
        side: Side = "buy" if ticks > last or (ticks == last and self._rng.random() < 0.5) else "sell"
        self.quotes.move_to(ticks, self._crowd.steps(self._rng), side, now, self._rng)
        self.fair_ticks = ticks
        if now >= course.until_ms:
            self.course = None

    def _believe(self, elapsed: int) -> int:
        """The price that they believe in, in ticks. It is as restless at every pace."""
        kept = exp(-PULL * elapsed / PACE_MS)
        restless = DRIFT * sqrt((1 - kept * kept) / (1 - exp(-2 * PULL)))
        self._away = self._away * kept + self._rng.gauss(0.0, restless)
        self.fair_ticks = max(2, round(self._crowd.home_ticks * exp(self._away)))
        return self.fair_ticks

    def _take(self, fair: int, now: int) -> None:
        """Take orders at the best price and a few ticks beyond. What is not filled is cancelled.

        Bids above the price that they believe in, and asks below it, are taken first, as they are gifts.
        """
        rng, market = self._rng, self.market
        bid, ask = market.best_ticks("buy"), market.best_ticks("sell")
        side: Side = "buy" if rng.random() < 0.5 else "sell"
        if bid is not None and bid > fair:
            side = "sell"
        elif ask is not None and ask < fair:
            side = "buy"
        best = ask if side == "buy" else bid
        if best is None:
            return
        reach = int(rng.random() * 4)
        ticks = max(1, best + reach if side == "buy" else best - reach)
        member = int(rng.random() * len(self._crowd.accounts))
        order, account = self._crowd.place(member, side, ticks, self._crowd.steps(rng), now)
        if order.status == "open":
            self._crowd.matching.withdraw(order, account, now)
