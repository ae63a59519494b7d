"""Watching what a venue does not stream: REST calls, repeated while somebody waits for news.

One poll serves all who watch the same thing, and tells them only what has changed.
"""

import asyncio
import time
from collections.abc import Iterable, Sequence
from typing import Any

from ccxt.async_support.base.ws.cache import ArrayCache, ArrayCacheBySymbolById, ArrayCacheBySymbolBySide
from ccxt.base.errors import OrderNotFound

from ccxt_ext.venue.streams.connection import Connection
from ccxt_ext.venue.streams.subjects import Subject

LONGEST_PAUSE_S = 30.0
PATIENCE = 3  # polls in which an order that was open is not found, before its watchers are told

FIRST_FILLS = 100

# What changes in a position with every price, though nothing has happened to it.
PRICED = frozenset(
    (
        "collateral",
        "datetime",
        "info",
        "lastPrice",
        "lastUpdateTimestamp",
        "maintenanceMargin",
        "marginRatio",
        "markPrice",
        "notional",
        "percentage",
        "timestamp",
        "unrealizedPnl",
    )
)
STAMPS = frozenset(("datetime", "info", "timestamp"))


class PollingPlace(Connection):
    """Where the watchers of what is polled wait. Nothing is ever dialled."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.polls: dict[Subject, Poll] = {}

    def closed(self) -> bool:
        return True


class Poll:
    """Something that is fetched again and again, while somebody waits for it."""

    def __init__(self, exchange: Any, name: str, params: Any) -> None:
        self.exchange = exchange
        self.name = name
        self.params = params
        self.hash = Subject(name)
        self.task: asyncio.Task[Any] | None = None
        self.due = 0.0
        self.failures = 0
        self.untold: Any = None  # what no watcher has taken yet

    async def fetch(self) -> Any:
        """What is delivered; None if nothing has changed."""
        raise NotImplementedError

    def with_untold(self, news: Any) -> Any:
        """What is told now; of what nobody took, caches and whole answers still have all."""
        return self.untold if news is None else news

    def taken(self, news: Any) -> bool:
        """A watcher has got it. Others may have been cancelled before they did, or served by another poll."""
        if self.untold is not news:
            return False
        self.untold = None
        return True

    def placed(self, order: Any) -> None:
        """This instance placed an order."""

    def interval_s(self) -> float:
        options = self.exchange.options.get("polling", {})
        interval = options.get(self.name, options.get("interval"))
        if interval is None:
            # A third of what the venue allows is left for orders, and for other polls.
            interval = max(1000, 3 * self.exchange.rateLimit)
        return interval / 1000

    async def run(self, place: PollingPlace) -> None:
        while place.waiting.get(self.hash):
            pause = self.due - time.monotonic()
            if pause > 0:
                await asyncio.sleep(pause)
                continue  # those who waited may have gone
            interval = self.interval_s()
            try:
                news = await self.fetch()
            except Exception as error:
                self.failures += 1
                pause = min(interval * 2**self.failures, max(interval, LONGEST_PAUSE_S))
                place.reject(error, self.hash)
            else:
                self.failures = 0
                pause = interval
                self.untold = news = self.with_untold(news)
                if news is not None:
                    place.resolve(news, self.hash)
            self.due = time.monotonic() + pause
            await asyncio.sleep(0)  # so that those who were served can ask again


class BookPoll(Poll):
    def __init__(self, exchange: Any, params: Any, symbol: str, limit: int | None) -> None:
        super().__init__(exchange, "watchOrderBook", params)
        self.symbol, self.limit = symbol, limit
        self.book = exchange.order_book({})
        self.last: Any = None

    async def fetch(self) -> Any:
        book = await self.exchange.fetch_order_book(self.symbol, self.limit, self.params)
        if (book["bids"], book["asks"]) == self.last:
            return None
        self.last = book["bids"], book["asks"]
        self.book.reset(book)
        self.exchange.orderbooks[self.symbol] = self.book
        return self.book


class TablePoll(Poll):
    """Tickers, or something else that there is one of for each symbol, into a dict of the exchange's."""

    def __init__(
        self,
        exchange: Any,
        name: str,
        params: Any,
        fetch: Any,
        symbols: Sequence[str] | None,
        table: dict[str, Any],
    ) -> None:
        super().__init__(exchange, name, params)
        self.call, self.symbols, self.table = fetch, symbols, table
        self.last: dict[str, Any] = {}

    async def fetch(self) -> Any:
        rows = await self.call(self.symbols, self.params)
        changed = {}
        for symbol, row in rows.items():
            content = _without(row, STAMPS)
            if self.last.get(symbol) != content:
                self.last[symbol] = content
                changed[symbol] = self.table[symbol] = row
        return changed or None

    def with_untold(self, news: Any) -> Any:
        return self.untold if news is None else {**(self.untold or {}), **news}


class CandlesPoll(Poll):
    def __init__(self, exchange: Any, params: Any, symbol: str, timeframe: str) -> None:
        super().__init__(exchange, "watchOHLCV", params)
        self.symbol, self.timeframe = symbol, timeframe

    async def fetch(self) -> Any:
        cache = self.exchange.candles_of(self.symbol, self.timeframe)
        since = cache[-1][0] if len(cache) else None
        rows = await self.exchange.fetch_ohlcv(self.symbol, self.timeframe, since, None, self.params)
        known = {row[0]: row for row in cache}
        changed = [row for row in rows if known.get(row[0]) != row and (since is None or row[0] >= since)]
        for row in changed:
            cache.append(row)
        return (self.symbol, self.timeframe, cache) if changed else None


class TradesPoll(Poll):
    def __init__(self, exchange: Any, params: Any, symbol: str) -> None:
        super().__init__(exchange, "watchTrades", params)
        self.symbol = symbol
        self.last: list[Any] = []

    async def fetch(self) -> Any:
        trades = await self.exchange.fetch_trades(self.symbol, None, None, self.params)
        keys = [trade_key(trade) for trade in trades]
        news = trades[overlap(self.last, keys) :]
        self.last = keys or self.last
        cache = self.exchange.trades_of(self.symbol)
        for trade in news:
            cache.append(trade)
        return cache if news else None


def overlap(before: Sequence[Any], after: Sequence[Any]) -> int:
    """How many of `after`, from its beginning, the end of `before` has as well.

    By place rather than by set: two trades without ids may be alike and yet be two.
    """
    for start in range(max(0, len(before) - len(after)), len(before)):
        if list(before[start:]) == list(after[: len(before) - start]):
            return len(before) - start
    known = set(before)
    # A venue that lists trades of one moment in another order than before.
    return next((place for place in range(len(after), 0, -1) if after[place - 1] in known), 0)


class OrdersPoll(Poll):
    """Open orders, those that this instance placed meanwhile, and what became of those that are gone."""

    def __init__(self, exchange: Any, params: Any, symbol: str | None) -> None:
        super().__init__(exchange, "watchOrders", params)
        self.symbol = symbol
        self.open: dict[str, Any] = {}
        if not exchange.has["fetchOpenOrders"]:
            for order in exchange.placed_orders.values():
                if is_unsettled(order):
                    self.placed(order)
        self.missed: dict[str, int] = {}

    def placed(self, order: Any) -> None:
        if self.symbol in (None, order["symbol"]):
            self.open.setdefault(order["id"], {**order, "status": None})

    async def fetch(self) -> Any:
        before = dict(self.open)
        seen = {order["id"]: order for order in await self.exchange.open_orders_now(self.symbol, self.params)}
        for id, order in before.items():
            if id in seen:
                self.missed.pop(id, None)
            else:
                found = await self.look_up(order)
                if found is not None:
                    seen[id] = found
        changed = []
        for id, order in seen.items():
            if id in self.exchange.placed_orders:
                self.exchange.placed_orders[id] = order
            if _order_state(order) != _order_state(self.open.get(id)):
                changed.append(order)
            if order["status"] == "open":
                self.open[id] = order
            else:
                self.open.pop(id, None)
        return store_orders(self.exchange, changed) if changed else None

    async def look_up(self, order: Any) -> Any:
        id = order["id"]
        missed = self.missed.get(id, 0) + 1
        try:
            found = await self.exchange.order_that_left(order, missed >= PATIENCE)
        except OrderNotFound:
            if missed >= PATIENCE:
                self.open.pop(id, None)
                self.missed.pop(id, None)
                self.exchange.placed_orders.pop(id, None)
                raise
            found = None
        if found is None:
            # It may be on its way between two of the venue's lists.
            self.missed[id] = missed
        else:
            self.missed.pop(id, None)
        return found


def is_unsettled(order: Any) -> bool:
    """Whether an order may still change, by what was last heard of it."""
    return order["status"] in (None, "open")


def store_orders(exchange: Any, orders: Iterable[Any]) -> ArrayCacheBySymbolById:
    if exchange.orders is None:
        exchange.orders = ArrayCacheBySymbolById(exchange.safe_integer(exchange.options, "ordersLimit", 1000))
    for order in orders:
        exchange.orders.append(order)
    return exchange.orders


def fill_key(trade: Any) -> Any:
    """What tells a fill of one's own from others. A venue may tell later of which order it is."""
    order = trade["order"] if trade["id"] is None else None
    return trade["symbol"], order, trade["side"], trade_key(trade)


class MyTradesPoll(Poll):
    """What was there at first is not news, except for fills of orders that this instance placed meanwhile."""

    def __init__(self, exchange: Any, params: Any, symbol: str | None) -> None:
        super().__init__(exchange, "watchMyTrades", params)
        self.symbol = symbol
        self.seen: dict[Any, int | None] | None = None  # fills that may come again, and when they happened
        self.latest: int | None = None  # so that the venue tells all since, however many there were
        self.ours: dict[str, Any] = {}  # orders placed since, until they have been looked for among the old
        self.old: list[Any] = []  # of the first answer; the one to a new order may come after it

    def placed(self, order: Any) -> None:
        if self.seen is None or self.old:
            self.ours[order["id"]] = order

    async def fetch(self) -> Any:
        # At first, more than a usual page: orders that were placed meanwhile may have filled many times.
        limit = FIRST_FILLS if self.seen is None and self.ours else None
        since = self.latest
        trades = await self.exchange.fetch_my_trades(self.symbol, since, limit, self.params)
        told = {fill_key(trade): trade["timestamp"] for trade in trades}
        if self.seen is None:
            self.old, self.seen = trades, told
        # Until this has worked, nothing of the answer counts as told.
        news = await self.ours_of_old()
        trades = [trade for trade in trades if not is_before(trade["timestamp"], since)]
        news += [trade for trade in trades if fill_key(trade) not in self.seen]
        # Where there was none at first, all that there ever are.
        self.latest = max((trade["timestamp"] or 1 for trade in trades), default=self.latest or 1)
        # What is older is not asked for again.
        known = {**self.seen, **told}
        self.seen = {key: at for key, at in known.items() if not is_before(at, self.latest)}
        return store_trades(self.exchange, news) if news else None

    async def ours_of_old(self) -> list[Any]:
        """Fills that were there at first, of orders that were placed after watching began."""
        ours = dict(self.ours)
        told: set[Any] = set()
        for id, order in ours.items():
            if self.exchange.has["fetchOrderTrades"] and any(trade["order"] is None for trade in self.old):
                trades = await self.exchange.fetch_order_trades(id, order["symbol"])
                told |= {fill_key(trade) for trade in trades}
        news: list[Any] = []
        rest: list[Any] = []
        for trade in self.old:
            (news if trade["order"] in ours or fill_key(trade) in told else rest).append(trade)
        self.old = rest
        for id in ours:
            del self.ours[id]
        return news


def is_before(at: int | None, moment: int | None) -> bool:
    return at is not None and moment is not None and at < moment


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


def store_trades(exchange: Any, trades: Iterable[Any]) -> OwnTrades:
    if exchange.myTrades is None:
        exchange.myTrades = OwnTrades(exchange.safe_integer(exchange.options, "tradesLimit", 1000))
    for trade in trades:
        exchange.myTrades.append(trade)
    return exchange.myTrades


class BalancePoll(Poll):
    def __init__(self, exchange: Any, params: Any) -> None:
        super().__init__(exchange, "watchBalance", params)
        self.last: Any = None

    async def fetch(self) -> Any:
        balance = await self.exchange.fetch_balance(self.params)
        amounts = balance["free"], balance["used"], balance["total"]
        if amounts == self.last:
            return None
        self.last = amounts
        self.exchange.balance = balance
        return balance


class PositionsPoll(Poll):
    def __init__(self, exchange: Any, params: Any, symbols: Sequence[str] | None) -> None:
        super().__init__(exchange, "watchPositions", params)
        self.symbols = symbols
        self.last: dict[Any, Any] | None = None

    async def fetch(self) -> Any:
        fetched = await self.exchange.fetch_positions(self.symbols, self.params)
        now = {(position["symbol"], position["side"]): position for position in fetched}
        first, before = self.last is None, self.last or {}
        changed = [
            position
            for key, position in now.items()
            if _without(before.get(key), PRICED) != _without(position, PRICED)
        ]
        changed += [gone(position) for key, position in before.items() if key not in now]
        self.last = now
        store_positions(self.exchange, changed)
        # No position is an answer as well, for the first who ask.
        return changed if changed or first else None


def gone(position: Any) -> Any:
    """A position that is no more, the way ccxt's streams tell it."""
    return {**position, "contracts": 0.0, "notional": 0.0, "unrealizedPnl": 0.0}


def store_positions(exchange: Any, positions: Iterable[Any]) -> ArrayCacheBySymbolBySide:
    if not isinstance(exchange.positions, ArrayCacheBySymbolBySide):
        exchange.positions = ArrayCacheBySymbolBySide()
    for position in positions:
        exchange.positions.append(position)
    return exchange.positions


def _without(row: Any, names: frozenset[str]) -> Any:
    return None if row is None else {name: value for name, value in row.items() if name not in names}


def _order_state(order: Any) -> Any:
    if order is None:
        return None
    return tuple(
        order[name]
        for name in ("status", "filled", "remaining", "amount", "price", "average", "triggerPrice")
    )


def trade_key(trade: Any) -> Any:
    if trade["id"] is not None:
        return trade["id"]
    return trade["timestamp"], trade["side"], trade["price"], trade["amount"]
