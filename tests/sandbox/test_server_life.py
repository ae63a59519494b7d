"""A sandbox's start, addresses and end, in a thread and as a command."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

import ccxt_ext
from ccxt_ext.sandbox import Sandbox, SandboxError
from ccxt_ext.sandbox import server as server_module
from ccxt_ext.sandbox.engine.synthetic import beginning
from ccxt_ext.sandbox.engine.synthetic.histories import Histories
from ccxt_ext.sandbox.server import Server
from ccxt_ext.sandbox.settings import Settings
from tests.ids import IDS

VENUE = "bitmart2"
PORTS = 1 + len(IDS)  # to control it, and one for each venue
PACKAGE_HOME = str(Path(ccxt_ext.__file__).parent.parent)


def fetch(url: str, method: str = "GET", body: bytes | None = None) -> tuple[int, Any]:
    request = urllib.request.Request(url, body, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def port_of(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port


def is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except ConnectionRefusedError:
        return False
    return True


def free_ports(count: int) -> int:
    """The first of so many free ports in a row. Below 10,000 no system gives ports away by itself, so that
    neither the servers nor the connections of another test take one of them in the meantime."""
    while True:
        first = random.SystemRandom().randrange(5_000, 10_000)
        with contextlib.ExitStack() as held:
            try:
                for port in range(first, first + count):
                    held.enter_context(socket.socket()).bind(("127.0.0.1", port))
            except OSError:
                continue
        return first


def test_serves_and_stops_without_a_trace() -> None:
    threads = set(threading.enumerate())
    with Sandbox(port=free_ports(PORTS)) as sandbox:
        control = sandbox.control_url
        api = sandbox.config(VENUE)["urls"]["api"]
        assert fetch(f"{api['rest']}/v2/ping") == (200, {})
        assert fetch(f"{control}/faults") == (200, {"faults": []})
        assert fetch(f"{control}/faults", "POST", b"{}")[0] == 400
        assert fetch(f"{control}/clock", "POST", b'{"advance_ms": 1}')[0] == 200
        assert api["ws"] == api["rest"].replace("http://", "ws://")
        ports = [port_of(control), port_of(api["rest"])]
        kept = socket.create_connection(("127.0.0.1", ports[1]))
        assert all(is_open(port) for port in ports)
    assert not any(is_open(port) for port in ports)
    assert kept.recv(1) == b""
    kept.close()
    assert set(threading.enumerate()) == threads


def test_stops_although_an_answer_is_held_back() -> None:
    with Sandbox() as sandbox:
        sandbox.control("POST", "/faults", {"venue": VENUE, "kind": "latency", "ms": 3_600_000})
        port = port_of(sandbox.config(VENUE)["urls"]["api"]["rest"])
        waiting = socket.create_connection(("127.0.0.1", port))
        waiting.sendall(b"GET /v2/ping HTTP/1.1\r\nhost: localhost\r\n\r\n")
        while not sandbox.control("GET", f"/requests?venue={VENUE}"):
            pass
    waiting.close()


async def test_async_form_does_not_block_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ends of it wait for the loop to go on."""
    passed = threading.Semaphore(0)

    def after_the_loop(act: Callable[[Sandbox], Any]) -> Callable[[Sandbox], Any]:
        def wait_and_act(sandbox: Sandbox) -> Any:
            assert passed.acquire(timeout=20), "the loop stands still"
            return act(sandbox)

        return wait_and_act

    async def go_on() -> None:
        while True:
            await asyncio.sleep(0.001)
            passed.release()

    monkeypatch.setattr(Sandbox, "start", after_the_loop(Sandbox.start))
    monkeypatch.setattr(Sandbox, "stop", after_the_loop(Sandbox.stop))
    going = asyncio.create_task(go_on())
    async with Sandbox(port=free_ports(PORTS)) as sandbox:
        rest = sandbox.config(VENUE)["urls"]["api"]["rest"]
        assert (await asyncio.to_thread(fetch, f"{rest}/v2/ping")) == (200, {})
        while passed.acquire(blocking=False):  # what has passed so far does not count for the end
            pass
    going.cancel()
    assert not is_open(port_of(rest))


def test_config_is_a_fresh_dict_for_each_account() -> None:
    with Sandbox(venues=[VENUE], seed=5) as sandbox:
        first = sandbox.config(VENUE)
        first["urls"]["api"]["rest"] = "changed"
        first["options"]["token"]["maxPerMinute"] = 0
        second = sandbox.config(VENUE)
        assert second["urls"]["api"]["rest"].startswith("http://127.0.0.1:")
        assert second["options"]["token"]["maxPerMinute"] == 500
        other = sandbox.config(VENUE, "counterparty")
        assert other["apiKey"] != second["apiKey"]
        assert all(isinstance(config["uid"], str) for config in (second, other))
        assert sandbox.describe() == {
            "control": sandbox.control_url,
            "venues": {VENUE: {"config": second, "counterparty": other}},
        }
        json.dumps(sandbox.describe())
        with pytest.raises(SandboxError, match="unknown venue 'kraken'"):
            sandbox.config("kraken")
        with pytest.raises(SandboxError, match="unknown account 'me'"):
            sandbox.config(VENUE, "me")
        with pytest.raises(SandboxError, match="runs already"):
            sandbox.start()
    with pytest.raises(SandboxError, match="does not run"):
        sandbox.config(VENUE)
    sandbox.stop()
    with sandbox:
        assert sandbox.control("GET", "/")["seed"] == 5


def test_ports_follow_each_other_and_a_taken_one_is_told() -> None:
    before = free_ports(1 + PORTS)
    port = before + 1
    with Sandbox(port=port) as sandbox:
        assert port_of(sandbox.control_url) == port
        assert port_of(sandbox.config(VENUE)["urls"]["api"]["rest"]) == port + 1 + IDS.index(VENUE)
        with pytest.raises(SandboxError, match=f"cannot listen on 127.0.0.1:{port}: "), Sandbox(port=port):
            pass
        # The control port is free, the venue's is not: nothing stays open.
        with pytest.raises(SandboxError, match=f":{port}: "), Sandbox(port=before):
            pass
        assert not is_open(before)
    with pytest.raises(SandboxError, match="cannot listen on 'no such host'"), Sandbox(host="no such host"):
        pass


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"venues": ["kraken"]}, "unknown venue 'kraken'"),
        ({"venues": []}, "no venue"),
        ({"venues": [VENUE, VENUE]}, "named twice"),
        ({"limits": "none"}, "limits must be"),
        ({"port": 65535}, "leaves no room"),
        ({"port": -1}, "leaves no room"),
        ({"options": {"kraken": {}}}, "unknown venue 'kraken'"),
    ],
)
def test_wrong_settings_are_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message), Sandbox(**wrong):
        pass


def test_a_loopback_address_is_given_for_all_interfaces() -> None:
    with Sandbox(host="0.0.0.0") as sandbox:
        assert sandbox.control_url.startswith("http://127.0.0.1:")
        assert fetch(f"{sandbox.control_url}/clock")[0] == 200


def test_requests_that_are_not_http_get_400_and_harm_nothing() -> None:
    with Sandbox() as sandbox:
        for url in (sandbox.control_url, sandbox.config(VENUE)["urls"]["api"]["rest"]):
            with socket.create_connection(("127.0.0.1", port_of(url)), timeout=20) as connection:
                connection.sendall(b"\x00\x01 garbage\r\n\r\n")
                assert connection.recv(100).startswith(b"HTTP/1.0 400")
        assert sandbox.control("GET", "/")["crashes"] == 0
        assert fetch(sandbox.config(VENUE)["urls"]["api"]["rest"] + "/v2/ping") == (200, {})


def test_still_by_default_and_alive_when_asked() -> None:
    market = f"/book?venue={VENUE}&market=BMX_ETH"
    with Sandbox([VENUE]) as still, Sandbox([VENUE], live=True) as live:
        first = still.control("GET", market)
        seen = {json.dumps(live.control("GET", market))}
        while len(seen) < 3:
            seen.add(json.dumps(live.control("GET", market)))
        assert still.control("GET", market) == first
        ledger = live.control("GET", "/ledger")[VENUE]
        assert all(entry["total"] == entry["deposited"] for entry in ledger.values())


async def test_pasts_are_made_while_nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "QUIET_S", 0.01)
    server = Server(Settings(venues=("bitexasia",)))
    await server.start()
    for _ in range(2):
        while server.world.cold_market() is not None:
            await asyncio.sleep(0.01)
        server.control.handle("POST", "/reset", "", b'{"seed": 2}')
        assert server.world.cold_market() is not None
    await server.stop()


async def test_no_past_is_made_while_somebody_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "QUIET_S", 3600.0)
    server = Server(Settings(venues=("bitexasia",)))
    await server.start()
    since = server._latest_request
    url = server.config("bitexasia")["urls"]["api"]["rest"]
    await asyncio.to_thread(fetch, url)
    assert server._latest_request > since
    await asyncio.sleep(0.3)
    assert not any(market.is_warm for market in server.world.frontends["bitexasia"].engine.markets.values())
    await server.stop()


async def test_nobody_waits_for_the_histories_of_another_venue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "QUIET_S", 3600.0)
    may_go_on, began = threading.Event(), threading.Event()
    make = beginning.make_history

    def stalled(matching: Any, *rest: Any) -> None:
        if matching.spec.id.startswith("BTC_"):
            began.set()
            assert may_go_on.wait(60)
        make(matching, *rest)

    monkeypatch.setattr(beginning, "make_history", stalled)
    monkeypatch.setattr(beginning, "HISTORIES", Histories(80))
    server = Server(Settings(venues=("bitexbit", "bitmart2")))
    await server.start()
    urls = {id: f"http://127.0.0.1:{port}" for id, port in server.addresses.ports.items()}
    tickers = asyncio.create_task(asyncio.to_thread(fetch, urls["bitexbit"] + "/api/v2/public/tickers"))
    try:
        assert await asyncio.to_thread(began.wait, 60)
        assert (await asyncio.to_thread(fetch, urls["bitmart2"] + "/v2/ping")) == (200, {})
        assert not tickers.done()
    finally:
        may_go_on.set()
    status, rows = await tickers
    assert status == 200 and len(rows) == 8
    await server.stop()


def run(arguments: str, *flags: str) -> subprocess.Popen[str]:
    code = f"import sys; from ccxt_ext.sandbox.command import run_sandbox; sys.exit(run_sandbox({arguments}))"
    return subprocess.Popen(
        [sys.executable, *flags, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": PACKAGE_HOME},
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_command_prints_one_line_of_json_and_stops_on_a_signal(number: signal.Signals) -> None:
    # -X dev with errors for warnings: an unclosed socket or loop would be told on stderr.
    with run("json=True", "-X", "dev", "-W", "error::ResourceWarning") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        described = json.loads(process.stdout.readline())
        assert list(described) == ["control", "venues"]
        assert tuple(described["venues"]) == IDS
        assert list(described["venues"][VENUE]) == ["config", "counterparty"]
        assert fetch(described["venues"][VENUE]["config"]["urls"]["api"]["rest"] + "/v2/ping") == (200, {})
        process.send_signal(number)
        assert process.wait(20) == 0
        assert process.stdout.read() == ""
        told = [line for line in process.stderr.read().splitlines() if not line.startswith("Executing <")]
        assert told == []


def test_command_prints_a_summary_for_people() -> None:
    with run("seed=3, limits='venue'") as process:
        assert process.stdout is not None
        lines = []
        while not lines or not lines[-1].startswith("Stop"):
            lines.append(process.stdout.readline().rstrip("\n"))
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert lines[0] == "ccxt-ext sandbox: seed 3, book still, limits venue"
    text = "\n".join(lines)
    for part in ("control ", "bitmart2 ", "  config ", "  counterparty ", "http://127.0.0.1:", "apiKey "):
        assert part in text


@pytest.mark.parametrize(
    "arguments", ["venues=['kraken']", "limits='no'", "port=70000", "host='no such host'"]
)
def test_command_used_wrongly_exits_with_2_and_one_line(arguments: str) -> None:
    with run(arguments) as process:
        out, err = process.communicate(timeout=20)
    assert process.returncode == 2
    assert out == ""
    assert err.startswith("ccxt-ext sandbox: ")
    assert err.count("\n") == 1


def test_importing_the_class_is_cheap_and_nothing_needs_ccxt() -> None:
    code = (
        "import sys\n"
        "from ccxt_ext.sandbox import Sandbox\n"
        "heavy = {'aiohttp', 'asyncio', 'decimal', 'ccxt_ext.sandbox.server'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "with Sandbox() as sandbox:\n"
        "    sandbox.control('GET', '/ledger')\n"
        "clients = [m for m in sys.modules if m.split('.')[0] == 'ccxt' or m.startswith('ccxt_ext.venues')]\n"
        "assert not clients, clients\n"
    )
    subprocess.run(
        [sys.executable, "-c", code], check=True, timeout=60, env={**os.environ, "PYTHONPATH": PACKAGE_HOME}
    )
