"""Passes the engine's news on to a venue's streams, and numbers the changes of each book."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any, Literal

from ccxt_ext.sandbox.engine import (
    BalanceEvent,
    BookEvent,
    Engine,
    EntryEvent,
    Event,
    ExitEvent,
    OrderEvent,
    PositionEvent,
    Trade,
    TradeEvent,
)


@dataclass
class BookUpdate:
    """The changes of a market's book: the new amount for each price, which is zero if the level is gone."""

    market: str
    number: int
    """One more than the number of the market's previous update."""
    bids: dict[Decimal, Decimal] = field(default_factory=dict)
    asks: dict[Decimal, Decimal] = field(default_factory=dict)


@dataclass
class News:
    """Everything that one operation of the engine has changed."""

    books: dict[str, BookUpdate] = field(default_factory=dict)
    """By market."""
    trades: dict[str, list[Trade]] = field(default_factory=dict)
    """By market, oldest first."""
    orders: list[OrderEvent] = field(default_factory=list)
    balances: list[BalanceEvent] = field(default_factory=list)
    positions: list[PositionEvent] = field(default_factory=list)
    flow: list[EntryEvent | ExitEvent] = field(default_factory=list)
    """Everybody's orders that entered or left a book, oldest first."""


@dataclass
class _NumberedBook:
    """A book after its latest update, and that update's number."""

    number: int
    bids: dict[Decimal, Decimal]
    asks: dict[Decimal, Decimal]


class Feed:
    """Passes the engine's news on to the streams, and numbers the changes of each book.

    It listens to the engine only while a stream listens to it. But once it has given out a number, it keeps
    listening to what changes in books, so that no change is left out of the numbers.
    """

    FIRST_NUMBER = 1

    report: Callable[[str], None] | None = None
    """Called when a listener fails; that listener is then removed. Without it, the failure is raised."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._listeners: list[Callable[[News], None]] = []
        self._books: dict[str, _NumberedBook] = {}
        self._gave_number = False
        self._attends_to: Literal["nothing", "books", "all"] = "nothing"
        self._of_connections: list[Callable[[News], None]] = []
        self._of_books: list[Callable[[News], None]] = []

    def listen(
        self, listener: Callable[[News], None], *, while_connected: bool = False, books_only: bool = False
    ) -> Callable[[], None]:
        """Call `listener` after each operation of the engine, until the returned function is called.

        `while_connected` is for what belongs to a connection: it is not in a snapshot of the sandbox.
        `books_only` is for who needs only the news of books: others are then not made for it.
        """
        self._listeners.append(listener)
        if while_connected:
            self._of_connections.append(listener)
        if books_only:
            self._of_books.append(listener)
        self._attend()
        return partial(self._end, listener)

    def _end(self, listener: Callable[[News], None]) -> None:
        for listeners in (self._listeners, self._of_connections, self._of_books):
            if listener in listeners:
                listeners.remove(listener)
        self._attend()

    def __getstate__(self) -> dict[str, Any]:
        lasting = [each for each in self._listeners if each not in self._of_connections]
        state = {**self.__dict__, "_listeners": lasting, "_of_connections": []}
        state.pop("report", None)
        return state

    def number(self, market: str) -> int:
        """The number of a market's book now, which is that of its latest update."""
        book = self._books.get(market) or self._first_look(market)
        self._gave_number = True
        self._attend()
        return book.number

    def _first_look(self, market: str) -> _NumberedBook:
        bids, asks = self._engine.markets[market].book()
        book = self._books[market] = _NumberedBook(
            self.FIRST_NUMBER,
            {level.price: level.amount for level in bids},
            {level.price: level.amount for level in asks},
        )
        return book

    def _attend(self) -> None:
        needed: Literal["nothing", "books", "all"] = "nothing"
        if len(self._listeners) > len(self._of_books):
            needed = "all"
        elif self._listeners or self._gave_number:
            needed = "books"
        if needed == self._attends_to:
            return
        self._attends_to = needed
        self._engine.outbox.unsubscribe(self._hear)
        if needed == "nothing":
            self._books.clear()
        else:
            self._engine.subscribe_batches(self._hear, books_only=needed == "books")

    def _hear(self, events: list[Event]) -> None:
        news, changes = News(), dict[str, list[BookEvent]]()
        for event in events:
            if isinstance(event, BookEvent):
                changes.setdefault(event.market, []).append(event)
            elif isinstance(event, TradeEvent):
                news.trades.setdefault(event.trade.market, []).append(event.trade)
            elif isinstance(event, OrderEvent):
                news.orders.append(event)
            elif isinstance(event, BalanceEvent):
                news.balances.append(event)
            elif isinstance(event, PositionEvent):
                news.positions.append(event)
            else:
                news.flow.append(event)
        for market, book_events in changes.items():
            update = self._update(market, book_events)
            if update.bids or update.asks:
                news.books[market] = update
        for listener in self._listeners.copy():
            try:
                listener(news)
            except Exception:
                if self.report is None:
                    raise
                self._end(listener)
                self.report("the news of a stream")

    def _update(self, market: str, events: list[BookEvent]) -> BookUpdate:
        """The levels that differ from the latest update. An order may come and go in one operation."""
        book = self._books.get(market)
        if book is None:
            book = self._first_look(market)
            update = BookUpdate(market, book.number)
            for event in events:
                (update.bids if event.side == "buy" else update.asks)[event.price] = event.amount
            return update
        update = BookUpdate(market, book.number + 1)
        for event in events:
            side, before = (update.bids, book.bids) if event.side == "buy" else (update.asks, book.asks)
            if before.get(event.price, Decimal(0)) != event.amount:
                side[event.price] = before[event.price] = event.amount
                if not event.amount:
                    del before[event.price]
        if update.bids or update.asks:
            book.number = update.number
        return update
