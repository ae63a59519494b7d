"""Reads and checks the fields of an order request."""

from __future__ import annotations

import json
import re
from decimal import Context, Decimal
from typing import Any

from ccxt_ext.sandbox.frontend import PLAIN_DECIMAL
from ccxt_ext.sandbox.frontends.bitexasia.refusals import Declined, invalid_order, invalid_request

_WIDE = Context(prec=200)

FIELDS = ("pair", "side", "type", "price", "size", "stop_price", "time_in_force", "client_order_id")
NUMBERS = {"price": "INVALID_PRICE", "size": "INVALID_SIZE", "stop_price": "INVALID_PRICE"}
CHOICES = {
    "side": ("buy", "sell"),
    "type": ("limit", "market", "stop"),
    "time_in_force": ("GTC", "IOC", "FOK"),
}
CLIENT_ORDER_ID = re.compile(r"[A-Za-z0-9_-]{1,36}")


def order_fields(body: bytes) -> dict[str, str]:
    """The fields of a request's body. Raises Declined if one is wrong."""
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise invalid_request("The body is not JSON") from None
    if not isinstance(fields, dict):
        raise invalid_request("The body is not a JSON object")
    for name, value in fields.items():
        if name not in FIELDS:
            raise invalid_request(f"Unknown field {name}")
        if not isinstance(value, str):
            raise invalid_request(f"Field {name} must be a string")
    for name in ("pair", "side", "type", "size"):
        if name not in fields:
            raise invalid_request(f"Field {name} is missing")
    for name, choices in CHOICES.items():
        if name in fields and fields[name] not in choices:
            raise invalid_request(f"Field {name} must be one of {', '.join(choices)}")
    for name in NUMBERS:
        if name in fields and not PLAIN_DECIMAL.fullmatch(fields[name]):
            raise invalid_request(f"Field {name} must be a decimal number")
    if "client_order_id" in fields and not CLIENT_ORDER_ID.fullmatch(fields["client_order_id"]):
        raise invalid_request("Field client_order_id must be 1 to 36 of A-Z a-z 0-9 _ -")
    _check_kind(fields)
    return fields


def _check_kind(fields: dict[str, str]) -> None:
    kind = fields["type"]
    if kind == "limit" and "price" not in fields:
        raise invalid_order("Limit orders need a price")
    if kind == "market" and "price" in fields:
        raise invalid_order("Market orders have no price")
    if kind == "stop" and "stop_price" not in fields:
        raise invalid_order("Stop orders need a stop_price")
    if kind != "stop" and "stop_price" in fields:
        raise invalid_order("Only stop orders have a stop_price")
    for name, code in NUMBERS.items():
        if name in fields and Decimal(fields[name]) <= 0:
            raise Declined(400, code, f"Field {name} must be positive")


def content(fields: dict[str, str]) -> tuple[Any, ...]:
    """An order's content, to compare two orders. It does not depend on how numbers are written."""
    values: list[Any] = []
    for name in FIELDS[:-1]:
        text = fields.get(name, "GTC" if name == "time_in_force" else None)
        values.append(Decimal(text).normalize(_WIDE) if text is not None and name in NUMBERS else text)
    return tuple(values)
