"""What is known of spot orders, of which the venue lists only those that are open. No I/O."""

from typing import Any

MOST_KEPT = 1000

# What does not change in an order.
KEPT = (
    "id",
    "clientOrderId",
    "timestamp",
    "datetime",
    "symbol",
    "type",
    "timeInForce",
    "postOnly",
    "side",
    "price",
    "triggerPrice",
    "amount",
    "info",
)


class OrderMemory:
    def __init__(self) -> None:
        self.orders: dict[str, dict[str, Any]] = {}
        self.placed: dict[str, int] = {}  # when, of those that were placed from here
        self.canceled: dict[str, None] = {}

    def see(self, order: Any) -> None:
        self.orders.pop(order["id"], None)
        self.orders[order["id"]] = {name: order.get(name) for name in KEPT}
        _forget(self.orders)

    def place(self, order: Any, now: int) -> None:
        self.see(order)
        self.placed[order["id"]] = now
        _forget(self.placed)

    def cancel(self, id: str) -> None:
        self.canceled[id] = None
        _forget(self.canceled)

    def begun(self, id: str) -> int | None:
        """When an order was placed, as far as is known."""
        timestamp: int | None = self.orders.get(id, {}).get("timestamp")
        return timestamp if timestamp is not None else self.placed.get(id)


def _forget(kept: dict[str, Any]) -> None:
    while len(kept) > MOST_KEPT:
        del kept[next(iter(kept))]
