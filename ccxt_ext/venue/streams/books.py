"""Order books built from a snapshot and numbered changes, and changes of ccxt's own order books."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from ccxt.async_support.base.ws.order_book import OrderBook
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers.quick_json import dumps

__all__ = [
    "LONGEST_BUFFER",
    "NumberedBook",
    "OutOfStep",
    "Rows",
    "are_plain",
    "change_levels",
    "fill_side",
    "stamp",
]

#: How many changes of a book may wait for their snapshot.
LONGEST_BUFFER = 10_000

_TOO_MUCH = 1e40  # for a price or an amount
_DIGITS = b"0123456789."
_MILLISECONDS = [f".{number:03d}Z" for number in range(1000)]

#: Prices and amounts, as numbers or text.
Rows = Sequence[Sequence[Any]]


class OutOfStep(Exception):
    """The frames of a book do not fit together, so that it has to begin anew while its watchers wait."""


class NumberedBook:
    """A book whose changes are numbered one by one.

    `book` is None until a snapshot has come. After a new beginning it is another object, so that the book
    that a user holds is never changed by frames that do not follow on it.
    """

    def __init__(self, symbol: str) -> None:
        self.symbol = symbol
        #: ccxt's order book, once there is one
        self.book: OrderBook | None = None
        self.buffer: list[tuple[int, Rows, Rows, int | None]] = []

    def restart(self) -> None:
        """Forget the book, as a change is missing. The next snapshot begins a new one."""
        self.book = None
        self.buffer.clear()

    def snapshot(self, number: int, bids: Rows, asks: Rows, timestamp: int | None) -> OrderBook:
        """The book after the change of this number. Changes that came before the snapshot are made in it."""
        book = OrderBook({"symbol": self.symbol})
        set_levels(book["bids"], bids)
        set_levels(book["asks"], asks)
        stamp(book, number, timestamp)
        buffer, self.buffer = self.buffer, []
        self.book = book
        for change in buffer:
            self.change(*change)
        check(book)
        return book

    def change(self, number: int, bids: Rows, asks: Rows, timestamp: int | None) -> OrderBook | None:
        """Make a change. The book, if there is one and it has changed.

        Raises OutOfStep if a number is missing, or if the change would make the book impossible.
        """
        book = self.book
        if book is None:
            if len(self.buffer) >= LONGEST_BUFFER:
                raise OutOfStep(f"{self.symbol}: no snapshot after {LONGEST_BUFFER} changes")
            self.buffer.append((number, bids, asks, timestamp))
            return None
        last = book["nonce"]
        if number <= last:
            return None
        if number != last + 1:
            raise OutOfStep(f"{self.symbol}: {number} follows {last}")
        change_levels(book, bids, asks)
        stamp(book, number, timestamp)
        return book


def change_levels(book: OrderBook, bids: Rows, asks: Rows) -> None:
    """Make all of the changes, or none if one is wrong: then the book stays as it was when it was right."""
    its_bids, its_asks = book["bids"], book["asks"]
    bids_before: list[float] = []
    asks_before: list[float] = []
    try:
        set_levels(its_bids, bids, bids_before)
        set_levels(its_asks, asks, asks_before)
        check(book)
    except Exception:
        undo(its_bids, bids, bids_before)
        undo(its_asks, asks, asks_before)
        raise


def check(book: OrderBook) -> None:
    bids, asks = book["bids"], book["asks"]
    if bids and asks and bids[0][0] >= asks[0][0]:
        raise OutOfStep(f"{book['symbol']}: crossed, {bids[0][0]} is bid and {asks[0][0]} asked")


def set_levels(side: Any, rows: Rows, before: list[float] | None = None) -> None:
    """Put levels into one side of ccxt's book, and take out those whose amount is 0.

    The amounts that were there are appended to `before`, row by row.
    """
    if before is None:
        before = []
    index = side._index
    falls = side.side
    for price_text, amount_text in rows:
        price = float(price_text)
        amount = float(amount_text)
        if not _TOO_MUCH > price > 0.0 <= amount < _TOO_MUCH:  # to compare with 0 would take longer
            raise ValueError(f"no level: {price_text} {amount_text}")
        key = -price if falls else price
        place = bisect_left(index, key)
        if place < len(index) and index[place] == key:
            level = side[place]
            before.append(level[1])
            if amount:
                level[1] = amount
            else:
                del index[place]
                del side[place]
        else:
            before.append(0.0)
            if amount:
                index.insert(place, key)
                side.insert(place, [price, amount])


def undo(side: Any, rows: Rows, before: list[float]) -> None:
    """Take back `set_levels()`, as far as it went: backwards, as a price may have been there twice."""
    if before:
        set_levels(side, [(price, was) for (price, _), was in zip(rows, before, strict=False)][::-1])


def are_plain(*sides: Any) -> bool:
    """Whether all sides are lists of prices and amounts as digits in text, which need no other check."""
    try:
        text = dumps(sides)
        shape = _shape(*map(len, sides))
    except TypeError:  # what cannot be written, or has no length
        return False
    return text.translate(None, _DIGITS) == shape and b'""' not in text


@lru_cache(maxsize=256)
def _shape(*counts: int) -> bytes:
    """What is left of sides with so many levels when their digits are taken out."""
    return dumps([[["", ""]] * count for count in counts])


def fill_side(side: Any, levels: Iterable[list[float]]) -> None:
    """Replace all levels of one side with those of a parsed book, which are in order."""
    side[:] = levels
    side._index[:] = [-level[0] for level in side] if side.side else [level[0] for level in side]


def cut(book: Any, limit: Any) -> dict[str, Any]:
    """A copy of a book with so many levels, whose rows do not change with the book."""
    return {**book, **{side: [row[:] for row in book[side][:limit]] for side in ("bids", "asks")}}


def stamp(book: OrderBook, number: int | None, timestamp: int | None) -> None:
    """Set a book's number and its time."""
    book["nonce"] = number
    book["timestamp"] = timestamp
    book["datetime"] = None if timestamp is None else date_of(timestamp)


def date_of(timestamp: int) -> str:
    """What ccxt's iso8601() gives, which takes as long as all the rest and so is called once a second."""
    return _seconds(timestamp // 1000) + _MILLISECONDS[timestamp % 1000]


@lru_cache(maxsize=16)
def _seconds(seconds: int) -> str:
    return str(Exchange.iso8601(seconds * 1000))[:19]
