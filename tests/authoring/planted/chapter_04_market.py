"""A market buy buys three times as much."""

from typing import Any

from tests.authoring.planted.planting import planted

CASE = "4.23"


def mistaken(cls: Any) -> Any:
    class Mistaken(cls):  # type: ignore[misc]
        def create_order(
            self, symbol: Any, type: Any, side: Any, amount: Any, price: Any = None, params: Any = {}
        ) -> Any:
            times = 3 if (type, side) == ("market", "buy") else 1
            return super().create_order(symbol, type, side, times * amount, price, params)

    return Mistaken


PROFILE = planted("planted04market", mistaken)
