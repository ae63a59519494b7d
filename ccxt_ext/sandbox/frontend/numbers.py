"""Decimal numbers as text."""

from __future__ import annotations

import re
from decimal import Decimal

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
