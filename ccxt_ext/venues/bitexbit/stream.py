"""bitexbit over socket.io: order books, order by order, and trades. What else is watched is polled."""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ccxt.base.errors import BadRequest, BadResponse, BadSymbol, BaseError, ExchangeError

from ccxt_ext.venue.answers import failures, reading
from ccxt_ext.venue.streams.addresses import Topic
from ccxt_ext.venue.streams.books import OutOfStep
from ccxt_ext.venue.streams.caches import trades_of
from ccxt_ext.venue.streams.connection import Connection
from ccxt_ext.venue.streams.feed import Feed, Route
from ccxt_ext.venue.streams.streaming import Streaming
from ccxt_ext.venue.streams.subjects import Subject, subject_of
from ccxt_ext.venues.bitexbit import fields, rest
from ccxt_ext.venues.bitexbit.fields import OPPOSITE
from ccxt_ext.venues.bitexbit.flow import Event, Order, OrderFlow
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
        wanted = connection.address.followed.values()
        symbols = {subject.symbol for subject in subjects or ()}
        return [each.topic for each in wanted if subjects is None or each.topic.channel in symbols]

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
                connection.reject(failures.told(exchange, error), subject)
            if self.needs_snapshot(connection, key, channel, subject):
                await asyncio.sleep(pause)
                pause = min(2 * pause, connection.timing["maxReconnectDelay"] / 1000)

    def needs_snapshot(self, connection: Connection, key: str, channel: Channel, subject: Subject) -> bool:
        wanted = connection.address.followed.get(key)
        return (
            self.channels.get(key) is channel
            and channel.flow.needs_snapshot
            and wanted is not None
            and subject in wanted.users
        )

    async def ask_once(self, connection: Connection, channel: Channel, subject: Subject) -> None:
        request = {"pair": self.exchange.market(channel.symbol)["id"], "group": 0}
        asked = channel.flow.ask(time.monotonic())
        answer = await self.exchange.v1_public_get_orderbook_pair(request)
        orders = self.standing_orders(answer)
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
        told = connection.event_of(frame)
        if told is None:
            return None
        name, *arguments = told
        options = self.channel_options()
        if name == f"{options['subscribeEvent']}.success" and arguments and arguments[0] in self.channels:
            self.channels[arguments[0]].is_open.set()
            return None
        if name == f"{options['subscribeEvent']}.error":
            return [], lambda connection, _: self.take_refusal(connection, arguments)
        key = connection.url.partition("#")[2] if name == options["messageEvent"] else name
        wanted = connection.address.followed.get(key)
        if wanted is None or key not in self.channels:
            return None
        subjects = sorted(wanted.users, key=str)

        def take(connection: Connection, _: Any) -> None:
            if len(arguments) != 1:
                raise BadResponse(f"{exchange.id} sent no message but {reading.excerpt(exchange, arguments)}")
            self.take_message(connection, key, reading.record(exchange, arguments[0]), subjects)

        return subjects, take

    def take_refusal(self, connection: Connection, arguments: list[Any]) -> None:
        """What is refused is not followed any more: the next who watches it subscribes anew."""
        followed = connection.address.followed
        told = arguments[0] if arguments else None
        named = told.get("channel") if isinstance(told, dict) else told
        refused = [named] if named in followed else [key for key in followed if not self.has_begun(key)]
        error = BadSymbol(
            f"{self.exchange.id} refused a subscription: {reading.excerpt(self.exchange, told)}"
        )
        for key in refused:
            wanted = followed.pop(key)
            self.forget(connection, [wanted.topic])
            for subject in wanted.users:
                connection.reject(error, subject)

    def has_begun(self, key: str) -> bool:
        return key in self.channels and self.channels[key].is_open.is_set()

    def take_message(
        self, connection: Connection, key: str, message: dict[str, Any], subjects: Sequence[Subject]
    ) -> None:
        channel = self.channels[key]
        channel.is_open.set()
        event = self.parse_event(message)
        book, trades_subject = (subject_of(kind, channel.symbol) for kind in ("orderbook", "trades"))
        if trades_subject in subjects and not event.is_cancel:
            trades = [
                self.parse_stream_trade(row, message, channel.symbol) for row in self.trade_rows(message)
            ]
            cache = trades_of(self.exchange, channel.symbol)
            for trade in trades:
                cache.append(trade)
            if trades:
                connection.resolve(cache, trades_subject)
        if book in subjects:
            self.deliver(connection, channel, channel.flow.take_event(event, time.monotonic()), book)
            if channel.flow.needs_snapshot:
                self.load(connection, key)

    def trade_rows(self, message: dict[str, Any]) -> list[dict[str, Any]]:
        return reading.rows(self.exchange, message, "trades") if message.get("trades") else []

    def parse_event(self, message: dict[str, Any]) -> Event:
        exchange = self.exchange
        if message.get("success") is False:
            raise ExchangeError(f"{exchange.id} {reading.excerpt(exchange, message)}")
        timestamp = fields.time_of(exchange, message, "date")
        if message.get("cancelled") or "cancel_order_id" in message:
            id = reading.required(exchange, message, self.channel_options()["cancelIdField"])
            return Event(id, None, (), True, timestamp)
        fills = tuple(
            (reading.required(exchange, row, "o_id"), self.decimal(row, "amount"))
            for row in self.trade_rows(message)
        )
        id, order = (
            reading.required(exchange, message, "oid"),
            self.standing_order(message, message.get("type")),
        )
        return Event(id, order, fills, False, timestamp)

    def standing_orders(self, answer: Any) -> dict[str, Order]:
        """Those of the ungrouped book of v1, by their ids."""
        exchange = self.exchange
        book = reading.record(exchange, answer)
        found = {}
        for side in OPPOSITE:
            for row in reading.rows(exchange, book, side):
                order = self.standing_order(row, side)
                if order is not None:
                    found[reading.required(exchange, row, "id")] = order
        return found

    def standing_order(self, row: dict[str, Any], side: Any) -> Order | None:
        """None if nothing of it is left."""
        if side not in OPPOSITE:
            raise BadResponse(f"{self.exchange.id} expected a side in {reading.excerpt(self.exchange, row)}")
        order = Order(side, self.decimal(row, "price"), self.decimal(row, "amount", zero=True))
        return order if order.amount else None

    def decimal(self, row: dict[str, Any], key: str, zero: bool = False) -> Decimal:
        exchange = self.exchange
        number = Decimal(reading.number_text(exchange, row, key) or "-1")
        if number > 0 or (zero and number == 0):
            return number
        raise BadResponse(f"{exchange.id} expected {key} above 0 in {reading.excerpt(exchange, row)}")

    def parse_stream_trade(self, row: dict[str, Any], message: dict[str, Any], symbol: str) -> Any:
        """The message is about the taker, the row names the order that it met."""
        exchange = self.exchange
        timestamp = fields.time_of(exchange, message, "date")
        return exchange.safe_trade(
            {
                "id": reading.required(exchange, row, "tid"),
                "order": None,
                "symbol": symbol,
                "timestamp": timestamp,
                "datetime": exchange.iso8601(timestamp),
                "type": None,
                "side": reading.side_of(exchange, message, "type"),
                "takerOrMaker": None,
                "price": reading.number_text(exchange, row, "price"),
                "amount": reading.number_text(exchange, row, "amount"),
                "cost": None,
                "fee": None,
                "info": row,
            },
            exchange.market(symbol),
        )


class bitexbit(Streaming, rest.bitexbit, feed=BitexbitFeed):
    pass
