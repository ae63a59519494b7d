"""Orders that wait for a price.

A waiting order is not in the book. A buy waits for the price to rise to its trigger price, a sell for it to
fall there (the classic stop), unless the order says otherwise. It becomes an ordinary order as soon as the
price is reached, which may be at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from sortedcontainers import SortedDict

from ..model import Order, TriggerSource


class Triggers:
    """The waiting orders of one market."""

    __slots__ = ("_by_price", "waiting")

    def __init__(self) -> None:
        self.waiting: dict[int, Order] = {}
        """All of them, oldest first."""
        self._by_price: dict[tuple[TriggerSource, bool], SortedDict] = {}
        """Those for the same kind of price that wait for it to rise, or to fall; the next ones first."""

    def add(self, order: Order) -> None:
        self.waiting[order.id] = order
        key = order.trigger_by, order.trigger_above
        if key not in self._by_price:
            self._by_price[key] = SortedDict()
        self._by_price[key][_place(order)] = order

    def remove(self, order: Order) -> None:
        del self.waiting[order.id]
        key = order.trigger_by, order.trigger_above
        del self._by_price[key][_place(order)]
        if not self._by_price[key]:
            del self._by_price[key]

    def next_first(self, above: bool) -> Iterator[Iterable[Order]]:
        """Those that wait for a price to rise, or to fall, for each kind of price; the next ones first."""
        for (_, waits_above), orders in self._by_price.items():
            if waits_above == above:
                yield orders.values()

    def take_due(self, price_of: Callable[[TriggerSource], Decimal]) -> Order | None:
        """Remove the oldest order whose price was reached, and return it."""
        due: list[int] = []
        for (source, above), orders in self._by_price.items():
            price = price_of(source)
            for reach, number in orders:
                if reach > (price if above else price.copy_negate()):
                    break
                due.append(number)
        if not due:
            return None
        order = self.waiting[min(due)]
        self.remove(order)
        return order


def _place(order: Order) -> tuple[Any, int]:
    trigger = order.trigger_price
    assert trigger is not None
    return trigger if order.trigger_above else trigger.copy_negate(), order.id
