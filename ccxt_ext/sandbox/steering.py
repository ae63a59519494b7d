"""What a program can do to a sandbox: the calls of the control port as methods."""

from __future__ import annotations

from typing import Any

SECOND_MS = 1000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


class Steering:
    """Steers a sandbox by calls of its control port, wherever it runs."""

    @property
    def control_url(self) -> str:
        """The address of the control port."""
        raise NotImplementedError

    def describe(self) -> dict[str, Any]:
        """What `ccxt-ext sandbox --json` prints."""
        raise NotImplementedError

    def config(self, venue: str, account: str = "config") -> dict[str, Any]:
        """The constructor argument for a client of this account. It is a new dict for each call."""
        raise NotImplementedError

    def control(self, method: str, path: str, json: Any = None) -> Any:
        """Call the control port and return the parsed answer. Raises SandboxError if it is refused."""
        raise NotImplementedError

    def advance(self, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> int:
        """Let time pass, and return the time that it is then, in milliseconds."""
        ms = round(days * DAY_MS + hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS)
        return int(self.control("POST", "/clock", {"advance_ms": ms})["now"])
