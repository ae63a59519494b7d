"""Time that passes only when all wait: an event loop, and a clock for one thread."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any

START = 1000.0


class _Instant(selectors.SelectSelector):
    """Instead of waiting, moves the time on."""

    now = START

    def select(self, timeout: float | None = None) -> Any:
        ready = super().select(0)
        if not ready:
            if timeout is None:
                # Threads might still wake this loop, but there are none: it would wait for ever.
                raise RuntimeError("all wait, and nothing is going to happen")
            self.now += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.instant = _Instant()
        super().__init__(self.instant)

    def time(self) -> float:
        return self.instant.now


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(coroutine)
    finally:
        loop.close()


def now() -> float:
    return asyncio.get_running_loop().time()


def in_virtual_time(exchange: Any) -> Any:
    """An async exchange whose clocks, the one on the wall too, show this loop's time."""
    loop = asyncio.get_running_loop()
    exchange.throttler.clock = loop.time
    exchange.milliseconds = lambda: int(loop.time() * 1000)
    return exchange


class Clock:
    """For what is called step by step."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now
