"""BitMax's answers about markets."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontend import decimal_text
from ccxt_ext.sandbox.frontend.engine import Candle, Level, Market, Trade

FIRST_SEQNUM = 180_143_985_000_000_000
"""Added to trades' numbers: so they are as long as the real ones, beyond what a float can hold."""
MOST_TRADES = 100


def contract_prices(market: Market, now: int) -> dict[str, Any]:
    return {
        "symbol": market.spec.id,
        "time": now,
        "fundingRate": decimal_text(market.funding_rate or Decimal(0)),
        "indexPrice": decimal_text(market.index_price),
        "markPrice": decimal_text(market.mark_price),
        "openInterest": decimal_text(market.open_interest),
        "nextFundingTime": market.next_funding_time,
    }


def level_rows(levels: Sequence[Level]) -> list[list[str]]:
    return [[decimal_text(level.price), decimal_text(level.amount)] for level in levels]


def book_row(market: Market, number: int, now: int, depth: int | None = None) -> dict[str, Any]:
    bids, asks = market.book(depth)
    return {"seqnum": number, "ts": now, "asks": level_rows(asks), "bids": level_rows(bids)}


def trade_row(trade: Trade) -> dict[str, Any]:
    return {
        "seqnum": FIRST_SEQNUM + trade.id,
        "p": decimal_text(trade.price),
        "q": decimal_text(trade.amount),
        "ts": trade.timestamp,
        "bm": trade.side == "sell",
    }


def latest_trade_rows(market: Market, count: int) -> list[dict[str, Any]]:
    """The latest trades, oldest first."""
    return [trade_row(trade) for trade in reversed(market.trades(min(count, MOST_TRADES)))]


def ticker_row(market: Market) -> dict[str, Any]:
    ticker = market.ticker()
    bid, ask = (ticker.bid, ticker.bid_amount), (ticker.ask, ticker.ask_amount)
    return {
        "symbol": market.spec.id,
        "open": decimal_text(ticker.open),
        "close": decimal_text(ticker.last),
        "high": decimal_text(ticker.high),
        "low": decimal_text(ticker.low),
        "volume": decimal_text(ticker.base_volume),
        "ask": [decimal_text(number or Decimal(0)) for number in ask],
        "bid": [decimal_text(number or Decimal(0)) for number in bid],
    }


def bar_row(symbol: str, interval: str, bar: Candle) -> dict[str, Any]:
    return {
        "m": "bar",
        "s": symbol,
        "data": {
            "i": interval,
            "ts": bar.timestamp,
            "o": decimal_text(bar.open),
            "c": decimal_text(bar.close),
            "h": decimal_text(bar.high),
            "l": decimal_text(bar.low),
            "v": decimal_text(bar.volume),
        },
    }
