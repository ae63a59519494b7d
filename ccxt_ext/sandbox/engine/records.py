"""What an account did: its orders, fills and the like, so that a page of them costs what a page has.

Nothing is ever dropped. Beside the whole there are lists for each market, and for each end of orders.
"""

from __future__ import annotations

from array import array
from bisect import insort
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar, overload

from .model import Fill, Order


class OfMarket(Protocol):
    @property
    def market(self) -> str: ...


T = TypeVar("T")
R = TypeVar("R", bound=OfMarket)

ENDS = ("closed", "canceled")
EITHER = "either"
TRADED = "traded"
"""Either, but not without a trade."""


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


class NewestOpen(Newest[Order]):
    """The same for open orders, which are in a dict, as they go out of the middle."""

    __slots__ = ("_open",)

    def __init__(self, opened: Mapping[int, Order]) -> None:
        self._open = opened

    def __len__(self) -> int:
        return len(self._open)

    def __iter__(self) -> Iterator[Order]:
        return reversed(self._open.values())  # type: ignore[call-overload]

    def __reversed__(self) -> Iterator[Order]:
        return iter(self._open.values())

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            start, stop, step = index.indices(len(self._open))
            return list(islice(self, start, stop, step)) if step > 0 else list(self)[index]
        return list(self)[index]


class ByNumber(Sequence[Order]):
    """Orders of which only the numbers are kept, in order."""

    __slots__ = ("_numbers", "_orders")

    def __init__(self, numbers: Sequence[int], orders: Mapping[int, Order]) -> None:
        self._numbers = numbers
        self._orders = orders

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[Order]:
        return map(self._orders.__getitem__, self._numbers)

    def __reversed__(self) -> Iterator[Order]:
        return map(self._orders.__getitem__, reversed(self._numbers))

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self._orders[number] for number in self._numbers[index]]
        return self._orders[self._numbers[index]]


class Orders:
    """All orders of an account. Their numbers grow with time."""

    __slots__ = ("_ended", "_listed", "_open_in", "all", "by_client_id", "open")

    def __init__(self) -> None:
        self.all: dict[int, Order] = {}
        self.open: dict[int, Order] = {}
        self.by_client_id: dict[str, Order] = {}
        self._listed: dict[str | None, list[Order]] = {}
        self._open_in: dict[str, dict[int, Order]] = {}
        self._ended: dict[tuple[str | None, str], array[int]] = {}

    def add(self, order: Order) -> None:
        self.all[order.id] = self.open[order.id] = order
        self._open_in.setdefault(order.market, {})[order.id] = order
        for market in (None, order.market):
            self._listed.setdefault(market, []).append(order)
        if order.client_id is not None:
            self.by_client_id[order.client_id] = order

    def end(self, order: Order) -> None:
        """Note that an order was closed or cancelled."""
        if self.open.pop(order.id, None) is None:
            return
        opened = self._open_in[order.market]
        del opened[order.id]
        if not opened:
            del self._open_in[order.market]
        for market in (None, order.market):
            for end in (order.status, EITHER, TRADED) if order.filled else (order.status, EITHER):
                key = market, end
                if key not in self._ended:
                    self._ended[key] = array("q")
                insort(self._ended[key], order.id)

    def open_in(self, market: str) -> Mapping[int, Order]:
        """The open orders of a market, oldest first."""
        return self._open_in.get(market, {})

    @property
    def open_markets(self) -> Collection[str]:
        """The markets with open orders."""
        return self._open_in.keys()

    def newest(self, market: str | None, statuses: Collection[str] | None) -> Sequence[Order]:
        """The orders of a market, or of all, with one of these statuses."""
        if statuses is None:
            return Newest(self._listed.get(market, ()))
        ends = [end for end in ENDS if end in statuses]
        if "open" not in statuses:
            return Newest(self._of_ends(market, ends))
        if not ends:
            return NewestOpen(self.open if market is None else self.open_in(market))
        if len(ends) == len(ENDS):
            return self.newest(market, None)
        return [order for order in self.newest(market, None) if order.status in statuses]

    def newest_traded(self, market: str | None) -> Sequence[Order]:
        """The orders that have ended, but for those of which nothing was traded."""
        return Newest(ByNumber(self._ended.get((market, TRADED), array("q")), self.all))

    def _of_ends(self, market: str | None, ends: Sequence[str]) -> Sequence[Order]:
        if not ends:
            return ()
        end = ends[0] if len(ends) == 1 else EITHER
        return ByNumber(self._ended.get((market, end), array("q")), self.all)


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
    """The fills of an account, also by order."""

    __slots__ = ("_of_order",)

    def __init__(self) -> None:
        super().__init__()
        self._of_order: dict[int, list[Fill]] = {}

    def add(self, row: Fill) -> None:
        super().add(row)
        self._of_order.setdefault(row.order_id, []).append(row)

    def newest_of(self, order_id: int) -> Sequence[Fill]:
        return Newest(self._of_order.get(order_id, ()))
