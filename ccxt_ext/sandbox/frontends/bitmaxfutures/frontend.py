"""BitMax Futures Pro v2, as its pages and docs/venues/bitmaxfutures.md have it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
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
    Route,
    Stream,
    VenueClock,
    Wire,
    as_json,
    flag,
    integer,
    json_response,
    one_of,
    text,
    texts,
)
from ccxt_ext.sandbox.frontend.engine import Engine, MarketSpec, Order
from ccxt_ext.sandbox.frontends.bitmaxfutures.bars import HORIZONS
from ccxt_ext.sandbox.frontends.bitmaxfutures.calls.account import AccountCalls
from ccxt_ext.sandbox.frontends.bitmaxfutures.calls.batches import BatchCalls
from ccxt_ext.sandbox.frontends.bitmaxfutures.calls.markets import MarketCalls
from ccxt_ext.sandbox.frontends.bitmaxfutures.calls.orders import OrderCalls
from ccxt_ext.sandbox.frontends.bitmaxfutures.calls.retired import RetiredCalls
from ccxt_ext.sandbox.frontends.bitmaxfutures.endpoints import (
    FUNDING_PAYMENTS,
    FUNDING_RATES,
    NEW_TICKER,
    PRIVATE,
    PUBLIC,
)
from ccxt_ext.sandbox.frontends.bitmaxfutures.holdings import Holdings
from ccxt_ext.sandbox.frontends.bitmaxfutures.keys import STREAM_PATH, Key, Signatures, first_key
from ccxt_ext.sandbox.frontends.bitmaxfutures.listings import (
    CASH,
    CASH_FUNDS,
    FUNDS,
    FUTURES,
    LISTINGS,
    SETTLE,
    Listing,
    collaterals,
)
from ccxt_ext.sandbox.frontends.bitmaxfutures.news_queue import NewsQueue
from ccxt_ext.sandbox.frontends.bitmaxfutures.orders import Orders
from ccxt_ext.sandbox.frontends.bitmaxfutures.parameters import AS_QUERY, Bodies
from ccxt_ext.sandbox.frontends.bitmaxfutures.refusals import NO_ACCOUNT, REASONS, Declined
from ccxt_ext.sandbox.frontends.bitmaxfutures.stream.channels import Channels
from ccxt_ext.sandbox.frontends.bitmaxfutures.stream.connection import Connection
from ccxt_ext.sandbox.frontends.bitmaxfutures.stream.desk import Desk

RATE_LIMIT_MS = 200  # none is documented, and so none is enforced
LEVERAGE = Decimal(10)

# A client whose address ends in a slash, as those of the venue's own demos do, asks for "//0/api/pro/...".
_SLASHES = re.compile("/{2,}")
_STREAM = re.compile(r"(?:/(?P<grp>[0-9]{1,9}))?/api/pro/v2/stream")


@dataclass(frozen=True)
class Call:
    action: Callable[..., Any]
    signs: str = ""
    """The path that is signed; if there is none, the call is open to everyone."""
    needs: str = ""
    """The permission that the key needs."""


class Frontend(BaseFrontend[Listing], contract=1):
    id = "bitmaxfutures"
    LOOKS_AT_ALL = ("/api/pro/v1/ticker", "/api/pro/v2/futures/ticker")
    has_streams = True
    numbers_frames = True
    ROUTES = (*PUBLIC, *(endpoint.route for endpoint in PRIVATE))
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
        self.listings = Listed({listing.symbol: listing for listing in LISTINGS})
        self.keys: Keys[Key] = Keys()
        for account in self.accounts:
            self.open_account(account, FUNDS, {CASH: CASH_FUNDS})
        self._signatures = Signatures(
            self.keys, clock, self.option("secretFormat"), self.option("refusalStatus", 401)
        )
        news = NewsQueue()
        self._orders = Orders(self.engine, self.listings, clock, news)
        holdings = Holdings(self.engine)
        channels = Channels(
            self.engine,
            clock,
            self.feed,
            self.keys,
            self._orders,
            holdings,
            news,
            throttled=limits == "venue",
        )
        self._desk = Desk(
            self.engine,
            clock,
            self.feed,
            self._signatures,
            self._orders,
            news,
            channels,
            snapshot_has_id=self.option("snapshotId", False),
        )
        bodies = Bodies(self.option("postAsQuery"))
        self._calls = self._all_calls(
            MarketCalls(
                self.engine,
                self.listings,
                clock,
                channels.number,
                as_demo=self.option("contractFields") == "demo",
            ),
            AccountCalls(self.engine, self.listings, holdings, bodies, channels.accounts.tell_changes),
            OrderCalls(self.engine, self._orders, bodies),
            BatchCalls(self.engine, self.listings, clock, self._orders, bodies),
            RetiredCalls(self.engine),
        )

    def _all_calls(
        self,
        markets: MarketCalls,
        account: AccountCalls,
        orders: OrderCalls,
        batches: BatchCalls,
        retired: RetiredCalls,
    ) -> dict[str, Call]:
        open_to_everyone: dict[str, Callable[[Request], Any]] = {
            "contracts": markets.contracts,
            "collateral": markets.collateral,
            "pricing_data": markets.pricing_data,
            "depth": markets.depth,
            "trades": markets.trades,
            "barhist": markets.barhist,
            "barhist_info": markets.barhist_info,
            "ticker": markets.ticker,
            "new_ticker": markets.new_ticker,
            "assets": markets.assets,
            "products": markets.products,
            "funding_rates": retired.funding_rates,
        }
        with_a_key: dict[str, Callable[[Request, Key], Any]] = {
            "account_info": account.account_info,
            "old_account_info": account.account_info,
            "deposit_address": account.deposit_address,
            "transactions": account.transactions,
            "cash_balance": account.cash_balance,
            "old_transfer": account.old_transfer,
            "positions": account.positions,
            "free_margin": account.free_margin,
            "isolated_margin": account.isolated_margin,
            "margin_type": account.margin_type,
            "leverage": account.leverage,
            "transfer_in": account.transfer_in,
            "transfer_out": account.transfer_out,
            "place": orders.place,
            "place_batch": batches.place_batch,
            "cancel": orders.cancel,
            "cancel_batch": batches.cancel_batch,
            "cancel_all": orders.cancel_all,
            "close_all": orders.close_all,
            "open_orders": orders.open_orders,
            "order_status": orders.order_status,
            "history": orders.history,
            "old_history": orders.old_history,
            "long_history": orders.long_history,
            "funding_payments": retired.funding_payments,
        }
        calls = {name: Call(action) for name, action in open_to_everyone.items()}
        for endpoint in (*PRIVATE, FUNDING_PAYMENTS):
            signs = endpoint.signed_path
            if endpoint.call == "long_history":
                signs = self.option("orderHistPrehash", signs)
            calls[endpoint.call] = Call(with_a_key[endpoint.call], signs, endpoint.needs)
        return calls

    def route_table(self) -> Sequence[Route]:
        methods = {
            "open_orders": self.option("openOrdersMethod"),
            "free_margin": self.option("freeMarginMethod"),
        }
        moved = self.option("tickerVersion") == "v2"
        table = [
            (methods.get(name) or method, path, name)
            for method, path, name in self.ROUTES
            if name != "ticker" or not moved
        ]
        if moved:
            table.append(NEW_TICKER)
        if self.option("retiredV1"):
            table += [FUNDING_RATES, FUNDING_PAYMENTS.route]
        return table

    def open_account(self, account: str, balances: Money, wallets: Mapping[str, Money] | None = None) -> None:
        self.engine.open_account(account, balances, wallets)
        for market in self.engine.markets:
            self.engine.set_leverage(account, market, LEVERAGE)
        self.keys.add(first_key(account))

    def add_key(self, account: str, api_key: str, secret: str, **settings: Any) -> Key:
        return self.keys.add(Key(account, api_key, secret, **settings))

    def config(self, account: str, http_url: str, ws_url: str) -> dict[str, Any]:
        key = self.keys.of(account)
        return self.with_options(
            {
                "apiKey": key.api_key,
                "secret": key.secret,
                "urls": {"api": {"rest": http_url, "ws": ws_url}},
                "rateLimit": -(-RATE_LIMIT_MS // self.limit_factor),
            }
        )

    def order_name(self, order: Order) -> str:
        return self._orders.name_of(order, self.keys.of(order.account))

    def order_named(self, account: str, name: str) -> Order | None:
        return self._orders.find(self.keys.of(account), name)

    # requests

    def is_cancel(self, request: Request) -> bool:
        return super().is_cancel(replace(request, path=_SLASHES.sub("/", request.path)))

    def answer(self, request: Request) -> Response:
        self.engine.catch_up()
        path = _SLASHES.sub("/", request.path) if "//" in request.path else request.path
        found = self.routes.find(request.method, path)
        if found is None:
            raise Declined(100001, "There is no such endpoint", 404)
        name, arguments = found
        call = self._calls[name]
        if not call.signs:
            return _enveloped(call.action(request))
        key = self._signatures.key_of_request(request.headers, call.signs)
        if call.needs not in key.permissions:
            raise key.lacks(call.needs)
        if arguments and arguments["grp"] != str(key.group):
            raise Declined(200006, NO_ACCOUNT)
        return _enveloped(call.action(request, key))

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

    # streams

    def stream(self, request: Request, wire: Wire) -> Stream | Response:
        match = _STREAM.fullmatch(request.path)
        if match is None:
            return self.handle(request)
        group = match["grp"]
        key = None
        if group is not None and any(name.startswith("x-auth-") for name in request.headers):
            try:
                key = self._signatures.key_of_request(request.headers, STREAM_PATH)
                key.check_stream(group)
            except Declined as refusal:
                return json_response(refusal.body(), self._signatures.refusal_status)
        return Connection(self._desk, request, wire, group, key)

    # markets that are listed while clients run

    def listing_like(self, like: Listing, market: str, pair: str | None) -> Listing:
        base, dash, kind = market.partition("-")
        if dash + kind != "-PERP":
            raise ValueError(f"contracts are named like SOL-PERP, not {market!r}")
        self.check_pair(f"{base}/{SETTLE}", pair, "/")
        return replace(like, symbol=market, underlying=f"{base}/{SETTLE}", started=self.engine.clock.now())

    def listing_changed(self, listing: Listing, spec: MarketSpec, delisted: bool) -> Listing | None:
        return None if delisted else listing.changed(spec)

    def spec_of(self, listing: Listing) -> MarketSpec:
        return listing.spec()

    def listed(self, market: str, like: str) -> None:
        for account in self.engine.accounts:
            self.engine.set_leverage(account, market, LEVERAGE)


def _enveloped(data: Any) -> Response:
    """The answer of a call, with the code for success, unless it already has a code."""
    if isinstance(data, Json):
        return json_response(as_json({"code": 0}, data=data))
    if isinstance(data, dict) and "code" in data:
        return json_response(data)
    return json_response({"code": 0} if data is None else {"code": 0, "data": data})
