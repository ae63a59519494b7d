"""ccxt's unified parameters: what a caller may put into `params` at any method of any venue.

Each is taken (it asks for what is done anyway), understood (the method reads it, as its venue declares),
or refused. None reaches the venue unread: a field of the venue's own may have the same name, and mean
something else. Such a field goes into `params['raw']`.
"""

import functools
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ccxt.base.errors import BadRequest, NotSupported

from ccxt_ext.venue.calls.arguments import integer_argument

# What has several names in ccxt, which newer releases or other venues use.
ALIASES = {
    "defaultSubType": "subType",
    "defaultType": "type",
    "networkCode": "network",
    "stop": "trigger",
    "till": "until",
}

FLAGS = frozenset(
    (
        "hedged",
        "historical",
        "iceberg",
        "margin",
        "paginate",
        "portfolioMargin",
        "postOnly",
        "reduceOnly",
        "stock",
        "test",
        "trailing",
        "trigger",
        "twap",
        "uta",
        "unifiedMargin",
    )
)

# How ccxt's fetch_paginated_call_* turn pages: nothing by itself.
PAGING = ("maxEntriesPerRequest", "maxRetries", "paginationCalls", "paginationDirection", "removeRepeated")

#: What a list understands that leaves its pages to ccxt's fetch_paginated_call_*.
PAGES = ("paginate", *PAGING)

#: What says that an order waits for a price.
TRIGGERS = ("triggerPrice", "stopPrice", "triggerDirection", "triggerPriceType")

UNIFIED = frozenset(
    (
        *ALIASES,
        *FLAGS,
        *PAGING,
        *TRIGGERS,
        "clientOrderId",
        "clientOrderIds",
        "cost",
        "createMarketBuyOrderRequiresPrice",
        "leverage",
        "marginMode",
        "method",
        "network",
        "positionSide",
        "raw",
        "selfTradePrevention",
        "stopLoss",
        "stopLossAmount",
        "stopLossLimitPrice",
        "stopLossPrice",
        "stopLossPriceType",
        "stopLossType",
        "subType",
        "tag",
        "takeProfit",
        "takeProfitAmount",
        "takeProfitLimitPrice",
        "takeProfitPrice",
        "takeProfitPriceType",
        "takeProfitType",
        "timeInForce",
        "trailingAmount",
        "trailingPercent",
        "trailingTriggerPrice",
        "type",
        "until",
    )
)

# Of candles, what they are of; elsewhere it is nothing of ccxt's.
CANDLES_OF = "price"

TIMES_IN_FORCE = ("GTC", "IOC", "FOK", "PO", "GTD", "GTX", "DAY")
MARGIN_MODES = ("cross", "isolated")

# What asks for nothing, apart from None and a flag that is False.
NOTHING = {
    CANDLES_OF: "last",
    "createMarketBuyOrderRequiresPrice": True,
    "positionSide": "BOTH",
    "selfTradePrevention": "NONE",
    "timeInForce": "GTC",
}

# The parameters by which markets are chosen.
CHOOSING = frozenset(("type", "defaultType", "subType", "defaultSubType"))


class RawFields(dict[str, Any]):
    """The venue's own fields, on their way to the request that they are for."""


def with_raw_fields(venue: str, params: Any) -> Any:
    """What goes to the venue: the fields of `raw` among the others."""
    raw = params.get("raw") if isinstance(params, Mapping) else None
    if not isinstance(raw, RawFields):
        return params
    rest = {name: value for name, value in params.items() if name != "raw"}
    for name, value in raw.items():
        if name in rest and rest[name] != value:
            raise BadRequest(f"{venue} sets {name} itself, to {rest[name]!r}: it cannot be {value!r}")
    return {**rest, **raw}


def inherits_params_from(method: str) -> Sequence[str]:
    """The methods that read the parameters of this one, if a venue says nothing of it."""
    if method.endswith("Ws"):
        return (method[:-2],)
    places = method == "editOrder" or (method.startswith("create") and "Order" in method)
    return ("createOrder",) if places and method != "createOrder" else ()


@functools.cache
def declared_params(cls: Any, method: str) -> tuple[frozenset[str], frozenset[str]]:
    """What a method of a venue's class reads, and what it does anyway."""
    if method in cls.understands or method in cls.does_anyway:
        return frozenset(cls.understands.get(method, ())), frozenset(cls.does_anyway.get(method, ()))
    found = [declared_params(cls, each) for each in cls.inherits_params_from(method)]
    reads: frozenset[str] = frozenset().union(*(reads for reads, _ in found))
    anyway: frozenset[str] = frozenset().union(*(anyway for _, anyway in found))
    if method.startswith("watch"):  # there is no end to it, nor are there pages
        reads, anyway = (names - {"until", *PAGES} for names in (reads, anyway))
    return reads, anyway


def read_params(
    venue: Any,
    method: str,
    params: Mapping[str, Any],
    reads: Collection[str],
    anyway: Collection[str] = (),
) -> dict[str, Any]:
    """`params` without what asks for nothing; whatever asks for more than the method does is refused.

    What chooses markets stays, as it needs to know of the call's.
    """
    if not isinstance(params, Mapping):
        raise BadRequest(f"{venue.id} {method}() takes a dict of parameters, not {params!r}")
    rest: dict[str, Any] = {}
    for given, value in params.items():
        name = ALIASES.get(given, given)
        if name not in UNIFIED and not (name == CANDLES_OF and "OHLCV" in method):
            rest[name] = value
        elif value is None:
            continue
        elif name in rest and rest[name] != value:
            raise BadRequest(f"{venue.id} {method}() got two values for {name}: {rest[name]!r} and {value!r}")
        else:
            value = checked_value(venue, method, name, given, value)
            if name in reads or name in CHOOSING or name == "raw":
                rest[name] = value
            elif not (name in anyway or name in PAGING or asks_for_nothing(name, value)):
                raise NotSupported(f"{venue.id} {method}() does not support {given}={value!r}")
    if not reads or not any(name in rest for name in PAGING):
        return rest
    pages = venue.handle_option_and_params(rest, method, "paginate", False)[0]
    return rest if pages else {name: value for name, value in rest.items() if name not in PAGING}


def checked_value(venue: Any, method: str, name: str, given: str, value: Any) -> Any:
    """A value that can be meant, in ccxt's writing."""
    if name == "until":
        return integer_argument(venue.id, given, value)
    if name == "timeInForce":
        return one_of(venue, method, given, value, TIMES_IN_FORCE, str.upper)
    if name == "marginMode":
        return one_of(venue, method, given, value, MARGIN_MODES, str.lower)
    if name in FLAGS and not (isinstance(value, (bool, int)) and value in (0, 1)):
        raise BadRequest(f"{venue.id} {method}() takes True or False as {given}, not {value!r}")
    if name == "raw" and not isinstance(value, RawFields):
        if not isinstance(value, Mapping):
            raise BadRequest(f"{venue.id} {method}() takes a dict of the venue's own fields as raw")
        return RawFields(value)
    return value


def one_of(venue: Any, method: str, name: str, value: Any, words: Sequence[str], case: Any) -> str:
    word = case(value) if isinstance(value, str) else value
    if word in words:
        return str(word)
    raise BadRequest(f"{venue.id} {method}() takes {', '.join(words)} as {name}, not {value!r}")


def asks_for_nothing(name: str, value: Any) -> bool:
    return (name in FLAGS and not value) or (name in NOTHING and value == NOTHING[name])
