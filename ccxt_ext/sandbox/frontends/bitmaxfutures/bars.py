"""BitMax's bars, as the venue calls candles. The engine knows no months, so they are made of days."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from ccxt_ext.sandbox.frontend.engine import Candle, Market, add

DAY_MS = 86_400_000

INTERVALS = {
    "1": 60_000,
    "5": 300_000,
    "15": 900_000,
    "30": 1_800_000,
    "60": 3_600_000,
    "120": 7_200_000,
    "240": 14_400_000,
    "360": 21_600_000,
    "720": 43_200_000,
    "1d": DAY_MS,
    "1w": 7 * DAY_MS,
    "1m": 30 * DAY_MS,
}
"""The length of a bar by its name."""
# How many bars there are of each length: two years of days, four of weeks.
HORIZONS = [
    (step, 500 if step < DAY_MS else 750 if step == DAY_MS else 200 if step < 30 * DAY_MS else 24)
    for step in INTERVALS.values()
]


def bars(market: Market, interval: str, start: int | None, end: int, count: int) -> list[Candle]:
    """The last `count` bars that open from `start` to `end`, both included, oldest first."""
    step = INTERVALS[interval]
    first = max(0, end - (count + 1) * step if start is None else start, end - (count + 1) * step)
    if interval == "1m":
        days = market.candles(DAY_MS, month_start(first), next_month(end) - 1)
        found = months(days)
    else:
        found = market.candles(step, first, end)
    least = -1 if start is None else start
    return [bar for bar in found if least <= bar.timestamp <= end][-count:]


def month_start(time: int) -> int:
    then = datetime.datetime.fromtimestamp(time // 1000, datetime.timezone.utc)
    first = then.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return int(first.timestamp()) * 1000


def next_month(time: int) -> int:
    return month_start(month_start(time) + 32 * DAY_MS)


def months(days: Sequence[Candle]) -> list[Candle]:
    """The bars of months, from those of their days."""
    made: list[Candle] = []
    for day in days:
        start = month_start(day.timestamp)
        if made and made[-1].timestamp == start:
            month = made[-1]
            made[-1] = Candle(
                start,
                month.open,
                max(month.high, day.high),
                min(month.low, day.low),
                day.close,
                add(month.volume, day.volume),
                add(month.quote_volume, day.quote_volume),
                month.trades + day.trades,
            )
        else:
            made.append(day._replace(timestamp=start))
    return made
