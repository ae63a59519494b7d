"""BTEX over REST: which of the two APIs a request is for, and whose account it may use there.

Where the venue's documents are silent, docs/sandbox-venues.md says what is done here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from ccxt_ext.sandbox.frontend import (
    BaseFrontend,
    Json,
    Keys,
    Limits,
    Listed,
    Money,
    OptionTable,
    Refusal,
    Request,
    Response,
    VenueClock,
    Window,
    as_json,
    digest,
    flag,
    json_response,
    pair_of,
    parameters,
)
from ccxt_ext.sandbox.frontend.engine import Engine, MarketSpec
from ccxt_ext.sandbox.frontends.btex.candles import HORIZONS, HOUR
from ccxt_ext.sandbox.frontends.btex.contracts import OPEN_ORDERS, ContractApi
from ccxt_ext.sandbox.frontends.btex.listings import (
    CONTRACT_FUNDS,
    CONTRACT_LISTINGS,
    CONTRACTS,
    PAIR_LISTINGS,
    SPOT,
    SPOT_FUNDS,
    Contract,
    Pair,
)
from ccxt_ext.sandbox.frontends.btex.parameters import CODES, Form, failure, required
from ccxt_ext.sandbox.frontends.btex.signature import Key, Signatures
from ccxt_ext.sandbox.frontends.btex.spot import SpotApi

PER_SECOND = 10
PER_HOUR = 10_000
RATE_LIMIT_MS = 360
FORM = "application/x-www-form-urlencoded"
AUTH_API = "/openapi1/auth_api"

# The interfaces by the venue's names; ContractApi and SpotApi have a method of that name for each.
CONTRACT_PUBLIC = ("contracts", "tickers", "orderbook", "trades", "k_data")
CONTRACT_PRIVATE = (
    "account_info",
    "place_order",
    "cancel_order",
    "active_orders",
    "active_positions",
    "myorders",
    "mytrades",
    "mypositions",
    "order_match_results",
    "get_order_batch",
)
SPOT_PUBLIC = ("pairs", "pair", "k_data", "orderbook", "trades", "get_dig_configs")
SPOT_PRIVATE = ("getinfo", "buy_coin", "sell_coin", "myorders", "cancel_order", "mytrades")


class Frontend(BaseFrontend[Contract | Pair], contract=1):
    id = "btex"
    # With or without a final slash: the venue's documents and its own clients do not agree.
    ROUTES = tuple(
        [
            ("GET", f"/mx_data/{name}{end}", f"contract {name}")
            for name in CONTRACT_PUBLIC
            for end in ("", "/")
        ]
        + [("POST", f"/mx_openapi1/{name}", f"contract {name}") for name in CONTRACT_PRIVATE]
        + [("GET", f"/openapi1/{name}{end}", f"spot {name}") for name in SPOT_PUBLIC for end in ("", "/")]
        + [(method, f"{AUTH_API}{end}", "auth_api") for method in ("GET", "POST") for end in ("", "/")]
    )

    LOOKS_AT_ALL = tuple(
        f"/{path}{end}" for path in ("mx_data/tickers", "openapi1/pairs") for end in ("", "/")
    )
    OPTIONS: ClassVar[OptionTable] = {"signUrlEncode": flag()}

    def __init__(
        self, clock: VenueClock, seed: int, limits: Limits, options: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(clock, seed, limits, options or {})
        now = clock.engine_clock.now()
        self.engine = Engine(
            self.id,
            [each.spec(now) for each in CONTRACT_LISTINGS] + [each.spec() for each in PAIR_LISTINGS],
            clock.engine_clock,
            seed,
            HORIZONS,
            wallets=(CONTRACTS, SPOT),
        )
        factor = self.limit_factor
        self._windows = (Window(PER_SECOND * factor, 1000), Window(PER_HOUR * factor, HOUR))
        self.contracts = ContractApi(self.engine, clock, OPEN_ORDERS * factor)
        self.spot = SpotApi(self.engine, clock)
        self.listings = Listed({**self.contracts.listings, **self.spot.listings})
        self._keys: Keys[Key] = Keys()
        self.signatures = Signatures(self._keys, clock, encoded=self.option("signUrlEncode", True))
        for account in self.accounts:
            self.open_account(account, CONTRACT_FUNDS, {SPOT: SPOT_FUNDS})

    def open_account(self, account: str, balances: Money, wallets: Mapping[str, Money] | None = None) -> None:
        self.engine.open_account(account, balances, wallets)
        api_key, secret = (digest(self.id, account, what)[:32] for what in ("key", "secret"))
        self.add_key(account, api_key, secret)

    def add_key(self, account: str, api_key: str, secret: str) -> None:
        self._keys.add(Key(account, api_key, secret))

    def config(self, account: str, http_url: str, ws_url: str) -> dict[str, Any]:
        key = self._keys.of(account)
        return self.with_options(
            {
                "apiKey": key.api_key,
                "secret": key.secret,
                "urls": {"api": {"contract": http_url, "spot": http_url}},
                "rateLimit": -(-RATE_LIMIT_MS // self.limit_factor),
            }
        )

    def error(self, status: int, message: str) -> Response:
        return json_response({"code": CODES.get(message, -1), "info": message, "data": {}}, status)

    def refuse(self, request: Request, status: int | None, message: str, code: str | int | None) -> Response:
        code = CODES.get(message, -1) if code is None else code
        return json_response({"code": code, "info": message, "data": {}}, status or 200)

    # markets that are listed while clients run

    def listing_like(self, like: Contract | Pair, market: str, pair: str | None) -> Contract | Pair:
        if isinstance(like, Pair):
            self.check_pair(market, pair, "_", self.spot.listings)
            return replace(like, id=market)
        if not re.fullmatch(r"[1-9][0-9]{0,8}", market):
            raise ValueError(f"contracts have numbers such as 7, not {market!r}")
        if pair is None:
            raise ValueError("'pair' is missing: a contract has a number, and a pair such as SOL_USDT")
        base, quote = pair_of(pair, "_", [like.currencies[1]])
        listing = replace(like, id=market, pair=pair, settle=base if like.inverse else quote)
        for known in self.contracts.listings.values():
            if (known.pair, known.settle, known.dated) == (pair, listing.settle, listing.dated):
                raise ValueError(f"contract {known.id} is the one of {pair} already")
        return listing

    def listing_changed(
        self, listing: Contract | Pair, spec: MarketSpec, delisted: bool
    ) -> Contract | Pair | None:
        if delisted:
            return replace(listing, status="-1") if isinstance(listing, Contract) else None
        return listing.changed(spec)

    def relisted(self, market: str) -> None:
        listing = self.listings[market]
        if isinstance(listing, Contract):
            self.contracts.listings[market] = listing
        elif market in self.listings:
            self.spot.listings[market] = listing
        else:
            self.spot.listings.end(market)

    def spec_of(self, listing: Contract | Pair) -> MarketSpec:
        return listing.spec() if isinstance(listing, Pair) else listing.spec(self.engine.clock.now())

    def listed(self, market: str, like: str) -> None:
        listing = self.listings[market]
        if isinstance(listing, Contract):
            self.contracts.listings[market] = listing
            return
        self.spot.listings[market] = listing
        self.spot.coins += [coin for coin in listing.currencies if coin not in self.spot.coins]

    # requests

    def is_cancel(self, request: Request) -> bool:
        if request.path.rstrip("/") == AUTH_API:
            fields = (
                request.query_string if request.method == "GET" else request.body.decode("utf-8", "replace")
            )
            return _fields(fields).get("method") == "cancel_order"
        return super().is_cancel(request)

    def answer(self, request: Request) -> Response:
        # Limits hold even while the venue's clock is off, or stands still.
        now = self.clock.ticking()
        a_second, an_hour = (window.allow(request.remote, now) for window in self._windows)
        if not (a_second and an_hour):
            raise Refusal(429, "too many requests")
        found = self.routes.find(request.method, request.path)
        if found is None:
            raise Refusal(404, "no such interface")
        product, _, name = found[0].partition(" ")
        if product == "auth_api":
            return self._spot_private(request)
        if request.path.startswith("/mx_openapi1/"):
            form = self._form(request)
            account = self.signatures.contract_account(form)
            info = "cancel order success" if name == "cancel_order" else "ok"
            action: Callable[[Form, str], Any] = getattr(self.contracts, name)
            return _success(action(form, account), info)
        public: Callable[[Form], Any] = getattr(self.contracts if product == "contract" else self.spot, name)
        return _success(public(_fields(request.query_string)))

    def _spot_private(self, request: Request) -> Response:
        form = _fields(request.query_string) if request.method == "GET" else self._form(request)
        account = self.signatures.spot_account(form)
        name = required(form, "method")
        if name not in SPOT_PRIVATE:
            raise failure("method error")
        action: Callable[[Form, str], Any] = getattr(self.spot, name)
        return _success(action(form, account))

    def _form(self, request: Request) -> dict[str, str]:
        if request.content_type != FORM:
            raise failure("the parameters have to come as a form")
        return _fields(request.body.decode("utf-8", "replace"))


def _success(data: Any, info: str = "ok") -> Response:
    if isinstance(data, Json):
        return json_response(as_json({"code": 1, "info": info}, data=data))
    return json_response({"code": 1, "info": info, "data": data})


def _fields(text: str) -> dict[str, str]:
    return dict(parameters(text))
