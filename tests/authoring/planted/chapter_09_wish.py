"""`reduceOnly` is declared, and no notice is taken of it."""

from typing import Any, ClassVar

from tests.authoring.planted.planting import planted

CASE = "9.1"


def mistaken(cls: Any) -> Any:
    class Mistaken(cls):  # type: ignore[misc]
        understands: ClassVar[Any] = {
            **cls.understands,
            "createOrder": (*cls.understands["createOrder"], "reduceOnly"),
        }

        def create_order(
            self, symbol: Any, type: Any, side: Any, amount: Any, price: Any = None, params: Any = {}
        ) -> Any:
            return super().create_order(symbol, type, side, amount, price, self.omit(params, "reduceOnly"))

    return Mistaken


PROFILE = planted("planted09wish", mistaken)
