"""The interface of what moves the money of a market: one class for spot markets, and one for contracts.

A settlement tells whether an account can afford an order, holds money for it and releases it, and moves the
money of a trade.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple, Protocol

from ..accounts import Account
from ..ledger import Bucket
from ..model import Balance, MarketSpec, Order, Side

Offers = Sequence[tuple[Decimal, Decimal]]
"""What an order would trade: prices, and the amount at each."""


class Charge(NamedTuple):
    """A fee. It is negative if it is a rebate."""

    fee: Decimal
    currency: str


class Settlement(Protocol):
    wallet: str
    """The wallet that it takes money from."""
    fees: Bucket
    """The fees that it took."""

    def hold(self, side: Side, price: Decimal, amount: Decimal) -> tuple[str, Decimal]:
        """The currency that an order of this size needs, and how much of it at most."""

    def check(self, order: Order, account: Account, offers: Offers) -> None:
        """Refuse an order that makes no sense here, or that the account has too little money for."""

    def unfit(self, order: Order, account: Account, offers: Offers) -> str:
        """Why an order that waited for its price may not trade now; empty if it may."""

    def reserve(self, order: Order, account: Account) -> None:
        """Hold the money that an open order needs."""

    def release(self, order: Order, account: Account) -> None:
        """Release the money that is held for the rest of an order."""

    def allowed(self, order: Order, account: Account, price: Decimal, amount: Decimal) -> Decimal:
        """How much of an amount a market order can still pay for at this price."""

    def reducible(self, order: Order, account: Account) -> Decimal:
        """How much a reduce-only order can trade."""

    def overhang(self, account: Account) -> Sequence[Order]:
        """The account's reduce-only orders that are larger than what is left of its position."""

    def note(self, order: Order, account: Account) -> None:
        """Note that an order of an account that keeps records came, has changed, or has ended."""

    def cost(self, price: Decimal, amount: Decimal) -> Decimal: ...

    def average(self, filled: Decimal, cost: Decimal) -> Decimal: ...

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
        """Move the money of a trade, and charge both sides their fees."""

    def balance(self, account: Account, currency: str) -> Balance: ...

    def cannot_pay(self, spec: MarketSpec, orders: Sequence[tuple[Order, Account]]) -> list[Order]:
        """Those of the open orders that their accounts could not pay for by other rules."""

    def change(self, spec: MarketSpec, orders: Sequence[tuple[Order, Account]]) -> None:
        """Go by other rules, all these open orders too."""
