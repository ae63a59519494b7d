"""Plug-ins on the command line: one with everything, a plain one, broken ones, and those that clash."""

import json
import re
import sys
import time

import ccxt
import pytest

from ccxt_ext.cli import facts, main
from ccxt_ext.cli.findings import plugin_findings
from tests.cli.cli_helpers import run
from tests.packaging.freqtrade_on_disk import put_classes
from tests.packaging.plugins_on_disk import put
from tests.plug_ins import put_acme, put_broken, put_plain


@pytest.fixture
def said(capsys):
    """Runs a command in this process: exit code, lines of stdout, lines of stderr."""

    def said(*arguments):
        code = main(list(arguments))
        told = capsys.readouterr()
        return code, told.out.splitlines(), told.err.splitlines()

    return said


def put_one(folder, distribution, id, source="import nowhere_to_be_found", kinds=("sync",)):
    module = distribution.replace("-", "_") + "_venue"
    points = {kind: {id: f"{module}:{id}"} for kind in kinds}
    put(folder, distribution, points, {f"{module}.py": source})


# -- exchanges --------------------------------------------------------------------------------------


def test_all_are_listed_beside_ours_with_who_brings_them(plug_ins, said):
    put_acme(plug_ins)
    put_plain(plug_ins)
    put_broken(plug_ins)
    code, lines, errors = said("exchanges", "bitmart2", "acme", "plain", "broken")
    assert (code, errors) == (0, [])
    rows = {line.split()[0]: " ".join(line.split()[1:]) for line in lines[:5]}
    assert rows["acme"] == "Acme ccxt-acme 1.0 spot apiKey, secret, uid yes 90 trades"
    assert rows["plain"] == "Plain ccxt-plain 2.1 spot apiKey, secret - 30 -"
    assert rows["broken"] == "broken ccxt-broken 0.1 - - - - -"
    assert rows["bitmart2"].startswith("BitMart v2 ccxt-ext ")
    able = {line.split()[0]: line.split()[1:] for line in lines[6:] if line}
    assert able["capability"] == ["bitmart2", "acme", "plain", "broken"]
    # A plain class has what its ccxt believes of every exchange, which has changed over the releases.
    by_ccxt = "True" if ccxt.Exchange().has["createOrder"] else "-"
    assert able["createOrder"] == ["True", "True", by_ccxt, "-"]
    assert able["fetchStatus"] == ["emulated", "emulated", "True", "-"]
    assert lines[-1] == (
        "broken of ccxt-broken 0.1 is broken (sync, pro): "
        "ModuleNotFoundError: No module named 'nowhere_to_be_found'"
    )


def test_all_are_listed_for_scripts(plug_ins, said):
    put_acme(plug_ins)
    put_broken(plug_ins)
    code, lines, errors = said("exchanges", "--json")
    told = json.loads("\n".join(lines))
    assert (code, errors, list(told)[-2:]) == (0, [], ["acme", "broken"])
    names = ("distribution", "version", "brings", "contract", "clash", "broken")
    assert [told["acme"][name] for name in names] == [
        "ccxt-acme",
        "1.0",
        ["sync", "async_support", "pro", "sandbox"],
        1,
        False,
        {},
    ]
    assert set(told["broken"]["broken"]) == {"sync", "pro"} and told["broken"]["has"] == {}
    assert told["bitmart2"]["distribution"] == "ccxt-ext"


def test_what_a_terminal_shows_tells_of_broken_ones(plug_ins, monkeypatch, capsys):
    put_broken(plug_ins)
    monkeypatch.setenv("FORCE_COLOR", "1")
    found = facts.facts_of(["broken"])
    monkeypatch.setattr("ccxt_ext.cli.exchanges.facts_of", lambda ids: found)
    for columns in ("300", "40"):
        monkeypatch.setenv("COLUMNS", columns)
        assert main(["exchanges", "broken"]) == 0
        assert "broken of ccxt-broken 0.1 is broken" in capsys.readouterr().out.replace("\n", " ")


# -- those that do worse than to raise --------------------------------------------------------------


def test_a_plug_in_that_ends_the_process_costs_itself_alone(plug_ins):
    put_one(plug_ins, "ccxt-a-quitter", "a_quitter", "import os; os._exit(3)")
    put_one(plug_ins, "ccxt-dead", "dead", "import os; os.kill(os.getpid(), 9)")
    put_plain(plug_ins)
    ends = "a process that imports it"
    assert list(plugin_findings()) == [
        ("wrong", f"a_quitter of ccxt-a-quitter 1.0 is broken (sync): {ends} ended with exit code 3"),
        ("wrong", f"dead of ccxt-dead 1.0 is broken (sync): {ends} was ended by signal 9"),
        ("ok", "plain of ccxt-plain 2.1: sync, async_support; says no contract"),
    ]


def test_a_plug_in_that_never_ends_costs_itself_alone(plug_ins, said, monkeypatch, tmp_path):
    monkeypatch.setattr(facts, "PATIENCE_S", 1)
    put_one(plug_ins, "ccxt-sleeper", "sleeper", "import time; time.sleep(600)")
    start = time.monotonic()
    code, lines, errors = said("exchanges", "sleeper")
    assert (code, errors) == (0, [])
    assert lines[-1].endswith("(sync): a process that imports it had not ended after 1 s")
    assert time.monotonic() - start < 60


def test_a_thread_of_a_plug_in_does_not_delay_anything(plug_ins):
    put_one(
        plug_ins,
        "ccxt-threaded",
        "threaded",
        "import threading, time, ccxt\n"
        "threading.Thread(target=time.sleep, args=[600]).start()\n"
        "class threaded(ccxt.Exchange):\n"
        "    def describe(self): return {**super().describe(), 'id': 'threaded'}\n",
    )
    assert facts.facts_of(["threaded"])["threaded"]["broken"] == {}


def test_one_whose_description_makes_no_sense_is_broken(plug_ins):
    source = (
        "import ccxt\n"
        "class odd(ccxt.Exchange):\n"
        "    def describe(self): return {**super().describe(), 'id': 'odd', 'timeframes': 7}\n"
    )
    put_one(plug_ins, "ccxt-odd", "odd", source)
    assert facts.facts_of(["odd"])["odd"]["broken"] == {"sync": "TypeError: 'int' object is not iterable"}


# -- doctor -----------------------------------------------------------------------------------------


def test_the_doctor_lists_plug_ins_and_what_is_wrong(plug_ins, said, monkeypatch):
    monkeypatch.setenv("CCXT_EXT_PLUGINS", "CCXT_acme ccxt.plain, ccxt-broken ccxt-grabber ccxt-old ccxt-no")
    put_acme(plug_ins)
    put_plain(plug_ins)
    put_broken(plug_ins)
    put_one(plug_ins, "ccxt-out", "out")
    put(
        plug_ins,
        "ccxt-grabber",
        {"sync": {"btex": "plain_venue:plain", "binance": "grabber_venue:binance"}},
        {"grabber_venue.py": "import ccxt\nclass binance(ccxt.binance): pass"},
    )
    old = "from ccxt_ext.venues.bitmart2.rest_sync import bitmart2\nclass old(bitmart2, contract=7): pass"
    put_one(plug_ins, "ccxt-old", "old", old)
    code, lines, _ = said("doctor")
    assert code == 1
    found = [tuple(line.split(None, 1)) for line in lines]
    others = re.compile(r"ccxt-(?!ext\b|\d)")
    found = [(state, text) for state, text in found if others.search(text)]
    assert found[:2] == [
        ("ok", "acme of ccxt-acme 1.0: sync, async_support, pro, sandbox; contract 1"),
        ("ok", "binance of ccxt-grabber 1.0: sync; says no contract"),
    ]
    wrong = [text for state, text in found if state == "wrong"]
    parts = [
        ("binance of its own", "ccxt_ext.binance"),
        ("broken of ccxt-broken 0.1 is broken (sync, pro)", "nowhere_to_be_found"),
        ("old of ccxt-old 1.0 is broken (sync): ImportError", "version 7", "version 1"),
        ("ccxt-grabber 1.0 brings btex", "stays so"),
        ("CCXT_EXT_PLUGINS names ccxt-no", "no installed distribution"),
    ]
    assert len(wrong) == len(parts)
    for text, expected in zip(wrong, parts, strict=True):
        assert all(part in text for part in expected), text
    [note] = [text for state, text in found if state == "note"]
    assert note.startswith("out of ccxt-out 1.0 is kept out by CCXT_EXT_PLUGINS=CCXT_acme ")


def test_two_of_one_id_are_wrong_until_one_is_chosen(plug_ins, said, monkeypatch):
    put_acme(plug_ins)
    put_one(plug_ins, "ccxt-other", "acme")
    both = "ccxt-acme 1.0 and ccxt-other 1.0 both bring acme"
    wrong = f"{both}, so nobody has it: choose one by CCXT_EXT_PLUGINS"
    assert list(plugin_findings()) == [("wrong", wrong)]
    for command in (["call", "acme", "fetch_time"], ["exchanges", "acme"], ["demo", "--venue", "acme"]):
        told = f"ccxt-ext {command[0]}: {both}: choose one by CCXT_EXT_PLUGINS"
        assert said(*command) == (2, [], [told])
    monkeypatch.setenv("CCXT_EXT_PLUGINS", "ccxt-acme")
    monkeypatch.setattr("ccxt_ext.plugins.registry._registry", None)
    [chosen, note] = plugin_findings()
    assert chosen == ("ok", "acme of ccxt-acme 1.0: sync, async_support, pro, sandbox; contract 1")
    assert note == ("note", "acme of ccxt-other 1.0 is kept out by CCXT_EXT_PLUGINS=ccxt-acme")


def test_the_doctor_tells_of_classes_for_a_program(plug_ins, monkeypatch):
    put_classes(plug_ins, "ccxt-one", One="acme_freqtrade:Acme", Acme="acme_freqtrade:Acme")
    put_classes(plug_ins, "ccxt-two", Acme="acme_freqtrade:Acme", two="acme_freqtrade:Acme")
    put_classes(plug_ins, "ccxt-three", Btex="acme_freqtrade:Acme", Three="acme_freqtrade:Acme")
    both = "ccxt-one 1.0 and ccxt-two 1.0 both bring Acme for freqtrade, so nobody has it"
    ours = (
        "wrong",
        "ccxt-three 1.0 brings Btex for freqtrade too, which is an id of ccxt-ext's and stays so",
    )
    assert list(plugin_findings()) == [
        ("wrong", f"{both}: choose one by CCXT_EXT_PLUGINS"),
        ours,
        ("wrong", "ccxt-two 1.0 brings 'two' for freqtrade, which is looked up as 'Two' there"),
    ]
    monkeypatch.setenv("CCXT_EXT_PLUGINS", "ccxt-three,ccxt-four")
    monkeypatch.setattr("ccxt_ext.plugins.registry._registry", None)
    kept = "is kept out by CCXT_EXT_PLUGINS=ccxt-three,ccxt-four"
    told = list(plugin_findings())
    assert told[0] == ours and ("note", f"One for freqtrade of ccxt-one 1.0 {kept}") in told
    # ccxt-three brings no venue, and is named rightly all the same.
    assert told[-1] == (
        "wrong",
        "CCXT_EXT_PLUGINS names ccxt-four, which is no installed distribution with a venue",
    )


def test_names_in_a_program_are_no_ids_on_the_command_line(plug_ins, said):
    put_classes(plug_ins, Acme="acme_freqtrade:Acme")
    for name in ("Acme", "Btex"):
        code, _, [error] = said("call", name, "fetch_time")
        assert code == 2 and f"unknown venue {name!r}" in error
    code, lines, _ = said("exchanges", "--json")
    assert not {"Acme", "Btex"} & json.loads("\n".join(lines)).keys()


def test_without_our_own_metadata_the_reason_is_told(plug_ins, said, monkeypatch):
    monkeypatch.setattr("ccxt_ext.plugins.registry.installed", lambda problems: iter(()))
    [(state, text)] = plugin_findings()
    assert state == "wrong" and text.startswith("ccxt-ext's own venues are missing")
    code, _, errors = said("call", "btex", "fetch_time")
    assert code == 2 and "its metadata is not installed" in errors[0]


# -- wrong use --------------------------------------------------------------------------------------

NO_SANDBOX = "ccxt-plain 2.1 brings plain with no frontend, so there is no sandbox for it"
ASKED = {
    "call": ["call", "--sandbox", "plain", "fetch_time"],
    "doctor": ["doctor", "plain", "--sandbox"],
    "sandbox": ["sandbox", "--venue", "plain"],
    "run": ["run", "--sandbox", "--venue", "plain", "--", "true"],
    "demo": ["demo", "--venue", "plain"],
}


@pytest.mark.parametrize("command", ASKED)
def test_a_sandbox_of_one_without_a_frontend_is_refused(plug_ins, said, command):
    put_plain(plug_ins)
    assert said(*ASKED[command]) == (2, [], [f"ccxt-ext {command}: {NO_SANDBOX}"])


@pytest.mark.parametrize("command", ASKED)
def test_a_sandbox_of_one_with_a_broken_frontend_is_refused(plug_ins, said, command):
    put_acme(plug_ins)
    (plug_ins / "acme_frontend.py").write_text("import nowhere_to_be_found")
    arguments = ["acme" if word == "plain" else word for word in ASKED[command]]
    code, lines, errors = said(*arguments)
    assert (code, lines) == (1 if command == "run" else 2, [])
    assert len(errors) == 1 and "ccxt-acme 1.0" in errors[0] and "nowhere_to_be_found" in errors[0]


def test_one_that_is_kept_out_is_no_unknown_venue(plug_ins, said, monkeypatch):
    put_plain(plug_ins)
    monkeypatch.setenv("CCXT_EXT_PLUGINS", "none")
    code, _, errors = said("call", "plain", "fetch_status")
    assert (code, errors) == (
        2,
        ["ccxt-ext call: CCXT_EXT_PLUGINS=none keeps out ccxt-plain 2.1, which brings plain"],
    )


# -- call -------------------------------------------------------------------------------------------

CANARY = {"CCXT_EXT_APIKEY": "canary-api-key-1", "CCXT_EXT_PLAIN_SECRET": "canary-secret-22"}


@pytest.mark.parametrize("kinds", [("sync", "async_support"), ("async_support",)], ids=["sync", "async only"])
def test_a_plain_subclass_of_ccxts_is_called_and_its_secrets_are_masked(plug_ins, said, monkeypatch, kinds):
    put_plain(plug_ins)
    if "sync" not in kinds:
        points = next(plug_ins.glob("*.dist-info/entry_points.txt"))
        points.write_text(points.read_text().replace("ccxt_ext.sync", "ccxt_ext.not_sync"))
    for name, value in CANARY.items():
        monkeypatch.setenv(name, value)
    code, lines, errors = said("call", "plain", "fetch_status")
    assert (code, errors[-1]) == (0, "asked")  # what it prints is no part of the answer
    assert [json.loads(line) for line in lines] == [
        {
            "status": "ok",
            "token": "***",
            "url": "https://plain.test?apiKey=***&key=***&signature=***",
            "info": ["***"],
        }
    ]
    code, lines, errors = said("call", "plain", "fetch_balance")
    assert (code, lines) == (1, [])
    assert errors[-1] == "AuthenticationError: plain *** https://plain.test?signature=***"


def test_a_broken_one_is_called_in_vain_and_told_in_one_line(plug_ins, said):
    put_broken(plug_ins)
    code, lines, errors = said("call", "broken", "fetch_ticker", "BTC/USDT")
    assert (code, lines, len(errors)) == (1, [], 1)
    assert errors[0].startswith("NotSupported: ") and "ccxt-broken 0.1" in errors[0]


def test_one_with_a_frontend_is_called_in_a_sandbox_streams_too(plug_ins, said):
    put_acme(plug_ins)
    code, [line], errors = said("call", "--sandbox", "acme", "fetch_balance")
    assert (code, errors) == (0, []) and json.loads(line)["BTC"]["free"] > 0
    code, [line], errors = said("call", "--sandbox", "acme", "watch_order_book", "BTC/USDT")
    assert (code, errors) == (0, []) and json.loads(line)["bids"]


# -- run, sandbox, demo -----------------------------------------------------------------------------

BOT = """
import ccxt
print(ccxt.acme({"apiKey": "of mine", "secret": "of mine", "uid": "of mine"}).fetch_balance()["BTC"]["used"])
try:
    print(ccxt.plain().fetch("http://127.0.0.1:9"))
except ccxt.BaseError as error:
    print(type(error).__name__)
"""


def test_a_program_trades_with_one_in_a_sandbox_and_reaches_nothing_with_another(plug_ins):
    put_acme(plug_ins)
    put_plain(plug_ins)
    put_broken(plug_ins)
    put(plug_ins, "ccxt-front", {"sandbox": {"front": "nowhere_to_be_found:Frontend"}})
    done = run("run", "--sandbox", "--", sys.executable, "-c", BOT, env={"PYTHONPATH": str(plug_ins)})
    assert done.stdout.splitlines() == ["0.0", "plain is here", "OutsideSandbox"]
    told = done.stderr.splitlines()
    assert sum(line.startswith("ccxt-ext run: acme is a sandbox at ") for line in told) == 1
    assert "ccxt-ext run: closed, as the sandbox does not serve them: broken, plain" in told
    [left_out] = [line for line in told if "front is left out" in line]
    assert "ccxt-front 1.0" in left_out


CLOCKED = """
import asyncio, json, urllib.request
import ccxt, ccxt.async_support, ccxt.pro

async def main():
    clients = ccxt.acme(), ccxt.async_support.acme(), ccxt.pro.acme()
    for _ in range(2):
        print(*(each.milliseconds() for each in clients), *(each.seconds() for each in clients))
        clients[0].fetch_balance(), await clients[1].fetch_balance(), await clients[2].fetch_balance()
        control = clients[0].options["sandboxClock"]["url"]
        urllib.request.urlopen(f"{control}/clock", b'{"advance_ms": 3600000}').read()
    await asyncio.gather(*(each.close() for each in clients[1:]))

asyncio.run(main())
"""


def test_all_forms_of_one_go_by_the_time_of_the_sandbox(plug_ins):
    put_acme(plug_ins)
    options = ("--venue", "acme", "--clock", "frozen", "--start", "2026-03-01")
    env = {"PYTHONPATH": str(plug_ins)}
    done = run("run", "--sandbox", *options, "--", sys.executable, "-c", CLOCKED, env=env)
    begin = 1_772_323_200
    assert [line.split() for line in done.stdout.splitlines()] == [
        [f"{second}000"] * 3 + [str(second)] * 3 for second in (begin, begin + 3600)
    ], done.stderr


def test_the_demo_shows_those_that_have_a_sandbox_and_says_whom_it_leaves_out(plug_ins, monkeypatch, said):
    put_acme(plug_ins)
    put_plain(plug_ins)
    put_broken(plug_ins)
    shown = []
    monkeypatch.setattr("ccxt_ext.demo.show.show", lambda ids, seed: shown.append(ids) or True)
    code, _, errors = said("demo")
    assert code == 0 and shown[0][-1] == "acme" and len(shown[0]) == 6
    assert errors[0].startswith("ccxt-ext demo: left out: broken of ccxt-broken 0.1 is broken")
    assert errors[1:] == ["ccxt-ext demo: left out: plain has no sandbox"]
    assert said("demo", "--venue", "acme")[0] == 0 and shown[1] == ("acme",)
