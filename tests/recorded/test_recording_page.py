"""What docs/recording.md prints works as printed: recorded from a small Binance, and replayed without it."""

import pytest

from tests.bots.binance import recordable
from tests.bots.page import DOCS, printed
from tests.recorded.stubs import BINANCE

pytest_plugins = "pytester"

PAGE = (DOCS / "recording.md").read_text()
FILES = printed("recording.md")
RECORDED = (
    "test_bot/test_it_waits_or_buys.yaml",
    "test_kinds/test_the_price_is_known.yaml",
    "binance/news.yaml",
    "binance/news.ws.jsonl",
    "test_hidden/test_the_fees_are_known.yaml",
)


@pytest.fixture
def run(pytester, monkeypatch):
    """Runs pytest on the page's files, as a project of their own, with warnings as errors."""
    for name in ("CI", "KEY", "SECRET"):
        monkeypatch.delenv(name, raising=False)
    for name, text in FILES.items():
        (pytester.path / name).write_text(text)
    return lambda *options: pytester.runpytest_inprocess(
        *("-p", "no:cacheprovider", "-p", "no:asyncio", "-p", "no:randomly", "-W", "error"), *options
    )


def test_the_examples_are_recorded_and_replayed(run, pytester, monkeypatch):
    done = run("test_bot.py")
    done.assert_outcomes(failed=1)
    command = "pytest test_bot.py::test_it_waits_or_buys --ccxt-record=all"
    assert command in PAGE and f"this records it: {command}" in done.stdout.str()
    with recordable(pytester.path):
        monkeypatch.setenv("KEY", BINANCE["apiKey"])
        monkeypatch.setenv("SECRET", BINANCE["secret"])
        run(*command.split()[1:]).assert_outcomes(passed=1)
        run("--ccxt-record=missing").assert_outcomes(passed=6)
    monkeypatch.delenv("KEY")
    monkeypatch.delenv("SECRET")
    written = {path: path.read_text() for path in (pytester.path / "cassettes").rglob("*.*")}
    assert {str(path.relative_to(pytester.path / "cassettes")) for path in written} == {*RECORDED}
    assert not any(key in text for key in BINANCE.values() for text in written.values())
    run().assert_outcomes(passed=6)
    listed = run("--ccxt-cassettes").stdout.str()
    assert all(name in listed for name in RECORDED if name.endswith(".yaml"))
    # Another timeframe than the recorded one.
    bot = FILES["my_bot.py"].replace('"1m"', '"5m"')
    assert bot != FILES["my_bot.py"]
    (pytester.path / "my_bot.py").write_text(bot)
    monkeypatch.delitem(__import__("sys").modules, "my_bot", raising=False)
    done = run("test_bot.py")
    done.assert_outcomes(failed=1)
    said = [line.removeprefix("E").strip() for line in done.stdout.lines]
    told = [line.strip() for line in PAGE.splitlines()]
    first = told.index("GET https://api.binance.com/api/v3/klines is not in the cassette, but this is:")
    assert [line for line in told[first : first + 4] if not any(line in each for each in said)] == []


def test_the_page_says_all_that_the_marker_takes():
    from ccxt_ext.testing.cassettes.settings import _OF_MARKER

    assert [name for name in sorted(_OF_MARKER) if f"| `{name}` |" not in PAGE] == []
