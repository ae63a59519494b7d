"""What the open orders of an account tie up in a contract market."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from ..accounts import Account
from ..exact import ONE, ZERO, add, multiply, subtract
from ..model import SIDES, MarketSpec, Order, Side, tier_leverage
from ..positions import Holding
from ..trading.settlement import Meets
from ..value import QUOTIENT, Valuation
from .prices import ContractPrices


class Tied(NamedTuple):
    """What a position and the orders of one side come to, one after the other."""

    reduces: Decimal
    """What is left of the position for further orders to close."""
    size: Decimal
    """The position that they have made."""
    needed: Decimal


class Step(NamedTuple):
    """An order, what may change of it, and what it comes to with those before it."""

    order: Order
    remaining: Decimal
    waits: bool
    tied: Tied


class Line:
    """One side's orders, oldest first, as they were last added up."""

    __slots__ = ("begin", "mark", "steps")

    def __init__(self, begin: Tied, mark: Decimal) -> None:
        self.begin = begin
        self.mark = mark
        self.steps: list[Step] = []


class OrderMargins:
    """Sums are kept, and go on from the first order that is not as it was: most often, only the
    last one is new."""

    def __init__(self, spec: MarketSpec, prices: ContractPrices) -> None:
        self.spec = spec
        self.valuation = Valuation(spec)
        self.prices = prices
        self.holdings: dict[str, Holding] = {}
        self._lines: dict[tuple[str, Side], Line] = {}

    def order_margin(
        self, account: Account, extra: Order | None = None, meets: Meets = (), without: Order | None = None
    ) -> Decimal:
        """The larger of what the buys and the sells need. What only reduces the position needs
        nothing."""
        most = ZERO
        orders = self._orders(account, extra or without)
        if extra is None and not any(orders.values()):
            return ZERO  # without a price, for which a market needs its past
        mark = self.prices.mark
        for side in SIDES:
            tied = self._add_up(account, side, orders[side], mark)
            if extra and extra.side == side:
                for price, amount in self._parts(extra, meets):
                    tied = self._add(tied, extra, price, amount, mark)
            most = max(most, tied.needed)
        return self.valuation.up(most)

    def _orders(self, account: Account, without: Order | None = None) -> dict[Side, list[Order]]:
        """Those that may open something, oldest first."""
        found: dict[Side, list[Order]] = {"buy": [], "sell": []}
        market, left_out = self.spec.id, None if without is None else without.id
        for order in account.open.values():
            if order.market == market and not order.reduce_only and order.id != left_out:
                found[order.side].append(order)
        return found

    def _add_up(self, account: Account, side: Side, orders: Sequence[Order], mark: Decimal) -> Tied:
        begin = self._begin(account, side)
        line = self._lines.get((account.name, side))
        if line is None or line.mark != mark or line.begin != begin:
            line = self._lines[account.name, side] = Line(begin, mark)
        steps, same = line.steps, 0
        for step, order in zip(steps, orders, strict=False):
            if step.order is not order or step.remaining is not order.remaining or step.waits != order.waits:
                break
            same += 1
        del steps[same:]
        tied = steps[-1].tied if steps else begin
        for order in orders[same:]:
            for price, amount in self._parts(order, ()):
                tied = self._add(tied, order, price, amount, mark)
            steps.append(Step(order, order.remaining, order.waits, tied))
        return tied

    def _begin(self, account: Account, side: Side) -> Tied:
        holding = self.holdings.get(account.name)
        if holding is None:
            return Tied(ZERO, ZERO, ZERO)
        if holding.closing_side == side:
            return Tied(holding.amount, ZERO, ZERO)
        return Tied(ZERO, holding.amount, ZERO)

    @staticmethod
    def _parts(order: Order, meets: Meets) -> Meets:
        """At which prices it would trade, and how much; a market order by what it meets."""
        if meets and order.price is None:
            return meets
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
        value = self.valuation.value(price, amount)
        notional = self.valuation.value(mark, size)
        margin = QUOTIENT.divide(value, self._cap(order.leverage, notional))
        lost = subtract(
            self.valuation.flow(order.side, value),
            self.valuation.flow(order.side, self.valuation.value(mark, amount)),
        )
        fee = multiply(value, max(self.spec.taker_fee, ZERO))
        return QUOTIENT.add(QUOTIENT.add(margin, fee), max(lost, ZERO))

    def _cap(self, leverage: Decimal | None, notional: Decimal) -> Decimal:
        return min(leverage or ONE, tier_leverage(self.spec.tier(notional)))
