"""Amounts are rounded to the nearest step, so that more may be bought than was asked for."""

from typing import Any

from ccxt.base.decimal_to_precision import ROUND

from tests.authoring.planted.planting import planted

CASE = "4.20"


def mistaken(cls: Any) -> Any:
    class Mistaken(cls):  # type: ignore[misc]
        def amount_to_precision(self, symbol: str, amount: Any) -> Any:
            step = self.market(symbol)["precision"]["amount"]
            return self.decimal_to_precision(amount, ROUND, step, self.precisionMode, self.paddingMode)

    return Mistaken


PROFILE = planted("planted04", mistaken)
