"""Files with a sandbox's state: another one goes on from them, and a hostile one runs no code."""

from __future__ import annotations

import collections
import io
import json
import os
import pickle
import re
import subprocess
import sys
import zlib
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from types import MethodType
from typing import Any

import ccxt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccxt_ext.sandbox import Sandbox, SandboxError, pickled, saved
from ccxt_ext.sandbox.command import run_sandbox
from ccxt_ext.sandbox.engine import Clock, Engine
from ccxt_ext.sandbox.engine.serial import Serial
from ccxt_ext.sandbox.pickled import NotPickled, dumps, loads
from ccxt_ext.sandbox.prices import read_prices
from ccxt_ext.sandbox.saved import MAGIC, pack, unpack
from ccxt_ext.sandbox.settings import Settings
from ccxt_ext.sandbox.snapshots import file_of
from ccxt_ext.sandbox.world import World
from tests.ids import IDS
from tests.sandbox.control_box import Box
from tests.sandbox.test_state import STREAMS, box_of, listen, truth, use

VENUE = "bitexasia"


def again(file: Path, **settings: Any) -> Box:
    return box_of(World(Settings.given(load=file, **settings)))


@pytest.mark.parametrize("venue", IDS)
def test_everything_is_there_after_a_used_sandbox_is_loaded(tmp_path: Path, venue: str) -> None:
    box = Box(venue, prices=read_prices("common"), accounts={"maker": {"USDT": "5"}}, clock="frozen")
    use(box, venue)
    engine = box.world.frontends[venue].engine
    name = next(iter(engine.markets))
    engine.helm.move_price(name, engine.markets[name].book(5)[1][-1].price, 60_000)
    if venue in STREAMS:
        listen(box, venue)
    file = tmp_path / "state"
    file.write_bytes(file_of(box.world))
    loaded = again(file)
    before = truth(box)
    assert truth(loaded) == before
    assert loaded.ok("GET", "/clock")["now"] == box.ok("GET", "/clock")["now"]
    assert loaded.ok("GET", "/accounts") == box.ok("GET", "/accounts")
    for each in (box, loaded):
        each.ok("POST", "/clock", {"advance_ms": 300_000, "trade": True})
        use(each, venue)
    assert truth(loaded) == truth(box) != before
    loaded.ok("POST", "/reset")
    assert loaded.ok("GET", "/accounts") == Box(venue, accounts={"maker": {"USDT": "5"}}).ok(
        "GET", "/accounts"
    )


def test_one_can_be_loaded_that_was_loaded(tmp_path: Path) -> None:
    box = Box(VENUE)
    use(box, VENUE)
    for number in range(3):
        file = tmp_path / f"state-{number}"
        file.write_bytes(file_of(box.world))
        box = again(file)
    use(box, VENUE)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"seed": 7}, "it was saved with other seed"),
        ({"live": True}, "other live"),
        ({"limits": "venue"}, "other limits"),
        ({"clock": "frozen"}, "other clock"),
        ({"venues": ["btex"]}, "other venues"),
        ({"accounts": {"maker": {}}}, "other accounts"),
        ({"options": {VENUE: {"verified": False}}}, "other options"),
        ({"prices": "common"}, "other prices"),
    ],
)
def test_what_the_state_follows_from_cannot_be_changed(
    tmp_path: Path, settings: dict[str, Any], says: str
) -> None:
    file = tmp_path / "state"
    file.write_bytes(file_of(Box(VENUE, seed=3).world))
    with pytest.raises(ValueError, match=says):
        Settings.given(load=file, **settings)
    assert Settings.given(load=file, seed=3, venues=VENUE, port=0, host="localhost").seed == 3


def changed(data: bytes, **header: Any) -> bytes:
    line, _, body = data[len(MAGIC) :].partition(b"\n")
    return MAGIC + json.dumps({**json.loads(line), **header}).encode() + b"\n" + body


GOOD = file_of(Box(VENUE).world)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "it is no file that a sandbox has saved"),
        (b"PK\x03\x04", "it is no file that a sandbox has saved"),
        (GOOD[:40], "its header cannot be read"),
        (MAGIC + b"[]\n", "its header cannot be read"),
        (changed(GOOD, version=1), "its header cannot be read"),
        (changed(GOOD, version="0.0.9"), "it was saved by ccxt-ext 0.0.9, and this is "),
        (changed(GOOD, venues={"nowhere": "x 1"}), "unknown venue 'nowhere'"),
        (
            changed(GOOD, venues={VENUE: "ccxt-ext 0.0.9"}),
            "bitexasia was of ccxt-ext 0.0.9 when it was saved",
        ),
        (changed(GOOD, venues={"btex": saved.origin_of("btex")}), "other venues than it says"),
        (GOOD[:-1], "it is not as it was written"),
        (GOOD[:-9] + b"123456789", "it is not as it was written"),
    ],
)
def test_a_file_that_cannot_be_used_says_why_in_one_line(
    tmp_path: Path, data: bytes, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "state"
    file.write_bytes(data)
    assert run_sandbox(load=file) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"ccxt-ext sandbox: {file}: ") and says in line


def test_a_file_that_is_not_there_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_sandbox(load=tmp_path / "nothing") == 2
    assert run_sandbox(load=tmp_path) == 2
    assert run_sandbox(save=tmp_path / "no" / "file") == 2
    lines = capsys.readouterr().err.splitlines()
    assert "No such file" in lines[0] and "directory" in lines[1] and "no such directory" in lines[2]


# hostile files

TOUCHED: list[object] = []


def touch(*arguments: object) -> None:
    TOUCHED.append(arguments)


class Calls:
    """Pickled, it calls a function with arguments."""

    def __init__(self, function: Any, *arguments: Any, state: Any = None) -> None:
        self.reduced = (function, arguments) if state is None else (function, arguments, state)

    def __reduce__(self) -> Any:
        return self.reduced


def named(module: str, name: str) -> bytes:
    return (
        pickle.SHORT_BINUNICODE
        + bytes([len(module)])
        + module.encode()
        + (pickle.SHORT_BINUNICODE + bytes([len(name)]) + name.encode() + pickle.STACK_GLOBAL)
    )


HEAD = pickle.PROTO + b"\x04"
ENGINE = ("ccxt_ext.sandbox.engine.serial", "Serial")
HOSTILE = {
    "os.system": pickle.dumps(Calls(os.system, "touch /tmp/never"), 4),
    "a function of ours": pickle.dumps(Calls(touch, 1), 4),
    "eval": pickle.dumps(Calls(eval, "1+1"), 4),
    "getattr": pickle.dumps(Calls(getattr, Serial(), "take"), 4),
    "a class that is allowed, called": pickle.dumps(Calls(Serial, 5), 4),
    "another class that is allowed, called": pickle.dumps(Calls(Decimal, "1"), 4),
    "a class of the server": pickle.dumps(Calls(Sandbox), 4),
    "a state for os": pickle.dumps(Calls(collections.OrderedDict, state={"__class__": dict}), 4),
    "protocol 0": pickle.dumps(Calls(os.system, "true"), 0),
    "protocol 2, with REDUCE": pickle.dumps(Calls(os.system, "true"), 2),
    "an old instance": b"(S'touch /tmp/never'\nios\nsystem\n.",
    "OBJ": b"(cos\nsystem\nS'true'\no.",
    "a name with dots": HEAD + named("ccxt_ext.sandbox.frontends", "sys.modules") + b".",
    "a module of a module": HEAD + named("ccxt_ext.sandbox.seen", "deque.__init__") + b".",
    "what a module has imported": HEAD + named("ccxt_ext.sandbox.prices", "os") + b".",
    "a class that a module has imported": HEAD + named("ccxt_ext.sandbox.saved", "Path") + b".",
    "a function of a module": HEAD + named("ccxt_ext.sandbox.prices", "read_prices") + b".",
    "a module that is not allowed": HEAD + named("ccxt_ext.sandbox.server", "Server") + b".",
    "a test": HEAD + named("tests.sandbox.test_saved", "Calls") + b".",
    "builtins": HEAD + named("builtins", "object") + b".",
    "types": HEAD + named("types", "FunctionType") + b".",
    "a made builtin": HEAD + named("builtins", "eval") + pickle.EMPTY_TUPLE + pickle.NEWOBJ + b".",
    "an extension": HEAD + pickle.EXT1 + b"\x01.",
    "a persistent name": HEAD + pickle.PERSID + b"method\n.",
    "a slot that calls": HEAD
    + named(*ENGINE)
    + pickle.EMPTY_TUPLE
    + pickle.NEWOBJ
    + pickle.NONE
    + pickle.EMPTY_DICT
    + pickle.SHORT_BINUNICODE
    + b"\x04take"
    + pickle.NONE
    + pickle.SETITEM
    + pickle.TUPLE2
    + pickle.BUILD
    + b".",
    "a method instead of one": HEAD
    + named("ccxt_ext.sandbox.engine.clock", "Clock")
    + pickle.EMPTY_TUPLE
    + pickle.NEWOBJ
    + pickle.EMPTY_DICT
    + pickle.SHORT_BINUNICODE
    + b"\x03now"
    + pickle.NONE
    + pickle.SETITEM
    + pickle.BUILD
    + b".",
    "a state of a list": HEAD + pickle.EMPTY_LIST + pickle.EMPTY_DICT + pickle.BUILD + b".",
    "a state of a class": HEAD + named(*ENGINE) + pickle.EMPTY_DICT + pickle.BUILD + b".",
    "an endless loop of memory": HEAD + pickle.BINBYTES8 + (2**62).to_bytes(8, "little") + b"x.",
    "a list that is none": HEAD
    + named(*ENGINE)
    + pickle.EMPTY_TUPLE
    + pickle.NEWOBJ
    + pickle.NONE
    + pickle.APPEND
    + b".",
    "nothing": b"",
    "no end": HEAD + pickle.NONE,
}


def method_named(kind: Any, name: str) -> bytes:
    """A pickle with a bound method of something that is allowed."""

    class Names(pickle.Pickler):
        def persistent_id(self, obj: Any) -> Any:
            return ("method", kind, name) if obj is Ellipsis else None

    buffer = io.BytesIO()
    Names(buffer, 4).dump(Ellipsis)
    return buffer.getvalue()


HOSTILE |= {
    "a method with underscores": method_named(Serial(), "__reduce__"),
    "a method of a class": method_named({}, "__class__"),
    "a method that containers have": method_named([], "sort"),
    "a method of text": method_named("x", "format"),
    "no method": method_named(Serial(), "next"),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_pickle_calls_nothing(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    called: list[object] = []
    for module, name in ((os, "system"), (Serial, "__init__"), (Serial, "take"), (Engine, "__init__")):
        monkeypatch.setattr(module, name, lambda *arguments: called.append(arguments))
    TOUCHED.clear()
    with pytest.raises(NotPickled):
        loads(data)
    assert called == TOUCHED == []


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_one_line(tmp_path: Path, data: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    body = zlib.compress(data)
    file = tmp_path / "state"
    head = GOOD[: GOOD.index(b"\n", len(MAGIC)) + 1]
    file.write_bytes(changed(head + body, sha256=saved.hashlib.sha256(body).hexdigest()))
    assert run_sandbox(load=file) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        {"settings": {}, "state": {}},
        {"settings": {"venues": (VENUE,)}, "state": {}},
        {"settings": {**Settings(venues=(VENUE,)).of_first_state}, "state": {"seed": 1}},
        {"settings": {**Settings(venues=(VENUE,)).of_first_state, "seed": []}, "state": {}},
        {"settings": {**Settings(venues=(VENUE,)).of_first_state, "options": 5}, "state": {}},
        {
            "settings": {**Settings(venues=(VENUE,)).of_first_state},
            "state": {**Box(VENUE).world.state(), "clock": Serial()},
        },
        {
            "settings": {**Settings(venues=(VENUE,)).of_first_state},
            "state": {**Box(VENUE).world.state(), "frontends": {VENUE: Clock()}},
        },
    ],
)
def test_a_file_with_something_else_is_one_line(
    tmp_path: Path, content: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    body = zlib.compress(dumps(content))
    head = GOOD[: GOOD.index(b"\n", len(MAGIC)) + 1]
    file = tmp_path / "state"
    file.write_bytes(changed(head + body, sha256=saved.hashlib.sha256(body).hexdigest()))
    assert run_sandbox(load=file) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@given(st.data())
def test_whatever_is_changed_in_a_pickle_calls_nothing_and_raises_nothing_else(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(SMALL) - 1))
    spoiled = bytearray(SMALL)
    spoiled[place] = data.draw(st.integers(0, 255))
    with suppress(NotPickled):
        loads(bytes(spoiled))


class Kept:
    """Everything that the state has of the standard library."""


SMALL = dumps(
    {
        "deque": collections.deque([1, 2], 5),
        "numbers": [Decimal("1.50"), -(10**30), 1.5, None, True, {1, 2}, frozenset("a"), (1, 2, 3, 4)],
        "serial": Serial(4),
        "method": Serial(4).take,
        "pattern": re.compile("a.*b", re.IGNORECASE),
    }
)


def test_what_is_read_is_what_was_written() -> None:
    serial = Serial(4)
    shared = [Decimal("1.50")]
    state = loads(
        dumps({"one": serial, "take": serial.take, "shared": (shared, shared), "add": shared.append})
    )
    assert state["take"]() == 4 and state["one"].next == 5
    assert isinstance(state["take"], MethodType)
    assert state["shared"][0] is state["shared"][1]
    state["add"](1)
    assert state["shared"][0] == [Decimal("1.50"), 1]
    small = loads(SMALL)
    assert small["deque"].maxlen == 5 and small["pattern"].fullmatch("AxB")


@pytest.mark.parametrize("what", [lambda: None, touch, open, Kept(), io.BytesIO(), sys])
def test_what_cannot_be_read_is_not_written(what: Any) -> None:
    with pytest.raises((SandboxError, ValueError)):
        unpack(pack(Settings(venues=(VENUE,)).of_first_state, {"what": what}))


# from one process to the next


def test_a_sandbox_goes_on_where_another_one_has_ended(tmp_path: Path) -> None:
    file = tmp_path / "state"
    with Sandbox(venues=["bitmart2", "btex"], seed=5, accounts={"maker": {"USDT": 1000}}, save=file) as one:
        trader = ccxt.btex(one.config("btex", "maker"))
        order = trader.create_order("BTC/USDT:USDT", "limit", "buy", 1, 100)
        balance = trader.fetch_balance()["USDT"]
        assert not file.exists()
    with Sandbox(load=file, save=file) as other:
        assert list(other.describe()["venues"]) == ["bitmart2", "btex"]
        trader = ccxt.btex(other.config("btex", "maker"))
        assert [each["id"] for each in trader.fetch_open_orders("BTC/USDT:USDT")] == [order["id"]]
        assert trader.fetch_balance()["USDT"] == balance
        other.snapshot("here")
        trader.cancel_order(order["id"], "BTC/USDT:USDT")
        other.save(tmp_path / "with", "here")
        other.save(tmp_path / "without")
        with pytest.raises(SandboxError, match="unknown snapshot"):
            other.save(tmp_path / "nothing", "nowhere")
    for name, count in (("with", 1), ("without", 0), ("state", 0)):
        with Sandbox(load=tmp_path / name) as third:
            trader = ccxt.btex(third.config("btex", "maker"))
            assert len(trader.fetch_open_orders("BTC/USDT:USDT")) == count
    assert sorted(each.name for each in tmp_path.iterdir()) == ["state", "with", "without"]


def test_nothing_is_written_if_it_did_not_start(tmp_path: Path) -> None:
    with Sandbox(venues=[VENUE]) as running:
        port = int(running.control_url.rpartition(":")[2])
        with pytest.raises(SandboxError), Sandbox(venues=[VENUE], port=port, save=tmp_path / "state"):
            raise AssertionError("it started")
    assert list(tmp_path.iterdir()) == []


def test_the_command_saves_and_loads_in_another_process(tmp_path: Path) -> None:
    file = tmp_path / "state"
    command = [
        sys.executable,
        "-m",
        "ccxt_ext",
        "sandbox",
        "--json",
        "--venue",
        VENUE,
        "--account",
        "maker:USDT=7",
    ]
    for arguments in (["--save", str(file)], ["--load", str(file)]):
        with subprocess.Popen(
            [*command[:5], *(command[5:] if "--save" in arguments else []), *arguments],
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())
            trader = ccxt.bitexasia(told["venues"][VENUE]["maker"])
            if "--save" in arguments:
                trader.create_order("SOL/USDT", "limit", "buy", 0.02, 100)
            assert trader.fetch_balance()["USDT"]["used"] == 2
            process.terminate()
            assert process.wait(60) == 0


def test_a_module_is_imported_for_its_class_only_if_it_is_ours() -> None:
    assert pickled.MODULES and all(name.startswith("ccxt_ext.sandbox.") for name in pickled.MODULES)
    with pytest.raises(NotPickled, match=r"it names this\.that, which is not allowed"):
        loads(HEAD + named("this", "that") + b".")
    assert "this" not in sys.modules
