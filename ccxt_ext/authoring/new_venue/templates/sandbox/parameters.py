"""Reads what comes with a request."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, TypeVar

from ccxt_ext.sandbox.frontend import PLAIN_DECIMAL, Request

from .refusals import bad_request

ORDER_FIELDS = ("market", "side", "type", "price", "size", "client_id")
CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{1,36}")
WHOLE = re.compile(r"[0-9]{1,15}")

Row = TypeVar("Row")


def whole(request: Request, name: str, default: int, most: int | None = None) -> int:
    """A whole number of the query."""
    text = request.query.get(name, str(default))
    if not WHOLE.fullmatch(text):
        raise bad_request(f"{name} must be a whole number")
    number = int(text)
    if most is not None and not 1 <= number <= most:
        raise bad_request(f"{name} must be from 1 to {most}")
    return number


def order_fields(request: Request) -> dict[str, str]:
    """The fields of an order. All are needed, and all are strings; others are not looked at."""
    if request.content_type != "application/json":
        raise bad_request("Content-Type must be application/json")
    try:
        fields = json.loads(request.body)
    except (ValueError, RecursionError):
        raise bad_request("The body is not JSON") from None
    if not isinstance(fields, dict) or any(not isinstance(value, str) for value in fields.values()):
        raise bad_request("The body must be an object of strings")
    for name in ORDER_FIELDS:
        if name not in fields:
            raise bad_request(f"Field {name} is missing")
    if fields["side"] not in ("buy", "sell"):
        raise bad_request("side must be buy or sell")
    if fields["type"] != "limit":
        raise bad_request("type must be limit")
    for name in ("price", "size"):
        if not PLAIN_DECIMAL.fullmatch(fields[name]):
            raise bad_request(f"{name} must be a decimal number")
    if not CLIENT_ID.fullmatch(fields["client_id"]):
        raise bad_request("client_id must be 1 to 36 of A-Z a-z 0-9 _ -")
    return fields


def page(request: Request, rows: Sequence[Row], places: Sequence[int]) -> tuple[list[Row], str | None]:
    """The rows after a cursor, which is the place of the last one seen, and the next cursor.

    Places fall from row to row, and stay the same whatever comes and goes.
    """
    limit, before = whole(request, "limit", 100, 100), whole(request, "cursor", 10**15 - 1)
    left = [(row, place) for row, place in zip(rows, places, strict=True) if place < before]
    following = str(left[limit - 1][1]) if len(left) > limit else None
    return [row for row, _ in left[:limit]], following


def answer_with(name: str, rows: list[Any], following: str | None) -> dict[str, Any]:
    return {name: rows, "next": following}
