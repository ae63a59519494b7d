"""Socket.IO for frontends that speak it, by python-socketio.

It runs as an ASGI application on the server's own connections. So its frames go over the same wire as those
of other venues, and can suffer the same faults.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine
from typing import Any

import socketio
from engineio.packet import Packet as EnginePacket
from socketio.packet import Packet

from ccxt_ext.sandbox.frontend import (
    Feed,
    News,
    Request,
    Response,
    SocketIoClient,
    SocketIoEndpoint,
    SocketIoEvent,
    Stream,
    Wire,
    exact_json,
    json_response,
)

Message = dict[str, Any]  # of ASGI


class _Json:
    """JSON in which decimals keep all their digits."""

    loads = staticmethod(json.loads)

    @staticmethod
    def dumps(value: Any, **_: Any) -> str:
        return exact_json(value)


class _Packet(Packet):
    json = _Json


class PythonSocketIo:
    """The Socket.IO server of one frontend. It needs a running event loop, and `end()` has to be called."""

    def __init__(self, endpoint: SocketIoEndpoint, feed: Feed, on_event: Callable[[], None]) -> None:
        """`on_event` is called with each event that is to be sent, as its frame goes out only later."""
        self.feed = feed
        self._on_event = on_event
        self.is_over = False
        self._new_client = endpoint.new_client
        self._clients: dict[str, SocketIoClient] = {}
        self.conversations: set[Conversation] = set()
        self.talks: set[asyncio.Task[Any]] = set()
        self._background: set[asyncio.Task[Any]] = set()
        self._polls: dict[str, set[asyncio.Task[Response]]] = {}
        self._outbox: asyncio.Queue[tuple[str, SocketIoEvent]] = asyncio.Queue()
        self._stop_listening: Callable[[], None] | None = None
        # Clients' mistakes are not for the sandbox's own log.
        silent = logging.getLogger(f"{__name__}.silent")
        silent.disabled = True
        self._server = socketio.AsyncServer(
            async_mode="asgi",
            serializer=_Packet,
            async_handlers=False,
            cors_allowed_origins="*",
            http_compression=False,
            ping_interval=endpoint.ping_interval_ms / 1000,
            ping_timeout=endpoint.ping_timeout_ms / 1000,
            logger=silent,
            engineio_logger=silent,
        )
        # The library does not keep its tasks. They are kept here, to end them and wait for them.
        self._server.eio.start_background_task = lambda target, *arguments: begin(
            target(*arguments), self._background
        )
        self._server.on("disconnect", self._disconnected)
        self._server.on("*", self._received)
        self.app = socketio.ASGIApp(self._server)
        begin(self._send(), self._background)

    def end(self) -> None:
        """Close all connections."""
        self.is_over = True
        self._listen(False)
        for conversation in self.conversations:
            conversation.closed()
        for task in self._background:
            task.cancel()

    @property
    def is_busy(self) -> bool:
        return not self.is_over or bool(self._background or self.talks)

    async def wait(self) -> None:
        """Wait until all tasks have ended."""
        while tasks := self._background | self.talks:
            await asyncio.wait(tasks)

    # clients

    def _disconnected(self, sid: str, reason: Any = None) -> None:
        self._clients.pop(sid, None)
        self._listen(bool(self._clients))

    def _received(self, event: str, sid: str, *arguments: Any) -> None:
        client = self._clients.setdefault(sid, self._new_client())
        self._listen(True)
        for answer in client.answers(event, arguments):
            self._put(sid, answer)

    def _listen(self, needed: bool) -> None:
        if needed and self._stop_listening is None:
            self._stop_listening = self.feed.listen(self._hear, while_connected=True)
        elif not needed and self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None

    def _hear(self, news: News) -> None:
        for sid, client in self._clients.items():
            for event in client.events(news):
                self._put(sid, event)

    def _put(self, sid: str, event: SocketIoEvent) -> None:
        self._on_event()
        self._outbox.put_nowait((sid, event))

    async def _send(self) -> None:
        """Send events one after the other, so that they stay in order."""
        while True:
            sid, (event, content) = await self._outbox.get()
            await self._server.emit(event, content, to=sid)

    # transports

    def stream(self, request: Request, wire: Wire) -> Stream | Response:
        query, sockets = request.query, self._server.eio.sockets
        session = query.get("sid")
        if query.get("transport") != "websocket":
            return json_response("Invalid transport", 400)
        if session is None and query.get("EIO") != "4":
            return json_response("The client is using an unsupported version of Engine.IO", 400)
        if session is not None and (not self._goes_on(session) or sockets[session].upgraded):
            return json_response(f"Invalid session {session}", 400)
        return Conversation(self, request, wire)

    def poll(self, request: Request) -> Response:
        """Answer a request of long polling. The response may take long."""

        async def wait() -> Response:
            if self.is_over:
                return Response(503, b"")
            task = begin(self._poll(request), self._background)
            session = request.query.get("sid", "")
            polls = self._polls.setdefault(session, set())
            polls.add(task)
            await asyncio.wait([task])
            polls.discard(task)
            if session and not self._goes_on(session):
                for other in polls:  # the client has left, and needs no more answers
                    other.cancel()
            if not polls:
                self._polls.pop(session, None)
            return Response(503, b"") if task.cancelled() else task.result()

        return Response(200, b"", later=wait)

    def _goes_on(self, session: str) -> bool:
        socket = self._server.eio.sockets.get(session)
        return socket is not None and not socket.closed

    async def _poll(self, request: Request) -> Response:
        response = Response(500, b"")

        async def receive() -> Message:
            return {"type": "http.request", "body": request.body}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                response.status = message["status"]
                response.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            else:
                response.body = message["body"]

        await self.app(scope("http", request), receive, send)
        return response


class Conversation(Stream):
    """A WebSocket whose messages go to python-socketio."""

    def __init__(self, server: PythonSocketIo, request: Request, wire: Wire) -> None:
        super().__init__(server.feed, request, wire)
        self._server = server
        self._inbox: asyncio.Queue[Message] = asyncio.Queue()

    def opened(self) -> None:
        if self._server.is_over:
            self.wire.close()
            return
        self._inbox.put_nowait({"type": "websocket.connect"})
        self._server.conversations.add(self)
        begin(self._talk(), self._server.talks)

    def received(self, text: str) -> None:
        try:
            EnginePacket(encoded_packet=text)
        except Exception:
            # Any error: if it came up inside of the application, that would not end the connection properly.
            self.wire.close(1002, "parse error")
        else:
            self._inbox.put_nowait({"type": "websocket.receive", "text": text})

    def closed(self) -> None:
        self._inbox.put_nowait({"type": "websocket.disconnect", "code": 1005})

    async def _talk(self) -> None:
        try:
            await self._server.app(scope("websocket", self.request), self._inbox.get, self._pass_on)
        except Exception:
            if self.feed.report is None:
                raise
            self.feed.report("a socket.io connection")
        finally:
            self._server.conversations.discard(self)
            self.wire.close()

    async def _pass_on(self, message: Message) -> None:
        if message["type"] == "websocket.send":
            self.wire.send(message["text"])
        elif message["type"] == "websocket.close":
            self.wire.close()


def begin(work: Coroutine[Any, Any, Any], tasks: set[asyncio.Task[Any]]) -> asyncio.Task[Any]:
    task = asyncio.get_running_loop().create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    return task


def scope(kind: str, request: Request) -> Message:
    return {
        "type": kind,
        "method": request.method,
        "path": request.path,
        "query_string": request.query_string.encode("utf-8", "replace"),
        "headers": [
            (name.encode(), value.encode("utf-8", "replace")) for name, value in request.headers.items()
        ],
    }
