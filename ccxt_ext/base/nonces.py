"""Numbers that rise with every call of a key, and calls that arrive in the order of their numbers.

A venue that demands rising nonces refuses a call that is overtaken by a later one. So the calls of a key
stand in line: the first in line signs, sends and gets its answer before the next one signs. All
instances of a process that use the same key share the line, whatever threads and event loops they run in.
"""

import os
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(eq=False)
class Place:
    """A place in the line, and how to wake who stands there."""

    wake: Callable[[], None]
    thread: int


class Nonces:
    """What the calls of one key share."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0
        self._line: deque[Place] = deque()

    def start_anew(self) -> None:
        """In a forked child: whoever stands in line is in the parent, and maybe holds the lock."""
        self._lock = threading.Lock()
        self._line.clear()

    def take(self, least: int) -> int:
        """A number above all that were taken before, and not below `least`."""
        with self._lock:
            self._last = max(self._last + 1, least)
            return self._last

    def join(self, wake: Callable[[], None]) -> Place:
        place = Place(wake, threading.get_ident())
        with self._lock:
            self._line.append(place)
        return place

    def first_before(self, place: Place) -> Place | None:
        """Whose turn it is, if it is not this one's yet. Who was dropped waits for nobody."""
        with self._lock:
            first = self._line[0] if self._line else place
            return None if first is place or place not in self._line else first

    def leave(self, place: Place) -> None:
        """Leave the line; if it was this one's turn, it is the next one's now."""
        with self._lock:
            was_first = bool(self._line) and self._line[0] is place
            if place in self._line:
                self._line.remove(place)
            following = self._line[0] if was_first and self._line else None
        if following is not None:
            following.wake()

    def drop(self, first: Place) -> None:
        """Wait no longer for who holds the turn and does not go on, unless it has gone on."""
        with self._lock:
            stuck = bool(self._line) and self._line[0] is first
        if stuck:
            self.leave(first)


_NONCES: dict[tuple[str, str], Nonces] = {}
_NONCES_LOCK = threading.Lock()


def _in_child() -> None:
    global _NONCES_LOCK
    _NONCES_LOCK = threading.Lock()
    for shared in _NONCES.values():
        shared.start_anew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)


def nonces(venue: str, key: str) -> Nonces:
    """What all instances of this process share that use this key at this venue."""
    with _NONCES_LOCK:
        shared = _NONCES.get((venue, key))
        return _NONCES.setdefault((venue, key), Nonces()) if shared is None else shared
