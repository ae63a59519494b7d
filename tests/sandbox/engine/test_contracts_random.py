"""Random traders in contract markets: whatever they do, money and contracts add up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ccxt_ext.sandbox.engine import (
    MAINTENANCE_AT_ENTRY,
    Collateral,
    Engine,
    MarketSpec,
    Order,
    Refused,
    Side,
    Tier,
)
from ccxt_ext.sandbox.engine.accounts import Account
from ccxt_ext.sandbox.engine.contracts.order_margins import OrderMargins
from ccxt_ext.sandbox.engine.exact import EXACT, add
from ccxt_ext.sandbox.engine.model import SIDES
from tests.sandbox.engine.small_venue import HOUR, START_MS, HandClock, contract, spec

NAMES = ("ann", "bob", "eve")
WHALES = ("orca", "blue")
"""Rich enough to move any price."""
TIERS = (
    Tier(Decimal("0.5"), Decimal("0.01"), Decimal("0.005")),
    Tier(Decimal(2), Decimal("0.05"), Decimal("0.02")),
    Tier(None, Decimal("0.1"), Decimal("0.05")),
)
DEAR_TIERS = tuple(
    tier._replace(max_notional=tier.max_notional and 4000 * tier.max_notional) for tier in TIERS
)
FEES = {"maker_fee": Decimal("-0.0005"), "taker_fee": Decimal("0.0015")}
EXPIRY = START_MS + 50 * HOUR
INVERSE = contract(tiers=TIERS, liquidation=MAINTENANCE_AT_ENTRY, wallet="futures", **FEES)
LINEAR = contract("BTC_USDT", "linear", tiers=DEAR_TIERS, wallet="futures", basis=0.001, **FEES)
DATED = contract(
    "ETH_USDT",
    "linear",
    max_position=Decimal(300_000),
    wallet="futures",
    tiers=DEAR_TIERS,
    expiry_ms=EXPIRY,
    funding_interval_ms=None,
    settle_fee=Decimal("0.0005"),
    taker_fee=Decimal("0.0003"),
)
DATED_INVERSE = replace(
    DATED, id="ETH_USD", kind="inverse", settle="ETH", contract_size=Decimal(1), tiers=TIERS
)
SPOT = spec("BTC_USDT").__class__(
    "SPOT",
    "BTC",
    "USDT",
    tick=Decimal("0.5"),
    step=Decimal("0.001"),
    min_amount=Decimal("0.001"),
    max_amount=Decimal(10),
    start_price=Decimal(4000),
    wallet="spot",
    **FEES,
)
WORLDS: list[tuple[list[MarketSpec], dict[str, list[Collateral]]]] = [
    ([INVERSE, LINEAR, DATED, DATED_INVERSE, SPOT], {}),
    ([INVERSE, DATED_INVERSE], {}),
    (
        [LINEAR, DATED, SPOT],
        {
            "futures": [
                Collateral("USDT", Decimal(1)),
                Collateral("BTC", Decimal("0.9"), market="BTC_USDT"),
            ]
        },
    ),
]
WEALTH = {"BTC": Decimal("0.15"), "USDT": Decimal(500), "ETH": Decimal("0.15")}
EXPECTED = {
    "insufficient_funds",
    "would_cross",
    "no_price",
    "reduce_only",
    "position_mode",
    "position_limit",
    "no_position",
    "market_closed",
    "bad_leverage",
    "bad_margin_mode",
    "bad_trigger",
}

prices = st.integers(-40, 40).map(lambda number: Decimal(4000 + 10 * number))
far = st.sampled_from([2800, 3200, 3500, 3700, 3900, 4100, 4300, 4500, 5000, 6000]).map(Decimal)
near = st.integers(-6, 6).map(lambda number: Decimal(4000 + 10 * number))
amounts = st.integers(1, 4000).map(Decimal) | st.sampled_from([Decimal(1000), Decimal(2500)])
leverages = st.sampled_from([None, 3, 10, 25, 50, 100]).map(lambda number: number and Decimal(number))
sides = st.sampled_from(["buy", "sell"])
modes = st.sampled_from([None, "cross", "isolated"])


class Contracts(RuleBasedStateMachine):
    made: Engine

    @initialize(world=st.sampled_from(WORLDS))
    def begin(self, world: Any) -> None:
        markets, collaterals = world
        self.made = Engine(
            "test",
            markets,
            HandClock(),
            1,
            wallets=("futures", "spot"),
            collaterals=collaterals,
            journal=True,
        )
        self.simple = not collaterals
        self.looked_at: set[Any] = set()
        self.moved: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
        for name in NAMES:
            money = {currency: WEALTH[currency] for currency in self.made.currencies}
            self.made.open_account(name, money, {"spot": money})
            for wallet in ("futures", "spot"):
                for currency, amount in money.items():
                    self.moved[name, wallet, currency] = amount
        for name in WHALES:
            money = {currency: Decimal(10**9) for currency in self.made.currencies}
            self.made.open_account(name, money, {"spot": money})

    def attempt(self, call: Any, *given: Any, **more: Any) -> Any:
        try:
            return call(*given, **more)
        except Refused as refused:
            assert refused.reason in EXPECTED, refused
            return None

    def amount(self, market: str, amount: Decimal) -> Decimal:
        return amount.scaleb(-3) if market == "SPOT" else amount

    @rule(
        data=st.data(),
        name=st.sampled_from(NAMES),
        side=sides,
        price=prices,
        amount=amounts,
        kind=st.sampled_from(["GTC", "GTC", "GTC", "IOC", "FOK", "market", "post", "stop", "stop-market"]),
        leverage=leverages,
        mode=modes,
        reduce=st.sampled_from([False, False, False, True]),
    )
    def place(
        self,
        data: st.DataObject,
        name: str,
        side: Any,
        price: Decimal,
        amount: Decimal,
        kind: str,
        leverage: Any,
        mode: Any,
        reduce: bool,
    ) -> None:
        market = data.draw(st.sampled_from(list(self.made.markets)))
        more: dict[str, Any] = {}
        if kind in ("market", "stop-market"):
            more["type"] = "market"
        elif kind in ("IOC", "FOK"):
            more["time_in_force"] = kind
        elif kind == "post":
            more["post_only"] = True
        if kind.startswith("stop"):
            more["trigger_price"] = data.draw(near)
            more["trigger_by"] = data.draw(st.sampled_from(["last", "mark", "index"]))
            more["trigger_above"] = data.draw(st.sampled_from([None, True, False]))
        if market != "SPOT":
            more |= {"leverage": leverage, "margin_mode": mode, "reduce_only": reduce}
            if data.draw(st.integers(0, 5)) == 0:
                more["stop_loss"] = data.draw(near)
                more["take_profit"] = data.draw(st.none() | near)
        self.attempt(self.made.place, name, market, side, price, self.amount(market, amount), **more)

    @rule(
        data=st.data(),
        maker=st.sampled_from(NAMES),
        taker=st.sampled_from(NAMES),
        price=prices,
        amount=amounts,
        side=sides,
    )
    def trade(
        self, data: st.DataObject, maker: str, taker: str, price: Decimal, amount: Decimal, side: Any
    ) -> None:
        """Two orders at one price: this is what moves prices."""
        market = data.draw(st.sampled_from(list(self.made.markets)))
        amount = self.amount(market, amount)
        more = {} if market == "SPOT" else {"leverage": data.draw(leverages), "margin_mode": data.draw(modes)}
        self.attempt(self.made.place, maker, market, side, price, amount, **more)
        other: Any = "sell" if side == "buy" else "buy"
        self.attempt(self.made.place, taker, market, other, price, amount, **more)

    @rule(data=st.data(), price=prices | far)
    def push(self, data: st.DataObject, price: Decimal) -> None:
        """The whales trade at a price, and clear whatever stands in their way."""
        market = data.draw(st.sampled_from(list(self.made.markets)))
        for name, side, amount in ((WHALES[0], "buy", 100_000), (WHALES[1], "sell", 200_000)):
            size = Decimal(amount) / (20_000 if market == "SPOT" else 1)
            order = self.attempt(self.made.place, name, market, side, price, size)
            if order is not None and order.status == "open" and side == "sell":
                self.made.cancel(name, order.id)

    @rule(data=st.data(), name=st.sampled_from(NAMES))
    def cancel(self, data: st.DataObject, name: str) -> None:
        orders = self.made.orders(name, statuses=["open"])
        if orders:
            self.made.cancel(name, data.draw(st.sampled_from(orders)).id)

    @rule(name=st.sampled_from(NAMES))
    def cancel_all(self, name: str) -> None:
        self.made.cancel_all(name)
        assert self.made.orders(name, statuses=["open"]) == []

    @rule(data=st.data(), name=st.sampled_from(NAMES), leverage=leverages, mode=modes)
    def configure(self, data: st.DataObject, name: str, leverage: Any, mode: Any) -> None:
        market = data.draw(st.sampled_from([m for m in self.made.markets if m != "SPOT"]))
        if leverage:
            self.attempt(self.made.set_leverage, name, market, leverage)
        if mode:
            self.attempt(self.made.set_margin_mode, name, market, mode)

    @rule(data=st.data(), name=st.sampled_from(NAMES), amount=st.integers(-100, 100).filter(bool))
    def change_margin(self, data: st.DataObject, name: str, amount: int) -> None:
        positions = self.made.positions(name)
        if positions:
            position = data.draw(st.sampled_from(positions))
            change = Decimal(amount) / (1000 if position.market.endswith("_USD") else 1)
            self.attempt(self.made.add_margin, name, position.market, change)

    @rule(data=st.data(), name=st.sampled_from(NAMES), part=st.integers(1, 120), out=st.booleans())
    def transfer(self, data: st.DataObject, name: str, part: int, out: bool) -> None:
        currency = data.draw(st.sampled_from(self.made.currencies))
        source, target = ("futures", "spot") if out else ("spot", "futures")
        free = self.made.balances(name, source)[currency].free
        amount = EXACT.multiply(free, Decimal(part).scaleb(-2))
        if not amount:
            return
        try:
            self.made.transfer(name, currency, amount, source, target)
        except Refused as refused:
            assert refused.reason == "insufficient_funds"
            assert part > 100
            return
        assert part <= 100
        self.moved[name, source, currency] = add(self.moved[name, source, currency], -amount)
        self.moved[name, target, currency] = add(self.moved[name, target, currency], amount)

    @rule(name=st.sampled_from(NAMES), hours=st.sampled_from([0, 1, 5, 9, 30]))
    def wait(self, name: str, hours: int) -> None:
        self.made.clock.advance(hours * HOUR)

    @rule()
    def traders(self) -> None:
        self.made.step_traders()

    # What always holds

    @invariant()
    def the_ledger_balances(self) -> None:
        for total, deposited in self.made.ledger().values():
            assert total == deposited

    @invariant()
    def every_long_has_a_short_and_the_clearing_owes_what_positions_cost(self) -> None:
        for market in self.made.markets.values():
            book = market.contract
            if book is None:
                continue
            net, cost = sum(book.holdings.synthetic.values(), Decimal(0)), Decimal(0)
            for holding in book.holdings.values():
                assert holding.net != 0
                net = add(net, holding.net)
                cost = add(cost, holding.cost)
            assert net == 0
            assert book.clearing.get(book.currency) == -cost

    @invariant()
    def nobody_has_less_than_nothing(self) -> None:
        for name in NAMES:
            for wallet in ("futures", "spot"):
                purse = self.made._accounts[name].wallets[wallet]
                for currency, (free, held) in self.made.balances(name, wallet).items():
                    assert free >= 0
                    assert held >= 0
                    debt = purse.debt.get(currency)
                    assert debt <= 0
                    assert not debt or not purse.free.get(currency)
                    if debt and self.simple:
                        assert self.made.positions(name)
            for position in self.made.positions(name):
                assert position.margin >= 0

    @invariant()
    def equity_is_what_was_put_in_and_what_was_made_of_it(self) -> None:
        if not self.simple:
            return
        for name in NAMES:
            expected = {currency: self.moved[name, "futures", currency] for currency in self.made.currencies}
            past = [*self.made.closed_positions(name), *self.made._accounts[name].holdings.values()]
            for each in past:
                money = self.made.markets[each.market].spec.settle
                for part in (each.realized, -each.fees, -each.funding, -each.penalty, each.covered):
                    expected[money] = add(expected[money], part)
            for currency in self.made.currencies:
                purse = self.made._accounts[name].wallets["futures"]
                has = add(purse.free.get(currency), purse.debt.get(currency))
                for holding in self.made._accounts[name].holdings.values():
                    has = add(has, holding.margin.get(currency))
                assert has == expected[currency], (name, currency)

    @invariant()
    def what_had_to_be_liquidated_is_gone(self) -> None:
        for name in NAMES:
            for position in self.made.positions(name):
                if position.margin_mode == "isolated":
                    assert add(position.margin, position.unrealized) > position.maintenance_margin
                else:
                    settle = self.made.markets[position.market].spec.settle
                    group = self.made.margin_account(name, "futures", settle)
                    assert group.equity > group.maintenance_margin

    @invariant()
    def liquidation_prices_lie_beyond_the_mark(self) -> None:
        for name in NAMES:
            for position in self.made.positions(name):
                price = position.liquidation_price
                if price is not None:
                    slack = price * Decimal("1e-6")
                    if position.side == "long":
                        assert price < position.mark_price + slack
                    else:
                        assert price > position.mark_price - slack

    @invariant()
    def what_is_known_of_the_margin_of_orders_is_still_true(self) -> None:
        for market in self.made.markets.values():
            known = market.contract
            if known is not None:
                anew = OrderMargins(known.holdings)
                for name in NAMES:
                    account = self.made._accounts[name]
                    needs = {side: self.added_up(anew, account, side) for side in SIDES}
                    margin = known.requirements.order_margin(account)
                    assert margin == known.valuation.up(max(needs.values()))
                    for side in SIDES:
                        self.is_no_less(known.requirements._order_margins, account, side)

    def is_no_less(self, margins: OrderMargins, account: Account, side: Side) -> None:
        """What is found to be enough at a glance is enough. The same is looked at once."""
        spec, mark = margins._spec, margins._holdings.prices.mark
        of_sides = [(margins.side(account, each), margins._begin(account, each)) for each in SIDES]
        follows_from = (
            *(spec.id, account.name, side, mark, margins.of(account)),
            *((orders.amount, orders.value, begin) for orders, begin in of_sides),
            *(
                (number, part.price, part.amount, part.leverage, part.waits)
                for orders, _ in of_sides
                for number, part in orders.parts.items()
            ),
        )
        if follows_from in self.looked_at:
            return
        self.looked_at.add(follows_from)
        assert margins.at_most(account) >= margins.of(account)
        for ticks in (max(int(mark / spec.tick * 8 / 10), 1), int(mark / spec.tick * 12 / 10) + 1):
            price, amount = spec.tick * ticks, spec.step * 7
            order = Order(
                0,
                account.name,
                None,
                spec.id,
                side,
                "limit",
                price,
                amount,
                amount,
                0,
                0,
                ticks,
                leverage=Decimal(1),
            )
            assert margins.at_most(account, order) >= margins.without_and_with(account, order, ())[1]

    @staticmethod
    def added_up(margins: OrderMargins, account: Account, side: Side) -> Decimal:
        """What the open orders of a side need, one after the other."""
        tied = margins._begin(account, side)
        for order in account.orders.opened():
            price = order.price or order.trigger_price
            if (order.market, order.side) == (margins._spec.id, side) and not order.reduce_only and price:
                mark = margins._holdings.prices.mark
                tied = margins._add(tied, order, price, order.remaining, mark)
        return tied.needed

    @invariant()
    def reducing_orders_are_known_by_what_they_may_trade(self) -> None:
        for market in self.made.markets.values():
            if market.contract is not None:
                margins = market.contract.requirements._order_margins
                for name in NAMES:
                    account = self.made._accounts[name]
                    for side in SIDES:
                        orders = [
                            order
                            for order in account.orders.opened(market.spec.id)
                            if order.reduce_only and order.side == side and not order.waits
                        ]
                        for amount in {Decimal(0), *(order.remaining for order in orders)}:
                            larger = [order.id for order in orders if order.remaining > amount]
                            assert margins.side(account, side).reducing_more_than(amount) == larger

    @invariant()
    def books_never_cross(self) -> None:
        for market in self.made.markets.values():
            bids, asks = market.book()
            assert not bids or not asks or bids[0].price < asks[0].price

    @invariant()
    def orders_add_up_and_wait_for_nothing_that_has_come(self) -> None:
        for name in NAMES:
            nets = {each.market: each for each in self.made.positions(name)}
            for order in self.made.orders(name):
                assert add(order.filled, order.remaining) == order.amount
                if order.status != "open":
                    continue
                market = self.made.markets[order.market]
                assert order.remaining > 0
                assert market.active
                if order.waits:
                    price = market.price(order.trigger_by)
                    assert order.trigger_price is not None
                    assert price < order.trigger_price if order.trigger_above else price > order.trigger_price
                elif order.reduce_only:
                    position = nets[order.market]
                    assert (position.side == "long") == (order.side == "sell")
                    assert order.remaining <= position.amount

    @invariant()
    def nothing_is_left_of_what_expired(self) -> None:
        for market in self.made.markets.values():
            book = market.contract
            if book is not None:
                assert not market.schedule.pool.get(book.currency)  # type: ignore[union-attr]
                if not market.active:
                    assert not book.holdings
                    assert not any(book.holdings.synthetic.values())
                    assert market.book() == ([], [])
                    assert market.open_interest == 0


TestContracts = Contracts.TestCase
TestContracts.settings = settings(max_examples=70, stateful_step_count=50, deadline=None)
