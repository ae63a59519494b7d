"""Who does one thing after the other, whatever threads and event loops they run in. No I/O.

Nobody waits for ever: who holds the turn shows from time to time that it goes on, and who waits passes it by
when that fails to come.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from ccxt_ext.base.contexts import within
from ccxt_ext.base.errors import copy_of


class Place:
    """A place in the line, and how to wake who stands there."""

    def __init__(self, wake: Callable[[], None], together: bool) -> None:
        self.wake = wake
        self.together = together
        self.thread = threading.get_ident()
        self.goes = False
        # Of somebody before it, who failed with what this one was waiting for.
        self.failure: Exception | None = None
        self.shows_life()

    def shows_life(self) -> None:
        self.seen = time.monotonic()

    def silence(self) -> float:
        """Seconds since it was last seen to go on."""
        return time.monotonic() - self.seen


class Line:
    """First come, first served. Who goes `together` goes at the same time as others of that kind."""

    def __init__(self, lock: Any) -> None:
        self._lock = lock
        self._places: deque[Place] = deque()

    def is_busy(self) -> bool:
        return bool(self._places)

    def clear(self) -> None:
        self._places.clear()

    def join(self, wake: Callable[[], None], together: bool = False) -> Place:
        place = Place(wake, together)
        with self._lock:
            self._places.append(place)
            self._newly_free()
        return place

    def ahead_of(self, place: Place) -> Place | None:
        """Whose turn it is, if it is not this one's yet. Who was passed by waits for nobody."""
        with self._lock:
            return None if place.goes or place not in self._places else self._places[0]

    def leave(self, place: Place, failure: Exception | None = None) -> None:
        """Leave the line; whoever waits gets a copy of the failure, and the next one its turn."""
        with self._lock:
            if place not in self._places:
                return
            self._places.remove(place)
            if failure is not None:
                told = copy_of(failure)  # which keeps no frames alive
                for other in self._places:
                    other.failure = told
            woken = self._newly_free()
        self._wake(woken)

    def pass_by(self, place: Place, first: Place, whole_thread: bool) -> None:
        """Wait no longer for who holds the turn and does not go on, nor maybe for others of its thread."""
        with self._lock:
            stuck: list[Place] = []
            for other in self._places:
                if other is place:
                    break
                if other is first or (whole_thread and other.thread == first.thread):
                    stuck.append(other)
            for other in stuck:
                self._places.remove(other)
            woken = [*(other for other in stuck if not other.goes), *self._newly_free()]
        self._wake(woken)

    def _newly_free(self) -> list[Place]:
        newly: list[Place] = []
        for place in self._places:
            if place is not self._places[0] and not (place.together and self._places[0].together):
                break
            if not place.goes:
                place.goes = True
                place.shows_life()
                newly.append(place)
        return newly

    @staticmethod
    def _wake(woken: list[Place]) -> None:
        """Without the lock, which who is woken may want."""
        for place in woken:
            place.wake()


# Where others wait for this task or thread.
_held: ContextVar[Place | None] = ContextVar("held", default=None)


@contextmanager
def holding(line: Line, place: Place | None) -> Iterator[None]:
    """While this task or thread has its turn, which it leaves afterwards."""
    try:
        with within(_held, place):
            yield
    finally:
        if place is not None:
            line.leave(place)


def show_life() -> None:
    """Tell those who wait for this task or thread that it goes on."""
    place = _held.get()
    if place is not None:
        place.shows_life()
