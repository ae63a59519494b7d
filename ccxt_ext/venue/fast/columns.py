"""Columns of a venue's rows, read for all rows at once.

A cell is plain (a decimal number, a time, a text), absent (missing, null or empty) or odd: anything else,
for which only ccxt's own way of reading will do.
"""

import math
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import repeat
from operator import itemgetter, mul, sub
from typing import Any, NamedTuple, Protocol

from ccxt_ext.venue.answers.quick_json import loads

ABSENT = "absent"
ODD = "odd"
ZERO, ABOVE, BELOW, PLAIN = "0", "+", "-", "plain"

# Amounts are calculated as whole numbers of 10 ** -18, the precision of ccxt's own divisions.
DECIMALS = 18
UNIT = 10**DECIMALS
SCALES = {decimals + 1: 10 ** (DECIMALS - decimals) for decimals in range(DECIMALS + 1)}

# Larger or, as floats, smaller ones are odd, lest what is calculated from them becomes infinite.
LARGEST = 1e30

_DECIMAL = re.compile(r"-?(\d{1,30}\.?\d*|\.\d+)", re.ASCII)
_WHOLE = re.compile(r"\d{1,15}", re.ASCII)
_LAST_MILLISECOND = 253_402_300_799_999  # of the year 9999
_NOTHING: Mapping[Any, None] = defaultdict(lambda: None)

Row = Any

# Under which a row has something, or the way to something inside of it: a tuple.
Key = str | int | tuple[str | int, ...]


class Cells(NamedTuple):
    """A column's values, as they stand in the parsed structure, and what kind each of them is."""

    values: list[Any]
    kinds: list[str] | str  # one for each row, or one for all
    raw: list[Any]
    times: int = 1
    numbers: list[int] | None = None  # exact ones, if they are calculated

    def kind(self, place: int) -> str:
        return self.kinds if isinstance(self.kinds, str) else self.kinds[place]

    def has(self, *kinds: str) -> bool:
        return any(
            kind == self.kinds if isinstance(self.kinds, str) else kind in self.kinds for kind in kinds
        )

    def exact(self, pick: Callable[[list[Any]], list[Any]] = list) -> list[int]:
        """The numbers that `pick` takes of these, which have to be plain."""
        return exact(pick(self.raw), self.times) if self.numbers is None else pick(self.numbers)


class Column(Protocol):
    def read(self, rows: Sequence[Row]) -> Cells: ...


@dataclass(frozen=True)
class Number:
    """A decimal number: under `key`, given as text or as a number, to be multiplied with `times`."""

    key: Key
    times: int = 1
    signs: bool = True  # whether anything depends on the numbers' signs, or on whether they are zero
    zero: str = ZERO  # ABSENT where the venue means that it has none

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
        return Cells(values, self.told(kinds), raw, self.times)

    def told(self, kinds: list[str] | str) -> list[str] | str:
        names = {ZERO: self.zero} if self.signs else {ZERO: ABOVE, BELOW: ABOVE}
        if isinstance(kinds, str):
            return names.get(kinds, kinds)
        return [names.get(kind, kind) for kind in kinds]


@dataclass(frozen=True)
class Sum:
    """Two numbers, the second of them added `times` times."""

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
class Time:
    """Milliseconds since 1970, under the first of the keys that a row has."""

    keys: tuple[Key, ...]
    unit: int = 1  # milliseconds

    def __init__(self, *keys: Key, unit: int = 1) -> None:
        object.__setattr__(self, "keys", keys)
        object.__setattr__(self, "unit", unit)

    def read(self, rows: Sequence[Row]) -> Cells:
        raw = first_present(rows, self.keys)
        most = _LAST_MILLISECOND // self.unit
        times = integers(raw)
        if times is not None and min(times) >= 0 and max(times) <= most:
            cells = Cells(times, PLAIN, raw)
        else:
            cells = Cells(*_sort_out(raw, _time, most), raw)
        if self.unit == 1:
            return cells
        return cells._replace(values=[value and value * self.unit for value in cells.values])


@dataclass(frozen=True)
class Text:
    """A text, or a whole number that becomes one."""

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
class Choice:
    """One of the names of a few things, under the first of the keys that a row has."""

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


SIDES = {"buy": "buy", "sell": "sell"}


def amount(key: Key) -> Number:
    """A number whose sign nothing depends on."""
    return Number(key, signs=False)


def cells(rows: Sequence[Row], key: Key) -> list[Any]:
    """One column; a place that a row does not have is None in objects, and an IndexError in lists."""
    if isinstance(key, tuple):
        for step in key[:-1]:
            rows = inner_rows(rows, step)
        key = key[-1]
    try:
        return list(map(itemgetter(key), rows))
    except KeyError:
        return [row.get(key) for row in rows]


def inner_rows(rows: Sequence[Row], key: str | int) -> list[Row]:
    """What stands in the rows: objects or lists, all of one type, if it is not null."""
    found = cells(rows, key)
    if set(map(type, found)) - {type(None)} not in ({dict}, {list}):
        raise TypeError(f"not rows under {key}")
    return [_NOTHING if row is None else row for row in found] if None in found else found


def first_present(rows: Sequence[Row], keys: Sequence[Key]) -> list[Any]:
    column = cells(rows, keys[0])
    for key in keys[1:]:
        if None in column or "" in column:
            other = cells(rows, key)
            column = [b if a is None or a == "" else a for a, b in zip(column, other, strict=True)]
    return column


def integers(raw: list[Any]) -> list[int] | None:
    """The numbers of a column that has only whole ones in it, without a sign if they are texts."""
    types = set(map(type, raw))
    if types == {int}:
        return raw
    if types != {str}:
        return None
    data = ",".join(raw).encode("utf-8", "replace")
    if data.translate(None, b"0123456789,") or max(map(len, raw)) > 15:
        return None
    try:
        values: list[int] = loads(b"[" + data + b"]")
    except ValueError:
        return None
    return values if len(values) == len(raw) else None


def floats(raw: Sequence[Any], signs: bool = True) -> list[float] | None:
    """The numbers of a column that has only plain decimals in it, without `signs` none below 0; else None."""
    try:
        data = ",".join(raw).encode()
    except TypeError:
        types = set(map(type, raw))
        if types <= {int, float}:
            return _plain_floats(raw, signs)
        # Whole numbers among texts: JSON whose decimals were kept as texts.
        return floats(list(map(str, raw)), signs) if types == {int, str} else None
    except ValueError:
        return None
    if data.translate(None, b"0123456789.,-" if signs else b"0123456789.,"):
        return None
    try:
        # One go through orjson is three times faster than float() for each.
        values: list[float] = loads(b"[" + data + b"]")
    except ValueError:
        return None
    if data.count(b".") != len(values):  # whole numbers among them
        values = list(map(float, values))
    if len(values) != len(raw) or (b"-" in data and 0.0 in values):  # -0 would have lost its sign
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
    """A column of plain decimals in units of 10 ** -18."""
    texts = raw
    try:
        joined = ",".join(texts)
    except TypeError:
        texts = [text if type(text) is str else _decimal(text) for text in raw]
        joined = ",".join(texts)
    if joined.count(".") != len(texts):
        texts = [text if "." in text else text + "." for text in texts]
        joined = ",".join(texts)
    # Without its point, a number is so many times larger as it has decimals; a KeyError if they are too many.
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
    """Whether this is a zero without a sign, and not a number too small for a float."""
    return not value.strip("0.") if type(value) is str else value == 0 and not is_minus_zero(value)


def _time(value: Any, most: int) -> tuple[int | None, str]:
    if type(value) is str and _WHOLE.fullmatch(value):
        value = int(value)
    return (value, PLAIN) if type(value) is int and 0 <= value <= most else (None, ODD)


def _text(value: Any) -> tuple[str | None, str]:
    return (str(value), PLAIN) if type(value) in (str, int) else (None, ODD)
