"""One market: its book, its trades, and what can be read from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from threading import Lock

from .accounts import Account
from .book import Book
from .candles import CandleSeries, RollingDay
from .clock import Clock
from .crowd import Crowd
from .exact import RATIO, ZERO, add, subtract
from .history import Horizon, make_history
from .ledger import Ledger
from .matching import crossing, meets
from .model import (
    BalanceEvent,
    BookEvent,
    Candle,
    Event,
    Fill,
    Level,
    MarketSpec,
    Order,
    OrderEvent,
    Side,
    Ticker,
    Trade,
    TradeEvent,
    TriggerSource,
)
from .spot import Charge, SpotSettlement
from .triggers import Triggers

RATIO_STEP = Decimal("1e-8")


class Market:
    """The book and its past.

    The past is made when the market is first touched, from the seed and the market's name
    alone, so that it is the same whichever market is touched first.
    """

    def __init__(
        self,
        spec: MarketSpec,
        *,
        ledger: Ledger,
        accounts: Mapping[str, Account],
        clock: Clock,
        crowd: Crowd,
        horizons: Sequence[Horizon],
        first_trade_id: int,
        history_lock: Lock,
    ) -> None:
        self.spec = spec
        self.settlement = SpotSettlement(spec, ledger)
        self.crowd = crowd
        self.events: list[Event] | None = None
        """Filled while somebody listens, None otherwise."""
        self._event_sink: list[Event] | None = None
        self._accounts = accounts
        self._clock = clock
        self._horizons = horizons
        self._history_lock = history_lock
        self._has_history = False
        self._book = Book()
        self._triggers = Triggers()
        self._trades: list[Trade] = []
        self._series: dict[int, CandleSeries] = {}
        self._day = RollingDay(self._trades)
        self._next_trade_id = first_trade_id
        self._seq = 0

    def __repr__(self) -> str:
        return f"Market({self.spec.id!r})"

    def warm_up(self) -> None:
        """Make the past now, unless it is there. Safe to call from another thread."""
        if self._has_history:
            return
        with self._history_lock:
            if not self._has_history:
                make_history(self, self.crowd, self._clock.start_ms, self._horizons)
                self._has_history = True
                self.events = self._event_sink

    def tell(self, sink: list[Event]) -> None:
        """Append every event to `sink` from now on, but none of the past, even if that is only
        made later."""
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
        return [order for level in self._book.side(side) for order in level.orders.values()]

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

    def price(self, source: TriggerSource) -> Decimal:
        """What waiting orders go by."""
        return self.last_price

    def meets(self, side: Side, ticks: int, amount: Decimal) -> list[tuple[Decimal, Decimal]]:
        """What an order with this limit would be matched with now: prices, and the amount at each."""
        self.warm_up()
        return meets(self._book, side, ticks, amount)

    # What changes it; the caller has checked the order and the account's money

    def submit(self, order: Order, account: Account, now: int) -> None:
        """Hold an order's money, match it, and leave the rest in the book; or let it wait."""
        self._seq += 1
        order.seq = self._seq
        if account.keeps_records:
            account.add_order(order)
        if self.events is not None:
            self._tell_order(order, account)
        touched = [order]
        self.settlement.reserve(order, account)
        if order.trigger_price is None:
            self._execute(order, account, now, touched)
        else:
            self._triggers.add(order)
        self._after(touched, now)

    def withdraw(self, order: Order, account: Account, now: int) -> None:
        """Cancel an open order and free what it still holds."""
        if order.waits:
            self._triggers.remove(order)
        else:
            self._book.side(order.side).reduce(order, order.remaining)
        self._end(order, account, now, "")
        self._after([order], now)

    def _after(self, touched: list[Order], now: int) -> None:
        """Run the orders whose price has come, then tell what all that changed."""
        while self._triggers:
            order = self._triggers.take_due(self.price)
            if order is None:
                break
            account = self._accounts[order.account]
            self._seq += 1
            order.seq, order.updated = self._seq, now
            if order.price is None:  # it held money at its trigger price
                self.settlement.release(order, account)
            order.triggered = True
            if self.events is not None:
                self._tell_order(order, account)
            touched.append(order)
            self._execute(order, account, now, touched)
        if self.events is not None:
            self._tell_book_and_balances(touched)

    def _execute(self, order: Order, account: Account, now: int, touched: list[Order]) -> None:
        """Match an order whose money is held, and do with the rest what it says."""
        plain = order.type == "limit" and order.time_in_force == "GTC"
        if not plain or order.post_only:
            reason = self._unfit(order)
            if reason:
                self._end(order, account, now, reason)
                return
        allowed = None
        if order.price is None:
            allowed = partial(self.settlement.allowed, order, account)
        for maker, amount in crossing(self._book, order, allowed):
            self._trade(order, account, maker, amount, now)
            touched.append(maker)
        if not order.remaining:
            return
        if plain:
            self._book.side(order.side).add(order)
        elif order.type == "limit":
            self._end(order, account, now, "ioc")
        else:
            book_is_empty = not self.meets(order.side, order.ticks, order.remaining)
            self._end(order, account, now, "no_liquidity" if book_is_empty else "insufficient_funds")

    def _unfit(self, order: Order) -> str:
        """Why an order may not even begin to trade."""
        met = self.meets(order.side, order.ticks, order.remaining)
        if order.post_only and met:
            return "would_cross"
        if order.time_in_force == "FOK":
            total = ZERO
            for _, amount in met:
                total = add(total, amount)
            if total < order.remaining:
                return "fok"
        return ""

    def _end(self, order: Order, account: Account, now: int, reason: str) -> None:
        """Cancel an order that is in no book."""
        self.settlement.release(order, account)
        self._seq += 1
        order.seq = self._seq
        order.status = "canceled"
        order.reason = reason
        order.updated = now
        account.open.pop(order.id, None)
        if self.events is not None:
            self._tell_order(order, account)

    def _trade(self, taker: Order, taker_account: Account, maker: Order, amount: Decimal, now: int) -> None:
        spec = self.spec
        price = maker.limit
        maker_account = self._accounts[maker.account]
        cost = self.settlement.cost(price, amount)
        if taker.side == "buy":
            taker_charge, maker_charge = self.settlement.settle_trade(
                taker,
                taker_account,
                maker,
                maker_account,
                price,
                amount,
                cost,
                spec.taker_fee,
                spec.maker_fee,
            )
        else:
            maker_charge, taker_charge = self.settlement.settle_trade(
                maker,
                maker_account,
                taker,
                taker_account,
                price,
                amount,
                cost,
                spec.maker_fee,
                spec.taker_fee,
            )
        trade = Trade(self._next_trade_id, spec.id, price, amount, taker.side, now)
        self._next_trade_id += 1
        self._seq += 1
        self._trades.append(trade)
        if self.events is not None:
            self.events.append(TradeEvent(trade))
        self._fill(maker, maker_account, trade, cost, maker_charge, True)
        self._fill(taker, taker_account, trade, cost, taker_charge, False)

    def _fill(
        self, order: Order, account: Account, trade: Trade, cost: Decimal, charge: Charge, maker: bool
    ) -> None:
        fee, currency = charge
        order.filled = add(order.filled, trade.amount)
        order.remaining = subtract(order.remaining, trade.amount)
        order.cost = add(order.cost, cost)
        order.fees[currency] = add(order.fees.get(currency, ZERO), fee)
        order.updated = trade.timestamp
        order.seq = self._seq
        if not order.remaining:
            order.status = "closed"
            account.open.pop(order.id, None)
        if account.keeps_records:
            order.average = self.settlement.average(order.filled, order.cost)
            fill = Fill(
                trade.id,
                order.id,
                trade.market,
                order.side,
                trade.price,
                trade.amount,
                cost,
                fee,
                currency,
                maker,
                trade.timestamp,
                account.name,
            )
            account.add_fill(fill)
            if self.events is not None:
                self._tell_order(order, account, fill)

    # What listeners are told

    def _tell_order(self, order: Order, account: Account, fill: Fill | None = None) -> None:
        if self.events is not None and account.keeps_records:
            self.events.append(OrderEvent(replace(order, fees=dict(order.fees)), fill))

    def _tell_book_and_balances(self, touched: Sequence[Order]) -> None:
        """Each level and balance once, as it stands after the whole operation."""
        assert self.events is not None
        levels: dict[tuple[Side, int], Decimal] = {
            (order.side, order.ticks): order.price for order in touched if order.price is not None
        }
        for (side, ticks), price in levels.items():
            amount = self._book.amount_at(side, ticks)
            self.events.append(BookEvent(self.spec.id, side, price, amount, self._seq))
        for name in dict.fromkeys(order.account for order in touched):
            account = self._accounts[name]
            if account.keeps_records:
                for currency in (self.spec.base, self.spec.quote):
                    free, held = account.wallet.balance(currency)
                    self.events.append(BalanceEvent(name, currency, free, held))
