"""BitMax's channels: for each, the engine's news are written once, and sent to all who are in it."""

from __future__ import annotations

from collections.abc import Callable

from ccxt_ext.sandbox.frontend import INTERNAL_ERROR, Feed, Keys, News, VenueClock, Wire
from ccxt_ext.sandbox.frontend.engine import Engine
from ccxt_ext.sandbox.frontends.bitmaxfutures.holdings import Holdings
from ccxt_ext.sandbox.frontends.bitmaxfutures.keys import Key
from ccxt_ext.sandbox.frontends.bitmaxfutures.news_queue import NewsQueue
from ccxt_ext.sandbox.frontends.bitmaxfutures.orders import Orders
from ccxt_ext.sandbox.frontends.bitmaxfutures.stream.account_channels import AccountChannels
from ccxt_ext.sandbox.frontends.bitmaxfutures.stream.market_channels import MarketChannels
from ccxt_ext.sandbox.frontends.bitmaxfutures.stream.rooms import ACCOUNT, OF_BOOKS, Channel, Rooms


class Channels:
    """Listens to the feed while anybody is in a channel. If books are throttled, it goes on listening once it
    has numbered one."""

    def __init__(
        self,
        engine: Engine,
        clock: VenueClock,
        feed: Feed,
        keys: Keys[Key],
        orders: Orders,
        holdings: Holdings,
        news: NewsQueue,
        *,
        throttled: bool,
    ) -> None:
        """`throttled`: whether the `depth` channel tells of changes as seldom as at the venue."""
        self._feed = feed
        self._news = news
        self._rooms = Rooms()
        self.markets = MarketChannels(engine, clock, feed, self._rooms, throttled=throttled)
        self.accounts = AccountChannels(engine, clock, keys, orders, holdings, self._rooms)
        self._unlisten: Callable[[], None] | None = None
        news.deliver_to(self._tell)

    def join(self, wire: Wire, channel: Channel) -> None:
        if channel.name == ACCOUNT:
            self.accounts.prepare(channel.subject)
        elif channel.name in OF_BOOKS:
            self._feed.number(channel.subject)  # from here on it knows what is new
        self._rooms.enter(wire, channel)
        self._attend()
        self.markets.welcome(wire, channel)

    def leave(self, wire: Wire, channel: Channel) -> None:
        self._rooms.leave(wire, channel)
        self._attend()

    def _attend(self) -> None:
        needed = bool(self._rooms or self.markets.has_numbered)
        if needed and self._unlisten is None:
            self._unlisten = self._feed.listen(self._news.put)
        elif not needed and self._unlisten is not None:
            self._unlisten()
            self._unlisten = None

    def number(self, symbol: str) -> int:
        """The number of a book as it stands, for those who go on with the `depth` channel."""
        number = self.markets.number(symbol)
        self._attend()
        return number

    def tick(self) -> None:
        self.markets.tick()

    def _tell(self, news: News) -> None:
        try:
            self.markets.tell(news)
            self.accounts.tell(news)
        except Exception:  # our own mistake: clients that miss news because of it must not go on waiting
            self._rooms.close(INTERNAL_ERROR)
            raise
