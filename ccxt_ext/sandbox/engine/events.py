"""The events that listeners are told of."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from .model import Fill, Order, Side, Trade
from .positions import Position


@dataclass(frozen=True, slots=True)
class TradeEvent:
    """A trade between any two accounts."""

    trade: Trade


@dataclass(frozen=True, slots=True)
class BookEvent:
    """The new amount at a price. It is zero if the level is gone."""

    market: str
    side: Side
    price: Decimal
    amount: Decimal
    seq: int


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """A copy of an order after a change, and the fill that changed it, if it was one."""

    order: Order
    fill: Fill | None = None


@dataclass(frozen=True, slots=True)
class BalanceEvent:
    """A balance after a change."""

    account: str
    currency: str
    free: Decimal
    held: Decimal
    wallet: str = "main"


@dataclass(frozen=True, slots=True)
class PositionEvent:
    """A position after a change, except of its price. It is None if the position is gone."""

    account: str
    market: str
    position: Position | None


class Match(NamedTuple):
    """A trade between an incoming order and one that stood in the book."""

    trade_id: int
    order_id: int
    price: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class EntryEvent:
    """Anybody's order was matched. This comes after its trades."""

    market: str
    order_id: int
    side: Side
    price: Decimal | None
    amount: Decimal
    """The rest that is left of it in the book."""
    matches: tuple[Match, ...]
    timestamp: int


@dataclass(frozen=True, slots=True)
class ExitEvent:
    """Anybody's order, or a part of it, was taken out of the book without a trade."""

    market: str
    order_id: int
    side: Side
    price: Decimal
    amount: Decimal
    timestamp: int


Event = TradeEvent | BookEvent | OrderEvent | BalanceEvent | PositionEvent | EntryEvent | ExitEvent
"""What listeners of the engine are told of."""
