"""What BitMart openapi v2 offers, as ccxt's `describe()` tells it."""

from typing import Any

from ccxt.base.decimal_to_precision import TICK_SIZE
from ccxt.base.errors import (
    AuthenticationError,
    BadRequest,
    BadSymbol,
    ExchangeNotAvailable,
    InsufficientFunds,
    InvalidNonce,
    InvalidOrder,
    OnMaintenance,
    PermissionDenied,
    RateLimitExceeded,
)

from ccxt_ext.venue.calls.unified import PAGES
from ccxt_ext.venue.surface import features


def metadata() -> dict[str, Any]:
    return {
        "id": "bitmart2",
        "name": "BitMart v2",
        "countries": ["US", "CN", "HK", "KR"],
        "version": "v2",
        "rateLimit": 667,  # 90 requests a minute
        "certified": False,
        "pro": True,
        "has": HAS,
        "timeframes": {
            "1m": "1",
            "3m": "3",
            "5m": "5",
            "15m": "15",
            "30m": "30",
            "45m": "45",
            "1h": "60",
            "2h": "120",
            "3h": "180",
            "4h": "240",
            "1d": "1440",
            "1w": "10080",
            "1M": "43200",
        },
        "urls": {
            "api": {"rest": "https://openapi.bitmart.com", "ws": "wss://openws.bitmart.com"},
            "www": "https://www.bitmart.com",
            "doc": "https://github.com/fengbitmart/bitmart-official-api-docs",
        },
        "api": {
            "public": {
                "get": {
                    "ping": 1,
                    "time": 1,
                    "steps": 1,
                    "currencies": 1,
                    "symbols": 1,
                    "symbols_details": 1,
                    "ticker": 1,
                    "symbols/{symbol}/kline": 1,
                    "symbols/{symbol}/orders": 1,
                    "symbols/{symbol}/trades": 1,
                },
            },
            "token": {
                "post": {
                    "authentication": {"cost": 1, "priority": "cancel"}
                },  # whoever needs a token waits for it
            },
            "private": {
                "get": {
                    "wallet": 1,
                    "orders": 1,
                    "orders/{entrust_id}": 1,
                    "trades": 1,
                },
                "post": {"orders": {"cost": 1, "once": True, "trading": True}},
                "delete": {
                    "orders": {"cost": 1, "cancels": None, "trading": True},
                    "orders/{entrust_id}": {"cost": 1, "cancels": "entrust_id", "trading": True},
                },
            },
        },
        "fees": {
            "trading": {
                "tierBased": False,
                "percentage": True,
                "feeSide": "get",
                "maker": 0.001,
                "taker": 0.001,
            },
        },
        "precisionMode": TICK_SIZE,
        "requiredCredentials": {"apiKey": True, "secret": True, "uid": True},
        "features": {
            "spot": {
                "sandbox": False,
                "createOrder": features.create_order(),
                "createOrders": None,
                "fetchMyTrades": features.trades(1000, symbol_required=True),
                "fetchOrder": features.fetch_order(),
                "fetchOpenOrders": features.order_list(1000),
                "fetchOrders": features.history(1000, symbol_required=True),
                "fetchClosedOrders": features.closed_orders(1000, symbol_required=True),
                "fetchOHLCV": {"limit": 500},
            },
            "swap": {"linear": None, "inverse": None},
            "future": {"linear": None, "inverse": None},
        },
        "exceptions": {
            "exact": {},
            "broad": {
                "is not present": BadRequest,
                "Invalid status": BadRequest,
                "Maximum price is": InvalidOrder,
                "Place order error": InvalidOrder,
                "X-BM-TIMESTAMP": InvalidNonce,
                "nonce": InvalidNonce,
                "signature": AuthenticationError,
                "Unauthorized": AuthenticationError,
                "api key": AuthenticationError,
                "permission": PermissionDenied,
                "too many requests": RateLimitExceeded,
                "visit too often": RateLimitExceeded,
                "insufficient": InsufficientFunds,
                "not enough": InsufficientFunds,
                "invalid symbol": BadSymbol,
                "unknown symbol": BadSymbol,
                "symbol + not found": BadSymbol,
                "pair + not found": BadSymbol,
                "maintenance": OnMaintenance,
                "unavailable": ExchangeNotAvailable,
                "Internal Server Error": ExchangeNotAvailable,
                "unknown error": ExchangeNotAvailable,
            },
            "status": {
                "400": BadRequest,
                "403": PermissionDenied,
                "404": BadRequest,
                "503": OnMaintenance,
            },
        },
        "options": OPTIONS,
    }


# Where the venue's documents are silent or contradict each other; docs/venues/bitmart2.md explains each.
OPTIONS: dict[str, Any] = {
    "settle": {"takenFor": 60_000, "listedAfter": 2_000},  # ms; a request counts for 60 s
    "throttleWindow": 90,  # units of cost that the venue counts together: those of a minute
    "timeDifference": 0,  # ms that this clock is ahead of the venue's; set by load_time_difference()
    "adjustForTimeDifference": False,  # call load_time_difference() with the markets, and on a refused time
    "token": {
        "clientSecret": "hmac",  # or 'secret'
        "refreshMargin": 60000,  # ms of life left at which a token is renewed
        "maxPerMinute": 5,
        "onLimit": "raise",  # or 'wait'
        "retryOn401": True,
    },
    "createOrder": {
        "quoteNumbers": False,
        "lookUp": True,  # fetch a new order, as the answer tells nothing but its id
    },
    "marketAsLimit": None,  # {"slippage": 0.01}: market orders, as limit orders that cross
    "fetchOrder": {"fills": True},  # fetch the trades of an order that has some, for its cost
    "marketsOfOrders": None,  # symbols, where all open orders are wanted; by default, as the balance tells
    "signCancelAll": True,
    "cancelAllOrders": {"sides": ["buy", "sell"]},
    "amountStep": "auto",  # or 'quote_increment', or 'base_min_size'
    "pageSize": 500,
    "orderStatusFilters": {"open": [5], "closed": [3], "canceled": [4]},
    "fetchOHLCV": {"maxCandles": 500, "volumeIsQuote": False},
    "fetchOrderBook": {"precision": None},
    "fetchMyTrades": {"inferSideFromFee": True},
    "ws": {
        "connectInterval": 4000,
        "pingInterval": 20000,
        "depthIsSnapshot": True,  # each message is the whole book
        "priceVolumeIsQuote": True,
        "alignKline": True,  # candles come with the time of the message
    },
}

HAS: dict[str, Any] = {
    "CORS": None,
    "spot": True,
    "margin": False,
    "swap": False,
    "future": False,
    "option": False,
    "publicAPI": True,
    "privateAPI": True,
    "cancelAllOrders": True,
    "cancelOrder": True,
    "cancelOrders": False,
    "createLimitOrder": True,
    "createLimitBuyOrder": True,
    "createLimitSellOrder": True,
    "createMarketBuyOrder": False,
    "createMarketBuyOrderWithCost": False,
    "createMarketOrder": False,
    "createMarketOrderWithCost": False,
    "createMarketSellOrder": False,
    "createMarketSellOrderWithCost": False,
    "createOrder": True,
    "createOrders": False,
    "createPostOnlyOrder": False,
    "createReduceOnlyOrder": False,
    "createStopLimitOrder": False,
    "createStopMarketOrder": False,
    "createStopOrder": False,
    "createTriggerOrder": False,
    "editOrder": False,
    "fetchBalance": True,
    "fetchBidsAsks": "emulated",
    "fetchCanceledAndClosedOrders": "emulated",
    "fetchCanceledOrders": True,
    "fetchClosedOrder": False,
    "fetchClosedOrders": True,
    "fetchCurrencies": True,
    "fetchCurrenciesWs": False,
    "fetchDepositAddress": False,
    "fetchDeposits": False,
    "fetchDepositsWithdrawals": False,
    "fetchL2OrderBook": True,
    "fetchLastPrices": "emulated",
    "fetchMarkets": True,
    "fetchMyTrades": True,
    "fetchOHLCV": True,
    "fetchOpenOrder": False,
    "fetchOpenOrders": True,
    "fetchOrder": True,
    "fetchOrderBook": True,
    "fetchOrderBooks": False,
    "fetchOrders": "emulated",
    "fetchOrderTrades": True,
    "fetchStatus": "emulated",
    "fetchTicker": True,
    "fetchTickers": True,
    "fetchTime": True,
    "fetchTrades": True,
    "fetchTradingFee": False,
    "fetchTradingFees": False,
    "fetchWithdrawals": False,
    "signIn": True,
    "transfer": False,
    "withdraw": False,
    "ws": False,
}

# What methods make of ccxt's unified parameters.
PAGED = ("until", "paginate")
UNDERSTANDS = {
    "fetchTrades": ("until",),
    "fetchOHLCV": ("until", *PAGES),
    "fetchOpenOrders": PAGED,
    "fetchClosedOrders": PAGED,
    "fetchCanceledOrders": PAGED,
    "fetchCanceledAndClosedOrders": PAGED,
    "fetchOrders": PAGED,
    "fetchMyTrades": PAGED,
    "fetchOrderTrades": ("until",),
}
DOES_ANYWAY = {"fetchOrderTrades": ("paginate",)}
