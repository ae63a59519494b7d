"""Positions: what the engine keeps of them, and what it shows to others."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

from .exact import ZERO, add, subtract
from .ledger import Bucket
from .model import OPPOSITE, MarginMode, Side
from .value import Valuation

PositionSide = Literal["long", "short"]
"""Whether a position gains when the price rises, or when it falls."""


@dataclass(slots=True)
class Holding:
    """An open position as the engine keeps it."""

    id: int
    account: str
    market: str
    margin: Bucket
    """The bucket of the position's margin. It is empty unless the position is isolated."""
    leverage: Decimal
    mode: MarginMode
    opened: int
    updated: int
    net: Decimal = ZERO
    """The number of contracts; negative if short."""
    cost: Decimal = ZERO
    """What was paid for the contracts, less what was received: the value at entry, with its sign."""
    moved: Decimal = ZERO
    """The profit that was paid out while the position was open."""
    realized: Decimal = ZERO
    fees: Decimal = ZERO
    funding: Decimal = ZERO
    """The funding that was paid, less what was received."""
    penalty: Decimal = ZERO
    covered: Decimal = ZERO
    """The losses beyond its margin, which the insurance has paid."""
    most: Decimal = ZERO
    closed_value: Decimal = ZERO
    closed_amount: Decimal = ZERO
    opened_value: Decimal = ZERO
    opened_amount: Decimal = ZERO
    stop_loss: Decimal | None = None
    take_profit: Decimal | None = None

    @property
    def side(self) -> PositionSide:
        return "long" if self.net > 0 else "short"

    @property
    def amount(self) -> Decimal:
        return self.net.copy_abs()

    @property
    def basis(self) -> Decimal:
        """The value from which profit is counted: the cost, and the profit that was already paid out."""
        return add(self.cost, self.moved)

    @property
    def closing_side(self) -> Side:
        return "sell" if self.net > 0 else "buy"

    def increase(self, amount: Decimal, value: Decimal, side: Side, valuation: Valuation) -> None:
        self.net = add(self.net, amount) if side == "buy" else subtract(self.net, amount)
        self.cost = add(self.cost, valuation.flow(side, value))
        self.opened_value = add(self.opened_value, value)
        self.opened_amount = add(self.opened_amount, amount)
        self.most = max(self.most, self.amount)

    def decrease(self, amount: Decimal, value: Decimal, side: Side, valuation: Valuation) -> Decimal:
        """Close an amount, which must not be more than there is.

        Returns the profit, not rounded, and without what was already paid out.
        """
        share = valuation.share(self.cost, amount, self.amount)
        moved = valuation.share(self.moved, amount, self.amount)
        self.net = add(self.net, amount) if side == "buy" else subtract(self.net, amount)
        self.cost = subtract(self.cost, share)
        self.moved = subtract(self.moved, moved)
        self.closed_value = add(self.closed_value, value)
        self.closed_amount = add(self.closed_amount, amount)
        return add(valuation.flow(side, value), add(share, moved)).copy_negate()

    def unrealized(self, value: Decimal, valuation: Valuation) -> Decimal:
        """The profit if it were closed at this value, without what was already paid out."""
        return subtract(valuation.flow(OPPOSITE[self.closing_side], value), self.basis)


@dataclass(frozen=True, slots=True)
class Position:
    """An open position as others see it, at one moment. Money is in the settle currency."""

    id: int
    account: str
    market: str
    side: PositionSide
    amount: Decimal
    entry_price: Decimal
    entry_value: Decimal
    mark_price: Decimal
    notional: Decimal
    """The value at the mark price."""
    margin: Decimal
    """The margin that was put in (isolated), or that it ties up (cross)."""
    initial_margin: Decimal
    maintenance_margin: Decimal
    leverage: Decimal
    margin_mode: MarginMode
    realized: Decimal
    """The profit of the parts that were closed, before fees and funding."""
    unrealized: Decimal
    fees: Decimal
    funding: Decimal
    liquidation_price: Decimal | None
    opened: int
    updated: int
    stop_loss: Decimal | None = None
    take_profit: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ClosedPosition:
    """A position that was closed. Money is in the settle currency."""

    id: int
    account: str
    market: str
    side: PositionSide
    amount: Decimal
    """The largest amount that it ever had."""
    entry_price: Decimal
    close_price: Decimal
    leverage: Decimal
    margin_mode: MarginMode
    realized: Decimal
    fees: Decimal
    funding: Decimal
    penalty: Decimal
    covered: Decimal
    opened: int
    closed: int
    reason: Literal["traded", "liquidated", "settled"]


class FundingPayment(NamedTuple):
    """A funding payment. The amount is negative if it was received."""

    account: str
    market: str
    position: int
    currency: str
    rate: Decimal
    amount: Decimal
    timestamp: int


class Terms(NamedTuple):
    """What an account has set and ordered in a contract market."""

    margin_mode: MarginMode
    """That of the position, if there is one."""
    leverage: Decimal
    """That of orders that do not say one."""
    buys: Decimal
    """The sum of the prices of open orders to buy times what they may still trade."""
    sells: Decimal
    """The same of orders to sell."""
    free_margin: Decimal
    """The margin that can be taken out of an isolated position."""


class Collateral(NamedTuple):
    """A currency that counts as margin, at a price less a discount."""

    currency: str
    discount: Decimal
    price: Decimal | None = None
    """The price in the settle currency. Without it, the index price of `market` is used."""
    market: str | None = None


@dataclass(frozen=True, slots=True)
class MarginAccount:
    """The figures of a wallet's crossed group, in the settle currency."""

    account: str
    wallet: str
    currency: str
    total_margin: Decimal
    unrealized: Decimal
    initial_margin: Decimal
    maintenance_margin: Decimal
    order_margin: Decimal
    isolated_margin: Decimal
    free: Decimal
    balances: dict[str, Decimal] = field(default_factory=dict)
    """How much there is of each collateral, without isolated margin. A debt makes it negative."""
    transferable: dict[str, Decimal] = field(default_factory=dict)

    @property
    def equity(self) -> Decimal:
        """The margin and the profit together."""
        return add(self.total_margin, self.unrealized)
