"""What a venue streams: each venue tells its own part, and what all of them share is done here."""

import asyncio
import functools
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Hashable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, ClassVar

from ccxt.base.errors import BadResponse, BaseError, NetworkError, NotSupported, UnsubscribeError

from ccxt_ext.venue.answers import failures, reading
from ccxt_ext.venue.answers.quick_json import loads
from ccxt_ext.venue.calls.unified import with_raw_fields
from ccxt_ext.venue.closed import sandboxed
from ccxt_ext.venue.requests import turns
from ccxt_ext.venue.requests.throttle import Limits, Throttle
from ccxt_ext.venue.rest_client import AsyncRestClient
from ccxt_ext.venue.streams.addresses import Address, Followed, Topic
from ccxt_ext.venue.streams.books import OutOfStep, cut
from ccxt_ext.venue.streams.connection import Connection
from ccxt_ext.venue.streams.methods import TABLES
from ccxt_ext.venue.streams.source import Source
from ccxt_ext.venue.streams.subjects import Subject, subject_of

__all__ = ["Feed", "Route"]

# A venue's metadata has its own values under `options['ws']`, where a user may put others.
OPTIONS: dict[str, Any] = {
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

# When these begin anew, the venue does not tell again what it has told before.
OF_ACCOUNT = ("orders", "myTrades", "balance", "positions")

# What Python raises where a frame has another shape than its handler expects.
MISSHAPEN = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)

#: What a frame means: the subjects that it is about, and what takes it.
Route = tuple[Sequence[Hashable], Callable[[Connection, Any], None]]


@functools.cache
def usual_options(venue: Any) -> dict[str, Any]:
    """The options of a class's streams where the user has set no others."""
    return {**OPTIONS, **venue.metadata().get("options", {}).get("ws", {})}


class Feed(Source):
    """What a venue streams. A venue with streams derives its own class from this one.

    It has to give `native`, `topic()`, `subscribing()`, `unsubscribing()` and `route()`. It may give
    `connection_class`, `headers()`, `prepare()`, `catch_up()`, `ping()`, `counted_as()`, `decoded()`,
    `forget()` and `spoilt()`, and add to any other method.
    """

    #: the watch methods, by their names in `has`, that the venue streams; the others are polled
    native: ClassVar[frozenset[str]] = frozenset()

    #: a venue's own, if its connections need more than to read what comes
    connection_class: ClassVar[type[Connection]] = Connection

    #: the streaming instance that the feed is of
    exchange: AsyncRestClient

    def __init__(self, exchange: AsyncRestClient) -> None:
        self.exchange = exchange
        kind: Any = type(exchange)
        self.usual = usual_options(kind)
        self.addresses: dict[str, Address] = {}
        self.afterlife: set[asyncio.Task[Any]] = set()  # what is left to do for connections that ended
        self.is_closing = False

    # -- what a venue tells -------------------------------------------------------------------------

    def topic(self, subject: Subject, params: Any) -> tuple[str, Topic]:
        """The address and the topic of something that is streamed, of one symbol at most."""
        raise NotSupported(f"{self.exchange.id} has no streams")

    def subscribing(self, topics: Sequence[Topic]) -> Iterable[Any]:
        """The messages that subscribe to the topics."""
        raise NotSupported(f"{self.exchange.id} has no streams")

    def unsubscribing(self, topics: Sequence[Topic]) -> Iterable[Any]:
        """The messages that end the subscriptions."""
        raise NotSupported(f"{self.exchange.id} has no streams")

    def route(self, connection: Connection, frame: Any) -> Route | None:
        """Which subjects a frame is about, and what takes it; None if it is of no interest.

        What takes it puts the news into ccxt's caches and resolves the subjects. An error that it raises is
        raised in those who wait for these subjects; one that is raised here, in all who wait.
        """
        raise NotSupported(f"{self.exchange.id} has no streams")

    def headers(self, url: str) -> dict[str, str] | None:
        """The headers of a handshake."""
        if sandboxed.target_of(self.exchange) is not None:
            return None  # the user's are for the real venue
        return self.exchange.options.get("ws", {}).get("headers")

    async def prepare(self, connection: Connection) -> None:
        """Do what comes before subscriptions, such as a login: once for each connection.

        So what needs a login has an address of its own, and a connection for itself. If the venue has one
        address for all, `topic()` gives it as `url + "#own"`: what comes behind a # is not sent. To wait for
        the answer, `await connection.news(["login"])`, and let `route()` resolve that name. What is raised
        here ends the connection, and all who wait at its address get it.
        """

    async def catch_up(self, connection: Connection) -> None:
        """Do what comes after them, such as asking for what was missed. It runs at the first connection too.

        For the account's orders, `own_orders.missed_orders()` asks.
        """

    async def ping(self, connection: Connection) -> None:
        """Send what the venue takes for a sign of life; by default a WebSocket's own ping."""
        await connection.connection.ping()

    def counted_as(self, message: Any) -> str:
        """Under which of `options['ws']['limits']` the venue counts a message."""
        return "subscription"

    def decoded(self, data: Any) -> Any:
        """The frame that the text or the bytes from the venue stand for."""
        return loads(data)

    def forget(self, connection: Connection, topics: Sequence[Topic]) -> None:
        """Drop what was built from the frames of these topics, as some are missing from now on."""

    def spoilt(self, connection: Connection, subjects: Sequence[Any] | None) -> Sequence[Topic]:
        """The topics that begin anew when a frame about these subjects cannot be used.

        None stands for a frame of which nobody knows what it is about.
        """
        return connection.address.topics(subjects)

    # -- the source ---------------------------------------------------------------------------------

    async def news(self, subjects: Sequence[Subject], params: Any) -> list[Any]:
        first = subjects[0]
        news = await self.streamed(self.in_parts(subjects), params)
        # What is shown is as of now: more may have come since the watcher was woken.
        if first.kind == "balance":
            return [self.exchange.balance]
        if first.kind in TABLES:
            rows = getattr(self.exchange, TABLES[first.kind].cache)
            return [rows.get(row["symbol"], row) for row in news]
        if first.kind == "orderbook" and first.detail is not None:
            return [cut(book, first.detail) for book in news]
        return news

    def in_parts(self, subjects: Sequence[Subject]) -> list[Subject]:  # internal
        """The subjects as the venue tells of them: one for each symbol, and without limits."""
        parts: list[Subject] = []
        for subject in subjects:
            kind, symbols, detail = subject.kind, subject.symbols, subject.detail
            if kind in TABLES:
                parts += [subject_of(TABLES[kind].row, symbol) for symbol in symbols or self.all_symbols()]
            elif kind == "orderbook" and detail is not None:
                parts.append(Subject(kind, symbols))
            elif len(symbols) > 1:
                parts += [subject_of(kind, symbol) for symbol in symbols]
            else:
                parts.append(subject)
        return parts

    def all_symbols(self) -> list[str]:  # internal
        """The symbols that are watched if none are named."""
        markets = self.exchange.markets
        return [symbol for symbol, market in markets.items() if market["active"] is not False]

    async def streamed(self, subjects: Sequence[Subject], params: Any) -> list[Any]:
        """The news of such parts."""
        url, topics = self.topics(subjects, params)
        return await self.follow(url, topics, subjects)

    def topics(self, subjects: Sequence[Subject], params: Any) -> tuple[str, list[Topic]]:
        """The one address of the subjects, and their topics."""
        fields = with_raw_fields(self.exchange.id, params)
        found = [self.topic(subject, fields) for subject in subjects]
        return found[0][0], [topic for _, topic in found]

    async def leave(self, subjects: Sequence[Subject], params: Any) -> None:
        parts = self.in_parts(subjects)
        url, topics = self.topics(parts, params)
        await self.unfollow(url, topics, parts)

    def note(self, order: Any) -> None:
        """The venue tells of the order by itself."""

    @asynccontextmanager
    async def closing(self) -> AsyncIterator[None]:
        for address in self.addresses.values():
            address.followed.clear()
        self.is_closing = True
        try:
            yield
            while self.afterlife:
                await asyncio.wait(self.afterlife)
        finally:
            self.is_closing = False

    # -- what is followed ---------------------------------------------------------------------------

    async def follow(self, url: str, topics: Sequence[Topic], subjects: Sequence[Subject]) -> list[Any]:
        """Subscribe to what is not subscribed to yet, and wait for news of any of the subjects.

        Each topic goes with the subject at its place. One topic can serve several subjects.
        """
        connection = self.connection(url)
        fresh = connection.address.join(topics, subjects)
        if not connection.ready:
            self.set_up(connection)
        elif fresh:
            connection.spawn(self.subscribe(connection, fresh))
        return await connection.all_news(subjects)

    async def unfollow(self, url: str, topics: Sequence[Topic], subjects: Sequence[Subject]) -> None:
        """Leave the topics that serve no other subject."""
        left = self.address(url).leave(topics, subjects)
        connection = (self.exchange.clients or {}).get(url)
        if connection is None:
            return
        for subject in subjects:
            connection.reject(UnsubscribeError(f"{self.exchange.id} {subject}"), subject)
        connection.drop(subjects)
        self.forget(connection, left)  # what comes until it is followed again is missing
        known = [topic for topic in left if connection.subscriptions.pop(topic.key, None)]
        if known and not connection.closed():
            for message in self.unsubscribing(known):
                await self.tell(connection, message)

    async def subscribe(self, connection: Connection, topics: Sequence[Topic]) -> None:
        """Send the messages that subscribe to the topics."""
        for topic in topics:
            connection.subscriptions[topic.key] = True
        for message in self.subscribing(topics):
            await self.tell(connection, message)

    async def restart(self, connection: Connection, topics: Sequence[Topic]) -> None:
        """Leave and enter topics of which a frame was missed or not understood, so that the venue tells all
        anew: at once, and if that has not helped, after a pause."""
        fresh = [topic for topic in topics if topic.key not in connection.restarting]
        keys = [topic.key for topic in fresh]
        pause = connection.pause_before_restart(keys)
        if pause:
            connection.restarting.update(keys)
            try:
                await asyncio.sleep(pause)
            finally:
                connection.restarting.difference_update(keys)
        followed = connection.address.followed
        # What is still to be subscribed to needs no more than that.
        fresh = [topic for topic in fresh if topic.key in followed and topic.key in connection.subscriptions]
        if fresh:
            for message in self.unsubscribing(fresh):
                await self.tell(connection, message)
            await self.subscribe(connection, fresh)

    # -- connections --------------------------------------------------------------------------------

    def options(self) -> dict[str, Any]:
        """The options of the streams as they are now."""
        return {**self.usual, **self.exchange.options.get("ws", {})}

    def option(self, name: str) -> Any:
        """One of them."""
        own = self.exchange.options.get("ws", {})
        return own[name] if name in own else self.usual[name]

    def address(self, url: str) -> Address:
        """What is followed at an address. It outlives the connections to there."""
        if url not in self.addresses:
            self.addresses[url] = Address(url)
        return self.addresses[url]

    def connection(self, url: str) -> Connection:
        """The connection to an address, which may have to be dialled yet."""
        exchange = self.exchange
        if self.is_closing:
            # As with those who wait already: nobody would end what it waits for.
            raise asyncio.CancelledError(f"{exchange.id} is being closed")
        exchange.clients = exchange.clients or {}
        if url not in exchange.clients:
            exchange.open()  # sets the event loop
            exchange.clients[url] = self.make_connection(url)
        connection: Connection = exchange.clients[url]
        return connection

    def make_connection(self, url: str) -> Connection:  # internal
        """A connection to an address, not dialled yet."""
        exchange = self.exchange
        config = {
            "log": exchange.log,
            "verbose": exchange.verbose,
            "throttle": functools.partial(self.keep_pace, Throttle(exchange.throttler.limits)),
            "asyncio_loop": exchange.asyncio_loop,
            "options": {},
        }
        connection = self.connection_class(self, self.address(url), config)
        http_proxy, https_proxy, _ = exchange.check_ws_proxy_settings()
        if http_proxy or https_proxy:
            connection.proxy = http_proxy or https_proxy
        return connection

    async def connected(self, url: str) -> Connection:
        """The connection to an address, once requests can be sent over it."""
        connection = self.connection(url)
        setup = self.set_up(connection)
        if not connection.ready:
            await asyncio.wait([setup])
        if connection.error is not None:
            raise connection.error
        return connection

    def set_up(self, connection: Connection) -> asyncio.Task[None]:  # internal
        """The task that makes a connection ready, which is begun once."""
        if connection.setup is None:
            connection.setup = connection.spawn(self.establish(connection))
        return connection.setup

    async def establish(self, connection: Connection) -> None:  # internal
        """Dial, and do all that comes before news: `prepare()`, the subscriptions, `catch_up()`."""
        exchange, address = self.exchange, connection.address
        if not connection.connected.done():  # ccxt's offline tests hand over one that is connected
            await asyncio.sleep(address.dialling.delay(connection.timing))
            # Only now, as there may be a signature with a time in them.
            connection.options = {**connection.options, "headers": self.headers(connection.url)}
            session = exchange.session
            _, _, socks_proxy = exchange.check_ws_proxy_settings()
            if socks_proxy:
                session = exchange.get_socks_proxy_session(socks_proxy)
            await connection.dial(session)
        await self.prepare(connection)
        begun: set[Followed] = set()
        while fresh := [each for each in address.followed.values() if each not in begun]:
            begun.update(fresh)
            # While these messages leave, more may be followed.
            await self.subscribe(connection, [each.topic for each in fresh])
        connection.ready = True
        await self.catch_up(connection)

    def lost(self, connection: Connection) -> None:
        """A connection has failed. What was built from its frames is dropped."""
        clients, address = self.exchange.clients, connection.address
        if clients.get(connection.url) is connection:
            del clients[connection.url]
        address.dialling.ended(time.monotonic() - connection.established if connection.established else 0.0)
        self.forget(connection, address.topics())

    def outlive(self, coroutine: Coroutine[Any, Any, Any]) -> None:  # internal
        """Run what is left to do for a connection that has ended; `close()` waits for it."""
        task = self.exchange.asyncio_loop.create_task(coroutine)
        self.afterlife.add(task)
        task.add_done_callback(self.afterlife.discard)

    # -- messages to the venue ----------------------------------------------------------------------

    async def keep_pace(self, throttle: Throttle, cost: float) -> None:  # internal
        throttle.leave(await turns.wait_for_turn(self.exchange, throttle, cost))

    async def tell(self, connection: Connection, message: Any, counted_as: str | None = None) -> None:
        """Send a message once its turn has come. A function makes the message then, with the time in it.

        If that fails, `was_unsent()` tells whether it is certain that nothing has left.
        """
        exchange = self.exchange
        turns.mark_unsent(True)
        if exchange.enableRateLimit:
            if cost := connection.timing["cost"]:
                await connection.throttle(cost)
            kind = counted_as or self.counted_as(message)
            if most := connection.timing["limits"].get(kind):
                # Without a pace. Nothing says that one has arrived, as not all are answered.
                if kind not in connection.throttles:
                    limits = Limits(0, MINUTE_S, most)
                    connection.throttles[kind] = Throttle(lambda: limits, exchange.throttler.clock)
                await turns.wait_for_turn(exchange, connection.throttles[kind], 1)
        made = message() if callable(message) else message
        connection.check_open()
        turns.mark_unsent(False)
        await connection.send(made)

    # -- frames from the venue ----------------------------------------------------------------------

    def handle(self, connection: Connection, message: Any) -> None:
        """Take a frame, as it came or decoded. None can disturb more than what it is about."""
        subjects = None
        try:
            frame = self.decoded(message) if isinstance(message, (str, bytes)) else message
            route = self.route(connection, frame)
            if route is None:
                return
            subjects, take = route
            take(connection, frame)
        except OutOfStep as error:
            self.begin_anew(connection, subjects, str(error))
        except Exception as error:
            raised = self.error_of(error, message)
            for subject in connection.futures.copy() if subjects is None else subjects:
                connection.reject(raised, subject)
            # What the venue says of a wrong request is no frame that is missing from anything.
            if subjects is not None or isinstance(raised, BadResponse):
                self.begin_anew(connection, subjects, str(raised))

    def error_of(self, error: Exception, message: Any) -> BaseError:
        """What is raised in those who wait, as a frame could not be used."""
        exchange = self.exchange
        if isinstance(error, BaseError):
            told: BaseError = failures.error_for_caller(exchange, error)
            return told
        if isinstance(error, MISSHAPEN):
            return BadResponse(
                f"{exchange.id} sent what cannot be understood: {reading.excerpt(exchange, message)}"
            )
        return NetworkError(f"{exchange.id} {type(error).__name__}: {exchange.redact(str(error))}")

    def begin_anew(self, connection: Connection, subjects: Sequence[Any] | None, why: str) -> None:
        """Drop and ask anew for what a frame that could not be used may have been about."""
        topics = self.spoilt(connection, subjects)
        if topics:
            if self.exchange.verbose:
                self.exchange.log(connection.url, "restarts", [topic.key for topic in topics], why)
            self.forget(connection, topics)
            for topic in topics:
                users = connection.address.users_of(topic.key)
                connection.owed.update(user for user in users if user.kind not in OF_ACCOUNT)
            connection.spawn(self.restart(connection, topics))
