"""Reads the parameters of requests as BitMart does, and refuses those that are missing or wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ccxt_ext.sandbox.frontend import Refusal, Request, json_reader
from ccxt_ext.sandbox.frontend.engine import Market, Side

LARGEST_PAGE = 1000

ORDER_FIELDS = ("symbol", "amount", "price", "side")
_KINDS = {"amount": "BigDecimal", "price": "BigDecimal"}
_EXPONENT = re.compile(r"-?\d+(\.\d+)?[eE][-+]?\d+")


def missing(name: str, kind: str | None = None) -> Refusal:
    kind = kind or _KINDS.get(name, "String")
    return Refusal(400, f"Required {kind} parameter '{name}' is not present")


def invalid(name: str) -> Refusal:
    return Refusal(400, f"Invalid parameter '{name}'")


def text(request: Request, name: str) -> str:
    value = request.query.get(name)
    if value is None:
        raise missing(name)
    return value


def integer(request: Request, name: str, default: int | None = None, kind: str = "Integer") -> int:
    value = request.query.get(name)
    if value is None:
        if default is None:
            raise missing(name, kind)
        return default
    if not re.fullmatch(r"-?[0-9]{1,18}", value):
        raise invalid(name)
    return int(value)


def side_named(name: str) -> Side:
    if name == "buy":
        return "buy"
    if name == "sell":
        return "sell"
    raise invalid("side")


def market_named(markets: Mapping[str, Market], symbol: str) -> Market:
    market = markets.get(symbol)
    if market is None:
        raise Refusal(400, "Invalid symbol")
    return market


def page(request: Request) -> tuple[int, int]:
    """The number of the page, from 0, and how many rows it has."""
    offset = integer(request, "offset")
    limit = integer(request, "limit")
    if offset < 0:
        raise Refusal(400, "Invalid offset")
    if not 1 <= limit <= LARGEST_PAGE:
        raise Refusal(400, "Invalid limit")
    return offset, limit


def order_id(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise Refusal(404, "Not found")
    return int(text)


def order_body(request: Request) -> dict[str, str]:
    """The four fields. Numbers keep the text that they were sent as, for that is what is signed."""
    if request.content_type != "application/json":
        raise Refusal(400, "Content type must be application/json")
    body = json_object(request.body)
    fields = {name: body[name] for name in ORDER_FIELDS if name in body}
    for name, value in fields.items():
        if not isinstance(value, str):
            raise invalid(name)
        if name in ("amount", "price") and _EXPONENT.fullmatch(value):
            # The venue writes the number out before it signs, so this never fits what the client signed.
            raise Refusal(400, "Invalid X-BM-SIGNATURE")
    return fields


def json_object(body: bytes) -> dict[str, Any]:
    try:
        found = _read_json(body)
    except (ValueError, RecursionError):
        raise Refusal(400, "Malformed JSON") from None
    if not isinstance(found, dict):
        raise Refusal(400, "Malformed JSON")
    return found


def _no_constant(text: str) -> None:
    raise ValueError(text)


_read_json = json_reader(parse_int=str, parse_float=str, parse_constant=_no_constant)
