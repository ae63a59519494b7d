"""The orders of a market's synthetic makers, and how they bring the market to a price."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Protocol

from ..accounts import Account
from ..clock import Clock
from ..exact import EXACT, ZERO, add
from ..model import OPPOSITE, SIDES, Order, Side
from .crowd import Crowd

MOST_AT_A_PRICE = 3


class TradedMarket(Protocol):
    """The part of a market that the traders need."""

    clock: Clock

    @property
    def crowd(self) -> Crowd: ...

    @property
    def active(self) -> bool: ...

    @property
    def last_ticks(self) -> int: ...

    def standing(self, side: Side) -> list[Order]: ...

    def best_ticks(self, side: Side) -> int | None: ...

    def offers(self, side: Side, ticks: int, amount: Decimal) -> list[tuple[Decimal, Decimal]]: ...


class Quotes:
    """What the makers have in the book, around a price that is called fair here, in ticks."""

    def __init__(self, market: TradedMarket) -> None:
        self.market = market
        self._crowd = market.crowd
        self._standing: dict[Side, dict[int, list[tuple[Order, Account]]]] | None = None
        """By side and ticks."""
        self._laid_at: int | None = None
        """The price around which a whole book was placed."""
        self.is_tight = False
        """Whether the best prices are always as near to the fair one as they can be."""

    def refine(self, factor: int) -> None:
        """Count in ticks that are so many times finer, and look anew at what stands in the book."""
        self._standing = None
        if self._laid_at is not None:
            self._laid_at *= factor

    def look(self) -> dict[Side, dict[int, list[tuple[Order, Account]]]]:
        """The orders. At first, they are those that the history has left in the book."""
        if self._standing is None:
            owners = {account.name: account for account in self._crowd.accounts}
            self._standing = {"buy": {}, "sell": {}}
            for side in SIDES:
                for order in self.market.standing(side):
                    if order.account in owners:
                        quote = order, owners[order.account]
                        self._standing[side].setdefault(order.ticks, []).append(quote)
        return self._standing

    def orders(self) -> Iterator[Order]:
        """Those that are in the book."""
        for quotes in self.look().values():
            for queue in quotes.values():
                yield from (order for order, _ in queue if order.status == "open")

    def move_to(self, ticks: int, steps: int, side: Side, now: int, rng: Random) -> None:
        """Bring the market to a price, and trade `steps` there; `side` is that of who takes.

        What others have in the way is filled. Waiting orders are looked at when the book is complete again,
        so that they meet what is offered around the new price.
        """
        matching = self._crowd.matching
        with matching.triggers_held(now):
            if self._laid_at is None or abs(ticks - self._laid_at) > self._crowd.reach // 4:
                self._take_all_back(now)
                self._laid_at = ticks
            else:
                self.draw_back(ticks, now)
            self.take_others(ticks, ticks, now, rng)
            if steps:
                member = int(rng.random() * len(self._crowd.accounts))
                self._crowd.place(member, OPPOSITE[side], ticks, steps, now)
                self._crowd.place(member - 1, side, ticks, steps, now)
            self.fill(ticks, now, rng)

    def lay_anew(self, fair: int, now: int, rng: Random) -> None:
        """Take all orders back, and place new ones around a price."""
        with self._crowd.matching.triggers_held(now):
            self._take_all_back(now)
            self._laid_at = fair
            self.fill(fair, now, rng)

    def _take_all_back(self, now: int) -> None:
        for quotes in self.look().values():
            for queue in quotes.values():
                self._cancel(queue, now)
            quotes.clear()

    def draw_back(self, fair: int, now: int) -> None:
        """Cancel orders that this price would make gifts of, and orders that are too far from it."""
        near = max(self._crowd.half_width(fair) - 1, 0)
        for side, quotes in self.look().items():
            self._draw_back(side, quotes, fair - near if side == "buy" else fair + near, now)

    def _draw_back(
        self, side: Side, quotes: dict[int, list[tuple[Order, Account]]], limit: int, now: int
    ) -> None:
        best_first = sorted(quotes, reverse=side == "buy")
        # The best are traded with first. So where nothing has happened, nothing has further away either,
        # unless the market has cancelled all.
        all_may_be_gone = bool(quotes) and quotes[best_first[-1]][0][0].status != "open"
        for ticks in best_first:
            queue = quotes[ticks]
            if ticks >= limit if side == "buy" else ticks <= limit:
                self._cancel(quotes.pop(ticks), now)
            elif all(order.status == "open" for order, _ in queue):
                if not all_may_be_gone:
                    break
            else:
                queue[:] = [quote for quote in queue if quote[0].status == "open"]
                if not queue:
                    del quotes[ticks]
        most = self._crowd.shape.most_levels
        if len(quotes) > most:
            for ticks in [ticks for ticks in best_first if ticks in quotes][most:]:
                self._cancel(quotes.pop(ticks), now)

    def _cancel(self, quotes: list[tuple[Order, Account]], now: int) -> None:
        for order, account in quotes:
            if order.status == "open":
                self._crowd.matching.withdraw(order, account, now)

    def take_others(self, bids_from: int, asks_until: int, now: int, rng: Random) -> None:
        """Take all bids at this price and above, and all asks at that price and below.

        These are others' orders, if the makers have drawn back. The market cannot move beyond an order
        without trading with it.
        """
        market, spec = self.market, self._crowd.spec
        for side in SIDES:
            taker = OPPOSITE[side]
            limit = bids_from if side == "buy" else asks_until
            while (best := market.best_ticks(side)) is not None and (
                best >= limit if side == "buy" else best <= limit
            ):
                total = ZERO
                for _, amount in market.offers(taker, limit, spec.max_amount):
                    total = add(total, amount)
                steps = max(1, int(EXACT.divide_int(total, spec.step)))
                member = int(rng.random() * len(self._crowd.accounts))
                order, account = self._crowd.place(member, taker, limit, steps, now)
                if order.status == "open":
                    self._crowd.matching.withdraw(order, account, now)

    def fill(self, fair: int, now: int, rng: Random) -> None:
        """Place a few orders near the price on both sides, or many if the book has become thin."""
        for side, quotes in self.look().items():
            self._fill(side, quotes, fair, now, rng)

    def _fill(
        self, side: Side, quotes: dict[int, list[tuple[Order, Account]]], fair: int, now: int, rng: Random
    ) -> None:
        crowd = self._crowd
        away = crowd.half_width(fair, None if self.is_tight else rng)
        best = fair + away if side == "sell" else fair - away
        opposite = self.market.best_ticks(OPPOSITE[side])
        if opposite is not None:
            best = max(best, opposite + 1) if side == "sell" else min(best, opposite - 1)
        missing = crowd.shape.levels - len(quotes)
        for ticks, steps in crowd.ladder(rng, side, best, max(min(2, crowd.shape.levels), missing)):
            queue = quotes.setdefault(ticks, [])
            if len(queue) < MOST_AT_A_PRICE:
                member = int(rng.random() * len(crowd.accounts))
                queue.append(crowd.place(member, side, ticks, steps, now))
