"""Numbers of the demo: compared exactly, and written as people write them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any


def exact(number: Any) -> Decimal:
    """The number as a decimal. For a float, it is the shortest one that stands for it."""
    return Decimal(str(number))


def plain(number: Any) -> str:
    """The number as people write it: with all its digits, and without an exponent."""
    text = f"{Decimal(str(number)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def plain_or_dash(number: Any) -> str:
    return "-" if number is None else plain(number)


def as_text(value: Any) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, tuple):
        return f"({', '.join(as_text(part) for part in value)})"
    return str(value)
