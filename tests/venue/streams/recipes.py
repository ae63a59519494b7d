"""The feed of docs/venue-streams.md: a login, books whose snapshot is fetched, and own orders."""

import asyncio

from ccxt.base.errors import AuthenticationError

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.streams.addresses import Topic
from ccxt_ext.venue.streams.feed import Feed
from ccxt_ext.venue.streams.fetched_books import FetchedBooks, Snapshot
from ccxt_ext.venue.streams.own_orders import missed_orders, tell_orders
from ccxt_ext.venue.streams.streaming import Streaming
from ccxt_ext.venue.streams.subjects import subject_of
from tests.venue.streams.toy_streams import Toy

# What comes behind a # is not sent: it makes this another address of the same socket, with a connection of
# its own.
OWN = "#own"
LOGIN = "login"


class RecipeFeed(Feed):
    native = frozenset(("watchOrderBook", "watchOrderBookForSymbols", "watchOrders"))

    def __init__(self, exchange):
        super().__init__(exchange)
        self.books = FetchedBooks(self, self.fetch_snapshot)

    def topic(self, subject, params):
        url = self.exchange.urls["api"]["ws"]
        if subject.kind == "orders":
            return url + OWN, Topic("orders", "orders")
        return url, Topic(subject, self.exchange.market_id(subject.symbol))

    def subscribing(self, topics):
        return [{"sub": topic.channel} for topic in topics]

    def unsubscribing(self, topics):
        return [{"unsub": topic.channel} for topic in topics]

    async def prepare(self, connection):
        if connection.url.endswith(OWN):
            await self.tell(connection, lambda: {"login": "key"})
            patience = connection.timing["connectTimeout"] / 1000
            await asyncio.wait_for(connection.news([LOGIN]), patience)

    async def catch_up(self, connection):
        if connection.url.endswith(OWN):
            tell_orders(connection, "orders", await missed_orders(self.exchange))

    def forget(self, connection, topics):
        self.books.forget(topic.key.symbol for topic in topics if topic.key != "orders")

    def route(self, connection, frame):
        message = reading.record(self.exchange, frame)
        if "login" in message:
            return [LOGIN], self.take_login
        if "orders" in message:
            return connection.address.users_of("orders"), self.take_orders
        subject = subject_of("orderbook", self.exchange.safe_symbol(message["on"]))
        if subject not in connection.address.followed:
            return None  # it was left a moment ago
        if "change" not in message:
            return [subject], lambda connection, _: self.books.begin(connection, subject)
        return [subject], lambda connection, message: self.books.change(
            connection, subject, message["change"], message["bids"], message["asks"], None
        )

    def take_login(self, connection, message):
        if message["login"] != "ok":
            raise AuthenticationError(f"{self.exchange.id} refused the login")
        connection.resolve(True, LOGIN)

    def take_orders(self, connection, message):
        tell_orders(connection, "orders", message["orders"])

    async def fetch_snapshot(self, symbol):
        return Snapshot(**await self.exchange.answer("snapshot", symbol))


class RecipeToy(Streaming, Toy, feed=RecipeFeed):
    pass
