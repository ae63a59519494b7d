"""A sandbox while a test has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ccxt_ext.sandbox import Sandbox, SandboxError
from ccxt_ext.testing.bots.clients import Clients
from ccxt_ext.testing.bots.faults import Fault
from ccxt_ext.testing.bots.programs import Programs


class Lease:
    """A server, and what one test has made with it."""

    def __init__(self, sandbox: Sandbox, settings: Mapping[str, Any], arguments: Mapping[str, Any]) -> None:
        self._sandbox: Sandbox | None = sandbox
        self.settings = settings
        """What the test's marker asks for."""
        self.arguments = arguments
        """The test's fixtures, as far as they are set up."""
        self.clients = Clients()
        self.faults: list[Fault] = []
        """Those that the test has armed."""
        self.programs = Programs()
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
        """End the programs and close the clients. From here on the sandbox answers nothing."""
        try:
            for fault in self.faults:
                fault.settle()
            self.programs.end()
        finally:
            try:
                self.clients.close()
            finally:
                self._sandbox = None
