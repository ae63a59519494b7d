"""Socket.IO from a frontend's point of view: where a venue speaks it, and which events it sends.

The protocol itself has to wait for clients, and frontends never wait. So the sandbox's server speaks it.
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
    """A client as the venue sees it, with its subscriptions."""

    def answers(self, event: Any, arguments: Sequence[Any]) -> Iterable[SocketIoEvent]:
        """The venue's answers to an event from this client."""

    def events(self, news: News) -> Iterable[SocketIoEvent]:
        """The events that this client gets about an operation of the engine."""


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

    def __getstate__(self) -> dict[str, Any]:
        """A snapshot of the sandbox is without connections."""
        return {**self.__dict__, "server": None}
