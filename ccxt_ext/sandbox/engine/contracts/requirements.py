"""Checks an order in a contract market: its leverage, margin mode, size, and margin."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ..accounts import Account
from ..exact import ONE, ZERO, add, subtract
from ..model import SIDES, MarginMode, MarketSpec, Order, Refused, Side
from ..trading.settlement import Offers
from .holdings import Holdings
from .margins import Margins
from .order_margins import OrderMargins


class Requirements:
    def __init__(self, holdings: Holdings, order_margins: OrderMargins, margins: Margins) -> None:
        self._spec = holdings.spec
        self._holdings = holdings
        self._order_margins = order_margins
        self._margins = margins
        self.note = order_margins.note

    def change(self, spec: MarketSpec) -> None:
        """Go by other rules."""
        self._spec = spec
        self._order_margins.change(spec)

    def leverage_of(self, account: Account) -> Decimal:
        """What an order goes by that does not say."""
        return account.leverages.get(self._spec.id, ONE)

    def mode_of(self, account: Account) -> MarginMode:
        """What an order goes by that does not say; always that of an open position."""
        holding = self._holdings.get(account.name)
        default: MarginMode = "cross" if self._spec.allow_cross else "isolated"
        return holding.mode if holding else account.margin_modes.get(self._spec.id, default)

    def order_margin(self, account: Account) -> Decimal:
        """How much margin an account's open orders tie up."""
        return self._order_margins.of(account)

    def order_worth(self, account: Account, side: Side) -> Decimal:
        """The sum of the prices of open orders times what they may still trade."""
        return self._order_margins.side(account, side).worth

    def check_leverage(self, leverage: Decimal) -> None:
        if not leverage.is_finite() or not ONE <= leverage <= self._spec.max_leverage:
            raise Refused("bad_leverage", leverage=leverage, max_leverage=self._spec.max_leverage)

    def check_mode(self, mode: str) -> None:
        if mode not in ("isolated", "cross") or (mode == "cross" and not self._spec.allow_cross):
            raise Refused("bad_margin_mode", margin_mode=mode)

    def check(self, order: Order, account: Account, offers: Offers) -> None:
        """Refuse an order that is not allowed. A missing leverage or margin mode is filled in."""
        if order.leverage is None:
            order.leverage = self.leverage_of(account)
        else:
            self.check_leverage(order.leverage)
        if order.margin_mode is None:
            order.margin_mode = self.mode_of(account)
        else:
            self.check_mode(order.margin_mode)
        if order.reduce_only:
            if order.trigger_price is None and not self.reducible(order, account):
                raise Refused("reduce_only", side=order.side)
            return
        holding = self._holdings.get(account.name)
        if holding is not None and holding.mode != order.margin_mode:
            raise Refused("position_mode", margin_mode=order.margin_mode, position=holding.mode)
        if self._spec.max_position is not None:
            self._check_size(order, account, self._spec.max_position)
        self._check_margin(order, account, offers)

    def _check_size(self, order: Order, account: Account, limit: Decimal) -> None:
        holding = self._holdings.get(account.name)
        net = holding.net if holding else ZERO
        total = net if order.side == "buy" else net.copy_negate()
        total = add(total, add(self._order_margins.amount(account, order.side, order), order.remaining))
        if total > limit:
            raise Refused("position_limit", max_position=limit, would_be=total)

    def _check_margin(self, order: Order, account: Account, offers: Offers) -> None:
        wallet, currency = self._holdings.wallet, self._holdings.currency
        most = self._order_margins.at_most(account, order, offers)
        if self._margins.has_plenty(account, wallet, currency, {self._spec.id: most}):
            return
        before, after = self._order_margins.without_and_with(account, order, offers)
        needed = subtract(after, before)
        free = self._margins.group(account, wallet, currency, {self._spec.id: before}).free
        if needed > ZERO and free < needed:
            raise Refused("insufficient_funds", currency=currency, needed=needed, free=max(free, ZERO))

    def unfit(self, order: Order, account: Account, offers: Offers) -> str:
        """Why an order that waited for its price may not trade now; empty if it may."""
        try:
            self.check(order, account, offers if order.price is None else [])
        except Refused as refused:
            return refused.reason
        return ""

    def reducible(self, order: Order, account: Account) -> Decimal:
        """How much a reduce-only order can trade."""
        return self._reducible(account, order.side)

    def _reducible(self, account: Account, side: Side) -> Decimal:
        holding = self._holdings.get(account.name)
        return holding.amount if holding and holding.closing_side == side else ZERO

    def overhang(self, account: Account) -> Sequence[Order]:
        """The reduce-only orders that are larger than what is left of the position, oldest first."""
        found: list[int] = []
        for side in SIDES:
            orders = self._order_margins.side(account, side)
            found += orders.reducing_more_than(self._reducible(account, side))
        known = account.orders.all
        return [known[number] for number in sorted(found)]
