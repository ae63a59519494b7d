"""Tells a thread that works, or is in line for a processor, from one that waits for something else."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import NamedTuple

TASKS = Path("/proc/self/task")

STATE = re.compile(r"\) (\w) ")

LONGEST_NS = 1_000_000_000
"""After so much work, without what it waits for a processor, a thread is taken for one that never ends."""

STILL_LOOKS = 25
"""A thread that waits for its turn in Python looks idle from one look to the next, and wakes every few."""


class Work(NamedTuple):
    """What one thread has done so far."""

    runs: bool
    """It runs, is in line for a processor, or waits for the disk."""
    ran_ns: int


class Seen(NamedTuple):
    """What one thread has seen of the work of another."""

    ran_ns: int
    still: int
    """How many looks in a row saw it do nothing."""


def work_of(thread: threading.Thread) -> Work | None:
    """None where that is not told: Linux alone does."""
    try:
        task = TASKS / str(thread.native_id)
        state = STATE.search((task / "stat").read_text())
        ran_ns = int((task / "schedstat").read_text().split()[0])
    except (OSError, ValueError, IndexError):  # another system, or the thread has ended
        return None
    return Work(state is not None and state[1] in "RD", ran_ns)


class Working:
    """The work of a bot's threads since each last slept."""

    def __init__(self) -> None:
        self._begun: dict[int, int] = {}
        self._seen: dict[int, dict[int, Seen]] = {}
        """What each thread that waits has seen of it, by itself: several look more often than one."""

    def sleeps(self, thread: int) -> None:
        """Note that a thread sleeps. It begins anew then."""
        self._begun.pop(thread, None)
        self._seen.pop(thread, None)

    def goes_on(self, threads: set[int]) -> bool:
        """Whether any of these has worked in the latest looks. One that is about to begin does."""
        by_ident = {thread.ident: thread for thread in threading.enumerate()}
        if not threads <= by_ident.keys():
            return True  # it is being started
        looks = [self._has_worked(ident, work_of(by_ident[ident])) for ident in threads]
        return any(looks)

    def _has_worked(self, ident: int, work: Work | None) -> bool:
        if work is None:
            return False
        if work.ran_ns - self._begun.setdefault(ident, work.ran_ns) > LONGEST_NS:
            return False
        seen, me = self._seen.setdefault(ident, {}), threading.get_ident()
        before = seen.get(me)
        still = 0 if before is None or work.runs or work.ran_ns != before.ran_ns else before.still + 1
        seen[me] = Seen(work.ran_ns, still)
        return still < STILL_LOOKS
