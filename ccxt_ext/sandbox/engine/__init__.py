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
    MarginMode,
    MarketSpec,
    Order,
    OrderEvent,
    OrderType,
    Refused,
    Side,
    Ticker,
    TimeInForce,
    Trade,
    TradeEvent,
    TriggerSource,
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
    "MarginMode",
    "Market",
    "MarketSpec",
    "Order",
    "OrderEvent",
    "OrderType",
    "Overdrawn",
    "Refused",
    "Side",
    "Ticker",
    "TimeInForce",
    "Trade",
    "TradeEvent",
    "TriggerSource",
    "plain",
]
