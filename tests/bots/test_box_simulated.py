"""Any id of ccxt's in a test of a bot: named as a venue is, in all that the sandbox can do."""

import asyncio
import json
from decimal import Decimal

import ccxt
import pytest

from ccxt_ext.sandbox import SandboxError

pytest_plugins = "pytester"

SYMBOL = "BTC/USDT"
SWAP = "BTC/USDT:USDT"


def test_it_buys_the_dip(ccxt_sandbox):
    ccxt_sandbox.price("binance", SYMBOL, 40_000)  # before anybody has asked for the exchange
    exchange = ccxt_sandbox.exchange("binance")
    assert isinstance(exchange, ccxt.binance) and exchange.simulated
    order = exchange.create_order(SYMBOL, "limit", "buy", 0.1, 39_000)
    [placed] = ccxt_sandbox.orders("binance")
    assert (placed["id"], placed["side"], placed["symbol"]) == (order["id"], "buy", SYMBOL)
    assert ccxt_sandbox.balance("binance")["USDT"]["held"] == Decimal(3900)
    assert ccxt_sandbox.requests("binance", path="createOrder")[0]["status"] == 200


async def test_async_and_streams(ccxt_sandbox):
    exchange = ccxt_sandbox.exchange("binance", "pro")
    await exchange.create_order(SWAP, "market", "sell", 0.1)
    [position] = ccxt_sandbox.positions("binance")
    assert (position["symbol"], position["side"]) == (SWAP, "short")
    assert (await exchange.watch_order_book(SYMBOL))["bids"]
    other = ccxt_sandbox.exchange("kraken", "async", account="counterparty")
    assert (await other.fetch_ticker(SYMBOL))["last"]


def test_in_a_loop_of_the_bots_own(ccxt_sandbox):
    exchange = ccxt_sandbox.exchange("binance", "pro")
    assert asyncio.run(exchange.watch_ticker(SYMBOL))["last"]


def test_faults_and_accounts(ccxt_sandbox):
    ccxt_sandbox.account("kraken", "maker", {"USDT": "1000000"})
    exchange = ccxt_sandbox.exchange("kraken", account="maker")
    with ccxt_sandbox.fault("status", venue="kraken", status=503), pytest.raises(ccxt.ExchangeNotAvailable):
        exchange.fetch_balance()
    assert exchange.fetch_balance()["USDT"]["free"] == 1_000_000


@pytest.mark.ccxt_sandbox(
    venues=["kraken", "bitmart2"], clock="frozen", accounts={"kraken/mine": {"USDT": 7}}
)
def test_venues_of_the_marker(ccxt_sandbox):
    assert list(ccxt_sandbox.describe()["venues"]) == ["bitmart2", "kraken"]
    exchange = ccxt_sandbox.exchange("kraken", account="mine")
    assert exchange.milliseconds() == ccxt_sandbox.now()
    assert exchange.fetch_balance()["USDT"]["total"] == 7
    assert ccxt_sandbox.exchange("binance").fetch_ticker(SYMBOL)[
        "last"
    ]  # it has no sandbox that was left out


ROWS = [[1_699_999_980_000, 10, 12, 9, 11, 5], [1_700_000_040_000, 11, 13, 10, 12, 5]]


@pytest.mark.ccxt_sandbox(candles={"binance:BTC/USDT": ROWS}, start_ms=1_700_000_040_000, clock="frozen")
def test_candles_of_the_marker(ccxt_sandbox):
    exchange = ccxt_sandbox.exchange("binance")
    assert exchange.fetch_ticker(SYMBOL)["last"] == 11
    ccxt_sandbox.advance(minutes=1)
    assert exchange.fetch_ticker(SYMBOL)["last"] == 12


def test_ids_that_nobody_has(ccxt_sandbox):
    with pytest.raises(SandboxError, match=r"unknown venue 'binnance'; did you mean binance\?"):
        ccxt_sandbox.exchange("binnance")
    with pytest.raises(SandboxError, match=r"unknown venue 'bitmart3'; did you mean bitmart2?\?"):
        ccxt_sandbox.price("bitmart3", SYMBOL, 1)
    with pytest.raises(
        SandboxError, match=r"unknown venue 'q'; there are bitexasia, .*, and all ids of ccxt's"
    ):
        ccxt_sandbox.config("q")


TESTS = """
    import pytest

    @pytest.mark.ccxt_sandbox(markets={"binance": "binance.json"})
    @pytest.mark.parametrize("again", range(2))
    def test_markets_of_a_file(ccxt_sandbox, again):
        assert ccxt_sandbox.price("binance", "SOL/USDT", 150)
        exchange = ccxt_sandbox.exchange("binance")
        assert list(exchange.load_markets()) == ["SOL/USDT"]

    venues = []

    @pytest.mark.parametrize("again", range(2))
    def test_none_is_left_of_the_test_before(ccxt_sandbox, again):
        venues.append(list(ccxt_sandbox.describe()["venues"]))
        ccxt_sandbox.exchange("kraken")
        assert venues[0] == venues[-1] and "kraken" not in venues[0]

    @pytest.mark.ccxt_sandbox(markets={"bitmart2": "binance.json"})
    def test_markets_of_a_venue(ccxt_sandbox):
        pass

    @pytest.mark.ccxt_sandbox(markets={"binance": "nosuch.json"})
    def test_no_such_file(ccxt_sandbox):
        pass
"""


def test_markets_come_from_a_file_beside_the_test(pytester):
    plain = ccxt.binance().safe_market_structure(
        {
            "id": "SOLUSDT",
            "symbol": "SOL/USDT",
            "base": "SOL",
            "quote": "USDT",
            "type": "spot",
            "spot": True,
            "active": True,
            "precision": {"price": 0.01, "amount": 0.001},
            "limits": {"amount": {"min": 0.001, "max": 9000}, "cost": {"min": 5}},
        }
    )
    (pytester.path / "binance.json").write_text(json.dumps({"SOL/USDT": plain}))
    pytester.makepyfile(TESTS)
    done = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:asyncio")
    done.assert_outcomes(passed=4, errors=2)
    done.stdout.fnmatch_lines_random(
        [
            "ccxt_sandbox: markets: bitmart2 is no exchange of ccxt's that is simulated",
            "ccxt_sandbox: binance: *nosuch.json: No such file or directory",
        ]
    )
