"""What is urgent goes first, and nobody waits for ever. No I/O."""

import itertools
import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import AbstractContextManager
from contextvars import ContextVar, copy_context
from enum import IntEnum
from typing import Any, Generic, TypeVar

from ccxt_ext.venue.contexts import within

T = TypeVar("T", bound=Hashable)
R = TypeVar("R")

# How many may overtake whoever has waited longest.
OVERTAKEN_AT_MOST = 30

_CANCELS = re.compile(r"cancel_.*orders?(_|$)")
_ORDERS = re.compile(r"(create|edit)_.*orders?(_|$)|close_(all_)?positions?(_|$)")


class Rank(IntEnum):
    CANCEL = 0
    ORDER = 1
    REST = 2


_rank: ContextVar[Rank] = ContextVar("rank", default=Rank.REST)


def rank_now() -> Rank:
    """How urgent what this task or thread does is."""
    return _rank.get()


def at_least(rank: Rank) -> AbstractContextManager[Rank]:
    """Whatever is done within is that urgent, if it is not more so."""
    return within(_rank, min(_rank.get(), rank))


def without_rank(call: Callable[..., R], *args: Any) -> R:
    """What goes on beyond an urgent call is not as urgent as that."""
    context = copy_context()
    context.run(_rank.set, Rank.REST)
    return context.run(call, *args)


def rank_of_endpoint(method: str, config: Mapping[str, Any]) -> Rank:
    """As `'priority': 'cancel'` or `'order'` in its entry says; else what is deleted are orders, and what is
    sent once is an order."""
    told = config.get("priority")
    if told is not None:
        return Rank[told.upper()]
    if method == "DELETE" or "cancels" in config:
        return Rank.CANCEL
    return Rank.ORDER if config.get("once") else Rank.REST


def rank_of_method(name: str) -> Rank | None:
    """Of ccxt's unified method of that name, whose look-ups are as urgent as itself."""
    if _CANCELS.match(name):
        return Rank.CANCEL
    return Rank.ORDER if _ORDERS.match(name) else None


class RankedQueue(Generic[T]):
    """Those who wait: by rank, and by arrival within one."""

    def __init__(self) -> None:
        self._waiting: dict[Rank, OrderedDict[T, None]] = {rank: OrderedDict() for rank in Rank}
        # How many have overtaken the first of each rank.
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
        """Somebody of that rank waits for this one."""
        held = next((each for each, waiting in self._waiting.items() if item in waiting), rank)
        if held > rank:
            self.leave(item)
            self.join(item, rank)

    def most_urgent(self) -> Rank | None:
        return next((rank for rank in Rank if self._waiting[rank]), None)

    def first(self) -> T | None:
        """Whose turn it is."""
        rank = self._next_rank()
        return None if rank is None else next(iter(self._waiting[rank]))

    def take(self) -> T:
        """The first, who leaves the line."""
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
