"""freqtrade from PyPI, unmodified, trades the contracts of the venues: backtests, dry, and for real."""

import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ccxt_ext.sandbox import Sandbox
from tests.clients.client_programs import Environment, RunningSandbox, running_sandbox
from tests.clients.client_venues import CONTRACTS, VENUES, Contracts
from tests.clients.freqtrade_api import Steered
from tests.clients.freqtrade_bot import STRATEGIES, Bot, Freqtrade, settings, stop_all
from tests.clients.freqtrade_commands import HYPEROPT
from tests.ids import IDS

pytestmark = pytest.mark.timeout(400)

FUTURES = [venue for venue in IDS if venue in CONTRACTS]
PAID_EVERY = 8 * 3_600_000


@pytest.fixture(scope="module")
def steered(
    clients: Environment, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[RunningSandbox, Sandbox]]:
    """A sandbox in which nobody else trades, and what steers it."""
    with running_sandbox(clients, tmp_path_factory.mktemp("sandbox") / "stderr") as running:
        yield running, Sandbox.connect(running.described["control"])


# -- bots that are told what to do ------------------------------------------------------------------


@dataclass(frozen=True)
class Bots:
    live: Steered
    dry: Steered


@pytest.fixture(scope="module", autouse=True)
def bots(
    clients: Environment,
    steered: tuple[RunningSandbox, Sandbox],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, Bots]]:
    """By venue. All run side by side."""
    running, _ = steered
    with ExitStack() as stack:
        running_bots: list[Steered] = []
        stack.callback(lambda: stop_all([each.bot for each in running_bots]))

        def start(venue: str, dry_run: bool) -> Steered:
            config = settings(VENUES[venue], running.config(venue), dry_run, "futures")
            config["liquidation_buffer"] = 0.0
            config["exchange"]["pair_whitelist"] = [CONTRACTS[venue].long, CONTRACTS[venue].short]
            if not CONTRACTS[venue].stops:
                config["order_types"] = {
                    **{"entry": "market", "exit": "market", "stoploss": "market"},
                    "stoploss_on_exchange": False,
                }
            folder = tmp_path_factory.mktemp(f"{venue}-{'dry' if dry_run else 'live'}") / "user_data"
            steered = Steered(clients, folder, venue, config)
            running_bots.append(steered)
            return steered

        yield {venue: Bots(start(venue, False), start(venue, True)) for venue in FUTURES}


@pytest.mark.parametrize("venue", FUTURES)
def test_bots_go_long_and_short_with_stops_and_a_restart(
    bots: dict[str, Bots], steered: tuple[RunningSandbox, Sandbox], venue: str
) -> None:
    running, sandbox = steered
    live, dry, contracts = bots[venue].live, bots[venue].dry, CONTRACTS[venue]
    for bot in (live, dry):
        bot.wait_until_it_runs()
        for pair, side, stake, leverage in zip(
            (contracts.long, contracts.short),
            ("long", "short"),
            contracts.stakes,
            contracts.leverages,
            strict=True,
        ):
            bot.api.enter(pair, side, stakeamount=stake, leverage=leverage)
    for bot in (live, dry):
        bot.wait_until(lambda bot=bot: all(is_entered(each, contracts) for each in bot.held().values()))

    positions = {each["symbol"]: each for each in sandbox.control("GET", f"/positions?venue={venue}")}
    assert set(positions) == set(live.held()) == set(dry.held()) == {contracts.long, contracts.short}
    check_positions(live.held(), dry.held(), positions, sandbox, venue, contracts)
    check_balance(live, sandbox, venue)

    before = running.orders(venue, "config")
    live.kill_and_start()
    # Where it trades dry, freqtrade goes by its stop or by the price, whichever it looks at first.
    with dry.standing_still():
        for pair, change in ((contracts.long, "-0.04"), (contracts.short, "-0.004")):
            sandbox.control(
                "POST", "/price", {"venue": venue, "market": positions[pair]["market"], "change": change}
            )
    for bot in (live, dry):
        bot.wait_until(lambda bot=bot: contracts.long not in bot.held())
        bot.api.exit(bot.held()[contracts.short]["trade_id"])
        bot.wait_until(lambda bot=bot: not bot.held())
        reasons = {pair: trade["exit_reason"] for pair, trade in bot.ended().items()}
        stopped = "stoploss_on_exchange" if contracts.stops else "stop_loss"
        assert reasons == {contracts.long: stopped, contracts.short: "force_exit"}
        assert bot.complaints() == []

    after = running.orders(venue, "config")
    assert before.keys() <= after.keys()
    assert sandbox.control("GET", f"/positions?venue={venue}") == []
    assert [order for order in after.values() if order["status"] == "open"] == []
    assert {order["order_id"] for order in live.bot.orders()} == after.keys()
    check_profits(live.bot, sandbox, venue)
    running.check_ledger()


def is_entered(trade: dict[str, Any], contracts: Contracts) -> bool:
    stops = [order for order in trade["orders"] if order["ft_order_side"] == "stoploss" and order["is_open"]]
    return bool(trade["amount"]) and not trade["has_open_orders"] and len(stops) == contracts.stops


def check_positions(
    live: dict[str, Any],
    dry: dict[str, Any],
    positions: dict[str, Any],
    sandbox: Sandbox,
    venue: str,
    contracts: Contracts,
) -> None:
    """The venue has what the bot has, and the liquidation prices are the engine's, within a step."""
    [markets] = sandbox.control("GET", f"/markets?venue={venue}").values()
    steps = {market["market"]: float(market["tick"]) for market in markets}
    for pair, leverage in zip((contracts.long, contracts.short), contracts.leverages, strict=True):
        position, trade, pretended = positions[pair], live[pair], dry[pair]
        assert (position["side"] == "short") is trade["is_short"] is pretended["is_short"]
        assert (float(position["leverage"]), position["margin_mode"]) == (leverage, "isolated")
        entry, liquidation = float(position["entry_price"]), float(position["liquidation_price"])
        step = steps[position["market"]]
        assert trade["open_rate"] == pytest.approx(entry, abs=step)
        assert trade["liquidation_price"] == pytest.approx(liquidation, abs=step)
        expected = liquidation / entry * pretended["open_rate"]
        assert pretended["liquidation_price"] == pytest.approx(expected, abs=step)


def check_balance(bot: Steered, sandbox: Sandbox, venue: str) -> None:
    """freqtrade knows what is free, and what there is with the margin of the positions."""
    told = {each["currency"]: each for each in bot.api.call("GET", "balance")["currencies"]}["USDT"]
    [wallets] = [each["config"] for each in sandbox.control("GET", f"/accounts?venue={venue}").values()]
    has = next(wallet["USDT"] for wallet in wallets.values())
    assert told["free"] == pytest.approx(float(has["free"]))
    assert told["balance"] == pytest.approx(float(has["free"]) + float(has["held"]))


def check_profits(bot: Bot, sandbox: Sandbox, venue: str) -> None:
    fills = sandbox.control("GET", f"/trades?venue={venue}&account=config")
    orders = bot.orders()
    trades = bot.trades()
    assert len(trades) == 2
    for trade in trades:
        mine = {order["order_id"] for order in orders if order["ft_trade_id"] == trade["id"]}
        flows, fees = 0.0, 0.0
        for fill in (fill for fill in fills if fill["order"] in mine):
            flows += float(fill["cost"]) * (1 if fill["side"] == "sell" else -1)
            fees += float(fill["fee"])
        assert trade["close_profit_abs"] == pytest.approx(flows - fees, abs=1e-6)


# -- what needs no bot ------------------------------------------------------------------------------


@pytest.mark.parametrize("venue", FUTURES)
def test_contracts_are_backtested(
    clients: Environment, steered: tuple[RunningSandbox, Sandbox], tmp_path: Path, venue: str
) -> None:
    """Funding is none, or that of the configuration, once for each payment."""
    config = settings(VENUES[venue], steered[0].config(venue), mode="futures")
    config |= {"futures_funding_rate": 0.0005, "timeframe": "1h"}
    config["exchange"]["pair_whitelist"] = [CONTRACTS[venue].long]
    freqtrade = Freqtrade(clients, tmp_path / "user_data", venue, config)
    freqtrade.run("download-data", "--days", "12", "--timeframes", "1h")
    strategy = ("--strategy", "BothWays", "--strategy-path", STRATEGIES)
    freqtrade.run("backtesting", *strategy, expected=EXPECTED)
    assert "tells nothing of past funding. It is reckoned by futures_funding_rate, 0.0005" in freqtrade.log
    trades = backtested(freqtrade.folder)
    assert {trade["is_short"] for trade in trades} == {True, False}
    for trade in trades:
        paid = trade["close_timestamp"] // PAID_EVERY - (trade["open_timestamp"] - 1) // PAID_EVERY
        expected = paid * 0.0005 * trade["amount"] * trade["open_rate"] * (1 if trade["is_short"] else -1)
        assert trade["funding_fees"] == pytest.approx(expected, rel=0.1)
    printed = freqtrade.run("hyperopt", *strategy, *HYPEROPT, "--spaces", "buy", expected=EXPECTED)
    assert re.search(r'"length": \d+', printed)


EXPECTED = (
    "to account for startup time",
    "result caching disabled",
    ", funding_rate, ",  # it does not know that there is none to be had
)


def backtested(folder: Path) -> list[dict[str, Any]]:
    [results] = (folder / "backtest_results").glob("*.zip")
    with zipfile.ZipFile(results) as opened:
        told = json.loads(opened.read(f"{results.stem}.json"))
    trades: list[dict[str, Any]] = told["strategy"]["BothWays"]["trades"]
    return trades
