"""Writes decimal numbers as text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

PLAIN_DECIMAL = re.compile(r"-?\d{1,40}(\.\d{1,40})?")
"""A number without an exponent, and of limited length."""


def decimal_text(number: Decimal, decimals: int = 0) -> str:
    """The number with all its digits, without an exponent, and with at least so many decimals."""
    text = format(number, "f")
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0").ljust(decimals, "0")
    if not fraction:
        return "0" if whole == "-0" else whole
    return f"{whole}.{fraction}"


def decimals_of(unit: Decimal) -> int:
    """How many decimals the multiples of a unit have."""
    return max(0, -int(unit.normalize().as_tuple().exponent))


def exact_json(value: Any) -> str:
    """`value` as JSON. A Decimal becomes a number with all its digits, also trailing zeros."""
    kind = type(value)
    if kind is str:
        return _quoted(value)
    if kind is dict:
        return "{" + ",".join([f"{_name(key)}:{exact_json(item)}" for key, item in value.items()]) + "}"
    if kind is list:
        return "[" + ",".join([exact_json(item) for item in value]) + "]"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return "{" + ",".join([f"{_name(key)}:{exact_json(item)}" for key, item in value.items()]) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(exact_json, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


_name = lru_cache(1000)(json.dumps)
_quoted = json.JSONEncoder(ensure_ascii=False).encode
