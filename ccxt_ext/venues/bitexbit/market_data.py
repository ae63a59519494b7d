"""bitexbit's tickers, candles and order books."""

from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import BadResponse
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.fast import order_books
from ccxt_ext.venue.fast.conditions import result_or_none
from ccxt_ext.venues.bitexbit import fields


def parse_ticker(exchange: Exchange, ticker: Any, market: Any = None) -> Any:
    market = fields.market_of(exchange, ticker, market)
    timestamp = fields.time_of(exchange, ticker, "date")
    return exchange.safe_ticker(
        {
            "symbol": market["symbol"],
            "timestamp": timestamp,
            "datetime": exchange.iso8601(timestamp),
            # Zero if there were no trades.
            "high": exchange.omit_zero(reading.number_text(exchange, ticker, "high")),
            "low": exchange.omit_zero(reading.number_text(exchange, ticker, "low")),
            "bid": exchange.omit_zero(reading.number_text(exchange, ticker, "buy")),
            "bidVolume": None,
            "ask": exchange.omit_zero(reading.number_text(exchange, ticker, "sell")),
            "askVolume": None,
            "vwap": None,
            "open": None,
            "last": exchange.omit_zero(reading.number_text(exchange, ticker, "last")),
            "previousClose": None,
            "change": None,
            "percentage": reading.number_text(exchange, ticker, "change"),
            "average": None,
            "baseVolume": reading.number_text(exchange, ticker, "vol1"),
            "quoteVolume": reading.number_text(exchange, ticker, "vol2"),
            "info": ticker,
        },
        market,
    )


def last_price(ticker: Mapping[str, Any]) -> Any:
    """Of a ticker that is parsed already."""
    told = {name: ticker[name] for name in ("symbol", "timestamp", "datetime", "info")}
    return {**told, "price": ticker["last"], "side": None}


def parse_ohlcv(exchange: Exchange, ohlcv: Any, market: Any = None) -> list[Any]:
    """An object of the charts, or an array of v2."""
    keys = (1, 2, 3, 4, 5) if isinstance(ohlcv, list) else ("open", "high", "low", "close", "volume")
    numbers = [fields.number_of(exchange, ohlcv, key) for key in keys]
    return [fields.time_of(exchange, ohlcv, 0 if isinstance(ohlcv, list) else "time"), *numbers]


def candle_rows(exchange: Exchange, answer: Any) -> list[Any]:
    if isinstance(answer, list) and set(map(type, answer)) <= {dict, list}:
        return answer
    raise BadResponse(f"{exchange.id} expected a list of candles, got {reading.excerpt(exchange, answer)}")


def order_book(exchange: Exchange, answer: Any, symbol: str, limit: Any, by_id: bool = False) -> Any:
    """v1's sides of objects, or v2's of arrays."""
    made = result_or_none(fast_order_book, exchange, answer, symbol, by_id)
    if made is not None:
        return order_books.first_levels(made, limit)
    return checked_order_book(exchange, answer, symbol, limit, by_id)


def fast_order_book(exchange: Exchange, book: Any, symbol: str, by_id: bool) -> Any:
    """All levels at once; None if they are not as plain as ever."""
    named = "buy" in book
    places = ("buy", "sell", "price", "amount") if named else ("bids", "asks", 0, 1)
    timestamp = fields.time_of(exchange, book, "date") if "date" in book else None
    return order_books.fast_order_book(exchange, book, symbol, timestamp, *places, "id" if by_id else 2)


def checked_order_book(exchange: Exchange, answer: Any, symbol: str, limit: Any, by_id: bool) -> Any:
    """Level by level, each of which has to have a price and an amount."""
    book = reading.record(exchange, answer)
    named = "buy" in book
    sides = ("buy", "sell") if named else ("bids", "asks")
    price, amount = ("price", "amount") if named else (0, 1)
    for side in sides:
        levels = book.get(side)
        if not isinstance(levels, list):
            raise BadResponse(f"{exchange.id} expected a book, got {reading.excerpt(exchange, book)}")
        for level in levels:
            fits = isinstance(level, dict if named else list)
            if not fits or None in (
                reading.number_text(exchange, level, price),
                reading.number_text(exchange, level, amount),
            ):
                raise BadResponse(
                    f"{exchange.id} sent a level without price or amount: {reading.excerpt(exchange, level)}"
                )
    timestamp = fields.time_of(exchange, book, "date") if "date" in book else None
    id = "id" if by_id else 2
    parsed = exchange.parse_order_book(book, symbol, timestamp, *sides, price, amount, id)
    return order_books.first_levels(parsed, limit)
