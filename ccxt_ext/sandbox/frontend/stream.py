"""A WebSocket connection from a venue's point of view.

Nothing here waits: a stream is called with what the client sent, and sends frames through a wire.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Protocol

from ccxt_ext.sandbox.frontend.feed import Feed, News
from ccxt_ext.sandbox.frontend.messages import Request

INTERNAL_ERROR = 1011
"""The code with which a connection is closed when the frontend has failed."""


class Wire(Protocol):
    """The way to the client. Neither method waits, and both do nothing after the connection has ended."""

    def send(self, text: str, *, sequenced: bool = False) -> None:
        """Send a frame. `sequenced` says that it has a number, so that a client notices a missing one."""

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the connection, after everything before was sent."""


class Stream:
    """A connection. The server calls `opened` first and `closed` last, each once."""

    def __init__(self, feed: Feed, request: Request, wire: Wire) -> None:
        self.feed = feed
        self.request = request
        """The request that opened the connection."""
        self.wire = wire
        """The way to the client."""
        self._ends: list[Callable[[], None]] = []

    def opened(self) -> None:
        """Called when frames can be sent to the client."""

    def received(self, text: str) -> None:
        """Called when the client has sent a message."""

    def closed(self) -> None:
        """Called when the connection has ended, whichever side ended it."""
        while self._ends:
            self._ends.pop()()

    def tick(self) -> None:
        """Called about twenty times a second, for what a venue does by itself."""

    def listen(self, listener: Callable[[News], None]) -> None:
        """Call `listener` with the engine's news while the connection lasts. If it fails, that ends too."""

        def careful(news: News) -> None:
            try:
                listener(news)
            except Exception:
                self.wire.close(INTERNAL_ERROR)
                raise

        self._ends.append(self.feed.listen(careful, while_connected=True))

    def send(self, obj: Any, *, sequenced: bool = False) -> None:
        """Send `obj` as JSON."""
        self.wire.send(json.dumps(obj, separators=(",", ":")), sequenced=sequenced)
