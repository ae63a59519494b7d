"""What was made of orders for lists, such as rows of JSON, so that it need not be made each time."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from operator import attrgetter
from typing import Any, TypeVar

from .model import Order

T = TypeVar("T")
ENDED_KEPT = 5000
"""So many rows of orders that have ended may be kept beside those of open ones."""
_number_of = attrgetter("id")


class KeptRows:
    """By form, the rows of an account's orders. A row stays good until its order changes."""

    def __init__(self) -> None:
        self._made: dict[Hashable, dict[int, Any]] = {}

    def of(self, orders: Iterable[Order], form: Hashable, make: Callable[[Order], T]) -> list[T]:
        """What `make` makes of orders in some form. It may not be altered."""
        asked = list(orders)
        numbers = list(map(_number_of, asked))
        made = self._made.setdefault(form, {})
        missing = set(numbers).difference(made)
        if missing:
            for order in asked:
                if order.id in missing:
                    made[order.id] = make(order)
        return list(map(made.__getitem__, numbers))

    def forget(self, number: int) -> None:
        """An order has changed."""
        for made in self._made.values():
            made.pop(number, None)

    def bound(self, opened: int) -> None:
        """Forget all if there are too many of orders that have ended, beside so many open ones."""
        for made in self._made.values():
            if len(made) > opened + ENDED_KEPT:
                made.clear()

    def __getstate__(self) -> dict[str, Any]:
        return {"_made": {}}  # they can be made again
