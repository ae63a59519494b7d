"""Keeps what all clients with the same key share: nonces, tokens, lines to wait in.

Many programs make a new exchange for each call, so an exchange cannot keep what has to outlive it. Everything
that is shared goes through the few methods of `Shared`, with values that JSON can carry. `Memory` keeps it in
this process.
"""

import hashlib
import math
import os
import threading
import time
from abc import ABC, abstractmethod
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Any, NamedTuple

from ccxt_ext.venue.keys.lines import Line

__all__ = ["Kept", "Memory", "Shared", "reset_in_child", "shared"]

MOST_KEYS = 1_000
MOST_KEPT = 10_000  # values of one kind

_ANY: Any = object()


class Kept(NamedTuple):
    """A value that was kept. It stays after it has expired, until another value replaces it."""

    value: Any
    left: float
    """Seconds until it expires."""


class Shared(ABC):
    """What clients with the same key share. Values have a kind, such as 'token', and a name within it."""

    @abstractmethod
    def number(self, name: str, least: int) -> int:
        """A number that is higher than all before it, and at least `least`."""

    @abstractmethod
    def keep(
        self, kind: str, name: str, value: Any, seconds: float = math.inf, instead_of: Any = _ANY
    ) -> bool:
        """Keep a value for some seconds. Returns whether it was kept.

        With `instead_of`, it is kept only if the present value is this one; None means that there is none.
        If there are too many values of a kind, the oldest are forgotten.
        """

    @abstractmethod
    def kept(self, kind: str, name: str = "") -> Kept | None:
        """The value that is kept, if there is one."""

    @abstractmethod
    def expire(self, kind: str, name: str, value: Any) -> None:
        """Let the value expire now, if it is still this one."""

    @abstractmethod
    def forget(self, kind: str, name: str) -> None:
        """Forget a value."""

    @abstractmethod
    def pause(self, name: str, most: int, seconds: float) -> float:
        """How long to wait before doing something that may be done `most` times in so many seconds.

        If the result is 0, it counts as done.
        """

    @abstractmethod
    def line(self, name: str) -> Line:
        """The line of those who have to do something one after the other."""


class Memory(Shared):
    """Shared by the threads and event loops of a process. A forked child gets a copy with empty lines."""

    def __init__(self, clock: Callable[[], float] = lambda: time.monotonic()) -> None:
        self._clock = clock
        self._last: dict[str, int] = {}
        self._kept: dict[str, OrderedDict[str, tuple[Any, float]]] = {}
        self._done: dict[str, deque[float]] = {}
        self._lines: dict[str, Line] = {}

    def number(self, name: str, least: int) -> int:
        with lock:
            self._last[name] = number = max(self._last.get(name, 0) + 1, least)
            return number

    def keep(
        self, kind: str, name: str, value: Any, seconds: float = math.inf, instead_of: Any = _ANY
    ) -> bool:
        with lock:
            of_kind = self._kept.setdefault(kind, OrderedDict())
            earlier = of_kind.get(name)
            if instead_of is not _ANY and (None if earlier is None else earlier[0]) != instead_of:
                return False
            of_kind[name] = value, self._clock() + seconds
            of_kind.move_to_end(name)
            while len(of_kind) > MOST_KEPT:
                of_kind.popitem(last=False)
            return True

    def kept(self, kind: str, name: str = "") -> Kept | None:
        with lock:
            found = self._kept.setdefault(kind, OrderedDict()).get(name)
            return None if found is None else Kept(found[0], found[1] - self._clock())

    def expire(self, kind: str, name: str, value: Any) -> None:
        self.keep(kind, name, value, 0.0, value)

    def forget(self, kind: str, name: str) -> None:
        with lock:
            self._kept.setdefault(kind, OrderedDict()).pop(name, None)

    def pause(self, name: str, most: int, seconds: float) -> float:
        with lock:
            now, done = self._clock(), self._done.setdefault(name, deque())
            if done and now < done[-1]:  # it was another clock until now
                done.clear()
            while done and done[0] <= now - seconds:
                done.popleft()
            if len(done) >= most:
                return done[-most] + seconds - now
            done.append(now)
            return 0.0

    def line(self, name: str) -> Line:
        with lock:
            return self._lines.setdefault(name, Line(lock))

    def is_idle(self) -> bool:  # internal
        return not any(line.is_busy() for line in self._lines.values())

    def clear_lines(self) -> None:  # internal
        for line in self._lines.values():
            line.clear()


# One lock for everything, so that a fork can wait until no change is under way. It is reentrant: the garbage
# collector may run while it is held, and destroy an exchange that was not closed. ccxt then logs a warning,
# and removing the secrets from that may need the lock.
lock = threading.RLock()

_made: OrderedDict[str, Memory] = OrderedDict()
_makers_anew: list[Callable[[], None]] = []


def shared(*credentials: str) -> Shared:
    """What all clients of this process share that use these credentials, at a venue and address."""
    key = hashlib.sha256(repr(credentials).encode()).hexdigest()
    with lock:
        if key not in _made:
            _made[key] = Memory()
            idle = [old for old in list(_made)[:-1] if _made[old].is_idle()] if len(_made) > MOST_KEYS else []
            if idle:
                del _made[idle[0]]
        _made.move_to_end(key)
        return _made[key]


def reset_in_child(start_anew: Callable[[], None]) -> None:
    """Register a function to be called in each forked child, and by `reset_shared()`."""
    _makers_anew.append(start_anew)


def reset_shared() -> None:
    """Forget everything that clients with the same key share: tokens, accounts, nonces, ids of orders.

    With this, tests need not use a new key each. Calls that are under way are not disturbed.
    """
    with lock:
        _made.clear()
        for start_anew in _makers_anew:
            start_anew()


def _in_child() -> None:
    lock.release()
    for memory in _made.values():
        memory.clear_lines()  # those who wait there are in the parent
    for start_anew in _makers_anew:
        start_anew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=lock.acquire, after_in_parent=lock.release, after_in_child=_in_child)
