"""Checks ccxt's unified parameters: what a caller may put into `params`, at any method of any venue.

A parameter is read (if the venue declares that the method reads it), dropped (if it asks for what is done in
any case), or refused. None is sent to the venue unread, as a field of the venue's may have the same name and
mean something else. Callers put the venue's own fields of such names into `params['raw']`.
"""

import functools
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ccxt.base.errors import BadRequest, NotSupported

from ccxt_ext.venue.calls.arguments import integer_argument

__all__ = ["PAGES", "TRIGGERS", "with_raw_fields"]

# Other names of the same parameters, which newer releases of ccxt or other venues use.
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

# Settings of ccxt's fetch_paginated_call_*. They mean nothing without `paginate`.
PAGING = ("maxEntriesPerRequest", "maxRetries", "paginationCalls", "paginationDirection", "removeRepeated")

#: The parameters of a method that reads its pages with ccxt's fetch_paginated_call_*.
PAGES = ("paginate", *PAGING)

#: The parameters which say that an order waits for a price.
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

# For candles: the price that they show. For other methods this is no parameter of ccxt's.
CANDLES_OF = "price"

TIMES_IN_FORCE = ("GTC", "IOC", "FOK", "PO", "GTD", "GTX", "DAY")
MARGIN_MODES = ("cross", "isolated")

# Values that ask for nothing, besides None and False.
NOTHING = {
    CANDLES_OF: "last",
    "createMarketBuyOrderRequiresPrice": True,
    "positionSide": "BOTH",
    "selfTradePrevention": "NONE",
    "timeInForce": "GTC",
}

# The parameters that choose markets.
CHOOSING = frozenset(("type", "defaultType", "subType", "defaultSubType"))


class RawFields(dict[str, Any]):
    """The venue's own fields, on their way from the caller to the request."""


def with_raw_fields(venue: str, params: Any) -> Any:
    """The parameters of a request, with the fields of `raw` put among the others.

    REST requests get them so by themselves; what a venue sends over a socket calls this.
    """
    raw = params.get("raw") if isinstance(params, Mapping) else None
    if not isinstance(raw, RawFields):
        return params
    rest = {name: value for name, value in params.items() if name != "raw"}
    for name, value in raw.items():
        if name in rest and rest[name] != value:
            raise BadRequest(f"{venue} sets {name} itself, to {rest[name]!r}: it cannot be {value!r}")
    return {**rest, **raw}


def inherits_params_from(method: str) -> Sequence[str]:
    """The methods whose parameters this one reads too, unless the venue declares its own."""
    if method.endswith("Ws"):
        return (method[:-2],)
    places = method == "editOrder" or (method.startswith("create") and "Order" in method)
    return ("createOrder",) if places and method != "createOrder" else ()


@functools.cache
def declared_params(cls: Any, method: str) -> tuple[frozenset[str], frozenset[str]]:
    """The parameters that a method reads, and those that ask for what it does in any case."""
    if method in cls.understands or method in cls.does_anyway:
        return frozenset(cls.understands.get(method, ())), frozenset(cls.does_anyway.get(method, ()))
    found = [declared_params(cls, each) for each in cls.inherits_params_from(method)]
    reads: frozenset[str] = frozenset().union(*(reads for reads, _ in found))
    anyway: frozenset[str] = frozenset().union(*(anyway for _, anyway in found))
    if method.startswith("watch"):  # a stream has no end and no pages
        reads, anyway = (names - {"until", *PAGES} for names in (reads, anyway))
    return reads, anyway


def read_params(
    venue: Any,
    method: str,
    params: Mapping[str, Any],
    reads: Collection[str],
    anyway: Collection[str] = (),
) -> dict[str, Any]:
    """`params` without those that ask for nothing. Raises NotSupported if one asks for what is not done.

    Those that choose markets stay, as they can only be checked together with the call's symbols.
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
    """A parameter's value in ccxt's spelling. Raises BadRequest if it makes no sense."""
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
