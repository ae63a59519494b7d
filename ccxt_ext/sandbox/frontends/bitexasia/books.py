"""BitexAsia's books, whose changes have numbers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from ccxt_ext.sandbox.frontend import Feed, News, decimal_text
from ccxt_ext.sandbox.frontend.engine import Engine, Level, Market
from ccxt_ext.sandbox.frontends.bitexasia.listings import Listing
from ccxt_ext.sandbox.frontends.bitexasia.rows import level_row

DEPTH = 100

Rows = list[list[str]]


class Book:
    """A pair's best levels at the last look, with a number that grows with each change."""

    def __init__(self, market: Market, decimals: int) -> None:
        self.market = market
        self.decimals = decimals
        self.sequence = market.seq
        self.bids, self.asks = market.book(DEPTH)

    def rows(self) -> dict[str, Rows]:
        return {
            "bids": [level_row(level, self.decimals) for level in self.bids],
            "asks": [level_row(level, self.decimals) for level in self.asks],
        }

    def catch_up(self) -> dict[str, Rows] | None:
        """The changes since the last look; None if there are none."""
        bids, asks = self.market.book(DEPTH)
        # Bids from the best downwards, asks from the best upwards.
        changes = {"bids": self._changes(self.bids, bids)[::-1], "asks": self._changes(self.asks, asks)}
        self.bids, self.asks = bids, asks
        if not changes["bids"] and not changes["asks"]:
            return None
        self.sequence += 1
        return changes

    def _changes(self, before: list[Level], after: list[Level]) -> Rows:
        if before == after:
            return []
        same = 0
        for old, new in zip(before, after, strict=False):
            if old is not new:
                break
            same += 1
        before, after = before[same:], after[same:]
        while before and after and before[-1] is after[-1]:
            before.pop()
            after.pop()
        amounts = {level.price: level.amount for level in after}
        known = {level.price: level.amount for level in before}
        prices = sorted(price for price in {*known, *amounts} if known.get(price) != amounts.get(price))
        zero = Decimal(0)
        return [
            [decimal_text(price, self.decimals), decimal_text(amounts.get(price, zero))] for price in prices
        ]


class NumberedBooks:
    """The books that somebody has asked for. From then on, their changes are numbered for all clients."""

    def __init__(self, engine: Engine, listings: Mapping[str, Listing], feed: Feed) -> None:
        self._engine = engine
        self._listings = listings
        self._feed = feed
        self._attends = False
        self._books: dict[str, Book] = {}
        self.changes: dict[str, dict[str, Rows]] = {}
        """The changes by the engine's latest operation, by pair."""

    def __getitem__(self, pair: str) -> Book:
        self.attend()
        if pair not in self._books:
            self._books[pair] = Book(self._engine.markets[pair], self._listings[pair].decimals)
        return self._books[pair]

    def relisted(self, pair: str) -> None:
        """The pair's prices may have another number of decimals now."""
        if pair in self._books:
            self._books[pair].decimals = self._listings[pair].decimals

    def attend(self) -> None:
        """Begin to listen to the news. Streams listen later, are called later, and find changes here."""
        if not self._attends:
            self._attends = True
            self._feed.listen(self._hear)

    def _hear(self, news: News) -> None:
        self.changes = {
            pair: changes
            for pair in news.books
            if pair in self._books and (changes := self._books[pair].catch_up()) is not None
        }
