"""BitexAsia's WebSocket, as the assumptions of docs/venues/bitexasia.md have it: books and trades."""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ccxt_ext.sandbox.engine import Engine, Level, Market, Trade
from ccxt_ext.sandbox.frontend import Feed, News, Request, Stream, Wire, decimal_text
from ccxt_ext.sandbox.frontends.bitexasia.rows import Declined, Listing, invalid_request, level_row

if TYPE_CHECKING:
    from ccxt_ext.sandbox.frontends.bitexasia.frontend import Frontend

DEPTH = 100
RECENT_TRADES = 50
PING_AFTER_MS = 20_000
PATIENCE_MS = 40_000
NO_PONG = 1001
CHANNELS = ("orderbook", "trades")

Rows = list[list[str]]


class Book:
    """The best levels of a pair as they were told last, with a number that grows when they change."""

    def __init__(self, market: Market, decimals: int) -> None:
        self.market = market
        self.decimals = decimals
        self.sequence = self.market.seq
        self.bids, self.asks = self.market.book(DEPTH)

    def rows(self) -> dict[str, Rows]:
        return {
            "bids": [level_row(level, self.decimals) for level in self.bids],
            "asks": [level_row(level, self.decimals) for level in self.asks],
        }

    def catch_up(self) -> dict[str, Rows] | None:
        """What is different now; None if nothing is."""
        bids, asks = self.market.book(DEPTH)
        # Bids from the best downwards, asks from the best upwards.
        changes = {"bids": self._changes(self.bids, bids)[::-1], "asks": self._changes(self.asks, asks)}
        self.bids, self.asks = bids, asks
        if not changes["bids"] and not changes["asks"]:
            return None
        self.sequence += 1
        return changes

    def _changes(self, before: list[Level], after: list[Level]) -> Rows:
        amounts = {level.price: level.amount for level in after}
        told = {level.price: level.amount for level in before}
        prices = sorted(price for price in {*told, *amounts} if told.get(price) != amounts.get(price))
        zero = Decimal(0)
        return [
            [decimal_text(price, self.decimals), decimal_text(amounts.get(price, zero))] for price in prices
        ]


class Books:
    """The books that anybody has asked for; from then on their changes are numbered, for all alike."""

    def __init__(self, engine: Engine, listings: Mapping[str, Listing], feed: Feed) -> None:
        self._engine = engine
        self._listings = listings
        self._feed = feed
        self._attends = False
        self._books: dict[str, Book] = {}
        self.changes: dict[str, dict[str, Rows]] = {}
        """By pair, what the operation of the engine that is being told has changed."""

    def __getitem__(self, pair: str) -> Book:
        self.attend()
        if pair not in self._books:
            self._books[pair] = Book(self._engine.markets[pair], self._listings[pair].decimals)
        return self._books[pair]

    def attend(self) -> None:
        """Listen from now on: before the streams do, which are told what is found here."""
        if not self._attends:
            self._attends = True
            self._feed.listen(self._hear)

    def _hear(self, news: News) -> None:
        self.changes = {
            pair: changes
            for pair in news.books
            if pair in self._books and (changes := self._books[pair].catch_up()) is not None
        }


class PublicStream(Stream):
    def __init__(self, frontend: Frontend, request: Request, wire: Wire) -> None:
        super().__init__(frontend.feed, request, wire)
        self.frontend = frontend
        self._subscribed: set[tuple[str, str]] = set()
        self._heard = self._now()
        self._pinged: int | None = None
        self._snapshots: dict[str, Callable[[str], None]] = {
            "orderbook": self._send_book,
            "trades": self._send_trades,
        }

    def _now(self) -> int:
        return self.frontend.clock.engine_clock.now()

    def opened(self) -> None:
        self.frontend.books.attend()
        self.listen(self._hear)

    def tick(self) -> None:
        now = self._now()
        if self._pinged is not None:
            if now >= self._pinged + PATIENCE_MS:
                self.wire.close(NO_PONG, "no pong")
        elif now >= self._heard + PING_AFTER_MS:
            self._pinged = now
            self.send({"type": "ping", "timestamp": self.frontend.clock.now()})

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
            self.send({"type": "pong", "timestamp": self.frontend.clock.now()})
        elif op in ("subscribe", "unsubscribe"):
            channel, pair = _topic(message, self.frontend.listings)
            self.send({"type": f"{op}d", "channel": channel, "pair": pair})
            if op == "subscribe":
                self._snapshots[channel](pair)
                self._subscribed.add((channel, pair))
            else:
                self._subscribed.discard((channel, pair))
        elif op != "pong":
            raise invalid_request("op must be subscribe, unsubscribe, ping or pong")

    # what is told

    def _hear(self, news: News) -> None:
        for pair, changes in self.frontend.books.changes.items():
            if ("orderbook", pair) in self._subscribed:
                self._send_levels("delta", pair, changes)
        for pair, trades in news.trades.items():
            if ("trades", pair) in self._subscribed:
                self._send_trade_rows("delta", pair, trades)

    def _send_book(self, pair: str) -> None:
        self._send_levels("snapshot", pair, self.frontend.books[pair].rows())

    def _send_levels(self, kind: str, pair: str, levels: dict[str, Rows]) -> None:
        head = {
            "type": kind,
            "channel": "orderbook",
            "pair": pair,
            "sequence": self.frontend.books[pair].sequence,
            "timestamp": self.frontend.clock.now(),
        }
        # A snapshot that is missing shows at no number.
        self.send({**head, **levels}, sequenced=kind == "delta")

    def _send_trades(self, pair: str) -> None:
        recent = self.frontend.engine.markets[pair].trades(RECENT_TRADES)
        self._send_trade_rows("snapshot", pair, recent[::-1])

    def _send_trade_rows(self, kind: str, pair: str, trades: list[Trade]) -> None:
        decimals = self.frontend.listings[pair].decimals
        rows = [
            {
                "id": f"t_{trade.id}",
                "price": decimal_text(trade.price, decimals),
                "size": decimal_text(trade.amount),
                "side": trade.side,
                "timestamp": trade.timestamp,
            }
            for trade in trades
        ]
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
        raise Declined(404, "PAIR_NOT_FOUND", "Unknown pair")
    return channel, pair
