# Generated from rest_new_markets.py by `ccxt-ext twins`. Do not edit.
"""Rows of contracts that may have been listed since the markets were loaded."""

from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import new_markets_sync


def listed_rows(exchange: Exchange, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows, once their markets are known."""
    new_markets_sync.load_new_markets(exchange, (exchange.safe_string(row, "symbol") for row in rows))
    return rows
