"""Candles that are given to a market, and whether they can be its candles.

Such a candle is a row. Rows of a market are whole numbers: prices in ticks, volumes in steps.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import NamedTuple

from ..exact import ZERO, units
from ..model import MarketSpec
from ..trading.columns import Table

MINUTE_MS = 60_000
DAY_MS = 1440 * MINUTE_MS
MOST_ROWS = 200_000
"""More than four months of minutes."""
LARGEST = 2**62
ROUGH = Context(prec=60, rounding=ROUND_HALF_EVEN)


class BadRows(ValueError):
    """Rows that no market can have, or not this one. The text names the row."""


class OhlcvRow(NamedTuple):
    """A candle as ccxt has it; `timestamp` is its beginning."""

    timestamp: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal


class TickRow(NamedTuple):
    """A row in a market's ticks and steps."""

    timestamp: int
    open: int
    high: int
    low: int
    close: int
    volume: int

    def finer(self, factor: int) -> TickRow:
        """The row in ticks that are so many times finer."""
        opened, high, low, close = (ticks * factor for ticks in self[1:5])
        return TickRow(self.timestamp, opened, high, low, close, self.volume)


class TickRows:
    """Many rows in little memory, in order."""

    def __init__(self, rows: Iterable[TickRow] = ()) -> None:
        self._table = Table(len(TickRow._fields))
        for row in rows:
            self._table.append(row)

    def __len__(self) -> int:
        return len(self._table)

    def __getitem__(self, index: int) -> TickRow:
        return TickRow(*self._table.row(index))

    def first_from(self, timestamp: int) -> int:
        """The number of the first row that begins then or later."""
        return bisect_left(self._table.columns[0], timestamp)


def name_of(index: int, timestamp: int) -> str:
    """A row, as texts name it; the first has the index 0."""
    try:
        moment = f"{datetime.fromtimestamp(timestamp / 1000, timezone.utc):%Y-%m-%d %H:%M:%S}"
    except (ValueError, OverflowError, OSError):
        moment = f"time {timestamp}"
    return f"row {index + 1} ({moment})"


def check_rows(rows: Sequence[OhlcvRow], step_ms: int) -> None:
    """Raise BadRows unless these are candles of this step, in order."""
    if step_ms <= 0 or step_ms % MINUTE_MS:
        raise BadRows("a timeframe is a whole number of minutes")
    if not rows:
        raise BadRows("there are no rows")
    if len(rows) > MOST_ROWS:
        raise BadRows(f"there are {len(rows)} rows; {MOST_ROWS} are the most")
    grid = min(step_ms, DAY_MS)  # weeks begin on any day
    before = None
    for index, row in enumerate(rows):
        name = name_of(index, row.timestamp)
        if row.timestamp < 0 or row.timestamp % grid:
            raise BadRows(f"{name} does not begin where a candle of {minutes(grid)} does")
        if before is not None and row.timestamp <= before:
            same = row.timestamp == before
            raise BadRows(f"{name} begins {'when' if same else 'before'} the row before it does")
        if (row.timestamp - rows[0].timestamp) % step_ms:
            raise BadRows(f"{name} begins within a candle of {minutes(step_ms)}, counted from the first row")
        before = row.timestamp
        check_figures(row, name)


def check_figures(row: OhlcvRow, name: str) -> None:
    for field in ("open", "high", "low", "close", "volume"):
        value: Decimal = getattr(row, field)
        if not value.is_finite():
            raise BadRows(f"{name}: the {field} is {value}, which is no number")
        if value < ZERO or (value == ZERO and field != "volume"):
            raise BadRows(f"{name}: the {field} is {value:f}, which is not positive")
        if value.adjusted() > 30 or len(value.as_tuple().digits) > 40:
            raise BadRows(f"{name}: the {field} has too many digits")
    highest, lowest = max(row.open, row.low, row.close), min(row.open, row.high, row.close)
    if row.high < highest:
        raise BadRows(f"{name}: the high {row.high:f} is below {highest:f}")
    if row.low > lowest:
        raise BadRows(f"{name}: the low {row.low:f} is above {lowest:f}")


def minutes(step_ms: int) -> str:
    count = step_ms // MINUTE_MS
    return "a minute" if count == 1 else f"{count} minutes"


def in_ticks(rows: Sequence[OhlcvRow], spec: MarketSpec, fit: bool) -> list[TickRow]:
    """The rows in a market's ticks and steps.

    Raises BadRows if one is off them, unless `fit` sets it on them. A candle with a volume has a trade at
    each of its prices. With `fit`, a volume that is too small for that is raised.
    """
    found = []
    for index, row in enumerate(rows):
        name = name_of(index, row.timestamp)
        open, high, low, close = (
            _units(getattr(row, field), spec.tick, f"{name}: the {field}", f"{spec.symbol}'s tick", fit, 1)
            for field in ("open", "high", "low", "close")
        )
        least = 1 if row.volume else 0
        volume = _units(row.volume, spec.step, f"{name}: the volume", f"{spec.symbol}'s step", fit, least)
        needed = len(turns(open, high, low, close))
        if 0 < volume < needed:
            if not fit:
                raise BadRows(
                    f"{name}: the volume {row.volume:f} is too small for trades at {needed} prices of "
                    f"{spec.step:f} each; fit=true raises it"
                )
            volume = needed
        found.append(TickRow(row.timestamp, open, high, low, close, volume))
    return found


def _units(value: Decimal, unit: Decimal, what: str, of_what: str, fit: bool, least: int) -> int:
    if fit:
        count = max(int(ROUGH.divide(value, unit).to_integral_value(ROUND_HALF_EVEN)), least)
    else:
        exact = units(value, unit)
        if exact is None:
            raise BadRows(
                f"{what} {value:f} is no multiple of {of_what}, {unit:f}; fit=true sets it on the steps"
            )
        count = exact
    if count > LARGEST:
        raise BadRows(f"{what} {value:f} is too large")
    return count


def turns(open: int, high: int, low: int, close: int) -> list[int]:
    """The prices at which a candle's price turns, in the order in which they are walked through.

    That is the open, then the high or the low, whichever is nearer to it, then the other one, then the close.
    If both are as near, it is the one that is farther from the close.
    """
    up, down = high - open, open - low
    low_first = down < up or (down == up and close >= open)
    path = [open]
    for price in (low, high, close) if low_first else (high, low, close):
        if price != path[-1]:
            path.append(price)
    return path
