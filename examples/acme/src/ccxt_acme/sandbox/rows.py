"""The answers of Acme Exchange. All numbers are strings."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontend import decimal_text
from ccxt_ext.sandbox.frontend.engine import Candle, Fill, Market, Order, Trade

from .listings import Listing

STATES = {"open": "open", "closed": "done", "canceled": "cancelled"}


def pair_row(listing: Listing) -> dict[str, Any]:
    base, quote = listing.currencies
    return {
        "pair": listing.id,
        "base": base,
        "quote": quote,
        "trading": listing.trading,
        "rate_decimals": listing.rate_decimals,
        "quantity_decimals": listing.quantity_decimals,
        "min_quantity": listing.min_quantity,
        "max_quantity": listing.max_quantity,
        "min_value": listing.min_value,
        "maker_fee": listing.maker_fee,
        "taker_fee": listing.taker_fee,
    }


def ticker_row(market: Market, now: int) -> dict[str, Any]:
    ticker = market.ticker()
    return {
        "pair": market.spec.id,
        "time": now,
        "last": decimal_text(ticker.last),
        "bid": text_or_none(ticker.bid),
        "bid_quantity": text_or_none(ticker.bid_amount),
        "ask": text_or_none(ticker.ask),
        "ask_quantity": text_or_none(ticker.ask_amount),
        "open": decimal_text(ticker.open),
        "high": decimal_text(ticker.high),
        "low": decimal_text(ticker.low),
        "volume": decimal_text(ticker.base_volume),
        "value": decimal_text(ticker.quote_volume),
    }


def level_row(price: Decimal, amount: Decimal) -> dict[str, str]:
    return {"rate": decimal_text(price), "quantity": decimal_text(amount)}


def trade_row(trade: Trade) -> dict[str, Any]:
    return {
        "id": str(trade.id),
        "rate": decimal_text(trade.price),
        "quantity": decimal_text(trade.amount),
        "side": trade.side,
        "time": trade.timestamp,
    }


def candle_row(candle: Candle) -> dict[str, Any]:
    return {
        "from": candle.timestamp,
        "open": decimal_text(candle.open),
        "high": decimal_text(candle.high),
        "low": decimal_text(candle.low),
        "close": decimal_text(candle.close),
        "volume": decimal_text(candle.volume),
    }


def order_row(order: Order) -> dict[str, Any]:
    fee_currency, fee = next(iter(order.fees.items()), (None, None))
    return {
        "id": str(order.id),
        "tag": order.client_id,
        "pair": order.market,
        "side": order.side,
        "rate": text_or_none(order.price),
        "quantity": decimal_text(order.amount),
        "filled": decimal_text(order.filled),
        "filled_value": decimal_text(order.cost),
        "fee": text_or_none(fee),
        "fee_currency": fee_currency,
        "state": STATES[order.status],
        "placed": order.created,
        "changed": order.updated,
    }


def fill_row(fill: Fill) -> dict[str, Any]:
    return {
        "id": str(fill.id),
        "order": str(fill.order_id),
        "pair": fill.market,
        "side": fill.side,
        "maker": fill.maker,
        "rate": decimal_text(fill.price),
        "quantity": decimal_text(fill.amount),
        "fee": decimal_text(fill.fee),
        "fee_currency": fill.fee_currency,
        "time": fill.timestamp,
    }


def text_or_none(number: Decimal | None) -> str | None:
    return None if number is None else decimal_text(number)
