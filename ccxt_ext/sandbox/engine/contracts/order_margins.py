"""What the open orders of an account tie up in a contract market."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from ..accounts import Account
from ..exact import ZERO, add, multiply, subtract
from ..model import SIDES, Order, Side
from ..trading.settlement import Offers
from ..value import QUOTIENT
from .holdings import Holdings


class Tied(NamedTuple):
    """What a position and the orders of one side tie up, added one after the other."""

    reduces: Decimal
    """What is left of the position for further orders to close."""
    size: Decimal
    """The position that they have made."""
    needed: Decimal


class Added(NamedTuple):
    """An order as it was when it was added up, and what it comes to with those before it."""

    order: Order
    remaining: Decimal
    waits: bool
    tied: Tied


class RunningSum:
    """One side's orders, oldest first, as they were last added up."""

    __slots__ = ("added", "begin", "mark")

    def __init__(self, begin: Tied, mark: Decimal) -> None:
        self.begin = begin
        self.mark = mark
        self.added: list[Added] = []


class OrderMargins:
    """Sums are kept, and go on from the first order that is not as it was: most often, only the
    last one is new."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings
        self._spec = holdings.spec
        self._valuation = holdings.valuation
        self._sums: dict[tuple[str, Side], RunningSum] = {}

    def of(
        self, account: Account, extra: Order | None = None, offers: Offers = (), without: Order | None = None
    ) -> Decimal:
        """The larger of what an account's buys and its sells need, with an order more (`extra`), or one
        less (`without`). What only reduces the position needs nothing."""
        most = ZERO
        orders = self.orders(account, extra or without)
        if extra is None and not any(orders.values()):
            return ZERO  # without a price, for which a market needs its past
        mark = self._holdings.prices.mark
        for side in SIDES:
            tied = self._add_up(account, side, orders[side], mark)
            if extra and extra.side == side:
                for price, amount in self._parts(extra, offers):
                    tied = self._add(tied, extra, price, amount, mark)
            most = max(most, tied.needed)
        return self._valuation.up(most)

    def orders(self, account: Account, without: Order | None = None) -> dict[Side, list[Order]]:
        """Those that may open something, oldest first."""
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
        """At which prices it would trade, and how much; a market order by what it offers."""
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
        """Initial margin, the fee, and what is lost at once by trading beyond the mark price; but
        the mark price of now says nothing of an order that waits for another."""
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
