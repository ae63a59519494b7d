"""The parts that only a market of contracts has, each tried without an engine around it."""

from __future__ import annotations

from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from ccxt_ext.sandbox.engine import Collateral, MarketSpec, Order, Refused, Side, Tier
from ccxt_ext.sandbox.engine.accounts import Account, Accounts
from ccxt_ext.sandbox.engine.contracts.contract_settlement import ContractSettlement
from ccxt_ext.sandbox.engine.contracts.holdings import Holdings
from ccxt_ext.sandbox.engine.contracts.liquidation import Liquidator
from ccxt_ext.sandbox.engine.contracts.margins import Margins
from ccxt_ext.sandbox.engine.contracts.order_margins import OrderMargins
from ccxt_ext.sandbox.engine.contracts.prices import ContractPrices
from ccxt_ext.sandbox.engine.contracts.requirements import Requirements
from ccxt_ext.sandbox.engine.contracts.schedule import Schedule
from ccxt_ext.sandbox.engine.ledger import Ledger
from ccxt_ext.sandbox.engine.outbox import Outbox
from ccxt_ext.sandbox.engine.treasury import Treasury
from tests.sandbox.engine.small_venue import HOUR, START_MS, contract

D = Decimal
TIERS = (Tier(D(50_000), D("0.01"), D("0.005")), Tier(None, D("0.1"), D("0.05")))
SPEC = contract(
    "BTC_USDT",
    "linear",
    wallet="main",
    contract_size=D(1),
    tiers=TIERS,
    start_price=D(1000),
    funding_rate=D("0.01"),
)


class Pit:
    """A contract market without a book: its price is set, and its trades are settled by hand."""

    def __init__(self, rules: MarketSpec = SPEC, collaterals: Any = None) -> None:
        self.price = rules.start_price
        self.now = START_MS
        self.ledger = Ledger()
        self.accounts = Accounts(self.ledger, ["main"])
        for name in ("ann", "bob"):
            self.ledger.deposit(self.accounts.open(name).wallet, "USDT", D(1000))
        self.margins = Margins(collaterals or {})
        self.prices = ContractPrices(rules, "seed", START_MS)
        self.prices.market_price = lambda: self.price
        self.holdings = Holdings(rules, self.prices)
        self.order_margins = OrderMargins(self.holdings)
        self.margins.add_market(self.holdings, self.order_margins)
        self.requirements = Requirements(self.holdings, self.order_margins, self.margins)
        self.settlement = ContractSettlement(
            self.holdings,
            self.requirements,
            self.margins,
            self.ledger,
            now=lambda: self.now,
            next_position_id=count(1).__next__,
        )
        self.canceled: list[tuple[int, str]] = []
        self.liquidator = Liquidator(
            {rules.id: self.settlement},
            self.margins,
            lambda order, reason: self.canceled.append((order.id, reason)),
        )

    def order(
        self, account: str, side: Side, price: Any, amount: Any, leverage: int = 10, **more: Any
    ) -> Order:
        number = len(self.accounts[account].orders.all) + 1
        made = Order(
            number,
            account,
            None,
            SPEC.id,
            side,
            "limit",
            D(price),
            D(amount),
            D(amount),
            START_MS,
            START_MS,
            int(D(price) / SPEC.tick),
            leverage=D(leverage),
            **more,
        )
        self.accounts[account].orders.add(made)
        self.settlement.note(made, self.accounts[account])
        return made

    def end(self, order: Order) -> None:
        order.status = "canceled"
        self.accounts[order.account].orders.end(order)
        self.settlement.note(order, self.accounts[order.account])

    def trade(self, buyer: str, seller: str, price: Any, amount: Any, **more: Any) -> None:
        buy, sell = (self.order(*who, price, amount, **more) for who in ((buyer, "buy"), (seller, "sell")))
        cost = self.settlement.cost(D(price), D(amount))
        self.settlement.settle_trade(
            buy, self.accounts[buyer], sell, self.accounts[seller], D(price), D(amount), cost, D(0), D(0)
        )
        for order in (buy, sell):
            self.end(order)


def test_prices_follow_the_market_and_rates_change_with_the_interval() -> None:
    rules = contract(funding_rate=None, basis=0.001)
    price = D(4000)
    prices = ContractPrices(rules, "seed", START_MS)
    prices.market_price = lambda: price
    index, mark, rate = prices.index, prices.mark, prices.rate
    assert abs(index - 4000) < 13 and index != mark
    price = D(8000)
    assert abs(prices.index - 2 * index) <= D("0.01")
    assert prices.next_change % (8 * HOUR) == 0 and prices.next_change > START_MS
    paid_at = prices.next_change
    prices.move_on()
    assert prices.past_rates(1) == [(paid_at, rate)]
    assert prices.rate != rate
    prices.settled = D(5)
    assert (prices.index, prices.mark) == (5, 5)


def test_holdings_know_what_positions_are_worth_and_whose_they_are() -> None:
    pit = Pit()
    pit.trade("ann", "bob", 1000, 2)
    assert len(pit.holdings) == 2
    long, short = pit.holdings.values()
    assert (long.account, long.side, short.account, short.side) == ("ann", "long", "bob", "short")
    assert pit.accounts["ann"].holdings == {SPEC.id: long}
    pit.price = D(1100)
    assert pit.holdings.figures(long) == (2200, 200, 220, 11)
    assert pit.holdings.figures(short)[1] == -200
    assert pit.holdings.open_interest == 2
    pit.trade("bob", "ann", 1100, 2)
    assert len(pit.holdings) == 0 and pit.holdings.get("ann") is None
    assert list(pit.holdings.owners) == ["ann", "bob"]
    assert pit.accounts["ann"].closed_positions.all[0].realized == 200
    assert pit.settlement.clearing.get("USDT") == 0


def test_orders_tie_up_the_margin_of_the_larger_side() -> None:
    pit = Pit(
        contract("BTC_USDT", "linear", wallet="main", contract_size=D(1), tiers=TIERS, start_price=D(1000))
    )
    ann = pit.accounts["ann"]
    assert pit.order_margins.of(ann) == 0
    pit.order("ann", "buy", 900, 1)
    pit.order("ann", "sell", 1100, 2)
    assert pit.order_margins.of(ann) == 220
    more = pit.order("ann", "buy", 800, 3)
    assert pit.order_margins.of(ann) == 90 + 240
    assert pit.order_margins.without_and_with(ann, more, ()) == (220, 330)
    assert list(pit.order_margins.side(ann, "buy").parts) == [1, 3]


@pytest.mark.parametrize(("kind", "price"), [("linear", 1100), ("inverse", 900)])
def test_its_own_price_says_which_leverage_an_order_that_waits_may_have(kind: str, price: int) -> None:
    amount = 48 if kind == "linear" else 48_000_000
    bound = D(50_000)
    tiers = (Tier(bound, D("0.01"), D("0.005")), Tier(None, D("0.1"), D("0.05")))
    pit = Pit(contract("BTC_USDT", kind, wallet="main", contract_size=D(1), tiers=tiers, start_price=D(1000)))
    ann, value = pit.accounts["ann"], pit.holdings.valuation.value
    waits = pit.order("ann", "buy", price, amount, leverage=50, trigger_price=D(price))
    assert waits.waits and value(D(price), D(amount)) > bound > value(pit.price, D(amount))
    expected = pit.holdings.valuation.up(value(D(price), D(amount)) / 10)
    assert pit.order_margins.of(ann) == expected
    assert pit.order_margins.without_and_with(ann, waits, ()) == (0, expected)


def test_a_group_has_what_is_free_profit_and_what_is_tied_up() -> None:
    pit = Pit()
    pit.trade("ann", "bob", 1000, 2)
    pit.price = D(1100)
    pit.order("ann", "buy", 500, 1)
    ann = pit.accounts["ann"]
    group = pit.margins.group(ann, "main", "USDT")
    assert group == (1000, 200, 220, 11, 50)
    assert (group.equity, group.free) == (1200, 930)
    assert pit.margins.balance(ann, "main", "USDT") == (930, 70)
    shown = pit.margins.position(ann.holdings[SPEC.id])
    assert (shown.entry_price, shown.mark_price, shown.unrealized) == (1000, 1100, 200)
    assert pit.margins.margin_account(ann, "main", None).order_margin == 50


def test_contracts_of_a_wallet_with_collaterals_settle_in_one_currency() -> None:
    pit = Pit(collaterals={"main": [Collateral("USDT", D(1))]})
    other = Holdings(contract(wallet="main"), pit.prices)
    with pytest.raises(ValueError, match="different currencies"):
        pit.margins.add_market(other, OrderMargins(other))


def refusal(pit: Pit, account: Account, order: Order) -> str:
    """In one word; the order is no longer open."""
    pit.end(order)
    with pytest.raises(Refused) as caught:
        pit.requirements.check(order, account, ())
    return caught.value.reason


def test_requirements_refuse_in_one_word() -> None:
    pit = Pit()
    ann = pit.accounts["ann"]
    assert refusal(pit, ann, pit.order("ann", "buy", 1000, 1, leverage=101)) == "bad_leverage"
    assert refusal(pit, ann, pit.order("ann", "buy", 1000, 11)) == "insufficient_funds"
    assert refusal(pit, ann, pit.order("ann", "buy", 1000, 1, reduce_only=True)) == "reduce_only"
    pit.trade("ann", "bob", 1000, 1, margin_mode="isolated")
    assert refusal(pit, ann, pit.order("ann", "buy", 1000, 1, margin_mode="cross")) == "position_mode"
    closes = pit.order("ann", "sell", 1200, 5, reduce_only=True)
    pit.requirements.check(closes, ann, ())
    assert closes.margin_mode == "isolated"
    assert pit.requirements.reducible(closes, ann) == 1
    assert pit.requirements.overhang(ann) == [closes]


def test_what_lost_too_much_is_liquidated_and_the_insurance_takes_it_over() -> None:
    pit = Pit()
    pit.trade("ann", "bob", 1000, 5)
    waiting = pit.order("ann", "buy", 100, 1)
    assert not pit.liquidator.liquidate_one()
    pit.price = D(801)
    assert pit.liquidator.liquidate_one()
    assert pit.canceled == [(waiting.id, "liquidation")]
    (closed,) = pit.accounts["ann"].closed_positions.all
    assert (closed.reason, closed.realized, closed.penalty) == ("liquidated", -995, 5)
    assert pit.holdings.synthetic == {f"{SPEC.id}:insurance": 5}
    assert pit.accounts["ann"].wallet.free.get("USDT") == 0
    assert not pit.liquidator.liquidate_one()
    assert all(total == deposited for total, deposited in pit.ledger.totals().values())


def test_a_schedule_pays_funding_and_draws_new_prices() -> None:
    pit = Pit()
    schedule = Schedule(pit.settlement, pit.ledger)
    pit.trade("ann", "bob", 1000, 1)
    at = schedule.next_change()
    assert at == pit.prices.next_change
    assert at is not None and not schedule.expires(at)
    schedule.pass_time(at)
    assert [pit.accounts[name].funding.all[0].amount for name in ("ann", "bob")] == [10, -10]
    assert schedule.next_change() == at + 8 * HOUR
    assert schedule.pool.get("USDT") == 0


def test_money_comes_in_and_moves_between_accounts() -> None:
    pit, outbox = Pit(), Outbox()
    treasury = Treasury(pit.ledger, pit.margins, outbox)
    treasury.add_currencies(["USDT", "BTC", "USDT"])
    treasury.add_currencies(["BTC", "ETH"])
    assert treasury.currencies == ["USDT", "BTC", "ETH"]
    ann, bob = pit.accounts["ann"], pit.accounts["bob"]
    told: list[Any] = []
    outbox.subscribe(told.extend)
    treasury.deposit(ann, "main", "BTC", D(3), START_MS)
    treasury.move(ann, "main", bob, "main", "BTC", D(1))
    outbox.deliver()
    assert [(event.account, event.free) for event in told] == [("ann", 3), ("ann", 2), ("bob", 1)]
    assert treasury.deposits == [("ann", "main", "BTC", 3, START_MS)]
    for reason, currency, amount in (
        ("insufficient_funds", "BTC", D(3)),
        ("unknown_currency", "DOGE", D(1)),
        ("bad_amount", "BTC", D(0)),
    ):
        with pytest.raises(Refused) as caught:
            treasury.move(ann, "main", bob, "main", currency, amount)
        assert caught.value.reason == reason
