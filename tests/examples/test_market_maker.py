"""The example trades on all venues at once, is killed, comes back, meets faults, and leaves nothing open."""

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import ccxt.pro
import pytest

import ccxt_ext
from ccxt_ext.sandbox import Sandbox
from tests.ids import PRO_IDS

PROGRAM = Path(__file__).resolve().parents[2] / "examples" / "market_maker.py"
PATIENCE_S = 120
LEVELS = 2

pytestmark = pytest.mark.timeout(600)  # all that happens, happens before the first test

# What cuts a venue's book off: by default, that its stream is closed. A book that is polled has no stream.
CUTTING = {
    "btex": {"kind": "status", "status": 502, "path": "orderbook"},
    "bitmaxfutures": {"kind": "ws_close", "path": "^/api/"},
}


def placing(id: str) -> str:
    """The requests that must not be sent twice, those that place orders among them, as a pattern of paths."""

    def leaves(tree: Mapping[str, Any]) -> Iterator[str]:
        for name, entry in tree.items():
            if isinstance(entry, dict) and "cost" in entry:
                if entry.get("once"):
                    yield re.sub(r"{\w+}", "[^/]+", name)
            elif isinstance(entry, dict):
                yield from leaves(entry)

    return f"/({'|'.join(leaves(getattr(ccxt_ext, id)().api))})$"


class Bot:
    """The program on one venue, through several lives."""

    def __init__(self, id: str, box: Sandbox, folder: Path) -> None:
        self.id, self.box, self.folder = id, box, folder
        self.log = folder / f"{id}.log"
        self.journal = folder / f"{id}.json"
        self.processes: list[subprocess.Popen[bytes]] = []
        self.before: set[str] = set()  # its orders until it was killed, whatever has become of them
        self.noted: set[str] = set()  # and client ids of those that it may have been about to send
        self.left: set[str] = set()  # those that were open then

    def start(self, *options: str) -> None:
        command = [sys.executable, "-W", "error", str(PROGRAM), self.id, "--plain", "--spread", "0.1"]
        files = ["--sandbox-json", "sandbox.json", "--journal", str(self.journal)]
        with self.log.open("ab") as log:
            process = subprocess.Popen([*command, *files, *options], cwd=self.folder, stdout=log, stderr=log)
        self.processes.append(process)

    def end(self, number: signal.Signals) -> int:
        self.processes[-1].send_signal(number)
        return self.processes[-1].wait(PATIENCE_S)

    def fault(self, **details: Any) -> None:
        self.box.control("POST", "/faults", {"venue": self.id, **details})

    def orders(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = self.box.control("GET", f"/orders?venue={self.id}&account=config")
        return listed

    def placed(self) -> set[str]:
        return {order["id"] for order in self.orders()}

    def journalled(self) -> set[str]:
        rows = json.loads(self.journal.read_text()) if self.journal.exists() else []
        return {row["client_id"] for row in rows if row["client_id"]}

    def quoted_again(self) -> list[dict[str, Any]]:
        """Its orders since it was killed. Where it asks by sending an order again, that is the same one."""
        orders = [order for order in self.orders() if order["id"] not in self.before]
        return [order for order in orders if order["client_id"] not in self.noted]

    def open(self) -> set[str]:
        return {order["id"] for order in self.orders() if order["status"] == "open"}

    def told(self) -> str:
        return self.log.read_text()

    def until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert self.processes[-1].poll() is None and time.monotonic() < deadline, self.told()[-5000:]
            time.sleep(0.05)

    def until_it_tells(self, text: str) -> None:
        self.until(lambda: text in self.told())

    def until_it_quotes(self) -> None:
        """A part may be filled before it has placed all of it."""
        self.until(lambda: bool(self.open() - self.left))


@pytest.fixture(scope="module")
def bots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Bot]]:
    folder = tmp_path_factory.mktemp("market_maker")
    with Sandbox(venues=PRO_IDS, seed=3, live=True) as box:
        (folder / "sandbox.json").write_text(json.dumps(box.describe()))
        bots = {id: Bot(id, box, folder) for id in PRO_IDS}
        try:
            live_through(list(bots.values()))
            yield bots
        finally:
            for process in (process for bot in bots.values() for process in bot.processes):
                process.kill()
                process.wait()


def until_all_is_answered(box: Sandbox) -> None:
    running = box.running
    while not running.result_of(running.server.living.quiet()):
        time.sleep(0.01)


def live_through(bots: list[Bot]) -> None:
    """All that happens; the tests look at what came of it."""
    for bot in bots:
        bot.start()
    for bot in bots:
        while not bot.left:  # it may be killed just while it moves its orders
            bot.until_it_quotes()
            bot.end(signal.SIGKILL)
            until_all_is_answered(bot.box)  # what it has sent may be under way
            bot.before, bot.noted, bot.left = bot.placed(), bot.journalled(), bot.open()
            bot.start()
    for bot in bots:
        bot.until_it_quotes()
        bot.fault(kind="drop_reply", method="POST", path=placing(bot.id))
    for bot in bots:
        bot.until_it_tells("outcome unknown")
        bot.fault(**CUTTING.get(bot.id, {"kind": "ws_close"}))
    for bot in bots:
        bot.until_it_tells(" watchOrderBook: ")
    for bot in bots:
        bot.until_it_quotes()
    for bot in bots:
        bot.processes[-1].send_signal(signal.SIGTERM)
    for bot in bots:
        bot.processes[-1].wait(PATIENCE_S)


@pytest.fixture(params=PRO_IDS)
def bot(request: pytest.FixtureRequest, bots: Mapping[str, Bot]) -> Bot:
    return bots[request.param]


def test_it_ends_well_and_nothing_is_open(bot: Bot) -> None:
    assert bot.processes[-1].returncode == 0, bot.told()[-5000:]
    assert bot.open() == set()
    assert not bot.journal.exists()
    assert "Traceback" not in bot.told() and "Warning" not in bot.told()


def test_what_it_left_when_it_was_killed_is_cancelled_before_it_quotes_again(bot: Bot) -> None:
    left = [order for order in bot.orders() if order["id"] in bot.left]
    assert left and {order["status"] for order in left} <= {"canceled", "closed"}  # or others took it
    again = min(int(order["created"]) for order in bot.quoted_again())
    assert all(int(order["updated"]) <= again for order in left if order["status"] == "canceled")


def test_no_order_is_doubled(bot: Bot) -> None:
    """There was never more than one for each place in the ladder."""
    for side in ("buy", "sell"):
        orders = [order for order in bot.orders() if order["side"] == side]
        steps = [(int(order["created"]), 1) for order in orders] + [
            (int(order["updated"]), -1) for order in orders
        ]
        now = most = 0
        for _, step in sorted(steps):
            now += step
            most = max(most, now)
        assert 0 < most <= LEVELS


def test_money_and_position_are_in_bounds(bot: Bot) -> None:
    ledger = bot.box.control("GET", f"/ledger?venue={bot.id}")[bot.id]
    assert all(sums["total"] == sums["deposited"] for sums in ledger.values())
    size = max(Decimal(order["amount"]) for order in bot.orders())
    position = Decimal(0)
    for trade in reversed(bot.box.control("GET", f"/trades?venue={bot.id}&account=config")):
        position += Decimal(trade["amount"]) * (1 if trade["side"] == "buy" else -1)
        # Each of the two lives counts from what there is at its start, but for contracts.
        assert abs(position) <= 2 * 3 * LEVELS * size


def test_an_error_that_waiting_does_not_mend_ends_it_and_still_nothing_is_open(
    bots: Mapping[str, Bot],
) -> None:
    bot = bots["bitexasia"]
    bot.start()
    bot.until_it_quotes()
    bot.fault(kind="status", status=403, path=placing(bot.id), method="POST")
    assert bot.processes[-1].wait(PATIENCE_S) == 1
    assert "stopped by PermissionDenied" in bot.told()
    assert bot.open() == set()


def test_on_a_real_venue_it_wants_to_be_told(bots: Mapping[str, Bot], tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps({"apiKey": "key", "secret": "secret"}))
    done = subprocess.run(
        [sys.executable, str(PROGRAM), "btex", "--config", str(keys)], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "btex is a real venue: with --live, this trades there\n"


def test_with_real_money_it_cancels_nothing_that_it_does_not_know(bots: Mapping[str, Bot]) -> None:
    bot = bots["btex"]
    exchange = ccxt.btex(bot.box.config("btex"))
    symbol = "BTC/USDT:USDT"
    price = 0.8 * exchange.fetch_order_book(symbol)["bids"][0][0]  # where nobody comes
    id = exchange.create_order(symbol, "limit", "buy", 1, price)["id"]
    bot.start("--live")
    assert bot.processes[-1].wait(PATIENCE_S) == 1
    assert "has 1 open orders: with --adopt they are cancelled" in bot.told()
    assert bot.open() == {id}
    bot.start("--live", "--adopt", "--seconds", "1")
    assert bot.processes[-1].wait(PATIENCE_S) == 0
    assert bot.open() == set()
