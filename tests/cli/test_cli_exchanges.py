import json

import pytest

import ccxt_ext
import ccxt_ext.pro
from ccxt_ext.cli.exchanges import capability_rows, venue_rows
from tests.cli.cli_helpers import COLOUR, run, run_here, run_on_terminal, undecorated


@pytest.fixture(scope="module")
def piped():
    done = run("exchanges")
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_every_venue_and_all_it_can_do(piped):
    lines = [line.split() for line in piped.splitlines()]
    for id in ccxt_ext.exchanges:
        has = getattr(ccxt_ext, id)().has
        column = next(line for line in lines if line[:1] == ["capability"]).index(id)
        told = {line[0]: line[column] for line in lines if line and line[0] in has}
        assert told["createOrder"] == "True"
        assert all(str(able) in told[name] for name, able in has.items() if able and name in told)
        assert all(
            name in told for name, able in has.items() if able and name.startswith(("fetch", "cancel"))
        )


def test_what_holds_for_some_types_of_markets_only(piped):
    lines = {line.split()[0]: line.split() for line in piped.splitlines() if line}
    column = lines["capability"].index("btex")
    assert lines["fetchFundingRate"][column] == "True:swap"
    assert lines["fetchOrder"][column] == "emulated:spot;True:swap,future"
    assert lines["watchPositions"][column] == "emulated:swap,future"
    assert lines["fetchTicker"][column] == "True"
    told = json.loads(run_here("exchanges", "--json", "btex").stdout)["btex"]
    assert told["hasFor"]["fetchOrder"] == {"spot": "emulated"}


def test_piped_it_is_plain_and_aligned(piped):
    assert "\x1b" not in piped and piped.isascii()
    assert not any(line.endswith(" ") for line in piped.splitlines())
    table = piped.split("\n\n")[1].splitlines()
    column = table[0].index("bitmart2")
    assert all(line[column - 1] == " " and line[column] != " " for line in table)


def test_json_for_scripts():
    done = run_here("exchanges", "--json", "bitmart2")
    told = json.loads(done.stdout)
    assert list(told) == ["bitmart2"]
    assert told["bitmart2"]["markets"] == ["spot"]
    assert told["bitmart2"]["credentials"] == ["apiKey", "secret", "uid"]
    has = told["bitmart2"]["has"]
    assert (has["createOrder"], has["fetchBidsAsks"], has["withdraw"]) == (True, "emulated", False)
    assert "spot" not in has and "CORS" not in has
    assert (told["bitmart2"]["streams"], has["watchTicker"], has["watchBalance"]) == ("yes", True, "emulated")


def test_streams_that_are_polled_are_told_apart(piped):
    column = {line.split()[0]: line.split() for line in piped.split("\n\n")[0].splitlines()[1:]}
    for id in ccxt_ext.exchanges:
        native = id in ccxt_ext.pro.exchanges and getattr(ccxt_ext.pro, id).native
        assert column[id][-3] == ("yes" if native else "polled" if id in ccxt_ext.pro.exchanges else "-")


def test_on_a_terminal_it_is_coloured_unless_that_is_unwanted():
    code, screen = run_on_terminal("exchanges", columns=300)
    assert code == 0 and COLOUR.search(screen)
    assert not COLOUR.search(run_on_terminal("exchanges", columns=300, env={"NO_COLOR": "1"})[1])


def test_a_narrow_terminal_shows_everything():
    code, screen = run_on_terminal("exchanges", columns=40)
    text = undecorated(screen)
    assert code == 0 and "…" not in text
    assert all(len(line.rstrip()) <= 40 for line in text.splitlines())
    words = text.replace(",", " ").split()
    assert {"apiKey", "secret", "uid", "createOrder", "fetchBidsAsks"} <= set(words)


def test_a_capability_that_only_one_has_is_a_dash_for_the_other():
    fact = {"name": "N", "markets": ["spot"], "credentials": ["apiKey"], "streams": "yes", "rateLimit": 100}
    fact |= {"distribution": "ccxt-n", "version": "1.0", "conformance": None}
    facts = {
        "one": {**fact, "hasFor": {}, "has": {"fetchTime": True, "withdraw": None, "editOrder": False}},
        "two": {
            **fact,
            "streams": "-",
            "hasFor": {},
            "has": {"fetchTime": "emulated", "withdraw": False, "editOrder": True},
        },
    }
    assert capability_rows(facts) == [
        ("capability", "one", "two"),
        ("editOrder", "-", "True"),
        ("fetchTime", "True", "emulated"),
    ]
    assert [row[5:] for row in venue_rows(facts)[1:]] == [("yes", "600", "-"), ("-", "600", "-")]
