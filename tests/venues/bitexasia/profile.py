"""What the shared suites need to know about bitexasia."""

import ccxt

from ccxt_ext.testing import Answer, Profile
from tests.venues.profiles import DATA


def error(code):
    return f'{{"error":{{"code":"{code}","message":"?"}}}}'


ORDER = ("BTC/USD", "limit", "buy", 0.01, 63000)
ORDER_ANSWERS = ("assumed-post-orders", "assumed-post-orders-repeated")

PROFILE = Profile(
    id="bitexasia",
    payloads=DATA / "bitexasia" / "documented",
    expected=DATA / "bitexasia" / "expected",
    level="proven",
    skip_ccxt_pro={
        "preferredSpotSymbol": "BTC/USD",
        "skipMethods": {
            "watchOrders": (
                "the venue lists no orders: an instance watches those that it has placed, "
                "and ccxt's test places none"
            )
        },
    },
    market_type="spot",
    markets_sample="assumed-get-markets",
    markets_key="markets",
    credentials={"apiKey": "canaryApiKey", "secret": "canarySecret"},
    config={},
    symbol="BTC/USD",
    amount=0.01,
    price=63000,
    endpoints={
        "publicGetMarkets": "GET /v1/markets",
        "publicGetTickerPair": "GET /v1/ticker/{pair}",
        "publicGetOrderbookPair": "GET /v1/orderbook/{pair}",
        "privatePostOrders": "POST /v1/orders",
        "privateGetOrdersId": "GET /v1/orders/{id}",
        "privatePostOrdersIdCancel": "POST /v1/orders/{id}/cancel",
        "privateGetAccountBalances": "GET /v1/account/balances",
    },
    calls={
        "fetchMarkets": (),
        "fetchTicker": ("BTC/USD",),
        "fetchOrderBook": ("BTC/USD",),
        "fetchL2OrderBook": ("BTC/USD",),
        "fetchBalance": (),
        "createOrder": ORDER,
        "createLimitOrder": ("BTC/USD", "buy", 0.01, 63000),
        "createLimitBuyOrder": ("BTC/USD", 0.01, 63000),
        "createLimitSellOrder": ("BTC/USD", 0.01, 63000),
        "createMarketOrder": ("BTC/USD", "sell", 0.01),
        "createMarketBuyOrder": ("BTC/USD", 0.01),
        "createMarketSellOrder": ("BTC/USD", 0.01),
        "createStopOrder": ("BTC/USD", "limit", "sell", 0.015, 59900, 60000),
        "createStopLimitOrder": ("BTC/USD", "sell", 0.015, 59900, 60000),
        "createStopMarketOrder": ("BTC/USD", "sell", 0.015, 60000),
        "createStopLossOrder": ("BTC/USD", "market", "sell", 0.015, None, 60000),
        "createTriggerOrder": ("BTC/USD", "market", "sell", 0.015, None, 60000),
        "cancelOrder": ("ord_1001", "BTC/USD"),
        "fetchOrder": ("ord_1001", "BTC/USD"),
    },
    samples={
        "fetchMarkets": ("assumed-get-markets",),
        "fetchTicker": ("assumed-get-ticker",),
        "fetchOrderBook": ("assumed-get-orderbook",),
        "fetchL2OrderBook": ("assumed-get-orderbook",),
        "fetchBalance": ("assumed-get-balances",),
        "createOrder": ORDER_ANSWERS,
        "createLimitOrder": ORDER_ANSWERS,
        "createLimitBuyOrder": ORDER_ANSWERS,
        "createLimitSellOrder": ORDER_ANSWERS,
        "createMarketOrder": ("assumed-get-order-market-filled",),
        "createMarketBuyOrder": ("assumed-get-order-market-filled",),
        "createMarketSellOrder": ("assumed-get-order-market-filled",),
        "createStopOrder": ("assumed-get-order-stop-open",),
        "createStopLimitOrder": ("assumed-get-order-stop-open",),
        "createStopMarketOrder": ("assumed-get-order-stop-open",),
        "createStopLossOrder": ("assumed-get-order-stop-open",),
        "createTriggerOrder": ("assumed-get-order-stop-open",),
        "cancelOrder": (
            "assumed-post-order-cancel",
            "assumed-post-order-cancel-filled",
            "assumed-post-order-cancel-partial",
        ),
        "fetchOrder": (
            "assumed-get-order-aliases",
            "assumed-get-order-filled",
            "assumed-get-order-market-filled",
            "assumed-get-order-partially_filled",
            "assumed-get-order-rejected",
            "assumed-get-order-stop-open",
        ),
    },
    refusals=[
        (400, error("INVALID_REQUEST"), "fetchTicker", ccxt.BadRequest),
        (400, error("INVALID_ORDER"), "createOrder", ccxt.InvalidOrder),
        (400, error("INVALID_PRICE"), "createOrder", ccxt.InvalidOrder),
        (400, error("INVALID_SIZE"), "createOrder", ccxt.InvalidOrder),
        (400, error("INSUFFICIENT_BALANCE"), "createOrder", ccxt.InsufficientFunds),
        (400, error("MARKET_CLOSED"), "createOrder", ccxt.MarketClosed),
        (401, error("INVALID_API_KEY"), "fetchBalance", ccxt.AuthenticationError),
        (401, error("INVALID_SIGNATURE"), "fetchBalance", ccxt.AuthenticationError),
        (401, error("INVALID_TIMESTAMP"), "fetchBalance", ccxt.InvalidNonce),
        (401, error("NONCE_REUSED"), "fetchBalance", ccxt.InvalidNonce),
        (403, error("IP_NOT_ALLOWED"), "fetchBalance", ccxt.PermissionDenied),
        (403, error("INSUFFICIENT_SCOPE"), "createOrder", ccxt.PermissionDenied),
        (404, error("PAIR_NOT_FOUND"), "fetchOrderBook", ccxt.BadSymbol),
        (404, error("ORDER_NOT_FOUND"), "cancelOrder", ccxt.OrderNotFound),
        (409, error("DUPLICATE_CLIENT_ORDER_ID"), "createOrder", ccxt.DuplicateOrderId),
        (429, error("RATE_LIMITED"), "fetchTicker", ccxt.RateLimitExceeded),
        (500, error("INTERNAL_ERROR"), "fetchTicker", ccxt.ExchangeNotAvailable),
        (503, error("MAINTENANCE"), "fetchTicker", ccxt.OnMaintenance),
        # A code goes before its status.
        (400, error("ORDER_NOT_FOUND"), "fetchOrder", ccxt.OrderNotFound),
        (500, error("INSUFFICIENT_BALANCE"), "createOrder", ccxt.InsufficientFunds),
        # Codes that are not known.
        (400, error("NEW"), "fetchTicker", ccxt.BadRequest),
        (401, error("NEW"), "fetchBalance", ccxt.AuthenticationError),
        (403, error("NEW"), "fetchBalance", ccxt.PermissionDenied),
        (404, error("NEW"), "fetchOrder", ccxt.OrderNotFound),
        (404, error("NEW"), "cancelOrder", ccxt.OrderNotFound),
        (404, error("NEW"), "fetchTicker", ccxt.BadSymbol),
        (404, error("NEW"), "fetchOrderBook", ccxt.BadSymbol),
        (404, error("NEW"), "fetchMarkets", ccxt.BadRequest),
        (409, error("NEW"), "createOrder", ccxt.InvalidOrder),
        (422, error("NEW"), "createOrder", ccxt.BadRequest),
        (429, error("NEW"), "fetchTicker", ccxt.RateLimitExceeded),
        (500, error("NEW"), "fetchTicker", ccxt.ExchangeNotAvailable),
        (502, error("NEW"), "fetchTicker", ccxt.ExchangeNotAvailable),
        (503, error("NEW"), "fetchTicker", ccxt.ExchangeNotAvailable),
        (200, error("NEW"), "fetchTicker", ccxt.ExchangeError),
        (200, error("INSUFFICIENT_BALANCE"), "createOrder", ccxt.InsufficientFunds),
        # Other shapes of the body.
        (400, '{"code":"INVALID_SIZE","message":"?"}', "createOrder", ccxt.InvalidOrder),
        (401, '{"error":"INVALID_TIMESTAMP"}', "fetchBalance", ccxt.InvalidNonce),
        (401, '{"error":"no such key"}', "fetchBalance", ccxt.AuthenticationError),
        (400, '{"message":"?"}', "fetchTicker", ccxt.BadRequest),
        (200, '{"message":"?"}', "fetchTicker", ccxt.ExchangeError),
        (403, '{"reason":"?"}', "fetchBalance", ccxt.PermissionDenied),
    ],
    refusing=lambda text: Answer({"error": {"code": "REFUSED", "message": text}}, 400),
    cancel_refusal={"message": "Order is locked", "code": "INVALID_ORDER", "status": 409},
    unsupported_order_params={
        "postOnly": True,
        "takeProfitPrice": 1,
        "stopLoss": {"triggerPrice": 1},
        "takeProfit": {"triggerPrice": 1},
        "reduceOnly": True,
        "timeInForce": "PO",
        "cost": 5,
        "marginMode": "cross",
        "trailingAmount": 1,
        "trailingPercent": 1,
    },
)
