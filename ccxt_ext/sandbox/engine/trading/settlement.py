"""What a market asks of the code that knows how its kind is paid for.

A settlement says whether an account can afford an order, sets money aside for it and gives
it back, and moves the money of a trade. There is one for spot markets and one for contracts.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple, Protocol

from ..accounts import Account
from ..ledger import Bucket
from ..model import Balance, Order, Side

Offers = Sequence[tuple[Decimal, Decimal]]
"""What an order would trade with: prices, and the amount at each."""


class Charge(NamedTuple):
    """A fee; negative when it is a rebate."""

    fee: Decimal
    currency: str


class Settlement(Protocol):
    wallet: str
    """The wallet that it goes by."""
    fees: Bucket
    """What it took."""

    def hold(self, side: Side, price: Decimal, amount: Decimal) -> tuple[str, Decimal]:
        """The currency, and the most that an order of this size can need of it."""

    def check(self, order: Order, account: Account, offers: Offers) -> None:
        """Refuse what makes no sense here, and what the account's money does not cover."""

    def unfit(self, order: Order, account: Account, offers: Offers) -> str:
        """Why an order that waited may not trade, now that its price has come."""

    def reserve(self, order: Order, account: Account) -> None:
        """Set aside what an open order needs."""

    def release(self, order: Order, account: Account) -> None:
        """Give back what was set aside for the rest of an order."""

    def allowed(self, order: Order, account: Account, price: Decimal, amount: Decimal) -> Decimal:
        """How much of an amount a market order can still pay at this price."""

    def reducible(self, order: Order, account: Account) -> Decimal:
        """How much a reduce-only order may trade."""

    def overhang(self, account: Account) -> Sequence[Order]:
        """Its reduce-only orders that have become larger than its position."""

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
        """Move the money of a trade, and charge both."""

    def balance(self, account: Account, currency: str) -> Balance: ...
