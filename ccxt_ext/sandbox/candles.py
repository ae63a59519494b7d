"""Reads candles as ccxt has them, `[timestamp, open, high, low, close, volume]`, from values and from files.

Files are JSON (as freqtrade's too), CSV with or without a header, both also gzipped, and feather files as
freqtrade writes them, where pyarrow is installed.
"""

from __future__ import annotations

import csv
import gzip
import importlib
import io
import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from ccxt_ext.sandbox.engine import BadRows, OhlcvRow, check_rows

FIELDS = ("timestamp", "open", "high", "low", "close", "volume")
TIME_NAMES = ("timestamp", "date", "datetime", "time", "open_time")
MANY = 10
UNITS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
SECONDS_END = 10**11
"""A time below it is meant in seconds: in milliseconds, it would be in 1973."""


def timeframe_ms(text: Any) -> int:
    """A timeframe such as `5m`, in milliseconds."""
    match = re.fullmatch(r"([1-9][0-9]{0,4})([mhdw])", text) if isinstance(text, str) else None
    if match is None:
        raise BadRows(f"a timeframe is like 1m, 5m, 1h, 1d or 1w, not {text!r}")
    return int(match[1]) * UNITS[match[2]]


def check_timeframe(rows: Sequence[OhlcvRow], step_ms: int) -> None:
    """Raise BadRows if many rows are further apart than they should be: then the timeframe is another one."""
    if len(rows) >= MANY and timeframe_between(rows) > step_ms:
        apart = timeframe_between(rows) // UNITS["m"]
        raise BadRows(f"no two rows are nearer than {apart} minutes: say their timeframe")


def timeframe_between(rows: Sequence[OhlcvRow]) -> int:
    """The timeframe of rows that do not tell it: the shortest time between two of them, or a minute."""
    between = [later.timestamp - earlier.timestamp for earlier, later in pairwise(rows)]
    return max(min(between, default=UNITS["m"]), 1)


def rows_of(values: Any) -> list[OhlcvRow]:
    """Rows from a list of lists. Raises BadRows if it is none."""
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise BadRows("rows are a list of [timestamp, open, high, low, close, volume]")
    return [_row(value, f"row {number}") for number, value in enumerate(values, 1)]


def as_texts(rows: Any) -> list[list[Any]]:
    """Rows, or those of a file, as JSON can have them without a loss."""
    found = read_rows(rows) if isinstance(rows, (str, os.PathLike)) else rows_of(rows)
    return [[row[0], *(format(figure, "f") for figure in row[1:])] for row in found]


def _row(value: Any, name: str) -> OhlcvRow:
    if isinstance(value, (str, bytes)) or not isinstance(value, Sequence) or len(value) != len(FIELDS):
        raise BadRows(f"{name} is not [timestamp, open, high, low, close, volume]")
    timestamp, *figures = value
    return OhlcvRow(
        _time(timestamp, name),
        *(_decimal(each, name, field) for each, field in zip(figures, FIELDS[1:], strict=True)),
    )


def moment_of(text: str) -> int:
    """A moment from the command line, in milliseconds: such a number, or a date as ISO 8601 has it."""
    return _time(text, "the start")


def _time(value: Any, name: str) -> int:
    number = _number(value)
    if number is None:
        moment = _moment(value)
        if moment is None:
            raise BadRows(
                f"{name}: {value!r} is no time; times are milliseconds, or dates such as 2026-03-01"
            )
        return moment
    if number != number.to_integral_value() or not 0 <= number < 10**15:
        raise BadRows(f"{name}: {value!r} is no time in milliseconds")
    if number < SECONDS_END:
        raise BadRows(f"{name}: the time {value!r} looks like seconds; times are milliseconds")
    return int(number)


def _moment(value: Any) -> int | None:
    """The time of a date as ISO 8601 and pandas write it, in UTC if it does not say where."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
    except ValueError:
        return None
    moment = moment.replace(tzinfo=moment.tzinfo or timezone.utc)
    return round(moment.timestamp() * 1000)


def _decimal(value: Any, name: str, field: str) -> Decimal:
    number = _number(value)
    if number is None:
        raise BadRows(f"{name}: the {field} is {value!r}, which is no number")
    return number


def _number(value: Any) -> Decimal | None:
    """A number with the digits that it is written with. It may be infinite, or no number."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        return Decimal(str(value).strip())
    except InvalidOperation:
        return None


def read_rows(path: str | os.PathLike[str]) -> list[OhlcvRow]:
    """The rows of a file; its name tells what it is. Raises BadRows, with the file's name, if it has none."""
    name = os.fspath(path)
    plain = name.removesuffix(".gz")
    if name.endswith(".jsongz"):  # freqtrade's
        plain = name.removesuffix("gz")
    reader = {".json": _from_json, ".csv": _from_csv, ".feather": _from_feather}.get(
        os.path.splitext(plain)[1].lower()
    )
    if reader is None or (reader is _from_feather and plain != name):
        raise BadRows(f"{name}: candles are read from .json, .csv and .feather")
    try:
        with open(name, "rb") as file:
            content = file.read()
        return reader(content if plain == name else gzip.decompress(content))
    except OSError as error:
        raise BadRows(f"{name}: {error.strerror or error}") from None
    except EOFError:
        raise BadRows(f"{name}: it ends too early") from None
    except BadRows as error:
        raise BadRows(f"{name}: {error}") from None


def _from_json(content: bytes) -> list[OhlcvRow]:
    try:
        return rows_of(json.loads(content, parse_float=Decimal))
    except (ValueError, RecursionError) as error:
        if isinstance(error, BadRows):
            raise
        raise BadRows("it is no JSON") from None


def _from_csv(content: bytes) -> list[OhlcvRow]:
    try:
        text = content.decode("utf-8-sig")
        lines = [line for line in csv.reader(io.StringIO(text)) if any(field.strip() for field in line)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadRows(f"it is no CSV: {error}") from None
    columns = list(range(len(FIELDS)))
    if lines and _number(lines[0][0]) is None and _moment(lines[0][0]) is None:
        columns = _columns([field.strip().lower() for field in lines.pop(0)])
    for number, line in enumerate(lines, 1):
        if len(line) <= max(columns):
            raise BadRows(f"row {number} is not timestamp, open, high, low, close, volume")
    return [
        _row([line[column] for column in columns], f"row {number}") for number, line in enumerate(lines, 1)
    ]


def _columns(names: list[str]) -> list[int]:
    """Where the fields are, by the header."""
    times = [name for name in TIME_NAMES if name in names]
    lacking = [field for field in FIELDS[1:] if field not in names]
    if not times or lacking:
        wanted = "timestamp" if not times else lacking[0]
        raise BadRows(f"its first line names no column {wanted!r}; there are {', '.join(names)}")
    return [names.index(field) for field in (times[0], *FIELDS[1:])]


def _from_feather(content: bytes) -> list[OhlcvRow]:
    try:
        feather = importlib.import_module("pyarrow.feather")
    except ImportError:
        raise BadRows("feather files are read with pyarrow, which is not installed") from None
    try:
        table = feather.read_table(io.BytesIO(content))
    except (OSError, ValueError) as error:  # pyarrow's own errors are ValueErrors
        raise BadRows(f"it is no feather file: {error}") from None
    names = [name.lower() for name in table.column_names]
    columns = [table.column(index).to_pylist() for index in _columns(names)]
    times = [_milliseconds(each) for each in columns[0]]
    return rows_of(list(zip(times, *columns[1:], strict=True)))


def _milliseconds(value: Any) -> Any:
    if not isinstance(value, datetime):
        return value
    return round(value.replace(tzinfo=value.tzinfo or timezone.utc).timestamp() * 1000)


@dataclass(frozen=True)
class GivenCandles:
    """Candles that a market is given when the sandbox starts."""

    venue: str
    market: str
    rows: Sequence[OhlcvRow]
    step_ms: int
    fit: bool


def read_candles(given: Mapping[str, Any] | None) -> tuple[GivenCandles, ...]:
    """Candles from what a sandbox is started with: `{"btex:BTC/USDT": rows}`.

    Instead of rows, there may be the name of a file, or `{"rows": ..., "timeframe": "5m", "fit": True}`. A
    timeframe that is not told is that of the rows. Raises BadRows if they are none.
    """
    return tuple(_given(name, value) for name, value in (given or {}).items())


def _given(name: str, value: Any) -> GivenCandles:
    venue, colon, market = name.partition(":")
    if not venue or not colon or not market:
        raise BadRows(f"candles: {name!r} is no market; they are named like btex:BTC/USDT")
    more = value if isinstance(value, Mapping) else {"rows": value}
    unknown = set(more) - {"rows", "timeframe", "fit"}
    if unknown or "rows" not in more:
        raise BadRows(
            f"candles: {name}: rows, timeframe and fit can be given, not {', '.join(sorted(unknown))}"
        )
    fit = more.get("fit", False)
    if not isinstance(fit, bool):
        raise BadRows(f"candles: {name}: fit is true or false, not {fit!r}")
    try:
        source = more["rows"]
        rows = read_rows(source) if isinstance(source, (str, os.PathLike)) else rows_of(source)
        if more.get("timeframe") is None:
            step_ms = timeframe_between(rows)
        else:
            step_ms = timeframe_ms(more["timeframe"])
            check_timeframe(rows, step_ms)
        check_rows(rows, step_ms)
    except BadRows as error:
        raise BadRows(f"candles: {name}: {error}") from None
    return GivenCandles(venue, market, rows, step_ms, fit)


def parse_candles(texts: Iterable[str], fit: bool) -> dict[str, Any]:
    """The same from the command line: `btex:BTC/USDT=FILE`. Raises ValueError if it makes no sense."""
    found: dict[str, Any] = {}
    for text in texts:
        name, equals, file = text.partition("=")
        if not equals or not file or ":" not in name or name in found:
            raise ValueError(f"{text!r} gives no candles; that is VENUE:MARKET=FILE, once for each market")
        found[name] = {"rows": file, "fit": fit}
    return found
