"""The open positions of a contract market, and their values at the mark price."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from ..accounts import Account
from ..exact import ZERO, add
from ..model import MarketSpec
from ..positions import Holding
from ..value import QUOTIENT, Valuation
from .prices import ContractPrices


class Figures(NamedTuple):
    """The figures of a position at the mark price."""

    value: Decimal
    unrealized: Decimal
    initial: Decimal
    maintenance: Decimal


class Holdings:
    """The open positions of one market, by account.

    Synthetic traders have only net amounts: they pay and receive the whole value, and need no margin.
    """

    def __init__(self, spec: MarketSpec, prices: ContractPrices, traders: Sequence[Account] = ()) -> None:
        self.spec = spec
        self.prices = prices
        self.valuation = Valuation(spec)
        self.wallet = spec.wallet
        self.currency = spec.settle
        self.traders = traders
        """The accounts of synthetic traders."""
        self.synthetic: dict[str, Decimal] = {}
        """The net amounts of those synthetic traders that ever traded."""
        self.owners: dict[str, Account] = {}
        """The accounts that ever had a position."""
        self.changed: dict[str, None] = {}
        """The accounts whose positions have changed since the listeners were last told."""
        self._by_account: dict[str, Holding] = {}
        self.get = self._by_account.get
        self.values = self._by_account.values
        """In the order in which they were opened."""

    def __len__(self) -> int:
        return len(self._by_account)

    def add(self, holding: Holding, owner: Account) -> None:
        self._by_account[owner.name] = owner.holdings[self.spec.id] = holding
        self.owners[owner.name] = owner

    def remove(self, holding: Holding) -> None:
        del self._by_account[holding.account], self.owners[holding.account].holdings[self.spec.id]

    def figures(self, holding: Holding) -> Figures:
        spec, up = self.spec, self.valuation.up
        value = self.valuation.value(self.prices.mark, holding.amount)
        tier = spec.tier(value)
        entry_value = holding.cost.copy_abs()
        return Figures(
            value,
            self.valuation.down(holding.unrealized(value, self.valuation)),
            up(QUOTIENT.divide(value, spec.capped(holding.leverage, value))),
            up(spec.liquidation.maintenance(value, entry_value, tier.maintenance_rate)),
        )

    @property
    def open_interest(self) -> Decimal:
        """The number of open contracts, counting one side only."""
        nets = [holding.net for holding in self.values()] + list(self.synthetic.values())
        total = ZERO
        for net in nets:
            if net > ZERO:
                total = add(total, net)
        return total
