"""The rows of bitexbit's API v1 and its charts: JSON numbers with trailing zeros, times in seconds."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from ccxt_ext.sandbox.frontend.engine import Candle, Fill, Market, Order, Side, Trade
from ccxt_ext.sandbox.frontends.bitexbit.formats import number, seconds
from ccxt_ext.sandbox.frontends.bitexbit.listings import Listing

OPEN, CANCELED, DONE = 1, 2, 3
STATUSES = {str(OPEN): ("open",), str(CANCELED): ("canceled",), str(DONE): ("closed",)}


def v1_pair(listing: Listing) -> dict[str, Any]:
    base, quote = listing.currencies
    return {
        "currency2": quote,
        "maximum_order_size": number(listing.max_amount),
        "minimum_order_size": number(listing.min_amount),
        "currency1": base,
        "name": listing.id,
        "price_precision": listing.price_precision,
    }


def v1_book(market: Market, grouped: bool, most: Mapping[Side, int]) -> dict[Side, list[dict[str, Any]]]:
    """A book's levels if they are `grouped`, else its orders; of each side at `most` so many, 0 for all."""
    if grouped:
        return {
            side: [
                {"price": level.price, "amount": level.amount}
                for level in market.book(limit or None)[side == "sell"]
            ]
            for side, limit in most.items()
        }
    return {
        side: [
            {
                "price": order.limit,
                "id": order.id,
                "amount": order.remaining,
                "timestamp": seconds(order.created),
            }
            for order in islice(market.each_standing(side), limit or None)
        ]
        for side, limit in most.items()
    }


def v1_status(order: Order) -> int:
    return {"open": OPEN, "canceled": CANCELED, "closed": DONE}[order.status]


def v1_order(order: Order) -> dict[str, Any]:
    """Without a time, and without what was filled."""
    return {
        "amount": number(order.amount),
        "pair": order.market,
        "type": order.side,
        "status": v1_status(order),
        "price": number(order.limit),
        "id": order.id,
    }


def v1_trade(trade: Trade | Fill) -> dict[str, Any]:
    return {
        "id": trade.id,
        "price": number(trade.price),
        "pair": trade.market,
        "type": trade.side,
        "timestamp": seconds(trade.timestamp),
        "amount": number(trade.amount),
    }


def v1_own_trade(fill: Fill) -> dict[str, Any]:
    taker = fill.side if not fill.maker else "sell" if fill.side == "buy" else "buy"
    return {**v1_trade(fill), "type": taker, "my_side": fill.side, "o_id": fill.order_id}


def chart_row(candle: Candle) -> dict[str, Any]:
    return {
        "volume": candle.volume,
        "high": candle.high,
        "low": candle.low,
        "close": candle.close,
        "time": candle.timestamp // 1000,
        "open": candle.open,
    }
