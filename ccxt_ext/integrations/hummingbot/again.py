"""What may be asked more than once is asked again while the network fails."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from ccxt.base.errors import NetworkError

PAUSES_S = (0.5, 1.0, 2.0, 4.0)
"""Before each further attempt."""

Answer = TypeVar("Answer")


async def ask_again(connector: Any, ask: Callable[[], Awaitable[Answer]]) -> Answer:
    for pause_s in PAUSES_S:
        try:
            return await ask()
        except NetworkError as error:
            connector.logger().debug(f"It is asked for again: {error}")
            await connector.pause(pause_s)
    return await ask()
