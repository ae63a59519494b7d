"""bitexbit: v1 with charts, v2 and the gateway, each with its signature, paths and forms, and the stream.

Where the venue's documents are silent, docs/sandbox.md says what is done here.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from ccxt_ext.sandbox.engine import MarketSpec
from ccxt_ext.sandbox.frontend import (
    RELAXED_FACTOR,
    Limits,
    OptionTable,
    Refusal,
    Request,
    Response,
    Stream,
    VenueClock,
    Window,
    Wire,
    flag,
    integer,
    one_of,
    text,
    texts,
)
from ccxt_ext.sandbox.frontends.bitexbit.core import STEPS, form_of, json_fields, page_of, v1_fields
from ccxt_ext.sandbox.frontends.bitexbit.money import BadField, Bank
from ccxt_ext.sandbox.frontends.bitexbit.rows import CURRENCIES, LISTINGS, Listing, answer
from ccxt_ext.sandbox.frontends.bitexbit.stream import Books, OldSession, SocketIoServer
from ccxt_ext.sandbox.frontends.bitexbit.v1 import ApiV1
from ccxt_ext.sandbox.frontends.bitexbit.v2 import ApiV2

CANDLES_KEPT = 1000
PUBLIC_A_SECOND = 100
PRIVATE_A_SECOND = 2
RATE_LIMIT_MS = 10

PUBLIC, V1, V2, GATEWAY = "public", "v1", "v2", "gateway"


# Of the paths of v2's transfers, all of which end in a slash or all in none, where it is not as documented.
SLASHES = ("documented", "none", "all")


@dataclass
class Key:
    account: str
    api_key: str
    secret: str
    nonce: int = 0


class Frontend(ApiV1, ApiV2):
    id = "bitexbit"
    has_streams = True
    socket_io_path = "/socket.io/"
    socket_io: SocketIoServer | None = None
    """Given by the server that serves this, as it does what a frontend does not: wait."""
    ROUTES = (
        ("GET", "/api/v1/currencies/", "v1_currencies"),
        ("GET", "/api/v1/pairs/", "v1_pairs"),
        ("GET", "/api/v1/orderbook/{pair}/", "v1_orderbook"),
        ("GET", "/api/v1/exchanges/", "v1_exchanges"),
        ("GET", "/api/charts/{pair}/{type}/chart", "chart"),
        ("GET", "/api/v1/wallets/", "v1_wallets"),
        ("GET", "/api/v1/orders/own/", "v1_orders"),
        ("GET", "/api/v1/order/{id}/", "v1_order"),
        ("POST", "/api/v1/order/", "v1_create"),
        ("POST", "/api/v1/order-cancel/", "v1_cancel"),
        ("GET", "/api/v1/exchanges/own/", "v1_own_exchanges"),
        ("GET", "/api/v1/deposits/", "v1_deposits"),
        ("GET", "/api/v1/withdraws/", "v1_withdraws"),
        ("GET", "/api/v2/public/currencies", "v2_currencies"),
        ("GET", "/api/v2/public/currency/{code}", "v2_currency"),
        ("GET", "/api/v2/public/pairs", "v2_pairs"),
        ("GET", "/api/v2/public/pairs/{symbol}", "v2_pair"),
        ("GET", "/api/v2/public/ohlcv", "v2_ohlcv"),
        ("GET", "/api/v2/public/tickers", "v2_tickers"),
        ("GET", "/api/v2/public/depth", "v2_depth"),
        ("GET", "/api/v2/public/orders", "v2_public_orders"),
        ("GET", "/api/v2/public/trades", "v2_public_trades"),
        ("POST", "/api/v2/private/order/create", "v2_create"),
        ("POST", "/api/v2/private/order/{id}/cancel", "v2_cancel"),
        ("GET", "/api/v2/private/orders", "v2_orders"),
        ("GET", "/api/v2/private/orders/{id}/trades", "v2_order_trades"),
        ("GET", "/api/v2/private/trades", "v2_trades"),
        ("GET", "/api/v2/private/balance", "v2_balance"),
        ("GET", "/api/v2/private/trading-fees", "v2_fees"),
        ("POST", "/api/v2/private/coupon/create", "v2_coupon_create"),
        ("POST", "/api/v2/private/coupon/redeem", "v2_coupon_redeem"),
        # With or without a final slash: the page's request lines and its own client do the opposite.
        *(
            (method, f"/api/v2/private/{path}{end}", name)
            for method, path, name in (
                ("GET", "transfers", "v2_transfers"),
                ("POST", "transfers/create", "v2_transfer"),
                ("POST", "transfers/{txid}/accept", "v2_transfer_accept"),
                ("POST", "transfers/{txid}/cancel", "v2_transfer_cancel"),
            )
            for end in ("", "/")
        ),
        ("GET", "/api/gateway/payment-methods", "gateway_methods"),
        ("POST", "/api/gateway/wallet/create", "gateway_wallet_create"),
        ("GET", "/api/gateway/wallets", "gateway_wallets"),
        ("GET", "/api/gateway/wallet/history", "gateway_wallet_history"),
        ("POST", "/api/gateway/invoice/create", "gateway_invoice_create"),
        ("GET", "/api/gateway/invoices", "gateway_invoices"),
        ("GET", "/api/gateway/invoice/history", "gateway_invoice_history"),
        ("POST", "/api/gateway/withdraw/create", "gateway_withdraw"),
        ("GET", "/api/gateway/withdraw/history", "gateway_withdraw_history"),
    )
    # Paths below /api/v1/ that need a signature; v2 has it in the path, and the gateway always needs one.
    SIGNED_V1 = ("wallets", "orders", "order", "order-cancel", "exchanges/own", "deposits", "withdraws")

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
        self.engine = Bank(
            self.id,
            [listing.spec() for listing in LISTINGS],
            clock.engine_clock,
            seed,
            [(minutes * 60_000, CANDLES_KEPT) for minutes in STEPS.values()],
        )
        self.listings = {listing.id: listing for listing in LISTINGS}
        self._keys: dict[str, Key] = {}
        self._accounts: dict[str, Key] = {}
        factor = RELAXED_FACTOR if limits == "relaxed" else 1
        self._public = Window(PUBLIC_A_SECOND * factor, 1000)
        self._private = Window(PRIVATE_A_SECOND * factor, 1000)
        funds = {money.code: Decimal(money.funds) for money in CURRENCIES.values()}
        for account, uid in (("config", "BL1314K55FL"), ("counterparty", "VB4DF1HQ4D7")):
            self.engine.open_account(account, funds)
            self.engine.uids[account] = uid
            self.add_key(account, _digest(account, "key")[:32], _digest(account, "secret")[:32])

    def add_key(self, account: str, api_key: str, secret: str) -> None:
        key = Key(account, api_key, secret)
        self._keys[api_key] = key
        self._accounts.setdefault(account, key)

    def config(self, account: str, http_url: str, ws_url: str) -> dict[str, Any]:
        key = self._accounts[account]
        apis = ("v1", "charts", "v2", "gateway")
        return self.with_options(
            {
                "apiKey": key.api_key,
                "secret": key.secret,
                # Not a credential here: the name by which other users send money to this account.
                "uid": self.engine.uids[account],
                "urls": {"api": {**{name: f"{http_url}/api/{name}" for name in apis}, "ws": ws_url}},
                "rateLimit": RATE_LIMIT_MS / RELAXED_FACTOR if self.limits == "relaxed" else RATE_LIMIT_MS,
            }
        )

    def listing_like(self, like: Listing, market: str, pair: str | None) -> Listing:
        self.check_pair(market, pair, "_")
        return replace(like, id=market)

    def spec_of(self, listing: Listing) -> MarketSpec:
        return listing.spec()

    def listed(self, market: str, like: str) -> None:
        """A currency that is new comes and goes as that of the other market."""
        base, known = self.listings[market].currencies[0], self.listings[like].currencies[0]
        if base not in self.engine.monies:
            self.engine.add_money(replace(self.engine.monies[known], code=base, name=base, sign=base))

    # the way of a request

    def answer(self, request: Request) -> Response:
        found = self.routes.find(request.method, request.path)
        if found is None:
            raise Refusal(404, "Not found.")
        name, arguments = found
        # Windows go by the engine's time: a venue whose clock is off still counts well.
        now = self.clock.engine_clock.now()
        self.engine.settle()
        action: Callable[..., Any] = getattr(self, f"_{name}")
        api = self._signature_of(request)
        if api == PUBLIC:
            if not self._public.allow(request.remote, now):
                raise Refusal(429, "Too many requests")
            return answer(action(request, **arguments))
        key, fields = self._authenticate(api, request)
        if api != GATEWAY and not self._private.allow(key.account, now):
            raise Refusal(429, "Too many requests")
        if request.method == "POST":
            return answer(action(fields, key.account, **arguments))
        return answer(action(request, key.account, **arguments))

    def handle(self, request: Request) -> Response:
        if request.path == self.socket_io_path and self.socket_io is not None:
            return self.socket_io.poll(request)
        try:
            return self.answer(request)
        except BadField as refusal:
            if request.path.startswith("/api/gateway/"):
                return answer({refusal.name: [refusal.message]}, refusal.status)
            return answer({"error": f"{refusal.name}: {refusal.message}"}, refusal.status)
        except Refusal as refusal:
            if request.path.startswith("/api/gateway/"):
                return answer({"detail": refusal.message}, refusal.status)
            return self.error(refusal.status, refusal.message)

    def refuse(self, request: Request, status: int | None, message: str, code: str | int | None) -> Response:
        name = "detail" if request.path.startswith("/api/gateway/") else "error"
        return answer({name: message}, status or 400)

    def error(self, status: int, message: str) -> Response:
        return answer({"error": message}, status)

    def route_table(self) -> Sequence[tuple[str, str, str]]:
        """As they were set, where they were."""
        slashes, of_charts = self.option("v2TransferSlashes"), self.option("chartsTrailingSlash", False)
        table = []
        for method, path, name in self.ROUTES:
            has_slash = path.endswith("/")
            if name.startswith("v2_transfer") and slashes is not None:
                wanted = method == "POST" if slashes == "documented" else slashes == "all"
                if has_slash != wanted:
                    continue
            table.append((method, f"{path}/" if name == "chart" and of_charts else path, name))
        return table

    def _signature_of(self, request: Request) -> str:
        path = request.path
        if path.startswith("/api/gateway/"):
            return GATEWAY
        if path.startswith("/api/v2/private/"):
            return V2
        rest = path.removeprefix("/api/v1/")
        if rest.startswith("order/") and rest != "order/":
            # The page does not say that it is private, and its samples have no key.
            signed = self.option("v1FetchOrderSigned", "x-key" in request.headers)
            return V1 if signed else PUBLIC
        private = path != rest and any(
            rest == f"{name}/" or rest.startswith(f"{name}/") for name in self.SIGNED_V1
        )
        return V1 if private else PUBLIC

    # streams

    @cached_property
    def books(self) -> Books:
        return Books(self.engine.markets, self.option)

    def stream(self, request: Request, wire: Wire) -> Stream | Response:
        if request.path != self.socket_io_path:
            return self.error(404, "Not found.")
        if request.query.get("EIO") == "3" and request.query.get("transport") == "websocket":
            return OldSession(self.feed, self.clock, request, wire, self.books)
        if self.socket_io is None:
            return self.error(400, "Unsupported version of Engine.IO")
        return self.socket_io.stream(request, wire)

    # signatures

    def _authenticate(self, api: str, request: Request) -> tuple[Key, dict[str, Any]]:
        """Whose key it is, and the fields of the body."""
        names = {
            V1: ("x-key", "x-sign", "x-nonce"),
            V2: ("x-api-key", "x-signature", "x-nonce"),
            GATEWAY: ("x-key", "x-sign", "x-timeout"),
        }
        given = [request.headers.get(name, "") for name in names[api]]
        key = self._keys.get(given[0])
        if key is None:
            raise Refusal(401, "Wrong key")
        if api == V1:
            fields = v1_fields(request)
            signed = fields if request.method == "POST" else {}
            if request.method == "GET" and self.option("v1GetSignature") == "query":
                signed = dict(parse_qsl(request.query_string, keep_blank_values=True))
            message = key.api_key + form_of(signed)
        else:
            body = request.body.decode("utf-8", "replace")
            fields = json_fields(request) if request.method == "POST" else {}
            message = f"{request.path}{given[2]}{body}"
            if api == GATEWAY:
                message = key.api_key + message
        expected = hmac.new(key.secret.encode(), message.encode("utf-8", "replace"), hashlib.sha256)
        if not hmac.compare_digest(given[1].encode("utf-8", "replace"), expected.hexdigest().encode()):
            raise Refusal(401, "Wrong signature")
        if not re.fullmatch(r"[0-9]{1,18}", given[2]):
            raise Refusal(401, "Wrong timeout" if api == GATEWAY else "Wrong nonce")
        if api == GATEWAY:
            if self.clock.has_passed(int(given[2])):
                raise Refusal(401, "Timeout has expired")
        elif int(given[2]) <= key.nonce:
            raise Refusal(401, f"Nonce must be greater than {key.nonce}")
        else:
            key.nonce = int(given[2])
        return key, fields

    # the gateway

    def _gateway_methods(self, request: Request, account: str) -> Any:
        return list(self.engine.methods.values())

    def _gateway_wallet_create(self, fields: Mapping[str, Any], account: str) -> Any:
        return self.engine.create_wallet(account, fields)

    def _gateway_wallets(self, request: Request, account: str) -> Any:
        return page_of(request, self.engine.wallet_rows(account))

    def _gateway_wallet_history(self, request: Request, account: str) -> Any:
        return page_of(request, self.engine.wallet_history(account))

    def _gateway_invoice_create(self, fields: Mapping[str, Any], account: str) -> Any:
        return self.engine.create_invoice(account, fields)

    def _gateway_invoices(self, request: Request, account: str) -> Any:
        return page_of(request, self.engine.invoices(account))

    def _gateway_invoice_history(self, request: Request, account: str) -> Any:
        return page_of(request, self.engine.invoice_history(account))

    def _gateway_withdraw(self, fields: Mapping[str, Any], account: str) -> Any:
        return self.engine.withdraw(account, fields)

    def _gateway_withdraw_history(self, request: Request, account: str) -> Any:
        return page_of(request, self.engine.withdraw_history(account))


def _digest(account: str, what: str) -> str:
    return hashlib.sha256(f"bitexbit sandbox {account} {what}".encode()).hexdigest()
