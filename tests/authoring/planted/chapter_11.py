"""What an order has cost is told by its own price, not by the prices at which it was filled."""

from typing import Any

from tests.authoring.planted.planting import planted

CASE = "11.1"


def mistaken(cls: Any) -> Any:
    class Mistaken(cls):  # type: ignore[misc]
        def parse_order(self, *args: Any, **named: Any) -> Any:
            order = super().parse_order(*args, **named)
            if not (order["price"] and order["filled"]):
                return order
            return {**order, "average": order["price"], "cost": order["filled"] * order["price"]}

    return Mistaken


PROFILE = planted("planted11", mistaken)
