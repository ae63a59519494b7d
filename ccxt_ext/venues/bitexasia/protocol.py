"""BitexAsia v1 without the network: signing, requests, answers, errors."""

import base64
import binascii
import hmac
import re
import secrets
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from ccxt.base.errors import (
    AuthenticationError,
    BadRequest,
    BadResponse,
    BadSymbol,
    ExchangeError,
    InvalidOrder,
    NotSupported,
    OrderNotFound,
)
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading, refusals, spot_markets
from ccxt_ext.venue.orders import checks
from ccxt_ext.venue.requests import building
from ccxt_ext.venue.surface.compat import section
from ccxt_ext.venue.venue import Venue, compact_json
from ccxt_ext.venues.bitexasia.metadata import DOES_ANYWAY, UNDERSTANDS, metadata
from ccxt_ext.venues.bitexasia.nonces import nonces

DEFAULT_DEPTH = 100  # of an order book, for everyone
ACCOUNTS = ("spot", "margin", "earn")
TRIGGERS = ("triggerPrice", "stopPrice", "stopLossPrice")
# A stop order triggers in the direction of its side.
DIRECTIONS = {"buy": ("up", "above", "ascending"), "sell": ("down", "below", "descending")}
FEWEST_NONCE_DIGITS = 8

_WHOLE = re.compile(r"\d{1,16}")
_DECIMAL = re.compile(r"\d{1,16}(\.\d+)?")
_FIRST_MS = 100_000_000_000  # as seconds this would be the year 5138
_END_MS = 10**16


class Protocol(Venue):
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
        query = building.query_of(self, path, params)
        target = f"/{self.version}/{building.path_of(self, path, params)}"
        if method != "GET":
            headers = {"Content-Type": "application/json"}
            body = (
                self.order_body(query) if query or path == "orders" else self.options["cancelOrder"]["body"]
            )
        elif query:
            target += "?" + self.urlencode(query)
        if section(api) == "private" or self.options["signPublic"] or self.is_deep(query):
            self.check_required_credentials()
            headers = {**self.signed_headers(method, target, body or ""), **(headers or {})}
        return {
            "url": self.urls["api"]["rest"] + target,
            "method": method,
            "body": body or None,
            "headers": headers,
        }

    def is_deep(self, query: Mapping[str, Any]) -> bool:
        """Whether an order book is asked for that only an account may see, and there is one."""
        depth = self.safe_integer(query, self.options["fetchOrderBook"]["depthParameter"], 0)
        return bool(depth > DEFAULT_DEPTH and self.apiKey and self.secret)

    def order_body(self, fields: Mapping[str, Any]) -> str:
        """Compact, in the order of the fields, with every number as text."""
        texts = {
            name: self.number_to_string(value) if self.is_number(value) else value
            for name, value in fields.items()
            if value is not None
        }
        return compact_json(texts)

    def is_number(self, value: Any) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool)

    def signed_headers(self, method: str, target: str, body: str) -> dict[str, str]:
        options = self.options["signature"]
        now = self.nonce()
        timestamp = str(now // 1000 if options["timestampUnit"] == "s" else now)
        nonce = self.request_nonce()
        parts = {
            "method": method,
            "path": target,
            "body": body,
            "timestamp": timestamp,
            "nonce": nonce,
            "apiKey": self.apiKey,
        }
        return {
            "X-Api-Key": self.apiKey,
            "X-Api-Timestamp": timestamp,
            "X-Api-Nonce": nonce,
            "X-Api-Signature": self.signature(
                options["separator"].join(parts[name] for name in options["order"])
            ),
        }

    def request_nonce(self) -> str:
        return nonces.next(max(int(self.options["signature"]["nonceLength"]), FEWEST_NONCE_DIGITS))

    def signature(self, message: str) -> str:
        options = self.options["signature"]
        digest = hmac.digest(self.secret_bytes(), message.encode(), options["hash"])
        if options["digest"] == "base64":
            return base64.b64encode(digest).decode()
        text = digest.hex()
        return text.upper() if options["digest"] == "hexUpper" else text

    def secret_bytes(self) -> bytes:
        encoding = self.options["signature"]["secretEncoding"]
        secret = str(self.secret)
        try:
            if encoding == "hex":
                return bytes.fromhex(secret)
            if encoding == "base64":
                return base64.b64decode(secret, validate=True)
        except (ValueError, binascii.Error):
            raise AuthenticationError(f"{self.id} the secret is not {encoding}") from None
        return secret.encode()

    def calculate_rate_limiter_cost(
        self, api: Any, method: Any, path: Any, params: Any, config: Any = {}
    ) -> Any:
        """The venue counts weights; a deep order book weighs more."""
        weight = self.options["weights"].get(path)
        if weight is None:
            weight = config.get("byDepth", config.get("cost", 1))
        if not isinstance(weight, list):
            return weight
        depth = self.safe_integer(params, self.options["fetchOrderBook"]["depthParameter"], DEFAULT_DEPTH)
        return next((cost for most, cost in weight if depth <= most), weight[-1][1])

    # -- orders -------------------------------------------------------------------------------------

    def order_request(
        self, symbol: str, type: str, side: str, amount: Any, price: Any, params: Mapping[str, Any]
    ) -> dict[str, Any]:
        options = self.options["createOrder"]
        by_cost = options["marketBuyByCost"] and (type, side) == ("market", "buy")
        rest = checks.refuse_order_params(
            self, params, [name for name in UNDERSTANDS["createOrder"] if by_cost or name != "cost"]
        )
        if by_cost:
            size, price_text = self.cost_text(symbol, amount, price, rest.pop("cost", None)), None
        else:
            size, price_text = checks.check_order(self, symbol, side, amount, price, type)
        stop_price = self.take_stop_price(symbol, side, rest)
        time_in_force = self.take_time_in_force(rest)
        client_order_id = self.take_client_order_id(rest)
        request = {
            "pair": self.market(symbol)["id"],
            "side": side,
            "type": type if stop_price is None else "stop",
            "price": price_text,
            "size": size,
            options["stopPriceParameter"]: stop_price,
            options["timeInForceParameter"]: time_in_force,
            "client_order_id": client_order_id,
        }
        return self.extend({name: value for name, value in request.items() if value is not None}, rest)

    def cost_text(self, symbol: str, amount: Any, price: Any, cost: Any) -> str:
        """What a market buy is to cost, for a venue that takes that instead of a size."""
        if cost is None:
            if price is None:
                raise InvalidOrder(f"{self.id} createOrder() needs a price or a cost for a market buy")
            checks.positive(self, amount, "amount")
            checks.positive(self, price, "price")
            cost = Precise.string_mul(self.number_to_string(amount), self.number_to_string(price))
        checks.positive(self, cost, "cost")
        return checks.to_precision(self, "cost", symbol, cost)

    def take_stop_price(self, symbol: str, side: str, rest: dict[str, Any]) -> str | None:
        given = {name: rest.pop(name, None) for name in (*TRIGGERS, "triggerDirection", "triggerPriceType")}
        direction, source = given.pop("triggerDirection"), given.pop("triggerPriceType")
        prices = [price for price in given.values() if price is not None]
        if not prices:
            return None
        if len(prices) > 1:
            raise InvalidOrder(f"{self.id} createOrder() takes one of {', '.join(TRIGGERS)}")
        if direction not in (None, *DIRECTIONS[side]):
            raise NotSupported(f"{self.id} a {side} stop cannot trigger {direction}: it follows its side")
        if source not in (None, "last"):
            raise NotSupported(f"{self.id} stop orders are triggered by the last price, not by {source}")
        checks.positive(self, prices[0], "stop price")
        return checks.to_precision(self, "price", symbol, prices[0])

    def take_time_in_force(self, rest: dict[str, Any]) -> str | None:
        given = rest.pop("timeInForce", None)
        if given is None:
            return None
        text = str(given).upper()
        if text not in ("GTC", "IOC", "FOK"):
            raise NotSupported(f"{self.id} createOrder() does not support timeInForce={given!r}")
        return text

    def take_client_order_id(self, rest: dict[str, Any]) -> str | None:
        options = self.options["createOrder"]
        raw = rest.pop("client_order_id", None)
        given = rest.pop("clientOrderId", None) or raw
        if given is None:
            return self.new_client_order_id() if options["autoClientOrderId"] else None
        text = str(given)
        if not re.fullmatch(options["clientOrderIdPattern"], text):
            raise InvalidOrder(
                f"{self.id} clientOrderId {text} does not match {options['clientOrderIdPattern']}"
            )
        return text

    def new_client_order_id(self) -> str:
        return secrets.token_hex(16)

    def parse_order(self, order: Any, market: Any = None) -> Any:
        market = self.market_of(order, market)
        timestamp = self.when(order, "created_at")
        filled = self.figure(order, "filled_size")
        average = self.figure(order, "avg_fill_price")
        price = self.figure(order, "price")
        kind = self.word(order, "type")
        if kind == "stop":
            kind = "limit" if price is not None and Precise.string_gt(price, "0") else "market"
        status = self.options["orderStatuses"].get(self.word(order, "status"))
        return self.safe_order(
            {
                "id": self.needed(order, "id"),
                "clientOrderId": self.told_text(order, "client_order_id"),
                "timestamp": timestamp,
                "datetime": self.iso8601(timestamp),
                "lastTradeTimestamp": None,
                "symbol": market["symbol"],
                "type": kind,
                "timeInForce": self.safe_string_upper(order, self.named(order, "time_in_force")),
                "postOnly": False,
                "side": reading.side_of(self, order, "side"),
                "price": price,
                "triggerPrice": self.figure(order, "stop_price"),
                "amount": self.figure(order, "size"),
                "filled": filled,
                "remaining": self.figure(order, "remaining_size"),
                "cost": Precise.string_mul(filled, average),
                "average": average,
                "status": status,
                "fee": None,
                "trades": None,
                "info": order,
            },
            market,
        )

    def parse_new_order(self, answer: Any, request: Mapping[str, Any], market: Any) -> Any:
        """The answer has the id and the state; what it leaves out is what was asked for."""
        raw = reading.record(self, self.unwrap(answer))
        self.check_no_error(answer, raw)
        by_cost = self.options["createOrder"]["marketBuyByCost"] and request["side"] == "buy"
        if by_cost and "price" not in request:
            request = self.omit(request, "size")  # it is what the order is to cost
        order = self.parse_order({**request, **raw}, market)
        order["info"] = raw
        return order

    def parse_canceled_order(self, answer: Any, id: str, market: Any) -> Any:
        """The answer shows the order as it is afterwards (S7, A17), which is not open any more."""
        raw = reading.record(self, self.unwrap(answer))
        self.check_no_error(answer, raw)
        order = self.parse_order({"id": id, **raw}, market)
        if order["id"] != id or order["status"] in (None, "open"):
            raise BadResponse(f"{self.id} expected order {id} cancelled, got {reading.excerpt(self, answer)}")
        order["info"] = raw
        return order

    def check_no_error(self, answer: Any, order: Mapping[str, Any]) -> None:
        """An error's text beside or instead of an order leaves open what happened. A message beside an order
        with its state may be a kind word."""
        has_state = self.told_text(order, "id") is not None and self.told_text(order, "status") is not None
        if answer.get("error") or (("message" in order or "message" in answer) and not has_state):
            raise BadResponse(f"{self.id} {reading.excerpt(self, answer)}")

    def told_order_id(self, answer: Any) -> str | None:
        raw = self.unwrap(answer)
        return self.told_text(raw, "id") if isinstance(raw, dict) else None

    # -- answers ------------------------------------------------------------------------------------

    def unwrap(self, answer: Any) -> Any:
        for envelope in self.options["envelopes"]:
            inner = answer.get(envelope) if isinstance(answer, dict) else None
            if isinstance(inner, dict | list):
                answer = inner
        return answer

    def named(self, row: Mapping[str, Any], field: str) -> str:
        """The name that a field has in an answer."""
        for name in self.options["aliases"].get(field, ()):
            if row.get(name) not in (None, ""):
                return name
        return field

    def told_text(self, row: Mapping[str, Any], field: str) -> str | None:
        return self.safe_string(row, self.named(row, field))

    def figure(self, row: Mapping[str, Any], field: str) -> str | None:
        return reading.number_text(self, row, self.named(row, field))

    def needed(self, row: Mapping[str, Any], field: str) -> str:
        return reading.required(self, row, self.named(row, field))

    def word(self, row: Mapping[str, Any], field: str) -> str | None:
        """A value out of a fixed list, without regard to how it is written."""
        text = self.told_text(row, field)
        return None if text is None else text.strip().lower().replace("-", "_").replace(" ", "_")

    def when(self, row: Mapping[str, Any], field: str) -> int | None:
        """Milliseconds, of a number of them, of seconds, or of an ISO 8601 text."""
        plain = self.plain_time(row.get(self.named(row, field)))
        if plain is not None:
            return plain
        unit = self.options["timestampUnit"]
        text = self.told_text(row, field)
        if text is None:
            return None
        if _DECIMAL.fullmatch(text):
            if unit == "ms" or (unit == "auto" and int(text.partition(".")[0]) >= _FIRST_MS):
                return int(text.partition(".")[0])
            return int(Precise.string_mul(text, "1000").partition(".")[0])
        moment = self.parse8601(text)
        if moment is None:
            raise BadResponse(f"{self.id} expected a time for {field}, got {reading.excerpt(self, text)}")
        return moment

    def plain_time(self, told: Any) -> int | None:
        """A time as nearly all are, in milliseconds; None for any other."""
        is_plain = type(told) is int and _FIRST_MS <= told < _END_MS
        return told if is_plain and self.options["timestampUnit"] in ("auto", "ms") else None

    def market_of(self, row: Mapping[str, Any], market: Any) -> Any:
        """The market that an answer names, or the one that was asked about."""
        id = self.told_text(row, "pair")
        separator = self.options["pairSeparator"]
        if id is None or id in (self.markets_by_id or {}):
            return self.safe_market(id, market)
        if all(id.split(separator)) and separator in id:
            return self.safe_market(id, market, separator)
        raise BadResponse(f"{self.id} expected a pair, got {reading.excerpt(self, id)}")

    # -- markets ------------------------------------------------------------------------------------

    def parse_market(self, market: Any) -> Any:
        id = self.needed(market, "pair")
        first, _, last = id.rpartition(self.options["pairSeparator"])
        base_id = self.safe_string(market, "base", first)
        quote_id = self.safe_string(market, "quote", last)
        if not base_id or not quote_id:
            raise BadResponse(
                f"{self.id} expected the currencies of a pair in {reading.excerpt(self, market)}"
            )
        step = self.figure(market, "size_step") or self.options["amountStep"]
        status = self.word(market, "status")
        return spot_markets.spot_market(
            self,
            market,
            id,
            base_id,
            quote_id,
            active=None if status is None else self.options["marketStatuses"].get(status, False),
            step=step,
            tick=self.figure(market, "tick_size"),
            amounts=(self.figure(market, "min_size"), None),
        )

    def parse_ticker(self, ticker: Any, market: Any = None) -> Any:
        options = self.options["ticker"]
        market = self.market_of(ticker, market)
        timestamp = self.when(ticker, "timestamp")
        last = self.figure(ticker, "last")
        change = self.figure(ticker, "change_24h")
        percentage = None
        if options["changeUnit"] != "absolute":
            factor = "100" if options["changeUnit"] == "fraction" else "1"
            percentage, change = Precise.string_mul(change, factor), None
        volume = self.figure(ticker, "volume_24h")
        return self.safe_ticker(
            {
                "symbol": market["symbol"],
                "timestamp": timestamp,
                "datetime": self.iso8601(timestamp),
                "high": None,
                "low": None,
                "bid": self.figure(ticker, "bid"),
                "bidVolume": None,
                "ask": self.figure(ticker, "ask"),
                "askVolume": None,
                "vwap": None,
                "open": None,
                "close": last,
                "last": last,
                "previousClose": None,
                "change": change,
                "percentage": percentage,
                "average": None,
                "baseVolume": None if options["volumeIsQuote"] else volume,
                "quoteVolume": volume if options["volumeIsQuote"] else None,
                "info": ticker,
            },
            market,
        )

    def book_request(self, market: Mapping[str, Any], limit: int | None) -> dict[str, Any]:
        """More than the first levels are for accounts only, and there is no size between."""
        options = self.options["fetchOrderBook"]
        request = {"pair": market["id"]}
        deep = limit is not None and limit > DEFAULT_DEPTH and options["maxDepth"] > DEFAULT_DEPTH
        if deep and self.apiKey and self.secret:
            request[options["depthParameter"]] = options["maxDepth"]
        return request

    def parse_book(self, answer: Any, symbol: str, limit: int | None) -> Any:
        book = reading.record(self, self.unwrap(answer))
        levels = {side: [self.level(entry) for entry in self.listed(book, side)] for side in ("bids", "asks")}
        parsed = self.parse_order_book(levels, symbol, self.when(book, "timestamp"))
        for side in levels:
            parsed[side] = parsed[side][:limit]
        parsed["nonce"] = reading.whole(self, book, self.named(book, "sequence"))
        return parsed

    def listed(self, book: Mapping[str, Any], side: str) -> list[Any]:
        entries = book.get(side)
        if isinstance(entries, list):
            return entries
        raise BadResponse(f"{self.id} expected {side} in {reading.excerpt(self, book)}")

    def level(self, entry: Any) -> list[str]:
        row = dict(zip(("price", "size"), entry, strict=False)) if isinstance(entry, list) else entry
        if isinstance(row, dict):
            price, size = reading.number_text(self, row, "price"), self.figure(row, "size")
            if price is not None and size is not None:
                return [price, size]
        raise BadResponse(f"{self.id} sent a level without price or size: {reading.excerpt(self, entry)}")

    # -- the account --------------------------------------------------------------------------------

    def parse_balance(self, response: Any, wanted: str | None = None) -> Any:
        wanted = wanted or self.options["fetchBalance"]["type"]
        self.check_account(wanted)
        result: dict[str, Any] = {"info": response, "timestamp": None, "datetime": None}
        for row in self.balance_rows(self.unwrap(response)):
            if (self.word(row, "account") or "spot") == wanted:
                account = self.account()
                account["free"] = self.figure(row, "available")
                account["used"] = self.figure(row, "locked")
                account["total"] = self.figure(row, "total")
                result[self.safe_currency_code(self.needed(row, "asset"))] = account
        return self.safe_balance(result)

    def check_account(self, wanted: Any) -> None:
        if wanted not in ACCOUNTS:
            raise BadRequest(f"{self.id} has balances of {', '.join(ACCOUNTS)}, not of {wanted!r}")

    def balance_rows(self, answer: Any, known: Mapping[str, Any] = {}) -> Iterator[dict[str, Any]]:
        """Rows in any of the shapes that are accepted, each with its account and asset."""
        if isinstance(answer, list):
            for row in reading.rows(self, answer):
                yield {**known, **row}
            return
        record = reading.record(self, answer)
        if "balances" in record:
            yield from self.balance_rows(record["balances"], known)
            return
        for name, value in record.items():
            if name.lower() in ACCOUNTS:
                yield from self.balance_rows(value, {"account": name})
            else:
                yield {**known, "asset": name, **reading.record(self, value)}

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
        done = 200 <= code < 300
        told = self.told_error(response, done)
        if told is not None and done and method == "POST" and not self.is_refusal(response, told[0]):
            told = None  # what came of it, only the order tells
        if told is not None:
            self.raise_told(code, url, headers, *told)
        if isinstance(response, dict) and not done:
            raise self.class_of(code, url)(f"{self.id} {code} {reason} {reading.excerpt(self, body)}")
        refusals.refuse(self, code, reason, None, body)
        reading.check_json(self, response, body)

    def told_error(self, answer: Any, done: bool) -> tuple[str, str] | None:
        """The code and the text of an error body, in any of the shapes that are accepted."""
        if not isinstance(answer, dict):
            return None
        error = answer.get("error")
        if isinstance(error, str) and error:
            return error, error
        if isinstance(error, dict):
            answer = error
        elif not {"code", "message"} & set(answer) or (done and not set(answer) <= {"code", "message"}):
            return None
        code, message = self.safe_string(answer, "code", ""), self.safe_string(answer, "message", "")
        return code, f"{code} {message}".strip() or "an error without a text"

    def is_refusal(self, answer: Any, code: str) -> bool:
        """Whether a success is none: its code is one of refusals, and there is no order."""
        return code in self.exceptions["exact"] and self.told_order_id(answer) is None

    def raise_told(self, status: int, url: str, headers: Any, code: str, text: str) -> NoReturn:
        feedback = f"{self.id} {self.redact(text)}"
        wait = self.told_wait(headers) if status == 429 else None
        if wait is not None:
            feedback += f" - try again in {wait} s"
        if status < 500 or self.exceptions["exact"].get(code) is not OrderNotFound:
            self.throw_exactly_matched_exception(self.exceptions["exact"], code, feedback)
        if status < 500:  # the words may be those of something in front of the venue
            self.throw_broadly_matched_exception(self.exceptions["broad"], text, feedback)
        raise self.class_of(status, url)(feedback)

    def class_of(self, status: int, url: str) -> type[Exception]:
        """What a refusal means by its status and path, for want of a code that is known."""
        if 200 <= status < 300:
            return ExchangeError
        if status == 404 and "/orders/" in url:
            return OrderNotFound
        if status == 404 and ("/ticker/" in url or "/orderbook/" in url):
            return BadSymbol
        by_status: type[Exception] | None = self.exceptions["status"].get(str(status))
        return by_status or refusals.status_class(self, status)

    def told_wait(self, headers: Any) -> int | None:
        names = self.options["rateLimitHeaders"]
        given = {str(name).lower(): str(value) for name, value in (headers or {}).items()}
        seconds, end = (given.get((names.get(name) or "").lower(), "") for name in ("retryAfter", "reset"))
        if _WHOLE.fullmatch(seconds):
            return int(seconds)
        return max(int(end) - self.nonce() // 1000, 0) if _WHOLE.fullmatch(end) else None
