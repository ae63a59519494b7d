"""Where a sandbox is reached."""

from __future__ import annotations

ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""What stands for all addresses of a machine, and the one of them that works on that machine."""


class Addresses:
    """The addresses of a running sandbox: one port to control it, and one for each venue."""

    def __init__(self, host: str) -> None:
        """`host` is what it listens on."""
        self._host = ANY.get(host, host)
        self.control_port = 0
        self.ports: dict[str, int] = {}
        """By venue."""

    def control_url(self, host: str | None = None) -> str:
        """`host` is the name by which a client reaches the sandbox, if it is not on the same machine."""
        return f"http://{self._authority(self.control_port, host)}"

    def venue_authority(self, venue: str, host: str | None = None) -> str:
        return self._authority(self.ports[venue], host)

    def _authority(self, port: int, host: str | None) -> str:
        host = host or self._host
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
