"""WebSocket connections of the sandbox: upgrade, life and end, and what faults do to frames."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any, ClassVar
from urllib.parse import urlsplit

import aiohttp
import pytest

from ccxt_ext.sandbox import Sandbox, SandboxError, sockets
from ccxt_ext.sandbox.frontend import Request, Response, Stream, Wire, json_response
from ccxt_ext.sandbox.frontends.btex import frontend as btex
from ccxt_ext.sandbox.server import Server
from ccxt_ext.sandbox.settings import Settings
from tests.waiting import PATIENCE_S, until

VENUE = "btex"  # has no streams of its own, so that these tests are about no venue's protocol
DEPOSIT = {"venue": VENUE, "account": "config", "currency": "BTC", "amount": "1"}


class Obedient(Stream):
    """Does what the client tells it to."""

    alive: ClassVar[list[Obedient]] = []
    ticks = 0

    def opened(self) -> None:
        self.alive.append(self)
        self.send({"hello": self.request.query})

    def closed(self) -> None:
        self.alive.remove(self)

    def tick(self) -> None:
        type(self).ticks += 1

    def received(self, text: str) -> None:
        order = json.loads(text)
        if "listen" in order:
            self.listen(
                lambda news: self.send({name: str(news.balances[0].free) for name in order["listen"]})
            )
        time.sleep(order.get("block", 0))
        if "echo" in order:
            self.send(order)
        for number in range(order.get("count", 0)):
            self.send({"number": number}, sequenced=True)
        for _ in range(order.get("flood", 0)):
            self.wire.send("x" * 100_000)
        if "close" in order:
            self.wire.close(order["close"], "as you wish")


def stream(frontend: Any, request: Request, wire: Wire) -> Stream | Response:
    if request.path == "/crash":
        raise LookupError("stream")
    if request.path != "/stream":
        return json_response({"info": "no such stream"}, 404)
    return Obedient(frontend.feed, request, wire)


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("has_streams", True), ("numbers_frames", True), ("stream", stream)):
            patch.setattr(btex.Frontend, name, value)
        with Sandbox(venues=[VENUE]) as sandbox:
            yield sandbox


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    timeout = aiohttp.ClientTimeout(total=PATIENCE_S)
    async with aiohttp.ClientSession(timeout=timeout) as made:
        yield made


def url(sandbox: Sandbox, path: str = "/stream") -> str:
    api: str = sandbox.config(VENUE)["urls"]["api"]["contract"]
    return api + path


def fault(sandbox: Sandbox, kind: str, **fields: Any) -> None:
    sandbox.control("POST", "/faults", {"venue": VENUE, "kind": kind, **fields})


async def hear(connection: aiohttp.ClientWebSocketResponse) -> Any:
    return await connection.receive_json(timeout=PATIENCE_S)


async def connect(session: aiohttp.ClientSession, sandbox: Sandbox) -> aiohttp.ClientWebSocketResponse:
    connection = await session.ws_connect(url(sandbox))
    assert await hear(connection) == {"hello": {}}
    return connection


# upgrade


async def test_an_upgrade_is_granted_refused_and_recorded(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    async with session.ws_connect(url(sandbox, "/stream?a=1")) as connection:
        assert await hear(connection) == {"hello": {"a": "1"}}
        await connection.send_json({"echo": "ü"})
        assert await hear(connection) == {"echo": "ü"}
        await connection.send_bytes(b'{"echo": 2}')
        assert await hear(connection) == {"echo": 2}
        await connection.ping()
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await session.ws_connect(url(sandbox, "/elsewhere"))
    assert refused.value.status == 404
    seen = sandbox.control("GET", f"/requests?venue={VENUE}")
    assert [(each["path"], each["query"], each["status"]) for each in seen] == [
        ("/stream", "a=1", 101),
        ("/elsewhere", "", 404),
    ]
    await until(lambda: not Obedient.alive)


async def test_what_is_no_proper_upgrade_is_an_ordinary_request(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    for headers in ({"Upgrade": "websocket"}, {"Upgrade": "websocket", "Connection": "upgrade"}, {}):
        async with session.get(url(sandbox), headers=headers) as response:
            assert response.status == 404
    assert not Obedient.alive


async def test_a_frontend_that_fails_gives_500(
    sandbox: Sandbox, session: aiohttp.ClientSession, capfd: pytest.CaptureFixture[str]
) -> None:
    crashes = sandbox.control("GET", "/")["crashes"]
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await session.ws_connect(url(sandbox, "/crash"))
    assert refused.value.status == 500
    connection = await connect(session, sandbox)
    await connection.send_str("no JSON")
    assert (await connection.receive()).type is aiohttp.WSMsgType.CLOSE
    assert connection.close_code == 1011
    assert sandbox.control("GET", "/")["crashes"] == crashes + 2
    assert "failed on a message" in capfd.readouterr().err
    await until(lambda: not Obedient.alive)


async def test_news_go_to_who_listens_and_a_failure_there_ends_one_connection(
    sandbox: Sandbox, session: aiohttp.ClientSession, capfd: pytest.CaptureFixture[str]
) -> None:
    good, bad = [await connect(session, sandbox) for _ in range(2)]
    await good.send_json({"listen": ["free"], "echo": 1})
    await bad.send_json({"listen": 5, "echo": 1})
    assert "echo" in await hear(good)
    assert "echo" in await hear(bad)
    for _ in range(2):
        free = sandbox.control("POST", "/deposit", DEPOSIT)["free"]
        assert await hear(good) == {"free": free}
    assert (await bad.receive(timeout=PATIENCE_S)).type is aiohttp.WSMsgType.CLOSE
    assert bad.close_code == 1011
    assert capfd.readouterr().err.count("failed on the news of a stream") == 1


# life and end


async def test_streams_tick(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    async with session.ws_connect(url(sandbox)):
        before = Obedient.ticks
        await until(lambda: Obedient.ticks > before + 2)


async def test_the_venue_can_end_it(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    connection = await connect(session, sandbox)
    await connection.send_json({"count": 3, "close": 4000})
    assert [await hear(connection) for _ in range(3)] == [{"number": number} for number in range(3)]
    message = await connection.receive(timeout=PATIENCE_S)
    assert (message.type, message.data, message.extra) == (aiohttp.WSMsgType.CLOSE, 4000, "as you wish")
    await until(lambda: not Obedient.alive)


async def test_a_client_that_vanishes_is_forgotten(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    connection = await connect(session, sandbox)
    assert len(Obedient.alive) == 1
    connection._response.connection.transport.abort()  # type: ignore[union-attr]
    await until(lambda: not Obedient.alive)


async def test_reset_ends_all_streams(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    connections = [await connect(session, sandbox) for _ in range(3)]
    sandbox.control("POST", "/reset", {})
    for connection in connections:
        assert (await connection.receive(timeout=PATIENCE_S)).type is aiohttp.WSMsgType.CLOSE
        assert connection.close_code == 1012
    await until(lambda: not Obedient.alive)
    await connect(session, sandbox)


async def test_going_back_to_a_snapshot_ends_all_streams(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    connection = await connect(session, sandbox)
    await connection.send_json({"listen": ["free"]})
    name = await asyncio.to_thread(sandbox.snapshot)
    sandbox.control("POST", "/deposit", DEPOSIT)
    assert "free" in await connection.receive_json(timeout=PATIENCE_S)
    await asyncio.to_thread(sandbox.restore, name)
    assert (await connection.receive(timeout=PATIENCE_S)).type is aiohttp.WSMsgType.CLOSE
    assert connection.close_code == 1012
    await until(lambda: not Obedient.alive)
    later = await connect(session, sandbox)
    await later.send_json({"listen": ["free"]})
    await later.send_json({"echo": 1})
    assert await later.receive_json(timeout=PATIENCE_S) == {"echo": 1}
    sandbox.control("POST", "/deposit", DEPOSIT)
    assert "free" in await later.receive_json(timeout=PATIENCE_S)


async def test_a_reset_also_ends_an_upgrade_that_is_held_back(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    fault(sandbox, "latency", ms=300)
    connecting = asyncio.create_task(session.ws_connect(url(sandbox)))
    await until(lambda: len(sandbox.control("GET", f"/requests?venue={VENUE}")) == 1)
    sandbox.control("POST", "/reset", {})
    connection = await connecting
    assert (await connection.receive(timeout=PATIENCE_S)).type is aiohttp.WSMsgType.CLOSE
    await until(lambda: not Obedient.alive)


@pytest.mark.parametrize("stalled", [False, True])
async def test_stopping_leaves_nothing_behind(
    sandbox: Sandbox, session: aiohttp.ClientSession, stalled: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    with Sandbox(venues=[VENUE]) as other:
        connections = [await connect(session, other) for _ in range(2)]
        silent = socket.create_connection(("127.0.0.1", urlsplit(url(other)).port or 0))
        silent.sendall(
            b"GET /stream HTTP/1.1\r\nhost: localhost\r\n"
            b"upgrade: websocket\r\nconnection: keep-alive, Upgrade\r\n"
            b"sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        )
        await until(lambda: len(Obedient.alive) == 3)
        if stalled:
            fault(other, "ws_stall", count=2)
            for connection in connections:
                await connection.send_json({"echo": 1})
            await until(lambda: other.control("GET", "/faults") == {"faults": []})
    for connection in connections:
        kind = (await connection.receive(timeout=PATIENCE_S)).type
        assert kind in (
            (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR) if stalled else (aiohttp.WSMsgType.CLOSE,)
        )
    silent.close()
    assert not Obedient.alive
    assert capfd.readouterr().err == ""


async def test_no_task_is_left_when_a_server_stops(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    tasks = asyncio.all_tasks()
    server = Server(Settings(venues=(VENUE,)))
    await server.start()
    stream = server.config(VENUE)["urls"]["api"]["contract"] + "/stream"
    alive, lost, left = [await session.ws_connect(stream) for _ in range(3)]
    lost._response.connection.transport.abort()  # type: ignore[union-attr]
    await left.close()
    await until(lambda: len(Obedient.alive) == 1)
    await asyncio.gather(server.stop(), alive.receive(), alive.receive())
    assert alive.close_code == 1001
    assert not Obedient.alive
    assert asyncio.all_tasks() <= tasks


async def test_a_client_that_does_not_read_is_cut_off_and_stops_nobody(
    sandbox: Sandbox, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "LONGEST_QUEUE", 2_000_000)
    slow = await connect(session, sandbox)
    other = await connect(session, sandbox)
    slow._response.connection.transport.pause_reading()  # type: ignore[union-attr]
    await slow.send_json({"flood": 10})
    await other.send_json({"echo": 1})
    assert await hear(other) == {"echo": 1}
    assert len(Obedient.alive) == 2
    while len(Obedient.alive) == 2:
        await slow.send_json({"flood": 10})
        await other.send_json({"echo": 2})
        assert await hear(other) == {"echo": 2}
    assert Obedient.alive[0].request is not None
    await other.send_json({"echo": 3})
    assert await hear(other) == {"echo": 3}


async def test_a_client_that_reads_may_be_sent_any_amount(
    sandbox: Sandbox, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "LONGEST_QUEUE", 500_000)
    connection = await connect(session, sandbox)
    for _ in range(8):
        await connection.send_json({"flood": 2})
        assert [len(await connection.receive_str()) for _ in range(2)] == [100_000] * 2


# faults


async def test_ws_close_cuts_without_a_goodbye(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    connection = await connect(session, sandbox)
    await connection.send_json({"count": 2})
    assert [await hear(connection), await hear(connection)] == [{"number": 0}, {"number": 1}]
    fault(sandbox, "ws_close")
    await connection.send_json({"count": 3})
    message = await connection.receive(timeout=PATIENCE_S)
    assert message.type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)
    assert connection.close_code == 1006
    await until(lambda: not Obedient.alive)
    assert sandbox.control("GET", "/faults") == {"faults": []}
    await connect(session, sandbox)


async def test_ws_close_lets_go_what_was_said_before(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    fault(sandbox, "ws_close", path="^/stream$")
    fault(sandbox, "ws_garbage", path="^/other$")
    connection = await session.ws_connect(url(sandbox))
    assert (await connection.receive(timeout=PATIENCE_S)).type is not aiohttp.WSMsgType.TEXT
    assert [each["kind"] for each in sandbox.control("GET", "/faults")["faults"]] == ["ws_garbage"]


async def test_ws_stall_says_and_hears_nothing_more(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    timeout = aiohttp.ClientWSTimeout(ws_close=0.3)
    connection = await session.ws_connect(url(sandbox), autoping=False, timeout=timeout)
    assert await hear(connection) == {"hello": {}}
    await connection.ping()
    assert (await connection.receive(timeout=PATIENCE_S)).type is aiohttp.WSMsgType.PONG
    fault(sandbox, "ws_stall")
    await connection.send_json({"block": 0.1})  # so that all that follows is there at once
    await connection.send_json({"echo": 1})
    await connection.send_json({"echo": 2, "close": 1000})
    await connection.ping()
    other = await connect(session, sandbox)  # which goes on, and so does the sandbox
    await other.send_json({"echo": 3})
    assert await hear(other) == {"echo": 3}
    with pytest.raises(asyncio.TimeoutError):
        await connection.receive(timeout=0.3)
    assert not connection.closed
    assert len(Obedient.alive) == 2
    await connection.close()
    assert connection.close_code == 1006  # nobody said goodbye
    await until(lambda: len(Obedient.alive) == 1)


async def test_a_stall_while_the_venue_waits_for_the_client(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    connection = await session.ws_connect(url(sandbox), timeout=aiohttp.ClientWSTimeout(ws_close=0.3))
    assert await hear(connection) == {"hello": {}}
    await connection.send_json({"listen": ["free"], "echo": 1})
    assert "echo" in await hear(connection)
    fault(sandbox, "ws_stall")
    sandbox.control("POST", "/deposit", DEPOSIT)
    await connection.close()
    assert connection.close_code == 1006


async def test_a_stall_from_the_first_frame_ends_with_a_reset(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    fault(sandbox, "ws_stall", count=2)
    timeout = aiohttp.ClientWSTimeout(ws_close=0.3)
    other, connection = [await session.ws_connect(url(sandbox), timeout=timeout) for _ in range(2)]
    await other.close()
    assert other.close_code == 1006
    with pytest.raises(asyncio.TimeoutError):
        await connection.receive(timeout=0.1)
    sandbox.control("POST", "/reset", {})
    assert (await connection.receive(timeout=PATIENCE_S)).type is not aiohttp.WSMsgType.CLOSE
    assert connection.close_code == 1006
    await until(lambda: not Obedient.alive)


async def test_ws_garbage_comes_instead_of_the_frame(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    connection = await connect(session, sandbox)
    fault(sandbox, "ws_garbage", count=2)
    fault(sandbox, "ws_garbage", body='{"odd": 1}')
    await connection.send_json({"count": 4})
    for _ in range(2):
        with pytest.raises(ValueError, match=r"Expecting|unexpected|control"):
            json.loads(await connection.receive_str(timeout=PATIENCE_S))
    assert await hear(connection) == {"odd": 1}
    assert await hear(connection) == {"number": 3}


async def test_ws_gap_leaves_out_numbered_frames_only(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    connection = await connect(session, sandbox)
    fault(sandbox, "ws_gap", count=2)
    await connection.send_json({"echo": 1, "count": 4})
    assert [await hear(connection) for _ in range(3)] == [
        {"echo": 1, "count": 4},
        {"number": 2},
        {"number": 3},
    ]


@pytest.mark.parametrize(
    "kind", ["status", "reset", "drop_reply", "truncate", "garbage", "empty", "maintenance"]
)
async def test_an_upgrade_suffers_faults_of_requests(
    sandbox: Sandbox, session: aiohttp.ClientSession, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    fault(sandbox, kind, count=2, **({"status": 429} if kind == "status" else {}))
    with pytest.raises(aiohttp.ClientError):
        await session.ws_connect(url(sandbox))
    (seen, *_) = sandbox.control("GET", f"/requests?venue={VENUE}")
    assert (seen["fault"], seen["status"] == 101) == (kind, False)
    sandbox.control("DELETE", "/faults")
    await connect(session, sandbox)
    assert capfd.readouterr().err == ""


async def test_an_upgrade_can_be_late(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    fault(sandbox, "latency", ms=150)
    loop = asyncio.get_running_loop()
    before = loop.time()
    await connect(session, sandbox)
    assert loop.time() - before >= 0.15


async def test_a_client_that_does_not_wait_for_a_late_upgrade_disturbs_nothing(
    sandbox: Sandbox, session: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    fault(sandbox, "latency", ms=300)
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(session.ws_connect(url(sandbox)), 0.1)
    await until(lambda: sandbox.control("GET", f"/requests?venue={VENUE}")[0]["status"] == 101)
    await connect(session, sandbox)
    assert caplog.records == []


async def test_gaps_are_refused_for_venues_without_numbers(sandbox: Sandbox) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(btex.Frontend, "numbers_frames", False)
        with pytest.raises(SandboxError, match="the streams of btex have no sequence numbers"):
            fault(sandbox, "ws_gap")
