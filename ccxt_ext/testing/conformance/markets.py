"""The markets that cases trade on."""

from __future__ import annotations

from ccxt_ext.testing.client import Client


async def first_of_each_type(trader: Client) -> dict[str, str]:
    """By type, the first open market."""
    first: dict[str, str] = {}
    for market in (await trader("loadMarkets")).values():
        if market["active"]:
            first.setdefault(market["type"], market["symbol"])
    return first


async def first_of_each_kind(trader: Client) -> dict[str, str]:
    """The first open spot market, and of contracts the first linear and the first inverse one."""
    first: dict[str, str] = {}
    for market in (await trader("loadMarkets")).values():
        for kind in ("spot",) if market["spot"] else ("linear", "inverse") if market["contract"] else ():
            if market["active"] and market[kind]:
                first.setdefault(kind, market["symbol"])
    return first
