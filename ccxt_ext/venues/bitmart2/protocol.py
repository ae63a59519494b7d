"""BitMart openapi v2 without the network: signing, requests, answers, errors."""

import hmac
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ccxt.base.errors import (
    AuthenticationError,
    BadRequest,
    BadResponse,
    NotSupported,
    OrderNotFound,
    RateLimitExceeded,
)
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading, refusals, spot_markets
from ccxt_ext.venue.fast import order_books
from ccxt_ext.venue.orders import checks
from ccxt_ext.venue.requests import building
from ccxt_ext.venue.surface.compat import section
from ccxt_ext.venue.venue import Venue
from ccxt_ext.venues.bitmart2.metadata import DOES_ANYWAY, UNDERSTANDS, metadata
from ccxt_ext.venues.bitmart2.tokens import TokenState, token_state

ORDER_STATUSES = {"1": "open", "2": "open", "3": "closed", "4": "canceled", "5": "open", "6": "closed"}

# Of these calls only some fields are signed, of all others all.
SIGNED = {
    ("POST", "orders"): ("amount", "price", "side", "symbol"),
    ("DELETE", "orders/{entrust_id}"): ("entrust_id",),
}

# A fee above this share of one side's volume is not a fee on that side.
HIGHEST_FEE_RATE = "0.01"

# How many orders' sides are remembered for trades that come without one.
REMEMBERED_SIDES = 10_000


# The address of a market's page, which tells it where nothing else does.
MARKET_PAGE = re.compile(r"[?&]symbol=([A-Za-z0-9]+_[A-Za-z0-9]+)(?:&|$)", re.ASCII)


DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

GONE = dict.fromkeys(("order + not found", "order + does not exist", "order already"), OrderNotFound)


class TokenRefused(AuthenticationError):
    """The venue does not (or no longer) know the token. It has not processed the request."""


class Protocol(Venue):
    apiKey: str
    uid: str
    token: str | None  # a token of the caller's own, used until the venue refuses it
    understands = UNDERSTANDS
    does_anyway = DOES_ANYWAY

    @classmethod
    def metadata(cls) -> dict[str, Any]:
        return metadata()

    # -- requests -----------------------------------------------------------------------------------

    def sign(
        self,
        path: str,
        api: Any = "public",
        method: str = "GET",
        params: Any = {},
        headers: Any = None,
        body: Any = None,
    ) -> dict[str, Any]:
        fields = {name: building.field_text(self, value) for name, value in params.items()}
        query = building.query_of(self, path, fields)
        url = f"{self.urls['api']['rest']}/{self.version}/{building.path_of(self, path, params)}"
        kind = section(api)
        if kind == "token":
            self.check_required_credentials()
            body = self.urlencode(self.extend(self.login_fields(), query))
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            return {"url": url, "method": method, "body": body, "headers": headers}
        if kind == "private":
            self.check_required_credentials()
            headers = {
                "X-BM-AUTHORIZATION": f"Bearer {self.bearer()}",
                "X-BM-TIMESTAMP": str(self.nonce()),
            }
            if method == "POST":
                headers["X-BM-SIGNATURE"] = self.signature(self.signed_of(method, path, query))
                headers["Content-Type"] = "application/json"
                body = self.order_body(query)
                return {"url": url, "method": method, "body": body, "headers": headers}
            if method == "DELETE" and (path != "orders" or self.options["signCancelAll"]):
                headers["X-BM-SIGNATURE"] = self.signature(self.signed_of(method, path, fields))
        if query:
            url += "?" + self.urlencode(query)
        return {"url": url, "method": method, "body": body, "headers": headers}

    def signed_of(self, method: str, path: str, fields: Mapping[str, str]) -> Mapping[str, str]:
        """The venue signs the fields that it documents, whatever else a request has."""
        names = SIGNED.get((method, path), tuple(fields))
        return {name: fields[name] for name in names if name in fields}

    def login_fields(self) -> dict[str, str]:
        proof = self.secret
        if self.options["token"]["clientSecret"] == "hmac":
            proof = self.hash_text(f"{self.apiKey}:{self.secret}:{self.uid}")
        return {"grant_type": "client_credentials", "client_id": self.apiKey, "client_secret": proof}

    def token_state(self) -> TokenState:
        return token_state(self.urls["api"]["rest"], self.apiKey, self.secret, str(self.uid))

    def bearer(self) -> str:
        """The token that private requests carry; what sends them keeps it fresh."""
        if self.token:
            return self.token
        token = self.token_state().token
        if token is None:
            raise AuthenticationError(f"{self.id} has no token yet: call signIn() first")
        return token.value

    def check_required_credentials(self, error: bool = True) -> bool:
        if not self.uid and isinstance(self.apiKey, str) and ":" in self.apiKey:
            # Of programs that have no field for the memo.
            self.apiKey, _, self.uid = self.apiKey.partition(":")
        return bool(super().check_required_credentials(error))

    def secrets(self) -> Iterator[str | None]:
        yield from super().secrets()
        token = self.token_state().token if self.apiKey and self.secret and self.uid else None
        if token is not None:
            yield token.value

    def signature(self, fields: Mapping[str, str]) -> str:
        # The documents' own code encodes a blank as a plus.
        return self.hash_text(self.urlencode(dict(sorted(fields.items()))).replace("%20", "+"))

    def hash_text(self, text: str) -> str:
        return hmac.digest(self.secret.encode(), text.encode(), "sha256").hex()

    def order_body(self, fields: Mapping[str, str]) -> str:
        """The venue rebuilds the signed text from the body, so both have the same characters."""
        quoted = self.options["createOrder"]["quoteNumbers"]
        members = (
            f'"{name}":{text if name in ("amount", "price") and not quoted else json.dumps(text)}'
            for name, text in fields.items()
        )
        return "{" + ",".join(members) + "}"

    def order_request(
        self, symbol: str, type: str, side: str, amount: Any, price: Any, params: Mapping[str, Any]
    ) -> dict[str, Any]:
        if type != "limit":
            raise NotSupported(f"{self.id} createOrder() supports limit orders only, not {type!r}")
        amount_text, price_text = checks.check_order(self, symbol, side, amount, price)
        request = {
            "symbol": self.market(symbol)["id"],
            "amount": amount_text,
            "price": price_text,
            "side": side,
        }
        return self.extend(request, params)

    # -- markets ------------------------------------------------------------------------------------

    def parse_currency(self, currency: Any) -> Any:
        id = reading.required(self, currency, "id")
        deposit = self.safe_bool(currency, "deposit_enabled")
        withdraw = self.safe_bool(currency, "withdraw_enabled")
        return self.safe_currency_structure(
            {
                "id": id,
                "code": self.safe_currency_code(id),
                "name": self.safe_string(currency, "name"),
                "active": None if deposit is None or withdraw is None else deposit and withdraw,
                "deposit": deposit,
                "withdraw": withdraw,
                "fee": None,
                "precision": None,
                "limits": {
                    "amount": {"min": None, "max": None},
                    "deposit": {"min": None, "max": None},
                    "withdraw": {"min": None, "max": None},
                },
                "networks": {},
                "type": "crypto",
                "info": currency,
            }
        )

    def parse_market(self, market: Any) -> Any:
        base_id = reading.required(self, market, "base_currency")
        quote_id = reading.required(self, market, "quote_currency")
        digits = reading.whole(self, market, "price_max_precision")
        tick = None if digits is None or not 0 <= digits <= 30 else self.parse_precision(str(digits))
        return spot_markets.spot_market(
            self,
            market,
            reading.required(self, market, "id"),
            base_id,
            quote_id,
            active=not self.is_past(self.safe_string(market, "expiration")),
            step=self.amount_step(market, tick),
            tick=tick,
            amounts=(
                reading.number_text(self, market, "base_min_size"),
                reading.number_text(self, market, "base_max_size"),
            ),
            prices=(tick, None),
        )

    def amount_step(self, market: Mapping[str, Any], tick: str | None) -> str | None:
        """`quote_increment` is the step of amounts, except where it merely repeats the price tick."""
        increment = reading.number_text(self, market, "quote_increment")
        least = reading.number_text(self, market, "base_min_size")
        rule = self.options["amountStep"]
        if rule == "auto":
            repeats = tick is not None and increment is not None and Precise.string_eq(increment, tick)
            rule = "base_min_size" if repeats else "quote_increment"
        return least if rule == "base_min_size" else increment

    def is_past(self, date: str | None) -> bool:
        if date is None or date == "NA":
            return False
        moment = self.parse_date(f"{date}T23:59:59Z" if DAY.fullmatch(date) else date)
        return moment is not None and moment < self.milliseconds()

    # -- public data --------------------------------------------------------------------------------

    def ticker_market_id(self, ticker: Mapping[str, Any]) -> str | None:
        """Rows of 2018 tell it in the address of its page only, those of 2020 as a pair."""
        id = self.safe_string_2(ticker, "symbol_id", "pair")
        page = None if id is not None else MARKET_PAGE.search(self.safe_string(ticker, "url", ""))
        return page[1] if page else id

    def parse_last_price(self, price: Any, market: Any = None) -> Any:
        return {
            "symbol": self.safe_symbol(self.ticker_market_id(price), market, "_"),
            "timestamp": None,
            "datetime": None,
            "price": self.parse_number(reading.number_text(self, price, "current_price")),
            "side": None,
            "info": price,
        }

    def parse_ticker(self, ticker: Any, market: Any = None) -> Any:
        market = self.safe_market(self.ticker_market_id(ticker), market, "_")
        share = reading.number_text(self, ticker, "fluctuation")
        last = reading.number_text(self, ticker, "current_price")
        return self.safe_ticker(
            {
                "symbol": market["symbol"],
                "timestamp": None,
                "datetime": None,
                "high": reading.number_text(self, ticker, "highest_price"),
                "low": reading.number_text(self, ticker, "lowest_price"),
                "bid": reading.number_text(self, ticker, "bid_1"),
                "bidVolume": reading.number_text(self, ticker, "bid_1_amount"),
                "ask": reading.number_text(self, ticker, "ask_1"),
                "askVolume": reading.number_text(self, ticker, "ask_1_amount"),
                "vwap": None,
                # ccxt takes the opening price from the change, unless that is zero.
                "open": last if Precise.string_eq(share, "0") else None,
                "close": last,
                "last": last,
                "previousClose": None,
                "change": None,
                "percentage": Precise.string_mul(share, "100"),
                "average": None,
                # Their names are swapped at the venue: `base_volume` counts the quote currency.
                "baseVolume": reading.number_text(self, ticker, "volume"),
                "quoteVolume": reading.number_text(self, ticker, "base_volume"),
                "info": ticker,
            },
            market,
        )

    def parse_ohlcv(self, ohlcv: Any, market: Any = None) -> list[Any]:
        volume = reading.number_text(self, ohlcv, "volume")
        close = reading.number_text(self, ohlcv, "current_price")
        if self.options["fetchOHLCV"]["volumeIsQuote"]:
            volume = Precise.string_div(volume, close)
        return [
            reading.moment(self, ohlcv, "timestamp"),
            self.parse_number(reading.number_text(self, ohlcv, "open_price")),
            self.parse_number(reading.number_text(self, ohlcv, "highest_price")),
            self.parse_number(reading.number_text(self, ohlcv, "lowest_price")),
            self.parse_number(close),
            self.parse_number(volume),
        ]

    def ohlcv_request(
        self, market: Mapping[str, Any], timeframe: str, since: int | None, limit: int | None, params: Any
    ) -> dict[str, Any]:
        """The venue gives the candles that open between `from` and `to`, both included."""
        if timeframe not in self.timeframes:
            raise BadRequest(f"{self.id} has no timeframe {timeframe!r}")
        until = self.safe_integer(params, "until")
        most = self.options["fetchOHLCV"]["maxCandles"]
        span = min(limit or most, most) * int(self.timeframes[timeframe]) * 60_000
        start, end = since, until
        if start is None:
            end = self.nonce() if end is None else end
            start = end - span
        elif end is None:
            end = start + span - 1
        else:
            end = min(end, start + span - 1)
        request = {"symbol": market["id"], "step": self.timeframes[timeframe], "from": start, "to": end}
        return self.extend(request, self.omit(params, "until"))

    def parse_book(self, answer: Any, symbol: str, limit: int | None = None) -> Any:
        return order_books.parse_levels(self, answer, symbol, limit, "buys", "sells")

    def parse_trade(self, trade: Any, market: Any = None) -> Any:
        if "count" in trade:
            return self.parse_public_trade(trade, market)
        return self.parse_own_trade(trade, market)

    def oldest_first(self, trades: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Public trades in their sequence: they have no id by which ccxt could sort those of one moment."""
        ends = [reading.moment(self, trade, "order_time", "time") for trade in (*trades[:1], *trades[-1:])]
        return trades[::-1] if ends and ends[0] >= ends[-1] else trades

    def parse_public_trade(self, trade: Mapping[str, Any], market: Any) -> Any:
        timestamp = reading.moment(self, trade, "order_time", "time")
        return self.safe_trade(
            {
                "id": None,
                "order": None,
                "symbol": self.safe_symbol(None, market),
                "timestamp": timestamp,
                "datetime": self.iso8601(timestamp),
                "type": None,
                "side": reading.side_of(self, trade, "type", "side"),
                "takerOrMaker": None,
                "price": reading.number_text(self, trade, "price"),
                # Their names mislead: `count` is the base amount, `amount` what was paid for it.
                "amount": reading.number_text(self, trade, "count"),
                "cost": reading.number_text(self, trade, "amount"),
                "fee": None,
                "info": trade,
            },
            market,
        )

    # -- the account --------------------------------------------------------------------------------

    def parse_balance(self, response: Any) -> Any:
        result: dict[str, Any] = {"info": response, "timestamp": None, "datetime": None}
        for row in reading.rows(self, response):
            account = self.account()
            account["free"] = reading.number_text(self, row, "available")
            account["used"] = reading.number_text(self, row, "frozen")
            result[self.safe_currency_code(reading.required(self, row, "id"))] = account
        return self.safe_balance(result)

    def held_currencies(self, response: Any) -> set[str]:
        """The ids of those of which something is held, for orders among other things."""
        frozen = {
            reading.required(self, row, "id"): reading.number_text(self, row, "frozen")
            for row in reading.rows(self, response)
        }
        return {id for id, text in frozen.items() if text is None or not Precise.string_eq(text, "0")}

    def listed_ids(self, answer: Any) -> list[str]:
        """The ids of all markets, as `symbols` tells them."""
        if not isinstance(answer, list) or not all(isinstance(id, str) for id in answer):
            raise BadResponse(f"{self.id} expected a list of symbols, got {reading.excerpt(self, answer)}")
        return answer

    def parse_order(self, order: Any, market: Any = None) -> Any:
        market = self.safe_market(self.safe_string(order, "symbol"), market, "_")
        timestamp = reading.moment(self, order, "timestamp")
        side = reading.side_of(self, order, "side")
        return self.safe_order(
            {
                "id": reading.required(self, order, "entrust_id"),
                "clientOrderId": None,
                "timestamp": timestamp,
                "datetime": self.iso8601(timestamp),
                "lastTradeTimestamp": None,
                "symbol": market["symbol"],
                "type": "limit",
                "timeInForce": "GTC",
                "postOnly": False,
                "side": side,
                "price": reading.number_text(self, order, "price"),
                "triggerPrice": None,
                "amount": reading.number_text(self, order, "original_amount"),
                "filled": reading.number_text(self, order, "executed_amount"),
                "remaining": reading.number_text(self, order, "remaining_amount"),
                "cost": None,
                "average": None,
                "status": ORDER_STATUSES.get(self.safe_string(order, "status", "")),
                "fee": self.fee_of(side, reading.number_text(self, order, "fees"), market),
                "trades": None,
                "info": order,
            },
            market,
        )

    def new_order_id(self, answer: Any) -> str | None:
        return self.safe_string(answer, "entrust_id") if isinstance(answer, dict) else None

    def parse_new_order(self, answer: Any, request: Mapping[str, Any]) -> Any:
        """The answer has the id only; the rest is what was asked for."""
        if self.error_text(reading.record(self, answer)) is not None:
            raise BadResponse(f"{self.id} answered an order with {reading.excerpt(self, answer)}")
        market = self.safe_market(request["symbol"], None, "_")
        return self.safe_order(
            {
                "id": reading.required(self, answer, "entrust_id"),
                "symbol": market["symbol"],
                "type": "limit",
                "timeInForce": "GTC",
                "side": request["side"],
                "price": request["price"],
                "amount": request["amount"],
                "info": answer,
            },
            market,
        )

    def parse_cancel(self, answer: Any, market: Any, known: Mapping[str, str]) -> Any:
        """The answer, `{}`, says that the request was accepted, and no more: the status is not known."""
        if answer != {}:
            raise BadResponse(f"{self.id} answered a cancel with {reading.excerpt(self, answer)}")
        symbol = self.safe_string(market, "symbol")
        return self.safe_order({"symbol": symbol, "info": answer, **known}, market)

    def parse_own_trade(self, trade: Mapping[str, Any], market: Any) -> Any:
        market = self.safe_market(self.safe_string(trade, "symbol"), market, "_")
        timestamp = reading.moment(self, trade, "timestamp")
        order = self.safe_string(trade, "entrust_id")
        amount = reading.number_text(self, trade, "amount")
        price = reading.number_text(self, trade, "price")
        fee = reading.number_text(self, trade, "fees")
        side = self.trade_side(trade)
        return self.safe_trade(
            {
                "id": reading.required(self, trade, "trade_id"),
                "order": order,
                "symbol": market["symbol"],
                "timestamp": timestamp,
                "datetime": self.iso8601(timestamp),
                "type": "limit",
                "side": side,
                "takerOrMaker": None,
                "price": price,
                "amount": amount,
                "cost": None,
                "fee": self.fee_of(side, fee, market),
                "info": trade,
            },
            market,
        )

    def trade_side(self, trade: Mapping[str, Any]) -> str | None:
        """The side of an own trade, which the venue tells only sometimes."""
        side = {"0": "buy", "1": "sell"}.get(self.safe_string(trade, "entrustType", ""))
        side = side or self.order_sides().get(self.safe_string(trade, "entrust_id", ""))
        return side or self.side_from_fee(
            *(reading.number_text(self, trade, key) for key in ("fees", "amount", "price"))
        )

    def fee_of(self, side: str | None, cost: str | None, market: Mapping[str, Any]) -> Any:
        """Fees are taken from what an order receives."""
        if cost is None:
            return None
        currency = {"buy": market["base"], "sell": market["quote"]}.get(side or "")
        return {"cost": self.parse_number(cost), "currency": currency}

    def side_from_fee(self, fee: str | None, amount: str | None, price: str | None) -> str | None:
        """The one side on which a fee of this size makes sense, if there is just one."""
        if not self.options["fetchMyTrades"]["inferSideFromFee"] or None in (fee, amount, price):
            return None
        volumes = {"buy": amount, "sell": Precise.string_mul(amount, price)}
        fitting = [
            side
            for side, volume in volumes.items()
            if Precise.string_gt(fee, "0")
            and Precise.string_le(fee, Precise.string_mul(volume, HIGHEST_FEE_RATE))
        ]
        return fitting[0] if len(fitting) == 1 else None

    def order_sides(self) -> dict[str, str]:
        """The sides of orders that this instance has placed or seen, by order id."""
        if self._order_sides is None:
            self._order_sides = {}
        return self._order_sides

    _order_sides: dict[str, str] | None = None

    def remember(self, order: Mapping[str, Any]) -> None:
        sides = self.order_sides()
        if order["id"] is not None and order["side"] is not None:
            sides[order["id"]] = order["side"]
            if len(sides) > REMEMBERED_SIDES:
                del sides[next(iter(sides))]

    # -- errors -------------------------------------------------------------------------------------

    def handle_errors(
        self,
        code: int,
        reason: str,
        url: str,
        method: str,
        headers: Any,
        body: Any,
        response: Any,
        request_headers: Any,
        request_body: Any,
    ) -> None:
        message = self.error_text(response)
        if message is not None and self.is_gone(code, method, url, message):
            raise OrderNotFound(f"{self.id} {self.redact(message)}")
        if code == 401 and not url.endswith("/authentication"):
            raise TokenRefused(f"{self.id} {self.redact(message or reason)}")
        if message is None or not self.may_have_been_done(code, method, url, message, response):
            refusals.refuse(self, code, reason, message, body)
        reading.check_json(self, response, body)

    def error_text(self, response: Any) -> str | None:
        """What the venue, or a server like it, says that went wrong."""
        return (
            self.safe_string_n(response, ["message", "msg", "error"]) if isinstance(response, dict) else None
        )

    def is_gone(self, code: int, method: str, url: str, message: str) -> bool:
        """Whether the venue says that there is no such order, or that it has ended."""
        if code >= 500 or method == "POST":
            return False
        of_order = "/orders/" in url
        return (of_order and (code == 404 or message == "Not found")) or refusals.by_words(
            self, GONE, message
        ) is not None

    def may_have_been_done(self, code: int, method: str, url: str, message: str, response: Any) -> bool:
        """Whether an order may be placed or cancelled though the answer, a success, has an error's text.

        A refusal has another status. Only a limit is told with this one too, and precedes processing. Of all
        else, whoever reads the answer says that nothing is certain.
        """
        if not 200 <= code < 300 or method not in ("POST", "DELETE") or "/orders" not in url:
            return False
        kind = refusals.by_words(self, self.exceptions["broad"], message)
        return "entrust_id" in response or kind is not RateLimitExceeded
