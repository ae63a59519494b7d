"""The orders of all accounts: their ids, and how they are placed, found and cancelled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from ccxt_ext.sandbox.frontend import Json, News, VenueClock, as_json, close_position, latest_fill
from ccxt_ext.sandbox.frontend.engine import Engine, Fill, Order, OrderEvent, Refused
from ccxt_ext.sandbox.frontends.bitmaxfutures.ended import Ended
from ccxt_ext.sandbox.frontends.bitmaxfutures.keys import Key
from ccxt_ext.sandbox.frontends.bitmaxfutures.listings import Listing
from ccxt_ext.sandbox.frontends.bitmaxfutures.news_queue import NewsQueue
from ccxt_ext.sandbox.frontends.bitmaxfutures.order_fields import WantedOrder, wanted_order
from ccxt_ext.sandbox.frontends.bitmaxfutures.parameters import (
    LONGEST_ID,
    check_time,
    client_id_of,
    listing_of,
    time_of,
)
from ccxt_ext.sandbox.frontends.bitmaxfutures.refusals import (
    ENDED,
    TOO_LONG,
    Declined,
    declined_by_engine,
)
from ccxt_ext.sandbox.frontends.bitmaxfutures.rows.orders import full_row, short_row

ENDS_ID = re.compile(r"[A-Za-z0-9]{9,32}")
"""A client's id whose last characters become the end of the order's id."""
TAIL = 9
"""How many of its characters do."""
Source = Literal["a", "s"]
"""The first letter of an order's id: whether it came over REST or a stream. The venue's own have an r."""


class Orders:
    """Gives orders their ids, places them, and finds them again."""

    def __init__(
        self, engine: Engine, listings: Mapping[str, Listing], clock: VenueClock, news: NewsQueue
    ) -> None:
        """`news` is held up until an order has its id."""
        self._engine = engine
        self._listings = listings
        self._clock = clock
        self._news = news
        self._names: dict[int, str] = {}  # the venue's id of an order, by the engine's
        self._orders: dict[tuple[str, str], Order] = {}  # by account and the venue's id
        self._executions: dict[int, str] = {}  # the execInst of an order, by the engine's id
        self._known: dict[str, int] = {}  # how many of an account's orders surely have ids
        # By account and symbol, None for all of them, oldest first.
        self._rejected: dict[tuple[str, str | None], list[Order]] = {}
        self._rejections = 0

    # ids

    def name_of(self, order: Order, key: Key) -> str:
        """An order's id as the venue shows it."""
        name = self._names.get(order.id)
        if name is None:  # the engine made it: the exit of a position
            name = self._name_of_own(order, key)
            self._keep(order, key, name, "PosStopMkt")
        return name

    def _name_of_own(self, order: Order, key: Key) -> str:
        """The id of an order that the venue has placed by itself."""
        return f"r{order.created:x}{key.uid}{order.id % 10**TAIL:0{TAIL}d}"

    def execution_of(self, order: Order) -> str:
        """The execInst of an order."""
        return self._executions[order.id]

    def _keep(self, order: Order, key: Key, name: str, execution: str) -> None:
        self._names[order.id] = name
        self._orders[key.account, name] = order
        self._executions[order.id] = execution

    def ended(self, key: Key, symbol: str | None, traded: bool = False) -> Ended:
        """An account's orders that have ended, newest first. With `traded`, those of which something was."""
        if traded:
            return Ended(self._engine.newest_traded(key.account, symbol), [])
        rejected = self._rejected.get((key.account, symbol), [])
        return Ended(self._engine.newest_orders(key.account, symbol, ("closed", "canceled")), rejected)

    def find(self, key: Key, name: str) -> Order | None:
        """An account's order by the venue's id."""
        order = self._orders.get((key.account, name))
        if order is None:
            self._name_new(key)  # it may be one that the engine made, and that has no id yet
            order = self._orders.get((key.account, name))
        return order

    def _name_new(self, key: Key) -> None:
        """Give ids to the orders that came since this was last done."""
        orders, known = self._engine.newest_orders(key.account), self._known.get(key.account, 0)
        for order in orders[: len(orders) - known]:
            self.name_of(order, key)
        self._known[key.account] = len(orders)

    def find_all(self, key: Key, names: Sequence[str]) -> list[Order]:
        """Those of the named orders that exist, by their names."""
        found = (self.find(key, str(name)) for name in names)
        return [order for order in found if order is not None]

    def last_fill(self, order: Order) -> Fill | None:
        return latest_fill(self._engine, order)

    def short_row(self, order: Order, key: Key, accepted: bool = False) -> dict[str, Any]:
        """The answer to placing or cancelling it, and its row among the open ones."""
        return short_row(order, self.name_of(order, key), key.ids, self.last_fill(order), accepted)

    def full_row(self, order: Order, key: Key, last: Fill | None) -> dict[str, Any]:
        """The answer about this order alone, and its row in the history; `last` is its latest fill."""
        name = self.name_of(order, key)
        return full_row(order, name, key.ids, last, self.execution_of(order))

    def rows(self, key: Key, orders: Iterable[Order], form: Literal["short", "full"]) -> Json:
        """A list of such rows."""

        def row(order: Order) -> Json:
            if form == "short":
                return as_json(self.short_row(order, key))
            return as_json(self.full_row(order, key, self.last_fill(order)))

        return Json(f"[{','.join(self._engine.rows_of(key.account, orders, form, row))}]")

    # placing

    def place(self, key: Key, fields: Mapping[str, Any], source: Source = "a") -> tuple[Order, WantedOrder]:
        """Place what the fields ask for. A post-only order that would be a taker is rejected: it has an id,
        and never stands in the book."""
        wanted, name = self._checked(key, fields, source)
        with self._news:
            try:
                order = self._engine.place(
                    key.account,
                    wanted.symbol,
                    wanted.side,
                    wanted.price,
                    wanted.amount,
                    type=wanted.type,
                    time_in_force=wanted.time_in_force,
                    post_only=wanted.post_only,
                    reduce_only=wanted.reduce_only,
                    trigger_price=wanted.trigger_price,
                    trigger_by=wanted.trigger_by,
                    stop_loss=wanted.stop_loss,
                    take_profit=wanted.take_profit,
                )
            except Refused as refused:
                if refused.reason != "would_cross":
                    raise declined_by_engine(refused) from None
                order = self._reject(key, wanted)
                self._news.put(News(orders=[OrderEvent(order)]))  # the engine has none
            order.client_id = wanted.client_id
            self._keep(order, key, name or self._name_by_number(key, wanted, order, source), wanted.execution)
        return order, wanted

    def check(self, key: Key, fields: Mapping[str, Any], source: Source = "a") -> WantedOrder:
        """The order that the fields ask for, if it could be placed."""
        return self._checked(key, fields, source)[0]

    def _checked(self, key: Key, fields: Mapping[str, Any], source: Source) -> tuple[WantedOrder, str | None]:
        """The same, with its id if that follows from the client's."""
        wanted = wanted_order(fields, self._listings)
        check_time(self._clock, wanted.time)
        name = self._name_by_client(key, wanted, source)
        if (key.account, name) in self._orders:
            raise Declined(100003, "There is an order with this id already")
        return wanted, name

    def _name_by_client(self, key: Key, wanted: WantedOrder, source: Source) -> str | None:
        if wanted.client_id is None or not ENDS_ID.fullmatch(wanted.client_id):
            return None
        return f"{source}{wanted.time:x}{key.uid}{wanted.client_id[-TAIL:]}"

    def _name_by_number(self, key: Key, wanted: WantedOrder, order: Order, source: Source) -> str:
        return f"{source}{wanted.time:x}{key.uid}{abs(order.id) % 10**TAIL:0{TAIL}d}"

    def _reject(self, key: Key, wanted: WantedOrder) -> Order:
        """A rejected order, which the engine does not know. Its number is negative."""
        self._rejections -= 1
        now = self._clock.engine_clock.now()
        market = self._engine.markets[wanted.symbol]
        order = Order(
            self._rejections,
            key.account,
            wanted.client_id,
            wanted.symbol,
            wanted.side,
            wanted.type,
            wanted.price,
            wanted.amount,
            wanted.amount,
            now,
            now,
            0,
            status="canceled",
            seq=market.seq,
            post_only=True,
            reason="would_cross",
        )
        for symbol in (None, order.market):
            self._rejected.setdefault((key.account, symbol), []).append(order)
        return order

    # cancelling and closing

    def to_cancel(self, key: Key, fields: Mapping[str, Any]) -> Order:
        """The open order that the fields name."""
        listing_of(fields, self._listings)
        client_id_of(fields)
        check_time(self._clock, time_of(fields))
        id = str(fields.get("orderId"))
        if len(id) > LONGEST_ID:
            raise Declined(300006, f"{TOO_LONG}: {id}")
        order = self.find(key, id)
        if order is None or order.market != fields["symbol"]:
            raise Declined(300006, "Invalid Order Id")
        if order.status != "open":
            raise Declined(300006, ENDED)
        return order

    def close_all(self, key: Key, symbol: str | None, cancels: bool) -> None:
        """Close positions at the market's price; if it `cancels`, orders go first."""
        if cancels:
            self._engine.cancel_all(key.account, symbol)
        for position in self._engine.positions(key.account, symbol):
            with self._news:
                try:
                    order = close_position(self._engine, position)
                except Refused as refused:
                    raise declined_by_engine(refused) from None
                self._keep(order, key, self._name_of_own(order, key), "ReduceOnly")
