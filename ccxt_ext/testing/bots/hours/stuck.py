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
"""A bot that has been told has so long to end, as have the clocks to be put back."""


class Stuck(BaseException):
    """Raised in a bot wherever it is."""


@contextmanager
def watched(hours: Hours, patience_s: float) -> Iterator[list[str]]:
    """A `with` block that ends with Stuck if time passes more slowly than real time for so long.

    Gives a list, into which is put where the bot was then.
    """
    over, places, lock = threading.Event(), list[str](), threading.Lock()

    def watch() -> None:
        patience = patience_s
        since, passed = Real.monotonic(), hours.passed_ns
        while not over.wait(LOOK_EACH_S):
            waited_s, gained_s = Real.monotonic() - since, (hours.passed_ns - passed) / SECOND
            if gained_s >= waited_s:
                since, passed = Real.monotonic(), hours.passed_ns
            elif waited_s >= patience:
                with lock:
                    if not over.is_set():
                        places.append(where(hours.main))
                        raise_in(hours.main, Stuck)
                since, patience = Real.monotonic(), max(patience_s, AGAIN_S)

    thread = threading.Thread(target=watch, name="ccxt-ext-watch", daemon=True)
    thread.start()
    try:
        yield places
    finally:
        with lock:
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
