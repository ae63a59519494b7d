"""Calculates how much margin an account's open orders tie up in a contract market."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import NamedTuple

from ..accounts import Account
from ..exact import ONE, ZERO, add, multiply, subtract
from ..model import SIDES, MarketSpec, Order, Side
from ..trading.settlement import Offers
from ..value import QUOTIENT
from .holdings import Holdings
from .open_orders import Part, SideOrders

UP = Context(prec=20, rounding=ROUND_CEILING)
DOWN = Context(prec=QUOTIENT.prec, rounding=ROUND_FLOOR)
"""Divides as exactly as QUOTIENT does, but never makes more of it: a sum is not a trifle too large."""


class Tied(NamedTuple):
    """How much a position and the orders of one side tie up. Orders are added one after the other."""

    reduces: Decimal
    """The part of the position that further orders can still close."""
    size: Decimal
    """The position that these orders open."""
    needed: Decimal


class Added(NamedTuple):
    """An order as it was when it was added, and the sum of it and those before it."""

    part: Part
    tied: Tied


class RunningSum:
    """The sum of one side's orders, oldest first."""

    __slots__ = ("added", "begin", "mark")

    def __init__(self, begin: Tied, mark: Decimal) -> None:
        self.begin = begin
        self.mark = mark
        self.added: list[Added] = []


def _most_rate(spec: MarketSpec) -> Decimal:
    """No less than the margin and the fee of an order, as a share of its value."""
    least_leverage = min(ONE, spec.caps[-1][1])
    return QUOTIENT.add(UP.divide(ONE, least_leverage), max(spec.taker_fee, ZERO))


class OrderMargins:
    """The margin of open orders.

    It follows from sums that are kept for each side: of all values by leverage, less what only closes a
    position, and of what is lost on orders beyond the mark price. Where a position would become so large that
    less leverage is allowed, orders are added one after the other; then sums are continued from the first
    order that has changed.
    """

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings
        self._spec = holdings.spec
        self._valuation = holdings.valuation
        self._most_rate = _most_rate(self._spec)
        self._sides: dict[tuple[str, Side], SideOrders] = {}
        self._none = SideOrders("buy", self._valuation)
        self._sums: dict[tuple[str, Side], RunningSum] = {}
        self._known: dict[tuple[str, Side], tuple[tuple[int, Decimal, Tied], Tied]] = {}
        """What a side ties up, with what that came from: its changes, the mark price, a position."""

    def change(self, spec: MarketSpec) -> None:
        """Go by other rules."""
        self._spec = spec
        self._most_rate = _most_rate(spec)
        self._sums.clear()
        self._known.clear()

    def note(self, order: Order, account: Account) -> None:
        """Note that an account's order came, has changed, or has ended."""
        key = account.name, order.side
        if key not in self._sides:
            self._sides[key] = SideOrders(order.side, self._valuation)
        self._sides[key].note(order)

    def side(self, account: Account, side: Side) -> SideOrders:
        return self._sides.get((account.name, side), self._none)

    def of(self, account: Account) -> Decimal:
        """What an account's buys or sells need, whichever is more. Reducing a position needs nothing."""
        buys, sells = self.side(account, "buy"), self.side(account, "sell")
        if not buys.amount and not sells.amount:
            return ZERO  # no need for the mark price, which would need the market's history
        mark = self._holdings.prices.mark
        bought, sold = self._tied(account, "buy", buys, mark), self._tied(account, "sell", sells, mark)
        return self._valuation.up(max(bought.needed, sold.needed))

    def without_and_with(self, account: Account, extra: Order, offers: Offers) -> tuple[Decimal, Decimal]:
        """The same without an order, which may be one of those that are open, and with it."""
        mark = self._holdings.prices.mark
        tied = {side: self._tied(account, side, self.side(account, side), mark, extra) for side in SIDES}
        before = max(each.needed for each in tied.values())
        for price, amount in self._parts(extra, offers):
            tied[extra.side] = self._add(tied[extra.side], extra, price, amount, mark)
        after = max(each.needed for each in tied.values())
        return self._valuation.up(before), self._valuation.up(after)

    def at_most(self, account: Account, extra: Order | None = None, offers: Offers = ()) -> Decimal:
        """No less than what an account's orders need, whatever its position, with another order or without.

        It counts them all as if they opened positions with the least leverage, and lost all that they trade.
        """
        prices, value_of, most = self._holdings.prices, self._valuation.value, ZERO
        for side in SIDES:
            orders = self._sides.get((account.name, side), self._none)
            amount, value = orders.amount, orders.value
            if extra is not None and extra.side == side:
                for price, part in self._parts(extra, offers):
                    amount, value = add(amount, part), add(value, value_of(price, part))
            if amount:
                lost = add(value, value_of(prices.mark, amount))
                most = max(most, add(multiply(value, self._most_rate), lost))
        return self._valuation.up(most)

    @staticmethod
    def _amount(orders: SideOrders, left_out: Order | None) -> Decimal:
        part = None if left_out is None else orders.parts.get(left_out.id)
        return orders.amount if part is None else subtract(orders.amount, part.amount)

    def amount(self, account: Account, side: Side, left_out: Order) -> Decimal:
        """What the orders of a side may still trade together."""
        return self._amount(self.side(account, side), left_out)

    def _tied(
        self, account: Account, side: Side, orders: SideOrders, mark: Decimal, left_out: Order | None = None
    ) -> Tied:
        begin = self._begin(account, side)
        if not orders.amount:
            return begin
        if left_out is not None and left_out.id in orders.parts:
            return self._added_up(account, side, orders, begin, mark, left_out)
        key, source = (account.name, side), (orders.changes, mark, begin)
        known = self._known.get(key)
        if known is None or known[0] != source:
            known = source, self._added_up(account, side, orders, begin, mark, None)
            self._known[key] = known
        return known[1]

    def _added_up(
        self,
        account: Account,
        side: Side,
        orders: SideOrders,
        begin: Tied,
        mark: Decimal,
        left_out: Order | None,
    ) -> Tied:
        amount = self._amount(orders, left_out)
        if not amount:
            return begin
        opens = max(ZERO, subtract(amount, begin.reduces))
        size = add(begin.size, opens)
        cap = self._cap(max(self._valuation.value(price, size) for price in orders.valued_at(mark)))
        if any(leverage > cap for leverage in orders.values):
            return self._one_by_one(account, side, orders, mark, left_out)
        values, lost = dict(orders.values), ZERO
        skipped, opening = self._closing(orders, begin.reduces, left_out)
        for part in skipped.values():
            values[part.leverage] = subtract(values[part.leverage], part.value)
        if opening is not None:
            values[opening.leverage] = add(values[opening.leverage], opening.value)
            lost = self._loss(opening, mark)
        for part in orders.beyond(mark):
            if part.order.id not in skipped:
                lost = add(lost, self._loss(part, mark))
        needed = whole = ZERO
        for leverage, value in values.items():
            needed = add(needed, DOWN.divide(value, leverage))
            whole = add(whole, value)
        fee = multiply(whole, max(self._spec.taker_fee, ZERO))
        return Tied(max(ZERO, subtract(begin.reduces, amount)), size, add(add(needed, fee), lost))

    @staticmethod
    def _closing(
        orders: SideOrders, reduces: Decimal, left_out: Order | None
    ) -> tuple[dict[int, Part], Part | None]:
        """The orders that open nothing, as they close a position or are left out.

        One of them may close a part of the position and open another: this is what it opens.
        """
        skipped: dict[int, Part] = {}
        if left_out is not None and left_out.id in orders.parts:
            skipped[left_out.id] = orders.parts[left_out.id]
        if not reduces:
            return skipped, None
        for number, part in orders.parts.items():
            if left_out is not None and number == left_out.id:
                continue
            skipped[number] = part
            reduces = subtract(reduces, part.amount)
            if reduces <= ZERO:
                return skipped, orders.resized(part, reduces.copy_negate()) if reduces else None
        return skipped, None

    def _loss(self, part: Part, mark: Decimal) -> Decimal:
        """What is lost at once by trading at a worse price than the mark price."""
        if part.waits:
            return ZERO  # the mark price will be another then
        flow, side = self._valuation.flow, part.order.side
        lost = subtract(flow(side, part.value), flow(side, self._valuation.value(mark, part.amount)))
        return max(lost, ZERO)

    def _cap(self, notional: Decimal) -> Decimal:
        """The highest leverage that is allowed for all positions up to this value."""
        caps = self._spec.caps
        for bound, cap in caps:
            if bound is None or notional < bound:
                return cap
        return caps[-1][1]

    def _one_by_one(
        self, account: Account, side: Side, orders: SideOrders, mark: Decimal, left_out: Order | None
    ) -> Tied:
        begin = self._begin(account, side)
        parts = [part for part in orders.parts.values() if left_out is None or part.order.id != left_out.id]
        known = self._sums.get((account.name, side))
        if known is None or known.mark != mark or known.begin != begin:
            known = self._sums[account.name, side] = RunningSum(begin, mark)
        added, same = known.added, 0
        for each, part in zip(added, parts, strict=False):
            if each.part is not part:
                break
            same += 1
        del added[same:]
        tied = added[-1].tied if added else begin
        for part in parts[same:]:
            tied = self._add(tied, part.order, part.price, part.amount, mark)
            added.append(Added(part, tied))
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

        An order that waits for its trigger goes by its own price, as the mark price will be another then.
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
