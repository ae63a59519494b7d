"""BitexAsia v1, as its page and the assumptions of docs/venues/bitexasia.md have it.

openapi.yaml, beside this module, describes the same; it is served at /openapi.yaml.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from ccxt_ext.sandbox.frontend import (
    BaseFrontend,
    Keys,
    Limits,
    Listed,
    Money,
    OptionTable,
    Refusal,
    Request,
    Response,
    Spent,
    Stream,
    VenueClock,
    WeightWindow,
    Wire,
    digest,
    flag,
    integer,
    json_response,
    texts,
)
from ccxt_ext.sandbox.frontend.engine import Engine, MarketSpec, Order
from ccxt_ext.sandbox.frontends.bitexasia.account import AccountData
from ccxt_ext.sandbox.frontends.bitexasia.books import NumberedBooks
from ccxt_ext.sandbox.frontends.bitexasia.keys import CLOCK_TOLERANCE_MS, SCOPES, Key, key_of
from ccxt_ext.sandbox.frontends.bitexasia.listings import FUNDS, LISTINGS, Listing
from ccxt_ext.sandbox.frontends.bitexasia.market_data import DEEP, MarketData
from ccxt_ext.sandbox.frontends.bitexasia.orders import Orders, order_name
from ccxt_ext.sandbox.frontends.bitexasia.refusals import Declined, no_endpoint
from ccxt_ext.sandbox.frontends.bitexasia.signature import OPTIONS as SIGNATURE_OPTIONS
from ccxt_ext.sandbox.frontends.bitexasia.signature import Signing
from ccxt_ext.sandbox.frontends.bitexasia.stream import PublicStream

WEIGHT_PER_MINUTE = 1_200
DEEP_WEIGHT = 5
RATE_LIMIT_MS = 50
HORIZONS = [(60_000, 120), (3_600_000, 48)]  # enough for a ticker's figures of the last day

DESCRIPTION = "/openapi.yaml"
STREAM = "/v1/stream"


@dataclass(frozen=True)
class Call:
    action: Callable[..., Response]
    scope: str | None
    """The permission that the key needs; None if no key is needed."""
    weight: int = 1


class Frontend(BaseFrontend[Listing], contract=1):
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
        **SIGNATURE_OPTIONS,
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
        self.listings = Listed({listing.pair: listing for listing in LISTINGS})
        self.keys: Keys[Key] = Keys()
        self.window = WeightWindow(WEIGHT_PER_MINUTE * self.limit_factor)
        self._signing = Signing.by_options(self.option)
        self._books = NumberedBooks(self.engine, self.listings, self.feed)
        market_data = MarketData(clock, self.engine.markets, self.listings, self._books)
        self._account_data = account_data = AccountData(self.engine)
        orders = Orders(self.engine, self.listings)
        for account in self.accounts:
            self.open_account(account, FUNDS)
            account_data.add_usual(account)
        self._calls = {
            "markets": Call(market_data.markets, None, 5),
            "ticker": Call(market_data.ticker, None),
            "orderbook": Call(market_data.orderbook, None),
            "create": Call(orders.create, "trade"),
            "order": Call(orders.order, "read"),
            "cancel": Call(orders.cancel, "trade"),
            "balances": Call(account_data.balances, "read", 5),
        }

    def open_account(self, account: str, balances: Money, wallets: Mapping[str, Money] | None = None) -> None:
        self._account_data.open(account, balances)
        self.add_key(
            account,
            digest(self.id, account, "key")[:32],
            digest(self.id, account, "secret"),
            scopes=tuple(self.option("scopes", SCOPES)),
            addresses=self.option("ipAllowlist"),
            verified=self.option("verified", True),
            clock_tolerance_ms=self.option("clockTolerance", CLOCK_TOLERANCE_MS),
        )

    def endow(self, account: str, funds: Mapping[str, Money]) -> None:
        super().endow(account, funds)
        self._account_data.empty_others(account)

    def add_key(self, account: str, api_key: str, secret: str, **settings: Any) -> Key:
        return self.keys.add(Key(account, api_key, secret, **settings))

    def config(self, account: str, http_url: str, ws_url: str) -> dict[str, Any]:
        key = self.keys.of(account)
        return self.with_options(
            {
                "apiKey": key.api_key,
                "secret": key.secret,
                "urls": {"api": {"rest": http_url, "ws": f"{ws_url}{STREAM}"}},
                "rateLimit": -(-RATE_LIMIT_MS // self.limit_factor),
            }
        )

    def order_name(self, order: Order) -> str:
        return order_name(order)

    # requests

    def answer(self, request: Request) -> Response:
        if (request.method, request.path) == ("GET", DESCRIPTION):
            text = Path(__file__).with_name("openapi.yaml").read_bytes()
            return Response(200, text, {"Content-Type": "application/yaml"})
        found = self.routes.find(request.method, request.path)
        if found is None:
            raise no_endpoint()
        name, arguments = found
        call = self._calls[name]
        deep = name == "orderbook" and request.query.get("depth") == str(DEEP)
        key = None
        # A key that is sent is checked, even where none is needed.
        if call.scope or deep or "x-api-key" in request.headers:
            key = key_of(request, self.keys, self._signing, self.clock)
        if key is not None and call.scope is not None and call.scope not in key.scopes:
            raise Declined(403, "INSUFFICIENT_SCOPE", f"Key has no {call.scope} scope")
        if deep and (key is None or not key.verified):
            raise Declined(403, "INSUFFICIENT_SCOPE", f"Depth {DEEP} is for verified accounts")
        # A venue whose clock is off, or stands still, counts well all the same.
        now = self.clock.ticking()
        who = f"address {request.remote}" if key is None else f"key {key.api_key}"
        spent = self.window.spend(who, DEEP_WEIGHT if deep else call.weight, now)
        if not spent.allowed:
            response = self.refused(Declined(429, "RATE_LIMITED", "Request weight limit reached"))
            response.headers["Retry-After"] = str(-(-(spent.ends - now) // 1000))
        else:
            response = self._carry_out(call, request, key, arguments)
        response.headers.update(self._window_headers(spent))
        return response

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
            "X-RateLimit-Reset": str((spent.ends - self.clock.ticking() + self.clock.now()) // 1000),
        }

    def error(self, status: int, message: str) -> Response:
        return self.refused(Declined(status, "SANDBOX_FAULT", message))

    def refuse(self, request: Request, status: int | None, message: str, code: str | int | None) -> Response:
        return self.refused(Declined(status or 400, str(code or "INVALID_REQUEST"), message))

    def maintenance(self) -> Response:
        return self.refused(Declined(503, "MAINTENANCE", "Trading is paused for maintenance"))

    def refused(self, refusal: Refusal) -> Response:
        code = refusal.code if isinstance(refusal, Declined) else "INVALID_REQUEST"
        return json_response({"error": {"code": code, "message": refusal.message}}, refusal.status)

    # streams

    def stream(self, request: Request, wire: Wire) -> Stream | Response:
        if request.path != STREAM:
            return self.refused(no_endpoint())
        return PublicStream(
            self.feed, self.clock, self.engine.markets, self.listings, self._books, request, wire
        )

    # markets that are listed while clients run

    def listing_like(self, like: Listing, market: str, pair: str | None) -> Listing:
        self.check_pair(market, pair, "-")
        return replace(like, pair=market)

    def listing_changed(self, listing: Listing, spec: MarketSpec, delisted: bool) -> Listing | None:
        return None if delisted else listing.changed(spec)

    def relisted(self, market: str) -> None:
        self._books.relisted(market)

    def spec_of(self, listing: Listing) -> MarketSpec:
        return listing.spec()
