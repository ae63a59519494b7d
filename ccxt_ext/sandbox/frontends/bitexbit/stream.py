"""bitexbit's stream: who subscribes to what, what is told there, and the frames of Engine.IO 3.

Engine.IO 4 is spoken by python-socketio, near the server. What the documents leave open can be set with
`Sandbox(options={"bitexbit": {"stream": {...}}})`; docs/sandbox.md says what is done without.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Collection, Container, Iterator, Sequence
from typing import Any, Protocol

from ccxt_ext.sandbox.engine import EntryEvent, ExitEvent
from ccxt_ext.sandbox.frontend import Feed, News, Request, Response, Stream, VenueClock, Wire
from ccxt_ext.sandbox.frontends.bitexbit.rows import dumps, number, seconds, text

PREFIX = "book_"
PING_INTERVAL_MS = 25_000
PING_TIMEOUT_MS = 20_000

Told = tuple[str, Any]
"""The name of an event, and what it brings."""


class Books:
    """The channels `book_<pair>`, and how this venue names its events."""

    def __init__(self, markets: Container[str], option: Callable[..., Any]) -> None:
        self._markets = markets
        self._cancel_id_field: str = option("stream.cancelIdField", "oid")
        self._message_event: str | None = option("stream.messageEvent")
        self.actions = {
            option("stream.subscribeEvent", "subscribe"): "subscribe",
            "unsubscribe": "unsubscribe",
        }
        self.ping_interval_ms: int = option("stream.pingInterval", PING_INTERVAL_MS)
        self.ping_timeout_ms: int = option("stream.pingTimeout", PING_TIMEOUT_MS)

    def has(self, channel: str) -> bool:
        return channel.startswith(PREFIX) and channel.removeprefix(PREFIX) in self._markets

    def messages(self, news: News, channels: Collection[str]) -> Iterator[Told]:
        """What an operation of the engine says in these channels, in order."""
        for event in news.flow:
            channel = PREFIX + event.market
            if channel in channels:
                message = _order(event) if isinstance(event, EntryEvent) else self._cancel(event)
                yield self._message_event or channel, message

    def _cancel(self, event: ExitEvent) -> dict[str, Any]:
        # The operation has the same number as in the answer of API v2.
        ids = [event.order_id, event.order_id + 1]
        if self._cancel_id_field != "oid":
            ids.reverse()
        return {
            "success": True,
            "date": seconds(event.timestamp),
            "oid": ids[0],
            "cancel_order_id": ids[1],
            "price": number(event.price),
            "type": event.side,
            "amount": number(event.amount),
            "pair": event.market,
            "cancelled": True,
        }


def _order(event: EntryEvent) -> dict[str, Any]:
    assert event.price is not None  # there are only limit orders here
    return {
        "success": True,
        "date": seconds(event.timestamp),
        "oid": event.order_id,
        "type": event.side,
        "price": number(event.price),
        "amount": number(event.amount),
        "trades": [
            {
                "tid": match.trade_id,
                # The side of the order that stood in the book.
                "type": "sell" if event.side == "buy" else "buy",
                "price": text(match.price),
                "amount": text(match.amount),
                "o_id": match.order_id,
            }
            for match in event.matches
        ],
    }


class Subscriber:
    """A client, as far as it subscribes."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self.channels: set[str] = set()

    def asks(self, event: Any, arguments: Sequence[Any]) -> Iterator[Told]:
        """What the client's event is answered with. Events that are not known are ignored."""
        action = self._books.actions.get(event) if isinstance(event, str) else None
        if action is None:
            return
        channel = arguments[0] if len(arguments) == 1 else None
        if not isinstance(channel, str) or not self._books.has(channel):
            yield f"{action}.error", {"channel": channel, "error": "Unknown channel"}
            return
        if action == "subscribe":
            self.channels.add(channel)
        else:
            self.channels.discard(channel)
        yield f"{action}.success", channel

    def hears(self, news: News) -> Iterator[Told]:
        return self._books.messages(news, self.channels)


class SocketIoServer(Protocol):
    """Speaks Engine.IO 4 and later, for a frontend."""

    def stream(self, request: Request, wire: Wire) -> Stream | Response: ...

    def poll(self, request: Request) -> Response: ...


class OldSession(Stream):
    """Engine.IO 3 with Socket.IO 2: here the client pings."""

    PACKET = re.compile(r"([0-6])(?:(/[^,]*)(?:,|$))?([0-9]*)(.*)", re.DOTALL)

    def __init__(self, feed: Feed, clock: VenueClock, request: Request, wire: Wire, books: Books) -> None:
        super().__init__(feed, request, wire)
        self._clock = clock
        self._books = books
        self._subscriber = Subscriber(books)
        self._heard = clock.unmoved()

    def opened(self) -> None:
        handshake = {
            "sid": secrets.token_urlsafe(15),
            "upgrades": [],
            "pingInterval": self._books.ping_interval_ms,
            "pingTimeout": self._books.ping_timeout_ms,
        }
        self.wire.send("0" + dumps(handshake))
        self.wire.send("40")
        self.listen(self._hears)

    def tick(self) -> None:
        patience = self._books.ping_interval_ms + self._books.ping_timeout_ms
        if self._clock.unmoved() - self._heard > patience:
            self.wire.close(reason="ping timeout")

    def _hears(self, news: News) -> None:
        for told in self._subscriber.hears(news):
            self._tell(told)

    def _tell(self, told: Told) -> None:
        self.wire.send("42" + dumps(told))

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
        """Whether it is one."""
        match = self.PACKET.fullmatch(packet)
        if match is None:
            return False
        kind, namespace, id, content = match.groups()
        elsewhere = namespace not in (None, "/")
        if kind == "0":
            self.wire.send(f"44{namespace},{dumps('Invalid namespace')}" if elsewhere else "40")
        elif kind == "1" and not elsewhere:
            self._subscriber.channels.clear()
        elif kind == "2":
            try:
                parts = json.loads(content)
            except (ValueError, RecursionError):
                return False
            if not isinstance(parts, list) or not parts:
                return False
            if not elsewhere:
                self._event(parts[0], parts[1:], id)
        return kind in ("0", "1", "2", "3")

    def _event(self, event: Any, arguments: Sequence[Any], id: str) -> None:
        if id:
            self.wire.send(f"43{id}[]")
        for told in self._subscriber.asks(event, arguments):
            self._tell(told)
