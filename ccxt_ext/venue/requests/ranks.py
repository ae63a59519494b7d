"""How urgent requests are: cancellations before orders, orders before all else."""

import itertools
import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import AbstractContextManager
from contextvars import ContextVar, copy_context
from enum import IntEnum
from typing import Any, Generic, TypeVar

from ccxt_ext.venue.contexts import within

__all__ = ["Rank"]

T = TypeVar("T", bound=Hashable)
R = TypeVar("R")

# After so many others have overtaken it, a waiting item goes first, whatever its rank.
OVERTAKEN_AT_MOST = 30

_CANCELS = re.compile(r"cancel_.*orders?(_|$)")
_ORDERS = re.compile(r"(create|edit)_.*orders?(_|$)|close_(all_)?positions?(_|$)")


class Rank(IntEnum):
    """How urgent a request is; the lowest goes first."""

    CANCEL = 0
    """Cancellations, and what they need first."""
    ORDER = 1
    """Orders, and what they need first."""
    REST = 2
    """All else."""


_rank: ContextVar[Rank] = ContextVar("rank", default=Rank.REST)


def rank_now() -> Rank:
    """The rank of what this task or thread is doing."""
    return _rank.get()


def at_least(rank: Rank) -> AbstractContextManager[Rank]:
    """Inside the `with` block, requests have at least this rank."""
    return within(_rank, min(_rank.get(), rank))


def without_rank(call: Callable[..., R], *args: Any) -> R:
    """Call a function with the lowest rank, for work that goes on after an urgent call has ended."""
    context = copy_context()
    context.run(_rank.set, Rank.REST)
    return context.run(call, *args)


def rank_of_endpoint(method: str, config: Mapping[str, Any]) -> Rank:
    """The rank of an endpoint, as `'priority'` in its entry says.

    Without that, DELETE requests count as cancellations, and requests that are sent only once as orders.
    """
    priority = config.get("priority")
    if priority is not None:
        return Rank[priority.upper()]
    if method == "DELETE" or "cancels" in config:
        return Rank.CANCEL
    return Rank.ORDER if config.get("once") else Rank.REST


def rank_of_method(name: str) -> Rank | None:
    """The rank of ccxt's unified method of this name. The requests that it needs first have the same rank."""
    if _CANCELS.match(name):
        return Rank.CANCEL
    return Rank.ORDER if _ORDERS.match(name) else None


class RankedQueue(Generic[T]):
    """A queue that goes by rank, and within one rank by arrival."""

    def __init__(self) -> None:
        self._waiting: dict[Rank, OrderedDict[T, None]] = {rank: OrderedDict() for rank in Rank}
        # For each rank, how many items have overtaken its first one.
        self._overtaken = dict.fromkeys(Rank, 0)

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def __contains__(self, item: object) -> bool:
        return any(item in waiting for waiting in self._waiting.values())

    def __iter__(self) -> Iterator[T]:
        return itertools.chain.from_iterable(self._waiting.values())

    def join(self, item: T, rank: Rank) -> None:
        self._waiting[rank][item] = None

    def leave(self, item: T) -> None:
        for rank, waiting in self._waiting.items():
            if waiting.pop(item, self) is None and not waiting:
                self._overtaken[rank] = 0

    def hurry(self, item: T, rank: Rank) -> None:
        """Give this item at least this rank, as somebody of that rank waits for it."""
        held = next((each for each, waiting in self._waiting.items() if item in waiting), rank)
        if held > rank:
            self.leave(item)
            self.join(item, rank)

    def most_urgent(self) -> Rank | None:
        return next((rank for rank in Rank if self._waiting[rank]), None)

    def first(self) -> T | None:
        """The item whose turn it is."""
        rank = self._next_rank()
        return None if rank is None else next(iter(self._waiting[rank]))

    def take(self) -> T:
        """Remove the item whose turn it is, and return it."""
        rank = self._next_rank()
        if rank is None:
            raise LookupError("nobody waits")
        item, _ = self._waiting[rank].popitem(last=False)
        self._overtaken[rank] = 0
        for lower in Rank:
            if lower > rank and self._waiting[lower]:
                self._overtaken[lower] += 1
        return item

    def clear(self) -> None:
        for rank, waiting in self._waiting.items():
            waiting.clear()
            self._overtaken[rank] = 0

    def _next_rank(self) -> Rank | None:
        waiting = [rank for rank in Rank if self._waiting[rank]]
        patient = [rank for rank in waiting if self._overtaken[rank] >= OVERTAKEN_AT_MOST]
        return next(iter(patient or waiting), None)
