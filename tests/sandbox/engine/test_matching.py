"""The engine against a slow and simple exchange that does the same with sorted lists and fractions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ccxt_ext.sandbox.engine import Engine, MarketSpec, Refused
from ccxt_ext.sandbox.engine.exact import EXACT
from tests.sandbox.engine.small_venue import engine, spec

M = "AAA_BBB"
NAMES = ("ann", "bob")
TICK = Decimal("0.1")
WORLDS = [
    spec(tick=TICK),
    spec(tick=TICK, fee_on="quote"),
    spec(tick=TICK, maker_fee=Decimal("-0.0003")),
    spec(tick=TICK, fee_on="quote", maker_fee=Decimal("-0.0003"), taker_fee=Decimal("0.00075")),
    spec(tick=TICK, maker_fee=Decimal(0), taker_fee=Decimal(0)),
]


@dataclass
class NaiveOrder:
    number: int
    account: str
    side: str
    price: Fraction
    amount: Fraction
    remaining: Fraction
    fees: dict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    cost: Fraction = Fraction(0)
    canceled: bool = False


class NaiveExchange:
    """All orders in one list, in order of arrival; everything else is worked out when needed."""

    def __init__(self, rules: MarketSpec) -> None:
        self.rules = rules
        self.orders: list[NaiveOrder] = []
        self.trades: list[tuple[int, int, Fraction, Fraction]] = []
        self.money: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
        """What an account has of a currency, held or not."""

    def standing(self, side: str) -> list[NaiveOrder]:
        """Best first."""
        sign = -1 if side == "buy" else 1
        alive = [
            order for order in self.orders if order.side == side and order.remaining and not order.canceled
        ]
        return sorted(alive, key=lambda order: (sign * order.price, order.number))

    def needs(self, side: str, price: Fraction, amount: Fraction) -> tuple[str, Fraction]:
        if side == "sell":
            return "AAA", amount
        fee = max(Fraction(self.rules.maker_fee), Fraction(self.rules.taker_fee), Fraction(0))
        return "BBB", price * amount * (1 + (fee if self.rules.fee_on == "quote" else 0))

    def held(self, account: str, currency: str) -> Fraction:
        needed = [
            self.needs(order.side, order.price, order.remaining)
            for order in self.standing("buy") + self.standing("sell")
            if order.account == account
        ]
        return sum((amount for name, amount in needed if name == currency), Fraction(0))

    def place(self, number: int, account: str, side: str, price: Fraction, amount: Fraction) -> bool:
        currency, needed = self.needs(side, price, amount)
        if self.money[account, currency] - self.held(account, currency) < needed:
            return False
        order = NaiveOrder(number, account, side, price, amount, amount)
        for other in self.standing("sell" if side == "buy" else "buy"):
            fits = other.price <= price if side == "buy" else other.price >= price
            if not fits or not order.remaining:
                break
            traded = min(order.remaining, other.remaining)
            self.trades.append((order.number, other.number, other.price, traded))
            for party, rate in ((order, self.rules.taker_fee), (other, self.rules.maker_fee)):
                self.settle(party, other.price, traded, Fraction(rate))
        self.orders.append(order)
        return True

    def settle(self, order: NaiveOrder, price: Fraction, amount: Fraction, rate: Fraction) -> None:
        cost = price * amount
        sign = 1 if order.side == "buy" else -1
        in_base = order.side == "buy" and self.rules.fee_on == "received"
        currency, fee = ("AAA", amount * rate) if in_base else ("BBB", cost * rate)
        order.remaining -= amount
        order.cost += cost
        order.fees[currency] += fee
        self.money[order.account, "AAA"] += sign * amount
        self.money[order.account, "BBB"] -= sign * cost
        self.money[order.account, currency] -= fee


class Comparison(RuleBasedStateMachine):
    made: Engine
    naive: NaiveExchange

    @initialize(world=st.sampled_from(WORLDS), wealth=st.sampled_from([Decimal(60), Decimal(5_000)]))
    def begin(self, world: MarketSpec, wealth: Decimal) -> None:
        self.made = Engine("test", [world], engine().clock, 1, journal=True)
        self.naive = NaiveExchange(world)
        for name in NAMES:
            self.made.open_account(name, {"AAA": wealth, "BBB": wealth})
            self.naive.money[name, "AAA"] = self.naive.money[name, "BBB"] = Fraction(wealth)

    @rule(
        account=st.sampled_from(NAMES),
        side=st.sampled_from(["buy", "sell"]),
        ticks=st.integers(95, 105),
        steps=st.integers(1, 60),
    )
    def place(self, account: str, side: Any, ticks: int, steps: int) -> None:
        price, amount = Decimal(ticks).scaleb(-1), Decimal(steps).scaleb(-1)
        try:
            number: int | None = self.made.place(account, M, side, price, amount).id
        except Refused as refused:
            assert refused.reason == "insufficient_funds"
            number = None
        naive_number = len(self.naive.orders) if number is None else number
        accepted = self.naive.place(naive_number, account, side, Fraction(price), Fraction(amount))
        assert accepted == (number is not None)

    @precondition(lambda self: self.naive.orders)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        naive = data.draw(st.sampled_from(self.naive.orders))
        if naive.remaining and not naive.canceled:
            self.made.cancel(naive.account, naive.number)
            naive.canceled = True
        else:
            with pytest.raises(Refused, match="not_open"):
                self.made.cancel(naive.account, naive.number)

    @rule(account=st.sampled_from(NAMES), side=st.sampled_from([None, "buy", "sell"]))
    def cancel_all(self, account: str, side: Any) -> None:
        expected = [
            order
            for order in self.naive.orders
            if order.account == account
            and order.remaining
            and not order.canceled
            and side in (None, order.side)
        ]
        canceled = self.made.cancel_all(account, M, side)
        assert [order.id for order in canceled] == [order.number for order in expected]
        for order in expected:
            order.canceled = True

    @rule(
        account=st.sampled_from(NAMES), currency=st.sampled_from(["AAA", "BBB"]), cents=st.integers(1, 9_999)
    )
    def deposit(self, account: str, currency: str, cents: int) -> None:
        self.made.deposit(account, currency, Decimal(cents).scaleb(-2))
        self.naive.money[account, currency] += Fraction(cents, 100)

    @invariant()
    def the_ledger_balances(self) -> None:
        deposited: dict[str, Decimal] = defaultdict(Decimal)
        for posting in self.made.book_keeping.journal or []:
            if posting.source[1] == "deposits":
                deposited[posting.currency] = EXACT.add(deposited[posting.currency], posting.amount)
        for currency, (total, told) in self.made.ledger().items():
            assert total == told == deposited[currency]

    @invariant()
    def the_book_never_crosses_and_shows_the_open_orders(self) -> None:
        bids, asks = self.made.markets[M].book()
        if bids and asks:
            assert bids[0].price < asks[0].price
        for side, levels in (("buy", bids), ("sell", asks)):
            expected: dict[Fraction, list[Fraction]] = {}
            for order in self.naive.standing(side):
                expected.setdefault(order.price, []).append(order.remaining)
            assert [(Fraction(level.price), Fraction(level.amount), level.count) for level in levels] == [
                (price, sum(amounts), len(amounts)) for price, amounts in expected.items()
            ]

    @invariant()
    def the_same_orders_met_at_the_same_prices(self) -> None:
        by_trade: dict[int, dict[bool, Any]] = defaultdict(dict)
        for name in NAMES:
            for fill in self.made.fills(name):
                by_trade[fill.id][fill.maker] = fill
        assert [
            (
                sides[False].order_id,
                sides[True].order_id,
                Fraction(sides[True].price),
                Fraction(sides[True].amount),
            )
            for _, sides in sorted(by_trade.items())
        ] == self.naive.trades
        trades = self.made.markets[M].trades()
        assert [trade.id for trade in reversed(trades)] == sorted(by_trade)

    @invariant()
    def the_orders_add_up(self) -> None:
        for naive in self.naive.orders:
            order = self.made.order(naive.account, naive.number)
            assert order is not None
            assert EXACT.add(order.filled, order.remaining) == order.amount
            assert (Fraction(order.remaining), Fraction(order.cost)) == (naive.remaining, naive.cost)
            assert {name: Fraction(fee) for name, fee in order.fees.items()} == dict(naive.fees)
            status = "canceled" if naive.canceled else "open" if naive.remaining else "closed"
            assert order.status == status
            fills = self.made.fills(naive.account, order_id=order.id)
            assert sum((Fraction(fill.amount) for fill in fills), Fraction(0)) == Fraction(order.filled)

    @invariant()
    def nobody_owes_and_held_is_what_the_open_orders_need(self) -> None:
        for name in NAMES:
            for currency, balance in self.made.balances(name).items():
                assert balance.free >= 0
                assert Fraction(balance.held) == self.naive.held(name, currency) >= 0
                assert Fraction(balance.free) + Fraction(balance.held) == self.naive.money[name, currency]


TestComparison = Comparison.TestCase
TestComparison.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
