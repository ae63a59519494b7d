"""Builds BitexAsia's answers from the engine's values."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from ccxt_ext.sandbox.frontend import decimal_text
from ccxt_ext.sandbox.frontend.engine import Level, Market, Order, Trade, multiply
from ccxt_ext.sandbox.frontends.bitexasia.listings import Listing

AVERAGE_STEP = Decimal("1e-8")
_WIDE = Context(prec=200)


def order_row(order: Order, name: str, time_in_force: str | None, decimals: int) -> dict[str, Any]:
    # The document calls this field nullable and then allows text only, so without an id it is left out.
    client_id = {} if order.client_id is None else {"client_order_id": order.client_id}
    return {
        "id": name,
        **client_id,
        "pair": order.market,
        "side": order.side,
        "type": order.type if order.trigger_price is None else "stop",
        "status": order_status(order),
        "price": None if order.price is None else decimal_text(order.price),
        "size": decimal_text(order.amount),
        "filled_size": decimal_text(order.filled),
        "remaining_size": decimal_text(order.remaining),
        "avg_fill_price": None if order.average is None else average_text(order, decimals),
        "stop_price": None if order.trigger_price is None else decimal_text(order.trigger_price),
        "time_in_force": time_in_force,
        "created_at": order.created,
    }


def order_status(order: Order) -> str:
    if order.status == "open":
        return "partially_filled" if order.filled else "open"
    if order.status == "closed":
        return "filled"
    return "rejected" if order.reason == "insufficient_funds" and not order.filled else "cancelled"


def average_text(order: Order, decimals: int) -> str:
    assert order.average is not None
    rounded = order.average.quantize(AVERAGE_STEP, ROUND_HALF_EVEN, _WIDE)
    return decimal_text(rounded, decimals)


def ticker_row(market: Market, listing: Listing, now: int) -> dict[str, Any]:
    ticker = market.ticker()
    decimals = listing.decimals
    percent = multiply(ticker.change, Decimal(100)).quantize(Decimal("0.01"), ROUND_HALF_EVEN, _WIDE)
    return {
        "pair": listing.pair,
        "last": decimal_text(ticker.last, decimals),
        # A side of the book that is empty has no best price, and the field is required.
        "bid": decimal_text(ticker.bid or Decimal(0), decimals),
        "ask": decimal_text(ticker.ask or Decimal(0), decimals),
        "change_24h": format(percent, "f"),
        "volume_24h": decimal_text(ticker.base_volume),
        "market_cap": decimal_text(multiply(ticker.last, Decimal(listing.supply))),
        "timestamp": now,
    }


def level_row(level: Level, decimals: int) -> list[str]:
    return [decimal_text(level.price, decimals), decimal_text(level.amount)]


def balance_row(account: str, asset: str, available: Decimal, locked: Decimal) -> dict[str, str]:
    return {
        "account": account,
        "asset": asset,
        "total": decimal_text(_WIDE.add(available, locked)),
        "available": decimal_text(available),
        "locked": decimal_text(locked),
    }


def trade_row(trade: Trade, decimals: int) -> dict[str, Any]:
    return {
        "id": f"t_{trade.id}",
        "price": decimal_text(trade.price, decimals),
        "size": decimal_text(trade.amount),
        "side": trade.side,
        "timestamp": trade.timestamp,
    }
