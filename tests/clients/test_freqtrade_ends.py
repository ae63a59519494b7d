"""Both ends of the releases of freqtrade that our classes fit, and releases that they do not fit."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ccxt_ext.integrations.freqtrade.fit import NEWEST, OLDEST, numbers
from ccxt_ext.plugins import ours
from tests.clients.client_programs import Environment, running_sandbox
from tests.clients.freqtrade_bot import WIDE, problems
from tests.clients.freqtrade_commands import HYPEROPT, run_commands, written

pytestmark = pytest.mark.timeout(400)

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "freqtrade"
REPORT = "import json; from ccxt_ext.integrations.freqtrade.report import report; print(json.dumps(report()))"


def test_both_ends_are_tried(clients: Environment, oldest: Environment) -> None:
    """All classes of ours fit, with every key of their tables; and none of the ends has moved unseen."""
    told = [
        json.loads(each.run("python", "-c", REPORT).stdout.splitlines()[-1]) for each in (oldest, clients)
    ]
    assert told[0]["release"] == OLDEST and numbers(told[1]["release"]) >= numbers(NEWEST)
    for each in told:
        assert each["warnings"] == []
        [(origin, classes)] = each["classes"].items()
        assert origin.startswith("ccxt-ext ") and classes == ours("freqtrade")


# -- the oldest -------------------------------------------------------------------------------------


def example(venue: str) -> dict[str, object]:
    config = json.loads((EXAMPLES / "futures.json").read_text())
    return {**config, "exchange": {**config["exchange"], "name": venue}}


def test_the_oldest_lists_backtests_optimizes_and_trades_dry(oldest: Environment, tmp_path: Path) -> None:
    strategy = ("--strategy", "LongAndShort", "--strategy-path", EXAMPLES)
    database = tmp_path / "trades.sqlite"
    looks = {"process_throttle_secs": 1, "heartbeat_interval": 2}
    (tmp_path / "btex").mkdir()
    btex = written(tmp_path / "btex", example("btex"))
    given = written(tmp_path, {**example("bitmaxfutures"), "internals": looks})
    with running_sandbox(
        oldest, tmp_path / "stderr", "--venue", "bitmaxfutures", "--venue", "btex"
    ) as sandbox:
        _, _, dry, *listed, _, backtest, hyperopt = run_commands(
            oldest,
            sandbox.described["control"],
            ("create-userdir", *given[2:]),
            ("create-userdir", *btex[2:]),
            # A backtest leaves its process unfit to trade.
            ("trade", "--dry-run", "--db-url", f"sqlite:///{database}", *strategy, *given),
            ("list-markets", "--print-json", *given),
            ("list-markets", "--print-json", *btex),
            ("download-data", "--timeframes", "5m", "--days", "2", *given),
            ("backtesting", *strategy, *given),
            ("hyperopt", *strategy, *HYPEROPT, "--spaces", "stoploss", *given),
            stop_when="Bot heartbeat",
        )
    assert [line for line in problems(dry[1]) if "CCXT_EXT_SANDBOX is set" not in line] == []
    with closing(sqlite3.connect(database)) as connection:
        [(pair, leverage)] = connection.execute("select pair, leverage from trades").fetchall()
    assert (pair, leverage) == ("BTC/USDT:USDT", 3)
    for out, _ in listed:
        assert "BTC/USDT:USDT" in json.loads(out.splitlines()[-1])
    [total] = [line for line in backtest[0].splitlines() if line.split()[1:2] == ["LongAndShort"]]
    assert int(total.split("│")[2]) > 3
    assert re.search(r"^ *stoploss = -0\.\d+$", hyperopt[0], re.MULTILINE)


# -- releases that do not fit -----------------------------------------------------------------------

EXCHANGE = "exchange/exchange.py"
DOCTORED = {
    # Where it is, what is replaced by what, what is told, and which classes are left out, if not all.
    "an old release": (
        ["__init__.py"],
        '__version__ = "',
        '__version__ = "2026.2"  # "',
        "it is too old",
        (),
    ),
    "a method of another name": (
        [EXCHANGE],
        "load_leverage_tiers(self)",
        "load_tiers(self)",
        "there is no Exchange.load_leverage_tiers",
        (),
    ),
    "a method that we ask": (
        [EXCHANGE],
        "market_is_future(",
        "is_future(",
        "there is no Exchange.market_is_future",
        (),
    ),
    "a key of another name": (
        [EXCHANGE, "exchange/exchange_types.py"],
        "mark_ohlcv_price",
        "mark_candles",
        "knows no 'mark_ohlcv_price'",
        ("Bitmaxfutures", "Btex"),
    ),
    "a table of another name": (
        [EXCHANGE],
        "_ft_has_futures",
        "_ft_in_futures",
        "there is no Exchange._ft_has_futures",
        ("Btex",),
    ),
}


@pytest.mark.parametrize("what", DOCTORED)
def test_what_does_not_fit_is_said_in_a_line_and_freqtrade_works_as_before(
    clients: Environment, tmp_path: Path, what: str
) -> None:
    files, before, after, reason, left_out = DOCTORED[what]
    package = doctored(clients, tmp_path, files, before, after)
    done = clients.run("python", "-c", LOOKED_UP, env={**WIDE, "PYTHONPATH": str(package.parent)})
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["file"].startswith(str(package))
    lines = [line for line in done.stderr.splitlines() if "Known to fit:" in line]
    words = [f"does not add {name} to freqtrade" for name in left_out] or ["adds no exchange to freqtrade"]
    assert len(lines) == len(words)
    for line, word in zip(lines, words, strict=True):
        assert word in line and reason in line and f": freqtrade {OLDEST} to {NEWEST}" in line
    left = set(left_out or ours("freqtrade"))
    assert set(ours("freqtrade")) & set(told["listed"]) == set(ours("freqtrade")) - left
    assert (told["binance"], told["btex"]) == ("Binance", "Exchange")


LOOKED_UP = """
import json
import freqtrade.exchange as package
from freqtrade.resolvers import ExchangeResolver

listed = [each["name"] for each in ExchangeResolver.search_all_objects({}, False)]
found = {name: getattr(package, name.title(), package.Exchange).__name__ for name in ("binance", "btex")}
print(json.dumps({"listed": listed, "file": package.__file__, **found}))
"""


def doctored(environment: Environment, folder: Path, files: list[str], before: str, after: str) -> Path:
    """freqtrade's package with some of its text replaced, and links to all the rest."""
    where = environment.run("python", "-c", "import freqtrade; print(freqtrade.__path__[0])").stdout.split()[
        -1
    ]
    original, package = Path(where), folder / "doctored" / "freqtrade"
    changed = {Path(file) for file in files}
    folders = {Path("."), *(file.parent for file in changed)}
    for inner in sorted(folders):
        (package / inner).mkdir(parents=True, exist_ok=True)
        for path in (original / inner).iterdir():
            place = inner / path.name
            if place in folders or path.name == "__pycache__":
                continue
            if place in changed:
                text = path.read_text()
                assert before in text
                (package / place).write_text(re.sub(rf"(?<!\w){re.escape(before)}", after, text))
            else:
                (package / place).symlink_to(path)
    return package


MISTAKEN = """
import sys
from ccxt_ext.integrations.freqtrade.btex import Btex

def additional_exchange_init(self):
    [].no_such_attribute

Btex.additional_exchange_init = additional_exchange_init
from freqtrade.main import main
main(sys.argv[1:])
"""


def test_a_mistake_in_a_class_of_ours_ends_freqtrade_with_a_message(
    clients: Environment, tmp_path: Path
) -> None:
    given = written(tmp_path, example("btex"))
    (tmp_path / "user_data").mkdir()
    process = clients.start(
        *("ccxt-ext", "run", "--sandbox", "--venue", "btex", "--", clients.program("python"), "-c", MISTAKEN),
        *("list-markets", *given),
        env=WIDE,
        stdout=-1,
        stderr=-1,
    )
    out, errors = process.communicate(timeout=200)
    assert process.returncode != 0
    [line] = [line for line in (out + errors).splitlines() if " - ERROR - " in line]
    assert "freqtrade's class Btex of ccxt-ext" in line and "has a mistake in it: AttributeError" in line
    assert "Using the generic" not in out + errors
