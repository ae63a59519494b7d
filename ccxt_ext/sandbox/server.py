"""The HTTP side of the sandbox: a port for each venue, one to control it, and faults that cut connections."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable
from contextlib import closing
from email.utils import formatdate
from functools import lru_cache, partial
from http import HTTPStatus
from typing import Any

from aiohttp import web

from ccxt_ext._told_time import OPTION
from ccxt_ext.sandbox.addresses import Addresses
from ccxt_ext.sandbox.clock_file import ClockFile
from ccxt_ext.sandbox.control.port import Control
from ccxt_ext.sandbox.errors import SandboxError
from ccxt_ext.sandbox.faults import GARBAGE, Fault
from ccxt_ext.sandbox.files import write_whole
from ccxt_ext.sandbox.frontend import Request, Response, Stream
from ccxt_ext.sandbox.living import Living
from ccxt_ext.sandbox.seen import Seen
from ccxt_ext.sandbox.settings import Settings
from ccxt_ext.sandbox.snapshots import file_of
from ccxt_ext.sandbox.sockets import Sockets, is_upgrade
from ccxt_ext.sandbox.visitors import Visitors, name_in
from ccxt_ext.sandbox.world import World

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

TRADERS_INTERVAL_S = 0.25
QUIET_S = 1.0
STOP_PATIENCE_S = 1.0
IDLE_CONNECTION_S = 3600.0
LARGEST_REQUEST = 2**20
LARGEST_CALL = 2**26
"""How many bytes the body of a control call may have: 200,000 candles are 15 million."""


class Server:
    """The server. It runs in one event loop, where the venues process one request after the other."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.world = World(settings)
        self._clock_file = ClockFile()
        self.world.on_time = self._clock_file.tell
        self.control = Control(self.world, self.describe, self._open_port)
        if settings.scenario is not None:
            self.world.rehearse(settings.scenario)
            self.world.play_due()
        self.sockets = Sockets(self.world)
        self.living = Living(self.world, self.sockets)
        self._runners: list[web.ServerRunner] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = asyncio.Event()
        self.addresses = Addresses(settings.host)
        self._visitors = Visitors(settings.host, settings.allow_hosts)
        self._latest_request = 0.0
        self._has_started = False
        self._one_call = asyncio.Lock()
        self._opened: dict[str, socket.socket] = {}
        """By venue: the ports of those that were just added, which nobody listens to yet."""

    # addresses

    @property
    def control_url(self) -> str:
        return self.addresses.control_url()

    def config(self, venue: str, account: str = "config", host: str | None = None) -> dict[str, Any]:
        """The constructor argument for a client. `host` is the name by which that reaches the sandbox."""
        if venue not in self.addresses.ports:
            raise SandboxError(f"unknown venue {venue!r}; there are {', '.join(self.addresses.ports)}")
        frontend = self.world.frontends[venue]
        if account not in frontend.accounts:
            raise SandboxError(f"unknown account {account!r}; there are {', '.join(frontend.accounts)}")
        authority = self.addresses.venue_authority(venue, host)
        config = frontend.config(account, f"http://{authority}", f"ws://{authority}")
        clock = {"file": self._clock_file.path, "url": self.addresses.control_url(host)}
        return {**config, "options": {**config.get("options", {}), OPTION: clock}}

    def describe(self, host: str | None = None) -> dict[str, Any]:
        """What `--json` prints. `host` is the name by which the reader reaches the sandbox."""
        venues = {
            venue: {account: self.config(venue, account, host) for account in frontend.accounts}
            for venue, frontend in self.world.frontends.items()
        }
        return {"control": self.addresses.control_url(host), "venues": venues}

    # life

    async def start(self) -> None:
        sockets: list[socket.socket] = []
        venues = self.world.settings.all_venues
        try:
            for index in range(1 + len(venues)):
                sockets.append(_listen(self.settings.host, self.settings.port and self.settings.port + index))
            self.addresses.control_port = sockets[0].getsockname()[1]
            await self._serve(sockets[0], self._answer_control, LARGEST_CALL)
            for venue, sock in zip(venues, sockets[1:], strict=True):
                self.addresses.ports[venue] = sock.getsockname()[1]
                await self._serve(sock, partial(self._answer_venue, venue))
            self._clock_file.open(self.world.clock)
        except BaseException:
            await self.stop()
            for sock in sockets:
                sock.close()
            raise
        self._latest_request = asyncio.get_running_loop().time()
        self._has_started = True
        self._tasks.append(asyncio.create_task(self._warm_up()))
        self._tasks.append(asyncio.create_task(self.sockets.tick()))
        self._tasks.append(asyncio.create_task(self._trade()))

    async def stop(self) -> None:
        self._stopping.set()
        for task in self._tasks:
            task.cancel()
        results = await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.sockets.stop()
        for runner in self._runners:
            await runner.cleanup()
        self._clock_file.close()
        if self.settings.save is not None and self._has_started:
            write_whole(self.settings.save, file_of(self.world))
        for result in results:
            if isinstance(result, Exception):
                raise result

    async def _serve(self, sock: socket.socket, handler: Handler, largest: int = LARGEST_REQUEST) -> None:
        server = web.Server(
            handler,
            access_log=None,
            keepalive_timeout=IDLE_CONNECTION_S,
            request_factory=partial(_request, largest),
        )
        runner = web.ServerRunner(server, shutdown_timeout=STOP_PATIENCE_S)
        await runner.setup()
        self._runners.append(runner)
        await web.SockSite(runner, sock).start()

    async def _warm_up(self) -> None:
        """Make the history of all markets in advance, so that the first client to need one need not wait.

        It makes one after the other, and pauses while there are requests, as those would have to wait for it.
        """
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(max(0.0, self._latest_request + QUIET_S - loop.time()))
            if loop.time() < self._latest_request + QUIET_S:
                continue
            cold = self.world.cold_market()
            if cold is None:
                await asyncio.sleep(QUIET_S)  # all are made, until the sandbox is reset
            else:
                await asyncio.to_thread(cold.warm_up)

    async def _trade(self) -> None:
        while True:
            await asyncio.sleep(TRADERS_INTERVAL_S)
            self.world.move_markets()
            self._clock_file.tell(self.world.clock)

    # requests

    async def _answer_control(self, request: web.BaseRequest) -> web.StreamResponse:
        headers = _headers(request)
        refusal = self._visitors.why_refused(headers, only_looks=request.method == "GET")
        if refusal is not None:
            return _json_answer(403, {"error": refusal})
        path, _, query = request.raw_path.partition("?")
        host = name_in(headers["host"]) if "host" in headers else None
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return _json_answer(413, {"error": f"the body has more than {LARGEST_CALL} bytes"})
        return _json_answer(*await self.call(request.method, path, query, body, host))

    async def call(
        self, method: str, path: str, query: str = "", body: bytes = b"", host: str | None = None
    ) -> tuple[int, Any]:
        """The answer to a call of the control port. Those that change something go one after the other."""
        if method == "GET":
            return self.control.handle(method, path, query, body, host)
        async with self._one_call:
            with closing(self.control.handling(method, path, query, body, host)) as handling:
                while True:
                    try:
                        next(handling)
                    except StopIteration as ended:
                        answer: tuple[int, Any] = ended.value
                        break
                    await self.sockets.drained()
            while self._opened:
                venue, sock = self._opened.popitem()
                await self._serve(sock, partial(self._answer_venue, venue))
            return answer

    def _open_port(self, venue: str) -> None:
        """Give a venue that was added a port of its own, before its address is told."""
        if venue not in self.addresses.ports:
            sock = self._opened[venue] = _listen(self.settings.host, 0)
            self.addresses.ports[venue] = sock.getsockname()[1]

    async def begin_living(self) -> None:
        """A bot begins to live through the sandbox's time: latencies go by it now."""
        self.living.begin()

    async def end_living(self) -> None:
        """It has ended."""
        self.living.end()

    async def live_until(self, at_ms: int) -> bool:
        """Let time pass for a bot that lives through it: until then, or less far if it has news before.

        Returns whether all that has come was answered.
        """
        async with self._one_call:
            return await self.living.pass_until(at_ms)

    async def _answer_venue(self, venue: str, request: web.BaseRequest) -> web.StreamResponse:
        headers = _headers(request)
        refusal = self._visitors.why_refused(headers)
        if refusal is not None:
            return _json_answer(403, {"error": refusal})
        self._latest_request = asyncio.get_running_loop().time()
        with self.living.in_hand:
            answer = await self._answer_request(venue, request, headers)
        return answer if isinstance(answer, web.StreamResponse) else await answer()

    async def _answer_request(
        self, venue: str, request: web.BaseRequest, headers: dict[str, str]
    ) -> web.StreamResponse | Callable[[], Awaitable[web.StreamResponse]]:
        """An answer, or what will make it: that takes as long as the client wants."""
        path, _, query = request.raw_path.partition("?")
        body = await request.read()
        plain_request = Request(request.method, path, query, headers, body, request.remote or "")
        frontend = self.world.frontends[venue]
        if path in frontend.LOOKS_AT_ALL and not query and not frontend.engine.is_warm:
            await asyncio.to_thread(frontend.engine.warm_up)  # meanwhile, other venues answer
        if frontend.socket_io is not None:
            self.sockets.prepare(venue, path)
        if "upgrade" in headers and is_upgrade(request):
            connection = self.sockets.connection(venue, path)
            outcome, fault, seen = self.world.upgrade(venue, plain_request, connection)
            if isinstance(outcome, Stream):
                if fault is not None:
                    await self._pause(fault.ms)
                seen.status = 101
                return partial(self.sockets.serve, connection, request, outcome)
            response = outcome
        else:
            response, fault, seen = self.world.receive(venue, plain_request)
            if response.later is not None:
                return partial(self._answer_later, venue, response.later, request, fault, seen)
            if fault is None and response.done is None:
                return self._unspoilt(venue, response, seen)
        return await self._finish(venue, response, request, fault, seen)

    async def _answer_later(
        self,
        venue: str,
        later: Callable[[], Awaitable[Response]],
        request: web.BaseRequest,
        fault: Fault | None,
        seen: Seen,
    ) -> web.StreamResponse:
        response = await later()
        with self.living.in_hand:
            return await self._finish(venue, response, request, fault, seen)

    async def _finish(
        self, venue: str, response: Response, request: web.BaseRequest, fault: Fault | None, seen: Seen
    ) -> web.StreamResponse:
        """The answer to send, after what a fault does to it."""
        try:
            if fault is not None:
                if fault.ms:
                    await self._pause(fault.ms)
                if fault.kind == "truncate":
                    seen.status = response.status
                if fault.kind in _CUTS:
                    return _CUTS[fault.kind](request, response)
                response = _spoil(fault, response)
            return self._unspoilt(venue, response, seen)
        finally:
            if response.done is not None:
                response.done()

    def _unspoilt(self, venue: str, response: Response, seen: Seen) -> web.StreamResponse:
        """The answer to send as it is, with the venue's time."""
        seen.status = response.status
        headers = {"Date": _date(self.world.clocks[venue].now() // 1000), **response.headers}
        return web.Response(status=response.status, body=response.body, headers=headers)

    async def _pause(self, ms: int) -> None:
        if self.living.counts_pauses:
            await self.living.pause(ms)
            return
        try:
            await asyncio.wait_for(self._stopping.wait(), ms / 1000)
        except asyncio.TimeoutError:
            return


def _headers(request: web.BaseRequest) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


@lru_cache(maxsize=100)
def _date(seconds: int) -> str:
    """A time, as a header tells it."""
    return formatdate(seconds, usegmt=True)


def _json_answer(status: int, answer: Any) -> web.Response:
    return web.Response(status=status, text=json.dumps(answer) + "\n", content_type="application/json")


def _request(largest: int, *parts: Any) -> web.BaseRequest:
    """aiohttp's request, with a bound of our own for its body."""
    message, payload, protocol, writer, task = parts
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=largest)


class _Cut(web.StreamResponse):
    """A response that sends nothing, as the connection is already closed."""

    async def prepare(self, request: web.BaseRequest) -> None:
        raise ConnectionResetError("cut by a fault")


def _reset(request: web.BaseRequest, response: Response) -> web.StreamResponse:
    transport = request.transport
    if transport is not None:
        # With a linger time of 0, the kernel sends RST instead of FIN.
        sock = transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return _Cut()


def _drop_reply(request: web.BaseRequest, response: Response) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return _Cut()


def _truncate(request: web.BaseRequest, response: Response) -> web.StreamResponse:
    """Announce the whole body, and send half of it."""
    if request.transport is not None:
        head = [f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}"]
        head += [f"{name}: {value}" for name, value in response.headers.items()]
        head += [f"Content-Length: {max(len(response.body), 2)}", "", ""]
        request.transport.write("\r\n".join(head).encode() + response.body[: len(response.body) // 2])
        request.transport.close()
    return _Cut()


_CUTS = {"reset": _reset, "drop_reply": _drop_reply, "truncate": _truncate}


def _spoil(fault: Fault, response: Response) -> Response:
    if fault.kind == "garbage":
        body = GARBAGE if fault.body is None else fault.body
        return Response(response.status, body, {"Content-Type": fault.content_type}, response.done)
    if fault.kind == "empty":
        return Response(response.status, b"", response.headers, response.done)
    return response


def _listen(host: str, port: int) -> socket.socket:
    """A socket that is bound at once, so that its port is known. Raises SandboxError if it is taken."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        sock = socket.socket(family, kind, protocol)
    except OSError as error:
        raise SandboxError(f"cannot listen on {host!r}: {error.strerror or error}") from None
    try:
        if hasattr(socket, "SO_REUSEADDR") and not hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
    except OSError as error:
        sock.close()
        raise SandboxError(f"cannot listen on {host}:{port}: {error.strerror or error}") from None
    sock.setblocking(False)
    return sock
