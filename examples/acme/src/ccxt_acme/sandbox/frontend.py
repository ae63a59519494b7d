"""The API of Acme Exchange, on top of the sandbox's engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
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
    Stream,
    VenueClock,
    Window,
    Wire,
    digest,
    integer,
)
from ccxt_ext.sandbox.frontend.engine import Engine, MarketSpec

from .account import Account
from .listings import FUNDS, LISTINGS, Listing
from .market_data import MarketData
from .orders import Orders
from .parameters import answer_with
from .refusals import Declined, bad_request, declined
from .signature import CLOCK_TOLERANCE_MS, Key, key_of
from .stream import BookStream

# The venue's documents say: 1200 requests a minute, of a key or else of an address.
PER_MINUTE = 1200
RATE_LIMIT_MS = 50

# The lengths of the candles that the past is kept in, and how many of each there are.
HORIZONS = [(60_000, 1_440), (3_600_000, 720), (86_400_000, 365)]

STREAM = "/v2"


class Frontend(BaseFrontend[Listing], contract=1):
    id = "acme"
    has_streams = True
    numbers_frames = True
    # Method, path and a name for each endpoint of the venue's documents.
    ROUTES = (
        ("GET", "/v2/clock", "clock"),
        ("GET", "/v2/pairs", "pairs"),
        ("GET", "/v2/ticker", "ticker"),
        ("GET", "/v2/depth", "depth"),
        ("GET", "/v2/trades", "trades"),
        ("GET", "/v2/candles", "candles"),
        ("GET", "/v2/account/funds", "funds"),
        ("GET", "/v2/account/fills", "fills"),
        ("POST", "/v2/account/orders", "create"),
        ("GET", "/v2/account/orders", "open"),
        ("GET", "/v2/account/orders/{id}", "order"),
        ("POST", "/v2/account/orders/{id}/cancel", "cancel"),
    )

    # What `ccxt-ext sandbox --option acme.clockTolerance=5000` can set.
    OPTIONS: ClassVar[OptionTable] = {"clockTolerance": integer(0, 86_400_000, of_client=False)}

    def __init__(
        self, clock: VenueClock, seed: int, limits: Limits, options: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(clock, seed, limits, options or {})
        self.listings = Listed({listing.id: listing for listing in LISTINGS})
        specs = [listing.spec() for listing in LISTINGS]
        self.engine = Engine(
            self.id,
            specs,
            clock.engine_clock,
            seed,
            HORIZONS,
        )
        self.keys: Keys[Key] = Keys()
        for account in self.accounts:
            self.open_account(
                account,
                FUNDS,
            )
        self._tolerance = self.option("clockTolerance", CLOCK_TOLERANCE_MS)
        self._window = Window(PER_MINUTE * self.limit_factor)
        market_data = MarketData(clock, self.engine.markets, self.listings, self.feed)
        orders, account_data = Orders(self.engine), Account(self.engine)
        self._open_to_all: dict[str, Callable[..., Any]] = {
            "clock": market_data.now,
            "pairs": market_data.pairs,
            "ticker": market_data.ticker,
            "depth": market_data.depth,
            "trades": market_data.trades,
            "candles": market_data.candles,
        }
        self._of_an_account: dict[str, Callable[..., Any]] = {
            "funds": account_data.funds,
            "fills": account_data.fills,
            "create": orders.create,
            "open": orders.open,
            "order": orders.order,
            "cancel": orders.cancel,
        }

    def open_account(self, account: str, balances: Money, wallets: Mapping[str, Money] | None = None) -> None:
        self.engine.open_account(account, balances, wallets)
        api_key, secret = digest(self.id, account, "key")[:32], digest(self.id, account, "secret")
        self.keys.add(Key(account, api_key, secret))

    def config(self, account: str, http_url: str, ws_url: str) -> dict[str, Any]:
        key = self.keys.of(account)
        return self.with_options(
            {
                "apiKey": key.api_key,
                "secret": key.secret,
                "urls": {
                    "api": {
                        "rest": http_url,
                        "ws": ws_url + STREAM,
                    },
                },
                "rateLimit": -(-RATE_LIMIT_MS // self.limit_factor),
            }
        )

    # requests

    def answer(self, request: Request) -> Response:
        found = self.routes.find(request.method, request.path)
        if found is None:
            raise bad_request("No such endpoint")
        name, arguments = found
        if name in self._open_to_all:
            self._count(f"address {request.remote}")
            return answer_with(self._open_to_all[name](request, **arguments))
        key = key_of(request, self.keys, self.clock, self._tolerance)
        self._count(f"key {key.api_key}")
        return answer_with(self._of_an_account[name](request, key.account, **arguments))

    def _count(self, who: str) -> None:
        # A venue whose clock is off, or stands still, counts well all the same.
        if not self._window.allow(who, self.clock.ticking()):
            raise Declined(104, "Too many requests", 429)

    # refusals, those that the sandbox's faults ask for among them

    def refused(self, refusal: Refusal) -> Response:
        return declined(getattr(refusal, "number", 100), refusal.message, refusal.status)

    def error(self, status: int, message: str) -> Response:
        return declined(500, message, status)

    def refuse(self, request: Request, status: int | None, message: str, code: str | int | None) -> Response:
        return declined(int(code or 100), message, status or 200)

    def maintenance(self) -> Response:
        return declined(105, "Down for maintenance", 503)

    # markets that are listed while clients run

    def listing_like(self, like: Listing, market: str, pair: str | None) -> Listing:
        self.check_pair(market, pair, "_")
        return replace(like, id=market)

    def listing_changed(self, listing: Listing, spec: MarketSpec, delisted: bool) -> Listing | None:
        return None if delisted else listing.changed(spec)

    def spec_of(self, listing: Listing) -> MarketSpec:
        return listing.spec()

    # streams

    def stream(self, request: Request, wire: Wire) -> Stream | Response:
        if request.path != STREAM:
            return declined(100, "No such endpoint", 404)
        return BookStream(self.feed, self.clock, self.engine.markets, request, wire)
