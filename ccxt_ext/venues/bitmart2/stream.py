"""BitMart openapi v2 over WebSocket: public market data. What is private is polled."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from ccxt.base.errors import BaseError

from ccxt_ext.venue.answers import failures, reading, refusals
from ccxt_ext.venue.streams.books import change_levels, fill_side, stamp
from ccxt_ext.venue.streams.connection import Connection, Topic
from ccxt_ext.venue.streams.polls import trade_key
from ccxt_ext.venue.streams.streaming import Route, Streaming
from ccxt_ext.venue.streams.subjects import hash_of
from ccxt_ext.venues.bitmart2 import market_data, rest

# What the venue calls each kind of news when it is subscribed to, and when it comes.
TOPICS = {"orderbook": "order", "trades": "trade", "ticker": "price", "ohlcv": "kline"}

LIVE = "live"  # a subscription of which there was news


class bitmart2(Streaming, rest.bitmart2):
    native = frozenset(
        (
            "watchOHLCV",
            "watchOHLCVForSymbols",
            "watchOrderBook",
            "watchOrderBookForSymbols",
            "watchTicker",
            "watchTickers",
            "watchTrades",
            "watchTradesForSymbols",
        )
    )

    def topic(self, kind: str, symbol: str | None, detail: str | None, params: Any) -> tuple[str, Topic]:
        market = self.market(symbol)
        message: dict[str, Any] = {"symbol": market["id"]}
        if kind == "ohlcv":
            message["step"] = int(self.timeframes[detail])
        elif kind in ("orderbook", "trades"):
            # With fewer digits, levels would be merged.
            message["precision"] = self.precision_digits(market)
        message.update(params)
        key = hash_of(kind, symbol, detail)
        return self.urls["api"]["ws"], Topic(key, {"topic": TOPICS[kind], **message})

    def precision_digits(self, market: Any) -> int:
        return int(self.precision_from_string(self.safe_string(market["precision"], "price")))

    def subscribing(self, topics: Sequence[Topic]) -> Iterable[Any]:
        return [self.message_of("subscribe", topic) for topic in topics]

    def unsubscribing(self, topics: Sequence[Topic]) -> Iterable[Any]:
        return [self.message_of("unsubscribe", topic) for topic in topics]

    @staticmethod
    def message_of(verb: str, topic: Topic) -> dict[str, Any]:
        rest = {name: value for name, value in topic.channel.items() if name != "topic"}
        return {verb: topic.channel["topic"], **rest}

    def forget(self, connection: Connection, topics: Sequence[Topic]) -> None:
        """A book that was held stays as it was; the next is another."""
        for topic in topics:
            if topic.key.kind == "orderbook":
                self.orderbooks.pop(topic.key.symbol, None)

    async def ping_stream(self, connection: Connection) -> None:
        await connection.send({"subscribe": "ping"})

    # -- frames -------------------------------------------------------------------------------------

    def route(self, connection: Connection, frame: Any) -> Route | None:
        message = reading.record(self, frame)
        if "message" in message:
            return [], self.take_error
        if "data" not in message or message.get("subscribe") not in HANDLERS:
            return None  # an acknowledgement, a pong
        kind, handle = HANDLERS[message["subscribe"]]
        symbol = self.safe_symbol(reading.required(self, message, "symbol"))
        timeframe = self.find_timeframe(reading.required(self, message, "step")) if kind == "ohlcv" else None
        hash = hash_of(kind, symbol, timeframe)

        def take(connection: Connection, message: Any) -> None:
            if hash in connection.subscriptions:
                connection.subscriptions[hash] = LIVE
            news = handle(self, reading.record(self, message["data"]), symbol, timeframe)
            if news is not None:
                connection.resolve(news, hash)

        return [hash], take

    def take_error(self, connection: Connection, message: dict[str, Any]) -> None:
        """What is refused is not followed any more: the next who watches it subscribes anew.

        Nothing tells what it was. What had news before it was not.
        """
        followed = self.followed.get(connection.url, {})
        refused = [key for key in followed if connection.subscriptions.get(key) != LIVE]
        try:
            refusals.refuse(self, 400, "", reading.required(self, message, "message"), None)
        except BaseError as error:
            for key in refused or followed:
                connection.reject(failures.told(self, error), key)
        for key in refused:
            del followed[key]
            connection.subscriptions.pop(key, None)

    def take_book(self, data: Any, symbol: str, _: Any) -> Any:
        if symbol not in self.orderbooks:
            self.orderbooks[symbol] = self.order_book({"symbol": symbol})
        book = self.orderbooks[symbol]
        if self.stream_option("depthIsSnapshot"):
            parsed = market_data.parse_book(self, data, symbol)
            for side in ("bids", "asks"):
                fill_side(book[side], parsed[side])
        else:
            change_levels(book, *(self.changed(reading.rows(self, data, side)) for side in ("buys", "sells")))
        stamp(book, None, None)
        return book

    def changed(self, levels: list[dict[str, Any]]) -> list[tuple[str, str]]:
        return [
            (reading.number_text(self, x, "price") or "", reading.number_text(self, x, "amount") or "")
            for x in levels
        ]

    def take_trades(self, data: Any, symbol: str, _: Any) -> Any:
        cache = self.trades_of(symbol)
        known = Counter(trade_key(trade) for trade in cache)
        rows = market_data.oldest_first(self, reading.rows(self, data, "trades"))
        news = False
        # A push may repeat what came before, and trades have no ids.
        for trade in self.parse_trades(rows, self.market(symbol)):
            key = trade_key(trade)
            if known[key]:
                known[key] -= 1
            else:
                cache.append(trade)
                news = True
        return cache if news else None

    def take_ticker(self, data: Any, symbol: str, _: Any) -> Any:
        volume = "quoteVolume" if self.stream_option("priceVolumeIsQuote") else "baseVolume"
        timestamp = reading.moment(self, data, "timestamp")
        close = reading.number_text(self, data, "current_price")
        self.tickers[symbol] = self.safe_ticker(
            {
                "symbol": symbol,
                "timestamp": timestamp,
                "datetime": self.iso8601(timestamp),
                "open": reading.number_text(self, data, "open_price"),
                "high": reading.number_text(self, data, "highest_price"),
                "low": reading.number_text(self, data, "lowest_price"),
                "close": close,
                "last": close,
                volume: reading.number_text(self, data, "volume"),
                "info": data,
            },
            self.market(symbol),
        )
        return self.tickers[symbol]

    def take_candle(self, data: Any, symbol: str, timeframe: Any) -> Any:
        row = self.parse_ohlcv(data, self.market(symbol))
        if self.stream_option("alignKline"):
            # What comes is the time of the message.
            row[0] -= row[0] % (self.parse_timeframe(timeframe) * 1000)
        cache = self.candles_of(symbol, timeframe)
        cache.append(row)
        return symbol, timeframe, cache


HANDLERS = {
    "depth": ("orderbook", bitmart2.take_book),
    "trade": ("trades", bitmart2.take_trades),
    "price": ("ticker", bitmart2.take_ticker),
    "kline": ("ohlcv", bitmart2.take_candle),
}
