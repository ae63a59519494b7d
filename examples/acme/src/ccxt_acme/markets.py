"""The markets of Acme Exchange, and their books and candles."""

from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import BadRequest, BadResponse
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading, spot_markets
from ccxt_ext.venue.fast import order_books

from . import envelope

SEPARATOR = "_"  # between the currencies in a market's id


def market(exchange: Exchange, row: Mapping[str, Any]) -> Any:
    return spot_markets.spot_market(
        exchange,
        row,
        reading.required_text(exchange, row, "pair"),
        reading.required_text(exchange, row, "base"),
        reading.required_text(exchange, row, "quote"),
        active=row.get("trading") is True,
        # The venue tells numbers of decimals: 2 for a step of 0.01.
        step=exchange.parse_precision(reading.number_text(exchange, row, "quantity_decimals")),
        tick=exchange.parse_precision(reading.number_text(exchange, row, "rate_decimals")),
        amounts=(
            reading.number_text(exchange, row, "min_quantity"),
            reading.number_text(exchange, row, "max_quantity"),
        ),
        costs=(reading.number_text(exchange, row, "min_value"), None),
        fees=(
            exchange.parse_number(reading.number_text(exchange, row, "taker_fee")),
            exchange.parse_number(reading.number_text(exchange, row, "maker_fee")),
        ),
    )


def book_request(exchange: Exchange, market: Mapping[str, Any], limit: int | None) -> dict[str, Any]:
    request = {"pair": market["id"]}
    most = exchange.options["fetchOrderBook"]["limit"]
    return request if limit is None else {**request, "levels": min(limit, most)}


def parse_book(exchange: Exchange, answer: Any, symbol: str, limit: int | None) -> Any:
    book = reading.record(exchange, envelope.result(exchange, answer))
    levels = {side: levels_of(exchange, book, side) for side in ("bids", "asks")}
    parsed = exchange.parse_order_book(levels, symbol, reading.timestamp(exchange, book, "time"))
    parsed["nonce"] = reading.integer(exchange, book, "number")
    return order_books.first_levels(parsed, limit)


def levels_of(exchange: Exchange, book: Mapping[str, Any], side: str) -> list[list[str]]:
    """Prices and sizes. The venue sends [{"rate": "63000.00", "quantity": "0.5"}, ...]."""
    rows = book.get(side)
    if not isinstance(rows, list):
        raise BadResponse(f"{exchange.id} expected {side} in {reading.excerpt(exchange, book)}")
    return [level(exchange, row) for row in rows]


def level(exchange: Exchange, row: Any) -> list[str]:
    if isinstance(row, dict):
        price, size = (reading.number_text(exchange, row, key) for key in ("rate", "quantity"))
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
    """The venue gives the first candles that begin between `from` and `to`; without a `from`, the last."""
    if timeframe not in exchange.timeframes:
        raise BadRequest(f"{exchange.id} has no timeframe {timeframe!r}")
    most = exchange.options["fetchOHLCV"]["limit"]
    request = {
        "pair": market["id"],
        "minutes": exchange.timeframes[timeframe],
        "from": since,
        "to": exchange.safe_integer(params, "until"),
        "limit": min(limit or most, most),
    }
    known = {name: value for name, value in request.items() if value is not None}
    return exchange.extend(known, exchange.omit(params, "until"))
