"""Calls that need no key: time, markets, tickers, books, trades, candles, funding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import groupby, islice
from typing import Any

from ccxt_ext.sandbox.frontend import BookRows, VenueClock
from ccxt_ext.sandbox.frontend.engine import Candle, Engine, Market, add, multiply
from ccxt_ext.sandbox.frontends.simulated.listings import Listing
from ccxt_ext.sandbox.frontends.simulated.parameters import Arguments, integer, text, texts
from ccxt_ext.sandbox.frontends.simulated.refusals import Declined, bad_request, unknown_market
from ccxt_ext.sandbox.frontends.simulated.rows import (
    candle_row,
    funding_row,
    levels,
    market_row,
    ticker_row,
    trade_row,
    written,
)

MINUTE_MS = 60_000
DAY_MS = 24 * 60 * MINUTE_MS
MOST_CANDLES, SOME_CANDLES = 1500, 500
MOST_TRADES, SOME_TRADES = 1000, 100
MOST_RATES, SOME_RATES = 1000, 100
STEPS = (3, 5, 15, 30, 60, 120, 240, 360, 480, 720)
HORIZONS = (
    (MINUTE_MS, 500),
    *((minutes * MINUTE_MS, 300) for minutes in STEPS),
    (DAY_MS, 400),
    (7 * DAY_MS, 100),
)


class MarketData:
    """What anybody can ask."""

    def __init__(self, engine: Engine, listings: Mapping[str, Listing], clock: VenueClock) -> None:
        self._engine = engine
        self._listings = listings
        self._clock = clock
        self._books: BookRows[Any] = BookRows()

    def market(self, arguments: Arguments) -> Market:
        symbol = text(arguments, "symbol")
        if symbol not in self._engine.markets:
            raise unknown_market(symbol)
        return self._engine.markets[symbol]

    def contract(self, arguments: Arguments) -> Market:
        market = self.market(arguments)
        if not market.spec.is_contract:
            raise Declined("no_contract", f"{market.spec.id} is a spot market")
        return market

    def _chosen(self, arguments: Arguments) -> list[Market]:
        symbols = texts(arguments, "symbols")
        if symbols is None:
            return list(self._engine.markets.values())
        return [self.market({"symbol": symbol}) for symbol in symbols]

    def time(self, arguments: Arguments) -> Any:
        return self._clock.now()

    def markets(self, arguments: Arguments) -> Any:
        return [market_row(self._listings[id], market) for id, market in self._engine.markets.items()]

    def currencies(self, arguments: Arguments) -> Any:
        named = [each for listing in self._listings.values() for each in listing.currencies]
        return list(dict.fromkeys([*self._engine.currencies, *named]))

    def tickers(self, arguments: Arguments) -> Any:
        self._engine.catch_up()
        now = self._clock.now()
        return [ticker_row(market, now) for market in self._chosen(arguments)]

    def ticker(self, arguments: Arguments) -> Any:
        self._engine.catch_up()
        return ticker_row(self.market(arguments), self._clock.now())

    def books(self, arguments: Arguments) -> Any:
        depth = integer(arguments, "limit")
        return [self._book(market, depth) for market in self._chosen(arguments)]

    def book(self, arguments: Arguments) -> Any:
        return self._book(self.market(arguments), integer(arguments, "limit"))

    def _book(self, market: Market, depth: int | None) -> Any:
        def sides() -> dict[str, Any]:
            bids, asks = market.book(depth or None)
            return {"bids": levels(bids), "asks": levels(asks)}

        head = {"symbol": market.spec.id, "timestamp": self._clock.now()}
        return {**head, **self._books.of(market, depth or 0, sides)}

    def trades(self, arguments: Arguments) -> Any:
        market, since = self.market(arguments), integer(arguments, "since")
        limit = min(integer(arguments, "limit") or SOME_TRADES, MOST_TRADES)
        if since is None:
            return [trade_row(trade) for trade in market.trades(limit)[::-1]]
        later = (trade for trade in market.each_trade(newest_first=False) if trade.timestamp >= since)
        return [trade_row(trade) for trade in islice(later, limit)]

    def candles(self, arguments: Arguments) -> Any:
        market, step = self.market(arguments), integer(arguments, "step") or MINUTE_MS
        limit = min(integer(arguments, "limit") or SOME_CANDLES, MOST_CANDLES)
        since, now = integer(arguments, "since"), self._clock.engine_clock.now()
        until = min(integer(arguments, "until") or now, now)
        if step < MINUTE_MS:
            found = list(_short_candles(market, step, -1 if since is None else since, until))
            found = found[-limit:] if since is None else found[:limit]
        elif step % MINUTE_MS:
            raise bad_request("candles last a number of minutes, or less than one")
        elif since is None:
            found = market.candles(step, max(0, until - (limit + 1) * step), until)[-limit:]
        else:
            found = market.candles(step, since, until)[:limit]
        return [candle_row(candle) for candle in found]

    def funding_rates(self, arguments: Arguments) -> Any:
        now = self._clock.now()
        wanted = "symbols" in arguments
        markets = [each for each in self._chosen(arguments) if each.next_funding_time is not None or wanted]
        return [funding_row(market, now) for market in markets]

    def funding_rate(self, arguments: Arguments) -> Any:
        return funding_row(self.contract(arguments), self._clock.now())

    def funding_rate_history(self, arguments: Arguments) -> Any:
        market, since = self.contract(arguments), integer(arguments, "since") or 0
        limit = min(integer(arguments, "limit") or SOME_RATES, MOST_RATES)
        rates = [(at, rate) for at, rate in market.past_funding_rates(MOST_RATES) if at >= since][::-1]
        chosen = rates[:limit] if since else rates[-limit:]
        return [
            {"symbol": market.spec.id, "timestamp": at, "fundingRate": written(rate)} for at, rate in chosen
        ]

    def open_interest(self, arguments: Arguments) -> Any:
        market = self.contract(arguments)
        return {
            "symbol": market.spec.id,
            "timestamp": self._clock.now(),
            "openInterestAmount": written(market.open_interest),
        }


def _short_candles(market: Market, step: int, since: int, until: int) -> Iterator[Candle]:
    """Candles of less than a minute, of the trades that are kept."""
    spec = market.spec
    trades = (each for each in market.each_trade(newest_first=False) if since <= each.timestamp)
    for start, group in groupby(trades, lambda trade: trade.timestamp // step * step):
        if not since <= start <= until:
            continue
        of = list(group)
        prices = [trade.price for trade in of]
        volume = quote = Decimal(0)
        for trade in of:
            volume = add(volume, trade.amount)
            quote = add(quote, multiply(multiply(trade.price, trade.amount), spec.contract_size))
        yield Candle(start, prices[0], max(prices), min(prices), prices[-1], volume, quote, len(of))
