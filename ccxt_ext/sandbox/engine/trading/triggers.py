"""Orders that wait for a price.

A waiting order is not in the book. A buy waits for the price to rise to its trigger price, a sell for it to
fall there (the classic stop), unless the order says otherwise. It becomes an ordinary order as soon as the
price is reached, which may be at once.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from ..model import Order, TriggerSource


class Triggers:
    """The waiting orders of one market, oldest first."""

    __slots__ = ("waiting",)

    def __init__(self) -> None:
        self.waiting: dict[int, Order] = {}

    def add(self, order: Order) -> None:
        self.waiting[order.id] = order

    def remove(self, order: Order) -> None:
        del self.waiting[order.id]

    def take_due(self, price_of: Callable[[TriggerSource], Decimal]) -> Order | None:
        """Remove the oldest order whose price was reached, and return it."""
        for order in self.waiting.values():
            trigger = order.trigger_price
            assert trigger is not None
            price = price_of(order.trigger_by)
            if price >= trigger if order.trigger_above else price <= trigger:
                del self.waiting[order.id]
                return order
        return None
