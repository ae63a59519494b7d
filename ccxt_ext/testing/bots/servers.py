"""The servers that tests use: one for each kind of settings, kept for the tests that follow."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ccxt_ext.sandbox import Sandbox, SandboxError
from ccxt_ext.sandbox.frontends import all_venues
from ccxt_ext.testing.bots.marks import key_of
from ccxt_ext.testing.bots.simulating import started_with

MOST = 8
"""So many run at a time; then the one that was not used for longest is stopped."""
BEGINNING = "as-it-was-loaded"


class Servers:
    """The servers of one process."""

    def __init__(self) -> None:
        self._running: dict[Any, Server] = {}
        self._process = os.getpid()

    def ready(self, settings: Mapping[str, Any]) -> Server:
        """A server with these settings in its first state."""
        if self._process != os.getpid():  # a fork has none of its parent's threads
            self._running, self._process = {}, os.getpid()
        key = key_of(settings), None if "venues" in settings or "load" in settings else all_venues()
        server = self._running.pop(key, None)
        if server is not None and server.has_grown:
            server.stop()
            server = None
        if server is None:
            if len(self._running) >= MOST:
                self._running.pop(next(iter(self._running))).stop()
            server = Server(settings)
        else:
            server.begin_again()
        self._running[key] = server
        return server

    def stop(self) -> None:
        running, self._running = self._running, {}
        if self._process == os.getpid():
            for server in running.values():
                server.stop()


class Server:
    """A sandbox that has the same first state for each test."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.settings = settings
        """What the test's marker asks for."""
        try:
            self.sandbox = Sandbox(**started_with(settings)).start()
        except (ValueError, TypeError) as error:
            raise SandboxError(str(error)) from error
        self._venues = len(self.sandbox.describe()["venues"])
        self._is_loaded = settings.get("load") is not None
        if self._is_loaded:
            self.sandbox.snapshot(BEGINNING)

    def begin_again(self, seed: int | None = None) -> None:
        """Back to the first state, or that of another seed: what a reset leaves is taken away as well."""
        for each in self.sandbox.control("GET", "/snapshots")["snapshots"]:
            if each["snapshot"] != BEGINNING:
                self.sandbox.control("DELETE", "/snapshots", {"snapshot": each["snapshot"]})
        if self._is_loaded:
            self.sandbox.restore(BEGINNING)
        else:
            usual = self.settings.get("seed", 1)
            self.sandbox.control("POST", "/reset", {"seed": usual if seed is None else seed})

    @property
    def has_grown(self) -> bool:
        """Whether it serves more than at first, which no reset takes away."""
        return len(self.sandbox.describe()["venues"]) > self._venues

    def rest(self) -> None:
        """Let what acts by itself rest until the next test."""
        if self.settings.get("live"):
            self.sandbox.freeze()

    def stop(self) -> None:
        self.sandbox.stop()
