"""Markets with lists of several pages, whose rows come and go while the pages are turned.

Each order, and so each trade, has an amount of its own, by which it is known in whatever list.
"""

from __future__ import annotations

import contextlib
import importlib
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from unittest import mock

from ccxt_ext.testing.bench import Bench
from ccxt_ext.testing.profile import Profile, Way
from ccxt_ext.testing.wire import call

PAGE = 20  # rows, where a page can be made small
ROWS = 110  # of each state at first
LONGEST_PAGE = 500  # pages that are longer are not filled
OPEN_CONTRACTS = 55  # positions have a limit, in which they count
SOME = 10  # rows that come within a moment
LATER_MS = 6000  # so that times which a venue tells in seconds say which rows came before
PAUSE_MS = 500  # between two requests, so that they are within the venue's limit
CHANGES = 3  # times that something happens while a list is read
KINDS = ("spot", "linear", "inverse")

STATES: Mapping[str, Sequence[str]] = {
    "fetchOrders": ("open", "canceled", "closed"),
    "fetchOpenOrders": ("open",),
    "fetchClosedOrders": ("closed",),
    "fetchCanceledOrders": ("canceled",),
    "fetchCanceledAndClosedOrders": ("canceled", "closed"),
    "fetchTrades": ("closed",),
    "fetchMyTrades": ("closed",),
}


def turns_pages(exchange: Any) -> bool:
    """Our parts read whole lists. A class that is ccxt's alone may give one page of them."""
    return hasattr(exchange, "has_on")


def reads_until(exchange: Any, symbol: str, method: str) -> bool:
    """Or says that it cannot."""
    return turns_pages(exchange) or bool(exchange.feature_value(symbol, method, "until"))


@dataclass
class Lists:
    """A market's lists, as a client reads them in one of the ways that the profile names."""

    profile: Profile
    bench: Bench
    exchange: Any
    way: Way
    symbol: str
    type: str
    page: int
    """The most rows of a page."""

    @property
    def where(self) -> str:
        return f"{self.symbol} with {dict(self.way.options)}" if self.way.options else self.symbol

    @property
    def turns_pages(self) -> bool:
        return turns_pages(self.exchange)

    def has(self, method: str) -> bool:
        return bool(
            self.exchange.has_on(method, self.type) if self.turns_pages else self.exchange.has[method]
        )

    def reads_until(self, method: str) -> bool:
        return reads_until(self.exchange, self.symbol, method)

    def end_of(self, method: str) -> int | None:
        return self.profile.latest_only.get(f"{self.type}.{method}")

    def ask(self, meanwhile: Callable[[int], None], method: str, *args: Any) -> tuple[list[Any], int]:
        """What is listed, and with how many requests. `meanwhile` is called before each, with its number."""
        requests = 0

        def before(sent: Any) -> None:
            nonlocal requests
            requests += 1
            self.bench.advance(PAUSE_MS)
            meanwhile(requests)

        self.bench.before = before
        try:
            return call(self.exchange, method, *args), requests
        finally:
            self.bench.before = lambda sent: None


@contextlib.contextmanager
def small_pages(profile: Profile) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        for module, names in profile.page_sizes.items():
            for name in names:
                stack.enter_context(mock.patch.object(importlib.import_module(module), name, PAGE))
        yield


def lists_of(profile: Profile, kind: str, method: str) -> Iterator[Lists]:
    """One for each kind of market that has the list, and each way to read it."""
    for way in profile.list_ways or (Way(),):
        if way.methods and method not in way.methods:
            continue
        for group in KINDS:
            made = _lists(profile, kind, way, group, method)
            if made is not None and made.has(method):
                yield made


def _lists(profile: Profile, kind: str, way: Way, group: str, method: str) -> Lists | None:
    bench = Bench(profile.id)
    exchange = bench.exchange(kind)
    # The client's own pages can be made small by this option, where there is one.
    small = {"pageSize": PAGE} if "pageSize" in exchange.options else {}
    exchange.options = exchange.deep_extend(exchange.options, small, way.options)
    markets = call(exchange, "loadMarkets").values()
    fitting = [m for m in markets if m["active"] and (m["spot"] if group == "spot" else m[group])]
    if not fitting:
        return None
    market = fitting[0]
    exchange.options["defaultType"] = market["type"]
    page = PAGE if small or profile.page_sizes else _page(exchange, market["symbol"], method)
    return Lists(profile, bench, exchange, way, market["symbol"], market["type"], page)


def _page(exchange: Any, symbol: str, method: str) -> int:
    told = exchange.feature_value(symbol, method, "limit")
    return min(int(told), LONGEST_PAGE) if told else 100


@dataclass
class Market:
    """The engine's side: one market, and the orders in it."""

    lists: Lists
    states: dict[Decimal, str] = field(default_factory=dict)
    times: dict[Decimal, int] = field(default_factory=dict)
    resting: dict[Decimal, int] = field(default_factory=dict)
    going: list[Decimal] = field(default_factory=list)  # of those at first, who go in time
    moments: list[int] = field(default_factory=list)  # between which rows came

    def __post_init__(self) -> None:
        self.bench = self.lists.bench
        self.begun = self.bench.world.clock.now() + LATER_MS // 2  # what came before is others'
        self.bench.advance(LATER_MS)
        engine = self.bench.engine
        self.id = self.lists.exchange.market(self.lists.symbol)["id"]
        self.spec = engine.markets[self.id].spec
        self.rows = ROWS if self.lists.page == PAGE else int(self.lists.page * 2.2)
        for account in ("config", "counterparty"):
            for currency in self.spec.money:
                engine.deposit(account, currency, Decimal(10) ** 12, self.spec.wallet or None)
        bid = self.bench.best(self.id, "buy")
        self.inside = bid + self.spec.tick
        self.far = bid - 200 * self.spec.tick
        self.sides = itertools.cycle((("buy", "sell"), ("sell", "buy")))  # no position grows
        assert self.far > 0 and self.inside < self.bench.best(self.id, "sell"), "the spread leaves no room"
        least = max(self.spec.min_amount, self.spec.min_cost / self.far)
        self.steps = itertools.count(int(least / self.spec.step) + 1)

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
        for number in range(1, self.rows + 1):
            self.fill()
            self.cancel(self.open())
            if not self.spec.is_contract or number % (self.rows // OPEN_CONTRACTS) == 0:
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

    def crowd(self) -> None:
        """As much at once as a page holds."""
        for _ in range(self.lists.page):
            self.fill()
            self.cancel(self.open())

    def count(self, states: Sequence[str], first: int, last: int) -> int:
        return sum(state in states and first <= self.times[a] <= last for a, state in self.states.items())
