"""What contract orders and positions need of an account's margin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

from ..accounts import Account
from ..exact import ONE, ZERO, add, subtract
from ..formulas import Stake
from ..ledger import Ledger
from ..model import Balance, MarginMode, MarketSpec, Order, Refused
from ..positions import Holding, Position
from ..trading.settlement import Meets
from ..value import QUOTIENT
from .margins import Margins
from .order_margins import OrderMargins
from .prices import ContractPrices


class Figures(NamedTuple):
    """A position at the mark price."""

    value: Decimal
    unrealized: Decimal
    initial: Decimal
    maintenance: Decimal


class ContractRequirements(OrderMargins):
    """A contract market's positions, what they tie up, and what an order needs."""

    def __init__(
        self,
        spec: MarketSpec,
        ledger: Ledger,
        margins: Margins,
        prices: ContractPrices,
        now: Callable[[], int],
        next_position_id: Callable[[], int],
        traders: Sequence[Account],
    ) -> None:
        super().__init__(spec, prices)
        self.wallet = spec.wallet
        self.currency = spec.settle
        self.ledger = ledger
        self.now = now
        self.synthetic: dict[str, Decimal] = {}
        """The net position of each synthetic trader."""
        self.owners: dict[str, Account] = {}
        self.changed: dict[str, None] = {}
        """Whose positions changed since that was last told."""
        self.clearing = ledger.open_bucket(spec.id, "clearing", may_owe=True)
        self.rounding = ledger.open_bucket(spec.id, "rounding", may_owe=True)
        self.fees = ledger.open_fees(spec.id)
        name = f"{spec.id}:insurance"
        self.insurance = Account(name, {spec.wallet: ledger.open_wallet(name)})
        self._traders = traders
        self._margins = margins
        self._next_position_id = next_position_id

    # What orders need

    def leverage_of(self, account: Account) -> Decimal:
        return account.leverages.get(self.spec.id, ONE)

    def mode_of(self, account: Account) -> MarginMode:
        holding = self.holdings.get(account.name)
        default: MarginMode = "cross" if self.spec.allow_cross else "isolated"
        return holding.mode if holding else account.margin_modes.get(self.spec.id, default)

    def check_leverage(self, leverage: Decimal) -> None:
        if not leverage.is_finite() or not ONE <= leverage <= self.spec.max_leverage:
            raise Refused("bad_leverage", leverage=leverage, max_leverage=self.spec.max_leverage)

    def check_mode(self, mode: str) -> None:
        if mode not in ("isolated", "cross") or (mode == "cross" and not self.spec.allow_cross):
            raise Refused("bad_margin_mode", margin_mode=mode)

    def check(self, order: Order, account: Account, meets: Meets) -> None:
        order.leverage = self.leverage_of(account) if order.leverage is None else order.leverage
        self.check_leverage(order.leverage)
        order.margin_mode = order.margin_mode or self.mode_of(account)
        self.check_mode(order.margin_mode)
        if order.reduce_only:
            if order.trigger_price is None and not self.reducible(order, account):
                raise Refused("reduce_only", side=order.side)
            return
        holding = self.holdings.get(account.name)
        if holding is not None and holding.mode != order.margin_mode:
            raise Refused("position_mode", margin_mode=order.margin_mode, position=holding.mode)
        self._check_size(order, account)
        before = self.order_margin(account, without=order)
        needed = subtract(self.order_margin(account, order, meets), before)
        free = self._margins.group(account, self.wallet, self.currency, {self.spec.id: before}).free
        if needed > ZERO and free < needed:
            raise Refused("insufficient_funds", currency=self.currency, needed=needed, free=max(free, ZERO))

    def _check_size(self, order: Order, account: Account) -> None:
        limit = self.spec.max_position
        if limit is None:
            return
        holding = self.holdings.get(account.name)
        net = holding.net if holding else ZERO
        total = net if order.side == "buy" else net.copy_negate()
        for other in [*self._orders(account, order)[order.side], order]:
            total = add(total, other.remaining)
        if total > limit:
            raise Refused("position_limit", max_position=limit, would_be=total)

    def unfit(self, order: Order, account: Account, meets: Meets) -> str:
        try:
            self.check(order, account, meets if order.price is None else [])
        except Refused as refused:
            return refused.reason
        return ""

    def reducible(self, order: Order, account: Account) -> Decimal:
        holding = self.holdings.get(account.name)
        return holding.amount if holding and holding.closing_side == order.side else ZERO

    def overhang(self, account: Account) -> Sequence[Order]:
        return [
            order
            for order in account.open.values()
            if order.reduce_only
            and order.market == self.spec.id
            and not order.waits
            and order.remaining > self.reducible(order, account)
        ]

    # What positions are worth

    def figures(self, holding: Holding) -> Figures:
        spec, up = self.spec, self.valuation.up
        value = self.valuation.value(self.prices.mark, holding.amount)
        tier = spec.tier(value)
        entry_value = holding.cost.copy_abs()
        return Figures(
            value,
            self.valuation.down(holding.unrealized(value, self.valuation)),
            up(QUOTIENT.divide(value, self._cap(holding.leverage, value))),
            up(spec.liquidation.maintenance(value, entry_value, tier.maintenance_rate)),
        )

    def describe(self, holding: Holding) -> Position:
        figures = self.figures(holding)
        valuation = self.valuation
        entry_value = holding.cost.copy_abs()
        stake = Stake(
            valuation.inverse,
            holding.side == "long",
            valuation.quantity(holding.amount),
            holding.basis.copy_abs(),
            self._margins.cushion(self.owners[holding.account], holding),
            self.spec.tier(figures.value).maintenance_rate,
        )
        isolated = holding.mode == "isolated"
        return Position(
            holding.id,
            holding.account,
            holding.market,
            holding.side,
            holding.amount,
            valuation.average(holding.amount, entry_value),
            valuation.up(entry_value),
            self.prices.mark,
            valuation.up(figures.value),
            holding.margin.get(self.currency) if isolated else figures.initial,
            figures.initial,
            figures.maintenance,
            holding.leverage,
            holding.mode,
            holding.realized,
            figures.unrealized,
            holding.fees,
            holding.funding,
            self.spec.liquidation.price(stake),
            holding.opened,
            holding.updated,
            holding.stop_loss,
            holding.take_profit,
        )

    def balance(self, account: Account, currency: str) -> Balance:
        return self._margins.balance(account, self.wallet, currency)

    @property
    def synthetic_accounts(self) -> list[Account]:
        """The synthetic traders, and the insurance, that ever traded."""
        return [each for each in (*self._traders, self.insurance) if each.name in self.synthetic]

    @property
    def open_interest(self) -> Decimal:
        longs = [holding.net for holding in self.holdings.values()] + list(self.synthetic.values())
        total = ZERO
        for net in longs:
            if net > ZERO:
                total = add(total, net)
        return total
