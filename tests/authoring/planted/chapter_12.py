"""A balance that the key may not see is told as an empty one."""

import inspect
from typing import Any

import ccxt

from tests.authoring.planted.planting import planted

CASE = "12.5"


def mistaken(cls: Any) -> Any:
    class Mistaken(cls):  # type: ignore[misc]
        def fetch_balance(self, params: Any = {}) -> Any:
            async def later(balance: Any) -> Any:
                try:
                    return await balance
                except ccxt.PermissionDenied:
                    return self.safe_balance({"info": {}})

            try:
                balance = super().fetch_balance(params)
            except ccxt.PermissionDenied:
                return self.safe_balance({"info": {}})
            return later(balance) if inspect.isawaitable(balance) else balance

    return Mistaken


PROFILE = planted("planted12", mistaken)
