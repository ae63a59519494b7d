"""A local exchange for each venue: `with Sandbox() as box: ccxt.bitmart2(box.config('bitmart2'))`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ccxt_ext.sandbox.errors import SandboxError
from ccxt_ext.sandbox.steering import Steering

if TYPE_CHECKING:
    import os

    from ccxt_ext.sandbox.attached import Attached
    from ccxt_ext.sandbox.threaded import ServerThread

__tracebackhide__ = True  # pytest shows the line of the test that called this

__all__ = ["Sandbox", "SandboxError"]


class Sandbox(Steering):
    """A sandbox that runs in a thread of its own, so that sync and async programs can use it."""

    def __init__(
        self,
        venues: Iterable[str] | None = None,
        seed: int = 1,
        live: bool = False,
        limits: str = "relaxed",
        host: str = "127.0.0.1",
        port: int = 0,
        start_ms: int | None = None,
        clock: str = "running",
        allow_hosts: Iterable[str] = (),
        options: Mapping[str, Mapping[str, Any]] | None = None,
        prices: str | os.PathLike[str] | Mapping[str, Any] | None = None,
        candles: Mapping[str, Any] | None = None,
        book: Mapping[str, Any] | None = None,
        accounts: Mapping[str, Mapping[str, Any]] | None = None,
        load: str | os.PathLike[str] | None = None,
        save: str | os.PathLike[str] | None = None,
        scenario: str | os.PathLike[str] | Mapping[str, Any] | None = None,
        simulated: Mapping[str, Mapping[str, Any] | None] | Iterable[str] | None = None,
    ) -> None:
        self._settings: dict[str, Any] = {
            "venues": venues,
            "seed": seed,
            "live": live,
            "limits": limits,
            "host": host,
            "port": port,
            "start_ms": start_ms,
            "clock": clock,
            "allow_hosts": allow_hosts,
            "options": options,
            "prices": prices,
            "candles": candles,
            "book": book,
            "accounts": accounts,
            "load": load,
            "save": save,
            "scenario": scenario,
            "simulated": simulated,
        }
        self._thread: ServerThread | None = None

    @staticmethod
    def connect(where: str | os.PathLike[str]) -> Attached:
        """A sandbox that runs already: by its control port's address, or by the file that --write wrote."""
        from ccxt_ext.sandbox.attached import Attached

        return Attached(where)

    def start(self) -> Sandbox:
        """Start the sandbox. Returns when every port answers."""
        # Imported here, so that importing the class does not import a web server.
        from ccxt_ext.sandbox.settings import Settings
        from ccxt_ext.sandbox.threaded import ServerThread

        if self._thread is not None:
            raise SandboxError("the sandbox runs already")
        thread = ServerThread(Settings.given(**self._settings))
        thread.start()
        self._thread = thread
        return self

    def stop(self) -> None:
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.stop()

    def __enter__(self) -> Sandbox:
        return self.start()

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    async def __aenter__(self) -> Sandbox:
        import asyncio

        return await asyncio.to_thread(self.start)

    async def __aexit__(self, *exc_info: object) -> None:
        import asyncio

        await asyncio.to_thread(self.stop)

    @property
    def running(self) -> ServerThread:  # internal
        """The thread of its server."""
        if self._thread is None:
            raise SandboxError("the sandbox does not run")
        return self._thread

    @property
    def control_url(self) -> str:
        return self.running.server.control_url

    def config(self, venue: str, account: str = "config") -> dict[str, Any]:
        return self.running.server.config(venue, account)

    def describe(self) -> dict[str, Any]:
        return self.running.server.describe()

    def control(self, method: str, path: str, json: Any = None) -> Any:
        status, answer = self.running.control(method, path, json)
        if status != 200:
            raise SandboxError(answer["error"])
        return answer
