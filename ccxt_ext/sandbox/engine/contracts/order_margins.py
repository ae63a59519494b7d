"""Calculates how much margin an account's open orders tie up in a contract market."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from ..accounts import Account
from ..exact import ZERO, add, multiply, subtract
from ..model import SIDES, MarketSpec, Order, Side
from ..trading.settlement import Offers
from ..value import QUOTIENT
from .holdings import Holdings


class Tied(NamedTuple):
    """How much a position and the orders of one side tie up. Orders are added one after the other."""

    reduces: Decimal
    """The part of the position that further orders can still close."""
    size: Decimal
    """The position that these orders open."""
    needed: Decimal


class Added(NamedTuple):
    """An order as it was when it was added, and the sum of it and those before it."""

    order: Order
    remaining: Decimal
    waits: bool
    tied: Tied


class RunningSum:
    """The sum of one side's orders, oldest first."""

    __slots__ = ("added", "begin", "mark")

    def __init__(self, begin: Tied, mark: Decimal) -> None:
        self.begin = begin
        self.mark = mark
        self.added: list[Added] = []


class OrderMargins:
    """The margin of open orders.

    Sums are kept, and continued from the first order that has changed. Most often, only the last one is new.
    """

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings
        self._spec = holdings.spec
        self._valuation = holdings.valuation
        self._sums: dict[tuple[str, Side], RunningSum] = {}

    def change(self, spec: MarketSpec) -> None:
        """Go by other rules."""
        self._spec = spec
        self._sums.clear()

    def of(
        self, account: Account, extra: Order | None = None, offers: Offers = (), without: Order | None = None
    ) -> Decimal:
        """What an account's buys or sells need, whichever is more. Reducing a position needs nothing.

        It can be asked with one more order (`extra`), or with one order less (`without`).
        """
        most = ZERO
        orders = self.orders(account, extra or without)
        if extra is None and not any(orders.values()):
            return ZERO  # no need for the mark price, which would need the market's history
        mark = self._holdings.prices.mark
        for side in SIDES:
            tied = self._add_up(account, side, orders[side], mark)
            if extra and extra.side == side:
                for price, amount in self._parts(extra, offers):
                    tied = self._add(tied, extra, price, amount, mark)
            most = max(most, tied.needed)
        return self._valuation.up(most)

    def orders(self, account: Account, without: Order | None = None) -> dict[Side, list[Order]]:
        """The orders that may open a position, oldest first."""
        found: dict[Side, list[Order]] = {"buy": [], "sell": []}
        market, left_out = self._spec.id, None if without is None else without.id
        for order in account.open.values():
            if order.market == market and not order.reduce_only and order.id != left_out:
                found[order.side].append(order)
        return found

    def _add_up(self, account: Account, side: Side, orders: Sequence[Order], mark: Decimal) -> Tied:
        begin = self._begin(account, side)
        known = self._sums.get((account.name, side))
        if known is None or known.mark != mark or known.begin != begin:
            known = self._sums[account.name, side] = RunningSum(begin, mark)
        added, same = known.added, 0
        for each, order in zip(added, orders, strict=False):
            if each.order is not order or each.remaining is not order.remaining or each.waits != order.waits:
                break
            same += 1
        del added[same:]
        tied = added[-1].tied if added else begin
        for order in orders[same:]:
            for price, amount in self._parts(order, ()):
                tied = self._add(tied, order, price, amount, mark)
            added.append(Added(order, order.remaining, order.waits, tied))
        return tied

    def _begin(self, account: Account, side: Side) -> Tied:
        holding = self._holdings.get(account.name)
        if holding is None:
            return Tied(ZERO, ZERO, ZERO)
        if holding.closing_side == side:
            return Tied(holding.amount, ZERO, ZERO)
        return Tied(ZERO, holding.amount, ZERO)

    @staticmethod
    def _parts(order: Order, offers: Offers) -> Offers:
        """The prices at which an order would trade, and the amounts. A market order takes what is offered."""
        if offers and order.price is None:
            return offers
        price = order.price or order.trigger_price
        return [(price, order.remaining)] if price else ()

    def _add(self, tied: Tied, order: Order, price: Decimal, amount: Decimal, mark: Decimal) -> Tied:
        reduces, size, needed = tied
        opens = max(ZERO, subtract(amount, reduces))
        reduces = max(ZERO, subtract(reduces, amount))
        if opens:
            size = add(size, opens)
            needed = QUOTIENT.add(needed, self._margin_to_open(order, price, opens, size, mark))
        return Tied(reduces, size, needed)

    def _margin_to_open(
        self, order: Order, price: Decimal, amount: Decimal, size: Decimal, mark: Decimal
    ) -> Decimal:
        """The initial margin, the fee, and the loss of trading at a worse price than the mark price.

        There is no such loss for an order that waits for its trigger, as the mark price will be another.
        """
        mark = price if order.waits else mark
        value = self._valuation.value(price, amount)
        notional = self._valuation.value(mark, size)
        margin = QUOTIENT.divide(value, self._spec.capped(order.leverage, notional))
        lost = subtract(
            self._valuation.flow(order.side, value),
            self._valuation.flow(order.side, self._valuation.value(mark, amount)),
        )
        fee = multiply(value, max(self._spec.taker_fee, ZERO))
        return QUOTIENT.add(QUOTIENT.add(margin, fee), max(lost, ZERO))
