"""The fixture ccxt_cassette in pytest itself: names, options, and what fails."""

import os
import re
from pathlib import Path

import pytest
import yaml

pytest_plugins = ["pytester"]

QUIET = ("-p", "no:cacheprovider", "-p", "no:randomly", "-W", "error")
SANDBOXED = """
    import inspect
    import pytest

    pytestmark = pytest.mark.ccxt_cassette(source="sandbox", start_ms=1_750_000_000_000)

    async def call(exchange, method, *arguments):
        told = getattr(exchange, method)(*arguments)
        return await told if inspect.isawaitable(told) else told
"""
TICKER = (
    SANDBOXED
    + """
    @pytest.mark.parametrize("kind", ["sync", "async", "pro"])
    async def test_ticker(ccxt_cassette, kind):
        exchange = ccxt_cassette.exchange("bitmart2", kind)
        assert (await call(exchange, "fetch_ticker", "BMX/ETH"))["symbol"] == "BMX/ETH"
"""
)


@pytest.fixture(autouse=True)
def not_in_ci(monkeypatch):
    monkeypatch.delenv("CI", raising=False)


@pytest.fixture
def run(pytester):
    pytester.makeini("[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function")

    def run(*arguments):
        return pytester.runpytest_inprocess(*QUIET, *arguments)

    return run


def test_one_cassette_is_recorded_for_all_kinds_and_replayed(pytester, run):
    pytester.makepyfile(test_bot=TICKER)
    run("--ccxt-record=missing").assert_outcomes(passed=3)
    (path,) = (pytester.path / "cassettes").rglob("*.*")
    assert path == pytester.path / "cassettes" / "test_bot" / "test_ticker.yaml"
    recorded = yaml.safe_load(path.read_text())
    assert (recorded["origin"], recorded["kind"]) == ("sandbox", "pro")  # the kind that has all
    assert recorded["exchanges"][0]["id"] == "bitmart2"
    run().assert_outcomes(passed=3)
    run("-k", "pro").assert_outcomes(passed=1)


def test_a_missing_cassette_fails_with_the_command_that_records_it(pytester, run):
    pytester.makepyfile(test_bot=TICKER)
    result = run()
    result.assert_outcomes(failed=3)
    result.stdout.fnmatch_lines(
        ["*there is no cassette *test_ticker.yaml*'test_bot.py::test_ticker[[]sync[]]' --ccxt-record=all*"]
    )
    assert not (pytester.path / "cassettes").exists()


def test_missing_leaves_those_that_there_are_and_all_does_not(pytester, run):
    pytester.makepyfile(test_bot=TICKER)
    path = pytester.path / "cassettes" / "test_bot" / "test_ticker.yaml"
    run("--ccxt-record=missing", "test_bot.py::test_ticker[sync]").assert_outcomes(passed=1)
    path.write_text(path.read_text().replace("ccxt: ", "ccxt: marked-"))
    run("--ccxt-record=missing").assert_outcomes(passed=3)
    assert "marked-" in path.read_text()
    run("--ccxt-record=all").assert_outcomes(passed=3)
    assert "marked-" not in path.read_text()


def test_what_the_class_with_streams_recorded_stays_for_the_others(pytester, run):
    pytester.makepyfile(test_bot=TICKER.replace('["sync", "async", "pro"]', '["pro", "sync", "async"]'))
    run("--ccxt-record=all").assert_outcomes(passed=3)
    (path,) = (pytester.path / "cassettes").rglob("*.yaml")
    assert yaml.safe_load(path.read_text())["kind"] == "pro"


def test_a_test_knows_no_tokens_of_the_one_before(pytester, run):
    pytester.makepyfile(
        test_bot=SANDBOXED
        + """
    @pytest.mark.parametrize("place", ["first", "second"])
    def test_balance(ccxt_cassette, place):
        ccxt_cassette.exchange("bitmart2").fetch_balance()
"""
    )
    run("--ccxt-record=all").assert_outcomes(passed=2)
    first, second = (path.read_text() for path in sorted((pytester.path / "cassettes").rglob("*.yaml")))
    assert first.count("/authentication") == second.count("/authentication") == 1
    run("-k", "second").assert_outcomes(passed=1)


def test_what_a_failing_test_did_is_not_written(pytester, run):
    pytester.makepyfile(test_bot=TICKER.replace('== "BMX/ETH"', '== "ELSE"'))
    run("--ccxt-record=all").assert_outcomes(failed=3)
    assert not (pytester.path / "cassettes").exists()


@pytest.mark.parametrize("where", ["CI", "workers"])
def test_it_is_refused_to_record_there(pytester, run, monkeypatch, where):
    pytester.makepyfile(test_bot=TICKER)
    if where == "CI":
        monkeypatch.setenv("CI", "true")
    result = run("--ccxt-record=all", *(("-n", "1") if where == "workers" else ()))
    result.assert_outcomes(errors=3)
    result.stdout.fnmatch_lines(
        ["*nothing is recorded " + ("where CI is set*" if where == "CI" else "by several*")]
    )
    assert not (pytester.path / "cassettes").exists()


def test_replay_is_at_home_in_workers(pytester, run):
    pytester.makepyfile(test_bot=TICKER)
    run("--ccxt-record=all").assert_outcomes(passed=3)
    run("-n", "2").assert_outcomes(passed=3)


NAMED = (
    SANDBOXED
    + """
    class TestBot:
        @pytest.mark.parametrize("symbol", ["BMX/ETH", "BTC/USDT"])
        @pytest.mark.parametrize("kind", ["async", "sync"])
        async def test_it(self, ccxt_cassette, symbol, kind):
            await call(ccxt_cassette.exchange("bitmart2", kind), "fetch_ticker", symbol)

    @pytest.mark.ccxt_cassette("shared/markets")
    @pytest.mark.parametrize("time", [1, 2])
    def test_named(ccxt_cassette, time):
        ccxt_cassette.exchange("bitmart2").load_markets()
"""
)


@pytest.mark.parametrize("folder", [None, "recordings"])
def test_names(pytester, run, folder):
    pytester.makepyfile(test_bot=NAMED)
    run_it = run if folder is None else lambda *more: run("-o", f"ccxt_cassette_dir={folder}", *more)
    run_it("--ccxt-record=missing").assert_outcomes(passed=6)
    top = pytester.path / (folder or "cassettes")
    assert {str(path.relative_to(top)) for path in top.rglob("*.yaml")} == {
        os.path.join("test_bot", "TestBot.test_it[BMX_ETH].yaml"),
        os.path.join("test_bot", "TestBot.test_it[BTC_USDT].yaml"),
        os.path.join("shared", "markets.yaml"),
    }
    run_it().assert_outcomes(passed=6)


def test_the_list_tells_origin_age_and_ccxt(pytester, run):
    pytester.makepyfile(test_bot=NAMED)
    result = run("--ccxt-cassettes")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["there are no cassettes*--ccxt-record=missing*"])
    run("--ccxt-record=missing", "-k", "named")
    path = pytester.path / "cassettes" / "shared" / "markets.yaml"
    path.write_text(re.sub(r"recorded: '\d{4}", "recorded: '2020", path.read_text()))
    result = run("--ccxt-cassettes")
    assert result.ret == 0
    result.stdout.re_match_lines(
        [
            r"cassette +exchanges +origin +recorded +age +ccxt",
            r"\S*markets.yaml +bitmart2 +sandbox +2020-\S+ +\d+ years? +4\.5\.",
        ]
    )
    result.stdout.no_fnmatch_line("*passed*")
    path.write_text("origin: live\nrecorded: x\nccxt: y\n")
    result = run("--ccxt-cassettes")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*markets.yaml is no cassette*record it anew*"])


def test_a_swallowed_mismatch_fails_the_test_all_the_same(pytester, run):
    pytester.makepyfile(test_bot=TICKER)
    run("--ccxt-record=all").assert_outcomes(passed=3)
    careless = """
        try:
            await call(exchange, "fetch_order_book", "BMX/ETH")
        except Exception:
            pass
"""
    pytester.makepyfile(test_bot=TICKER + careless)
    result = run()
    result.assert_outcomes(passed=3, errors=3)
    result.stdout.fnmatch_lines(
        ["*GET https://openapi.bitmart.com/v2/symbols/BMX_ETH/orders is not in the cassette*"]
    )


def test_what_was_not_played_fails_the_test(pytester, run):
    pytester.makepyfile(test_bot=TICKER)
    run("--ccxt-record=all").assert_outcomes(passed=3)
    lazy = TICKER.replace("fetch_ticker", "load_markets").replace(
        ', "BMX/ETH"))["symbol"] == "BMX/ETH"', "))"
    )
    pytester.makepyfile(test_bot=lazy)
    result = run()
    result.assert_outcomes(passed=3, errors=3)
    result.stdout.fnmatch_lines(["Not played:", "*GET https://openapi.bitmart.com/v2/ticker*"])
    pytester.makepyfile(test_bot=lazy.replace("start_ms", "allow_unplayed=True, start_ms"))
    run().assert_outcomes(passed=3)


@pytest.mark.parametrize(
    ("marker", "complaint"),
    [
        ('"a", colour="red"', "*does not know colour; there are allow_hosts, *"),
        ('"../a"', "*is no name of a cassette*"),
        ('source="memory"', "*source='memory' is not known; there are live, sandbox, documented*"),
    ],
)
def test_a_marker_that_says_nothing_is_told(pytester, run, marker, complaint):
    pytester.makepyfile(
        f"""
        import pytest

        @pytest.mark.ccxt_cassette({marker})
        def test_it(ccxt_cassette):
            ccxt_cassette.exchange("binance")
        """
    )
    result = run()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([complaint])


def test_the_time_of_the_bot_follows_the_clock(pytester, run):
    pytester.makepyfile(
        SANDBOXED
        + """
    import time
    from datetime import datetime, timezone

    @pytest.mark.ccxt_cassette(freeze=True)
    @pytest.mark.parametrize("kind", ["sync", "async"])
    async def test_it(ccxt_cassette, kind):
        exchange = ccxt_cassette.exchange("bitmart2", kind)
        await call(exchange, "load_markets")
        since = (time.time() - 3600) * 1000
        assert abs(time.time() * 1000 - exchange.milliseconds()) < 1
        assert datetime.now(timezone.utc).year == 2025
        before = time.time()
        assert await call(exchange, "fetch_ohlcv", "BMX/ETH", "1m", int(since), 5)
        assert time.time() > before
"""
    )
    run("--ccxt-record=missing").assert_outcomes(passed=2)
    run().assert_outcomes(passed=2)


def test_the_sandbox_of_the_test_is_recorded(pytester, run):
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.ccxt_cassette(source="sandbox")
        def test_it(ccxt_cassette, ccxt_sandbox):
            if ccxt_cassette.origin == "sandbox":
                ccxt_sandbox.price("bitmart2", "BTC/USDT", 12_345)
            exchange = ccxt_cassette.exchange("bitmart2")
            bid, ask = exchange.fetch_bids_asks(["BTC/USDT"])["BTC/USDT"]["bid"], 13_000
            assert 12_000 < bid < ask
            own = ccxt_sandbox.exchange("bitmart2")
            assert own.fetch_balance()["USDT"]["free"] > 0
        """
    )
    run("--ccxt-record=missing").assert_outcomes(passed=1)
    run().assert_outcomes(passed=1)


@pytest.mark.parametrize("loop", ["anyio", "strict"])
def test_any_way_to_run_coroutines(pytester, loop):
    mark = "pytest.mark.anyio" if loop == "anyio" else "pytest.mark.asyncio"
    pytester.makeini("[pytest]\nasyncio_mode = strict\nasyncio_default_fixture_loop_scope = function")
    pytester.makeconftest("import pytest\n\n@pytest.fixture\ndef anyio_backend():\n    return 'asyncio'\n")
    pytester.makepyfile(
        test_bot=TICKER.replace("@pytest.mark.parametrize", f"@{mark}\n    @pytest.mark.parametrize")
    )
    pytester.runpytest_inprocess(*QUIET, "--ccxt-record=all").assert_outcomes(passed=3)
    assert [path.name for path in Path(pytester.path, "cassettes").rglob("*.yaml")] == ["test_ticker.yaml"]
    pytester.runpytest_inprocess(*QUIET).assert_outcomes(passed=3)


def test_exchanges_are_closed_whatever_happens(pytester, run):
    pytester.makepyfile(test_bot=TICKER + "        assert False\n")
    result = run("--ccxt-record=all")
    result.assert_outcomes(failed=3)
    result.stdout.no_fnmatch_line("*Unraisable*")


def test_what_it_needs_is_told(pytester):
    pytester.makeconftest("import sys\n\nsys.modules['vcr.cassette'] = sys.modules['vcr'] = None\n")
    pytester.makepyfile("def test_it(ccxt_cassette):\n    pass\n")
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["ccxt_cassette needs vcr*: pip install 'ccxt-ext[[]test[]]'"])
