"""bitexbit's socket.io server, with python-socketio's client and with bare frames."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from decimal import Decimal
from random import Random
from typing import Any

import aiohttp
import pytest
import socketio

from ccxt_ext.sandbox import Sandbox, SandboxError
from ccxt_ext.sandbox.server import Server
from ccxt_ext.sandbox.settings import Settings
from tests.sandbox.frontends.bitexbit.client_book import Replayed, loads, resting
from tests.sandbox.frontends.bitexbit.raw_client import RawClient
from tests.waiting import PATIENCE_S, until

VENUE = "bitexbit"
PAIR = "BTC_USD"
CHANNEL = f"book_{PAIR}"
TRANSPORTS = (["websocket"], ["polling"], ["polling", "websocket"])
PING_MS = 100
SILENCE_MS = 3000  # longer than a busy machine keeps this process waiting
RAW = "/socket.io/?EIO=4&transport=websocket"
OLD = "/socket.io/?EIO=3&transport=websocket"


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(venues=[VENUE]) as sandbox:
        yield sandbox


@pytest.fixture(autouse=True)
def nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    yield
    assert capfd.readouterr().err == ""


def url(sandbox: Sandbox, path: str = "") -> str:
    api: str = sandbox.config(VENUE)["urls"]["api"]["v1"]
    return api.removesuffix("/api/v1") + path


class Http:
    """The venue over HTTP, for a raw client."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.base = url(sandbox)
        self.text = b""

    def exchange(self, method: str, path: str, headers: dict[str, str], body: str) -> tuple[int, Any]:
        data = body.encode() if method == "POST" else None
        request = urllib.request.Request(self.base + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as response:
                self.text = response.read()
                return response.status, json.loads(self.text)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())

    def book(self) -> Any:
        assert self.exchange("GET", f"/api/v1/orderbook/{PAIR}/", {}, "")[0] == 200
        return loads(self.text)


def trader(sandbox: Sandbox, account: str = "config") -> RawClient:
    config = sandbox.config(VENUE, account)
    return RawClient(Http(sandbox), config["apiKey"], config["secret"], config["uid"])  # type: ignore[arg-type]


async def place(client: RawClient, *order: str) -> Any:
    status, answer = await asyncio.to_thread(client.place, *order)
    assert status == 200, answer
    return answer


class Heard:
    """What a python-socketio client was told."""

    def __init__(self, client: socketio.AsyncClient) -> None:
        self.client = client
        self.events: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        self.gone = asyncio.Event()
        client.on("*", lambda event, *contents: self.events.put_nowait((event, *contents)))
        client.on("disconnect", lambda *_: self.gone.set())

    async def next(self) -> Any:
        return await asyncio.wait_for(self.events.get(), PATIENCE_S)

    async def subscribe(self, channel: str = CHANNEL) -> None:
        await self.client.emit("subscribe", channel)
        assert await self.next() == ("subscribe.success", channel)


@asynccontextmanager
async def connected(sandbox: Sandbox, transports: list[str] = TRANSPORTS[0]) -> AsyncIterator[Heard]:
    async with aiohttp.ClientSession() as http:
        client = socketio.AsyncClient(reconnection=False, http_session=http)
        heard = Heard(client)
        await client.connect(url(sandbox), transports=transports)
        try:
            yield heard
        finally:
            await client.disconnect()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    timeout = aiohttp.ClientTimeout(total=PATIENCE_S)
    async with aiohttp.ClientSession(timeout=timeout) as made:
        yield made
        while OPEN:
            await OPEN.pop().close()


Raw = aiohttp.ClientWebSocketResponse
OPEN: list[Raw] = []


async def open_raw(session: aiohttp.ClientSession, sandbox: Sandbox, path: str) -> Raw:
    patience = aiohttp.ClientWSTimeout(ws_close=0.2)  # for the goodbye of one that is stalled
    OPEN.append(await session.ws_connect(url(sandbox, path), timeout=patience))
    return OPEN[-1]


async def hear(connection: Raw) -> str:
    return await connection.receive_str(timeout=PATIENCE_S)


async def raw(session: aiohttp.ClientSession, sandbox: Sandbox, path: str = RAW) -> Raw:
    """A connection after its handshake."""
    connection = await open_raw(session, sandbox, path)
    assert (await hear(connection)).startswith("0{")
    if path == RAW:
        await connection.send_str("40")
        assert (await hear(connection)).startswith('40{"sid":')
    else:
        assert await hear(connection) == "40"
    return connection


async def subscribed(session: aiohttp.ClientSession, sandbox: Sandbox, path: str = RAW) -> Raw:
    connection = await raw(session, sandbox, path)
    await connection.send_str(f'42["subscribe","{CHANNEL}"]')
    assert await hear(connection) == f'42["subscribe.success","{CHANNEL}"]'
    return connection


def fault(sandbox: Sandbox, kind: str, **fields: Any) -> None:
    sandbox.control("POST", "/faults", {"venue": VENUE, "kind": kind, **fields})


# subscribing


@pytest.mark.parametrize("transports", TRANSPORTS, ids="+".join)
async def test_messages_replayed_onto_a_snapshot_are_the_venues_book(
    sandbox: Sandbox, transports: list[str]
) -> None:
    rng = Random(len(transports))
    clients = [trader(sandbox), trader(sandbox, "counterparty")]
    async with connected(sandbox, transports) as heard:
        assert heard.client.transport() == transports[-1]
        await heard.subscribe()
        book = Replayed(PAIR, await asyncio.to_thread(clients[0].venue.book))  # type: ignore[attr-defined]

        def trade() -> int:
            done = 0
            for number in range(40):
                client = clients[number % 2]
                mine = client.ok("v1", "GET", f"orders/own/?status=1&pair={PAIR}") if number % 4 == 3 else []
                if mine:
                    client.ok("v1", "POST", "order-cancel/", f"order={mine[0]['id']}")
                else:
                    price, amount = f"{rng.randint(911_400, 911_640) / 1000:.3f}", f"{rng.randint(1, 30)}.5"
                    assert client.place(PAIR, rng.choice(["buy", "sell"]), price, amount)[0] == 200
                done += 1
            return done

        for _ in range(await asyncio.to_thread(trade)):
            name, message = await heard.next()
            assert name == CHANNEL
            book.apply(loads(json.dumps(message)))
        assert min(book.kinds.values()) > 3
        assert book.orders == resting(await asyncio.to_thread(clients[0].venue.book))  # type: ignore[attr-defined]
        assert heard.events.empty()


async def test_channels_are_subscribed_and_left(sandbox: Sandbox) -> None:
    client = trader(sandbox)
    async with connected(sandbox) as one, connected(sandbox, ["polling"]) as other:
        await one.subscribe()
        await other.subscribe()
        await other.subscribe("book_LTC_USD")
        await place(client, PAIR, "buy", "1", "1")
        await place(client, "LTC_USD", "buy", "1", "1")
        assert (await one.next())[0] == CHANNEL
        assert [(await other.next())[0] for _ in range(2)] == [CHANNEL, "book_LTC_USD"]
        assert await other.client.call("unsubscribe", CHANNEL) is None
        assert await other.next() == ("unsubscribe.success", CHANNEL)
        await place(client, PAIR, "buy", "1", "1")
        await place(client, "LTC_USD", "buy", "1", "1")
        assert (await one.next())[0] == CHANNEL
        assert (await other.next())[0] == "book_LTC_USD"
        assert one.events.empty()


async def test_wrong_channels_are_told_and_other_events_ignored(sandbox: Sandbox) -> None:
    async with connected(sandbox) as heard:
        for arguments, told in (
            ("book_NO_WHERE", "book_NO_WHERE"),
            ((), None),
            ((CHANNEL, CHANNEL), None),
            ({"channel": CHANNEL}, {"channel": CHANNEL}),
        ):
            await heard.client.emit("subscribe", arguments)
            answer = await heard.next()
            assert answer == ("subscribe.error", {"channel": told, "error": "Unknown channel"})
        await heard.client.emit("hello", {"a": 1})
        await heard.client.emit("disconnect")
        await heard.client.emit("connect", {})
        assert await heard.client.call("hello", 1) is None
        await heard.subscribe()


async def test_the_wire_of_engine_io_4(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    connection = await open_raw(session, sandbox, RAW)
    handshake = json.loads((await hear(connection))[1:])
    assert (handshake["pingInterval"], handshake["pingTimeout"]) == (25_000, 20_000)
    await connection.send_str("40")
    await hear(connection)
    await connection.send_str(f'421["subscribe","{CHANNEL}"]')
    assert await hear(connection) == "431[]"
    assert await hear(connection) == f'42["subscribe.success","{CHANNEL}"]'
    order = await place(trader(sandbox), PAIR, "buy", "0.001", "12345678.123457")
    name, message = loads((await hear(connection))[2:])
    assert (name, message["oid"]) == (CHANNEL, order["oid"])
    assert (message["price"], message["amount"]) == (Decimal("0.001"), Decimal("12345678.123457"))
    seen = sandbox.control("GET", f"/requests?venue={VENUE}")
    assert [(each["path"], each["status"]) for each in seen] == [
        ("/socket.io/", 101),
        ("/api/v1/order/", 200),
    ]


async def test_engine_io_3_is_spoken_beside_it(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    old = await subscribed(session, sandbox, OLD)
    await old.send_str("2")
    assert await hear(old) == "3"
    async with connected(sandbox) as heard:
        await heard.subscribe()
        order = await place(trader(sandbox), PAIR, "buy", "1", "1")
        name, message = json.loads((await hear(old))[2:])
        assert (name, message) == await heard.next()
        assert message["oid"] == order["oid"]


@pytest.mark.parametrize("path", [RAW, OLD])
async def test_pings_keep_a_connection_and_silence_ends_it(session: aiohttp.ClientSession, path: str) -> None:
    stream = {"pingInterval": PING_MS, "pingTimeout": SILENCE_MS}
    with Sandbox(venues=[VENUE], options={VENUE: {"stream": stream}}) as sandbox:
        connection = await raw(session, sandbox, path)
        for _ in range(4):
            if path == RAW:
                assert await hear(connection) == "2"
                await connection.send_str("3")
            else:
                await asyncio.sleep(PING_MS / 1000)
                await connection.send_str("2")
                assert await hear(connection) == "3"
        while (message := await connection.receive(timeout=PATIENCE_S)).type is aiohttp.WSMsgType.TEXT:
            assert message.data in ("1", "2")
        assert message.type is aiohttp.WSMsgType.CLOSE


# what goes wrong


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/socket.io/", 400),
        ("/socket.io/?EIO=2&transport=websocket", 400),
        ("/socket.io/?EIO=4&transport=polling", 400),
        ("/socket.io/?EIO=4&transport=websocket&sid=unknown", 400),
        ("/stream", 404),
    ],
)
async def test_wrong_upgrades_are_refused(
    sandbox: Sandbox, session: aiohttp.ClientSession, path: str, status: int
) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await session.ws_connect(url(sandbox, path))
    assert refused.value.status == status


@pytest.mark.parametrize(
    ("method", "query", "status"),
    [
        ("GET", "", 400),
        ("GET", "?EIO=3&transport=polling", 400),
        ("GET", "?EIO=4&transport=websocket", 400),
        ("GET", "?EIO=4&transport=polling&sid=unknown", 400),
        ("POST", "?EIO=4&transport=polling&sid=unknown", 400),
        ("PUT", "?EIO=4&transport=polling", 405),
        ("OPTIONS", "?EIO=4&transport=polling", 200),
        ("GET", "?EIO=4&transport=polling&t=%ff%00", 200),
    ],
)
async def test_requests_that_are_no_upgrades(
    sandbox: Sandbox, session: aiohttp.ClientSession, method: str, query: str, status: int
) -> None:
    async with session.request(method, url(sandbox, "/socket.io/") + query) as response:
        assert response.status == status


@pytest.mark.parametrize(
    "frame", ["", "x", "9", "2" * 2_000_000, b"\xff"], ids=lambda frame: ascii(frame)[:9]
)
async def test_frames_that_are_none_end_one_connection(
    sandbox: Sandbox, session: aiohttp.ClientSession, frame: Any
) -> None:
    other = await subscribed(session, sandbox)
    connection = await subscribed(session, sandbox)
    await (connection.send_bytes(frame) if isinstance(frame, bytes) else connection.send_str(frame))
    if frame != "9":  # a kind of packet that the server ignores
        while (await connection.receive(timeout=PATIENCE_S)).type is aiohttp.WSMsgType.TEXT:
            continue
    await place(trader(sandbox), PAIR, "buy", "1", "1")
    assert (await hear(other)).startswith(f'42["{CHANNEL}"')


@pytest.mark.parametrize("frame", ["4", "4x", "42", "42{}", "42[]", "42[[]]", "4b", "42" + "[" * 99_999])
async def test_packets_that_make_no_sense_are_ignored(
    sandbox: Sandbox, session: aiohttp.ClientSession, frame: str
) -> None:
    connection = await raw(session, sandbox)
    await connection.send_str(frame)
    await connection.send_str(f'42["subscribe","{CHANNEL}"]')
    assert await hear(connection) == f'42["subscribe.success","{CHANNEL}"]'


# faults


async def test_ws_close_cuts_the_connection(sandbox: Sandbox) -> None:
    async with connected(sandbox) as heard:
        await heard.subscribe()
        fault(sandbox, "ws_close", path="^/socket.io/$")
        await place(trader(sandbox), PAIR, "buy", "1", "1")
        await asyncio.wait_for(heard.gone.wait(), PATIENCE_S)
        assert heard.events.empty()
    async with connected(sandbox) as heard:
        await heard.subscribe()


@pytest.mark.parametrize("path", [RAW, OLD])
async def test_ws_stall_and_ws_garbage(sandbox: Sandbox, session: aiohttp.ClientSession, path: str) -> None:
    connection, client = await subscribed(session, sandbox, path), trader(sandbox)
    fault(sandbox, "ws_garbage")
    for _ in range(2):
        await place(client, PAIR, "buy", "1", "1")
    assert not (await hear(connection)).startswith("4")
    assert (await hear(connection)).startswith(f'42["{CHANNEL}"')
    fault(sandbox, "ws_stall")
    for _ in range(2):
        await place(client, PAIR, "buy", "1", "1")
    with pytest.raises(asyncio.TimeoutError):
        await connection.receive(timeout=0.2)
    assert not connection.closed


async def test_there_are_no_numbers_to_leave_out(sandbox: Sandbox) -> None:
    with pytest.raises(SandboxError, match="the streams of bitexbit have no sequence numbers"):
        fault(sandbox, "ws_gap")


async def test_faults_of_requests_hit_upgrades_and_polls(sandbox: Sandbox) -> None:
    for transports, kind in (
        (["websocket"], "reset"),
        (["polling"], "maintenance"),
        (["polling"], "drop_reply"),
    ):
        fault(sandbox, kind, path="/socket.io/", count=9)
        with pytest.raises(socketio.exceptions.ConnectionError):
            async with connected(sandbox, transports):
                raise AssertionError("connected in spite of the fault")
        sandbox.control("DELETE", "/faults")
    fault(sandbox, "latency", ms=50)
    async with connected(sandbox, ["polling"]) as heard:
        await heard.subscribe()
        fault(sandbox, "status", status=502, path="/socket.io/")
        client = trader(sandbox)
        for _ in range(2):
            await place(client, PAIR, "buy", "1", "1")
        await asyncio.wait_for(heard.gone.wait(), PATIENCE_S)


# the end


@pytest.mark.parametrize("transports", TRANSPORTS, ids="+".join)
async def test_who_has_left_is_forgotten(sandbox: Sandbox, transports: list[str]) -> None:
    listeners = sandbox.running.server.world.frontends[VENUE].engine.outbox.listeners
    async with connected(sandbox, transports) as heard:
        await heard.subscribe()
        assert len(listeners) == 1
    await until(lambda: not listeners)


def left_behind() -> list[str]:
    """Tasks of the server's side in this event loop."""
    names = [task.get_coro().__qualname__ for task in asyncio.all_tasks()]  # type: ignore[union-attr]
    ours = ("SocketIo.", "Conversation.", "Connection.", "AsyncSocket.", "AsyncServer.")
    return sorted(name for name in names if name.startswith(ours))


@pytest.mark.parametrize("way", ["reset", "stop"])
async def test_the_end_ends_all_and_leaves_nothing(session: aiohttp.ClientSession, way: str) -> None:
    server: Any = Server(Settings(venues=(VENUE,)))
    await server.start()
    try:
        async with (
            connected(server) as one,
            connected(server, ["polling"]) as two,
            connected(server, ["polling", "websocket"]) as three,
        ):
            old = await subscribed(session, server, OLD)
            stalled = await subscribed(session, server)
            server.control.handle("POST", "/faults", "", b'{"kind": "ws_stall"}')
            await stalled.send_str("41")
            await stalled.send_str("40")
            for heard in (one, two, three):
                await heard.subscribe()
            assert len(left_behind()) > 12
            if way == "reset":
                server.world.reset(1)
            else:
                await server.stop()
                assert left_behind() == []
            for heard in (one, two, three):
                await asyncio.wait_for(heard.gone.wait(), PATIENCE_S)
            assert (await old.receive(timeout=PATIENCE_S)).type is aiohttp.WSMsgType.CLOSE
            await until(lambda: left_behind() == [])
        if way == "reset":
            async with connected(server) as again:
                await again.subscribe()
    finally:
        await server.stop()


@pytest.mark.parametrize("transports", TRANSPORTS, ids="+".join)
async def test_stopping_ends_clients_and_threads(transports: list[str]) -> None:
    threads = set(threading.enumerate())
    sandbox = await asyncio.to_thread(Sandbox(venues=[VENUE]).start)
    async with connected(sandbox, transports) as heard:
        await heard.subscribe()
        await asyncio.to_thread(sandbox.stop)
        await asyncio.wait_for(heard.gone.wait(), PATIENCE_S)
    await until(lambda: {each for each in threading.enumerate() if "asyncio" not in each.name} <= threads)


def test_python_socketio_is_imported_when_somebody_asks_for_it() -> None:
    program = """
import sys, urllib.request
from ccxt_ext.sandbox import Sandbox
with Sandbox() as sandbox:
    base = sandbox.config("bitexbit")["urls"]["api"]["v1"]
    urllib.request.urlopen(base + "/pairs/").close()
    print("socketio" in sys.modules)
    urllib.request.urlopen(base.removesuffix("/api/v1") + "/socket.io/?EIO=4&transport=polling").close()
    print("socketio" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout.split(), done.stderr) == (["False", "True"], "")
