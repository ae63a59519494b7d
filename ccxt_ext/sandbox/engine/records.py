"""What an account did: its orders, fills and the like, so that a page of them costs what a page has.

Nothing is ever dropped. Beside the whole there are lists for each market, and for each end of orders.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Generic, Protocol, TypeVar, overload

from .kept_rows import KeptRows
from .model import Fill, Order, Side


class OfMarket(Protocol):
    @property
    def market(self) -> str: ...


T = TypeVar("T")
R = TypeVar("R", bound=OfMarket)

ENDS = ("closed", "canceled")
OPEN = "open"
ANY = "any"
ENDED = "ended"
TRADED = "traded"
"""Ended, but not without a trade."""
HALVES_OF_OPEN = UNTOUCHED, PART_FILLED = "untouched", "part_filled"
NONE = array("q")
_number_of = attrgetter("id")


class Newest(Sequence[T]):
    """A list, newest first. It is read in place, so it is to be copied before anything is changed."""

    __slots__ = ("_oldest_first",)

    def __init__(self, oldest_first: Sequence[T]) -> None:
        self._oldest_first = oldest_first

    def __len__(self) -> int:
        return len(self._oldest_first)

    def __iter__(self) -> Iterator[T]:
        return reversed(self._oldest_first)

    def __reversed__(self) -> Iterator[T]:
        return iter(self._oldest_first)

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> list[T]: ...

    def __getitem__(self, index: int | slice) -> T | list[T]:
        rows = self._oldest_first
        if isinstance(index, slice):
            return [rows[-1 - each] for each in range(*index.indices(len(rows)))]
        return rows[-1 - index]


class NewestOrders(Sequence[Order]):
    """The same for orders, of which only the numbers are kept."""

    __slots__ = ("_numbers", "_orders")

    def __init__(self, numbers: array[int], orders: Mapping[int, Order]) -> None:
        self._numbers = numbers
        self._orders = orders

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[Order]:
        return map(self._orders.__getitem__, reversed(self._numbers))

    def __reversed__(self) -> Iterator[Order]:
        return map(self._orders.__getitem__, self._numbers)

    @overload
    def __getitem__(self, index: int) -> Order: ...

    @overload
    def __getitem__(self, index: slice) -> list[Order]: ...

    def __getitem__(self, index: int | slice) -> Order | list[Order]:
        if not isinstance(index, slice):
            return self._orders[self._numbers[-1 - index]]
        places = range(len(self._numbers) - 1, -1, -1)[index]
        if not places:
            return []
        after = places.stop if places.stop >= 0 else None
        return list(map(self._orders.__getitem__, self._numbers[places.start : after : places.step]))


class Orders:
    """All orders of an account. Their numbers grow with time.

    For each market, and for all of them, there are lists of the orders in each state. Those of one side, and
    those that are open with a fill or without one, are made when they are first asked for, and kept from then
    on.
    """

    __slots__ = ("_asked", "_kept", "_open_in", "all", "by_client_id", "rows")

    def __init__(self) -> None:
        self.all: dict[int, Order] = {}
        self.by_client_id: dict[str, Order] = {}
        self.rows = KeptRows()
        """What was made of them for lists."""
        self._kept: dict[tuple[str | None, str], array[int]] = {}
        """Numbers by market and state."""
        self._asked: dict[tuple[str | None, Side | None], dict[str, array[int]]] = {}
        """Numbers by market and side, and by state."""
        self._open_in: dict[str, int] = {}
        """How many are open in a market, if there are any."""

    def add(self, order: Order) -> None:
        self.all[order.id] = order
        self._open_in[order.market] = self._open_in.get(order.market, 0) + 1
        self._enter(order, (ANY, OPEN))
        if order.client_id is not None:
            self.by_client_id[order.client_id] = order
        if self._asked:
            self._sort(order)

    def change(self, order: Order) -> None:
        """Note that an open order has changed."""
        self.rows.forget(order.id)
        if self._asked:
            self._sort(order)

    def end(self, order: Order) -> None:
        """Note that an order was closed or cancelled."""
        if (None, OPEN) not in self._kept or not _taken_out(self._kept[None, OPEN], order.id):
            return
        _taken_out(self._kept[order.market, OPEN], order.id)
        left = self._open_in.pop(order.market) - 1
        if left:
            self._open_in[order.market] = left
        self._enter(order, (order.status, ENDED, TRADED) if order.filled else (order.status, ENDED))
        self.change(order)

    def _enter(self, order: Order, states: Iterable[str]) -> None:
        for market in (None, order.market):
            for state in states:
                numbers = self._kept.get((market, state))
                if numbers is None:
                    numbers = self._kept[market, state] = array("q")
                insort(numbers, order.id)

    def _sort(self, order: Order) -> None:
        """Put an order into those of the lists that were asked for to which it belongs now."""
        for market in (None, order.market):
            for side in (None, order.side):
                for state, numbers in self._asked.get((market, side), {}).items():
                    _taken_out(numbers, order.id)
                    if _is_in_state(order, state):
                        insort(numbers, order.id)

    def rows_of(self, orders: Iterable[Order], form: Hashable, make: Callable[[Order], T]) -> list[T]:
        """What `make` makes of orders, in some form. It is kept until an order changes."""
        self.rows.bound(len(self._kept.get((None, OPEN), NONE)))
        return self.rows.of(orders, form, make)

    def opened(self, market: str | None = None) -> Sequence[Order]:
        """The open orders of a market, or of all, oldest first."""
        return list(reversed(self.newest(market, (OPEN,))))

    @property
    def open_markets(self) -> Collection[str]:
        """The markets with open orders."""
        return self._open_in.keys()

    def newest(
        self, market: str | None, statuses: Collection[str] | None, side: Side | None = None
    ) -> Sequence[Order]:
        """The orders of a market, or of all, with one of these statuses; of one side, or of both.

        A single status may be one of the halves of those that are open.
        """
        if statuses is not None and len(statuses) == 1:
            return self._newest(market, side, next(iter(statuses)))
        ends = [end for end in ENDS if statuses is None or end in statuses]
        if statuses is None or (OPEN in statuses and len(ends) == len(ENDS)):
            return self._newest(market, side, ANY)
        if OPEN in statuses:
            if ends:
                return [each for each in self._newest(market, side, ANY) if each.status in statuses]
            return self._newest(market, side, OPEN)
        return self._newest(market, side, ENDED) if ends else ()

    def newest_traded(self, market: str | None) -> Sequence[Order]:
        """The orders that have ended, but for those of which nothing was traded."""
        return self._newest(market, None, TRADED)

    def _newest(self, market: str | None, side: Side | None, state: str) -> Sequence[Order]:
        return NewestOrders(self._numbers(market, side, state), self.all)

    def _numbers(self, market: str | None, side: Side | None, state: str) -> array[int]:
        if side is None and state not in HALVES_OF_OPEN:
            return self._kept.get((market, state), NONE)
        lists = self._asked.get((market, side), {})
        if state not in lists:
            known = self._kept.get((market, OPEN if state in HALVES_OF_OPEN else state))
            if known is None:
                return NONE
            among = (self.all[number] for number in known)
            wanted = (each for each in among if side in (None, each.side) and _is_in_state(each, state))
            lists[state] = array("q", map(_number_of, wanted))
            self._asked[market, side] = lists
        return lists[state]


def _is_in_state(order: Order, state: str) -> bool:
    """Whether an order belongs into a list."""
    if state == ANY or state == order.status:
        return True
    if order.status == OPEN:
        return state == (PART_FILLED if order.filled else UNTOUCHED)
    return state == ENDED or (state == TRADED and bool(order.filled))


def _taken_out(numbers: array[int], number: int) -> bool:
    """Take a number out. Returns whether it was there."""
    place = bisect_left(numbers, number)
    if place == len(numbers) or numbers[place] != number:
        return False
    del numbers[place]
    return True


class Log(Generic[R]):
    """What happened to an account, oldest first: all of it, and that of each market."""

    __slots__ = ("_in_market", "all")

    def __init__(self) -> None:
        self.all: list[R] = []
        self._in_market: dict[str, list[R]] = {}

    def add(self, row: R) -> None:
        self.all.append(row)
        self._in_market.setdefault(row.market, []).append(row)

    def replace_latest(self, row: R) -> None:
        """Correct the latest one."""
        self.all[-1] = self._in_market[row.market][-1] = row

    def newest(self, market: str | None) -> Sequence[R]:
        return Newest(self.all if market is None else self._in_market.get(market, ()))


class Fills(Log[Fill]):
    """The fills of an account, also by order, and by side once somebody has asked for that."""

    __slots__ = ("_of_order", "_of_side")

    def __init__(self) -> None:
        super().__init__()
        self._of_order: dict[int, list[Fill]] = {}
        self._of_side: dict[tuple[str | None, Side], list[Fill]] = {}

    def add(self, row: Fill) -> None:
        super().add(row)
        self._of_order.setdefault(row.order_id, []).append(row)
        for market in (None, row.market) if self._of_side else ():
            kept = self._of_side.get((market, row.side))
            if kept is not None:
                kept.append(row)

    def newest_of(self, order_id: int) -> Sequence[Fill]:
        return Newest(self._of_order.get(order_id, ()))

    def newest_of_side(self, market: str | None, side: Side) -> Sequence[Fill]:
        kept = self._of_side.get((market, side))
        if kept is None:
            both = list(reversed(self.newest(market)))
            if not both:
                return ()
            kept = self._of_side[market, side] = [fill for fill in both if fill.side == side]
        return Newest(kept)
