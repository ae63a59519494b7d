"""Refuses books and trades that cannot be true, as a bot would trade at their prices."""

from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import BadResponse
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading


def is_positive(number: Any) -> bool:
    """Whether it is above 0. It may be a text or a Decimal, as the user can choose ccxt's type of numbers."""
    return number is not None and float(number) > 0


def fault_in_book(book: Mapping[str, Any]) -> str | None:
    """What is impossible about a complete book, sorted with its best prices first; None if nothing is."""
    for side in ("bids", "asks"):
        for price, amount, *_ in book[side]:
            if not (is_positive(price) and is_positive(amount)):
                return f"{amount} at {price}"
    if book["bids"] and book["asks"]:
        bid, ask = book["bids"][0][0], book["asks"][0][0]
        if float(bid) >= float(ask):
            return f"{bid} is bid and {ask} asked"
    return None


def plausible_book(exchange: Exchange, book: Any) -> Any:
    """The book. Raises BadResponse if it cannot be true."""
    wrong = fault_in_book(book)
    if wrong is not None:
        raise BadResponse(f"{exchange.id} sent a book that cannot be: {wrong}")
    return book


def plausible_trade(exchange: Exchange, trade: Any) -> Any:
    """The trade. Raises BadResponse if it cannot be true."""
    if not (is_positive(trade["price"]) and is_positive(trade["amount"])):
        raise BadResponse(
            f"{exchange.id} sent a trade without a price and an amount above 0: "
            f"{reading.excerpt(exchange, trade['info'])}"
        )
    return trade
