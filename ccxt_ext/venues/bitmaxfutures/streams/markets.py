"""Market data over BitMax's stream, order books apart."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from ccxt.base.errors import BadResponse, BaseError

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.streams.caches import candles_of, trades_of
from ccxt_ext.venue.streams.connection import Connection
from ccxt_ext.venue.streams.feed import Route
from ccxt_ext.venue.streams.subjects import subject_of
from ccxt_ext.venues.bitmaxfutures import answers, market_data, pricing, rest
from ccxt_ext.venues.bitmaxfutures.streams.frames import BAR, BBO, CONTRACT, PRICES, TRADES, named

# How the best price of an empty side is told.
NO_ASK, NO_BID = 9_999_999, 0


class Markets:
    def __init__(self, exchange: rest.bitmaxfutures) -> None:
        self.exchange = exchange
        self.daily: dict[str, Any] = {}  # REST's tickers, by their symbols
        self.daily_wanted: set[str] = set()  # symbols of those that are to be asked for
        self.blanks: dict[str, Any] = {}  # tickers of which nothing is known
        self.daily_lock: asyncio.Lock | None = None

    # -- best prices --------------------------------------------------------------------------------

    def route_best(self, connection: Connection, frame: dict[str, Any]) -> Route | None:
        exchange = self.exchange
        symbol = exchange.safe_symbol(reading.required_text(exchange, frame, "symbol"))
        subjects = connection.address.users_of(f"{BBO}:{frame['symbol']}")

        def take(connection: Connection, frame: Any) -> None:
            best = self.best_of(reading.record(exchange, frame.get("data")), frame)
            for subject in subjects:
                if subject.kind == "bidask":
                    exchange.bidsasks[symbol] = {**self.blank_ticker(symbol), **best}
                    connection.resolve(exchange.bidsasks[symbol], subject)
                else:
                    exchange.tickers[symbol] = {**self.daily_ticker(symbol), **best}
                    connection.resolve(exchange.tickers[symbol], subject)

        return subjects, take

    def best_of(self, data: Mapping[str, Any], frame: Any) -> dict[str, Any]:
        exchange = self.exchange
        timestamp = reading.timestamp(exchange, data, "ts")
        found: dict[str, Any] = {
            "timestamp": timestamp,
            "datetime": exchange.iso8601(timestamp),
            "info": frame,
        }
        for side in ("bid", "ask"):
            if data.get(side) is None:
                raise BadResponse(f"{exchange.id} expected a {side} in {reading.excerpt(exchange, data)}")
            price, amount = (
                exchange.parse_number(text) for text in market_data.level_of(exchange, data, side)
            )
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
            self.blanks[symbol] = self.exchange.safe_ticker({"symbol": symbol})
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
            found = {symbols[0]: await self.exchange.fetch_ticker(symbols[0])}
        else:
            found = await self.exchange.fetch_tickers(list(symbols))
        # Of what REST does not tell, there is nothing to ask for again at once.
        self.daily.update({symbol: found.get(symbol) for symbol in symbols})

    def keep_day(self, connection: Connection) -> None:
        options = self.exchange.options["watchTicker"]
        if options["rest"] and options["refresh"]:
            connection.spawn_once("tickers", lambda: self.refresh_day(connection))

    async def refresh_day(self, connection: Connection) -> None:
        """The best prices come by themselves; the rest is asked for again and again, while it is wanted."""
        exchange = self.exchange
        while True:
            await asyncio.sleep(exchange.options["watchTicker"]["refresh"] / 1000)
            users = [
                user
                for wanted in connection.address.followed.values()
                for user in wanted.users
                if user.kind == "ticker"
            ]
            if not users:
                return
            subjects = [user for user in users if connection.waiting.get(user)]
            if not subjects:
                continue
            symbols = [symbol for subject in subjects for symbol in subject.symbols]
            try:
                await self.fetch_day(symbols)
            except BaseError as error:
                if exchange.verbose:
                    exchange.log(f"tickers are not refreshed: {error}")
                continue
            for symbol, subject in zip(symbols, subjects, strict=True):
                now, best = self.daily_ticker(symbol), exchange.tickers.get(symbol)
                kept = {name: best[name] for name in BEST} if best is not None else {}
                if best is None or any(best[name] != now[name] for name in DAILY):
                    exchange.tickers[symbol] = {**now, **kept}
                    connection.resolve(exchange.tickers[symbol], subject)

    # -- trades and candles -------------------------------------------------------------------------

    def route_trades(self, connection: Connection, frame: dict[str, Any]) -> Route | None:
        exchange = self.exchange
        market = exchange.safe_market(reading.required_text(exchange, frame, "symbol"))
        subject = subject_of("trades", market["symbol"])
        if f"{TRADES}:{frame['symbol']}" not in connection.address.followed:
            return None

        def take(connection: Connection, frame: Any) -> None:
            cache = trades_of(exchange, market["symbol"])
            for trade in exchange.parse_trades(reading.rows(exchange, frame, "data"), market):
                cache.append(trade)
            connection.resolve(cache, subject)

        return [subject], take

    def route_bar(self, connection: Connection, frame: dict[str, Any]) -> Route | None:
        exchange = self.exchange
        market = exchange.safe_market(reading.required_text(exchange, frame, "s"))
        interval = reading.required_text(exchange, reading.record(exchange, frame.get("data")), "i")
        if f"{BAR}:{interval}:{frame['s']}" not in connection.address.followed:
            return None
        timeframe = exchange.find_timeframe(interval)
        subject = subject_of("ohlcv", market["symbol"], timeframe)

        def take(connection: Connection, frame: Any) -> None:
            cache = candles_of(exchange, market["symbol"], timeframe)
            candle = exchange.parse_ohlcv(frame, market)
            # Only the latest ones change.
            if not len(cache) or candle[0] >= cache[-1][0] or candle[0] in cache.hashmap:
                cache.append(candle)
                connection.resolve((market["symbol"], timeframe, cache), subject)

        return [subject], take

    # -- prices of contracts ------------------------------------------------------------------------

    def route_prices(self, connection: Connection, frame: dict[str, Any]) -> Route | None:
        exchange = self.exchange
        subjects = connection.address.users_of(PRICES)

        def take(connection: Connection, frame: Any) -> None:
            rows = reading.rows(exchange, frame, "con" if "con" in frame else "data")
            told = []
            for sent in rows:
                row = named(sent, CONTRACT)
                for contract in answers.of_known_markets(exchange, [row]):
                    mark, rate = (
                        pricing.mark_price_ticker(exchange, contract),
                        exchange.parse_funding_rate(contract),
                    )
                    told.append(({**mark, "info": sent}, {**rate, "info": sent}))
            for mark, rate in told:
                exchange.markPrices[mark["symbol"]], exchange.fundingRates[rate["symbol"]] = (
                    mark,
                    rate,
                )
                connection.resolve(mark, subject_of("markPrice", mark["symbol"]))
                connection.resolve(rate, subject_of("fundingRate", rate["symbol"]))

        return subjects, take


BEST = ("timestamp", "datetime", "bid", "bidVolume", "ask", "askVolume", "info")
DAILY = ("open", "high", "low", "last", "baseVolume", "quoteVolume")
