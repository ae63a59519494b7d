"""BitexAsia v1, as its page and the assumptions of docs/venues/bitexasia.md have it.

openapi.yaml, beside this module, describes the same; it is served at /openapi.yaml.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from ccxt_ext.sandbox.engine import Engine, Market, MarketSpec, Order, Refused
from ccxt_ext.sandbox.frontend import (
    RELAXED_FACTOR,
    BaseFrontend,
    Limits,
    OptionTable,
    Refusal,
    Request,
    Response,
    Spent,
    Stream,
    VenueClock,
    WeightWindow,
    Wire,
    flag,
    integer,
    json_response,
    texts,
)
from ccxt_ext.sandbox.frontends.bitexasia.rows import (
    EARN_FUNDS,
    FUNDS,
    LISTINGS,
    MARGIN_FUNDS,
    REFUSALS,
    Declined,
    Listing,
    balance_row,
    content,
    invalid_request,
    level_row,
    order_fields,
    order_row,
    ticker_row,
)
from ccxt_ext.sandbox.frontends.bitexasia.signature import OPTIONS as SIGNATURES
from ccxt_ext.sandbox.frontends.bitexasia.signature import Signing
from ccxt_ext.sandbox.frontends.bitexasia.stream import Books, PublicStream

WEIGHT_PER_MINUTE = 1_200
RATE_LIMIT_MS = 50
CLOCK_TOLERANCE_MS = 30_000
SCOPES = ("read", "trade")
DEPTH, DEEP = 100, 1000
DEEP_WEIGHT = 5
ORDER_PREFIX = "ord_"
HORIZONS = [(60_000, 120), (3_600_000, 48)]  # enough for what a ticker tells of the last day

DESCRIPTION = "/openapi.yaml"
STREAM = "/v1/stream"


@dataclass(frozen=True)
class Key:
    account: str
    api_key: str
    secret: str
    scopes: tuple[str, ...] = SCOPES
    addresses: tuple[str, ...] | None = None  # None: from anywhere
    verified: bool = True
    clock_tolerance_ms: int = CLOCK_TOLERANCE_MS
    nonces: set[str] = field(default_factory=set, repr=False, compare=False)


@dataclass(frozen=True)
class Call:
    action: Callable[..., Response]
    scope: str | None  # None: open to everyone
    weight: int = 1


class Frontend(BaseFrontend[Listing]):
    id = "bitexasia"
    has_streams = True
    numbers_frames = True
    ROUTES = (
        ("GET", "/v1/markets", "markets"),
        ("GET", "/v1/ticker/{pair}", "ticker"),
        ("GET", "/v1/orderbook/{pair}", "orderbook"),
        ("POST", "/v1/orders", "create"),
        ("GET", "/v1/orders/{id}", "order"),
        ("POST", "/v1/orders/{id}/cancel", "cancel"),
        ("GET", "/v1/account/balances", "balances"),
    )

    OPTIONS: ClassVar[OptionTable] = {
        **SIGNATURES,
        "scopes": texts(*SCOPES, of_client=False),
        "ipAllowlist": texts(of_client=False),
        "verified": flag(of_client=False),
        "clockTolerance": integer(0, 86_400_000, of_client=False),
    }

    def __init__(
        self, clock: VenueClock, seed: int, limits: Limits, options: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(clock, seed, limits, options or {})
        specs = [listing.spec() for listing in LISTINGS]
        self.engine = Engine(self.id, specs, clock.engine_clock, seed, HORIZONS)
        self.listings = {listing.pair: listing for listing in LISTINGS}
        self._signing = Signing(self.option)
        factor = RELAXED_FACTOR if limits == "relaxed" else 1
        self.books = Books(self.engine, self.listings, self.feed)
        self._window = WeightWindow(WEIGHT_PER_MINUTE * factor)
        self._keys: dict[str, Key] = {}
        self._accounts: dict[str, Key] = {}
        # An order's content by account and client order id, and the time in force that was asked for.
        self._contents: dict[tuple[str, str], tuple[Any, ...]] = {}
        self._times_in_force: dict[int, str | None] = {}
        for account in ("config", "counterparty"):
            self.engine.open_account(account, FUNDS)
            self.engine.open_account(f"{account} margin", MARGIN_FUNDS)
            self.engine.open_account(f"{account} earn", EARN_FUNDS)
            self.add_key(
                account,
                _digest(account, "key")[:32],
                _digest(account, "secret"),
                scopes=tuple(self.option("scopes", SCOPES)),
                addresses=self.option("ipAllowlist"),
                verified=self.option("verified", True),
                clock_tolerance_ms=self.option("clockTolerance", CLOCK_TOLERANCE_MS),
            )
        self._calls = {
            "markets": Call(self._markets, None, 5),
            "ticker": Call(self._ticker, None),
            "orderbook": Call(self._orderbook, None),
            "create": Call(self._create, "trade"),
            "order": Call(self._order, "read"),
            "cancel": Call(self._cancel, "trade"),
            "balances": Call(self._balances, "read", 5),
        }

    def add_key(self, account: str, api_key: str, secret: str, **settings: Any) -> Key:
        key = Key(account, api_key, secret, **settings)
        self._keys[api_key] = key
        self._accounts.setdefault(account, key)
        return key

    def config(self, account: str, http_url: str, ws_url: str) -> dict[str, Any]:
        key = self._accounts[account]
        relaxed = self.limits == "relaxed"
        return self.with_options(
            {
                "apiKey": key.api_key,
                "secret": key.secret,
                "urls": {"api": {"rest": http_url, "ws": f"{ws_url}{STREAM}"}},
                "rateLimit": -(-RATE_LIMIT_MS // RELAXED_FACTOR) if relaxed else RATE_LIMIT_MS,
            }
        )

    def order_name(self, order: Order) -> str:
        return f"{ORDER_PREFIX}{order.id}"

    def listing_like(self, like: Listing, market: str, pair: str | None) -> Listing:
        self.check_pair(market, pair, "-")
        return replace(like, pair=market)

    def spec_of(self, listing: Listing) -> MarketSpec:
        return listing.spec()

    # the way of a request

    def answer(self, request: Request) -> Response:
        if (request.method, request.path) == ("GET", DESCRIPTION):
            text = Path(__file__).with_name("openapi.yaml").read_bytes()
            return Response(200, text, {"Content-Type": "application/yaml"})
        found = self.routes.find(request.method, request.path)
        if found is None:
            raise _no_endpoint()
        name, arguments = found
        call = self._calls[name]
        deep = name == "orderbook" and request.query.get("depth") == str(DEEP)
        # Whoever sends a key has it checked, also where none is needed.
        key = self._key(request) if call.scope or deep or "x-api-key" in request.headers else None
        if key is not None and call.scope is not None and call.scope not in key.scopes:
            raise Declined(403, "INSUFFICIENT_SCOPE", f"Key has no {call.scope} scope")
        if deep and (key is None or not key.verified):
            raise Declined(403, "INSUFFICIENT_SCOPE", f"Depth {DEEP} is for verified accounts")
        # Windows go by the engine's time: a venue whose clock is off still counts well.
        now = self.clock.engine_clock.now()
        who = f"address {request.remote}" if key is None else f"key {key.api_key}"
        spent = self._window.spend(who, DEEP_WEIGHT if deep else call.weight, now)
        if not spent.allowed:
            response = self.refused(Declined(429, "RATE_LIMITED", "Request weight limit reached"))
            response.headers["Retry-After"] = str(-(-(spent.ends - now) // 1000))
        else:
            response = self._carry_out(call, request, key, arguments)
        response.headers.update(self._window_headers(spent))
        return response

    def stream(self, request: Request, wire: Wire) -> Stream | Response:
        if request.path != STREAM:
            return self.refused(_no_endpoint())
        return PublicStream(self, request, wire)

    def _carry_out(
        self, call: Call, request: Request, key: Key | None, arguments: dict[str, str]
    ) -> Response:
        try:
            return call.action(request, key, **arguments) if call.scope else call.action(request, **arguments)
        except Refusal as refusal:
            return self.refused(refusal)

    def _window_headers(self, spent: Spent) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(spent.limit),
            "X-RateLimit-Remaining": str(spent.remaining),
            "X-RateLimit-Reset": str((spent.ends + self.clock.skew_ms) // 1000),
        }

    def _key(self, request: Request) -> Key:
        """Who sent a request, if all of its proof is right. Checked in the venue's order."""
        headers = request.headers
        key = self._keys.get(headers.get("x-api-key", ""))
        if key is None:
            raise Declined(401, "INVALID_API_KEY", "Unknown API key")
        if key.addresses is not None and request.remote not in key.addresses:
            raise Declined(403, "IP_NOT_ALLOWED", "Source address is not on the allowlist of this key")
        timestamp = headers.get("x-api-timestamp", "")
        time = self._signing.time_ms(timestamp)
        if time is None or not self.clock.is_near(time, key.clock_tolerance_ms):
            raise Declined(401, "INVALID_TIMESTAMP", "Timestamp is outside the allowed drift")
        nonce = headers.get("x-api-nonce", "")
        if not self._signing.fits_nonce(nonce):
            raise invalid_request(self._signing.nonce_words)
        if nonce in key.nonces:
            raise Declined(401, "NONCE_REUSED", "Nonce was already used")
        expected = self._signing.sign(key.secret, request, timestamp, nonce)
        if not _same(headers.get("x-api-signature", ""), expected):
            raise Declined(401, "INVALID_SIGNATURE", "Signature does not match")
        key.nonces.add(nonce)
        return key

    def error(self, status: int, message: str) -> Response:
        return self.refused(Declined(status, "SANDBOX_FAULT", message))

    def refuse(self, request: Request, status: int | None, message: str, code: str | int | None) -> Response:
        return self.refused(Declined(status or 400, str(code or "INVALID_REQUEST"), message))

    def maintenance(self) -> Response:
        return self.refused(Declined(503, "MAINTENANCE", "Trading is paused for maintenance"))

    def refused(self, refusal: Refusal) -> Response:
        code = refusal.code if isinstance(refusal, Declined) else "INVALID_REQUEST"
        return json_response({"error": {"code": code, "message": refusal.message}}, refusal.status)

    def _market(self, pair: str) -> Market:
        market = self.engine.markets.get(pair)
        if market is None:
            raise Declined(404, "PAIR_NOT_FOUND", "Unknown pair")
        return market

    # public

    def _markets(self, request: Request) -> Response:
        return json_response({"markets": [listing.describe() for listing in self.listings.values()]})

    def _ticker(self, request: Request, pair: str) -> Response:
        return json_response(ticker_row(self._market(pair), self.listings[pair], self.clock.now()))

    def _orderbook(self, request: Request, pair: str) -> Response:
        depth = request.query.get("depth", str(DEPTH))
        if depth not in (str(DEPTH), str(DEEP)):
            raise invalid_request(f"depth must be {DEPTH} or {DEEP}")
        market = self._market(pair)
        bids, asks = market.book(int(depth))
        decimals = self.listings[pair].decimals
        return json_response(
            {
                "pair": pair,
                "sequence": self.books[pair].sequence,
                "timestamp": self.clock.now(),
                "bids": [level_row(level, decimals) for level in bids],
                "asks": [level_row(level, decimals) for level in asks],
            }
        )

    # with a key

    def _balances(self, request: Request, key: Key) -> Response:
        rows = []
        for account, name in (
            ("spot", key.account),
            ("margin", f"{key.account} margin"),
            ("earn", f"{key.account} earn"),
        ):
            for asset, (free, held) in self.engine.balances(name).items():
                if free or held or account == "spot":
                    locked = free if account == "earn" else held
                    rows.append(
                        balance_row(account, asset, Decimal(0) if account == "earn" else free, locked)
                    )
        return json_response({"balances": rows})

    def _create(self, request: Request, key: Key) -> Response:
        if request.content_type != "application/json":
            raise invalid_request("Content-Type must be application/json")
        fields = order_fields(request.body)
        client_id = fields.get("client_order_id")
        known = None if client_id is None else self.engine.order_by_client_id(key.account, client_id)
        if client_id is not None and known is not None:
            if self._contents[key.account, client_id] != content(fields):
                raise Declined(
                    409, "DUPLICATE_CLIENT_ORDER_ID", "client_order_id belongs to a different order"
                )
            return self._order_response(known)
        self._market(fields["pair"])
        order = self._place(key.account, fields, client_id)
        if client_id is not None:
            self._contents[key.account, client_id] = content(fields)
        # A market order has none of its own, and is told without unless one was asked for.
        default = None if order.type == "market" else "GTC"
        self._times_in_force[order.id] = fields.get("time_in_force", default)
        return self._order_response(order, 201)

    def _place(self, account: str, fields: Mapping[str, str], client_id: str | None) -> Order:
        price, stop_price = (
            Decimal(fields[name]) if name in fields else None for name in ("price", "stop_price")
        )
        try:
            return self.engine.place(
                account,
                fields["pair"],
                "buy" if fields["side"] == "buy" else "sell",
                price,
                Decimal(fields["size"]),
                type="market" if price is None else "limit",
                client_id=client_id,
                time_in_force=_TIMES_IN_FORCE[fields.get("time_in_force", "GTC")],
                trigger_price=stop_price,
            )
        except Refused as refused:
            if refused.reason == "insufficient_funds":
                currency = refused.details.get("currency")
                raise Declined(400, "INSUFFICIENT_BALANCE", f"Not enough {currency}") from None
            code, message = REFUSALS.get(refused.reason, ("INVALID_ORDER", "Order is not valid"))
            raise Declined(400, code, message) from None

    def _order(self, request: Request, key: Key, id: str) -> Response:
        return self._order_response(self._own_order(key, id))

    def _cancel(self, request: Request, key: Key, id: str) -> Response:
        if request.body:
            raise invalid_request("This call has no body")
        order = self._own_order(key, id)
        # Whoever repeats a cancel gets the same answer, and so does whoever comes too late.
        if order.status == "open":
            self.engine.cancel(key.account, order.id)
        return self._order_response(order)

    def _own_order(self, key: Key, id: str) -> Order:
        number = re.fullmatch(rf"{ORDER_PREFIX}([0-9]{{1,18}})", id)
        order = self.engine.order(key.account, int(number[1])) if number else None
        if order is None:
            raise Declined(404, "ORDER_NOT_FOUND", "Unknown order")
        return order

    def _order_response(self, order: Order, status: int = 200) -> Response:
        decimals = self.listings[order.market].decimals
        row = order_row(order, self.order_name(order), self._times_in_force.get(order.id), decimals)
        return json_response(row, status)


_TIMES_IN_FORCE: Mapping[str, Any] = {name: name for name in ("GTC", "IOC", "FOK")}


def _no_endpoint() -> Declined:
    return Declined(404, "NOT_FOUND", "There is no such endpoint")


def _digest(account: str, what: str) -> str:
    return hashlib.sha256(f"bitexasia sandbox {account} {what}".encode()).hexdigest()


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())
