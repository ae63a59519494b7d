"""Snapshots: everything comes back, and goes on as it would have."""

from __future__ import annotations

from typing import Any

import ccxt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccxt_ext.sandbox import Sandbox, SandboxError
from tests.ids import IDS
from tests.sandbox.control_box import Box
from tests.sandbox.test_state import truth, use

VENUE = "bitexasia"


def told(box: Box) -> list[str]:
    return [each["snapshot"] for each in box.ok("GET", "/snapshots")["snapshots"]]


@pytest.mark.parametrize("venue", IDS)
def test_everything_comes_back(venue: str) -> None:
    box = Box(venue)
    box.ok("POST", "/accounts", {"venue": venue, "account": "maker"})
    use(box, venue)
    before, clock = truth(box), box.ok("GET", "/clock")
    taken = box.ok("POST", "/snapshot", {"name": "here"})
    assert taken["snapshot"] == "here" and taken["time"] >= clock["now"] and taken["bytes"] > 0
    box.ok("DELETE", "/faults")
    box.ok("POST", "/deposit", {"venue": venue, "account": "maker", "currency": "BTC", "amount": "1"})
    use(box, venue)
    assert truth(box) != before
    box.ok("POST", "/reset", {"seed": 5})
    back = box.ok("POST", "/restore", {"snapshot": "here"})
    assert back == taken
    assert truth(box) == before
    assert taken["time"] <= box.ok("GET", "/clock")["now"] < taken["time"] + 600_000
    assert box.ok("GET", "/")["seed"] == 1


@settings(max_examples=8)
@given(st.lists(st.sampled_from(("trade", "cancel", "advance", "deposit", "reset")), max_size=4))
def test_after_a_restore_the_same_calls_give_the_same(calls: list[str]) -> None:
    box = STEADY
    box.ok("POST", "/reset", {"seed": 1})
    box.ok("POST", "/snapshot", {"name": "again"})
    try:
        first = [done(box, call) for call in calls]
        box.ok("POST", "/restore", {"snapshot": "again"})
        assert [done(box, call) for call in calls] == first
    finally:
        box.ok("DELETE", "/snapshots", {"snapshot": "again"})


STEADY = Box(VENUE, clock="frozen")


def done(box: Box, call: str) -> Any:
    """What there is after a call, the trades of the synthetic traders included."""
    engine = box.world.frontends[VENUE].engine
    market = engine.markets["BTC-USD"]
    if call == "trade":
        engine.place("config", "BTC-USD", "buy", market.book(1)[1][0].price, market.spec.step * 10**6)
    elif call == "cancel":
        engine.place("config", "BTC-USD", "buy", market.spec.tick, market.spec.step * 10**7)
        box.ok("POST", "/cancel", {"venue": VENUE, "account": "config"})
    elif call == "advance":
        box.ok("POST", "/clock", {"advance_ms": 120_000, "trade": True})
    elif call == "deposit":
        fields = {"venue": VENUE, "account": "config", "currency": "BTC", "amount": "1"}
        box.ok("POST", "/deposit", fields)
    else:
        box.ok("POST", "/reset", {"seed": 3})
    engine = box.world.frontends[VENUE].engine
    return truth(box), engine.markets["BTC-USD"].trades(20), box.ok("GET", "/clock")["now"]


def test_several_are_kept_and_taken_away() -> None:
    box = Box(VENUE)
    box.ok("POST", "/snapshot")
    box.ok("POST", "/snapshot", {"name": "snapshot-2"})
    assert box.ok("POST", "/snapshot")["snapshot"] == "snapshot-3"
    assert told(box) == ["snapshot-1", "snapshot-2", "snapshot-3"]
    box.ok("POST", "/reset")
    box.ok("POST", "/restore", {"snapshot": "snapshot-1"})
    assert told(box) == ["snapshot-1", "snapshot-2", "snapshot-3"]
    box.ok("DELETE", "/snapshots", {"snapshot": "snapshot-2"})
    assert told(box) == ["snapshot-1", "snapshot-3"]
    assert box.call("POST", "/restore", {"snapshot": "snapshot-2"})[0] == 400


def test_there_is_an_end_to_them(monkeypatch: pytest.MonkeyPatch) -> None:
    box = Box(VENUE)
    monkeypatch.setattr("ccxt_ext.sandbox.snapshots.MOST", 2)
    names = [box.ok("POST", "/snapshot")["snapshot"] for _ in range(2)]
    status, answer = box.call("POST", "/snapshot")
    assert status == 400 and "there are 2 snapshots already" in answer["error"]
    assert told(box) == names
    monkeypatch.setattr("ccxt_ext.sandbox.snapshots.MOST", 3)
    monkeypatch.setattr("ccxt_ext.sandbox.snapshots.MOST_BYTES", 1_000_000)
    use(box, VENUE)
    for _ in range(3):
        status, answer = box.call("POST", "/snapshot")
    assert status == 400 and ("than 1 MB" in answer["error"] or "3 snapshots" in answer["error"])


@pytest.mark.parametrize(
    ("method", "path", "fields", "says"),
    [
        ("POST", "/snapshot", {"name": "two words"}, "named like"),
        ("POST", "/snapshot", {"name": ""}, "named like"),
        ("POST", "/snapshot", {"name": 1}, "'name' must be text"),
        ("POST", "/snapshot", {"name": "here"}, "there is a snapshot 'here' already"),
        ("POST", "/snapshot", {"snapshot": "here"}, "unknown field"),
        ("POST", "/restore", {}, "'snapshot' must be the name of one"),
        ("POST", "/restore", {"snapshot": "nowhere"}, "unknown snapshot 'nowhere'; there are here"),
        ("DELETE", "/snapshots", {"snapshot": "nowhere"}, "unknown snapshot"),
    ],
)
def test_what_makes_no_sense_is_refused(method: str, path: str, fields: Any, says: str) -> None:
    status, answer = ONE.call(method, path, fields)
    assert status == 400 and says in answer["error"]
    assert told(ONE) == ["here"]


ONE = Box(VENUE)
ONE.ok("POST", "/snapshot", {"name": "here"})


def test_a_state_that_cannot_be_saved_says_so() -> None:
    box = Box(VENUE)
    box.world.frontends[VENUE].notes = lambda: None  # type: ignore[attr-defined]
    status, answer = box.call("POST", "/snapshot")
    assert status == 400 and answer["error"].startswith("the state cannot be saved: ")
    assert told(box) == []


def test_a_client_goes_on_after_a_restore() -> None:
    with Sandbox(venues=["bitmart2", "btex"], accounts={"maker": {"USDT": 1000}}) as sandbox:
        maker = ccxt.btex(sandbox.config("btex", "maker"))
        order = maker.create_order("BTC/USDT:USDT", "limit", "buy", 1, 100)
        name = sandbox.snapshot()
        maker.cancel_order(order["id"], "BTC/USDT:USDT")
        assert maker.fetch_open_orders("BTC/USDT:USDT") == []
        sandbox.restore(name)
        assert [each["id"] for each in maker.fetch_open_orders("BTC/USDT:USDT")] == [order["id"]]
        with pytest.raises(SandboxError, match="unknown snapshot"):
            sandbox.restore("nowhere")
