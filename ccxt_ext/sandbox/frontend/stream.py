"""What the streams of the frontends share: one connection as a venue sees it, and the engine's news for it.

Like _http, this does no input or output: a stream is given what came in, and talks into a wire.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

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

if TYPE_CHECKING:
    from ccxt_ext.sandbox.frontend.http import BaseFrontend, Request


INTERNAL_ERROR = 1011


class Wire(Protocol):
    """What a stream talks into. Neither call waits, and after the end both do nothing."""

    def send(self, text: str, *, sequenced: bool = False) -> None:
        """`sequenced` frames carry a number by which the client notices that one is missing."""

    def close(self, code: int = 1000, reason: str = "") -> None:
        """End the connection, once what was sent before has left."""


class Stream:
    """One connection, as the venue sees it. `closed` is called once, however it ends."""

    def __init__(self, frontend: BaseFrontend, request: Request, wire: Wire) -> None:
        self.frontend = frontend
        self.request = request
        self.wire = wire
        self._ends: list[Callable[[], None]] = []

    def opened(self) -> None:
        """The client can be talked to."""

    def received(self, text: str) -> None:
        """The client sent a message."""

    def closed(self) -> None:
        """Nobody is there any more."""
        while self._ends:
            self._ends.pop()()

    def tick(self) -> None:
        """Called some twenty times a second, for what a venue does by itself; time is the frontend's."""

    def listen(self, listener: Callable[[News], None]) -> None:
        """Have `listener` called with the engine's news until the end, which its failure brings about."""

        def careful(news: News) -> None:
            try:
                listener(news)
            except Exception:
                self.wire.close(INTERNAL_ERROR)
                raise

        self._ends.append(self.frontend.feed.listen(careful))

    def send(self, obj: Any, *, sequenced: bool = False) -> None:
        self.wire.send(json.dumps(obj, separators=(",", ":")), sequenced=sequenced)


@dataclass
class BookUpdate:
    """What changed in a market's book: the amount that now stands at a price, zero where nothing does."""

    market: str
    number: int  # one more than that of the update before
    bids: dict[Decimal, Decimal] = field(default_factory=dict)
    asks: dict[Decimal, Decimal] = field(default_factory=dict)


@dataclass
class News:
    """All that one operation of the engine changed."""

    books: dict[str, BookUpdate] = field(default_factory=dict)
    trades: dict[str, list[Trade]] = field(default_factory=dict)  # oldest first
    orders: list[OrderEvent] = field(default_factory=list)
    balances: list[BalanceEvent] = field(default_factory=list)
    positions: list[PositionEvent] = field(default_factory=list)
    flow: list[EntryEvent | ExitEvent] = field(default_factory=list)  # everybody's orders, oldest first


@dataclass
class _Known:
    """A book as it was told, and the number of what was told last."""

    number: int
    bids: dict[Decimal, Decimal]
    asks: dict[Decimal, Decimal]


class Feed:
    """Hands the engine's news to the streams, and numbers the changes of each book.

    The engine is listened to only while there are streams that listen, or once a number has been told.
    """

    FIRST_NUMBER = 1

    report: Callable[[str], None] | None = None
    """Is told when a listener fails, who then hears no more; without it the failure is raised."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._listeners: list[Callable[[News], None]] = []
        self._books: dict[str, _Known] = {}
        self._told = False
        self._end: Callable[[], None] | None = None

    def listen(self, listener: Callable[[News], None]) -> Callable[[], None]:
        """Call `listener` after each operation of the engine. Returns what ends that."""
        self._listeners.append(listener)
        self._attend()

        def end() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)
            self._attend()

        return end

    def number(self, market: str) -> int:
        """The number of the latest update of a market's book: the book as it stands now has it."""
        known = self._books.get(market) or self._know(market)
        self._told = True
        self._attend()
        return known.number

    def _know(self, market: str) -> _Known:
        bids, asks = self._engine.markets[market].book()
        known = self._books[market] = _Known(
            self.FIRST_NUMBER,
            {level.price: level.amount for level in bids},
            {level.price: level.amount for level in asks},
        )
        return known

    def _attend(self) -> None:
        needed = self._told or bool(self._listeners)
        if needed and self._end is None:
            self._end = self._engine.subscribe_batches(self._hear)
        elif not needed and self._end is not None:
            self._end()
            self._end = None
            self._books.clear()

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
        for market, told in changes.items():
            update = self._update(market, told)
            if update.bids or update.asks:
                news.books[market] = update
        for listener in self._listeners.copy():
            try:
                listener(news)
            except Exception:
                if self.report is None:
                    raise
                self._listeners.remove(listener)
                self.report("the news of a stream")

    def _update(self, market: str, events: list[BookEvent]) -> BookUpdate:
        """The levels that differ from what was told before: an order may come and go in one operation."""
        known = self._books.get(market)
        if known is None:
            known = self._know(market)
            update = BookUpdate(market, known.number)
            for event in events:
                (update.bids if event.side == "buy" else update.asks)[event.price] = event.amount
            return update
        update = BookUpdate(market, known.number + 1)
        for event in events:
            side, before = (update.bids, known.bids) if event.side == "buy" else (update.asks, known.asks)
            if before.get(event.price, Decimal(0)) != event.amount:
                side[event.price] = before[event.price] = event.amount
                if not event.amount:
                    del before[event.price]
        if update.bids or update.asks:
            known.number = update.number
        return update
