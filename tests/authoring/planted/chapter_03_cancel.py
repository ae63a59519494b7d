"""Whatever has become of an order, it is told as cancelled once a cancel was sent."""

import inspect
from typing import Any

from tests.authoring.planted.planting import planted

CASE = "3.10"


def mistaken(cls: Any) -> Any:
    is_async = inspect.iscoroutinefunction(inspect.unwrap(cls.cancel_order))

    class Mistaken(cls):  # type: ignore[misc]
        if is_async:

            async def cancel_order(self, id: Any, symbol: Any = None, params: Any = {}) -> Any:
                return {**await super().cancel_order(id, symbol, params), "status": "canceled"}

        else:

            def cancel_order(self, id: Any, symbol: Any = None, params: Any = {}) -> Any:
                return {**super().cancel_order(id, symbol, params), "status": "canceled"}

    return Mistaken


PROFILE = planted("planted03cancel", mistaken)
