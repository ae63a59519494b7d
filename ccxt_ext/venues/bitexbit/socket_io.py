"""A connection that speaks Socket.IO, over WebSocket and nothing else: Engine.IO 4, or 3.

The versions differ in who pings, and in who says first that the client is connected.
"""

import asyncio
import functools
from typing import Any, Protocol
from urllib.parse import urlencode

from ccxt.base.errors import BadResponse, ExchangeNotAvailable, NetworkError, NotSupported, RequestTimeout

from ccxt_ext.venue.streams.addresses import Address
from ccxt_ext.venue.streams.connection import Connection, Keeper

VERSIONS = (3, 4)


def address(url: str, version: int) -> str:
    query = urlencode({"EIO": version, "transport": "websocket"})
    return f"{url}{'&' if '?' in url else '?'}{query}"


@functools.cache
def packets() -> Any:
    """The module for packets, which needs python-socketio. Only streams do."""
    try:
        from ccxt_ext.venues.bitexbit import packets
    except ImportError as error:
        raise NotSupported(
            "bitexbit streams books and trades over socket.io, for which python-socketio has to be installed "
            f"where this program runs: {error}"
        ) from error
    return packets


class SocketIoKeeper(Keeper, Protocol):
    def engine_version(self) -> int:
        """The version of Engine.IO that the venue speaks."""


class SocketIo(Connection):
    """Handshakes, pings and farewells; what is left are events."""

    feed: SocketIoKeeper

    def __init__(self, feed: SocketIoKeeper, address: Address, config: dict[str, Any]) -> None:
        self.packets = packets()
        super().__init__(feed, address, config)
        self.version = feed.engine_version()
        self.opened: asyncio.Future[None] = self.asyncio_loop.create_future()
        self.joined: asyncio.Future[None] = self.asyncio_loop.create_future()

    async def shake_hands(self) -> None:
        patience = self.timing["connectTimeout"] / 1000
        try:
            await asyncio.wait_for(self.join(), patience)
        except (asyncio.TimeoutError, TimeoutError):
            raise RequestTimeout(f"{self.url} did not answer the handshake within {patience:g} s") from None

    async def join(self) -> None:
        await self.opened
        if self.version >= 4:
            await self.send(self.packets.joining())
        await self.joined

    async def keep_alive(self) -> None:
        await self.opened
        await super().keep_alive()

    async def ping(self) -> None:
        if self.version < 4:
            await self.send(self.packets.encoded(self.packets.engine.PING))
        else:
            # Since then it is for the server to send such packets; a WebSocket's own ping is answered by all.
            await self.connection.ping()

    def event_of(self, packet: Any) -> list[Any] | None:
        """Name and arguments of an event; None if the packet is none, and has been dealt with."""
        engine = self.packets.engine
        kind = packet.packet_type
        if kind == engine.OPEN:
            self.take_handshake(packet.data)
        elif kind == engine.PING:
            self.spawn(self.send(self.packets.encoded(engine.PONG, packet.data)))
        elif kind == engine.CLOSE:
            self.fail(NetworkError(f"{self.url} closed the session"))
        elif kind == engine.MESSAGE:
            return self.message_of(packet.data)
        elif kind not in (engine.PONG, engine.UPGRADE, engine.NOOP):
            raise BadResponse(f"{self.url} sent a packet of the kind {kind}")
        return None

    def take_handshake(self, data: Any) -> None:
        record = data if isinstance(data, dict) else {}
        interval, timeout = (record.get(name) for name in ("pingInterval", "pingTimeout"))
        if not isinstance(interval, int) or not isinstance(timeout, int) or interval <= 0 or timeout < 0:
            self.fail(BadResponse(f"{self.url} sent no handshake"))
            return
        for name, milliseconds in (("pingInterval", interval), ("timeout", interval + timeout)):
            if self.timing[name] is None:
                self.timing[name] = milliseconds
        if not self.opened.done():
            self.opened.set_result(None)

    def message_of(self, packet: Any) -> list[Any] | None:
        socket = self.packets.socket
        kind, data = packet.packet_type, packet.data
        if packet.namespace not in (None, "/"):
            return None
        if kind == socket.CONNECT:
            if not self.joined.done():
                self.joined.set_result(None)
        elif kind == socket.CONNECT_ERROR:
            self.fail(ExchangeNotAvailable(f"{self.url} refused the connection: {data}"))
        elif kind == socket.DISCONNECT:
            self.fail(NetworkError(f"{self.url} ended the connection"))
        elif kind == socket.EVENT:
            if isinstance(data, list) and data:
                return data
            raise BadResponse(f"{self.url} sent an event without a name")
        elif kind != socket.ACK:
            raise BadResponse(f"{self.url} sent a packet of the kind {kind}")
        return None
