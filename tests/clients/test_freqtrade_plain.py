"""CCXT_EXT_FREQTRADE: plain classes for ids of ccxt's own that freqtrade has none for, each simulated."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccxt_ext.sandbox import Sandbox
from tests.clients.client_programs import Environment
from tests.clients.freqtrade_bot import WIDE, problems
from tests.clients.freqtrade_commands import run_commands, written

pytestmark = pytest.mark.timeout(300)

PAIR = "BTC/USDT:USDT"
# What the variable says of each, and what the class says of itself then.
IDS = {
    "mexc": ("mexc:isolated", "(isolated margin, no stops on the exchange)"),
    "phemex": ("phemex:isolated:triggerPrice", "(isolated margin, stops by triggerPrice)"),
    "xt": ("xt:isolated", "(isolated margin, no stops on the exchange)"),
}
ASKED = {**WIDE, "CCXT_EXT_FREQTRADE": ",".join(word for word, _ in IDS.values())}
EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "freqtrade"


@pytest.fixture(scope="module")
def simulated() -> Iterator[Sandbox]:
    with Sandbox(venues=[], simulated=list(IDS), seed=1) as box:
        yield box


def settings(id: str, margin_mode: str) -> dict[str, object]:
    prices = {"price_side": "other", "use_order_book": True, "order_book_top": 1}
    return {
        "dry_run": True,
        "trading_mode": "futures",
        "margin_mode": margin_mode,
        "stake_currency": "USDT",
        "stake_amount": 300,
        "max_open_trades": 1,
        "entry_pricing": prices,
        "exit_pricing": prices,
        "pairlists": [{"method": "StaticPairList"}],
        "exchange": {"name": id, "pair_whitelist": [PAIR]},
    }


def test_markets_are_listed_candles_backtested_and_stops_placed(
    clients: Environment, simulated: Sandbox, tmp_path: Path
) -> None:
    live = written(tmp_path, {**settings("phemex", "isolated"), "dry_run": False, "initial_state": "running"})
    strategy = ("--strategy", "LongAndShort", "--strategy-path", str(EXAMPLES))
    commands: list[tuple[object, ...]] = [
        ("create-userdir", "--userdir", tmp_path / "user_data"),
        ("trade", "--db-url", f"sqlite:///{tmp_path / 'trades.sqlite'}", *strategy, *live),
    ]
    for id, (word, _) in IDS.items():
        (tmp_path / id).mkdir()
        given = written(tmp_path / id, settings(id, word.split(":")[1]))
        given = (*given[:2], "--userdir", str(tmp_path / "user_data"))
        commands += [
            ("list-markets", "--print-json", *given),
            ("download-data", "--timeframes", "5m", "--days", "1", *given),
            ("backtesting", *strategy, *given),
        ]
    stopped = "stoploss market order added"
    control = simulated.describe()["control"]
    told = run_commands(clients, control, *commands, env=ASKED, stop_when=stopped)[2:]
    orders = simulated.control("GET", "/orders?venue=phemex")
    assert [bool(order["trigger_price"]) for order in orders] == [True, False]
    assert [order["status"] for order in orders] == ["open", "closed"]
    for number, (id, (_, said)) in enumerate(IDS.items()):
        (listed, heard), _, (tested, _) = told[3 * number : 3 * number + 3]
        assert PAIR in json.loads(listed.splitlines()[-1])
        untested = [
            line for line in problems(heard) if "nobody has tested freqtrade with this exchange" in line
        ]
        assert len(untested) == 1 and f"{id}: nobody" in untested[0] and said in untested[0]
        [total] = [line for line in tested.splitlines() if line.split()[1:2] == ["LongAndShort"]]
        assert int(total.split("│")[2]) > 3


def test_what_cannot_be_had_is_told_in_a_line_each(clients: Environment) -> None:
    """freqtrade's own classes stay its own; and ours too."""
    words = (
        "binance:isolated, mexc btex:isolated nobody:isolated bybiteu:cross xt:isolated: phemex:isolated:by"
    )
    done = clients.run("python", "-c", LISTED, env={"CCXT_EXT_FREQTRADE": words})
    variable = "CCXT_EXT_FREQTRADE: "
    assert done.stderr.splitlines() == [
        f"{variable}freqtrade has a class for binance already, which is used",
        f"{variable}'mexc' is not understood; write ID:isolated or ID:cross, and after that :PARAMETER for "
        "stops on the exchange",
        f"{variable}freqtrade has a class for btex already, which is used",
        f"{variable}ccxt has no exchange 'nobody'",
        f"{variable}freqtrade has a class for bybiteu already, which is used",
        f"{variable}'xt:isolated:' is not understood; write ID:isolated or ID:cross, and after that "
        ":PARAMETER for stops on the exchange",
    ]
    assert done.stdout.split() == [
        "freqtrade.exchange.binance",
        "ccxt_ext.integrations.freqtrade.btex",
        "False",
        "by",
    ]


LISTED = """
import freqtrade.exchange as package
print(package.Binance.__module__, package.Btex.__module__, hasattr(package, "Mexc"))
print(package.Phemex._ft_has_futures["stop_price_param"])
"""
