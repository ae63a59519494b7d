"""Market data over BitMax's stream, order books apart."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from ccxt.base.errors import BadResponse, BaseError

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.streams.connection import Connection
from ccxt_ext.venue.streams.streaming import Route
from ccxt_ext.venue.streams.subjects import hash_of
from ccxt_ext.venues.bitmaxfutures.streams.books import Books
from ccxt_ext.venues.bitmaxfutures.streams.frames import BAR, BBO, CONTRACT, PRICES, TRADES, named

# How the best price of an empty side is told.
NO_ASK, NO_BID = 9_999_999, 0


class Markets(Books):
    daily: dict[str, Any]  # REST's tickers
    daily_wanted: set[str]
    blanks: dict[str, Any]
    daily_lock: asyncio.Lock | None

    # -- best prices --------------------------------------------------------------------------------

    def route_best(self, connection: Connection, frame: dict[str, Any]) -> Route | None:
        symbol = self.safe_symbol(reading.required(self, frame, "symbol"))
        hashes = self.users_of(connection, f"{BBO}:{frame['symbol']}")

        def take(connection: Connection, frame: Any) -> None:
            best = self.best_of(reading.record(self, frame.get("data")), frame)
            for hash in hashes:
                if hash.kind == "bidask":
                    self.bidsasks[symbol] = {**self.blank_ticker(symbol), **best}
                    connection.resolve(self.bidsasks[symbol], hash)
                else:
                    self.tickers[symbol] = {**self.daily_ticker(symbol), **best}
                    connection.resolve(self.tickers[symbol], hash)

        return hashes, take

    def best_of(self, data: Mapping[str, Any], frame: Any) -> dict[str, Any]:
        timestamp = reading.moment(self, data, "ts")
        found: dict[str, Any] = {
            "timestamp": timestamp,
            "datetime": self.iso8601(timestamp),
            "info": frame,
        }
        for side in ("bid", "ask"):
            if data.get(side) is None:
                raise BadResponse(f"{self.id} expected a {side} in {reading.excerpt(self, data)}")
            price, amount = (self.parse_number(text) for text in self.level_of(data, side))
            empty = price is None or (price <= NO_BID if side == "bid" else price >= NO_ASK)
            found[side] = None if empty else price
            found[f"{side}Volume"] = None if empty else amount
        return found

    def daily_ticker(self, symbol: str) -> dict[str, Any]:
        """What a day's trades came to, as REST tells it."""
        known = self.daily.get(symbol)
        return known if known is not None else self.blank_ticker(symbol)

    def blank_ticker(self, symbol: str) -> dict[str, Any]:
        """Made once, as ccxt takes longer for it than all else takes."""
        if symbol not in self.blanks:
            self.blanks[symbol] = self.safe_ticker({"symbol": symbol})
        return self.blanks[symbol]

    async def know_day(self, symbols: Sequence[str]) -> None:
        """Ask for the tickers that are not known, for all who want some at once."""
        self.daily_wanted.update(symbol for symbol in symbols if symbol not in self.daily)
        if self.daily_lock is None:
            self.daily_lock = asyncio.Lock()
        async with self.daily_lock:
            if any(symbol not in self.daily for symbol in symbols):
                await self.fetch_day(sorted(self.daily_wanted))
                self.daily_wanted.clear()

    async def fetch_day(self, symbols: Sequence[str]) -> None:
        if len(symbols) == 1:
            found = {symbols[0]: await self.fetch_ticker(symbols[0])}
        else:
            found = await self.fetch_tickers(list(symbols))
        # Of what REST does not tell, there is nothing to ask for again at once.
        self.daily.update({symbol: found.get(symbol) for symbol in symbols})

    def keep_day(self, connection: Connection) -> None:
        options = self.options["watchTicker"]
        if options["rest"] and options["refresh"]:
            self.run_once(connection, "tickers", lambda: self.refresh_day(connection))

    async def refresh_day(self, connection: Connection) -> None:
        """The best prices come by themselves; the rest is asked for again and again, while it is wanted."""
        while True:
            await asyncio.sleep(self.options["watchTicker"]["refresh"] / 1000)
            users = [
                user
                for wanted in self.followed.get(connection.url, {}).values()
                for user in wanted.users
                if user.kind == "ticker"
            ]
            if not users:
                return
            hashes = [user for user in users if connection.waiting.get(user)]
            if not hashes:
                continue
            symbols = [symbol for hash in hashes for symbol in hash.symbols]
            try:
                await self.fetch_day(symbols)
            except BaseError as error:
                if self.verbose:
                    self.log(f"tickers are not refreshed: {error}")
                continue
            for symbol, hash in zip(symbols, hashes, strict=True):
                now, best = self.daily_ticker(symbol), self.tickers.get(symbol)
                kept = {name: best[name] for name in BEST} if best is not None else {}
                if best is None or any(best[name] != now[name] for name in DAILY):
                    self.tickers[symbol] = {**now, **kept}
                    connection.resolve(self.tickers[symbol], hash)

    # -- trades and candles -------------------------------------------------------------------------

    def route_trades(self, connection: Connection, frame: dict[str, Any]) -> Route | None:
        market = self.safe_market(reading.required(self, frame, "symbol"))
        hash = hash_of("trades", market["symbol"])
        if f"{TRADES}:{frame['symbol']}" not in self.followed.get(connection.url, {}):
            return None

        def take(connection: Connection, frame: Any) -> None:
            cache = self.trades_of(market["symbol"])
            for trade in self.parse_trades(reading.rows(self, frame, "data"), market):
                cache.append(trade)
            connection.resolve(cache, hash)

        return [hash], take

    def route_bar(self, connection: Connection, frame: dict[str, Any]) -> Route | None:
        market = self.safe_market(reading.required(self, frame, "s"))
        interval = reading.required(self, reading.record(self, frame.get("data")), "i")
        if f"{BAR}:{interval}:{frame['s']}" not in self.followed.get(connection.url, {}):
            return None
        timeframe = self.find_timeframe(interval)
        hash = hash_of("ohlcv", market["symbol"], timeframe)

        def take(connection: Connection, frame: Any) -> None:
            cache = self.candles_of(market["symbol"], timeframe)
            candle = self.parse_ohlcv(frame, market)
            # Only the latest ones change.
            if not len(cache) or candle[0] >= cache[-1][0] or candle[0] in cache.hashmap:
                cache.append(candle)
                connection.resolve((market["symbol"], timeframe, cache), hash)

        return [hash], take

    # -- prices of contracts ------------------------------------------------------------------------

    def route_prices(self, connection: Connection, frame: dict[str, Any]) -> Route | None:
        hashes = self.users_of(connection, PRICES)

        def take(connection: Connection, frame: Any) -> None:
            rows = reading.rows(self, frame, "con" if "con" in frame else "data")
            told = []
            for sent in rows:
                row = named(sent, CONTRACT)
                for contract in self.of_known_markets([row]):
                    mark, rate = self.parse_mark_price(contract), self.parse_funding_rate(contract)
                    told.append(({**mark, "info": sent}, {**rate, "info": sent}))
            for mark, rate in told:
                self.markPrices[mark["symbol"]], self.fundingRates[rate["symbol"]] = mark, rate
                connection.resolve(mark, hash_of("markPrice", mark["symbol"]))
                connection.resolve(rate, hash_of("fundingRate", rate["symbol"]))

        return hashes, take


BEST = ("timestamp", "datetime", "bid", "bidVolume", "ask", "askVolume", "info")
DAILY = ("open", "high", "low", "last", "baseVolume", "quoteVolume")
