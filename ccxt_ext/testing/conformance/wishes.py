"""ccxt's unified parameters, with what may be asked by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ccxt

# A value of each that asks for something, so that who does not do it has to say so.
WISHES: Mapping[str, Any] = {
    "clientOrderId": "canaryClientOrderId12345",
    "clientOrderIds": ["canaryClientOrderId12345"],
    "cost": 12.5,
    "createMarketBuyOrderRequiresPrice": False,
    "hedged": True,
    "iceberg": True,
    "leverage": 3,
    "margin": True,
    "marginMode": "isolated",
    "method": "canaryMethod",
    "network": "CANARY",
    "networkCode": "CANARY",
    "paginate": True,
    "portfolioMargin": True,
    "positionSide": "LONG",
    "postOnly": True,
    "reduceOnly": True,
    "selfTradePrevention": "EXPIRE_TAKER",
    "stop": True,
    "stopLoss": {"triggerPrice": 2},
    "stopLossPrice": 2,
    "stopPrice": 2,
    "tag": "canaryTag",
    "takeProfit": {"triggerPrice": 2},
    "takeProfitPrice": 2,
    "test": True,
    "till": 1_525_760_117_000,
    "timeInForce": "IOC",
    "trailing": True,
    "trailingAmount": 3,
    "trailingPercent": 3,
    "trailingTriggerPrice": 3,
    "trigger": True,
    "triggerDirection": "ascending",
    "triggerPrice": 2,
    "triggerPriceType": "mark",
    "unifiedMargin": True,
    "until": 1_525_760_117_000,
}

# Names for the same.
ALIASES: Mapping[str, str] = {"networkCode": "network", "stop": "trigger", "till": "until"}

# Further values, where the one above may be what is so anyway.
MORE_VALUES: Mapping[str, Sequence[Any]] = {
    "marginMode": ("cross",),
    "triggerDirection": ("descending", "above", "below"),
    "triggerPriceType": ("last", "index"),
    "until": (1,),
}

# What says more of another wish, and without that one asks for nothing.
BESIDE: Mapping[str, Mapping[str, Any]] = {
    "triggerDirection": {"triggerPrice": 2},
    "triggerPriceType": {"triggerPrice": 2},
    "trailingTriggerPrice": {"trailingPercent": 3},
}

# Parts of the names of ccxt's methods, and what such a method asks for by itself.
ASKED_FOR_BY_NAME: Mapping[str, Sequence[str]] = {
    "PostOnly": ("postOnly",),
    "ReduceOnly": ("reduceOnly",),
    "createStop": ("triggerPrice", "stopPrice"),
    "createStopLoss": ("stopLossPrice", "reduceOnly"),
    "createTakeProfit": ("takeProfitPrice", "triggerPrice", "stopPrice", "reduceOnly"),
    "createTrigger": ("triggerPrice", "stopPrice"),
    "createTrailingAmount": ("trailingAmount", "trailingTriggerPrice"),
    "createTrailingPercent": ("trailingPercent", "trailingTriggerPrice"),
    "WithTakeProfitAndStopLoss": ("takeProfit", "stopLoss"),
    "WithClientOrderId": ("clientOrderId",),
    "WithCost": ("cost", "createMarketBuyOrderRequiresPrice"),
}

# Arguments in whose place a parameter names what a call is about.
IN_PLACE_OF: Mapping[str, str] = {"clientOrderId": "id", "clientOrderIds": "ids"}

# Chapter 10 turns pages. What a market buy costs is compared with the engine by 9.16.
SHOWN_ELSEWHERE = frozenset(("paginate", "createMarketBuyOrderRequiresPrice"))


def more_values(method: str, name: str) -> Sequence[Any]:
    """Further values of a wish, each of which a method may do something about."""
    if name == "timeInForce" and method.startswith("createMarket"):
        return ("FOK", "PO")  # such an order is IOC in any case
    return MORE_VALUES.get(name, ())


# What asks for nothing, at any method.
HARMLESS: Sequence[tuple[str, Any]] = (
    *((name, None) for name in (*WISHES, "type", "defaultType", "subType", "defaultSubType", "raw")),
    *((name, value) for name in ("timeInForce",) for value in ("GTC", "gtc", "Gtc")),
    *(
        (name, False)
        for name in ("hedged", "paginate", "portfolioMargin", "postOnly", "reduceOnly", "stop", "trigger")
    ),
    *((name, 3) for name in ("paginationCalls", "maxEntriesPerRequest", "maxRetries")),
    ("paginationDirection", "backward"),
    ("createMarketBuyOrderRequiresPrice", True),
)

# What no method of any venue has a sense for.
SENSELESS: Sequence[tuple[str, Any]] = (
    ("type", 7),
    ("type", "canary"),
    ("defaultType", "option"),
    ("subType", "canary"),
    ("until", "soon"),
    ("marginMode", "canary"),
    ("timeInForce", "CANARY"),
    ("postOnly", "yes"),
    ("reduceOnly", 2),
    ("trigger", "canary"),
    ("raw", "canary"),
)

REFUSALS = (ccxt.NotSupported, ccxt.BadRequest)

OTHER: Mapping[str, str] = {"spot": "swap", "swap": "spot", "linear": "inverse", "inverse": "linear"}


def kind_words(exchange: Any, symbol: str) -> list[tuple[str, str]]:
    """What a market is, in the words that callers have for it."""
    market = exchange.market(symbol)
    words = [("type", market["type"]), ("defaultType", market["type"]), ("type", market["type"].upper())]
    if market["contract"]:
        words.append(("subType", "linear" if market["linear"] else "inverse"))
    return words
