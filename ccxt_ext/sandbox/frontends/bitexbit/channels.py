"""What bitexbit's stream says: the channels `book_<pair>`, and who has subscribed to them.

What the documents leave open can be set with `Sandbox(options={"bitexbit": {"stream": {...}}})`.
docs/sandbox-venues.md says what is done without.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Sequence
from typing import Any, Literal

from ccxt_ext.sandbox.frontend import News, SocketIoEvent
from ccxt_ext.sandbox.frontend.engine import EntryEvent, ExitEvent
from ccxt_ext.sandbox.frontends.bitexbit.formats import number, seconds, text

PREFIX = "book_"


class Channels:
    """The channels of all pairs, and how this venue names its events."""

    def __init__(
        self,
        markets: Container[str],
        *,
        subscribe_event: str,
        message_event: str | None,
        cancel_id_field: Literal["oid", "cancel_order_id"],
    ) -> None:
        """`message_event`: the name of the events that messages come in; without one, it is the channel's.
        `cancel_id_field`: the field with the order's id in a message that it is cancelled."""
        self._markets = markets
        self._message_event = message_event
        self._cancel_id_field = cancel_id_field
        self.actions = {subscribe_event: "subscribe", "unsubscribe": "unsubscribe"}

    def subscriber(self) -> Subscriber:
        """A client that has just come."""
        return Subscriber(self)

    def has(self, channel: str) -> bool:
        return channel.startswith(PREFIX) and channel.removeprefix(PREFIX) in self._markets

    def messages(self, news: News, channels: Collection[str]) -> Iterator[SocketIoEvent]:
        """The messages in these channels about an operation of the engine, in order."""
        for event in news.flow:
            channel = PREFIX + event.market
            if channel in channels:
                message = _order(event) if isinstance(event, EntryEvent) else self._cancel(event)
                yield self._message_event or channel, message

    def _cancel(self, event: ExitEvent) -> dict[str, Any]:
        # A cancellation has a number of its own, the same one as in the answer of API v2.
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
                # The side of the order that was in the book before.
                "type": "sell" if event.side == "buy" else "buy",
                "price": text(match.price),
                "amount": text(match.amount),
                "o_id": match.order_id,
            }
            for match in event.matches
        ],
    }


class Subscriber:
    """A client, and the channels that it has subscribed to."""

    def __init__(self, channels: Channels) -> None:
        self._all = channels
        self.channels: set[str] = set()

    def answers(self, event: Any, arguments: Sequence[Any]) -> Iterator[SocketIoEvent]:
        """The answers to an event of the client's. Unknown events are ignored."""
        action = self._all.actions.get(event) if isinstance(event, str) else None
        if action is None:
            return
        channel = arguments[0] if len(arguments) == 1 else None
        if not isinstance(channel, str) or not self._all.has(channel):
            yield f"{action}.error", {"channel": channel, "error": "Unknown channel"}
            return
        if action == "subscribe":
            self.channels.add(channel)
        else:
            self.channels.discard(channel)
        yield f"{action}.success", channel

    def events(self, news: News) -> Iterator[SocketIoEvent]:
        """The messages in the client's channels about an operation of the engine."""
        return self._all.messages(news, self.channels)
