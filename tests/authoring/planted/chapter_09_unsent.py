"""`timeInForce` is understood, and not sent."""

from typing import Any

from tests.authoring.planted.planting import planted

CASE = "9.14"


def mistaken(cls: Any) -> Any:
    class Mistaken(cls):  # type: ignore[misc]
        def create_order(
            self, symbol: Any, type: Any, side: Any, amount: Any, price: Any = None, params: Any = {}
        ) -> Any:
            return super().create_order(symbol, type, side, amount, price, self.omit(params, "timeInForce"))

    return Mistaken


PROFILE = planted("planted09unsent", mistaken)
