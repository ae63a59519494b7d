"""Calls do not wait for each other, whatever the rate limit says."""

from typing import Any

from tests.authoring.planted.planting import planted

CASE = "7.3"


def mistaken(cls: Any) -> Any:
    class Mistaken(cls):  # type: ignore[misc]
        def __init__(self, config: Any = {}) -> None:
            super().__init__(config)
            self.enableRateLimit = False

    return Mistaken


PROFILE = planted("planted07", mistaken)
