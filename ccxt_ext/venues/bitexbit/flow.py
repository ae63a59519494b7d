"""An order book kept order by order, from a snapshot and events without numbers. No I/O.

The snapshot comes over another connection than the events, and nothing tells which of these are in it. A
trade that is in it must not count twice, and one that is not must count. Clocks do not tell, as the snapshot
has no time. So every answer that fits is followed at once, and dropped when something contradicts it: an
order stands in the snapshot before it was placed, or is cancelled and was never there. A book is shown only
while it is the same by all answers that are left; if it is not, another snapshot is needed.
"""

from collections import deque
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from ccxt.async_support.base.ws.order_book import OrderBook

from ccxt_ext.venue.streams.books import LONGEST_BUFFER, OutOfStep, change_levels, stamp


class Order(NamedTuple):
    """What stands in the book."""

    side: str
    price: Decimal
    amount: Decimal


Orders = Mapping[str, Order]


class Event(NamedTuple):
    """An order that came, or was cancelled."""

    id: str
    order: Order | None  # what is left of one that came, after matching
    fills: tuple[tuple[str, Decimal], ...]  # the orders that it met, and by how much
    is_cancel: bool
    timestamp: int | None


class After:
    """The orders, if the events that this takes are not in the snapshot."""

    def __init__(self, snapshot: Orders) -> None:
        self.snapshot = snapshot
        self.changed: dict[str, Order | None] = {}  # against the snapshot

    def get(self, id: str) -> Order | None:
        return self.changed[id] if id in self.changed else self.snapshot.get(id)

    def put(self, id: str, order: Order | None) -> None:
        if order == self.snapshot.get(id):
            self.changed.pop(id, None)
        else:
            self.changed[id] = order

    def takes(self, event: Event) -> bool:
        """Whether the event can have happened to these orders."""
        for id, amount in event.fills:
            met = self.get(id)
            if met is None or met.amount < amount:
                return False
            left = met.amount - amount
            self.put(id, met._replace(amount=left) if left else None)
        if (self.get(event.id) is not None) is not event.is_cancel:
            return False
        self.put(event.id, event.order)
        return True


class Before:
    """The snapshot, if the events that this takes are all in it, and maybe others that are still to come."""

    def __init__(self, snapshot: Orders) -> None:
        self.snapshot = snapshot
        self.placed: dict[str, Order] = {}  # by these events, as they left it

    def takes(self, event: Event) -> bool:
        for id, amount in event.fills:
            order = self.placed.get(id)
            if order is not None and not self.stands(id, order._replace(amount=order.amount - amount)):
                return False
        return self.stands(event.id, event.order)

    def stands(self, id: str, order: Order | None) -> bool:
        """Whether the snapshot can be of a time when an order was so, or of a later one."""
        found = self.snapshot.get(id)
        if order is None or order.amount <= 0:
            self.placed.pop(id, None)
            return found is None and (order is None or order.amount == 0)
        self.placed[id] = order
        return found is None or (found.amount <= order.amount and found[:2] == order[:2])

    def has_no_other(self) -> bool:
        """Whether the snapshot can be of the moment after the last of these events."""
        return all(self.snapshot.get(id) == order for id, order in self.placed.items())


class OrderFlow:
    """A book out of snapshots and events. Times are in seconds, by a clock that only goes forward.

    `lag` is how long after a snapshot came there may still come events that are in it; with an infinite one,
    nothing is assumed. `age` is how old a snapshot may be when it is asked for, if it is from a cache.
    """

    def __init__(self, symbol: str, lag: float, age: float = 0.0) -> None:
        self.symbol = symbol
        self.lag = lag
        self.age = age
        self.until: float  # when the last event may come that is in the snapshot
        self.restart()

    def restart(self) -> None:
        """What was told so far is not to be built upon, as an event is missing."""
        self.book: OrderBook | None = None
        self.orders: dict[str, Order] = {}  # as the book shows them
        self.totals: dict[str, dict[Decimal, Decimal]] = {}  # by side and price
        self.snapshot: Orders = {}
        self.after: list[After] = []
        self.before: Before | None = None
        self.since: list[Event] | None = None  # the snapshot that is on its way was asked for
        self.recent: deque[tuple[float, Event]] = deque()

    @property
    def is_sure(self) -> bool:
        return len(self.after) == 1 and self.before is None

    @property
    def needs_snapshot(self) -> bool:
        views = self.views()
        return not views or any(view != views[0] for view in views)

    def views(self) -> list[dict[str, Order | None]]:
        """How the orders differ from the snapshot, by each answer."""
        return [each.changed for each in self.after] + ([] if self.before is None else [{}])

    def ask(self, now: float) -> list[Event]:
        """To be called when a snapshot is asked for; it comes with what this returns."""
        self.since = [event for at, event in self.recent if at >= now - self.age]
        return self.since

    def take_snapshot(self, asked: list[Event], orders: Orders, now: float) -> OrderBook | None:
        """The book, if there is only one that it can be."""
        if asked is not self.since:
            return None  # something was missed meanwhile
        self.since = None
        if self.is_sure:
            return None
        self.book, self.snapshot = None, orders
        self.after, self.before, self.until = [], Before(orders), now + self.lag
        for event in asked:
            self.follow(event, now)
        return self.agreed(asked[-1].timestamp if asked else None)

    def take_event(self, event: Event, now: float) -> OrderBook | None:
        """The book, if it has changed and is known."""
        if self.age:
            self.recent.append((now, event))
            while self.recent[0][0] < now - self.age:
                self.recent.popleft()
        if self.since is not None:
            if len(self.since) >= LONGEST_BUFFER:
                raise OutOfStep(f"{self.symbol}: no snapshot after {LONGEST_BUFFER} events")
            self.since.append(event)
        if self.before is None and not self.after:
            return None
        self.follow(event, now)
        return self.agreed(event.timestamp)

    def follow(self, event: Event, now: float) -> None:
        after = self.after
        if self.before is not None:
            if self.before.has_no_other():
                after = [*after, After(self.snapshot)]
            if now > self.until or not self.before.takes(event):
                self.before = None
        self.after = []
        for each in after:
            if each.takes(event) and all(each.changed != other.changed for other in self.after):
                self.after.append(each)
        if self.before is None and not self.after:
            raise OutOfStep(f"{self.symbol}: order {event.id} does not fit the book")

    def agreed(self, timestamp: int | None) -> OrderBook | None:
        if self.needs_snapshot:
            return None
        changes = self.views()[0]
        if self.book is None:
            self.orders, self.totals = {}, {"buy": {}, "sell": {}}
            changes = {**self.snapshot, **changes}
        book = self.show(changes, timestamp)
        if self.is_sure:
            # From here on, the snapshot is what is shown.
            self.snapshot, self.after = self.orders, [After(self.orders)]
        return book

    def show(self, changes: dict[str, Order | None], timestamp: int | None) -> OrderBook | None:
        touched: dict[str, set[Decimal]] = {"buy": set(), "sell": set()}
        for id, order in changes.items():
            shown = self.orders.get(id)
            if shown == order:
                continue
            for each, sign in ((shown, -1), (order, 1)):
                if each is not None:
                    totals = self.totals[each.side]
                    totals[each.price] = totals.get(each.price, Decimal(0)) + sign * each.amount
                    touched[each.side].add(each.price)
            if order is None:
                del self.orders[id]
            else:
                self.orders[id] = order
        if self.book is not None and not any(touched.values()):
            return None
        book = self.book or OrderBook({"symbol": self.symbol})
        rows = {
            side: [(price, self.totals[side][price]) for price in prices] for side, prices in touched.items()
        }
        change_levels(book, rows["buy"], rows["sell"])
        for side, levels in rows.items():
            for price, total in levels:
                if not total:
                    del self.totals[side][price]
        stamp(book, None, timestamp)
        self.book = book
        return book
