"""One WebSocket of an exchange: ccxt's client, whose frames are read by one task that no frame can stop."""

import asyncio
import json
import time
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Protocol

import aiohttp
from ccxt.async_support.base.ws.client import Client
from ccxt.base.errors import (
    AuthenticationError,
    BadRequest,
    BaseError,
    ExchangeNotAvailable,
    NetworkError,
    PermissionDenied,
    RateLimitExceeded,
    RequestTimeout,
)

from ccxt_ext.venue.aio import AsyncExchange
from ccxt_ext.venue.answers import failures
from ccxt_ext.venue.requests.ranks import without_rank
from ccxt_ext.venue.requests.throttle import Throttle
from ccxt_ext.venue.streams.addresses import STEADY_S, Address
from ccxt_ext.venue.streams.audience import Audience

__all__ = ["Connection", "Keeper"]

LONGEST_RESTART_S = 5.0  # before topics are left and entered again

REFUSED_UPGRADES: dict[int, type[BaseError]] = {
    400: BadRequest,
    401: AuthenticationError,
    403: PermissionDenied,
    429: RateLimitExceeded,
}


class Keeper(Protocol):
    """What a connection asks of the feed that it was made for."""

    #: the streaming instance that the connection is of
    exchange: AsyncExchange

    def options(self) -> dict[str, Any]:
        """Those of `options['ws']`."""

    async def ping(self, connection: "Connection") -> None:
        """Send what the venue takes for a sign of life."""

    def lost(self, connection: "Connection") -> None:
        """The connection has failed. Whoever waits for it is about to be told."""

    def outlive(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        """Run what has to be done for a connection that is not among the clients any more."""


class Connection(Audience, Client):
    """ccxt's client with an audience. Any failure ends it through `fail()`, once, and it leaves no task.

    `resolve(news, subject)` gives news to all who wait for a subject, and `reject(error, subject)` an error.
    `await news([name])` waits for one of them, which may be any name, such as that of an answer to come.
    """

    #: why it has ended; None while it has not
    error: BaseError | None

    def __init__(self, feed: Keeper, address: Address, config: dict[str, Any]) -> None:
        exchange = feed.exchange
        callbacks = (exchange.handle_message, exchange.on_error, exchange.on_close, exchange.on_connected)
        Client.__init__(self, address.url, *callbacks, config)
        Audience.__init__(self)
        #: the feed that it was made for
        self.feed = feed
        #: the streaming instance that it is of
        self.exchange = exchange
        #: what is followed there
        self.address = address
        #: the options of the streams, as they were when it was made
        self.timing = feed.options()
        self.throttles: dict[str, Throttle] = {}
        #: whether subscriptions may be sent
        self.ready = False
        self.setup: asyncio.Task[None] | None = None
        self.tasks: set[asyncio.Task[Any]] = set()
        self._named: dict[str, asyncio.Task[Any]] = {}
        # When it was made, and when the latest frame came, as time.monotonic() has it.
        self.established = 0.0
        self.last_frame = 0.0
        self.restarting: set[Any] = set()  # keys of topics that are about to be left and entered again
        self._restarts: dict[Any, tuple[int, float]] = {}  # by topic: how often in a row, and when last

    def pause_before_restart(self, keys: Iterable[Any]) -> float:  # internal
        """Seconds to wait before topics are entered again: none at first, more if that has not helped."""
        now, most = time.monotonic(), 0
        for key in keys:
            count, at = self._restarts.get(key, (0, -STEADY_S))
            count = count + 1 if now - at < STEADY_S else 0
            self._restarts[key] = count, now
            most = max(most, count)
        return min(LONGEST_RESTART_S, 0.05 * 2 ** min(most, 10)) if most else 0.0

    # -- life ---------------------------------------------------------------------------------------

    def spawn(self, coroutine: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Start a task that ends with the connection. If it fails, the connection has failed."""
        task = without_rank(self.asyncio_loop.create_task, coroutine)
        self.tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def spawn_once(self, name: str, make: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        """Start such a task, unless the last one of that name runs yet."""
        task = self._named.get(name)
        if task is None or task.done():
            self._named[name] = self.spawn(make())

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self.tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception):
            self.fail(error)

    async def dial(self, session: aiohttp.ClientSession) -> None:  # internal
        """Connect, and read frames from then on."""
        self.connecting = True
        patience = self.timing["connectTimeout"] / 1000
        try:
            self.connection = await asyncio.wait_for(self.create_connection(session), patience)
        except (asyncio.TimeoutError, TimeoutError):
            raise RequestTimeout(f"no connection to {self.url} within {patience:g} s") from None
        except aiohttp.WSServerHandshakeError as error:
            # It is not chained, as its repr shows the request's headers with the keys in them.
            kind = REFUSED_UPGRADES.get(error.status, ExchangeNotAvailable)
            text = f"{self.url} refused the connection with status {error.status}"
        except (aiohttp.ClientError, OSError) as error:
            kind, text = ExchangeNotAvailable, f"no connection to {self.url}: {type(error).__name__}"
        else:
            self.connecting = False
            self.isConnected = True
            self.established = self.last_frame = time.monotonic()
            self.connected.resolve(self.url)
            self.on_connected_callback(self)
            self.spawn(self.read())
            self.spawn(self.keep_alive())
            return
        raise kind(text)

    def fail(self, error: Exception) -> None:
        """End the connection. Whoever waits gets the error, and the next watch call makes another one."""
        if self.error is not None:
            return
        if not isinstance(error, BaseError):
            error = NetworkError(f"connection to {self.url} failed: {type(error).__name__} {error}")
        self.error = failures.error_for_caller(self.exchange, error)
        self.feed.lost(self)
        self.reject(self.error)
        self.feed.outlive(self.wind_up())

    def on_error(self, error: Exception) -> None:
        self.fail(error)

    def on_close(self, code: Any) -> None:
        self.fail(NetworkError(f"{self.url} closed the connection, code {code}"))

    def reset(self, error: Any) -> None:
        self.fail(error if isinstance(error, Exception) else NetworkError(str(error)))

    async def close(self, code: int = 1000) -> None:
        """End the connection as the user wishes. As in ccxt, whoever waits is cancelled."""
        self.error = self.error or NetworkError(f"connection to {self.url} was closed")
        self.cancel()
        await self.wind_up()

    async def wind_up(self) -> None:  # internal
        tasks = [task for task in self.tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.aiohttp_close()

    async def aiohttp_close(self) -> None:
        if self.closed():
            return
        try:
            # aiohttp waits for the other side's farewell, and a server that is stuck sends none.
            await asyncio.wait_for(self.connection.close(), self.timing["closeTimeout"] / 1000)
        except (asyncio.TimeoutError, TimeoutError, aiohttp.ClientError, OSError) as error:
            if self.verbose:
                self.log("closed without a farewell", type(error).__name__)

    # -- frames -------------------------------------------------------------------------------------

    async def read(self) -> None:  # internal
        connection = self.connection
        while self.error is None:
            message = await connection.receive()
            self.last_frame = time.monotonic()
            kind = message.type
            if kind is aiohttp.WSMsgType.TEXT or kind is aiohttp.WSMsgType.BINARY:
                self.handle_text_or_binary_message(message.data)
            elif kind is aiohttp.WSMsgType.PING:
                await connection.pong(message.data)
            elif kind is aiohttp.WSMsgType.PONG:
                self.lastPong = self.exchange.milliseconds()
            elif kind is aiohttp.WSMsgType.ERROR:
                self.fail(NetworkError(f"{self.url}: {message.data}"))
            else:
                self.on_close(connection.close_code)

    def handle_text_or_binary_message(self, data: Any) -> None:
        if self.verbose:
            self.log(self.exchange.iso8601(self.exchange.milliseconds()), "message", data)
        self.on_message_callback(self, data)

    async def send(self, message: Any) -> None:
        """Send a message at once. What is not text goes out as JSON."""
        text = message if isinstance(message, str) else json.dumps(message, separators=(",", ":"))
        if self.verbose:
            self.log(self.exchange.iso8601(self.exchange.milliseconds()), "sending", text)
        self.check_open()
        await self.connection.send_str(text)

    def check_open(self) -> None:
        """Raise NetworkError if it has ended."""
        if self.closed():
            raise NetworkError(f"the connection to {self.url} is closed")

    async def keep_alive(self) -> None:
        """Ping, and end the connection when nothing has come for too long."""
        interval, patience = self.timing["pingInterval"] / 1000, self.timing["timeout"] / 1000
        step = min(interval, patience / 2)
        pinged = self.established
        while True:
            await asyncio.sleep(step)
            now = time.monotonic()
            if now - self.last_frame >= patience:
                raise RequestTimeout(f"nothing came from {self.url} for {patience:g} s")
            if now - pinged + step / 2 >= interval:
                pinged = now
                await self.feed.ping(self)
