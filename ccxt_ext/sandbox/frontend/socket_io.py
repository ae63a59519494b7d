"""Socket.IO as a frontend sees it: where a venue speaks it, and what it says there.

The protocol itself has to wait for clients, which a frontend does not. So the sandbox's server speaks it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ccxt_ext.sandbox.frontend.feed import News
from ccxt_ext.sandbox.frontend.messages import Request, Response
from ccxt_ext.sandbox.frontend.stream import Stream, Wire

SocketIoEvent = tuple[str, Any]
"""An event's name and its content."""


class SocketIoClient(Protocol):
    """What a venue knows of a client: what it has subscribed to."""

    def answers(self, event: Any, arguments: Sequence[Any]) -> Iterable[SocketIoEvent]:
        """What the venue answers to an event that this client sent."""

    def events(self, news: News) -> Iterable[SocketIoEvent]:
        """What the venue tells this client about an operation of the engine."""


class SocketIoServer(Protocol):
    """Speaks Engine.IO 4 with the clients of one frontend."""

    def stream(self, request: Request, wire: Wire) -> Stream | Response:
        """A stream for a client that asks for a WebSocket, or a refusal."""

    def poll(self, request: Request) -> Response:
        """The response to a request of long polling."""


@dataclass
class SocketIoEndpoint:
    """Where a venue speaks Socket.IO."""

    path: str
    new_client: Callable[[], SocketIoClient]
    ping_interval_ms: int
    ping_timeout_ms: int
    server: SocketIoServer | None = None
    """Set by the sandbox's server when it is first asked for `path`."""
