"""Calculates how much margin an account has, needs, and has left.

Crossed positions of a wallet form groups: one for the whole wallet if it has collaterals, otherwise one for
each settle currency. Crossed margin, and the margin of open orders, is calculated when it is needed, and no
money moves for it. Isolated margin is money that was moved.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from ..accounts import Account
from ..exact import ONE, ZERO, add, multiply, subtract
from ..formulas import Stake
from ..model import Balance, Refused
from ..positions import Collateral, Holding, MarginAccount, Position
from ..value import QUOTIENT
from .holdings import Holdings
from .order_margins import OrderMargins


class Group(NamedTuple):
    """The sums of a group of crossed positions, in its settle currency."""

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
        """The margin that is not tied up. It is negative if more is tied up than there is."""
        return subtract(self.equity, add(self.initial, self.orders))


class Margins:
    """The margin of all accounts, in all contract markets of a venue."""

    def __init__(self, collaterals: Mapping[str, Sequence[Collateral]]) -> None:
        self._collaterals = collaterals
        self._markets: dict[str, Holdings] = {}
        self._order_margins: dict[str, OrderMargins] = {}
        self._settles: dict[str, list[str]] = {}
        """The settle currencies of each wallet, in the order of the markets."""

    def add_market(self, holdings: Holdings, order_margins: OrderMargins) -> None:
        settles = self._settles.setdefault(holdings.wallet, [])
        if self._collaterals.get(holdings.wallet) and {*settles} - {holdings.currency}:
            raise ValueError(f"contracts of wallet {holdings.wallet} settle in different currencies")
        if holdings.currency not in settles:
            settles.append(holdings.currency)
        self._markets[holdings.spec.id] = holdings
        self._order_margins[holdings.spec.id] = order_margins

    def collaterals(self, wallet: str, currency: str) -> Sequence[Collateral]:
        return self._collaterals.get(wallet) or itself(currency)

    def worth(self, collateral: Collateral) -> Decimal:
        """The margin value of one unit of a collateral."""
        price = collateral.price
        if price is None or collateral.market is not None:
            price = self.reference_price(collateral)
        return multiply(price, collateral.discount)

    def reference_price(self, collateral: Collateral) -> Decimal:
        if collateral.market is not None:
            return self._markets[collateral.market].prices.index
        return ONE if collateral.price is None else collateral.price

    def in_group(self, wallet: str, currency: str) -> Iterator[Holdings]:
        for market in self._markets.values():
            if market.wallet == wallet and market.currency == currency:
                yield market

    def crossed(self, account: Account, wallet: str, currency: str) -> Iterator[Holding]:
        for market in self.in_group(wallet, currency):
            holding = market.get(account.name)
            if holding is not None and holding.mode == "cross":
                yield holding

    def group(
        self, account: Account, wallet: str, currency: str, orders_as: Mapping[str, Decimal] | None = None
    ) -> Group:
        """The sums of a group. `orders_as` replaces what the orders of some markets tie up."""
        sums, known = self.sums(account, wallet, currency), orders_as or {}
        orders = self._of_orders(account, wallet, currency, known)
        for margin in known.values():
            orders = add(orders, margin)
        return sums._replace(orders=orders)

    def _of_orders(self, account: Account, wallet: str, currency: str, but: Container[str] = ()) -> Decimal:
        """What the orders of a group's markets tie up, but for some."""
        total = ZERO
        for market in account.orders.open_markets:
            if market not in but and self._is_in_group(market, wallet, currency):
                total = add(total, self._order_margins[market].of(account))
        return total

    def _free(self, account: Account, wallet: str, currency: str) -> Decimal:
        """What is free of a group's margin."""
        total, unrealized, initial, _, _ = self.sums(account, wallet, currency)
        return subtract(add(total, unrealized), add(initial, self._of_orders(account, wallet, currency)))

    def has_plenty(self, account: Account, wallet: str, currency: str, most: Mapping[str, Decimal]) -> bool:
        """Whether a group has so much that it need not be calculated what orders tie up.

        `most` is what those of some markets tie up at most.
        """
        total, unrealized, initial, _, _ = self.sums(account, wallet, currency)
        left = subtract(add(total, unrealized), initial)
        for tied in most.values():
            left = subtract(left, tied)
        for market in account.orders.open_markets:
            if market not in most and self._is_in_group(market, wallet, currency):
                left = subtract(left, self._order_margins[market].at_most(account))
        return left >= ZERO

    def _is_in_group(self, market: str, wallet: str, currency: str) -> bool:
        holdings = self._markets.get(market)
        return holdings is not None and holdings.wallet == wallet and holdings.currency == currency

    def sums(self, account: Account, wallet: str, currency: str) -> Group:
        """The sums of a group, without its orders."""
        total = unrealized = initial = maintenance = ZERO
        purse = account.wallets[wallet]
        has, owes = purse.free.amounts, purse.debt.amounts
        for collateral in self._collaterals.get(wallet) or itself(currency):
            net = has.get(collateral.currency, ZERO)
            if owes:
                net = purse.net(collateral.currency)
            if net:
                total = add(total, multiply(net, self.worth(collateral)) if net > ZERO else net)
        for holding in self.crossed(account, wallet, currency) if account.holdings else ():
            figures = self._markets[holding.market].figures(holding)
            unrealized = add(unrealized, figures.unrealized)
            initial = add(initial, figures.initial)
            maintenance = add(maintenance, figures.maintenance)
        return Group(total, unrealized, initial, maintenance, ZERO)

    def cushion(self, account: Account, holding: Holding) -> Decimal:
        """The margin of a position for its liquidation price: isolated, or what its group has for it."""
        market = self._markets[holding.market]
        if holding.mode == "isolated":
            return holding.margin.get(market.currency)
        group = self.sums(account, market.wallet, market.currency)
        own = market.figures(holding)
        others = subtract(
            subtract(group.unrealized, own.unrealized), subtract(group.maintenance, own.maintenance)
        )
        return add(group.total, others)

    def _up_to(self, free: Decimal, collateral: Collateral, settle: str, value: Decimal) -> Decimal:
        """As much of what is free of a collateral as has this margin value, rounded down."""
        worth = self.worth(collateral)
        if worth != ONE:
            valuation = next(self._settling_in(settle)).valuation
            value = valuation.down(QUOTIENT.divide(value, worth))
        return min(free, value)

    def _settling_in(self, settle: str) -> Iterator[Holdings]:
        return (market for market in self._markets.values() if market.currency == settle)

    def settle_currency(self, wallet: str, currency: str) -> str | None:
        """The settle currency of the group that a currency of this wallet belongs to."""
        settles = self._settles.get(wallet)
        if not settles:
            return None
        collaterals = self._collaterals.get(wallet)
        if not collaterals:
            return currency if currency in settles else None
        return settles[0] if any(each.currency == currency for each in collaterals) else None

    def balance(self, account: Account, wallet: str, currency: str) -> Balance:
        """The balance: free is what can be taken out, and held is what else belongs to the account."""
        purse = account.wallets[wallet]
        settle = self.settle_currency(wallet, currency)
        if settle is None:
            return purse.balance(currency)
        has = free = purse.free.amounts.get(currency, ZERO)
        if has:
            left = max(self._free(account, wallet, settle), ZERO)
            free = min(has, left)
            for collateral in self._collaterals.get(wallet) or ():
                if collateral.currency == currency:
                    free = self._up_to(has, collateral, settle, left)
                    break
        held = subtract(has, free)
        return Balance(
            free, add(held, self.isolated(account, wallet, currency)) if account.holdings else held
        )

    def isolated(self, account: Account, wallet: str, currency: str) -> Decimal:
        """The margin of the account's isolated positions."""
        total = ZERO
        if not account.holdings:
            return total
        for market in self.in_group(wallet, currency):
            holding = market.get(account.name)
            if holding is not None:
                total = add(total, holding.margin.get(currency))
        return total

    def position(self, holding: Holding) -> Position:
        """The figures of a position as it is now."""
        market = self._markets[holding.market]
        figures = market.figures(holding)
        valuation = market.valuation
        entry_value = holding.cost.copy_abs()
        stake = Stake(
            valuation.inverse,
            holding.side == "long",
            valuation.quantity(holding.amount),
            holding.basis.copy_abs(),
            self.cushion(market.owners[holding.account], holding),
            market.spec.tier(figures.value).maintenance_rate,
        )
        isolated = holding.mode == "isolated"
        return Position(
            holding.id,
            holding.account,
            holding.market,
            holding.side,
            holding.amount,
            valuation.average(holding.amount, entry_value),
            valuation.up(entry_value),
            market.prices.mark,
            valuation.up(figures.value),
            holding.margin.get(market.currency) if isolated else figures.initial,
            figures.initial,
            figures.maintenance,
            holding.leverage,
            holding.mode,
            holding.realized,
            figures.unrealized,
            holding.fees,
            holding.funding,
            market.spec.liquidation.price(stake),
            holding.opened,
            holding.updated,
            holding.stop_loss,
            holding.take_profit,
        )

    def margin_account(self, account: Account, wallet: str, currency: str | None) -> MarginAccount:
        settles = self._settles.get(wallet, [])
        settle = currency or (settles[0] if settles else "")
        if settle not in settles:
            raise Refused("unknown_currency", currency=currency, wallet=wallet)
        group = self.group(account, wallet, settle)
        purse, collaterals = account.wallets[wallet], self.collaterals(wallet, settle)
        has, left = purse.free.amounts, max(group.free, ZERO)
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
            left,
            {each.currency: purse.net(each.currency) for each in collaterals},
            {
                each.currency: self._up_to(free, each, settle, left)
                if (free := has.get(each.currency))
                else ZERO
                for each in collaterals
            },
        )


@lru_cache(maxsize=1000)
def itself(currency: str) -> tuple[Collateral]:
    """What counts as margin where nothing else does."""
    return (Collateral(currency, ONE, ONE),)
