"""Books and trades that cannot be: whoever believed them would trade at their prices."""

from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import BadResponse
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading


def is_positive(number: Any) -> bool:
    """Also of a text or a Decimal, as ccxt gives numbers to those who want them so."""
    return number is not None and float(number) > 0


def fault_in_book(book: Mapping[str, Any]) -> str | None:
    """What of a whole book cannot be, whose best prices stand first."""
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
    """The book, if it can be."""
    wrong = fault_in_book(book)
    if wrong is not None:
        raise BadResponse(f"{exchange.id} sent a book that cannot be: {wrong}")
    return book


def plausible_trade(exchange: Exchange, trade: Any) -> Any:
    if not (is_positive(trade["price"]) and is_positive(trade["amount"])):
        raise BadResponse(
            f"{exchange.id} sent a trade without a price and an amount above 0: "
            f"{reading.excerpt(exchange, trade['info'])}"
        )
    return trade
