"""The time of one run: how far it has come, how it is moved, and where it ends."""

from __future__ import annotations

import inspect
import math
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from ccxt_ext.testing.bots.hours.working import Working

if TYPE_CHECKING:
    from ccxt_ext.sandbox import Sandbox

MS = 1_000_000
SECOND = 1_000_000_000
GRACE_NS = 60 * SECOND
"""So much time a bot has after the end, for what it does in `finally`."""
MOST_ENDS = 3
"""So often a bot is told that its time is over. One that goes on all the same is ended by force."""
LOOKS_AT_ONCE = 2000
"""If a bot looks at the clock more often than this and does nothing else, it waits for time to pass."""
LOOKS_EACH = 20
"""Then time passes at every so many looks."""
LONGEST_CREEP_NS = SECOND
PATIENCE_S = 0.05
"""A thread that does not sleep is waited for so long, in real time, and as long as it is seen to work."""
FIRST_STEP_NS, LAST_STEP_NS = 10 * MS, 2 * SECOND
"""Then a little time passes, and more each time, as it may only be slow. After that it counts as idle."""
POLL_S = 0.001
"""So long is each look at whether it does. Looks are counted, as a busy machine takes longer for each."""
FOR_EVER = math.inf

T = TypeVar("T")


class Real:
    """Python's own clocks. In a class they are not found by who replaces them in modules."""

    sleep = time.sleep
    monotonic = time.monotonic
    monotonic_ns = time.monotonic_ns


class EndOfTime(BaseException):
    """Raised in a bot by its sleep when its time is over. It is no Exception, so that bots let it through."""


class EndOfThread(EndOfTime):
    """The same in a thread that the bot has started. It ends that without a word."""


class Sleep(NamedTuple):
    """What a thread waits for: an instant, or what others tell it before."""

    until: float
    is_told: Callable[[], bool] = lambda: False
    """Whether it was told already: then it is about to do something, however late it notices."""


def raise_later(lines: int, frames: Iterable[FrameType]) -> None:
    """Raise EndOfTime once more, after so many further lines of these frames.

    An `except` that lets nothing through ends at an error in its own lines, or in those around it. Python
    stops tracing when that has raised.
    """
    left = lines

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal left
        if event == "line":
            left -= 1
            if left <= 0:
                raise EndOfTime
        return trace

    for each in frames:
        if not str(each.f_globals.get("__name__")).startswith(__package__):
            each.f_trace = trace
    sys.settrace(lambda frame, event, argument: None)


def _frames(frame: FrameType | None, last: FrameType) -> Iterator[FrameType]:
    while frame is not None and frame is not last:
        yield frame
        frame = frame.f_back


class Hours:
    """Nanoseconds on top of the sandbox's clock, which has milliseconds; and who waits for them."""

    def __init__(self, sandbox: Sandbox, ns: int) -> None:
        self._server = sandbox.running.server
        self._thread = sandbox.running
        self._ms = self._clock_ms()
        self._rest_ns = 0
        """What has passed of the next millisecond."""
        self.begin_ns = self.now_ns()
        self.end_ns = self.begin_ns + ns
        self.ends_told = 0
        """How often the bot was told that its time is over."""
        self.on_end: Callable[[], object] = lambda: None
        """Called when the time is over, and again when that of its last things is."""
        self.was_put_back = False
        """Whether the run has ended, so that time is real again."""
        self.main = threading.get_ident()
        """The thread that runs the bot."""
        self.last_frame: FrameType | None = None
        """The frame that has called the bot."""
        self.waiting: dict[int, Sleep | None] = {self.main: None}
        """The threads of the bot, and what they sleep for; None while they do not."""
        self._idle: set[int] = set()
        """Threads that were waited for in vain, until they sleep again."""
        self._step_ns = FIRST_STEP_NS
        self._working = Working()
        self._lock = threading.Lock()
        """Held by the thread that lets time pass."""
        self._looks = 0
        self._creep_ns = 0
        self._done_before = self._done()

    # the time

    def _clock_ms(self) -> int:
        return self._server.world.clock.now()

    def now_ns(self) -> int:
        """Nanoseconds since the epoch."""
        ms = self._clock_ms()
        if ms != self._ms:  # others have moved it
            self._ms, self._rest_ns = ms, 0
        return ms * MS + self._rest_ns

    @property
    def passed_ns(self) -> int:
        return self.now_ns() - self.begin_ns

    @property
    def limit_ns(self) -> int:
        """Where the bot is told, or told again, that its time is over."""
        return self.end_ns + self.ends_told * GRACE_NS

    def live_until(self, ns: int) -> bool:
        """Let time pass until then, or less far if there is news before. Returns whether all is quiet."""
        self._looks = self._creep_ns = 0
        ms, rest = divmod(ns, MS)
        quiet = self._thread.result_of(self._server.live_until(ms))
        if self._clock_ms() == ms and ns > self.now_ns():
            self._ms, self._rest_ns = ms, rest
        return quiet

    def pass_until(self, ns: float) -> bool:
        """The same, one thread after the other."""
        now = self.now_ns()
        with self._lock:
            return now == self.now_ns() and self.live_until(int(ns))

    def is_quiet(self) -> bool:
        """Whether the sandbox has answered all that has come."""
        return self._thread.result_of(self._server.living.quiet())

    @contextmanager
    def pauses_counted(self) -> Iterator[None]:
        """A `with` block in which the latencies of faults go by this time, and not by real time."""
        self._thread.result_of(self._server.begin_living())
        try:
            yield
        finally:
            self._thread.result_of(self._server.end_living())

    def serves(self, port: int) -> bool:
        """Whether this is a port of the sandbox."""
        addresses = self._server.addresses
        return port == addresses.control_port or port in addresses.ports.values()

    # whose time it is

    @property
    def is_alone(self) -> bool:
        """Whether the bot has no other thread."""
        return len(self.waiting) == 1

    @property
    def asleep_besides_this(self) -> int:
        """How many threads of the bot sleep, beside this one."""
        return sum(instant is not None for instant in self._others().values())

    def _others(self) -> dict[int, float | None]:
        """The other threads of the bot, and until when they sleep; None if they have something to do.

        Who sleeps by now has told before whom he had to tell. So who was told is asked after that.
        """
        me, waiting = threading.get_ident(), self.waiting.copy()
        return {
            thread: None if sleep is None or sleep.is_told() else sleep.until
            for thread, sleep in waiting.items()
            if thread != me
        }

    @property
    def is_main(self) -> bool:
        return threading.get_ident() == self.main

    @property
    def is_bots(self) -> bool:
        """Whether this thread is the bot's, or one that it has started, and does not wait for the sandbox."""
        me = threading.get_ident()
        return me in self.waiting and me not in self._thread.callers

    # sleep

    def sleep(self, seconds: float) -> None:
        """Let time pass as `time.sleep()` does. Raises EndOfTime if it is over before."""
        target = self.now_ns() + round(seconds * SECOND)
        limit = self.limit_ns
        self.wait_until(min(target, limit))
        if target >= limit:
            self.end()

    def tell_end(self) -> None:
        """Note that the bot is told that its time is over."""
        self.ends_told += 1
        self.on_end()

    def end(self) -> None:
        """Tell the bot that its time is over."""
        if not self.is_main:
            raise EndOfThread
        self.tell_end()
        by_force = self.ends_told - MOST_ENDS
        if by_force > 0 and self.last_frame is not None:
            raise_later(by_force, _frames(inspect.currentframe(), self.last_frame))
        raise EndOfTime

    def wait_until(self, target: int) -> None:
        """Let time pass until then. It goes no further than to where another thread sleeps until."""
        me, waited_s, seen = threading.get_ident(), 0.0, self.now_ns()
        self.waits(me, Sleep(target))
        try:
            while (now := self.now_ns()) < target:
                if self.was_put_back:
                    raise EndOfThread
                if now != seen:
                    waited_s, seen = 0.0, now
                reach = self.reach(target, waited_s)
                if reach is not None:
                    self.pass_until(reach)
                else:
                    Real.sleep(POLL_S)
                    waited_s += POLL_S
        finally:
            if me in self.waiting:
                self.waiting[me] = None

    def wait_for(
        self, happens: Callable[[float], bool], seconds: float | None, is_told: Callable[[], bool]
    ) -> bool:
        """Wait until something happens, for so long at most. Returns whether it has.

        Without an end, only other threads let time pass meanwhile. `happens` tells that, and may take so
        many real seconds for it; `is_told` is true as soon as it has happened.
        """
        me, limit = threading.get_ident(), self.limit_ns
        target = FOR_EVER if seconds is None else self.now_ns() + round(seconds * SECOND)
        until, waited_s, seen = min(target, limit), 0.0, self.now_ns()
        before = self.waiting[me]
        self.waits(me, Sleep(target, is_told))
        try:
            while not happens(0.0 if self.is_alone and seconds is not None else POLL_S):
                now, waited_s = self.now_ns(), waited_s + POLL_S
                if now != seen:
                    waited_s, seen = 0.0, now
                if self.was_put_back or now >= until:
                    break
                reach = None if seconds is None or is_told() else self.reach(target, waited_s)
                if reach is not None:
                    self.pass_until(min(reach, until))
            else:
                return True
        finally:
            if me in self.waiting:
                self.waiting[me] = before
        if self.was_put_back or target >= limit:
            self.end()
        return happens(0.0)

    def waits(self, thread: int, sleep: Sleep) -> None:
        """Note that a thread sleeps, and so has something to do later."""
        self.waiting[thread] = sleep
        self._idle.discard(thread)
        self._working.sleeps(thread)
        self._step_ns = FIRST_STEP_NS

    def reach(self, target: float, waited_s: float) -> float | None:
        """How far this thread may let time pass; None while others have something to do before."""
        if self.is_alone:
            return target
        others = self._others()
        busy = {thread for thread, instant in others.items() if instant is None}
        if busy & self._thread.callers:  # the sandbox does something for them
            return None
        if busy and (waited_s < PATIENCE_S or not self.is_quiet()):
            return None
        if any(instant < target for instant in others.values() if instant is not None):
            return None
        if busy <= self._idle:
            return target
        if self._working.goes_on(busy):
            return None
        step, self._step_ns = self._step_ns, 2 * self._step_ns
        if step > LAST_STEP_NS:
            self._idle |= busy
        return min(target, self.now_ns() + step)

    # bots that wait without sleeping

    def _done(self) -> int:
        """How much was asked of the sandbox."""
        return self._server.world.requests.count

    def looked(self) -> None:
        """The bot has looked at the clock. If that is all that it does, time passes all the same."""
        self._looks += 1
        if self._looks > LOOKS_AT_ONCE and self._looks % LOOKS_EACH == 0:
            done, self._done_before = self._done_before, self._done()
            if done == self._done_before:
                self.creep()
            else:
                self._looks = 0

    def creep(self) -> None:
        """Let a little time pass for a bot that waits for it without sleeping."""
        with self._creeping() as until:
            self.sleep((until - self.now_ns()) / SECOND)

    def creep_in_loop(self) -> None:
        """The same for a loop that goes round without a pause. It is told of the end by itself."""
        with self._creeping() as until:
            self.live_until(min(until, self.limit_ns))

    @contextmanager
    def _creeping(self) -> Iterator[int]:
        """Gives the instant to which time passes next: the longer the bot waits so, the more at once."""
        looks, creep = self._looks, min(max(2 * self._creep_ns, MS), LONGEST_CREEP_NS)
        yield self.now_ns() + creep
        self._looks, self._creep_ns = looks, creep
