"""The rows in which BitMart sends symbols, tickers, trades, candles, books and orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from typing import Any

from ccxt_ext.sandbox.frontend import decimal_text
from ccxt_ext.sandbox.frontend.engine import (
    Candle,
    Fill,
    Level,
    Market,
    MarketSpec,
    Order,
    Ticker,
    Trade,
    add,
    multiply,
)
from ccxt_ext.sandbox.frontends.bitmart2.listings import Listing

_WIDE = Context(prec=200)


def fixed(number: Decimal, decimals: int, rounding: str = ROUND_HALF_UP) -> str:
    text = format(number, "f")
    if decimals and len(text) - text.find(".") - 1 == decimals and "." in text:
        return text
    return format(number.quantize(Decimal(1).scaleb(-decimals), rounding, _WIDE), "f")


def places(unit: Decimal) -> int:
    return max(0, -int(unit.normalize().as_tuple().exponent))


def symbol_row(listing: Listing) -> dict[str, Any]:
    base, quote = listing.currencies
    return {
        "id": listing.id,
        "base_currency": base,
        "quote_currency": quote,
        "quote_increment": listing.quote_increment,
        "base_min_size": listing.base_min_size,
        "base_max_size": listing.base_max_size,
        "price_min_precision": listing.price_min_precision,
        "price_max_precision": listing.price_max_precision,
        "expiration": listing.expiration,
    }


def fluctuation(ticker: Ticker) -> str:
    return f"{'-' if ticker.change < 0 else '+'}{fixed(abs(ticker.change), 4)}"


def ticker_row(market: Market) -> dict[str, Any]:
    ticker = market.ticker()
    price = places(market.spec.tick)
    size = places(market.spec.step)
    return {
        # The venue's names are swapped: "volume" is in the base currency, "base_volume" in the quote.
        "volume": fixed(ticker.base_volume, size),
        "ask_1": None if ticker.ask is None else fixed(ticker.ask, price),
        "base_volume": fixed(ticker.quote_volume, 8),
        "lowest_price": fixed(ticker.low, price),
        "bid_1": None if ticker.bid is None else fixed(ticker.bid, price),
        "highest_price": fixed(ticker.high, price),
        "ask_1_amount": None if ticker.ask_amount is None else decimal_text(ticker.ask_amount),
        "current_price": fixed(ticker.last, price),
        "fluctuation": fluctuation(ticker),
        "symbol_id": market.spec.id,
        "url": f"https://www.bitmart.com/trade?symbol={market.spec.id}",
        "bid_1_amount": None if ticker.bid_amount is None else decimal_text(ticker.bid_amount),
    }


def public_trade_row(trade: Trade, spec: MarketSpec) -> dict[str, Any]:
    return {
        # Swapped as well: "count" is the base amount, "amount" what it cost.
        "amount": fixed(multiply(trade.price, trade.amount), 8),
        "order_time": trade.timestamp,
        "price": fixed(trade.price, places(spec.tick)),
        "count": fixed(trade.amount, places(spec.step)),
        "type": trade.side,
    }


def stream_trade_row(trade: Trade, spec: MarketSpec) -> dict[str, Any]:
    row = public_trade_row(trade, spec)
    return {
        "side": row["type"],
        "amount": row["amount"],
        "price": row["price"],
        "count": row["count"],
        "time": row["order_time"],
    }


def price_row(market: Market, markets: Mapping[str, Market], now: int) -> dict[str, Any]:
    ticker = market.ticker()
    price = places(market.spec.tick)
    dollars = ticker.last
    if market.spec.quote != "USDT":
        dollars = multiply(dollars, markets[f"{market.spec.quote}_USDT"].last_price)
    return {
        "open_price": fixed(ticker.open, price),
        "highest_price": fixed(ticker.high, price),
        "lowest_price": fixed(ticker.low, price),
        "volume": fixed(ticker.quote_volume, 8),
        "current_price": fixed(ticker.last, price),
        "fluctuation": fluctuation(ticker),
        "rate": f"{fixed(dollars, 2)} USD",
        "timestamp": now,
    }


def candle_row(candle: Candle, spec: MarketSpec) -> dict[str, Any]:
    price = places(spec.tick)
    return {
        "timestamp": candle.timestamp,
        "open_price": fixed(candle.open, price),
        "highest_price": fixed(candle.high, price),
        "lowest_price": fixed(candle.low, price),
        "current_price": fixed(candle.close, price),
        "volume": fixed(candle.volume, places(spec.step)),
    }


def running_candle_row(market: Market, step_ms: int, now: int) -> dict[str, Any]:
    """The candle that is not over yet. Its timestamp is `now`, not the time at which it opened."""
    price = places(market.spec.tick)
    start = now - now % step_ms
    candles = market.candles(step_ms, start, start)
    last = market.last_price
    opening, high, low, close, volume = (
        (candles[0].open, candles[0].high, candles[0].low, candles[0].close, candles[0].volume)
        if candles
        else (last, last, last, last, Decimal(0))
    )
    return {
        "open_price": fixed(opening, price),
        "highest_price": fixed(high, price),
        "lowest_price": fixed(low, price),
        "volume": fixed(volume, places(market.spec.step)),
        "current_price": fixed(close, price),
        "timestamp": now,
    }


def book_rows(market: Market, precision: int, depth: int | None = None) -> dict[str, Any]:
    bids, asks = market.book()
    size = places(market.spec.step)
    return {
        "buys": level_rows(bids, precision, size, ROUND_FLOOR)[:depth],
        "sells": level_rows(asks, precision, size, ROUND_CEILING)[:depth],
    }


def level_rows(levels: Sequence[Level], precision: int, size: int, rounding: str) -> list[dict[str, str]]:
    """Levels merged to `precision` decimals. The two sides are rounded apart, so that they never cross."""
    merged: dict[str, tuple[Decimal, int]] = {}
    for level in levels:
        price = fixed(level.price, precision, rounding)
        amount, count = merged.get(price, (Decimal(0), 0))
        merged[price] = add(amount, level.amount), count + level.count
    total = Decimal(0)
    rows = []
    for price, (amount, count) in merged.items():
        total = add(total, amount)
        rows.append(
            {"amount": fixed(amount, size), "total": fixed(total, size), "price": price, "count": str(count)}
        )
    return rows


def order_status(order: Order) -> int:
    if order.status == "open":
        return 2 if order.filled else 1
    return 3 if order.status == "closed" else 4


def order_row(order: Order, price_places: int) -> dict[str, Any]:
    fees = Decimal(0)
    for fee in order.fees.values():
        fees = add(fees, fee)
    return {
        "entrust_id": order.id,
        "symbol": order.market,
        "timestamp": order.created,
        "side": order.side,
        "price": decimal_text(order.limit, price_places),
        "fees": decimal_text(fees),
        "original_amount": decimal_text(order.amount),
        "executed_amount": decimal_text(order.filled),
        "remaining_amount": decimal_text(order.remaining),
        "status": order_status(order),
    }


def my_trade_row(fill: Fill, price_places: int, tells_side: bool) -> dict[str, Any]:
    return {
        "symbol": fill.market,
        "amount": decimal_text(fill.amount),
        "fees": decimal_text(fill.fee, 10),
        "trade_id": fill.id,
        "price": decimal_text(fill.price, price_places),
        "active": False,
        "entrust_id": fill.order_id,
        "timestamp": fill.timestamp,
        **({"entrustType": 0 if fill.side == "buy" else 1} if tells_side else {}),
    }
