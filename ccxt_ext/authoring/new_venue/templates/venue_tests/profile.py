"""What the conformance suite of ccxt-ext cannot see by itself about the venue.

pytest --pyargs ccxt_ext.testing.conformance --ccxt-profile tests/profile.py
"""

import ccxt

from ccxt_ext.testing import Profile
from tests.venues.profiles import DATA  # without --external


def refusal(code):
    return f'{{"error":{{"code":"{code}","message":"?"}}}}'


ORDER = ("BTC/USDT", "limit", "buy", 0.01, 63000)

PROFILE = Profile(
    id="acme",
    payloads=DATA / "acme" / "documented",  # without --external
    credentials={"apiKey": "canaryApiKey", "secret": "canarySecret"},
    # A market that the documented answers speak of, and an order that it takes.
    symbol="BTC/USDT",
    amount=0.01,
    price=63000,
    markets_sample="get-markets",
    markets_key="markets",
    endpoints={
        "publicGetTime": "GET /v1/time",
        "publicGetMarkets": "GET /v1/markets",
        "publicGetMarketsMarketTicker": "GET /v1/markets/{market}/ticker",
        "publicGetMarketsMarketBook": "GET /v1/markets/{market}/book",
        "publicGetMarketsMarketTrades": "GET /v1/markets/{market}/trades",
        "publicGetMarketsMarketCandles": "GET /v1/markets/{market}/candles",
        "privateGetBalances": "GET /v1/balances",
        "privateGetOrders": "GET /v1/orders",
        "privateGetOrdersId": "GET /v1/orders/{id}",
        "privateGetFills": "GET /v1/fills",
        "privatePostOrders": "POST /v1/orders",
        "privateDeleteOrdersId": "DELETE /v1/orders/{id}",
    },
    # Each method that sends something, with arguments; below, the documented answers that it meets.
    calls={
        "fetchTime": (),
        "fetchMarkets": (),
        "fetchTicker": ("BTC/USDT",),
        "fetchOrderBook": ("BTC/USDT",),
        "fetchL2OrderBook": ("BTC/USDT",),
        "fetchTrades": ("BTC/USDT",),
        "fetchOHLCV": ("BTC/USDT",),
        "fetchBalance": (),
        "createOrder": ORDER,
        "createLimitOrder": ("BTC/USDT", "buy", 0.01, 63000),
        "createLimitBuyOrder": ("BTC/USDT", 0.01, 63000),
        "createLimitSellOrder": ("BTC/USDT", 0.01, 63000),
        "cancelOrder": ("1001", "BTC/USDT"),
        "cancelAllOrders": ("BTC/USDT",),
        "fetchOrder": ("1001", "BTC/USDT"),
        "fetchOpenOrders": ("BTC/USDT",),
        "fetchMyTrades": ("BTC/USDT",),
    },
    samples={
        "fetchTime": ("get-time",),
        "fetchMarkets": ("get-markets",),
        "fetchTicker": ("get-ticker",),
        "fetchOrderBook": ("get-book",),
        "fetchL2OrderBook": ("get-book",),
        "fetchTrades": ("get-trades",),
        "fetchOHLCV": ("get-candles",),
        "fetchBalance": ("get-balances",),
        "createOrder": ("post-orders",),
        "createLimitOrder": ("post-orders",),
        "createLimitBuyOrder": ("post-orders",),
        "createLimitSellOrder": ("post-orders",),
        "cancelOrder": ("delete-order",),
        "cancelAllOrders": ("get-orders-none",),
        "fetchOrder": ("get-order",),
        "fetchOpenOrders": ("get-orders",),
        "fetchMyTrades": ("get-fills",),
    },
    refusals=[
        (400, refusal("BAD_REQUEST"), "fetchTicker", ccxt.BadRequest),
        (400, refusal("BAD_PRICE"), "createOrder", ccxt.InvalidOrder),
        (400, refusal("BAD_SIZE"), "createOrder", ccxt.InvalidOrder),
        (400, refusal("MARKET_CLOSED"), "createOrder", ccxt.MarketClosed),
        (400, refusal("INSUFFICIENT_FUNDS"), "createOrder", ccxt.InsufficientFunds),
        (401, refusal("BAD_KEY"), "fetchBalance", ccxt.AuthenticationError),
        (401, refusal("BAD_SIGNATURE"), "fetchBalance", ccxt.AuthenticationError),
        (401, refusal("BAD_TIMESTAMP"), "fetchBalance", ccxt.InvalidNonce),
        (403, refusal("NOT_ALLOWED"), "createOrder", ccxt.PermissionDenied),
        (404, refusal("NO_SUCH_MARKET"), "fetchTicker", ccxt.BadSymbol),
        (404, refusal("NO_SUCH_ORDER"), "fetchOrder", ccxt.OrderNotFound),
        (409, refusal("ORDER_HAS_ENDED"), "cancelOrder", ccxt.OrderNotFound),
        (409, refusal("DUPLICATE_CLIENT_ID"), "createOrder", ccxt.DuplicateOrderId),
        (429, refusal("RATE_LIMITED"), "fetchTicker", ccxt.RateLimitExceeded),
        (500, refusal("INTERNAL_ERROR"), "fetchTicker", ccxt.ExchangeNotAvailable),
        (503, refusal("MAINTENANCE"), "fetchTicker", ccxt.OnMaintenance),
        # A 5xx says that something broke, whatever its code.
        (500, refusal("NO_SUCH_ORDER"), "fetchOrder", ccxt.ExchangeNotAvailable),
        # Codes that are not known go by their status.
        (400, refusal("NEW"), "fetchTicker", ccxt.BadRequest),
        (401, refusal("NEW"), "fetchBalance", ccxt.AuthenticationError),
        (403, refusal("NEW"), "fetchBalance", ccxt.PermissionDenied),
        (404, refusal("NEW"), "fetchTicker", ccxt.BadRequest),
        (429, refusal("NEW"), "fetchTicker", ccxt.RateLimitExceeded),
    ],
    # ccxt's unified parameters of orders that the venue has nothing for, each with a value.
    unsupported_order_params={
        "postOnly": True,
        "triggerPrice": 1,
        "stopLossPrice": 1,
        "takeProfitPrice": 1,
        "stopLoss": {"triggerPrice": 1},
        "takeProfit": {"triggerPrice": 1},
        "reduceOnly": True,
        "timeInForce": "IOC",
        "cost": 5,
        "marginMode": "cross",
        "trailingAmount": 1,
        "trailingPercent": 1,
    },
)
