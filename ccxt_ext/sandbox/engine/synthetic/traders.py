"""The synthetic traders of a live market."""

from __future__ import annotations

from itertools import chain
from math import exp
from typing import Protocol

from ..accounts import Account
from ..model import OPPOSITE, SIDES, Order, Side
from .crowd import Crowd
from .history import BOOK_LEVELS

MOST_LEVELS = BOOK_LEVELS + 15
MOST_AT_A_PRICE = 3
DRIFT = 0.0004
"""How far the price that they believe in moves in one step, as a share of it."""
PULL = 0.002
"""How strongly that price returns to the start price."""


class TradedMarket(Protocol):
    """The part of a market that the traders need."""

    @property
    def crowd(self) -> Crowd: ...

    @property
    def active(self) -> bool: ...

    def standing(self, side: Side) -> list[Order]: ...

    def best_ticks(self, side: Side) -> int | None: ...


class Traders:
    """Traders that believe in a price which moves at random.

    In each step, one of them may take orders. Then the makers cancel their orders on the wrong side of that
    price, and place new ones around it.
    """

    def __init__(self, market: TradedMarket) -> None:
        self.market = market
        self._crowd = market.crowd
        self._rng = market.crowd.random("live")
        self._away = 0.0
        self.fair_ticks = market.crowd.start_ticks
        self._quotes: dict[Side, dict[int, list[tuple[Order, Account]]]] | None = None
        """The makers' orders by side and ticks."""

    def step(self, now: int) -> None:
        if not self.market.active:
            return
        rng = self._rng
        if self._quotes is None:
            self._quotes = self._standing_quotes()
        self._away += rng.gauss(0.0, DRIFT) - PULL * self._away
        fair = self.fair_ticks = max(2, round(self._crowd.start_ticks * exp(self._away)))
        if rng.random() < 0.6:
            self._take(fair, now)
        for side in SIDES:
            self._draw_back(side, self._quotes[side], fair, now)
        for side in SIDES:
            self._quote(side, self._quotes[side], fair, now)

    def _standing_quotes(self) -> dict[Side, dict[int, list[tuple[Order, Account]]]]:
        owners = {account.name: account for account in self._crowd.accounts}
        quotes: dict[Side, dict[int, list[tuple[Order, Account]]]] = {"buy": {}, "sell": {}}
        for side in SIDES:
            for order in self.market.standing(side):
                if order.account in owners:
                    quotes[side].setdefault(order.ticks, []).append((order, owners[order.account]))
        return quotes

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

    def _draw_back(
        self, side: Side, quotes: dict[int, list[tuple[Order, Account]]], fair: int, now: int
    ) -> None:
        """Cancel orders that the new price would make gifts of, and orders that are too far from it."""
        for ticks, queue in list(quotes.items()):
            for order, _ in queue:
                if order.status != "open":
                    break
            else:
                continue  # most often, nothing has changed at this price
            queue[:] = [quote for quote in queue if quote[0].status == "open"]
            if not queue:
                del quotes[ticks]
        best_first = sorted(quotes, reverse=side == "buy")
        gifts = [ticks for ticks in quotes if (ticks >= fair if side == "buy" else ticks <= fair)]
        for order, account in chain.from_iterable(
            quotes.pop(ticks, []) for ticks in chain(gifts, best_first[MOST_LEVELS:])
        ):
            self._crowd.matching.withdraw(order, account, now)

    def _quote(self, side: Side, quotes: dict[int, list[tuple[Order, Account]]], fair: int, now: int) -> None:
        """Place a few orders near the price, or many if the book has become thin."""
        rng = self._rng
        away = 1 + int(rng.random() * 3)
        best = fair + away if side == "sell" else fair - away
        opposite = self.market.best_ticks(OPPOSITE[side])
        if opposite is not None:
            best = max(best, opposite + 1) if side == "sell" else min(best, opposite - 1)
        thin = len(quotes) < BOOK_LEVELS
        for ticks, steps in self._crowd.ladder(rng, side, best, BOOK_LEVELS if thin else 2):
            queue = quotes.setdefault(ticks, [])
            if len(queue) < MOST_AT_A_PRICE:
                member = int(rng.random() * len(self._crowd.accounts))
                queue.append(self._crowd.place(member, side, ticks, steps, now))
