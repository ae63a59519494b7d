"""The small venue's streams: a numbered book; all else is polled."""

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.streams.addresses import Topic
from ccxt_ext.venue.streams.books import NumberedBook
from ccxt_ext.venue.streams.connection import Connection
from ccxt_ext.venue.streams.feed import Feed, Route
from ccxt_ext.venue.streams.streaming import Streaming
from ccxt_ext.venue.streams.subjects import Subject, subject_of
from small import rest


class SmallFeed(Feed):
    native = frozenset(("watchOrderBook", "watchOrderBookForSymbols"))

    def __init__(self, exchange):
        super().__init__(exchange)
        self.books = {}

    def topic(self, subject: Subject, params):
        return self.exchange.urls["api"]["ws"], Topic(self.exchange.market(subject.symbol)["id"])

    def subscribing(self, topics):
        return [{"op": "follow", "pair": topic.key} for topic in topics]

    def unsubscribing(self, topics):
        return [{"op": "leave", "pair": topic.key} for topic in topics]

    def forget(self, connection: Connection, topics):
        for topic in topics:
            self.books.pop(topic.key, None)

    def route(self, connection: Connection, frame) -> Route | None:
        frame = reading.record(self.exchange, frame)
        if frame.get("pair") not in connection.address.followed:
            return None
        subject = subject_of("orderbook", self.exchange.market(frame["pair"])["symbol"])
        return [subject], lambda connection, frame: self.take(connection, frame, subject)

    def take(self, connection: Connection, frame, subject: Subject):
        pair, number, at = frame["pair"], frame["number"], frame["at"]
        if frame["kind"] == "whole":
            self.books[pair] = NumberedBook(subject.symbol)
            changed = self.books[pair].snapshot(number, frame["bids"], frame["asks"], at)
            self.exchange.orderbooks[subject.symbol] = changed
        else:
            book = self.books.get(pair)
            changed = None if book is None else book.change(number, frame["bids"], frame["asks"], at)
        if changed is not None:
            connection.resolve(changed, subject)


class small(Streaming, rest.small, feed=SmallFeed):
    pass
