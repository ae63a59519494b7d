"""Lets an event loop go by a bot's time: where it would wait, that time passes, once nothing is under way."""

from __future__ import annotations

import asyncio
import math
import selectors
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ccxt_ext.sandbox import SandboxError
from ccxt_ext.testing.bots.hours.clocks import Clocks
from ccxt_ext.testing.bots.hours.passing import FOR_EVER, SECOND, Hours, Sleep

TURNS_AT_ONCE = 2000
"""If a loop goes round more often than this without news, time passes, as its tasks wait for that."""
FOREIGN_PATIENCE_S = 0.05
"""How long answers from elsewhere are waited for, in real time, before time passes."""
TURNS_EACH = 20
"""A loop that has something to do looks each so many turns at what has come."""
SLICE_S = 0.002
INEXACT_NS = 1000
"""Timers of a loop are floats: by so much they may be off."""
INSIDES = ("_selector", "_scheduled", "_when")


class LivedLoop:
    """An event loop whose timers go by a bot's time."""

    def __init__(self, loop: asyncio.AbstractEventLoop, hours: Hours, clocks: Clocks) -> None:
        if not isinstance(loop, asyncio.BaseEventLoop) or not all(
            hasattr(loop, each) for each in INSIDES[:2]
        ):
            raise SandboxError(
                f"run_for needs asyncio's own event loop, as it moves the loop's time: this is {type(loop)}"
            )
        self._loop, self._hours, self._clocks = loop, hours, clocks
        self._selector: selectors.BaseSelector = getattr(loop, INSIDES[0])
        self._timers: list[asyncio.TimerHandle] = getattr(loop, INSIDES[1])
        self._select = self._selector.select
        self._jobs: set[asyncio.Future[Any]] = set()
        self._turns = 0
        self._latest_call: object = None
        """Another one for each time that another thread calls something in the loop."""
        self._looked: tuple[object, int] | None = None
        """The latest call, and the time, when it was last seen that there is nothing to do."""

    @contextmanager
    def lived(self) -> Iterator[None]:
        """A `with` block in which the loop goes by the bot's time."""
        loop: Any = self._loop
        selector: Any = self._selector
        run_in_executor, call_soon_threadsafe = loop.run_in_executor, loop.call_soon_threadsafe

        def called(*args: Any, **kwargs: Any) -> asyncio.Handle:
            handle: asyncio.Handle = call_soon_threadsafe(*args, **kwargs)
            self._latest_call = object()  # only now, so that whoever looks after this finds it
            return handle

        def counted(*args: Any) -> asyncio.Future[Any]:
            job: asyncio.Future[Any] = run_in_executor(*args)
            self._jobs.add(job)
            job.add_done_callback(self._jobs.discard)
            return job

        self._move_timers(self._clocks.began_ns / SECOND - loop.time())
        loop.time, loop.run_in_executor, selector.select = self._clocks.steady, counted, self.select
        loop.call_soon_threadsafe = called
        try:
            with self._hours.pauses_counted():
                yield
        finally:
            now = loop.time()
            del loop.time, loop.run_in_executor, loop.call_soon_threadsafe, selector.select
            self._move_timers(loop.time() - now)

    def _move_timers(self, seconds: float) -> None:
        """Move all, so that they stay in order, and as far off as they are."""
        for handle in self._timers:
            setattr(handle, INSIDES[2], handle.when() + seconds)

    def select(self, timeout: float | None = None) -> list[Any]:
        """What has come. If nothing has, time passes to the loop's next timer, or to where there is news."""
        if timeout is not None and timeout <= 0:
            return self._turn()
        hours, me = self._hours, threading.get_ident()
        self._turns = 0
        target = FOR_EVER if timeout is None else hours.now_ns() + math.ceil(timeout * SECOND)
        if target > hours.limit_ns - INEXACT_NS:
            target = FOR_EVER  # the end comes first
        self._looked = None
        hours.waits(me, Sleep(target, self._is_told))
        try:
            return self._wait(target)
        finally:
            hours.waiting[me] = None

    def _turn(self) -> list[Any]:
        """What has come while there is something to do.

        That is done first, and the sandbox says first what it has to say. At which turn it came would be by
        chance, and so would be what came together.
        """
        self._turns += 1
        if self._turns % TURNS_EACH:
            return []
        quiet = self._hours.is_quiet()
        events = self._select(0)
        if events:
            self._turns = 0
        elif quiet and self._turns > TURNS_AT_ONCE:
            self._hours.creep_in_loop()
            self._told_at_the_end()
        return events

    def _wait(self, target: float) -> list[Any]:
        hours, quiet, waited_s = self._hours, False, 0.0
        patience_s = FOREIGN_PATIENCE_S if self._talks_elsewhere() else 0.0
        pause_s, now = 0.0, hours.now_ns()
        while True:
            before, now, call = now, hours.now_ns(), self._latest_call
            events = self._select(pause_s)
            if events and not quiet:  # what belongs to it comes with it
                quiet = hours.is_quiet()
                events = self._select(0)
            if events or hours.now_ns() >= target or self._told_at_the_end():
                return events
            waited_s += pause_s
            if now != before:  # others have let it pass
                quiet, waited_s = False, 0.0
            if not quiet:
                quiet = hours.is_quiet()
                pause_s = 0.0 if quiet else SLICE_S
                continue
            self._looked = call, now
            if (
                waited_s < patience_s
                or self._has_jobs()
                or self._is_told()
                or (reach := hours.reach(target, waited_s)) is None
            ):
                pause_s = SLICE_S
            else:
                quiet = hours.pass_until(min(reach, hours.limit_ns))
                pause_s = waited_s = 0.0
                if hours.is_alone:
                    now = hours.now_ns()

    def _is_told(self) -> bool:
        """Whether something may have come since it was last seen that there is nothing to do."""
        return self._looked != (self._latest_call, self._hours.now_ns())

    def _told_at_the_end(self) -> bool:
        """Tell the bot that its time is over, if it is."""
        if self._hours.now_ns() < self._hours.limit_ns:
            return False
        self._hours.tell_end()
        return True

    def _has_jobs(self) -> bool:
        """Whether other threads do something for this one, and do not sleep."""
        return len(self._jobs) > self._hours.asleep_besides_this

    def _talks_elsewhere(self) -> bool:
        """Whether there are connections to others than the sandbox, and not to this loop itself."""
        transports = list(getattr(self._loop, "_transports", {}).values())
        own = {each.get_extra_info("sockname") for each in transports}
        peers = {each.get_extra_info("peername") for each in transports} - own
        return any(isinstance(peer, tuple) and not self._hours.serves(peer[1]) for peer in peers)
