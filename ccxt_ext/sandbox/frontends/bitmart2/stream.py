"""BitMart's WebSocket: public data by topic, sent again whenever it changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ccxt_ext.sandbox.frontend import Feed, News, Refusal, Request, Stream, VenueClock, Wire
from ccxt_ext.sandbox.frontend.engine import Market
from ccxt_ext.sandbox.frontends.bitmart2.listings import STEPS_MIN, Listing
from ccxt_ext.sandbox.frontends.bitmart2.parameters import missing
from ccxt_ext.sandbox.frontends.bitmart2.rows import (
    book_rows,
    price_row,
    running_candle_row,
    stream_trade_row,
)

FIRST_SUBSCRIBE_MS = 5_000
LEVELS = 20
TRADES = 20
NO_SUBSCRIBE = 1008

Topic = tuple[str, str, int | None]
"""A topic: which data, of which market, and the step or precision."""


class PublicStream(Stream):
    def __init__(
        self,
        feed: Feed,
        request: Request,
        wire: Wire,
        clock: VenueClock,
        markets: Mapping[str, Market],
        listings: Mapping[str, Listing],
    ) -> None:
        super().__init__(feed, request, wire)
        self._clock = clock
        self._markets = markets
        self._listings = listings
        self._deadline: int | None = clock.unmoved() + FIRST_SUBSCRIBE_MS
        self._topics: dict[Topic, Any] = {}  # with what was sent last
        self._senders: dict[str, Callable[[Topic, Market, News | None], None]] = {
            "price": self._send_price,
            "kline": self._send_kline,
            "order": self._send_depth,
            "trade": self._send_trades,
        }

    def _now(self) -> int:
        return self._clock.engine_clock.now()

    def opened(self) -> None:
        self.listen(self._hear)

    def tick(self) -> None:
        now = self._now()
        if self._deadline is not None and self._clock.unmoved() >= self._deadline:
            self.wire.close(NO_SUBSCRIBE, "no subscribe in time")
        for topic, sent in list(self._topics.items()):
            name, symbol, step = topic
            if name == "kline" and step is not None and sent < now - now % (step * 60_000):
                self._send_kline(topic, self._markets[symbol], None)

    def received(self, text: str) -> None:
        try:
            self._obey(text)
        except Refusal as refusal:
            self.send({"message": refusal.message})

    def _obey(self, text: str) -> None:
        message = _message(text)
        verb = "unsubscribe" if "unsubscribe" in message else "subscribe"
        name = message.get(verb)
        if name is None:
            raise missing(verb)
        if name == "ping":
            self.send({"subscribe": "pong"})
            return
        if not isinstance(name, str) or name not in self._senders:
            raise Refusal(400, "Invalid topic")
        listing = self._listing(message)
        symbol, detail = listing.id, _detail(message, name, listing)
        # The documents promise an acknowledgement, but do not show one.
        self.send({verb: name, "symbol": symbol, **detail})
        number = next(iter(detail.values()), None)
        if verb == "subscribe":
            topic = (name, symbol, _default(name, listing) if number is None else number)
            self._deadline = None
            self._topics[topic] = None
            self._senders[name](topic, self._markets[symbol], None)
        else:
            for topic in list(self._topics):
                if topic[:2] == (name, symbol) and number in (None, topic[2]):
                    del self._topics[topic]

    def _listing(self, message: dict[str, Any]) -> Listing:
        symbol = message.get("symbol")
        if symbol is None:
            raise missing("symbol")
        listing = self._listings.get(symbol) if isinstance(symbol, str) else None
        if listing is None:
            raise Refusal(400, "Invalid symbol")
        return listing

    # what is sent

    def _hear(self, news: News) -> None:
        for topic in self._topics:
            name, symbol, _ = topic
            if symbol in (news.books if name == "order" else news.trades):
                self._senders[name](topic, self._markets[symbol], news)

    def _send_price(self, topic: Topic, market: Market, news: News | None) -> None:
        data = price_row(market, self._markets, self._now())
        self.send({"subscribe": "price", "symbol": topic[1], "data": data})

    def _send_kline(self, topic: Topic, market: Market, news: News | None) -> None:
        step = topic[2] or STEPS_MIN[0]
        # The trade's time, so that the candle never passes for the next one.
        now = news.trades[topic[1]][-1].timestamp if news else self._now()
        self._topics[topic] = now
        data = running_candle_row(market, step * 60_000, now)
        self.send({"subscribe": "kline", "symbol": topic[1], "step": str(step), "data": data})

    def _send_depth(self, topic: Topic, market: Market, news: News | None) -> None:
        _, symbol, precision = topic
        assert precision is not None
        data = book_rows(market, precision, LEVELS)
        if data != self._topics[topic]:
            self._topics[topic] = data
            self.send({"subscribe": "depth", "symbol": symbol, "precision": precision, "data": data})

    def _send_trades(self, topic: Topic, market: Market, news: News | None) -> None:
        """The latest ones, also those that were sent before."""
        _, symbol, precision = topic
        count = max(TRADES, len(news.trades[symbol])) if news else TRADES
        rows = [stream_trade_row(trade, market.spec) for trade in market.trades(count)]
        self.send({"subscribe": "trade", "precision": precision, "symbol": symbol, "data": {"trades": rows}})


def _message(text: str) -> dict[str, Any]:
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise Refusal(400, "Malformed JSON") from None
    if not isinstance(message, dict):
        raise Refusal(400, "Malformed JSON")
    return message


def _detail(message: dict[str, Any], name: str, listing: Listing) -> dict[str, int]:
    """The step or precision, if there is one."""
    field = "step" if name == "kline" else "precision"
    if name == "price" or message.get(field) is None:
        return {}
    number = message[field]
    precisions = range(listing.price_min_precision, listing.price_max_precision + 1)
    if type(number) is not int or number not in (STEPS_MIN if name == "kline" else precisions):
        raise Refusal(400, f"Invalid {field}")
    return {field: number}


def _default(name: str, listing: Listing) -> int | None:
    if name == "price":
        return None
    return STEPS_MIN[0] if name == "kline" else listing.price_max_precision
