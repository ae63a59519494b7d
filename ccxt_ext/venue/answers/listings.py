"""Markets that a venue lists after a client has loaded its own.

Which of the markets that rows name are known: others are loaded, or else told by their ids.
"""

import time
from collections.abc import Iterable
from typing import Any

from ccxt.base.exchange import Exchange

SEARCH_AGAIN_AFTER_S = 60.0  # for a market that could not be found


def is_listed(exchange: Exchange, id: str | None) -> bool:
    """Whether a market is known; or was looked for in vain not long ago."""
    return (
        id is None
        or id in (exchange.markets_by_id or {})
        or time.monotonic() - exchange.unlisted.get(id, -SEARCH_AGAIN_AFTER_S) < SEARCH_AGAIN_AFTER_S
    )


def note_unlisted(exchange: Exchange, ids: Iterable[str]) -> None:
    now = time.monotonic()
    exchange.unlisted = {**exchange.unlisted, **{id: now for id in ids if id not in exchange.markets_by_id}}


def symbol_if_known(exchange: Exchange, symbol: str | None) -> str | None:
    """What can be asked for; an order in a market that cannot be loaded goes by its id alone."""
    return symbol if exchange.markets is None or symbol in exchange.markets else None


def market_of_symbol(exchange: Exchange, symbol: str | None) -> Any:
    """That of a symbol which rows were told with, be it known or not."""
    return exchange.markets[symbol] if symbol in exchange.markets else exchange.safe_market(symbol)
