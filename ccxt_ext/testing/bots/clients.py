"""Makes clients, and closes them whatever happens: before their event loop is closed, or after the test."""

from __future__ import annotations

import asyncio
import sys
import weakref
from collections.abc import Callable, Coroutine
from typing import Any

from ccxt_ext.sandbox.errors import SandboxError
from ccxt_ext.venue.surface.compat import close_sessions

__tracebackhide__ = True  # pytest shows the line of the test that called this

PATIENCE_S = 10.0
"""How long a client may take to close in a loop that another thread runs."""


class Clients:
    """The clients of one test."""

    def __init__(self) -> None:
        self._sync: list[Any] = []
        self._async: list[Any] = []
        self._loops: weakref.WeakSet[asyncio.AbstractEventLoop] = weakref.WeakSet()
        self.known: weakref.WeakSet[Any] = weakref.WeakSet()
        """All that were made here, those that are closed included."""

    def keep(self, exchange: Any, owns_session: bool = True) -> Any:
        """Close a client at the end. Returns it. A session that it was given is not its own."""
        self.known.add(exchange)
        if exchange.synchronous:
            if owns_session:
                self._sync.append(exchange)
            return exchange
        exchange.timeout_on_exit = 0  # what ccxt waits for when it closes is for connections with TLS
        self._async.append(exchange)
        opened = exchange.open

        def open_here(*args: Any, **kwargs: Any) -> None:
            refuse_trio(exchange.id)
            opened(*args, **kwargs)
            self._loops.add(exchange.asyncio_loop)
            before_close(exchange.asyncio_loop, self.close_in)

        exchange.open = open_here
        return exchange

    async def close_in(self, loop: asyncio.AbstractEventLoop) -> None:
        """Close those that have connections in this loop, which runs now."""
        for exchange in self._async:
            if exchange.asyncio_loop is loop and is_open(exchange):
                await close(exchange)

    def close(self) -> None:
        """Close all. What goes wrong with one is raised when all the others are closed."""
        failures = [error for error in map(_failure, [*self._async, *self._sync]) if error is not None]
        for loop in self._loops:
            forget(loop, self.close_in)
        self._async.clear()
        self._sync.clear()
        if failures:
            raise failures[0]


def _failure(exchange: Any) -> Exception | None:
    try:
        if exchange.synchronous:
            exchange.session.close()
        else:
            finish(exchange)
    except Exception as error:
        return error
    return None


def is_open(exchange: Any) -> bool:
    """Whether an async client holds connections, or could."""
    return exchange.session is not None or bool(getattr(exchange, "clients", None))


async def close(exchange: Any) -> None:
    """Close an async client and all that it holds, whatever its release of ccxt leaves open."""
    await exchange.close()
    await close_sessions(exchange)


def finish(exchange: Any) -> None:
    """Close an async client in its own loop, unless it never had one."""
    loop: asyncio.AbstractEventLoop | None = exchange.asyncio_loop
    if loop is None or loop.is_closed() or not is_open(exchange):
        return
    if loop.is_running():  # in another thread
        asyncio.run_coroutine_threadsafe(close(exchange), loop).result(PATIENCE_S)
    else:
        loop.run_until_complete(close(exchange))


LoopCall = Callable[[asyncio.AbstractEventLoop], Coroutine[Any, Any, None]]

_watched: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, list[LoopCall]] = weakref.WeakKeyDictionary()


def before_close(loop: asyncio.AbstractEventLoop, call: LoopCall) -> None:
    """Have something awaited in a loop before that is closed."""
    calls = _watched.get(loop)
    if calls is None:
        calls = _watched[loop] = []
        _call_before_close(loop, calls)
    if call not in calls:
        calls.append(call)


def forget(loop: asyncio.AbstractEventLoop, call: LoopCall) -> None:
    """Have it not awaited any more."""
    calls = _watched.get(loop, [])
    if call in calls:
        calls.remove(call)


def _call_before_close(loop: asyncio.AbstractEventLoop, calls: list[LoopCall]) -> None:
    shutdown_asyncgens, close = loop.shutdown_asyncgens, loop.close

    async def finish_calls() -> None:
        while calls:
            await calls.pop()(loop)

    async def shutdown_at_last() -> None:
        """What ends a loop calls this, and after it no asynchronous generators can begin."""
        await finish_calls()
        await shutdown_asyncgens()

    def close_at_last() -> None:
        """The rest is for who only closes a loop."""
        if calls and not loop.is_closed() and not loop.is_running() and not _runs_a_loop():
            loop.run_until_complete(finish_calls())
        close()

    # These are methods of this loop alone, which has no other door for what is done before it is closed.
    loop.shutdown_asyncgens = shutdown_at_last  # type: ignore[method-assign]
    loop.close = close_at_last  # type: ignore[method-assign]


def _runs_a_loop() -> bool:
    """Whether this thread runs a loop, so that it cannot run another."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def refuse_trio(id: str, backend: Any = None) -> None:
    """Raise SandboxError in a test that runs on trio, which ccxt's async classes cannot.

    `backend` is what anyio runs the test on, as its fixture tells.
    """
    name = backend[0] if isinstance(backend, tuple) else backend
    if name == "trio" or is_on_trio():
        raise SandboxError(
            f"{id}: ccxt's async and pro classes run on asyncio, and this test runs on trio; let the fixture "
            'anyio_backend return "asyncio"'
        )


def is_on_trio() -> bool:
    """Whether this runs in a task of trio."""
    trio = sys.modules.get("trio")
    if trio is None:
        return False
    try:
        trio.lowlevel.current_task()
    except RuntimeError:
        return False
    return True
