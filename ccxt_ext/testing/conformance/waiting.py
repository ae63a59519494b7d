"""Waiting for what does come, on a busy machine as well."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE_S = 20

# Options of streaming classes of ours that wait less, so that cases need not wait. Others take no notice.
QUICK = {
    "polling": {"interval": 20},
    "ws": {
        "connectInterval": 0,
        "reconnectDelay": 5,
        "maxReconnectDelay": 50,
    },
}


async def soon(call: Awaitable[T]) -> T:
    return await asyncio.wait_for(call, PATIENCE_S)


async def until(condition: Callable[[], bool]) -> None:
    async def wait() -> None:
        while not condition():
            await asyncio.sleep(0.005)

    await soon(wait())
