"""The trades of a market, and the figures that follow from them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from ..model import Candle, Trade
from .candles import CandleSeries, RollingDay


class Tape:
    """The trades, oldest first. Trades are only added. Candles and daily figures follow from them."""

    def __init__(self, start_price: Decimal) -> None:
        self.trades: list[Trade] = []
        self.add = self.trades.append
        self._start_price = start_price
        self._series: dict[int, CandleSeries] = {}
        self._day = RollingDay(self.trades)

    def extend(self, trades: Iterable[Trade]) -> None:
        self.trades.extend(trades)

    @property
    def last_price(self) -> Decimal:
        """The price of the last trade, or the start price before the first one."""
        return self.trades[-1].price if self.trades else self._start_price

    def newest(self, limit: int | None = None) -> list[Trade]:
        """The trades, newest first."""
        first = 0 if limit is None else max(len(self.trades) - limit, 0)
        return self.trades[first:][::-1]

    def candles(self, step_ms: int, start_ms: int, end_ms: int) -> list[Candle]:
        """The candles that open between `start_ms` and `end_ms`, both included, oldest first."""
        series = self._series.get(step_ms)
        if series is None:
            series = self._series[step_ms] = CandleSeries(step_ms, self.trades)
        return series.between(start_ms, end_ms)

    def day(self, now: int) -> RollingDay:
        """The figures of the 24 hours before `now`, which must not go back."""
        self._day.roll(now)
        return self._day
