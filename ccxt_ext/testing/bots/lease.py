"""A sandbox while a test has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ccxt_ext.sandbox import Sandbox, SandboxError
from ccxt_ext.testing.bots.clients import Clients


class Lease:
    """A server, and what one test has made with it."""

    def __init__(self, sandbox: Sandbox, settings: Mapping[str, Any]) -> None:
        self._sandbox: Sandbox | None = sandbox
        self.settings = settings
        """What the test's marker asks for."""
        self.clients = Clients()
        self.crashes_before: int = sandbox.control("GET", "/")["crashes"]
        """How often the sandbox itself had failed before."""

    @property
    def server(self) -> Sandbox:
        if self._sandbox is None:
            raise SandboxError(
                "the test that this ccxt_sandbox was for has ended: let each test ask for its own"
            )
        return self._sandbox

    def end(self) -> None:
        """Close the clients. From here on the sandbox answers nothing."""
        try:
            self.clients.close()
        finally:
            self._sandbox = None
