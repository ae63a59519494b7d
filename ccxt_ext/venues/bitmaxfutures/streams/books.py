"""Order books over BitMax's stream: a snapshot that is asked for, and numbered changes."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from ccxt.base.errors import BadResponse, BaseError

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.streams.addresses import Topic
from ccxt_ext.venue.streams.books import NumberedBook, OutOfStep
from ccxt_ext.venue.streams.connection import Connection
from ccxt_ext.venue.streams.feed import Feed, Route
from ccxt_ext.venue.streams.subjects import subject_of
from ccxt_ext.venues.bitmaxfutures import rest
from ccxt_ext.venues.bitmaxfutures.streams.frames import (
    DEPTH,
    REALTIME,
    REALTIME_SNAPSHOT,
)
from ccxt_ext.venues.bitmaxfutures.streams.requests import Requests, answer_to, book_answer

LONGEST_PAUSE_S = 5.0


class FollowedBook(NumberedBook):
    def __init__(self, symbol: str, market_id: str, channel: str, strikes: dict[str, int]) -> None:
        super().__init__(symbol)
        self.market_id = market_id
        self.channel = channel
        self.strikes = strikes
        self.subject = subject_of("orderbook", symbol)
        self.subjects = [self.subject]
        self.arrived: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def key(self) -> str:
        return f"{self.channel}:{self.market_id}"

    def take(self, connection: Connection, frame: Any) -> None:
        data = frame["data"]
        changed = self.change(int(data["seqnum"]), data["bids"], data["asks"], int(data["ts"]))
        if changed is not None:
            if self.strikes:
                self.strikes.pop(self.key, None)
            connection.resolve(changed, self.subject)


def is_book(topic: Topic) -> bool:
    return topic.key.partition(":")[0] in (DEPTH, REALTIME)


class BookFollower:
    def __init__(self, feed: Feed, requests: Requests) -> None:
        self.feed = feed
        self.exchange: rest.bitmaxfutures = feed.exchange
        self.requests = requests
        self.books: dict[str, FollowedBook] = {}  # by their topics
        self.strikes: dict[str, int] = {}  # how often in a row a book had to begin anew

    def open(self, topics: Iterable[Topic]) -> None:
        for topic in topics:
            channel, _, market_id = topic.key.partition(":")
            self.books[topic.key] = FollowedBook(
                self.exchange.safe_symbol(market_id), market_id, channel, self.strikes
            )

    def drop(self, key: str) -> None:
        self.books.pop(key, None)

    # -- frames -------------------------------------------------------------------------------------

    def route_change(self, connection: Connection, frame: dict[str, Any]) -> Route | None:
        book = self.books.get(f"{frame['m']}:{frame['symbol']}")
        return None if book is None else (book.subjects, book.take)

    def route_snapshot(self, connection: Connection, frame: dict[str, Any]) -> Route | None:
        if not isinstance(frame.get("symbol"), str):
            return self.requests.route_answer(connection, frame)  # a refusal
        channel = REALTIME if frame["m"] == REALTIME_SNAPSHOT else DEPTH
        book = self.books.get(f"{channel}:{frame['symbol']}")
        subjects: list[Any] = [book_answer(frame["m"], frame["symbol"])]
        if book is not None and book.book is None:
            subjects.append(book.subject)

        def take(connection: Connection, frame: Any) -> None:
            connection.resolve(frame, subjects[0])
            if book is not None and book.book is None:
                data = reading.record(self.exchange, frame.get("data"))
                self.begin(connection, book, *self.snapshot_of(data))

        return subjects, take

    def snapshot_of(self, data: dict[str, Any]) -> tuple[int, Any, Any, int | None]:
        exchange = self.exchange
        number = reading.integer(exchange, data, "seqnum")
        if number is None:
            raise BadResponse(
                f"{exchange.id} sent a book without a number: {reading.excerpt(exchange, data)}"
            )
        return number, data["bids"], data["asks"], reading.timestamp(exchange, data, "ts") or None

    def begin(
        self,
        connection: Connection,
        book: FollowedBook,
        number: int,
        bids: Any,
        asks: Any,
        timestamp: int | None,
    ) -> None:
        begun = book.snapshot(number, bids, asks, timestamp)
        if not book.arrived.done():
            book.arrived.set_result(None)
        self.exchange.orderbooks[book.symbol] = begun
        connection.resolve(begun, book.subject)

    # -- snapshots ----------------------------------------------------------------------------------

    async def bring_snapshot(self, connection: Connection, topic: Topic) -> None:
        """Ask for a book until it is there: over the socket, and if that does not help, over REST."""
        book = self.books.get(topic.key)
        if book is None:
            return  # it had to begin anew since
        options = self.exchange.options["watchOrderBook"]
        source, patience = options["snapshot"], options["snapshotTimeout"] / 1000
        if book.channel == REALTIME:
            # It comes by itself, and its numbers are not those of the other channel.
            await asyncio.wait([book.arrived], timeout=patience)
            source = REALTIME_SNAPSHOT
        while self.books.get(topic.key) is book and book.book is None:
            if source != "rest":
                id = self.requests.new_id(connection)
                refused = connection.future(answer_to(id))
                message = {"op": "req", "id": id, "action": source, "args": {"symbol": book.market_id}}
                await self.feed.tell(connection, message)
                await asyncio.wait(
                    [book.arrived, refused], timeout=patience, return_when=asyncio.FIRST_COMPLETED
                )
                connection.futures.pop(answer_to(id), None)
            if book.channel == DEPTH and not book.arrived.done():
                await self.snapshot_over_rest(connection, book, patience)
            elif not book.arrived.done():
                await asyncio.sleep(min(patience, 1.0))

    async def snapshot_over_rest(self, connection: Connection, book: FollowedBook, patience: float) -> None:
        try:
            found = await self.exchange.fetch_order_book(book.symbol)
            if found["nonce"] is None:
                raise BadResponse(f"{self.exchange.id} sent a book without a number")
        except BaseError as error:
            connection.reject(error, book.subject)
            await asyncio.sleep(min(patience, LONGEST_PAUSE_S))
            return
        if book.book is None and self.books.get(book.key) is book:
            try:
                self.begin(connection, book, found["nonce"], found["bids"], found["asks"], found["timestamp"])
            except OutOfStep as error:
                self.feed.begin_anew(connection, book.subjects, str(error))

    async def restart(self, connection: Connection, topics: Sequence[Topic]) -> None:
        """Leave and enter the channels again; sooner at first than when that has not helped."""
        strikes = [self.strikes.get(topic.key, 0) for topic in topics]
        for topic, before in zip(topics, strikes, strict=True):
            self.strikes[topic.key] = before + 1
        if max(strikes):
            await asyncio.sleep(min(LONGEST_PAUSE_S, 0.05 * 2 ** min(max(strikes), 10)))
        wanted = connection.address.followed
        topics = [topic for topic in topics if topic.key in wanted and topic.key not in self.books]
        for message in self.feed.unsubscribing(topics):
            await self.feed.tell(connection, message)
        await self.feed.subscribe(connection, topics)
