"""Decimal numbers as text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

PLAIN_DECIMAL = re.compile(r"-?\d{1,40}(\.\d{1,40})?")
"""A number without an exponent, of a length that can be worked with."""


def decimal_text(number: Decimal, decimals: int = 0) -> str:
    """All digits and no exponent, padded with zeros to at least `decimals` places, never rounded."""
    text = format(number, "f")
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0").ljust(decimals, "0")
    if not fraction:
        return "0" if whole == "-0" else whole
    return f"{whole}.{fraction}"


def exact_json(value: Any) -> str:
    """`value` as JSON; a Decimal is written as it is, trailing zeros included, and never as text."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{json.dumps(key)}:{exact_json(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(exact_json, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
