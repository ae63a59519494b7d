"""What is told of prices."""

import sys
from typing import Any, TypeAlias

from ccxt_ext.types.common import OrderSide

if sys.version_info >= (3, 11):
    from typing import TypedDict
else:
    from typing_extensions import TypedDict


class Ticker(TypedDict):
    """A market's best bid and ask, its last price, and its last 24 hours."""

    symbol: str
    info: Any
    timestamp: int | None
    datetime: str | None
    high: float | None
    low: float | None
    bid: float | None
    bidVolume: float | None
    ask: float | None
    askVolume: float | None
    vwap: float | None
    open: float | None
    close: float | None
    last: float | None
    previousClose: float | None
    change: float | None
    percentage: float | None
    average: float | None
    quoteVolume: float | None
    baseVolume: float | None
    indexPrice: float | None
    markPrice: float | None


Tickers: TypeAlias = dict[str, Ticker]


class LastPrice(TypedDict):
    """What a market traded at last."""

    symbol: str
    timestamp: int | None
    datetime: str | None
    price: float | None
    side: OrderSide | None
    info: Any


LastPrices: TypeAlias = dict[str, LastPrice]


class OrderBook(TypedDict):
    """Bids and asks, the best ones first. A level is a price and an amount."""

    asks: list[list[float]]
    bids: list[list[float]]
    datetime: str | None
    timestamp: int | None
    nonce: int | None
    symbol: str


OrderBooks: TypeAlias = dict[str, OrderBook]


class OrderBookL3(TypedDict):
    """Bids and asks, the best ones first. A level is one order: its price, its amount and its id."""

    asks: list[list[Any]]
    bids: list[list[Any]]
    datetime: str | None
    timestamp: int | None
    nonce: int | None
    symbol: str


class FundingRate(TypedDict):
    """What holders of a perpetual contract pay each other, and when."""

    symbol: str
    info: Any
    timestamp: int | None
    datetime: str | None
    fundingRate: float | None
    markPrice: float | None
    indexPrice: float | None
    interestRate: float | None
    estimatedSettlePrice: float | None
    fundingTimestamp: int | None
    fundingDatetime: str | None
    nextFundingTimestamp: int | None
    nextFundingDatetime: str | None
    nextFundingRate: float | None
    previousFundingTimestamp: int | None
    previousFundingDatetime: str | None
    previousFundingRate: float | None
    interval: str | None


FundingRates: TypeAlias = dict[str, FundingRate]


class OpenInterest(TypedDict):
    """How many contracts of a market are open."""

    symbol: str
    openInterestAmount: float | None
    openInterestValue: float | None
    baseVolume: float | None
    quoteVolume: float | None
    timestamp: int | None
    datetime: str | None
    info: Any


OpenInterests: TypeAlias = dict[str, OpenInterest]
