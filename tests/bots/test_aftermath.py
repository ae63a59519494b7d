"""What fails a test that has gone through, and what the report of a failed one tells."""

import json
import re
import subprocess
import sys

pytest_plugins = "pytester"

INI = """
    [pytest]
    asyncio_mode = auto
    asyncio_default_fixture_loop_scope = function
    filterwarnings = error
"""
HEAD = """
    import asyncio
    import ccxt, ccxt.async_support, ccxt.pro
    import pytest

    SYMBOL = "BTC/USDT"
    pytestmark = pytest.mark.ccxt_sandbox(venues=["bitmart2"])
"""


def outcomes(pytester, body, *arguments):
    pytester.makeini(INI)
    pytester.makepyfile(test_bot=HEAD + body)
    return pytester.runpytest_inprocess("-p", "no:cacheprovider", *arguments)


def text(result):
    return result.stdout.str()


# -- what fails a test ---------------------------------------------------------------------------------------


def test_a_fault_that_was_never_met(pytester):
    result = outcomes(
        pytester,
        """
    def test_missed(ccxt_sandbox):
        ccxt_sandbox.fault("status", venue="bitmart2", status=503, path="/v2/nothing")

    def test_optional(ccxt_sandbox):
        ccxt_sandbox.fault("status", venue="bitmart2", status=503, path="/v2/nothing", optional=True)

    def test_met(ccxt_sandbox):
        ccxt_sandbox.fault("status", venue="bitmart2", status=503, path="ticker")
        with pytest.raises(ccxt.ExchangeNotAvailable):
            ccxt_sandbox.exchange("bitmart2").fetch_ticker(SYMBOL)

    def test_fails_for_another_reason(ccxt_sandbox):
        ccxt_sandbox.fault("status", venue="bitmart2", status=503, path="/v2/nowhere")
        assert 1 == 2

    @pytest.mark.xfail(strict=True)
    def test_expected(ccxt_sandbox):
        ccxt_sandbox.fault("status", venue="bitmart2", status=503, path="/v2/nothing")
    """,
    )
    result.assert_outcomes(passed=2, failed=2, xfailed=1)
    result.stdout.re_match_lines(
        [
            r"ccxt_sandbox: fault\('status', venue='bitmart2', path='/v2/nothing'.* was never met: nothing",
            r"note: fault\('status', venue='bitmart2', path='/v2/nowhere'.* was never met",
        ]
    )


def test_a_sandbox_that_is_wrong_itself(pytester):
    result = outcomes(
        pytester,
        """
    def world_of(box):
        return box._lease.server.running.server.world

    def test_crash(ccxt_sandbox):
        def fails(request):
            raise KeyError("a mistake of the frontend's")
        world_of(ccxt_sandbox).frontends["bitmart2"].handle = fails
        with pytest.raises(ccxt.ExchangeNotAvailable):
            ccxt_sandbox.exchange("bitmart2").fetch_ticker(SYMBOL)

    def test_ledger(ccxt_sandbox):
        engine = world_of(ccxt_sandbox).frontends["bitmart2"].engine
        told = engine.ledger
        engine.ledger = lambda: {**told(), "BTC": (1, 2)}

    def test_sound(ccxt_sandbox):
        ccxt_sandbox.exchange("bitmart2").fetch_ticker(SYMBOL)
    """,
    )
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(
        [
            "ccxt_sandbox: the sandbox itself failed on 1 requests*",
            'KeyError: "a mistake of the frontend\'s"',
            "ccxt_sandbox: the ledger of bitmart2 does not balance: there are 1 BTC, and 2 were deposited*",
        ]
    )


def test_clients_of_ones_own_that_stay_connected(pytester):
    result = outcomes(
        pytester,
        """
    def test_async(ccxt_sandbox):
        async def bot():
            exchange = ccxt.async_support.bitmart2(ccxt_sandbox.config("bitmart2"))
            await exchange.fetch_ticker(SYMBOL)
        asyncio.run(bot())

    async def test_pro(ccxt_sandbox):
        exchange = ccxt.pro.bitmart2(ccxt_sandbox.config("bitmart2"))
        await exchange.watch_ticker(SYMBOL)

    def test_virtual_time(ccxt_sandbox):
        async def bot():
            exchange = ccxt.async_support.bitmart2(ccxt_sandbox.config("bitmart2"))
            while True:
                await exchange.fetch_ticker(SYMBOL)
                await asyncio.sleep(60)
        ccxt_sandbox.run_for(bot, minutes=3)

    async def test_ccxts_own(ccxt_sandbox):
        ccxt.async_support.kraken().open()

    async def test_closed(ccxt_sandbox):
        exchange = ccxt.pro.bitmart2(ccxt_sandbox.config("bitmart2"))
        await exchange.watch_ticker(SYMBOL)
        await exchange.close()
        await ccxt_sandbox.exchange("bitmart2", "pro").watch_ticker(SYMBOL)
        ccxt.async_support.kraken()

    @pytest.fixture
    async def own(ccxt_sandbox):
        exchange = ccxt.pro.bitmart2(ccxt_sandbox.config("bitmart2"))
        yield exchange
        await exchange.close()

    async def test_closed_by_a_fixture(own):
        await own.fetch_ticker(SYMBOL)
    """,
    )
    result.assert_outcomes(passed=6, errors=4)
    wrong = re.findall(
        r"(?m)^ccxt_sandbox: (\w+) \((\w+)\), made at .*test_bot.py:(\d+), is still", text(result)
    )
    assert sorted(each[:2] for each in wrong) == [
        *[("bitmart2", "async")] * 2,
        ("bitmart2", "pro"),
        ("kraken", "async"),
    ]


# -- what a report tells -------------------------------------------------------------------------------------

FAILING = """
    def test_it(ccxt_sandbox):
        exchange = ccxt_sandbox.exchange("bitmart2", apiKey="real-canary-key", secret="real-canary-secret")
        with pytest.raises(ccxt.AuthenticationError):
            exchange.fetch_balance()
        ccxt_sandbox.fault("empty", venue="bitmart2", path="ticker")
        exchange = ccxt_sandbox.exchange("bitmart2")
        with pytest.raises(ccxt.BaseError):
            exchange.fetch_ticker(SYMBOL)
        exchange.create_order(SYMBOL, "limit", "buy", 0.01, 20)
        assert exchange.id == "another"
"""


def test_the_section_of_a_failed_test(pytester):
    result = outcomes(pytester, FAILING, "--basetemp=temp")
    result.assert_outcomes(failed=1)
    result.stdout.re_match_lines(
        [
            r"-+ ccxt_sandbox -+",
            r"sandbox at 20\d\d-.*",
            r"the last \d+ requests:",
            r"  20.* bitmart2 POST /v2/authentication: 401",
            r"  20.* bitmart2 GET /v2/ticker\?symbol=BTC_USDT: 200, fault empty",
            r"  20.* bitmart2 POST /v2/orders: 200",
            r'      \{"symbol":"BTC_USDT",.*"side":"buy"\}',
            r"open orders, the latest first:",
            r"  bitmart2 config BTC/USDT buy 0.01 at 20, 0 filled, id \d+",
            r"  fault\('empty', .*: met 1 times, 0 left",
            r"look into it: ccxt-ext sandbox --load temp/ccxt_sandbox/test_bot.py-test_it.snapshot",
        ]
    )
    written = (pytester.path / "temp/ccxt_sandbox/test_bot.py-test_it.snapshot").read_bytes()
    assert "canary" not in text(result).partition("- ccxt_sandbox -")[2]
    from ccxt_ext.sandbox import Sandbox

    file = pytester.path / "temp/ccxt_sandbox/test_bot.py-test_it.snapshot"
    with Sandbox(load=file) as box:
        assert box.control("GET", "/orders?venue=bitmart2")[0]["price"] == "20"
        requests = json.dumps(box.control("GET", "/requests?venue=bitmart2"))
    assert "authentication" in requests and "canary" not in requests
    assert b"canary" not in written


def test_the_snapshot_can_be_looked_into(pytester):
    pytester.makeini(INI + "    ccxt_sandbox_dir = failed\n")
    pytester.makeconftest("from ccxt_ext.testing.bots import report; report.MOST_FILES = 2")
    pytester.makepyfile(
        test_bot=HEAD.replace('venues=["bitmart2"]', 'venues=["bitmart2"], seed=2')
        + """
    @pytest.mark.parametrize("number", range(3))
    def test_it(ccxt_sandbox, number):
        ccxt_sandbox.exchange("binance").create_order(SYMBOL, "limit", "buy", 0.01, 20)
        assert number is None
    """
    )
    result = pytester.runpytest_subprocess("-n1", "-p", "no:cacheprovider")
    result.assert_outcomes(failed=3)
    result.stdout.fnmatch_lines(["no snapshot was written: there are 2 of this run already"])
    files = sorted((pytester.path / "failed").iterdir())
    assert len(files) == 2
    shown = re.findall(r"look into it: ccxt-ext (.*)", text(result))
    assert f"sandbox --load {files[0].relative_to(pytester.path)}" in shown
    command = [sys.executable, "-m", "ccxt_ext", *shown[0].split(), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=pytester.path) as process:
        try:
            assert "binance" in json.loads(process.stdout.readline())["venues"]
        finally:
            process.terminate()


def test_a_test_that_passes_says_nothing(pytester):
    result = outcomes(
        pytester,
        """
    def test_it(ccxt_sandbox):
        ccxt_sandbox.exchange("bitmart2").fetch_ticker(SYMBOL)
    """,
        "-rA",
    )
    result.assert_outcomes(passed=1)
    assert "- ccxt_sandbox -" not in text(result)
