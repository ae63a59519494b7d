"""BitexAsia v1 over WebSocket: order books and trades. What else is watched is polled."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ccxt.async_support.base.ws.cache import ArrayCache
from ccxt.base.errors import BadRequest, BadResponse, BaseError

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.streams.addresses import Topic
from ccxt_ext.venue.streams.books import NumberedBook, are_plain
from ccxt_ext.venue.streams.caches import trades_of
from ccxt_ext.venue.streams.connection import Connection
from ccxt_ext.venue.streams.feed import Feed, Route
from ccxt_ext.venue.streams.streaming import Streaming
from ccxt_ext.venue.streams.subjects import Subject, subject_of
from ccxt_ext.venues.bitexasia import books, errors, fields, rest

LIVE = "live"  # a subscription of which there was news

# The fields of a change of a book, as they are assumed. If there are no others, none has another name.
CHANGE = frozenset(("type", "channel", "pair", "sequence", "timestamp", "bids", "asks"))


class FollowedBook(NumberedBook):
    def __init__(self, symbol: str) -> None:
        super().__init__(symbol)
        self.subject = subject_of("orderbook", symbol)
        self.subjects = [self.subject]


class BitexasiaFeed(Feed):
    exchange: rest.bitexasia

    native = frozenset(
        (
            "watchOrderBook",
            "watchOrderBookForSymbols",
            "watchTrades",
            "watchTradesForSymbols",
        )
    )

    def __init__(self, exchange: rest.bitexasia) -> None:
        super().__init__(exchange)
        self.books: dict[str, FollowedBook] = {}  # by their pairs

    # -- subscriptions ------------------------------------------------------------------------------

    def topic(self, subject: Subject, params: Any) -> tuple[str, Topic]:
        places = {"channel": subject.kind, "pair": self.exchange.market(subject.symbol)["id"]}
        return self.exchange.urls["api"]["ws"], Topic(subject, (places, params))

    async def follow(self, url: str, topics: Sequence[Topic], subjects: Sequence[Subject]) -> list[Any]:
        most = self.option("maxSubscriptions")
        if most is not None:
            held = {*self.address(url).followed, *(topic.key for topic in topics)}
            if len(held) > most:
                raise BadRequest(
                    f"{self.exchange.id} {len(held)} subscriptions are more than the {most} allowed"
                )
        return await super().follow(url, topics, subjects)

    def subscribing(self, topics: Sequence[Topic]) -> Iterable[Any]:
        return [self.message_of("subscribe", topic) for topic in topics]

    def unsubscribing(self, topics: Sequence[Topic]) -> Iterable[Any]:
        return [self.message_of("unsubscribe", topic) for topic in topics]

    def message_of(self, verb: str, topic: Topic) -> dict[str, Any]:
        places, params = topic.channel

        def filled(part: Any) -> Any:
            if isinstance(part, dict):
                return {name: filled(value) for name, value in part.items() if value is not None}
            if isinstance(part, list):
                return [filled(value) for value in part]
            if part == "subscribe":
                return verb
            return part.format(**places) if isinstance(part, str) else part

        return {**filled(self.option("subscribe")), **params}

    async def ping(self, connection: Connection) -> None:
        await connection.send({"op": "ping"})

    def forget(self, connection: Connection, topics: Sequence[Topic]) -> None:
        left = {topic.key for topic in topics}
        for pair, book in list(self.books.items()):
            if book.subject in left:
                del self.books[pair]
                self.exchange.orderbooks.pop(book.symbol, None)

    # -- frames -------------------------------------------------------------------------------------

    def route(self, connection: Connection, frame: Any) -> Route | None:
        exchange = self.exchange
        message = reading.record(exchange, frame)
        if message.keys() == CHANGE and message["type"] == "delta" and message["channel"] == "orderbook":
            pair = message["pair"]
            book = self.books.get(pair) if type(pair) is str else None
            if book is not None:
                return book.subjects, self.take_change
        message = self.opened_up(message)
        kind = fields.word(exchange, message, "type")
        if kind == "ping":
            connection.spawn(connection.send({"op": "pong"}))
        if kind == "error":
            return [], lambda connection, _: self.take_error(connection, message)
        channel = fields.word(exchange, message, "channel") or ""
        if kind not in ("snapshot", "delta") or channel not in HANDLERS:
            return None  # an acknowledgement, a pong
        fields.needed(exchange, message, "pair")
        return self.route_news(
            connection, message, kind, channel, fields.market_of(exchange, message, None)["symbol"]
        )

    def route_news(
        self, connection: Connection, message: dict[str, Any], kind: str, channel: str, symbol: str
    ) -> Route | None:
        subject = subject_of(channel, symbol)
        if subject not in connection.address.followed:
            return None  # it was left a moment ago

        def take(connection: Connection, _: Any) -> None:
            connection.subscriptions[subject] = LIVE
            news = HANDLERS[channel](self, message, symbol, kind == "snapshot")
            if news is not None:
                connection.resolve(news, subject)

        return [subject], take

    def opened_up(self, frame: dict[str, Any]) -> dict[str, Any]:
        """A frame without the envelope that its content may be in."""
        for envelope in self.exchange.options["envelopes"]:
            inner = frame.get(envelope)
            if isinstance(inner, dict):
                frame = {**frame, **inner}
            elif isinstance(inner, list):
                frame = {**frame, "trades": inner}
        return frame

    def take_error(self, connection: Connection, message: dict[str, Any]) -> None:
        """What is refused is not followed any more: the next who watches it subscribes anew."""
        exchange = self.exchange
        code, text = errors.error_in_answer(exchange, message, False) or (
            "",
            reading.excerpt(exchange, message),
        )
        followed = connection.address.followed
        named = self.named_topics(message, followed)
        # An error that does not tell whose it is belongs to what has not been answered yet.
        waiting = [key for key in followed if connection.subscriptions.get(key) != LIVE]
        refused = waiting if named is None else named
        for key in refused:
            connection.subscriptions.pop(key, None)
            self.forget(connection, [followed.pop(key).topic])
        try:
            errors.raise_error(exchange, 200, connection.url, None, code, text)
        except BaseError as error:
            for key in refused if refused or named is not None else list(followed):
                connection.reject(error, key)

    def named_topics(self, message: dict[str, Any], followed: Iterable[Subject]) -> list[Subject] | None:
        exchange = self.exchange
        pair, channel = fields.text_of(exchange, message, "pair"), fields.word(exchange, message, "channel")
        if pair is None:
            return None
        symbols = [market["symbol"] for market in exchange.markets_by_id.get(pair, [])]
        subjects = [
            subject_of(kind, symbol) for kind in HANDLERS for symbol in symbols if channel in (None, kind)
        ]
        return [subject for subject in subjects if subject in followed]

    def take_change(self, connection: Connection, message: dict[str, Any]) -> None:
        book = self.books[message["pair"]]
        connection.subscriptions[book.subject] = LIVE
        number, bids, asks = message["sequence"], message["bids"], message["asks"]
        time = fields.plain_time(self.exchange, message["timestamp"])
        if time and type(number) is int and are_plain(bids, asks) and self.option("checkSequence"):
            changed = book.change(number, bids, asks, time)
        else:
            changed = self.take_book(message, book.symbol, False)
        if changed is not None:
            connection.resolve(changed, book.subject)

    def take_book(self, message: dict[str, Any], symbol: str, is_snapshot: bool) -> Any:
        exchange = self.exchange
        is_checked = self.option("checkSequence")
        timestamp = fields.when(exchange, message, "timestamp")
        name = fields.named(exchange, message, "sequence")
        number: Any = message.get(name)
        if type(number) is not int:
            number = reading.integer(exchange, message, name)
        if number is None and is_checked:
            raise BadResponse(
                f"{exchange.id} expected a sequence number in {reading.excerpt(exchange, message)}"
            )
        bids, asks = self.levels(message, "bids", is_snapshot), self.levels(message, "asks", is_snapshot)
        pair = fields.needed(exchange, message, "pair")
        if is_snapshot:
            self.books[pair] = FollowedBook(symbol)
            exchange.orderbooks[symbol] = self.books[pair].snapshot(number or 0, bids, asks, timestamp)
            return exchange.orderbooks[symbol]
        followed = self.books.get(pair)
        if followed is None or followed.book is None:
            return None  # a change of a book that was dropped
        # Unchecked, they are numbered as they come.
        return followed.change(number if is_checked else followed.book["nonce"] + 1, bids, asks, timestamp)

    def levels(self, message: dict[str, Any], side: str, is_snapshot: bool) -> list[Any]:
        exchange = self.exchange
        rows: Any = message.get(side)
        if rows is None and not is_snapshot:
            return []
        return (
            rows
            if are_plain(rows)
            else [books.level(exchange, entry) for entry in fields.listed(exchange, message, side)]
        )

    def take_trades(self, message: dict[str, Any], symbol: str, is_snapshot: bool) -> ArrayCache | None:
        exchange = self.exchange
        if is_snapshot and not self.option("emitTradeSnapshot"):
            return None
        cache = trades_of(exchange, symbol)
        known = {trade["id"] for trade in cache}
        # After a reconnect, the snapshot has what was missed and what was not.
        trades = exchange.parse_trades(reading.rows(exchange, message, "trades"), exchange.market(symbol))
        news = {trade["id"]: trade for trade in trades if trade["id"] not in known}
        for trade in news.values():
            cache.append(trade)
        return cache if news else None


HANDLERS: dict[str, Callable[[BitexasiaFeed, dict[str, Any], str, bool], Any]] = {
    "orderbook": BitexasiaFeed.take_book,
    "trades": BitexasiaFeed.take_trades,
}


class bitexasia(Streaming, rest.bitexasia, feed=BitexasiaFeed):
    def parse_trade(self, trade: Any, market: Any = None) -> Any:
        market = fields.market_of(self, trade, market)
        timestamp = fields.when(self, trade, "created_at")
        if timestamp is None:
            raise BadResponse(f"{self.id} expected the time of a trade in {reading.excerpt(self, trade)}")
        return self.safe_trade(
            {
                "id": fields.needed(self, trade, "trade_id"),
                "order": None,
                "symbol": market["symbol"],
                "timestamp": timestamp,
                "datetime": self.iso8601(timestamp),
                "type": None,
                "side": reading.side(self, trade, "side"),
                "takerOrMaker": None,
                "price": reading.number_text(self, trade, "price"),
                "amount": fields.figure(self, trade, "size"),
                "cost": None,
                "fee": None,
                "info": trade,
            },
            market,
        )
