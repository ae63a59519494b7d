"""The synthetic makers and takers of one market.

They have accounts with deposited money, and their orders go through the same book, matching and ledger as
everybody's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from random import Random
from typing import NamedTuple

from ..accounts import Account
from ..exact import EXACT, multiply, units
from ..ledger import Ledger
from ..model import MarketSpec, Order, Side
from ..trading.matching import Matching
from ..value import Valuation

MEMBERS = 4
WIDENING = 2e-5
"""How much the gap between two prices of the book grows with each price, as a share of the market's price."""
DEFAULT_TYPICAL = 50
"""If the spec has no hint, a typical order is this many times the smallest one."""


def open_members(spec: MarketSpec, ledger: Ledger) -> list[Account]:
    """Open the accounts of a crowd, with money for many orders."""
    members = [
        Account(name, {spec.wallet: ledger.open_wallet(name)}, keeps_records=False)
        for name in (f"{spec.id}:trader-{number}" for number in range(1, MEMBERS + 1))
    ]
    base = multiply(_typical_amount(spec), 10_000_000)
    if spec.is_contract:
        wealth = [(spec.settle, Valuation(spec).value(spec.start_price, base))]
    else:
        wealth = [(spec.base, base), (spec.quote, multiply(base, spec.start_price))]
    for account in members:
        for currency, amount in wealth:
            ledger.deposit(account.wallet, currency, _next_power_of_ten(amount))
    return members


class BookShape(NamedTuple):
    """What the makers keep in the book."""

    levels: int = 45
    """How many prices they have orders at, on each side."""
    width: float = 0.0
    """The distance of the best prices, as a share of the price. At 0, it is a few ticks."""
    size: float = 1.0
    """How large their orders are, beside the usual ones."""

    @property
    def most_levels(self) -> int:
        """With more than these, they take back what is farthest."""
        return self.levels + self.levels // 3


class Crowd:
    """The traders of a market, and how they choose the sizes of their orders."""

    def __init__(
        self,
        accounts: Sequence[Account],
        matching: Matching,
        ledger: Ledger,
        seed: str,
        first_order_id: int,
    ) -> None:
        spec = matching.spec
        self.accounts = accounts
        self.seed = seed
        self.next_order_id = first_order_id
        self.matching = matching
        self.shape = BookShape()
        self._ledger = ledger
        self.per_step = 1
        """The makers' prices are multiples of so many ticks."""
        self.home_ticks = 1
        """The price around which they trade at present."""
        self._use(spec)

    def change(self, spec: MarketSpec, per_step: int, finer: int) -> None:
        """Go by other rules. `finer` is how many of the new ticks an old one is."""
        home_ticks, self.per_step = self.home_ticks * finer, per_step
        self._use(spec)
        self.home_ticks = home_ticks

    def _use(self, spec: MarketSpec) -> None:
        self._typical_steps = max(1, int(EXACT.divide_int(_typical_amount(spec), spec.step)))
        self._least_steps, self._most_steps = spec.steps_range
        self.start_at(spec)

    def start_at(self, spec: MarketSpec) -> None:
        """Go by a spec that differs in its start price."""
        self.spec = spec
        self.start_ticks = units(spec.start_price, spec.tick) or 1
        self.home_ticks = self.start_ticks

    def on_steps(self, side: Side, ticks: int) -> int:
        """The next price away from the other side that makers may have, in ticks."""
        per_step = self.per_step
        return ticks // per_step * per_step if side == "buy" else -(-ticks // per_step) * per_step

    def refit(self, orders: Sequence[Order], now: int) -> None:
        """Place orders of the makers anew that do not fit the steps any more."""
        members = {account.name: number for number, account in enumerate(self.accounts)}
        for order in orders:
            if order.account not in members:
                continue
            ticks, steps = self.on_steps(order.side, order.ticks), units(order.remaining, self.spec.step)
            if ticks == order.ticks and steps is not None:
                continue
            member = members[order.account]
            self.matching.withdraw(order, self.accounts[member], now)
            steps = max(1, int(EXACT.divide_int(order.remaining, self.spec.step)))
            if ticks:
                self.place(member, order.side, ticks, steps, now)

    def random(self, purpose: str) -> Random:
        return Random(f"{self.seed}:{purpose}")

    def steps(self, rng: Random, factor: float = 1.0) -> int:
        """A random order size, in amount steps."""
        steps = int(self._typical_steps * factor * (0.1 + rng.expovariate(1.0)))
        return min(max(steps, self._least_steps), self._most_steps)

    def half_width(self, ticks: int, rng: Random | None = None) -> int:
        """How many ticks the best prices are away from this one. Without `rng`, the least it can be."""
        if self.shape.width:
            return max(1, round(ticks * self.shape.width / 2))
        return 1 if rng is None else 1 + int(rng.random() * 3)

    def place(self, member: int, side: Side, ticks: int, steps: int, now: int) -> tuple[Order, Account]:
        order, account = self.order(member, side, ticks, steps, now)
        self.matching.submit(order, account, now)
        return order, account

    def order(self, member: int, side: Side, ticks: int, steps: int, now: int) -> tuple[Order, Account]:
        """A new order, not placed yet, of a member who has the money for it."""
        spec = self.spec
        account = self.accounts[member]
        price, amount = multiply(spec.tick, ticks), multiply(spec.step, steps)
        currency, needed = self.matching.settlement.hold(side, price, amount)
        if account.wallet.free.get(currency) < needed:
            self._ledger.deposit(account.wallet, currency, _next_power_of_ten(needed))
        order = Order(
            self.next_order_id,
            account.name,
            None,
            spec.id,
            side,
            "limit",
            price,
            amount,
            amount,
            now,
            now,
            ticks,
        )
        self.next_order_id += 1
        return order, account

    def ladder(self, rng: Random, side: Side, best_ticks: int, levels: int) -> Iterator[tuple[int, int]]:
        """Prices and sizes of resting orders, from `best_ticks` on away from the other side.

        Near it, orders are dense and small; farther away, they are sparse and large. Some prices have
        several.
        """
        ticks, per_step = self.on_steps(side, best_ticks), self.per_step
        for depth in range(levels):
            if ticks < 1:
                return
            for _ in range(1 + int(3 * rng.random() ** 2)):
                yield ticks, self.steps(rng, (1 + depth / 10) * self.shape.size)
            gap = 1 + int(rng.random() * (2 + depth * self.home_ticks / per_step * WIDENING))
            ticks += per_step * (gap if side == "sell" else -gap)

    @property
    def reach(self) -> int:
        """How many ticks such orders reach, about."""
        levels = self.shape.levels
        return int(levels * (2 * self.per_step + levels * self.home_ticks * WIDENING / 4))


def _typical_amount(spec: MarketSpec) -> Decimal:
    return spec.typical_amount or multiply(spec.min_amount, DEFAULT_TYPICAL)


def _next_power_of_ten(amount: Decimal) -> Decimal:
    return Decimal(1).scaleb(amount.adjusted() + 1)
