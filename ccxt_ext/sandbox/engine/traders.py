"""The synthetic traders of a live market."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from .accounts import Account
from .history import BOOK_LEVELS
from .model import SIDES, Order, Side

if TYPE_CHECKING:
    from .market import Market

MOST_ORDERS = 2 * BOOK_LEVELS
DRIFT = 0.0004
"""How far the price they believe in wanders in one step, as a fraction."""
PULL = 0.002
"""How strongly that price is drawn back to the start price."""


class Traders:
    """They believe in a price that wanders. At each step the makers draw back what stands on
    the wrong side of it and quote anew around it, and now and then somebody takes."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._crowd = market.crowd
        self._rng = market.crowd.random("live")
        self._away = 0.0
        self._resting: dict[Side, list[tuple[Order, Account]]] = {"buy": [], "sell": []}
        self._settled_in = False

    def step(self, now: int) -> None:
        rng, market = self._rng, self._market
        market.warm_up()
        if not self._settled_in:
            self._adopt_standing_book()
        self._away += rng.gauss(0.0, DRIFT) - PULL * self._away
        fair = max(2, round(self._crowd.start_ticks * exp(self._away)))
        if rng.random() < 0.6:
            self._take(fair, now)
        for side in SIDES:
            self._draw_back(side, fair, now)
            self._quote(side, fair, now)

    def _adopt_standing_book(self) -> None:
        for order, account in self._market.resting_orders(self._crowd.accounts):
            self._resting[order.side].append((order, account))
        self._settled_in = True

    def _take(self, fair: int, now: int) -> None:
        """Take at the best price, and some ticks beyond; what finds nobody is withdrawn."""
        rng, market = self._rng, self._market
        side: Side = "buy" if rng.random() < 0.5 else "sell"
        best = market.best_ticks("sell" if side == "buy" else "buy")
        if best is None:
            return
        reach = int(rng.random() * 4)
        ticks = max(1, best + reach if side == "buy" else best - reach)
        member = int(rng.random() * len(self._crowd.accounts))
        order, account = self._crowd.place(market, member, side, ticks, self._crowd.steps(rng), now)
        if order.status == "open":
            market.withdraw(order, account, now)

    def _draw_back(self, side: Side, fair: int, now: int) -> None:
        """Withdraw what the new price would make a gift of, and what is too many."""
        kept = []
        for order, account in self._resting[side]:
            if order.status != "open":
                continue
            if order.ticks >= fair if side == "buy" else order.ticks <= fair:
                self._market.withdraw(order, account, now)
            else:
                kept.append((order, account))
        kept.sort(key=lambda item: item[0].ticks, reverse=side == "buy")
        for order, account in kept[MOST_ORDERS:]:
            self._market.withdraw(order, account, now)
        self._resting[side] = kept[:MOST_ORDERS]

    def _quote(self, side: Side, fair: int, now: int) -> None:
        """Place a few orders near the price, or a whole ladder when the book has grown thin."""
        rng = self._rng
        away = 1 + int(rng.random() * 3)
        best = fair + away if side == "sell" else fair - away
        opposite = self._market.best_ticks("buy" if side == "sell" else "sell")
        if opposite is not None:
            best = max(best, opposite + 1) if side == "sell" else min(best, opposite - 1)
        thin = len({order.ticks for order, _ in self._resting[side]}) < BOOK_LEVELS
        levels = BOOK_LEVELS if thin else 2
        for ticks, steps in self._crowd.ladder(rng, side, best, levels):
            member = int(rng.random() * len(self._crowd.accounts))
            self._resting[side].append(self._crowd.place(self._market, member, side, ticks, steps, now))
