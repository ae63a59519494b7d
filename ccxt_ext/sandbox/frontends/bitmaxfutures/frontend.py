"""BitMax Futures Pro v2, as its pages and docs/venues/bitmaxfutures.md have it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, ClassVar

from ccxt_ext.sandbox.engine import Engine, MarketSpec, Order
from ccxt_ext.sandbox.frontend import (
    RELAXED_FACTOR,
    BaseFrontend,
    Limits,
    OptionTable,
    Refusal,
    Request,
    Response,
    Stream,
    VenueClock,
    Wire,
    flag,
    integer,
    json_response,
    one_of,
    text,
    texts,
)
from ccxt_ext.sandbox.frontends.bitmaxfutures.account import AccountCalls
from ccxt_ext.sandbox.frontends.bitmaxfutures.market_data import PublicCalls
from ccxt_ext.sandbox.frontends.bitmaxfutures.order_fields import (
    NO_ACCOUNT,
    NO_AUTHORIZATION,
    REASONS,
    Declined,
)
from ccxt_ext.sandbox.frontends.bitmaxfutures.orders import TradingCalls
from ccxt_ext.sandbox.frontends.bitmaxfutures.retired import RetiredCalls
from ccxt_ext.sandbox.frontends.bitmaxfutures.rows.orders import (
    CASH,
    CASH_FUNDS,
    FUNDS,
    FUTURES,
    HORIZONS,
    LISTINGS,
    SETTLE,
    Listing,
    collaterals,
)
from ccxt_ext.sandbox.frontends.bitmaxfutures.stream.channels import Channels
from ccxt_ext.sandbox.frontends.bitmaxfutures.stream.connection import STREAM_SIGNS, BitmaxStream

RATE_LIMIT_MS = 200  # none is documented, and so none is enforced
TIMESTAMP_WINDOW_MS = 30_000
PERMISSIONS = ("view", "trade", "transfer")
LEVERAGE = Decimal(10)


# POST calls whose fields may come in the query, where it is said so.
AS_QUERY = (
    "futures/leverage",
    "futures/margin-type",
    "futures/isolated-position-margin",
    "futures/transfer/deposit",
    "futures/transfer/withdraw",
)


@dataclass(frozen=True)
class Key:
    account: str
    api_key: str
    secret: str
    group: int
    uid: str  # "U" and 10 digits
    permissions: tuple[str, ...] = PERMISSIONS

    @property
    def ids(self) -> dict[str, str]:
        """What stands beside most of what is the account's."""
        return {"ac": "FUTURES", "accountId": f"fut{_digest(self.account, 'futures')[:29]}"}

    @property
    def cash_id(self) -> str:
        return f"csh{_digest(self.account, 'cash')[:29]}"

    @property
    def margin_id(self) -> str:
        return f"mar{_digest(self.account, 'margin')[:29]}"


@dataclass(frozen=True)
class Call:
    action: Callable[..., Any]
    signs: str = ""  # the path that is signed; without one, the call is open to everyone
    needs: str = "view"


# (method, path after the host, what it signs, the permission that it needs); {grp} is the account's group.
_PRIVATE = (
    ("GET", "/api/pro/v2/account/info", "v2/account/info", "view", "account_info"),
    ("GET", "/api/pro/v1/info", "info", "view", "old_account_info"),
    ("GET", "/api/pro/v1/wallet/deposit/address", "wallet/deposit/address", "view", "deposit_address"),
    ("GET", "/api/pro/v1/wallet/transactions", "wallet/transactions", "view", "transactions"),
    ("GET", "/{grp}/api/pro/v1/cash/balance", "balance", "view", "cash_balance"),
    ("POST", "/{grp}/api/pro/v1/transfer", "transfer", "transfer", "old_transfer"),
    ("POST", "/{grp}/api/pro/transfer", "transfer", "transfer", "old_transfer"),
    ("GET", "/{grp}/api/pro/v1/order/hist", "order/hist", "view", "old_history"),
    ("GET", "/{grp}/api/pro/v2/order/hist", "order/hist", "view", "long_history"),
    ("GET", "/{grp}/api/pro/v2/futures/position", "", "view", "positions"),
    ("GET", "/{grp}/api/pro/v2/futures/free-margin", "", "view", "free_margin"),
    ("POST", "/{grp}/api/pro/v2/futures/free-margin", "", "view", "free_margin"),
    ("POST", "/{grp}/api/pro/v2/futures/isolated-position-margin", "", "trade", "isolated_margin"),
    ("POST", "/{grp}/api/pro/v2/futures/margin-type", "", "trade", "margin_type"),
    ("POST", "/{grp}/api/pro/v2/futures/leverage", "", "trade", "leverage"),
    ("POST", "/{grp}/api/pro/v2/futures/transfer/deposit", "", "transfer", "transfer_in"),
    ("POST", "/{grp}/api/pro/v2/futures/transfer/withdraw", "", "transfer", "transfer_out"),
    ("POST", "/{grp}/api/pro/v2/futures/order", "", "trade", "place"),
    ("POST", "/{grp}/api/pro/v2/futures/order/batch", "", "trade", "place_batch"),
    ("DELETE", "/{grp}/api/pro/v2/futures/order", "", "trade", "cancel"),
    ("DELETE", "/{grp}/api/pro/v2/futures/order/batch", "", "trade", "cancel_batch"),
    ("DELETE", "/{grp}/api/pro/v2/futures/order/all", "", "trade", "cancel_all"),
    ("GET", "/{grp}/api/pro/v2/futures/order/open", "", "view", "open_orders"),
    ("GET", "/{grp}/api/pro/v2/futures/order/hist/current", "", "view", "history"),
    ("GET", "/{grp}/api/pro/v2/futures/order/status", "", "view", "order_status"),
    ("DELETE", "/{grp}/api/pro/v2/futures/position/all", "", "trade", "close_all"),
)
_PUBLIC = (
    ("/api/pro/v2/futures/contract", "contracts"),
    ("/api/pro/v2/futures/collateral", "collateral"),
    ("/api/pro/v2/futures/pricing-data", "pricing_data"),
    ("/api/pro/v1/depth", "depth"),
    ("/api/pro/v1/trades", "trades"),
    ("/api/pro/v1/barhist", "barhist"),
    ("/api/pro/v1/barhist/info", "barhist_info"),
    ("/api/pro/v1/ticker", "ticker"),
    ("/api/pro/v1/assets", "assets"),
    ("/api/pro/v1/products", "products"),
)
_PUBLIC_BY_OPTION = (
    ("/api/pro/v2/futures/ticker", "new_ticker"),
    ("/api/pro/v1/futures/funding-rates", "funding_rates"),
)
_PRIVATE_BY_OPTION = (
    (
        "GET",
        "/{grp}/api/pro/v1/futures/funding-payments",
        "futures/funding-payments",
        "view",
        "funding_payments",
    ),
)
# A client whose address ends in a slash, as those of the venue's own demos do, asks for "//0/api/pro/...".
_SLASHES = re.compile("/{2,}")
# What the venue's own bot sends as a query; the page has it as JSON. Either will do where nothing is set.
_BY_QUERY_TOO = ("futures/leverage", "futures/transfer/deposit", "futures/transfer/withdraw")
_STREAM = re.compile(r"(?:/(?P<grp>[0-9]{1,9}))?/api/pro/v2/stream")


class Frontend(PublicCalls, AccountCalls, TradingCalls, RetiredCalls, BaseFrontend[Listing]):
    id = "bitmaxfutures"
    has_streams = True
    numbers_frames = True
    ROUTES = (
        *(("GET", path, name) for path, name in _PUBLIC),
        *((method, path, name) for method, path, _, _, name in _PRIVATE),
    )

    OPTIONS: ClassVar[OptionTable] = {
        "secretFormat": one_of("raw", "base64"),
        "openOrdersMethod": one_of("GET", "POST"),
        "freeMarginMethod": one_of("GET", "POST"),
        "postAsQuery": texts(*AS_QUERY),
        "tickerVersion": one_of("v1", "v2"),
        "orderHistPrehash": text(),
        "retiredV1": flag(),
        "refusalStatus": integer(200, 599, of_client=False),
        "snapshotId": flag(of_client=False),
        "contractFields": one_of("page", "demo", of_client=False),
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
            HORIZONS,
            wallets=(FUTURES, CASH),
            collaterals={FUTURES: collaterals()},
        )
        self.listings = {listing.symbol: listing for listing in LISTINGS}
        self._keys: dict[str, Key] = {}
        self._accounts: dict[str, Key] = {}
        self.open_books()
        self.channels = Channels(self)
        for group, account in enumerate(("config", "counterparty")):
            self.engine.open_account(account, FUNDS, {CASH: CASH_FUNDS})
            for listing in LISTINGS:
                self.engine.set_leverage(account, listing.symbol, LEVERAGE)
            self.add_key(
                account,
                _digest(account, "key")[:32],
                base64.b64encode(bytes.fromhex(_digest(account, "secret") + _digest(account, "more")[:32]))
                .decode()
                .replace("+", "x")
                .replace("/", "y"),
                group=group,
                uid=f"U{int(_digest(account, 'uid')[:12], 16) % 10**10:010d}",
            )
        public = (*_PUBLIC, *_PUBLIC_BY_OPTION)
        self._calls = {name: Call(getattr(self, f"_{name}")) for _, name in public}
        for _, path, signs, needs, name in (*_PRIVATE, *_PRIVATE_BY_OPTION):
            signs = signs or path.partition("/api/pro/")[2]
            if name == "long_history":
                signs = self.option("orderHistPrehash", signs)
            self._calls[name] = Call(getattr(self, f"_{name}"), signs, needs)

    def route_table(self) -> Sequence[tuple[str, str, str]]:
        methods = {
            "open_orders": self.option("openOrdersMethod"),
            "free_margin": self.option("freeMarginMethod"),
        }
        table = [
            (methods.get(name) or method, path, name)
            for method, path, name in self.ROUTES
            if name != "ticker" or self.option("tickerVersion") != "v2"
        ]
        if self.option("tickerVersion") == "v2":
            table.append(("GET", "/api/pro/v2/futures/ticker", "new_ticker"))
        if self.option("retiredV1"):
            table += [("GET", path, name) for path, name in _PUBLIC_BY_OPTION if name != "new_ticker"]
            table += [(method, path, name) for method, path, _, _, name in _PRIVATE_BY_OPTION]
        return table

    def knows(self, api_key: str) -> bool:
        return api_key in self._keys

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
                "urls": {"api": {"rest": http_url, "ws": ws_url}},
                "rateLimit": -(-RATE_LIMIT_MS // RELAXED_FACTOR) if relaxed else RATE_LIMIT_MS,
            }
        )

    def key_of(self, account: str) -> Key:
        return self._accounts[account]

    def order_name(self, order: Order) -> str:
        return self.name_of(order, self.key_of(order.account))

    # the way of a request

    def refused(self, refusal: Refusal) -> Response:
        if isinstance(refusal, Declined):
            return json_response(refusal.body(), refusal.status)
        return super().refused(refusal)

    def error(self, status: int, message: str) -> Response:
        return json_response({"code": 510001, "message": message, "reason": "SERVER_ERROR"}, status)

    def refuse(self, request: Request, status: int | None, message: str, code: str | int | None) -> Response:
        code = 100010 if code is None else code
        reason = REASONS.get(code, "") if isinstance(code, int) else ""
        return json_response({"code": code, "message": message, "reason": reason}, status or 200)

    def listing_like(self, like: Listing, market: str, pair: str | None) -> Listing:
        base, dash, kind = market.partition("-")
        if dash + kind != "-PERP":
            raise ValueError(f"contracts are named like SOL-PERP, not {market!r}")
        self.check_pair(f"{base}/{SETTLE}", pair, "/")
        return replace(like, symbol=market, underlying=f"{base}/{SETTLE}", started=self.engine.clock.now())

    def spec_of(self, listing: Listing) -> MarketSpec:
        return listing.spec()

    def listed(self, market: str, like: str) -> None:
        for account in self._accounts:
            self.engine.set_leverage(account, market, LEVERAGE)

    def answer(self, request: Request) -> Response:
        self.engine.catch_up()
        found = self.routes.find(request.method, _SLASHES.sub("/", request.path))
        if found is None:
            raise Declined(100001, "There is no such endpoint", 404)
        name, arguments = found
        call = self._calls[name]
        if not call.signs:
            return self.envelope(call.action(request))
        key = self._key(request, call.signs)
        if call.needs not in key.permissions:
            raise Declined(200015, f"Permission denied: {call.needs}")
        if arguments and arguments["grp"] != str(key.group):
            raise Declined(200006, NO_ACCOUNT)
        return self.envelope(call.action(request, key))

    def envelope(self, data: Any) -> Response:
        """None: there is nothing to tell but that it went well. A whole answer has its own code."""
        if isinstance(data, dict) and "code" in data:
            return json_response(data)
        return json_response({"code": 0} if data is None else {"code": 0, "data": data})

    def _key(self, request: Request, signs: str) -> Key:
        names = ("key", "timestamp", "signature")
        api_key, timestamp, signature = (request.headers.get(f"x-auth-{name}", "") for name in names)
        if not api_key or not timestamp or not signature:
            raise Declined(100009, NO_AUTHORIZATION, self.refusal_status)
        return self.find_key(api_key, timestamp, signature, signs)

    @property
    def refusal_status(self) -> int:
        return int(self.option("refusalStatus", 401))

    def find_key(self, api_key: str, timestamp: str, signature: str, signs: str) -> Key:
        key = self._keys.get(api_key)
        if key is None:
            raise Declined(200001, "Authentication failed", self.refusal_status)
        given = signature.encode("utf-8", "replace")
        expected = [sign(each, f"{timestamp}+{signs}").encode() for each in self.signing_keys(key.secret)]
        if not any(hmac.compare_digest(given, each) for each in expected):
            raise Declined(200001, "Authentication failed", self.refusal_status)
        if not re.fullmatch(r"[0-9]{1,18}", timestamp):
            raise Declined(100011, "Invalid timestamp")
        self.check_time(int(timestamp))
        return key

    def signing_keys(self, secret: str) -> list[bytes]:
        """Raw, as the page has it, or decoded first, as the venue's demos do; it once took both."""
        found = {"raw": secret.encode()}
        with suppress(binascii.Error):  # not every secret can be decoded
            found["base64"] = base64.b64decode(secret + "=" * (-len(secret) % 4))
        asked = self.option("secretFormat")
        return [key for name, key in found.items() if asked in (None, name)]

    def check_time(self, time: int) -> None:
        if not self.clock.is_near(time, TIMESTAMP_WINDOW_MS):
            raise Declined(100011, "Timestamp is too far from the server's time")

    def body(self, request: Request) -> dict[str, Any]:
        """The fields of a POST or DELETE: of the query, where it was set so for its path."""
        as_query = self.option("postAsQuery")
        path = request.path.partition("/api/pro/v2/")[2]
        if as_query is None and not request.body and request.query_string:
            as_query = _BY_QUERY_TOO
        if as_query is not None and path in as_query:
            if request.body:
                raise Declined(100001, "The fields of this call come in the query")
            return _of_query(request.query)
        return self.fields(request.body)

    def fields(self, text: str | bytes) -> dict[str, Any]:
        try:
            fields = json.loads(text, parse_float=str, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise Declined(150001, "Invalid JSON") from None
        if not isinstance(fields, dict):
            raise Declined(150001, "Invalid JSON")
        return fields

    # the way of a stream

    def stream(self, request: Request, wire: Wire) -> Stream | Response:
        match = _STREAM.fullmatch(request.path)
        if match is None:
            return self.handle(request)
        group = match["grp"]
        key = None
        if group is not None and any(name.startswith("x-auth-") for name in request.headers):
            try:
                key = self.stream_key(self._key(request, STREAM_SIGNS), group)
            except Declined as refusal:
                return json_response(refusal.body(), self.refusal_status)
        return BitmaxStream(self, request, wire, group, key)

    def stream_key(self, key: Key, group: str | None) -> Key:
        """A key that may be used on a stream, at the address of its group only."""
        if group != str(key.group):
            raise Declined(200006, NO_ACCOUNT)
        if "trade" not in key.permissions:
            raise Declined(200015, "Permission denied: trade")
        return key


def _of_query(query: Mapping[str, str]) -> dict[str, Any]:
    """Whole numbers are numbers, but for amounts, which JSON has as texts too."""
    return {
        name: int(value) if name != "amount" and re.fullmatch(r"[0-9]{1,9}", value) else value
        for name, value in query.items()
    }


def sign(key: bytes, text: str) -> str:
    digest = hmac.new(key, text.encode("utf-8", "replace"), hashlib.sha256).digest()
    return binascii.b2a_base64(digest, newline=False).decode()


def _digest(account: str, what: str) -> str:
    return hashlib.sha256(f"bitmaxfutures sandbox {account} {what}".encode()).hexdigest()


def _no_constant(text: str) -> None:
    raise ValueError(text)
