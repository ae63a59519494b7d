"""BitMart openapi v2 over WebSocket: public market data. What is private is polled."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from ccxt.base.errors import BaseError

from ccxt_ext.venue.answers import failures, reading, refusals
from ccxt_ext.venue.streams.addresses import Topic
from ccxt_ext.venue.streams.books import change_levels, fill_side, stamp
from ccxt_ext.venue.streams.caches import candles_of, trade_key, trades_of
from ccxt_ext.venue.streams.connection import Connection
from ccxt_ext.venue.streams.feed import Feed, Route
from ccxt_ext.venue.streams.streaming import Streaming
from ccxt_ext.venue.streams.subjects import Subject, subject_of
from ccxt_ext.venues.bitmart2 import market_data, rest

# What the venue calls each kind of news when it is subscribed to, and when it comes.
TOPICS = {"orderbook": "order", "trades": "trade", "ticker": "price", "ohlcv": "kline"}

LIVE = "live"  # a subscription of which there was news


class Bitmart2Feed(Feed):
    exchange: rest.bitmart2

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

    def topic(self, subject: Subject, params: Any) -> tuple[str, Topic]:
        exchange, kind = self.exchange, subject.kind
        market = exchange.market(subject.symbol)
        message: dict[str, Any] = {"symbol": market["id"]}
        if kind == "ohlcv":
            message["step"] = int(exchange.timeframes[subject.detail])
        elif kind in ("orderbook", "trades"):
            # With fewer digits, levels would be merged.
            step = exchange.safe_string(market["precision"], "price")
            message["precision"] = int(exchange.precision_from_string(step))
        message.update(params)
        return exchange.urls["api"]["ws"], Topic(subject, {"topic": TOPICS[kind], **message})

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
                self.exchange.orderbooks.pop(topic.key.symbol, None)

    async def ping(self, connection: Connection) -> None:
        await connection.send({"subscribe": "ping"})

    # -- frames -------------------------------------------------------------------------------------

    def route(self, connection: Connection, frame: Any) -> Route | None:
        exchange = self.exchange
        message = reading.record(exchange, frame)
        if "message" in message:
            return [], self.take_error
        if "data" not in message or message.get("subscribe") not in HANDLERS:
            return None  # an acknowledgement, a pong
        kind, handle = HANDLERS[message["subscribe"]]
        symbol = exchange.safe_symbol(reading.required_text(exchange, message, "symbol"))
        timeframe = (
            exchange.find_timeframe(reading.required_text(exchange, message, "step"))
            if kind == "ohlcv"
            else None
        )
        subject = subject_of(kind, symbol, timeframe)

        def take(connection: Connection, message: Any) -> None:
            if subject in connection.subscriptions:
                connection.subscriptions[subject] = LIVE
            news = handle(self, reading.record(exchange, message["data"]), symbol, timeframe)
            if news is not None:
                connection.resolve(news, subject)

        return [subject], take

    def take_error(self, connection: Connection, message: dict[str, Any]) -> None:
        """What is refused is not followed any more: the next who watches it subscribes anew.

        Nothing tells what it was. What had news before it was not.
        """
        exchange = self.exchange
        followed = connection.address.followed
        refused = [key for key in followed if connection.subscriptions.get(key) != LIVE]
        try:
            refusals.raise_refusal(
                exchange, 400, "", reading.required_text(exchange, message, "message"), None
            )
        except BaseError as error:
            for key in refused or followed:
                connection.reject(failures.error_for_caller(exchange, error), key)
        for key in refused:
            del followed[key]
            connection.subscriptions.pop(key, None)

    def take_book(self, data: Any, symbol: str, _: Any) -> Any:
        exchange = self.exchange
        if symbol not in exchange.orderbooks:
            exchange.orderbooks[symbol] = exchange.order_book({"symbol": symbol})
        book = exchange.orderbooks[symbol]
        if self.option("depthIsSnapshot"):
            parsed = market_data.parse_book(exchange, data, symbol)
            for side in ("bids", "asks"):
                fill_side(book[side], parsed[side])
        else:
            change_levels(
                book, *(self.changed(reading.rows(exchange, data, side)) for side in ("buys", "sells"))
            )
        stamp(book, None, None)
        return book

    def changed(self, levels: list[dict[str, Any]]) -> list[tuple[str, str]]:
        exchange = self.exchange
        return [
            (
                reading.number_text(exchange, x, "price") or "",
                reading.number_text(exchange, x, "amount") or "",
            )
            for x in levels
        ]

    def take_trades(self, data: Any, symbol: str, _: Any) -> Any:
        exchange = self.exchange
        cache = trades_of(exchange, symbol)
        known = Counter(trade_key(trade) for trade in cache)
        rows = market_data.oldest_first(exchange, reading.rows(exchange, data, "trades"))
        news = False
        # A push may repeat what came before, and trades have no ids.
        for trade in exchange.parse_trades(rows, exchange.market(symbol)):
            key = trade_key(trade)
            if known[key]:
                known[key] -= 1
            else:
                cache.append(trade)
                news = True
        return cache if news else None

    def take_ticker(self, data: Any, symbol: str, _: Any) -> Any:
        exchange = self.exchange
        volume = "quoteVolume" if self.option("priceVolumeIsQuote") else "baseVolume"
        timestamp = reading.timestamp(exchange, data, "timestamp")
        close = reading.number_text(exchange, data, "current_price")
        exchange.tickers[symbol] = exchange.safe_ticker(
            {
                "symbol": symbol,
                "timestamp": timestamp,
                "datetime": exchange.iso8601(timestamp),
                "open": reading.number_text(exchange, data, "open_price"),
                "high": reading.number_text(exchange, data, "highest_price"),
                "low": reading.number_text(exchange, data, "lowest_price"),
                "close": close,
                "last": close,
                volume: reading.number_text(exchange, data, "volume"),
                "info": data,
            },
            exchange.market(symbol),
        )
        return exchange.tickers[symbol]

    def take_candle(self, data: Any, symbol: str, timeframe: Any) -> Any:
        exchange = self.exchange
        row = exchange.parse_ohlcv(data, exchange.market(symbol))
        if self.option("alignKline"):
            # What comes is the time of the message.
            row[0] -= row[0] % (exchange.parse_timeframe(timeframe) * 1000)
        cache = candles_of(exchange, symbol, timeframe)
        cache.append(row)
        return symbol, timeframe, cache


HANDLERS = {
    "depth": ("orderbook", Bitmart2Feed.take_book),
    "trade": ("trades", Bitmart2Feed.take_trades),
    "price": ("ticker", Bitmart2Feed.take_ticker),
    "kline": ("ohlcv", Bitmart2Feed.take_candle),
}


class bitmart2(Streaming, rest.bitmart2, feed=Bitmart2Feed):
    pass
