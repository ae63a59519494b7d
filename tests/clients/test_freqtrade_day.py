"""freqtrade's sample strategy trades through a given day, three times, and in freqtrade's own backtest."""

import csv
import json
import sqlite3
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.clients.client_programs import Environment, RunningSandbox, running_sandbox
from tests.clients.freqtrade_bot import WIDE, problems

pytestmark = pytest.mark.timeout(800)

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
CANDLES = EXAMPLES / "candles" / "BTC_USDT-5m.csv"
SANDBOX = (
    *("--venue", "bitmart2", "--start", "2026-03-02", "--clock", "frozen"),
    *("--candles", f"bitmart2:BTC/USDT={CANDLES}", "--account", "config:USDT=1000"),
)
RUNS = 3
TICK = 0.01
EXPECTED = (
    "CCXT_EXT_SANDBOX is set; bitmart2: a local sandbox",
    # It leaves out the last candle that it downloads.
    "BTC/USDT, spot, 5m, data ends at 2026-03-02 23:50:00",
)


@dataclass(frozen=True)
class Day:
    """A day that the bot lived through."""

    sandbox: RunningSandbox
    folder: Path
    log: str
    tables: dict[str, list[dict[str, Any]]]
    """All that is in freqtrade's database."""


def started(clients: Environment, sandbox: RunningSandbox, folder: Path) -> "subprocess.Popen[str]":
    control = sandbox.described["control"]
    with (folder / "output").open("w") as output:
        return clients.start(
            *("ccxt-ext", "run", "--attach", control, "--"),
            *(clients.program("python"), EXAMPLES / "freqtrade" / "day.py", control, "2026-03-03"),
            *("trade", "--config", EXAMPLES / "freqtrade" / "config.json", "--userdir", folder),
            *("--strategy", "SampleStrategy", "--db-url", f"sqlite:///{folder / 'trades.sqlite'}"),
            env=WIDE,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def tables_of(database: Path) -> dict[str, list[dict[str, Any]]]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        names = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")]
        return {name: [dict(row) for row in connection.execute(f'select * from "{name}"')] for name in names}


@pytest.fixture(scope="module")
def days(clients: Environment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Day]]:
    """In a sandbox each, side by side."""
    with ExitStack() as stack:
        running = []
        for number in range(RUNS):
            folder = tmp_path_factory.mktemp(f"day-{number}")
            sandbox = stack.enter_context(running_sandbox(clients, folder / "stderr", *SANDBOX))
            clients.run("freqtrade", "create-userdir", "--userdir", folder, env=WIDE)
            process = started(clients, sandbox, folder)
            stack.callback(process.wait)
            stack.callback(process.kill)
            running.append((sandbox, folder, process))
        lived = []
        for sandbox, folder, process in running:
            process.wait()
            log = (folder / "output").read_text()
            assert process.returncode == 0, log[-5000:]
            lived.append(Day(sandbox, folder, log, tables_of(folder / "trades.sqlite")))
        yield lived


def test_each_run_makes_the_same_trades_and_the_same_profit(days: list[Day]) -> None:
    first, *others = days
    assert len(others) == 2
    for day in others:
        assert day.tables == first.tables
        assert day.sandbox.orders("bitmart2", "config") == first.sandbox.orders("bitmart2", "config")
    closed = [trade for trade in first.tables["trades"] if not trade["is_open"]]
    assert [trade["exit_reason"] for trade in closed] == ["roi", "roi"]
    assert sum(trade["close_profit_abs"] for trade in closed) > 0


def test_the_day_passes_without_a_complaint(days: list[Day]) -> None:
    for day in days:
        assert complaints(day.log) == []
        assert "2026-03-02 00:00:00" in day.log and "2026-03-02 23:59:00" in day.log


def test_the_engine_agrees_with_freqtrade(days: list[Day]) -> None:
    for day in days:
        truth = day.sandbox.orders("bitmart2", "config")
        told = {order["order_id"]: order for order in day.tables["orders"]}
        assert len(truth) == 5 and told.keys() == truth.keys()
        for order_id, order in told.items():
            true = truth[order_id]
            assert (order["ft_order_side"], order["status"]) == (true["side"], true["status"])
            for name in ("price", "amount", "filled", "cost"):
                assert order[name] == float(true[name]), name
            assert moment(order["order_filled_date"]) == int(true["updated"])
        for trade in day.tables["trades"]:
            mine = [order for order in day.tables["orders"] if order["ft_trade_id"] == trade["id"]]
            bought, *sold = (truth[order["order_id"]] for order in mine)
            assert trade["open_rate"] == float(bought["price"])
            assert (trade["fee_open"], trade["fee_open_currency"]) == (0.001, "BTC")
            assert len(sold) == (0 if trade["is_open"] else 1)
            for order in sold:
                assert trade["close_rate"] == float(order["price"])
                assert trade["fee_close_cost"] == float(order["fees"]["USDT"])
                # What freqtrade calls the profit is what came back, less the price of what it sold.
                spent = float(order["amount"]) * trade["open_rate"] * 1.001
                profit = float(order["cost"]) - trade["fee_close_cost"] - spent
                assert trade["close_profit_abs"] == pytest.approx(profit, abs=1e-7)
        check_money(day.sandbox)
        day.sandbox.check_ledger()


def check_money(sandbox: RunningSandbox) -> None:
    """What the account has is what it began with and what its trades brought."""
    have = {"USDT": Decimal(1000), "BTC": Decimal(0)}
    for trade in sandbox.control("/trades?venue=bitmart2&account=config"):
        sign = 1 if trade["side"] == "buy" else -1
        have["BTC"] += sign * Decimal(trade["amount"])
        have["USDT"] -= sign * Decimal(trade["cost"])
        have[trade["fee_currency"]] -= Decimal(trade["fee"])
    [account] = sandbox.control("/accounts?venue=bitmart2")["bitmart2"]["config"].values()
    assert {currency: Decimal(account[currency]["free"]) for currency in have} == have


@pytest.fixture(scope="module")
def backtested(clients: Environment, days: list[Day]) -> list[dict[str, Any]]:
    """The trades of freqtrade's own backtest of the same candles, as it downloads them from the sandbox."""
    day = days[0]

    def run(command: str, *more: object) -> None:
        done = clients.run(
            *("ccxt-ext", "run", "--attach", day.sandbox.described["control"], "--"),
            *(clients.program("freqtrade"), command),
            *("--config", EXAMPLES / "freqtrade" / "config.json", "--userdir", day.folder, *more),
            env=WIDE,
        )
        assert complaints(done.stdout + done.stderr) == []

    run("download-data", "--timeframes", "5m", "--timerange", "20260301-20260303")
    run("backtesting", "--strategy", "SampleStrategy", "--timerange", "20260302-20260303")
    [results] = (day.folder / "backtest_results").glob("*.zip")
    with zipfile.ZipFile(results) as opened:
        [name] = [name for name in opened.namelist() if name == f"{results.stem}.json"]
        told = json.loads(opened.read(name))
    trades: list[dict[str, Any]] = told["strategy"]["SampleStrategy"]["trades"]
    return trades


def test_the_backtest_differs_as_the_docs_explain(days: list[Day], backtested: list[dict[str, Any]]) -> None:
    with CANDLES.open() as file:
        candles = {int(row["timestamp"]): row for row in csv.DictReader(file)}
    lived = days[0].tables["trades"]
    assert len(lived) == len(backtested) == 3
    for trade, tested in zip(lived, backtested, strict=True):
        # It enters when a candle opens: there at the open, here at the best ask.
        assert moment(trade["open_date"]) == tested["open_timestamp"]
        assert tested["open_rate"] == float(candles[tested["open_timestamp"]]["open"])
        assert trade["open_rate"] == pytest.approx(tested["open_rate"] + TICK)
        if trade["is_open"]:
            assert tested["exit_reason"] == "force_exit"
            continue
        # It leaves within the same candle: there at the price that is enough, here at the next look or later.
        candle = tested["close_timestamp"]
        assert candle <= moment(trade["close_date"]) < candle + 300_000
        assert trade["exit_reason"] == tested["exit_reason"] == "roi"
        assert tested["close_rate"] <= trade["close_rate"] <= float(candles[candle]["high"])
        assert tested["profit_ratio"] <= trade["close_profit"] < tested["profit_ratio"] + 0.0005
    closed = [
        (trade, tested) for trade, tested in zip(lived, backtested, strict=True) if not trade["is_open"]
    ]
    profit, expected = (sum(values) for values in zip(*map(profits, closed), strict=True))
    assert expected < profit < 1.02 * expected

    docs = (EXAMPLES.parent / "docs" / "sandbox.md").read_text()
    rates = [trade[name] for trade in (*lived, *backtested) for name in ("open_rate", "close_rate")]
    for figure in (*rates[:5], *rates[6:11], profit, expected):
        assert f"{figure:.2f}" in docs


def profits(pair: tuple[dict[str, Any], dict[str, Any]]) -> tuple[float, float]:
    trade, tested = pair
    return trade["close_profit_abs"], tested["profit_abs"]


def test_a_clock_that_runs_is_refused(clients: Environment, tmp_path: Path) -> None:
    with running_sandbox(clients, tmp_path / "stderr", "--venue", "bitmart2") as sandbox:
        arguments = (sandbox.described["control"], "2026-03-03", "trade")
        process = clients.start(
            "python", EXAMPLES / "freqtrade" / "day.py", *arguments, stderr=subprocess.PIPE
        )
        _, told = process.communicate()
    assert (process.returncode, told) == (1, "the sandbox's clock runs; start it with --clock frozen\n")


def complaints(log: str) -> list[str]:
    return [line for line in problems(log) if not any(expected in line for expected in EXPECTED)]


def moment(told: str) -> int:
    """A time in freqtrade's database, in milliseconds since the epoch."""
    return round(datetime.fromisoformat(told).replace(tzinfo=timezone.utc).timestamp() * 1000)
