"""Order books built from a snapshot and numbered changes. No I/O."""

from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from ccxt.async_support.base.ws.order_book import OrderBook
from ccxt.base.exchange import Exchange

LONGEST_BUFFER = 10_000  # of changes that wait for their snapshot

_INFINITE = float("inf")

Rows = Iterable[tuple[Any, Any]]  # prices and amounts, as numbers or text


class OutOfStep(Exception):
    """A book's frames do not fit together: it has to begin anew. Nobody who waits for it is told."""


class NumberedBook:
    """A book whose changes are numbered, each one higher than the last.

    `book` is None until there is a snapshot, and one that was begun anew is another object: what a user
    holds is never changed by frames that do not follow.
    """

    def __init__(self, symbol: str) -> None:
        self.symbol = symbol
        self.book: OrderBook | None = None
        self.buffer: list[tuple[int, Rows, Rows, int | None]] = []

    def restart(self) -> None:
        self.book = None
        self.buffer.clear()

    def snapshot(self, number: int, bids: Rows, asks: Rows, timestamp: int | None) -> OrderBook:
        book = OrderBook({"symbol": self.symbol})
        set_levels(book["bids"], bids)
        set_levels(book["asks"], asks)
        stamp(book, number, timestamp)
        buffer, self.buffer = self.buffer, []
        self.book = book
        for change in buffer:
            self.change(*change)
        self.check()
        return book

    def change(self, number: int, bids: Rows, asks: Rows, timestamp: int | None) -> OrderBook | None:
        """The book, if there is one and it has changed."""
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
        undo: list[tuple[Any, tuple[float, float]]] = []
        try:
            set_levels(book["bids"], bids, undo)
            set_levels(book["asks"], asks, undo)
            self.check()
        except Exception:
            # Whoever holds the book keeps the last one that was right.
            for side, level in reversed(undo):
                set_levels(side, [level])
            raise
        stamp(book, number, timestamp)
        return book

    def check(self) -> None:
        assert self.book is not None
        bids, asks = self.book["bids"], self.book["asks"]
        if bids and asks and bids[0][0] >= asks[0][0]:
            raise OutOfStep(f"{self.symbol}: crossed, {bids[0][0]} is bid and {asks[0][0]} asked")


def set_levels(side: Any, rows: Rows, undo: list[tuple[Any, tuple[float, float]]] | None = None) -> None:
    """Put levels into one side of ccxt's book; those without an amount go. `undo` is told what was there."""
    index = side._index
    sign = -1 if side.side else 1
    for price_text, amount_text in rows:
        price, amount = float(price_text), float(amount_text)
        if not (0 < price < _INFINITE and 0 <= amount < _INFINITE):
            raise ValueError(f"no level: {price_text} {amount_text}")
        key = sign * price
        place = bisect_left(index, key)
        there = place < len(index) and index[place] == key
        if undo is not None:
            undo.append((side, (price, side[place][1] if there else 0.0)))
        if amount:
            if there:
                side[place][1] = amount
            else:
                index.insert(place, key)
                side.insert(place, [price, amount])
        elif there:
            del index[place]
            del side[place]


def fill_side(side: Any, levels: Iterable[list[float]]) -> None:
    """Put in place of all levels of one side those of a parsed book, which are in order."""
    side[:] = levels
    side._index[:] = [-level[0] for level in side] if side.side else [level[0] for level in side]


def stamp(book: OrderBook, number: int | None, timestamp: int | None) -> None:
    book["nonce"] = number
    book["timestamp"] = timestamp
    book["datetime"] = None if timestamp is None else date_of(timestamp)


def date_of(timestamp: int) -> str:
    """ccxt's iso8601(), which takes as long as the rest of a change, called once a second."""
    seconds, milliseconds = divmod(timestamp, 1000)
    return f"{_seconds(seconds)}.{milliseconds:03d}Z"


@lru_cache(maxsize=16)
def _seconds(seconds: int) -> str:
    return str(Exchange.iso8601(seconds * 1000))[:19]
