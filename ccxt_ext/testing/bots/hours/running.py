"""Runs a bot through virtual time, to its own end or to that of the time."""

from __future__ import annotations

import asyncio
import inspect
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ccxt_ext.sandbox import SandboxError
from ccxt_ext.testing.bots.clients import is_on_trio
from ccxt_ext.testing.bots.hours.clocks import Clocks
from ccxt_ext.testing.bots.hours.loops import LivedLoop
from ccxt_ext.testing.bots.hours.passing import MOST_ENDS, SECOND, EndOfTime, Hours, raise_later
from ccxt_ext.testing.bots.hours.stuck import Stuck, watched

if TYPE_CHECKING:
    from ccxt_ext.sandbox import Sandbox

PATIENCE_S = 60.0
MOST_FORCED = 10
LAST_S = 60.0
"""How long tasks may take to end, in the bot's time."""

_runs: list[Hours] = []


def run_for(sandbox: Sandbox, what: Any, seconds: float, patience_s: float = PATIENCE_S) -> Any:
    """What `BotSandbox.run_for()` does: `what` is a function, a coroutine function or a coroutine."""
    if is_on_trio():
        if inspect.iscoroutine(what):
            what.close()
        raise SandboxError(
            "run_for runs bots on asyncio, and this test runs on trio; let the fixture anyio_backend "
            'return "asyncio"'
        )
    run = Run(sandbox, seconds, patience_s)
    if not inspect.iscoroutine(what):
        if not callable(what):
            raise SandboxError(f"run_for takes a function, a coroutine function or a coroutine, not {what!r}")
        what = what() if inspect.iscoroutinefunction(what) else run.blocking(what)
    # Functions too may give a coroutine, such as `lambda: bot(exchange)`.
    if not inspect.iscoroutine(what):
        return what
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return run.in_new_loop(what)
    return run.in_this_loop(what)


class Run:
    """One call of `run_for()`."""

    def __init__(self, sandbox: Sandbox, seconds: float, patience_s: float) -> None:
        if not seconds > 0:
            raise SandboxError("for how long? run_for needs days, hours, minutes or seconds")
        self._sandbox = sandbox
        self._ns = round(seconds * SECOND)
        self._patience_s = patience_s

    @contextmanager
    def _lived(self) -> Iterator[tuple[Hours, Clocks]]:
        """A `with` block in which this thread has virtual time. Afterwards all is as it was."""
        if _runs:
            raise SandboxError("run_for is under way already: one bot at a time, or several as its tasks")
        was_frozen = self._sandbox.control("GET", "/clock")["frozen"]
        self._sandbox.freeze()
        hours = Hours(self._sandbox, self._ns)
        clocks = Clocks(hours)
        _runs.append(hours)
        try:
            with watched(hours, self._patience_s) as watch, clocks.in_place():
                try:
                    watch.begin()
                    try:
                        yield hours, clocks
                    finally:
                        watch.end()
                except Stuck:
                    watch.end()  # in case that it came just as the bot ended by itself
                    raise SandboxError(
                        f"run_for: time did not pass for {self._patience_s:g} s of real time, as the bot did "
                        "not sleep. It was here (patience=SECONDS waits longer):\n" + "\n".join(watch.places)
                    ) from None
        finally:
            _runs.remove(hours)
            if not was_frozen:
                self._sandbox.unfreeze()

    def blocking(self, function: Callable[[], Any]) -> Any:
        """Run a function."""
        tracer = sys.gettrace()
        with self._lived() as (hours, _):
            hours.last_frame = inspect.currentframe()
            try:
                return function()
            except EndOfTime:
                return None
            finally:
                sys.settrace(tracer)

    def in_new_loop(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run a coroutine where no loop runs."""
        loop = asyncio.SelectorEventLoop()
        try:
            with _closed(work), self._lived() as (hours, clocks):
                lived = LivedLoop(loop, hours, clocks)
                with lived.lived():
                    try:
                        return loop.run_until_complete(_live(work, hours))
                    finally:
                        _cancel_all(loop)
        finally:
            try:
                loop.run_until_complete(loop.shutdown_asyncgens())
                loop.run_until_complete(loop.shutdown_default_executor())
            finally:
                loop.close()

    async def in_this_loop(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run a coroutine in the loop that runs, which has virtual time meanwhile."""
        with _closed(work), self._lived() as (hours, clocks):
            lived = LivedLoop(asyncio.get_running_loop(), hours, clocks)
            with lived.lived():
                return await _live(work, hours)


@contextmanager
def _closed(work: Coroutine[Any, Any, Any]) -> Iterator[None]:
    """A `with` block after which a coroutine that was never begun is closed."""
    try:
        yield
    finally:
        if inspect.getcoroutinestate(work) == inspect.CORO_CREATED:
            work.close()


async def _live(work: Coroutine[Any, Any, Any], hours: Hours) -> Any:
    task = asyncio.ensure_future(work)
    given_up = asyncio.Event()

    def end() -> None:
        by_force = hours.ends_told - MOST_ENDS
        if by_force > MOST_FORCED:
            given_up.set()
        else:
            task.cancel()
            if by_force > 0:
                raise_later(by_force, task.get_stack())

    hours.on_end, tracer = end, sys.gettrace()
    giving_up = asyncio.ensure_future(given_up.wait())
    try:
        await asyncio.wait({task, giving_up}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        sys.settrace(tracer)
        giving_up.cancel()
        if not task.done() and not given_up.is_set():  # the test itself is cancelled
            task.cancel()
            await asyncio.wait({task})
    if not task.done():
        raise SandboxError(
            "run_for: the bot's time is over, but it goes on although it was cancelled: let it pass on "
            "CancelledError"
        )
    try:
        return task.result()
    except (EndOfTime, asyncio.CancelledError):
        if hours.ends_told:
            return None
        raise


def _cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    """Cancel what the bot has left running, as asyncio.run() does."""
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    if left:
        loop.run_until_complete(asyncio.wait(left, timeout=LAST_S))
    for task in left:
        if task.done() and not task.cancelled() and task.exception() is not None:
            loop.call_exception_handler(
                {"message": "a task of the bot failed", "exception": task.exception(), "task": task}
            )
