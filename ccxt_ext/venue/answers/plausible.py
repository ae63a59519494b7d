"""Books and trades that cannot be: whoever believed them would trade at their prices."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ccxt.base.errors import BadResponse

if TYPE_CHECKING:
    from typing import Any as Base
else:
    Base = object


class Plausible(Base):
    """Mixed in front of ccxt's Exchange. What parses faster leaves to this what cannot be."""

    def parse_order_book(self, orderbook: Any, *args: Any, **named: Any) -> Any:
        book = super().parse_order_book(orderbook, *args, **named)
        wrong = wrong_in(book)
        if wrong is not None:
            raise BadResponse(f"{self.id} sent a book that cannot be: {wrong}")
        return book

    def safe_trade(self, trade: Any, market: Any = None) -> Any:
        made = super().safe_trade(trade, market)
        if not (is_positive(made["price"]) and is_positive(made["amount"])):
            raise BadResponse(
                f"{self.id} sent a trade without a price and an amount above 0: {self.excerpt(made['info'])}"
            )
        return made


def is_positive(number: Any) -> bool:
    """Also of a text or a Decimal, as ccxt gives numbers to those who want them so."""
    return number is not None and float(number) > 0


def wrong_in(book: Mapping[str, Any]) -> str | None:
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
