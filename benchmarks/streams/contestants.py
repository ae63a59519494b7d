"""Those who watch a book over a socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp
import orjson

from benchmarks.streams.dialects import DIALECTS, Dialect


class Watcher:
    """A user of an exchange's class, who awaits one state of the book after the other."""

    def __init__(self, dialect: Dialect, url: str) -> None:
        self.name = dialect.id
        self.dialect = dialect
        self.exchange = dialect.exchange(f"{url}/{dialect.id}")
        self.number = 0
        self.book: Any = None
        self.woken = 0

    async def begin(self) -> None:
        self.book = await self.exchange.watch_order_book(self.dialect.symbol)

    async def until(self, number: int) -> None:
        while self.book["nonce"] < number:
            self.book = await self.exchange.watch_order_book(self.dialect.symbol)
            self.woken += 1
        self.number = number

    async def end(self) -> None:
        await self.exchange.close()

    async def handler(self) -> tuple[Any, str]:
        """ccxt's client of the connection, and under which name it resolves the book's futures."""
        (client,) = self.exchange.clients.values()
        before = set(client.futures)
        waiting = asyncio.ensure_future(self.exchange.watch_order_book(self.dialect.symbol))
        await asyncio.sleep(0.05)
        (hash,) = set(client.futures) - before
        waiting.cancel()
        await asyncio.wait([waiting])
        return client, hash

    def levels(self) -> list[list[list[float]]]:
        return [[row[:2] for row in self.book[side]] for side in ("bids", "asks")]


class Bare:
    """aiohttp and orjson alone, which build no book."""

    name = "bare"

    def __init__(self, url: str) -> None:
        self.url = f"{url}/{self.name}"
        self.number = 0

    async def begin(self) -> None:
        self.session = aiohttp.ClientSession()
        self.socket = await self.session.ws_connect(self.url)

    async def until(self, number: int) -> None:
        while self.number < number:
            message = await self.socket.receive()
            self.number = orjson.loads(message.data)["data"]["seqnum"]

    async def end(self) -> None:
        await self.session.close()


class Stage:
    """All contestants, connected, and the server that sends to one of them at a time."""

    def __init__(self, control: aiohttp.ClientWebSocketResponse, contestants: list[Any]) -> None:
        self.control = control
        self.contestants = contestants

    @property
    def watchers(self) -> list[Watcher]:
        return [each for each in self.contestants if isinstance(each, Watcher)]

    async def prepare(self, contestant: Any, deltas: int, count: int, pause: float = 0) -> int:
        """Have the server make its messages; the number of the last one."""
        first = contestant.number + 1
        order = {"name": contestant.name, "deltas": deltas, "count": count, "first": first, "pause": pause}
        await self.control.send_str(orjson.dumps(order).decode())
        await self.control.receive()
        return first + count - 1

    async def go(self) -> None:
        await self.control.send_str("go")


@asynccontextmanager
async def stage(url: str) -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        control = await stack.enter_async_context(session.ws_connect(f"{url}/control"))
        contestants = [*(Watcher(dialect, url) for dialect in DIALECTS.values()), Bare(url)]
        for contestant in contestants:
            stack.push_async_callback(contestant.end)
            await contestant.begin()
        yield Stage(control, contestants)
