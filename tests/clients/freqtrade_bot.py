"""freqtrade as a program: its configuration, its bots, and what their logs and databases say."""

import json
import re
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.clients.client_programs import Environment
from tests.clients.client_venues import ClientVenue

STRATEGIES = Path(__file__).parent / "strategies"
KEYS = {"apiKey": "key", "secret": "secret", "password": "password", "uid": "uid"}
WIDE = {"COLUMNS": "400"}  # tables and log lines are not wrapped
STACKS = {"PYTHONFAULTHANDLER": "1"}  # at SIGABRT, Python prints what each of its threads does

RUNNING = re.compile(
    r"^([\d-]+ [\d:]+),\d+ - freqtrade\.worker - INFO - Changing state to: RUNNING$", re.MULTILINE
)
ROUND = re.compile(rb"Throttling with .*: sleep for ([\d.]+) s, last iteration took ([\d.]+) s")
HEARTBEAT = re.compile(r"Bot heartbeat\. .*state='RUNNING'")
_PROBLEM = re.compile(r" - (WARNING|ERROR|CRITICAL) - |Traceback|Unclosed|requires to release|Warning: ")
_EXPECTED = (
    # It says so of every exchange that is not on its own list.
    "is known to the ccxt library, available for the bot, but not officially supported",
    "`force_entry_enable` RPC message enabled.",
    # Python ignores them, but where two threads of freqtrade's have changed what is ignored at one moment.
    "Pandas4Warning: The inplace keyword",
    "UnsupportedFieldAttributeWarning: The 'alias' attribute",
)


def settings(
    row: ClientVenue, config: Mapping[str, Any], dry_run: bool = True, mode: str | None = None
) -> dict[str, Any]:
    """freqtrade's configuration, out of what a ccxt class would be given."""
    mode = mode or row.modes[0]
    ccxt_config = {name: value for name, value in config.items() if name not in KEYS}
    ccxt_config["options"] = {**ccxt_config.get("options", {}), **row.options}
    return {
        "initial_state": "running",
        "dry_run": dry_run,
        "dry_run_wallet": 100 * row.stake_amount,
        "trading_mode": mode,
        **({"margin_mode": "isolated"} if mode == "futures" else {}),
        "stake_currency": row.stake_currency,
        "stake_amount": row.stake_amount,
        "max_open_trades": len(row.pairs),
        "timeframe": row.timeframes[0],
        # From deep in the book, so that an order is filled although others trade.
        "entry_pricing": {"price_side": "other", "use_order_book": True, "order_book_top": 5},
        "exit_pricing": {"price_side": "other", "use_order_book": True, "order_book_top": 5},
        "pairlists": [{"method": "StaticPairList"}],
        "internals": {"process_throttle_secs": 2, "heartbeat_interval": 5},
        "exchange": {
            **{theirs: config[ours] for ours, theirs in KEYS.items() if ours in config},
            "ccxt_config": ccxt_config,
            "pair_whitelist": list(row.pairs),
        },
    }


def list_exchanges(environment: Environment, env: Mapping[str, str] = {}) -> dict[str, str]:
    """What `freqtrade list-exchanges --all` says against each."""
    printed = environment.run("freqtrade", "list-exchanges", "--all", env={**WIDE, **env}).stdout
    rows = [[cell.strip() for cell in line.strip("│").split("│")] for line in printed.splitlines()]
    return {row[1]: row[3] for row in rows if len(row) == 4}


class Freqtrade:
    """Its commands for one venue, with a folder for what it writes."""

    def __init__(
        self, environment: Environment, folder: Path, venue: str, settings: Mapping[str, Any]
    ) -> None:
        self.environment = environment
        self.folder = folder
        self.venue = venue
        self.log = ""
        """What the latest command logged."""
        self.environment.run("freqtrade", "create-userdir", "--userdir", folder)
        (folder / "config.json").write_text(
            json.dumps({**settings, "exchange": {"name": venue, **settings["exchange"]}})
        )

    def arguments(self, command: str, *more: object) -> tuple[object, ...]:
        return (command, "--config", self.folder / "config.json", "--userdir", self.folder, *more)

    def run(self, command: str, *more: object, expected: Sequence[str] = ()) -> str:
        """Run a command that must end well and with no complaint but those that are expected; returns what
        it printed."""
        done = self.environment.run("freqtrade", *self.arguments(command, *more), env=WIDE, timeout=100)
        self.log = done.stderr
        told = problems(done.stdout + done.stderr)
        complaints = [line for line in told if not any(each in line for each in expected)]
        assert complaints == [], complaints
        return done.stdout

    def bot(self, *more: object, **options: Any) -> "Bot":
        return Bot(self, *more, **options)


class Rounds:
    """What a bot's log tells of its rounds. It is read on from where it was read last, as it may be long."""

    PAUSE_S = 0.3
    """A shorter one is no pause in which a bot can be stopped."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._read = 0
        self._number = self._pauses = 0
        self._longest = 0.0

    def _read_on(self) -> None:
        with self._log.open("rb") as log:
            log.seek(self._read)
            text = log.read()
        whole = text[: text.rfind(b"\n") + 1]
        self._read += len(whole)
        for pause, taken in ROUND.findall(whole):
            self._number += 1
            self._pauses += float(pause) >= self.PAUSE_S
            self._longest = max(self._longest, float(taken))

    @property
    def number(self) -> int:
        self._read_on()
        return self._number

    @property
    def pauses(self) -> int:
        self._read_on()
        return self._pauses

    @property
    def longest(self) -> float:
        """How many seconds the longest took."""
        self._read_on()
        return self._longest


class Bot:
    """`freqtrade trade`, while it runs and after. It needs `-v` at least: then it tells of its pauses."""

    def __init__(
        self,
        program: Freqtrade,
        *more: object,
        strategy: str = "InAndOut",
    ) -> None:
        self.database = program.folder / "trades.sqlite"
        self._output = program.folder / "output"
        self._rounds = Rounds(self._output)
        arguments = program.arguments(
            "trade",
            *("--strategy", strategy, "--strategy-path", STRATEGIES),
            *("--db-url", f"sqlite:///{self.database}", *more),
        )
        with self._output.open("a") as output:
            self._process = program.environment.start(
                "freqtrade", *arguments, env=WIDE | STACKS, stdout=output, stderr=subprocess.STDOUT
            )

    @property
    def log(self) -> str:
        return self._output.read_text()

    def end_of_log(self, lines: int = 40) -> str:
        return "\n".join(self.log.splitlines()[-lines:])

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_running(self) -> bool:
        return self._process.poll() is None

    def rounds(self) -> int:
        """How many rounds are over, in all runs of this folder."""
        return self._rounds.number

    def longest_round(self) -> float:
        return self._rounds.longest

    def wait_until(self, reached: Callable[[], bool], deadline: float) -> None:
        end = time.monotonic() + deadline
        while not reached():
            assert self._process.poll() is None, self.end_of_log()
            assert time.monotonic() < end, self.end_of_log()
            time.sleep(0.5)

    def ran_for(self, seconds: float) -> bool:
        """Whether it has been trading for so long."""
        started = RUNNING.search(self.log)
        if started is None:
            return False
        since = datetime.strptime(started[1], "%Y-%m-%d %H:%M:%S")
        return (datetime.now() - since).total_seconds() > seconds

    def stop(self) -> None:
        """Between two of its rounds: in the middle of a database query it ends with an error. Ctrl-C, which
        does the same, is ignored where the tests run in the background."""
        if self._process.poll() is None:
            pauses, end = self._rounds.pauses, time.monotonic() + 20
            while self._rounds.pauses == pauses and time.monotonic() < end:
                time.sleep(0.05)
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(120)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGABRT)
            self._process.wait()
            raise AssertionError(f"It did not end:\n{self.end_of_log(200)}") from None
        finally:
            self.kill()

    def kill(self) -> None:
        """By SIGKILL: it has no time to put anything in order."""
        self._process.kill()
        self._process.wait()

    def rows(self, query: str) -> list[dict[str, Any]]:
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(query)]

    def trades(self) -> list[dict[str, Any]]:
        return self.rows("select * from trades where not is_open")

    def orders(self) -> list[dict[str, Any]]:
        return self.rows("select * from orders")


def stop_all(bots: Collection[Bot]) -> None:
    """Side by side, as each takes its time."""
    if bots:
        with ThreadPoolExecutor(len(bots)) as pool:
            list(pool.map(Bot.stop, bots))


def problems(log: str) -> list[str]:
    """The lines that a user would worry about."""
    return [
        line
        for line in log.splitlines()
        if _PROBLEM.search(line) and not any(each in line for each in _EXPECTED)
    ]


def shows(log: str, secret: str) -> bool:
    """Whether it can be read there. One of digits only must not be taken for part of a price."""
    if secret.isdigit():
        return re.search(rf"(?<![\d.]){secret}(?![\d.])", log) is not None
    return secret in log
