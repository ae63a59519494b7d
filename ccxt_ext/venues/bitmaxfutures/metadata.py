"""What BitMax Futures Pro v2 offers, as ccxt's `describe()` tells it."""

from typing import Any

from ccxt.base.decimal_to_precision import TICK_SIZE

from ccxt_ext.venue.calls.unified import PAGES, TRIGGERS
from ccxt_ext.venue.surface import features
from ccxt_ext.venues.bitmaxfutures.errors import EXCEPTIONS

ONE_ORDER = {"cost": 1, "once": True, "clientId": "id"}
ONCE = {"cost": 1, "once": True, "priority": "rest"}
SETTING = {"cost": 1, "changes": True}
LOOK_UP = {"cost": 1, "priority": "cancel"}  # whoever needs the account waits for it
HISTORY = features.history(None)


def metadata() -> dict[str, Any]:
    return {
        "id": "bitmaxfutures",
        "name": "BitMax Futures Pro",
        "countries": ["SG"],
        "version": "v2",
        "rateLimit": 200,  # none is documented
        "certified": False,
        "pro": True,
        "has": HAS,
        "timeframes": {
            "1m": "1",
            "5m": "5",
            "15m": "15",
            "30m": "30",
            "1h": "60",
            "2h": "120",
            "4h": "240",
            "6h": "360",
            "12h": "720",
            "1d": "1d",
            "1w": "1w",
            "1M": "1m",  # a month; a minute is 1
        },
        "urls": {
            "api": {"rest": "https://bitmax.io", "ws": "wss://bitmax.io:443"},
            "test": {
                "rest": "https://api-test.bitmax-sandbox.io",
                "ws": "wss://api-test.bitmax-sandbox.io:443",
            },
            "www": "https://bitmax.io",
            "doc": "https://bitmax-exchange.github.io/bitmax-futures-api-doc-v2",
        },
        "api": {
            "v2": {
                "public": {
                    "get": {
                        "futures/contract": 1,
                        "futures/collateral": 1,
                        "futures/pricing-data": 1,
                        "futures/ticker": 1,
                    },
                },
                "private": {"get": {"account/info": LOOK_UP}},
                "group": {
                    "get": {
                        "futures/position": 1,
                        "futures/free-margin": 1,
                        "futures/order/open": 1,
                        "futures/order/hist/current": 1,
                        "futures/order/status": 1,
                        "order/hist": 1,
                    },
                    "post": {
                        "futures/free-margin": 1,
                        "futures/order/open": 1,
                        "futures/isolated-position-margin": ONCE,
                        "futures/margin-type": SETTING,
                        "futures/leverage": SETTING,
                        "futures/transfer/deposit": ONCE,
                        "futures/transfer/withdraw": ONCE,
                        "futures/order": ONE_ORDER,
                        "futures/order/batch": ONE_ORDER,
                    },
                    "delete": {
                        "futures/order": {"cost": 1, "cancels": "orderId"},
                        "futures/order/batch": {"cost": 1, "cancels": "orderId"},
                        "futures/order/all": {"cost": 1, "cancels": None},
                        "futures/position/all": {"cost": 1, "changes": True},
                    },
                },
            },
            "v1": {
                "public": {
                    "get": {
                        "depth": 1,
                        "trades": 1,
                        "barhist": 1,
                        "barhist/info": 1,
                        "ticker": 1,
                        "assets": 1,
                        "products": 1,
                        "futures/contracts": 1,
                        "futures/market-data": 1,
                        "futures/funding-rates": 1,
                    },
                },
                "private": {
                    "get": {
                        "info": 1,
                        "wallet/deposit/address": 1,
                        "wallet/transactions": 1,
                    },
                },
                "group": {
                    "get": {
                        "cash/balance": 1,
                        "order/hist": 1,
                        "futures/funding-payments": 1,
                    },
                    "post": {"transfer": ONCE},
                },
            },
        },
        "fees": {
            "trading": {
                "tierBased": False,
                "percentage": True,
                "feeSide": "quote",
                "maker": 0.001,
                "taker": 0.001,
            },
        },
        "precisionMode": TICK_SIZE,
        "requiredCredentials": {"apiKey": True, "secret": True},
        "features": {
            "spot": None,
            "swap": {"linear": SWAP, "inverse": None},
            "future": {"linear": None, "inverse": None},
        },
        "exceptions": EXCEPTIONS,
        "options": OPTIONS,
    }


SWAP: dict[str, Any] = {
    "sandbox": True,
    "createOrder": features.create_order(
        triggerPrice=True,
        stopLossPrice=True,
        triggerPriceType={"last": True, "mark": True, "index": True},
        attachedStopLossTakeProfit={
            "triggerPriceType": {"last": True, "mark": False, "index": False},
            "price": False,
        },
        timeInForce={"IOC": True, "FOK": True, "PO": True, "GTD": False},
    ),
    "createOrders": {"max": 10},
    "fetchMyTrades": features.trades(None),
    "fetchOrder": features.fetch_order(),
    "fetchOpenOrders": features.order_list(None),
    "fetchOrders": HISTORY,
    "fetchClosedOrders": features.closed_orders(None),
    "fetchOHLCV": {"limit": 500},
}

# Where the venue's documents are silent or contradict each other; docs/venues/bitmaxfutures.md explains each.
OPTIONS: dict[str, Any] = {
    "settle": {"takenFor": 30_000, "listedAfter": 2_000},  # ms; a request counts for 30 s
    "defaultType": "swap",
    "timeDifference": 0,  # ms that this clock is ahead of the venue's; set by load_time_difference()
    "adjustForTimeDifference": False,  # call load_time_difference() with the markets, and on a refused time
    "secretFormat": "raw",  # or 'base64'
    "accountGroup": None,  # a number spares the call for it
    "userUID": None,  # with accountGroup: for the ids of orders
    "accountId": None,  # with accountGroup: for the ids of orders by the rule 'demo'
    "openOrdersMethod": "GET",  # or 'POST'
    "freeMarginMethod": "GET",  # or 'POST'
    "postAsQuery": [],  # paths of POST endpoints whose fields go into the query
    "priceKey": "orderPrice",  # or 'price', 'both'
    "orderTypeCase": "samples",  # or 'capitalised', 'lower'
    "respInst": {
        "limit": "ACCEPT",
        "stop": "ACCEPT",
        "market": "DONE",
        "immediate": "DONE",  # IOC and FOK
        "cancel": "ACCEPT",
        "batch": "ACK",
        "ws": "ACK",
    },
    "sendReduceOnlyFlag": False,
    "stopLossTakeProfit": "order",  # or 'position'
    # Whether an order may be sent that would be triggered at once; and whether to ask what became of an order
    # whose answer does not tell: True, False, or 'always', for limit orders that are merely accepted as well.
    "createOrder": {"immediateTrigger": False, "lookUp": True},
    "createOrders": {"lookUp": False},
    "closePositionCancelOpen": True,
    "orderIdAlgorithm": "page",  # or 'demo'
    "tickerVersion": "v1",  # or 'v2'
    "volumeUnit": "base",  # or 'quote'
    "orderHistory": "current",  # or 'hist'
    "orderHistoryCount": 500,
    "orderHistPrehash": "order/hist",
    "fundingInterval": "8h",
    "fees": None,  # {'maker': ..., 'taker': ...}
    "retiredV1": False,
    "isolatedMarginAccounting": "page",  # or 'demo'
    "fetchBalance": {"type": "swap", "freeMargin": True, "isolatedMargin": False},
    "fetchCurrencies": {"assets": False},
    "fetchOHLCV": {"maxCandles": 500},
    "fetchTrades": {"limit": 100},
    "initialMarginBy": "leverage",  # or 'bracket'
    "raiseOnRejected": False,
    "defaultTriggerBy": None,  # or 'last', 'mark', 'index'
    "batchLimit": 10,
    "accountsByType": {
        "swap": "futures",
        "future": "futures",
        "futures": "futures",
        "spot": "cash",
        "cash": "cash",
    },
    "transferVersion": "v2",  # or 'v1'
    "wsAuthMethod": "message",  # or 'headers', of the handshake
    "wsOrderIdInArgs": True,  # the client order id is said twice in a request over the socket
    "watchOrderBook": {
        "channel": "depth",  # or 'depth-realtime'
        "snapshot": "depth-snapshot",  # or 'depth-snapshot-top100', 'rest'
        "snapshotTimeout": 5000,  # ms, after which REST is asked
    },
    # Beside the best prices, which are streamed, what REST tells of the day, asked for every so many ms.
    "watchTicker": {"rest": True, "refresh": 10000},
    "watchBalance": {"freeMargin": True},  # a REST call after updates tells what is free
    "ws": {
        "pingInterval": 15000,
        "timeout": 35000,
        # Published later than the rest of the documents.
        "limits": {"subscription": 150, "order": 8000, "request": 10000, "snapshot": 400},
    },
}

HAS: dict[str, Any] = {
    "CORS": None,
    "spot": False,
    "margin": False,
    "swap": True,
    "future": False,
    "option": False,
    "publicAPI": True,
    "privateAPI": True,
    "sandbox": True,
    "addMargin": True,
    "cancelAllOrders": True,
    "cancelOrder": True,
    "cancelOrders": True,
    "cancelOrderWithClientOrderId": True,
    "closeAllPositions": True,
    "closePosition": True,
    "createLimitBuyOrder": True,
    "createLimitOrder": True,
    "createLimitSellOrder": True,
    "createMarketBuyOrder": True,
    "createMarketOrder": True,
    "createMarketSellOrder": True,
    "createOrder": True,
    "createOrders": True,
    "createOrderWithTakeProfitAndStopLoss": True,
    "createPostOnlyOrder": True,
    "createReduceOnlyOrder": True,
    "createStopLimitOrder": True,
    "createStopLossOrder": True,
    "createStopMarketOrder": True,
    "createStopOrder": True,
    "createTriggerOrder": True,
    "editOrder": "emulated",
    "fetchAccounts": True,
    "fetchBalance": True,
    "fetchBidsAsks": True,
    "fetchCanceledAndClosedOrders": True,
    "fetchCanceledOrders": True,
    "fetchClosedOrders": True,
    "fetchCurrencies": True,
    "fetchDepositAddress": True,
    "fetchDepositAddressesByNetwork": True,
    "fetchDeposits": True,
    "fetchDepositsWithdrawals": True,
    "fetchFundingInterval": "emulated",
    "fetchFundingIntervals": "emulated",
    "fetchFundingRate": True,
    "fetchFundingRates": True,
    "fetchL2OrderBook": True,
    "fetchLastPrices": "emulated",
    "fetchLeverage": True,
    "fetchLeverages": True,
    "fetchLeverageTiers": True,
    "fetchMarginMode": True,
    "fetchMarginModes": True,
    "fetchMarketLeverageTiers": True,
    "fetchMarkets": True,
    "fetchMarkPrice": True,
    "fetchMarkPrices": True,
    "fetchMyTrades": "emulated",
    "fetchOHLCV": True,
    "fetchOpenInterest": True,
    "fetchOpenInterests": True,
    "fetchOpenOrders": True,
    "fetchOrder": True,
    "fetchOrderBook": True,
    "fetchOrders": "emulated",
    "fetchOrderTrades": "emulated",
    "fetchOrderWithClientOrderId": True,
    "fetchPosition": True,
    "fetchPositionMode": "emulated",
    "fetchPositions": True,
    "fetchPositionsForSymbol": True,
    "fetchStatus": "emulated",
    "fetchTicker": True,
    "fetchTickers": True,
    "fetchTime": "emulated",
    "fetchTrades": True,
    "fetchTradingFee": "emulated",
    "fetchTradingFees": "emulated",
    "fetchWithdrawals": True,
    "reduceMargin": True,
    "setLeverage": True,
    "setMarginMode": True,
    "setPositionMode": "emulated",
    "transfer": True,
    # Where something else might be expected:
    "createMarketOrderWithCost": False,
    "createTakeProfitOrder": False,
    "fetchFundingHistory": False,
    "fetchFundingRateHistory": False,
    "fetchLedger": False,
    "fetchLiquidations": False,
    "fetchTransfers": False,
    "setMargin": False,
    "withdraw": False,
    "ws": False,
}

# What methods make of ccxt's unified parameters.
PAGED = ("until", "paginate")
UNDERSTANDS = {
    "createOrder": (
        "clientOrderId",
        "postOnly",
        "reduceOnly",
        "stopLoss",
        "stopLossPrice",
        "takeProfit",
        "takeProfitPrice",
        "timeInForce",
        *TRIGGERS,
    ),
    "createOrders": (),  # each order has its own
    "cancelOrder": ("clientOrderId",),
    "fetchOrder": ("clientOrderId",),
    "fetchOrderTrades": ("clientOrderId", "until"),
    "fetchTrades": ("until",),
    "fetchOHLCV": ("until", *PAGES),
    "fetchOpenOrders": ("until",),
    "fetchOrders": PAGED,
    "fetchClosedOrders": PAGED,
    "fetchCanceledOrders": PAGED,
    "fetchCanceledAndClosedOrders": PAGED,
    "fetchMyTrades": PAGED,
    "fetchFundingHistory": ("until",),
    "fetchFundingRateHistory": ("until",),
    "fetchDeposits": PAGED,
    "fetchWithdrawals": PAGED,
    "fetchDepositsWithdrawals": PAGED,
    "fetchDepositAddress": ("network",),
    "fetchBalance": ("type",),
    "fetchBalanceWs": (),
}
# Orders with a trigger go by their ids like all others; these lists are always whole.
DOES_ANYWAY = {
    **dict.fromkeys(
        (
            "cancelOrder",
            "cancelOrders",
            "cancelOrderWithClientOrderId",
            "fetchOrder",
            "fetchOrderWithClientOrderId",
        ),
        ("trigger",),
    ),
    "fetchOpenOrders": ("paginate",),
    "fetchOrderTrades": ("paginate", "trigger"),
}
