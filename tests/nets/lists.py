"""Markets with lists of several pages, whose rows come and go while the pages are turned.

Each order, and so each trade, has an amount of its own, by which it is known in whatever list.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import ccxt_ext
from ccxt_ext.testing.bench import Bench

PAGE = 20
ROWS = 110  # of each state at first
OPEN_CONTRACTS = 55  # positions have a limit, in which they count; no venue lists them by pages
SOME = 10  # rows that come within a moment
LATER_MS = 6000  # so that times which a venue tells in seconds say which rows came before

# So that a few rows fill several pages: what a page has at most, in the client and in the venue.
PAGES = {
    "ccxt_ext.venues.bitexbit.rest_pages_sync": ("V1_PAGE", "SURE_PAGE", "V2_PAGE"),
    "ccxt_ext.sandbox.frontends.bitexbit.v1": ("PAGE",),
    "ccxt_ext.sandbox.frontends.bitexbit.v2": ("PAGE", "LARGEST_PAGE"),
    "ccxt_ext.venues.bitmart2.rest_pages_sync": ("LARGEST_PAGE",),
    "ccxt_ext.sandbox.frontends.bitmart2.parameters": ("LARGEST_PAGE",),
    "ccxt_ext.venues.bitmaxfutures.rest_history_sync": ("LONGEST_HISTORY_PAGE",),
    "ccxt_ext.sandbox.frontends.bitmaxfutures.calls.orders": ("MOST_HISTORY",),
}

STATES = {
    "fetchOrders": ("open", "canceled", "closed"),
    "fetchOpenOrders": ("open",),
    "fetchClosedOrders": ("closed",),
    "fetchCanceledOrders": ("canceled",),
    "fetchCanceledAndClosedOrders": ("canceled", "closed"),
    "fetchTrades": ("closed",),
    "fetchMyTrades": ("closed",),
}

# The latest so many, and by the venue's documents there is no way to what came before.
ENDS = {
    ("bitmart2", "spot", "fetchTrades"): 100,
    ("btex", "spot", "fetchTrades"): 30,
    ("btex", "spot", "fetchOpenOrders"): 100,
    ("btex", "swap", "fetchTrades"): 300,
    ("bitmaxfutures", "swap", "fetchTrades"): 100,
}

TRADES = ("fetchTrades", "fetchMyTrades")
# Options that change how lists are read, by the name of what they choose, and which lists they concern.
# v1 of bitexbit tells no times of orders, and so has no pages of them.
WAYS: dict[str, dict[str, tuple[dict[str, Any], Sequence[str]]]] = {
    "bitexbit": {
        "default": ({}, tuple(STATES)),
        "v2": ({"methods": dict.fromkeys(TRADES, "v2")}, TRADES),
        "v1": ({"methods": dict.fromkeys(TRADES, "v1")}, TRADES[1:]),
    },
    "bitmart2": {"default": ({"pageSize": PAGE}, tuple(STATES))},
    "btex": {"default": ({"pageSize": PAGE}, tuple(STATES))},
    "bitmaxfutures": {
        "default": ({}, tuple(STATES)),
        "hist": ({"orderHistory": "hist"}, tuple(STATES)[:5] + TRADES[1:]),
    },
}


@dataclass(frozen=True)
class Kind:
    """A venue's type of market, and a way to read its lists."""

    id: str
    kind: str  # spot, linear or inverse
    way: str

    def __str__(self) -> str:
        return f"{self.id}-{self.kind}-{self.way}"

    @property
    def options(self) -> dict[str, Any]:
        return WAYS[self.id][self.way][0]

    @property
    def methods(self) -> Sequence[str]:
        return WAYS[self.id][self.way][1]

    @property
    def type(self) -> str:
        return "spot" if self.kind == "spot" else "swap"


def kinds() -> Iterator[Kind]:
    for id in ccxt_ext.exchanges:
        features = getattr(ccxt_ext, id)().features
        for way in WAYS.get(id, ()):
            if features.get("spot"):
                yield Kind(id, "spot", way)
            for kind in ("linear", "inverse"):
                if (features.get("swap") or {}).get(kind):
                    yield Kind(id, kind, way)


@dataclass
class Market:
    """One market, with many orders of each state."""

    of: Kind
    bench: Bench
    id: str
    symbol: str
    states: dict[Decimal, str] = field(default_factory=dict)
    times: dict[Decimal, int] = field(default_factory=dict)
    resting: dict[Decimal, int] = field(default_factory=dict)
    going: list[Decimal] = field(default_factory=list)  # of those at first, who go in time
    moments: list[int] = field(default_factory=list)  # between which rows came

    def __post_init__(self) -> None:
        self.begun = self.bench.world.clock.now() + LATER_MS // 2  # what came before is others'
        self.bench.advance(LATER_MS)
        engine = self.bench.engine
        self.spec = engine.markets[self.id].spec
        for account in ("config", "counterparty"):
            for currency in self.spec.money:
                engine.deposit(account, currency, Decimal(10) ** 12, self.spec.wallet or None)
        bid = self.bench.best(self.id, "buy")
        self.inside = bid + self.spec.tick
        self.far = bid - 200 * self.spec.tick
        self.sides = itertools.cycle((("buy", "sell"), ("sell", "buy")))  # no position grows
        assert self.far > 0 and self.inside < self.bench.best(self.id, "sell")
        least = max(self.spec.min_amount, self.spec.min_cost / self.far)
        self.steps = itertools.count(int(least / self.spec.step) + 1)

    def end_of(self, method: str) -> int | None:
        return ENDS.get((self.of.id, self.of.type, method))

    def new_amount(self) -> Decimal:
        return Decimal(self.spec.step) * next(self.steps)

    def open(self) -> Decimal:
        amount = self.new_amount()
        order = self.bench.engine.place("config", self.id, "buy", self.far, amount)
        self.resting[amount] = order.id
        return self.note(amount, "open", order)

    def cancel(self, amount: Decimal) -> None:
        order = self.bench.engine.cancel("config", self.resting.pop(amount))
        self.note(amount, "canceled", order)

    def fill(self) -> Decimal:
        amount = self.new_amount()
        ours, theirs = next(self.sides)
        self.bench.engine.place("counterparty", self.id, theirs, self.inside, amount)
        order = self.bench.engine.place("config", self.id, ours, self.inside, amount)
        return self.note(amount, "closed", order)

    def note(self, amount: Decimal, state: str, order: Any) -> Decimal:
        assert order.status == state
        self.states[amount] = state
        self.times[amount] = order.created
        return amount

    def fill_up(self) -> None:
        """Rows of all states in turn, so that each list has them all along its time."""
        for number in range(1, ROWS + 1):
            self.fill()
            self.cancel(self.open())
            if not self.spec.is_contract or number % (ROWS // OPEN_CONTRACTS) == 0:
                self.open()
            if number % SOME == 0:
                self.moments.append(self.bench.world.clock.now() + LATER_MS // 2)
                self.bench.advance(LATER_MS)
        self.going = [amount for place, amount in enumerate(self.resting) if place % 3]

    def happen(self, in_the_middle: bool) -> None:
        """What happens while pages are turned: some come, and some go."""
        self.fill()
        self.cancel(self.open())
        newest = next(reversed(self.resting))
        self.open()
        self.cancel(newest)
        self.going = [amount for amount in self.going if amount in self.resting]
        if in_the_middle and self.going:
            self.cancel(self.going.pop(len(self.going) // 2))
            self.open()

    def count(self, states: tuple[str, ...], first: int, last: int) -> int:
        return sum(state in states and first <= self.times[a] <= last for a, state in self.states.items())
