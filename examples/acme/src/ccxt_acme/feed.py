"""What Acme Exchange streams: order books, as a snapshot and numbered changes."""

from collections.abc import Iterable, Sequence
from typing import Any

from ccxt.base.errors import BadResponse, BaseError

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.streams.addresses import Topic
from ccxt_ext.venue.streams.books import NumberedBook
from ccxt_ext.venue.streams.connection import Connection
from ccxt_ext.venue.streams.feed import Feed, Route
from ccxt_ext.venue.streams.subjects import Subject, subject_of

from . import errors, markets, rest

TOPIC = "depth."


class AcmeFeed(Feed):
    exchange: rest.acme

    #: by their names in `has`
    native = frozenset(("watchOrderBook", "watchOrderBookForSymbols"))

    def __init__(self, exchange: rest.acme) -> None:
        super().__init__(exchange)
        self.books: dict[str, NumberedBook] = {}  # by their symbols

    # -- what is sent -------------------------------------------------------------------------------

    def topic(self, subject: Subject, params: Any) -> tuple[str, Topic]:
        """The address to dial, and what its messages are made of."""
        channel = {"topic": TOPIC + self.exchange.market(subject.symbol)["id"], **params}
        return self.exchange.urls["api"]["ws"], Topic(subject, channel)

    def subscribing(self, topics: Sequence[Topic]) -> Iterable[Any]:
        """The venue's documents say: {"do": "follow", "topic": "depth.BTC_USDT"}."""
        return [{"do": "follow", **topic.channel} for topic in topics]

    def unsubscribing(self, topics: Sequence[Topic]) -> Iterable[Any]:
        return [{"do": "leave", **topic.channel} for topic in topics]

    async def ping(self, connection: Connection) -> None:
        await connection.send({"do": "ping"})

    def forget(self, connection: Connection, topics: Sequence[Topic]) -> None:
        """A change may be missing, so the books begin anew, with a snapshot."""
        for topic in topics:
            self.books.pop(topic.key.symbol, None)
            self.exchange.orderbooks.pop(topic.key.symbol, None)

    # -- what comes ---------------------------------------------------------------------------------

    def route(self, connection: Connection, frame: Any) -> Route | None:
        """What a frame is about, and what takes it; None for what tells nothing, such as a pong."""
        exchange = self.exchange
        message = reading.record(exchange, frame)
        if "error" in message:
            return [], self.take_error
        topic = exchange.safe_string(message, "topic") or ""
        if not topic.startswith(TOPIC) or "whole" not in message:
            return None
        symbol = exchange.safe_symbol(topic.removeprefix(TOPIC), None, markets.SEPARATOR)
        subject = subject_of("orderbook", symbol)
        if subject not in connection.address.followed:
            return None  # it was left a moment ago

        def take(connection: Connection, message: Any) -> None:
            book = self.take_book(message, symbol)
            if book is not None:
                connection.resolve(book, subject)

        return [subject], take

    def take_book(self, message: dict[str, Any], symbol: str) -> Any:
        """Put a snapshot or a change into ccxt's book. A gap in the numbers lets the book begin anew."""
        exchange = self.exchange
        bids, asks = (markets.levels_of(exchange, message, side) for side in ("bids", "asks"))
        number = reading.integer(exchange, message, "number")
        if number is None:
            raise BadResponse(f"{exchange.id} sent no number with {reading.excerpt(exchange, message)}")
        time = reading.timestamp(exchange, message, "time")
        if message.get("whole") is True:
            book = self.books[symbol] = NumberedBook(symbol)
            exchange.orderbooks[symbol] = book.snapshot(number, bids, asks, time)
            return exchange.orderbooks[symbol]
        followed = self.books.get(symbol)
        return None if followed is None else followed.change(number, bids, asks, time)

    def take_error(self, connection: Connection, message: dict[str, Any]) -> None:
        """What is refused is not followed any more. The venue's documents say that an error names it."""
        exchange = self.exchange
        id = exchange.safe_string(message, "topic", "").removeprefix(TOPIC)
        symbols = {market["symbol"] for market in exchange.markets_by_id.get(id, [])}
        followed = connection.address.followed
        refused = [key for key in followed if key.symbol in symbols] or list(followed)
        try:
            errors.raise_told(exchange, 400, "", errors.told_error(message) or {})
        except BaseError as error:
            for key in refused:
                self.forget(connection, [followed.pop(key).topic])
                connection.subscriptions.pop(key, None)
                connection.reject(error, key)
