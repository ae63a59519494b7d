"""Reads a column of a venue's rows for all rows at once.

A cell is plain (an ordinary number, time or text), absent (missing, null or empty), or odd, which is anything
else. Odd cells are left to ccxt's own parsing. The cells of numbers that are plain are told apart by sign.
"""

import math
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import repeat
from operator import itemgetter, mul, sub
from typing import Any, NamedTuple, Protocol

from ccxt_ext.venue.answers.quick_json import loads

__all__ = [
    "ABOVE",
    "ABSENT",
    "BELOW",
    "ODD",
    "PLAIN",
    "SIDES",
    "UNIT",
    "ZERO",
    "Cells",
    "Choice",
    "Column",
    "Key",
    "Number",
    "Row",
    "Sum",
    "Text",
    "Time",
    "amount",
    "cells",
    "exact",
    "floats",
]

#: The kind of a cell that is missing, null or empty.
ABSENT = "absent"
#: The kind of a cell that cannot be read here. Its row is left to ccxt's own parsing.
ODD = "odd"
#: The kind of a time or a text that can be read.
PLAIN = "plain"
#: The kind of a number that is 0.
ZERO = "0"
#: The kind of a number above 0.
ABOVE = "+"
#: The kind of a number below 0.
BELOW = "-"

DECIMALS = 18
#: Exact numbers are integers, in units of 10 ** -18: the precision of ccxt's own divisions.
UNIT = 10**DECIMALS
SCALES = {decimals + 1: 10 ** (DECIMALS - decimals) for decimals in range(DECIMALS + 1)}

# Larger numbers are odd, and so are floats that are closer to zero than 1 / LARGEST: what is calculated from
# them could become infinite.
LARGEST = 1e30

_DECIMAL = re.compile(r"-?(\d{1,30}\.?\d*|\.\d+)", re.ASCII)
LONGEST_TIME = 19  # digits, of nanoseconds
_WHOLE = re.compile(rf"\d{{1,{LONGEST_TIME}}}", re.ASCII)
_LAST_MILLISECOND = 253_402_300_799_999  # of the year 9999
_NOTHING: Mapping[Any, None] = defaultdict(lambda: None)

#: A row as the venue sends it: an object or a list.
Row = Any

#: The key of a field, or its place in a list. A tuple leads to a field inside of another.
Key = str | int | tuple[str | int, ...]


class Cells(NamedTuple):
    """A column that was read: the values for the parsed structures, and the kind of each cell."""

    values: list[Any]
    kinds: list[str] | str
    """One for each row, or one for all."""
    raw: list[Any]
    """As they came from the venue."""
    times: int = 1
    """The factor between `raw` and `values`."""
    numbers: list[int] | None = None
    """The exact values, if they were calculated."""

    def kind(self, place: int) -> str:
        """The kind of the cell in one row."""
        return self.kinds if isinstance(self.kinds, str) else self.kinds[place]

    def has(self, *kinds: str) -> bool:
        """Whether any cell is of one of these kinds."""
        return any(
            kind == self.kinds if isinstance(self.kinds, str) else kind in self.kinds for kind in kinds
        )

    def exact(self, pick: Callable[[list[Any]], list[Any]] = list) -> list[int]:
        """The exact numbers of the cells that `pick` takes. These cells have to be plain."""
        return exact(pick(self.raw), self.times) if self.numbers is None else pick(self.numbers)


class Column(Protocol):
    """How to read a column: what it holds, and where rows have it."""

    def read(self, rows: Sequence[Row]) -> Cells:
        """The cells of this column in all rows. They may be odd; what fails has rows parsed one by one."""


@dataclass(frozen=True)
class Number(Column):
    """A decimal number, which the venue sends as a text or a number. It is multiplied by `times`."""

    key: Key
    times: int = 1
    signs: bool = True
    """Whether the structure depends on the number's sign, or on whether it is zero."""
    zero: str = ZERO
    """`ABSENT` if the venue sends 0 for "none"."""

    def read(self, rows: Sequence[Row]) -> Cells:
        raw = cells(rows, self.key)
        values: list[Any] | None = floats(raw)
        kinds: list[str] | str = ABOVE
        if values is None:
            values, kinds = _sort_out(raw, _number)
            if self.times != 1:
                values = [
                    value and exact([text], self.times)[0] / UNIT
                    for value, text in zip(values, raw, strict=True)
                ]
        else:
            if self.signs and not min(values) > 0:
                kinds = [
                    ABOVE if value > 0 else BELOW if value < 0 else ZERO if is_zero(text) else ODD
                    for value, text in zip(values, raw, strict=True)
                ]
            if self.times != 1:
                values = [number / UNIT for number in exact(raw, self.times)]
        return Cells(values, self.with_own_zero(kinds), raw, self.times)

    def with_own_zero(self, kinds: list[str] | str) -> list[str] | str:  # internal
        """The kinds of the cells, as this column counts signs and zeros."""
        names = {ZERO: self.zero} if self.signs else {ZERO: ABOVE, BELOW: ABOVE}
        if isinstance(kinds, str):
            return names.get(kinds, kinds)
        return [names.get(kind, kind) for kind in kinds]


@dataclass(frozen=True)
class Sum(Column):
    """The sum of two numbers, with the second one multiplied by `times`."""

    first: Key
    second: Key
    times: int = 1

    def read(self, rows: Sequence[Row]) -> Cells:
        first, second = Number(self.first).read(rows), Number(self.second, self.times).read(rows)
        if first.has(ODD, ABSENT) or second.has(ODD, ABSENT):
            return Cells(first.raw, ODD, first.raw)
        numbers = [a + b for a, b in zip(first.exact(), second.exact(), strict=True)]
        kinds = [ABOVE if number > 0 else BELOW if number else ZERO for number in numbers]
        return Cells([number / UNIT for number in numbers], kinds, first.raw, numbers=numbers)


@dataclass(frozen=True)
class Time(Column):
    """A time since 1970, under the first of the keys that a row has. It is read as milliseconds."""

    keys: tuple[Key, ...]
    unit: int | Fraction = 1
    """The venue's unit of time, in milliseconds: 1000 for seconds, `Fraction(1, 1000)` for microseconds."""

    def __init__(self, *keys: Key, unit: int | Fraction = 1) -> None:
        object.__setattr__(self, "keys", keys)
        object.__setattr__(self, "unit", unit)

    def read(self, rows: Sequence[Row]) -> Cells:
        raw = first_present(rows, self.keys)
        most = math.floor(_LAST_MILLISECOND / Fraction(self.unit))
        found = integers(raw)
        if found is not None and min(found) >= 0 and max(found) <= most:
            cells = Cells(found, PLAIN, raw)
        else:
            cells = Cells(*_sort_out(raw, _time, most), raw)
        if self.unit == 1:
            return cells
        times, parts = Fraction(self.unit).as_integer_ratio()
        return cells._replace(values=[value and value * times // parts for value in cells.values])


@dataclass(frozen=True)
class Text(Column):
    """A text. Integers become texts."""

    key: Key

    def read(self, rows: Sequence[Row]) -> Cells:
        raw = cells(rows, self.key)
        types = set(map(type, raw))
        if types == {str} and all(raw):
            return Cells(raw, PLAIN, raw)
        if types == {int}:
            return Cells(list(map(str, raw)), PLAIN, raw)
        return Cells(*_sort_out(raw, _text), raw)


@dataclass(frozen=True)
class Choice(Column):
    """A value that is replaced by its name in a table, under the first of the keys that a row has."""

    names: Mapping[Any, str]
    keys: tuple[Key, ...]

    def __init__(self, names: Mapping[Any, str], *keys: Key) -> None:
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "keys", keys)

    def read(self, rows: Sequence[Row]) -> Cells:
        raw = first_present(rows, self.keys)
        if set(map(type, raw)) != set(map(type, self.names)):  # 1 is equal to True
            return Cells(raw, ODD, raw)
        values = list(map(self.names.get, raw))
        return Cells(values, [ODD if v is None else PLAIN for v in values] if None in values else PLAIN, raw)


#: The names for a `Choice` where the venue calls the sides what ccxt calls them.
SIDES = {"buy": "buy", "sell": "sell"}


def amount(key: Key) -> Number:
    """A number, in structures that do not depend on its sign."""
    return Number(key, signs=False)


def cells(rows: Sequence[Row], key: Key) -> list[Any]:
    """The values under a key in all rows. If a row does not have it, an object gives None, a list fails."""
    if isinstance(key, tuple):
        for step in key[:-1]:
            rows = inner_rows(rows, step)
        key = key[-1]
    try:
        return list(map(itemgetter(key), rows))
    except KeyError:
        return [row.get(key) for row in rows]


def inner_rows(rows: Sequence[Row], key: str | int) -> list[Row]:
    """The objects or lists that stand under a key in all rows, all of the same type or null."""
    found = cells(rows, key)
    if set(map(type, found)) - {type(None)} not in ({dict}, {list}):
        raise TypeError(f"not rows under {key}")
    return [_NOTHING if row is None else row for row in found] if None in found else found


def first_present(rows: Sequence[Row], keys: Sequence[Key]) -> list[Any]:
    """For each row, the value under the first of the keys where it is not null or empty."""
    column = cells(rows, keys[0])
    for key in keys[1:]:
        if None in column or "" in column:
            other = cells(rows, key)
            column = [b if a is None or a == "" else a for a, b in zip(column, other, strict=True)]
    return column


def integers(raw: list[Any]) -> list[int] | None:
    """The integers of a column that has nothing else in it; else None. Texts must have no sign."""
    types = set(map(type, raw))
    if types == {int}:
        return raw
    if types != {str}:
        return None
    data = ",".join(raw).encode("utf-8", "replace")
    if data.translate(None, b"0123456789,") or max(map(len, raw)) > LONGEST_TIME:
        return None
    try:
        values: list[int] = loads(b"[" + data + b"]")
    except ValueError:
        return None
    return values if len(values) == len(raw) else None


def floats(raw: Sequence[Any], signs: bool = True) -> list[float] | None:
    """The numbers of a column that has only plain decimals in it, else None.

    With `signs=False`, a number below 0 gives None too.
    """
    try:
        data = ",".join(raw).encode()
    except TypeError:
        types = set(map(type, raw))
        if types <= {int, float}:
            return _plain_floats(raw, signs)
        # Integers among texts: the JSON's decimals were kept as texts when it was parsed.
        return floats(list(map(str, raw)), signs) if types == {int, str} else None
    except ValueError:
        return None
    if data.translate(None, b"0123456789.,-" if signs else b"0123456789.,"):
        return None
    try:
        # Parsing all numbers at once with orjson is three times faster than calling float() for each.
        values: list[float] = loads(b"[" + data + b"]")
    except ValueError:
        return None
    if data.count(b".") != len(values):  # there are integers among them
        values = list(map(float, values))
    if len(values) != len(raw) or (b"-" in data and 0.0 in values):  # a -0 would have lost its sign
        return None
    return values if sum(map(abs, values) if b"-" in data else values) < LARGEST else None


def _plain_floats(raw: Sequence[float], signs: bool) -> list[float] | None:
    values = list(map(float, raw))
    least = min(values)
    if least > 1 / LARGEST and sum(values) < LARGEST:
        return values
    if least < 0 and not signs:
        return None
    return values if all(_number(value)[1] != ODD for value in values) else None


def is_minus_zero(number: float) -> bool:
    return number == 0 and math.copysign(1, number) < 0


def exact(raw: Sequence[Any], times: int = 1) -> list[int]:
    """The numbers of a column of plain decimals, in units of 10 ** -18."""
    texts = raw
    try:
        joined = ",".join(texts)
    except TypeError:
        texts = [text if type(text) is str else _decimal(text) for text in raw]
        joined = ",".join(texts)
    if joined.count(".") != len(texts):
        texts = [text if "." in text else text + "." for text in texts]
        joined = ",".join(texts)
    # Removing the decimal point makes a number 10 ** decimals times larger, which its scale makes up for.
    # There is no scale for too many decimals: that is a KeyError.
    decimals = list(map(sub, map(len, texts), map(str.find, texts, repeat("."))))
    scales = {places: SCALES[places] * times for places in set(decimals)}
    factors = map(scales.get, decimals) if len(scales) > 1 else repeat(*scales.values())
    return list(map(mul, map(int, joined.replace(".", "").split(",")), factors))


def _decimal(number: float) -> str:
    return str(number) if type(number) is int else format(Decimal(str(number)), "f")


def _sort_out(
    raw: Sequence[Any], read: Callable[..., tuple[Any, str]], *args: Any
) -> tuple[list[Any], list[str] | str]:
    if raw.count(None) == len(raw):
        return list(raw), ABSENT
    pairs = [(None, ABSENT) if value is None or value == "" else read(value, *args) for value in raw]
    kinds: list[str] = [kind for _, kind in pairs]
    return [value for value, _ in pairs], kinds[0] if len(set(kinds)) == 1 else kinds


def _number(value: Any) -> tuple[float | None, str]:
    kind = type(value)
    if not (kind in (int, float) or (kind is str and _DECIMAL.fullmatch(value))):
        return None, ODD
    number = float(value)
    if 1 / LARGEST < abs(number) < LARGEST:
        return number, ABOVE if number > 0 else BELOW
    return (0.0, ZERO) if is_zero(value) else (None, ODD)


def is_zero(value: Any) -> bool:
    """Whether it is 0, but neither -0 nor a number that is too small for a float."""
    return not value.strip("0.") if type(value) is str else value == 0 and not is_minus_zero(value)


def _time(value: Any, most: int) -> tuple[int | None, str]:
    if type(value) is str and _WHOLE.fullmatch(value):
        value = int(value)
    return (value, PLAIN) if type(value) is int and 0 <= value <= most else (None, ODD)


def _text(value: Any) -> tuple[str | None, str]:
    return (str(value), PLAIN) if type(value) in (str, int) else (None, ODD)
