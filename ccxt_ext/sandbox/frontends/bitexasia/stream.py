"""BitexAsia's WebSocket, as the assumptions of docs/venues/bitexasia.md have it: books and trades."""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Mapping
from typing import Any

from ccxt_ext.sandbox.frontend import Feed, News, Request, Stream, VenueClock, Wire
from ccxt_ext.sandbox.frontend.engine import Market, Trade
from ccxt_ext.sandbox.frontends.bitexasia.books import NumberedBooks, Rows
from ccxt_ext.sandbox.frontends.bitexasia.listings import Listing
from ccxt_ext.sandbox.frontends.bitexasia.refusals import Declined, invalid_request, no_pair
from ccxt_ext.sandbox.frontends.bitexasia.rows import trade_row

RECENT_TRADES = 50
PING_AFTER_MS = 20_000
PATIENCE_MS = 40_000
NO_PONG = 1001
CHANNELS = ("orderbook", "trades")


class PublicStream(Stream):
    def __init__(
        self,
        feed: Feed,
        clock: VenueClock,
        markets: Mapping[str, Market],
        listings: Mapping[str, Listing],
        books: NumberedBooks,
        request: Request,
        wire: Wire,
    ) -> None:
        super().__init__(feed, request, wire)
        self._clock = clock
        self._markets = markets
        self._listings = listings
        self._books = books
        self._subscribed: set[tuple[str, str]] = set()
        self._heard = self._now()
        self._pinged: int | None = None
        self._snapshots: dict[str, Callable[[str], None]] = {
            "orderbook": self._send_book,
            "trades": self._send_trades,
        }

    def _now(self) -> int:
        return self._clock.unmoved()

    def opened(self) -> None:
        self._books.attend()
        self.listen(self._hear)

    def tick(self) -> None:
        now = self._now()
        if self._pinged is not None:
            if now >= self._pinged + PATIENCE_MS:
                self.wire.close(NO_PONG, "no pong")
        elif now >= self._heard + PING_AFTER_MS:
            self._pinged = now
            self.send({"type": "ping", "timestamp": self._clock.now()})

    def received(self, text: str) -> None:
        self._heard, self._pinged = self._now(), None
        message: dict[str, Any] = {}
        try:
            message = _message(text)
            self._obey(message)
        except Declined as declined:
            named = {name: message.get(name) for name in ("channel", "pair")}
            error = {"code": declined.code, "message": declined.message}
            self.send({"type": "error", **named, "error": error})

    def _obey(self, message: dict[str, Any]) -> None:
        op = message.get("op")
        if op == "ping":
            self.send({"type": "pong", "timestamp": self._clock.now()})
        elif op in ("subscribe", "unsubscribe"):
            channel, pair = _topic(message, self._listings)
            self.send({"type": f"{op}d", "channel": channel, "pair": pair})
            if op == "subscribe":
                self._snapshots[channel](pair)
                self._subscribed.add((channel, pair))
            else:
                self._subscribed.discard((channel, pair))
        elif op != "pong":
            raise invalid_request("op must be subscribe, unsubscribe, ping or pong")

    # news

    def _hear(self, news: News) -> None:
        for pair, changes in self._books.changes.items():
            if ("orderbook", pair) in self._subscribed:
                self._send_levels("delta", pair, changes)
        for pair, trades in news.trades.items():
            if ("trades", pair) in self._subscribed:
                self._send_trade_rows("delta", pair, trades)

    def _send_book(self, pair: str) -> None:
        self._send_levels("snapshot", pair, self._books[pair].rows())

    def _send_levels(self, kind: str, pair: str, levels: dict[str, Rows]) -> None:
        head = {
            "type": kind,
            "channel": "orderbook",
            "pair": pair,
            "sequence": self._books[pair].sequence,
            "timestamp": self._clock.now(),
        }
        # Only a change that is missing can be noticed by its number.
        self.send({**head, **levels}, sequenced=kind == "delta")

    def _send_trades(self, pair: str) -> None:
        recent = self._markets[pair].trades(RECENT_TRADES)
        self._send_trade_rows("snapshot", pair, recent[::-1])

    def _send_trade_rows(self, kind: str, pair: str, trades: list[Trade]) -> None:
        decimals = self._listings[pair].decimals
        rows = [trade_row(trade, decimals) for trade in trades]
        self.send({"type": kind, "channel": "trades", "pair": pair, "trades": rows})


def _message(text: str) -> dict[str, Any]:
    try:
        message = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise invalid_request("The message is not JSON") from None
    if not isinstance(message, dict):
        raise invalid_request("The message is not a JSON object")
    return message


def _no_constant(text: str) -> None:
    raise ValueError(text)


def _topic(message: dict[str, Any], pairs: Container[str]) -> tuple[str, str]:
    channel, pair = message.get("channel"), message.get("pair")
    if not isinstance(channel, str) or channel not in CHANNELS:
        raise invalid_request(f"channel must be one of {', '.join(CHANNELS)}")
    if not isinstance(pair, str):
        raise invalid_request("pair is missing")
    if pair not in pairs:
        raise no_pair()
    return channel, pair
