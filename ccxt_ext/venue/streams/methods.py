"""The watch methods of all streaming classes: each is streamed where the venue does, or else polled."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from ccxt.async_support.base.ws.cache import ArrayCache, ArrayCacheByTimestamp
from ccxt.base.errors import ArgumentsRequired, BadRequest, UnsubscribeError

from ccxt_ext.venue.answers import listings
from ccxt_ext.venue.calls.guards import guard_methods
from ccxt_ext.venue.calls.unified import sent
from ccxt_ext.venue.streams.connection import Topic
from ccxt_ext.venue.streams.polls import (
    BalancePoll,
    BookPoll,
    CandlesPoll,
    MyTradesPoll,
    OrdersPoll,
    Poll,
    PositionsPoll,
    TablePoll,
    TradesPoll,
    is_unsettled,
)
from ccxt_ext.venue.streams.subjects import Subject, hash_of

if TYPE_CHECKING:
    from typing import Any as Base
else:
    Base = object

POLLING = "polling"  # stands for the address, among the clients
PLACED_KEPT = 1000  # of the orders that an instance placed

# Symbols, and timeframes with them where it is about candles; without a symbol it is about all.
Places = Sequence[tuple[Any, Any]]

# Each watch method, and what a venue must be able to fetch for it to be polled (any of them).
POLLED: dict[str, tuple[str, ...]] = {
    "watchBalance": ("fetchBalance",),
    "watchBidsAsks": ("fetchBidsAsks",),
    "watchFundingRate": ("fetchFundingRate",),
    "watchFundingRates": ("fetchFundingRates",),
    "watchMarkPrice": ("fetchMarkPrice",),
    "watchMarkPrices": ("fetchMarkPrices",),
    "watchMyTrades": ("fetchMyTrades",),
    "watchOHLCV": ("fetchOHLCV",),
    "watchOHLCVForSymbols": ("fetchOHLCV",),
    "watchOrderBook": ("fetchOrderBook",),
    "watchOrderBookForSymbols": ("fetchOrderBook",),
    "watchOrders": ("fetchOpenOrders", "fetchOrder"),
    "watchPositions": ("fetchPositions",),
    "watchTicker": ("fetchTicker",),
    "watchTickers": ("fetchTickers", "fetchTicker"),
    "watchTrades": ("fetchTrades",),
    "watchTradesForSymbols": ("fetchTrades",),
}


def _un(name: str) -> str:
    return "unW" + name[1:]


def _snake(name: str) -> str:
    text = name.replace("OHLCV", "Ohlcv")
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in text)


# `has` -> Python method, of all that is defined here
METHODS = {name: _snake(name) for watch in POLLED for name in (watch, _un(watch))}
# ccxt has no such method: a balance cannot be left, except by closing.
del METHODS["unWatchBalance"]


def streaming_has(has: Mapping[str, Any], native: frozenset[str]) -> dict[str, Any]:
    """What `has` tells of the watch methods."""
    told: dict[str, Any] = {}
    for name, fetches in POLLED.items():
        polled = "emulated" if any(has.get(fetch) for fetch in fetches) else False
        told[name] = True if name in native else polled
        if _un(name) in METHODS:
            told[_un(name)] = told[name]
    return told


def streaming_has_for(
    has: Mapping[str, Any], has_for: Mapping[str, Mapping[str, Any]], native: frozenset[str]
) -> dict[str, dict[str, Any]]:
    """The same by type of market, of what is polled by methods that do not have all types."""
    types = {type for by_type in has_for.values() for type in by_type}
    told: dict[str, dict[str, Any]] = {}
    for name, fetches in POLLED.items():
        if name in native or not any(has.get(fetch) for fetch in fetches):
            continue
        lacking = {
            type: False
            for type in sorted(types)
            if not any(has_for.get(fetch, {}).get(type, has.get(fetch)) for fetch in fetches)
        }
        if lacking:
            told[name] = lacking
            if _un(name) in METHODS:
                told[_un(name)] = lacking
    return told


@guard_methods
class Watching(Base):
    """Every method loads the markets, names what it is about, and waits for news of it."""

    #: the watch methods, by their names in `has`, that the venue streams itself
    native: frozenset[str] = frozenset()

    @classmethod
    def rests_on(cls, method: str) -> Sequence[str]:
        """What is polled is asked for with the parameters of the watcher."""
        watch = "w" + method[3:] if method.startswith("unWatch") else method
        if watch not in POLLED:
            return super().rests_on(method)
        return () if watch in cls.native else POLLED[watch]

    def topic(self, kind: str, symbol: str | None, detail: str | None, params: Any) -> tuple[str, Topic]:
        """Address and topic of what a venue streams; `detail` is a candle's timeframe."""
        raise NotImplementedError(f"{self.id} streams no {kind}")

    # -- public -------------------------------------------------------------------------------------

    async def watch_order_book(self, symbol: str, limit: int | None = None, params: Any = {}) -> Any:
        return await self.watch_order_book_for_symbols([symbol], limit, params)

    async def watch_order_book_for_symbols(
        self, symbols: Sequence[str], limit: int | None = None, params: Any = {}
    ) -> Any:
        symbols = await self.symbols_of(symbols)
        if "watchOrderBook" not in self.native:
            return await self.polled(
                {
                    polled_hash("orderbook", [symbol], limit, params): partial(
                        BookPoll, self, params, symbol, limit
                    )
                    for symbol in symbols
                }
            )
        book = await self.streamed("orderbook", [(symbol, None) for symbol in symbols], params)
        if limit is None:
            return book
        # Its own rows, as those of the live book change; and that one stays whole.
        cut = {side: [row[:] for row in book[side][:limit]] for side in ("bids", "asks")}
        return {**book, **cut}

    async def watch_trades(
        self, symbol: str, since: int | None = None, limit: int | None = None, params: Any = {}
    ) -> Any:
        return await self.watch_trades_for_symbols([symbol], since, limit, params)

    async def watch_trades_for_symbols(
        self, symbols: Sequence[str], since: int | None = None, limit: int | None = None, params: Any = {}
    ) -> Any:
        symbols = await self.symbols_of(symbols)
        if "watchTrades" in self.native:
            cache = await self.streamed("trades", [(symbol, None) for symbol in symbols], params)
        else:
            cache = await self.polled(
                {
                    polled_hash("trades", [s], None, params): partial(TradesPoll, self, params, s)
                    for s in symbols
                }
            )
        return self.unread(cache, cache[-1]["symbol"], since, limit)

    async def watch_ohlcv(
        self,
        symbol: str,
        timeframe: str = "1m",
        since: int | None = None,
        limit: int | None = None,
        params: Any = {},
    ) -> Any:
        by_symbol = await self.watch_ohlcv_for_symbols([[symbol, timeframe]], since, limit, params)
        return next(iter(by_symbol.values()))[timeframe]

    async def watch_ohlcv_for_symbols(
        self,
        symbolsAndTimeframes: Sequence[Sequence[str]],
        since: int | None = None,
        limit: int | None = None,
        params: Any = {},
    ) -> Any:
        places = await self.candle_places(symbolsAndTimeframes)
        if "watchOHLCV" in self.native:
            found = await self.streamed("ohlcv", places, params)
        else:
            found = await self.polled(
                {
                    polled_hash("ohlcv", [symbol], timeframe, params): partial(
                        CandlesPoll, self, params, symbol, timeframe
                    )
                    for symbol, timeframe in places
                }
            )
        symbol, timeframe, cache = found
        return {symbol: {timeframe: self.unread(cache, symbol, since, limit, 0)}}

    async def watch_ticker(self, symbol: str, params: Any = {}) -> Any:
        return await self.watch_one("watchTicker", "ticker", symbol, params, self.fetch_ticker, self.tickers)

    async def watch_tickers(self, symbols: Sequence[str] | None = None, params: Any = {}) -> Any:
        fetch = self.fetch_tickers
        if not self.has["fetchTickers"] and "watchTickers" not in self.native:
            if not symbols:
                raise ArgumentsRequired(f"{self.id} tells one ticker at a time: name the symbols to watch")
            fetch = self.fetch_each_ticker
        return await self.watch_table("watchTickers", "ticker", symbols, params, fetch, self.tickers)

    async def fetch_each_ticker(self, symbols: Sequence[str], params: Any) -> dict[str, Any]:
        return {symbol: await self.fetch_ticker(symbol, params) for symbol in symbols}

    async def watch_bids_asks(self, symbols: Sequence[str] | None = None, params: Any = {}) -> Any:
        return await self.watch_table(
            "watchBidsAsks", "bidask", symbols, params, self.fetch_bids_asks, self.bidsasks
        )

    async def watch_mark_price(self, symbol: str, params: Any = {}) -> Any:
        return await self.watch_one(
            "watchMarkPrice", "markPrice", symbol, params, self.fetch_mark_price, self.markPrices
        )

    async def watch_mark_prices(self, symbols: Sequence[str] | None = None, params: Any = {}) -> Any:
        return await self.watch_table(
            "watchMarkPrices", "markPrice", symbols, params, self.fetch_mark_prices, self.markPrices
        )

    async def watch_funding_rate(self, symbol: str, params: Any = {}) -> Any:
        return await self.watch_one(
            "watchFundingRate", "fundingRate", symbol, params, self.fetch_funding_rate, self.fundingRates
        )

    async def watch_funding_rates(self, symbols: Sequence[str] | None = None, params: Any = {}) -> Any:
        return await self.watch_table(
            "watchFundingRates", "fundingRate", symbols, params, self.fetch_funding_rates, self.fundingRates
        )

    async def watch_one(
        self, name: str, kind: str, symbol: str, params: Any, fetch: Any, table: dict[str, Any]
    ) -> Any:
        """A ticker, or something else that a symbol has one of."""
        (symbol,) = await self.symbols_of([symbol])
        if name in self.native:
            row = await self.streamed(kind, [(symbol, None)], params)
            return table.get(symbol, row)  # more may have come since

        async def rows(symbols: Any, params: Any) -> dict[str, Any]:
            return {symbol: await fetch(symbol, params)}

        poll = partial(TablePoll, self, name, params, rows, [symbol], table)
        return (await self.polled({polled_hash(kind, [symbol], None, params): poll}))[symbol]

    async def watch_table(
        self,
        name: str,
        kind: str,
        symbols: Sequence[str] | None,
        params: Any,
        fetch: Any,
        table: dict[str, Any],
    ) -> Any:
        """The same of several symbols, or of all."""
        chosen = await self.symbols_of(symbols, empty_is_all=True)
        if name in self.native:
            places = [(symbol, None) for symbol in chosen or self.streamed_symbols(kind)]
            rows = await self.all_streamed(kind, places, params)
            changed = {row["symbol"]: table.get(row["symbol"], row) for row in rows}
        else:
            hash = polled_hash(f"{kind}s", chosen, None, params)
            poll = partial(TablePoll, self, name, params, fetch, chosen or None, table)
            changed = await self.polled({hash: poll})
        return changed if self.newUpdates else self.filter_by_array(table, "symbol", chosen or None)

    def streamed_symbols(self, kind: str) -> list[str]:
        """What "all symbols" means for a kind of news."""
        return [symbol for symbol, market in self.markets.items() if market["active"] is not False]

    # -- private ------------------------------------------------------------------------------------

    async def watch_orders(
        self,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Any = {},
    ) -> Any:
        symbol = await self.symbol_or_none(symbol)
        if "watchOrders" in self.native:
            orders = await self.streamed("orders", [(symbol, None)], params)
        else:
            poll = partial(OrdersPoll, self, params, symbol)
            orders = await self.polled(
                {polled_hash("orders", [symbol] if symbol else (), None, params): poll}
            )
        return self.unread_of(orders, symbol, since, limit)

    async def watch_my_trades(
        self,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Any = {},
    ) -> Any:
        symbol = await self.symbol_or_none(symbol)
        if "watchMyTrades" in self.native:
            trades = await self.streamed("myTrades", [(symbol, None)], params)
        else:
            poll = partial(MyTradesPoll, self, params, symbol)
            trades = await self.polled(
                {polled_hash("myTrades", [symbol] if symbol else (), None, params): poll}
            )
        return self.unread_of(trades, symbol, since, limit)

    async def watch_balance(self, params: Any = {}) -> Any:
        await self.symbol_or_none(None)
        if "watchBalance" in self.native:
            await self.streamed("balance", [(None, None)], params)
            return self.balance
        return await self.polled(
            {polled_hash("balance", (), None, params): partial(BalancePoll, self, params)}
        )

    async def watch_positions(
        self,
        symbols: Sequence[str] | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Any = {},
    ) -> Any:
        self.check_required_credentials()
        chosen = await self.symbols_of(symbols, empty_is_all=True)
        if "watchPositions" in self.native:
            places: list[tuple[Any, Any]] = [(s, None) for s in chosen] or [(None, None)]
            lists = await self.all_streamed("positions", places, params)
            changed = [position for positions in lists for position in positions]
        else:
            poll = partial(PositionsPoll, self, params, chosen or None)
            changed = await self.polled({polled_hash("positions", chosen, None, params): poll})
        if self.newUpdates:
            return self.unread_positions(chosen) or changed
        return self.filter_by_symbols_since_limit(self.positions, chosen or None, since, limit, True)

    def unread_positions(self, symbols: Sequence[str]) -> list[Any]:
        """Those that have changed since a watcher looked, in case more have changed than it was told."""
        cache: Any = self.positions or []
        unread: list[Any] = []
        scopes: Sequence[str | None] = symbols or [None]
        for symbol in scopes:
            found = [position for position in cache if symbol in (None, position["symbol"])]
            count = cache.getLimit(symbol, None) if found else 0
            unread += found[len(found) - count :] if count else []
        return unread

    async def create_order(
        self, symbol: str, type: str, side: str, amount: float, price: Any = None, params: Any = {}
    ) -> Any:
        return self.noted(await super().create_order(symbol, type, side, amount, price, params))

    async def create_orders(self, orders: Any, params: Any = {}) -> Any:
        return [self.noted(order) for order in await super().create_orders(orders, params)]

    def noted(self, order: Any) -> Any:
        """Tell the polls of an order that was placed: it may be done before they look."""
        if order["id"] is not None:
            self.placed_orders[order["id"]] = order
            while len(self.placed_orders) > PLACED_KEPT:
                settled = (id for id, placed in self.placed_orders.items() if not is_unsettled(placed))
                del self.placed_orders[next(settled, next(iter(self.placed_orders)))]
            for poll in self.polls().values():
                poll.placed(order)
        return order

    async def open_orders_now(self, symbol: str | None, params: Any) -> list[Any]:
        """For watchOrders: what is open, if a call tells. Known orders that are missing are looked up."""
        if self.has["fetchOpenOrders"]:
            return list(await self.fetch_open_orders(symbol, None, None, params))
        return []

    async def order_that_left(self, order: Any, patient: bool) -> Any:
        """For watchOrders: a known order that is not open any more; None if that remains to be seen.

        `patient`: it has been looked for a few times.
        """
        return await self.fetch_order(order["id"], listings.symbol_if_known(self, order["symbol"]))

    # -- leaving ------------------------------------------------------------------------------------

    async def un_watch_order_book(self, symbol: str, params: Any = {}) -> Any:
        return await self.un_watch_order_book_for_symbols([symbol], params)

    async def un_watch_order_book_for_symbols(self, symbols: Sequence[str], params: Any = {}) -> Any:
        symbols = await self.symbols_of(symbols)
        await self.leave("watchOrderBook", "orderbook", [(s, None) for s in symbols], params)
        return self.dropped(self.orderbooks, symbols)

    async def un_watch_trades(self, symbol: str, params: Any = {}) -> Any:
        return await self.un_watch_trades_for_symbols([symbol], params)

    async def un_watch_trades_for_symbols(self, symbols: Sequence[str], params: Any = {}) -> Any:
        symbols = await self.symbols_of(symbols)
        await self.leave("watchTrades", "trades", [(s, None) for s in symbols], params)
        return self.dropped(self.trades, symbols)

    async def un_watch_ohlcv(self, symbol: str, timeframe: str = "1m", params: Any = {}) -> Any:
        return await self.un_watch_ohlcv_for_symbols([[symbol, timeframe]], params)

    async def un_watch_ohlcv_for_symbols(
        self, symbolsAndTimeframes: Sequence[Sequence[str]], params: Any = {}
    ) -> Any:
        places = await self.candle_places(symbolsAndTimeframes)
        await self.leave("watchOHLCV", "ohlcv", places, params)
        for symbol, timeframe in places:
            self.ohlcvs.get(symbol, {}).pop(timeframe, None)
        return True

    async def un_watch_ticker(self, symbol: str, params: Any = {}) -> Any:
        return await self.leave_table("watchTicker", "ticker", [symbol], params, self.tickers)

    async def un_watch_tickers(self, symbols: Sequence[str] | None = None, params: Any = {}) -> Any:
        return await self.leave_table("watchTickers", "ticker", symbols, params, self.tickers)

    async def un_watch_bids_asks(self, symbols: Sequence[str] | None = None, params: Any = {}) -> Any:
        return await self.leave_table("watchBidsAsks", "bidask", symbols, params, self.bidsasks)

    async def un_watch_mark_price(self, symbol: str, params: Any = {}) -> Any:
        return await self.leave_table("watchMarkPrice", "markPrice", [symbol], params, self.markPrices)

    async def un_watch_mark_prices(self, symbols: Sequence[str] | None = None, params: Any = {}) -> Any:
        return await self.leave_table("watchMarkPrices", "markPrice", symbols, params, self.markPrices)

    async def un_watch_funding_rate(self, symbol: str, params: Any = {}) -> Any:
        return await self.leave_table("watchFundingRate", "fundingRate", [symbol], params, self.fundingRates)

    async def un_watch_funding_rates(self, symbols: Sequence[str] | None = None, params: Any = {}) -> Any:
        return await self.leave_table("watchFundingRates", "fundingRate", symbols, params, self.fundingRates)

    async def leave_table(
        self, name: str, kind: str, symbols: Sequence[str] | None, params: Any, table: dict[str, Any]
    ) -> Any:
        chosen = await self.symbols_of(symbols, empty_is_all=True)
        if name in self.native:
            chosen = chosen or self.streamed_symbols(kind)
            await self.leave(name, kind, [(symbol, None) for symbol in chosen], params)
        elif name.endswith("s"):
            self.leave_polls([Subject(f"{kind}s", tuple(chosen))])
        else:
            self.leave_polls([hash_of(kind, symbol) for symbol in chosen])
        return self.dropped(table, chosen or list(table))

    async def un_watch_orders(self, symbol: str | None = None, params: Any = {}) -> Any:
        symbol = await self.symbol_or_none(symbol)
        await self.leave("watchOrders", "orders", [(symbol, None)], params)
        if symbol is None:
            self.orders = None
        return True

    async def un_watch_my_trades(self, symbol: str | None = None, params: Any = {}) -> Any:
        symbol = await self.symbol_or_none(symbol)
        await self.leave("watchMyTrades", "myTrades", [(symbol, None)], params)
        if symbol is None:
            self.myTrades = None
        return True

    async def un_watch_positions(self, symbols: Sequence[str] | None = None, params: Any = {}) -> Any:
        chosen = await self.symbols_of(symbols, empty_is_all=True)
        if "watchPositions" in self.native:
            places: list[tuple[Any, Any]] = [(s, None) for s in chosen] or [(None, None)]
            await self.leave("watchPositions", "positions", places, params)
        else:
            self.leave_polls([Subject("positions", tuple(chosen))])
        if not chosen:
            self.positions = None
        return True

    async def leave(self, name: str, kind: str, places: Places, params: Any) -> None:
        hashes = [hash_of(kind, symbol, detail) for symbol, detail in places]
        if name in self.native:
            topics = self.topics(kind, places, params)
            await self.unfollow(topics[0][0], [topic for _, topic in topics], hashes)
        else:
            self.leave_polls(hashes)

    def leave_polls(self, hashes: Sequence[Subject]) -> None:
        for hash, poll in list(self.polls().items()):
            if any(hash.is_left_with(left) for left in hashes):
                place = self.clients[POLLING]
                del place.polls[hash]
                if poll.task is not None:
                    poll.task.cancel()
                place.reject(UnsubscribeError(f"{self.id} {hash}"), hash)

    @staticmethod
    def dropped(table: dict[str, Any], symbols: Sequence[str]) -> bool:
        for symbol in symbols:
            table.pop(symbol, None)
        return True

    # -- the two ways -------------------------------------------------------------------------------

    async def streamed(self, kind: str, places: Places, params: Any) -> Any:
        """The earliest news of a kind, of several symbols (with a timeframe, for candles)."""
        return (await self.all_streamed(kind, places, params))[0]

    async def all_streamed(self, kind: str, places: Places, params: Any) -> list[Any]:
        """Those of all symbols that have some, where one message may tell of several."""
        topics = self.topics(kind, places, params)
        hashes = [hash_of(kind, symbol, detail) for symbol, detail in places]
        return await self.follow(topics[0][0], [topic for _, topic in topics], hashes)

    def topics(self, kind: str, places: Places, params: Any) -> list[tuple[str, Topic]]:
        fields = sent(self.id, params)
        return [self.topic(kind, symbol, detail, fields) for symbol, detail in places]

    async def polled(self, makers: Mapping[Subject, Callable[[], Poll]]) -> Any:
        """Wait for the first of the polls to have news. One that runs already is joined."""
        place = self.client(POLLING)
        for hash, make in makers.items():
            poll = place.polls.get(hash)
            if poll is None:
                poll = place.polls[hash] = make()
                poll.hash = hash
            if poll.task is None or poll.task.done():
                poll.task = place.spawn(poll.run(place))
        news = await place.news(list(makers))
        for hash in makers:
            poll = place.polls.get(hash)
            if poll is not None and poll.taken(news):
                break
        return news

    def polls(self) -> dict[Subject, Poll]:
        place = (self.clients or {}).get(POLLING)
        return place.polls if place is not None else {}

    # -- arguments and caches -----------------------------------------------------------------------

    async def symbols_of(self, symbols: Sequence[str] | None, empty_is_all: bool = False) -> list[str]:
        await self.load_markets()
        if isinstance(symbols, str):
            raise BadRequest(f"{self.id} expected a list of symbols, not {symbols!r}")
        if not symbols and not empty_is_all:
            raise ArgumentsRequired(f"{self.id} requires a symbol to watch")
        # In their order, and each once.
        return list(dict.fromkeys(self.market(symbol)["symbol"] for symbol in symbols or ()))

    async def symbol_or_none(self, symbol: str | None) -> str | None:
        """For private news."""
        self.check_required_credentials()
        await self.load_markets()
        return None if symbol is None else self.market(symbol)["symbol"]

    async def candle_places(self, pairs: Sequence[Sequence[str]]) -> list[tuple[Any, Any]]:
        if not isinstance(pairs, (list, tuple)) or not pairs or any(len(pair) != 2 for pair in pairs):
            raise ArgumentsRequired(f"{self.id} requires symbols with timeframes, like [['BTC/USDT', '1m']]")
        for _, timeframe in pairs:
            if timeframe not in self.timeframes:
                raise BadRequest(
                    f"{self.id} has no timeframe {timeframe!r}; it has {', '.join(self.timeframes)}"
                )
        symbols = [(await self.symbols_of([symbol]))[0] for symbol, _ in pairs]
        return [(symbol, timeframe) for symbol, (_, timeframe) in zip(symbols, pairs, strict=True)]

    def trades_of(self, symbol: str) -> ArrayCache:
        if symbol not in self.trades:
            self.trades[symbol] = ArrayCache(self.safe_integer(self.options, "tradesLimit", 1000))
        return self.trades[symbol]

    def candles_of(self, symbol: str, timeframe: str) -> ArrayCacheByTimestamp:
        caches = self.ohlcvs.setdefault(symbol, {})
        if timeframe not in caches:
            caches[timeframe] = ArrayCacheByTimestamp(self.safe_integer(self.options, "OHLCVLimit", 1000))
        return caches[timeframe]

    def unread(
        self, cache: Any, symbol: str | None, since: int | None, limit: int | None, key: Any = "timestamp"
    ) -> Any:
        """What a watcher gets of a cache: with `newUpdates`, what came since it was last read."""
        if self.newUpdates:
            limit = cache.getLimit(symbol, limit)
        return self.filter_by_since_limit(cache, since, limit, key, True)

    def unread_of(self, cache: Any, symbol: str | None, since: int | None, limit: int | None) -> Any:
        """The same, of a cache for several symbols."""
        if self.newUpdates:
            limit = cache.getLimit(symbol, limit)
        return self.filter_by_symbol_since_limit(cache, symbol, since, limit, True)


def polled_hash(kind: str, symbols: Sequence[str], detail: Any, params: Any) -> Subject:
    """Two who give the same get one poll."""
    asked = json.dumps(params, sort_keys=True, default=str) if params else None
    return Subject(kind, tuple(symbols), None if detail is None else str(detail), asked)
