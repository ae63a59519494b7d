"""What BitexAsia v1 offers, as ccxt's `describe()` tells it.

The venue's only document is one page. What that page does not say is assumed, and each assumption (A1 to A30
of docs/venues/bitexasia.md) has an entry here that changes it.
"""

from typing import Any

from ccxt.base.decimal_to_precision import TICK_SIZE
from ccxt.base.errors import (
    AuthenticationError,
    BadRequest,
    BadSymbol,
    DuplicateOrderId,
    ExchangeNotAvailable,
    InsufficientFunds,
    InvalidNonce,
    InvalidOrder,
    MarketClosed,
    OnMaintenance,
    OrderNotFound,
    PermissionDenied,
    RateLimitExceeded,
)

from ccxt_ext.venue.answers.refusals import ANY_CALL, GONE, NO_MARKET, NOT_ENOUGH
from ccxt_ext.venue.calls.unified import TRIGGERS
from ccxt_ext.venue.surface import features


def metadata() -> dict[str, Any]:
    return {
        "id": "bitexasia",
        "name": "BitexAsia",
        "countries": [],  # not told
        "version": "v1",
        "rateLimit": 50,  # a weight of 1,200 a minute
        "certified": False,
        "pro": True,
        "has": HAS,
        "urls": {
            # No `test`: a sandbox exists, but its address is not published, and keys would go there (A4).
            "api": {"rest": "https://api.bitexasia.com", "ws": "wss://api.bitexasia.com/v1/stream"},
            "www": "https://bitexasia.com",
            "doc": "https://bitexasia.com/services-api.html",
        },
        "api": {
            "public": {
                "get": {
                    "markets": 5,
                    "ticker/{pair}": 1,
                    "orderbook/{pair}": {"cost": 1, "byDepth": [[100, 1], [1000, 5]]},
                },
            },
            "private": {
                "get": {
                    "orders/{id}": 1,
                    "account/balances": 5,
                },
                "post": {
                    "orders": {"cost": 1, "once": True, "clientId": "client_order_id", "idempotent": True},
                    "orders/{id}/cancel": {"cost": 1, "cancels": "id"},
                },
            },
        },
        "fees": {
            "trading": {
                "tierBased": False,
                "percentage": True,
                "maker": 0.001,
                "taker": 0.001,
            },
        },
        "precisionMode": TICK_SIZE,
        "requiredCredentials": {"apiKey": True, "secret": True},
        "features": {
            "spot": {
                "sandbox": False,
                "createOrder": features.create_order(
                    triggerPrice=True,
                    triggerPriceType={"last": True, "mark": False, "index": False},
                    stopLossPrice=True,
                    timeInForce={"IOC": True, "FOK": True},
                ),
                "createOrders": None,
                "fetchMyTrades": None,
                "fetchOrder": features.fetch_order(),
                "fetchOpenOrders": None,
                "fetchOrders": None,
                "fetchClosedOrders": None,
                "fetchOHLCV": None,
            },
            "swap": {"linear": None, "inverse": None},
            "future": {"linear": None, "inverse": None},
        },
        "exceptions": EXCEPTIONS,
        "options": OPTIONS,
    }


# The codes are assumed (A19), except that 403 means an address outside the key's allowlist.
EXCEPTIONS: dict[str, Any] = {
    "exact": {
        "INVALID_REQUEST": BadRequest,
        "INVALID_ORDER": InvalidOrder,
        "INVALID_PRICE": InvalidOrder,
        "INVALID_SIZE": InvalidOrder,
        "INSUFFICIENT_BALANCE": InsufficientFunds,
        "MARKET_CLOSED": MarketClosed,
        "INVALID_API_KEY": AuthenticationError,
        "INVALID_SIGNATURE": AuthenticationError,
        "INVALID_TIMESTAMP": InvalidNonce,
        "NONCE_REUSED": InvalidNonce,
        "IP_NOT_ALLOWED": PermissionDenied,
        "INSUFFICIENT_SCOPE": PermissionDenied,
        "PAIR_NOT_FOUND": BadSymbol,
        "ORDER_NOT_FOUND": OrderNotFound,
        "DUPLICATE_CLIENT_ORDER_ID": DuplicateOrderId,
        "RATE_LIMITED": RateLimitExceeded,
        "INTERNAL_ERROR": ExchangeNotAvailable,
        "MAINTENANCE": OnMaintenance,
    },
    # Of a code that is not known.
    "broad": {**ANY_CALL, **NOT_ENOUGH, **NO_MARKET, **GONE},
    # For a code that is not known; a 404 is also told apart by its path.
    "status": {
        "400": BadRequest,
        "403": PermissionDenied,
        "404": BadRequest,
        "409": InvalidOrder,
        "422": BadRequest,
    },
}

OPTIONS: dict[str, Any] = {
    "settle": {"takenFor": 30_000, "listedAfter": 2_000},  # ms; a clock may be off by 30 s (A21)
    "throttleWindow": 1200,  # units of weight that the venue counts together: those of a minute
    "timeDifference": 0,  # ms that this clock is ahead of the venue's; the venue does not tell its time
    "signature": {  # A1, A2
        "order": ["method", "path", "body", "timestamp", "nonce"],  # any order or subset, 'apiKey' too
        "separator": "\n",
        "hash": "sha256",
        "digest": "hex",  # or 'hexUpper', 'base64'
        "secretEncoding": "utf8",  # or 'hex', 'base64'
        "nonceLength": 16,
        "timestampUnit": "ms",  # or 's'
    },
    "signPublic": False,  # A5
    "envelopes": ["data", "result"],  # A6
    "amountStep": "0.00000001",  # A7, for markets that tell none
    "marketStatuses": {  # A7
        "online": True,
        "trading": True,
        "active": True,
        "open": True,
        "enabled": True,
        "halted": False,
    },
    "ticker": {"changeUnit": "percent", "volumeIsQuote": False},  # A8; or 'fraction', 'absolute'
    "fetchOrderBook": {"depthParameter": "depth", "maxDepth": 1000},  # A9
    "createOrder": {
        "timeInForceParameter": "time_in_force",  # A10
        "marketBuyByCost": False,  # A11
        "stopPriceParameter": "stop_price",  # A12
        "autoClientOrderId": True,  # A16
        "clientOrderIdPattern": "[A-Za-z0-9_-]{1,36}",  # A16
        "retryUnknown": 0,  # A16: how often an order of unknown outcome is sent again
    },
    "orderStatuses": {  # A14
        "open": "open",
        "new": "open",
        "accepted": "open",
        "pending": "open",
        "active": "open",
        "untriggered": "open",
        "triggered": "open",
        "partially_filled": "open",
        "partial": "open",
        "filled": "closed",
        "closed": "closed",
        "done": "closed",
        "executed": "closed",
        "cancelled": "canceled",
        "canceled": "canceled",
        "partially_cancelled": "canceled",
        "partially_canceled": "canceled",
        "rejected": "rejected",
        "failed": "rejected",
        "expired": "expired",
    },
    "timestampUnit": "auto",  # A15; or 'ms', 's'
    "cancelOrder": {"body": ""},  # A17
    "fetchBalance": {"type": "spot"},  # A18; or 'margin', 'earn'
    "weights": {},  # A20: path -> weight, or for the order book [[depth, weight], ...]
    "rateLimitHeaders": {"retryAfter": "Retry-After", "reset": "X-RateLimit-Reset"},  # A20
    "pairSeparator": "-",  # A29
    # A6 to A9, A13, A18: the names that a field may have in an answer, the assumed one first.
    "aliases": {
        "pair": ["pair", "symbol", "market", "market_id", "product_id"],
        "id": ["id", "order_id", "orderId"],
        "trade_id": ["id", "trade_id", "tradeId"],
        "client_order_id": ["client_order_id", "clientOrderId", "client_id"],
        "size": ["size", "quantity", "qty", "amount"],
        "filled_size": ["filled_size", "filled", "filled_quantity", "executed_size", "executed_quantity"],
        "remaining_size": ["remaining_size", "remaining", "remaining_quantity", "leaves_quantity"],
        "avg_fill_price": [
            "avg_fill_price",
            "average_fill_price",
            "average_price",
            "avg_price",
            "average",
        ],
        "stop_price": ["stop_price", "trigger_price", "stopPrice"],
        "time_in_force": ["time_in_force", "timeInForce"],
        "status": ["status", "state"],
        "created_at": ["created_at", "createdAt", "timestamp", "time"],
        "tick_size": ["tick_size", "price_increment", "price_tick", "tickSize"],
        "min_size": ["min_size", "min_order_size", "minimum_order_size", "minSize"],
        "size_step": ["size_step", "lot_size", "size_increment", "step_size"],
        "last": ["last", "last_price", "price"],
        "bid": ["bid", "best_bid"],
        "ask": ["ask", "best_ask"],
        "change_24h": ["change_24h", "change", "change_percent_24h", "price_change_24h"],
        "volume_24h": ["volume_24h", "volume", "base_volume"],
        "sequence": ["sequence", "seq", "sequence_number", "update_id"],
        "account": ["account", "account_type", "wallet", "type"],
        "asset": ["asset", "currency", "coin"],
        "available": ["available", "free"],
        "locked": ["locked", "hold", "used", "frozen"],
        "total": ["total", "balance"],
    },
    "ws": {  # for the streaming class
        # A22: how to subscribe, without what is None; "unsubscribe" instead of "subscribe" undoes it
        "subscribe": {"op": "subscribe", "channel": "{channel}", "pair": "{pair}"},
        "checkSequence": True,  # A23
        "emitTradeSnapshot": True,  # A24
        "pingInterval": 20000,  # A25, ms
        "timeout": 40000,  # A25, ms
        "maxSubscriptions": None,  # A27: more than so many are refused
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
    "cancelAllOrders": False,
    "cancelOrder": True,
    "cancelOrders": False,
    "createLimitBuyOrder": True,
    "createLimitOrder": True,
    "createLimitSellOrder": True,
    "createMarketBuyOrder": True,
    "createMarketBuyOrderWithCost": False,
    "createMarketOrder": True,
    "createMarketOrderWithCost": False,
    "createMarketSellOrder": True,
    "createMarketSellOrderWithCost": False,
    "createOrder": True,
    "createOrders": False,
    "createPostOnlyOrder": False,
    "createReduceOnlyOrder": False,
    "createStopLimitOrder": True,
    "createStopLossOrder": True,
    "createStopMarketOrder": True,
    "createStopOrder": True,
    "createTakeProfitOrder": False,
    "createTriggerOrder": True,
    "editOrder": False,
    "fetchBalance": True,
    "fetchBidsAsks": False,
    "fetchClosedOrders": False,
    "fetchCurrencies": False,
    "fetchDepositAddress": False,
    "fetchDeposits": False,
    "fetchL2OrderBook": True,
    "fetchMarkets": True,
    "fetchMyTrades": False,
    "fetchOHLCV": False,
    "fetchOpenOrders": False,
    "fetchOrder": True,
    "fetchOrderBook": True,
    "fetchOrderBooks": False,
    "fetchOrders": False,
    "fetchOrderTrades": False,
    "fetchStatus": False,
    "fetchTicker": True,
    "fetchTickers": False,
    "fetchTime": False,
    "fetchTrades": False,
    "fetchTradingFee": False,
    "fetchTradingFees": False,
    "fetchWithdrawals": False,
    "signIn": False,
    "transfer": False,
    "withdraw": False,
    "ws": False,
}

# What methods make of ccxt's unified parameters.
UNDERSTANDS = {
    "createOrder": ("clientOrderId", "cost", "stopLossPrice", "timeInForce", *TRIGGERS),
    "fetchBalance": ("type",),
}
# Stop orders go by their ids like all others.
DOES_ANYWAY = {"cancelOrder": ("trigger",), "fetchOrder": ("trigger",)}
