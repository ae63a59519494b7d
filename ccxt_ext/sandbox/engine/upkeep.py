"""What happens in an engine by itself: by time, by price, and by the synthetic traders."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from itertools import count
from typing import Literal

from .accounts import Account
from .clock import Clock
from .contracts.liquidation import Liquidator
from .contracts.margins import Margins
from .events import BalanceEvent, Event, PositionEvent
from .exact import ZERO
from .ledger import Ledger
from .market import Market
from .model import Order
from .positions import Holding
from .synthetic.traders import Traders
from .trading.matching import UNLIMITED


class EngineLife:
    """The part of the engine that acts when nobody asks it to."""

    clock: Clock
    markets: dict[str, Market]
    book_keeping: Ledger
    wallets: tuple[str, ...]
    _accounts: dict[str, Account]
    _order_ids: count[int]
    _events: list[Event]
    _listeners: list[Callable[[list[Event]], None]]
    _batches: deque[list[Event]]
    _margins: Margins
    _liquidator: Liquidator
    _event_time: int | None = None
    _delivering: bool
    _traders: list[Traders]

    def warm_up(self) -> None:
        """Make the past of every market now. Safe to call from another thread."""
        for market in list(self.markets.values()):  # another may be listed meanwhile
            market.warm_up()

    def step_traders(self, warm_only: bool = False) -> None:
        """Let the synthetic traders of each market act once: place, cancel, take.

        With `warm_only`, no past is made for it: markets without one are left alone.
        """
        self.catch_up()
        for traders in self._traders:
            if traders.market.is_warm or not warm_only:
                traders.market.warm_up()
                traders.step(self.clock.now())  # which is not before the past's end
        self._finish()

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Call `listener` with every event, after the operation that caused it. Returns what ends that."""

        def one_by_one(batch: list[Event]) -> None:
            for event in batch:
                listener(event)

        return self.subscribe_batches(one_by_one)

    def subscribe_batches(self, listener: Callable[[list[Event]], None]) -> Callable[[], None]:
        """Call `listener` with all events of an operation at once. Returns what ends that."""
        self._listeners.append(listener)
        for market in self.markets.values():
            market.tell(self._events)

        def end() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)
            if not self._listeners:
                for market in self.markets.values():
                    market.tell(None)

        return end

    def pass_time(self) -> None:
        """Do what is due by now, and tell the listeners."""
        self.catch_up()
        self._finish()

    def _finish(self) -> None:
        """What follows from an operation, then the events of it all."""
        if self._margins.markets:
            self._calm_down()
            self._tell_positions()
        self._deliver()

    def _tell_positions(self) -> None:
        """Positions that changed, and the money that changed with them."""
        for settlement in self._margins.markets.values():
            changed = list(settlement.changed)
            settlement.changed.clear()
            for name in changed if self._listeners else ():
                holding = settlement.holdings.get(name)
                position = None if holding is None else settlement.describe(holding)
                self._events.append(PositionEvent(name, settlement.spec.id, position))
                self._tell_balance(self._accounts[name], settlement.wallet, settlement.currency)

    def _tell_balance(self, owner: Account, wallet: str, currency: str) -> None:
        if self._listeners:
            free, held = self._margins.balance(owner, wallet, currency)
            self._events.append(BalanceEvent(owner.name, currency, free, held, wallet))

    def _deliver(self) -> None:
        """A listener may act: what follows from that is told to all when they have heard of this."""
        if self._events:
            self._batches.append(self._events.copy())
            self._events.clear()
        if self._delivering:
            return
        self._delivering = True
        try:
            while self._batches:
                batch = self._batches.popleft()
                for listener in self._listeners.copy():
                    listener(batch)
        finally:
            self._batches.clear()
            self._delivering = False

    # Time and risk

    def _now(self) -> int:
        """While something that was due is done: when it was due."""
        return self.clock.now() if self._event_time is None else self._event_time

    def catch_up(self) -> None:
        """Do all that is due by now, in order: funding, new prices, settlement, liquidations."""
        if self._event_time is not None or not self._margins.markets:
            return
        now = self.clock.now()
        try:
            while True:
                due = [
                    (at, number)
                    for number, market in enumerate(self.markets.values())
                    if (at := market.next_change()) is not None and at <= now
                ]
                if not due:
                    break
                at, number = min(due)
                self._event_time = at
                list(self.markets.values())[number].pass_time(at)
                self._calm_down()
        finally:
            self._event_time = None

    def _calm_down(self) -> None:
        """Liquidate and close what has to be, until nothing has."""
        while self._liquidator.step() or self._take_exit():
            pass

    def _take_exit(self) -> bool:
        """Close one position whose stop loss or take profit has come; whether anything traded."""
        for settlement in self._margins.markets.values():
            market = self.markets[settlement.spec.id]
            for holding in settlement.holdings.values():
                if not holding.stop_loss and not holding.take_profit:
                    continue
                last, sign = market.last_price, 1 if holding.net > ZERO else -1
                stop, goal = holding.stop_loss, holding.take_profit
                if stop and (last - stop) * sign <= 0 and self._close_out(holding, market, "stop_loss"):
                    return True
                if goal and (last - goal) * sign >= 0 and self._close_out(holding, market, "take_profit"):
                    return True
        return False

    def _close_out(
        self, holding: Holding, market: Market, origin: Literal["stop_loss", "take_profit"]
    ) -> bool:
        side, now = holding.closing_side, self._now()
        order = Order(
            next(self._order_ids),
            holding.account,
            None,
            holding.market,
            side,
            "market",
            None,
            holding.amount,
            holding.amount,
            now,
            now,
            UNLIMITED if side == "buy" else 0,
            reduce_only=True,
            leverage=holding.leverage,
            margin_mode=holding.mode,
            origin=origin,
        )
        if not market.meets(side, order.ticks, order.amount):
            return False
        market.submit(order, self._accounts[holding.account], now)
        return True

    def _cancel_for(self, order: Order, reason: str) -> None:
        if order.status == "open":  # one that is gone may have set off another
            self.markets[order.market].withdraw(order, self._accounts[order.account], self._now(), reason)
