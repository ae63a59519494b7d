"""The markets of Acme Exchange, and their books and candles."""

from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import BadRequest, BadResponse
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading, spot_markets
from ccxt_ext.venue.fast import order_books

from .perpetuals import perpetual  # with --swap

SEPARATOR = "-"  # between the currencies in a market's id


def market(exchange: Exchange, row: Mapping[str, Any]) -> Any:
    if exchange.safe_string(row, "type") == "perpetual":  # with --swap
        return perpetual(exchange, row)  # with --swap
    return spot_markets.spot_market(
        exchange,
        row,
        reading.required_text(exchange, row, "id"),
        reading.required_text(exchange, row, "base"),
        reading.required_text(exchange, row, "quote"),
        active=exchange.safe_string(row, "status") == "open",
        # The smallest steps of size and price. A venue may tell numbers of decimals instead: then
        # exchange.parse_precision() makes a step of it.
        step=reading.number_text(exchange, row, "size_step"),
        tick=reading.number_text(exchange, row, "price_step"),
        amounts=(
            reading.number_text(exchange, row, "min_size"),
            reading.number_text(exchange, row, "max_size"),
        ),
        costs=(reading.number_text(exchange, row, "min_value"), None),
        fees=(
            exchange.parse_number(reading.number_text(exchange, row, "taker_fee")),
            exchange.parse_number(reading.number_text(exchange, row, "maker_fee")),
        ),
    )


def book_request(exchange: Exchange, market: Mapping[str, Any], limit: int | None) -> dict[str, Any]:
    request = {"market": market["id"]}
    most = exchange.options["fetchOrderBook"]["limit"]
    return request if limit is None else {**request, "depth": min(limit, most)}


def parse_book(exchange: Exchange, answer: Any, symbol: str, limit: int | None) -> Any:
    book = reading.record(exchange, answer)
    time = reading.timestamp(exchange, book, "time")
    parsed = order_books.fast_order_book(exchange, book, symbol, time)  # None if any level is odd
    if parsed is None:
        levels = {side: levels_of(exchange, book, side) for side in ("bids", "asks")}
        parsed = exchange.parse_order_book(levels, symbol, time)
    parsed["nonce"] = reading.integer(exchange, book, "sequence")
    return order_books.first_levels(parsed, limit)


def levels_of(exchange: Exchange, book: Mapping[str, Any], side: str) -> list[list[str]]:
    """Prices and sizes, as the venue sends them: [["63000.00", "0.5"], ...]."""
    rows = book.get(side)
    if not isinstance(rows, list):
        raise BadResponse(f"{exchange.id} expected {side} in {reading.excerpt(exchange, book)}")
    return [level(exchange, row) for row in rows]


def level(exchange: Exchange, row: Any) -> list[str]:
    if isinstance(row, list) and len(row) == 2:
        price, size = (reading.number_text(exchange, row, place) for place in (0, 1))
        if price is not None and size is not None:
            return [price, size]
    raise BadResponse(f"{exchange.id} sent a level without price or size: {reading.excerpt(exchange, row)}")


def candles_request(
    exchange: Exchange,
    market: Mapping[str, Any],
    timeframe: str,
    since: int | None,
    limit: int | None,
    params: Mapping[str, Any],
) -> dict[str, Any]:
    """The venue gives the first candles that open between `start` and `end`; without a start, the last."""
    if timeframe not in exchange.timeframes:
        raise BadRequest(f"{exchange.id} has no timeframe {timeframe!r}")
    most = exchange.options["fetchOHLCV"]["limit"]
    request = {
        "market": market["id"],
        "end": exchange.safe_integer(params, "until"),
        "interval": exchange.timeframes[timeframe],
        "limit": min(limit or most, most),
        "start": since,
    }
    known = {name: value for name, value in request.items() if value is not None}
    return exchange.extend(known, exchange.omit(params, "until"))
