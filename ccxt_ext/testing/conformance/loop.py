"""An event loop of the suite's own: how the caller's pytest runs async tests does not matter."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Loop:
    """What is run in it is finished when the call returns; what it left behind is gone after close()."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()

    def __call__(self, work: Coroutine[Any, Any, T], patience_s: float = 60) -> T:
        async def bounded() -> T:
            return await asyncio.wait_for(work, patience_s)

        return self.loop.run_until_complete(bounded())

    def close(self) -> None:
        try:
            self.loop.run_until_complete(self._end())
        finally:
            self.loop.close()

    async def _end(self) -> None:
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await self.loop.shutdown_asyncgens()
        await self.loop.shutdown_default_executor()
