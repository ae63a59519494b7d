"""The part of a streaming class that venues share: connections, what is followed over them, and caches."""

import asyncio
import functools
import time
from collections.abc import Callable, Coroutine, Hashable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from ccxt.base.errors import (
    BadResponse,
    BaseError,
    NetworkError,
    NotSupported,
    UnsubscribeError,
)

from ccxt_ext.venue.aio import AsyncExchange
from ccxt_ext.venue.answers import failures, reading
from ccxt_ext.venue.answers.quick_json import loads
from ccxt_ext.venue.closed import sandboxed
from ccxt_ext.venue.requests import turns
from ccxt_ext.venue.requests.throttle import Limits, Throttle
from ccxt_ext.venue.streams.books import OutOfStep
from ccxt_ext.venue.streams.connection import Connection, Dialling, Topic, Wanted
from ccxt_ext.venue.streams.methods import METHODS, POLLING, Watching, streaming_has, streaming_has_for
from ccxt_ext.venue.streams.polls import PollingPlace
from ccxt_ext.venue.streams.subjects import Subject
from ccxt_ext.venue.surface.lacking import not_supported

# A venue's metadata changes what it needs to; a user any of them.
STREAM_OPTIONS: dict[str, Any] = {
    "cost": 0,  # of a message, at the pace of `rateLimit`
    "limits": {},  # messages that a connection may send in a minute, by what the venue counts them as
    "connectTimeout": 10000,
    "connectInterval": 0,  # ms between two connections to one host
    "closeTimeout": 1000,
    "pingInterval": 20000,
    "timeout": 40000,  # ms of silence after which a connection counts as lost
    "reconnectDelay": 500,  # ms, twice as long after each failure
    "maxReconnectDelay": 30000,
}

MINUTE_S = 60.0

# Of these, nothing is told anew when they begin anew.
OF_ACCOUNT = ("orders", "myTrades", "balance", "positions")

# What a frame means: whom it concerns, and what to do with it.
Route = tuple[Sequence[Hashable], Callable[[Connection, Any], None]]


class Streaming(Watching):
    """Mixed in front of a venue's REST class.

    A venue that streams says with `native` which methods it streams; the others are polled, where they can
    be. It gives `route()`, `subscribing()` and `unsubscribing()`, and follows topics with `follow()`.
    """

    #: what the class can do over its connections apart from watching, such as createOrderWs
    over_socket: frozenset[str] = frozenset()

    #: a venue's own, if more is to be done for each connection than to read what comes
    connection_class: type[Connection] = Connection

    clients: dict[str, Any]
    stream_defaults: Mapping[str, Any] = STREAM_OPTIONS

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        described = cls.metadata()
        cls.stream_defaults = {**STREAM_OPTIONS, **described.get("options", {}).get("ws", {})}
        has = described["has"]
        for name, method in METHODS.items():
            if not has.get(name):
                refuse = not_supported(name, method)
                setattr(cls, method, refuse)
                setattr(cls, name, refuse)
        for name in cls.over_socket:
            method = AsyncExchange.un_camel_case(None, name)
            if hasattr(getattr(cls, method), "refuses"):
                # ccxt's own, made of one that the venue has, which its REST class had to refuse.
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

    def __init__(self, config: Mapping[str, Any] = {}) -> None:
        self.followed: dict[str, dict[Any, Wanted]] = {}
        self.dialling: dict[str, Dialling] = {}
        self.afterlife: set[asyncio.Task[Any]] = set()
        self.closing = False
        self.placed_orders: dict[str, Any] = {}
        self.markPrices: dict[str, Any] = {}  # ccxt's own class has tables for all but these
        super().__init__(config)

    def stream_options(self) -> dict[str, Any]:
        """Those of `options['ws']`, which a user may have put something else in place of."""
        return {**self.stream_defaults, **self.options.get("ws", {})}

    def stream_option(self, name: str) -> Any:
        own = self.options.get("ws", {})
        return own[name] if name in own else self.stream_defaults[name]

    # -- connections --------------------------------------------------------------------------------

    def client(self, url: str) -> Any:
        if self.closing:
            # Like those who wait already: nobody would end what it waits for.
            raise asyncio.CancelledError(f"{self.id} is being closed")
        self.clients = self.clients or {}
        if url not in self.clients:
            self.open()  # sets the event loop
            self.clients[url] = self.make_connection(url)
        return self.clients[url]

    def make_connection(self, url: str) -> Connection:
        config = {
            "log": self.log,
            "verbose": self.verbose,
            "throttle": functools.partial(self.keep_pace, Throttle(partial(self.pace.limits, self))),
            "asyncio_loop": self.asyncio_loop,
            "options": {},
        }
        connection = (PollingPlace if url == POLLING else self.connection_class)(self, url, config)
        http_proxy, https_proxy, _ = self.check_ws_proxy_settings()
        if http_proxy or https_proxy:
            connection.proxy = http_proxy or https_proxy
        return connection

    def stream_headers(self, url: str) -> dict[str, str] | None:
        """What a venue wants in the handshake."""
        if sandboxed.target_of(self) is not None:
            return None  # the user's are for the real venue
        return self.options.get("ws", {}).get("headers")

    async def follow(self, url: str, topics: Sequence[Topic], hashes: Sequence[Subject]) -> list[Any]:
        """Subscribe to what is not subscribed to yet, and wait for news under one of the hashes, or several.

        Each topic goes with the hash at its place. Several hashes can be served by one topic.
        """
        connection = self.client(url)
        wanted = self.followed.setdefault(url, {})
        fresh = []
        for topic, hash in zip(topics, hashes, strict=True):
            if topic.key not in wanted:
                wanted[topic.key] = Wanted(topic)
                fresh.append(topic)
            wanted[topic.key].users.add(hash)
        if connection.ready:
            if fresh:
                connection.spawn(self.subscribe(connection, fresh))
        elif connection.setup is None:
            connection.setup = connection.spawn(self.establish(connection))
        return await connection.all_news(hashes)

    async def connected(self, url: str) -> Connection:
        """The connection, ready for requests."""
        connection = self.client(url)
        if connection.setup is None:
            connection.setup = connection.spawn(self.establish(connection))
        if not connection.ready:
            await asyncio.wait([connection.setup])
        if connection.error is not None:
            raise connection.error
        return connection

    async def establish(self, connection: Connection) -> None:
        if not connection.connected.done():  # ccxt's offline tests hand over one that is connected
            dialling = self.dialling.setdefault(connection.url, Dialling(connection.url))
            await asyncio.sleep(dialling.delay(connection.timing))
            # Only now, as there may be a signature with a time in them.
            connection.options = {**connection.options, "headers": self.stream_headers(connection.url)}
            session = self.session
            _, _, socks_proxy = self.check_ws_proxy_settings()
            if socks_proxy:
                session = self.get_socks_proxy_session(socks_proxy)
            await connection.dial(session)
        await self.prepare(connection)
        wanted = self.followed.setdefault(connection.url, {})
        told: set[Wanted] = set()
        while fresh := [entry for entry in wanted.values() if entry not in told]:
            told.update(fresh)
            # While these messages leave, more may be followed.
            await self.subscribe(connection, [entry.topic for entry in fresh])
        connection.ready = True
        await self.catch_up(connection)

    async def subscribe(self, connection: Connection, topics: Sequence[Topic]) -> None:
        for topic in topics:
            connection.subscriptions[topic.key] = True
        for message in self.subscribing(topics):
            await self.tell(connection, message)

    async def keep_pace(self, throttle: Throttle, cost: float) -> None:
        throttle.leave(await turns.wait_for_turn(self, throttle, cost))

    def counted_as(self, message: Any) -> str:
        """Under which of `options['ws']['limits']` the venue counts a message."""
        return "subscription"

    async def tell(self, connection: Connection, message: Any, counted_as: str | None = None) -> None:
        """Send a message; or one that is made when its turn has come, as it has the time in it.

        If that fails, `was_unsent()` tells whether nothing can have left.
        """
        turns.mark_unsent(True)
        if self.enableRateLimit:
            if cost := connection.timing["cost"]:
                await connection.throttle(cost)
            kind = counted_as or self.counted_as(message)
            if most := connection.timing["limits"].get(kind):
                # Without a pace, and none is told to have arrived, as not all are answered.
                if kind not in connection.throttles:
                    limits = Limits(0, MINUTE_S, most)
                    connection.throttles[kind] = Throttle(lambda: limits, self.throttler.clock)
                await turns.wait_for_turn(self, connection.throttles[kind], 1)
        made = message() if callable(message) else message
        connection.check_open()
        turns.mark_unsent(False)
        await connection.send(made)

    async def unfollow(self, url: str, topics: Sequence[Topic], hashes: Sequence[Subject]) -> None:
        """Leave the topics that serve no other hash. Who waits for these gets UnsubscribeError."""
        wanted = self.followed.get(url, {})
        left = []
        for topic, hash in zip(topics, hashes, strict=True):
            if topic.key in wanted:
                wanted[topic.key].users.discard(hash)
                if not wanted[topic.key].users:
                    del wanted[topic.key]
                    left.append(topic)
        connection = (self.clients or {}).get(url)
        if connection is None:
            return
        for hash in hashes:
            connection.reject(UnsubscribeError(f"{self.id} {hash}"), hash)
        connection.leave(hashes)
        self.forget(connection, left)  # what comes until it is followed again is missing
        known = [topic for topic in left if connection.subscriptions.pop(topic.key, None)]
        if known and not connection.closed():
            for message in self.unsubscribing(known):
                await self.tell(connection, message)

    def lost(self, connection: Connection, error: BaseError) -> None:
        """A connection has failed; whoever waits for it is about to be told."""
        if self.clients.get(connection.url) is connection:
            del self.clients[connection.url]
        lived = time.monotonic() - connection.established if connection.established else 0.0
        self.dialling.setdefault(connection.url, Dialling(connection.url)).ended(lived)
        self.forget(connection, [w.topic for w in self.followed.get(connection.url, {}).values()])

    def outlive(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        """A task that close() waits for, of a connection that is not among the clients any more."""
        task = self.asyncio_loop.create_task(coroutine)
        self.afterlife.add(task)
        task.add_done_callback(self.afterlife.discard)

    async def close(self, *args: Any, **kwargs: Any) -> None:
        self.followed.clear()
        self.closing = True
        try:
            await super().close(*args, **kwargs)
            while self.afterlife:
                await asyncio.wait(self.afterlife)
        finally:
            self.closing = False

    # -- what a venue gives -------------------------------------------------------------------------

    def route(self, connection: Connection, frame: Any) -> Route | None:
        """Whom a frame concerns and who takes it; None if nobody. It raises for a frame of another shape."""
        raise NotSupported(f"{self.id} has no streams")

    def subscribing(self, topics: Sequence[Topic]) -> Iterable[Any]:
        """The messages that subscribe to the topics."""
        raise NotSupported(f"{self.id} has no streams")

    def unsubscribing(self, topics: Sequence[Topic]) -> Iterable[Any]:
        raise NotSupported(f"{self.id} has no streams")

    async def prepare(self, connection: Connection) -> None:
        """What comes before subscriptions, such as a login."""

    async def catch_up(self, connection: Connection) -> None:
        """What comes after them, such as asking for what was missed."""

    async def ping_stream(self, connection: Connection) -> None:
        await connection.connection.ping()

    def forget(self, connection: Connection, topics: Sequence[Topic]) -> None:
        """Drop what was built from frames of these topics and is not to be trusted any more."""

    async def restart(self, connection: Connection, topics: Sequence[Topic]) -> None:
        """Leave and enter topics of which a frame was missed or not understood: at once, so that the venue
        tells all anew; and if that has not helped, after a pause."""
        fresh = [topic for topic in topics if topic.key not in connection.restarting]
        keys = [topic.key for topic in fresh]
        pause = connection.pause_before_restart(keys)
        if pause:
            connection.restarting.update(keys)
            try:
                await asyncio.sleep(pause)
            finally:
                connection.restarting.difference_update(keys)
        wanted = self.followed.get(connection.url, {})
        # What is still to be subscribed to needs no more.
        fresh = [topic for topic in fresh if topic.key in wanted and topic.key in connection.subscriptions]
        if fresh:
            for message in self.unsubscribing(fresh):
                await self.tell(connection, message)
            await self.subscribe(connection, fresh)

    def spoilt(self, connection: Connection, hashes: Sequence[Any] | None) -> Sequence[Topic]:
        """The topics to restart as a frame for these hashes (None: nobody knows whose) cannot be used."""
        return [
            wanted.topic
            for wanted in self.followed.get(connection.url, {}).values()
            if hashes is None or not wanted.users.isdisjoint(hashes)
        ]

    def frame_of(self, data: Any) -> Any:
        """What a venue sent, decoded."""
        return loads(data)

    # -- frames -------------------------------------------------------------------------------------

    def handle_message(self, connection: Connection, message: Any) -> None:
        """A frame as it came, or decoded. None can disturb more than those it concerns."""
        hashes = None
        try:
            frame = self.frame_of(message) if isinstance(message, (str, bytes)) else message
            route = self.route(connection, frame)
            if route is None:
                return
            hashes, handle = route
            handle(connection, frame)
        except OutOfStep as error:
            self.begin_anew(connection, hashes, str(error))
        except Exception as error:
            told = self.frame_error(error, message)
            for hash in connection.futures.copy() if hashes is None else hashes:
                connection.reject(told, hash)
            # What the venue says of a wrong request is no frame that is missing from something.
            if hashes is not None or isinstance(told, BadResponse):
                self.begin_anew(connection, hashes, str(told))

    def frame_error(self, error: Exception, message: Any) -> BaseError:
        if isinstance(error, BaseError):
            return failures.told(self, error)
        if isinstance(
            error, (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
        ):
            return BadResponse(f"{self.id} sent what cannot be understood: {reading.excerpt(self, message)}")
        return NetworkError(f"{self.id} {type(error).__name__}: {self.redact(str(error))}")

    def begin_anew(self, connection: Connection, hashes: Sequence[Any] | None, why: str) -> None:
        topics = self.spoilt(connection, hashes)
        if topics:
            if self.verbose:
                self.log(connection.url, "restarts", [topic.key for topic in topics], why)
            self.forget(connection, topics)
            followed = self.followed.get(connection.url, {})
            for topic in topics:
                if topic.key in followed:
                    users = followed[topic.key].users
                    connection.owed.update(user for user in users if user.kind not in OF_ACCOUNT)
            connection.spawn(self.restart(connection, topics))
