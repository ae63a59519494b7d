"""What the API of Acme Exchange offers, as ccxt's `describe()` tells it.

Here is what to change first. Whatever the venue's documents leave open gets an entry in OPTIONS, so that a
user who knows better can set it.
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

from ccxt_ext.venue.calls.unified import PAGES
from ccxt_ext.venue.surface import features


def metadata() -> dict[str, Any]:
    return {
        "id": "acme",
        "name": "Acme Exchange",
        "countries": [],  # ISO codes, if the venue's documents say
        "version": "v1",  # the first part of each path
        "rateLimit": 100,  # ms for a cost of 1: the venue's documents say 600 requests a minute
        "certified": False,
        "pro": True,
        "has": HAS,
        # What the venue calls each length of a candle.
        "timeframes": {"1m": "1m", "5m": "5m", "15m": "15m", "1h": "1h", "4h": "4h", "1d": "1d"},
        "urls": {
            "api": {
                "rest": "https://api.acme.example",
                "ws": "wss://api.acme.example/v1/stream",  # with --streams
            },
            # "test" has the same names, if the venue has a testnet.
            "www": "https://acme.example",
            "doc": "https://acme.example/docs",
        },
        # Each endpoint of the venue's documents becomes a method: publicGetTime, public_get_time. A cost
        # beside it says how much it counts against the rate limit. The words that may stand beside "cost"
        # are told in the docstring of ccxt_ext's AsyncRestClient.
        "api": {
            "public": {
                "get": {
                    "time": 1,
                    "markets": 1,
                    "markets/{market}/ticker": 1,
                    "markets/{market}/book": 1,
                    "markets/{market}/trades": 1,
                    "markets/{market}/candles": 1,
                },
            },
            "private": {
                "get": {
                    "balances": 1,
                    "orders": 1,
                    "orders/{id}": 1,
                    "fills": 1,
                },
                "post": {
                    # "once": never sent twice by itself. "idempotent": the venue's documents promise that
                    # each client_id is carried out once.
                    "orders": {"cost": 1, "once": True, "clientId": "client_id", "idempotent": True},
                },
                "delete": {
                    "orders/{id}": {"cost": 1, "cancels": "id"},
                },
            },
        },
        "fees": {
            # Where a market does not tell its own.
            "trading": {
                "tierBased": False,
                "percentage": True,
                # The currency of fees: "get" is the one that is received, "quote" always the quote currency.
                # It has to agree with `fee_on` of the sandbox's listings.
                "feeSide": "get",
                "maker": 0.001,
                "taker": 0.002,
            },
        },
        "precisionMode": TICK_SIZE,
        "requiredCredentials": {"apiKey": True, "secret": True},
        "features": {
            "spot": FEATURES,
            "swap": {"linear": FEATURES, "inverse": None},  # with --swap
        },
        "exceptions": EXCEPTIONS,
        "options": OPTIONS,
    }


# What methods can do beyond plain limit orders, and how long the longest page of each list is. What
# features.create_order() and the others take is told in their docstrings.
FEATURES: dict[str, Any] = {
    "sandbox": False,
    "createOrder": features.create_order(),
    "createOrders": None,
    "fetchMyTrades": features.trades(100),
    "fetchOrder": features.fetch_order(),
    "fetchOpenOrders": features.order_list(100),
    "fetchOrders": None,
    "fetchClosedOrders": None,
    "fetchOHLCV": {"limit": 500},
}

# What the venue's error codes mean. Codes that are not here go by the HTTP status.
EXCEPTIONS: dict[str, Any] = {
    "exact": {
        "BAD_REQUEST": BadRequest,
        "BAD_PRICE": InvalidOrder,
        "BAD_SIZE": InvalidOrder,
        "NO_SUCH_MARKET": BadSymbol,
        "MARKET_CLOSED": MarketClosed,
        "INSUFFICIENT_FUNDS": InsufficientFunds,
        "DUPLICATE_CLIENT_ID": DuplicateOrderId,
        "NO_SUCH_ORDER": OrderNotFound,
        "ORDER_HAS_ENDED": OrderNotFound,
        "BAD_KEY": AuthenticationError,
        "BAD_SIGNATURE": AuthenticationError,
        "BAD_TIMESTAMP": InvalidNonce,
        "NOT_ALLOWED": PermissionDenied,
        "RATE_LIMITED": RateLimitExceeded,
    },
    # For a venue without codes: words of its texts. ccxt_ext.venue.answers.refusals has the usual ones.
    "broad": {},
    "status": {
        "400": BadRequest,
        "403": PermissionDenied,
        "404": BadRequest,
        "500": ExchangeNotAvailable,
        "503": OnMaintenance,  # the venue's documents say that it answers so while it is down
    },
}

OPTIONS: dict[str, Any] = {
    "throttleWindow": 600,  # units of cost that the venue counts together: those of a minute
    "timeDifference": 0,  # ms that this clock is ahead of the venue's; set by load_time_difference()
    "adjustForTimeDifference": False,  # call load_time_difference() with the markets, and on a refused time
    "pageSize": 100,  # the longest page of a list
    "createOrder": {
        "clientIdPattern": "[A-Za-z0-9_-]{1,36}",  # what the venue takes as a client_id
        "retryUnknown": 0,  # how often an order of unknown outcome is sent again
    },
    "fetchTrades": {"limit": 500},  # the venue's longest lists
    "fetchOHLCV": {"limit": 500},
    "fetchOrderBook": {"limit": 200},
    # What the venue calls the states of an order.
    "orderStatuses": {"open": "open", "filled": "closed", "cancelled": "canceled"},
    "ws": {  # with --streams
        # The venue closes a connection that is silent for a minute.  # with --streams
        "pingInterval": 20000,  # ms between two pings  # with --streams
        "timeout": 40000,  # ms of silence after which a connection counts as lost  # with --streams
    },  # with --streams
}

# Whatever is not named here raises NotSupported. What can be fetched can be watched too: it is polled,
# unless the feed streams it.
HAS: dict[str, Any] = {
    "CORS": None,
    "spot": True,
    "swap": True,  # with --swap
    "publicAPI": True,
    "privateAPI": True,
    "cancelAllOrders": "emulated",  # True works, "emulated" works by other means than one call
    "cancelOrder": True,
    "createLimitBuyOrder": True,
    "createLimitOrder": True,
    "createLimitSellOrder": True,
    "createOrder": True,
    "fetchBalance": True,
    "fetchL2OrderBook": True,
    "fetchMarkets": True,
    "fetchMyTrades": True,
    "fetchOHLCV": True,
    "fetchOpenOrders": True,
    "fetchOrder": True,
    "fetchOrderBook": True,
    "fetchTicker": True,
    "fetchTime": True,
    "fetchTrades": True,
}

# Of ccxt's unified parameters, those that a method reads. All others are refused.
UNDERSTANDS = {
    "createOrder": ("clientOrderId",),
    "fetchBalance": ("type",),  # with --swap
    "fetchMyTrades": ("until", "paginate"),
    "fetchOHLCV": ("until", *PAGES),
    "fetchOpenOrders": ("until",),
    "fetchTrades": ("until",),
}
# Those that ask for what a method does in any case.
DOES_ANYWAY = {"fetchOpenOrders": ("paginate",)}
