"""bitexbit over socket.io: order books, order by order, and trades. What else is watched is polled."""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from typing import Any

from ccxt.base.errors import BadRequest, BadResponse, BadSymbol, BaseError

from ccxt_ext.venue.answers import failures, reading
from ccxt_ext.venue.streams.addresses import Topic
from ccxt_ext.venue.streams.books import OutOfStep
from ccxt_ext.venue.streams.caches import trades_of
from ccxt_ext.venue.streams.connection import Connection
from ccxt_ext.venue.streams.feed import Feed, Route
from ccxt_ext.venue.streams.streaming import Streaming
from ccxt_ext.venue.streams.subjects import Subject, subject_of
from ccxt_ext.venues.bitexbit import events, rest
from ccxt_ext.venues.bitexbit.flow import OrderFlow
from ccxt_ext.venues.bitexbit.metadata import OPTIONS
from ccxt_ext.venues.bitexbit.socket_io import VERSIONS, SocketIo, address, packets

PREFIX = "book_"
UNSUBSCRIBE = "unsubscribe"
FIRST_PAUSE_S = 0.1  # between two snapshots of a book


class Channel:
    """What is known of a channel of a connection."""

    def __init__(self, symbol: str, flow: OrderFlow) -> None:
        self.symbol = symbol
        self.flow = flow
        self.is_open = asyncio.Event()  # what happens now will be told
        self.loading: asyncio.Task[Any] | None = None


class BitexbitFeed(Feed):
    exchange: rest.bitexbit

    native = frozenset(
        (
            "watchOrderBook",
            "watchOrderBookForSymbols",
            "watchTrades",
            "watchTradesForSymbols",
        )
    )
    connection_class = SocketIo

    def __init__(self, exchange: rest.bitexbit) -> None:
        super().__init__(exchange)
        self.channels: dict[str, Channel] = {}  # by their names

    # -- subscriptions ------------------------------------------------------------------------------

    def channel_options(self) -> dict[str, Any]:
        return {**OPTIONS["stream"], **self.exchange.options.get("stream", {})}

    def engine_version(self) -> int:
        version = self.channel_options()["engineIoVersion"]
        if version not in VERSIONS:
            raise BadRequest(
                f"{self.exchange.id} speaks Engine.IO {' and '.join(map(str, VERSIONS))}, not {version}"
            )
        return int(version)

    def topic(self, subject: Subject, params: Any) -> tuple[str, Topic]:
        """Books and trades come over the same channel."""
        exchange, options = self.exchange, self.channel_options()
        channel = PREFIX + exchange.market(subject.symbol)["id"]
        url = options["url"] or exchange.implode_hostname(exchange.urls["api"]["ws"]) + "/socket.io/"
        url = address(url, self.engine_version())
        if options["messageEvent"] is not None:
            # Its messages do not tell what they are about: each channel gets a connection of its own.
            url += f"#{channel}"
        return url, Topic(channel, subject.symbol)

    async def follow(self, url: str, topics: Sequence[Topic], subjects: Sequence[Subject]) -> list[Any]:
        connection = self.connection(url)
        for topic, subject in zip(topics, subjects, strict=True):
            if subject == subject_of("orderbook", topic.channel):
                # Its trades may be followed already.
                self.load(connection, topic.key)
        return await super().follow(url, topics, subjects)

    async def unfollow(self, url: str, topics: Sequence[Topic], subjects: Sequence[Subject]) -> None:
        for topic, subject in zip(topics, subjects, strict=True):
            if subject == subject_of("orderbook", topic.channel) and topic.key in self.channels:
                self.channels[topic.key].flow.restart()
        await super().unfollow(url, topics, subjects)

    async def prepare(self, connection: Connection) -> None:
        assert isinstance(connection, SocketIo)
        await connection.shake_hands()

    async def subscribe(self, connection: Connection, topics: Sequence[Topic]) -> None:
        options = self.channel_options()
        for topic in topics:
            flow = OrderFlow(topic.channel, options["lag"] / 1000, options["snapshotAge"] / 1000)
            self.channels[topic.key] = Channel(topic.channel, flow)
        await super().subscribe(connection, topics)
        for topic in topics:
            self.load(connection, topic.key)

    def subscribing(self, topics: Sequence[Topic]) -> list[str]:
        return [packets().event(self.channel_options()["subscribeEvent"], topic.key) for topic in topics]

    def unsubscribing(self, topics: Sequence[Topic]) -> list[str]:
        return [packets().event(UNSUBSCRIBE, topic.key) for topic in topics]

    def forget(self, connection: Connection, topics: Sequence[Topic]) -> None:
        followed = connection.address.followed
        for topic in topics:
            self.exchange.orderbooks.pop(topic.channel, None)
            if topic.key in self.channels:
                self.channels[topic.key].flow.restart()
                if connection.error is not None or topic.key not in followed:
                    del self.channels[topic.key]

    def spoilt(self, connection: Connection, subjects: Sequence[Any] | None) -> Sequence[Topic]:
        topics = connection.address.topics()
        if subjects is None:
            return topics
        symbols = {subject.symbol for subject in subjects}
        return [topic for topic in topics if topic.channel in symbols]

    async def restart(self, connection: Connection, topics: Sequence[Topic]) -> None:
        """The channel goes on; the book needs another snapshot."""
        for topic in topics:
            self.load(connection, topic.key)

    async def ping(self, connection: Connection) -> None:
        assert isinstance(connection, SocketIo)
        await connection.ping()

    # -- snapshots of books -------------------------------------------------------------------------

    def load(self, connection: Connection, key: str) -> None:
        """See to it that somebody asks for the snapshots that a book needs."""
        channel = self.channels.get(key)
        if channel is not None and (channel.loading is None or channel.loading.done()):
            channel.loading = connection.spawn(self.ask_until_sure(connection, key, channel))

    async def ask_until_sure(self, connection: Connection, key: str, channel: Channel) -> None:
        exchange = self.exchange
        options, subject = self.channel_options(), subject_of("orderbook", channel.symbol)
        if not channel.is_open.is_set():
            # One from before would lack what happened until then.
            with contextlib.suppress(asyncio.TimeoutError, TimeoutError):
                await asyncio.wait_for(channel.is_open.wait(), options["subscribeWait"] / 1000)
            channel.is_open.set()
        pause = FIRST_PAUSE_S
        while self.needs_snapshot(connection, key, channel, subject):
            if channel.flow.age:
                await asyncio.sleep(channel.flow.age)
            try:
                await self.ask_once(connection, channel, subject)
            except OutOfStep as error:
                if exchange.verbose:
                    exchange.log(connection.url, "restarts", key, error)
                channel.flow.restart()
            except BaseError as error:
                connection.reject(failures.error_for_caller(exchange, error), subject)
            if self.needs_snapshot(connection, key, channel, subject):
                await asyncio.sleep(pause)
                pause = min(2 * pause, connection.timing["maxReconnectDelay"] / 1000)

    def needs_snapshot(self, connection: Connection, key: str, channel: Channel, subject: Subject) -> bool:
        return (
            self.channels.get(key) is channel
            and channel.flow.needs_snapshot
            and subject in connection.address.users_of(key)
        )

    async def ask_once(self, connection: Connection, channel: Channel, subject: Subject) -> None:
        request = {"pair": self.exchange.market(channel.symbol)["id"], "group": 0}
        asked = channel.flow.ask(time.monotonic())
        answer = await self.exchange.v1_public_get_orderbook_pair(request)
        orders = events.standing_orders(self.exchange, answer)
        self.deliver(
            connection, channel, channel.flow.take_snapshot(asked, orders, time.monotonic()), subject
        )

    def deliver(self, connection: Connection, channel: Channel, book: Any, subject: Subject) -> None:
        if book is not None:
            self.exchange.orderbooks[channel.symbol] = book
            connection.resolve(book, subject)

    # -- frames -------------------------------------------------------------------------------------

    def decoded(self, data: Any) -> Any:
        return packets().decoded(data)

    def route(self, connection: Connection, frame: Any) -> Route | None:
        exchange = self.exchange
        assert isinstance(connection, SocketIo)
        event = connection.event_of(frame)
        if event is None:
            return None
        name, *arguments = event
        options = self.channel_options()
        if name == f"{options['subscribeEvent']}.success" and arguments and arguments[0] in self.channels:
            self.channels[arguments[0]].is_open.set()
            return None
        if name == f"{options['subscribeEvent']}.error":
            return [], lambda connection, _: self.take_refusal(connection, arguments)
        key = connection.url.partition("#")[2] if name == options["messageEvent"] else name
        subjects = sorted(connection.address.users_of(key), key=str)
        if not subjects or key not in self.channels:
            return None

        def take(connection: Connection, _: Any) -> None:
            if len(arguments) != 1:
                raise BadResponse(f"{exchange.id} sent no message but {reading.excerpt(exchange, arguments)}")
            self.take_message(connection, key, reading.record(exchange, arguments[0]), subjects)

        return subjects, take

    def take_refusal(self, connection: Connection, arguments: list[Any]) -> None:
        """What is refused is not followed any more: the next who watches it subscribes anew."""
        followed = connection.address.followed
        said = arguments[0] if arguments else None
        named = said.get("channel") if isinstance(said, dict) else said
        refused = [named] if named in followed else [key for key in followed if not self.has_begun(key)]
        error = BadSymbol(
            f"{self.exchange.id} refused a subscription: {reading.excerpt(self.exchange, said)}"
        )
        for key in refused:
            left = followed.pop(key)
            self.forget(connection, [left.topic])
            for subject in left.users:
                connection.reject(error, subject)

    def has_begun(self, key: str) -> bool:
        return key in self.channels and self.channels[key].is_open.is_set()

    def take_message(
        self, connection: Connection, key: str, message: dict[str, Any], subjects: Sequence[Subject]
    ) -> None:
        exchange, channel = self.exchange, self.channels[key]
        channel.is_open.set()
        event = events.parse_event(exchange, message, self.channel_options()["cancelIdField"])
        of_book, of_trades = (subject_of(kind, channel.symbol) for kind in ("orderbook", "trades"))
        if of_trades in subjects and not event.is_cancel:
            trades = [
                events.parse_trade(exchange, row, message, channel.symbol)
                for row in events.trade_rows(exchange, message)
            ]
            cache = trades_of(exchange, channel.symbol)
            for trade in trades:
                cache.append(trade)
            if trades:
                connection.resolve(cache, of_trades)
        if of_book in subjects:
            self.deliver(connection, channel, channel.flow.take_event(event, time.monotonic()), of_book)
            if channel.flow.needs_snapshot:
                self.load(connection, key)


class bitexbit(Streaming, rest.bitexbit, feed=BitexbitFeed):
    pass
