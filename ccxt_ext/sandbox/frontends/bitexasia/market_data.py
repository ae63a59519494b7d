"""BitexAsia's calls that are open to everyone."""

from __future__ import annotations

from collections.abc import Mapping

from ccxt_ext.sandbox.frontend import BookRows, Json, Request, Response, VenueClock, as_json, json_response
from ccxt_ext.sandbox.frontend.engine import Market
from ccxt_ext.sandbox.frontends.bitexasia.books import NumberedBooks
from ccxt_ext.sandbox.frontends.bitexasia.listings import Listing
from ccxt_ext.sandbox.frontends.bitexasia.refusals import invalid_request, no_pair
from ccxt_ext.sandbox.frontends.bitexasia.rows import level_row, ticker_row

DEPTH, DEEP = 100, 1000


class MarketData:
    def __init__(
        self,
        clock: VenueClock,
        markets: Mapping[str, Market],
        listings: Mapping[str, Listing],
        books: NumberedBooks,
    ) -> None:
        self._clock = clock
        self._markets = markets
        self._listings = listings
        self._books = books
        self._rows: BookRows[dict[str, Json]] = BookRows()

    def _market(self, pair: str) -> Market:
        market = self._markets.get(pair)
        if market is None:
            raise no_pair()
        return market

    def markets(self, request: Request) -> Response:
        return json_response({"markets": [listing.describe() for listing in self._listings.values()]})

    def ticker(self, request: Request, pair: str) -> Response:
        return json_response(ticker_row(self._market(pair), self._listings[pair], self._clock.now()))

    def orderbook(self, request: Request, pair: str) -> Response:
        depth = request.query.get("depth", str(DEPTH))
        if depth not in (str(DEPTH), str(DEEP)):
            raise invalid_request(f"depth must be {DEPTH} or {DEEP}")
        market = self._market(pair)
        rows = self._rows.of(market, int(depth), lambda: self._level_rows(market, pair, int(depth)))
        state = {"pair": pair, "sequence": self._books[pair].sequence, "timestamp": self._clock.now()}
        return json_response(as_json(state, **rows))

    def _level_rows(self, market: Market, pair: str, depth: int) -> dict[str, Json]:
        bids, asks = market.book(depth)
        decimals = self._listings[pair].decimals
        return {
            "bids": as_json([level_row(level, decimals) for level in bids]),
            "asks": as_json([level_row(level, decimals) for level in asks]),
        }
