"""WebSockets of exchanges: written down on their way, and played. They are met where aiohttp makes them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Generator, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import aiohttp
from aiohttp import WSMessage, WSMsgType

from ccxt_ext.testing.cassettes import frames
from ccxt_ext.testing.cassettes.score import Place, Playing, Writing

_CLOSING = (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED)


class Opened:
    """What `session.ws_connect()` returns: to be awaited, or entered."""

    def __init__(self, connect: Awaitable[Any]) -> None:
        self._connect = connect
        self._socket: Any = None

    def __await__(self) -> Generator[Any, None, Any]:
        return self._connect.__await__()

    async def __aenter__(self) -> Any:
        self._socket = await self._connect
        return self._socket

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()


@contextmanager
def sockets_of(connect: Callable[[Any, str, dict[str, Any], Any], Awaitable[Any] | None]) -> Iterator[None]:
    """While this lasts, `connect(session, url, settings, real)` makes connections; None is for a real one."""
    real = aiohttp.ClientSession.ws_connect

    def ws_connect(session: Any, url: Any, **settings: Any) -> Any:
        made = connect(session, str(url), settings, real)
        return real(session, url, **settings) if made is None else Opened(made)

    with patch.object(aiohttp.ClientSession, "ws_connect", ws_connect):
        yield


class Socket:
    """As much of aiohttp's as its users need."""

    def __init__(self) -> None:
        # ccxt takes frames from aiohttp's buffer, past receive(); there are none in this one.
        payload = SimpleNamespace(_buffer=deque(), _size=0)
        self._conn = SimpleNamespace(protocol=SimpleNamespace(_payload=payload))

    async def receive(self, timeout: float | None = None) -> WSMessage:
        raise NotImplementedError

    async def receive_str(self, *, timeout: float | None = None) -> str:
        return str((await self.receive(timeout)).data)

    def __aiter__(self) -> Socket:
        return self

    async def __anext__(self) -> WSMessage:
        message = await self.receive()
        if message.type in _CLOSING:
            raise StopAsyncIteration
        return message

    async def send_str(self, data: str, compress: int | None = None) -> None:
        raise NotImplementedError

    async def send_json(self, data: Any, compress: int | None = None, *, dumps: Any = None) -> None:
        import json

        await self.send_str((dumps or json.dumps)(data))


class WritingSocket(Socket):
    """Passes everything on, and has it written down."""

    def __init__(self, real: Any, place: Place, writing: Writing, is_ping: Callable[[str], bool]) -> None:
        super().__init__()
        self._real = real
        self._place = place
        self._writing = writing
        self._is_ping = is_ping

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    async def receive(self, timeout: float | None = None) -> WSMessage:
        message: WSMessage = await self._real.receive(timeout)
        if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
            await self._writing.deliver("received", self._place.number, frames.told(message.data))
        elif message.type in (*_CLOSING, WSMsgType.ERROR):
            code = message.data if isinstance(message.data, int) else self._real.close_code
            await self._writing.deliver("closed", self._place.number, code or 1006)
        return message

    async def send_str(self, data: str, compress: int | None = None) -> None:
        if not self._is_ping(data):
            self._writing.note("sent", self._place.number, data)
        await self._real.send_str(data, compress)

    async def send_bytes(self, data: bytes, compress: int | None = None) -> None:
        self._writing.note("sent", self._place.number, frames.told(bytes(data)))
        await self._real.send_bytes(data, compress)


class PlayedSocket(Socket):
    """Stands for a connection. What comes over it is put into its place's inbox."""

    def __init__(self, place: Place, playing: Playing, is_ping: Callable[[str], bool]) -> None:
        super().__init__()
        self.closed = False
        self.close_code: int | None = None
        self._place = place
        self._playing = playing
        self._is_ping = is_ping
        self._reader: asyncio.Future[Any] | None = None

    async def receive(self, timeout: float | None = None) -> WSMessage:
        if self.closed:
            return WSMessage(WSMsgType.CLOSED, None, None)
        self._reader = asyncio.ensure_future(self._place.inbox.get())
        try:
            event = await asyncio.wait_for(asyncio.shield(self._reader), timeout)
        except asyncio.CancelledError:
            if not self.closed:
                raise
            return WSMessage(WSMsgType.CLOSED, None, None)
        finally:
            if not self._reader.done():
                self._reader.cancel()
            self._reader = None
        if isinstance(event, Exception):
            raise event
        if event.what == "closed":
            self.close_code = event.told
            self.closed = True
            return WSMessage(WSMsgType.CLOSE, event.told, "")
        data = frames.data_of(event.told)
        return WSMessage(WSMsgType.TEXT if isinstance(data, str) else WSMsgType.BINARY, data, "")

    async def send_str(self, data: str, compress: int | None = None) -> None:
        self._send(data, self._is_ping(data))

    async def send_bytes(self, data: bytes, compress: int | None = None) -> None:
        self._send(frames.told(bytes(data)), False)

    def _send(self, told: Any, is_ping: bool) -> None:
        if self._playing.error is not None:
            raise self._playing.error
        if self.closed:
            raise ConnectionResetError("the connection is closed")
        if not is_ping:
            self._playing.happened("sent", told, self._place)

    async def ping(self, message: bytes = b"") -> None:
        """Nobody answers, and nobody waits."""

    async def pong(self, message: bytes = b"") -> None:
        """As above."""

    async def close(self, *, code: int = 1000, message: bytes = b"", **_: Any) -> bool:
        if self.closed:
            return False
        self.closed, self.close_code = True, code
        if self._reader is not None:
            self._reader.cancel()
        return True

    def exception(self) -> BaseException | None:
        return self._playing.error

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return default
