"""An exchange without a protocol: clock, ledger, matching, and synthetic market history."""

from .clock import Clock
from .engine import Engine
from .events import (
    BalanceEvent,
    BookEvent,
    EntryEvent,
    Event,
    ExitEvent,
    Match,
    OrderEvent,
    PositionEvent,
    TradeEvent,
)
from .exact import plain
from .formulas import MAINTENANCE_AT_ENTRY, MAINTENANCE_AT_MARK, LiquidationFormula
from .ledger import Overdrawn
from .market import Market
from .model import (
    Balance,
    Candle,
    Fill,
    Level,
    MarginMode,
    MarketSpec,
    Order,
    OrderType,
    Refused,
    Side,
    Ticker,
    Tier,
    TimeInForce,
    Trade,
    TriggerSource,
)
from .positions import ClosedPosition, Collateral, FundingPayment, MarginAccount, Position

__all__ = [
    "MAINTENANCE_AT_ENTRY",
    "MAINTENANCE_AT_MARK",
    "Balance",
    "BalanceEvent",
    "BookEvent",
    "Candle",
    "Clock",
    "ClosedPosition",
    "Collateral",
    "Engine",
    "EntryEvent",
    "Event",
    "ExitEvent",
    "Fill",
    "FundingPayment",
    "Level",
    "LiquidationFormula",
    "MarginAccount",
    "MarginMode",
    "Market",
    "MarketSpec",
    "Match",
    "Order",
    "OrderEvent",
    "OrderType",
    "Overdrawn",
    "Position",
    "PositionEvent",
    "Refused",
    "Side",
    "Ticker",
    "Tier",
    "TimeInForce",
    "Trade",
    "TradeEvent",
    "TriggerSource",
    "plain",
]
