"""What the conformance suite of ccxt-ext cannot see by itself about the venue.

pytest --pyargs ccxt_ext.testing.conformance --ccxt-profile tests/profile.py
"""

import ccxt

from ccxt_ext.testing import Profile


def refusal(number):
    return f'{{"ok":false,"error":{{"number":{number},"text":"?"}}}}'


ORDER = ("BTC/USDT", "limit", "buy", 0.01, 67510)

PROFILE = Profile(
    id="acme",
    credentials={"apiKey": "documented-key", "secret": "documented-secret"},
    # A market that the documented answers speak of, and an order that it takes.
    symbol="BTC/USDT",
    amount=0.01,
    price=67510,
    markets_sample="get-pairs",
    markets_key="result",
    endpoints={
        "publicGetClock": "GET /v2/clock",
        "publicGetPairs": "GET /v2/pairs",
        "publicGetTicker": "GET /v2/ticker",
        "publicGetDepth": "GET /v2/depth",
        "publicGetTrades": "GET /v2/trades",
        "publicGetCandles": "GET /v2/candles",
        "privateGetAccountFunds": "GET /v2/account/funds",
        "privateGetAccountOrders": "GET /v2/account/orders",
        "privateGetAccountOrdersId": "GET /v2/account/orders/{id}",
        "privateGetAccountFills": "GET /v2/account/fills",
        "privatePostAccountOrders": "POST /v2/account/orders",
        "privatePostAccountOrdersIdCancel": "POST /v2/account/orders/{id}/cancel",
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
        "createLimitOrder": ("BTC/USDT", "buy", 0.01, 67510),
        "createLimitBuyOrder": ("BTC/USDT", 0.01, 67510),
        "createLimitSellOrder": ("BTC/USDT", 0.01, 67510),
        "cancelOrder": ("4001", "BTC/USDT"),
        "cancelAllOrders": ("BTC/USDT",),
        "fetchOrder": ("4001", "BTC/USDT"),
        "fetchOpenOrders": ("BTC/USDT",),
        "fetchMyTrades": ("BTC/USDT",),
    },
    samples={
        "fetchTime": ("get-clock",),
        "fetchMarkets": ("get-pairs",),
        "fetchTicker": ("get-ticker",),
        "fetchOrderBook": ("get-depth",),
        "fetchL2OrderBook": ("get-depth",),
        "fetchTrades": ("get-trades",),
        "fetchOHLCV": ("get-candles",),
        "fetchBalance": ("get-account-funds",),
        "createOrder": ("post-account-orders",),
        "createLimitOrder": ("post-account-orders",),
        "createLimitBuyOrder": ("post-account-orders",),
        "createLimitSellOrder": ("post-account-orders",),
        "cancelOrder": ("post-account-orders-cancel",),
        "cancelAllOrders": ("get-account-orders-none",),
        "fetchOrder": ("get-account-order",),
        "fetchOpenOrders": ("get-account-orders",),
        "fetchMyTrades": ("get-account-fills",),
    },
    # The venue answers 200 to most of what it refuses.
    refusals=[
        (200, refusal(100), "fetchTicker", ccxt.BadRequest),
        (200, refusal(101), "fetchBalance", ccxt.AuthenticationError),
        (200, refusal(102), "fetchBalance", ccxt.AuthenticationError),
        (200, refusal(103), "fetchBalance", ccxt.InvalidNonce),
        (429, refusal(104), "fetchTicker", ccxt.RateLimitExceeded),
        (503, refusal(105), "fetchTicker", ccxt.OnMaintenance),
        (200, refusal(106), "createOrder", ccxt.PermissionDenied),
        (200, refusal(200), "fetchTicker", ccxt.BadSymbol),
        (200, refusal(201), "createOrder", ccxt.MarketClosed),
        (200, refusal(300), "createOrder", ccxt.InvalidOrder),
        (200, refusal(301), "createOrder", ccxt.InvalidOrder),
        (200, refusal(302), "createOrder", ccxt.InsufficientFunds),
        (200, refusal(303), "createOrder", ccxt.DuplicateOrderId),
        (200, refusal(304), "fetchOrder", ccxt.OrderNotFound),
        (200, refusal(305), "cancelOrder", ccxt.OrderNotFound),
        (500, refusal(500), "fetchTicker", ccxt.ExchangeNotAvailable),
        # A 5xx says that something broke, whatever its number.
        (500, refusal(304), "fetchOrder", ccxt.ExchangeNotAvailable),
        # Numbers that are not known go by their status.
        (200, refusal(999), "fetchTicker", ccxt.ExchangeError),
        (429, refusal(999), "fetchTicker", ccxt.RateLimitExceeded),
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
