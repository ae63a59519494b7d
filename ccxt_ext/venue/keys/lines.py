"""Who does one thing after the other, whatever threads and event loops they run in. No I/O.

Nobody waits for ever: who holds the turn shows from time to time that it goes on, and who waits passes it by
when that fails to come.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from ccxt_ext.venue.answers.errors import copy_error
from ccxt_ext.venue.contexts import within
from ccxt_ext.venue.requests.ranks import Rank, RankedQueue


class Place:
    """A place in the line, and how to wake who stands there."""

    def __init__(self, wake: Callable[[], None], together: bool, rank: Rank) -> None:
        self.wake = wake
        self.together = together
        self.rank = rank
        # Called when somebody more urgent waits for this one.
        self.hurry: Callable[[Rank], None] | None = None
        self.thread = threading.get_ident()
        self.goes = False
        # Of somebody before it, who failed with what this one was waiting for.
        self.failure: Exception | None = None
        self.show_life()

    def show_life(self) -> None:
        self.seen = time.monotonic()

    def silence(self) -> float:
        """Seconds since it was last seen to go on."""
        return time.monotonic() - self.seen

    def pass_on_rank(self) -> None:
        """Be as urgent as who waits for this one."""
        hurry = self.hurry
        if hurry is not None:
            hurry(self.rank)


class Line:
    """By rank, and first come, first served within one.

    Who goes `together` goes at the same time as others of that kind.
    """

    def __init__(self, lock: Any) -> None:
        self._lock = lock
        self._going: list[Place] = []
        self._waiting: RankedQueue[Place] = RankedQueue()

    def is_busy(self) -> bool:
        return bool(self._going or self._waiting)

    def clear(self) -> None:
        self._going.clear()
        self._waiting.clear()

    def join(self, wake: Callable[[], None], together: bool = False, rank: Rank = Rank.REST) -> Place:
        place = Place(wake, together, rank)
        with self._lock:
            self._waiting.join(place, rank)
            self._newly_free()
            urged = self._urged()
        self._tell([], urged)
        return place

    def ahead_of(self, place: Place) -> Place | None:
        """Whose turn it is, if it is not this one's yet. Who was passed by waits for nobody."""
        with self._lock:
            return self._going[0] if place in self._waiting else None

    def leave(self, place: Place, failure: Exception | None = None) -> None:
        """Leave the line; whoever waits gets a copy of the failure, and the next one its turn."""
        with self._lock:
            if not self._remove(place):
                return
            if failure is not None:
                told = copy_error(failure)  # which keeps no frames alive
                for other in self._all():
                    other.failure = told
            woken, urged = self._newly_free(), self._urged()
        self._tell(woken, urged)

    def pass_by(self, place: Place, first: Place, whole_thread: bool) -> None:
        """Wait no longer for who holds the turn and does not go on, nor maybe for others of its thread."""
        with self._lock:
            stuck: list[Place] = []
            for other in self._all():
                if other is place:
                    break
                if other is first or (whole_thread and other.thread == first.thread):
                    stuck.append(other)
            for other in stuck:
                self._remove(other)
            woken = [*(other for other in stuck if not other.goes), *self._newly_free()]
            urged = self._urged()
        self._tell(woken, urged)

    def _all(self) -> list[Place]:
        return [*self._going, *self._waiting]

    def _remove(self, place: Place) -> bool:
        """Whether it was there."""
        if place in self._going:
            self._going.remove(place)
        elif place in self._waiting:
            self._waiting.leave(place)
        else:
            return False
        return True

    def _newly_free(self) -> list[Place]:
        newly: list[Place] = []
        while (first := self._waiting.first()) is not None:
            if self._going and not (first.together and self._going[0].together):
                break
            self._going.append(self._waiting.take())
            first.goes = True
            first.show_life()
            newly.append(first)
        return newly

    def _urged(self) -> list[Place]:
        """Those that go and are as urgent from now on as somebody who waits for them."""
        most_urgent = self._waiting.most_urgent()
        if most_urgent is None:
            return []
        urged = [place for place in self._going if most_urgent < place.rank]
        for place in urged:
            place.rank = most_urgent
        return urged

    @staticmethod
    def _tell(woken: list[Place], urged: list[Place]) -> None:
        """Without the lock, which who is woken may want; and who is urged wants another."""
        for place in woken:
            place.wake()
        for place in urged:
            place.pass_on_rank()


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


def held_place() -> Place | None:
    """Where others wait for this task or thread, if they do."""
    return _held.get()


def show_life() -> None:
    """Tell those who wait for this task or thread that it goes on."""
    place = held_place()
    if place is not None:
        place.show_life()
