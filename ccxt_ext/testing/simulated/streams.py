"""The watching methods of a simulated exchange, over ccxt's own WebSocket client."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ccxt.async_support.base.exchange import Exchange
from ccxt.async_support.base.ws.cache import (
    ArrayCache,
    ArrayCacheBySymbolById,
    ArrayCacheBySymbolBySide,
    ArrayCacheByTimestamp,
)
from ccxt.base.errors import BadResponse, ChecksumError, ExchangeError

from ccxt_ext.testing.simulated import reading
from ccxt_ext.testing.simulated.explaining import error_of, explained

Params = Mapping[str, Any]
KEPT = 1000
"""How many trades, orders or candles a cache has, unless an option of ccxt's says otherwise."""


class Watching:
    """Watching methods, each by a topic of the sandbox's stream. A message's hash is its topic."""

    ping = None

    # the ways to a network

    def client(self: Any, url: str) -> Any:
        if url != self.simulatedAt["ws"]:
            raise explained(self.id, f"a connection to {url}")
        self.open()  # in older releases, a client needs the loop that this finds
        client = Exchange.client(self, url)
        client.options = {**client.options, "headers": None, "cookies": {}}  # which are for the venue
        return client

    def watch(self: Any, url: str, *args: Any, **kwargs: Any) -> Any:
        if url != self.simulatedAt["ws"]:
            raise explained(self.id, f"a connection to {url}")
        return Exchange.watch(self, url, *args, **kwargs)

    def watch_multiple(self: Any, url: str, *args: Any, **kwargs: Any) -> Any:
        if url != self.simulatedAt["ws"]:
            raise explained(self.id, f"a connection to {url}")
        return Exchange.watch_multiple(self, url, *args, **kwargs)

    def on_connected(self: Any, client: Any, message: Any = None) -> None:
        Exchange.on_connected(self, client, message)

    def on_error(self: Any, client: Any, error: Any) -> None:
        Exchange.on_error(self, client, error)

    def on_close(self: Any, client: Any, error: Any) -> None:
        Exchange.on_close(self, client, error)

    async def simulated_watch(
        self: Any, topics: Iterable[str], private: bool = False, hashes: Iterable[str] | None = None
    ) -> Any:
        """Wait for news of any of these topics."""
        url, topics = self.simulatedAt["ws"], list(topics)
        known = self.client(url).subscriptions
        message: dict[str, Any] = {"op": "watch", "topics": [each for each in topics if each not in known]}
        if private:
            message["key"] = self.simulated_key()
        return await self.watch_multiple(url, list(hashes or topics), message, topics)

    async def simulated_leave(self: Any, topics: Iterable[str]) -> Any:
        """Watch no longer. Whoever waits for news gets ccxt's UnsubscribeError."""
        url, topics = self.simulatedAt["ws"], list(topics)
        left = [f"left {topic}" for topic in topics]
        return await self.watch_multiple(url, left, {"op": "leave", "topics": topics}, left)

    async def simulated_listed(self: Any, symbols: Any) -> list[str]:
        await self.load_markets()
        return list(self.symbols) if symbols is None else list(self.market_symbols(symbols))

    # what comes

    def handle_message(self: Any, client: Any, message: Any) -> None:
        topic = message.get("topic") if isinstance(message, Mapping) else None
        if not isinstance(message, Mapping) or "type" not in message:
            client.reject(BadResponse(f"{self.id} a message of the stream makes no sense"))
            return
        if message["type"] == "error":
            error = error_of(self.id, message) or ExchangeError(f"{self.id} {message.get('error')}")
            client.subscriptions.pop(topic, None)
            client.reject(error, topic)
        elif message["type"] == "begun":
            client.subscriptions[topic] = "begun"
        elif message["type"] == "left":
            self.simulated_forget(topic)
            self.clean_unsubscription(client, topic, f"left {topic}")
        else:
            kind, _, rest = str(topic).partition(" ")
            take: Callable[..., None] | None = getattr(self, f"simulated_take_{kind}", None)
            if take is not None:
                take(client, topic, rest, message)

    def simulated_forget(self: Any, topic: str) -> None:
        kind, _, rest = topic.partition(" ")
        caches = {"book": self.orderbooks, "trades": self.trades}
        caches |= {"ticker": self.tickers, "quote": self.bidsasks}
        if kind in caches:
            caches[kind].pop(rest, None)
        elif kind == "candles":
            self.ohlcvs.pop(rest.split(" ")[0], None)
        elif kind == "orders":
            self.orders = None
        elif kind == "fills":
            self.myTrades = None
        elif kind == "positions":
            self.positions = None

    def simulated_take_ticker(self: Any, client: Any, topic: str, symbol: str, message: Params) -> None:
        self.tickers[symbol] = ticker = reading.ticker(self, message["data"])
        client.resolve(ticker, topic)

    def simulated_take_quote(self: Any, client: Any, topic: str, symbol: str, message: Params) -> None:
        self.bidsasks[symbol] = ticker = reading.ticker(self, message["data"])
        client.resolve(ticker, topic)

    def simulated_take_trades(self: Any, client: Any, topic: str, symbol: str, message: Params) -> None:
        if symbol not in self.trades:
            self.trades[symbol] = ArrayCache(self.safe_integer(self.options, "tradesLimit", KEPT))
        for row in message["data"]:
            self.trades[symbol].append(reading.trade(self, row))
        client.resolve(self.trades[symbol], topic)

    def simulated_take_book(self: Any, client: Any, topic: str, symbol: str, message: Params) -> None:
        data, time = message["data"], message["timestamp"]
        if message["type"] == "first":
            book = self.orderbooks[symbol] = self.order_book({})
            book.reset(reading.order_book(self, {**data, "nonce": message["number"]}))
        else:
            book = self.orderbooks.get(symbol)
            if book is None:
                return  # it begins anew with what is told first
            if message["number"] != book["nonce"] + 1:
                del self.orderbooks[symbol]
                client.subscriptions.pop(topic, None)
                client.reject(
                    ChecksumError(f"{self.id} watchOrderBook(): a change of {symbol} is missing"), topic
                )
                return
            for side in ("bids", "asks"):
                for price, amount in reading.book_levels(self, data[side]):
                    book[side].store(price, amount)
            book["nonce"], book["timestamp"] = message["number"], time
            book["datetime"] = self.iso8601(time)
        client.resolve(book, topic)

    def simulated_take_candles(self: Any, client: Any, topic: str, rest: str, message: Params) -> None:
        symbol, _, step = rest.partition(" ")
        if not message["data"]:
            return
        caches = self.ohlcvs.setdefault(symbol, {})
        if step not in caches:
            caches[step] = ArrayCacheByTimestamp(self.safe_integer(self.options, "OHLCVLimit", KEPT))
        for row in message["data"]:
            caches[step].append(reading.candle(self, row))
        client.resolve([symbol, step, caches[step]], topic)

    def simulated_take_orders(self: Any, client: Any, topic: str, rest: str, message: Params) -> None:
        if self.orders is None:
            self.orders = ArrayCacheBySymbolById(self.safe_integer(self.options, "ordersLimit", KEPT))
        self.simulated_add(client, topic, self.orders, [reading.order(self, row) for row in message["data"]])

    def simulated_take_fills(self: Any, client: Any, topic: str, rest: str, message: Params) -> None:
        if self.myTrades is None:
            self.myTrades = ArrayCacheBySymbolById(self.safe_integer(self.options, "tradesLimit", KEPT))
        self.simulated_add(
            client, topic, self.myTrades, [reading.trade(self, row) for row in message["data"]]
        )

    def simulated_add(self: Any, client: Any, topic: str, cache: Any, news: list[Any]) -> None:
        for each in news:
            cache.append(each)
        client.resolve(cache, topic)
        for symbol in {each["symbol"] for each in news}:
            client.resolve(cache, f"{topic} {symbol}")

    def simulated_take_balance(self: Any, client: Any, topic: str, name: str, message: Params) -> None:
        before = {} if message["type"] == "first" else self.balance.get(name, {}).get("info", {})
        currencies = {**before.get("currencies", {}), **message["data"]["currencies"]}
        told = {**message["data"], "currencies": currencies}
        self.balance[name] = reading.balance(self, told, message["timestamp"])
        client.resolve(self.balance[name], topic)

    def simulated_take_positions(self: Any, client: Any, topic: str, rest: str, message: Params) -> None:
        if self.positions is None:
            self.positions = ArrayCacheBySymbolBySide()
        news = [reading.position(self, row) for row in message["data"]]
        for each in news:
            self.positions.append(each)
        client.resolve(news, topic)

    # public

    async def watch_ticker(self: Any, symbol: str, params: Params = {}) -> Any:
        (listed,) = await self.simulated_listed([symbol])
        return await self.simulated_watch([f"ticker {listed}"])

    async def watch_tickers(self: Any, symbols: Any = None, params: Params = {}) -> Any:
        listed = await self.simulated_listed(symbols)
        ticker = await self.simulated_watch(f"ticker {symbol}" for symbol in listed)
        if self.newUpdates:
            return {ticker["symbol"]: ticker}
        return self.filter_by_array(self.tickers, "symbol", listed)

    async def watch_bids_asks(self: Any, symbols: Any = None, params: Params = {}) -> Any:
        listed = await self.simulated_listed(symbols)
        ticker = await self.simulated_watch(f"quote {symbol}" for symbol in listed)
        if self.newUpdates:
            return {ticker["symbol"]: ticker}
        return self.filter_by_array(self.bidsasks, "symbol", listed)

    async def watch_trades(
        self: Any, symbol: str, since: Any = None, limit: Any = None, params: Params = {}
    ) -> Any:
        return await self.simulated_watch_trades([symbol], since, limit)

    async def watch_trades_for_symbols(
        self: Any, symbols: Any, since: Any = None, limit: Any = None, params: Params = {}
    ) -> Any:
        return await self.simulated_watch_trades(symbols, since, limit)

    async def simulated_watch_trades(self: Any, symbols: Any, since: Any, limit: Any) -> Any:
        listed = await self.simulated_listed(symbols)
        trades = await self.simulated_watch(f"trades {symbol}" for symbol in listed)
        if self.newUpdates:
            limit = trades.getLimit(trades[0]["symbol"], limit)
        return self.filter_by_since_limit(trades, since, limit, "timestamp", True)

    async def watch_order_book(self: Any, symbol: str, limit: Any = None, params: Params = {}) -> Any:
        return await self.simulated_watch_books([symbol], limit)

    async def watch_order_book_for_symbols(
        self: Any, symbols: Any, limit: Any = None, params: Params = {}
    ) -> Any:
        return await self.simulated_watch_books(symbols, limit)

    async def simulated_watch_books(self: Any, symbols: Any, limit: Any) -> Any:
        listed = await self.simulated_listed(symbols)
        book = await self.simulated_watch(f"book {symbol}" for symbol in listed)
        if limit is None:
            return book.limit()
        return self.order_book({**book, "bids": book["bids"][:limit], "asks": book["asks"][:limit]})

    async def watch_ohlcv(
        self: Any,
        symbol: str,
        timeframe: str = "1m",
        since: Any = None,
        limit: Any = None,
        params: Params = {},
    ) -> Any:
        _, _, candles = await self.simulated_watch_candles([[symbol, timeframe]], "watchOHLCV")
        if self.newUpdates:
            limit = candles.getLimit(symbol, limit)
        return self.filter_by_since_limit(candles, since, limit, 0, True)

    async def watch_ohlcv_for_symbols(
        self: Any, symbolsAndTimeframes: Any, since: Any = None, limit: Any = None, params: Params = {}
    ) -> Any:
        wanted = symbolsAndTimeframes
        symbol, step, candles = await self.simulated_watch_candles(wanted, "watchOHLCVForSymbols")
        steps = {str(self.simulated_step(each, "watchOHLCVForSymbols")): each for _, each in wanted}
        if self.newUpdates:
            limit = candles.getLimit(symbol, limit)
        found = self.filter_by_since_limit(candles, since, limit, 0, True)
        return self.create_ohlcv_object(symbol, steps[step], found)

    async def simulated_watch_candles(self: Any, wanted: Any, name: str) -> Any:
        return await self.simulated_watch(await self.simulated_candle_topics(wanted, name))

    async def simulated_candle_topics(self: Any, wanted: Any, name: str) -> list[str]:
        await self.load_markets()
        return [
            f"candles {self.market(symbol)['symbol']} {self.simulated_step(timeframe, name)}"
            for symbol, timeframe in wanted
        ]

    # private

    async def simulated_watch_own(self: Any, topic: str, symbol: Any) -> Any:
        asked = await self.simulated_any(symbol)
        hashes = [f"{topic} {asked['symbol']}"] if asked else None
        return await self.simulated_watch([topic], True, hashes)

    async def watch_orders(
        self: Any, symbol: Any = None, since: Any = None, limit: Any = None, params: Params = {}
    ) -> Any:
        orders = await self.simulated_watch_own("orders", symbol)
        if self.newUpdates:
            limit = orders.getLimit(symbol, limit)
        return self.filter_by_symbol_since_limit(orders, symbol, since, limit, True)

    async def watch_my_trades(
        self: Any, symbol: Any = None, since: Any = None, limit: Any = None, params: Params = {}
    ) -> Any:
        trades = await self.simulated_watch_own("fills", symbol)
        if self.newUpdates:
            limit = trades.getLimit(symbol, limit)
        return self.filter_by_symbol_since_limit(trades, symbol, since, limit, True)

    async def watch_balance(self: Any, params: Params = {}) -> Any:
        await self.load_markets()
        wallet = self.simulated_wallet("watchBalance", params)["wallet"]
        return await self.simulated_watch([f"balance {wallet}"], True)

    async def watch_positions(
        self: Any, symbols: Any = None, since: Any = None, limit: Any = None, params: Params = {}
    ) -> Any:
        listed = None if symbols is None else await self.simulated_listed(symbols)
        await self.load_markets()
        while True:
            news = await self.simulated_watch(["positions"], True)
            found = news if self.newUpdates else self.positions
            wanted = self.filter_by_symbols_since_limit(found, listed, since, limit, True)
            if wanted or not news:
                return wanted

    # leaving

    async def un_watch_ticker(self: Any, symbol: str, params: Params = {}) -> Any:
        return await self.un_watch_tickers([symbol])

    async def un_watch_tickers(self: Any, symbols: Any = None, params: Params = {}) -> Any:
        listed = await self.simulated_listed(symbols)
        return await self.simulated_leave(f"ticker {symbol}" for symbol in listed)

    async def un_watch_bids_asks(self: Any, symbols: Any = None, params: Params = {}) -> Any:
        listed = await self.simulated_listed(symbols)
        return await self.simulated_leave(f"quote {symbol}" for symbol in listed)

    async def un_watch_trades(self: Any, symbol: str, params: Params = {}) -> Any:
        return await self.un_watch_trades_for_symbols([symbol])

    async def un_watch_trades_for_symbols(self: Any, symbols: Any, params: Params = {}) -> Any:
        listed = await self.simulated_listed(symbols)
        return await self.simulated_leave(f"trades {symbol}" for symbol in listed)

    async def un_watch_order_book(self: Any, symbol: str, params: Params = {}) -> Any:
        return await self.un_watch_order_book_for_symbols([symbol])

    async def un_watch_order_book_for_symbols(self: Any, symbols: Any, params: Params = {}) -> Any:
        listed = await self.simulated_listed(symbols)
        return await self.simulated_leave(f"book {symbol}" for symbol in listed)

    async def un_watch_ohlcv(self: Any, symbol: str, timeframe: str = "1m", params: Params = {}) -> Any:
        return await self.un_watch_ohlcv_for_symbols([[symbol, timeframe]])

    async def un_watch_ohlcv_for_symbols(self: Any, symbolsAndTimeframes: Any, params: Params = {}) -> Any:
        topics = await self.simulated_candle_topics(symbolsAndTimeframes, "unWatchOHLCVForSymbols")
        return await self.simulated_leave(topics)

    async def un_watch_orders(self: Any, symbol: Any = None, params: Params = {}) -> Any:
        return await self.simulated_leave(["orders"])

    async def un_watch_my_trades(self: Any, symbol: Any = None, params: Params = {}) -> Any:
        return await self.simulated_leave(["fills"])

    async def un_watch_positions(self: Any, symbols: Any = None, params: Params = {}) -> Any:
        return await self.simulated_leave(["positions"])
