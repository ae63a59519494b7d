"""Tells which of the markets that rows name are known, as a venue may list new ones at any time."""

import time
from collections.abc import Iterable
from typing import Any

from ccxt.base.exchange import Exchange

__all__ = ["is_looked_up", "market_of_symbol", "symbol_if_known"]

# A market that was not found is not searched for again within this time.
SEARCH_AGAIN_AFTER_S = 60.0


def is_looked_up(exchange: Exchange, id: str | None) -> bool:
    """Whether there is no need to load the markets: this one is known, or was not found a moment ago."""
    return (
        id is None
        or id in (exchange.markets_by_id or {})
        or time.monotonic() - exchange.unlisted.get(id, -SEARCH_AGAIN_AFTER_S) < SEARCH_AGAIN_AFTER_S
    )


def note_unlisted(exchange: Exchange, ids: Iterable[str]) -> None:
    """Remember which of these markets were not found."""
    now = time.monotonic()
    exchange.unlisted = {**exchange.unlisted, **{id: now for id in ids if id not in exchange.markets_by_id}}


def symbol_if_known(exchange: Exchange, symbol: str | None) -> str | None:
    """The symbol, or None if its market is unknown: then an order can be asked for by its id alone."""
    return symbol if exchange.markets is None or symbol in exchange.markets else None


def market_of_symbol(exchange: Exchange, symbol: str | None) -> Any:
    """The market of a row's symbol. For an unknown one it is ccxt's placeholder."""
    return exchange.markets[symbol] if symbol in exchange.markets else exchange.safe_market(symbol)
