"""What comes with a request: parameters of a query, and the fields of a body or of a stream's message."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontend import PLAIN_DECIMAL, Request, VenueClock, json_reader
from ccxt_ext.sandbox.frontends.bitmaxfutures.listings import Listing
from ccxt_ext.sandbox.frontends.bitmaxfutures.refusals import NO_PRODUCT, TOO_LONG, Declined

TIMESTAMP_WINDOW_MS = 30_000
LONGEST_ID = 32
_CLIENT_ID = re.compile(r"\w[\w\-]*\w", re.ASCII)

# POST calls whose fields may come in the query, where the venue is set so.
AS_QUERY = (
    "futures/leverage",
    "futures/margin-type",
    "futures/isolated-position-margin",
    "futures/transfer/deposit",
    "futures/transfer/withdraw",
)
# What the venue's own bot sends as a query, while the page has JSON. Where nothing is set, either will do.
_BY_QUERY_TOO = ("futures/leverage", "futures/transfer/deposit", "futures/transfer/withdraw")


# queries


def integer(request: Request, name: str, default: int) -> int:
    """A parameter that is a whole number."""
    text = request.query.get(name)
    if text is None:
        return default
    if not re.fullmatch(r"[0-9]{1,15}", text):
        raise Declined(100006, f"Invalid parameter {name}")
    return int(text)


def page_of(rows: Sequence[Any], page: int, size: int) -> dict[str, Any]:
    """One page of a list, counted from 1."""
    return {
        "data": list(rows[(page - 1) * size : page * size]) if page else [],
        "hasNext": page * size < len(rows),
        "page": page,
        "pageSize": size,
    }


# bodies


class Bodies:
    """Reads the fields of POST and DELETE calls."""

    def __init__(self, as_query: Sequence[str] | None) -> None:
        """`as_query`: the paths whose fields come in the query, where that was set."""
        self._as_query = as_query

    def fields(self, request: Request) -> dict[str, Any]:
        as_query = self._as_query
        path = request.path.partition("/api/pro/v2/")[2]
        if as_query is None and not request.body and request.query_string:
            as_query = _BY_QUERY_TOO
        if as_query is not None and path in as_query:
            if request.body:
                raise Declined(100001, "The fields of this call come in the query")
            return _fields_of_query(request.query)
        return json_fields(request.body)


def json_fields(text: str | bytes) -> dict[str, Any]:
    """A JSON object; its fractions stay text."""
    try:
        fields = _read_json(text)
    except (ValueError, RecursionError):
        raise Declined(150001, "Invalid JSON") from None
    if not isinstance(fields, dict):
        raise Declined(150001, "Invalid JSON")
    return fields


def _no_constant(text: str) -> None:
    raise ValueError(text)


_read_json = json_reader(parse_float=str, parse_constant=_no_constant)


def _fields_of_query(query: Mapping[str, str]) -> dict[str, Any]:
    """As JSON would have them: whole numbers are numbers, but amounts are text."""
    return {
        name: int(value) if name != "amount" and re.fullmatch(r"[0-9]{1,9}", value) else value
        for name, value in query.items()
    }


# fields


def listing_of(fields: Mapping[str, Any], listings: Mapping[str, Listing]) -> Listing:
    """The contract that the fields name."""
    listing = listings.get(str(fields.get("symbol")))
    if listing is None:
        raise Declined(300012, NO_PRODUCT)
    return listing


def client_id_of(fields: Mapping[str, Any]) -> str | None:
    """The id that the client gives an order, if any."""
    given = fields.get("id")
    if given is None or given == "":
        return None
    if not isinstance(given, str) or not _CLIENT_ID.fullmatch(given):
        raise Declined(300006, f"Invalid Client Order Id: {given}")
    if len(given) > LONGEST_ID:
        raise Declined(300006, f"{TOO_LONG}: {given}")
    return given


def time_of(fields: Mapping[str, Any]) -> int:
    """The client's time, which comes with each order."""
    time = fields.get("time")
    if isinstance(time, str) and re.fullmatch(r"[0-9]{1,18}", time):
        time = int(time)
    if not isinstance(time, int) or isinstance(time, bool):
        raise Declined(100011, "Invalid time")
    return time


def check_time(clock: VenueClock, time: int) -> None:
    """Whether a client's time is close enough to the venue's."""
    if not clock.is_near(time, TIMESTAMP_WINDOW_MS):
        raise Declined(100011, "Timestamp is too far from the server's time")


def symbol_or_all(fields: Mapping[str, Any], symbols: Container[str]) -> str | None:
    """The contract that the fields name; None, if they mean all."""
    symbol = fields.get("symbol")
    if symbol in (None, ""):
        return None
    if not isinstance(symbol, str) or symbol not in symbols:
        raise Declined(300012, NO_PRODUCT)
    return symbol


def money(fields: Mapping[str, Any], signed: bool = False) -> Decimal:
    """An amount of money, which comes as text."""
    text = fields.get("amount")
    if not isinstance(text, str) or not PLAIN_DECIMAL.fullmatch(text):
        raise Declined(100006, "Invalid amount")
    amount = Decimal(text)
    if not amount or (amount < 0 and not signed):
        raise Declined(100006, "Invalid amount")
    return amount
