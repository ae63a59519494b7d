"""ccxt's balances, as hummingbot's connectors keep them: in two dicts by the assets."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ccxt_ext.integrations.hummingbot.pairs import number

ZERO = Decimal(0)


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
        if there is None:
            continue
        if use is None and not whole and asset in available:
            # What is in orders is a part of it, and is not told.
            use = available[asset] + there - balances.get(asset, ZERO)
        use = there if use is None else max(min(use, there), ZERO)
        balances[asset], available[asset] = there, use
    if whole:
        for asset in set(balances) - {*free, *total}:
            balances.pop(asset)
            available.pop(asset, None)
