"""Does what happens in an engine by itself, because time has passed or prices have moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from .accounts import Accounts
from .clock import Clock
from .contracts.contract_settlement import ContractSettlement
from .contracts.liquidation import Liquidator
from .contracts.margins import Margins
from .exact import ZERO
from .market import Market
from .model import Order
from .past import PastLock
from .positions import Holding
from .trading.book import UNLIMITED


class Upkeep:
    """Does what is due: funding, new prices, settlement, liquidations, stop losses and take profits.

    All of this is about contracts. Without contract markets, nothing is ever due.
    """

    def __init__(
        self,
        clock: Clock,
        accounts: Accounts,
        markets: Mapping[str, Market],
        contracts: Mapping[str, ContractSettlement],
        margins: Margins,
        past_lock: PastLock,
        next_order_id: Callable[[], int],
    ) -> None:
        self._clock = clock
        self._accounts = accounts
        self._markets = markets
        self._contracts = contracts
        self._past_lock = past_lock
        self._next_order_id = next_order_id
        self._liquidator = Liquidator(contracts, margins, self._cancel)
        self._due_time: int | None = None
        self._quiet_until: int | None = None
        """When something may be due again, as it was when nothing was due any more."""
        self._looked_at = -1
        """How many histories had been made then."""

    def now(self) -> int:
        """The present time. While something overdue is done, it is the time when that was due."""
        return self._clock.now() if self._due_time is None else self._due_time

    def catch_up(self) -> None:
        """Do everything that is due by now, in order: funding, new prices, settlement, liquidations."""
        if self._due_time is not None or not self._contracts:
            return
        now = self._clock.now()
        if self._past_lock.made == self._looked_at and (self._quiet_until is None or now < self._quiet_until):
            return
        made = self._past_lock.made  # by another thread, there may be more of them meanwhile
        try:
            while True:
                due = [
                    (at, number)
                    for number, market in enumerate(self._markets.values())
                    if (at := market.next_change()) is not None and at <= now
                ]
                if not due:
                    break
                at, number = min(due)
                self._due_time = at
                list(self._markets.values())[number].pass_time(at)
                self.calm_down()
            quiet = (market.quiet_until(now) for market in self._markets.values())
            self._quiet_until = min((at for at in quiet if at is not None), default=None)
            self._looked_at = made
        finally:
            self._due_time = None

    def look_again(self) -> None:
        """Something may be due at a time that was looked at before."""
        self._looked_at = -1

    def next_due(self) -> int | None:
        """When something is due next."""
        if not self._contracts:
            return None
        changes = [market.next_change() for market in self._markets.values()]
        return min((at for at in changes if at is not None), default=None)

    def calm_down(self) -> None:
        """Liquidate and close positions until none has to be."""
        while self._liquidator.liquidate_one() or self._take_exit():
            pass

    def _take_exit(self) -> bool:
        """Close one position whose stop loss or take profit was reached. Returns whether anything traded."""
        for id, contract in self._contracts.items():
            for holding in contract.holdings.values():
                if not holding.stop_loss and not holding.take_profit:
                    continue
                market = self._markets[id]
                if not market.active:
                    break
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
        side, now = holding.closing_side, self.now()
        order = Order(
            self._next_order_id(),
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
        if not market.offers(side, order.ticks, order.amount):
            return False
        market.submit(order, self._accounts[holding.account], now)
        return True

    def _cancel(self, order: Order, reason: str) -> None:
        if order.status == "open":  # the cancel before may have led to its end
            self._markets[order.market].withdraw(order, self._accounts[order.account], self.now(), reason)
