"""A sandbox while a test has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ccxt_ext
from ccxt_ext.sandbox import Sandbox, SandboxError
from ccxt_ext.testing.bots.clients import Clients
from ccxt_ext.testing.bots.faults import Fault
from ccxt_ext.testing.bots.programs import Programs
from ccxt_ext.testing.bots.servers import Server
from ccxt_ext.testing.bots.unclosed import Made


class Lease:
    """A server, and what one test has made with it."""

    def __init__(self, kept: Server, arguments: Mapping[str, Any]) -> None:
        self._kept: Server | None = kept
        self.settings = kept.settings
        """What the test's marker asks for."""
        self.served: set[str] = set()
        """Ids that are known to be served."""
        self.arguments = arguments
        """The test's fixtures, as far as they are set up."""
        self.clients = Clients()
        self.faults: list[Fault] = []
        """Those that the test has armed."""
        self.programs = Programs()
        self.made = Made(self.clients)
        """The clients that the test has made by itself."""
        self.unbalanced: set[tuple[str, str]] = set()
        """The venues and currencies of which a report has told already that their sums are wrong."""
        self.crashes_before: int = kept.sandbox.control("GET", "/")["crashes"]
        """How often the sandbox itself had failed before."""
        self.forget()

    @property
    def _mine(self) -> Server:
        if self._kept is None:
            raise SandboxError(
                "the test that this ccxt_sandbox was for has ended: let each test ask for its own"
            )
        return self._kept

    @property
    def has_ended(self) -> bool:
        return self._kept is None

    @property
    def server(self) -> Sandbox:
        return self._mine.sandbox

    def reset(self, seed: int | None = None) -> None:
        """Back to the first state."""
        self._mine.begin_again(seed)
        self.forget()

    @staticmethod
    def forget() -> None:
        """Forget what clients have learnt with the same keys, such as tokens of a state that is gone."""
        ccxt_ext.reset_shared()

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
                kept, self._kept = self._mine, None
                kept.rest()
