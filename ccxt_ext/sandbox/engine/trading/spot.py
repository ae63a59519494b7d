"""Moves the money of a spot market."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ..accounts import Account
from ..exact import EXACT, ONE, RATIO, ZERO, add, multiply, subtract
from ..ledger import Ledger, Wallet
from ..model import Balance, MarketSpec, Order, Refused, Side
from .settlement import Charge, Offers


class SpotSettlement:
    """A buy holds quote currency at its limit price, a sell holds base currency.

    Fees are exact products, taken from what is received (`fee_on='received'`), or always in
    the quote currency (`'quote'`); then a buy also holds the highest fee it can meet.
    """

    def __init__(self, spec: MarketSpec, ledger: Ledger) -> None:
        self._spec = spec
        self.wallet = spec.wallet
        self._ledger = ledger
        self._post = ledger.post
        self.fees = ledger.open_fees(spec.id)
        self._fee_in_quote = spec.fee_on == "quote"
        self._buy_factor = _buy_factor(spec)

    def hold(self, side: Side, price: Decimal, amount: Decimal) -> tuple[str, Decimal]:
        """The currency and amount that an open order of this size holds."""
        if side == "sell":
            return self._spec.base, amount
        cost = multiply(price, amount)
        return self._spec.quote, multiply(cost, self._buy_factor) if self._fee_in_quote else cost

    def check(self, order: Order, account: Account, offers: Offers) -> None:
        for given in ("leverage", "margin_mode", "reduce_only", "stop_loss", "take_profit"):
            if getattr(order, given):
                raise Refused(_NO_POSITIONS[given], **{given: getattr(order, given)})
        if order.trigger_by != "last":
            raise Refused("bad_trigger", trigger_by=order.trigger_by)
        price = _held_at(order)
        needed = ZERO
        for at, amount in offers if price is None else [(price, order.amount)]:
            currency, part = self.hold(order.side, at, amount)
            needed = add(needed, part)
        free = account.wallets[self.wallet].free.get(currency)
        if free < needed:
            raise Refused("insufficient_funds", currency=currency, needed=needed, free=free)

    def reserve(self, order: Order, account: Account) -> None:
        price = _held_at(order)
        if price is not None:
            wallet = account.wallets[self.wallet]
            currency, amount = self.hold(order.side, price, order.remaining)
            self._post(wallet.free, wallet.held, currency, amount)

    def release(self, order: Order, account: Account) -> None:
        price = _held_at(order)
        if price is not None:
            wallet = account.wallets[self.wallet]
            currency, amount = self.hold(order.side, price, order.remaining)
            self._post(wallet.held, wallet.free, currency, amount)

    def allowed(self, order: Order, account: Account, price: Decimal, amount: Decimal) -> Decimal:
        if order.price is not None:
            return amount
        currency, a_step = self.hold(order.side, price, self._spec.step)
        free = account.wallets[self.wallet].free.get(currency)
        return min(amount, multiply(EXACT.divide_int(free, a_step), self._spec.step))

    def unfit(self, order: Order, account: Account, offers: Offers) -> str:
        return ""  # it trades as much as the account has money for

    def reducible(self, order: Order, account: Account) -> Decimal:
        return order.remaining

    def overhang(self, account: Account) -> Sequence[Order]:
        return ()

    def note(self, order: Order, account: Account) -> None:
        """Does nothing: what an order needs is held, and not calculated."""

    def balance(self, account: Account, currency: str) -> Balance:
        return account.wallets[self.wallet].balance(currency)

    def cost(self, price: Decimal, amount: Decimal) -> Decimal:
        return multiply(price, amount)

    def average(self, filled: Decimal, cost: Decimal) -> Decimal:
        return RATIO.divide(cost, filled)

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
        """Exchange `amount` for `cost`, charge both sides, and free what the buyer has saved on its limit."""
        base, quote, post = self._spec.base, self._spec.quote, self._post
        purse, till = buyer.wallets[self.wallet], seller.wallets[self.wallet]
        _, held = self.hold("buy", price if buy.price is None else buy.price, amount)
        if buy.price is None:  # a market order holds nothing before it trades
            post(purse.free, purse.held, quote, held)
        post(purse.held, till.free, quote, cost)
        post(till.free if sell.price is None else till.held, purse.free, base, amount)
        saved = subtract(held, cost)
        if saved:
            post(purse.held, purse.free, quote, saved)
        if self._fee_in_quote:
            buyer_charge = Charge(multiply(cost, buyer_rate), quote)
        else:
            buyer_charge = Charge(multiply(amount, buyer_rate), base)
        seller_charge = Charge(multiply(cost, seller_rate), quote)
        self._take(purse, buyer_charge)
        self._take(till, seller_charge)
        return buyer_charge, seller_charge

    def cannot_pay(self, spec: MarketSpec, orders: Sequence[tuple[Order, Account]]) -> list[Order]:
        """The newest ones, as many as have to end for the others."""
        found: list[Order] = []
        needing: dict[str, list[Order]] = {}
        free: dict[str, Decimal] = {}
        for order, account in orders:
            if account.keeps_records and self._more(spec, order):
                needing.setdefault(account.name, []).append(order)
                free.setdefault(account.name, account.wallets[self.wallet].free.get(spec.quote))
        for name, own in needing.items():
            for order in own:
                free[name] = subtract(free[name], self._more(spec, order))
            own.sort(key=lambda order: order.id)
            while free[name] < ZERO and own:
                found.append(order := own.pop())
                _, held = self.hold("buy", _held_at(order) or ZERO, order.remaining)
                free[name] = add(free[name], add(held, self._more(spec, order)))
        return found

    def change(self, spec: MarketSpec, orders: Sequence[tuple[Order, Account]]) -> None:
        for order, account in orders:
            more, wallet = self._more(spec, order), account.wallets[self.wallet]
            if more > wallet.free.get(spec.quote):  # of a synthetic trader
                self._ledger.deposit(wallet, spec.quote, more)
            if more > ZERO:
                self._post(wallet.free, wallet.held, spec.quote, more)
            else:
                self._post(wallet.held, wallet.free, spec.quote, more.copy_negate())
        self._spec, self._buy_factor = spec, _buy_factor(spec)

    def _more(self, spec: MarketSpec, order: Order) -> Decimal:
        """How much more an open order would hold by other rules."""
        price = _held_at(order)
        if price is None or order.side == "sell" or not self._fee_in_quote:
            return ZERO
        cost = multiply(price, order.remaining)
        return subtract(multiply(cost, _buy_factor(spec)), multiply(cost, self._buy_factor))

    def _take(self, wallet: Wallet, charge: Charge) -> None:
        if charge.fee < ZERO:
            self._post(self.fees, wallet.free, charge.currency, charge.fee.copy_negate())
        else:
            self._post(wallet.free, self.fees, charge.currency, charge.fee)


_NO_POSITIONS = {
    "leverage": "bad_leverage",
    "margin_mode": "bad_margin_mode",
    "reduce_only": "reduce_only",
    "stop_loss": "bad_trigger",
    "take_profit": "bad_trigger",
}
"""Fields of orders that make no sense in spot markets, and the reason to refuse them with."""


def _buy_factor(spec: MarketSpec) -> Decimal:
    return add(ONE, max(spec.maker_fee, spec.taker_fee, ZERO))


def _held_at(order: Order) -> Decimal | None:
    """The price by which an open order holds money.

    A market order that waits goes by its trigger price. One that does not wait holds nothing.
    """
    return order.trigger_price if order.price is None and not order.triggered else order.price
