"""Moves money for contracts: margin, positions, profit and loss.

Profit and loss go through the market's clearing bucket. It owes exactly what the open positions cost, so it
is empty when none is open. Synthetic traders have no margin: they pay and receive the whole value of what
they trade.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Literal

from ..accounts import Account
from ..exact import ONE, ZERO, add, multiply, subtract
from ..ledger import Bucket, Ledger
from ..model import Balance, MarketSpec, Order, Side
from ..positions import ClosedPosition, Holding
from ..trading.settlement import Charge, Offers
from ..value import QUOTIENT
from .holdings import Holdings
from .margins import Margins
from .requirements import Requirements


class ContractSettlement:
    """Moves the money of one contract market. What may trade is decided by its requirements."""

    def __init__(
        self,
        holdings: Holdings,
        requirements: Requirements,
        margins: Margins,
        ledger: Ledger,
        now: Callable[[], int],
        next_position_id: Callable[[], int],
    ) -> None:
        self.spec = spec = holdings.spec
        self.holdings = holdings
        self.prices = holdings.prices
        self.requirements = requirements
        self.valuation = holdings.valuation
        self.wallet = holdings.wallet
        self.currency = holdings.currency
        self.ledger = ledger
        self.clearing = ledger.open_bucket(spec.id, "clearing", may_owe=True)
        self.rounding = ledger.open_bucket(spec.id, "rounding", may_owe=True)
        self.fees = ledger.open_fees(spec.id)
        name = f"{spec.id}:insurance"
        self.insurance = Account(name, {spec.wallet: ledger.open_wallet(name)})
        self.check = requirements.check
        self.note = requirements.note
        self._margins = margins
        self._now = now
        self._next_position_id = next_position_id

    def hold(self, side: Side, price: Decimal, amount: Decimal) -> tuple[str, Decimal]:
        return self.currency, ZERO

    def unfit(self, order: Order, account: Account, offers: Offers) -> str:
        return self.requirements.unfit(order, account, offers)

    def reducible(self, order: Order, account: Account) -> Decimal:
        return self.requirements.reducible(order, account)

    def overhang(self, account: Account) -> Sequence[Order]:
        return self.requirements.overhang(account)

    def balance(self, account: Account, currency: str) -> Balance:
        return self._margins.balance(account, self.wallet, currency)

    def reserve(self, order: Order, account: Account) -> None:
        """Does nothing: the margin of orders is calculated when it is needed, and no money moves for it."""

    def release(self, order: Order, account: Account) -> None: ...

    def allowed(self, order: Order, account: Account, price: Decimal, amount: Decimal) -> Decimal:
        return amount

    def cost(self, price: Decimal, amount: Decimal) -> Decimal:
        return self.valuation.value(price, amount)

    def average(self, filled: Decimal, cost: Decimal) -> Decimal:
        return self.valuation.average(filled, cost)

    def settle_trade(
        self,
        buy: Order,
        buyer: Account,
        sell: Order,
        seller: Account,
        price: Decimal,
        amount: Decimal,
        cost: Decimal,
        buyer_rate: Decimal,
        seller_rate: Decimal,
    ) -> tuple[Charge, Charge]:
        up, money = self.valuation.up, self.currency
        bought = Charge(up(multiply(cost, buyer_rate)), money)
        sold = Charge(up(multiply(cost, seller_rate)), money)
        if not buyer.keeps_records and not seller.keeps_records:  # as in all trades of the history
            payer, payee = (seller, buyer) if self.valuation.inverse else (buyer, seller)
            self.pay_outright(payer, payee.wallet.free, cost)
            nets = self.holdings.synthetic
            nets[buyer.name] = add(nets.get(buyer.name, ZERO), amount)
            nets[seller.name] = subtract(nets.get(seller.name, ZERO), amount)
            self.pay_outright(buyer, self.fees, bought.fee)
            self.pay_outright(seller, self.fees, sold.fee)
            return bought, sold
        for order, account, charge in ((buy, buyer, bought), (sell, seller, sold)):
            if account.keeps_records:
                self._trade(order, account, amount, cost, charge.fee)
            else:
                self.trade_outright(account, order.side, amount, cost, charge.fee)
        return bought, sold

    def trade_outright(
        self, account: Account, side: Side, amount: Decimal, value: Decimal, fee: Decimal = ZERO
    ) -> None:
        """A synthetic trader pays or receives the whole value."""
        flow = self.valuation.flow(side, value)
        self.pay_outright(account, self.clearing, flow)
        self.pay_outright(account, self.fees, fee)
        nets = self.holdings.synthetic
        net = nets.get(account.name, ZERO)
        nets[account.name] = add(net, amount) if side == "buy" else subtract(net, amount)

    def pay_outright(self, account: Account, target: Bucket, amount: Decimal) -> None:
        """Pay an amount, or receive it if it is negative. An account that has too little deposits more."""
        wallet = account.wallet
        if amount < ZERO:
            self.ledger.post(target, wallet.free, self.currency, amount.copy_negate())
            return
        if wallet.free.get(self.currency) < amount:
            self.ledger.deposit(wallet, self.currency, Decimal(1).scaleb(amount.adjusted() + 3))
        self.ledger.post(wallet.free, target, self.currency, amount)

    def cannot_pay(self, spec: MarketSpec, orders: Sequence[tuple[Order, Account]]) -> list[Order]:
        return []  # they hold no money

    def change(self, spec: MarketSpec, orders: Sequence[tuple[Order, Account]]) -> None:
        self.spec = spec
        self.holdings.spec = spec
        self.prices.change(spec)
        self.requirements.change(spec)

    def _trade(self, order: Order, account: Account, amount: Decimal, value: Decimal, fee: Decimal) -> None:
        holding = self.holdings.get(account.name)
        if holding is not None and holding.closing_side == order.side:
            closing = min(amount, holding.amount)
            part = self.valuation.share(value, closing, amount)
            part_fee = self.valuation.down(self.valuation.share(fee, closing, amount))
            self.close(holding, closing, part, fee=part_fee)
            amount, value, fee = subtract(amount, closing), subtract(value, part), subtract(fee, part_fee)
        if amount:
            self._open(order, account, amount, value, fee)

    def _open(self, order: Order, account: Account, amount: Decimal, value: Decimal, fee: Decimal) -> None:
        now = self._now()
        leverage = order.leverage or ONE
        holding = self.holdings.get(account.name)
        if holding is None:
            number = self._next_position_id()
            bucket = self.ledger.open_bucket(account.name, f"margin of position {number}")
            mode = order.margin_mode or self.requirements.mode_of(account)
            holding = Holding(number, account.name, self.spec.id, bucket, leverage, mode, now, now)
            self.holdings.add(holding, account)
        self.holdings.changed[account.name] = None
        holding.leverage, holding.updated = leverage, now
        holding.increase(amount, value, order.side, self.valuation)
        holding.stop_loss = order.stop_loss or holding.stop_loss
        holding.take_profit = order.take_profit or holding.take_profit
        if holding.mode == "isolated":
            whole = self.valuation.value(self.prices.mark, holding.amount)
            margin = self.valuation.up(QUOTIENT.divide(value, self.spec.capped(leverage, whole)))
            self.ledger.take(account.wallets[self.wallet], holding.margin, self.currency, margin)
        self.charge(holding, self.fees, fee)
        holding.fees = add(holding.fees, fee)

    def charge(self, holding: Holding, target: Bucket, amount: Decimal) -> None:
        """Take an amount from free money, then from isolated margin, then as a debt. Give a negative one."""
        wallet = self.holdings.owners[holding.account].wallets[self.wallet]
        if amount < ZERO:
            self.ledger.give(target, wallet, self.currency, amount.copy_negate())
            return
        short = max(ZERO, subtract(amount, wallet.free.get(self.currency)))
        from_margin = min(short, holding.margin.get(self.currency))
        self.ledger.post(holding.margin, target, self.currency, from_margin)
        self.ledger.take(wallet, target, self.currency, subtract(amount, from_margin))

    def close(
        self,
        holding: Holding,
        amount: Decimal,
        value: Decimal,
        *,
        fee: Decimal = ZERO,
        penalty: Decimal = ZERO,
        reason: Literal["traded", "liquidated", "settled"] = "traded",
    ) -> None:
        """Close a part of a position at a value, and pay out its profit."""
        account, post, money = self.holdings.owners[holding.account], self.ledger.post, self.currency
        wallet, margin = account.wallets[self.wallet], holding.margin
        side, released = holding.side, ZERO
        self.holdings.changed[account.name] = None
        if holding.mode == "isolated":
            whole = margin.get(money)
            released = (
                whole
                if amount == holding.amount
                else self.valuation.down(self.valuation.share(whole, amount, holding.amount))
            )
        before = holding.moved
        exact = holding.decrease(amount, value, holding.closing_side, self.valuation)
        profit = self.valuation.down(exact)
        post(self.clearing, self.rounding, money, subtract(exact, profit))
        holding.realized = add(holding.realized, add(profit, subtract(before, holding.moved)))
        if profit >= ZERO:
            self.ledger.give(self.clearing, wallet, money, profit)
        elif holding.mode == "isolated":
            loss = profit.copy_negate()
            paid = min(loss, margin.get(money))
            post(margin, self.clearing, money, paid)
            self.cover(holding, self.clearing, subtract(loss, paid))
            released = max(ZERO, subtract(released, loss))
        else:
            self.ledger.take(wallet, self.clearing, money, profit.copy_negate())
        self.ledger.give(margin, wallet, money, released)
        self.charge(holding, self.fees, fee)
        holding.fees = add(holding.fees, fee)
        taken = min(penalty, wallet.free.get(money))
        post(wallet.free, self.insurance.wallet.free, money, taken)
        holding.penalty = add(holding.penalty, taken)
        holding.updated = self._now()
        if not holding.net:
            self._finish(holding, account, side, reason)

    def move_profit(self, holding: Holding, profit: Decimal) -> None:
        """Pay out the profit or loss of a position that stays open."""
        wallet = self.holdings.owners[holding.account].wallets[self.wallet]
        if profit >= ZERO:
            self.ledger.give(self.clearing, wallet, self.currency, profit)
        else:
            self.ledger.take(wallet, self.clearing, self.currency, profit.copy_negate())
        holding.moved = add(holding.moved, profit)
        self.holdings.changed[holding.account] = None

    def cover(self, holding: Holding, target: Bucket, loss: Decimal) -> None:
        """Let the insurance pay for what a position has lost beyond its margin."""
        self.pay_outright(self.insurance, target, loss)
        holding.covered = add(holding.covered, loss)

    def _finish(
        self,
        holding: Holding,
        account: Account,
        side: Literal["long", "short"],
        reason: Literal["traded", "liquidated", "settled"],
    ) -> None:
        self.holdings.remove(holding)
        self.ledger.close_bucket(holding.margin)
        account.closed_positions.add(
            ClosedPosition(
                holding.id,
                account.name,
                self.spec.id,
                side,
                holding.most,
                self.valuation.average(holding.opened_amount, holding.opened_value),
                self.valuation.average(holding.closed_amount, holding.closed_value),
                holding.leverage,
                holding.mode,
                holding.realized,
                holding.fees,
                holding.funding,
                holding.penalty,
                holding.covered,
                holding.opened,
                holding.updated,
                reason,
            )
        )

    @property
    def outright_accounts(self) -> list[Account]:
        """The accounts that have traded without margin: synthetic traders, and the insurance."""
        known = self.holdings.synthetic
        return [each for each in (*self.holdings.traders, self.insurance) if each.name in known]
