"""One WebSocket connection, as a venue sees it.

Nothing here waits: a stream is given what the client sent, and talks into a wire.
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
    """What a stream talks into. Neither call waits, and after the end both do nothing."""

    def send(self, text: str, *, sequenced: bool = False) -> None:
        """Send a frame; a `sequenced` one has a number by which the client notices that one is missing."""

    def close(self, code: int = 1000, reason: str = "") -> None:
        """End the connection, once what was sent before has left."""


class Stream:
    """A connection. The server calls `opened` first and `closed` last, each once."""

    def __init__(self, feed: Feed, request: Request, wire: Wire) -> None:
        self.feed = feed
        self.request = request
        """The one that asked for the connection."""
        self.wire = wire
        self._ends: list[Callable[[], None]] = []

    def opened(self) -> None:
        """The client can be talked to."""

    def received(self, text: str) -> None:
        """The client sent a message."""

    def closed(self) -> None:
        """The connection has ended, whoever ended it."""
        while self._ends:
            self._ends.pop()()

    def tick(self) -> None:
        """Called some twenty times a second, for what a venue does by itself."""

    def listen(self, listener: Callable[[News], None]) -> None:
        """Have `listener` called with the engine's news until the end. If it fails, the connection ends."""

        def careful(news: News) -> None:
            try:
                listener(news)
            except Exception:
                self.wire.close(INTERNAL_ERROR)
                raise

        self._ends.append(self.feed.listen(careful))

    def send(self, obj: Any, *, sequenced: bool = False) -> None:
        """Send `obj` as JSON."""
        self.wire.send(json.dumps(obj, separators=(",", ":")), sequenced=sequenced)
