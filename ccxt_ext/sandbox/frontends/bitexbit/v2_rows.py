"""The rows of bitexbit's API v2: texts, and times in milliseconds."""

from __future__ import annotations

from decimal import ROUND_DOWN, Context, Decimal
from typing import Any

from ccxt_ext.sandbox.frontend import decimal_text
from ccxt_ext.sandbox.frontend.engine import Fill, Market, Order, Trade, multiply
from ccxt_ext.sandbox.frontends.bitexbit.formats import text
from ccxt_ext.sandbox.frontends.bitexbit.listings import Listing

_WIDE = Context(prec=200)


def v2_pair(listing: Listing, can_cancel: bool) -> dict[str, Any]:
    base, quote = listing.currencies
    return {
        "symbol": listing.id,
        "label": f"{base}/{quote}",
        "base": base,
        "quote": quote,
        "price_precision": listing.price_precision,
        "amount_precision": listing.amount_precision,
        "min_amount": text(listing.min_amount),
        "max_amount": decimal_text(listing.max_amount),
        "min_value": text(listing.min_value),
        "can_create_order": listing.enabled,
        "can_cancel_order": can_cancel,
        "is_enabled": listing.enabled,
    }


def v2_state(order: Order) -> str:
    if order.status == "closed":
        return "filled"
    if order.status == "canceled":
        return "partial-canceled" if order.filled else "canceled"
    return "partial-filled" if order.filled else "submitted"


def v2_order(order: Order, listed: bool = False) -> dict[str, Any]:
    """In lists, an amount of zero is null."""

    def amount(value: Decimal) -> str | None:
        return None if listed and not value else text(value)

    canceled = order.status == "canceled"
    average = None
    if order.filled:
        average = _WIDE.divide(order.cost, order.filled).quantize(Decimal("1e-8"), ROUND_DOWN, _WIDE)
    fee = sum(order.fees.values(), Decimal(0))
    return {
        "id": order.id,
        "date": order.created,
        "symbol": order.market,
        "type": f"{order.side}-limit",
        "price": text(order.limit),
        "amount": text(order.amount),
        "amount_unfilled": text(Decimal(0) if canceled else order.remaining),
        "amount_filled": amount(order.filled),
        "amount_cancelled": text(order.remaining) if canceled else None,
        "value_filled": amount(order.cost),
        "fee_filled": amount(fee),
        "price_avg": None if average is None else text(average),
        "done_at": None if order.status == "open" else order.updated,
        "state": v2_state(order),
    }


def v2_public_order(order: Order) -> dict[str, Any]:
    row = v2_order(order, listed=True)
    del row["fee_filled"]
    return row


def v2_trade(trade: Trade | Fill) -> dict[str, Any]:
    return {
        "date": trade.timestamp,
        "id": trade.id,
        "symbol": trade.market,
        "price": text(trade.price),
        "amount": text(trade.amount),
        "type": trade.side,
    }


def v2_own_trade(fill: Fill, fee: Decimal) -> dict[str, Any]:
    return {
        **v2_trade(fill),
        "fee_amount": text(fill.fee),
        "fee_rate": text(fee),
        "fee_symbol": fill.fee_currency,
    }


def v2_ticker(market: Market, date: int) -> dict[str, Any]:
    ticker = market.ticker()
    return {
        "date": date,
        "symbol": market.spec.id,
        "last": text(ticker.last),
        "buy": text(ticker.bid or Decimal(0)),
        "sell": text(ticker.ask or Decimal(0)),
        "change": text(multiply(ticker.change, Decimal(100))),
        "vol1": text(ticker.base_volume),
        "vol2": text(ticker.quote_volume),
        "high": text(ticker.high),
        "low": text(ticker.low),
    }
