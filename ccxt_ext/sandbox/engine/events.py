"""What listeners are told."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from .model import Fill, Order, Side, Trade
from .positions import Position


@dataclass(frozen=True, slots=True)
class TradeEvent:
    trade: Trade


@dataclass(frozen=True, slots=True)
class BookEvent:
    """The amount that now stands at a price; zero when the level is gone."""

    market: str
    side: Side
    price: Decimal
    amount: Decimal
    seq: int


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """An order after a change, as a copy; with the fill that changed it, if one did."""

    order: Order
    fill: Fill | None = None


@dataclass(frozen=True, slots=True)
class BalanceEvent:
    account: str
    currency: str
    free: Decimal
    held: Decimal
    wallet: str = "main"


@dataclass(frozen=True, slots=True)
class PositionEvent:
    """A position after something happened to it other than its price; None when it is gone."""

    account: str
    market: str
    position: Position | None


class Match(NamedTuple):
    """A trade of an incoming order with the one that stood in the book."""

    trade_id: int
    order_id: int
    price: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class EntryEvent:
    """Anybody's order has been matched; told after its trades."""

    market: str
    order_id: int
    side: Side
    price: Decimal | None
    amount: Decimal
    """What is left of it and stands in the book."""
    matches: tuple[Match, ...]
    timestamp: int


@dataclass(frozen=True, slots=True)
class ExitEvent:
    """Anybody's order, or a part of it, has left the book without a trade."""

    market: str
    order_id: int
    side: Side
    price: Decimal
    amount: Decimal
    timestamp: int


Event = TradeEvent | BookEvent | OrderEvent | BalanceEvent | PositionEvent | EntryEvent | ExitEvent
