"""The trades of a market, and the figures that follow from them.

Of the trades, the latest are kept one by one. What came before is kept as candles of a minute, from which
larger ones are made. What the accounts of users traded is kept with these, and never dropped.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal, Inexact
from typing import NamedTuple

from ..exact import ZERO, multiply
from ..model import Candle, MarketSpec, Side, Trade
from .candles import MINUTE_MS, PRICES, QUOTE_VOLUME, VOLUME, Row, Rows, Series
from .columns import Table, Units
from .day import DAY_MS, RollingDay, day_of_minutes

TRADES_KEPT = 4096
"""At least so many of the latest trades are kept; more than any venue shows at once."""
DROPPED_AT_ONCE = 512
"""So many are dropped at most when one comes, as it takes a while to put them into candles."""
COUNTED_AT_ONCE = 64
"""So many of the history are put into candles when a trade comes, so that no more memory is needed later."""


class Day(NamedTuple):
    """Figures of the last 24 hours. Without a trade, there are no prices."""

    prices: tuple[Decimal, Decimal, Decimal] | None
    """The first, the highest and the lowest one."""
    base_volume: Decimal
    quote_volume: Decimal


class Tape:
    """The trades of one market, oldest first. Trades are only added."""

    def __init__(self, spec: MarketSpec) -> None:
        self.last_price = spec.start_price
        """The price of the last trade, or the start price before the first one."""
        self._market = spec.id
        self._prices = Units(spec.tick)
        self._amounts = Units(spec.step)
        self._quotes = Units(multiply(self._prices.unit, self._amounts.unit))
        self._most: int | None = None
        """How many trades are kept; None for all, while the history is made."""
        self._kept = Table(4)
        """Numbers, times, prices and amounts; those of sells are negative."""
        self._read = 0
        """How many of the trades that are kept are in the candles already."""
        self._old = 0
        """How many of them are of the history."""
        self._minutes = Rows()
        self._series: dict[int, Series] = {}
        self._day = RollingDay()
        self._blurred_until = 0
        """The time until which trades are not known one by one."""

    def __len__(self) -> int:
        """How many trades are kept."""
        return len(self._kept)

    @property
    def last_time(self) -> int:
        """When the last trade was that is kept; 0 before the first one."""
        times = self._kept.columns[1]
        return times[-1] if times else 0

    # Trades

    def add(self, trade: Trade) -> None:
        try:
            numbers = self._numbers(trade)
        except Inexact:
            self._refine([trade.price], [trade.amount])
            numbers = self._numbers(trade)
        self._kept.append(numbers)
        self.last_price = trade.price
        if self._most is not None and len(self._kept) >= self._most * 5 // 4:
            self._forget()
        if self._read < self._old:
            self._catch_up(min(self._old, self._read + COUNTED_AT_ONCE))

    def bound(self) -> None:
        """From now on, drop old trades as new ones come."""
        self._most, self._old = TRADES_KEPT, len(self._kept)

    def _forget(self) -> None:
        assert self._most is not None
        surplus = min(len(self._kept) - self._most, DROPPED_AT_ONCE)
        self._catch_up(surplus)
        self._blurred_until = max(self._blurred_until, self._kept.columns[1][surplus - 1])
        self._kept.cut(0, surplus)
        self._read -= surplus
        self._old = max(self._old - surplus, 0)
        self._day = RollingDay()

    def newest(self, limit: int | None = None) -> list[Trade]:
        """The trades, newest first."""
        total = len(self._kept)
        first = 0 if limit is None else max(total - limit, 0)
        return [self._trade(index) for index in range(total - 1, first - 1, -1)]

    def each(
        self, newest_first: bool = True, until_ms: int | None = None, side: Side | None = None
    ) -> Iterator[Trade]:
        """The trades one by one, so that nobody makes more of them than are needed."""
        _, times, _, amounts = self._kept.columns
        total = len(times) if until_ms is None else bisect_right(times, until_ms)
        for index in range(total - 1, -1, -1) if newest_first else range(total):
            if side is None or (amounts[index] > 0) == (side == "buy"):
                yield self._trade(index)

    def _trade(self, index: int) -> Trade:
        number, time, price, amount = (column[index] for column in self._kept.columns)
        return Trade(
            number,
            self._market,
            self._prices.value(price),
            self._amounts.value(abs(amount)),
            "buy" if amount > 0 else "sell",
            time,
        )

    # A history that is kept for a later market

    def kept(self) -> Table:
        """A copy of the trades that are kept, for a market with the same units."""
        return self._kept.copy()

    def begin(self, trades: Table, shift_ms: int) -> None:
        """Begin with trades of an equal market, with their times shifted."""
        self._kept = trades.copy()
        self._kept.shift(1, shift_ms)
        if self._kept:
            self.last_price = self._prices.value(self._kept.columns[2][-1])

    # Candles

    def candles(self, step_ms: int, start_ms: int, end_ms: int) -> list[Candle]:
        """The candles that open between `start_ms` and `end_ms`, both included, oldest first."""
        self._catch_up()
        if step_ms == MINUTE_MS:
            rows = self._minutes.between(start_ms, end_ms)
        else:
            series = self._series.get(step_ms)
            if series is None:
                series = self._series[step_ms] = Series(step_ms, self._minutes)
            rows = series.between(start_ms, end_ms)
        return [self._candle(row) for row in rows]

    def _candle(self, row: Row) -> Candle:
        price = self._prices.value
        start, opening, high, low, close, volume, quote_volume, trades = row
        return Candle(
            start,
            price(opening),
            price(high),
            price(low),
            price(close),
            self._amounts.value(volume),
            self._quotes.value(quote_volume),
            trades,
        )

    def _catch_up(self, after: int | None = None) -> None:
        """Have all trades in the candles, or those before a place."""
        after = len(self._kept) if after is None else after
        if self._read < after:
            self._count(self._read, after)
            self._read = after

    def _count(self, first: int, after: int) -> None:
        """Add some of the trades that are kept to the candles."""
        _, times, prices, amounts = (column[first:after] for column in self._kept.columns)
        self._minutes.trade(times, prices, amounts, self._quotes_in_a_product())

    def replace_past(
        self, candles: Sequence[Candle], step_ms: int, until_ms: int, own: Sequence[Trade] = ()
    ) -> None:
        """Put candles in place of all that was before `until_ms`.

        They come in order, and open at multiples of `step_ms`. Candles of a smaller step have what was traded
        in a larger one in its first minute. Trades before `until_ms` that are to stay are in `own`, oldest
        first: their volume is added, and they may widen a candle.
        """
        opens = [candle.timestamp for candle in candles]
        if step_ms % MINUTE_MS or any(each % step_ms for each in opens):
            raise ValueError("candles open at multiples of their step, which is a number of minutes")
        if opens != sorted(set(opens)) or (opens and opens[-1] >= until_ms):
            raise ValueError(f"candles come in order, and open before {until_ms}")
        self._catch_up()
        self._refine(
            [price for candle in candles for price in candle[1:5]] + [trade.price for trade in own],
            [candle.volume for candle in candles] + [trade.amount for trade in own],
            [candle.quote_volume for candle in candles],
        )
        rows = {candle.timestamp: self._row(candle) for candle in candles}
        for trade in own:
            self._widen(rows, opens, step_ms, trade)
        before, present = self._minutes, bisect_left(self._kept.columns[1], until_ms)
        self._minutes = Rows()
        for start in sorted(rows):
            self._minutes.add(rows[start])
        # A minute that `until_ms` lies in goes on with the trades from then on.
        first_whole = -(-until_ms // MINUTE_MS) * MINUTE_MS
        self._count(present, bisect_left(self._kept.columns[1], first_whole))
        for row in before.part(bisect_left(before.starts, first_whole), len(before)):
            self._minutes.add(row)
        later, self._kept = self._kept, Table(4)
        for trade in own[-TRADES_KEPT:]:
            self._kept.append(self._numbers(trade))
        for index in range(present, len(later)):
            self._kept.append(later.row(index))
        self._read, self._old = len(self._kept), 0
        self._blurred_until = max(self._blurred_until, until_ms - 1)
        self._series, self._day = {}, RollingDay()
        if present == len(later) and self._minutes:
            self.last_price = self._prices.value(self._minutes[len(self._minutes) - 1].close)

    def _row(self, candle: Candle) -> Row:
        price = self._prices.count
        return Row(
            candle.timestamp,
            price(candle.open),
            price(candle.high),
            price(candle.low),
            price(candle.close),
            self._amounts.count(candle.volume),
            self._quotes.count(candle.quote_volume),
            candle.trades,
        )

    def _widen(self, rows: dict[int, Row], opens: Sequence[int], step_ms: int, trade: Trade) -> None:
        """Add a trade to the candle that it falls into. Where there is none, it becomes one."""
        _, time, price, amount = self._numbers(trade)
        amount = abs(amount)
        quote = price * amount * self._quotes_in_a_product()
        place = bisect_right(opens, time) - 1
        start = time // MINUTE_MS * MINUTE_MS
        if place >= 0 and time < opens[place] + step_ms:
            start = opens[place]
        row = rows.get(start)
        if row is None:
            rows[start] = Row(start, price, price, price, price, amount, quote, 1)
            return
        rows[start] = Row(
            start,
            row.open,
            max(row.high, price),
            min(row.low, price),
            row.close,
            row.volume + amount,
            row.quote_volume + quote,
            row.trades + 1,
        )

    # The last 24 hours

    def day(self, now: int) -> Day:
        """The figures of the 24 hours before `now`, which must not go back.

        They are exact to the millisecond while all trades of that time are known one by one. Else they are
        those of the whole minutes in it.
        """
        if self._blurred_until <= now - DAY_MS:
            _, times, prices, amounts = self._kept.columns
            figures = self._day.roll(times, prices, amounts, now)
        else:
            self._catch_up()
            figures = day_of_minutes(self._minutes, now)
        if figures is None:
            return Day(None, ZERO, ZERO)
        price = self._prices.value
        return Day(
            (price(figures.open), price(figures.high), price(figures.low)),
            self._amounts.value(figures.volume),
            self._quotes.value(figures.quote_volume),
        )

    def last_time_at(self, price: Decimal) -> int | None:
        """When a price was last the price of a trade, to the minute if that is long ago; None for never.

        Long ago, only the prices that were the highest or lowest of a minute are known.
        """
        try:
            wanted = self._prices.count(price)
        except Inexact:
            return None
        _, times, prices, _ = self._kept.columns
        for index in range(len(prices) - 1, -1, -1):
            if prices[index] == wanted:
                return times[index]
        self._catch_up()
        for index in range(len(self._minutes) - 1, -1, -1):
            row = self._minutes[index]
            if wanted in (row.high, row.low):
                return row.start
        return None

    # Units

    def _numbers(self, trade: Trade) -> tuple[int, int, int, int]:
        amount = self._amounts.count(trade.amount)
        price = self._prices.count(trade.price)
        return trade.id, trade.timestamp, price, amount if trade.side == "buy" else -amount

    def _quotes_in_a_product(self) -> int:
        """How many units of quote volume a price unit times an amount unit is."""
        return self._quotes.count(multiply(self._prices.unit, self._amounts.unit))

    def _refine(
        self, prices: Sequence[Decimal], amounts: Sequence[Decimal], quotes: Sequence[Decimal] = ()
    ) -> None:
        """Make the units fine enough for these numbers, as for those of a market whose steps have changed."""
        finer_prices, finer_amounts = self._prices.refine(prices), self._amounts.refine(amounts)
        product = multiply(self._prices.unit, self._amounts.unit)
        finer_quotes = self._quotes.refine([product, *quotes])
        if finer_prices == finer_amounts == finer_quotes == 1:
            return
        self._kept.scale(2, finer_prices)
        self._kept.scale(3, finer_amounts)
        for number in PRICES:
            self._minutes.table.scale(number, finer_prices)
        self._minutes.table.scale(VOLUME, finer_amounts)
        self._minutes.table.scale(QUOTE_VOLUME, finer_quotes)
        self._series, self._day = {}, RollingDay()
