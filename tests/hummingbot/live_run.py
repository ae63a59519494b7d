"""A bot of hummingbot that trades live in a sandbox. Requests fail, streams are cut, it is killed once."""

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.clients.client_programs import RunningSandbox, running_sandbox
from tests.clients.live_faults import Faults, Measured, control, measured, unmet
from tests.hummingbot.hummingbot_bot import ENVIRONMENT, Bot, Keys, home
from tests.hummingbot.live_strategies import Live, Market

ACCOUNT = "bot"

TIMEOUT_MS = 10_000
"""How long ccxt waits for an answer."""

SOON = {"settle": {"takenFor": 5_000, "listedAfter": 500}}
"""Of a short run: after how long an order that is not there was not placed. The sandbox waits with none."""

HELD_BACK_MS = 1_000
"""How long an answer is held back, so that the bot can be killed before it has it."""

LATE_S = 120
"""How much longer a bot may trade until it has met each kind of fault."""

AGREED_S = 120
"""How long hummingbot may say something else than the account has."""

SETTLED_S = 150
"""How long a bot may look for an order of unknown outcome."""


Told = dict[str, tuple[float, float]]
"""What hummingbot says that it has, and what the account has: by currency."""


@dataclass(frozen=True)
class Wanted:
    seconds: float = 120.0
    """How long a bot is to trade."""
    pause: float = 3.0
    """Between two faults, on average."""
    seed: int = 1
    soon: bool = True
    """Whether it may be certain soon that an order was not placed."""

    @property
    def before_kill(self) -> float:
        """After how many seconds it is killed: in a long run early, so that it lives for long afterwards."""
        return self.seconds / (2 if self.soon else 6)


class LiveRun:
    """One bot, its sandbox, and what was seen."""

    def __init__(self, folder: Path, live: Live, sandbox: RunningSandbox, keys: Keys, wanted: Wanted) -> None:
        self.live = live
        self.sandbox = sandbox
        self.wanted = wanted
        self.folder = home(folder / "home")
        chance = random.Random(f"{wanted.seed} {live.name}")
        pause = wanted.pause * len(live.markets)
        self.faults = [
            Faults(
                sandbox,
                market.venue,
                market.places,
                market.streams,
                chance,
                pause,
                TIMEOUT_MS,
                # hummingbot's strategy places no order any more once one was refused in its second market.
                refuses=market is live.markets[0],
            )
            for market in live.markets
        ]
        self.measured: list[Measured] = []
        self.kills = 0
        self.configs = {market.venue: self._account(market) for market in live.markets}
        keys.give(self.folder, *(market.connector for market in live.markets))
        for path, config in live.files.items():
            (self.folder / "conf" / path).write_text(yaml.safe_dump(dict(config)))
        self._started = time.monotonic()
        self._away = 0.0
        """For how many seconds the bot was not there, or not back yet."""
        self._next_tie = self._started
        self.bot = self._start()

    def _account(self, market: Market) -> Any:
        opened = {"venue": market.venue, "account": ACCOUNT, "balances": dict(market.balances)}
        if market.wallet:
            opened["wallet"] = market.wallet
        config = control(self.sandbox, "POST", "/accounts", opened)["config"]
        if self.wanted.soon:
            config["options"] = {**config.get("options", {}), **SOON}
        return config

    def _start(self) -> Bot:
        return Bot(self.folder, "live", self.configs)

    @property
    def seconds(self) -> float:
        """For how long it has traded."""
        return time.monotonic() - self._started - self._away

    def engine(self, market: Market, what: str, more: str = "") -> Any:
        path = f"/{what}?venue={market.venue}&account={ACCOUNT}{more}"
        return control(self.sandbox, "GET", path)

    # -- while it runs ------------------------------------------------------------------------------

    def go(self) -> None:
        self.wait_until(self.has_orders, 300)
        self._started = time.monotonic()
        while self.seconds < self.wanted.seconds or unmet(self.met):
            assert self.bot.is_running(), self.bot.end_of_log()
            assert self.seconds < self.wanted.seconds + LATE_S, self.met
            for faults in self.faults:
                faults.turn()
            self.tie()
            self.measure()
            if not self.kills and self.seconds >= self.wanted.before_kill:
                self.kill()
            time.sleep(0.2)
        self.lift()
        pending = {*self.unsettled()}  # it goes on placing orders
        self.wait_until(lambda: pending.isdisjoint(self.unsettled()), SETTLED_S)
        self.balances = self.told_balances()
        self.bot.stop()

    def wait_until(self, reached: Callable[[], bool], seconds: float) -> None:
        def reached_now() -> bool:
            self.tie()
            return reached()

        self.bot.wait_until(reached_now, seconds)

    def has_orders(self) -> bool:
        return all(self.engine(market, "orders", "&limit=1") for market in self.live.markets[:1])

    @property
    def met(self) -> Counter[str]:
        return sum((faults.met for faults in self.faults), Counter())

    def lift(self) -> None:
        for faults in self.faults:
            faults.lift()

    def tie(self) -> None:
        """Where one strategy trades in two places, a price is the same in both, as it is in the world."""
        now = time.monotonic()
        if len(self.live.markets) < 2 or now < self._next_tie:
            return
        self._next_tie = now + 3
        first, second = self.live.markets
        book = control(self.sandbox, "GET", f"/book?venue={first.venue}&market={first.symbol}")
        if book["bids"] and book["asks"]:
            price = (float(book["bids"][0][0]) + float(book["asks"][0][0])) / 2
            body = {"venue": second.venue, "market": second.symbol, "price": f"{price:.2f}", "over_ms": 1_000}
            control(self.sandbox, "POST", "/price", body)

    def measure(self) -> None:
        if self.measured and self.seconds < self.measured[-1].seconds + 5:
            return
        now = measured(self.bot.pid, self.seconds)
        if now is not None:
            self.measured.append(now)

    def kill(self) -> None:
        """Kill it when an order of its is on the venue and its answer is not there; and start it again."""
        self.lift()
        market = self.live.markets[0]
        held = {"venue": market.venue, "kind": "latency", "method": "POST", "path": market.places}
        held |= {"ms": HELD_BACK_MS, "count": 1000}
        control(self.sandbox, "POST", "/faults", held)
        self.wait_until(lambda: bool(self.unknown_orders(market)), 200)
        self.bot.kill()
        self.kills += 1
        killed = time.monotonic()
        control(self.sandbox, "DELETE", "/faults")
        time.sleep(2)  # fills go on
        self.bot = self._start()
        before = len(self.engine(market, "orders", "&limit=1000000"))
        self.wait_until(lambda: len(self.engine(market, "orders", "&limit=1000000")) > before, 300)
        self._away += time.monotonic() - killed

    def unknown_orders(self, market: Market) -> list[str]:
        """Those on the venue of which hummingbot knows nothing yet."""
        known = {row["exchange_order_id"] for row in self.bot.orders()}
        rows = self.engine(market, "orders", "&limit=20")
        return [row["id"] for row in rows if row["symbol"] == market.symbol and row["id"] not in known]

    def unsettled(self) -> list[str]:
        """Orders of which hummingbot does not know yet whether they were placed, or that they have ended, by
        its notes: the answer to a cancel may be held back as well."""
        noted = self.bot.states()
        found = []
        for market in self.live.markets:
            rows = self.engine(market, "orders", "&limit=1000000")
            not_known = {None, "None", *(row["id"] for row in rows if row["status"] != "open")}
            orders = noted.get(market.connector, {})
            found += [id for id, order in orders.items() if order["exchange_order_id"] in not_known]
        return found

    def told_balances(self) -> dict[str, Told]:
        """What hummingbot says that it has, and what the account had, by connector and currency.

        Both change all the time, and hummingbot asks from time to time. So what it says has to be what the
        account had at one moment; and then what it had at one after that, as what it says follows.
        """
        found = {}
        for market in self.live.markets:
            for _ in range(2):
                found[market.connector] = self.agreed(market)
        return found

    def agreed(self, market: Market) -> Told:
        """What hummingbot says now, beside what is nearest to it of all that the account had meanwhile."""
        end = time.monotonic() + AGREED_S
        had = [self.totals(market)]
        while True:
            said = self.bot.status()["balances"].get(market.connector, {})
            for _ in range(10):  # it may say what the account had between two looks
                had.append(self.totals(market))
                time.sleep(0.05)
            told = [
                {currency: (said.get(currency, 0.0), amount) for currency, amount in each.items()}
                for each in had
            ]
            nearest = min(told, key=off_by)
            if off_by(nearest) < 1e-8 or time.monotonic() > end:
                return nearest

    def totals(self, market: Market) -> dict[str, float]:
        rows = self.balance(market).items()
        return {currency: float(row["total"]) for currency, row in rows if currency in market.balances}

    def balance(self, market: Market) -> Any:
        return self.engine(market, "balance", f"&wallet={market.wallet}" if market.wallet else "")


def off_by(told: Told) -> float:
    return max(abs(one - other) for one, other in told.values())


OURS = re.compile(r"ccxt_ext/|packages/ccxt/")
EXPECTED = (
    # hummingbot shows where an order went that the venue has refused, as one that closes more than there is.
    re.compile(r"Error submitting .*\nccxt\.base\.errors\.(InvalidOrder|InsufficientFunds)", re.DOTALL),
    # And where a loop of its own was, which it goes on with, when a connection was lost.
    re.compile(r" - NETWORK - .*\nccxt\.base\.errors\.(RequestTimeout|ExchangeNotAvailable)", re.DOTALL),
)
FORGOTTEN = re.compile(r"Unclosed|never (awaited|retrieved)")
ENTRY = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ - ")


def tracebacks(log: str) -> list[str]:
    """Those in which our code or ccxt's is named, and what else shows that something was forgotten."""
    entries: list[list[str]] = [[]]
    for line in log.splitlines():
        if ENTRY.match(line):
            entries.append([])
        entries[-1].append(line)
    texts = ["\n".join(lines) for lines in entries]
    ours = [text for text in texts if "Traceback" in text and OURS.search(text)]
    return [
        *(text for text in ours if not any(expected.search(text) for expected in EXPECTED)),
        *filter(FORGOTTEN.search, texts),
    ]


@contextmanager
def live_run(folder: Path, live: Live, keys: Keys, wanted: Wanted) -> Iterator[LiveRun]:
    venues = [word for market in live.markets for word in ("--venue", market.venue)]
    options = ("--live", "--prices", "common", "--seed", wanted.seed, *venues)
    with running_sandbox(ENVIRONMENT, folder / "sandbox-stderr", *map(str, options)) as sandbox:
        run = LiveRun(folder, live, sandbox, keys, wanted)
        try:
            yield run
        finally:
            run.bot.kill()
            run.bot.keep()
