"""Reads the arguments of a call: from a query, or from a body of JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontend import PLAIN_DECIMAL, Request
from ccxt_ext.sandbox.frontends.simulated.refusals import Declined, bad_request

Arguments = Mapping[str, Any]


def arguments_of(request: Request) -> dict[str, Any]:
    """The arguments of a call."""
    if request.method == "GET":
        return dict(request.query)
    try:
        found = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        raise bad_request("the body is not JSON") from None
    if not isinstance(found, dict):
        raise bad_request("the body is no JSON object")
    return {name: value for name, value in found.items() if value is not None}


def text(arguments: Arguments, name: str) -> str:
    value = arguments.get(name)
    if not isinstance(value, str) or not value:
        raise bad_request(f"{name} is missing")
    return value


def text_if_given(arguments: Arguments, name: str) -> str | None:
    return text(arguments, name) if name in arguments else None


def texts(arguments: Arguments, name: str) -> list[str] | None:
    """A list, which a query has as text with commas in it."""
    value = arguments.get(name)
    if value is None:
        return None
    found = value.split(",") if isinstance(value, str) else value
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise bad_request(f"{name} is no list of texts")
    return found


def one_of(arguments: Arguments, name: str, choices: Collection[str], default: str) -> str:
    value = arguments.get(name, default)
    if value not in choices:
        raise bad_request(f"{name} is one of {', '.join(choices)}, not {value!r}")
    return str(value)


def integer(arguments: Arguments, name: str, default: int | None = None) -> int | None:
    value = arguments.get(name, default)
    if isinstance(value, str) and re.fullmatch("[0-9]{1,18}", value):
        value = int(value)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
        raise bad_request(f"{name} is a whole number, not {value!r}")
    return value


def number(arguments: Arguments, name: str) -> Decimal:
    """A decimal, which is always text."""
    value = arguments.get(name)
    if not isinstance(value, str) or not PLAIN_DECIMAL.fullmatch(value):
        raise bad_request(f"{name} is a decimal as text, not {value!r}")
    return Decimal(value)


def number_if_given(arguments: Arguments, name: str) -> Decimal | None:
    return number(arguments, name) if name in arguments else None


def flag(arguments: Arguments, name: str) -> bool:
    return flag_if_given(arguments, name) or False


def flag_if_given(arguments: Arguments, name: str) -> bool | None:
    value = arguments.get(name)
    if isinstance(value, str):
        value = {"true": True, "false": False}.get(value, value)
    if value is not None and not isinstance(value, bool):
        raise Declined("bad_request", f"{name} is true or false, not {value!r}")
    return value
