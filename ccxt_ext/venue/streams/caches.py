"""ccxt's caches of what was watched, and what a watcher gets of them."""

from collections.abc import Iterable, Sequence
from typing import Any

from ccxt.async_support.base.ws.cache import (
    ArrayCache,
    ArrayCacheBySymbolById,
    ArrayCacheBySymbolBySide,
    ArrayCacheByTimestamp,
)

from ccxt_ext.venue.aio import AsyncExchange

__all__ = [
    "OwnTrades",
    "candles_of",
    "closed_position",
    "store_orders",
    "store_positions",
    "store_trades",
    "trade_key",
    "trades_of",
]


def trades_of(exchange: AsyncExchange, symbol: str) -> ArrayCache:
    """ccxt's cache of the public trades of a market."""
    if symbol not in exchange.trades:
        exchange.trades[symbol] = ArrayCache(exchange.safe_integer(exchange.options, "tradesLimit", 1000))
    return exchange.trades[symbol]


def candles_of(exchange: AsyncExchange, symbol: str, timeframe: str) -> ArrayCacheByTimestamp:
    """ccxt's cache of the candles of a market."""
    caches = exchange.ohlcvs.setdefault(symbol, {})
    if timeframe not in caches:
        caches[timeframe] = ArrayCacheByTimestamp(exchange.safe_integer(exchange.options, "OHLCVLimit", 1000))
    return caches[timeframe]


def store_orders(exchange: AsyncExchange, orders: Iterable[Any]) -> ArrayCacheBySymbolById:
    """Put orders into ccxt's cache of the account's orders, and return it."""
    if exchange.orders is None:
        exchange.orders = ArrayCacheBySymbolById(exchange.safe_integer(exchange.options, "ordersLimit", 1000))
    for order in orders:
        exchange.orders.append(order)
    return exchange.orders


def trade_key(trade: Any) -> Any:
    """What tells a trade from others of its market."""
    if trade["id"] is not None:
        return trade["id"]
    return trade["timestamp"], trade["side"], trade["price"], trade["amount"]


def fill_key(trade: Any) -> Any:
    """What tells a fill of one's own from others. A venue may tell its order later than the fill itself."""
    order = trade["order"] if trade["id"] is None else None
    return trade["symbol"], order, trade["side"], trade_key(trade)


class OwnTrades(ArrayCache):
    """Each fill once. A trade with oneself has two under one id, of which ccxt's cache would keep one."""

    def append(self, trade: Any) -> None:
        key = fill_key(trade)
        if key in self.hashmap:
            return
        if len(self) == self.max_size:
            del self.hashmap[fill_key(self[0])]
        self.hashmap[key] = trade
        super().append(trade)


def store_trades(exchange: AsyncExchange, trades: Iterable[Any]) -> OwnTrades:
    """Put fills into the cache of the account's trades, each once, and return it."""
    if exchange.myTrades is None:
        exchange.myTrades = OwnTrades(exchange.safe_integer(exchange.options, "tradesLimit", 1000))
    for trade in trades:
        exchange.myTrades.append(trade)
    return exchange.myTrades


def closed_position(position: Any) -> Any:
    """A position that is closed, as ccxt's streams tell it, from its last state."""
    return {**position, "contracts": 0.0, "notional": 0.0, "unrealizedPnl": 0.0}


def store_positions(exchange: AsyncExchange, positions: Iterable[Any]) -> ArrayCacheBySymbolBySide:
    """Put positions into ccxt's cache of them, and return it."""
    if not isinstance(exchange.positions, ArrayCacheBySymbolBySide):
        exchange.positions = ArrayCacheBySymbolBySide()
    for position in positions:
        exchange.positions.append(position)
    return exchange.positions


def unread(
    exchange: AsyncExchange,
    cache: Any,
    symbol: str,
    since: int | None,
    limit: int | None,
    key: Any = "timestamp",
) -> Any:
    """What a watcher gets of one symbol's cache: with `newUpdates`, what came since it was last read."""
    if exchange.newUpdates:
        limit = cache.getLimit(symbol, limit)
    return exchange.filter_by_since_limit(cache, since, limit, key, True)


def by_time(rows: Iterable[Any]) -> list[Any]:
    """Oldest first, as ccxt tells every list. Its caches keep what has changed last at their end."""
    return sorted(rows, key=lambda row: row["timestamp"] or 0)


def unread_of(
    exchange: AsyncExchange, cache: Any, symbol: str | None, since: int | None, limit: int | None
) -> list[Any]:
    """The same of a cache that several symbols share."""
    if exchange.newUpdates:
        limit = cache.getLimit(symbol, limit)
    return by_time(exchange.filter_by_symbol_since_limit(cache, symbol, since, limit, True))


def unread_positions(exchange: AsyncExchange, symbols: Sequence[str]) -> list[Any]:
    """The positions that have changed since they were last read, which may be more than the news tell."""
    cache: Any = exchange.positions or []
    found: list[Any] = []
    scopes: Sequence[str | None] = symbols or [None]
    for symbol in scopes:
        rows = [position for position in cache if symbol in (None, position["symbol"])]
        count = cache.getLimit(symbol, None) if rows else 0
        found += rows[len(rows) - count :] if count else []
    return by_time(found)
