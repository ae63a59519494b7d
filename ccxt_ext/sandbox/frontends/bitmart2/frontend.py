"""BitMart openapi v2: tokens, signatures, checks and answers as the venue gives them.

Where the venue's documents are silent, docs/sandbox.md says what is done here.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode

from ccxt_ext.sandbox.engine import Engine, Fill, Market, MarketSpec, Order, Refused, Side
from ccxt_ext.sandbox.engine.exact import multiply, units
from ccxt_ext.sandbox.frontend import (
    PLAIN_DECIMAL,
    RELAXED_FACTOR,
    BaseFrontend,
    Limits,
    OptionTable,
    Refusal,
    Request,
    Response,
    Stream,
    VenueClock,
    Window,
    Wire,
    decimal_text,
    flag,
    json_response,
    one_of,
)
from ccxt_ext.sandbox.frontends.bitmart2.rows import (
    CURRENCIES,
    FUNDS,
    LISTINGS,
    MISSING,
    STEPS_MIN,
    Listing,
    book_rows,
    fixed,
    my_trade_row,
    order_row,
    order_status,
    places,
    public_trade_row,
    ticker_row,
)
from ccxt_ext.sandbox.frontends.bitmart2.stream import PublicStream

CANDLES_KEPT = 500
PUBLIC_TRADES = 100
TOKEN_LIFE_MS = 900_000
TIMESTAMP_WINDOW_MS = 60_000
CALLS_PER_MINUTE = 90
TOKENS_PER_MINUTE = 5
RATE_LIMIT_MS = 667
LARGEST_PAGE = 1000
CONNECT_INTERVAL_MS = 4_000
PRICE_GUARD = Decimal(5)

STATUS_6 = (
    "Invalid status. status=6 not support any more, please use 3:deal_success orders, 4:cancelled orders"
)
TWO_TOKENS = "Trading with more than one token at the same time is forbidden"

PUBLIC = "public"
PRIVATE = "private"
SIGNED = "signed"


@dataclass(frozen=True)
class Key:
    account: str
    api_key: str
    secret: str
    memo: str


@dataclass(frozen=True)
class Token:
    value: str
    key: Key
    expires: int


class Frontend(BaseFrontend[Listing]):
    id = "bitmart2"
    has_streams = True
    ROUTES = (
        ("GET", "/v2/ping", "ping"),
        ("GET", "/v2/time", "time"),
        ("GET", "/v2/steps", "steps"),
        ("GET", "/v2/currencies", "currencies"),
        ("GET", "/v2/symbols", "symbols"),
        ("GET", "/v2/symbols_details", "symbols_details"),
        ("GET", "/v2/ticker", "ticker"),
        ("GET", "/v2/ticker/", "ticker"),
        ("GET", "/v2/symbols/{symbol}/kline", "kline"),
        ("GET", "/v2/symbols/{symbol}/orders", "order_book"),
        ("GET", "/v2/symbols/{symbol}/trades", "public_trades"),
        ("POST", "/v2/authentication", "authentication"),
        ("GET", "/v2/wallet", "wallet"),
        ("GET", "/v2/orders", "orders"),
        ("GET", "/v2/orders/{entrust_id}", "order_details"),
        ("GET", "/v2/trades", "my_trades"),
        ("POST", "/v2/orders", "create_order"),
        ("DELETE", "/v2/orders/{entrust_id}", "cancel_order"),
        ("DELETE", "/v2/orders", "cancel_orders"),
    )

    OPTIONS: ClassVar[OptionTable] = {
        "token.clientSecret": one_of("hmac", "secret"),
        "clientSecret": one_of("hmac", "secret", as_client="token.clientSecret"),
        "signCancelAll": flag(),
        "entrustType": flag(of_client=False),
    }

    def __init__(
        self, clock: VenueClock, seed: int, limits: Limits, options: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(clock, seed, limits, options or {})
        self.engine = Engine(
            self.id,
            [listing.spec() for listing in LISTINGS],
            clock.engine_clock,
            seed,
            [(minutes * 60_000, CANDLES_KEPT) for minutes in STEPS_MIN],
        )
        self.listings = {listing.id: listing for listing in LISTINGS}
        self.currencies = dict(CURRENCIES)
        self._keys: dict[str, Key] = {}
        self._accounts: dict[str, Key] = {}
        self._tokens: dict[str, Token] = {}
        self._trading: dict[str, list[str]] = {}
        self._calls = Window(CALLS_PER_MINUTE * self.limit_factor)
        self._logins = Window(TOKENS_PER_MINUTE * self.limit_factor)
        self._connections = Window(self.limit_factor, CONNECT_INTERVAL_MS)
        # A memo may look like a number, and is text all the same.
        for account, memo in (("config", "sandbox memo"), ("counterparty", "0042")):
            self.engine.open_account(account, FUNDS)
            self.add_key(account, _digest(account, "key")[:32], _digest(account, "secret")[:32], memo)
        actions: dict[str, tuple[str, Callable[..., Any]]] = {
            "ping": (PUBLIC, self._ping),
            "time": (PUBLIC, self._time),
            "steps": (PUBLIC, self._steps),
            "currencies": (PUBLIC, self._currencies),
            "symbols": (PUBLIC, self._symbols),
            "symbols_details": (PUBLIC, self._symbols_details),
            "ticker": (PUBLIC, self._ticker),
            "kline": (PUBLIC, self._kline),
            "order_book": (PUBLIC, self._order_book),
            "public_trades": (PUBLIC, self._public_trades),
            "authentication": (PUBLIC, self._authentication),
            "wallet": (PRIVATE, self._wallet),
            "orders": (PRIVATE, self._orders),
            "order_details": (PRIVATE, self._order_details),
            "my_trades": (PRIVATE, self._my_trades),
            "create_order": (SIGNED, self._create_order),
            "cancel_order": (SIGNED, self._cancel_order),
            "cancel_orders": (SIGNED, self._cancel_orders),
        }
        self._actions = actions

    def add_key(self, account: str, api_key: str, secret: str, memo: str) -> None:
        key = Key(account, api_key, secret, memo)
        self._keys[api_key] = key
        self._accounts.setdefault(account, key)

    def config(self, account: str, http_url: str, ws_url: str) -> dict[str, Any]:
        key = self._accounts[account]
        config: dict[str, Any] = {
            "apiKey": key.api_key,
            "secret": key.secret,
            "uid": key.memo,
            "urls": {"api": {"rest": http_url, "ws": ws_url}},
            "rateLimit": RATE_LIMIT_MS,
        }
        if self.limits == "relaxed":
            config["rateLimit"] = -(-RATE_LIMIT_MS // RELAXED_FACTOR)
            config["options"] = {
                "token": {"maxPerMinute": TOKENS_PER_MINUTE * RELAXED_FACTOR},
                "ws": {"connectInterval": CONNECT_INTERVAL_MS // RELAXED_FACTOR},
            }
        return self.with_options(config)

    def listing_like(self, like: Listing, market: str, pair: str | None) -> Listing:
        self.check_pair(market, pair, "_")
        return replace(like, id=market)

    def spec_of(self, listing: Listing) -> MarketSpec:
        return listing.spec()

    def listed(self, market: str, like: str) -> None:
        for currency in self.listings[market].currencies:
            self.currencies.setdefault(currency, currency)

    # the way of a request

    def answer(self, request: Request) -> Response:
        found = self.routes.find(request.method, request.path)
        name, arguments = found or ("", {})
        # Windows go by the engine's time: a venue whose clock is off still counts well.
        now = self.clock.engine_clock.now()
        if name != "authentication" and not self._calls.allow(request.remote, now):
            raise Refusal(429, "Too many requests")
        if not name:
            raise Refusal(404, "Not found")
        access, action = self._actions[name]
        if access == PUBLIC:
            return json_response(action(request, **arguments))
        token = self._token(request)
        if access == PRIVATE:
            self._check_timestamp(request)
            return json_response(action(request, token.key, **arguments))
        return self._trade(request, token, action, arguments)

    def stream(self, request: Request, wire: Wire) -> Stream | Response:
        if request.path != "/":
            return self.error(404, "Not found")
        if not self._connections.allow(request.remote, self.clock.engine_clock.now()):
            return self.error(429, "Too many requests")
        return PublicStream(self, request, wire)

    def _trade(
        self, request: Request, token: Token, action: Callable[..., Any], arguments: dict[str, str]
    ) -> Response:
        """Order calls of a key overlap only with the same token: two at the same time are forbidden."""
        under_way = self._trading.setdefault(token.key.account, [])
        if any(other != token.value for other in under_way):
            raise Refusal(403, TWO_TOKENS)
        try:
            self._check_timestamp(request)
            response = json_response(action(request, token.key, **arguments))
        except Refusal as refusal:
            response = self.error(refusal.status, refusal.message)
        under_way.append(token.value)
        response.done = lambda: under_way.remove(token.value)
        return response

    def _token(self, request: Request) -> Token:
        scheme, _, value = request.headers.get("x-bm-authorization", "").partition(" ")
        token = self._tokens.get(value)
        if scheme != "Bearer" or token is None or self.clock.now() >= token.expires:
            raise Refusal(401, "Unauthorized")
        return token

    def _check_timestamp(self, request: Request) -> None:
        text = request.headers.get("x-bm-timestamp", "")
        if not re.fullmatch(r"[0-9]{1,18}", text) or not self.clock.is_near(int(text), TIMESTAMP_WINDOW_MS):
            raise Refusal(400, "Invalid X-BM-TIMESTAMP")

    def _check_signature(self, request: Request, key: Key, parameters: Mapping[str, str]) -> None:
        text = urlencode(sorted(parameters.items()), errors="replace")
        if not _same(request.headers.get("x-bm-signature", ""), sign(key.secret, text)):
            raise Refusal(400, "Invalid X-BM-SIGNATURE")

    def _market(self, symbol: str) -> Market:
        market = self.engine.markets.get(symbol)
        if market is None:
            raise Refusal(400, "Invalid symbol")
        return market

    # public

    def _ping(self, request: Request) -> Any:
        return {}

    def _time(self, request: Request) -> Any:
        return {"server_time": self.clock.now()}

    def _steps(self, request: Request) -> Any:
        return list(STEPS_MIN)

    def _currencies(self, request: Request) -> Any:
        listed = {
            name for each in self.listings.values() if each.expiration == "NA" for name in each.currencies
        }
        return [
            {
                "id": currency,
                "name": name,
                "withdraw_enabled": True,
                "deposit_enabled": currency in listed,
            }
            for currency, name in self.currencies.items()
        ]

    def _symbols(self, request: Request) -> Any:
        return list(self.listings)

    def _symbols_details(self, request: Request) -> Any:
        return [listing.describe() for listing in self.listings.values()]

    def _ticker(self, request: Request) -> Any:
        symbol = request.query.get("symbol")
        if symbol is not None:
            return ticker_row(self._market(symbol))
        return [ticker_row(market) for market in self.engine.markets.values()]

    def _kline(self, request: Request, symbol: str) -> Any:
        step = _integer(request, "step", 1)
        start = _integer(request, "from", kind="Long")
        end = _integer(request, "to", kind="Long")
        market = self._market(symbol)
        if step not in STEPS_MIN:
            raise Refusal(400, "Invalid step")
        price = places(market.spec.tick)
        size = places(market.spec.step)
        end = min(end, self.clock.engine_clock.now())
        return [
            {
                "timestamp": candle.timestamp,
                "open_price": fixed(candle.open, price),
                "highest_price": fixed(candle.high, price),
                "lowest_price": fixed(candle.low, price),
                "current_price": fixed(candle.close, price),
                "volume": fixed(candle.volume, size),
            }
            for candle in market.candles(step * 60_000, max(start, 0), end)
            if start <= candle.timestamp <= end
        ]

    def _order_book(self, request: Request, symbol: str) -> Any:
        market = self._market(symbol)
        listing = self.listings[symbol]
        precision = _integer(request, "precision", listing.price_max_precision)
        if not listing.price_min_precision <= precision <= listing.price_max_precision:
            raise Refusal(400, "Invalid precision")
        return book_rows(market, precision)

    def _public_trades(self, request: Request, symbol: str) -> Any:
        market = self._market(symbol)
        return [public_trade_row(trade, market.spec) for trade in market.trades(PUBLIC_TRADES)]

    # tokens

    def _authentication(self, request: Request) -> Any:
        if request.content_type != "application/x-www-form-urlencoded":
            raise Refusal(400, "Content type must be application/x-www-form-urlencoded")
        form = dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
        if not self._logins.allow(form.get("client_id", ""), self.clock.engine_clock.now()):
            raise Refusal(429, "Too many requests")
        for name in ("grant_type", "client_id", "client_secret"):
            if not form.get(name):
                raise Refusal(400, MISSING.format(kind="String", name=name))
        if form["grant_type"] != "client_credentials":
            raise Refusal(400, "Invalid grant_type")
        key = self._keys.get(form["client_id"])
        if key is None or not self._secret_fits(key, form["client_secret"]):
            raise Refusal(401, "Unauthorized")
        now = self.clock.now()
        self._tokens = {value: token for value, token in self._tokens.items() if token.expires > now}
        token = Token("m" + secrets.token_hex(32), key, now + TOKEN_LIFE_MS)
        self._tokens[token.value] = token
        return {"access_token": token.value, "expires_in": TOKEN_LIFE_MS // 1000}

    def _secret_fits(self, key: Key, client_secret: str) -> bool:
        if "secret" in (self.option("token.clientSecret"), self.option("clientSecret")):
            return _same(client_secret, key.secret)
        return _same(client_secret, sign(key.secret, f"{key.api_key}:{key.secret}:{key.memo}"))

    # private reads

    def _wallet(self, request: Request, key: Key) -> Any:
        balances = self.engine.balances(key.account)
        rows = []
        for currency, name in self.currencies.items():
            balance = balances.get(currency)
            free, held = (balance.free, balance.held) if balance else (Decimal(0), Decimal(0))
            rows.append(
                {
                    "name": name,
                    "available": decimal_text(free, 10),
                    "frozen": decimal_text(held, 10),
                    "id": currency,
                }
            )
        return rows

    def _orders(self, request: Request, key: Key) -> Any:
        symbol = _text(request, "symbol")
        status = _integer(request, "status")
        offset, limit = _page(request)
        if status == 6:
            raise Refusal(400, STATUS_6)
        if status not in _STATUS_FILTERS:
            raise Refusal(400, "Invalid status")
        self._market(symbol)
        wanted = _STATUS_FILTERS[status]
        found = [o for o in self.engine.orders(key.account, symbol, None) if order_status(o) in wanted]
        return {
            "orders": [self._order_row(order) for order in found[offset * limit : (offset + 1) * limit]],
            "total_pages": -(-len(found) // limit),
            "total_orders": len(found),
            "current_page": offset,
        }

    def _order_details(self, request: Request, key: Key, entrust_id: str) -> Any:
        order = self.engine.order(key.account, _order_id(entrust_id))
        if order is None:
            raise Refusal(404, "Not found")
        return self._order_row(order)

    def _order_row(self, order: Order) -> dict[str, Any]:
        return order_row(order, self.listings[order.market].price_max_precision)

    def _my_trade_row(self, fill: Fill) -> dict[str, Any]:
        decimals = self.listings[fill.market].price_max_precision
        return my_trade_row(fill, decimals, self.option("entrustType", True))

    def _my_trades(self, request: Request, key: Key) -> Any:
        symbol = _text(request, "symbol")
        of_order = "entrust_id" in request.query
        if of_order:
            entrust_id = _integer(request, "entrust_id")
            fills = self.engine.fills(key.account, self._market(symbol).spec.id, entrust_id)
            offset, limit = 0, max(len(fills), 1)
        else:
            if not {"offset", "limit"} <= request.query.keys():
                # The live venue answered so, where it names the missing parameter on orders.
                raise Refusal(500, "Internal Server Error")
            offset, limit = _page(request)
            fills = self.engine.fills(key.account, self._market(symbol).spec.id)
        page = fills[offset * limit : (offset + 1) * limit]
        return {
            "total_trades": len(fills),
            "total_pages": -(-len(fills) // limit),
            "current_page": offset,
            "trades": [self._my_trade_row(fill) for fill in page],
        }

    # private writes

    def _create_order(self, request: Request, key: Key) -> Any:
        fields = _order_body(request)
        self._check_signature(request, key, fields)
        for name in _ORDER_FIELDS:
            if not fields.get(name):
                raise Refusal(400, MISSING.format(kind=_KINDS.get(name, "String"), name=name))
        side = _side(fields["side"])
        for name in ("price", "amount"):
            if not PLAIN_DECIMAL.fullmatch(fields[name]):
                raise Refusal(400, f"Invalid parameter '{name}'")
        market = self._market(fields["symbol"])
        if not market.spec.active:
            raise Refusal(400, "Invalid symbol")
        price, amount = Decimal(fields["price"]), Decimal(fields["amount"])
        _check_size(market.spec, price, amount)
        best = market.best_bid if side == "buy" else market.best_ask
        if best is not None and price > multiply(PRICE_GUARD, best):
            raise Refusal(400, f"Maximum price is {decimal_text(multiply(PRICE_GUARD, best))}")
        try:
            order = self.engine.place(key.account, fields["symbol"], side, price, amount)
        except Refused as refused:
            insufficient = refused.reason == "insufficient_funds"
            raise Refusal(400, "Insufficient balance" if insufficient else "Place order error") from None
        return {"entrust_id": order.id}

    def _cancel_order(self, request: Request, key: Key, entrust_id: str) -> Any:
        self._check_signature(request, key, {"entrust_id": entrust_id})
        try:
            self.engine.cancel(key.account, _order_id(entrust_id))
        except Refused:
            raise Refusal(404, "Not found") from None
        return {}

    def _cancel_orders(self, request: Request, key: Key) -> Any:
        if self.option("signCancelAll", True):
            query = dict(parse_qsl(request.query_string, keep_blank_values=True))
            self._check_signature(request, key, query)
        elif "x-bm-signature" in request.headers:
            # Only so can it be seen that a client does not sign.
            raise Refusal(400, "Invalid X-BM-SIGNATURE")
        symbol = _text(request, "symbol")
        side = _side(_text(request, "side"))
        self.engine.cancel_all(key.account, self._market(symbol).spec.id, side)
        return {}


# Filter of the order list → the order statuses that it lets through. 0 and 6 are withdrawn.
_STATUS_FILTERS = {1: {1}, 2: {2}, 3: {3}, 4: {4}, 5: {1, 2}}
_ORDER_FIELDS = ("symbol", "amount", "price", "side")
_KINDS = {"amount": "BigDecimal", "price": "BigDecimal"}
_EXPONENT = re.compile(r"-?\d+(\.\d+)?[eE][-+]?\d+")


def sign(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _digest(account: str, what: str) -> str:
    return hashlib.sha256(f"bitmart2 sandbox {account} {what}".encode()).hexdigest()


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


def _text(request: Request, name: str) -> str:
    value = request.query.get(name)
    if value is None:
        raise Refusal(400, MISSING.format(kind="String", name=name))
    return value


def _integer(request: Request, name: str, default: int | None = None, kind: str = "Integer") -> int:
    text = request.query.get(name)
    if text is None:
        if default is None:
            raise Refusal(400, MISSING.format(kind=kind, name=name))
        return default
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise Refusal(400, f"Invalid parameter '{name}'")
    return int(text)


def _side(text: str) -> Side:
    if text == "buy":
        return "buy"
    if text == "sell":
        return "sell"
    raise Refusal(400, "Invalid parameter 'side'")


def _page(request: Request) -> tuple[int, int]:
    offset = _integer(request, "offset")
    limit = _integer(request, "limit")
    if offset < 0:
        raise Refusal(400, "Invalid offset")
    if not 1 <= limit <= LARGEST_PAGE:
        raise Refusal(400, "Invalid limit")
    return offset, limit


def _order_id(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise Refusal(404, "Not found")
    return int(text)


def _order_body(request: Request) -> dict[str, str]:
    """The four fields, numbers as the text they were sent as: the signature is over that text."""
    if request.content_type != "application/json":
        raise Refusal(400, "Content type must be application/json")
    try:
        body = json.loads(request.body, parse_int=str, parse_float=str, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refusal(400, "Malformed JSON") from None
    if not isinstance(body, dict):
        raise Refusal(400, "Malformed JSON")
    fields = {name: body[name] for name in _ORDER_FIELDS if name in body}
    for name, value in fields.items():
        if not isinstance(value, str):
            raise Refusal(400, f"Invalid parameter '{name}'")
        if name in ("amount", "price") and _EXPONENT.fullmatch(value):
            # The venue writes the number out before it signs, so this never fits what the client signed.
            raise Refusal(400, "Invalid X-BM-SIGNATURE")
    return fields


def _no_constant(text: str) -> None:
    raise ValueError(text)


def _check_size(spec: MarketSpec, price: Decimal, amount: Decimal) -> None:
    fits = (
        price > 0
        and spec.min_amount <= amount <= spec.max_amount
        and units(price, spec.tick) is not None
        and units(amount, spec.step) is not None
    )
    if not fits:
        raise Refusal(400, "Place order error")
