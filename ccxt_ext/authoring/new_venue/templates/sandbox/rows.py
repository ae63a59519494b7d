"""The answers of Acme Exchange. All numbers are strings."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontend import decimal_text
from ccxt_ext.sandbox.frontend.engine import Candle, Fill, Level, Market, Order, Trade

from .contracts import MAX_LEVERAGE  # with --swap
from .listings import Listing

STATUSES = {"open": "open", "closed": "filled", "canceled": "cancelled"}


def market_row(listing: Listing) -> dict[str, Any]:
    base, quote = listing.currencies
    row = {
        "id": listing.id,
        "type": "spot",
        "base": base,
        "quote": quote,
        "status": listing.status,
        "price_step": listing.price_step,
        "size_step": listing.size_step,
        "min_size": listing.min_size,
        "max_size": listing.max_size,
        "min_value": listing.min_value,
        "maker_fee": listing.maker_fee,
        "taker_fee": listing.taker_fee,
    }
    if listing.contract_size:  # with --swap
        row |= {"type": "perpetual", "settle": quote, "max_leverage": MAX_LEVERAGE}  # with --swap
        row["contract_size"] = listing.contract_size  # with --swap
    return row


def ticker_row(market: Market, now: int) -> dict[str, Any]:
    ticker = market.ticker()
    return {
        "market": market.spec.id,
        "time": now,
        "last": decimal_text(ticker.last),
        "bid": text_or_none(ticker.bid),
        "bid_size": text_or_none(ticker.bid_amount),
        "ask": text_or_none(ticker.ask),
        "ask_size": text_or_none(ticker.ask_amount),
        "open": decimal_text(ticker.open),
        "high": decimal_text(ticker.high),
        "low": decimal_text(ticker.low),
        "volume": decimal_text(ticker.base_volume),
        "value": decimal_text(ticker.quote_volume),
    }


def level_row(level: Level) -> list[str]:
    return [decimal_text(level.price), decimal_text(level.amount)]


def trade_row(trade: Trade) -> dict[str, Any]:
    return {
        "id": str(trade.id),
        "price": decimal_text(trade.price),
        "size": decimal_text(trade.amount),
        "side": trade.side,
        "time": trade.timestamp,
    }


def candle_row(candle: Candle) -> list[Any]:
    prices = (candle.open, candle.high, candle.low, candle.close)
    return [candle.timestamp, *map(decimal_text, prices), decimal_text(candle.volume)]


def order_row(order: Order) -> dict[str, Any]:
    fee_currency, fee = next(iter(order.fees.items()), (None, None))
    return {
        "id": str(order.id),
        "client_id": order.client_id,
        "market": order.market,
        "side": order.side,
        "type": order.type,
        "price": text_or_none(order.price),
        "size": decimal_text(order.amount),
        "filled": decimal_text(order.filled),
        "filled_value": decimal_text(order.cost),
        "average": text_or_none(order.average),
        "fee": text_or_none(fee),
        "fee_currency": fee_currency,
        "status": STATUSES[order.status],
        "created": order.created,
        "updated": order.updated,
    }


def fill_row(fill: Fill) -> dict[str, Any]:
    return {
        "id": str(fill.id),
        "order_id": str(fill.order_id),
        "market": fill.market,
        "side": fill.side,
        "role": "maker" if fill.maker else "taker",
        "price": decimal_text(fill.price),
        "size": decimal_text(fill.amount),
        "fee": decimal_text(fill.fee),
        "fee_currency": fill.fee_currency,
        "time": fill.timestamp,
    }


def text_or_none(number: Decimal | None) -> str | None:
    return None if number is None else decimal_text(number)
