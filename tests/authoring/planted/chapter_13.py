"""A ticker without a last price is no error of ccxt's, but Python's own."""

from typing import Any

from tests.authoring.planted.planting import planted

CASE = "13.3"


def mistaken(cls: Any) -> Any:
    class Mistaken(cls):  # type: ignore[misc]
        def safe_ticker(self, ticker: Any, market: Any = None) -> Any:
            return {**super().safe_ticker(ticker, market), "last": float(ticker["last"])}

    return Mistaken


PROFILE = planted("planted13", mistaken)
