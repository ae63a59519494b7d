"""BTEX over REST: two APIs with a signature each, checks and answers as the venue gives them.

Where the venue's documents are silent, docs/sandbox.md says what is done here.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import parse_qsl, quote_plus

from ccxt_ext.sandbox.engine import Engine, MarketSpec
from ccxt_ext.sandbox.frontend import (
    RELAXED_FACTOR,
    BaseFrontend,
    Limits,
    OptionTable,
    Refusal,
    Request,
    Response,
    VenueClock,
    Window,
    flag,
    json_response,
    pair_of,
)
from ccxt_ext.sandbox.frontends.btex.contracts import OPEN_ORDERS, ContractApi
from ccxt_ext.sandbox.frontends.btex.forms import (
    CODES,
    KEY_ERROR,
    SIGN_ERROR,
    TIME_ERROR,
    Form,
    needed,
    no,
)
from ccxt_ext.sandbox.frontends.btex.rows import (
    CONTRACT_FUNDS,
    CONTRACT_LISTINGS,
    CONTRACTS,
    PAIR_LISTINGS,
    SPOT,
    SPOT_FUNDS,
    Contract,
    Pair,
)
from ccxt_ext.sandbox.frontends.btex.spot import SpotApi

MINUTE = 60_000
HOUR = 60 * MINUTE
HORIZONS = (
    (5 * MINUTE, 1000),
    (15 * MINUTE, 500),
    (30 * MINUTE, 500),
    (HOUR, 500),
    (2 * HOUR, 300),
    (4 * HOUR, 300),
    (8 * HOUR, 300),
    (24 * HOUR, 300),
)
TIMESTAMP_WINDOW_MS = 60_000
PER_SECOND = 10
PER_HOUR = 10_000
RATE_LIMIT_MS = 360
FORM = "application/x-www-form-urlencoded"
AUTH_API = "/openapi1/auth_api"

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


class Frontend(BaseFrontend[Contract | Pair]):
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
        factor = RELAXED_FACTOR if limits == "relaxed" else 1
        self._windows = (Window(PER_SECOND * factor, 1000), Window(PER_HOUR * factor, HOUR))
        self.contracts = ContractApi(self.engine, clock, OPEN_ORDERS * factor)
        self.spot = SpotApi(self.engine, clock)
        self.listings = {**self.contracts.listings, **self.spot.listings}
        self._keys: dict[str, tuple[str, str]] = {}
        self._configs: dict[str, tuple[str, str]] = {}
        for account in ("config", "counterparty"):
            self.engine.open_account(account, CONTRACT_FUNDS, {SPOT: SPOT_FUNDS})
            self.add_key(account, _digest(account, "key")[:32], _digest(account, "secret")[:32])

    def add_key(self, account: str, access_key: str, secret_key: str) -> None:
        self._keys[access_key] = (account, secret_key)
        self._configs.setdefault(account, (access_key, secret_key))

    def config(self, account: str, http_url: str, ws_url: str) -> dict[str, Any]:
        access_key, secret_key = self._configs[account]
        relaxed = self.limits == "relaxed"
        return self.with_options(
            {
                "apiKey": access_key,
                "secret": secret_key,
                "urls": {"api": {"contract": http_url, "spot": http_url}},
                "rateLimit": -(-RATE_LIMIT_MS // RELAXED_FACTOR) if relaxed else RATE_LIMIT_MS,
            }
        )

    def error(self, status: int, message: str) -> Response:
        return json_response({"code": CODES.get(message, -1), "info": message, "data": {}}, status)

    def refuse(self, request: Request, status: int | None, message: str, code: str | int | None) -> Response:
        code = CODES.get(message, -1) if code is None else code
        return json_response({"code": code, "info": message, "data": {}}, status or 200)

    # markets that are listed later

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

    def spec_of(self, listing: Contract | Pair) -> MarketSpec:
        return listing.spec() if isinstance(listing, Pair) else listing.spec(self.engine.clock.now())

    def listed(self, market: str, like: str) -> None:
        listing = self.listings[market]
        if isinstance(listing, Contract):
            self.contracts.listings[market] = listing
            return
        self.spot.listings[market] = listing
        self.spot.coins += [coin for coin in listing.currencies if coin not in self.spot.coins]

    # the way of a request

    def answer(self, request: Request) -> Response:
        # Windows go by the engine's time: a venue whose clock is off still counts well.
        now = self.clock.engine_clock.now()
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
            account = self._contract_account(form)
            info = "cancel order success" if name == "cancel_order" else "ok"
            action: Callable[[Form, str], Any] = getattr(self.contracts, name)
            return self._fine(action(form, account), info)
        public: Callable[[Form], Any] = getattr(self.contracts if product == "contract" else self.spot, name)
        return self._fine(public(_fields(request.query_string)))

    def _fine(self, data: Any, info: str = "ok") -> Response:
        return json_response({"code": 1, "info": info, "data": data})

    def _form(self, request: Request) -> dict[str, str]:
        if request.content_type != FORM:
            raise no("the parameters have to come as a form")
        return _fields(request.body.decode("utf-8", "replace"))

    def _contract_account(self, form: Form) -> str:
        account, secret = self._key(form)
        # Whole seconds by the documents; the venue's own client for Node sends their fractions too.
        if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,9})?", needed(form, "ts")):
            raise no("ts error: it is a timestamp in seconds")
        text = self._canonical(form, secret)
        digest = hmac.new(secret.encode(), text.encode("utf-8", "replace"), hashlib.sha256).digest()
        self._check_sign(form, base64.b64encode(digest).decode())
        self._check_time(int(Decimal(form["ts"]) * 1000))
        return account

    def _spot_private(self, request: Request) -> Response:
        form = _fields(request.query_string) if request.method == "GET" else self._form(request)
        account, secret = self._key(form)
        text = self._canonical(form, secret)
        self._check_sign(
            form, hashlib.md5(text.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()
        )
        # The venue's documents and its own clients name it differently, in seconds or milliseconds, or not.
        told = form.get("ts") or form.get("created")
        if told:
            if not re.fullmatch(r"[0-9]{1,15}", told):
                raise no("ts error: it is a timestamp")
            self._check_time(int(told) * (1000 if len(told) < 12 else 1))
        name = needed(form, "method")
        if name not in SPOT_PRIVATE:
            raise no("method error")
        action: Callable[[Form, str], Any] = getattr(self.spot, name)
        return self._fine(action(form, account))

    def _key(self, form: Form) -> tuple[str, str]:
        known = self._keys.get(needed(form, "access_key"))
        if known is None:
            raise no(KEY_ERROR)
        return known

    def _canonical(self, form: Form, secret: str) -> str:
        """What is signed: all parameters with the secret among them, which no request has to bring."""
        named = {name: value for name, value in form.items() if name != "sign"}
        named["secret_key"] = secret
        encode = quote_plus if self.option("signUrlEncode", True) else str
        return "&".join(f"{encode(name)}={encode(named[name])}" for name in sorted(named))

    def _check_sign(self, form: Form, expected: str) -> None:
        if not hmac.compare_digest(needed(form, "sign").encode("utf-8", "replace"), expected.encode()):
            raise no(SIGN_ERROR)

    def _check_time(self, told: int) -> None:
        if not self.clock.is_near(told, TIMESTAMP_WINDOW_MS):
            raise no(TIME_ERROR)


def _fields(text: str) -> dict[str, str]:
    return dict(parse_qsl(text, keep_blank_values=True))


def _digest(account: str, what: str) -> str:
    return hashlib.sha256(f"btex sandbox {account} {what}".encode()).hexdigest()
