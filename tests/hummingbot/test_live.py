"""hummingbot trades live under faults, and is killed once: then its database and the engine agree.

`make test-hummingbot-full` runs this for an hour each, and shows the figures as a table.
"""

import os
import pickle
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.clients.live_faults import Measured, unmet
from tests.hummingbot.hummingbot_bot import Keys
from tests.hummingbot.live_run import Wanted, live_run, tracebacks
from tests.hummingbot.live_strategies import LIVE, MARKETS
from tests.hummingbot.live_truth import Books, books_of, differences

FULL = os.environ.get("HUMMINGBOT_FULL", "")
"""For how many seconds each bot is to trade."""

WANTED = Wanted(seconds=float(FULL), soon=False) if FULL else Wanted()
DEADLINE = WANTED.seconds + 1_500

pytestmark = pytest.mark.timeout(DEADLINE)


@dataclass(frozen=True)
class Seen:
    """What one bot has done, and how the world looked then."""

    books: list[Books]
    met: Counter[str]
    kills: int
    measured: list[Measured]
    tracebacks: list[str]

    @property
    def differences(self) -> list[str]:
        return [text for books in self.books for text in differences(books)]


def lived(folder: Path, name: str, keys: Keys) -> Seen:
    with live_run(folder, LIVE[name], keys, WANTED) as run:
        run.go()
        books = books_of(run)
        (folder / "books").write_bytes(pickle.dumps(books))
        (folder / "differences").write_text("\n".join(text for each in books for text in differences(each)))
        run.sandbox.check_ledger()
        return Seen(books, run.met, run.kills, run.measured, tracebacks(run.bot.log))


@pytest.fixture(scope="module")
def bots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Seen]]]:
    """Those of all strategies run side by side."""
    keys = Keys(tmp_path_factory.mktemp("keys") / "home", *(market.connector for market in MARKETS))
    with ThreadPoolExecutor(len(LIVE)) as pool:
        yield {name: pool.submit(lived, tmp_path_factory.mktemp(name), name, keys) for name in LIVE}


@pytest.fixture(params=LIVE)
def seen(request: pytest.FixtureRequest, bots: dict[str, Future[Seen]]) -> Seen:
    return bots[request.param].result()


def test_hummingbot_and_the_engine_agree(seen: Seen) -> None:
    assert seen.differences == []
    for books in seen.books:
        assert books.fills


def test_it_lived_through_what_it_should(seen: Seen) -> None:
    assert seen.kills == 1
    assert unmet(seen.met) == set()


def test_nothing_of_ours_goes_wrong_in_its_log(seen: Seen) -> None:
    assert seen.tracebacks == []


def test_memory_and_connections_stay_flat(seen: Seen) -> None:
    """A short run shows it of connections alone, as memory grows until all was used once."""
    assert max(each.sockets for each in seen.measured) <= 40
    if not FULL:
        return
    late = [each for each in seen.measured if each.seconds > WANTED.seconds * 0.55]  # after it was killed
    first, last = late[: len(late) // 4], late[-len(late) // 4 :]
    assert mean(last, "resident_kb") < 1.03 * mean(first, "resident_kb")
    assert mean(last, "sockets") <= mean(first, "sockets") + 1


def mean(measured: list[Measured], what: str) -> float:
    return sum(getattr(each, what) for each in measured) / len(measured)


def changed_fill(**changes: Any) -> Callable[[Books], None]:
    def change(books: Books) -> None:
        fill = books.fills[0]
        fill.update({name: value(fill[name]) for name, value in changes.items()})

    return change


def missing_fill(books: Books) -> None:
    books.fills.pop()


def twice(books: Books) -> None:
    books.fills.append({**books.fills[0], "exchange_trade_id": "another"})


def stranger(books: Books) -> None:
    books.orders.pop()


def open_order(books: Books) -> None:
    next(iter(books.true_orders.values()))["status"] = "open"


def other_end(books: Books) -> None:
    order = next(row for row in books.orders if row["last_status"] == "OrderCancelled")
    order["last_status"] = "OrderFailure"


def other_fee(fee: dict[str, Any]) -> dict[str, Any]:
    return {**fee, "flat_fees": [*fee["flat_fees"], {"token": "BTC", "amount": "0.001"}]}


@pytest.mark.parametrize(
    "change",
    [
        changed_fill(price=lambda price: price + Decimal("0.01")),
        changed_fill(amount=lambda amount: amount + Decimal("0.000001")),
        changed_fill(trade_type=lambda side: "SELL" if side == "BUY" else "BUY"),
        changed_fill(trade_fee=other_fee),
        missing_fill,
        twice,
        stranger,
        open_order,
        other_end,
    ],
)
def test_differences_are_found(seen: Seen, change: Callable[[Books], None]) -> None:
    books = deepcopy(seen.books[0])
    change(books)
    assert differences(books) != []


def test_figures(bots: dict[str, Future[Seen]], capsys: pytest.CaptureFixture[str]) -> None:
    """As a table, for whoever wants to see what was done."""
    rows = [("strategy", "venue", "orders", "faults met", "fills compared", "differences", "MB, sockets")]
    for name, bot in bots.items():
        seen, live = bot.result(), LIVE[name]
        last = seen.measured[-1]
        rows.append(
            (
                live.strategy,
                live.at,
                str(sum(len(books.true_orders) for books in seen.books)),
                f"{seen.met.total()} and {seen.kills} SIGKILL",
                str(sum(len(books.true_fills) for books in seen.books)),
                str(len(seen.differences)),
                f"{last.resident_kb // 1024}, {last.sockets}",
            )
        )
    with capsys.disabled():
        print()
        for row in rows:
            print("| " + " | ".join(row) + " |")
    assert len(rows) == len(LIVE) + 1
