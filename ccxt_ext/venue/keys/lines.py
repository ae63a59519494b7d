"""Lines in which callers wait for their turn, across threads and event loops.

Nobody waits for ever. Whoever has the turn shows from time to time that it is alive. If it does not, those
who wait for it go past it.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from ccxt_ext.venue.answers.error_copies import copy_error
from ccxt_ext.venue.contexts import within
from ccxt_ext.venue.requests.ranks import Rank, RankedQueue

__all__ = ["Line", "Place", "holding"]


class Place:
    """Somebody's place in a line, which `take_turn()` gives and `Line.leave()` takes."""

    def __init__(self, wake: Callable[[], None], together: bool, rank: Rank) -> None:  # internal
        self.wake = wake
        self.together = together
        self.rank = rank
        # If set, it is called when somebody more urgent waits for this place.
        self.hurry: Callable[[Rank], None] | None = None
        self.thread = threading.get_ident()
        self.goes = False
        # The error of somebody ahead, who failed to get what this place is waiting for.
        self.failure: Exception | None = None
        self.show_life()

    def show_life(self) -> None:  # internal
        """Note that whoever has this place is alive."""
        self.seen = time.monotonic()

    def silence(self) -> float:  # internal
        """Seconds since the last sign of life."""
        return time.monotonic() - self.seen

    def pass_on_rank(self) -> None:  # internal
        """Make what goes on here as urgent as those who wait for it."""
        hurry = self.hurry
        if hurry is not None:
            hurry(self.rank)


class Line:
    """A line that goes by rank, and within one rank by arrival. `take_turn()` waits in it.

    Those who join it with `together=True` may have their turn at the same time as each other.
    """

    def __init__(self, lock: Any) -> None:  # internal
        self._lock = lock
        self._going: list[Place] = []
        self._waiting: RankedQueue[Place] = RankedQueue()

    def is_busy(self) -> bool:  # internal
        return bool(self._going or self._waiting)

    def clear(self) -> None:  # internal
        self._going.clear()
        self._waiting.clear()

    def join(
        self, wake: Callable[[], None], together: bool = False, rank: Rank = Rank.REST
    ) -> Place:  # internal
        place = Place(wake, together, rank)
        with self._lock:
            self._waiting.join(place, rank)
            self._newly_free()
            urged = self._urged()
        self._tell([], urged)
        return place

    def ahead_of(self, place: Place) -> Place | None:  # internal
        """Who has the turn, if this place does not have it yet. A place that was passed by need not wait."""
        with self._lock:
            return self._going[0] if place in self._waiting else None

    def leave(self, place: Place, failure: Exception | None = None) -> None:
        """Leave the line, so that the next one gets its turn. All who wait get a copy of the failure."""
        with self._lock:
            if not self._remove(place):
                return
            if failure is not None:
                copy = copy_error(failure)  # a copy, as the original keeps frames alive
                for other in self._all():
                    other.failure = copy
            woken, urged = self._newly_free(), self._urged()
        self._tell(woken, urged)

    def pass_by(self, place: Place, first: Place, whole_thread: bool) -> None:  # internal
        """Go past whoever has the turn and shows no life; with `whole_thread`, past its whole thread."""
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
        """Remove a place. Returns whether it was in the line."""
        if place in self._going:
            self._going.remove(place)
        elif place in self._waiting:
            self._waiting.leave(place)
        else:
            return False
        return True

    def _newly_free(self) -> list[Place]:
        """Give the turn to those who may have it now, and return them."""
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
        """Raise the rank of those who have the turn, if somebody more urgent waits. Returns those raised."""
        most_urgent = self._waiting.most_urgent()
        if most_urgent is None:
            return []
        urged = [place for place in self._going if most_urgent < place.rank]
        for place in urged:
            place.rank = most_urgent
        return urged

    @staticmethod
    def _tell(woken: list[Place], urged: list[Place]) -> None:
        """Wake and urge places. Called without the lock, as they may need this one or another."""
        for place in woken:
            place.wake()
        for place in urged:
            place.pass_on_rank()


# The place of this task or thread in a line, if it has one: others may wait behind it.
_held: ContextVar[Place | None] = ContextVar("held", default=None)


@contextmanager
def holding(line: Line, place: Place | None) -> Iterator[None]:
    """The `with` block runs while this task or thread has its turn. The line is left at the end."""
    try:
        with within(_held, place):
            yield
    finally:
        if place is not None:
            line.leave(place)


def held_place() -> Place | None:
    """The place of this task or thread in a line, if it has one."""
    return _held.get()


def show_life() -> None:
    """Show those who wait for this task or thread that it is alive."""
    place = held_place()
    if place is not None:
        place.show_life()
