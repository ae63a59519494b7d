"""What is asked for between two parts of a time that is passed comes at the time that it is then."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from ccxt_ext.sandbox import world as world_module
from ccxt_ext.sandbox.server import Server
from ccxt_ext.sandbox.settings import Settings
from ccxt_ext.sandbox.world import World
from tests.sandbox.control_box import NOON, Box

MINUTE = 60_000
START_MS = NOON + 1_234
SPAN_MS = MINUTE
SPOT = {"venue": "btex", "market": "BTC_USDT"}
SWAP = {"venue": "btex", "market": "1"}
ROWS = [[NOON + n * MINUTE, 4000, "4010.5", 3990.25, "4005", 1.5] for n in range(-3, 4)]

Calls = list[tuple[str, str, Any]]
CALLS: dict[str, Calls] = {
    "a price at once": [("POST", "/price", {**SPOT, "change": "-0.1"})],
    "one price after another": [
        ("POST", "/price", {**SPOT, "change": "0.1", "over_ms": 90_000}),
        ("POST", "/price", {**SPOT, "change": "-0.1", "over_ms": 20_000}),
    ],
    "the price of a contract": [("POST", "/price", {**SWAP, "change": "-0.3", "over_ms": 45_000})],
    "candles": [("POST", "/candles", {**SPOT, "rows": ROWS})],
    "candles for a while": [("POST", "/candles", {**SPOT, "rows": ROWS}), ("DELETE", "/candles", SPOT)],
    "a book": [("POST", "/book", {"venue": "btex", "levels": 7, "width": 0.01})],
    "a halt for a while": [
        ("PATCH", "/markets", {**SPOT, "status": "halted"}),
        ("PATCH", "/markets", {**SPOT, "status": "open"}),
    ],
    "a tick": [("PATCH", "/markets", {**SPOT, "tick": "0.1"})],
    "the end of a market": [("DELETE", "/markets", SPOT)],
    "a new market": [("POST", "/markets", {"venue": "btex", "like": "BTC_USDT", "market": "SOL_USDT"})],
    "a fault and a skew": [
        ("POST", "/faults", {"venue": "btex", "kind": "maintenance"}),
        ("POST", "/clock", {"venue": "btex", "skew_ms": 5}),
    ],
    "money": [
        ("POST", "/deposit", {"venue": "btex", "account": "config", "currency": "USDT", "amount": "1"})
    ],
}


@pytest.fixture(autouse=True)
def many_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whenever something happens, others may go on."""
    monkeypatch.setattr(world_module, "PART_S", 0)


def a_box(**settings: Any) -> Box:
    """One with orders and a position, in which a market is on its way."""
    box = Box("btex", clock="frozen", start_ms=START_MS, **settings)
    engine = box.world.frontends["btex"].engine
    spot, swap = engine.markets["BTC_USDT"], engine.markets["1"]
    assert spot.best_bid is not None
    for number in range(1, 6):
        price = spot.best_bid - spot.spec.tick * 30 * number
        engine.place("config", "BTC_USDT", "buy", price, spot.spec.step * 50)
    engine.place("config", "1", "buy", swap.best_ask, swap.spec.min_amount * 10, type="market")
    box.ok("POST", "/price", {"venue": "btex", "market": "ETH_USDT", "change": "0.2", "over_ms": 240_000})
    return box


def all_of(box: Box) -> dict[str, Any]:
    markets = box.world.frontends["btex"].engine.markets
    told = {id: (each.trades(), each.book(), each.ticker()) for id, each in markets.items()}
    for call in ("/ledger", "/orders", "/trades", "/accounts", "/markets"):
        told[call] = box.ok("GET", call + ("?venue=btex" if call != "/ledger" else ""))
    told["faults"], told["candles"] = box.ok("GET", "/faults"), box.ok("GET", "/candles")
    told["clock"] = {name: each for name, each in box.ok("GET", "/clock").items() if name != "ticking"}
    return told


def pass_until(box: Box, at: int) -> None:
    box.ok("POST", "/clock", {"at_ms": at})


CASES = [(name, False) for name in CALLS] + [(name, True) for name in list(CALLS)[:2]]


@pytest.mark.parametrize(("name", "live"), CASES)
def test_it_is_as_if_time_had_been_passed_in_pieces(name: str, live: bool) -> None:
    calls = CALLS[name]
    between, cut = a_box(live=live), a_box(live=live)
    coming, made_at = iter(calls), []
    for number, _ in enumerate(between.world.passing(SPAN_MS), 1):
        if number in (6, 9) and (call := next(coming, None)) is not None:
            between.ok(*call)
            made_at.append(between.world.clock.now())
    assert len(made_at) == len(calls)
    for at, call in zip(made_at, calls, strict=True):
        pass_until(cut, at)
        cut.ok(*call)
    pass_until(cut, START_MS + SPAN_MS)
    one, other = all_of(between), all_of(cut)
    for part in one | other:
        assert one[part] == other[part], part
    for currency in one["/ledger"]["btex"].values():
        assert currency["total"] == currency["deposited"]


def test_who_trades_between_meets_the_market_that_is_there_then() -> None:
    """An order in a market that is on its way makes it move no earlier than it would."""
    between, cut = a_box(), a_box()
    for box in (between, cut):  # another one moves at other times, too
        box.ok("POST", "/price", {**SPOT, "change": "0.1", "over_ms": 70_000})

    def buy(box: Box) -> None:
        engine = box.world.frontends["btex"].engine
        least = engine.markets["ETH_USDT"].spec.min_amount
        engine.place("config", "ETH_USDT", "buy", None, least, type="market")

    at = None
    for number, _ in enumerate(between.world.passing(SPAN_MS), 1):
        if number == 8:
            buy(between)
            at = between.world.clock.now()
    assert at is not None
    pass_until(cut, at)
    buy(cut)
    pass_until(cut, START_MS + SPAN_MS)
    assert all_of(between) == all_of(cut)


def test_a_file_that_is_written_between_has_the_time_that_it_is_then(tmp_path: Path) -> None:
    box, file = a_box(live=True), tmp_path / "saved"
    for number, _ in enumerate(box.world.passing(SPAN_MS), 1):
        if number == 6:
            file.write_bytes(b64decode(box.ok("GET", "/snapshot")["file"]))
            reached = box.world.clock.now()
    loaded = Box("btex")
    loaded.take(World(Settings.given(load=file)))
    told = loaded.ok("GET", "/clock")
    assert (told["now"], told["frozen"]) == (reached, True)
    markets = loaded.world.frontends["btex"].engine.markets
    assert {each.traders.passing_pace_ms for each in markets.values()} == {None}
    pass_until(loaded, START_MS + SPAN_MS)
    assert all_of(loaded) == all_of(box)
    loaded.ok("POST", "/clock", {"freeze": False})
    before = loaded.ok("GET", "/clock")["now"]
    while loaded.ok("GET", "/clock")["now"] == before:
        pass


def test_a_running_clock_that_is_saved_between_runs_on_from_there(tmp_path: Path) -> None:
    box, file = Box("btex", live=True, start_ms=START_MS), tmp_path / "saved"
    for _ in box.world.passing(60 * MINUTE):
        reached = box.world.clock.now()
        if reached > START_MS + 30 * MINUTE:
            file.write_bytes(b64decode(box.ok("GET", "/snapshot")["file"]))
            break
    loaded = Box("btex")
    loaded.take(World(Settings.given(load=file)))
    now = loaded.ok("GET", "/clock")["now"]
    assert reached <= now < START_MS + 60 * MINUTE
    while loaded.ok("GET", "/clock")["now"] == now:
        pass


async def test_calls_that_change_something_wait_until_the_time_is_passed() -> None:
    """Those of other programs, that is; they come in the order in which they were made."""
    settings = Settings(venues=("btex",), clock="frozen", start_ms=START_MS, live=True)
    server, plain = Server(settings), Box("btex", clock="frozen", start_ms=START_MS, live=True)
    calls: list[tuple[str, str, str]] = [
        ("POST", "/clock", '{"advance_ms": 60000}'),
        ("POST", "/price", '{"venue": "btex", "market": "BTC_USDT", "change": "-0.1", "over_ms": 5000}'),
        ("POST", "/faults", '{"venue": "btex", "kind": "maintenance"}'),
        ("POST", "/clock", '{"advance_ms": 60000}'),
        ("POST", "/snapshot", '{"name": "here"}'),
        ("POST", "/reset", "{}"),
        ("POST", "/clock", '{"advance_ms": 60000}'),
        ("POST", "/restore", '{"snapshot": "here"}'),
        ("PATCH", "/markets", '{"venue": "btex", "market": "BTC_USDT", "status": "halted"}'),
        ("POST", "/clock", '{"advance_ms": 60000}'),
    ]
    seen: list[int] = []

    async def look() -> None:
        while True:
            seen.append((await server.call("GET", "/clock"))[1]["now"])
            await asyncio.sleep(0)

    looking = asyncio.create_task(look())
    answers = await asyncio.gather(
        *(server.call(method, path, "", body.encode()) for method, path, body in calls)
    )
    looking.cancel()
    assert [status for status, _ in answers] == [200] * len(calls)
    for method, path, body in calls:
        plain.control.handle(method, path, "", body.encode())
    served = Box("btex")
    served.take(server.world)
    assert all_of(served) == all_of(plain)
    assert len(set(seen)) > 10  # nobody had to wait to look
