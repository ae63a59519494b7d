"""An exchange without a protocol.

`Engine` is one venue, with its accounts, orders and positions. It has a `Market` for each market, which
`opening` puts together from parts in three folders: `trading` (book, tape, matching), `contracts` (prices,
positions, margin) and `synthetic` (traders, and the history that they made). All of them use the clock, the
ledger, the accounts, and the values in `model`.
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
from .formulas import MAINTENANCE_AT_ENTRY, MAINTENANCE_AT_MARK, LiquidationFormula, Stake
from .ledger import Overdrawn
from .listed import Listed
from .market import Market
from .model import (
    Balance,
    Candle,
    Deposit,
    Fill,
    Level,
    MarginMode,
    MarketSpec,
    Order,
    OrderType,
    Refused,
    Side,
    Status,
    Ticker,
    Tier,
    TimeInForce,
    Trade,
    TriggerSource,
)
from .positions import (
    ClosedPosition,
    Collateral,
    FundingPayment,
    MarginAccount,
    Position,
    PositionSide,
    Terms,
)
from .synthetic.crowd import BookShape
from .synthetic.driver import Actor, Driver
from .synthetic.history import Horizon
from .synthetic.rows import BadRows, OhlcvRow, check_rows

__all__ = [
    "MAINTENANCE_AT_ENTRY",
    "MAINTENANCE_AT_MARK",
    "Actor",
    "BadRows",
    "Balance",
    "BalanceEvent",
    "BookEvent",
    "BookShape",
    "Candle",
    "Clock",
    "ClosedPosition",
    "Collateral",
    "Deposit",
    "Driver",
    "Engine",
    "EntryEvent",
    "Event",
    "ExitEvent",
    "Fill",
    "FundingPayment",
    "Horizon",
    "Level",
    "LiquidationFormula",
    "Listed",
    "MarginAccount",
    "MarginMode",
    "Market",
    "MarketSpec",
    "Match",
    "OhlcvRow",
    "Order",
    "OrderEvent",
    "OrderType",
    "Overdrawn",
    "Position",
    "PositionEvent",
    "PositionSide",
    "Refused",
    "Side",
    "Stake",
    "Status",
    "Terms",
    "Ticker",
    "Tier",
    "TimeInForce",
    "Trade",
    "TradeEvent",
    "TriggerSource",
    "check_rows",
    "plain",
]
