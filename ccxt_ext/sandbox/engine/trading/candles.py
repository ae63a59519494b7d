"""Makes candles and the 24-hour ticker from a market's trades."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Sequence
from decimal import Decimal

from ..exact import ZERO, add, multiply, subtract
from ..model import Candle, Trade

DAY_MS = 86_400_000


class CandleSeries:
    """The candles of one step. A look-up reads only the trades that are new since the last look-up.

    Candles start at multiples of the step since the epoch. A step without a trade has none.
    """

    def __init__(self, step_ms: int, trades: Sequence[Trade]) -> None:
        if step_ms <= 0:
            raise ValueError(f"a candle needs a positive step: {step_ms}")
        self._step_ms = step_ms
        self._trades = trades
        self._read = 0
        self._starts: list[int] = []
        self._candles: list[Candle] = []

    def between(self, start_ms: int, end_ms: int) -> list[Candle]:
        """The candles that open at `start_ms` or later, and at `end_ms` or earlier."""
        self._catch_up()
        return self._candles[bisect_left(self._starts, start_ms) : bisect_right(self._starts, end_ms)]

    def _catch_up(self) -> None:
        trades, step = self._trades, self._step_ms
        total = len(trades)
        first = self._read
        while first < total:
            start = trades[first].timestamp // step * step
            after = first + 1
            while after < total and trades[after].timestamp < start + step:
                after += 1
            self._extend(start, trades[first:after])
            first = after
        self._read = total

    def _extend(self, start: int, trades: Sequence[Trade]) -> None:
        prices = [trade.price for trade in trades]
        volume = quote_volume = ZERO
        for trade in trades:
            volume = add(volume, trade.amount)
            quote_volume = add(quote_volume, multiply(trade.price, trade.amount))
        candle = Candle(
            start, prices[0], max(prices), min(prices), prices[-1], volume, quote_volume, len(trades)
        )
        if self._starts and self._starts[-1] == start:
            begun = self._candles[-1]
            self._candles[-1] = Candle(
                start,
                begun.open,
                max(begun.high, candle.high),
                min(begun.low, candle.low),
                candle.close,
                add(begun.volume, volume),
                add(begun.quote_volume, quote_volume),
                begun.trades + len(trades),
            )
        else:
            self._starts.append(start)
            self._candles.append(candle)


class RollingDay:
    """Figures of the trades of the last 24 hours, updated as trades come and become old.

    Two queues hold the trades that can still become the highest or the lowest. A trade that is followed by a
    higher one cannot be the highest any more.
    """

    def __init__(self, trades: Sequence[Trade]) -> None:
        self._trades = trades
        self._first = 0
        self._next = 0
        self._highs: deque[tuple[int, Decimal]] = deque()
        self._lows: deque[tuple[int, Decimal]] = deque()
        self.base_volume = ZERO
        self.quote_volume = ZERO

    def roll(self, now: int) -> None:
        """Bring the figures up to `now`, which never goes back."""
        oldest = now - DAY_MS
        for index in range(self._next, len(self._trades)):
            self._enter(index, self._trades[index])
        self._next = len(self._trades)
        while self._first < self._next and self._trades[self._first].timestamp <= oldest:
            self._leave(self._first, self._trades[self._first])
            self._first += 1

    def _enter(self, index: int, trade: Trade) -> None:
        self.base_volume = add(self.base_volume, trade.amount)
        self.quote_volume = add(self.quote_volume, multiply(trade.price, trade.amount))
        while self._highs and self._highs[-1][1] <= trade.price:
            self._highs.pop()
        self._highs.append((index, trade.price))
        while self._lows and self._lows[-1][1] >= trade.price:
            self._lows.pop()
        self._lows.append((index, trade.price))

    def _leave(self, index: int, trade: Trade) -> None:
        self.base_volume = subtract(self.base_volume, trade.amount)
        self.quote_volume = subtract(self.quote_volume, multiply(trade.price, trade.amount))
        for extremes in (self._highs, self._lows):
            if extremes[0][0] == index:
                extremes.popleft()

    def prices(self) -> tuple[Decimal, Decimal, Decimal] | None:
        """Open, high and low; None if there were no trades."""
        if self._first == self._next:
            return None
        return self._trades[self._first].price, self._highs[0][1], self._lows[0][1]
