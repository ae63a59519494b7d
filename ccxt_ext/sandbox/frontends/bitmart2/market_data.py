"""BitMart's public calls: the time, what is listed, tickers, candles, books and trades."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ccxt_ext.sandbox.frontend import BookRows, Json, Refusal, Request, VenueClock, as_json
from ccxt_ext.sandbox.frontend.engine import Market
from ccxt_ext.sandbox.frontends.bitmart2.listings import STEPS_MIN, Listing
from ccxt_ext.sandbox.frontends.bitmart2.parameters import integer, market_named
from ccxt_ext.sandbox.frontends.bitmart2.rows import (
    book_rows,
    candle_row,
    public_trade_row,
    symbol_row,
    ticker_row,
)

PUBLIC_TRADES = 100


class MarketData:
    def __init__(
        self,
        clock: VenueClock,
        markets: Mapping[str, Market],
        listings: Mapping[str, Listing],
        currencies: Mapping[str, str],
    ) -> None:
        """`currencies` has their names by code. The mappings grow as markets are listed."""
        self._clock = clock
        self._markets = markets
        self._listings = listings
        self._currencies = currencies
        self._books: BookRows[Json] = BookRows()

    def ping(self, request: Request) -> Any:
        return {}

    def time(self, request: Request) -> Any:
        return {"server_time": self._clock.now()}

    def steps(self, request: Request) -> Any:
        return list(STEPS_MIN)

    def currencies(self, request: Request) -> Any:
        listed = {
            code for each in self._listings.values() if each.expiration == "NA" for code in each.currencies
        }
        return [
            {"id": code, "name": name, "withdraw_enabled": True, "deposit_enabled": code in listed}
            for code, name in self._currencies.items()
        ]

    def symbols(self, request: Request) -> Any:
        return list(self._listings)

    def symbols_details(self, request: Request) -> Any:
        return [symbol_row(listing) for listing in self._listings.values()]

    def ticker(self, request: Request) -> Any:
        symbol = request.query.get("symbol")
        if symbol is not None:
            return ticker_row(market_named(self._markets, symbol))
        return [ticker_row(market) for market in self._markets.values()]

    def candles(self, request: Request, symbol: str) -> Any:
        step = integer(request, "step", 1)
        start = integer(request, "from", kind="Long")
        end = integer(request, "to", kind="Long")
        market = market_named(self._markets, symbol)
        if step not in STEPS_MIN:
            raise Refusal(400, "Invalid step")
        end = min(end, self._clock.engine_clock.now())
        return [
            candle_row(candle, market.spec)
            for candle in market.candles(step * 60_000, max(start, 0), end)
            if start <= candle.timestamp <= end
        ]

    def order_book(self, request: Request, symbol: str) -> Any:
        market = market_named(self._markets, symbol)
        listing = self._listings[symbol]
        precision = integer(request, "precision", listing.price_max_precision)
        if not listing.price_min_precision <= precision <= listing.price_max_precision:
            raise Refusal(400, "Invalid precision")
        return self._books.of(market, precision, lambda: as_json(book_rows(market, precision)))

    def trades(self, request: Request, symbol: str) -> Any:
        market = market_named(self._markets, symbol)
        return [public_trade_row(trade, market.spec) for trade in market.trades(PUBLIC_TRADES)]
