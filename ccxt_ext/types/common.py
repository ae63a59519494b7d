"""Words and bounds that several structures have."""

import sys
from typing import Literal, TypeAlias

if sys.version_info >= (3, 11):
    from typing import TypedDict
else:
    from typing_extensions import TypedDict


OrderSide: TypeAlias = Literal["buy", "sell"]
OrderType: TypeAlias = Literal["limit", "market"]
OrderStatus: TypeAlias = Literal["open", "closed", "canceled", "canceling", "expired", "rejected"]
PositionSide: TypeAlias = Literal["long", "short"]
MarginType: TypeAlias = Literal["cross", "isolated"]
MarketType: TypeAlias = Literal["spot", "margin", "swap", "future", "option"]
SubType: TypeAlias = Literal["linear", "inverse"]

#: A candle: time in milliseconds, open, high, low, close, volume.
OHLCV: TypeAlias = list[float]


class MinMax(TypedDict):
    """Bounds, where None is no bound."""

    min: float | None
    max: float | None


Limit: TypeAlias = MinMax
