"""One WebSocket of an exchange: ccxt's client, whose frames are read by one task that no frame can stop."""

import asyncio
import json
import random
import time
from collections.abc import Coroutine, Hashable, Iterable, Sequence
from typing import Any, ClassVar, NamedTuple
from urllib.parse import urlsplit

import aiohttp
from ccxt.async_support.base.ws.client import Client
from ccxt.async_support.base.ws.future import Future
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

from ccxt_ext.venue.answers import failures
from ccxt_ext.venue.requests.ranks import without_rank
from ccxt_ext.venue.requests.throttle import Throttle
from ccxt_ext.venue.streams.subjects import Subject

# A connection that was lost sooner than this did not work, though it was made.
STEADY_S = 10.0

LONGEST_RESTART_S = 5.0  # before topics are left and entered again

REFUSED_UPGRADES: dict[int, type[BaseError]] = {
    400: BadRequest,
    401: AuthenticationError,
    403: PermissionDenied,
    429: RateLimitExceeded,
}


class Topic(NamedTuple):
    """Something that a connection can be subscribed to."""

    key: Any  # what tells it from others of its connection
    channel: Any = None  # what the venue's class makes its messages of
    private: bool = False


class Wanted:
    """A topic that is followed, and by which of the watch methods."""

    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        self.users: set[Subject] = set()


class Dialling:
    """How long to wait before the next connection to one address."""

    # When each host may be dialled again: venues count connections by address, whatever instance makes them.
    _next: ClassVar[dict[str, float]] = {}

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc
        self.failures = 0

    def delay(self, options: dict[str, Any]) -> float:
        """Seconds; the turn is taken with asking."""
        now = time.monotonic()
        delay = 0.0
        if self.failures:
            ceiling = min(options["maxReconnectDelay"], options["reconnectDelay"] * 2 ** (self.failures - 1))
            # Jittered, so that many clients do not come back all at once.
            delay = ceiling / 1000 * random.uniform(0.5, 1)
        at = max(now + delay, self._next.get(self.host, 0.0))
        if options["connectInterval"]:
            self._next[self.host] = at + options["connectInterval"] / 1000
        return at - now

    def ended(self, lived_s: float) -> None:
        self.failures = 1 if lived_s >= STEADY_S else self.failures + 1


class Connection(Client):
    """Whatever happens to it ends in `fail()`, once, and leaves no task behind."""

    error: BaseError | None
    futures: dict[Hashable, Future]

    def __init__(self, exchange: Any, url: str, config: dict[str, Any]) -> None:
        callbacks = (exchange.handle_message, exchange.on_error, exchange.on_close, exchange.on_connected)
        super().__init__(url, *callbacks, config)
        self.exchange = exchange
        self.timing: dict[str, Any] = exchange.stream_options()
        self.throttles: dict[str, Throttle] = {}
        self.ready = False  # subscriptions may be sent
        self.setup: asyncio.Task[None] | None = None
        self.tasks: set[asyncio.Task[Any]] = set()
        self.waiting: dict[Hashable, int] = {}
        self.established = 0.0
        self.last_frame = 0.0
        self.owed: set[Any] = set()  # hashes that began anew: who watched them holds what is out of date
        self.untold: dict[Any, Any] = {}  # of these, what came while nobody waited
        self.restarting: set[Any] = set()  # topics, by their keys
        self._restarts: dict[Any, tuple[int, float]] = {}  # how often in a row, and when at last

    # -- futures ------------------------------------------------------------------------------------

    def resolve(self, result: Any, message_hash: Hashable) -> Any:
        future = self.futures.pop(message_hash, None)
        if future is not None and not future.done():
            future.set_result(result)
        if self.owed and message_hash in self.owed:
            self._settle(result, message_hash, future is not None)
        return result

    def _settle(self, result: Any, hash: Any, was_taken: bool) -> None:
        if was_taken:
            self.owed.discard(hash)
            self.untold.pop(hash, None)
        else:
            self.untold[hash] = result

    def leave(self, hashes: Iterable[Any]) -> None:
        """Nobody wants them any more."""
        self.owed.difference_update(hashes)
        for hash in hashes:
            self.untold.pop(hash, None)

    def reject(self, result: Any, message_hash: Hashable | None = None) -> Any:
        # ccxt keeps an error that nobody waits for until somebody does, when it may be long out of date.
        for hash in list(self.futures) if message_hash is None else [message_hash]:
            future = self.futures.pop(hash, None)
            if future is not None and not future.done():
                future.set_exception(result)
                # Whoever waited for it may be gone, and then asyncio would complain.
                future.exception()
        return result

    async def news(self, hashes: Sequence[Hashable]) -> Any:
        """What the first of the hashes to have news is resolved with. Others may wait for the same."""
        return (await self.all_news(hashes))[0]

    async def all_news(self, hashes: Sequence[Hashable]) -> list[Any]:
        """The same, of all hashes that have news at once, in the order in which they came."""
        if self.untold and (untold := [hash for hash in hashes if hash in self.untold]):
            self.owed.difference_update(untold)
            return [self.untold.pop(hash) for hash in untold]
        # Of its own: if those of the connection were awaited, a watcher that is cancelled would cancel
        # them for all others.
        first = asyncio.get_running_loop().create_future()
        done: list[Future] = []

        def came(future: Future) -> None:
            done.append(future)
            if not first.done():
                first.set_result(None)

        futures = [self.future(hash) for hash in hashes]
        for hash, future in zip(hashes, futures, strict=True):
            self.waiting[hash] = self.waiting.get(hash, 0) + 1
            future.add_done_callback(came)
        try:
            await first
        finally:
            for hash, future in zip(hashes, futures, strict=True):
                self.waiting[hash] -= 1
                future.remove_done_callback(came)
        return [future.result() for future in done]

    def pause_before_restart(self, keys: Iterable[Any]) -> float:
        """Seconds: none at first, more each time that it has not helped."""
        now, most = time.monotonic(), 0
        for key in keys:
            count, at = self._restarts.get(key, (0, -STEADY_S))
            count = count + 1 if now - at < STEADY_S else 0
            self._restarts[key] = count, now
            most = max(most, count)
        return min(LONGEST_RESTART_S, 0.05 * 2 ** min(most, 10)) if most else 0.0

    # -- life ---------------------------------------------------------------------------------------

    def spawn(self, coroutine: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """A task that ends with the connection. Its failure is the connection's."""
        task = without_rank(self.asyncio_loop.create_task, coroutine)
        self.tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self.tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception):
            self.fail(error)

    async def dial(self, session: aiohttp.ClientSession) -> None:
        self.connecting = True
        patience = self.timing["connectTimeout"] / 1000
        try:
            self.connection = await asyncio.wait_for(self.create_connection(session), patience)
        except (asyncio.TimeoutError, TimeoutError):
            raise RequestTimeout(f"no connection to {self.url} within {patience:g} s") from None
        except aiohttp.WSServerHandshakeError as error:
            # Not chained: its repr has the request's headers, keys and all.
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
        """The end: whoever waits gets the error, and the next watch call makes another connection."""
        if self.error is not None:
            return
        if not isinstance(error, BaseError):
            error = NetworkError(f"connection to {self.url} failed: {type(error).__name__} {error}")
        self.error = failures.told(self.exchange, error)
        self.exchange.lost(self, self.error)
        self.reject(self.error)
        self.exchange.outlive(self.wind_up())

    def on_error(self, error: Exception) -> None:
        self.fail(error)

    def on_close(self, code: Any) -> None:
        self.fail(NetworkError(f"{self.url} closed the connection, code {code}"))

    def reset(self, error: Any) -> None:
        self.fail(error if isinstance(error, Exception) else NetworkError(str(error)))

    async def close(self, code: int = 1000) -> None:
        """On the user's wish: like in ccxt, whoever waits is cancelled."""
        self.error = self.error or NetworkError(f"connection to {self.url} was closed")
        futures, self.futures = list(self.futures.values()), {}
        for future in futures:
            future.cancel()
        await self.wind_up()

    async def wind_up(self) -> None:
        tasks = [task for task in self.tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.aiohttp_close()

    async def aiohttp_close(self) -> None:
        if self.closed():
            return
        try:
            # aiohttp waits for the other side's farewell, which does not come from one that is stuck.
            await asyncio.wait_for(self.connection.close(), self.timing["closeTimeout"] / 1000)
        except (asyncio.TimeoutError, TimeoutError, aiohttp.ClientError, OSError) as error:
            if self.verbose:
                self.log("closed without a farewell", type(error).__name__)

    # -- frames -------------------------------------------------------------------------------------

    async def read(self) -> None:
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
        """A message that is not text goes out as JSON."""
        text = message if isinstance(message, str) else json.dumps(message, separators=(",", ":"))
        if self.verbose:
            self.log(self.exchange.iso8601(self.exchange.milliseconds()), "sending", text)
        self.check_open()
        await self.connection.send_str(text)

    def check_open(self) -> None:
        if self.closed():
            raise NetworkError(f"the connection to {self.url} is closed")

    async def keep_alive(self) -> None:
        """Pings, and notices when nothing comes any more."""
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
                await self.exchange.ping_stream(self)
