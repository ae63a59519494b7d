# with --streams
"""The WebSocket of Acme Exchange: books, as a snapshot and numbered changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontend import Feed, News, Request, Stream, VenueClock, Wire, decimal_text
from ccxt_ext.sandbox.frontend.engine import Market

from .refusals import Declined, bad_request, no_market
from .rows import level_row

PATIENCE_MS = 60_000  # the venue's documents say: a connection that is silent for so long is closed


class BookStream(Stream):
    """One connection."""

    def __init__(
        self, feed: Feed, clock: VenueClock, markets: Mapping[str, Market], request: Request, wire: Wire
    ) -> None:
        super().__init__(feed, request, wire)
        self._numbers = feed.number
        self._clock = clock
        self._markets = markets
        self._subscribed: set[str] = set()
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
            named = {name: message[name] for name in ("channel", "market") if name in message}
            self._obey(message)
        except Declined as declined:
            self.send({**named, "error": {"code": declined.code, "message": declined.message}})

    def _obey(self, message: dict[str, Any]) -> None:
        op, market = message.get("op"), message.get("market")
        if op == "ping":
            self.send({"op": "pong", "time": self._clock.now()})
            return
        if op not in ("subscribe", "unsubscribe"):
            raise bad_request("op must be subscribe, unsubscribe or ping")
        if message.get("channel") != "book":
            raise bad_request("channel must be book")
        if not isinstance(market, str) or market not in self._markets:
            raise no_market()
        self.send({"op": f"{op}d", "channel": "book", "market": market})
        if op == "unsubscribe":
            self._subscribed.discard(market)
            return
        self._subscribed.add(market)
        bids, asks = self._markets[market].book()
        rows = {"bids": [level_row(level) for level in bids], "asks": [level_row(level) for level in asks]}
        self.send({**self._head("snapshot", market, self._numbers(market)), **rows})

    def _hear(self, news: News) -> None:
        """What an operation of the engine has changed."""
        for market, update in news.books.items():
            if market in self._subscribed:
                rows = {"bids": changes(update.bids), "asks": changes(update.asks)}
                # `sequenced` says that a client notices if this frame is missing.
                self.send({**self._head("delta", market, update.number), **rows}, sequenced=True)

    def _head(self, kind: str, market: str, number: int) -> dict[str, Any]:
        return {
            "channel": "book",
            "type": kind,
            "market": market,
            "sequence": number,
            "time": self._clock.now(),
        }


def changes(levels: Mapping[Decimal, Decimal]) -> list[list[str]]:
    """The new size at each price; 0 where the level is gone."""
    return [[decimal_text(price), decimal_text(amount)] for price, amount in levels.items()]


def read(text: str) -> dict[str, Any]:
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise bad_request("The message is not JSON") from None
    if not isinstance(message, dict):
        raise bad_request("The message is not a JSON object")
    return message
