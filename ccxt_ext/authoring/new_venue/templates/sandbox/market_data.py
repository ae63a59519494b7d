"""The calls of Acme Exchange that are open to everyone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ccxt_ext.sandbox.frontend import Feed, Request, VenueClock
from ccxt_ext.sandbox.frontend.engine import Market

from .listings import Listing
from .parameters import whole
from .refusals import bad_request, no_market
from .rows import candle_row, level_row, market_row, ticker_row, trade_row

INTERVALS = {
    "1m": 60_000,
    "5m": 300_000,
    "15m": 900_000,
    "1h": 3_600_000,
    "4h": 14_400_000,
    "1d": 86_400_000,
}
DEPTH, MOST_LEVELS, MOST_TRADES, MOST_CANDLES = 100, 200, 500, 500


class MarketData:
    def __init__(
        self, clock: VenueClock, markets: Mapping[str, Market], listings: Mapping[str, Listing], feed: Feed
    ) -> None:
        """The mappings grow as markets are listed."""
        self._clock = clock
        self._markets = markets
        self._listings = listings
        self._feed = feed

    def _market(self, id: str) -> Market:
        if id not in self._markets:
            raise no_market()
        return self._markets[id]

    def time(self, request: Request) -> Any:
        return {"time": self._clock.now()}

    def markets(self, request: Request) -> Any:
        return {"markets": [market_row(listing) for listing in self._listings.values()]}

    def ticker(self, request: Request, market: str) -> Any:
        return ticker_row(self._market(market), self._clock.now())

    def book(self, request: Request, market: str) -> Any:
        bids, asks = self._market(market).book(whole(request, "depth", DEPTH, MOST_LEVELS))
        return {
            "market": market,
            "sequence": self._feed.number(market),
            "time": self._clock.now(),
            "bids": [level_row(level) for level in bids],
            "asks": [level_row(level) for level in asks],
        }

    def trades(self, request: Request, market: str) -> Any:
        limit = whole(request, "limit", 100, MOST_TRADES)
        return {"trades": [trade_row(trade) for trade in self._market(market).trades(limit)]}

    def candles(self, request: Request, market: str) -> Any:
        found = self._market(market)
        step = INTERVALS.get(request.query.get("interval", ""))
        if step is None:
            raise bad_request(f"interval must be one of {', '.join(INTERVALS)}")
        limit = whole(request, "limit", 100, MOST_CANDLES)
        now = self._clock.engine_clock.now()
        end = min(whole(request, "end", now), now)
        if "start" in request.query:
            start = whole(request, "start", 0)
            rows = found.candles(step, start, min(end, start + limit * step))[:limit]
        else:
            rows = found.candles(step, max(end - limit * step, 0), end)[-limit:]
        return {"market": market, "candles": [candle_row(candle) for candle in rows]}
