"""BitMax's channels about markets: books, best prices, trades, bars, prices of contracts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontend import BookUpdate, Feed, News, VenueClock, Wire, decimal_text
from ccxt_ext.sandbox.frontend.engine import Engine, Trade
from ccxt_ext.sandbox.frontends.bitmaxfutures.bars import INTERVALS, bars
from ccxt_ext.sandbox.frontends.bitmaxfutures.listings import COLLATERALS, FUTURES
from ccxt_ext.sandbox.frontends.bitmaxfutures.rows.markets import bar_row, trade_row
from ccxt_ext.sandbox.frontends.bitmaxfutures.stream.rooms import (
    BAR,
    BBO,
    DEPTH,
    PRICES,
    REALTIME,
    TRADES,
    Channel,
    Rooms,
    to_text,
)
from ccxt_ext.sandbox.frontends.bitmaxfutures.stream.rows import best_rows, change_rows, price_row

DEPTH_PERIOD_MS = 300  # of the throttled channel
PRICES_PERIOD_MS = 1000


@dataclass
class PendingChanges:
    """What has changed in a book since the latest frame of the throttled channel."""

    number: int = 1
    sent_at: int = 0
    bids: dict[Decimal, Decimal] = field(default_factory=dict)
    asks: dict[Decimal, Decimal] = field(default_factory=dict)


class MarketChannels:
    def __init__(
        self, engine: Engine, clock: VenueClock, feed: Feed, rooms: Rooms, *, throttled: bool
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._feed = feed
        self._rooms = rooms
        self._throttled = throttled
        self._pending: dict[str, PendingChanges] = {}
        self._best: dict[str, tuple[list[str], list[str]]] = {}
        self._prices: list[dict[str, Any]] = []
        self._prices_at = 0

    @property
    def has_numbered(self) -> bool:
        """Whether a throttled book has had a number, so that its numbers have to be continued."""
        return bool(self._pending)

    def tell(self, news: News) -> None:
        for symbol, trades in news.trades.items():
            rows = [trade_row(trade) for trade in trades]
            self._rooms.tell(Channel(TRADES, symbol), {"m": TRADES, "symbol": symbol, "data": rows})
        for update in news.books.values():
            self._tell_book(update)
            self._tell_best(update.market)
        for symbol, trades in news.trades.items():
            self._tell_bars(symbol, trades)

    def welcome(self, wire: Wire, channel: Channel) -> None:
        """Send a newcomer the present state, as nothing is sent otherwise until something changes."""
        if channel.name == BBO:
            self._tell_best(channel.subject, wire)
        elif channel.name == BAR:
            market, now = self._engine.markets[channel.subject], self._engine.clock.now()
            for bar in bars(market, channel.interval, None, now, 1):
                wire.send(to_text(bar_row(channel.subject, channel.interval, bar)))
        elif channel.name == PRICES:
            self._tell_prices(wire)

    def tick(self) -> None:
        now = self._clock.ticking()
        for symbol, pending in self._pending.items():
            self._flush(symbol, pending)
        if Channel(PRICES) in self._rooms and now - self._prices_at >= PRICES_PERIOD_MS:
            self._prices_at = now
            self._tell_prices()

    # books

    def number(self, symbol: str) -> int:
        """The number of a book as it stands. If it is throttled, pending changes go out first."""
        if not self._throttled:
            return self._feed.number(symbol)
        pending = self._pending_of(symbol)
        self._flush(symbol, pending, at_once=True)
        return pending.number

    def _pending_of(self, symbol: str) -> PendingChanges:
        return self._pending.setdefault(symbol, PendingChanges())

    def _tell_book(self, update: BookUpdate) -> None:
        symbol = update.market
        channels = [Channel(REALTIME, symbol)]
        if self._throttled:
            pending = self._pending_of(symbol)
            pending.bids.update(update.bids)
            pending.asks.update(update.asks)
            self._flush(symbol, pending)
        else:
            channels.append(Channel(DEPTH, symbol))
        for channel in channels:
            self._tell_changes(channel, update.number, update.bids, update.asks)

    def _flush(self, symbol: str, pending: PendingChanges, *, at_once: bool = False) -> None:
        now = self._clock.ticking()
        if (pending.bids or pending.asks) and (at_once or now - pending.sent_at >= DEPTH_PERIOD_MS):
            pending.number, pending.sent_at = pending.number + 1, now
            self._tell_changes(Channel(DEPTH, symbol), pending.number, pending.bids, pending.asks)
            pending.bids, pending.asks = {}, {}

    def _tell_changes(
        self, channel: Channel, number: int, bids: Mapping[Decimal, Decimal], asks: Mapping[Decimal, Decimal]
    ) -> None:
        if channel in self._rooms:
            data = {
                "ts": self._clock.now(),
                "seqnum": number,
                "asks": change_rows(asks, falling=False),
                "bids": change_rows(bids, falling=True),
            }
            frame = {"m": channel.name, "symbol": channel.subject, "data": data}
            self._rooms.tell(channel, frame, sequenced=True)

    def _tell_best(self, symbol: str, newcomer: Wire | None = None) -> None:
        channel = Channel(BBO, symbol)
        if channel in self._rooms:
            best = best_rows(self._engine.markets[symbol])
            is_new, self._best[symbol] = best != self._best.get(symbol), best
            data = {"ts": self._clock.now(), "bid": best[0], "ask": best[1]}
            self._rooms.greet(newcomer, channel, {"m": BBO, "symbol": symbol, "data": data}, is_new=is_new)

    # trades and prices

    def _tell_bars(self, symbol: str, trades: list[Trade]) -> None:
        market = self._engine.markets[symbol]
        for interval in INTERVALS:
            channel = Channel(BAR, symbol, interval)
            if channel in self._rooms:
                *before, latest = bars(market, interval, None, trades[-1].timestamp, 2)
                if trades[0].timestamp >= latest.timestamp:
                    before = []
                for bar in (*before, latest):
                    self._rooms.tell(channel, bar_row(symbol, interval, bar))

    def _tell_prices(self, newcomer: Wire | None = None) -> None:
        contracts = [price_row(market, 0) for market in self._engine.markets.values()]
        references = [
            {"a": asset.code, "p": decimal_text(self._engine.reference_price(FUTURES, asset.code))}
            for asset in COLLATERALS
        ]
        is_new, self._prices = contracts + references != self._prices, contracts + references
        now = self._clock.now()
        frame = {"m": PRICES, "con": [{**row, "t": now} for row in contracts], "col": references}
        self._rooms.greet(newcomer, Channel(PRICES), frame, is_new=is_new)
