"""Sums of an account's open orders on one side of a contract market, so that nobody has to add them up."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from sortedcontainers import SortedDict, SortedList

from ..exact import ONE, ZERO, add, multiply, subtract
from ..model import Order, Side
from ..value import Valuation

LAST = 10**30
"""More than any order's number."""


class Part(NamedTuple):
    """What an order may still trade, and what that is worth by its own price."""

    order: Order
    price: Decimal
    amount: Decimal
    value: Decimal
    waits: bool

    @property
    def leverage(self) -> Decimal:
        return self.order.leverage or ONE


class SideOrders:
    """The open orders of one side: those that may open a position, and those that only reduce one."""

    __slots__ = (
        "_by_price",
        "_reducing",
        "_side",
        "_valuation",
        "_waiting",
        "_worths",
        "amount",
        "changes",
        "parts",
        "value",
        "values",
        "worth",
    )

    def __init__(self, side: Side, valuation: Valuation) -> None:
        self.changes = 0
        """How often they have changed."""
        self._side = side
        self._valuation = valuation
        self.parts: dict[int, Part] = {}
        """Those that may open a position, oldest first."""
        self.amount = ZERO
        """The sum of what they may still trade."""
        self.value = ZERO
        """The sum of their values."""
        self.values: dict[Decimal, Decimal] = {}
        """The same by leverage."""
        self.worth = ZERO
        """The sum of their prices times what they may still trade; of all of them, also those that reduce."""
        self._worths: dict[int, Decimal] = {}
        self._by_price: SortedDict = SortedDict()
        """Those of them that do not wait for a price."""
        self._waiting: SortedList = SortedList()
        """The prices of those that do."""
        self._reducing: tuple[dict[int, Decimal], SortedList] = {}, SortedList()
        """How much those in the book that only reduce may still trade: by number, and in order."""

    def note(self, order: Order) -> None:
        """Note that an order came, has changed, or has ended."""
        self.changes += 1
        price = order.price or order.trigger_price  # nobody knows what a market order will be worth
        self.worth = subtract(self.worth, self._worths.pop(order.id, ZERO))
        if order.status == "open" and price is not None:
            self._worths[order.id] = worth = multiply(price, order.remaining)
            self.worth = add(self.worth, worth)
        if order.reduce_only:
            self._note_reducing(order)
            return
        known = self.parts.get(order.id)
        if known is not None:
            self._forget(known)
        if order.status != "open" or price is None:
            self.parts.pop(order.id, None)
            return
        value, leverage = self._valuation.value(price, order.remaining), order.leverage or ONE
        waits = order.trigger_price is not None and order.waits
        part = self.parts[order.id] = Part(order, price, order.remaining, value, waits)
        self.amount, self.value = add(self.amount, part.amount), add(self.value, value)
        self.values[leverage] = add(self.values.get(leverage, ZERO), value)
        if waits:
            self._waiting.add(price)
            return
        level = self._by_price.get(price)
        if level is None:
            self._by_price[price] = {order.id: part}
        else:
            level[order.id] = part

    def _forget(self, part: Part) -> None:
        self.amount, self.value = subtract(self.amount, part.amount), subtract(self.value, part.value)
        leverage = part.leverage
        left = subtract(self.values[leverage], part.value)
        if left:
            self.values[leverage] = left
        else:
            del self.values[leverage]
        if part.waits:
            self._waiting.remove(part.price)
            return
        level = self._by_price[part.price]
        del level[part.order.id]
        if not level:
            del self._by_price[part.price]

    def _note_reducing(self, order: Order) -> None:
        amounts, in_order = self._reducing
        known = amounts.pop(order.id, None)
        if known is not None:
            in_order.remove((known, order.id))
        if order.status == "open" and not order.waits:
            amounts[order.id] = order.remaining
            in_order.add((order.remaining, order.id))

    def reducing_more_than(self, amount: Decimal) -> list[int]:
        """The numbers of the orders in the book that only reduce, but more than this, oldest first."""
        return sorted(number for _, number in self._reducing[1].irange((amount, LAST), None))

    def resized(self, part: Part, amount: Decimal) -> Part:
        return part._replace(amount=amount, value=self._valuation.value(part.price, amount))

    def valued_at(self, mark: Decimal) -> tuple[Decimal, ...]:
        """The mark price, and the lowest and highest by which orders that wait are valued in its place."""
        return (mark, self._waiting[0], self._waiting[-1]) if self._waiting else (mark,)

    def beyond(self, mark: Decimal) -> Iterator[Part]:
        """Those that would trade at a worse price than the mark price."""
        bounds = (mark, None) if self._side == "buy" else (None, mark)
        for price in self._by_price.irange(*bounds, inclusive=(False, False)):
            yield from self._by_price[price].values()
