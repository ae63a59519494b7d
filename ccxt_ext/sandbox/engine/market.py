"""One market: its prices, book, trades and candles to read, and the way in for orders."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from .accounts import Account
from .clock import Clock
from .contracts.contract_settlement import ContractSettlement
from .contracts.schedule import Schedule
from .exact import EXACT, RATIO, ZERO, common_unit, multiply, units
from .model import Candle, Level, MarketSpec, Order, Side, Ticker, Trade, TriggerSource
from .past import PastLock
from .stops import first_stop
from .synthetic.beginning import Beginning
from .synthetic.crowd import BookShape, Crowd
from .synthetic.driver import MarketDriver
from .synthetic.path import past_of, retell
from .synthetic.played import Player, Stop
from .synthetic.rows import TickRow, TickRows
from .synthetic.traders import Traders
from .trading.matching import Matching
from .trading.settlement import Offers

RATIO_STEP = Decimal("1e-8")


class Market:
    """One market: its book, its trades and its prices. It makes its history before anybody looks at it.

    The history is made when the market is first used, from the seed and the market's name alone. So it does
    not depend on which market is used first.
    """

    def __init__(
        self,
        matching: Matching,
        crowd: Crowd,
        beginning: Beginning,
        *,
        clock: Clock,
        past_ends: Callable[[], int],
        past_lock: PastLock,
        contract: ContractSettlement | None = None,
        schedule: Schedule | None = None,
        catch_up: Callable[[], None] | None = None,
    ) -> None:  # internal
        """`catch_up` does everything that is due. It is called before reading what depends on time."""
        self.spec = matching.spec
        """The market's rules."""
        self.matching = matching
        self.crowd = crowd
        self.beginning = beginning
        self.clock = clock
        self.contract = contract
        self.schedule = schedule
        self.per_tick = 1
        """How many ticks of the book a tick of the spec is: the book keeps finer ones, once it had them."""
        self.is_listed = True
        """Whether it was not delisted yet."""
        self.is_warm = False
        """Whether the history was made."""
        # The synthetic traders, who move the market unless another driver is given.
        self.traders = Traders(self)
        # What moves the market by itself.
        self.driver: MarketDriver = self.traders
        self._book = matching.book
        self._tape = matching.tape
        self._past_ends = past_ends
        self._past_lock = past_lock
        self._catch_up = catch_up

    def __repr__(self) -> str:
        return f"Market({self.spec.id!r})"

    def start_at(self, price: Decimal) -> None:  # internal
        """Make the history around another price than the venue's own, when it is made."""
        if self.is_warm:
            raise ValueError(f"{self.spec.id} has a history already")
        ticks = units(price, self.spec.tick)
        assert ticks is not None
        self._tape.last_price = price = multiply(self.spec.tick, ticks)
        self.spec = self.matching.spec = replace(self.spec, start_price=price)
        self.crowd.start_at(self.spec)

    def change(self, spec: MarketSpec, now: int) -> None:  # internal
        """Go by other rules from now on. Open orders that do not fit them stay until they are cancelled."""
        self.warm_up()
        tick = common_unit(self.matching.spec.tick, spec.tick)
        finer, self.per_tick = units(self.matching.spec.tick, tick) or 1, units(spec.tick, tick) or 1
        start_price = self.matching.spec.start_price
        inner = replace(spec, tick=tick, start_price=start_price)
        if not self.active:
            self.driver.skip(now)  # what would have moved it while it stood still
        self.spec = spec
        self.matching.change(inner, finer, now)
        self.crowd.change(inner, self.per_tick, finer)
        self.traders.refine(finer)
        if spec.active:
            self.crowd.refit([*self._book.bids.orders(), *self._book.asks.orders()], now)
            self.matching.run_due(now)

    def delist(self, now: int) -> None:  # internal
        """End for good: cancel all orders, and settle positions at the index price."""
        self.warm_up()
        self.matching.withdraw_all(now, "delisted")
        if self.schedule is not None and not self.is_settled:
            self.schedule.settle()
        self.is_listed = False
        self.change(replace(self.spec, active=False), now)

    @property
    def is_settled(self) -> bool:
        """Whether a contract was settled, as it has expired or was delisted."""
        return self.contract is not None and self.contract.prices.settled is not None

    def warm_up(self) -> None:  # internal
        """Make the history now, if it is not made yet. This may be called from another thread."""
        if self.is_warm:
            return
        end_ms = self._past_ends()
        with self._past_lock:
            if not self.is_warm:
                self.beginning.begin(end_ms)
                if self.contract is not None:
                    self.contract.prices.move_to(self.clock.now())
                self.is_warm = True
                self._past_lock.made += 1
                self.matching.announcer.begin()

    # The book

    def book(self, depth: int | None = None) -> tuple[list[Level], list[Level]]:
        """Bids and asks, best first."""
        if not self.is_warm:
            self.warm_up()
        return self._book.bids.levels(depth), self._book.asks.levels(depth)

    def standing(self, side: Side) -> list[Order]:
        """The orders in the book, in the order in which they would trade."""
        self.warm_up()
        return self._book.side(side).orders()

    def each_standing(self, side: Side) -> Iterator[Order]:
        """The same, one by one: for who needs only the first of them."""
        self.warm_up()
        return self._book.side(side).each_order()

    def each_synthetic(self) -> Iterator[Order]:
        """The orders of the synthetic traders in the book, in no certain order."""
        self.warm_up()
        return self.traders.quotes.orders()

    @property
    def best_bid(self) -> Decimal | None:
        """The highest price that is bid."""
        if not self.is_warm:
            self.warm_up()
        level = self._book.bids.best()
        return None if level is None else level.price

    @property
    def best_ask(self) -> Decimal | None:
        """The lowest price that is asked."""
        if not self.is_warm:
            self.warm_up()
        level = self._book.asks.best()
        return None if level is None else level.price

    def best_ticks(self, side: Side) -> int | None:  # internal
        """The best price of a side in ticks."""
        self.warm_up()
        level = self._book.side(side).best()
        return None if level is None else level.ticks

    def offers(self, side: Side, ticks: int, amount: Decimal) -> list[tuple[Decimal, Decimal]]:
        """What an order with this limit would trade now: the prices, and the amount at each."""
        if not self.is_warm:
            self.warm_up()
        return self._book.offers(side, ticks, amount)

    @property
    def seq(self) -> int:
        """How often this market has changed."""
        self.warm_up()
        return self.matching.seq

    # Trades

    @property
    def last_price(self) -> Decimal:
        """The price of the latest trade."""
        if not self.is_warm:
            self.warm_up()
        return self._tape.last_price

    @property
    def last_ticks(self) -> int:  # internal
        """That price in ticks, rounded down if the ticks have changed since."""
        return max(1, int(EXACT.divide_int(self.last_price, self.matching.spec.tick)))

    @property
    def last_time(self) -> int:  # internal
        """When the latest trade was."""
        return self._tape.last_time

    def trades(self, limit: int | None = None) -> list[Trade]:
        """The latest trades of all accounts, newest first. Some thousands are kept."""
        if not self.is_warm:
            self.warm_up()
        return self._tape.newest(limit)

    def each_trade(
        self, newest_first: bool = True, *, until_ms: int | None = None, side: Side | None = None
    ) -> Iterator[Trade]:
        """The trades of all accounts, one by one: for who needs only some of them.

        Without those that were later than `until_ms`, and with one `side`, only those of takers of it.
        """
        self.warm_up()
        return self._tape.each(newest_first, until_ms, side)

    def last_time_at(self, price: Decimal) -> int | None:
        """When a price was last the price of a trade, to the minute if that is long ago; None for never."""
        self.warm_up()
        return self._tape.last_time_at(price)

    def candles(self, step_ms: int, start_ms: int, end_ms: int) -> list[Candle]:
        """The candles that open between `start_ms` and `end_ms`, both included, oldest first."""
        self.warm_up()
        return self._tape.candles(step_ms, start_ms, end_ms)

    def ticker(self) -> Ticker:
        """Figures of the last 24 hours."""
        if not self.is_warm:
            self.warm_up()
        day = self._tape.day(self.clock.now())
        last = self._tape.last_price
        opening, high, low = day.prices or (last, last, last)
        change = RATIO.divide(RATIO.subtract(last, opening), opening).quantize(RATIO_STEP)
        bid, ask = self._book.bids.best(), self._book.asks.best()
        return Ticker(
            last,
            opening,
            high,
            low,
            day.base_volume,
            day.quote_volume,
            change,
            None if bid is None else bid.price,
            None if bid is None else bid.amount,
            None if ask is None else ask.price,
            None if ask is None else ask.amount,
        )

    # Prices, and what only contracts have

    @property
    def active(self) -> bool:
        """Whether the market takes orders."""
        expiry = self.spec.expiry_ms
        return self.spec.active and (expiry is None or self.clock.now() < expiry)

    def price(self, source: TriggerSource) -> Decimal:
        """The price that waiting orders are compared with."""
        if not self.is_warm:
            self.warm_up()
        return self.matching.price_by(source)

    @property
    def market_price(self) -> Decimal:
        """The last price; or the best bid if that is higher, or the best ask if that is lower."""
        return self.price_now()

    def price_now(self) -> Decimal:  # internal
        """The same, as a function."""
        if not self.is_warm:
            self.warm_up()
        last = self._tape.last_price
        bid, ask = self._book.bids.best(), self._book.asks.best()
        if bid is not None and bid.price > last:
            return bid.price
        return ask.price if ask is not None and ask.price < last else last

    @property
    def mark_price(self) -> Decimal:
        """The price by which profits and margins are counted."""
        self._do_due()
        return self._tape.last_price if self.contract is None else self.contract.prices.mark

    @property
    def index_and_mark_price(self) -> tuple[Decimal, Decimal]:
        """The price of what the contract is about, and the one by which profits and margins are counted."""
        self._do_due()
        last = self._tape.last_price
        return (last, last) if self.contract is None else self.contract.prices.index_and_mark

    @property
    def index_price(self) -> Decimal:
        """The price of what the contract is about."""
        self._do_due()
        return self._tape.last_price if self.contract is None else self.contract.prices.index

    @property
    def funding_rate(self) -> Decimal | None:
        """The rate that longs will pay shorts at the next funding time; None if there is no funding."""
        return None if self.next_funding_time is None or not self.contract else self.contract.prices.rate

    def past_funding_rates(self, count: int) -> list[tuple[int, Decimal]]:
        """The latest funding rates, with the times when they were paid; newest first."""
        if self.next_funding_time is None or self.contract is None:
            return []
        return self.contract.prices.past_rates(count)

    @property
    def next_funding_time(self) -> int | None:
        """When funding is paid next; None if there is no funding."""
        if self.contract is None or self.spec.funding_interval_ms is None or not self.active:
            return None
        self._do_due()
        return self.contract.prices.next_change

    @property
    def open_interest(self) -> Decimal:
        """The number of open contracts, counting one side only."""
        self._do_due()
        return self.contract.holdings.open_interest if self.contract else ZERO

    def _do_due(self) -> None:
        """Make the history, and do what is due since, before something is read."""
        if not self.is_warm:
            self.warm_up()
        if self._catch_up is not None:
            self._catch_up()

    # Orders. The caller makes the history first.

    def check(self, order: Order, account: Account, offers: Offers) -> None:  # internal
        """Refuse an order that makes no sense here, or that the account has too little money for."""
        self.matching.settlement.check(order, account, offers)

    def submit(self, order: Order, account: Account, now: int) -> None:  # internal
        """Carry out an order that was checked."""
        self.matching.submit(order, account, now)

    def withdraw(self, order: Order, account: Account, now: int, reason: str = "") -> None:  # internal
        """Cancel an open order."""
        self.matching.withdraw(order, account, now, reason)

    # Time

    @property
    def is_driven(self) -> bool:  # internal
        """Whether something else than chance moves it: another driver, or somebody steers the traders."""
        return self.driver is not self.traders or self.traders.course is not None

    def next_act(self, after: int) -> int | None:  # internal
        """When something moves the market next, later than `after`.

        What is left from before may be left out.
        """
        if not self.is_warm or not self.active:
            return None
        at = self.driver.next_event()
        if at is not None and at <= after and not self.driver.makes_up:
            self.driver.skip(after)
            at = self.driver.next_event()
        return None if at is None else max(at, after + 1)

    def act(self, now: int) -> bool:  # internal
        """Let the market be moved once, if that is due by now. Returns whether it was."""
        if not self.is_warm or not self.active:
            return False
        at = self.driver.next_event()
        if at is None or at > now:
            return False
        self.driver.act(now)
        return True

    def first_stop(self, from_ticks: int, to_ticks: int) -> Stop | None:  # internal
        """The first price between these at which something of an account waits for the market."""
        return first_stop(self.matching, self.contract, from_ticks, to_ticks)

    def shape_book(self, shape: BookShape, now: int) -> None:  # internal
        """Set what the makers keep in the book. If the history is made, they place it now."""
        self.crowd.shape = shape
        if self.is_warm and self.active:
            self.traders.quotes.lay_anew(self.last_ticks, now, self.crowd.random(f"book:{self.seq}"))

    def steer(self, ticks: int, now: int, until_ms: int) -> None:  # internal
        """Have the traders bring the market to a price, evenly until that time."""
        self.traders.steer(ticks, now, until_ms)

    def play(self, rows: Sequence[TickRow], step_ms: int, own: Sequence[Trade], now: int) -> None:  # internal
        """Take given candles as the past, as far as they go, and go through the others as time passes.

        `own` are the trades of accounts so far, oldest first.
        """
        past = past_of(rows, step_ms, now, self.matching.spec, self.per_tick)
        if past.ticks is not None:
            retell(self.matching, past, own, now)
            self.traders.settle(past.ticks)
            self.traders.quotes.is_tight = True
            self.traders.show(past.ticks, now)
        self.driver = Player(self, self.traders.quotes, TickRows(rows), step_ms, now)

    def give_back(self) -> None:  # internal
        """Give the market back to the usual traders, who go on from its present price."""
        if self.driver is not self.traders:
            self.traders.settle(self.last_ticks)
            self.traders.quotes.is_tight = False
        self.driver = self.traders

    @property
    def rows_left(self) -> int | None:  # internal
        """How many of the candles that were given have not begun; None if none were given."""
        return len(self.driver) if isinstance(self.driver, Player) else None

    def next_change(self) -> int | None:  # internal
        """When something is due here next. There is nothing due before the history was made."""
        return self.schedule.next_change() if self.schedule and self.is_warm else None

    def quiet_until(self, now: int) -> int | None:  # internal
        """Nothing is due here before this, whatever positions are opened. None: nothing ever will be."""
        return self.schedule.quiet_until(now) if self.schedule and self.is_warm else None

    def pass_time(self, at: int) -> None:  # internal
        """Pay funding, draw new prices, or settle."""
        if self.schedule is None:
            return
        if self.schedule.expires(at):
            self.matching.withdraw_all(at, "expired")
        self.schedule.pass_time(at)
        self.matching.run_due(at)
