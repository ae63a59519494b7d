"""A day of contracts with a frozen clock: live, dry, and in freqtrade's backtest of the same candles."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.clients.client_programs import Environment, RunningSandbox, running_sandbox
from tests.clients.freqtrade_bot import WIDE, problems
from tests.clients.freqtrade_commands import run_commands
from tests.clients.test_freqtrade_day import moment, tables_of

pytestmark = pytest.mark.timeout(800)

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
CANDLES = EXAMPLES / "candles" / "BTC_USDT-5m.csv"
SANDBOX = (
    *("--venue", "bitmaxfutures", "--start", "2026-03-02", "--clock", "frozen", "--fit"),
    *("--account", "config:USDT=1000", "--candles", f"bitmaxfutures:BTC/USDT:USDT={CANDLES}"),
)
STRATEGY = ("--strategy", "LongAndShort", "--strategy-path", EXAMPLES / "freqtrade")
GIVEN = ("--config", EXAMPLES / "freqtrade/futures.json", "--config", EXAMPLES / "freqtrade/day.json")
MODES = {"live": (), "dry": ("--dry-run",)}
TICK = 0.25
CANDLE, MINUTE = 300_000, 60_000
FEE = 0.001
# A backtest of two days ends with what they have, and a bot in this sandbox says that it is one.
EXPECTED = "CCXT_EXT_SANDBOX is set"


class Day:
    def __init__(self, sandbox: RunningSandbox, folder: Path, log: str) -> None:
        self.sandbox = sandbox
        self.folder = folder
        self.log = log
        self.tables = tables_of(folder / "trades.sqlite")
        self.trades = self.tables["trades"][:8]


@pytest.fixture(scope="module")
def days(clients: Environment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Day]]:
    """Live and in dry run, in a sandbox each, side by side."""
    with ExitStack() as stack:
        running = {}
        for mode, more in MODES.items():
            folder = tmp_path_factory.mktemp(mode)
            sandbox = stack.enter_context(running_sandbox(clients, folder / "stderr", *SANDBOX))
            clients.run("freqtrade", "create-userdir", "--userdir", folder / "user_data", env=WIDE)
            control = sandbox.described["control"]
            output = stack.enter_context((folder / "output").open("w"))
            process = clients.start(
                *("ccxt-ext", "run", "--attach", control, "--"),
                *(clients.program("python"), EXAMPLES / "freqtrade/day.py", control, "2026-03-02 17:00"),
                *("trade", *GIVEN, "--userdir", folder / "user_data", *STRATEGY, *more),
                *("--db-url", f"sqlite:///{folder / 'trades.sqlite'}"),
                env=WIDE,
                stdout=output,
                stderr=output,
            )
            stack.callback(process.wait)
            stack.callback(process.kill)
            running[mode] = (sandbox, folder, process)
        lived = {}
        for mode, (sandbox, folder, process) in running.items():
            process.wait()
            log = (folder / "output").read_text()
            assert process.returncode == 0, log[-5000:]
            lived[mode] = Day(sandbox, folder, log)
        yield lived


@pytest.fixture(scope="module")
def backtested(clients: Environment, days: dict[str, Day]) -> list[dict[str, Any]]:
    day = days["live"]
    given = (*GIVEN, "--userdir", day.folder / "user_data")
    run_commands(
        clients,
        day.sandbox.described["control"],
        ("download-data", "--timeframes", "5m", "--timerange", "20260301-20260303", *given),
        ("backtesting", *STRATEGY, "--timerange", "20260302-20260303", *given),
    )
    [results] = (day.folder / "user_data/backtest_results").glob("*.zip")
    with zipfile.ZipFile(results) as opened:
        told = json.loads(opened.read(f"{results.stem}.json"))
    trades: list[dict[str, Any]] = told["strategy"]["LongAndShort"]["trades"]
    return trades


def test_it_passes_without_a_complaint(days: dict[str, Day]) -> None:
    for day in days.values():
        assert [line for line in problems(day.log) if EXPECTED not in line] == []


def test_the_engine_agrees_with_the_live_bot(days: dict[str, Day]) -> None:
    day = days["live"]
    truth = day.sandbox.orders("bitmaxfutures", "config")
    told = {order["order_id"]: order for order in day.tables["orders"]}
    assert told.keys() == truth.keys()
    filled = 0
    for order_id, order in told.items():
        true = truth[order_id]
        assert order["filled"] == float(true["filled"])
        if order["ft_order_side"] != "stoploss":
            assert (order["ft_order_side"], order["status"]) == (true["side"], true["status"])
        filled += order["filled"] > 0
    assert filled == 2 * 8 + 1  # the ninth trade is open
    assert days["dry"].sandbox.orders("bitmaxfutures", "config") == {}
    day.sandbox.check_ledger()


def test_the_three_differ_as_the_docs_explain(days: dict[str, Day], backtested: list[dict[str, Any]]) -> None:
    for live, dry, tested in zip(days["live"].trades, days["dry"].trades, backtested[:8], strict=True):
        assert live["is_short"] == dry["is_short"] == tested["is_short"]
        reasons = [
            each["exit_reason"].replace("stoploss_on_exchange", "stop_loss") for each in (live, dry, tested)
        ]
        assert len(set(reasons)) == 1
        assert live["liquidation_price"] == pytest.approx(dry["liquidation_price"], rel=0.005)
        for trade, latest in ((dry, CANDLE), (live, 2 * CANDLE)):
            # Into the same candle's move: at its open, or at the next looks.
            assert abs(moment(trade["open_date"]) - tested["open_timestamp"]) <= CANDLE
            assert abs(moment(trade["close_date"]) - tested["close_timestamp"]) < latest
            for rate in ("open_rate", "close_rate"):
                assert trade[rate] == pytest.approx(tested[rate], rel=0.0025)
        if moment(dry["open_date"]) == tested["open_timestamp"]:
            assert dry["open_rate"] == pytest.approx(tested["open_rate"], abs=TICK)
    # What the bots saw of funding: they held one position when it was paid, and the backtest knows of none.
    for day in days.values():
        assert [bool(trade["funding_fees"]) for trade in day.trades] == [False] * 3 + [True] + [False] * 4
    assert not any(trade["funding_fees"] for trade in backtested)


def test_the_docs_have_the_figures(days: dict[str, Day], backtested: list[dict[str, Any]]) -> None:
    page = (ROOT / "docs/freqtrade.md").read_text()
    rows = []
    for number, (live, dry, tested) in enumerate(
        zip(days["live"].trades, days["dry"].trades, backtested[:8], strict=True), start=1
    ):
        side = "short" if tested["is_short"] else "long"
        cells = [cell(trade) for trade in (renamed(tested), dry, live)]
        rows.append(f"| {number}, {side} | {' | '.join(cells)} |")
    found = re.findall(r"^\| \d, (?:long|short) \|.*\|$", page, re.MULTILINE)
    assert found == rows, "\n".join(rows)


def renamed(tested: dict[str, Any]) -> dict[str, Any]:
    return {**tested, "close_profit_abs": tested["profit_abs"]}


def cell(trade: dict[str, Any]) -> str:
    """A trade as the page has it: prices with their times, and the profit."""
    opened, closed = (
        f"{trade[f'{word}_rate']:.2f} {trade[f'{word}_date'][11:16]}" for word in ("open", "close")
    )
    return f"{opened} to {closed}, {trade['close_profit_abs']:.2f}"
