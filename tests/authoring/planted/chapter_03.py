"""Nothing is ever filled of an order."""

from typing import Any

from tests.authoring.planted.planting import planted

CASE = "3.2"


def mistaken(cls: Any) -> Any:
    class Mistaken(cls):  # type: ignore[misc]
        def parse_order(self, *args: Any, **named: Any) -> Any:
            return {**super().parse_order(*args, **named), "filled": 0.0}

    return Mistaken


PROFILE = planted("planted03", mistaken)
