"""BitexAsia's books, whose changes have numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from heapq import nlargest, nsmallest

from ccxt_ext.sandbox.frontend import BookUpdate, Feed, News, decimal_text
from ccxt_ext.sandbox.frontend.engine import Engine, Market
from ccxt_ext.sandbox.frontends.bitexasia.listings import Listing
from ccxt_ext.sandbox.frontends.bitexasia.rows import level_row

DEPTH = 100

Rows = list[list[str]]
Amounts = dict[Decimal, Decimal]
"""By price."""

ZERO = Decimal(0)


class Book:
    """A pair's book after its latest change, with a number that grows with each change of its best levels."""

    def __init__(self, market: Market, decimals: int) -> None:
        self.market = market
        self.decimals = decimals
        self.sequence = market.seq
        self._bids, self._asks = ({level.price: level.amount for level in side} for side in market.book())

    def rows(self) -> dict[str, Rows]:
        bids, asks = self.market.book(DEPTH)
        return {
            "bids": [level_row(level, self.decimals) for level in bids],
            "asks": [level_row(level, self.decimals) for level in asks],
        }

    def follow(self, update: BookUpdate) -> dict[str, Rows] | None:
        """The changes of the best levels by this update; None if there are none."""
        bids = changes_of_best(self._bids, update.bids, nlargest)
        asks = changes_of_best(self._asks, update.asks, nsmallest)
        if not bids and not asks:
            return None
        self.sequence += 1
        # Bids from the best downwards, asks from the best upwards.
        return {
            "bids": self._texts(sorted(bids.items(), reverse=True)),
            "asks": self._texts(sorted(asks.items())),
        }

    def _texts(self, levels: Iterable[tuple[Decimal, Decimal]]) -> Rows:
        return [[decimal_text(price, self.decimals), decimal_text(amount)] for price, amount in levels]


def changes_of_best(side: Amounts, update: Amounts, best: Callable[[int, Amounts], list[Decimal]]) -> Amounts:
    """Bring a side up to date. Returns which amounts of its best levels are others, or none, now."""
    changed = {price: amount for price, amount in update.items() if side.get(price, ZERO) != amount}
    # Only in a deep book, a change may push other levels out of the best, or let them in.
    is_deep = len(side) + len(changed) > DEPTH
    before = {price: side[price] for price in best(DEPTH, side)} if is_deep else {}
    for price, amount in changed.items():
        side[price] = amount
        if not amount:
            del side[price]
    if not is_deep:
        return changed
    after = {price: side[price] for price in best(DEPTH, side)}
    return {
        price: after.get(price, ZERO)
        for price in {**before, **after}
        if before.get(price) != after.get(price)
    }


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
            self._feed.listen(self._hear, books_only=True)

    def _hear(self, news: News) -> None:
        self.changes = {
            pair: changes
            for pair, update in news.books.items()
            if pair in self._books and (changes := self._books[pair].follow(update)) is not None
        }
