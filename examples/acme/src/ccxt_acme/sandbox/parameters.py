"""Reads what comes with a request, and wraps what goes back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from ccxt_ext.sandbox.frontend import PLAIN_DECIMAL, Request, Response, json_response
from ccxt_ext.sandbox.frontend.engine import Fill, Order

from .refusals import bad_request

ORDER_FIELDS = ("pair", "side", "rate", "quantity", "tag")
TAG = re.compile(r"[a-z0-9-]{1,32}")
WHOLE = re.compile(r"[0-9]{1,15}")

Listed = TypeVar("Listed", Order, Fill)


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
    for name in ("rate", "quantity"):
        if not PLAIN_DECIMAL.fullmatch(fields[name]):
            raise bad_request(f"{name} must be a decimal number")
    if not TAG.fullmatch(fields["tag"]):
        raise bad_request("tag must be 1 to 32 of a-z 0-9 -")
    return fields


@dataclass(frozen=True)
class Page:
    """Rows of a list, of which more may follow."""

    rows: list[dict[str, Any]]
    more: bool


def page(request: Request, found: Sequence[Listed], row_of: Callable[[Listed], dict[str, Any]]) -> Page:
    """Those `before` an id, newest first. Ids rise, so that it does not matter what comes and goes."""
    limit, before = whole(request, "limit", 50, 50), whole(request, "before", 10**15 - 1)
    left = [each for each in found if each.id < before]
    return Page([row_of(each) for each in left[:limit]], len(left) > limit)


def answer_with(result: Any) -> Response:
    """What a call comes to, in the venue's envelope."""
    if isinstance(result, Page):
        return json_response({"ok": True, "result": result.rows, "more": result.more})
    return json_response({"ok": True, "result": result})
