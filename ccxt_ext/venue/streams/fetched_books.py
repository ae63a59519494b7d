"""Order books whose changes come over a socket, and whose snapshots have to be fetched over REST."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, NamedTuple

from ccxt_ext.venue.streams.books import NumberedBook, OutOfStep, Rows
from ccxt_ext.venue.streams.connection import Connection
from ccxt_ext.venue.streams.feed import Feed
from ccxt_ext.venue.streams.subjects import Subject

__all__ = ["FetchedBooks", "Snapshot"]


class Snapshot(NamedTuple):
    """A whole book, as a venue tells it over REST."""

    number: int
    """Of the last change that is in it."""
    bids: Rows
    asks: Rows
    timestamp: int | None


class FetchedBooks:
    """The books of a feed whose venue streams numbered changes, and tells a whole book over REST alone.

    `fetch` gives the snapshot of a symbol; what it raises is told to those who watch the book, and then it
    begins anew. The feed calls three methods:

    - `begin()` when the venue has taken a subscription, so that no change can be missed any more. A venue
      that does not say so: in `subscribe()`, after `super().subscribe()`.
    - `change()` for each change. Those that come before the snapshot wait for it. A gap in the numbers raises
      OutOfStep, which lets the feed leave the topic and enter it again.
    - `forget()` in its own `forget()`.
    """

    def __init__(self, feed: Feed, fetch: Callable[[str], Awaitable[Snapshot]]) -> None:
        self.feed = feed
        self.fetch = fetch
        self.books: dict[str, NumberedBook] = {}

    def begin(self, connection: Connection, subject: Subject) -> None:
        """Changes come from now on, so the snapshot is asked for."""
        symbol = str(subject.symbol)
        book = self.books[symbol] = NumberedBook(symbol)
        connection.spawn(self._load(connection, subject, book))

    def change(
        self,
        connection: Connection,
        subject: Subject,
        number: int,
        bids: Rows,
        asks: Rows,
        timestamp: int | None,
    ) -> None:
        """Make a change, and tell those who watch the book, if there is one yet."""
        numbered = self.books.get(str(subject.symbol))
        book = None if numbered is None else numbered.change(number, bids, asks, timestamp)
        if book is not None:
            connection.resolve(book, subject)

    def forget(self, symbols: Iterable[str | None]) -> None:
        """Drop books, as changes of them are missing from now on."""
        for symbol in symbols:
            self.books.pop(str(symbol), None)
            self.feed.exchange.orderbooks.pop(symbol, None)

    async def _load(self, connection: Connection, subject: Subject, numbered: NumberedBook) -> None:
        made: Any = None
        try:
            snapshot = await self.fetch(numbered.symbol)
            if self._is_current(numbered):
                made = numbered.snapshot(*snapshot)
        except Exception as error:
            if self._is_current(numbered):
                if not isinstance(error, OutOfStep):
                    connection.reject(self.feed.error_of(error, "the snapshot of a book"), subject)
                self.feed.begin_anew(connection, [subject], str(error))
            return
        if made is not None:
            self.feed.exchange.orderbooks[numbered.symbol] = made
            connection.resolve(made, subject)

    def _is_current(self, numbered: NumberedBook) -> bool:
        """Whether the book was neither left nor begun anew while its snapshot was under way."""
        return self.books.get(numbered.symbol) is numbered
