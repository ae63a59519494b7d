"""A simulated venue: any id of ccxt's on the engine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from ccxt_ext.sandbox.frontend import (
    BaseFrontend,
    Limits,
    Listed,
    Money,
    Refusal,
    Request,
    Response,
    Stream,
    VenueClock,
    Wire,
    digest,
    json_response,
)
from ccxt_ext.sandbox.frontend.engine import Engine, MarketSpec, Refused
from ccxt_ext.sandbox.frontends.simulated.account import AccountCalls
from ccxt_ext.sandbox.frontends.simulated.listings import (
    CONTRACTS,
    SPOT,
    Description,
    Listing,
    changed,
    funds_of,
    listing_named,
)
from ccxt_ext.sandbox.frontends.simulated.market_data import HORIZONS, MarketData
from ccxt_ext.sandbox.frontends.simulated.orders import OrderCalls
from ccxt_ext.sandbox.frontends.simulated.parameters import arguments_of
from ccxt_ext.sandbox.frontends.simulated.refusals import Declined, declined_by_engine
from ccxt_ext.sandbox.frontends.simulated.stream import Connection, Desk

KEY = "x-simulated-key"
"""The header with an account's key: a JSON object with the hash of each of its credentials."""
STREAM = "/stream"
HISTORY = "simulated"
"""Whose history the markets have. It is the same for all ids, so that equal markets need only one."""
NOWHERE = "http://127.0.0.1:1"

Public = Callable[[Mapping[str, Any]], Any]
Private = Callable[[Mapping[str, Any], str], Any]

PUBLIC = {
    "fetchTime": "time",
    "fetchStatus": "time",
    "fetchMarkets": "markets",
    "fetchCurrencies": "currencies",
    "fetchTicker": "ticker",
    "fetchTickers": "tickers",
    "fetchBidsAsks": "tickers",
    "fetchLastPrices": "tickers",
    "fetchMarkPrice": "ticker",
    "fetchMarkPrices": "tickers",
    "fetchOrderBook": "book",
    "fetchOrderBooks": "books",
    "fetchL2OrderBook": "book",
    "fetchTrades": "trades",
    "fetchOHLCV": "candles",
    "fetchFundingRate": "funding_rate",
    "fetchFundingRates": "funding_rates",
    "fetchFundingInterval": "funding_rate",
    "fetchFundingIntervals": "funding_rates",
    "fetchFundingRateHistory": "funding_rate_history",
    "fetchOpenInterest": "open_interest",
    "fetchLeverageTiers": "markets",
    "fetchMarketLeverageTiers": "markets",
}
"""Calls that need no key, and the methods of `MarketData` for them."""
READING = {
    "fetchBalance": "balance",
    "fetchDeposits": "deposits",
    "fetchDepositsWithdrawals": "deposits",
    "fetchPositions": "positions",
    "fetchPosition": "positions",
    "fetchPositionsForSymbol": "positions",
    "fetchPositionHistory": "closed_positions",
    "fetchPositionsHistory": "closed_positions",
    "fetchFundingHistory": "funding_payments",
    "fetchLeverage": "leverage",
    "fetchLeverages": "leverages",
    "fetchMarginMode": "leverage",
    "fetchMarginModes": "leverages",
    "fetchTradingFee": "fees",
    "fetchTradingFees": "fees",
}
ACTING = {
    "transfer": "transfer",
    "setLeverage": "set_leverage",
    "setMarginMode": "set_margin_mode",
    "addMargin": "change_margin",
    "reduceMargin": "change_margin",
}
"""Those of an account, and the methods of `AccountCalls`."""
ORDERS_READ = {
    "fetchOrder": "order",
    "fetchOrderTrades": "my_trades",
    "fetchMyTrades": "my_trades",
}
ORDERS_ACTING = {
    "createOrder": "create",
    "createOrders": "create_many",
    "editOrder": "edit",
    "cancelOrder": "cancel",
    "cancelOrders": "cancel_many",
    "cancelAllOrders": "cancel_all",
    "closePosition": "close_position",
    "closeAllPositions": "close_all",
}
"""Those of its orders, and the methods of `OrderCalls`."""
LISTS = {
    "fetchOrders": (),
    "fetchOpenOrders": ("open",),
    "fetchClosedOrders": ("closed",),
    "fetchCanceledOrders": ("canceled",),
    "fetchCanceledAndClosedOrders": ("canceled", "closed"),
}
"""Those that list orders, with the states in which these are."""


class Frontend(BaseFrontend[Listing], contract=1):
    """A venue without a protocol of its own, under any id."""

    id = "simulated"
    has_streams = True
    numbers_frames = True
    LOOKS_AT_ALL = ("/fetchTickers", "/fetchBidsAsks", "/fetchLastPrices", "/fetchMarkPrices")
    ROUTES = (
        *(("GET", f"/{name}", name) for name in (*PUBLIC, *READING, *ORDERS_READ, *LISTS)),
        *(("POST", f"/{name}", name) for name in (*ACTING, *ORDERS_ACTING)),
    )

    def __init__(
        self,
        clock: VenueClock,
        seed: int,
        limits: Limits,
        options: Mapping[str, Any] | None = None,
        *,
        id: str = "simulated",
        description: Description,
    ) -> None:
        super().__init__(clock, seed, limits, options or {})
        self.id = id
        specs = [listing.spec for listing in description.listings]
        used = {spec.wallet for spec in specs}
        wallets = tuple(wallet for wallet in (SPOT, CONTRACTS) if wallet in used)
        self.engine = Engine(HISTORY, specs, clock.engine_clock, seed, HORIZONS, wallets=wallets)
        self.listings = Listed({listing.spec.id: listing for listing in description.listings})
        self._keys: dict[str, dict[str, str]] = {}
        first, *rest = ((wallet, funds_of(description.listings, wallet)) for wallet in wallets)
        for account in self.accounts:
            self.open_account(account, first[1], dict(rest))
        data = MarketData(self.engine, self.listings, clock)
        account_calls, orders = AccountCalls(self.engine, data), OrderCalls(self.engine, data)
        self._desk = Desk(self.engine, clock, data, account_calls, orders, self._account_of)
        self._public: dict[str, Public] = {name: getattr(data, method) for name, method in PUBLIC.items()}
        self._private: dict[str, Private] = {
            **{name: getattr(account_calls, method) for name, method in {**READING, **ACTING}.items()},
            **{name: getattr(orders, method) for name, method in {**ORDERS_READ, **ORDERS_ACTING}.items()},
        }
        self._orders = orders

    # accounts

    def open_account(self, account: str, balances: Money, wallets: Mapping[str, Money] | None = None) -> None:
        self.engine.open_account(account, balances, wallets)
        words = {name: digest(HISTORY, account, name) for name in ("key", "secret", "wallet", "other")}
        self._keys[account] = {
            "apiKey": words["key"][:32],
            "secret": words["secret"],
            "uid": words["other"][:8],
            "accountId": words["other"][8:16],
            "login": f"{account}-{words['other'][16:20]}",
            "password": words["other"][20:36],
            "twofa": words["other"][36:52].upper(),
            "privateKey": f"0x{words['secret']}",
            "walletAddress": f"0x{words['wallet'][:40]}",
            "token": words["wallet"],
        }

    def _account_of(self, key: Any) -> str:
        """The account whose credentials these are, all of them hashed."""
        if isinstance(key, Mapping) and key:
            for account, credentials in self._keys.items():
                if all(hash_of(credentials.get(name, "")) == value for name, value in key.items()):
                    return account
        raise Declined("authentication", "these are no credentials of an account of this sandbox")

    def config(self, account: str, http_url: str, ws_url: str) -> dict[str, Any]:
        """All credentials that an id may need. A class of ccxt's own that is given them reaches nothing."""
        return {
            **self._keys[account],
            "urls": {"api": {"rest": http_url, "ws": f"{ws_url}{STREAM}"}},
            "httpsProxy": NOWHERE,
            "wssProxy": NOWHERE,
        }

    # requests

    def answer(self, request: Request) -> Response:
        self.engine.catch_up()
        found = self.routes.find(request.method, request.path)
        if found is None:
            raise Declined("unknown_call", f"there is no {request.method} {request.path} here")
        name, arguments = found[0], arguments_of(request)
        try:
            if name in self._public:
                return json_response({"method": name, "result": self._public[name](arguments)})
            account = self._account_of(_key_in(request))
            if name in LISTS:
                result = self._orders.listing(*LISTS[name])(arguments, account)
            else:
                result = self._private[name](arguments, account)
        except Refused as refused:
            raise declined_by_engine(refused) from None
        return json_response({"method": name, "result": result})

    def refused(self, refusal: Refusal) -> Response:
        kind = refusal.kind if isinstance(refusal, Declined) else "refused"
        return json_response({"error": {"kind": kind, "message": refusal.message}}, refusal.status)

    def error(self, status: int, message: str) -> Response:
        return json_response({"error": {"kind": "failure", "message": message}}, status)

    def refuse(self, request: Request, status: int | None, message: str, code: str | int | None) -> Response:
        """`code` is the word for a kind of refusal, or the name of an exception of ccxt's."""
        kind = "refused" if code is None else str(code)
        return json_response({"error": {"kind": kind, "message": message}}, status or 400)

    def maintenance(self) -> Response:
        return self.refused(Declined("maintenance", "System maintenance"))

    # streams

    def stream(self, request: Request, wire: Wire) -> Stream | Response:
        if request.path != STREAM:
            return self.refused(Declined("unknown_call", f"there is no stream {request.path} here"))
        return Connection(self._desk, self.feed, request, wire)

    # markets that are listed or changed while clients run

    def listing_like(self, like: Listing, market: str, pair: str | None) -> Listing:
        if pair is not None:
            raise ValueError(f"'pair' is for markets whose names do not tell it, not for {market}")
        return listing_named(like, market)

    def spec_of(self, listing: Listing) -> MarketSpec:
        return listing.spec

    def listing_changed(self, listing: Listing, spec: MarketSpec, delisted: bool) -> Listing | None:
        return None if delisted else changed(listing, spec)


def _key_in(request: Request) -> Any:
    try:
        return json.loads(request.headers.get(KEY, "null"))
    except (ValueError, RecursionError):
        return None


def hash_of(credential: str) -> str:
    """How a credential is sent: nothing that was given as a secret is seen in a request."""
    return hashlib.sha256(credential.encode()).hexdigest()
