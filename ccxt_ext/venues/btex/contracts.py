"""Answers of BTEX's contract API as ccxt's structures."""

from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import BadResponse
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.venue import Venue

STATUSES = {"0": "open", "1": "closed", "-1": "canceled"}
SIDES = {"1": "buy", "-1": "sell"}
DIRECTIONS = {side: direction for direction, side in SIDES.items()}
CLOSED = "-1"  # a contract's status
HOUR = 3_600_000
SECONDS = 1000  # milliseconds of the unit in which most times come


class Contracts(Venue):
    def contract_market(self, row: Mapping[str, Any], market: Any = None) -> Any:
        id = self.contract_id(row) if market else reading.required(self, row, "contract_id")
        return self.safe_market(id, market)

    def contract_id(self, row: Mapping[str, Any]) -> str | None:
        return self.safe_string(row, "contract_id")

    def of_symbols_own(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Without those of contracts whose symbol is another one's: a closed one's that was listed anew."""
        if len(self.markets) == len(self.markets_by_id):
            return rows
        found = [(row, self.contract_market(row)) for row in rows]
        return [row for row, of in found if self.markets.get(of["symbol"], of)["id"] == of["id"]]

    def open_contracts(self) -> list[Any]:
        """All but those that are closed for good."""
        return [
            market
            for market in self.markets.values()
            if market["contract"] and self.safe_string(market["info"], "status") != CLOSED
        ]

    def contract_type(self, order_type: str | None) -> str | None:
        """`maket` is how the venue's documents spell it in one place."""
        return "market" if order_type == "maket" else order_type

    def margin_mode(self, row: Mapping[str, Any]) -> str | None:
        crossed = self.safe_string(row, "is_cross")
        return None if crossed is None else "cross" if crossed == "1" else "isolated"

    def worth(self, market: Mapping[str, Any], contracts: str | None, price: str | None) -> str | None:
        """What contracts are worth at a price, in the settlement currency."""
        size = Precise.string_mul(contracts, self.safe_string(market, "contractSize"))
        if market["inverse"]:
            return Precise.string_div(size, price)
        return Precise.string_mul(size, price) if market["linear"] else None

    # -- markets ------------------------------------------------------------------------------------

    def parse_contract(self, row: Mapping[str, Any]) -> Any:
        pair = self.safe_string(row, "pair", "")
        base_id = pair.partition("_")[0] or reading.required(self, row, "symbol")
        quote_id, settle_id = (
            reading.required(self, row, "quote_anchor"),
            reading.required(self, row, "settle_anchor"),
        )
        base, quote, settle = map(self.safe_currency_code, (base_id, quote_id, settle_id))
        symbol = f"{base}/{quote}:{settle}"
        dated = self.safe_string(row, "type") == "2"
        expiry = self.expiry_of(row)
        if dated:
            if expiry is None:
                raise BadResponse(
                    f"{self.id} expected the expiry of a dated contract in {reading.excerpt(self, row)}"
                )
            symbol += f"-{self.yymmdd(expiry)}"
        reverse = self.safe_string(row, "isreverse")
        return self.safe_market_structure(
            {
                "id": reading.required(self, row, "contract_id"),
                "symbol": symbol,
                "base": base,
                "quote": quote,
                "settle": settle,
                "baseId": base_id,
                "quoteId": quote_id,
                "settleId": settle_id,
                "type": "future" if dated else "swap",
                "spot": False,
                "margin": False,
                "swap": not dated,
                "future": dated,
                "option": False,
                "contract": True,
                "linear": reverse == "-1",
                "inverse": reverse == "1",
                "subType": {"1": "inverse", "-1": "linear"}.get(reverse or ""),
                "marginModes": {
                    "cross": self.safe_string(row, "allow_cross") == "1",
                    "isolated": True,
                },
                "active": self.safe_string(row, "status") == "1",
                "taker": self.parse_number(reading.number_text(self, row, "taker_fee")),
                "maker": self.parse_number(reading.number_text(self, row, "maker_fee")),
                "contractSize": self.parse_number(reading.number_text(self, row, "contract_value")),
                "expiry": expiry,
                "expiryDatetime": self.iso8601(expiry),
                "precision": {"amount": 1, "price": self.parse_number(self.tick(row, "price_dec"))},
                "limits": {
                    "leverage": {
                        "min": 1,
                        "max": self.parse_number(reading.number_text(self, row, "max_leverage")),
                    },
                    "amount": {
                        "min": self.parse_number(reading.number_text(self, row, "min_amount")),
                        "max": self.parse_number(reading.number_text(self, row, "max_amount")),
                    },
                    "price": {"min": None, "max": None},
                    "cost": {"min": None, "max": None},
                },
                "info": row,
            }
        )

    def tick(self, row: Mapping[str, Any], key: str) -> str | None:
        digits = self.safe_string(row, key, "")
        return self.parse_precision(digits) if digits.isdecimal() and int(digits) <= 30 else None

    def expiry_of(self, row: Mapping[str, Any]) -> int | None:
        """All zeros of a perpetual are no date."""
        moment = self.parse8601(self.safe_string(row, "expiry"))
        return None if moment is None else moment - int(self.options["expiryTimezoneOffset"] * HOUR)

    # -- public data --------------------------------------------------------------------------------

    def parse_contract_ticker(self, row: Mapping[str, Any], market: Any = None) -> Any:
        market = self.contract_market(row, market)
        last = reading.number_text(self, row, "latest")
        contracts = reading.number_text(self, row, "amount")
        size = Precise.string_mul(contracts, self.safe_string(market, "contractSize"))
        turnover = reading.number_text(self, row, "volumn")
        base_volume, quote_volume = (turnover, size) if market["inverse"] else (size, turnover)
        if market["linear"] and self.options["linearVolumnIs"] == "base":
            base_volume, quote_volume = turnover, None
        return self.safe_ticker(
            {
                "symbol": market["symbol"],
                "timestamp": None,
                "datetime": None,
                "high": reading.number_text(self, row, "max"),
                "low": reading.number_text(self, row, "min"),
                "bid": None,
                "bidVolume": None,
                "ask": None,
                "askVolume": None,
                "vwap": None,
                "open": None,
                "close": last,
                "last": last,
                "previousClose": None,
                "change": None,
                "percentage": Precise.string_mul(reading.number_text(self, row, "change_24h"), "100"),
                "average": None,
                "baseVolume": base_volume,
                "quoteVolume": quote_volume,
                "indexPrice": reading.number_text(self, row, "index_price"),
                "markPrice": reading.number_text(self, row, "fair_price"),
                "info": row,
            },
            market,
        )

    def parse_funding_rate(self, contract: Any, market: Any = None) -> Any:
        market = self.contract_market(contract, market)
        hours = self.options["fundingIntervalHours"]
        return {
            "info": contract,
            "symbol": market["symbol"],
            "markPrice": self.parse_number(reading.number_text(self, contract, "fair_price")),
            "indexPrice": self.parse_number(reading.number_text(self, contract, "index_price")),
            "interestRate": None,
            "estimatedSettlePrice": None,
            "timestamp": None,
            "datetime": None,
            # The rate of the settlement to come.
            "fundingRate": self.parse_number(reading.number_text(self, contract, "next_funding_rate")),
            "fundingTimestamp": None,
            "fundingDatetime": None,
            "nextFundingRate": None,
            "nextFundingTimestamp": None,
            "nextFundingDatetime": None,
            "previousFundingRate": None,
            "previousFundingTimestamp": None,
            "previousFundingDatetime": None,
            "interval": None if hours is None else f"{hours}h",
        }

    def parse_open_interest(self, interest: Any, market: Any = None) -> Any:
        market = self.contract_market(interest, market)
        contracts = reading.number_text(self, interest, "open_interest")
        value = Precise.string_mul(contracts, self.safe_string(market, "contractSize"))
        if market["linear"]:
            value = Precise.string_mul(value, reading.number_text(self, interest, "fair_price"))
        return self.safe_open_interest(
            {
                "symbol": market["symbol"],
                "openInterestAmount": self.parse_number(contracts),
                "openInterestValue": self.parse_number(value),
                "timestamp": None,
                "datetime": None,
                "info": interest,
            },
            market,
        )

    def parse_contract_candle(self, row: Any, market: Any) -> list[Any]:
        volume, close = reading.number_text(self, row, 5), reading.number_text(self, row, 4)
        if self.options["ohlcvVolume"] == "base":
            volume = Precise.string_mul(volume, self.safe_string(market, "contractSize"))
            if market["inverse"]:
                volume = Precise.string_div(volume, close)
        prices = [self.parse_number(reading.number_text(self, row, at)) for at in (1, 2, 3)]
        return [reading.moment(self, row, 0), *prices, self.parse_number(close), self.parse_number(volume)]

    def parse_contract_trade(self, row: Mapping[str, Any], market: Any) -> Any:
        """The public's trades, and one's own in both of their forms."""
        market = self.contract_market(row, market)
        timestamp = reading.moment_in(self, SECONDS, row, "time")
        price = reading.number_text(self, row, "price")
        amount = reading.number_text(self, row, "trade_num" if "trade_num" in row else "num")
        paid = reading.number_text(self, row, "trade_fee")
        if self.options["invertTradeFee"]:
            paid = Precise.string_neg(paid)
        return self.safe_trade(
            {
                "id": reading.required(self, row, "trade_id"),
                "order": self.safe_string(row, "order_id"),
                "symbol": market["symbol"],
                "timestamp": timestamp,
                "datetime": self.iso8601(timestamp),
                "type": None,
                "side": reading.side_of(self, row, "type"),
                "takerOrMaker": None,
                "price": price,
                "amount": amount,
                "cost": self.worth(market, amount, price),
                "fee": None if paid is None else {"cost": paid, "currency": market["settle"]},
                "info": row,
            },
            market,
        )

    # -- the account --------------------------------------------------------------------------------

    def parse_contract_balance(self, data: Mapping[str, Any], answer: Any) -> Any:
        timestamp = reading.moment_in(self, SECONDS, data, "time") if "time" in data else None
        result: dict[str, Any] = {
            "info": answer,
            "timestamp": timestamp,
            "datetime": self.iso8601(timestamp),
        }
        for row in reading.rows(self, data, "balances"):
            account = self.account()
            account["free"] = reading.number_text(self, row, "balance")
            account["used"] = Precise.string_add(
                reading.number_text(self, row, "position_margin"),
                reading.number_text(self, row, "order_margin"),
            )
            account["total"] = reading.number_text(self, row, "total")
            result[self.safe_currency_code(reading.required(self, row, "coin"))] = account
        return self.safe_balance(result)

    def parse_contract_order(self, row: Mapping[str, Any], market: Any) -> Any:
        market = self.contract_market(row, market)
        timestamp = reading.moment_in(self, SECONDS, row, "time")
        kind = self.contract_type(self.safe_string(row, "type"))
        amount, remaining = (
            reading.number_text(self, row, "amount"),
            reading.number_text(self, row, "available"),
        )
        # What a market order names as its price is no limit, and nobody knows what it was filled at.
        price = None if kind == "market" else reading.number_text(self, row, "price")
        return self.safe_order(
            {
                "id": reading.required(self, row, "order_id"),
                "clientOrderId": None,
                "timestamp": timestamp,
                "datetime": self.iso8601(timestamp),
                "lastTradeTimestamp": None,
                "symbol": market["symbol"],
                "type": kind,
                "timeInForce": "GTC" if kind == "limit" else None,
                "postOnly": False,
                "side": SIDES.get(self.safe_string(row, "direction", "")),
                "price": price,
                "triggerPrice": None,
                "amount": amount,
                "filled": Precise.string_sub(amount, remaining),
                "remaining": remaining,
                "cost": None,
                "average": None,
                "status": STATUSES.get(self.safe_string(row, "order_status", "")),
                "fee": None,
                "trades": None,
                "info": row,
            },
            market,
        )
