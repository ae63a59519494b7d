"""Writes decimal numbers as text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from ccxt_ext.sandbox.frontend.messages import Json

PLAIN_DECIMAL = re.compile(r"-?\d{1,40}(\.\d{1,40})?")
"""A number without an exponent, and of limited length."""


def decimal_text(number: Decimal, decimals: int = 0) -> str:
    """The number with all its digits, without an exponent, and with at least so many decimals."""
    text = str(number)
    if "E" in text:
        text = f"{number:f}"
    if text[-1] == "0" and "." in text:
        text = text.rstrip("0").rstrip(".")
    if decimals:
        whole, _, fraction = text.partition(".")
        return f"{whole}.{fraction.ljust(decimals, '0')}"
    return "0" if text == "-0" else text


def decimals_of(unit: Decimal) -> int:
    """How many decimals the multiples of a unit have."""
    return max(0, -int(unit.normalize().as_tuple().exponent))


def exact_json(value: Any) -> str:
    """`value` as JSON. A Decimal becomes a number with all its digits, also trailing zeros."""
    kind = type(value)
    if kind is str:
        return _quoted(value)
    if kind is Decimal:
        return f"{value:f}"
    if kind is dict:
        return "{" + ",".join([f"{_name(key)}:{exact_json(item)}" for key, item in value.items()]) + "}"
    if kind is list:
        return "[" + ",".join([exact_json(item) for item in value]) + "]"
    if kind is int:
        return str(value)
    if value is None:
        return "null"
    if kind is Json:
        return str(value)
    if isinstance(value, Mapping):
        return exact_json(dict(value))
    if isinstance(value, (list, tuple)):
        return exact_json(list(value))
    return _plain(value)


_name = lru_cache(1000)(json.dumps)
_quoted = json.encoder.encode_basestring
_plain = json.JSONEncoder(ensure_ascii=False).encode
