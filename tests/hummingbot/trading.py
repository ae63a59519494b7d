"""A connector under hummingbot's clock, in the process of a test."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from types import TracebackType
from typing import Any

from hummingbot.connector.perpetual_derivative_py_base import PerpetualDerivativePyBase
from hummingbot.core.clock import Clock, ClockMode
from hummingbot.core.data_type.common import OrderType, PositionAction, TradeType
from hummingbot.core.event.event_forwarder import EventForwarder
from hummingbot.core.event.events import AccountEvent, MarketEvent

from ccxt_ext.venue.keys.shared import reset_shared

PATIENCE_S = 60.0
"""However busy the machine is."""

TICK_S = 0.25

ENDS = {
    MarketEvent.OrderCancelled: "cancelled",
    MarketEvent.OrderFailure: "failed",
    MarketEvent.BuyOrderCompleted: "completed",
    MarketEvent.SellOrderCompleted: "completed",
}


class Trader:
    """What a strategy has of a connector. As a context manager it is started, and stopped afterwards."""

    def __init__(self, connector: Any) -> None:
        self.connector = connector
        self.pair = str(connector.trading_pairs[0])
        """Of which prices and amounts are told."""
        self.fills: list[Any] = []
        self.created: list[str] = []
        self.failures: dict[str, str] = {}
        """What was said of orders that failed."""
        self.venue_ids: dict[str, str] = {}
        self.ends: list[tuple[str, str]] = []
        """The id of each order that has ended, and how."""
        self.others: list[Any] = []
        """Other events: payments of funding, changes of the position mode."""
        self._forwarders: list[Any] = []
        self._clock: Any = None
        self._runs: asyncio.Task[None] | None = None
        self._others_tasks: set[asyncio.Task[Any]] = set()
        """What ran before this began."""

    async def __aenter__(self) -> "Trader":
        self._others_tasks = asyncio.all_tasks()
        for events, take in (
            ((MarketEvent.OrderFilled,), self.fills.append),
            ((MarketEvent.BuyOrderCreated, MarketEvent.SellOrderCreated), self._created),
            ((MarketEvent.FundingPaymentCompleted, *AccountEvent), self.others.append),
        ):
            for event in events:
                self._listen(event, take)
        self._listen(MarketEvent.OrderFailure, self._failed)
        for event, how in ENDS.items():
            self._listen(event, lambda told, how=how: self.ends.append((told.order_id, how)))
        self._clock = Clock(ClockMode.REALTIME, TICK_S)
        self._clock.add_iterator(self.connector)
        self._clock.__enter__()
        self._runs = asyncio.create_task(self._clock.run())
        await self.until(lambda: self.connector.ready, lambda: f"ready: {self.connector.status_dict}")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    async def stop(self) -> None:
        assert self._runs is not None
        self._runs.cancel()
        await asyncio.gather(self._runs, return_exceptions=True)
        self._clock.remove_iterator(self.connector)
        await self.connector.stop_network()

    async def forgotten(self) -> None:
        """Until all that it had under way has ended, and nothing of it reaches what comes after it: the next
        process after one that was killed knows only what was saved."""
        await self.until(lambda: not asyncio.all_tasks() - self._others_tasks, lambda: "all ended")
        reset_shared()

    def _listen(self, event: Any, take: Callable[[Any], None]) -> None:
        forwarder = EventForwarder(take)
        self._forwarders.append(forwarder)  # hummingbot itself keeps weak references only
        self.connector.add_listener(event, forwarder)

    def _created(self, told: Any) -> None:
        self.created.append(told.order_id)
        self.venue_ids[told.order_id] = told.exchange_order_id

    def _failed(self, told: Any) -> None:
        self.failures[told.order_id] = str(told.error_message)

    # -- orders -------------------------------------------------------------------------------------

    def order(
        self,
        side: str,
        amount: str | Decimal,
        price: str | Decimal = "NaN",
        type: OrderType = OrderType.LIMIT,
        pair: str | None = None,
        position: PositionAction | None = None,
    ) -> str:
        """Place an order as strategies do. Returns its id at once."""
        if position is None and isinstance(self.connector, PerpetualDerivativePyBase):
            position = PositionAction.OPEN
        more = {} if position is None else {"position_action": position}
        place = self.connector.buy if side == "buy" else self.connector.sell
        pair = pair or self.pair
        return str(place(pair, Decimal(amount), type, Decimal(price), **more))

    def cancel(self, id: str) -> None:
        self.connector.cancel(self.tracked(id).trading_pair, id)

    def tracked(self, id: str) -> Any:
        return self.connector._order_tracker.fetch_order(id)

    def end_of(self, id: str) -> str | None:
        ends = [how for each, how in self.ends if each == id]
        assert len(ends) < 2, f"the order {id} has ended more than once: {ends}"
        return ends[0] if ends else None

    def filled(self, id: str) -> Decimal:
        """How much of an order was told to be filled."""
        return sum((fill.amount for fill in self.fills if fill.order_id == id), Decimal(0))

    async def on_venue(self, id: str) -> str:
        """The venue's id of an order, once it has one."""
        await self.until(
            lambda: getattr(self.tracked(id), "exchange_order_id", None), lambda: f"the id of {id}"
        )
        return str(self.tracked(id).exchange_order_id)

    def is_lost(self, id: str) -> bool:
        """Whether the answer to an order was lost, or the order was found since."""
        order = self.tracked(id)
        found = order is not None and order.exchange_order_id is not None
        return found or id in self.connector.desk.lookups

    async def ended(self, id: str, how: str) -> None:
        await self.until(lambda: self.end_of(id), lambda: f"{id} {how}")
        assert self.end_of(id) == how

    async def until(
        self,
        condition: Callable[[], Any],
        what: Callable[[], str] = lambda: "this",
        patience: float = PATIENCE_S,
    ) -> None:
        begun = time.monotonic()
        while not condition():
            if time.monotonic() - begun > patience:
                raise AssertionError(f"it did not come to be within {patience} s: {what()}")
            await asyncio.sleep(0.05)

    # -- prices and amounts -------------------------------------------------------------------------

    def small(self) -> Decimal:
        """An amount that the market takes, and four of which are little."""
        rule = self.connector.trading_rules[self.pair]
        step, least = rule.min_base_amount_increment, rule.min_order_size
        least = max(least, rule.min_notional_size / self.price("sell") * Decimal("1.2"))
        return Decimal(-(-least // step) * step) * 2

    def price(self, side: str) -> Decimal:
        """The best price at which others buy or sell."""
        return Decimal(self.connector.get_price(self.pair, side == "sell"))

    def best(self, side: str) -> Decimal:
        """A price that is better than all others' of this side, and meets none of the other side."""
        tick = self.connector.trading_rules[self.pair].min_price_increment
        ours = self.price("buy") + tick if side == "buy" else self.price("sell") - tick
        assert self.price("buy") < ours < self.price("sell"), "there is no room between the best prices"
        return ours

    def away(self, side: str) -> Decimal:
        """A price at which an order waits."""
        price = self.price(side) * (Decimal("0.97") if side == "buy" else Decimal("1.03"))
        return Decimal(self.connector.quantize_order_price(self.pair, price))

    def through(self, side: str) -> Decimal:
        """A price that meets others' orders, whatever became of the best one since."""
        price = self.price("sell") * Decimal("1.02") if side == "buy" else self.price("buy") * Decimal("0.98")
        return Decimal(self.connector.quantize_order_price(self.pair, price))

    @property
    def size(self) -> Decimal:
        """How much of the base one unit of ccxt's amounts is."""
        return Decimal(self.connector.desk.size_of(self.pair))

    @asynccontextmanager
    async def quiet(self) -> AsyncIterator[None]:
        """Meanwhile nothing is polled."""
        connector = self.connector
        before = connector.SHORT_POLL_INTERVAL, connector.LONG_POLL_INTERVAL
        connector.SHORT_POLL_INTERVAL = connector.LONG_POLL_INTERVAL = 1e9
        try:
            await self.until(lambda: not connector._poll_notifier.is_set())
            yield
        finally:
            connector.SHORT_POLL_INTERVAL, connector.LONG_POLL_INTERVAL = before

    async def looked_again(self) -> None:
        """Until all has been polled once more."""
        connector = self.connector
        for _ in range(2):  # the first may have begun before
            polled = connector._last_poll_timestamp
            connector.poll_now()
            await self.until(lambda polled=polled: connector._last_poll_timestamp > polled)

    def balance_is(self, box: Any, market: Any) -> bool:
        """Whether hummingbot has the balances that the engine has."""
        connector = self.connector
        told = box.balance(market.id, "config", market.wallet)
        return all(
            abs(connector.get_balance(currency) - has["total"]) < Decimal("1e-6")
            and abs(connector.get_available_balance(currency) - has["free"]) < Decimal("1e-6")
            for currency, has in told.items()
        )


Fill = tuple[Decimal, Decimal, Decimal]


def told_fills(trading: Trader, id: str) -> list[Fill]:
    """What hummingbot was told of an order's fills: amounts, prices and fees."""
    return sorted(
        (fill.amount.normalize(), fill.price.normalize(), fee_of(fill).normalize())
        for fill in trading.fills
        if fill.order_id == id
    )


def fee_of(fill: Any) -> Decimal:
    """As the venue told it, else by its rate: of what was bought, or of what came in for what was sold."""
    told = fill.trade_fee
    if told.flat_fees:
        return sum((fee.amount for fee in told.flat_fees), Decimal(0))
    share = fill.amount if fill.trade_type is TradeType.BUY else fill.amount * fill.price
    return Decimal(told.percent * share)


def engine_fills(box: Any, market: Any, venue_id: str, size: Decimal = Decimal(1)) -> list[Fill]:
    """What an order's fills were."""
    return sorted(
        ((row["amount"] * size).normalize(), row["price"].normalize(), row["fee"].normalize())
        for row in box.trades(market.id, account="config", order=venue_id)
    )


def engine_order(box: Any, market: Any, venue_id: str) -> Any:
    return next(row for row in box.orders(market.id, account="config") if row["id"] == venue_id)
