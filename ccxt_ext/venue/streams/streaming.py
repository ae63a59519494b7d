"""The watch methods of ccxt.pro, once for all venues."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from ccxt.base.errors import ArgumentsRequired, BadRequest

from ccxt_ext.venue.aio import AsyncExchange
from ccxt_ext.venue.rest_client import AsyncRestClient
from ccxt_ext.venue.streams.caches import by_time, unread, unread_of, unread_positions
from ccxt_ext.venue.streams.feed import Feed
from ccxt_ext.venue.streams.methods import (
    METHODS,
    POLLED,
    TABLES,
    streaming_has,
    streaming_has_for,
    watched_by,
)
from ccxt_ext.venue.streams.polling import Polling
from ccxt_ext.venue.streams.polls import POLLS, Poll
from ccxt_ext.venue.streams.source import Source
from ccxt_ext.venue.streams.subjects import Subject, subject_of
from ccxt_ext.venue.surface.unsupported import not_supported

__all__ = ["Streaming"]


class Streaming(AsyncRestClient, part=True):
    """A venue's class for ccxt.pro is made of this one and of its REST class:

        class ID(Streaming, rest.ID, feed=IDFeed): ...

    The feed tells what the venue streams, and how. What it does not stream is polled, if it can be fetched;
    a venue without streams names no feed.
    """

    #: the watch methods, by their names in `has`, that are streamed
    native: frozenset[str] = Feed.native

    #: the names in `has` of what goes over the connections apart from watching, such as createOrderWs
    over_socket: frozenset[str] = frozenset()

    #: what the venue streams
    feed: Feed
    polling: Polling
    clients: Any
    markPrices: dict[str, Any]  # ccxt's own class has a table for each kind but this one

    _feed: ClassVar[type[Feed]] = Feed
    _polls: ClassVar[Mapping[str, type[Poll]]] = POLLS

    def __init_subclass__(
        cls, feed: type[Feed] | None = None, polls: Mapping[str, type[Poll]] | None = None, **kwargs: Any
    ) -> None:
        """`feed` is what the venue streams; `polls` are its own polls, by the kind of their subject."""
        if feed is not None:
            cls._feed, cls.native = feed, feed.native
        cls._polls = {**cls._polls, **(polls or {})}
        super().__init_subclass__(**kwargs)
        has = cls.metadata()["has"]
        for name, method in METHODS.items():
            if not has.get(name):
                refuse = not_supported(name, method)
                setattr(cls, method, refuse)
                setattr(cls, name, refuse)
        for name in cls.over_socket:
            method = AsyncExchange.un_camel_case(None, name)
            if hasattr(getattr(cls, method), "refuses"):
                # ccxt makes it of another method that the venue has, and the REST class had to refuse it.
                setattr(cls, method, getattr(AsyncExchange, method))

    @classmethod
    def metadata(cls) -> dict[str, Any]:
        described = super().metadata()
        described["has"] = {
            **described["has"],
            "ws": True,
            **streaming_has(described["has"], cls.native),
            **dict.fromkeys(cls.over_socket, True),
        }
        described["hasFor"] = {
            **described.get("hasFor", {}),
            **streaming_has_for(described["has"], described.get("hasFor", {}), cls.native),
        }
        return described

    @classmethod
    def inherits_params_from(cls, method: str) -> Sequence[str]:
        """What is polled is asked for with the parameters of the watcher."""
        watch = watched_by(method)
        if watch not in POLLED:
            return super().inherits_params_from(method)
        return () if watch in cls.native else POLLED[watch]

    def __init__(self, config: Mapping[str, Any] = {}) -> None:
        self.feed = self._feed(self)
        self.polling = Polling(self, self._polls)
        self.markPrices = {}
        super().__init__(config)

    # -- connections --------------------------------------------------------------------------------

    def client(self, url: str) -> Any:
        return self.feed.connection(url)

    def handle_message(self, client: Any, message: Any) -> None:
        self.feed.handle(client, message)

    async def close(self, *args: Any, **kwargs: Any) -> None:
        async with self.feed.closing(), self.polling.closing():
            await super().close(*args, **kwargs)

    # -- market data --------------------------------------------------------------------------------

    async def watch_order_book(self, symbol: str, limit: int | None = None, params: Any = {}) -> Any:
        return await self._first_news(
            "watchOrderBook", "orderbook", await self._symbols([symbol]), params, limit
        )

    async def watch_order_book_for_symbols(
        self, symbols: Sequence[str], limit: int | None = None, params: Any = {}
    ) -> Any:
        return await self._first_news(
            "watchOrderBook", "orderbook", await self._symbols(symbols), params, limit
        )

    async def watch_trades(
        self, symbol: str, since: int | None = None, limit: int | None = None, params: Any = {}
    ) -> Any:
        return await self.watch_trades_for_symbols([symbol], since, limit, params)

    async def watch_trades_for_symbols(
        self, symbols: Sequence[str], since: int | None = None, limit: int | None = None, params: Any = {}
    ) -> Any:
        cache = await self._first_news("watchTrades", "trades", await self._symbols(symbols), params)
        return unread(self, cache, cache[-1]["symbol"], since, limit)

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
        subjects = await self._candles(symbolsAndTimeframes)
        news = await self._source("watchOHLCV").news(subjects, params)
        symbol, timeframe, cache = news[0]
        return {symbol: {timeframe: unread(self, cache, symbol, since, limit, 0)}}

    async def watch_ticker(self, symbol: str, params: Any = {}) -> Any:
        return await self._row("ticker", symbol, params)

    async def watch_tickers(self, symbols: Sequence[str] | None = None, params: Any = {}) -> Any:
        return await self._rows("tickers", symbols, params)

    async def watch_bids_asks(self, symbols: Sequence[str] | None = None, params: Any = {}) -> Any:
        return await self._rows("bidasks", symbols, params)

    async def watch_mark_price(self, symbol: str, params: Any = {}) -> Any:
        return await self._row("markPrice", symbol, params)

    async def watch_mark_prices(self, symbols: Sequence[str] | None = None, params: Any = {}) -> Any:
        return await self._rows("markPrices", symbols, params)

    async def watch_funding_rate(self, symbol: str, params: Any = {}) -> Any:
        return await self._row("fundingRate", symbol, params)

    async def watch_funding_rates(self, symbols: Sequence[str] | None = None, params: Any = {}) -> Any:
        return await self._rows("fundingRates", symbols, params)

    # -- the account --------------------------------------------------------------------------------

    async def watch_orders(
        self,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Any = {},
    ) -> Any:
        symbols = await self._symbols_of_account(symbol)
        orders = await self._first_news("watchOrders", "orders", symbols, params)
        return unread_of(self, orders, next(iter(symbols), None), since, limit)

    async def watch_my_trades(
        self,
        symbol: str | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Any = {},
    ) -> Any:
        symbols = await self._symbols_of_account(symbol)
        trades = await self._first_news("watchMyTrades", "myTrades", symbols, params)
        return unread_of(self, trades, next(iter(symbols), None), since, limit)

    async def watch_balance(self, params: Any = {}) -> Any:
        return await self._first_news("watchBalance", "balance", await self._symbols_of_account(None), params)

    async def watch_positions(
        self,
        symbols: Sequence[str] | None = None,
        since: int | None = None,
        limit: int | None = None,
        params: Any = {},
    ) -> Any:
        self.check_required_credentials()
        chosen = await self._symbols(symbols, empty_is_all=True)
        subject = Subject("positions", tuple(chosen))
        lists = await self._source("watchPositions").news([subject], params)
        if self.newUpdates:
            changed = [position for positions in lists for position in positions]
            return unread_positions(self, chosen) or by_time(changed)
        return by_time(self.filter_by_symbols_since_limit(self.positions, chosen or None, since, limit, True))

    async def create_order(
        self, symbol: str, type: str, side: str, amount: float, price: Any = None, params: Any = {}
    ) -> Any:
        return self._noted(await super().create_order(symbol, type, side, amount, price, params))

    async def create_orders(self, orders: Any, params: Any = {}) -> Any:
        return [self._noted(order) for order in await super().create_orders(orders, params)]

    # -- leaving ------------------------------------------------------------------------------------

    async def un_watch_order_book(self, symbol: str, params: Any = {}) -> Any:
        return await self.un_watch_order_book_for_symbols([symbol], params)

    async def un_watch_order_book_for_symbols(self, symbols: Sequence[str], params: Any = {}) -> Any:
        return await self._leave_each("watchOrderBook", "orderbook", symbols, params, self.orderbooks)

    async def un_watch_trades(self, symbol: str, params: Any = {}) -> Any:
        return await self.un_watch_trades_for_symbols([symbol], params)

    async def un_watch_trades_for_symbols(self, symbols: Sequence[str], params: Any = {}) -> Any:
        return await self._leave_each("watchTrades", "trades", symbols, params, self.trades)

    async def un_watch_ohlcv(self, symbol: str, timeframe: str = "1m", params: Any = {}) -> Any:
        return await self.un_watch_ohlcv_for_symbols([[symbol, timeframe]], params)

    async def un_watch_ohlcv_for_symbols(
        self, symbolsAndTimeframes: Sequence[Sequence[str]], params: Any = {}
    ) -> Any:
        subjects = await self._candles(symbolsAndTimeframes)
        await self._source("watchOHLCV").leave(subjects, params)
        for subject in subjects:
            self.ohlcvs.get(subject.symbol, {}).pop(subject.detail, None)
        return True

    async def un_watch_ticker(self, symbol: str, params: Any = {}) -> Any:
        return await self._leave_rows("ticker", [symbol], params)

    async def un_watch_tickers(self, symbols: Sequence[str] | None = None, params: Any = {}) -> Any:
        return await self._leave_rows("tickers", symbols, params)

    async def un_watch_bids_asks(self, symbols: Sequence[str] | None = None, params: Any = {}) -> Any:
        return await self._leave_rows("bidasks", symbols, params)

    async def un_watch_mark_price(self, symbol: str, params: Any = {}) -> Any:
        return await self._leave_rows("markPrice", [symbol], params)

    async def un_watch_mark_prices(self, symbols: Sequence[str] | None = None, params: Any = {}) -> Any:
        return await self._leave_rows("markPrices", symbols, params)

    async def un_watch_funding_rate(self, symbol: str, params: Any = {}) -> Any:
        return await self._leave_rows("fundingRate", [symbol], params)

    async def un_watch_funding_rates(self, symbols: Sequence[str] | None = None, params: Any = {}) -> Any:
        return await self._leave_rows("fundingRates", symbols, params)

    async def un_watch_orders(self, symbol: str | None = None, params: Any = {}) -> Any:
        (subject,) = subjects_of("orders", await self._symbols_of_account(symbol))
        await self._source("watchOrders").leave([subject], params)
        if not subject.symbols:
            self.orders = None
        return True

    async def un_watch_my_trades(self, symbol: str | None = None, params: Any = {}) -> Any:
        (subject,) = subjects_of("myTrades", await self._symbols_of_account(symbol))
        await self._source("watchMyTrades").leave([subject], params)
        if not subject.symbols:
            self.myTrades = None
        return True

    async def un_watch_positions(self, symbols: Sequence[str] | None = None, params: Any = {}) -> Any:
        chosen = await self._symbols(symbols, empty_is_all=True)
        await self._source("watchPositions").leave([Subject("positions", tuple(chosen))], params)
        if not chosen:
            self.positions = None
        return True

    # -- what these have in common ------------------------------------------------------------------

    def _source(self, watch: str) -> Source:
        """Where the news of a watch method come from."""
        return self.feed if watch in self.native else self.polling

    async def _first_news(
        self, watch: str, kind: str, symbols: Sequence[str], params: Any, limit: int | None = None
    ) -> Any:
        """The first news of a kind, of any of the symbols; without symbols, of the account as a whole."""
        return (await self._source(watch).news(subjects_of(kind, symbols, limit), params))[0]

    async def _row(self, kind: str, symbol: str, params: Any) -> Any:
        """The news of something that each symbol has one of."""
        subjects = subjects_of(kind, await self._symbols([symbol]))
        return (await self._source(TABLES[kind].watch).news(subjects, params))[0]

    async def _rows(self, kind: str, symbols: Sequence[str] | None, params: Any) -> Any:
        """The same of several symbols, or of all."""
        chosen = await self._symbols(symbols, empty_is_all=True)
        news = await self._source(TABLES[kind].watch).news([Subject(kind, tuple(chosen))], params)
        if self.newUpdates:
            return {row["symbol"]: row for row in news}
        return self.filter_by_array(getattr(self, TABLES[kind].cache), "symbol", chosen or None)

    async def _leave_each(
        self, watch: str, kind: str, symbols: Sequence[str], params: Any, cache: dict[str, Any]
    ) -> bool:
        chosen = await self._symbols(symbols)
        await self._source(watch).leave(subjects_of(kind, chosen), params)
        return dropped(cache, chosen)

    async def _leave_rows(self, kind: str, symbols: Sequence[str] | None, params: Any) -> bool:
        chosen = await self._symbols(symbols, empty_is_all=True)
        await self._source(TABLES[kind].watch).leave([Subject(kind, tuple(chosen))], params)
        cache = getattr(self, TABLES[kind].cache)
        return dropped(cache, chosen or list(cache))

    def _noted(self, order: Any) -> Any:
        """Tell the sources of an order that was placed, as it may be done before they look for it."""
        self.feed.note(order)
        self.polling.note(order)
        return order

    # -- arguments ----------------------------------------------------------------------------------

    async def _symbols(self, symbols: Sequence[str] | None, empty_is_all: bool = False) -> list[str]:
        await self.load_markets()
        if isinstance(symbols, str):
            raise BadRequest(f"{self.id} expected a list of symbols, not {symbols!r}")
        if not symbols and not empty_is_all:
            raise ArgumentsRequired(f"{self.id} requires a symbol to watch")
        # In their order, and each once.
        return list(dict.fromkeys(self.market(symbol)["symbol"] for symbol in symbols or ()))

    async def _symbols_of_account(self, symbol: str | None) -> list[str]:
        """The one symbol of which private news are wanted, or none for all."""
        self.check_required_credentials()
        await self.load_markets()
        return [] if symbol is None else [self.market(symbol)["symbol"]]

    async def _candles(self, pairs: Sequence[Sequence[str]]) -> list[Subject]:
        if not isinstance(pairs, (list, tuple)) or not pairs or any(len(pair) != 2 for pair in pairs):
            raise ArgumentsRequired(f"{self.id} requires symbols with timeframes, like [['BTC/USDT', '1m']]")
        for _, timeframe in pairs:
            if timeframe not in self.timeframes:
                raise BadRequest(
                    f"{self.id} has no timeframe {timeframe!r}; it has {', '.join(self.timeframes)}"
                )
        symbols = [(await self._symbols([symbol]))[0] for symbol, _ in pairs]
        return [
            subject_of("ohlcv", symbol, timeframe)
            for symbol, (_, timeframe) in zip(symbols, pairs, strict=True)
        ]


def subjects_of(kind: str, symbols: Sequence[str], limit: int | None = None) -> list[Subject]:
    """One for each symbol, or one for all if there is none."""
    return [Subject(kind, (symbol,), limit) for symbol in symbols] or [Subject(kind)]


def dropped(cache: dict[str, Any], symbols: Sequence[str]) -> bool:
    """Take out of a cache what is watched no more. True is what ccxt's methods that leave return."""
    for symbol in symbols:
        cache.pop(symbol, None)
    return True
