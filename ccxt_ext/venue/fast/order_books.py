"""Parses the levels of an order book all at once."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from ccxt.base.errors import BadResponse
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.fast import conditions
from ccxt_ext.venue.fast.columns import floats
from ccxt_ext.venue.fast.conditions import FEWEST_ROWS, are_of_one_type, identical, result_or_none
from ccxt_ext.venue.fast.formulas import NotAlike
from ccxt_ext.venue.surface.compat import BaseExchange

__all__ = ["fast_order_book", "first_levels", "parse_levels"]


def fast_order_book(exchange: Exchange, orderbook: Any, *args: Any) -> Any:
    """The result of parse_order_book() with these arguments, if all levels are plain; else None.

    Levels that are lists may have more items than price and amount, if no place of a count is given.
    """
    return (
        result_or_none(order_book_of, exchange, orderbook, *args)
        if conditions.uses_own_parsers(exchange)
        else None
    )


def order_book_of(
    exchange: Exchange,
    orderbook: Any,
    symbol: Any,
    timestamp: Any = None,
    bids: Any = "bids",
    asks: Any = "asks",
    price: Any = 0,
    amount: Any = 1,
    count: Any = 2,
) -> Any:
    sides = {"bids": orderbook[bids], "asks": orderbook[asks]}
    if any(type(rows) is not list for rows in sides.values()):
        return None
    if max(map(len, sides.values())) < FEWEST_ROWS:
        return None
    top = {bids: sides["bids"][:1], asks: sides["asks"][:1]}
    # ccxt's own method, as the venue's also checks whether a book is possible. That is done below.
    book = BaseExchange.parse_order_book(exchange, top, symbol, timestamp, bids, asks, price, amount, count)
    for side, rows in sides.items():
        prices, levels = levels_of(rows, price, amount, count)
        if not identical(levels[:1], book[side]):
            return None
        falls = side == "bids"
        if sorted(prices, reverse=falls) != prices:
            levels = exchange.sort_by(levels, 0, falls)
        book[side] = levels
    best_bid, best_ask = book["bids"][:1], book["asks"][:1]
    crossed = best_bid and best_ask and best_bid[0][0] >= best_ask[0][0]
    # No price is negative here, so it is enough to look at the lowest one of each side.
    is_zero = (best_ask and not best_ask[0][0]) or (best_bid and not book["bids"][-1][0])
    return None if crossed or is_zero else book


def levels_of(
    rows: Sequence[Any], price: Any, amount: Any, count: Any
) -> tuple[list[float], list[list[Any]]]:
    """A side's prices and its levels."""
    size = len(rows)
    if not size:
        return [], []
    if isinstance(rows[0], dict):
        counted = isinstance(count, str) and any(count in row for row in rows)
    elif are_of_one_type(rows) and len(set(map(len, rows))) == 1:
        counted = count is not None and len(rows[0]) > count
    else:
        raise NotAlike("levels of several shapes")
    numbers = floats([*map(itemgetter(price), rows), *map(itemgetter(amount), rows)], signs=False)
    if numbers is None:
        raise NotAlike("a level that is not of plain decimals")
    prices, amounts = numbers[:size], numbers[size:]
    if not all(amounts):
        raise NotAlike("a level that cannot be")
    if not counted:
        return prices, [[a, b] for a, b in zip(prices, amounts, strict=True)]
    counts = [row[count] for row in rows]
    if set(map(type, counts)) != {int} or max(counts) > 2**53 or min(counts) < 0:
        raise NotAlike("counts that are not plain")
    return prices, [[a, b, c] for a, b, c in zip(prices, amounts, counts, strict=True)]


def first_levels(book: dict[str, Any], limit: int | None) -> dict[str, Any]:
    """The book, cut to its best levels."""
    for side in ("bids", "asks"):
        book[side] = book[side][:limit]
    return book


def parse_levels(
    exchange: Exchange,
    answer: Any,
    symbol: str,
    limit: int | None,
    bids: str,
    asks: str,
    price: str = "price",
    amount: str = "amount",
) -> Any:
    """An order book whose levels are JSON objects."""
    made = fast_order_book(exchange, answer, symbol, None, bids, asks, price, amount)
    if made is not None:
        return first_levels(made, limit)
    book = reading.record(exchange, answer)
    for side in (bids, asks):
        for level in reading.rows(exchange, book, side):
            if (
                reading.number_text(exchange, level, price) is None
                or reading.number_text(exchange, level, amount) is None
            ):
                raise BadResponse(
                    f"{exchange.id} sent a level without price or amount: {reading.excerpt(exchange, level)}"
                )
    parsed = exchange.parse_order_book(book, symbol, None, bids, asks, price, amount)
    for side in ("bids", "asks"):
        parsed[side] = parsed[side][:limit]
    return parsed
