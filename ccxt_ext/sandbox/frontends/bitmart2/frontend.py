"""BitMart openapi v2: which call needs a token, a timestamp or a signature, and who answers it.

Where the venue's documents are silent, docs/sandbox-venues.md says what is done here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any, ClassVar

from ccxt_ext.sandbox.frontend import (
    RELAXED_FACTOR,
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
    flag,
    json_response,
    one_of,
)
from ccxt_ext.sandbox.frontend.engine import Engine, MarketSpec
from ccxt_ext.sandbox.frontends.bitmart2.account import AccountData
from ccxt_ext.sandbox.frontends.bitmart2.listings import CURRENCIES, FUNDS, LISTINGS, STEPS_MIN, Listing
from ccxt_ext.sandbox.frontends.bitmart2.market_data import MarketData
from ccxt_ext.sandbox.frontends.bitmart2.orders import Orders
from ccxt_ext.sandbox.frontends.bitmart2.signature import check_timestamp
from ccxt_ext.sandbox.frontends.bitmart2.stream import PublicStream
from ccxt_ext.sandbox.frontends.bitmart2.tokens import Key, Token, Tokens

CANDLES_KEPT = 500
CALLS_PER_MINUTE = 90
TOKENS_PER_MINUTE = 5
RATE_LIMIT_MS = 667
CONNECT_INTERVAL_MS = 4_000

# A memo may look like a number, and is text all the same.
MEMOS = {"config": "sandbox memo", "counterparty": "0042"}

PUBLIC = "public"
PRIVATE = "private"
SIGNED = "signed"


class Frontend(BaseFrontend[Listing], contract=1):
    id = "bitmart2"
    LOOKS_AT_ALL = ("/v2/ticker", "/v2/ticker/")
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
        self.listings = Listed({listing.id: listing for listing in LISTINGS})
        self.currencies = dict(CURRENCIES)
        self._keys: Keys[Key] = Keys()
        self._calls = Window(CALLS_PER_MINUTE * self.limit_factor)
        self._connections = Window(self.limit_factor, CONNECT_INTERVAL_MS)
        for account in self.accounts:
            self.open_account(account, FUNDS)
        self._tokens = Tokens(
            self._keys,
            clock,
            Window(TOKENS_PER_MINUTE * self.limit_factor),
            secret_is_plain="secret" in (self.option("token.clientSecret"), self.option("clientSecret")),
        )
        self._actions = self._table()

    def _table(self) -> dict[str, tuple[str, Callable[..., Any]]]:
        """For each name in ROUTES: what a request has to bring, and what answers it."""
        data = MarketData(self.clock, self.engine.markets, self.listings, self.currencies)
        account = AccountData(
            self.engine,
            self.listings,
            self.currencies,
            trades_tell_side=self.option("entrustType", True),
        )
        orders = Orders(self.engine, cancel_all_is_signed=self.option("signCancelAll", True))
        return {
            "ping": (PUBLIC, data.ping),
            "time": (PUBLIC, data.time),
            "steps": (PUBLIC, data.steps),
            "currencies": (PUBLIC, data.currencies),
            "symbols": (PUBLIC, data.symbols),
            "symbols_details": (PUBLIC, data.symbols_details),
            "ticker": (PUBLIC, data.ticker),
            "kline": (PUBLIC, data.candles),
            "order_book": (PUBLIC, data.order_book),
            "public_trades": (PUBLIC, data.trades),
            "authentication": (PUBLIC, self._tokens.login),
            "wallet": (PRIVATE, account.wallet),
            "orders": (PRIVATE, account.orders),
            "order_details": (PRIVATE, account.order),
            "my_trades": (PRIVATE, account.trades),
            "create_order": (SIGNED, orders.create),
            "cancel_order": (SIGNED, orders.cancel),
            "cancel_orders": (SIGNED, orders.cancel_all),
        }

    def open_account(self, account: str, balances: Money, wallets: Mapping[str, Money] | None = None) -> None:
        self.engine.open_account(account, balances)
        self.add_key(
            account,
            digest(self.id, account, "key")[:32],
            digest(self.id, account, "secret")[:32],
            MEMOS.get(account, f"memo of {account}"),
        )

    def add_key(self, account: str, api_key: str, secret: str, memo: str) -> None:
        self._keys.add(Key(account, api_key, secret, memo))

    def config(self, account: str, http_url: str, ws_url: str) -> dict[str, Any]:
        key = self._keys.of(account)
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

    def listing_changed(self, listing: Listing, spec: MarketSpec, delisted: bool) -> Listing:
        if not delisted:
            return listing.changed(spec)
        day = datetime.fromtimestamp(self.clock.now() / 1000, timezone.utc)
        return replace(listing, expiration=f"{day:%Y-%m-%d %H:%M:%S}")

    def spec_of(self, listing: Listing) -> MarketSpec:
        return listing.spec()

    def listed(self, market: str, like: str) -> None:
        for currency in self.listings[market].currencies:
            self.currencies.setdefault(currency, currency)

    # requests

    def answer(self, request: Request) -> Response:
        found = self.routes.find(request.method, request.path)
        name, arguments = found or ("", {})
        # Limits hold even while the venue's clock is off, or stands still.
        now = self.clock.ticking()
        if name != "authentication" and not self._calls.allow(request.remote, now):
            raise Refusal(429, "Too many requests")
        if not name:
            raise Refusal(404, "Not found")
        access, action = self._actions[name]
        if access == PUBLIC:
            return json_response(action(request, **arguments))
        token = self._tokens.of(request)
        if access == PRIVATE:
            check_timestamp(request, self.clock)
            return json_response(action(request, token.key, **arguments))
        return self._trade(request, token, action, arguments)

    def _trade(
        self, request: Request, token: Token, action: Callable[..., Any], arguments: dict[str, str]
    ) -> Response:
        """The token counts as trading until the response has left, also if that is a refusal."""
        self._tokens.check_trades_alone(token)
        try:
            check_timestamp(request, self.clock)
            response = json_response(action(request, token.key, **arguments))
        except Refusal as refusal:
            response = self.error(refusal.status, refusal.message)
        response.done = self._tokens.begin_trading(token)
        return response

    def stream(self, request: Request, wire: Wire) -> Stream | Response:
        if request.path != "/":
            return self.error(404, "Not found")
        if not self._connections.allow(request.remote, self.clock.ticking()):
            return self.error(429, "Too many requests")
        return PublicStream(self.feed, request, wire, self.clock, self.engine.markets, self.listings)
