"""A ticker's last price is a text."""

from typing import Any

from tests.authoring.planted.planting import planted

CASE = "2.4"


def mistaken(cls: Any) -> Any:
    class Mistaken(cls):  # type: ignore[misc]
        def parse_ticker(self, *args: Any, **named: Any) -> Any:
            ticker = super().parse_ticker(*args, **named)
            return {**ticker, "last": str(ticker["last"])}

    return Mistaken


PROFILE = planted("planted02", mistaken)
