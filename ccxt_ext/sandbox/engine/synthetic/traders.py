"""The synthetic traders of a live market."""

from __future__ import annotations

from decimal import Decimal
from math import exp, sqrt
from typing import Protocol

from ..accounts import Account
from ..exact import EXACT, ZERO, add
from ..model import OPPOSITE, SIDES, Order, Side
from .crowd import Crowd
from .history import BOOK_LEVELS

MOST_LEVELS = BOOK_LEVELS + 15
MOST_AT_A_PRICE = 3
PACE_MS = 250
"""How often they act while the clock runs."""
DRIFT = 0.0004
"""How far the price that they believe in moves in that time, as a share of it."""
PULL = 0.002
"""How strongly that price returns to the start price in that time."""
MOST_QUIET = 3
"""How often in a row nobody takes orders."""


class TradedMarket(Protocol):
    """The part of a market that the traders need."""

    @property
    def crowd(self) -> Crowd: ...

    @property
    def active(self) -> bool: ...

    def standing(self, side: Side) -> list[Order]: ...

    def best_ticks(self, side: Side) -> int | None: ...

    def offers(self, side: Side, ticks: int, amount: Decimal) -> list[tuple[Decimal, Decimal]]: ...


class Traders:
    """Traders that believe in a price which moves at random. They act on a grid of the engine's time.

    Each time, one of them may take orders. Then the makers cancel their orders on the wrong side of that
    price, others' orders there are taken, and the makers place new ones around it.
    """

    def __init__(self, market: TradedMarket) -> None:
        self.market = market
        self.pace_ms = PACE_MS
        """The step of the grid. The further apart they act, the further the price moves each time."""
        self._crowd = market.crowd
        self._rng = market.crowd.random("live")
        self._away = 0.0
        self._acted: int | None = None
        self._reached = 0
        """The time until which they have acted, or left out what they would have done."""
        self._quiet = 0
        self.fair_ticks = market.crowd.start_ticks
        self._quotes: dict[Side, dict[int, list[tuple[Order, Account]]]] | None = None
        """The makers' orders by side and ticks."""

    def next_event(self) -> int:
        return (self._reached // self.pace_ms + 1) * self.pace_ms

    def skip(self, now: int) -> None:
        self._reached = max(self._reached, now)

    def act(self, now: int) -> None:
        elapsed = self.pace_ms if self._acted is None else max(now - self._acted, PACE_MS)
        self._acted = now
        self.skip(now)
        if not self.market.active:
            return
        rng = self._rng
        if self._quotes is None:
            self._quotes = self._standing_quotes()
        fair = self._believe(elapsed)
        if rng.random() < 0.6 or self._quiet == MOST_QUIET:
            self._quiet = 0
            self._take(fair, now)
        else:
            self._quiet += 1
        for side in SIDES:
            self._draw_back(side, self._quotes[side], fair, now)
        for side in SIDES:
            self._take_gifts(side, fair, now)
        for side in SIDES:
            self._quote(side, self._quotes[side], fair, now)

    def _believe(self, elapsed: int) -> int:
        """The price that they believe in, in ticks. It is as restless at every pace."""
        kept = exp(-PULL * elapsed / PACE_MS)
        restless = DRIFT * sqrt((1 - kept * kept) / (1 - exp(-2 * PULL)))
        self._away = self._away * kept + self._rng.gauss(0.0, restless)
        self.fair_ticks = max(2, round(self._crowd.start_ticks * exp(self._away)))
        return self.fair_ticks

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

    def _take_gifts(self, side: Side, fair: int, now: int) -> None:
        """Take the bids of others above the price that they believe in, or the asks below it, all of them.

        The market cannot move beyond an order without trading with it.
        """
        market, spec, taker = self.market, self._crowd.spec, OPPOSITE[side]
        limit = fair + 1 if side == "buy" else fair - 1
        while (best := market.best_ticks(side)) is not None and (
            best >= limit if side == "buy" else best <= limit
        ):
            total = ZERO
            for _, amount in market.offers(taker, limit, spec.max_amount):
                total = add(total, amount)
            steps = max(1, int(EXACT.divide_int(total, spec.step)))
            member = int(self._rng.random() * len(self._crowd.accounts))
            order, account = self._crowd.place(member, taker, limit, steps, now)
            if order.status == "open":
                self._crowd.matching.withdraw(order, account, now)

    def _draw_back(
        self, side: Side, quotes: dict[int, list[tuple[Order, Account]]], fair: int, now: int
    ) -> None:
        """Cancel orders that the new price would make gifts of, and orders that are too far from it."""
        best_first = sorted(quotes, reverse=side == "buy")
        # The best are traded with first. So where nothing has happened, nothing has further away either,
        # unless the market has cancelled all.
        all_may_be_gone = bool(quotes) and quotes[best_first[-1]][0][0].status != "open"
        for ticks in best_first:
            queue = quotes[ticks]
            if ticks >= fair if side == "buy" else ticks <= fair:
                self._cancel(quotes.pop(ticks), now)
            elif all(order.status == "open" for order, _ in queue):
                if not all_may_be_gone:
                    break
            else:
                queue[:] = [quote for quote in queue if quote[0].status == "open"]
                if not queue:
                    del quotes[ticks]
        if len(quotes) > MOST_LEVELS:
            for ticks in [ticks for ticks in best_first if ticks in quotes][MOST_LEVELS:]:
                self._cancel(quotes.pop(ticks), now)

    def _cancel(self, quotes: list[tuple[Order, Account]], now: int) -> None:
        for order, account in quotes:
            if order.status == "open":
                self._crowd.matching.withdraw(order, account, now)

    def _quote(self, side: Side, quotes: dict[int, list[tuple[Order, Account]]], fair: int, now: int) -> None:
        """Place a few orders near the price, or many if the book has become thin."""
        rng = self._rng
        away = 1 + int(rng.random() * 3)
        best = fair + away if side == "sell" else fair - away
        opposite = self.market.best_ticks(OPPOSITE[side])
        if opposite is not None:
            best = max(best, opposite + 1) if side == "sell" else min(best, opposite - 1)
        for ticks, steps in self._crowd.ladder(rng, side, best, max(2, BOOK_LEVELS - len(quotes))):
            queue = quotes.setdefault(ticks, [])
            if len(queue) < MOST_AT_A_PRICE:
                member = int(rng.random() * len(self._crowd.accounts))
                queue.append(self._crowd.place(member, side, ticks, steps, now))
