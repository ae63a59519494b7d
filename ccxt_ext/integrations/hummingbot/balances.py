"""ccxt's balances, as hummingbot's connectors keep them: in two dicts by the assets."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ccxt_ext.integrations.hummingbot.pairs import number


def take(
    told: Mapping[str, Any],
    balances: dict[str, Decimal],
    available: dict[str, Decimal],
    whole: bool = False,
) -> None:
    """Take all of an account's balances, or those that have changed."""
    free, total = told.get("free") or {}, told.get("total") or {}
    for asset in {*free, *total}:
        have, use = number(total.get(asset)), number(free.get(asset))
        there = use if have is None else have
        if there is not None:
            balances[asset], available[asset] = there, there if use is None else use
    if whole:
        for asset in set(balances) - {*free, *total}:
            balances.pop(asset)
            available.pop(asset, None)
