"""How spot orders are paid for.

A settlement is the one place where a kind of market differs from another: it says what an
open order holds, sets that aside, gives it back, and moves the money of a trade. Contracts
get a settlement of their own, with margin and positions, beside this one.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from .exact import ONE, ZERO, add, multiply, subtract
from .ledger import Ledger, Wallet
from .model import MarketSpec, Order, Side


class Charge(NamedTuple):
    """A fee; negative when it is a rebate."""

    fee: Decimal
    currency: str


class SpotSettlement:
    """A buy holds quote currency at its limit price, a sell holds base currency.

    Fees are exact products, taken from what is received (`fee_on='received'`), or always in
    the quote currency (`'quote'`); then a buy also holds the highest fee it can meet.
    """

    def __init__(self, spec: MarketSpec, ledger: Ledger) -> None:
        self._spec = spec
        self._post = ledger.post
        self._fees = ledger.open_fees(spec.id)
        self._fee_in_quote = spec.fee_on == "quote"
        self._buy_factor = add(ONE, max(spec.maker_fee, spec.taker_fee, ZERO))

    def hold(self, side: Side, price: Decimal, amount: Decimal) -> tuple[str, Decimal]:
        """The currency and amount that an open order of this size holds."""
        if side == "sell":
            return self._spec.base, amount
        cost = multiply(price, amount)
        return self._spec.quote, multiply(cost, self._buy_factor) if self._fee_in_quote else cost

    def reserve(self, order: Order, wallet: Wallet) -> None:
        currency, amount = self.hold(order.side, order.price, order.remaining)
        self._post(wallet.free, wallet.held, currency, amount)

    def release(self, order: Order, wallet: Wallet) -> None:
        """Give back what the rest of an order holds."""
        currency, amount = self.hold(order.side, order.price, order.remaining)
        self._post(wallet.held, wallet.free, currency, amount)

    def settle_trade(
        self,
        buy: Order,
        buyer: Wallet,
        sell: Order,
        seller: Wallet,
        amount: Decimal,
        cost: Decimal,
        buyer_rate: Decimal,
        seller_rate: Decimal,
    ) -> tuple[Charge, Charge]:
        """Exchange `amount` for `cost`, charge both, and free what the buyer saved on its limit."""
        base, quote, post = self._spec.base, self._spec.quote, self._post
        _, held = self.hold("buy", buy.price, amount)
        post(buyer.held, seller.free, quote, cost)
        post(seller.held, buyer.free, base, amount)
        saved = subtract(held, cost)
        if saved:
            post(buyer.held, buyer.free, quote, saved)
        if self._fee_in_quote:
            buyer_charge = Charge(multiply(cost, buyer_rate), quote)
        else:
            buyer_charge = Charge(multiply(amount, buyer_rate), base)
        seller_charge = Charge(multiply(cost, seller_rate), quote)
        self._take(buyer, buyer_charge)
        self._take(seller, seller_charge)
        return buyer_charge, seller_charge

    def _take(self, wallet: Wallet, charge: Charge) -> None:
        if charge.fee < ZERO:
            self._post(self._fees, wallet.free, charge.currency, charge.fee.copy_negate())
        else:
            self._post(wallet.free, self._fees, charge.currency, charge.fee)
