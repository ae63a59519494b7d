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
    Stream,  # with --streams
    VenueClock,
    Window,
    Wire,  # with --streams
    digest,
    integer,
    json_response,
)
from ccxt_ext.sandbox.frontend.engine import Engine, MarketSpec

from .account import Account
from .contracts import CONTRACT_FUNDS, CONTRACTS, SPOT  # with --swap
from .listings import FUNDS, LISTINGS, Listing
from .market_data import MarketData
from .orders import Orders
from .refusals import Declined, declined
from .signature import CLOCK_TOLERANCE_MS, Key, key_of
from .stream import BookStream  # with --streams

# The venue's documents say: 600 requests a minute, of a key or else of an address.
PER_MINUTE = 600
RATE_LIMIT_MS = 100

# The lengths of the candles that the past is kept in, and how many of each there are.
HORIZONS = [(60_000, 1_440), (3_600_000, 720), (86_400_000, 365)]

STREAM = "/v1/stream"  # with --streams


class Frontend(BaseFrontend[Listing], contract=1):
    id = "acme"
    has_streams = True  # with --streams
    numbers_frames = True  # with --streams
    # Method, path and a name for each endpoint of the venue's documents.
    ROUTES = (
        ("GET", "/v1/time", "time"),
        ("GET", "/v1/markets", "markets"),
        ("GET", "/v1/markets/{market}/ticker", "ticker"),
        ("GET", "/v1/markets/{market}/book", "book"),
        ("GET", "/v1/markets/{market}/trades", "trades"),
        ("GET", "/v1/markets/{market}/candles", "candles"),
        ("GET", "/v1/balances", "balances"),
        ("GET", "/v1/fills", "fills"),
        ("POST", "/v1/orders", "create"),
        ("GET", "/v1/orders", "open"),
        ("GET", "/v1/orders/{id}", "order"),
        ("DELETE", "/v1/orders/{id}", "cancel"),
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
            wallets=(SPOT, CONTRACTS),  # with --swap
        )
        self.keys: Keys[Key] = Keys()
        for account in self.accounts:
            self.open_account(
                account,
                FUNDS,
                {CONTRACTS: CONTRACT_FUNDS},  # with --swap
            )
        self._tolerance = self.option("clockTolerance", CLOCK_TOLERANCE_MS)
        self._window = Window(PER_MINUTE * self.limit_factor)
        market_data = MarketData(clock, self.engine.markets, self.listings, self.feed)
        orders, account_data = Orders(self.engine), Account(self.engine)
        self._open_to_all: dict[str, Callable[..., Any]] = {
            "time": market_data.time,
            "markets": market_data.markets,
            "ticker": market_data.ticker,
            "book": market_data.book,
            "trades": market_data.trades,
            "candles": market_data.candles,
        }
        self._of_an_account: dict[str, Callable[..., Any]] = {
            "balances": account_data.balances,
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
                        "ws": ws_url + STREAM,  # with --streams
                    },
                },
                "rateLimit": -(-RATE_LIMIT_MS // self.limit_factor),
            }
        )

    # requests

    def answer(self, request: Request) -> Response:
        found = self.routes.find(request.method, request.path)
        if found is None:
            raise Declined(404, "BAD_REQUEST", "No such endpoint")
        name, arguments = found
        if name in self._open_to_all:
            self._count(f"address {request.remote}")
            return json_response(self._open_to_all[name](request, **arguments))
        key = key_of(request, self.keys, self.clock, self._tolerance)
        self._count(f"key {key.api_key}")
        answer = self._of_an_account[name](request, key.account, **arguments)
        return json_response(answer, 201 if name == "create" else 200)

    def _count(self, who: str) -> None:
        # A venue whose clock is off, or stands still, counts well all the same.
        if not self._window.allow(who, self.clock.ticking()):
            raise Declined(429, "RATE_LIMITED", "Too many requests")

    # refusals, those that the sandbox's faults ask for among them

    def refused(self, refusal: Refusal) -> Response:
        return declined(refusal.status, getattr(refusal, "code", "BAD_REQUEST"), refusal.message)

    def error(self, status: int, message: str) -> Response:
        return declined(status, "INTERNAL_ERROR", message)

    def refuse(self, request: Request, status: int | None, message: str, code: str | int | None) -> Response:
        return declined(status or 400, str(code or "BAD_REQUEST"), message)

    def maintenance(self) -> Response:
        return declined(503, "MAINTENANCE", "Down for maintenance")

    # markets that are listed while clients run

    def listing_like(self, like: Listing, market: str, pair: str | None) -> Listing:
        currencies, kind = market.split("-")[:2], market.split("-")[2:]
        if kind != like.id.split("-")[2:]:
            raise ValueError(f"{market} is no name for a market like {like.id}")
        self.check_pair("-".join(currencies), pair, "-")
        return replace(like, id=market)

    def listing_changed(self, listing: Listing, spec: MarketSpec, delisted: bool) -> Listing | None:
        return None if delisted else listing.changed(spec)

    def spec_of(self, listing: Listing) -> MarketSpec:
        return listing.spec()

    # streams  # with --streams

    def stream(self, request: Request, wire: Wire) -> Stream | Response:  # with --streams
        if request.path != STREAM:  # with --streams
            return declined(404, "BAD_REQUEST", "No such endpoint")  # with --streams
        return BookStream(self.feed, self.clock, self.engine.markets, request, wire)  # with --streams
