"""What the shared suites need to know about each venue. A new venue adds one entry to PROFILES."""

import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import ccxt
from wire import Answer, Request, Wire

import ccxt_ext
import ccxt_ext.async_support

DATA = Path(__file__).parent.parent / "data"

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Profile:
    id: str
    market_type: str
    markets_sample: str  # a documented answer of the markets' endpoint
    credentials: Mapping[str, str]
    config: Mapping[str, Any]  # more of the constructor's argument
    symbol: str
    amount: float  # of an order that the market takes, at `price`
    price: float
    # Every documented endpoint: its implicit method and its method and path, each {name} for itself.
    endpoints: Mapping[str, str]
    # Unified methods with their arguments, `SAMPLES` the documented answers that they meet.
    calls: Mapping[str, tuple[Any, ...]]
    samples: Mapping[str, tuple[str, ...]]
    # (status, body, the method that meets it, what it raises)
    refusals: Sequence[tuple[int, str, str, type[Exception]]]
    unsupported_order_params: Mapping[str, Any]
    # Answers to what a call does besides its own request, such as a login; None for all the rest.
    backdrop: Callable[[Request], Answer | None] = field(default=lambda request: None)

    def kind(self, which: str) -> Any:
        return getattr(ccxt_ext if which == "sync" else ccxt_ext.async_support, self.id)

    def sample(self, name: str) -> Any:
        return json.loads((DATA / self.id / "documented" / f"{name}.json").read_text())

    def offline(
        self,
        which: str,
        answer: Callable[[Request], Answer],
        markets: Sequence[Mapping[str, Any]] | None = None,
        **config: Any,
    ) -> tuple[Any, Wire]:
        """An exchange with markets and credentials whose requests are answered by `answer`."""
        wire = Wire(lambda request: self.backdrop(request) or answer(request))
        kind = self.kind(which)
        # A host of its own: what belongs to a key at a host, such as a token, is shared by all instances.
        urls = {"api": moved(kind().urls["api"], f"n{next(_numbers)}.example")}
        given = {"enableRateLimit": False, "urls": urls, **self.credentials, **self.config, **config}
        exchange = wire.exchange(kind, given)
        rows = self.sample(self.markets_sample) if markets is None else markets
        exchange.set_markets(exchange.parse_markets(rows))
        return exchange, wire


def moved(urls: Any, host: str) -> Any:
    if isinstance(urls, dict):
        return {name: moved(url, host) for name, url in urls.items()}
    return urlsplit(urls)._replace(netloc=host).geturl()


SINCE = 1525760116000

BITMART2 = Profile(
    id="bitmart2",
    market_type="spot",
    markets_sample="v2-symbols_details",
    credentials={"apiKey": "canaryApiKey", "secret": "canarySecret", "uid": "canaryMemo"},
    config={"token": "canaryToken"},
    symbol="BMX/ETH",
    amount=1,
    price=0.0001,
    endpoints={
        "publicGetPing": "GET /v2/ping",
        "publicGetTime": "GET /v2/time",
        "publicGetSteps": "GET /v2/steps",
        "publicGetCurrencies": "GET /v2/currencies",
        "publicGetSymbols": "GET /v2/symbols",
        "publicGetSymbolsDetails": "GET /v2/symbols_details",
        "publicGetTicker": "GET /v2/ticker",
        "publicGetSymbolsSymbolKline": "GET /v2/symbols/{symbol}/kline",
        "publicGetSymbolsSymbolOrders": "GET /v2/symbols/{symbol}/orders",
        "publicGetSymbolsSymbolTrades": "GET /v2/symbols/{symbol}/trades",
        "tokenPostAuthentication": "POST /v2/authentication",
        "privateGetWallet": "GET /v2/wallet",
        "privateGetOrders": "GET /v2/orders",
        "privateGetOrdersEntrustId": "GET /v2/orders/{entrust_id}",
        "privateGetTrades": "GET /v2/trades",
        "privatePostOrders": "POST /v2/orders",
        "privateDeleteOrders": "DELETE /v2/orders",
        "privateDeleteOrdersEntrustId": "DELETE /v2/orders/{entrust_id}",
    },
    calls={
        "fetchTime": (),
        "fetchStatus": (),
        "fetchCurrencies": (),
        "fetchMarkets": (),
        "fetchTicker": ("BMX/ETH",),
        "fetchTickers": (),
        "fetchBidsAsks": (),
        "fetchOrderBook": ("BMX/ETH",),
        "fetchL2OrderBook": ("BMX/ETH",),
        "fetchTrades": ("BMX/ETH",),
        "fetchOHLCV": ("BMX/ETH", "15m", SINCE, 20),
        "signIn": (),
        "fetchBalance": (),
        "createOrder": ("BMX/ETH", "limit", "buy", 1, 0.0001),
        "createLimitOrder": ("BMX/ETH", "buy", 1, 0.0001),
        "createLimitBuyOrder": ("BMX/ETH", 1, 0.0001),
        "createLimitSellOrder": ("BMX/ETH", 1, 0.0001),
        "cancelOrder": ("1223181", "BMX/ETH"),
        "cancelAllOrders": ("BMX/ETH",),
        "fetchOrder": ("1223181", "BMX/ETH"),
        "fetchOrders": ("BMX/ETH",),
        "fetchOpenOrders": ("BMX/ETH",),
        "fetchClosedOrders": ("BMX/ETH",),
        "fetchCanceledOrders": ("BMX/ETH",),
        "fetchCanceledAndClosedOrders": ("BMX/ETH",),
        "fetchMyTrades": ("BMX/ETH",),
        "fetchOrderTrades": ("1223181", "BMX/ETH"),
    },
    samples={
        "fetchTime": ("v2-time",),
        "fetchStatus": ("v2-ping",),
        "fetchCurrencies": ("v2-currencies",),
        "fetchMarkets": ("v2-symbols_details", "observed-symbols_details"),
        "fetchTicker": ("v2-ticker", "v2-ticker-2018"),
        "fetchTickers": ("v2-ticker", "v2-ticker-2018", "observed-ticker"),
        "fetchBidsAsks": ("v2-ticker", "v2-ticker-2018"),
        "fetchOrderBook": ("v2-order_book",),
        "fetchL2OrderBook": ("v2-order_book",),
        "fetchTrades": ("v2-trades", "observed-trades"),
        "fetchOHLCV": ("v2-kline",),
        "signIn": ("v2-authentication",),
        "fetchBalance": ("v2-wallet", "observed-wallet"),
        "createOrder": ("v2-post_order",),
        "createLimitOrder": ("v2-post_order",),
        "createLimitBuyOrder": ("v2-post_order",),
        "createLimitSellOrder": ("v2-post_order",),
        "cancelOrder": ("v2-cancel_order",),
        "cancelAllOrders": ("v2-cancel_orders",),
        "fetchOrder": ("v2-order_details",),
        "fetchOrders": ("v2-orders",),
        "fetchOpenOrders": ("v2-orders",),
        "fetchClosedOrders": ("v2-orders",),
        "fetchCanceledOrders": ("v2-orders",),
        "fetchCanceledAndClosedOrders": ("v2-orders",),
        "fetchMyTrades": ("v2-trade_history",),
        "fetchOrderTrades": ("v2-trade_history",),
    },
    refusals=[
        (400, '{"message":"?"}', "fetchTicker", ccxt.BadRequest),
        (401, '{"message":"Unauthorized"}', "fetchBalance", ccxt.AuthenticationError),
        (401, '{"message":"?"}', "fetchBalance", ccxt.AuthenticationError),
        (401, '{"message":"Unauthorized"}', "signIn", ccxt.AuthenticationError),
        (403, '{"message":"?"}', "fetchBalance", ccxt.PermissionDenied),
        (404, '{"message":"Not found"}', "fetchOrder", ccxt.OrderNotFound),
        (404, '{"message":"Not found"}', "cancelOrder", ccxt.OrderNotFound),
        (404, '{"message":"?"}', "fetchOrder", ccxt.OrderNotFound),
        (404, '{"message":"Not found"}', "fetchTicker", ccxt.BadRequest),
        (404, '{"message":"Not found"}', "fetchOrderBook", ccxt.BadRequest),
        (500, '{"message":"Internal Server Error"}', "fetchMyTrades", ccxt.ExchangeNotAvailable),
        (500, '{"message":"?"}', "fetchTicker", ccxt.ExchangeNotAvailable),
        (502, '{"message":"?"}', "fetchTicker", ccxt.ExchangeNotAvailable),
        (
            400,
            '{"message":"Required String parameter \'symbol\' is not present"}',
            "fetchOrders",
            ccxt.BadRequest,
        ),
        (400, '{"message":"Invalid status. status=6 not support any more"}', "fetchOrders", ccxt.BadRequest),
        (400, '{"message":"Maximum price is 0.112695"}', "createOrder", ccxt.InvalidOrder),
        (400, '{"message":"Place order error"}', "createOrder", ccxt.InvalidOrder),
        (400, '{"message":"Invalid X-BM-SIGNATURE"}', "createOrder", ccxt.AuthenticationError),
        (400, '{"message":"Invalid X-BM-TIMESTAMP"}', "createOrder", ccxt.InvalidNonce),
        (429, '{"message":"Too many requests"}', "fetchTicker", ccxt.RateLimitExceeded),
        (429, '{"message":"?"}', "fetchTicker", ccxt.RateLimitExceeded),
        (400, '{"message":"too many requests"}', "signIn", ccxt.RateLimitExceeded),
        (400, '{"message":"Insufficient balance"}', "createOrder", ccxt.InsufficientFunds),
        (400, '{"message":"Balance not enough"}', "createOrder", ccxt.InsufficientFunds),
        (400, '{"message":"Invalid symbol"}', "fetchTicker", ccxt.BadSymbol),
        (503, '{"message":"?"}', "fetchTicker", ccxt.OnMaintenance),
        (200, '{"message":"System maintenance"}', "fetchTicker", ccxt.OnMaintenance),
        (200, '{"message":"Insufficient balance"}', "createOrder", ccxt.InsufficientFunds),
        (200, '{"message":"?"}', "fetchTicker", ccxt.ExchangeError),
    ],
    unsupported_order_params={
        "postOnly": True,
        "triggerPrice": 1,
        "stopPrice": 1,
        "stopLossPrice": 1,
        "takeProfitPrice": 1,
        "stopLoss": {"triggerPrice": 1},
        "takeProfit": {"triggerPrice": 1},
        "reduceOnly": True,
        "timeInForce": "IOC",
        "clientOrderId": "mine",
        "cost": 5,
        "marginMode": "cross",
        "trailingAmount": 1,
        "trailingPercent": 1,
    },
)

PROFILES = {profile.id: profile for profile in (BITMART2,)}
