"""freqtrade trades live under faults, and is killed once: then it, its exchange and the engine agree.

`make test-clients-full` runs this for an hour and 200 trades of each bot, and shows the figures as a table.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from copy import deepcopy
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

import ccxt_ext
from tests.clients.client_programs import Environment
from tests.clients.freqtrade_live import LIVE, LiveRun, Wanted, live_run
from tests.clients.freqtrade_truth import Books, books_of, differences
from tests.clients.live_faults import Measured, unmet

FULL = os.environ.get("CLIENTS_FULL", "").split()
"""How many trades each bot is to close, and for how many seconds it is to run at least once it was killed."""

WANTED = Wanted(int(FULL[0]), int(FULL[1])) if FULL else Wanted(trades=20)
DEADLINE = 3 * 3_600 if FULL else 600

pytestmark = pytest.mark.timeout(DEADLINE + 300)

ROUND_S = 120
"""No round of a bot may take longer, whatever fails: freqtrade itself asks six times, 3 s each."""

WARM_S = 300
"""After so long a bot has used all that it uses."""


@dataclass(frozen=True)
class Seen:
    """What one bot has done, and how the world looked then."""

    books: Books
    with_stranger: Books
    """Once somebody else has placed an order with its key."""
    stranger: str
    met: Counter[str]
    kills: int
    seconds: float
    longest_round: float
    in_flight: list[Any]
    measured: list[Measured]


def lived(clients: Environment, folder: Path, name: str) -> Seen:
    with live_run(clients, folder, LIVE[name], WANTED) as run:
        run.go(DEADLINE)
        books, seconds = books_of(run), run.seconds
        (folder / "books.json").write_text(json.dumps(asdict(books), default=str))
        (folder / "differences").write_text("\n".join(differences(books)))
        stranger = strange_order(run)
        run.sandbox.check_ledger()
        return Seen(
            books=books,
            with_stranger=books_of(run),
            stranger=stranger,
            met=run.faults.met,
            kills=run.kills,
            seconds=seconds,
            longest_round=run.bot.longest_round(),
            in_flight=run.in_flight(),
            measured=run.measured,
        )


def strange_order(run: LiveRun) -> str:
    """Somebody else's, by the same key. It waits in the book."""
    exchange = getattr(ccxt_ext, run.live.id)(run.config)
    with closing(exchange.session):
        pair = run.live.pairs[0]
        bid = exchange.fetch_order_book(pair)["bids"][0][0]
        amount = exchange.load_markets()[pair]["limits"]["amount"]["min"] * 10
        return str(exchange.create_order(pair, "limit", "buy", amount, 0.9 * bid)["id"])


@pytest.fixture(scope="module")
def bots(clients: Environment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Seen]]]:
    """Those of all venues run side by side."""
    with ThreadPoolExecutor(len(LIVE)) as pool:
        yield {name: pool.submit(lived, clients, tmp_path_factory.mktemp(name), name) for name in LIVE}


@pytest.fixture(params=LIVE)
def seen(request: pytest.FixtureRequest, bots: dict[str, Future[Seen]]) -> Seen:
    return bots[request.param].result()


def test_freqtrade_its_exchange_and_the_engine_agree(seen: Seen) -> None:
    assert differences(seen.books) == []
    assert len(seen.books.trades) >= WANTED.trades
    assert not any(trade["is_open"] for trade in seen.books.trades)
    assert seen.in_flight == []


def test_it_lived_through_what_it_should(seen: Seen) -> None:
    assert seen.kills == 1
    assert unmet(seen.met) == set()
    if seen.books.is_futures:
        assert {bool(trade["is_short"]) for trade in seen.books.trades} == {True, False}


def test_no_round_takes_long(seen: Seen) -> None:
    assert seen.longest_round < ROUND_S


def test_memory_and_connections_stay_flat(seen: Seen) -> None:
    """A short run shows it of connections alone, as memory grows until all was used once."""
    assert max(each.sockets for each in seen.measured) <= 40
    if not FULL:
        return
    late = [each for each in seen.measured if each.seconds > WANTED.seconds / 2]
    first, last = late[: len(late) // 4], late[-len(late) // 4 :]
    assert mean(last, "resident_kb") < 1.03 * mean(first, "resident_kb")
    assert mean(last, "sockets") <= mean(first, "sockets") + 1


def mean(measured: list[Measured], what: str) -> float:
    return sum(getattr(each, what) for each in measured) / len(measured)


class TestDifferencesAreFound:
    """Each kind of difference, planted into what a bot has done."""

    def test_a_strange_order(self, seen: Seen) -> None:
        found = differences(seen.with_stranger)
        assert any(f"order {seen.stranger} " in text and "unknown to freqtrade" in text for text in found)
        assert any(f"order {seen.stranger} is open at the exchange" in text for text in found)

    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("fee_open", 1e-6),
            ("fee_close", 1e-6),
            ("fee_close_cost", 1e-3),
            ("open_rate", 1.0),
            ("amount", 1e-3),
            ("close_profit_abs", 1e-3),
        ],
    )
    def test_a_trade_of_other_figures(self, seen: Seen, name: str, change: float) -> None:
        books = deepcopy(seen.books)
        trade = next(trade for trade in books.trades if one_exit(trade, books))
        trade[name] += change
        assert any(text.startswith(f"trade {trade['id']} ") for text in differences(books))

    @pytest.mark.parametrize("name", ["amount", "filled", "average", "status"])
    def test_an_order_of_other_figures(self, seen: Seen, name: str) -> None:
        books = deepcopy(seen.books)
        order = next(order for order in books.told if order["filled"] and order["average"])
        order[name] = "open" if name == "status" else order[name] + 0.01
        assert any(text.startswith(f"order {order['order_id']} ") for text in differences(books))

    def test_a_missing_trade(self, seen: Seen) -> None:
        """As if freqtrade knew nothing of it: the orders are there, and the money."""
        books = deepcopy(seen.books)
        trade = books.trades.pop(0)
        books.told = [order for order in books.told if order["ft_trade_id"] != trade["id"]]
        found = differences(books)
        assert any("unknown to freqtrade" in text for text in found)
        assert any("the account has" in text for text in found)

    def test_a_fill_that_the_exchange_tells_otherwise(self, seen: Seen) -> None:
        books = deepcopy(seen.books)
        books.seen_fills[0]["amount"] *= 1.5
        assert any(text.startswith("fills of order ") for text in differences(books))

    def test_a_strange_position(self, seen: Seen) -> None:
        books = deepcopy(seen.books)
        books.positions.append({"symbol": books.trades[0]["pair"], "side": "long", "amount": 1.0})
        assert any("position long 1.0" in text for text in differences(books))


def one_exit(trade: dict[str, Any], books: Books) -> bool:
    entry = "sell" if trade["is_short"] else "buy"
    exits = [
        order
        for order in books.told
        if order["ft_trade_id"] == trade["id"] and order["ft_order_side"] != entry and order["filled"]
    ]
    return len(exits) == 1


def test_figures(bots: dict[str, Future[Seen]], capsys: pytest.CaptureFixture[str]) -> None:
    """As a table, for whoever wants to see what was done."""
    rows = [
        (
            "venue, mode",
            "trades",
            "orders",
            "faults met",
            "differences",
            "minutes",
            "longest round",
            "MB and sockets once warm",
            "in the end",
        )
    ]
    for name, bot in bots.items():
        seen = bot.result()
        warm = next((each for each in seen.measured if each.seconds > WARM_S), seen.measured[0])
        last = seen.measured[-1]
        rows.append(
            (
                name,
                str(len(seen.books.trades)),
                str(len(seen.books.orders)),
                str(seen.met.total()),
                str(len(differences(seen.books))),
                f"{seen.seconds / 60:.1f}",
                f"{seen.longest_round:.0f} s",
                *(f"{each.resident_kb / 1024:.1f}, {each.sockets}" for each in (warm, last)),
            )
        )
    with capsys.disabled():
        print()
        for row in rows:
            print("| " + " | ".join(row) + " |")
    assert len(rows) == len(LIVE) + 1
