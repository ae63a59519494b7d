"""A stand-in for the class that hummingbot's connector tests build on."""

import asyncio
import unittest
from collections.abc import Awaitable
from typing import Any

__all__ = ["IsolatedAsyncioWrapperTestCase"]


class IsolatedAsyncioWrapperTestCase(unittest.IsolatedAsyncioTestCase):
    """unittest's class, whose loop the tests that are no coroutines can use too."""

    local_event_loop: asyncio.AbstractEventLoop

    def setUp(self) -> None:
        super().setUp()
        self.local_event_loop = asyncio.get_event_loop()

    def run_async_with_timeout(self, coroutine: Awaitable[Any], timeout: float = 1.0) -> Any:
        """Wait for a coroutine, in a test that is none itself."""
        return self.local_event_loop.run_until_complete(asyncio.wait_for(coroutine, timeout))
