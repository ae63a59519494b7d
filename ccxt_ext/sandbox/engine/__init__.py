"""An exchange without a protocol.

`Engine` is the face of a venue: accounts, orders, positions. A `Market` is what it holds for each
of its markets, put together in `opening` from the parts in three rooms: `trading` (book, tape,
matching), `contracts` (prices, positions, margin) and `synthetic` (traders, and the past that they
made). Below them all lie the clock, the ledger, the accounts, and the values that all speak in.
"""

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
