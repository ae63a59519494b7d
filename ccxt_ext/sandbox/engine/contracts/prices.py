"""Index, mark price and funding rate of a contract market.

All three follow the market: the index is near its price, and the mark price near the index. How near is drawn
from the seed, anew for each funding interval (or day). So these prices do not move while the book is still,
and the same seed gives the same ones.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from random import Random

from ..exact import ONE, RATIO, ZERO
from ..model import MarketSpec, TriggerSource

DAY_MS = 86_400_000
MEAN_RATE = 0.0001
MOST_RATE = 0.0075
STEP = Decimal("1e-8")
EVER = -(10**9)


class ContractPrices:
    market_price: Callable[[], Decimal]
    """Set once the market is put together."""

    def __init__(self, spec: MarketSpec, seed: str, start_ms: int) -> None:
        self._spec = spec
        self._seed = seed
        self.interval_ms = spec.funding_interval_ms or DAY_MS
        self._first = start_ms // self.interval_ms
        self.interval = 0
        """The interval's number since the engine's start. The engine moves on once the last one is paid."""
        self.settled: Decimal | None = None
        """The price at which the contract was settled after its expiry."""
        self._step = Decimal(1).scaleb(int(spec.tick.normalize().as_tuple().exponent) - 2)
        self._fixed: list[tuple[int, Decimal | None]] = [(EVER, spec.funding_rate)]
        """The funding rates that do not change, or None, each with the interval from which on it holds."""
        self._draw()

    def change(self, spec: MarketSpec) -> None:
        """Go by other rules. Another funding rate is paid at the end of the present interval."""
        if spec.funding_rate != self._spec.funding_rate:
            self._fixed.append((self.interval, spec.funding_rate))
        self._spec = spec
        self._draw()

    def _drawn(self, interval: int) -> tuple[float, Decimal]:
        """How far the index is from the market in an interval, and the rate that is paid at its end."""
        rng = Random(f"{self._seed}:prices:{interval}")
        beside = max(-3.0, min(3.0, rng.gauss(0.0, 1.0))) * self._spec.basis
        rate = max(-MOST_RATE, min(MOST_RATE, rng.gauss(MEAN_RATE, MEAN_RATE)))
        fixed = next(rate for since, rate in reversed(self._fixed) if interval >= since)
        return beside, Decimal(rate).quantize(STEP) if fixed is None else fixed

    def past_rates(self, count: int) -> list[tuple[int, Decimal]]:
        """The funding rates of the latest intervals, with the times when they were paid; newest first."""
        return [
            ((self._first + interval + 1) * self.interval_ms, self._drawn(interval)[1])
            for interval in range(self.interval - 1, self.interval - 1 - count, -1)
        ]

    def _draw(self) -> None:
        beside, self.rate = self._drawn(self.interval)
        basis = self._spec.basis
        self._index_factor = RATIO.add(ONE, Decimal(beside).quantize(STEP))
        premium = RATIO.divide(self.rate, Decimal(10)) if basis else ZERO
        self._mark_factor = RATIO.add(ONE, premium)
        self._followed: Decimal | None = None
        """The market price from which `_latest` was calculated."""
        self._latest = ZERO, ZERO

    @property
    def next_change(self) -> int:
        """The end of the present interval."""
        return (self._first + self.interval + 1) * self.interval_ms

    def move_on(self) -> None:
        self.interval += 1
        self._draw()

    def move_to(self, now: int) -> None:
        """Begin the interval that contains `now`."""
        if now >= self.next_change:
            self.interval = now // self.interval_ms - self._first
            self._draw()

    @property
    def index(self) -> Decimal:
        return self.index_and_mark[0]

    @property
    def mark(self) -> Decimal:
        if self.settled is not None:
            return self.settled
        if self.market_price() != self._followed:
            self._follow()
        return self._latest[1]

    @property
    def index_and_mark(self) -> tuple[Decimal, Decimal]:
        if self.settled is not None:
            return self.settled, self.settled
        if self.market_price() != self._followed:
            self._follow()
        return self._latest

    def market_price_at(self, price: Decimal, source: TriggerSource) -> Decimal:
        """About the price that the market has when this is the last, index or mark price."""
        if source == "last":
            return price
        price = RATIO.divide(price, self._index_factor)
        return RATIO.divide(price, self._mark_factor) if source == "mark" else price

    def _follow(self) -> None:
        """Calculate the index and mark price anew, as the market's price has changed."""
        self._followed = price = self.market_price()
        index = self._rounded(RATIO.multiply(price, self._index_factor))
        self._latest = index, self._rounded(RATIO.multiply(index, self._mark_factor))

    def _rounded(self, price: Decimal) -> Decimal:
        return max(price.quantize(self._step), self._step)
