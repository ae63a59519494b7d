"""The rows in which BTEX's spot API sends pairs, books, trades and orders."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontend.engine import (
    Fill,
    Level,
    Market,
    Order,
    Trade,
    add,
    multiply,
    subtract,
)
from ccxt_ext.sandbox.frontends.btex.listings import Pair
from ccxt_ext.sandbox.frontends.btex.numbers import MONEY, fixed, plain_text, ratio


def pair_row(listing: Pair, market: Market, now: int, alone: bool) -> dict[str, Any]:
    """`alone`: the one pair that was asked for, which has its price bounds as well. Zero stands for none."""
    bounds = {name: fixed(Decimal(0), listing.price_digits) for name in ("limit_up", "limit_down")}
    fee = fixed(listing.fee, 6)
    return {
        "price_float_num": str(listing.price_digits),
        "amount_float_num": str(listing.amount_digits),
        "max_trade_num": listing.most,
        "min_trade_num": listing.least,
        "buy_fee": fee,
        "sell_fee": fee,
        **(bounds if alone else {}),
        "status": listing.status,
        "ticker": pair_ticker(listing, market, now),
    }


def pair_ticker(listing: Pair, market: Market, now: int) -> dict[str, str]:
    ticker = market.ticker()
    digits = listing.price_digits
    average = ratio(ticker.quote_volume, ticker.base_volume) if ticker.base_volume else ticker.last
    return {
        "min_24h_price": fixed(ticker.low, digits),
        "min_24h_time": str((market.last_time_at(ticker.low) or now) // 1000),
        "max_24h_price": fixed(ticker.high, digits),
        "max_24h_time": str((market.last_time_at(ticker.high) or now) // 1000),
        "trade_price": fixed(ticker.last, digits),
        # The average of a day, and not the price of a day ago.
        "price_24h": fixed(average, digits + 8),
        "change_24h": fixed(subtract(ratio(ticker.last, average), Decimal(1)), 4),
        "amount": fixed(ticker.base_volume, MONEY),
        "total": fixed(ticker.quote_volume, MONEY),
    }


def hash_of(rows: Any) -> str:
    return hashlib.md5(json.dumps(rows).encode(), usedforsecurity=False).hexdigest()


def spot_book(market: Market, depth: int) -> dict[str, Any]:
    bids, asks = market.book(depth)
    rows = {"buy": spot_levels(bids), "sell": spot_levels(asks)}
    return {**rows, "hash": hash_of(rows)}


def spot_levels(levels: Sequence[Level]) -> list[dict[str, str]]:
    rows, total = [], Decimal(0)
    for level in levels:
        cost = multiply(level.price, level.amount)
        total = add(total, cost)
        rows.append(
            {
                "price": plain_text(level.price),
                "amount": plain_text(level.amount),
                "total": fixed(cost, 2),
                "sum": fixed(total, 2),
            }
        )
    return rows


def spot_trade(trade: Trade) -> dict[str, str]:
    return {
        "time": str(trade.timestamp // 1000),
        "price": fixed(trade.price, MONEY),
        "num": fixed(trade.amount, MONEY),
        "total": fixed(multiply(trade.price, trade.amount), MONEY),
        "trade_info": trade.side,
    }


def spot_order(order: Order, user: str) -> dict[str, str]:
    base, _, quote = order.market.partition("_")
    fees = Decimal(0)
    for fee in order.fees.values():
        fees = add(fees, fee)
    return {
        "order_id": str(order.id),
        "user_id": user,
        "type": base,
        "danwei": quote,
        "ctime": str(order.created // 1000),
        "price": plain_text(order.limit),
        "num": plain_text(order.amount),
        "total": plain_text(multiply(order.limit, order.amount)),
        "rest_num": plain_text(order.remaining),
        "rest_total": plain_text(multiply(order.limit, order.remaining)),
        "fee": fixed(fees, MONEY),
        "order_type": order.side,
    }


def own_spot_trade(fill: Fill) -> dict[str, str]:
    return {
        "trade_id": str(fill.id),
        "pair": fill.market,
        "ctime": str(fill.timestamp // 1000),
        "price": plain_text(fill.price),
        "num": plain_text(fill.amount),
        "total": plain_text(fill.cost),
        "fee": plain_text(fill.fee),
        "order_id": str(fill.order_id),
        "trade_type": fill.side,
    }
