"""The error of an order whose answer is lost does not say that its outcome is unknown."""

from typing import Any

from tests.authoring.planted.planting import planted

CASE = "5.5"


def mistaken(cls: Any) -> Any:
    class Mistaken(cls):  # type: ignore[misc]
        def outcome_unknown(self, error: Any, *args: Any, **named: Any) -> Any:
            return error

    return Mistaken


PROFILE = planted("planted05", mistaken)
