"""Runs a server in a thread with an event loop of its own."""

from __future__ import annotations

import asyncio
import json as jsonlib
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from ccxt_ext.sandbox.server import Server
from ccxt_ext.sandbox.settings import Settings

T = TypeVar("T")


class ServerThread:
    """A server and its thread."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._ready = threading.Event()
        self._error: BaseException | None = None
        self.callers: set[int] = set()
        """The threads that wait for the server just now."""
        self._thread = threading.Thread(target=self._run, name="ccxt-ext-sandbox", daemon=True)
        self._loop: asyncio.AbstractEventLoop
        self._stop: asyncio.Event
        self.server: Server

    def start(self) -> None:
        self._thread.start()
        self._ready.wait()
        if self._error is not None:
            self._thread.join()
            raise self._error

    def stop(self) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        if self._error is not None:
            raise self._error

    def control(self, method: str, path: str, json: Any = None) -> tuple[int, Any]:
        path, _, query = path.partition("?")
        body = b"" if json is None else jsonlib.dumps(json).encode()
        # Converted to JSON and back, so that the caller gets the same types as over HTTP, and its own copy.
        status, answer = self.result_of(self._control(method.upper(), path, query, body))
        return status, jsonlib.loads(answer)

    def result_of(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something in the server's thread, and wait for it."""
        me = threading.get_ident()
        self.callers.add(me)
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop).result()
        finally:
            self.callers.discard(me)

    async def _control(self, method: str, path: str, query: str, body: bytes) -> tuple[int, str]:
        status, answer = await self.server.call(method, path, query, body)
        return status, jsonlib.dumps(answer)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # raised in the thread that starts or stops this one
            self._error = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        self.server = Server(self._settings)
        await self.server.start()
        try:
            self._ready.set()
            await self._stop.wait()
        finally:
            await self.server.stop()
