"""What all instances of this process share that use the same credentials. No I/O.

Many clients make an instance for each call, so what has to outlive one cannot live in it.
"""

import enum
import hashlib
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Generic, TypeVar

from ccxt_ext.base.errors import copy_of

T = TypeVar("T")


class Registry(Generic[T]):
    """One `T` for each set of credentials."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: dict[str, T] = {}
        # Reentrant: the collector may run in the midst of of() and destroy an exchange that was not closed.
        # ccxt then logs a warning, and to take its secrets out of that one may have to look here.
        self.lock = threading.RLock()

    def of(self, *credentials: str) -> T:
        key = hashlib.sha256(repr(credentials).encode()).hexdigest()
        with self.lock:
            if key not in self._made:
                self._made[key] = self._make()
            return self._made[key]


class Step(enum.Enum):
    FETCH = enum.auto()  # fetch the value, then call landed() or failed()
    WAIT = enum.auto()  # enlist, then claim again


class Waiting(ABC):
    """Those who wait for what one of them does, and how that failed. What is not public needs the lock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Callable[[], None]] = []
        self._failures = 0
        self._failure: Exception | None = None

    @property
    def failures(self) -> int:
        """How many tries have failed so far; see `failure_since`."""
        return self._failures

    def failure_since(self, failures: int) -> Exception | None:
        """The error of a try that failed after `failures` was read: it goes to all who waited for it."""
        with self._lock:
            return self._failure if self._failures > failures else None

    def enlist(self, wake: Callable[[], None]) -> bool:
        """Have `wake` called when a claim may fare better; False if it may do so now."""
        with self._lock:
            busy = self._is_busy()
            if busy:
                self._waiting.append(wake)
            return busy

    @abstractmethod
    def _is_busy(self) -> bool:
        """Whether one of them is at it."""

    def _note_failure(self, error: Exception) -> None:
        self._failures += 1
        self._failure = copy_of(error)  # which keeps no frames alive

    def _take_waiting(self) -> list[Callable[[], None]]:
        woken, self._waiting = self._waiting, []
        return woken

    @staticmethod
    def _wake(woken: list[Callable[[], None]]) -> None:
        """Without the lock, which who is woken may want."""
        for wake in woken:
            wake()


class SingleFlight(Waiting, Generic[T]):
    """A value that is fetched once, by one of those who want it, while the others wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self._value: T | None = None
        self._fetching = False

    @property
    def value(self) -> T | None:
        return self._value

    def _is_busy(self) -> bool:
        return self._fetching

    def claim(self) -> T | Step:
        with self._lock:
            if self._value is not None:
                return self._value
            if self._fetching:
                return Step.WAIT
            self._fetching = True
            return Step.FETCH

    def landed(self, value: T) -> None:
        self._end(value, None)

    def failed(self, error: Exception | None) -> None:
        """Without an error (a cancelled call), the next who waits tries."""
        self._end(None, error)

    def _end(self, value: T | None, error: Exception | None) -> None:
        with self._lock:
            self._fetching = False
            self._value = value
            if error is not None:
                self._note_failure(error)
            woken = self._take_waiting()
        self._wake(woken)
