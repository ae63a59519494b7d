"""A venue, its markets and its currencies."""

import sys
from typing import Any, TypeAlias

from ccxt_ext.types.common import MarketType, MinMax, SubType

if sys.version_info >= (3, 11):
    from typing import NotRequired, TypedDict
else:
    from typing_extensions import NotRequired, TypedDict


class Status(TypedDict):
    """Whether a venue is up."""

    status: str
    updated: int | None
    eta: int | None
    url: str | None
    info: Any


class Precision(TypedDict):
    """The steps in which a market counts."""

    amount: float | None
    price: float | None
    cost: NotRequired[float | None]
    base: NotRequired[float | None]
    quote: NotRequired[float | None]


class MarketMarginModes(TypedDict):
    """Which margins a market can have."""

    cross: bool | None
    isolated: bool | None


class MarketLimits(TypedDict):
    """How much an order may be, of what."""

    amount: MinMax
    cost: MinMax
    leverage: MinMax
    price: MinMax
    market: NotRequired[MinMax | None]


class Market(TypedDict):
    """What is traded for what, and by which rules."""

    id: str
    symbol: str
    base: str
    quote: str
    baseId: str
    quoteId: str
    settle: str | None
    settleId: str | None
    active: bool | None
    type: MarketType
    subType: SubType | None
    spot: bool
    margin: bool | None
    swap: bool
    future: bool
    option: bool
    contract: bool
    linear: bool | None
    inverse: bool | None
    contractSize: float | None
    expiry: int | None
    expiryDatetime: str | None
    strike: float | None
    optionType: str | None
    taker: float | None
    maker: float | None
    percentage: NotRequired[bool | None]
    tierBased: NotRequired[bool | None]
    feeSide: NotRequired[str | None]
    precision: Precision
    limits: MarketLimits
    marginModes: MarketMarginModes
    created: int | None
    info: Any
    baseName: NotRequired[str | None]
    collateral: NotRequired[str | None]
    executionModel: NotRequired[str | None]
    id2: NotRequired[str | None]
    index: NotRequired[bool | None]
    instIdCode: NotRequired[int | None]
    lowercaseId: NotRequired[str | None]
    market: NotRequired[str | None]
    marketType: NotRequired[str | None]
    numericId: NotRequired[float | None]
    outcomes: NotRequired[list[Any]]
    prediction: NotRequired[bool | None]
    quanto: NotRequired[bool | None]
    resolved: NotRequired[bool | None]
    resolvedOutcome: NotRequired[str | None]
    stock: NotRequired[bool | None]
    tiers: NotRequired[dict[str, Any]]
    uppercaseId: NotRequired[str | None]


MarketInterface: TypeAlias = Market


class CurrencyLimits(TypedDict):
    """How much may be sent in or out at once."""

    amount: MinMax
    deposit: MinMax
    withdraw: MinMax


class Currency(TypedDict):
    """A coin, or money of another kind."""

    id: str
    code: str
    numericId: int | None
    precision: float | None
    type: str | None
    name: str | None
    active: bool | None
    deposit: bool | None
    withdraw: bool | None
    fee: float | None
    fees: NotRequired[dict[str, Any]]
    limits: CurrencyLimits
    networks: dict[str, Any]
    info: Any
    margin: NotRequired[bool | None]
    valueScale: NotRequired[int | None]


CurrencyInterface: TypeAlias = Currency
Currencies: TypeAlias = dict[str, Currency]


class TradingFeeInterface(TypedDict):
    """What trades on a market cost, as a share of what they are worth."""

    info: Any
    symbol: str
    maker: float | None
    taker: float | None
    percentage: bool | None
    tierBased: bool | None
    tiers: NotRequired[dict[str, Any]]


TradingFees: TypeAlias = dict[str, TradingFeeInterface]


class LeverageTier(TypedDict):
    """The leverage that a position of this size can have."""

    tier: float | None
    symbol: NotRequired[str | None]
    currency: str | None
    minNotional: float | None
    maxNotional: float | None
    maintenanceMarginRate: float | None
    maxLeverage: float | None
    info: Any


LeverageTiers: TypeAlias = dict[str, list[LeverageTier]]
