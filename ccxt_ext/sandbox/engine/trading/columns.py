"""Keeps many numbers in little memory: exact decimals as integers of a unit, and integers in columns."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, MutableSequence
from contextlib import suppress
from decimal import Decimal, Inexact

from ..exact import EXACT, multiply

Ints = MutableSequence[int]


class Units:
    """Turns decimals into integers of a decimal unit, such as 0.01, and back."""

    __slots__ = ("_digits", "unit")

    def __init__(self, like: Decimal) -> None:
        """The unit is that of the last digit of `like`."""
        self._use(_exponent(like))

    def _use(self, exponent: int) -> None:
        self.unit = Decimal(1).scaleb(exponent)
        self._digits = -exponent

    def count(self, value: Decimal) -> int:
        """How many units a value has. Raises Inexact if it has a part of one."""
        return int(EXACT.to_integral_exact(EXACT.scaleb(value, self._digits)))

    def value(self, count: int) -> Decimal:
        return multiply(self.unit, count)

    def refine(self, values: Iterable[Decimal]) -> int:
        """Make the unit fine enough for values. Returns how many of the new units the old one is."""
        try:
            for value in values:
                self.count(value)
        except Inexact:
            before = self._digits
            self._use(min(-before, *(_exponent(value) for value in values)))
            return int(10 ** (self._digits - before))
        return 1


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        raise ValueError(f"not a number: {value}")
    return exponent


def packed(values: Iterable[int]) -> Ints:
    """Integers in as little memory as they all fit into: four bytes each, eight, or as they are."""
    numbers = list(values)
    for code in ("i", "q"):
        with suppress(OverflowError):
            return array(code, numbers)
    return numbers


class Table:
    """Rows of integers, kept by columns, each in as little memory as its numbers fit into."""

    __slots__ = ("columns",)

    def __init__(self, width: int) -> None:
        self.columns: list[Ints] = [packed(()) for _ in range(width)]

    def __len__(self) -> int:
        return len(self.columns[0])

    def append(self, row: Iterable[int]) -> None:
        for number, value in enumerate(row):
            try:
                self.columns[number].append(value)
            except OverflowError:
                self.columns[number] = packed([*self.columns[number], value])

    def row(self, index: int) -> tuple[int, ...]:
        return tuple([column[index] for column in self.columns])

    def cut(self, first: int, after: int | None = None) -> None:
        """Drop the rows from `first` to the one before `after`."""
        for column in self.columns:
            del column[first:after]

    def copy(self) -> Table:
        other = Table(0)
        other.columns = [column[:] for column in self.columns]
        return other

    def scale(self, number: int, factor: int) -> None:
        """Multiply a column."""
        self.columns[number] = packed([value * factor for value in self.columns[number]])

    def shift(self, number: int, by: int) -> None:
        """Add to a column."""
        self.columns[number] = packed([value + by for value in self.columns[number]])
