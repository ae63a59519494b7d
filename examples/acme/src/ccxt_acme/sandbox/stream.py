"""The WebSocket of Acme Exchange: books, as a snapshot and numbered changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontend import Feed, News, Request, Stream, VenueClock, Wire
from ccxt_ext.sandbox.frontend.engine import Market

from .refusals import Declined, bad_request, no_pair
from .rows import level_row

TOPIC = "depth."
PATIENCE_MS = 60_000  # the venue's documents say: a connection that is silent for so long is closed

Side = Mapping[Decimal, Decimal]


class BookStream(Stream):
    """One connection."""

    def __init__(
        self, feed: Feed, clock: VenueClock, markets: Mapping[str, Market], request: Request, wire: Wire
    ) -> None:
        super().__init__(feed, request, wire)
        self._numbers = feed.number
        self._clock = clock
        self._markets = markets
        self._followed: set[str] = set()
        self._heard = clock.unmoved()

    def opened(self) -> None:
        self.listen(self._hear)

    def tick(self) -> None:
        if self._clock.unmoved() >= self._heard + PATIENCE_MS:
            self.wire.close(1001, "silent for too long")

    def received(self, text: str) -> None:
        self._heard = self._clock.unmoved()
        named: dict[str, Any] = {}
        try:
            message = read(text)
            named = {name: message[name] for name in ("topic",) if name in message}
            self._obey(message)
        except Declined as declined:
            self.send({**named, "error": {"number": declined.number, "text": declined.message}})

    def _obey(self, message: dict[str, Any]) -> None:
        do, topic = message.get("do"), message.get("topic")
        if do == "ping":
            self.send({"do": "pong", "now": self._clock.now()})
            return
        if do not in ("follow", "leave"):
            raise bad_request("do must be follow, leave or ping")
        if not isinstance(topic, str) or not topic.startswith(TOPIC):
            raise bad_request("topic must be depth.PAIR")
        pair = topic.removeprefix(TOPIC)
        if pair not in self._markets:
            raise no_pair()
        if do == "leave":
            self._followed.discard(pair)
            return
        self._followed.add(pair)
        bids, asks = ({level.price: level.amount for level in side} for side in self._markets[pair].book())
        self.send(self._frame(pair, True, self._numbers(pair), bids, asks))

    def _hear(self, news: News) -> None:
        """What an operation of the engine has changed."""
        for pair, update in news.books.items():
            if pair in self._followed:
                # `sequenced` says that a client notices if this frame is missing.
                self.send(self._frame(pair, False, update.number, update.bids, update.asks), sequenced=True)

    def _frame(self, pair: str, whole: bool, number: int, bids: Side, asks: Side) -> dict[str, Any]:
        """Of a change, it has the new quantity at each rate, which is 0 where the level is gone."""
        return {
            "topic": TOPIC + pair,
            "whole": whole,
            "number": number,
            "time": self._clock.now(),
            "bids": [level_row(price, amount) for price, amount in bids.items()],
            "asks": [level_row(price, amount) for price, amount in asks.items()],
        }


def read(text: str) -> dict[str, Any]:
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise bad_request("The message is not JSON") from None
    if not isinstance(message, dict):
        raise bad_request("The message is not a JSON object")
    return message
