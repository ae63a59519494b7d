"""BitexAsia's order books, in any of the shapes that are accepted."""

from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import BadResponse
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.fast import order_books
from ccxt_ext.venue.fast.conditions import result_or_none
from ccxt_ext.venues.bitexasia import fields

DEFAULT_DEPTH = 100  # of an order book, for everyone


def book_request(exchange: Exchange, market: Mapping[str, Any], limit: int | None) -> dict[str, Any]:
    """More than the first levels are for accounts only, and there is no size between."""
    options = exchange.options["fetchOrderBook"]
    request = {"pair": market["id"]}
    deep = limit is not None and limit > DEFAULT_DEPTH and options["maxDepth"] > DEFAULT_DEPTH
    if deep and exchange.apiKey and exchange.secret:
        request[options["depthParameter"]] = options["maxDepth"]
    return request


def parse_book(exchange: Exchange, answer: Any, symbol: str, limit: int | None) -> Any:
    made = result_or_none(fast_book, exchange, answer, symbol)
    return (
        slow_book(exchange, answer, symbol, limit) if made is None else order_books.first_levels(made, limit)
    )


def fast_book(exchange: Exchange, answer: Any, symbol: str) -> Any:
    book = fields.unwrap(exchange, answer)
    places = ("bids", "asks", 0, 1, None)
    made = order_books.fast_order_book(
        exchange, book, symbol, fields.when(exchange, book, "timestamp"), *places
    )
    return made and {
        **made,
        "nonce": reading.integer(exchange, book, fields.named(exchange, book, "sequence")),
    }


def slow_book(exchange: Exchange, answer: Any, symbol: str, limit: int | None) -> Any:
    book = reading.record(exchange, fields.unwrap(exchange, answer))
    levels = {
        side: [level(exchange, entry) for entry in fields.listed(exchange, book, side)]
        for side in ("bids", "asks")
    }
    parsed = exchange.parse_order_book(levels, symbol, fields.when(exchange, book, "timestamp"))
    for side in levels:
        parsed[side] = parsed[side][:limit]
    parsed["nonce"] = reading.integer(exchange, book, fields.named(exchange, book, "sequence"))
    return parsed


def level(exchange: Exchange, entry: Any) -> list[str]:
    row = dict(zip(("price", "size"), entry, strict=False)) if isinstance(entry, list) else entry
    if isinstance(row, dict):
        price, size = reading.number_text(exchange, row, "price"), fields.figure(exchange, row, "size")
        if price is not None and size is not None:
            return [price, size]
    raise BadResponse(f"{exchange.id} sent a level without price or size: {reading.excerpt(exchange, entry)}")
