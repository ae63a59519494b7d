import json
import os
import socket
from contextlib import contextmanager

import pytest

from ccxt_ext.cli import doctor
from ccxt_ext.cli.programs import findings_of
from tests.cli.cli_helpers import run
from tests.integrations.hummingbot_on_disk import put_hummingbot
from tests.packaging.freqtrade_on_disk import put_classes, put_freqtrade
from tests.packaging.plugins_on_disk import put


def pointed_at(url):
    return {"CCXT_EXT_SANDBOX": json.dumps({"bitmart2": {"urls": {"api": {"rest": url}}}})}


def wrong(done):
    return [line for line in done.stdout.splitlines() if line.startswith("wrong ")]


def test_all_is_well():
    done = run("doctor", "bitmart2", "--sandbox")
    assert (done.returncode, done.stderr, wrong(done)) == (0, "", [])
    for part in (
        "python ",
        "ccxt 4.",
        "supported: 4.5.28",
        "ccxt-ext ",
        "orjson",
        "armed",
        "ccxt.bitmart2 and ccxt.pro.bitmart2",
        " ms ",
    ):
        assert part in done.stdout
    assert "\x1b" not in done.stdout


def test_a_hook_that_is_off_is_wrong():
    done = run("doctor", env={"CCXT_EXT_AUTOLOAD": "0"})
    assert done.returncode == 1
    assert len(wrong(done)) == 1 and "CCXT_EXT_AUTOLOAD=0" in wrong(done)[0]


@contextmanager
def skewed(box, skew):
    """bitmart2's clock is off by that."""
    box.control("POST", "/clock", {"venue": "bitmart2", "skew_ms": skew})
    try:
        yield
    finally:
        box.control("POST", "/clock", {"venue": "bitmart2", "skew_ms": 0})


@pytest.mark.parametrize("skew, state", [(0, "ok"), (500, "ok"), (-90_000, "wrong"), (90_000, "wrong")])
def test_the_clock_beside_a_venues(box, skew, state):
    with skewed(box, skew):
        [(found, told)] = doctor.clock("bitmart2", box.config("bitmart2"))
    assert found == state
    if state == "wrong":
        assert "adjustForTimeDifference" in told
        assert (" behind " in told) == (skew > 0)


def test_a_clock_that_is_wrong(box):
    boxes = json.dumps({"bitmart2": box.config("bitmart2")})
    with skewed(box, 90_000):
        done = run("doctor", "bitmart2", env={"CCXT_EXT_SANDBOX": boxes})
    assert (done.returncode, done.stderr) == (1, "")
    assert "CCXT_EXT_SANDBOX is set" in done.stdout
    assert len(wrong(done)) == 1 and " behind " in wrong(done)[0]


def test_an_unreachable_venue_is_one_line():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        done = run("doctor", "bitmart2", env=pointed_at(url))
    assert (done.returncode, done.stderr) == (1, "")
    assert len(wrong(done)) == 1 and url in wrong(done)[0] and "ExchangeNotAvailable" in wrong(done)[0]


def test_an_old_ccxt_is_wrong():
    assert doctor.version("4.5.27")[0] == doctor.WRONG
    assert doctor.version("4.5.28")[0] == doctor.FINE
    assert doctor.version("4.10.0")[0] == doctor.FINE


def test_a_clash_and_a_missing_venue_are_wrong(monkeypatch):
    monkeypatch.setattr(doctor, "ours", lambda kind="sync": ["one", "two", "three"])
    told = {
        "armed": True,
        "listed": ["one", "two"],
        "origin": {"one": "ccxt.one", "two": "ccxt_ext.venues.two.rest_sync"},
        "streams": {"one": "ccxt.pro.one", "two": "ccxt_ext.venues.two.stream"},
        "broken": {},
        "warnings": [
            "ccxt has an exchange 'one' of its own; ccxt-ext's is ccxt_ext.one",
            "ccxt-ext could not",
        ],
    }
    found = list(doctor.drop_in(told))
    assert [state for state, _ in found] == ["wrong", "wrong", "ok", "wrong"]
    assert "ccxt_ext.one" in found[0][1] and "could not" in found[1][1]
    assert found[2][1] == "ccxt.two and ccxt.pro.two" and "three" in found[3][1]


def test_a_ccxt_that_cannot_be_imported_is_wrong(monkeypatch):
    monkeypatch.setattr(doctor, "PROBE", "raise ImportError('no ccxt here')")
    found = list(doctor.findings("bitmart2", sandbox=False))
    assert ("wrong", "ccxt cannot be imported: ImportError: no ccxt here") in found


def test_a_streaming_class_that_cannot_be_imported_is_wrong(monkeypatch):
    ids = {"sync": ["one", "two", "three", "four"], "pro": ["one", "two"]}
    monkeypatch.setattr(doctor, "ours", lambda kind="sync": ids[kind])
    told = {
        "armed": True,
        "listed": ids["sync"],
        "origin": {id: f"ccxt_ext.venues.{id}.rest_sync" for id in ids["sync"]},
        "streams": {
            "one": "ccxt_ext.venues.one.stream",
            "two": "ModuleNotFoundError: No module named 'socketio'",
            "three": "AttributeError: three",
        },
        "broken": {"four": "ccxt.four of ccxt-ext does not work"},
        "warnings": [],
    }
    assert list(doctor.drop_in(told)) == [
        ("wrong", "ccxt.four of ccxt-ext does not work"),
        ("ok", "ccxt.one and ccxt.pro.one"),
        ("wrong", "ccxt.two is there, but not ccxt.pro.two: ModuleNotFoundError: No module named 'socketio'"),
        ("ok", "ccxt.three"),
    ]


def test_one_of_ours_that_only_has_a_stand_in_is_wrong(monkeypatch, tmp_path):
    without = "import sys; sys.modules['ccxt_ext.venues.btex.stream'] = None"
    (tmp_path / "sitecustomize.py").write_text(without)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    told, problem = doctor.probe()
    assert problem == ""
    [text] = [text for state, text in doctor.drop_in(told) if state == "wrong"]
    assert text.startswith("ccxt.btex is there, but not ccxt.pro.btex: ") and "ModuleNotFoundError" in text


# -- freqtrade --------------------------------------------------------------------------------------


@pytest.fixture
def freqtrade(monkeypatch, tmp_path):
    """Installs a package of that name, with that release, for this process and its children."""

    def freqtrade(version, **classes):
        put_freqtrade(tmp_path, version)
        put(tmp_path, "freqtrade", {}, version=version)
        if classes:
            put_classes(tmp_path, **classes)
        monkeypatch.syspath_prepend(str(tmp_path))
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    return freqtrade


def test_without_freqtrade_it_says_so(monkeypatch):
    def version(name):
        raise doctor.metadata.PackageNotFoundError(name)

    monkeypatch.setattr("ccxt_ext.cli.programs.metadata.version", version)
    assert list(findings_of("freqtrade")) == [("ok", "freqtrade is not installed")]


def test_a_freqtrade_that_our_classes_do_not_fit_is_wrong_and_those_of_others_are_told(freqtrade):
    freqtrade("2026.2", Acme="acme_freqtrade:Acme", Lost="lost_freqtrade:Lost")
    done = run("doctor", env={"PYTHONPATH": os.environ["PYTHONPATH"]})
    lines = [line for line in done.stdout.splitlines() if "freqtrade" in line]
    assert lines == [
        "ok    freqtrade 2026.2 (known to fit: 2026.3 to 2026.9): Acme of ccxt-acme 1.0",
        "wrong ccxt-ext adds no exchange to freqtrade 2026.2, which works as it does without: it is too old. "
        "Known to fit: freqtrade 2026.3 to 2026.9",
        "wrong freqtrade's class Lost of ccxt-acme 1.0 does not work: ImportError: cannot import name "
        "'NoSuchName' from 'freqtrade.exchange' "
        f"({os.environ['PYTHONPATH']}/freqtrade/exchange/__init__.py)",
    ]
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize(
    "source", ["raise ImportError('no luck')", "import os; os._exit(3)", "import os; os._exit(0)"]
)
def test_a_freqtrade_that_cannot_be_used_is_wrong(freqtrade, tmp_path, source):
    freqtrade("2026.9")
    (tmp_path / "freqtrade/exchange/exchange.py").write_text(source)
    [(state, text)] = findings_of("freqtrade")
    assert state == "wrong" and text.startswith("freqtrade 2026.9 cannot be used: ")


def test_one_that_never_ends_is_wrong(freqtrade, tmp_path, monkeypatch):
    monkeypatch.setattr("ccxt_ext.cli.programs.PATIENCE_S", 1)
    freqtrade("2026.9")
    (tmp_path / "freqtrade/exchange/exchange.py").write_text("import time; time.sleep(600)")
    assert list(findings_of("freqtrade")) == [("wrong", "freqtrade 2026.9 cannot be used: no end after 1 s")]


# -- hummingbot -------------------------------------------------------------------------------------


@pytest.fixture
def hummingbot(monkeypatch, tmp_path):
    """Installs a package of that name, with that release, for this process and its children."""

    def hummingbot(release):
        put_hummingbot(tmp_path, release)
        monkeypatch.syspath_prepend(str(tmp_path))
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    return hummingbot


def test_a_hummingbot_of_another_release_is_wrong(hummingbot):
    hummingbot("20250101")
    refused = (
        "ccxt-ext adds no connectors to hummingbot 20250101, which works as it does without: it is too old"
    )
    assert list(findings_of("hummingbot")) == [
        ("note", "hummingbot 20250101 (known to fit: 20260922): no connector is added to it"),
        ("wrong", f"{refused}. Known to fit: hummingbot 20260922"),
    ]


def test_a_hummingbot_that_our_classes_do_not_fit_is_wrong(hummingbot):
    hummingbot("20260922")  # it lists connectors, and has no class for any
    (state, text), *wrong = findings_of("hummingbot")
    assert (state, text) == (
        "note",
        "hummingbot 20260922 (known to fit: 20260922): no connector is added to it",
    )
    assert [state for state, _ in wrong] == ["wrong", "wrong"]
    assert wrong[0][1].startswith("hummingbot has a connector bitexbit of its own")
    assert wrong[1][1].startswith("ccxt-ext adds no connectors to hummingbot 20260922, which works as")
