"""The WebSocket side of the sandbox: connections, their queues, and faults of frames."""

from __future__ import annotations

import asyncio
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from aiohttp import WSCloseCode, WSMsgType, web

from ccxt_ext.sandbox.faults import GARBAGE, Fault
from ccxt_ext.sandbox.frontend import Stream
from ccxt_ext.sandbox.world import World

if TYPE_CHECKING:
    from ccxt_ext.sandbox.socket_io import PythonSocketIo

if sys.platform == "linux":
    import fcntl
    from socket import IPPROTO_TCP, TCP_CORK

_LAST_MESSAGES = (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR)
TICK_INTERVAL_S = 0.05
CLOSE_PATIENCE_S = 0.5
DRAIN_PATIENCE_S = 5.0
DRAIN_INTERVAL_S = 0.005
DELIVERY_PATIENCE_S = 0.25
"""Systems confirm sooner than this what has come."""
DELIVERY_INTERVAL_S = 0.001
LONGEST_QUEUE = 8 * 2**20
"""If more characters than this wait for a client that reads too slowly, its connection is cut."""


_UNSENT = 0x894B
"""Asks Linux how many bytes of a socket it has not sent."""


def is_upgrade(request: web.BaseRequest) -> bool:
    """Whether the request is a valid one for a WebSocket."""
    return "Upgrade" in request.headers and web.WebSocketResponse().can_prepare(request).ok


class Connection:
    """A client's WebSocket. For the venue's stream it is the wire to the client.

    Frames go through a queue, so that the venue never waits for a client.
    """

    def __init__(self, world: World, venue: str, path: str, on_send: Callable[[], None]) -> None:
        """`on_send` is called with each frame."""
        self.venue = venue
        self._on_send = on_send
        self.stream: Stream | None = None
        self._world = world
        self._path = path
        self._queue: asyncio.Queue[Callable[[web.WebSocketResponse], Any] | str] = asyncio.Queue()
        self._waiting = 0
        self._silent = False  # if set, nothing more of the venue's is sent
        self._stalled = False
        self._over = asyncio.Event()
        self._reader: asyncio.Task[None] | None = None
        self._transport: asyncio.BaseTransport | None = None
        self.stuck_at = math.inf
        """With so many bytes that do not go out it was waited for in vain."""

    # for the stream

    def send(self, text: str, *, sequenced: bool = False) -> None:
        if self._silent:
            return
        fault = self._world.faults.take_frame(self.venue, self._path, sequenced)
        if fault is None:
            self._put(text)
        else:
            self._suffer(fault)

    def close(self, code: int = 1000, reason: str = "") -> None:
        if not self._silent:
            self._silent = True
            self._queue.put_nowait(partial(self._say_goodbye, code, reason))

    @property
    def is_behind(self) -> bool:
        """Whether so much waits for the client that its connection may soon be cut."""
        return self._waiting > LONGEST_QUEUE // 4 and not self._silent

    def _put(self, text: str) -> None:
        self._waiting += len(text)
        if self._waiting > LONGEST_QUEUE:
            self.cut()
        else:
            self._on_send()
            self._queue.put_nowait(text)

    def _suffer(self, fault: Fault) -> None:
        if fault.kind == "ws_gap":
            return  # the frame is left out, so that the client misses its number
        if fault.kind == "ws_close":
            self._silent = True
            self._queue.put_nowait(self._cut_after_flush)
        elif fault.kind == "ws_stall":
            self._silent = self._stalled = True
            if self._reader is not None:
                self._reader.cancel()
        elif fault.kind == "ws_garbage":
            self._put((GARBAGE if fault.body is None else fault.body).decode("utf-8", "replace"))

    # for the server

    async def serve(self, request: web.BaseRequest, stream: Stream) -> web.StreamResponse:
        """Serve the connection until either side ends it."""
        socket = web.WebSocketResponse(timeout=CLOSE_PATIENCE_S, compress=False)
        try:
            await socket.prepare(request)
        except ConnectionError:  # the client has left before its handshake was answered
            return socket
        self._transport = request.transport
        self.stream = stream
        self._guard("opening a stream", stream.opened)
        self._reader = asyncio.create_task(self._read(socket))
        writer = asyncio.create_task(self._write(socket))
        try:
            await self._over.wait()
        finally:
            self._silent = True
            self.stream = None
            for task in (self._reader, writer):
                task.cancel()
            await asyncio.gather(self._reader, writer, return_exceptions=True)
            self._guard("closing a stream", stream.closed)
        return socket

    async def _read(self, socket: web.WebSocketResponse) -> None:
        while not self._stalled:
            message = await socket.receive()
            if message.type in _LAST_MESSAGES:
                self._over.set()
                break
            if self._silent or self.stream is None:
                continue
            if message.type is WSMsgType.TEXT:
                self._guard("a message", self.stream.received, message.data)
            elif message.type is WSMsgType.BINARY:
                self._guard("a message", self.stream.received, message.data.decode("utf-8", "replace"))

    async def _write(self, socket: web.WebSocketResponse) -> None:
        with suppress(ConnectionError):  # the client is gone
            while isinstance(item := await self._queue.get(), str):
                await socket.send_str(item)
                self._waiting -= len(item)
            await item(socket)
        self._over.set()

    async def _say_goodbye(self, code: int, reason: str, socket: web.WebSocketResponse) -> None:
        """Close the connection. This reads the client's answer, so nobody else may be reading."""
        assert self._reader is not None
        self._reader.cancel()
        await asyncio.wait([self._reader])
        await socket.close(code=code, message=reason.encode())

    async def _cut_after_flush(self, socket: web.WebSocketResponse) -> None:
        self.cut()

    def end(self, code: int, reason: str) -> None:
        """End the connection because the sandbox is reset or stopped. If it has stalled, it is just cut."""
        if self._stalled:
            self.cut()
        else:
            self.close(code, reason)

    def cut(self) -> None:
        """End the connection at once, without any more frames."""
        self._silent = True
        if isinstance(self._transport, asyncio.WriteTransport):
            self._transport.abort()
        self._over.set()

    def unsent(self) -> int:
        """How many bytes wait here for the client, as far as the system tells. Linux alone does."""
        if sys.platform != "linux" or self._transport is None or self._transport.is_closing():
            return 0
        size = bytearray(4)
        fcntl.ioctl(self._transport.get_extra_info("socket").fileno(), _UNSENT, size)
        return int.from_bytes(size, sys.byteorder)

    def hold_back(self, is_on: bool) -> None:
        """Have the system collect what is sent, or send that; where it can."""
        if sys.platform == "linux" and self._transport is not None and not self._transport.is_closing():
            self._transport.get_extra_info("socket").setsockopt(IPPROTO_TCP, TCP_CORK, int(is_on))

    def tick(self) -> None:
        if self._transport is not None and self._transport.is_closing():
            self._over.set()  # a stalled connection does not read, so nothing else notices that it was closed
        elif self.stream is not None and not self._silent:
            self._guard("a tick", self.stream.tick)

    def _guard(self, doing: str, call: Callable[..., None], *arguments: Any) -> None:
        try:
            call(*arguments)
        except Exception:
            self._world.note_crash(self.venue, doing)
            self.close(WSCloseCode.INTERNAL_ERROR)


class Sockets:
    """All connections of a sandbox."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._connections: set[Connection] = set()
        self._socket_ios: list[PythonSocketIo] = []
        self._stopping = False
        self.sent = 0
        """It grows with each frame, and with each event of Socket.IO, of which a frame is made later."""
        self._ticks_wait = False
        self._idle = asyncio.Event()
        self._idle.set()
        world.on_reset = self._reset

    def prepare(self, venue: str, path: str) -> None:
        """Start the venue's Socket.IO server, if this is the first request for it."""
        frontend = self._world.frontends[venue]
        endpoint = frontend.socket_io
        if endpoint is None or path != endpoint.path or endpoint.server is not None or self._stopping:
            return
        # Imported here, so that python-socketio is not imported before it is needed.
        from ccxt_ext.sandbox.socket_io import PythonSocketIo

        endpoint.server = server = PythonSocketIo(endpoint, frontend.feed, self._count)
        self._socket_ios = [other for other in self._socket_ios if other.is_busy]
        self._socket_ios.append(server)

    def connection(self, venue: str, path: str) -> Connection:
        return Connection(self._world, venue, path, self._count)

    def _count(self) -> None:
        self.sent += 1

    @property
    def are_open(self) -> bool:
        """Whether there are connections."""
        return bool(self._connections)

    async def serve(
        self, connection: Connection, request: web.BaseRequest, stream: Stream
    ) -> web.StreamResponse:
        if self._stopping or stream.feed is not self._world.frontends[connection.venue].feed:
            connection.close(WSCloseCode.SERVICE_RESTART)  # all other connections were closed meanwhile
        self._connections.add(connection)
        self._idle.clear()
        try:
            return await connection.serve(request, stream)
        finally:
            self._connections.discard(connection)
            if not self._connections:
                self._idle.set()

    async def drained(self) -> None:
        """Let frames go out, so that clients can keep up. Who is stuck is not waited for any longer."""
        waiting_until = asyncio.get_running_loop().time() + DRAIN_PATIENCE_S
        await asyncio.sleep(0)
        while any(connection.is_behind for connection in self._connections):
            if asyncio.get_running_loop().time() > waiting_until:
                break
            await asyncio.sleep(DRAIN_INTERVAL_S)

    @contextmanager
    def together(self) -> Iterator[None]:
        """A `with` block after which all frames from within go out, in few packets.

        After some packets a system waits until the client's has confirmed them, which takes its time.
        Streams do what is due when told by `tick_now()` alone: otherwise it would be by chance when they do.
        """
        self._ticks_wait = True
        for connection in self._connections:
            connection.hold_back(True)
        try:
            yield
        finally:
            self._ticks_wait = False
            for connection in self._connections:
                connection.hold_back(False)

    async def delivered(self) -> None:
        """Wait until all that was sent is there, where clients can read it. Who is stuck is left out."""
        loop, since = asyncio.get_running_loop(), 0.0
        before: dict[Connection, int] = {}
        while on_its_way := self._on_its_way():
            if on_its_way != before:
                before, since = on_its_way, loop.time()
            elif loop.time() - since > DELIVERY_PATIENCE_S:
                for connection, unsent in on_its_way.items():
                    connection.stuck_at = unsent
            await asyncio.sleep(DELIVERY_INTERVAL_S)

    def _on_its_way(self) -> dict[Connection, int]:
        found = {}
        for connection in self._connections:
            unsent = connection.unsent()
            if unsent < connection.stuck_at:
                connection.stuck_at = math.inf
                if unsent:
                    found[connection] = unsent
        return found

    async def tick(self) -> None:
        """Let time pass for the streams, until the task is cancelled."""
        while True:
            await asyncio.sleep(TICK_INTERVAL_S)
            if not self._ticks_wait:
                self.tick_now()

    def tick_now(self) -> None:
        """Let the streams do what is due."""
        for venue in {connection.venue for connection in self._connections}:
            try:
                self._world.frontends[venue].engine.pass_time()
            except Exception:
                self._world.note_crash(venue, "what time brings")
        for connection in self._connections.copy():
            connection.tick()

    def _reset(self) -> None:
        for connection in self._connections:
            connection.end(WSCloseCode.SERVICE_RESTART, "sandbox reset")
        for socket_io in self._socket_ios:
            socket_io.end()

    async def stop(self) -> None:
        """Close all connections, and cut those whose clients do not answer."""
        self._stopping = True
        for connection in self._connections:
            connection.end(WSCloseCode.GOING_AWAY, "sandbox stops")
        try:
            await asyncio.wait_for(self._idle.wait(), 2 * CLOSE_PATIENCE_S)
        except asyncio.TimeoutError:
            for connection in self._connections:
                connection.cut()
            await self._idle.wait()
        for socket_io in self._socket_ios:
            socket_io.end()
            await socket_io.wait()
