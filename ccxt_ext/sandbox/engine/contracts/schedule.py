"""What happens to contracts as time passes: funding payments, payout of profits, settlement at expiry."""

from __future__ import annotations

from decimal import Decimal

from ..exact import ZERO, add, multiply
from ..ledger import Bucket, Ledger
from ..positions import FundingPayment
from .contract_settlement import ContractSettlement


class Schedule:
    """What is due in a contract market, and when."""

    def __init__(self, settlement: ContractSettlement, ledger: Ledger) -> None:
        self._settlement = settlement
        self.pool = ledger.open_bucket(settlement.spec.id, "funding")
        self._profits_moved = 0

    def next_change(self) -> int | None:
        prices, expiry = self._settlement.prices, self._settlement.spec.expiry_ms
        if prices.settled is not None:
            return None
        change, profits = prices.next_change, self._next_profits()
        if expiry is not None and expiry < change:
            change = expiry
        return change if profits is None or change < profits else profits

    def quiet_until(self, now: int) -> int | None:
        """Nothing is due before this, also if a position is opened by then."""
        due, interval = self.next_change(), self._settlement.spec.profit_interval_ms
        if due is None or interval is None:
            return due
        return min(due, (now // interval + 1) * interval)

    def _next_profits(self) -> int | None:
        """When profits are paid out next, if there may be any."""
        interval, holdings = self._settlement.spec.profit_interval_ms, self._settlement.holdings
        if interval is None or not holdings:
            return None
        since = max(self._profits_moved, min(holding.opened for holding in holdings.values()))
        return (since // interval + 1) * interval

    def settle(self) -> None:
        """Settle now what else would have to be settled at its expiry, or never."""
        settle_expired(self._settlement)

    def expires(self, at: int) -> bool:
        expiry = self._settlement.spec.expiry_ms
        return expiry is not None and at >= expiry

    def pass_time(self, at: int) -> None:
        prices = self._settlement.prices
        profits = self._next_profits()
        if profits is not None and at >= profits:
            self._profits_moved = at
            move_profits(self._settlement)
        if at >= prices.next_change:
            if self._settlement.spec.funding_interval_ms is not None:
                pay_funding(self._settlement, self.pool, at)
            prices.move_on()
        if self.expires(at):
            settle_expired(self._settlement)


def move_profits(settlement: ContractSettlement) -> None:
    """Pay the profits and losses of open positions to or from balances, if they are large enough."""
    for holding in settlement.holdings.values():
        profit = settlement.holdings.figures(holding).unrealized
        if profit and profit.copy_abs() >= settlement.spec.profit_least:
            settlement.move_profit(holding, profit)


def pay_funding(settlement: ContractSettlement, pool: Bucket, now: int) -> None:
    """Longs pay shorts the funding rate on their positions' values at the mark price.

    If the rate is negative, shorts pay longs. Payments are rounded against the account.
    """
    rate, mark = settlement.prices.rate, settlement.prices.mark
    valuation, money = settlement.valuation, settlement.currency

    def due(net: Decimal) -> Decimal:
        payment = multiply(valuation.value(mark, net.copy_abs()), rate)
        return valuation.up(payment if net > ZERO else payment.copy_negate())

    outright = [
        (account, due(settlement.holdings.synthetic[account.name]))
        for account in settlement.outright_accounts
    ]
    held = [(holding, due(holding.net)) for holding in settlement.holdings.values()]
    for paying in (True, False):  # first all payments, then all receipts
        for account, payment in outright:
            if (payment > ZERO) == paying:
                settlement.pay_outright(account, pool, payment)
        for holding, payment in held:
            if (payment > ZERO) == paying:
                settlement.charge(holding, pool, payment)
    settlement.ledger.post(pool, settlement.rounding, money, pool.get(money))
    for holding, payment in held:
        holding.funding = add(holding.funding, payment)
        settlement.holdings.changed[holding.account] = None
        settlement.holdings.owners[holding.account].funding.add(
            FundingPayment(holding.account, holding.market, holding.id, money, rate, payment, now)
        )


def settle_expired(settlement: ContractSettlement) -> None:
    """Close all positions at the index price, and take the settlement fee."""
    price = settlement.prices.settled = settlement.prices.index
    valuation, money = settlement.valuation, settlement.currency
    for holding in list(settlement.holdings.values()):
        value = valuation.value(price, holding.amount)
        fee = valuation.up(multiply(value, settlement.spec.settle_fee))
        settlement.close(holding, holding.amount, value, fee=fee, reason="settled")
    for account in settlement.outright_accounts:
        net = settlement.holdings.synthetic[account.name]
        value = valuation.value(price, net.copy_abs())
        settlement.trade_outright(account, "sell" if net > ZERO else "buy", net.copy_abs(), value)
    left = settlement.clearing.get(money)  # rounded values of parts do not add up exactly
    if left > ZERO:
        settlement.ledger.post(settlement.clearing, settlement.rounding, money, left)
    else:
        settlement.ledger.post(settlement.rounding, settlement.clearing, money, left.copy_negate())
