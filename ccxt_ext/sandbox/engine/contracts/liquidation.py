"""Liquidation: a position with less equity than its maintenance margin is taken from its owner.

The market's insurance takes it over at the mark price, and keeps what is left of the margin, up to the
maintenance margin. If less than nothing is left, the insurance pays for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from ..accounts import Account
from ..exact import ZERO, add, multiply, subtract
from ..model import OPPOSITE, Order
from ..positions import Holding
from ..value import QUOTIENT
from .contract_settlement import ContractSettlement
from .margins import Margins

Cancel = Callable[[Order, str], None]


class Liquidator:
    """Liquidates positions in all contract markets of a venue."""

    def __init__(self, contracts: Mapping[str, ContractSettlement], margins: Margins, cancel: Cancel) -> None:
        self._contracts = contracts
        self._margins = margins
        self._cancel = cancel

    def liquidate_one(self) -> bool:
        """Liquidate one position or group that has to be; if there is none, forgive debts.

        Returns whether there was one.
        """
        for settlement in self._contracts.values():
            for holding in settlement.holdings.values():
                account = settlement.holdings.owners[holding.account]
                if holding.mode == "isolated":
                    if self._isolated(settlement, holding, account):
                        return True
                elif self._crossed(settlement, holding, account):
                    return True
        for settlement in self._contracts.values():
            for account in settlement.holdings.owners.values():
                if self._is_broke(settlement, account):
                    self._settle_debt(settlement, account)
        return False

    def _is_broke(self, settlement: ContractSettlement, account: Account) -> bool:
        """Whether the account has debts, no open positions, and nothing left."""
        wallet, currency = settlement.wallet, settlement.currency
        return (
            bool(account.wallets[wallet].debt.get(currency))
            and not any(each.get(account.name) for each in self._margins.in_group(wallet, currency))
            and self._margins.sums(account, wallet, currency).equity <= ZERO
        )

    def _isolated(self, settlement: ContractSettlement, holding: Holding, account: Account) -> bool:
        figures = settlement.holdings.figures(holding)
        equity = add(holding.margin.get(settlement.currency), figures.unrealized)
        if equity > figures.maintenance:
            return False
        self._cancel_orders(account, {settlement.spec.id})
        self._take_over(settlement, holding, max(ZERO, equity))
        return True

    def _crossed(self, settlement: ContractSettlement, holding: Holding, account: Account) -> bool:
        wallet, currency = settlement.wallet, settlement.currency
        group = self._margins.sums(account, wallet, currency)
        if group.equity > group.maintenance:
            return False
        holdings = list(self._margins.crossed(account, wallet, currency))
        self._cancel_orders(account, {market.spec.id for market in self._margins.in_group(wallet, currency)})
        left = max(ZERO, group.equity)
        for each in holdings:
            market = self._contracts[each.market]
            penalty = min(left, market.holdings.figures(each).maintenance)
            left = subtract(left, penalty)
            self._take_over(market, each, penalty)
        self._settle_debt(settlement, account)
        return True

    def _cancel_orders(self, account: Account, markets: set[str]) -> None:
        for order in account.orders.opened():
            if order.market in markets:
                self._cancel(order, "liquidation")

    def _take_over(self, settlement: ContractSettlement, holding: Holding, penalty: Decimal) -> None:
        amount, side = holding.amount, holding.closing_side
        value = settlement.valuation.value(settlement.prices.mark, amount)
        settlement.trade_outright(settlement.insurance, OPPOSITE[side], amount, value)
        settlement.close(
            holding, amount, value, penalty=settlement.valuation.down(penalty), reason="liquidated"
        )

    def _settle_debt(self, settlement: ContractSettlement, account: Account) -> None:
        """Sell the account's collateral to the insurance at its margin value, and forgive the other debts.

        An account with debts has nothing of the settle currency itself.
        """
        wallet, currency = account.wallets[settlement.wallet], settlement.currency
        insurance, ledger = settlement.insurance, settlement.ledger
        for collateral in self._margins.collaterals(settlement.wallet, currency):
            debt = wallet.debt.get(currency).copy_negate()
            worth = self._margins.worth(collateral)
            amount = min(
                wallet.free.get(collateral.currency), settlement.valuation.up(QUOTIENT.divide(debt, worth))
            )
            ledger.post(wallet.free, insurance.wallet.free, collateral.currency, amount)
            paid = min(debt, settlement.valuation.down(multiply(amount, worth)))
            settlement.pay_outright(insurance, wallet.debt, paid)
        debt = wallet.debt.get(currency).copy_negate()
        settlement.pay_outright(insurance, wallet.debt, debt)
        last = account.closed_positions.all[-1]
        account.closed_positions.replace_latest(replace(last, covered=add(last.covered, debt)))
