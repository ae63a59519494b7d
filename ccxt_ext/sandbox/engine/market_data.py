"""What can be read from a market."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from threading import Lock

from .accounts import Account
from .clock import Clock
from .contracts.settlement import ContractSettlement
from .events import Event
from .exact import RATIO, ZERO
from .model import Candle, Level, MarketSpec, Order, Side, Ticker, Trade, TriggerSource
from .synthetic.crowd import Crowd
from .synthetic.history import Horizon
from .trading.book import Book
from .trading.candles import CandleSeries, RollingDay
from .trading.matching import meets

RATIO_STEP = Decimal("1e-8")


class MarketData:
    """The book and its past.

    The past is made when the market is first touched, from the seed and the market's name
    alone, so that it is the same whichever market is touched first.
    """

    def __init__(
        self,
        spec: MarketSpec,
        *,
        clock: Clock,
        crowd: Crowd,
        horizons: Sequence[Horizon],
        history_lock: Lock,
        past_ends: Callable[[], int],
    ) -> None:
        self.spec = spec
        self.crowd = crowd
        self.events: list[Event] | None = None
        """Filled while somebody listens, None otherwise."""
        self._event_sink: list[Event] | None = None
        self._clock = clock
        self._horizons = horizons
        self._history_lock = history_lock
        self._past_ends = past_ends
        self._has_history = False
        self._book = Book()
        self._trades: list[Trade] = []
        self._series: dict[int, CandleSeries] = {}
        self._day = RollingDay(self._trades)
        self._seq = 0
        self.contract: ContractSettlement | None = None
        self.catch_up: Callable[[], None] = lambda: None
        """Does what is due by now, before anybody looks at what time changes."""

    def __repr__(self) -> str:
        return f"Market({self.spec.id!r})"

    @property
    def is_warm(self) -> bool:
        """Whether the past has been made."""
        return self._has_history

    def warm_up(self) -> None:
        """Make the past now, unless it is there. Safe to call from another thread."""
        if self._has_history:
            return
        end_ms = self._past_ends()
        with self._history_lock:
            if not self._has_history:
                self._make_past(end_ms)
                if self.contract is not None:
                    self.contract.prices.move_to(self._clock.now())
                self._has_history = True
                self.events = self._event_sink

    def _make_past(self, end_ms: int) -> None:
        raise NotImplementedError

    def tell(self, sink: list[Event] | None) -> None:
        """Append every event to `sink` from now on, but none of the past, even if that is only
        made later. None ends it."""
        self._event_sink = sink
        if self._has_history:
            self.events = sink

    # What can be read

    def book(self, depth: int | None = None) -> tuple[list[Level], list[Level]]:
        """Bids and asks, best first."""
        self.warm_up()
        return self._book.bids.levels(depth), self._book.asks.levels(depth)

    def standing(self, side: Side) -> list[Order]:
        """The orders in the book, in the order in which they would be met."""
        self.warm_up()
        return self._book.side(side).orders()

    @property
    def best_bid(self) -> Decimal | None:
        self.warm_up()
        level = self._book.bids.best()
        return None if level is None else level.price

    @property
    def best_ask(self) -> Decimal | None:
        self.warm_up()
        level = self._book.asks.best()
        return None if level is None else level.price

    def best_ticks(self, side: Side) -> int | None:
        """The best price of a side in ticks."""
        self.warm_up()
        level = self._book.side(side).best()
        return None if level is None else level.ticks

    def resting_orders(self, accounts: Sequence[Account]) -> list[tuple[Order, Account]]:
        """The orders of these accounts in the book, best price first."""
        self.warm_up()
        owners = {account.name: account for account in accounts}
        return [
            (order, owners[order.account])
            for side in (self._book.bids, self._book.asks)
            for level in side
            for order in level.orders.values()
            if order.account in owners
        ]

    @property
    def last_price(self) -> Decimal:
        self.warm_up()
        return self._trades[-1].price if self._trades else self.spec.start_price

    @property
    def seq(self) -> int:
        """How often this market has changed."""
        self.warm_up()
        return self._seq

    def trades(self, limit: int | None = None) -> list[Trade]:
        """Newest first."""
        self.warm_up()
        first = 0 if limit is None else max(len(self._trades) - limit, 0)
        return self._trades[first:][::-1]

    def candles(self, step_ms: int, start_ms: int, end_ms: int) -> list[Candle]:
        """The candles that open from `start_ms` to `end_ms`, both included, oldest first."""
        self.warm_up()
        series = self._series.get(step_ms)
        if series is None:
            series = self._series[step_ms] = CandleSeries(step_ms, self._trades)
        return series.between(start_ms, end_ms)

    def ticker(self) -> Ticker:
        self.warm_up()
        self._day.roll(self._clock.now())
        last = self.last_price
        opening, high, low = self._day.prices() or (last, last, last)
        change = RATIO.divide(RATIO.subtract(last, opening), opening).quantize(RATIO_STEP)
        bid, ask = self._book.bids.best(), self._book.asks.best()
        return Ticker(
            last,
            opening,
            high,
            low,
            self._day.base_volume,
            self._day.quote_volume,
            change,
            None if bid is None else bid.price,
            None if bid is None else bid.amount,
            None if ask is None else ask.price,
            None if ask is None else ask.amount,
        )

    @property
    def active(self) -> bool:
        """Whether it takes orders."""
        expiry = self.spec.expiry_ms
        return self.spec.active and (expiry is None or self._clock.now() < expiry)

    def price(self, source: TriggerSource) -> Decimal:
        """What waiting orders go by."""
        if source == "last" or self.contract is None:
            return self.last_price
        return self.contract.prices.mark if source == "mark" else self.contract.prices.index

    @property
    def mark_price(self) -> Decimal:
        self.warm_up()
        self.catch_up()
        return self.price("mark")

    @property
    def index_price(self) -> Decimal:
        self.warm_up()
        self.catch_up()
        return self.price("index")

    @property
    def funding_rate(self) -> Decimal | None:
        """What longs will pay shorts at the next funding time; None where there is no funding."""
        return None if self.next_funding_time is None or not self.contract else self.contract.prices.rate

    def past_funding_rates(self, count: int) -> list[tuple[int, Decimal]]:
        """When the latest were paid, and what they were; newest first."""
        if self.next_funding_time is None or self.contract is None:
            return []
        return self.contract.prices.past_rates(count)

    @property
    def next_funding_time(self) -> int | None:
        if self.contract is None or self.spec.funding_interval_ms is None or not self.active:
            return None
        self.warm_up()
        self.catch_up()
        return self.contract.prices.next_change

    @property
    def open_interest(self) -> Decimal:
        """Contracts that are held, counted on one side."""
        self.warm_up()
        self.catch_up()
        return self.contract.open_interest if self.contract else ZERO

    def _market_price(self) -> Decimal:
        """The last price, or the best one that stands on its wrong side."""
        self.warm_up()
        last = self._trades[-1].price if self._trades else self.spec.start_price
        bid, ask = self._book.bids.best(), self._book.asks.best()
        if bid is not None and bid.price > last:
            return bid.price
        return ask.price if ask is not None and ask.price < last else last

    def meets(self, side: Side, ticks: int, amount: Decimal) -> list[tuple[Decimal, Decimal]]:
        """What an order with this limit would be matched with now: prices, and the amount at each."""
        self.warm_up()
        return meets(self._book, side, ticks, amount)
