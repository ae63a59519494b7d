"""What BTEX offers, its contracts and its spot markets, as ccxt's `describe()` tells it."""

from typing import Any

from ccxt.base.decimal_to_precision import TICK_SIZE
from ccxt.base.errors import (
    AuthenticationError,
    BadSymbol,
    ContractUnavailable,
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

from ccxt_ext.venue.surface import features

# Of contracts; spot has one more.
CANCEL = {"cost": 1, "cancels": "order_id"}

TIMEFRAMES = {step: step for step in ("5m", "15m", "30m", "1h", "4h", "8h", "1d")}


def metadata() -> dict[str, Any]:
    contracts = contract_features()
    return {
        "id": "btex",
        "name": "BTEX",
        "countries": [],  # not told
        "version": "1",
        "rateLimit": 360,  # 10,000 requests an hour
        "certified": False,
        "pro": True,
        "hostname": "btex.com",
        "has": HAS,
        "hasFor": HAS_FOR,
        "timeframes": TIMEFRAMES,
        "urls": {
            "api": {"contract": "https://api.{hostname}", "spot": "https://api.{hostname}"},
            # The test environment has contracts only, as far as is told.
            "test": {"contract": "https://testnet.{hostname}"},
            "www": "https://btex.com",
            "doc": "https://github.com/btex-dev/btex-api-demos",
        },
        "api": {
            "contract": {
                "public": {
                    "get": {
                        "contracts": 1,
                        "tickers": 1,
                        "orderbook": 1,
                        "trades": 1,
                        "k_data": 1,
                    },
                },
                "private": {
                    "post": {
                        "account_info": 1,
                        "place_order": {"cost": 1, "once": True},
                        "cancel_order": CANCEL,
                        "active_orders": 1,
                        "active_positions": 1,
                        "myorders": 1,
                        "mytrades": 1,
                        "mypositions": 1,
                        "order_match_results": 1,
                        "get_order_batch": 1,
                    },
                },
            },
            "spot": {
                "public": {
                    "get": {
                        "pairs": 1,
                        "pair": 1,
                        "k_data/": 1,
                        "orderbook": 1,
                        "trades": 1,
                        "get_dig_configs": 1,
                    },
                },
                "private": {
                    "post": {
                        "getinfo": 1,
                        "buy_coin": {"cost": 1, "once": True},
                        "sell_coin": {"cost": 1, "once": True},
                        "myorders": 1,
                        "cancel_order": CANCEL,
                        "mytrades": 1,
                    },
                },
            },
        },
        "fees": {
            # Of the documented samples; each market tells its own.
            "trading": {"tierBased": False, "percentage": True, "maker": 0.002, "taker": 0.002},
        },
        "precisionMode": TICK_SIZE,
        "requiredCredentials": {"apiKey": True, "secret": True},
        "features": {
            "spot": spot_features(),
            "swap": {"linear": contracts, "inverse": contracts},
            "future": {"linear": contracts, "inverse": contracts},
        },
        "exceptions": EXCEPTIONS,
        "options": OPTIONS,
    }


def contract_features() -> dict[str, Any]:
    return {
        "sandbox": True,
        "createOrder": features.create_order(marginMode=True, leverage=True),
        "createOrders": None,
        "fetchMyTrades": features.history(None, symbol_required=True),
        "fetchOrder": features.fetch_order(),
        "fetchOpenOrders": features.order_list(None),
        "fetchOrders": features.history(None, symbol_required=True),
        "fetchClosedOrders": features.closed_orders(None, symbol_required=True),
        "fetchOHLCV": {"limit": 3000},
    }


def spot_features() -> dict[str, Any]:
    return {
        "sandbox": False,
        "createOrder": features.create_order(),
        "createOrders": None,
        "fetchMyTrades": features.history(None),
        "fetchOrder": features.fetch_order(),
        "fetchOpenOrders": features.order_list(100),
        "fetchOrders": None,
        "fetchClosedOrders": None,
        "fetchOHLCV": {"limit": 3000},
    }


# The venue publishes no texts and no meanings of codes: these are guesses, tried in this order against the
# text. Words are whole ones, in any case; joined by " + ", one clause has them all, in their order.
EXCEPTIONS: dict[str, Any] = {
    "exact": {},
    "broad": {
        "sign": AuthenticationError,
        "signature": AuthenticationError,
        "签名": AuthenticationError,
        "access_key": AuthenticationError,
        "access key": AuthenticationError,
        "api key": AuthenticationError,
        "contract + expired": ContractUnavailable,
        "pair + expired": ContractUnavailable,
        "timestamp": InvalidNonce,
        "nonce": InvalidNonce,
        "expired": InvalidNonce,
        "过期": InvalidNonce,
        "permission": PermissionDenied,
        "权限": PermissionDenied,
        "insufficient": InsufficientFunds,
        "not enough": InsufficientFunds,
        "余额": InsufficientFunds,
        # Before an order's: an order of a contract that there is not may well be open.
        "contract + not exist": BadSymbol,
        "contract + not found": BadSymbol,
        "pair + not exist": BadSymbol,
        "pair + not found": BadSymbol,
        "unknown contract": BadSymbol,
        "unknown pair": BadSymbol,
        "unknown symbol": BadSymbol,
        "invalid symbol": BadSymbol,
        "order + already filled": OrderNotFound,
        "order + already canceled": OrderNotFound,
        "order + already cancelled": OrderNotFound,
        "order + not exist": OrderNotFound,
        "order + not found": OrderNotFound,
        "委托不存在": OrderNotFound,
        "too many": RateLimitExceeded,
        "frequent": RateLimitExceeded,
        "frequently": RateLimitExceeded,
        "频繁": RateLimitExceeded,
        "maintenance": OnMaintenance,
        "维护": OnMaintenance,
        # Of an order they leave open what became of it.
        "unavailable": ExchangeNotAvailable,
        "server error": ExchangeNotAvailable,
        "system error": ExchangeNotAvailable,
        "unknown error": ExchangeNotAvailable,
        "系统错误": ExchangeNotAvailable,
        "suspend": MarketClosed,
        "suspended": MarketClosed,
        "暂停": MarketClosed,
    },
    # Of calls that place orders, after those above.
    "order": {
        "price": InvalidOrder,
        "amount": InvalidOrder,
        "leverage": InvalidOrder,
        "minimum": InvalidOrder,
        "maximum": InvalidOrder,
    },
    "status": {"429": RateLimitExceeded},
}

# Where the venue's documents are silent or contradict each other; docs/venues/btex.md explains each.
OPTIONS: dict[str, Any] = {
    "settle": {"takenFor": 60_000, "listedAfter": 10_000},  # ms; not documented; spot lists a new order late
    "defaultType": "swap",  # or 'spot': which account and which tickers, where no symbol tells it
    "fetchMarkets": ["swap", "spot"],  # 'swap' brings the dated contracts as well
    "throttleWindow": 10_000,  # units of cost that the venue counts together: those of an hour
    "timeDifference": 0,  # ms that this clock is ahead of the venue's
    "sendSecretKey": False,  # C1
    "signUrlEncode": True,  # C2
    "marketOrderPrice": "ticker",  # C3; or 'zero'
    "errorCodes": {},  # C4: code -> name of ccxt's exception
    "closedOrderStatuses": ["1"],  # C6
    "ohlcvDefaultLimit": 100,  # C7
    "ohlcvMaxLimit": 3000,
    # C7: where programs look for what one type of market has and another has not.
    "timeframes": {"spot": {**TIMEFRAMES, "2h": "2h"}},
    "ohlcvVolume": "contracts",  # C8; or 'base'
    "linearVolumnIs": "quote",  # C9; or 'settle', 'base'
    "invertTradeFee": False,  # C10
    "expiryTimezoneOffset": 0,  # C11, in hours
    "strictLeverages": False,  # C12
    "defaultLeverage": 1,  # C13
    "defaultMarginMode": "isolated",  # C13
    "leverages": {},  # symbol -> what setLeverage() was told
    "marginModes": {},  # symbol -> what setMarginMode() was told
    "leverageOfPosition": True,  # an order without its own has those of the position that is open
    "crossedEquity": True,  # ask for the wallet that is behind crossed positions
    "lookUpPlaced": ["market"],  # types of orders of which createOrder() tells more than the id
    "bestPricesInTicker": False,  # fetchTicker() asks for the order book as well
    "fillsOfOrder": True,  # ask for the fills of an order that is looked up, which tell its cost
    "spotFillsSearched": 1000,  # the latest, for those of an order whose time is not known
    "spotSettling": 10000,  # ms after which a new spot order that is not listed has ended
    "spotEndedStatus": None,  # or 'closed', 'canceled': of a spot order whose amount is not known
    "positionsAllContractId": None,  # C14; or 0
    "fundingIntervalHours": None,  # C16
    "ignoreUnsupportedOrderFlags": False,  # C17
    "pageSize": 100,  # rows of a page, where more than the newest are wanted
    "depths": [5, 10, 15, 20, 30, 50],  # of contracts' order books
    "spotAuthMethod": "POST",  # S1; or 'GET'
    "spotTimestampParam": "ts",  # S2; or 'created', None
    "spotTimestampUnit": "s",  # S2; or 'ms'
    "spotActiveStatuses": ["2"],  # S3
    "spotBuyFeeCurrency": "base",  # S4; or 'quote'
    "spotDepths": [5, 10, 15, 20, 30],  # S5
    "spotOpenOrders": 100,  # rows of an answer at most
}

HAS: dict[str, Any] = {
    "CORS": None,
    "spot": True,
    "margin": False,
    "swap": True,
    "future": True,
    "option": False,
    "publicAPI": True,
    "privateAPI": True,
    "sandbox": True,
    "cancelAllOrders": "emulated",
    "cancelOrder": True,
    "createLimitBuyOrder": True,
    "createLimitOrder": True,
    "createLimitSellOrder": True,
    "createMarketBuyOrder": True,
    "createMarketOrder": True,
    "createMarketSellOrder": True,
    "createOrder": True,
    "fetchBalance": True,
    "fetchCanceledAndClosedOrders": True,
    "fetchCanceledOrders": True,
    "fetchClosedOrders": True,
    "fetchFundingRate": True,
    "fetchFundingRates": True,
    "fetchL2OrderBook": True,
    "fetchLeverage": "emulated",
    "fetchLeverages": "emulated",
    "fetchLastPrices": "emulated",
    "fetchMarginMode": "emulated",
    "fetchMarginModes": "emulated",
    "fetchMarkets": True,
    "fetchMarkPrice": True,
    "fetchMarkPrices": True,
    "fetchMyTrades": True,
    "fetchOHLCV": True,
    "fetchOpenInterest": True,
    "fetchOpenInterests": True,
    "fetchOpenOrders": True,
    "fetchOrder": True,
    "fetchOrderBook": True,
    "fetchOrders": True,
    "fetchOrderTrades": True,
    "fetchPosition": True,
    "fetchPositionMode": "emulated",
    "fetchPositionHistory": True,
    "fetchPositions": True,
    "fetchPositionsForSymbol": True,
    "fetchPositionsHistory": True,
    "fetchTicker": True,
    "fetchTickers": True,
    "fetchTrades": True,
    "fetchTradingFee": True,
    "fetchTradingFees": True,
    "setLeverage": "emulated",
    "setMarginMode": "emulated",
    "setPositionMode": "emulated",
}

_CONTRACTS_ONLY = (
    "createMarketBuyOrder",
    "createMarketOrder",
    "createMarketSellOrder",
    "fetchCanceledAndClosedOrders",
    "fetchCanceledOrders",
    "fetchClosedOrders",
    "fetchLeverage",
    "fetchLeverages",
    "fetchMarginMode",
    "fetchMarginModes",
    "fetchMarkPrice",
    "fetchMarkPrices",
    "fetchOpenInterest",
    "fetchOpenInterests",
    "fetchOrders",
    "fetchPosition",
    "fetchPositionHistory",
    "fetchPositionMode",
    "fetchPositions",
    "fetchPositionsForSymbol",
    "fetchPositionsHistory",
    "setLeverage",
    "setMarginMode",
    "setPositionMode",
)

# Where types of markets differ: spot's API has less, and only perpetual contracts have funding.
HAS_FOR: dict[str, dict[str, Any]] = {
    **{name: {"spot": False} for name in _CONTRACTS_ONLY},
    "fetchFundingRate": {"spot": False, "future": False},
    "fetchFundingRates": {"spot": False, "future": False},
    "fetchOrder": {"spot": "emulated"},
    "fetchOrderTrades": {"spot": "emulated"},
}

# What methods make of ccxt's unified parameters.
PAGED = ("until", "paginate")
UNDERSTANDS = {
    # The last three only to be ignored, if the options say so.
    "createOrder": ("leverage", "marginMode", "postOnly", "reduceOnly", "timeInForce"),
    "cancelOrder": ("type",),
    "cancelAllOrders": ("type",),
    "fetchMarkets": ("type",),
    "fetchTradingFees": ("type",),
    "fetchTrades": ("until",),
    "fetchOHLCV": ("until",),
    "fetchOrder": ("type",),
    "fetchOpenOrders": ("type", "until"),
    "fetchOrders": PAGED,
    "fetchClosedOrders": PAGED,
    "fetchCanceledOrders": PAGED,
    "fetchCanceledAndClosedOrders": PAGED,
    "fetchMyTrades": ("type", *PAGED),
    "fetchOrderTrades": ("type", "until"),
    "fetchBalance": ("type",),
    "fetchPositionsHistory": PAGED,
    "fetchPositionHistory": PAGED,
}
# Contracts of either subtype have one account.
DOES_ANYWAY = {"fetchBalance": ("subType",)}
