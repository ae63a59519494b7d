"""The servers that tests use: one for each kind of settings, kept for the tests that follow."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ccxt_ext.sandbox import Sandbox, SandboxError
from ccxt_ext.testing.bots.marks import OWN, key_of

MOST = 8
"""So many run at a time; then the one that was not used for longest is stopped."""
BEGINNING = "as-it-was-loaded"


class Servers:
    """The servers of one process."""

    def __init__(self) -> None:
        self._running: dict[Any, Server] = {}
        self._process = os.getpid()

    def ready(self, settings: Mapping[str, Any]) -> Sandbox:
        """A server with these settings in its first state."""
        if self._process != os.getpid():  # a fork has none of its parent's threads
            self._running, self._process = {}, os.getpid()
        given = {name: value for name, value in settings.items() if name not in OWN}
        key = key_of(given)
        server = self._running.pop(key, None)
        if server is None:
            if len(self._running) >= MOST:
                self._running.pop(next(iter(self._running))).stop()
            server = Server(given)
        else:
            server.begin_again()
        self._running[key] = server
        return server.sandbox

    def stop(self) -> None:
        running, self._running = self._running, {}
        if self._process == os.getpid():
            for server in running.values():
                server.stop()


class Server:
    """A sandbox that has the same first state for each test."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        try:
            self.sandbox = Sandbox(**settings).start()
        except (ValueError, TypeError) as error:
            raise SandboxError(str(error)) from error
        self._is_loaded = settings.get("load") is not None
        if self._is_loaded:
            self.sandbox.snapshot(BEGINNING)

    def begin_again(self) -> None:
        """Back to the first state: what a reset leaves is taken away as well."""
        for each in self.sandbox.control("GET", "/snapshots")["snapshots"]:
            if each["snapshot"] != BEGINNING:
                self.sandbox.control("DELETE", "/snapshots", {"snapshot": each["snapshot"]})
        if self._is_loaded:
            self.sandbox.restore(BEGINNING)
        else:
            self.sandbox.control("POST", "/reset", {"seed": self._settings.get("seed", 1)})

    def stop(self) -> None:
        self.sandbox.stop()
