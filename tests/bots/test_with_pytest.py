"""The fixture in runs of pytest: with plugins for async tests, in any order, with warnings as errors."""

import re

import pytest

pytest_plugins = "pytester"

INI = """
    [pytest]
    filterwarnings = error
"""
SCOPE = "    asyncio_default_fixture_loop_scope = function\n"  # without it, pytest-asyncio itself warns

# A bot with clients of all kinds, those that nobody closes among them, and what is left of other tests.
BOT = """
    import asyncio
    import pytest

    def place(exchange):
        return exchange.create_order("BTC/USDT", "limit", "buy", 0.1, 1)

    def check(ccxt_sandbox):
        assert len(ccxt_sandbox.orders("bitmart2")) == 1
        assert ccxt_sandbox.control("GET", "/snapshots") == {"snapshots": []}
        assert list(ccxt_sandbox.describe()["venues"]["bitmart2"]) == ["config", "counterparty"]
        assert ccxt_sandbox.control("GET", "/faults") == {"faults": []}
        ccxt_sandbox.snapshot()
        ccxt_sandbox.account("bitmart2", "maker")
        ccxt_sandbox.advance(days=1)
        ccxt_sandbox.fault("empty", optional=True)
"""
SYNC = """
    def test_sync(ccxt_sandbox):
        place(ccxt_sandbox.exchange("bitmart2"))
        check(ccxt_sandbox)

    def test_async_without_a_loop(ccxt_sandbox):
        ccxt_sandbox.exchange("bitmart2", "async")
        exchange = ccxt_sandbox.exchange("bitmart2", "pro")
        asyncio.run(place(exchange))
        check(ccxt_sandbox)
"""
ASYNC = """
    MARK
    @pytest.mark.parametrize("kind", ["async", "pro"])
    async def test_async(ccxt_sandbox, kind):
        exchange = ccxt_sandbox.exchange("bitmart2", kind)
        await place(exchange)
        check(ccxt_sandbox)

    MARK
    async def test_streams(ccxt_sandbox):
        exchange = ccxt_sandbox.exchange("bitexbit", "pro")
        await exchange.watch_order_book("BTC/USDT")
        waits = asyncio.ensure_future(exchange.watch_trades("BTC/USDT"))
        await asyncio.sleep(0.01)

    FIXTURE
    async def trader(ccxt_sandbox):
        exchange = ccxt_sandbox.exchange("bitmart2", "async")
        order = await place(exchange)
        yield exchange
        await exchange.cancel_order(order["id"], "BTC/USDT")
        assert ccxt_sandbox.orders("bitmart2")[0]["status"] == "canceled"

    MARK
    async def test_a_fixture_of_the_bots_own(trader, ccxt_sandbox):
        assert await trader.fetch_open_orders("BTC/USDT")
        check(ccxt_sandbox)
"""


def of(mark, fixture="@pytest.fixture"):
    return ASYNC.replace("MARK", mark).replace("FIXTURE", fixture)


@pytest.fixture
def project(pytester):
    """Writes a module of tests, and runs pytest on it in this process."""

    def run(text, *options):
        pytester.makeini(INI if "no:asyncio" in options else INI + SCOPE)
        pytester.makepyfile(test_bot=text)
        return pytester.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:randomly", *options)

    return run


def test_sync_tests(project):
    project(BOT + SYNC).assert_outcomes(passed=2)


def test_pytest_asyncio_auto(project):
    project(BOT + SYNC + of(""), "-o", "asyncio_mode=auto").assert_outcomes(passed=6)


def test_pytest_asyncio_strict(project):
    text = (
        "\n    import pytest_asyncio\n" + BOT + SYNC + of("@pytest.mark.asyncio", "@pytest_asyncio.fixture")
    )
    project(text, "-o", "asyncio_mode=strict").assert_outcomes(passed=6)


def test_pytest_asyncio_with_one_loop_for_all(project):
    text = BOT + SYNC + of('@pytest.mark.asyncio(loop_scope="session")')
    scope = ("-o", "asyncio_mode=auto", "-o", "asyncio_default_fixture_loop_scope=session")
    project(text, *scope).assert_outcomes(passed=6)


def test_anyio(project):
    backend = """
    @pytest.fixture
    def anyio_backend():
        return "asyncio"
    """
    text = BOT + SYNC + backend + of("@pytest.mark.anyio")
    project(text, "-p", "no:asyncio").assert_outcomes(passed=6)


def test_virtual_time_with_anyio(project):
    text = """
    import anyio
    import pytest

    @pytest.fixture
    def anyio_backend():
        return "asyncio"

    @pytest.mark.anyio
    @pytest.mark.ccxt_sandbox(venues=["bitmart2"], clock="frozen")
    async def test_it(ccxt_sandbox):
        exchange, begin = ccxt_sandbox.exchange("bitmart2", "async"), ccxt_sandbox.now()
        looks, reports, late = [], [], []

        async def look():
            while True:
                await exchange.fetch_ticker("BTC/USDT")
                looks.append(ccxt_sandbox.now() - begin)
                await anyio.sleep(60)

        async def report():
            while True:
                await anyio.sleep(300)
                reports.append(ccxt_sandbox.now() - begin)

        async def wait():
            with anyio.move_on_after(600) as scope:
                await anyio.sleep_forever()
            late.append((scope.cancelled_caught, ccxt_sandbox.now() - begin))

        async def bot():
            async with anyio.create_task_group() as tasks:
                for each in (look, report, wait):
                    tasks.start_soon(each)

        assert await ccxt_sandbox.run_for(bot, hours=1) is None
        assert [passed // 60_000 for passed in looks] == list(range(60))
        assert reports == [300_000 * times for times in range(1, 12)]
        assert late == [(True, 600_000)]
        assert ccxt_sandbox.now() - begin == 3_600_000
    """
    project(text, "-p", "no:asyncio").assert_outcomes(passed=1)


def test_anyio_on_trio_is_refused(project):
    text = """
    import pytest

    @pytest.fixture
    def anyio_backend():
        return "trio"

    @pytest.mark.anyio
    async def test_sync(ccxt_sandbox):
        assert ccxt_sandbox.exchange("bitmart2").fetch_ticker("BTC/USDT")["last"]

    @pytest.mark.anyio
    async def test_async(ccxt_sandbox):
        ccxt_sandbox.exchange("bitmart2", "async")

    @pytest.fixture
    def exchange(ccxt_sandbox):
        return ccxt_sandbox.exchange("bitmart2", "pro")

    @pytest.mark.anyio
    async def test_pro(exchange):
        await exchange.fetch_ticker("BTC/USDT")

    @pytest.mark.anyio
    async def test_time(ccxt_sandbox):
        async def bot():
            pass

        ccxt_sandbox.run_for(bot(), hours=1)
    """
    done = project(text, "-p", "no:asyncio")
    done.assert_outcomes(passed=1, failed=2, errors=1)
    done.stdout.fnmatch_lines(["E *run_for runs bots on asyncio, and this test runs on trio; *"])
    done.stdout.fnmatch_lines(
        ["E *bitmart2: ccxt's async and pro classes run on asyncio, and this test runs on trio; *"] * 2
    )


def test_any_order(project, pytester):
    pytester.makeconftest("def pytest_collection_modifyitems(items): items.reverse()")
    project(BOT + SYNC + of(""), "-o", "asyncio_mode=auto").assert_outcomes(passed=6)


def test_each_worker_of_xdist_has_a_sandbox(pytester):
    """In processes of their own, where warnings are errors from the start on."""
    pytester.makeini(INI + SCOPE)
    pytester.makepyfile(test_bot=BOT + SYNC + of(""), test_other=BOT + SYNC)
    options = ("-p", "no:cacheprovider", "-n", "2", "--dist", "loadfile", "-o", "asyncio_mode=auto")
    done = pytester.runpytest_subprocess("-W", "error", *options)
    done.assert_outcomes(passed=8)
    assert "arning" not in done.stdout.str() + done.stderr.str()


MARKED = """
    import pytest

    pytestmark = pytest.mark.ccxt_sandbox(venues="bitmart2", seed=5)
    seen = []

    @pytest.mark.parametrize("again", range(2))
    def test_of_the_module(ccxt_sandbox, again):
        seen.append(ccxt_sandbox.control_url)
        told = ccxt_sandbox.control("GET", "/")
        assert (list(told["venues"]), told["seed"]) == (["bitmart2"], 5)
        ccxt_sandbox.control("POST", "/reset", {"seed": 9})

    @pytest.mark.ccxt_sandbox(live=True, clock="frozen", limits="venue", start_ms=1_700_000_000_000)
    def test_of_its_own(ccxt_sandbox):
        told = ccxt_sandbox.control("GET", "/")
        assert (told["seed"], told["live"], told["limits"]) == (5, True, "venue")
        assert ccxt_sandbox.now() == 1_700_000_000_000
        assert ccxt_sandbox.control_url not in seen

    @pytest.mark.ccxt_sandbox(scenario="outage")
    @pytest.mark.parametrize("again", range(2))
    def test_of_a_scenario(ccxt_sandbox, again):
        assert ccxt_sandbox.control("GET", "/scenario")["scenario"] == "outage"
        ccxt_sandbox.advance(hours=2)
        assert ccxt_sandbox.control("GET", "/scenario")["next"] is None

    def test_it_was_one_server():
        assert len(seen) == 2 and len(set(seen)) == 1
"""


def test_the_marker(project):
    project(MARKED, "--strict-markers").assert_outcomes(passed=6)


def test_files_of_the_marker_are_beside_the_test(project, pytester):
    folder = pytester.mkdir("data")
    (folder / "prices.toml").write_text("BTC = 12345")
    (folder / "btc.csv").write_text("1699999980000,10,12,9,11,5\n1700000040000,11,13,10,12,5\n")
    text = """
    import pathlib
    import pytest

    @pytest.mark.ccxt_sandbox(venues=["bitmart2"], prices="data/prices.toml")
    def test_prices(ccxt_sandbox):
        assert abs(ccxt_sandbox.exchange("bitmart2").fetch_ticker("BTC/USDT")["last"] - 12345) < 100

    candles = {"bitmart2:BTC/USDT": pathlib.Path("data", "btc.csv")}

    @pytest.mark.ccxt_sandbox(venues=["bitmart2"], candles=candles, start_ms=1700000040000, clock="frozen")
    def test_candles(ccxt_sandbox):
        exchange = ccxt_sandbox.exchange("bitmart2")
        assert exchange.fetch_ticker("BTC/USDT")["last"] == 11
        ccxt_sandbox.save("later.sandbox")

    @pytest.mark.ccxt_sandbox(load="later.sandbox")
    @pytest.mark.parametrize("again", range(2))
    def test_loaded(ccxt_sandbox, again):
        exchange = ccxt_sandbox.exchange("bitmart2")
        assert exchange.fetch_ticker("BTC/USDT")["last"] == 11
        ccxt_sandbox.advance(minutes=1)
        assert exchange.fetch_ticker("BTC/USDT")["last"] == 12
    """
    project(text).assert_outcomes(passed=4)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("venue=['btex']", "@pytest.mark.ccxt_sandbox has no argument 'venue'; there are venues, seed, *"),
        ("3", "@pytest.mark.ccxt_sandbox takes arguments by name, such as seed=3, not 3"),
        ("venues=['nosuch']", "unknown venue 'nosuch'; there are *"),
        ("start='soon'", "start: *'soon'*"),
        ("clock='fast'", "clock must be 'running' or 'frozen', not 'fast'"),
        ("scenario='nosuch'", "*there is no scenario 'nosuch'; there are *"),
        ("load='nosuch'", "*nosuch*"),
    ],
)
def test_a_marker_that_makes_no_sense(project, arguments, said):
    text = f"""
    import pytest

    @pytest.mark.ccxt_sandbox({arguments})
    def test_it(ccxt_sandbox):
        pass
    """
    done = project(text)
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines([f"ccxt_sandbox: {said}"])
    assert "Traceback" not in done.stdout.str() and "During handling" not in done.stdout.str()


def test_a_venue_that_is_registered_while_the_tests_run(pytester):
    """In a process of its own, as it stays registered."""
    text = """
    import ccxt_ext
    from ccxt_ext.sandbox.frontends.bitmart2 import frontend
    from ccxt_ext.venues.bitmart2.rest_sync import bitmart2

    def test_before(ccxt_sandbox):
        assert "latecomer" not in ccxt_sandbox.describe()["venues"]

    def test_after(request):
        class latecomer(bitmart2, contract=1):
            @classmethod
            def metadata(cls):
                return {**super().metadata(), "id": "latecomer"}

        class Frontend(frontend.Frontend, contract=1):
            id = "latecomer"

        ccxt_ext.register("latecomer", sync=latecomer, sandbox=Frontend)
        ccxt_sandbox = request.getfixturevalue("ccxt_sandbox")
        ccxt_sandbox.exchange("latecomer").create_order("BTC/USDT", "limit", "buy", 0.1, 1)
        [order] = ccxt_sandbox.orders("latecomer")
        assert order["symbol"] == "BTC/USDT"
        try:
            ccxt_sandbox.exchange("latecomer", "pro")
        except Exception as error:
            assert str(error) == "latecomer has no class of kind 'pro'; there are sync"
    """
    pytester.makeini(INI + SCOPE)
    pytester.makepyfile(text)
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=2)


def test_a_fixture_that_lives_longer_is_told_so(project):
    text = """
    import pytest

    @pytest.fixture(scope="module")
    def exchange(ccxt_sandbox):
        return ccxt_sandbox.exchange("bitmart2")

    def test_it(exchange):
        pass
    """
    done = project(text)
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*ScopeMismatch*function scoped fixture ccxt_sandbox with a module scoped*"])


def test_after_its_test_a_sandbox_answers_nothing(project):
    text = """
    import pytest
    from ccxt_ext.sandbox import SandboxError

    kept = []

    def test_it(ccxt_sandbox):
        kept.append(ccxt_sandbox)

    def test_later(ccxt_sandbox):
        with pytest.raises(SandboxError, match="the test that this ccxt_sandbox was for has ended"):
            kept[0].exchange("bitmart2")
        with pytest.raises(SandboxError, match="has ended"):
            kept[0].now()
    """
    project(text).assert_outcomes(passed=2)


def test_it_is_not_for_a_run_that_has_a_sandbox(project, monkeypatch):
    monkeypatch.setenv("CCXT_EXT_SANDBOX", "{}")
    done = project(BOT + SYNC)
    done.assert_outcomes(errors=2)
    done.stdout.fnmatch_lines(["ccxt_sandbox: it starts a sandbox of its own: run pytest without *"])


def test_it_is_listed_among_fixtures_and_markers(project):
    done = project("", "--fixtures", "--markers")
    done.stdout.fnmatch_lines(["@pytest.mark.ccxt_sandbox(venues, seed, *"])
    project("", "--fixtures").stdout.fnmatch_lines(["ccxt_sandbox -- *", "    Exchanges to test a bot on, *"])


def test_what_is_wrong_is_shown_at_the_line_of_the_test(project):
    text = """
    def test_price(ccxt_sandbox):
        ccxt_sandbox.price("bitmart2", "BTC/USDT", "x")

    def test_exchange(ccxt_sandbox):
        ccxt_sandbox.exchange("bitmart2", "rest")

    def test_fault(ccxt_sandbox):
        with ccxt_sandbox.fault("empty"):
            pass
    """
    done = project(text)
    done.assert_outcomes(failed=3)
    places = [line.split()[0] for line in done.stdout.lines if re.search(r"\.py:\d", line)]
    assert places == ["test_bot.py:2:", "test_bot.py:5:", "test_bot.py:8:"]
