"""The async and pro clients that a test's own code makes, and those of them that it leaves connected."""

from __future__ import annotations

import asyncio
import gc
import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

from ccxt_ext.testing.bots.clients import Clients, before_close, close, finish, forget, is_open

BASE = "ccxt.async_support.base.exchange"
LIBRARIES = ("asyncio", "ccxt", "ccxt_ext", "contextlib", "functools", "importlib")


class Made:
    """The clients that were made while a test had its sandbox, and where."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._made: list[tuple[Any, str]] = []
        self._left: list[tuple[Any, str]] = []
        """Those that were connected when their loop was closed."""
        self._loops: list[asyncio.AbstractEventLoop] = []
        self._is_watching = False

    @contextmanager
    def watched(self) -> Iterator[None]:
        """A `with` block in which those that are made are noted."""
        base = getattr(sys.modules.get(BASE), "Exchange", None)
        if base is None:  # then those count that are there at the end
            yield
            return
        init, opened = base.__init__, base.open

        def note(exchange: Any, *args: Any, **kwargs: Any) -> None:
            self._made.append((exchange, place(inspect.currentframe())))
            init(exchange, *args, **kwargs)

        def open_and_watch(exchange: Any, *args: Any, **kwargs: Any) -> None:
            opened(exchange, *args, **kwargs)
            if exchange not in self._clients.known and exchange.asyncio_loop is not None:
                before_close(exchange.asyncio_loop, self._close_in)
                self._loops.append(exchange.asyncio_loop)

        base.__init__, base.open = note, open_and_watch
        self._is_watching = True
        try:
            yield
        finally:
            base.__init__, base.open = init, opened

    async def _close_in(self, loop: asyncio.AbstractEventLoop) -> None:
        """Note those that are connected yet while their loop is being closed, and close them."""
        for exchange, place in self._connected():
            if exchange.asyncio_loop is loop:
                self._left.append((exchange, place))
                with suppress(Exception):  # the test fails for it, whatever goes wrong now
                    await close(exchange)

    def connected(self) -> list[tuple[Any, str]]:
        """Those that are connected, or were to the end of their loop; each with where it was made.

        Not those that `ccxt_sandbox.exchange()` has made.
        """
        return [*self._left, *self._connected()]

    def _connected(self) -> list[tuple[Any, str]]:
        made = self._made if self._is_watching else _alive()
        return [each for each in made if each[0] not in self._clients.known and is_connected(each[0])]

    @property
    def all(self) -> list[Any]:
        return [exchange for exchange, _ in self._made]

    def end(self) -> None:
        """Close what is connected, as far as it can be."""
        for loop in self._loops:
            forget(loop, self._close_in)
        for exchange, _ in self._connected():
            with suppress(Exception):  # the test has failed for it, whatever goes wrong now
                finish(exchange)
        self._made.clear()
        self._left.clear()
        self._loops.clear()


def _alive() -> list[tuple[Any, str]]:
    """All that there are. For a test that was the first to import their class."""
    base = getattr(sys.modules.get(BASE), "Exchange", None)
    return [] if base is None else [(each, "") for each in gc.get_objects() if isinstance(each, base)]


def is_connected(exchange: Any) -> bool:
    """Whether an async client has a session or a stream of its own that is open."""
    if not is_open(exchange):
        return False
    if exchange.session is not None and not exchange.session.closed and exchange.own_session:
        return True
    streams = (getattr(exchange, "clients", None) or {}).values()
    return any(getattr(each, "isConnected", False) for each in streams)


def place(frame: FrameType | None) -> str:
    """The line of the test's own code, outside of libraries."""
    while frame is not None:
        name = str(frame.f_globals.get("__name__", ""))
        if name.partition(".")[0] not in LIBRARIES:
            return f"{frame.f_code.co_filename}:{frame.f_lineno}"
        frame = frame.f_back
    return ""
