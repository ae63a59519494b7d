"""Follows one of ccxt's streams for as long as it is wanted, through all that may cut it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from ccxt.base.errors import AuthenticationError, BadSymbol, BaseError, NetworkError, NotSupported

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 10.0


class Newest:
    """Tells the newest of what it takes, at once or as soon as so much time has passed since it told last."""

    def __init__(self, tell: Callable[[Any], None], every_s: float) -> None:
        self._tell = tell
        self._every_s = every_s
        self._newest: Any = None
        self._due = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def take(self, told: Any) -> None:
        self._newest = told
        loop = asyncio.get_running_loop()
        if self._timer is None and loop.time() >= self._due:
            self._now()
        elif self._timer is None:
            self._timer = loop.call_at(self._due, self._now)

    def _now(self) -> None:
        self._timer, self._due = None, asyncio.get_running_loop().time() + self._every_s
        self._tell(self._newest)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()


async def follow_newest(
    call: Callable[[], Awaitable[Any]],
    take: Callable[[Any], None],
    cut: Callable[[BaseException], None],
    every_s: float,
) -> None:
    """Like `follow`, where only the newest matters.

    It listens all the time: what comes while nobody waits for it is not told later.
    """
    newest = Newest(take, every_s)
    try:
        await follow(call, newest.take, cut)
    finally:
        newest.stop()


async def follow(
    call: Callable[[], Awaitable[Any]],
    take: Callable[[Any], None],
    cut: Callable[[BaseException], None],
    pause_s: float = 0.0,
) -> None:
    """Give all that `call` tells to `take`. After each failure `cut` is told, and it goes on.

    It ends where the exchange has no such stream, and not before it is cancelled otherwise.
    """
    wait = FIRST_PAUSE_S
    while True:
        try:
            take(await call())
        except NotSupported as error:
            cut(error)
            return
        except (BaseError, OSError, asyncio.TimeoutError) as error:
            cut(error)
            passing = isinstance(error, NetworkError) and not isinstance(
                error, (AuthenticationError, BadSymbol)
            )
            wait = min(wait * 2, LONGEST_PAUSE_S)
            await asyncio.sleep(wait if passing else LONGEST_PAUSE_S)
        else:
            wait = FIRST_PAUSE_S
            if pause_s:
                await asyncio.sleep(pause_s)
