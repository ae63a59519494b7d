"""Writes numbers as BTEX does."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

MONEY = 8
"""The number of decimals of money."""
_WIDE = Context(prec=200)


_UNITS = [Decimal(1).scaleb(-decimals) for decimals in range(40)]


def rounded(number: Decimal, decimals: int) -> Decimal:
    found = number.quantize(_UNITS[decimals], ROUND_HALF_UP, _WIDE)
    return found or found.copy_abs()


def fixed(number: Decimal, decimals: int) -> str:
    found = number.quantize(_UNITS[decimals], ROUND_HALF_UP, _WIDE)
    return f"{found or found.copy_abs():f}"


def ratio(above: Decimal, below: Decimal) -> Decimal:
    return _WIDE.divide(above, below)


def plain_text(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
