"""Orders, trades and positions."""

import sys
from typing import Any, Literal, TypeAlias

from ccxt_ext.types.common import MarginType, OrderSide, OrderStatus, OrderType, PositionSide

if sys.version_info >= (3, 11):
    from typing import NotRequired, TypedDict
else:
    from typing_extensions import NotRequired, TypedDict


class Fee(TypedDict):
    """What was paid, and in which currency."""

    currency: str | None
    cost: float | None
    rate: NotRequired[float | None]


FeeInterface: TypeAlias = Fee


class Trade(TypedDict):
    """What a buyer and a seller did at one price, or the account's own part of it."""

    info: Any
    id: str | None
    order: str | None
    timestamp: int | None
    datetime: str | None
    symbol: str
    type: str | None
    side: OrderSide | None
    takerOrMaker: Literal["taker", "maker"] | None
    price: float | None
    amount: float | None
    cost: float | None
    fee: Fee | None
    fees: list[Fee]


class _OrderFields(TypedDict):
    clientOrderId: str | None
    datetime: str | None
    timestamp: int | None
    lastTradeTimestamp: int | None
    lastUpdateTimestamp: int | None
    status: OrderStatus | None
    type: str | None
    timeInForce: str | None
    side: OrderSide | None
    price: float | None
    average: float | None
    amount: float | None
    filled: float | None
    remaining: float | None
    stopPrice: float | None
    triggerPrice: float | None
    takeProfitPrice: float | None
    stopLossPrice: float | None
    cost: float | None
    trades: list[Trade]
    fee: Fee | None
    fees: list[Fee]
    reduceOnly: bool | None
    postOnly: bool | None
    info: Any
    marginMode: NotRequired[MarginType | None]
    leverage: NotRequired[float | None]
    hedged: NotRequired[bool | None]


class Order(_OrderFields):
    """An order: what was asked for, and what became of it."""

    id: str
    symbol: str


class OrderAnswer(_OrderFields):
    """What a venue tells of an order that it cancels, or of one that closes a position: maybe no id."""

    id: str | None
    symbol: str | None


class OrderRequest(TypedDict):
    """One of several orders that are placed with one request."""

    symbol: str
    type: OrderType
    side: OrderSide
    amount: float
    price: NotRequired[float | None]
    params: NotRequired[dict[str, Any]]


class Position(TypedDict):
    """Contracts that are held."""

    symbol: str
    id: str | None
    info: Any
    timestamp: int | None
    datetime: str | None
    lastUpdateTimestamp: int | None
    side: PositionSide | None
    contracts: float | None
    contractSize: float | None
    notional: float | None
    leverage: float | None
    entryPrice: float | None
    markPrice: float | None
    lastPrice: float | None
    liquidationPrice: float | None
    unrealizedPnl: float | None
    realizedPnl: float | None
    percentage: float | None
    marginMode: MarginType | None
    marginRatio: float | None
    hedged: bool | None
    collateral: float | None
    initialMargin: float | None
    initialMarginPercentage: float | None
    maintenanceMargin: float | None
    maintenanceMarginPercentage: float | None
    stopLossPrice: float | None
    takeProfitPrice: float | None
    exitPrice: NotRequired[float | None]
    isolated: NotRequired[bool | None]
    positionMargin: NotRequired[float | None]


class PositionModeInfo(TypedDict):
    """Whether a market can have a long and a short position at once."""

    info: Any
    hedged: bool


class Leverage(TypedDict):
    """The leverage that is set for a market."""

    info: Any
    symbol: str
    marginMode: MarginType | None
    longLeverage: float | None
    shortLeverage: float | None


Leverages: TypeAlias = dict[str, Leverage]


class MarginMode(TypedDict):
    """Whether the margin of a market is cross or isolated."""

    info: Any
    symbol: str
    marginMode: MarginType | None


MarginModes: TypeAlias = dict[str, MarginMode]


class MarginModification(TypedDict):
    """Collateral that was put into a position, or taken out."""

    info: Any
    symbol: str
    type: Literal["add", "reduce", "set"] | None
    marginMode: MarginType | None
    amount: float | None
    total: float | None
    code: str | None
    status: str | None
    timestamp: int | None
    datetime: str | None
