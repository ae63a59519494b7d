"""Calculates the values and profits of contracts, and rounds them to money.

The value of an inverse contract is a quotient. It is rounded once, with twelve digits more than money has,
and both sides of a trade use the same value. So all profits and losses add up to zero, to the last digit.
Profit is rounded to money only when it is paid out, and the difference is posted too.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

from .exact import EXACT, RATIO, multiply
from .model import MarketSpec, Side

FINER = 12
QUOTIENT = Context(prec=64)


class Valuation:
    """The arithmetic of one market's contracts."""

    __slots__ = ("_fine", "_money", "_size", "inverse")

    def __init__(self, spec: MarketSpec) -> None:
        self.inverse = spec.kind == "inverse"
        self._size = spec.contract_size
        self._money = Decimal(1).scaleb(-spec.settle_digits)
        self._fine = Decimal(1).scaleb(-spec.settle_digits - FINER)

    def value(self, price: Decimal, amount: Decimal) -> Decimal:
        """The value of an amount of contracts at a price, in the settle currency."""
        quantity = multiply(amount, self._size)
        if self.inverse:
            return self.ratio(quantity, price)
        return multiply(price, quantity)

    def smallest(self, tick: Decimal, step: Decimal) -> Decimal:
        """A number that all values at multiples of these are multiples of, but for its first digits."""
        return self._fine if self.inverse else multiply(multiply(tick, step), self._size)

    def quantity(self, amount: Decimal) -> Decimal:
        return multiply(amount, self._size)

    def average(self, amount: Decimal, value: Decimal) -> Decimal:
        """The price at which an amount has a value."""
        quantity = multiply(amount, self._size)
        price = RATIO.divide(quantity, value) if self.inverse else RATIO.divide(value, quantity)
        # Rounding to sixteen digits hides that the values were rounded.
        shown = EXACT.normalize(Context(prec=16).plus(price))
        return shown.quantize(Decimal(1)) if shown == shown.to_integral_value() else shown

    def flow(self, side: Side, value: Decimal) -> Decimal:
        """What a trade adds to a position's cost.

        An inverse contract is bought with its quote currency, so buying it sells the settle currency.
        """
        return value if (side == "buy") != self.inverse else value.copy_negate()

    def ratio(self, above: Decimal, below: Decimal) -> Decimal:
        return QUOTIENT.divide(above, below).quantize(self._fine, context=QUOTIENT)

    def share(self, whole: Decimal, part: Decimal, total: Decimal) -> Decimal:
        return whole if part == total else self.ratio(multiply(whole, part), total)

    def down(self, value: Decimal) -> Decimal:
        """An amount rounded down to money."""
        return value.quantize(self._money, ROUND_FLOOR, QUOTIENT)

    def up(self, value: Decimal) -> Decimal:
        return value.quantize(self._money, ROUND_CEILING, QUOTIENT)
