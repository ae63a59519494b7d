"""Exact decimal arithmetic: if a result would have to be rounded, an error is raised.

These are methods of a context, as operators use the context of the running thread, which silently rounds to
28 digits.
"""

from __future__ import annotations

from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow

EXACT = Context(prec=200, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])

# A ratio cannot be exact. It may be shown, but no money is moved by it.
RATIO = Context(prec=20)

ZERO = Decimal(0)
ONE = Decimal(1)

add = EXACT.add
"""The exact sum of two decimals."""
subtract = EXACT.subtract
"""The exact difference of two decimals."""
multiply = EXACT.multiply
"""The exact product of two decimals."""


def units(value: Decimal, unit: Decimal) -> int | None:
    """How many times `unit` goes into `value`; None if that is not an integer."""
    try:
        count, rest = EXACT.divmod(value, unit)
    except Inexact:  # a remainder with too many digits is not zero either
        return None
    return None if rest else int(count)


def common_unit(one: Decimal, other: Decimal) -> Decimal:
    """The largest unit that both are multiples of."""
    while other:
        one, other = other, EXACT.remainder(one, other)
    return one


def plain(value: Decimal) -> str:
    """A decimal as text, without an exponent and without trailing zeros."""
    return format(EXACT.normalize(value), "f")
