"""The calls of Acme Exchange that are open to everyone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ccxt_ext.sandbox.frontend import Feed, Request, VenueClock
from ccxt_ext.sandbox.frontend.engine import Market

from .listings import Listing
from .parameters import whole
from .refusals import bad_request, no_pair
from .rows import candle_row, level_row, pair_row, ticker_row, trade_row

MINUTES = (1, 5, 15, 60, 240, 1440)
DEPTH, MOST_LEVELS, MOST_TRADES, MOST_CANDLES = 100, 200, 200, 500


class MarketData:
    def __init__(
        self, clock: VenueClock, markets: Mapping[str, Market], listings: Mapping[str, Listing], feed: Feed
    ) -> None:
        """The mappings grow as markets are listed."""
        self._clock = clock
        self._markets = markets
        self._listings = listings
        self._feed = feed

    def _market(self, request: Request) -> Market:
        pair = request.query.get("pair", "")
        if pair not in self._markets:
            raise no_pair()
        return self._markets[pair]

    def now(self, request: Request) -> Any:
        return {"now": self._clock.now()}

    def pairs(self, request: Request) -> Any:
        return [pair_row(listing) for listing in self._listings.values()]

    def ticker(self, request: Request) -> Any:
        return ticker_row(self._market(request), self._clock.now())

    def depth(self, request: Request) -> Any:
        market = self._market(request)
        bids, asks = market.book(whole(request, "levels", DEPTH, MOST_LEVELS))
        return {
            "pair": market.spec.id,
            "number": self._feed.number(market.spec.id),
            "time": self._clock.now(),
            "bids": [level_row(level.price, level.amount) for level in bids],
            "asks": [level_row(level.price, level.amount) for level in asks],
        }

    def trades(self, request: Request) -> Any:
        market = self._market(request)
        return [trade_row(trade) for trade in market.trades(whole(request, "limit", 100, MOST_TRADES))]

    def candles(self, request: Request) -> Any:
        market = self._market(request)
        minutes = whole(request, "minutes", 0)
        if minutes not in MINUTES:
            raise bad_request(f"minutes must be one of {', '.join(map(str, MINUTES))}")
        step, limit = minutes * 60_000, whole(request, "limit", 100, MOST_CANDLES)
        now = self._clock.engine_clock.now()
        end = min(whole(request, "to", now), now)
        if "from" in request.query:
            start = whole(request, "from", 0)
            rows = market.candles(step, start, min(end, start + limit * step))[:limit]
        else:
            rows = market.candles(step, max(end - limit * step, 0), end)[-limit:]
        return [candle_row(candle) for candle in rows]
