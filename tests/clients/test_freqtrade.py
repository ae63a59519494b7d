"""freqtrade from PyPI, unmodified: the exchanges work in it as any of ccxt's own."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import ccxt_ext
import ccxt_ext.pro
from tests.clients.client_programs import Environment, RunningSandbox
from tests.clients.client_venues import CONTRACTS, VENUES, with_command
from tests.clients.freqtrade_bot import (
    HEARTBEAT,
    KEYS,
    Bot,
    Freqtrade,
    list_exchanges,
    problems,
    settings,
    shows,
)
from tests.ids import IDS

pytestmark = pytest.mark.timeout(400)

MINUTE = 60

REUSED = re.compile(r"reuse watch result for ([A-Z/:]+), 1m")

# With streams it says so each time when a candle has just begun and none of it has come yet.
FELL_BACK = "Couldn't reuse watch"

# A trading mode makes pairs of some of the markets. Where there are spot markets only, all of them are pairs.
CHOSEN_BY_MODE = [
    (venue, mode)
    for venue in with_command("list-markets")
    if VENUES[venue].modes != ("spot",)
    for mode in VENUES[venue].modes
]


def streamed(venue: str) -> bool:
    return "watchOHLCV" in getattr(ccxt_ext.pro, venue).native


STREAMED = [venue for venue in with_command("dry-run") if streamed(venue)]


@dataclass(frozen=True)
class Bots:
    """By venue, where they work: those that only pretend to trade, those that send orders to the sandbox.

    The former have their candles by streams, where there are any.
    """

    dry: dict[str, Bot]
    real: dict[str, Bot]


@pytest.fixture(scope="module", autouse=True)
def bots(
    clients: Environment, sandbox: RunningSandbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bots]:
    """Those of all venues run side by side, and while the other tests do."""
    with ExitStack() as stack:

        def start(venue: str, account: str, dry_run: bool, *more: object) -> Bot:
            config = settings(VENUES[venue], sandbox.config(venue, account), dry_run)
            # It uses streams only if its class says so, as that of contracts does, or the user does.
            streams = dry_run and venue in STREAMED
            told = {} if venue in CONTRACTS else {"_ft_has_params": {"ws_enabled": streams}}
            config["exchange"] |= {"enable_ws": streams, **told}
            folder = tmp_path_factory.mktemp(f"{venue}-{account}") / "user_data"
            bot = Freqtrade(clients, folder, venue, config).bot(*more)
            stack.callback(bot.stop)
            return bot

        dry = {venue: start(venue, "config", True, "--dry-run", "-vv") for venue in with_command("dry-run")}
        # All that any library logs must be fit to be shown.
        real = {venue: start(venue, "counterparty", False, "-vvv") for venue in with_command("trade")}
        yield Bots(dry, real)


@pytest.fixture
def mode(venue: str) -> str:
    """freqtrade's trading mode; tests that go through several have it as a parameter."""
    return VENUES[venue].modes[0]


@pytest.fixture
def freqtrade(
    clients: Environment, sandbox: RunningSandbox, tmp_path: Path, venue: str, mode: str
) -> Freqtrade:
    config = settings(VENUES[venue], sandbox.config(venue), mode=mode)
    return Freqtrade(clients, tmp_path / "user_data", venue, config)


@pytest.fixture
def exchange(sandbox: RunningSandbox, venue: str) -> Iterator[Any]:
    exchange = getattr(ccxt_ext, venue)(sandbox.config(venue))
    with closing(exchange.session):
        yield exchange


@pytest.fixture(scope="session")
def known_exchanges(clients: Environment) -> dict[str, str]:
    return list_exchanges(clients)


@pytest.mark.parametrize("venue", IDS)
def test_exchange_is_listed_with_no_missing_feature(known_exchanges: dict[str, str], venue: str) -> None:
    reasons = known_exchanges[venue].split("; ")
    missing = [reason.removeprefix("missing: ") for reason in reasons if reason.startswith("missing: ")]
    assert missing == ([", ".join(VENUES[venue].lacks)] if VENUES[venue].lacks else [])


@pytest.mark.parametrize("venue", with_command("list-markets"))
def test_markets_are_listed(freqtrade: Freqtrade, exchange: Any) -> None:
    listed = json.loads(freqtrade.run("list-markets", "--print-json").splitlines()[-1])
    markets = exchange.load_markets().values()
    assert sorted(listed) == sorted(market["symbol"] for market in markets if market["active"])


@pytest.mark.parametrize(("venue", "mode"), CHOSEN_BY_MODE)
def test_pairs_and_timeframes_of_a_trading_mode_are_listed(
    freqtrade: Freqtrade, exchange: Any, mode: str
) -> None:
    pairs = json.loads(freqtrade.run("list-pairs", "--print-json").splitlines()[-1])
    assert sorted(pairs) == sorted(
        market["symbol"]
        for market in exchange.load_markets().values()
        if market["active"] and (market["spot"] if mode == "spot" else market["swap"] and market["linear"])
    )
    timeframes = freqtrade.run("list-timeframes", "--one-column").split()
    assert timeframes
    for timeframe in timeframes:
        assert exchange.fetch_ohlcv(pairs[0], timeframe, limit=1), timeframe


@pytest.mark.parametrize("venue", with_command("download-data"))
def test_candles_are_downloaded(freqtrade: Freqtrade, exchange: Any, venue: str) -> None:
    row = VENUES[venue]
    timeframes = row.timeframes
    freqtrade.run("download-data", "--days", "2", "--data-format-ohlcv", "json", "--timeframes", *timeframes)
    for pair in row.pairs:
        for timeframe in timeframes:
            downloaded = json.loads(candle_file(freqtrade, pair, timeframe).read_text())
            step = exchange.parse_timeframe(timeframe) * 1000
            newest = downloaded[-1][0]
            assert time.time() * 1000 - newest < 4 * step
            first = max(newest - 300 * step, downloaded[0][0])
            lately = [candle for candle in downloaded if candle[0] >= first]
            assert [candle[0] for candle in lately] == list(range(first, newest + step, step))
            told = exchange.fetch_ohlcv(pair, timeframe, since=first, limit=400)
            assert lately == [candle for candle in told if candle[0] <= newest]


@pytest.mark.parametrize("venue", STREAMED)
def test_candles_come_from_the_stream(bots: Bots, venue: str) -> None:
    bot = bots.dry[venue]
    bot.wait_until(lambda: set(REUSED.findall(bot.log)) >= set(VENUES[venue].pairs), 240)
    # Before a stream has had a whole candle, freqtrade asks over REST; from then on it does not.
    log = bot.log
    first = REUSED.search(log)
    assert first is not None
    assert len(REUSED.findall(log)) > log.count(FELL_BACK, first.end())


@pytest.mark.parametrize("venue", with_command("dry-run"))
def test_a_bot_runs_for_a_minute_in_dry_run(bots: Bots, sandbox: RunningSandbox, venue: str) -> None:
    check_run(bots.dry[venue], venue)
    assert sandbox.orders(venue, "config") == {}


@pytest.mark.parametrize("venue", with_command("trade"))
def test_a_bot_trades(bots: Bots, sandbox: RunningSandbox, venue: str) -> None:
    bot = bots.real[venue]
    check_run(bot, venue)

    truth = sandbox.orders(venue, "counterparty")
    told = {order["order_id"]: order for order in bot.orders()}
    assert told.keys() == truth.keys()
    for order_id, order in told.items():
        true = truth[order_id]
        assert (order["ft_order_side"], order["status"]) == (true["side"], true["status"])
        for name in ("price", "amount", "filled"):
            assert order[name] == float(true[name]), name
    sandbox.check_ledger()

    assert "ccxt.base.exchange - DEBUG" in bot.log
    config = sandbox.config(venue, "counterparty")
    secrets = {config[name] for name in KEYS if name in config} | sandbox.proofs(venue)
    assert [secret for secret in secrets if shows(bot.log, secret)] == []


def candle_file(freqtrade: Freqtrade, pair: str, timeframe: str) -> Path:
    folder, name = freqtrade.folder / "data" / freqtrade.venue, re.sub("[/:]", "_", pair)
    if ":" in pair:
        return folder / "futures" / f"{name}-{timeframe}-futures.json"
    return folder / f"{name}-{timeframe}.json"


def check_run(bot: Bot, venue: str) -> None:
    """It ran for a minute, bought and sold each pair twice, and had nothing to complain about."""
    pairs = sorted(2 * VENUES[venue].pairs)
    bot.wait_until(lambda: bot.ran_for(MINUTE) and len(bot.trades()) >= len(pairs), 200)
    bot.stop()
    assert problems(bot.log) == []
    assert len(HEARTBEAT.findall(bot.log)) >= 5
    trades = bot.trades()
    assert sorted(trade["pair"] for trade in trades) == pairs
    for trade in trades:
        assert trade["exit_reason"] == "held long enough"
        # Of its cost: as an order tells it, which need not tell at which prices it was filled.
        for rate in (trade["fee_open"], trade["fee_close"]):
            assert rate == pytest.approx(VENUES[venue].fee, rel=0.01)
