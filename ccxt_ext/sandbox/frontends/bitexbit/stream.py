"""bitexbit's stream for clients of Engine.IO 3. Those of Engine.IO 4 are left to the sandbox's server."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Sequence
from typing import Any

from ccxt_ext.sandbox.frontend import (
    Feed,
    News,
    Request,
    SocketIoEndpoint,
    SocketIoEvent,
    Stream,
    VenueClock,
    Wire,
    exact_json,
)


class OldSession(Stream):
    """A connection of Engine.IO 3 with Socket.IO 2, where it is the client that pings."""

    PACKET = re.compile(r"([0-6])(?:(/[^,]*)(?:,|$))?([0-9]*)(.*)", re.DOTALL)

    def __init__(
        self, feed: Feed, clock: VenueClock, request: Request, wire: Wire, endpoint: SocketIoEndpoint
    ) -> None:
        super().__init__(feed, request, wire)
        self._clock = clock
        self._endpoint = endpoint
        self._client = endpoint.new_client()
        self._heard = clock.unmoved()

    def opened(self) -> None:
        handshake = {
            "sid": secrets.token_urlsafe(15),
            "upgrades": [],
            "pingInterval": self._endpoint.ping_interval_ms,
            "pingTimeout": self._endpoint.ping_timeout_ms,
        }
        self.wire.send("0" + exact_json(handshake))
        self.wire.send("40")
        self.listen(self._hear)

    def tick(self) -> None:
        patience = self._endpoint.ping_interval_ms + self._endpoint.ping_timeout_ms
        if self._clock.unmoved() - self._heard > patience:
            self.wire.close(reason="ping timeout")

    def _hear(self, news: News) -> None:
        for event in self._client.events(news):
            self._send_event(event)

    def _send_event(self, event: SocketIoEvent) -> None:
        self.wire.send("42" + exact_json(event))

    def received(self, text: str) -> None:
        self._heard = self._clock.unmoved()
        kind, rest = text[:1], text[1:]
        if kind == "2":
            self.wire.send("3" + rest)
        elif kind == "1":
            self.wire.close()
        elif kind not in ("5", "6") and not (kind == "4" and self._packet(rest)):
            self.wire.close(1002, "parse error")

    def _packet(self, packet: str) -> bool:
        """Act on a packet of Socket.IO; False if it is none."""
        match = self.PACKET.fullmatch(packet)
        if match is None:
            return False
        kind, namespace, id, content = match.groups()
        elsewhere = namespace not in (None, "/")
        if kind == "0":
            self.wire.send(f"44{namespace},{exact_json('Invalid namespace')}" if elsewhere else "40")
        elif kind == "1" and not elsewhere:
            self._client = self._endpoint.new_client()
        elif kind == "2":
            try:
                parts = json.loads(content)
            except (ValueError, RecursionError):
                return False
            if not isinstance(parts, list) or not parts:
                return False
            if not elsewhere:
                self._receive_event(parts[0], parts[1:], id)
        return kind in ("0", "1", "2", "3")

    def _receive_event(self, event: Any, arguments: Sequence[Any], id: str) -> None:
        if id:
            self.wire.send(f"43{id}[]")
        for answer in self._client.answers(event, arguments):
            self._send_event(answer)
