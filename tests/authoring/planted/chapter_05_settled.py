"""Orders are listed with the seconds of their time in place of its milliseconds."""

from typing import Any

from tests.authoring.planted.planting import planted

CASE = "5.12"


def mistaken(cls: Any) -> Any:
    class Mistaken(cls):  # type: ignore[misc]
        def parse_order(self, order: Any, market: Any = None) -> Any:
            parsed = super().parse_order(order, market)
            if parsed["timestamp"] is not None:
                parsed["timestamp"] //= 1000
            return parsed

    return Mistaken


PROFILE = planted("planted05settled", mistaken, like="bitmart2")
