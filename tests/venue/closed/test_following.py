"""Clients that go by a sandbox's time, as it is told in a file or by the control port."""

from __future__ import annotations

import copy
import gc
import json
import os
import pickle
import threading
import time
import weakref
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import ccxt
import ccxt.async_support
import ccxt.pro
import pytest

from ccxt_ext._told_time import SIZE, ToldTime, decode
from ccxt_ext.venue.closed import following

LATER = 2_000_000_000_123
DAY_MS = 86_400_000


@pytest.fixture
def told(tmp_path: Path) -> Path:
    """A file that says that the time stands still."""
    file = tmp_path / "clock"
    file.write_bytes(ToldTime(LATER, 7, 10_000).encode())
    return file


class Control(BaseHTTPRequestHandler):
    answer: bytes = b""
    asked = 0

    def do_GET(self) -> None:
        assert self.path == "/clock"
        type(self).asked += 1
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.answer)))
        self.end_headers()
        self.wfile.write(self.answer)

    def log_message(self, *args: Any) -> None:
        """Says nothing."""


@pytest.fixture
def control() -> Iterator[str]:
    """The address of a control port that answers what `Control` says."""
    Control.asked = 0
    Control.answer = json.dumps({"now": LATER, "frozen": True, "ticking": LATER + 5}).encode()
    with HTTPServer(("127.0.0.1", 0), Control) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def wall() -> int:
    return time.time_ns() // 1_000_000


@pytest.mark.parametrize("kind", [ccxt, ccxt.async_support, ccxt.pro], ids=["sync", "async", "pro"])
def test_all_ways_to_tell_the_time_follow(kind: Any, told: Path) -> None:
    exchange = kind.btex({"options": {"sandboxClock": {"file": str(told)}}})
    assert exchange.milliseconds() == exchange.nonce() == LATER
    assert exchange.microseconds() == LATER * 1000
    assert exchange.seconds() == LATER // 1000
    told.write_bytes(ToldTime(LATER + 1, 0, 0).encode())
    assert exchange.milliseconds() == LATER + 1
    before = wall()
    told.write_bytes(ToldTime(None, DAY_MS, 0).encode())
    assert before + DAY_MS <= exchange.milliseconds() <= wall() + DAY_MS
    assert before <= type(exchange).milliseconds() <= wall()


def test_who_is_told_of_no_clock_goes_by_the_machines() -> None:
    for options in ({}, {"sandboxClock": None}, {"sandboxClock": "soon"}, {"sandboxClock": {"file": 7}}):
        exchange = ccxt.btex({"options": options})
        before = wall()
        assert before <= exchange.milliseconds() <= wall()


def test_a_file_that_says_nothing_leaves_the_machines_time(tmp_path: Path) -> None:
    line = b"[null, 0, 0]".ljust(SIZE - 1) + b"\n"
    for text in (
        b"",
        b"x" * 2 * SIZE,
        line,
        line + line[::-1],
        b"{}".ljust(SIZE) * 2,
        b"[1]".ljust(SIZE) * 2,
    ):
        file = tmp_path / f"clock-{len(text)}-{hash(text)}"
        file.write_bytes(text)
        assert decode(text) is None
        before = wall()
        assert before <= following.SandboxClock(str(file), "").milliseconds() <= wall()


def test_without_the_file_the_control_port_is_asked_each_time(control: str) -> None:
    exchange = ccxt.btex({"options": {"sandboxClock": {"file": "/there/is/none", "url": control}}})
    assert exchange.milliseconds() == LATER
    Control.answer = json.dumps({"now": LATER + DAY_MS, "frozen": True, "ticking": 0}).encode()
    assert exchange.milliseconds() == LATER + DAY_MS
    assert Control.asked == 2
    Control.answer = json.dumps({"now": wall() + DAY_MS, "frozen": False, "ticking": 0}).encode()
    assert abs(exchange.milliseconds() - wall() - DAY_MS) < 60_000


@pytest.mark.parametrize("answer", [b"", b"[]", b'{"now": "soon"}', b'{"now": 5}'])
def test_a_control_port_that_does_not_tell_is_left_alone_for_a_while(control: str, answer: bytes) -> None:
    Control.answer = answer
    clock = following.SandboxClock("", control)
    before = wall()
    for _ in range(3):
        assert before <= clock.milliseconds() <= wall()
    assert Control.asked == 1


def test_no_other_host_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following.http.client, "HTTPConnection", None)
    for url in ("http://example.com:80", "http://10.0.0.1", "file:///etc/passwd", "nonsense", ""):
        before = wall()
        assert before <= following.SandboxClock("", url).milliseconds() <= wall()


def test_copies_follow_too_and_nothing_is_held(told: Path) -> None:
    exchange = ccxt.btex({"options": {"sandboxClock": {"file": str(told)}}})
    assert copy.deepcopy(exchange).milliseconds() == LATER
    again = pickle.loads(pickle.dumps(vars(exchange)["milliseconds"]))
    assert again() == LATER
    clock = weakref.ref(again.__self__)
    files = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    del exchange, again
    gc.collect()
    assert clock() is None
    assert not files or len(os.listdir("/proc/self/fd")) < files + 1


class Plain(ccxt.Exchange):
    """A plug-in's class, with nothing of ours."""

    def nonce(self) -> int:
        return self.milliseconds()


class Own(Plain):
    def milliseconds(self) -> int:  # type: ignore[override]
        return 5


def test_nonces_of_other_classes_rise_although_the_time_stands_still(told: Path) -> None:
    exchange, other, free = Plain(), Plain(), Plain()
    for each in (exchange, other):
        assert following.follow(each, {"file": str(told)})
    before = wall()
    nonces = [exchange.nonce() for _ in range(50)]
    assert nonces == sorted(set(nonces))
    assert before + 10_000 <= nonces[0] <= wall() + 10_000
    assert exchange.milliseconds() == LATER
    while wall() + 10_000 <= nonces[-1]:
        time.sleep(0.001)
    assert other.nonce() > nonces[-1]
    told.write_bytes(ToldTime(None, DAY_MS, 0).encode())
    assert abs(exchange.nonce() - wall() - DAY_MS) < 60_000
    assert before <= free.nonce() <= wall()
    assert vars(Plain)["nonce"] is type(exchange).nonce


def test_what_a_class_tells_by_itself_stays(told: Path) -> None:
    exchange = Own()
    assert following.follow(exchange, {"file": str(told)})
    assert exchange.milliseconds() == 5
    assert exchange.seconds() == LATER // 1000


def test_a_default_nonce_in_seconds_rises(told: Path) -> None:
    exchange = ccxt.Exchange()
    following.follow(exchange, {"file": str(told)})
    assert len({exchange.nonce() for _ in range(20)}) == 20


def test_a_file_is_never_half_read(told: Path) -> None:
    clock, ended = following.SandboxClock(str(told), ""), threading.Event()
    sizes = [5, 5_000_000_000_000]

    def write() -> None:
        with open(told, "r+b", buffering=0) as file:
            while not ended.is_set():
                for ms in sizes:
                    file.seek(0)
                    file.write(ToldTime(ms, ms, ms).encode())

    thread = threading.Thread(target=write)
    thread.start()
    try:
        seen = {clock.milliseconds() for _ in range(3_000)}
    finally:
        ended.set()
        thread.join()
    assert seen <= {*sizes, LATER}
