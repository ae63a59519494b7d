"""Scenarios: how they are written, and when their steps are made."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ccxt_ext.sandbox import Sandbox
from ccxt_ext.sandbox.scenarios.named import FOLDER, names, read_scenario
from ccxt_ext.sandbox.scenarios.scenario import BadScenario, parse_scenario
from tests.sandbox.control_box import NOON, Box

MINUTE = 60_000


def step(at: Any, call: str = "POST /deposit", **body: Any) -> dict[str, Any]:
    return {"at": at, "call": call, "body": body}


def money(at: Any, amount: str = "1") -> dict[str, Any]:
    return step(at, venue="bitmart2", account="config", currency="BTC", amount=amount)


@pytest.mark.parametrize(
    ("at", "ms"),
    [
        (0, 0),
        (1500, 1500),
        ("250ms", 250),
        ("90s", 90_000),
        ("5m", 300_000),
        ("1h 30m", 5_400_000),
        ("2d", 172_800_000),
    ],
)
def test_times(at: Any, ms: int) -> None:
    assert [each.at_ms for each in parse_scenario({"steps": [money(at)]}).steps] == [ms]


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ({}, "'steps' has to be a list"),
        ({"steps": []}, "'steps' has to be a list"),
        ({"steps": {}}, "'steps' has to be a list"),
        ({"steps": [money("5m")], "stepz": 1}, "unknown field 'stepz'"),
        ({"steps": [money("5m")], "bot": 1}, "'about' and 'bot' are texts"),
        ({"steps": [1]}, "step 1: a step has 'at' and 'call'"),
        ({"steps": [money("5m"), {"at": 1}]}, "step 2: a step has 'at' and 'call'"),
        ({"steps": [{**money("5m"), "venue": "btex"}]}, "a step has 'at' and 'call'"),
        ({"steps": [{**money("5m"), "body": 1}]}, "'body' has to be a table"),
        *(
            ({"steps": [money(at)]}, "step 1: 'at' is a time")
            for at in ("5", "5 minutes", "", "-5m", 1.5, True, None)
        ),
        ({"steps": [money(-1)]}, "within a year"),
        ({"steps": [money("367d")]}, "within a year"),
        ({"steps": [step(1, "POST /reset")]}, "'call' must be one of POST /price"),
        ({"steps": [step(1, "GET /ledger")]}, "'call' must be one of POST /price"),
        ({"steps": [step(1, ["POST /price"])]}, "'call' must be one of POST /price"),
        ({"steps": [step(1, "POST /clock", advance_ms=1)]}, "leaves the time to its user"),
        ({"steps": [step(1, "POST /clock", freeze=True)]}, "leaves the time to its user"),
    ],
)
def test_what_makes_no_sense_is_refused(table: dict[str, Any], why: str) -> None:
    with pytest.raises(BadScenario, match=re.escape(why)):
        parse_scenario(table)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"venue": "kraken"}, "unknown venue 'kraken'"),
        ({"currency": "DOUBLOONS"}, "unknown currency 'DOUBLOONS'"),
        ({"amount": "-1"}, "must be a positive decimal"),
        ({"amont": "1"}, "unknown field 'amont'"),
    ],
)
def test_a_call_that_would_be_refused_is_told_before_anything_is_played(
    body: dict[str, Any], why: str
) -> None:
    box = Box("bitmart2")
    box.ok("POST", "/deposit", {"venue": "bitmart2", "account": "config", "currency": "BTC", "amount": "7"})
    before = box.ok("GET", "/ledger")
    wrong = money("5m")
    wrong["body"].update(body)
    status, answer = box.call("POST", "/scenario", {"scenario": {"steps": [money(0), wrong]}})
    assert status == 400
    assert "scenario: POST /deposit at 300000 ms: " in answer["error"]
    assert why in answer["error"]
    assert box.ok("GET", "/ledger") == before
    assert box.ok("GET", "/scenario")["scenario"] is None


def has(box: Box) -> Decimal:
    entry: Any = box.ok("GET", "/ledger?venue=bitmart2")
    return Decimal(entry["bitmart2"]["BTC"]["total"])


def test_each_step_is_made_at_its_time_from_a_reset_on() -> None:
    box = Box("bitmart2", clock="frozen")
    untouched = has(box)
    box.ok("POST", "/deposit", {"venue": "bitmart2", "account": "config", "currency": "BTC", "amount": "7"})
    told = box.ok(
        "POST", "/scenario", {"scenario": {"about": "rain", "steps": [money("2m", "10"), money("1m")]}}
    )
    assert (told["about"], told["steps"], told["done"], told["next"]) == ("rain", 2, 0, NOON + MINUTE)
    assert has(box) == untouched
    box.ok("POST", "/clock", {"advance_ms": MINUTE - 1})
    assert has(box) == untouched
    box.ok("POST", "/clock", {"advance_ms": 1})
    assert has(box) == untouched + 1
    box.ok("POST", "/clock", {"advance_ms": 10 * MINUTE})
    assert has(box) == untouched + 11
    told = box.ok("GET", "/scenario")
    assert (told["done"], told["next"], told["failures"]) == (2, None, [])
    box.ok("POST", "/reset")
    assert box.ok("GET", "/scenario") == {"names": names(), "scenario": None}


def test_a_step_at_the_very_start_is_made_before_anybody_sees_it() -> None:
    box = Box("bitmart2", clock="frozen")
    untouched = has(box)
    box.ok("POST", "/scenario", {"scenario": {"steps": [money(0)]}})
    assert has(box) == untouched + 1


def test_its_steps_bear_their_own_times() -> None:
    box = Box("bitmart2", clock="frozen")
    box.ok("POST", "/scenario", {"scenario": {"steps": [money("1m"), money("7m")]}})
    box.ok("POST", "/clock", {"advance_ms": 60 * MINUTE})
    deposits = box.world.frontends["bitmart2"].engine.deposits
    assert [each.timestamp - NOON for each in deposits[-2:]] == [MINUTE, 7 * MINUTE]


def test_the_clock_that_runs_takes_it_along() -> None:
    box = Box("bitmart2")
    untouched = has(box)
    box.ok("POST", "/scenario", {"scenario": {"steps": [money("1m"), money("1h")]}})
    box.world.clock.advance(2 * MINUTE)  # as if they had passed
    box.world.move_markets()
    assert has(box) == untouched + 1


def test_the_rest_can_be_left_out() -> None:
    box = Box("bitmart2", clock="frozen")
    untouched = has(box)
    box.ok("POST", "/scenario", {"scenario": {"steps": [money("1m"), money("2m")]}})
    box.ok("POST", "/clock", {"advance_ms": MINUTE})
    box.ok("DELETE", "/scenario")
    box.ok("POST", "/clock", {"advance_ms": 10 * MINUTE})
    assert has(box) == untouched + 1


def test_it_goes_on_after_a_step_that_was_refused_and_says_so() -> None:
    box = Box("bitmart2", clock="frozen")
    listed = step("2m", "POST /markets", venue="bitmart2", like="BTC_USDT", market="SOL_USDT")
    untouched = has(box)
    box.ok("POST", "/scenario", {"scenario": {"steps": [listed, money("3m")]}})
    box.ok("POST", "/markets", listed["body"])
    box.ok("POST", "/clock", {"advance_ms": 10 * MINUTE})
    assert has(box) == untouched + 1
    (failure,) = box.ok("GET", "/scenario")["failures"]
    assert failure.startswith("POST /markets at 120000 ms: 'market' must be the name of one")


def test_a_snapshot_holds_how_far_it_has_come() -> None:
    box = Box("bitmart2", clock="frozen")
    untouched = has(box)
    box.ok("POST", "/scenario", {"scenario": {"steps": [money("1m"), money("2m")]}})
    box.ok("POST", "/clock", {"advance_ms": MINUTE})
    name = box.ok("POST", "/snapshot")["snapshot"]
    for _ in range(2):
        box.ok("POST", "/clock", {"advance_ms": 5 * MINUTE})
        assert has(box) == untouched + 2
        box.ok("POST", "/restore", {"snapshot": name})
        assert has(box) == untouched + 1


CHOSEN = {
    "all": lambda spec: True,
    "all spot": lambda spec: spec.kind == "spot",
    "all swap": lambda spec: spec.kind != "spot" and spec.expiry_ms is None,
    "all future": lambda spec: spec.expiry_ms is not None,
}


def test_a_file_holds_how_far_it_has_come(tmp_path: Path) -> None:
    file = tmp_path / "state"
    table = {"steps": [step(at, "POST /clock", venue="btex", skew_ms=at) for at in (60_000, 120_000)]}
    with Sandbox(venues="btex", clock="frozen", scenario=table) as sandbox:
        sandbox.advance(minutes=1)
        sandbox.save(file)
    with Sandbox(load=file) as sandbox:
        assert sandbox.control("GET", "/clock")["skew_ms"] == {"btex": 60_000}
        sandbox.advance(minutes=1)
        assert sandbox.control("GET", "/clock")["skew_ms"] == {"btex": 120_000}
        told = sandbox.control("GET", "/scenario")
        assert (told["done"], told["next"], told["failures"]) == (2, None, [])


def test_all_stands_for_each() -> None:
    engines = {venue: frontend.engine for venue, frontend in Box().world.frontends.items()}
    open_ones = [
        (venue, market.spec)
        for venue, engine in engines.items()
        for market in engine.markets.values()
        if market.active
    ]

    def named(market: str) -> list[tuple[str, str]]:
        table = {"steps": [step(0, "POST /price", venue="all", market=market, change="0.1")]}
        (each,) = parse_scenario(table).steps
        return [(call.body["venue"], call.body["market"]) for call in each.calls(engines)]

    for name, fits in CHOSEN.items():
        expected = [(venue, spec.id) for venue, spec in open_ones if fits(spec)]
        assert named(name) == expected
        assert expected
    last = {venue: spec.id for venue, spec in open_ones}
    assert named("last") == list(last.items())
    first = {venue: spec.id for venue, spec in reversed(open_ones)}
    assert sorted(named("first")) == sorted(first.items())


def test_files(tmp_path: Path) -> None:
    toml = tmp_path / "rain.toml"
    toml.write_text(
        'about = "rain"\n[[steps]]\nat = "1m"\ncall = "POST /deposit"\n'
        'body = { venue = "bitmart2", account = "config", currency = "BTC", amount = 1.5 }\n'
    )
    scenario = read_scenario(toml)
    assert (scenario.name, scenario.about, scenario.length_ms) == ("rain", "rain", MINUTE)
    assert scenario.steps[0].call.body["amount"] == "1.5"  # exact, as it stands there
    written = tmp_path / "rain.json"
    written.write_text(json.dumps({"steps": [money("1m")]}))
    assert read_scenario(str(written)).steps == parse_scenario({"steps": [money("1m")]}).steps
    for text, why in (("steps = [", "it is no TOML"), ("steps = []", "'steps' has to be a list")):
        toml.write_text(text)
        with pytest.raises(BadScenario, match=why):
            read_scenario(toml)
    with pytest.raises(BadScenario, match="No such file"):
        read_scenario(tmp_path / "none.toml")
    with pytest.raises(BadScenario, match="there is no scenario 'flash-crush'; there are clock-drift, "):
        read_scenario("flash-crush")


def test_those_with_a_name_tell_what_happens_and_what_a_bot_does() -> None:
    assert names() == sorted(path.stem for path in FOLDER.iterdir())
    for name in names():
        scenario = read_scenario(name)
        assert scenario.about
        assert scenario.bot
        assert scenario.name == name


def test_one_to_start_with_begins_anew_with_each_reset(tmp_path: Path) -> None:
    file = tmp_path / "rain.toml"
    file.write_text('[[steps]]\nat = 0\ncall = "POST /clock"\nbody = { venue = "all", skew_ms = 5000 }\n')
    with Sandbox(venues="btex", clock="frozen", scenario=file) as sandbox:
        assert sandbox.control("GET", "/clock")["skew_ms"] == {"btex": 5000}
        sandbox.control("POST", "/clock", {"venue": "btex", "skew_ms": 0})
        sandbox.control("POST", "/reset")
        assert sandbox.control("GET", "/clock")["skew_ms"] == {"btex": 5000}
        told = sandbox.scenario({"steps": [step("1m", "POST /clock", venue="btex", skew_ms=1)]}, seed=3)
        assert (told["scenario"], told["done"]) == ("scenario", 0)
        assert sandbox.scenario(file)["done"] == 1
    file.write_text(
        '[[steps]]\nat = 0\ncall = "POST /clock"\nbody = { venue = "bitmart2", skew_ms = 5000 }\n'
    )
    with pytest.raises(BadScenario, match="unknown venue 'bitmart2'"), Sandbox(venues="btex", scenario=file):
        raise AssertionError("it went on")
