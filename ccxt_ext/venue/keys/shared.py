"""What all who use one key share, such as numbers that rise, tokens, and whose turn it is. No I/O.

Many clients make an instance for each call, so what has to outlive one cannot live in it. `Shared` is the
face of it: everything that is kept by key goes through these few methods, with values that JSON can carry.
Behind it stands this process' memory.
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

MOST_KEYS = 1_000
MOST_KEPT = 10_000  # values of one kind

_ANY: Any = object()


class Kept(NamedTuple):
    value: Any
    left: float  # seconds until it expires; it is kept beyond that until another takes its place


class Shared(ABC):
    @abstractmethod
    def number(self, name: str, least: int) -> int:
        """A number above all that were given out before, and not below `least`."""

    @abstractmethod
    def keep(
        self, kind: str, name: str, value: Any, seconds: float = math.inf, instead_of: Any = _ANY
    ) -> bool:
        """Keep a value; only if there is this other one yet (None: none at all), if that is told.

        Of each kind the oldest are forgotten when there are too many.
        """

    @abstractmethod
    def kept(self, kind: str, name: str = "") -> Kept | None: ...

    @abstractmethod
    def expire(self, kind: str, name: str, value: Any) -> None:
        """If this is the value that is kept, it has no time left."""

    @abstractmethod
    def forget(self, kind: str, name: str) -> None: ...

    @abstractmethod
    def pause(self, name: str, most: int, seconds: float) -> float:
        """How long to wait until this may be done, `most` times within so many seconds; 0 counts as done."""

    @abstractmethod
    def line(self, name: str) -> Line:
        """Where those stand who want to do this one after the other."""


class Memory(Shared):
    """Shared by the threads and event loops of one process. A forked child has a copy, and nobody in line."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
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
            while done and done[0] <= now - seconds:
                done.popleft()
            if len(done) >= most:
                return done[-most] + seconds - now
            done.append(now)
            return 0.0

    def line(self, name: str) -> Line:
        with lock:
            return self._lines.setdefault(name, Line(lock))

    def is_idle(self) -> bool:
        return not any(line.is_busy() for line in self._lines.values())

    def clear_lines(self) -> None:
        for line in self._lines.values():
            line.clear()


# One for all, so that a fork can wait until nobody is in the midst of a change. Reentrant: the collector may
# run within it and destroy an exchange that was not closed. ccxt then logs a warning, and to take its secrets
# out of that one may have to look here.
lock = threading.RLock()

_made: OrderedDict[str, Memory] = OrderedDict()
_makers_anew: list[Callable[[], None]] = []


def shared(*credentials: str) -> Shared:
    """What all in this process share that use these credentials, at this venue and address."""
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
    """Have it called in a forked child, and when all that is shared is forgotten."""
    _makers_anew.append(start_anew)


def reset_shared() -> None:
    """Forget all that the instances of this process share by key: tokens, accounts, nonces, ids of orders.

    For tests, which then need no keys or hosts of their own. Calls that are under way are not disturbed.
    """
    with lock:
        _made.clear()
        for start_anew in _makers_anew:
            start_anew()


def _in_child() -> None:
    lock.release()
    for memory in _made.values():
        memory.clear_lines()  # whoever stands there is in the parent
    for start_anew in _makers_anew:
        start_anew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=lock.acquire, after_in_parent=lock.release, after_in_child=_in_child)
