"""Ends bots that would go on for ever: that never sleep, or do not let themselves be ended."""

from __future__ import annotations

import ctypes
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from ccxt_ext.testing.bots.hours.passing import SECOND, Hours, Real

LOOK_EACH_S = 0.5
LINES = 3

AGAIN_S = 10.0
"""A bot that has been told has so long to end."""


class Stuck(BaseException):
    """Raised in a bot wherever it is."""


class Watch:
    """Raises Stuck in a bot if time passes more slowly than real time for so long."""

    def __init__(self, hours: Hours, patience_s: float) -> None:
        self._hours = hours
        self._first_s = self._patience_s = patience_s
        self._lock = threading.Lock()
        self._since = self._passed = 0.0
        self._is_on = False
        self.places: list[str] = []
        """Where the bot was then."""

    def begin(self) -> None:
        """The bot begins now."""
        with self._lock:
            self._is_on = True
            self._count_anew()

    def end(self) -> None:
        """It has ended. What follows may take as long as it wants, and is not disturbed."""
        with self._lock:
            self._is_on = False

    def look(self) -> None:
        with self._lock:
            if not self._is_on:
                return
            waited_s = Real.monotonic() - self._since
            if (self._hours.passed_ns - self._passed) / SECOND >= waited_s:
                self._count_anew()
            elif waited_s >= self._patience_s:
                self.places.append(where(self._hours.main))
                raise_in(self._hours.main, Stuck)
                self._patience_s = max(self._first_s, AGAIN_S)
                self._count_anew()

    def _count_anew(self) -> None:
        self._since, self._passed = Real.monotonic(), self._hours.passed_ns


@contextmanager
def watched(hours: Hours, patience_s: float) -> Iterator[Watch]:
    """A `with` block in which a bot is looked at from time to time, from when it begins until it ends."""
    over, watch = threading.Event(), Watch(hours, patience_s)

    def go_on_looking() -> None:
        while not over.wait(LOOK_EACH_S):
            watch.look()

    thread = threading.Thread(target=go_on_looking, name="ccxt-ext-watch", daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        over.set()
        thread.join()


def where(thread: int) -> str:
    """What a thread does just now, in a few lines, without those of this package."""
    frames = [
        place
        for place in traceback.walk_stack(sys._current_frames().get(thread))
        if not str(place[0].f_globals.get("__name__")).startswith(__package__)
    ]
    return "".join(traceback.format_list(traceback.StackSummary.extract(reversed(frames[:LINES])))).rstrip()


def raise_in(thread: int, error: type[BaseException]) -> None:
    """Raise an error in another thread, once it runs Python code again."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(error))
