"""Reads the fields of the control port's calls. BadCall says what is wrong with one."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

from ccxt_ext.sandbox.engine import Market
from ccxt_ext.sandbox.frontend import PLAIN_DECIMAL

LARGEST = 2**53
"""The largest integer that every JSON parser reads exactly."""

Fields = Mapping[str, Any]


class BadCall(Exception):
    """A call makes no sense. It is answered with `status`, and the text says why."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


def query_fields(query_string: str) -> dict[str, Any]:
    """The fields of a GET call."""
    return dict(parse_qsl(query_string, keep_blank_values=True))


def json_fields(body: bytes) -> dict[str, Any]:
    """The fields of any other call. No body means no fields."""
    if not body.strip():
        return {}
    try:
        fields = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise BadCall("the body is not JSON") from None
    if not isinstance(fields, dict):
        raise BadCall("the body must be a JSON object")
    return fields


def _no_constant(text: str) -> None:
    raise ValueError(text)


def check_names(fields: Fields, *known: str) -> None:
    """Raise BadCall if there are other fields than these."""
    unknown = sorted(set(fields) - set(known))
    if unknown:
        allowed = f"this call takes {', '.join(known)}" if known else "this call takes none"
        raise BadCall(f"unknown field {unknown[0]!r}; {allowed}")


def one_of(fields: Fields, name: str, choices: Collection[str]) -> str:
    """A field whose value has to be one of these texts."""
    value = fields.get(name)
    if value is None:
        raise BadCall(f"{name!r} is missing; it is one of {', '.join(choices)}")
    if not isinstance(value, str) or value not in choices:
        raise BadCall(f"unknown {name} {value!r}; there are {', '.join(choices)}")
    return value


def integer(
    fields: Fields,
    name: str,
    least: int,
    most: int,
    default: int,
    error: type[BadCall] = BadCall,
) -> int:
    """A field with an integer within bounds. `error` is the class to raise for anything else."""
    value = fields.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise error(f"{name!r} must be a whole number from {least} to {most}")
    return value


def integer_text(fields: Fields, name: str) -> int | None:
    """A field with an integer as text; None if it is missing."""
    text = fields.get(name)
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise BadCall(f"{name!r} must be a whole number")
    return int(text)


def amount(fields: Fields, name: str = "amount") -> Decimal:
    """A field with a positive decimal as text, or an integer."""
    number = _decimal(fields, name)
    if number is None or number <= 0:
        raise BadCall(f'{name!r} must be a positive decimal as text, such as "1.5"')
    return number


def decimal(fields: Fields, name: str) -> Decimal:
    """A field with a decimal as text, or an integer."""
    number = _decimal(fields, name)
    if number is None:
        raise BadCall(f'{name!r} must be a decimal as text, such as "1.5"')
    return number


def _decimal(fields: Fields, name: str) -> Decimal | None:
    text = fields.get(name)
    if isinstance(text, int) and not isinstance(text, bool) and abs(text) <= LARGEST:
        text = str(text)
    return Decimal(text) if isinstance(text, str) and PLAIN_DECIMAL.fullmatch(text) else None


def number(fields: Fields, name: str) -> Decimal:
    """A field with a positive decimal as text, or a number, which counts as it is written."""
    value = fields.get(name)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        written = Decimal(repr(value))
        value = format(written, "f") if written.is_finite() else None
    if not isinstance(value, str) or not PLAIN_DECIMAL.fullmatch(value) or Decimal(value) <= 0:
        raise BadCall(f'{name!r} must be a positive number, or a decimal as text, such as "1.5"')
    return Decimal(value)


def flag(fields: Fields, name: str) -> bool | None:
    """A field that is true or false; None if it is missing."""
    value = fields.get(name)
    if name in fields and not isinstance(value, bool):
        raise BadCall(f"{name!r} must be true or false")
    return value


def market_named(markets: Mapping[str, Market], given: str, name: str = "market") -> str | None:
    """The venue's name of the market that is named in the venue's way or by ccxt's symbol; None for none."""
    if given in markets:
        return given
    named = [id for id, market in markets.items() if market.spec.symbol == given]
    if len(named) > 1:
        raise BadCall(f"{name} {given!r} is the symbol of {' and '.join(named)}: say which")
    return named[0] if named else None
