"""Follows one of ccxt's streams for as long as it is wanted, through all that may cut it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from ccxt.base.errors import AuthenticationError, BadSymbol, BaseError, NetworkError, NotSupported

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 10.0


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
