"""Clients of a running sandbox go by its time, in any process; those that do not are right too."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import ccxt
import ccxt.async_support
import pytest

import ccxt_ext
from ccxt_ext._told_time import OPTION, decode
from ccxt_ext.sandbox import Sandbox
from ccxt_ext.sandbox.clock_file import ClockFile
from tests.ids import IDS
from tests.sandbox.engine.small_venue import HOUR, START_MS, HandClock

DAY = 24 * HOUR
HOME = str(Path(ccxt_ext.__file__).parent.parent)


@pytest.fixture(scope="module")
def running() -> Any:
    with Sandbox(clock="frozen") as sandbox:
        yield sandbox


def config(sandbox: Sandbox, venue: str, account: str = "config") -> dict[str, Any]:
    """For a client that is as patient as a busy machine asks for."""
    return {**sandbox.config(venue, account), "timeout": 60_000}


def unfollowing(config: dict[str, Any]) -> dict[str, Any]:
    options = {name: value for name, value in config["options"].items() if name != OPTION}
    return {**config, "options": options}


@pytest.mark.parametrize("venue", IDS)
def test_clients_follow_and_are_right(sandbox: Sandbox, venue: str) -> None:
    exchange = getattr(ccxt, venue)(config(sandbox, venue))
    other = getattr(ccxt, venue)(config(sandbox, venue, "counterparty"))
    start = sandbox.now()
    assert exchange.milliseconds() == start
    for _ in range(3):
        exchange.fetch_balance()
    assert sandbox.advance(days=300) == exchange.milliseconds() == start + 300 * DAY
    for _ in range(3):
        exchange.fetch_balance()
        other.fetch_balance()
    assert exchange.milliseconds() == other.milliseconds() == start + 300 * DAY


@pytest.mark.parametrize("venue", IDS)
def test_clients_that_do_not_follow_are_right_as_well(sandbox: Sandbox, venue: str) -> None:
    exchange = getattr(ccxt, venue)(unfollowing(config(sandbox, venue)))
    assert OPTION not in exchange.options
    exchange.fetch_balance()
    sandbox.freeze(at_ms=sandbox.now() + 300 * DAY)
    assert abs(exchange.milliseconds() - time.time() * 1000) < 60_000
    for _ in range(3):
        exchange.fetch_balance()
        sandbox.advance(hours=1)
    sandbox.unfreeze()
    exchange.fetch_balance()


def test_clients_of_a_sandbox_in_another_year_are_right() -> None:
    with Sandbox(start_ms=START_MS) as sandbox:
        for venue in IDS:
            follows = getattr(ccxt, venue)(config(sandbox, venue))
            assert START_MS <= follows.milliseconds() < START_MS + DAY
            follows.fetch_balance()
            getattr(ccxt, venue)(unfollowing(config(sandbox, venue, "counterparty"))).fetch_balance()


async def test_async_clients_follow(sandbox: Sandbox) -> None:
    exchange = ccxt.async_support.bitexbit(config(sandbox, "bitexbit"))
    try:
        await exchange.fetch_balance()
        assert sandbox.advance(hours=1) == exchange.milliseconds()
        order = await exchange.create_order("BTC/USD", "limit", "buy", 1, 10)
        assert order["id"]
    finally:
        await exchange.close()


def test_a_reset_is_followed(sandbox: Sandbox) -> None:
    exchange = ccxt.btex(config(sandbox, "btex"))
    sandbox.advance(days=300)
    sandbox.control("POST", "/reset")
    assert exchange.milliseconds() == sandbox.now()


def test_a_fault_that_moves_the_clock_is_followed(sandbox: Sandbox) -> None:
    exchange = ccxt.bitmart2(config(sandbox, "bitmart2"))
    before = exchange.milliseconds()
    call = {"path": "/clock", "body": {"advance_ms": HOUR}}
    sandbox.control("POST", "/faults", {"venue": "bitmart2", "kind": "then", "call": call})
    exchange.fetch_time()
    assert exchange.milliseconds() == before + HOUR


CHILD = """
import sys, ccxt
exchange = ccxt.btex()
for line in sys.stdin:
    exchange.fetch_balance()
    print(exchange.milliseconds(), flush=True)
"""


def test_another_process_follows(sandbox: Sandbox) -> None:
    environment = {**os.environ, "CCXT_EXT_SANDBOX": json.dumps({"btex": sandbox.config("btex")})}
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD],
        env=environment,
        cwd=HOME,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert child.stdin is not None and child.stdout is not None
    with child:
        for _ in range(3):
            child.stdin.write("\n")
            child.stdin.flush()
            assert int(child.stdout.readline()) == sandbox.now()
            sandbox.advance(hours=7)
        child.stdin.close()


def test_the_file_is_there_as_long_as_the_sandbox() -> None:
    with Sandbox(venues="bitexasia") as sandbox:
        told = Path(sandbox.config("bitexasia")["options"][OPTION]["file"])
        assert decode(told.read_bytes()) is not None
        assert sandbox.config("bitexasia")["options"][OPTION]["url"] == sandbox.control_url
    assert not told.exists()


def test_what_the_file_says_is_kept_right() -> None:
    clock, file = HandClock(), ClockFile()
    file.open(clock)
    try:
        assert file.path is not None
        told = Path(file.path)
        first = decode(told.read_bytes())
        assert first is not None and first.still_at is None
        clock.elapse(DAY)  # as if the machine's clock had been corrected
        file.tell(clock)
        second = decode(told.read_bytes())
        assert second is not None
        assert abs(second.ahead - first.ahead - DAY) < HOUR
        clock.freeze()
        file.tell(clock)
        third = decode(told.read_bytes())
        assert third is not None and third.still_at == clock.now()
        told.unlink()  # as what cleans up old files may do
    finally:
        file.close()
    assert not told.exists()
    file.tell(clock)
    assert not told.exists()


def test_somebody_else_takes_the_file_away() -> None:
    file = ClockFile()
    file.open(HandClock())
    assert file.path is not None
    Path(file.path).unlink()
    file.close()
    assert file.path is None


def test_without_a_place_for_the_file_clients_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: Any) -> Any:
        raise PermissionError

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    with Sandbox(venues="bitexasia", clock="frozen", start_ms=START_MS) as sandbox:
        config = sandbox.config("bitexasia")
        assert config["options"][OPTION]["file"] is None
        exchange = ccxt.bitexasia(config)
        sandbox.advance(hours=1)
        assert exchange.milliseconds() == START_MS + HOUR
        exchange.fetch_balance()
