"""bitexbit: API v1 with its charts, API v2, the payment gateway, and the stream.

Where the venue's documents are silent, docs/sandbox-venues.md says what is done here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
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
    Route,
    SocketIoEndpoint,
    Stream,
    VenueClock,
    Window,
    Wire,
    digest,
    exact_json,
    flag,
    integer,
    one_of,
    text,
    texts,
)
from ccxt_ext.sandbox.frontend.engine import Engine, MarketSpec
from ccxt_ext.sandbox.frontends.bitexbit.channels import Channels
from ccxt_ext.sandbox.frontends.bitexbit.currencies import CURRENCIES
from ccxt_ext.sandbox.frontends.bitexbit.gateway import Gateway
from ccxt_ext.sandbox.frontends.bitexbit.listings import LISTINGS, Listing
from ccxt_ext.sandbox.frontends.bitexbit.markets import STEPS, Markets
from ccxt_ext.sandbox.frontends.bitexbit.money.bank import Bank
from ccxt_ext.sandbox.frontends.bitexbit.money.conversions import Conversions
from ccxt_ext.sandbox.frontends.bitexbit.money.coupons import Coupons
from ccxt_ext.sandbox.frontends.bitexbit.money.deposits import Deposits
from ccxt_ext.sandbox.frontends.bitexbit.money.invoices import Invoices
from ccxt_ext.sandbox.frontends.bitexbit.money.transfers import Transfers
from ccxt_ext.sandbox.frontends.bitexbit.money.withdrawals import Withdrawals
from ccxt_ext.sandbox.frontends.bitexbit.orders import Orders
from ccxt_ext.sandbox.frontends.bitexbit.parameters import BadField
from ccxt_ext.sandbox.frontends.bitexbit.signature import GATEWAY, Key, Signatures
from ccxt_ext.sandbox.frontends.bitexbit.stream import OldSession
from ccxt_ext.sandbox.frontends.bitexbit.v1 import ApiV1
from ccxt_ext.sandbox.frontends.bitexbit.v2 import ApiV2

CANDLES_KEPT = 1000
PUBLIC_A_SECOND = 100
PRIVATE_A_SECOND = 2
RATE_LIMIT_MS = 10
PING_INTERVAL_MS = 25_000
PING_TIMEOUT_MS = 20_000

# The names by which other users send money to an account.
UIDS = {"config": "BL1314K55FL", "counterparty": "VB4DF1HQ4D7"}

# Which paths of v2's transfers end in a slash. By the documents, some do.
SLASHES = ("documented", "none", "all")


class Frontend(BaseFrontend[Listing], contract=1):
    id = "bitexbit"
    LOOKS_AT_ALL = (
        "/api/v1/exchanges/",
        "/api/v2/public/tickers",
        "/api/v2/public/orders",
        "/api/v2/public/trades",
    )
    has_streams = True
    socket_io: SocketIoEndpoint
    # A route is named after the API and a method of its class.
    ROUTES: ClassVar[Sequence[Route]] = (
        ("GET", "/api/v1/currencies/", "v1 currencies"),
        ("GET", "/api/v1/pairs/", "v1 pairs"),
        ("GET", "/api/v1/orderbook/{pair}/", "v1 orderbook"),
        ("GET", "/api/v1/exchanges/", "v1 exchanges"),
        ("GET", "/api/charts/{pair}/{type}/chart", "v1 chart"),
        ("GET", "/api/v1/wallets/", "v1 wallets"),
        ("GET", "/api/v1/orders/own/", "v1 orders"),
        ("GET", "/api/v1/order/{id}/", "v1 order"),
        ("POST", "/api/v1/order/", "v1 create"),
        ("POST", "/api/v1/order-cancel/", "v1 cancel"),
        ("GET", "/api/v1/exchanges/own/", "v1 own_exchanges"),
        ("GET", "/api/v1/deposits/", "v1 deposits"),
        ("GET", "/api/v1/withdraws/", "v1 withdraws"),
        ("GET", "/api/v2/public/currencies", "v2 currencies"),
        ("GET", "/api/v2/public/currency/{code}", "v2 currency"),
        ("GET", "/api/v2/public/pairs", "v2 pairs"),
        ("GET", "/api/v2/public/pairs/{symbol}", "v2 pair"),
        ("GET", "/api/v2/public/ohlcv", "v2 ohlcv"),
        ("GET", "/api/v2/public/tickers", "v2 tickers"),
        ("GET", "/api/v2/public/depth", "v2 depth"),
        ("GET", "/api/v2/public/orders", "v2 public_orders"),
        ("GET", "/api/v2/public/trades", "v2 public_trades"),
        ("POST", "/api/v2/private/order/create", "v2 create"),
        ("POST", "/api/v2/private/order/{id}/cancel", "v2 cancel"),
        ("GET", "/api/v2/private/orders", "v2 orders"),
        ("GET", "/api/v2/private/orders/{id}/trades", "v2 order_trades"),
        ("GET", "/api/v2/private/trades", "v2 trades"),
        ("GET", "/api/v2/private/balance", "v2 balance"),
        ("GET", "/api/v2/private/trading-fees", "v2 fees"),
        ("POST", "/api/v2/private/coupon/create", "v2 coupon_create"),
        ("POST", "/api/v2/private/coupon/redeem", "v2 coupon_redeem"),
        # With or without a final slash: the page's request lines and its own client do the opposite.
        *(
            (method, f"/api/v2/private/{path}{end}", name)
            for method, path, name in (
                ("GET", "transfers", "v2 transfers"),
                ("POST", "transfers/create", "v2 transfer"),
                ("POST", "transfers/{txid}/accept", "v2 transfer_accept"),
                ("POST", "transfers/{txid}/cancel", "v2 transfer_cancel"),
            )
            for end in ("", "/")
        ),
        ("GET", "/api/gateway/payment-methods", "gateway methods"),
        ("POST", "/api/gateway/wallet/create", "gateway wallet_create"),
        ("GET", "/api/gateway/wallets", "gateway wallets"),
        ("GET", "/api/gateway/wallet/history", "gateway wallet_history"),
        ("POST", "/api/gateway/invoice/create", "gateway invoice_create"),
        ("GET", "/api/gateway/invoices", "gateway invoices"),
        ("GET", "/api/gateway/invoice/history", "gateway invoice_history"),
        ("POST", "/api/gateway/withdraw/create", "gateway withdraw"),
        ("GET", "/api/gateway/withdraw/history", "gateway withdraw_history"),
    )

    OPTIONS: ClassVar[OptionTable] = {
        "v1GetSignature": one_of("key", "query"),
        "v1FetchOrderSigned": flag(),
        "chartsTrailingSlash": flag(),
        "v2TransferSlashes": one_of(*SLASHES),
        "cannotCancel": texts(*(each.id for each in LISTINGS), of_client=False),
        "stream.subscribeEvent": text(),
        "stream.messageEvent": text(),
        "stream.cancelIdField": one_of("oid", "cancel_order_id"),
        "stream.pingInterval": integer(1, 86_400_000, of_client=False),
        "stream.pingTimeout": integer(1, 86_400_000, of_client=False),
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
            [(minutes * 60_000, CANDLES_KEPT) for minutes in STEPS.values()],
        )
        self.listings = Listed({listing.id: listing for listing in LISTINGS})
        self.keys: Keys[Key] = Keys()
        self._signatures = Signatures(
            self.keys,
            clock,
            v1_signs_query=self.option("v1GetSignature") == "query",
            v1_order_is_signed=self.option("v1FetchOrderSigned"),
        )
        self._public = Window(PUBLIC_A_SECOND * self.limit_factor, 1000)
        self._private = Window(PRIVATE_A_SECOND * self.limit_factor, 1000)
        self.bank = Bank(self.engine)
        funds = {currency.code: Decimal(currency.funds) for currency in CURRENCIES.values()}
        for account in self.accounts:
            self.open_account(account, funds)
        conversions = Conversions(self.engine)
        deposits = Deposits(self.bank)
        self.invoices = Invoices(self.bank, conversions)
        self.withdrawals = Withdrawals(self.bank, conversions)
        self.transfers = Transfers(self.bank)
        markets = Markets(self.engine.markets, clock.engine_clock, self.option("cannotCancel", ()))
        orders = Orders(self.engine, self.listings, markets)
        self._apis = {
            "v1": ApiV1(self.engine, self.listings, markets, orders, self.bank, deposits, self.withdrawals),
            "v2": ApiV2(
                self.engine,
                clock,
                self.listings,
                markets,
                orders,
                self.bank,
                Coupons(self.bank),
                self.transfers,
            ),
            "gateway": Gateway(self.bank, deposits, self.invoices, self.withdrawals),
        }
        channels = Channels(
            self.engine.markets,
            subscribe_event=self.option("stream.subscribeEvent", "subscribe"),
            message_event=self.option("stream.messageEvent"),
            cancel_id_field=self.option("stream.cancelIdField", "oid"),
        )
        self.socket_io = SocketIoEndpoint(
            "/socket.io/",
            channels.subscriber,
            ping_interval_ms=self.option("stream.pingInterval", PING_INTERVAL_MS),
            ping_timeout_ms=self.option("stream.pingTimeout", PING_TIMEOUT_MS),
        )

    def open_account(self, account: str, balances: Money, wallets: Mapping[str, Money] | None = None) -> None:
        self.engine.open_account(account, balances)
        self.bank.uids[account] = UIDS.get(account) or digest(self.id, account, "uid")[:11].upper()
        api_key, secret = (digest(self.id, account, what)[:32] for what in ("key", "secret"))
        self.add_key(account, api_key, secret)

    def add_key(self, account: str, api_key: str, secret: str) -> None:
        self.keys.add(Key(account, api_key, secret))

    def config(self, account: str, http_url: str, ws_url: str) -> dict[str, Any]:
        key = self.keys.of(account)
        apis = ("v1", "charts", "v2", "gateway")
        return self.with_options(
            {
                "apiKey": key.api_key,
                "secret": key.secret,
                # Not a credential here: the name by which other users send money to this account.
                "uid": self.bank.uids[account],
                "urls": {"api": {**{name: f"{http_url}/api/{name}" for name in apis}, "ws": ws_url}},
                "rateLimit": RATE_LIMIT_MS / RELAXED_FACTOR if self.limits == "relaxed" else RATE_LIMIT_MS,
            }
        )

    def listing_like(self, like: Listing, market: str, pair: str | None) -> Listing:
        self.check_pair(market, pair, "_")
        return replace(like, id=market)

    def listing_changed(self, listing: Listing, spec: MarketSpec, delisted: bool) -> Listing | None:
        return None if delisted else listing.changed(spec)

    def spec_of(self, listing: Listing) -> MarketSpec:
        return listing.spec()

    def listed(self, market: str, like: str) -> None:
        """A new currency has the networks and fees of the one that the other market has."""
        base, known = self.listings[market].currencies[0], self.listings[like].currencies[0]
        if base not in self.bank.currencies:
            currency = replace(self.bank.currencies[known], code=base, name=base, sign=base)
            self.bank.add_currency(currency)

    # requests

    def next_event(self) -> int | None:
        instants = (self.invoices.next_payment(), self.transfers.next_return())
        return min((at for at in instants if at is not None), default=None)

    def act(self, now: int) -> None:
        self.invoices.pay_due()
        self.transfers.return_expired()

    def is_cancel(self, request: Request) -> bool:
        return "/transfers/" not in request.path and super().is_cancel(request)

    def answer(self, request: Request) -> Response:
        found = self.routes.find(request.method, request.path)
        if found is None:
            raise Refusal(404, "Not found.")
        name, arguments = found
        # Limits hold even while the venue's clock is off, or stands still.
        now = self.clock.ticking()
        self.act(self.engine.clock.now())
        api, _, action_name = name.partition(" ")
        action: Callable[..., Any] = getattr(self._apis[api], action_name)
        signed = self._signatures.needed(request)
        if signed is None:
            if not self._public.allow(request.remote, now):
                raise Refusal(429, "Too many requests")
            return _response(action(request, **arguments))
        key, fields = self._signatures.check(signed, request)
        if signed != GATEWAY and not self._private.allow(key.account, now):
            raise Refusal(429, "Too many requests")
        given = fields if request.method == "POST" else request
        return _response(action(given, key.account, **arguments))

    def handle(self, request: Request) -> Response:
        if request.path == self.socket_io.path and self.socket_io.server is not None:
            return self.socket_io.server.poll(request)
        try:
            return self.answer(request)
        except BadField as refusal:
            if request.path.startswith("/api/gateway/"):
                return _response({refusal.name: [refusal.message]}, refusal.status)
            return _response({"error": f"{refusal.name}: {refusal.message}"}, refusal.status)
        except Refusal as refusal:
            if request.path.startswith("/api/gateway/"):
                return _response({"detail": refusal.message}, refusal.status)
            return self.error(refusal.status, refusal.message)

    def refuse(self, request: Request, status: int | None, message: str, code: str | int | None) -> Response:
        name = "detail" if request.path.startswith("/api/gateway/") else "error"
        return _response({name: message}, status or 400)

    def error(self, status: int, message: str) -> Response:
        return _response({"error": message}, status)

    def route_table(self) -> Sequence[Route]:
        """With or without final slashes, as the options say."""
        slashes, of_charts = self.option("v2TransferSlashes"), self.option("chartsTrailingSlash", False)
        table = []
        for method, path, name in self.ROUTES:
            has_slash = path.endswith("/")
            if name.startswith("v2 transfer") and slashes is not None:
                wanted = method == "POST" if slashes == "documented" else slashes == "all"
                if has_slash != wanted:
                    continue
            table.append((method, f"{path}/" if name == "v1 chart" and of_charts else path, name))
        return table

    # streams

    def stream(self, request: Request, wire: Wire) -> Stream | Response:
        if request.path != self.socket_io.path:
            return self.error(404, "Not found.")
        if request.query.get("EIO") == "3" and request.query.get("transport") == "websocket":
            return OldSession(self.feed, self.clock, request, wire, self.socket_io)
        if self.socket_io.server is None:
            return self.error(400, "Unsupported version of Engine.IO")
        return self.socket_io.server.stream(request, wire)


def _response(obj: Any, status: int = 200) -> Response:
    body = exact_json(obj).encode("utf-8", "replace")
    return Response(status, body, {"Content-Type": "application/json; charset=utf-8"})
