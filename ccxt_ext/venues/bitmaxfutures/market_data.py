"""Markets, and what anyone may see of them."""

import datetime
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from ccxt.base.errors import BadRequest, BadResponse, BadSymbol
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.venue import Venue

HIGHEST_LEVERAGE = 100

# Bounds of a bracket under all the names that the venue's documents and programs have for them.
LOWER_BOUNDS = ("positionNotionalLowerbound", "positionNotionalLowerBound", "positionLB")
UPPER_BOUNDS = ("positionNotionalUpperbound", "positionNotionalUpperBound", "positionUB")


class MarketData(Venue):
    def data_of(self, answer: Any, key: str = "data") -> Any:
        """What an answer that went well carries."""
        record = reading.record(self, answer)
        if self.safe_string(record, "code") != "0":
            raise BadResponse(
                f"{self.id} expected an answer with the code 0, got {reading.excerpt(self, answer)}"
            )
        if record.get(key) is None:
            raise BadResponse(f"{self.id} expected {key} in {reading.excerpt(self, answer)}")
        return record[key]

    def done(self, answer: Any) -> dict[str, Any]:
        """An answer that only says that it went well."""
        self.data_of(answer, "code")
        return reading.record(self, answer)

    def amount_of(self, row: Any, *keys: str | int) -> str | None:
        """A number under the first of the keys that the row has."""
        key = next((key for key in keys if self.safe_string(row, key) is not None), keys[0])
        return reading.number_text(self, row, key)

    def unless_zero(self, text: str | None) -> str | None:
        return None if text is None or Precise.string_eq(text, "0") else text

    def finite(self, text: str | None) -> Any:
        """A calculated number. Those of a venue are small enough; their products need not be."""
        number = self.parse_number(text)
        if number is not None and float(number) in (float("inf"), float("-inf")):
            raise BadResponse(f"{self.id} sent numbers that are too large")
        return number

    def money(self, amount: Any, method: str) -> str:
        """A positive amount of money as plain decimal text."""
        try:
            number = Decimal(str(amount))
        except InvalidOperation:
            number = Decimal("nan")
        if isinstance(amount, bool) or not number.is_finite() or number <= 0:
            raise BadRequest(f"{self.id} {method}() needs a positive amount, not {amount!r}")
        return format(number, "f")

    def of_known_markets(self, rows: list[dict[str, Any]], key: str = "symbol") -> list[dict[str, Any]]:
        return [row for row in rows if reading.required(self, row, key) in self.markets_by_id]

    # -- markets ------------------------------------------------------------------------------------

    def set_markets(self, markets: Any, currencies: Any = None) -> Any:
        """The venue lists collaterals only as currencies; the contracts' bases are currencies as well."""
        if currencies:
            listed = markets.values() if isinstance(markets, Mapping) else markets
            bases = {market["base"]: market["baseId"] for market in listed}
            known = {
                code: self.safe_currency_structure({"id": id, "code": code}) for code, id in bases.items()
            }
            currencies = {**known, **currencies}
        return super().set_markets(markets, currencies)

    def parse_market(self, market: Any) -> Any:
        id = reading.required(self, market, "symbol")
        base_id, _, quote_id = (self.safe_string(market, "underlying") or "").partition("/")
        base_id = base_id or id.partition("-PERP")[0]
        quote_id = quote_id or reading.required(self, market, "settlementAsset")
        settle_id = reading.required(self, market, "settlementAsset")
        base, quote, settle = (self.safe_currency_code(id) for id in (base_id, quote_id, settle_id))
        prices = self.inner(market, "priceFilter")
        lots = self.inner(market, "lotSizeFilter")
        status = self.safe_string(market, "status")
        reserve = reading.number_text(self, market, "commissionReserveRate")
        fees = {**self.fees["trading"], **(self.options["fees"] or {})}
        if reserve is not None:
            fees = {"maker": self.parse_number(reserve), "taker": self.parse_number(reserve)}
        return self.safe_market_structure(
            {
                "id": id,
                "symbol": f"{base}/{quote}:{settle}",
                "base": base,
                "quote": quote,
                "settle": settle,
                "baseId": base_id,
                "quoteId": quote_id,
                "settleId": settle_id,
                "type": "swap",
                "spot": False,
                "margin": False,
                "swap": True,
                "future": False,
                "option": False,
                "contract": True,
                "linear": True,
                "inverse": False,
                "subType": "linear",
                "contractSize": self.parse_number("1"),
                "active": None if status is None else status == "Normal",
                "taker": fees["taker"],
                "maker": fees["maker"],
                "expiry": None,
                "expiryDatetime": None,
                "marginModes": {"cross": True, "isolated": True},
                "precision": {
                    "amount": self.parse_number(reading.number_text(self, lots, "lotSize")),
                    "price": self.parse_number(reading.number_text(self, prices, "tickSize")),
                },
                "limits": {
                    "leverage": {
                        "min": self.parse_number("1"),
                        "max": self.finite(self.highest_leverage(market)),
                    },
                    "amount": {
                        "min": self.parse_number(reading.number_text(self, lots, "minQty")),
                        "max": self.parse_number(reading.number_text(self, lots, "maxQty")),
                    },
                    "price": {
                        "min": self.parse_number(reading.number_text(self, prices, "minPrice")),
                        "max": self.parse_number(reading.number_text(self, prices, "maxPrice")),
                    },
                    "cost": {"min": None, "max": None},
                },
                "created": reading.whole(self, market, "tradingStartTime"),
                "info": market,
            }
        )

    def parse_trading_fee(self, fee: Any, market: Any = None) -> Any:
        """Of a contract."""
        market = self.parse_market(fee)
        names = ("info", "symbol", "maker", "taker")
        return {**{name: market[name] for name in names}, "percentage": True, "tierBased": False}

    def parse_last_price(self, price: Any, market: Any = None) -> Any:
        """Of a ticker: the venue tells last prices there."""
        told = {name: price[name] for name in ("symbol", "timestamp", "datetime", "info")}
        return {**told, "price": price["last"], "side": None}

    def inner(self, row: Mapping[str, Any], key: str) -> dict[str, Any]:
        found = row.get(key)
        return {} if found is None else reading.record(self, found)

    def brackets(self, contract: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The margin requirements by notional, the lowest first."""
        rows = contract.get("marginRequirements")
        found: list[dict[str, Any]] = []
        for row in [] if rows is None else reading.rows(self, rows):
            bracket = {
                "lower": self.amount_of(row, *LOWER_BOUNDS),
                "upper": self.amount_of(row, *UPPER_BOUNDS),
                "initial": reading.number_text(self, row, "initialMarginRate"),
                "maintenance": reading.number_text(self, row, "maintenanceMarginRate"),
                "info": row,
            }
            if None in bracket.values():
                raise BadResponse(
                    f"{self.id} sent an incomplete margin requirement: {reading.excerpt(self, row)}"
                )
            found.append(bracket)
        return sorted(found, key=lambda bracket: float(bracket["upper"]))

    def bracket_of(self, contract: Mapping[str, Any], notional: str) -> dict[str, Any] | None:
        """The first whose upper bound is above the notional; above all of them, the last."""
        brackets = self.brackets(contract)
        fitting = (bracket for bracket in brackets if Precise.string_gt(bracket["upper"], notional))
        return next(fitting, brackets[-1] if brackets else None)

    def highest_leverage(self, contract: Mapping[str, Any]) -> str:
        rates = [bracket["initial"] for bracket in self.brackets(contract)]
        most = str(HIGHEST_LEVERAGE)
        for rate in rates[:1]:
            inverse = Precise.string_div("1", rate)
            if inverse is not None and Precise.string_gt(rate, "0"):
                most = Precise.string_min(most, inverse)
        return most

    def parse_market_leverage_tiers(self, info: Any, market: Any = None) -> Any:
        market = self.safe_market(self.safe_string(info, "symbol"), market)
        return [
            {
                "tier": number,
                "symbol": market["symbol"],
                "currency": market["settle"],
                "minNotional": self.parse_number(bracket["lower"]),
                "maxNotional": self.parse_number(bracket["upper"]),
                "maintenanceMarginRate": self.parse_number(bracket["maintenance"]),
                "maxLeverage": self.finite(Precise.string_div("1", bracket["initial"])),
                "info": bracket["info"],
            }
            for number, bracket in enumerate(self.brackets(info), 1)
        ]

    # -- prices -------------------------------------------------------------------------------------

    def parse_ticker(self, ticker: Any, market: Any = None) -> Any:
        market = self.safe_market(self.safe_string(ticker, "symbol"), market)
        last = reading.number_text(self, ticker, "close")
        volume = self.amount_of(ticker, "baseVol", "volume")
        in_quote = self.options["volumeUnit"] == "quote" and ticker.get("baseVol") is None
        bid, bid_volume = self.level_of(ticker, "bid")
        ask, ask_volume = self.level_of(ticker, "ask")
        return self.safe_ticker(
            {
                "symbol": market["symbol"],
                "timestamp": None,
                "datetime": None,
                "high": reading.number_text(self, ticker, "high"),
                "low": reading.number_text(self, ticker, "low"),
                "bid": bid,
                "bidVolume": bid_volume,
                "ask": ask,
                "askVolume": ask_volume,
                "vwap": None,
                "open": reading.number_text(self, ticker, "open"),
                "close": last,
                "last": last,
                "previousClose": None,
                "change": None,
                "percentage": None,
                "average": None,
                "baseVolume": None if in_quote else volume,
                "quoteVolume": volume if in_quote else None,
                "info": ticker,
            },
            market,
        )

    def level_of(self, ticker: Mapping[str, Any], side: str) -> tuple[str | None, str | None]:
        level = ticker.get(side)
        if level is None:
            return None, None
        if not isinstance(level, list) or len(level) < 2:
            raise BadResponse(
                f"{self.id} expected price and size as {side} in {reading.excerpt(self, ticker)}"
            )
        return reading.number_text(self, level, 0), reading.number_text(self, level, 1)

    def parse_book(self, answer: Any, symbol: str, limit: int | None = None) -> Any:
        book = reading.record(self, reading.record(self, self.data_of(answer)).get("data"))
        for side in ("bids", "asks"):
            levels = book.get(side)
            if not isinstance(levels, list):
                raise BadResponse(f"{self.id} expected {side} in {reading.excerpt(self, book)}")
            for level in levels:
                ok = isinstance(level, list) and len(level) >= 2
                if not ok or None in (
                    reading.number_text(self, level, 0),
                    reading.number_text(self, level, 1),
                ):
                    raise BadResponse(
                        f"{self.id} sent a level without price or size: {reading.excerpt(self, level)}"
                    )
        trimmed = {side: [level[:2] for level in book[side]] for side in ("bids", "asks")}
        parsed = self.parse_order_book(trimmed, symbol, reading.moment(self, book, "ts"))
        for side in ("bids", "asks"):
            parsed[side] = parsed[side][:limit]
        parsed["nonce"] = reading.whole(self, book, "seqnum")
        return parsed

    def parse_trade(self, trade: Any, market: Any = None) -> Any:
        if "orderId" in trade:
            return self.parse_execution(trade, market)
        timestamp = reading.moment(self, trade, "ts")
        # True: the buyer was the maker.
        side = {True: "sell", False: "buy"}.get(self.safe_bool(trade, "bm"))
        return self.safe_trade(
            {
                "id": self.safe_string(trade, "seqnum"),
                "order": None,
                "symbol": self.safe_symbol(None, market),
                "timestamp": timestamp,
                "datetime": self.iso8601(timestamp),
                "type": None,
                "side": side,
                "takerOrMaker": None,
                "price": reading.number_text(self, trade, "p"),
                "amount": reading.number_text(self, trade, "q"),
                "cost": None,
                "fee": None,
                "info": trade,
            },
            market,
        )

    def parse_execution(self, order: Mapping[str, Any], market: Any) -> Any:
        """An order's fills as one trade: the venue does not list them one by one."""
        raise NotImplementedError

    # -- candles ------------------------------------------------------------------------------------

    def parse_ohlcv(self, ohlcv: Any, market: Any = None) -> list[Any]:
        bar = reading.record(self, reading.record(self, ohlcv).get("data"))
        open, high, low, close, volume = (reading.number_text(self, bar, key) for key in "ohlcv")
        if self.options["volumeUnit"] == "quote":
            volume = Precise.string_div(volume, close)
        prices = [self.parse_number(text) for text in (open, high, low, close)]
        return [reading.moment(self, bar, "ts"), *prices, self.finite(volume)]

    def ohlcv_request(
        self, market: Mapping[str, Any], timeframe: str, since: int | None, limit: int | None, params: Any
    ) -> dict[str, Any]:
        """The bars that open from `from` to `to`, both included: of too many, the venue gives the last."""
        if timeframe not in self.timeframes:
            raise BadRequest(f"{self.id} has no timeframe {timeframe!r}")
        most = self.options["fetchOHLCV"]["maxCandles"]
        count = min(limit or most, most)
        until = self.safe_integer(params, "until")
        request: dict[str, Any] = {"symbol": market["id"], "interval": self.timeframes[timeframe], "n": count}
        end = until
        if since is not None:
            request["from"] = since
            last = self.moment_after(since, timeframe, count) - 1
            end = last if until is None else min(until, last)
        if end is not None:
            request["to"] = end
        return self.extend(request, self.omit(params, "until"))

    def moment_after(self, start: int, timeframe: str, count: int) -> int:
        if timeframe != "1M":
            return start + count * self.parse_timeframe(timeframe) * 1000
        then = datetime.datetime.fromtimestamp(start // 1000, datetime.timezone.utc)
        months = then.year * 12 + then.month - 1 + count
        # No day of a month is later than the 28th of it, as far as its first one is concerned.
        moved = then.replace(year=months // 12, month=months % 12 + 1, day=min(then.day, 28))
        return int(moved.timestamp()) * 1000

    # -- pricing data -------------------------------------------------------------------------------

    def contract_prices(self, answer: Any) -> list[dict[str, Any]]:
        return self.of_known_markets(reading.rows(self, self.data_of(answer), "contracts"))

    def parse_funding_rate(self, contract: Any, market: Any = None) -> Any:
        market = self.safe_market(self.safe_string(contract, "symbol"), market)
        timestamp = self.optional_moment(contract, "time")
        following = self.optional_moment(contract, "nextFundingTime")
        return {
            "info": contract,
            "symbol": market["symbol"],
            "markPrice": self.parse_number(self.known_price(contract, "markPrice")),
            "indexPrice": self.parse_number(self.known_price(contract, "indexPrice")),
            "interestRate": None,
            "estimatedSettlePrice": None,
            "timestamp": timestamp,
            "datetime": self.iso8601(timestamp),
            "fundingRate": self.parse_number(reading.number_text(self, contract, "fundingRate")),
            "fundingTimestamp": following,
            "fundingDatetime": self.iso8601(following),
            "nextFundingRate": None,
            "nextFundingTimestamp": None,
            "nextFundingDatetime": None,
            "previousFundingRate": None,
            "previousFundingTimestamp": None,
            "previousFundingDatetime": None,
            "interval": self.options["fundingInterval"],
        }

    def parse_open_interest(self, interest: Any, market: Any = None) -> Any:
        market = self.safe_market(self.safe_string(interest, "symbol"), market)
        timestamp = self.optional_moment(interest, "time")
        amount = reading.number_text(self, interest, "openInterest")
        mark = self.known_price(interest, "markPrice")
        return self.safe_open_interest(
            {
                "symbol": market["symbol"],
                "openInterestAmount": self.parse_number(amount),
                "openInterestValue": self.finite(Precise.string_mul(amount, mark)),
                "timestamp": timestamp,
                "datetime": self.iso8601(timestamp),
                "info": interest,
            },
            market,
        )

    def parse_mark_price(self, contract: Mapping[str, Any]) -> Any:
        """A ticker that has the mark and the index price only."""
        market = self.safe_market(self.safe_string(contract, "symbol"))
        timestamp = self.optional_moment(contract, "time")
        return self.safe_ticker(
            {
                "symbol": market["symbol"],
                "timestamp": timestamp,
                "datetime": self.iso8601(timestamp),
                "markPrice": self.known_price(contract, "markPrice"),
                "indexPrice": self.known_price(contract, "indexPrice"),
                "info": contract,
            },
            market,
        )

    def newest_time(self, answer: Any) -> int:
        rows = reading.rows(self, self.data_of(answer), "contracts")
        if not rows:
            raise BadResponse(f"{self.id} told no time: {reading.excerpt(self, answer)}")
        return max(reading.moment(self, row, "time") for row in rows)

    def known_price(self, row: Mapping[str, Any], key: str) -> str | None:
        """A price, of which the venue says -1 where it has none."""
        text = reading.number_text(self, row, key)
        return text if text is not None and Precise.string_gt(text, "0") else None

    def optional_moment(self, row: Mapping[str, Any], *keys: str) -> int | None:
        told = any(self.safe_string(row, key) is not None for key in keys)
        return reading.moment(self, row, *keys) if told else None

    def the_one(self, parsed: Mapping[str, Any], symbol: str) -> Any:
        if symbol not in parsed:
            raise BadSymbol(f"{self.id} sent nothing about {symbol}")
        return parsed[symbol]
