"""Reads the parameters and bodies of requests as bitexbit does."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from ccxt_ext.sandbox.frontend import PLAIN_DECIMAL, Refusal, Request, json_reader, parameters
from ccxt_ext.sandbox.frontend.engine import Side

T = TypeVar("T")


class BadField(Refusal):
    """A request is refused because of one of its fields."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(400, message)
        self.name = name


# queries


def required(request: Request, name: str) -> str:
    value = request.query.get(name)
    if value is None:
        raise BadField(name, "This field is required.")
    return value


def integer(request: Request, name: str, default: int) -> int:
    given = request.query.get(name)
    if given is None:
        return default
    if not re.fullmatch(r"[0-9]{1,18}", given):
        raise BadField(name, "A valid integer is required.")
    return int(given)


def side_named(given: Any) -> Side:
    if given == "buy":
        return "buy"
    if given == "sell":
        return "sell"
    raise BadField("type", "Must be buy or sell.")


def page_of(request: Request, kept: Sequence[T], row_of: Callable[[T], dict[str, Any]]) -> dict[str, Any]:
    """One page of what fits the query, with links to the pages before and after.

    What is kept comes oldest first, and is shown newest first. Only the rows that are needed are made.
    """
    known = {"page", "limit", "ordering", "currency", "status", "is_outgoing", "is_outdated"}
    wanted = {name: value for name, value in request.query.items() if name not in known}
    status, fitting = request.query.get("status"), kept
    if wanted or status is not None:
        fitting = [each for each in kept if _fits(row_of(each), wanted, status)]
    page, size = integer(request, "page", 1), integer(request, "limit", 0) or max(len(fitting), 1)
    start, end = (page - 1) * size, page * size
    if page < 1 or (start >= len(fitting) and page > 1):
        raise Refusal(404, "Invalid page.")
    if request.query.get("ordering") == "created_at":
        part = fitting[start:end]
    else:
        part = fitting[max(len(fitting) - end, 0) : len(fitting) - start][::-1]

    def link(number: int) -> str:
        # The venue's links begin with a blank.
        limit = f"&limit={size}" if "limit" in request.query else ""
        return f" https://www.bitexbit.com{request.path}?page={number}{limit}"

    return {
        "count": len(fitting),
        "next": link(page + 1) if end < len(fitting) else None,
        "previous": link(page - 1) if page > 1 else None,
        "results": [row_of(each) for each in part],
    }


def _fits(row: Mapping[str, Any], wanted: Mapping[str, str], status: str | None) -> bool:
    return all(str(row.get(name)) == value for name, value in wanted.items()) and (
        isinstance(row.get("status"), dict) or status in (None, str(row.get("status")))
    )


# bodies


def v1_body(request: Request) -> dict[str, Any]:
    if request.method != "POST":
        return {}
    if request.content_type == "application/json":
        return json_body(request)
    return dict(parameters(request.body.decode("utf-8", "replace")))


def json_body(request: Request) -> dict[str, Any]:
    try:
        fields = _read_json(request.body or b"{}")
    except (ValueError, RecursionError):
        raise Refusal(400, "Malformed JSON") from None
    if not isinstance(fields, dict):
        raise Refusal(400, "Malformed JSON")
    return fields


def _no_constant(constant: str) -> None:
    raise ValueError(constant)


_read_json = json_reader(parse_float=Decimal, parse_constant=_no_constant)


def optional_amount(fields: Mapping[str, Any], name: str) -> Decimal | None:
    given = fields.get(name)
    if given is None or given == "":
        return None
    if isinstance(given, bool) or not PLAIN_DECIMAL.fullmatch(str(given)):
        raise BadField(name, "A valid number is required.")
    return Decimal(str(given))


def positive_amount(fields: Mapping[str, Any], name: str) -> Decimal:
    amount = optional_amount(fields, name)
    if amount is None:
        raise BadField(name, "This field is required.")
    if amount <= 0 or not re.fullmatch(r"\d{1,20}(\.\d{1,8}0*)?", str(fields[name])):
        raise BadField(name, "Ensure that this value is positive and has no more than 8 decimal places.")
    return amount
