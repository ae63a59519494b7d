"""What bitexbit offers, as ccxt's `describe()` tells it."""

from typing import Any

from ccxt.base.decimal_to_precision import TICK_SIZE, TRUNCATE
from ccxt.base.errors import (
    AuthenticationError,
    BadRequest,
    BadSymbol,
    InvalidOrder,
    PermissionDenied,
)

from ccxt_ext.venue.answers.refusals import ANY_CALL, GONE, NO_MARKET, NOT_ENOUGH
from ccxt_ext.venue.calls.unified import PAGES
from ccxt_ext.venue.surface import features

PUBLIC = 1
# Two signed requests a second and account, where public ones may be a hundred.
SIGNED = 50
READ = {"cost": SIGNED, "nonce": True}
# What must not happen twice.
ORDER = {"cost": SIGNED, "nonce": True, "once": True}
ONCE = {**ORDER, "priority": "rest"}
GATEWAY_ONCE = {"cost": SIGNED, "once": True, "priority": "rest"}

V1_ORDERS = 2000
V2_PAGE = 1000  # of orders and of trades
CANDLES = 720


def metadata() -> dict[str, Any]:
    return {
        "id": "bitexbit",
        "name": "bitexbit",
        "countries": ["UA"],
        "version": "v1",
        "rateLimit": 10,  # 100 public requests a second
        "certified": False,
        "pro": True,
        "has": HAS,
        "timeframes": {
            "1m": "1",
            "5m": "5",
            "15m": "15",
            "30m": "30",
            "1h": "60",
            "4h": "240",
            "1d": "D",
        },
        "hostname": "bitexbit.com",
        "urls": {
            # Each may be moved to the other host (with or without www.): the one that answers without a
            # redirect, which would turn a POST into a GET.
            "api": {
                "v1": "https://{hostname}/api/v1",
                "charts": "https://{hostname}/api/charts",
                "v2": "https://{hostname}/api/v2",
                "gateway": "https://www.bitexbit.com/api/gateway",
                "ws": "wss://{hostname}",
            },
            "www": "https://bitexbit.com",
            "doc": [
                "https://github.com/bitexbit/api-docs-v1",
                "https://github.com/bitexbit/api-docs-v2",
                "https://github.com/bitexbit/api-docs-gateway",
            ],
        },
        "api": API,
        "fees": {
            "trading": {
                "tierBased": False,
                "percentage": True,
                "feeSide": "quote",
                "maker": 0.002,
                "taker": 0.002,
            },
        },
        "precisionMode": TICK_SIZE,
        "requiredCredentials": {"apiKey": True, "secret": True},
        "features": {
            "spot": {
                "sandbox": False,
                "createOrder": features.create_order(),
                "createOrders": None,
                "fetchMyTrades": features.trades(V2_PAGE),
                "fetchOrder": features.fetch_order(),
                "fetchOpenOrders": features.order_list(V2_PAGE),
                "fetchOrders": features.history(V2_PAGE),
                "fetchClosedOrders": features.closed_orders(V2_PAGE),
                "fetchOHLCV": {"limit": CANDLES},
            },
            "swap": {"linear": None, "inverse": None},
            "future": {"linear": None, "inverse": None},
        },
        "exceptions": {
            "exact": {},
            # No refusal's text is documented.
            "broad": {**ANY_CALL, **NOT_ENOUGH, "pair": BadSymbol, "symbol": BadSymbol},
            # Of calls about orders, before the others.
            "order": {
                **NOT_ENOUGH,
                "precision": InvalidOrder,
                "minimum": InvalidOrder,
                "maximum": InvalidOrder,
                "amount": InvalidOrder,
                "price": InvalidOrder,
                **NO_MARKET,
            },
            # Of a cancel, and of a call that shows orders: what says that one is not open, or not there.
            "sought": {**ANY_CALL, **NOT_ENOUGH, **NO_MARKET, **GONE},
            "status": {
                "400": BadRequest,
                "401": AuthenticationError,
                "403": PermissionDenied,
                "404": BadRequest,
            },
        },
        "options": OPTIONS,
    }


API: dict[str, Any] = {
    "v1": {
        "public": {
            "get": {
                "currencies/": PUBLIC,
                "pairs/": PUBLIC,
                "orderbook/{pair}/": PUBLIC,
                "exchanges/": PUBLIC,
            },
        },
        "private": {
            "get": {
                "wallets/": READ,
                "orders/own/": READ,
                "order/{id}/": READ,
                "exchanges/own/": READ,
                "deposits/": READ,
                "withdraws/": READ,
            },
            "post": {
                "order/": ORDER,
                "order-cancel/": {**READ, "cancels": "order"},
            },
        },
    },
    "charts": {
        "get": {"{pair}/{type}/chart": PUBLIC},
    },
    "v2": {
        "public": {
            "get": {
                "currencies": PUBLIC,
                "currency/{code}": PUBLIC,
                "pairs": PUBLIC,
                "pairs/{symbol}": PUBLIC,
                "ohlcv": PUBLIC,
                "tickers": PUBLIC,
                "depth": PUBLIC,
                "orders": PUBLIC,
                "trades": PUBLIC,
            },
        },
        "private": {
            "get": {
                "orders": READ,
                "orders/{id}/trades": READ,
                "trades": READ,
                "balance": READ,
                "trading-fees": READ,
                "transfers": READ,
            },
            "post": {
                "order/create": ORDER,
                "order/{id}/cancel": {**READ, "cancels": "id"},
                "coupon/create": ONCE,
                "coupon/redeem": ONCE,
                "transfers/create/": ONCE,
                "transfers/{txid}/accept/": ONCE,
                "transfers/{txid}/cancel/": {**READ, "changes": True},
            },
        },
    },
    "gateway": {
        "get": {
            "payment-methods": SIGNED,
            "wallets": SIGNED,
            "wallet/history": SIGNED,
            "invoices": SIGNED,
            "invoice/history": SIGNED,
            "withdraw/history": SIGNED,
        },
        "post": {
            "wallet/create": GATEWAY_ONCE,
            "invoice/create": GATEWAY_ONCE,
            "withdraw/create": {**GATEWAY_ONCE, "clientId": "client_order_id"},
        },
    },
}

# Which API may serve a method, the default first.
CHOICES: dict[str, tuple[str, ...]] = {
    "fetchMarkets": ("merge", "v1", "v2"),
    "fetchCurrencies": ("merge", "v1", "v2"),
    "fetchOrderBook": ("v1", "v2"),
    "fetchTrades": ("v1", "v2"),
    "fetchOHLCV": ("charts", "v2"),
    "fetchBalance": ("v1", "v2"),
    "createOrder": ("v2", "v1"),
    "cancelOrder": ("v2", "v1"),
    "fetchOrder": ("v2", "v1"),
    "fetchOrders": ("v2", "v1"),
    "fetchOpenOrders": ("v2", "v1"),
    "fetchClosedOrders": ("v2", "v1"),
    "fetchCanceledOrders": ("v2", "v1"),
    "fetchCanceledAndClosedOrders": ("v2", "v1"),
    "fetchMyTrades": ("merge", "v2", "v1"),
    "fetchDeposits": ("v1", "gateway"),
    "fetchWithdrawals": ("v1", "gateway"),
}

# Where the venue's documents are silent or contradict each other; docs/venues/bitexbit.md explains each.
OPTIONS: dict[str, Any] = {
    "settle": {
        "takenFor": 0,
        "listedAfter": 2_000,
    },  # ms; its nonces rise: what comes after the look is refused
    "timeDifference": 0,  # ms that this clock is ahead of the venue's, for the gateway's deadlines
    "methods": {name: choices[0] for name, choices in CHOICES.items()},
    "throttleWindow": 100,  # units of cost that the venue counts together: those of a second
    "currencyToPrecisionRoundingMode": TRUNCATE,  # never more than was asked for
    # {'slippage': 0.01}: a market order is a limit order that may be so much worse than the best price
    "marketAsLimit": None,
    "nonce": {"inTurn": True, "retries": 8},
    "fetchCurrencies": {"networks": False},  # True asks the gateway as well, which needs keys
    "v1GetSignature": "key",  # or 'query'
    "v1BodyFormat": "form",  # or 'json'
    "v1OrderBookLimitParams": ["limit_sell", "limit_buy"],
    "v1FetchOrderSigned": True,
    "v1BalanceIsTotal": True,
    "v1OrderAmountIs": "original",  # or 'remaining'
    "v1SendCurrencyFilter": False,
    "chartsTimeUnit": "s",  # or 'ms'
    "chartsTrailingSlash": False,
    "v2OhlcvTimeUnit": "s",
    "v2TimeUnit": "ms",
    "v2TransferSlashes": "documented",  # or 'none', or 'all'
    "timeframesV2": {"5m": "5", "15m": "15", "30m": "30", "1h": "60", "4h": "240", "1d": "D"},
    "publicTradeTypeIs": "taker",  # or 'maker'
    "tradingFeeMode": "max",  # or 'sellTaker'
    "orderFeeCurrency": "quote",  # or 'base'
    "gatewayTimeout": 500,  # ms
    "gatewayAmountAsString": False,
    "tagFields": {},  # network -> 'memo' (the default), 'payment_id' or 'destination_tag'
    "stream": {
        "url": None,  # of the socket.io server, its path and all, in place of urls['api']['ws']
        "engineIoVersion": 4,  # or 3
        "subscribeEvent": "subscribe",
        "messageEvent": None,  # the name under which messages come; None if it is that of the channel
        "cancelIdField": "oid",  # or 'cancel_order_id': which of the two is the order that is cancelled
        "subscribeWait": 1000,  # ms that a subscription may take, if nothing tells that it is there
        "lag": 2000,  # ms by which events may be later than a snapshot of the book that has them
        "snapshotAge": 0,  # ms that such a snapshot may be old when it is asked for, as from a cache
    },
    # None: as the server's handshake says
    "ws": {"pingInterval": None, "timeout": None},
    "networks": {"BTC": "bitcoin", "ERC20": "ethereum", "TRC20": "tron"},
    "withdrawStatuses": {
        "10": "pending",
        "20": "pending",
        "23": "pending",
        "25": "pending",
        "26": "pending",
        "27": "pending",
        "30": "ok",
        "40": "failed",
        "50": "canceled",
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
    "cancelAllOrders": "emulated",
    "cancelOrder": True,
    "createDepositAddress": True,
    "createLimitBuyOrder": True,
    "createLimitOrder": True,
    "createLimitSellOrder": True,
    "createOrder": True,
    "fetchBalance": True,
    "fetchBidsAsks": "emulated",
    "fetchCanceledAndClosedOrders": "emulated",
    "fetchCanceledOrders": True,
    "fetchClosedOrders": True,
    "fetchCurrencies": True,
    "fetchDepositAddress": True,
    "fetchDepositAddresses": True,
    "fetchDepositAddressesByNetwork": True,
    "fetchDepositWithdrawFee": "emulated",
    "fetchDepositWithdrawFees": True,
    "fetchDeposits": True,
    "fetchDepositsWithdrawals": "emulated",
    "fetchL2OrderBook": True,
    "fetchLastPrices": "emulated",
    "fetchL3OrderBook": True,
    "fetchMarkets": True,
    "fetchMyTrades": True,
    "fetchOHLCV": True,
    "fetchOpenOrders": True,
    "fetchOrder": True,
    "fetchOrderBook": True,
    "fetchOrderTrades": True,
    "fetchOrders": True,
    "fetchTicker": True,
    "fetchTickers": True,
    "fetchTrades": True,
    "fetchTradingFee": "emulated",
    "fetchTradingFees": True,
    "fetchTransfers": True,
    "fetchWithdrawals": True,
    "transfer": True,
    "withdraw": True,
}

# What methods make of ccxt's unified parameters.
LISTED = ("method", "until", "paginate")
UNDERSTANDS = {
    **dict.fromkeys(CHOICES, ("method",)),
    "cancelAllOrders": ("method",),
    "fetchTrades": LISTED,
    "fetchOHLCV": ("method", "until", *PAGES),
    "fetchOrders": LISTED,
    "fetchOpenOrders": LISTED,
    "fetchClosedOrders": LISTED,
    "fetchCanceledOrders": LISTED,
    "fetchCanceledAndClosedOrders": LISTED,
    "fetchMyTrades": LISTED,
    "fetchOrderTrades": ("until",),
    "fetchDeposits": ("method", "until"),
    "fetchWithdrawals": ("method", "until"),
    "fetchDepositsWithdrawals": ("method", "until"),
    "fetchTransfers": ("until",),
    "fetchDepositAddress": ("network",),
    "createDepositAddress": ("network",),
    "withdraw": ("network", "tag", "clientOrderId"),
}
# These lists are always whole.
DOES_ANYWAY = dict.fromkeys(
    ("fetchOrderTrades", "fetchDeposits", "fetchWithdrawals", "fetchDepositsWithdrawals", "fetchTransfers"),
    ("paginate",),
)
