"""How much margin an account has, needs, and has left.

Everything that is crossed in a wallet stands in one group: all of the wallet when it has
collaterals, otherwise all that settles in one currency. Crossed margin and the margin of
open orders are worked out when they are asked for, and never move; isolated margin is money
of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from ..accounts import Account
from ..exact import ONE, ZERO, add, multiply, subtract
from ..ledger import Ledger, Wallet
from ..model import Balance, Refused
from ..positions import Collateral, Holding, MarginAccount
from ..value import QUOTIENT

if TYPE_CHECKING:
    from .settlement import ContractSettlement


class Group(NamedTuple):
    """The sums of a crossed group, in its settle currency."""

    total: Decimal
    unrealized: Decimal
    initial: Decimal
    maintenance: Decimal
    orders: Decimal

    @property
    def equity(self) -> Decimal:
        return add(self.total, self.unrealized)

    @property
    def free(self) -> Decimal:
        """Negative when more is tied up than there is."""
        return subtract(self.equity, add(self.initial, self.orders))


class Margins:
    """All contract markets of a venue, and what counts as margin for them."""

    def __init__(self, ledger: Ledger, collaterals: Mapping[str, Sequence[Collateral]]) -> None:
        self.ledger = ledger
        self.markets: dict[str, ContractSettlement] = {}
        self._collaterals = collaterals

    def add_market(self, settlement: ContractSettlement) -> None:
        if self._collaterals.get(settlement.wallet):
            settles = {other.currency for other in self.markets.values() if other.wallet == settlement.wallet}
            if settles - {settlement.currency}:
                raise ValueError(f"contracts of wallet {settlement.wallet} settle in different currencies")
        self.markets[settlement.spec.id] = settlement

    def collaterals(self, wallet: str, currency: str) -> Sequence[Collateral]:
        return self._collaterals.get(wallet) or (Collateral(currency, ONE, ONE),)

    def worth(self, collateral: Collateral) -> Decimal:
        """What one of it counts for."""
        return multiply(self.reference_price(collateral), collateral.discount)

    def reference_price(self, collateral: Collateral) -> Decimal:
        if collateral.market is not None:
            return self.markets[collateral.market].prices.index
        return ONE if collateral.price is None else collateral.price

    def in_group(self, wallet: str, currency: str) -> Iterator[ContractSettlement]:
        for settlement in self.markets.values():
            if settlement.wallet == wallet and settlement.currency == currency:
                yield settlement

    def crossed(self, account: Account, wallet: str, currency: str) -> Iterator[Holding]:
        for settlement in self.in_group(wallet, currency):
            holding = settlement.holdings.get(account.name)
            if holding is not None and holding.mode == "cross":
                yield holding

    def group(
        self, account: Account, wallet: str, currency: str, orders_as: Mapping[str, Decimal] | None = None
    ) -> Group:
        """`orders_as` says for some markets what their orders tie up."""
        sums, orders = self.sums(account, wallet, currency), ZERO
        known = orders_as or {}
        for market in dict.fromkeys([*known, *(order.market for order in account.open.values())]):
            settlement = self.markets.get(market)
            if settlement and (settlement.wallet, settlement.currency) == (wallet, currency):
                margin = known[market] if market in known else settlement.order_margin(account)
                orders = add(orders, margin)
        return sums._replace(orders=orders)

    def sums(self, account: Account, wallet: str, currency: str) -> Group:
        """The group as it would be without orders."""
        total = unrealized = initial = maintenance = ZERO
        purse = account.wallets[wallet]
        for collateral in self.collaterals(wallet, currency):
            net = net_balance(purse, collateral.currency)
            total = add(total, multiply(net, self.worth(collateral)) if net > 0 else net)
        for holding in self.crossed(account, wallet, currency):
            figures = self.markets[holding.market].figures(holding)
            unrealized = add(unrealized, figures.unrealized)
            initial = add(initial, figures.initial)
            maintenance = add(maintenance, figures.maintenance)
        return Group(total, unrealized, initial, maintenance, ZERO)

    def cushion(self, account: Account, holding: Holding) -> Decimal:
        """What stands against a position's losses beyond its own maintenance margin."""
        settlement = self.markets[holding.market]
        if holding.mode == "isolated":
            return holding.margin.get(settlement.currency)
        group = self.sums(account, settlement.wallet, settlement.currency)
        own = settlement.figures(holding)
        others = subtract(
            subtract(group.unrealized, own.unrealized), subtract(group.maintenance, own.maintenance)
        )
        return add(group.total, others)

    def transferable(self, account: Account, wallet: str, currency: str, group: Group) -> Decimal:
        free = account.wallets[wallet].free.get(currency)
        for settle in self._settle_currencies(wallet):
            for collateral in self.collaterals(wallet, settle):
                if collateral.currency == currency:
                    return min(free, self._amount_worth(max(group.free, ZERO), collateral, settle))
        return free

    def _amount_worth(self, value: Decimal, collateral: Collateral, settle: str) -> Decimal:
        """How much of a collateral has this worth, rounded down."""
        worth = self.worth(collateral)
        valuation = next(self._settling_in(settle)).valuation
        return value if worth == ONE else valuation.down(QUOTIENT.divide(value, worth))

    def _settling_in(self, settle: str) -> Iterator[ContractSettlement]:
        return (settlement for settlement in self.markets.values() if settlement.currency == settle)

    def _settle_currencies(self, wallet: str) -> list[str]:
        return list(
            dict.fromkeys(
                settlement.currency for settlement in self.markets.values() if settlement.wallet == wallet
            )
        )

    def settle_currency(self, wallet: str, currency: str) -> str | None:
        """The settle currency of the group that a currency of this wallet stands in."""
        settles = self._settle_currencies(wallet)
        if self._collaterals.get(wallet):
            counts = {collateral.currency for collateral in self._collaterals[wallet]}
            return settles[0] if settles and currency in counts else None
        return currency if currency in settles else None

    def balance(self, account: Account, wallet: str, currency: str) -> Balance:
        """Free is what could be taken out; held is what else belongs to the account."""
        purse = account.wallets[wallet]
        settle = self.settle_currency(wallet, currency)
        if settle is None:
            return purse.balance(currency)
        free = self.transferable(account, wallet, currency, self.group(account, wallet, settle))
        held = subtract(purse.free.get(currency), free)
        return Balance(free, add(held, self.isolated(account, wallet, currency)))

    def isolated(self, account: Account, wallet: str, currency: str) -> Decimal:
        """The margin of its isolated positions."""
        total = ZERO
        for settlement in self.in_group(wallet, currency):
            holding = settlement.holdings.get(account.name)
            if holding is not None:
                total = add(total, holding.margin.get(currency))
        return total

    def describe(self, account: Account, wallet: str, currency: str | None) -> MarginAccount:
        settles = self._settle_currencies(wallet)
        settle = currency or (settles[0] if settles else "")
        if settle not in settles:
            raise Refused("unknown_currency", currency=currency, wallet=wallet)
        group = self.group(account, wallet, settle)
        names = [collateral.currency for collateral in self.collaterals(wallet, settle)]
        purse = account.wallets[wallet]
        return MarginAccount(
            account.name,
            wallet,
            settle,
            group.total,
            group.unrealized,
            group.initial,
            group.maintenance,
            group.orders,
            self.isolated(account, wallet, settle),
            max(group.free, ZERO),
            {name: net_balance(purse, name) for name in names},
            {name: self.transferable(account, wallet, name, group) for name in names},
        )


def net_balance(wallet: Wallet, currency: str) -> Decimal:
    return add(wallet.free.get(currency), wallet.debt.get(currency))
