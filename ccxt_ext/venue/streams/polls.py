"""Polls: REST calls that are repeated while somebody waits for news. Each tells only what has changed."""

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from ccxt.base.errors import ArgumentsRequired, OrderNotFound

from ccxt_ext.venue.aio import AsyncExchange
from ccxt_ext.venue.answers import listings
from ccxt_ext.venue.streams.audience import Audience
from ccxt_ext.venue.streams.caches import (
    candles_of,
    closed_position,
    fill_key,
    store_orders,
    store_positions,
    store_trades,
    trade_key,
    trades_of,
)
from ccxt_ext.venue.streams.methods import TABLES
from ccxt_ext.venue.streams.subjects import Subject

__all__ = ["PATIENCE", "OrdersPoll", "PlacedOrders", "Poll"]

LONGEST_PAUSE_S = 30.0
#: How often an order that was open is looked for in vain, before its watchers are told.
PATIENCE = 3

FIRST_FILLS = 100
PLACED_KEPT = 1000  # of the orders that an instance placed

# What changes in a position with each price, though nothing has happened to the position.
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


class PlacedOrders:
    """The orders that this instance placed, as they were last heard of. Those that have ended go first."""

    def __init__(self) -> None:
        self.orders: dict[str, Any] = {}  # by their ids

    def note(self, order: Any) -> None:
        """Take an order as it was placed, or as it is now."""
        if order["id"] is None:
            return
        orders = self.orders
        orders[order["id"]] = order
        while len(orders) > PLACED_KEPT:
            settled = (id for id, placed in orders.items() if not is_unsettled(placed))
            del orders[next(settled, next(iter(orders)))]

    def update(self, orders: Mapping[str, Any]) -> None:
        """Take what has become of those that were placed, by their ids."""
        for id in orders.keys() & self.orders.keys():
            self.orders[id] = orders[id]

    def forget(self, id: str) -> None:
        """Forget an order that cannot be found."""
        self.orders.pop(id, None)


def is_unsettled(order: Any) -> bool:
    """Whether an order may still change, as far as is known."""
    return order["status"] in (None, "open")


class Poll:
    """Something that is fetched again and again, while somebody waits for it."""

    watch: str
    """The watch method, under whose name the options have an interval."""

    def __init__(
        self, exchange: AsyncExchange, subject: Subject, params: Any, placed: PlacedOrders | None = None
    ) -> None:
        #: the streaming instance
        self.exchange = exchange
        #: what is polled
        self.subject = subject
        #: the parameters of whoever watches
        self.params = params
        #: the orders that this instance placed
        self.placed = PlacedOrders() if placed is None else placed
        self.task: asyncio.Task[Any] | None = None
        self.due = 0.0
        self.failures = 0
        self.untold: Any = None  # news that no watcher has taken yet

    async def fetch(self) -> Any:
        """The news; None if nothing has changed."""
        raise NotImplementedError

    def with_untold(self, news: Any) -> Any:
        """What is given out now. A cache, or a complete answer, has all that nobody took as well."""
        return self.untold if news is None else news

    def taken(self, news: Any) -> bool:
        """A watcher has got news. If they were this poll's, it keeps them for nobody else.

        They may be another's, or the watcher that they were meant for was cancelled before it got them.
        """
        if self.untold is not news:
            return False
        self.untold = None
        return True

    def parts_of(self, news: Any) -> list[Any]:
        """The news as a source tells them."""
        return [news]

    def note(self, order: Any) -> None:
        """This instance has placed an order."""

    def interval_s(self) -> float:
        """Seconds between two polls: of the options, or as `rateLimit` allows."""
        options = self.exchange.options.get("polling", {})
        interval = options.get(self.watch, options.get("interval"))
        if interval is None:
            # A third of what the venue allows: the rest is left for orders, and for other polls.
            interval = max(1000, 3 * self.exchange.rateLimit)
        return interval / 1000

    async def run(self, audience: Audience) -> None:  # internal
        while audience.waiting.get(self.subject):
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
                audience.reject(error, self.subject)
            else:
                self.failures = 0
                pause = interval
                self.untold = news = self.with_untold(news)
                if news is not None:
                    audience.resolve(news, self.subject)
            self.due = time.monotonic() + pause
            await asyncio.sleep(0)  # so that those who were served can ask again


class BookPoll(Poll):
    watch = "watchOrderBook"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.book = self.exchange.order_book({})
        self.last: Any = None

    async def fetch(self) -> Any:
        symbol, limit = self.subject.symbol, self.subject.detail
        book = await self.exchange.fetch_order_book(symbol, limit, self.params)
        if (book["bids"], book["asks"]) == self.last:
            return None
        self.last = book["bids"], book["asks"]
        self.book.reset(book)
        self.exchange.orderbooks[symbol] = self.book
        return self.book


class TablePoll(Poll):
    """Tickers, or something else that each symbol has one of."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.table = TABLES[self.subject.kind]
        self.watch = self.table.watch
        self.last: dict[str, Any] = {}
        if self.is_one_by_one and not self.subject.symbols:
            raise ArgumentsRequired(
                f"{self.exchange.id} tells one ticker at a time: name the symbols to watch"
            )

    @property
    def is_one_by_one(self) -> bool:
        """Whether a list is watched of which the venue tells one symbol at a time."""
        return self.subject.kind == "tickers" and not self.exchange.has["fetchTickers"]

    async def rows(self) -> dict[str, Any]:
        exchange, symbols, params = self.exchange, self.subject.symbols, self.params
        if self.is_one_by_one:
            return {symbol: await exchange.fetch_ticker(symbol, params) for symbol in symbols}
        fetch = getattr(exchange, self.table.fetch)
        if self.subject.kind == self.table.row:
            return {symbol: await fetch(symbol, params) for symbol in symbols}
        rows: dict[str, Any] = await fetch(list(symbols) or None, params)
        return rows

    async def fetch(self) -> Any:
        latest = getattr(self.exchange, self.table.cache)
        changed = {}
        for symbol, row in (await self.rows()).items():
            content = _without(row, STAMPS)
            if self.last.get(symbol) != content:
                self.last[symbol] = content
                changed[symbol] = latest[symbol] = row
        return changed or None

    def with_untold(self, news: Any) -> Any:
        return self.untold if news is None else {**(self.untold or {}), **news}

    def parts_of(self, news: Any) -> list[Any]:
        return list(news.values())


class CandlesPoll(Poll):
    watch = "watchOHLCV"

    async def fetch(self) -> Any:
        symbol, timeframe = str(self.subject.symbol), str(self.subject.detail)
        cache = candles_of(self.exchange, symbol, timeframe)
        since = cache[-1][0] if len(cache) else None
        rows = await self.exchange.fetch_ohlcv(symbol, timeframe, since, None, self.params)
        known = {row[0]: row for row in cache}
        changed = [row for row in rows if known.get(row[0]) != row and (since is None or row[0] >= since)]
        for row in changed:
            cache.append(row)
        return (symbol, timeframe, cache) if changed else None


class TradesPoll(Poll):
    watch = "watchTrades"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.last: list[Any] = []

    async def fetch(self) -> Any:
        symbol = str(self.subject.symbol)
        trades = await self.exchange.fetch_trades(symbol, None, None, self.params)
        keys = [trade_key(trade) for trade in trades]
        news = trades[overlap(self.last, keys) :]
        self.last = keys or self.last
        cache = trades_of(self.exchange, symbol)
        for trade in news:
            cache.append(trade)
        return cache if news else None


def overlap(before: Sequence[Any], after: Sequence[Any]) -> int:
    """How many trades at the beginning of `after` were at the end of `before` already.

    They are compared by their places, as two trades without ids may be alike and yet be two.
    """
    for start in range(max(0, len(before) - len(after)), len(before)):
        if list(before[start:]) == list(after[: len(before) - start]):
            return len(before) - start
    known = set(before)
    # The venue may list trades of one moment in another order than before.
    return next((place for place in range(len(after), 0, -1) if after[place - 1] in known), 0)


class OrdersPoll(Poll):
    """Open orders, those that this instance placed meanwhile, and what became of those that are gone."""

    watch = "watchOrders"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.open: dict[str, Any] = {}
        if not self.exchange.has["fetchOpenOrders"]:
            for order in self.placed.orders.values():
                if is_unsettled(order):
                    self.note(order)
        self.missed: dict[str, int] = {}

    def note(self, order: Any) -> None:
        if self.subject.symbol in (None, order["symbol"]):
            self.open.setdefault(order["id"], {**order, "status": None})

    async def fetch(self) -> Any:
        before = dict(self.open)
        seen = {order["id"]: order for order in await self.listed()}
        for id, order in before.items():
            if id in seen:
                self.missed.pop(id, None)
            else:
                found = await self.look_up(order)
                if found is not None:
                    seen[id] = found
        self.placed.update(seen)
        changed = []
        for id, order in seen.items():
            if _order_state(order) != _order_state(self.open.get(id)):
                changed.append(order)
            if order["status"] == "open":
                self.open[id] = order
            else:
                self.open.pop(id, None)
        return store_orders(self.exchange, changed) if changed else None

    async def listed(self) -> list[Any]:
        """The orders that are open, if a call tells. Otherwise all that are known are looked up."""
        if not self.exchange.has["fetchOpenOrders"]:
            return []
        return list(await self.exchange.fetch_open_orders(self.subject.symbol, None, None, self.params))

    async def look_up(self, order: Any) -> Any:
        """An order that is not listed any more, as it is now; None if it is not found yet."""
        id = order["id"]
        missed = self.missed.get(id, 0) + 1
        try:
            found = await self.order_that_left(order, missed >= PATIENCE)
        except OrderNotFound:
            if missed >= PATIENCE:
                self.open.pop(id, None)
                self.missed.pop(id, None)
                self.placed.forget(id)
                raise
            found = None
        if found is None:
            # It may be on its way between two of the venue's lists.
            self.missed[id] = missed
        else:
            self.missed.pop(id, None)
        return found

    async def order_that_left(self, order: Any, patient: bool) -> Any:
        """A known order that is not open any more; None if that remains to be seen.

        `patient` tells that it has been looked for a few times.
        """
        symbol = listings.symbol_if_known(self.exchange, order["symbol"])
        return await self.exchange.fetch_order(order["id"], symbol)


class MyTradesPoll(Poll):
    """Fills. Those of the first answer are no news, unless this instance placed their orders meanwhile."""

    watch = "watchMyTrades"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.seen: dict[Any, int | None] | None = None  # fills that may come again, and when they happened
        self.latest: int | None = None  # the venue is asked for all since then, however many there are
        self.ours: dict[str, Any] = {}  # orders placed since, until their fills were looked for in `old`
        self.old: list[Any] = []  # fills of the first answer, which may come before that to an order

    def note(self, order: Any) -> None:
        if self.seen is None or self.old:
            self.ours[order["id"]] = order

    async def fetch(self) -> Any:
        # At first, more than a usual page, as orders that were placed meanwhile may have filled many times.
        limit = FIRST_FILLS if self.seen is None and self.ours else None
        since = self.latest
        trades = await self.exchange.fetch_my_trades(self.subject.symbol, since, limit, self.params)
        times = {fill_key(trade): trade["timestamp"] for trade in trades}
        if self.seen is None:
            self.old, self.seen = trades, times
        # This may fail, and then nothing of the answer may count as told.
        news = await self.ours_of_old()
        trades = [trade for trade in trades if not is_before(trade["timestamp"], since)]
        news += [trade for trade in trades if fill_key(trade) not in self.seen]
        # If there was none at first, all that there ever will be.
        self.latest = max((trade["timestamp"] or 1 for trade in trades), default=self.latest or 1)
        # What is older is not asked for again.
        known = {**self.seen, **times}
        self.seen = {key: at for key, at in known.items() if not is_before(at, self.latest)}
        return store_trades(self.exchange, news) if news else None

    async def ours_of_old(self) -> list[Any]:
        """Fills of the first answer whose orders were placed after the watching began."""
        ours = dict(self.ours)
        keys: set[Any] = set()  # of fills that do not name their order
        for id, order in ours.items():
            if self.exchange.has["fetchOrderTrades"] and any(trade["order"] is None for trade in self.old):
                trades = await self.exchange.fetch_order_trades(id, order["symbol"])
                keys |= {fill_key(trade) for trade in trades}
        news: list[Any] = []
        rest: list[Any] = []
        for trade in self.old:
            (news if trade["order"] in ours or fill_key(trade) in keys else rest).append(trade)
        self.old = rest
        for id in ours:
            del self.ours[id]
        return news


def is_before(at: int | None, moment: int | None) -> bool:
    return at is not None and moment is not None and at < moment


class BalancePoll(Poll):
    watch = "watchBalance"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
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
    watch = "watchPositions"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.last: dict[Any, Any] | None = None

    async def fetch(self) -> Any:
        fetched = await self.exchange.fetch_positions(list(self.subject.symbols) or None, self.params)
        now = {(position["symbol"], position["side"]): position for position in fetched}
        first, before = self.last is None, self.last or {}
        changed = [
            position
            for key, position in now.items()
            if _without(before.get(key), PRICED) != _without(position, PRICED)
        ]
        changed += [closed_position(position) for key, position in before.items() if key not in now]
        self.last = now
        store_positions(self.exchange, changed)
        # No position is an answer as well, for the first who ask.
        return changed if changed or first else None


def _without(row: Any, names: frozenset[str]) -> Any:
    return None if row is None else {name: value for name, value in row.items() if name not in names}


def _order_state(order: Any) -> Any:
    if order is None:
        return None
    return tuple(
        order[name]
        for name in ("status", "filled", "remaining", "amount", "price", "average", "triggerPrice")
    )


#: the polls by the kind of their subject
POLLS: dict[str, type[Poll]] = {
    "balance": BalancePoll,
    "myTrades": MyTradesPoll,
    "ohlcv": CandlesPoll,
    "orderbook": BookPoll,
    "orders": OrdersPoll,
    "positions": PositionsPoll,
    "trades": TradesPoll,
    **dict.fromkeys(TABLES, TablePoll),
}


def written(params: Any) -> str | None:
    """Parameters as text. Two who give the same can share a poll."""
    return json.dumps(params, sort_keys=True, default=str) if params else None
