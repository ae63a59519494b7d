"""A sandbox's time: made to stand still, passed, and let run on, by the control port and from Python."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import aiohttp
import ccxt
import pytest

import ccxt_ext
from ccxt_ext.sandbox import Sandbox, SandboxError, sockets
from ccxt_ext.sandbox import world as world_module
from ccxt_ext.sandbox.frontend import Request, Response
from ccxt_ext.sandbox.settings import Settings
from tests.sandbox.control_box import NOON, Box
from tests.sandbox.lived import lived

MINUTE = 60_000
HOUR = 60 * MINUTE
VENUE = "bitexasia"
HOME = str(Path(ccxt_ext.__file__).parent.parent)


@pytest.fixture
def still() -> Box:
    return Box(VENUE, clock="frozen", live=True)


@pytest.fixture
def running() -> Box:
    return Box(VENUE, live=True)


def trades(box: Box) -> list[Any]:
    """Newest first, of all markets."""
    return [
        trade for market in box.world.frontends[VENUE].engine.markets.values() for trade in market.trades()
    ]


def test_it_stands_still_until_it_is_advanced(still: Box) -> None:
    told = still.ok("GET", "/clock")
    assert NOON <= told.pop("ticking") <= still.world.clock.ticking()
    assert told == {"now": NOON, "frozen": True, "skew_ms": {VENUE: 0}}
    assert still.ok("POST", "/clock", {"advance_ms": HOUR})["now"] == NOON + HOUR
    assert still.ok("GET", "/clock")["now"] == NOON + HOUR
    assert still.ok("POST", "/clock", {"at_ms": NOON + 2 * HOUR})["now"] == NOON + 2 * HOUR


def test_it_is_made_to_stand_still_and_let_run_on(running: Box) -> None:
    assert running.ok("GET", "/clock")["frozen"] is False
    answer = running.ok("POST", "/clock", {"freeze": True, "at_ms": NOON + HOUR})
    assert (answer["now"], answer["frozen"]) == (NOON + HOUR, True)
    again = running.ok("POST", "/clock", {"freeze": True})
    assert (again["now"], again["frozen"]) == (NOON + HOUR, True)
    freed = running.ok("POST", "/clock", {"freeze": False, "advance_ms": HOUR})
    assert freed["frozen"] is False
    while running.ok("GET", "/clock")["now"] == freed["now"]:
        pass
    assert running.ok("GET", "/clock")["now"] > freed["now"] >= NOON + 2 * HOUR


def test_a_reset_brings_the_clock_of_the_start_back(still: Box, running: Box) -> None:
    still.ok("POST", "/clock", {"freeze": False, "advance_ms": HOUR})
    running.ok("POST", "/clock", {"freeze": True, "advance_ms": HOUR})
    for box, frozen in ((still, True), (running, False)):
        box.ok("POST", "/reset")
        assert box.ok("GET", "/clock")["frozen"] is frozen
        assert box.ok("GET", "/clock")["now"] < NOON + HOUR


@pytest.mark.parametrize("way", [{"advance_ms": MINUTE}, {"at_ms": NOON + MINUTE}])
@pytest.mark.parametrize(
    ("live", "trade", "expected"),
    [(True, {}, True), (True, {"trade": False}, False), (False, {}, False), (False, {"trade": True}, True)],
)
def test_the_traders_trade_through_it_if_they_are_asked_to(
    way: dict[str, int], live: bool, trade: dict[str, bool], expected: bool
) -> None:
    box = Box(VENUE, clock="frozen", live=live)
    box.ok("POST", "/clock", {**way, **trade})
    assert any(trade.timestamp > NOON for trade in trades(box)) is expected


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "is needed"),
        ({"freeze": 1}, "'freeze' must be true or false"),
        ({"freeze": None}, "'freeze' must be true or false"),
        ({"trade": True}, "is needed"),
        ({"freeze": True, "trade": True}, "'trade' goes with"),
        ({"advance_ms": 1, "trade": "yes"}, "'trade' must be true or false"),
        ({"advance_ms": 1, "at_ms": NOON + 1}, "give one"),
        ({"at_ms": NOON - 1}, f"in the past: it is {NOON} here, and time never goes back"),
        ({"at_ms": 0}, "in the past"),
        ({"at_ms": -1}, "'at_ms' must be a whole number"),
        ({"at_ms": str(NOON + 1)}, "'at_ms' must be a whole number"),
        ({"at_ms": NOON * 2}, "50 years"),
        ({"freeze": False, "advance_ms": -1}, "'advance_ms' must be a whole number from 0"),
        ({"freeze": False, "venue": VENUE}, "go together"),
        ({"freeze": False, "skew_ms": 5, "venue": "x"}, "unknown venue"),
        ({"freeze": False, "until": 5}, "unknown field 'until'"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    still: Box, fields: dict[str, Any], message: str
) -> None:
    before = still.world.clock.now()
    status, answer = still.call("POST", "/clock", fields)
    assert status == 400
    assert message in answer["error"]
    after = still.ok("GET", "/clock")
    assert (after["now"], after["frozen"], after["skew_ms"]) == (before, True, {VENUE: 0})


def test_a_fault_can_pass_time_too(still: Box) -> None:
    call = {"path": "/clock", "body": {"advance_ms": MINUTE, "trade": True}}
    still.ok("POST", "/faults", {"venue": VENUE, "kind": "then", "call": call})
    still.send(VENUE, "GET", "/v1/pairs")
    assert still.ok("GET", "/clock")["now"] == NOON + MINUTE


def test_there_are_two_ways_for_a_clock_to_begin() -> None:
    with pytest.raises(ValueError, match="'running' or 'frozen', not 'stopped'"):
        Settings(clock="stopped")  # type: ignore[arg-type]


def test_from_python() -> None:
    with Sandbox(venues=VENUE, clock="frozen", live=True, start_ms=NOON) as sandbox:
        assert sandbox.now() == NOON
        assert sandbox.advance(minutes=1, seconds=0.5) == NOON + 60_500
        assert sandbox.advance(days=1, hours=1, trade=False) == NOON + 25 * HOUR + 60_500
        exchange = ccxt.bitexasia(sandbox.config(VENUE))
        assert exchange.fetch_balance()["BTC"]["free"] > 0
        assert sandbox.freeze(at_ms=NOON + 26 * HOUR) == NOON + 26 * HOUR
        with pytest.raises(SandboxError, match="never goes back"):
            sandbox.freeze(at_ms=NOON)
        with pytest.raises(SandboxError, match="from 0"):
            sandbox.advance(minutes=-1)
        assert sandbox.unfreeze() >= NOON + 26 * HOUR
        while sandbox.now() == NOON + 26 * HOUR:
            pass
        sandbox.freeze()
        assert sandbox.now() == sandbox.now()


def test_the_same_seed_and_calls_give_the_same_trades() -> None:
    """In one process, whatever the sandbox does by itself in between, and in others that hash differently."""
    others = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.sandbox.lived"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=HOME,
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("1", "2")
    ]
    told = {lived(), lived(1.2)}  # a pause in which it makes the past of markets
    for process in others:
        told.add(process.communicate()[0].strip())
        assert process.returncode == 0
    assert len(told) == 1


async def test_others_go_on_while_time_is_passed() -> None:
    """They see it pass. A further call that changes something waits for its end."""
    async with Sandbox("bitmart2", clock="frozen", live=True, start_ms=NOON) as sandbox:
        url = sandbox.control_url
        api = sandbox.config("bitmart2")["urls"]["api"]
        async with aiohttp.ClientSession() as session:

            async def call(method: str, target: str, fields: Any = None) -> Any:
                async with session.request(method, target, json=fields) as answer:
                    assert answer.status == 200, await answer.text()
                    return await answer.json()

            async with session.ws_connect(api["ws"], max_msg_size=0) as socket:
                for symbol in ("BTC_USDT", "ETH_USDT", "BMX_ETH"):
                    await socket.send_json({"subscribe": "order", "symbol": symbol})
                advance = asyncio.create_task(call("POST", f"{url}/clock", {"advance_ms": HOUR}))
                seen, frames, size = {NOON}, 0, 0
                while seen == {NOON}:
                    seen.add((await call("GET", f"{url}/clock"))["now"])
                later = asyncio.create_task(call("POST", f"{url}/clock", {"advance_ms": MINUTE}))
                while not advance.done():
                    seen.add((await call("GET", f"{url}/clock"))["now"])
                    told = await call("GET", f"{api['rest']}/v2/time")
                    assert NOON <= told["server_time"] <= NOON + HOUR + MINUTE
                    while True:
                        try:
                            message = await asyncio.wait_for(socket.receive(), 0.001)
                        except asyncio.TimeoutError:
                            break
                        assert message.type is aiohttp.WSMsgType.TEXT
                        frames, size = frames + 1, size + len(message.data)
                assert (await advance)["now"] == NOON + HOUR
                assert (await later)["now"] == NOON + HOUR + MINUTE
                assert not socket.closed
        assert len(seen) > 3
        assert seen == {moment for moment in seen if NOON <= moment <= NOON + HOUR + MINUTE}
        assert frames > 100
        assert size > 100_000


def test_a_client_that_cannot_keep_up_with_the_time_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "LONGEST_QUEUE", 40_000)

    async def watch() -> tuple[int, bool]:
        async with Sandbox("bitmart2", clock="frozen", live=True, start_ms=NOON) as sandbox:
            api = sandbox.config("bitmart2")["urls"]["api"]
            async with aiohttp.ClientSession() as session, session.ws_connect(api["ws"]) as socket:
                await socket.send_json({"subscribe": "order", "symbol": "BTC_USDT"})
                await socket.receive()
                advance = asyncio.create_task(asyncio.to_thread(sandbox.advance, minutes=20))
                frames = 0
                while not advance.done():
                    frames += (await socket.receive()).type is aiohttp.WSMsgType.TEXT
                    if frames > 100:
                        break
                await advance
                return frames, socket.closed

    frames, closed = asyncio.run(watch())
    assert frames > 100
    assert not closed


def test_a_fault_cannot_pass_time_while_it_is_passed(still: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world_module, "PART_S", 0)
    call = {"path": "/clock", "body": {"advance_ms": MINUTE}}
    still.ok("POST", "/faults", {"venue": VENUE, "kind": "then", "call": call})
    passing = still.world.passing(MINUTE)
    next(passing)
    still.send(VENUE, "GET", "/v1/pairs")
    [seen] = still.ok("GET", f"/requests?venue={VENUE}")
    assert seen["then"] == {"error": "time is being passed already"}
    for _ in passing:
        pass
    assert still.world.clock.now() == NOON + MINUTE


def test_a_request_is_processed_at_one_instant(running: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    frontend, clock = running.world.frontends[VENUE], running.world.clock
    seen: list[int] = []

    def handle(request: Request) -> Response:
        for _ in range(2):
            seen.append(frontend.clock.now())
            time.sleep(0.003)
        raise LookupError("of the sandbox itself")

    monkeypatch.setattr(frontend, "handle", handle)
    came = clock.now()
    assert running.send(VENUE, "GET", "/v1/markets")[0] == 500
    assert came <= seen[0] == seen[1] <= clock.now() - 6
