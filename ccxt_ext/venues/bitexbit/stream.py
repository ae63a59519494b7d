"""bitexbit over socket.io: order books, order by order, and trades. What else is watched is polled."""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ccxt.base.errors import BadRequest, BadResponse, BadSymbol, BaseError, ExchangeError

from ccxt_ext.venue.answers import failures, reading
from ccxt_ext.venue.streams.books import OutOfStep
from ccxt_ext.venue.streams.connection import Connection, Topic
from ccxt_ext.venue.streams.streaming import Route, Streaming
from ccxt_ext.venue.streams.subjects import Subject, hash_of
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


class bitexbit(Streaming, rest.bitexbit):
    native = frozenset(
        (
            "watchOrderBook",
            "watchOrderBookForSymbols",
            "watchTrades",
            "watchTradesForSymbols",
        )
    )
    connection_class = SocketIo

    def __init__(self, config: Any = {}) -> None:
        self.channels: dict[str, Channel] = {}  # by their names
        super().__init__(config)

    # -- subscriptions ------------------------------------------------------------------------------

    def channel_options(self) -> dict[str, Any]:
        return {**OPTIONS["stream"], **self.options.get("stream", {})}

    def engine_version(self) -> int:
        version = self.channel_options()["engineIoVersion"]
        if version not in VERSIONS:
            raise BadRequest(f"{self.id} speaks Engine.IO {' and '.join(map(str, VERSIONS))}, not {version}")
        return int(version)

    def topic(self, kind: str, symbol: str | None, detail: str | None, params: Any) -> tuple[str, Topic]:
        """Books and trades come over the same channel."""
        options = self.channel_options()
        channel = PREFIX + self.market(symbol)["id"]
        url = options["url"] or self.implode_hostname(self.urls["api"]["ws"]) + "/socket.io/"
        url = address(url, self.engine_version())
        if options["messageEvent"] is not None:
            # Its messages do not tell what they are about: each channel gets a connection of its own.
            url += f"#{channel}"
        return url, Topic(channel, symbol)

    async def follow(self, url: str, topics: Sequence[Topic], hashes: Sequence[Subject]) -> list[Any]:
        connection = self.client(url)
        for topic, hash in zip(topics, hashes, strict=True):
            if hash == hash_of("orderbook", topic.channel):
                # Its trades may be followed already.
                self.load(connection, topic.key)
        return await super().follow(url, topics, hashes)

    async def unfollow(self, url: str, topics: Sequence[Topic], hashes: Sequence[Subject]) -> None:
        for topic, hash in zip(topics, hashes, strict=True):
            if hash == hash_of("orderbook", topic.channel) and topic.key in self.channels:
                self.channels[topic.key].flow.restart()
        await super().unfollow(url, topics, hashes)

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
        followed = self.followed.get(connection.url, {})
        for topic in topics:
            self.orderbooks.pop(topic.channel, None)
            if topic.key in self.channels:
                self.channels[topic.key].flow.restart()
                if connection.error is not None or topic.key not in followed:
                    del self.channels[topic.key]

    def spoilt(self, connection: Connection, hashes: Sequence[Any] | None) -> Sequence[Topic]:
        wanted = self.followed.get(connection.url, {}).values()
        symbols = {hash.symbol for hash in hashes or ()}
        return [each.topic for each in wanted if hashes is None or each.topic.channel in symbols]

    async def restart(self, connection: Connection, topics: Sequence[Topic]) -> None:
        """The channel goes on; the book needs another snapshot."""
        for topic in topics:
            self.load(connection, topic.key)

    async def ping_stream(self, connection: Connection) -> None:
        assert isinstance(connection, SocketIo)
        await connection.ping()

    # -- snapshots of books -------------------------------------------------------------------------

    def load(self, connection: Connection, key: str) -> None:
        """See to it that somebody asks for the snapshots that a book needs."""
        channel = self.channels.get(key)
        if channel is not None and (channel.loading is None or channel.loading.done()):
            channel.loading = connection.spawn(self.ask_until_sure(connection, key, channel))

    async def ask_until_sure(self, connection: Connection, key: str, channel: Channel) -> None:
        options, hash = self.channel_options(), hash_of("orderbook", channel.symbol)
        if not channel.is_open.is_set():
            # One from before would lack what happened until then.
            with contextlib.suppress(asyncio.TimeoutError, TimeoutError):
                await asyncio.wait_for(channel.is_open.wait(), options["subscribeWait"] / 1000)
            channel.is_open.set()
        pause = FIRST_PAUSE_S
        while self.needs_snapshot(connection, key, channel, hash):
            if channel.flow.age:
                await asyncio.sleep(channel.flow.age)
            try:
                await self.ask_once(connection, channel, hash)
            except OutOfStep as error:
                if self.verbose:
                    self.log(connection.url, "restarts", key, error)
                channel.flow.restart()
            except BaseError as error:
                connection.reject(failures.told(self, error), hash)
            if self.needs_snapshot(connection, key, channel, hash):
                await asyncio.sleep(pause)
                pause = min(2 * pause, connection.timing["maxReconnectDelay"] / 1000)

    def needs_snapshot(self, connection: Connection, key: str, channel: Channel, hash: Subject) -> bool:
        wanted = self.followed.get(connection.url, {}).get(key)
        return (
            self.channels.get(key) is channel
            and channel.flow.needs_snapshot
            and wanted is not None
            and hash in wanted.users
        )

    async def ask_once(self, connection: Connection, channel: Channel, hash: Subject) -> None:
        request = {"pair": self.market(channel.symbol)["id"], "group": 0}
        asked = channel.flow.ask(time.monotonic())
        answer = await self.v1_public_get_orderbook_pair(request)
        orders = self.standing_orders(answer)
        self.deliver(connection, channel, channel.flow.take_snapshot(asked, orders, time.monotonic()), hash)

    def deliver(self, connection: Connection, channel: Channel, book: Any, hash: Subject) -> None:
        if book is not None:
            self.orderbooks[channel.symbol] = book
            connection.resolve(book, hash)

    # -- frames -------------------------------------------------------------------------------------

    def frame_of(self, data: Any) -> Any:
        return packets().decoded(data)

    def route(self, connection: Connection, frame: Any) -> Route | None:
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
        wanted = self.followed.get(connection.url, {}).get(key)
        if wanted is None or key not in self.channels:
            return None
        hashes = sorted(wanted.users, key=str)

        def take(connection: Connection, _: Any) -> None:
            if len(arguments) != 1:
                raise BadResponse(f"{self.id} sent no message but {reading.excerpt(self, arguments)}")
            self.take_message(connection, key, reading.record(self, arguments[0]), hashes)

        return hashes, take

    def take_refusal(self, connection: Connection, arguments: list[Any]) -> None:
        """What is refused is not followed any more: the next who watches it subscribes anew."""
        followed = self.followed.get(connection.url, {})
        told = arguments[0] if arguments else None
        named = told.get("channel") if isinstance(told, dict) else told
        refused = [named] if named in followed else [key for key in followed if not self.has_begun(key)]
        error = BadSymbol(f"{self.id} refused a subscription: {reading.excerpt(self, told)}")
        for key in refused:
            wanted = followed.pop(key)
            self.forget(connection, [wanted.topic])
            for hash in wanted.users:
                connection.reject(error, hash)

    def has_begun(self, key: str) -> bool:
        return key in self.channels and self.channels[key].is_open.is_set()

    def take_message(
        self, connection: Connection, key: str, message: dict[str, Any], hashes: Sequence[Subject]
    ) -> None:
        channel = self.channels[key]
        channel.is_open.set()
        event = self.parse_event(message)
        book_hash, trades_hash = (hash_of(kind, channel.symbol) for kind in ("orderbook", "trades"))
        if trades_hash in hashes and not event.is_cancel:
            trades = [
                self.parse_stream_trade(row, message, channel.symbol) for row in self.trade_rows(message)
            ]
            cache = self.trades_of(channel.symbol)
            for trade in trades:
                cache.append(trade)
            if trades:
                connection.resolve(cache, trades_hash)
        if book_hash in hashes:
            self.deliver(connection, channel, channel.flow.take_event(event, time.monotonic()), book_hash)
            if channel.flow.needs_snapshot:
                self.load(connection, key)

    def trade_rows(self, message: dict[str, Any]) -> list[dict[str, Any]]:
        return reading.rows(self, message, "trades") if message.get("trades") else []

    def parse_event(self, message: dict[str, Any]) -> Event:
        if message.get("success") is False:
            raise ExchangeError(f"{self.id} {reading.excerpt(self, message)}")
        timestamp = fields.time_of(self, message, "date")
        if message.get("cancelled") or "cancel_order_id" in message:
            id = reading.required(self, message, self.channel_options()["cancelIdField"])
            return Event(id, None, (), True, timestamp)
        fills = tuple(
            (reading.required(self, row, "o_id"), self.decimal(row, "amount"))
            for row in self.trade_rows(message)
        )
        id, order = reading.required(self, message, "oid"), self.standing_order(message, message.get("type"))
        return Event(id, order, fills, False, timestamp)

    def standing_orders(self, answer: Any) -> dict[str, Order]:
        """Those of the ungrouped book of v1, by their ids."""
        book = reading.record(self, answer)
        found = {}
        for side in OPPOSITE:
            for row in reading.rows(self, book, side):
                order = self.standing_order(row, side)
                if order is not None:
                    found[reading.required(self, row, "id")] = order
        return found

    def standing_order(self, row: dict[str, Any], side: Any) -> Order | None:
        """None if nothing of it is left."""
        if side not in OPPOSITE:
            raise BadResponse(f"{self.id} expected a side in {reading.excerpt(self, row)}")
        order = Order(side, self.decimal(row, "price"), self.decimal(row, "amount", zero=True))
        return order if order.amount else None

    def decimal(self, row: dict[str, Any], key: str, zero: bool = False) -> Decimal:
        number = Decimal(reading.number_text(self, row, key) or "-1")
        if number > 0 or (zero and number == 0):
            return number
        raise BadResponse(f"{self.id} expected {key} above 0 in {reading.excerpt(self, row)}")

    def parse_stream_trade(self, row: dict[str, Any], message: dict[str, Any], symbol: str) -> Any:
        """The message is about the taker, the row names the order that it met."""
        timestamp = fields.time_of(self, message, "date")
        return self.safe_trade(
            {
                "id": reading.required(self, row, "tid"),
                "order": None,
                "symbol": symbol,
                "timestamp": timestamp,
                "datetime": self.iso8601(timestamp),
                "type": None,
                "side": reading.side_of(self, message, "type"),
                "takerOrMaker": None,
                "price": reading.number_text(self, row, "price"),
                "amount": reading.number_text(self, row, "amount"),
                "cost": None,
                "fee": None,
                "info": row,
            },
            self.market(symbol),
        )
