"""A failure inside the venue is taken for a refusal."""

from typing import Any

import ccxt

from tests.authoring.planted.planting import planted

CASE = "5.11"


def mistaken(cls: Any) -> Any:
    class Mistaken(cls):  # type: ignore[misc]
        def handle_errors(self, code: int, *args: Any) -> Any:
            if code == 500:
                raise ccxt.ExchangeError(f"{self.id} refused")
            return super().handle_errors(code, *args)

    return Mistaken


PROFILE = planted("planted05inside", mistaken)
