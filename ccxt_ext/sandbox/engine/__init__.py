"""An exchange without a protocol: clock, ledger, matching, and synthetic market history."""

from .clock import Clock
from .engine import Engine
from .exact import plain
from .ledger import Overdrawn
from .market import Market
from .model import (
    Balance,
    BalanceEvent,
    BookEvent,
    Candle,
    Event,
    Fill,
    Level,
    MarketSpec,
    Order,
    OrderEvent,
    Refused,
    Side,
    Ticker,
    Trade,
    TradeEvent,
)

__all__ = [
    "Balance",
    "BalanceEvent",
    "BookEvent",
    "Candle",
    "Clock",
    "Engine",
    "Event",
    "Fill",
    "Level",
    "Market",
    "MarketSpec",
    "Order",
    "OrderEvent",
    "Overdrawn",
    "Refused",
    "Side",
    "Ticker",
    "Trade",
    "TradeEvent",
    "plain",
]
