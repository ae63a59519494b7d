"""A limit order book: price levels in order, and in each the orders in order of arrival.

Orders are matched by price and time. An incoming order trades at the best price of the other side first, and
at one price with the order that came first, as long as its own limit allows. Each trade has the price of the
resting order (the maker), never that of the incoming one (the taker).

An account may trade with itself, as a venue that does not document self-trade prevention has none. Both sides
are settled as usual and pay their fees, so the ledger stays balanced.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import islice

from sortedcontainers import SortedDict

from ..exact import ZERO, add, subtract
from ..model import Level, Order, Side

UNLIMITED = 10**40
"""More ticks than any price has: the limit of a market order that buys. The limit of one that sells is 0."""


class PriceLevel:
    """The queue at one price. It is an OrderedDict, as any order can be taken out of that quickly."""

    __slots__ = ("_shown", "amount", "orders", "price", "ticks")

    def __init__(self, order: Order) -> None:
        self.price = order.limit
        self.ticks = order.ticks
        self.amount = order.remaining
        self.orders: OrderedDict[int, Order] = OrderedDict({order.id: order})
        self._shown: Level | None = None

    def shown(self) -> Level:
        """The level as others see it: the same object until it changes."""
        shown = self._shown
        if shown is None or shown.amount is not self.amount or shown[2] != len(self.orders):
            shown = self._shown = Level(self.price, self.amount, len(self.orders))
        return shown

    def first(self) -> Order:
        return next(iter(self.orders.values()))


class BookSide:
    """One side of the book, best price first. Bids have the negative number of ticks as keys."""

    __slots__ = ("_best", "_levels", "_sign")

    def __init__(self, side: Side) -> None:
        self._sign = -1 if side == "buy" else 1
        self._levels: SortedDict = SortedDict()
        self._best: PriceLevel | None = None
        """The best level, once somebody has asked, until a level comes or goes."""

    def __len__(self) -> int:
        return len(self._levels)

    def __iter__(self) -> Iterator[PriceLevel]:
        return map(self._levels.__getitem__, self._levels)

    def best(self) -> PriceLevel | None:
        if self._best is None and self._levels:
            self._best = self._levels.peekitem(0)[1]
        return self._best

    def at(self, ticks: int) -> PriceLevel | None:
        return self._levels.get(self._sign * ticks)

    def add(self, order: Order) -> None:
        key = self._sign * order.ticks
        level = self._levels.get(key)
        if level is None:
            self._levels[key] = PriceLevel(order)
            self._best = None
        else:
            level.orders[order.id] = order
            level.amount = add(level.amount, order.remaining)

    def reduce(self, order: Order, amount: Decimal) -> None:
        """Take an amount out of an order's level, before the order itself is changed.

        If it is all that the order has, the order is removed.
        """
        key = self._sign * order.ticks
        level = self._levels[key]
        if amount == order.remaining:
            del level.orders[order.id]
            if not level.orders:
                del self._levels[key]
                self._best = None
                return
        level.amount = subtract(level.amount, amount)

    def refine(self, factor: int) -> None:
        """Count in ticks that are so many times finer."""
        levels = list(self)
        for level in levels:
            level.ticks *= factor
            for order in level.orders.values():
                order.ticks = level.ticks
        self._levels = SortedDict({self._sign * level.ticks: level for level in levels})

    def orders(self) -> list[Order]:
        """The orders, in the order in which they would trade."""
        return list(self.each_order())

    def each_order(self) -> Iterator[Order]:
        """The same, one by one."""
        return (order for level in self for order in level.orders.values())

    def levels(self, depth: int | None = None) -> list[Level]:
        levels = self._levels
        return [levels[key].shown() for key in islice(levels, depth)]


class Book:
    """Both sides of a market's book."""

    __slots__ = ("asks", "bids")

    def __init__(self) -> None:
        self.bids = BookSide("buy")
        self.asks = BookSide("sell")

    def side(self, side: Side) -> BookSide:
        return self.bids if side == "buy" else self.asks

    def amount_at(self, side: Side, ticks: int) -> Decimal:
        level = self.bids.at(ticks) if side == "buy" else self.asks.at(ticks)
        return ZERO if level is None else level.amount

    def crossing(
        self, taker: Order, allowed: Callable[[Decimal, Decimal], Decimal] | None = None
    ) -> Iterator[tuple[Order, Decimal]]:
        """The resting orders that `taker` trades with, each with the amount of the trade.

        An amount is already out of the book when it is yielded. The caller settles it, and takes it from the
        `remaining` of both orders before asking for the next one. `allowed` tells how much of an amount may
        be taken at a price; matching ends when that is nothing.
        """
        buys = taker.side == "buy"
        opposite = self.asks if buys else self.bids
        limit = taker.ticks
        while taker.remaining:
            level = opposite.best()
            if level is None or (level.ticks > limit if buys else level.ticks < limit):
                return
            maker = level.first()
            amount = min(taker.remaining, maker.remaining)
            if allowed is not None:
                amount = allowed(level.price, amount)
                if not amount:
                    return
            opposite.reduce(maker, amount)
            yield maker, amount

    def offers(self, side: Side, ticks: int, amount: Decimal) -> list[tuple[Decimal, Decimal]]:
        """What an order with this limit would trade now: the prices, and the amount at each."""
        buys = side == "buy"
        opposite = self.asks if buys else self.bids
        best, found = opposite.best(), list[tuple[Decimal, Decimal]]()
        if best is None or (best.ticks > ticks if buys else best.ticks < ticks):
            return found
        for level in opposite:
            if not amount or (level.ticks > ticks if buys else level.ticks < ticks):
                break
            taken = min(amount, level.amount)
            found.append((level.price, taken))
            amount = subtract(amount, taken)
        return found
