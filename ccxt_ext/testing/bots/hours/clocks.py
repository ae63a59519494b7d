"""Puts the clocks of a run in place of Python's own, for the threads of its bot alone.

time-machine does it for the clocks on the wall: `time.time()`, `datetime.now()` and their kin, whoever holds
them. It leaves those alone that measure and wait: these are replaced here, in all modules that have them.
"""

from __future__ import annotations

import math
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from ccxt_ext.sandbox import SandboxError
from ccxt_ext.testing.bots.hours.passing import SECOND, EndOfThread, Hours, Real

Clock = Callable[..., Any]

INSIDES = ("_waiters", "_release_save", "_acquire_restore")
"""What a condition is made of, in all Pythons."""
_latest_ns = 0
"""Where `time.monotonic()` stood at the end of the latest run; it never goes back from one to the next."""


class Clocks:
    """What the bot's threads get from Python's clocks."""

    def __init__(self, hours: Hours) -> None:
        self._hours = hours
        self.began_ns = max(Real.monotonic_ns(), _latest_ns)

    def steady_ns(self) -> int:
        """What `time.monotonic_ns()` is for the bot."""
        return self.began_ns + self._hours.passed_ns

    def steady(self) -> float:
        return self.steady_ns() / SECOND

    def monotonic(self) -> float:
        if not self._hours.is_bots:
            return Real.monotonic()
        if self._hours.is_main:
            self._hours.looked()
        return self.steady()

    def monotonic_ns(self) -> int:
        if not self._hours.is_bots:
            return Real.monotonic_ns()
        if self._hours.is_main:
            self._hours.looked()
        return self.steady_ns()

    def sleep(self, seconds: float, /) -> None:
        if not self._hours.is_bots or not isinstance(seconds, int | float) or not 0 <= seconds < math.inf:
            Real.sleep(seconds)
        elif seconds:
            self._hours.sleep(seconds)
        elif self._hours.is_main:
            self._hours.looked()

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """A `with` block in which the bot's threads have these clocks."""
        global _latest_ns
        with ExitStack() as stack:
            stack.enter_context(_on_the_wall(self._hours))
            stack.enter_context(
                _replaced(
                    {
                        Real.sleep: self.sleep,
                        Real.monotonic: self.monotonic,
                        Real.monotonic_ns: self.monotonic_ns,
                    }
                )
            )
            stack.enter_context(_in_threads(self._hours))
            try:
                yield
            finally:
                _latest_ns = self.steady_ns()
                self._hours.was_put_back = True


@contextmanager
def _on_the_wall(hours: Hours) -> Iterator[None]:
    try:
        import time_machine
    except ImportError:
        raise SandboxError("run_for needs time-machine: pip install 'ccxt-ext[test]'") from None
    real_time_ns = time_machine.escape_hatch.time.time_ns
    with time_machine.travel(hours.now_ns() // SECOND, tick=False) as traveller:

        def time_ns() -> int:
            if not hours.is_bots:
                return real_time_ns()
            if hours.is_main:
                hours.looked()
            return hours.now_ns()

        vars(traveller)["time_ns"] = time_ns
        yield


@contextmanager
def _replaced(ours: Mapping[Clock, Clock]) -> Iterator[None]:
    """Have ours in place of the real ones in all modules, by whatever name."""
    _replace(ours)
    try:
        yield
    finally:
        _replace({own: real for real, own in ours.items()})  # in those too that were imported meanwhile


def _replace(others: Mapping[Clock, Clock]) -> None:
    """Put these functions in the place of those that they are told for."""
    wanted = {id(function): other for function, other in others.items()}
    for module in list(sys.modules.values()):
        namespace = getattr(module, "__dict__", None)
        # There are very many values, and few modules have one of those.
        if not isinstance(namespace, dict) or wanted.keys().isdisjoint(map(id, list(namespace.values()))):
            continue
        for name, value in list(namespace.items()):
            if id(value) in wanted:
                namespace[name] = wanted[id(value)]


@contextmanager
def _in_threads(hours: Hours) -> Iterator[None]:
    """Have threads of the bot be such, and go by its time when they wait."""
    start, wait = threading.Thread.start, threading.Condition.wait

    def start_as_bots(thread: threading.Thread) -> None:
        if hours.is_bots:
            thread.run = _as_bots(thread.run, hours)  # type: ignore[method-assign]  # of this one alone
        start(thread)

    def wait_as_bots(condition: threading.Condition, timeout: float | None = None) -> bool:
        if not hours.is_bots or (timeout is not None and timeout <= 0):
            return wait(condition, timeout)
        with _told_by(condition) as (told, waiter):
            return hours.wait_for(told, timeout, waiter.is_told)

    with ExitStack() as stack:
        stack.enter_context(_set(threading.Thread, "start", start_as_bots))
        stack.enter_context(_set(threading.Condition, "wait", wait_as_bots))
        yield


class Waiter:
    """What a condition lets go of when it is notified, as the lock of its own `wait()`.

    Whoever waits may notice late. That he was told is known at once.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lock.acquire()
        self._told = False
        self.acquire = self._lock.acquire

    def release(self) -> None:
        self._told = True
        self._lock.release()

    def is_told(self) -> bool:
        return self._told


@contextmanager
def _told_by(condition: threading.Condition) -> Iterator[tuple[Callable[[float], bool], Waiter]]:
    """A `with` block in which a condition is waited for, and given free, as in its own `wait()`.

    Gives what waits for so many real seconds, and tells whether it was notified by then. It can be called
    again and again, and nothing is missed in between.
    """
    parts: Any = condition
    waiter = Waiter()
    getattr(parts, INSIDES[0]).append(waiter)
    saved, was_told = getattr(parts, INSIDES[1])(), False

    def told(seconds: float) -> bool:
        nonlocal was_told
        was_told = was_told or (waiter.acquire(timeout=seconds) if seconds > 0 else waiter.acquire(False))
        return was_told

    try:
        yield told, waiter
    finally:
        getattr(parts, INSIDES[2])(saved)
        waiting = getattr(parts, INSIDES[0])
        if waiter in waiting:
            waiting.remove(waiter)


@contextmanager
def _set(owner: type, name: str, ours: Callable[..., Any]) -> Iterator[None]:
    before = vars(owner)[name]
    setattr(owner, name, ours)
    try:
        yield
    finally:
        setattr(owner, name, before)


def _as_bots(run: Callable[[], None], hours: Hours) -> Callable[[], None]:
    """What a thread does, as a thread of the bot; it is one from now on."""
    coming = object()
    hours.waiting[id(coming)] = None

    def run_as_bots() -> None:
        me = threading.get_ident()
        hours.waiting[me] = None
        del hours.waiting[id(coming)]
        try:
            with suppress(EndOfThread):
                run()
        finally:
            del hours.waiting[me]

    return run_as_bots
