"""BitMax's channels: the engine's news, put into each channel's words once and sent to all who are in it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ccxt_ext.sandbox.engine import Order, OrderEvent
from ccxt_ext.sandbox.frontend import INTERNAL_ERROR, News, Wire
from ccxt_ext.sandbox.frontends.bitmaxfutures.stream.account_channels import AccountChannels
from ccxt_ext.sandbox.frontends.bitmaxfutures.stream.market_channels import MarketChannels
from ccxt_ext.sandbox.frontends.bitmaxfutures.stream.rooms import ACCOUNT, OF_BOOKS, Channel, Rooms

if TYPE_CHECKING:
    from ccxt_ext.sandbox.frontends.bitmaxfutures.frontend import Frontend


class Channels:
    """Listens while somebody is in a channel; where books are throttled, always, once one was numbered."""

    def __init__(self, frontend: Frontend) -> None:
        self.frontend = frontend
        self.rooms = Rooms()
        self.markets = MarketChannels(frontend, self.rooms)
        self.accounts = AccountChannels(frontend, self.rooms)
        self._unlisten: Callable[[], None] | None = None
        self._news: deque[News] = deque()
        self._waits = 0

    # who is where

    def join(self, wire: Wire, channel: Channel) -> None:
        if channel.name == ACCOUNT:
            self.accounts.prepare(channel.subject)
        elif channel.name in OF_BOOKS:
            self.frontend.feed.number(channel.subject)  # from here on it knows what is new
        self.rooms.enter(wire, channel)
        self._attend()
        self.markets.welcome(wire, channel)

    def leave(self, wire: Wire, channel: Channel) -> None:
        self.rooms.leave(wire, channel)
        self._attend()

    def _attend(self) -> None:
        needed = bool(self.rooms or self.markets.batches)
        if needed and self._unlisten is None:
            self._unlisten = self.frontend.feed.listen(self._hear)
        elif not needed and self._unlisten is not None:
            self._unlisten()
            self._unlisten = None

    def number(self, symbol: str) -> int:
        """Of the latest update that the `depth` channel has told of, or would have."""
        number = self.markets.number(symbol)
        self._attend()
        return number

    # what happens

    def tick(self) -> None:
        self.markets.tick()

    def rejected(self, order: Order) -> None:
        """The engine knows nothing of an order that the venue rejects."""
        self._hear(News(orders=[OrderEvent(order)]))

    @contextmanager
    def later(self) -> Iterator[None]:
        """What happens meanwhile is told afterwards: orders get their ids first, requests their answers."""
        self._waits += 1
        try:
            yield
        finally:
            self._waits -= 1
            self._tell()

    def _hear(self, news: News) -> None:
        self._news.append(news)
        self._tell()

    def _tell(self) -> None:
        while self._news and not self._waits:
            news = self._news.popleft()
            try:
                self.markets.tell(news)
                self.accounts.tell(news)
            except Exception:  # a mistake of ours: who has missed something must not wait for it
                self.rooms.close(INTERNAL_ERROR)
                raise
