"""A wrapper of its own keeps the class from looking at the parameters of an order."""

import inspect
from typing import Any

from tests.authoring.planted.planting import planted

CASE = "9.5"


def mistaken(cls: Any) -> Any:
    class Mistaken(cls):  # type: ignore[misc]
        def create_order(self, *args: Any, **named: Any) -> Any:
            return inspect.unwrap(cls.create_order)(self, *args, **named)

        create_order.__signature__ = inspect.signature(cls.create_order)  # type: ignore[attr-defined]

    return Mistaken


PROFILE = planted("planted09", mistaken)
