"""Exact decimal arithmetic: a result that would have to be rounded raises instead.

The bound methods are used rather than operators, because operators go by the context of
the running thread, which rounds to 28 digits without a word.
"""

from __future__ import annotations

from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow

EXACT = Context(prec=200, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])

# A ratio cannot be exact. It may be shown, but it moves no money.
RATIO = Context(prec=20)

ZERO = Decimal(0)
ONE = Decimal(1)

add = EXACT.add
subtract = EXACT.subtract
multiply = EXACT.multiply


def units(value: Decimal, unit: Decimal) -> int | None:
    """How many times `unit` goes into `value`, or None when that is no whole number."""
    try:
        if EXACT.remainder(value, unit):
            return None
    except Inexact:  # a remainder of more digits than the context has is not zero either
        return None
    return int(EXACT.divide_int(value, unit))


def plain(value: Decimal) -> str:
    """The shortest plain text of a decimal: no exponent, no trailing zeros."""
    return format(EXACT.normalize(value), "f")
