"""Finds the market that a caller names by its symbol."""

from typing import Any

from ccxt.base.errors import ArgumentsRequired
from ccxt.base.exchange import Exchange

__all__ = ["optional_market", "required_market"]


def required_market(exchange: Exchange, symbol: str | None, method: str) -> Any:
    """The market of a symbol. Raises ArgumentsRequired if there is no symbol."""
    if symbol is None:
        raise ArgumentsRequired(f"{exchange.id} {method}() requires a symbol")
    return exchange.market(symbol)


def optional_market(exchange: Exchange, symbol: str | None) -> Any:
    """The market of a symbol; None if there is no symbol."""
    return None if symbol is None else exchange.market(symbol)
