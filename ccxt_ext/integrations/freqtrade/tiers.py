"""Leverage tiers where a venue lists none: one for each contract, from what its market tells."""

from __future__ import annotations

from typing import Any

UNTOLD_SHARE = 0.5
"""Where no maintenance rate is told: this share of the margin at the highest leverage, as is common."""


def one_tier(market: dict[str, Any], maintenance_rate: float | None) -> dict[str, Any]:
    limits = market.get("limits") or {}
    leverage = float((limits.get("leverage") or {}).get("max") or 1)
    return {
        "tier": 1,
        "symbol": market["symbol"],
        "currency": market["settle"],
        "minNotional": 0.0,
        "maxNotional": (limits.get("cost") or {}).get("max"),
        "maintenanceMarginRate": UNTOLD_SHARE / leverage if maintenance_rate is None else maintenance_rate,
        "maxLeverage": leverage,
        "info": {},
    }
