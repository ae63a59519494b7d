"""BitMax's channels about markets: books, best prices, trades, bars, prices of contracts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ccxt_ext.sandbox.engine import Trade
from ccxt_ext.sandbox.frontend import BookUpdate, News, Wire, decimal_text
from ccxt_ext.sandbox.frontends.bitmaxfutures.rows.orders import (
    COLLATERALS,
    FUTURES,
    INTERVALS,
    bar_row,
    bars,
    trade_row,
)
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

if TYPE_CHECKING:
    from ccxt_ext.sandbox.frontends.bitmaxfutures.frontend import Frontend

DEPTH_PERIOD_MS = 300  # of the channel that is throttled, where limits are the venue's
PRICES_PERIOD_MS = 1000


@dataclass
class Batch:
    """What changed in a book since the throttled channel told of it last."""

    number: int = 1
    told_at: int = 0
    bids: dict[Decimal, Decimal] = field(default_factory=dict)
    asks: dict[Decimal, Decimal] = field(default_factory=dict)


class MarketChannels:
    def __init__(self, frontend: Frontend, rooms: Rooms) -> None:
        self.frontend = frontend
        self.engine = frontend.engine
        self.rooms = rooms
        self.batches: dict[str, Batch] = {}
        self._best: dict[str, tuple[list[str], list[str]]] = {}
        self._prices: list[dict[str, Any]] = []
        self._prices_at = 0

    @property
    def throttles(self) -> bool:
        return self.frontend.limits == "venue"

    def tell(self, news: News) -> None:
        for symbol, trades in news.trades.items():
            rows = [trade_row(trade) for trade in trades]
            self.rooms.tell(Channel(TRADES, symbol), {"m": TRADES, "symbol": symbol, "data": rows})
        for update in news.books.values():
            self._tell_book(update)
            self._tell_best(update.market)
        for symbol, trades in news.trades.items():
            self._tell_bars(symbol, trades)

    def welcome(self, wire: Wire, channel: Channel) -> None:
        """What stands still would not be heard of otherwise."""
        if channel.name == BBO:
            self._tell_best(channel.subject, wire)
        elif channel.name == BAR:
            market, now = self.engine.markets[channel.subject], self.engine.clock.now()
            for bar in bars(market, channel.interval, None, now, 1):
                wire.send(to_text(bar_row(channel.subject, channel.interval, bar)))
        elif channel.name == PRICES:
            self._tell_prices(wire)

    def tick(self) -> None:
        now = self.engine.clock.now()
        for symbol, batch in self.batches.items():
            self._flush(symbol, batch)
        if Channel(PRICES) in self.rooms and now - self._prices_at >= PRICES_PERIOD_MS:
            self._prices_at = now
            self._tell_prices()

    # books

    def number(self, symbol: str) -> int:
        """Of the book as it stands; if it is throttled, all that has changed is told first."""
        if not self.throttles:
            return self.frontend.feed.number(symbol)
        batch = self._batch(symbol)
        self._flush(symbol, batch, at_once=True)
        return batch.number

    def _batch(self, symbol: str) -> Batch:
        return self.batches.setdefault(symbol, Batch())

    def _tell_book(self, update: BookUpdate) -> None:
        symbol = update.market
        channels = [Channel(REALTIME, symbol)]
        if self.throttles:
            batch = self._batch(symbol)
            batch.bids.update(update.bids)
            batch.asks.update(update.asks)
            self._flush(symbol, batch)
        else:
            channels.append(Channel(DEPTH, symbol))
        for channel in channels:
            self._tell_changes(channel, update.number, update.bids, update.asks)

    def _flush(self, symbol: str, batch: Batch, *, at_once: bool = False) -> None:
        now = self.engine.clock.now()
        if (batch.bids or batch.asks) and (at_once or now - batch.told_at >= DEPTH_PERIOD_MS):
            batch.number, batch.told_at = batch.number + 1, now
            self._tell_changes(Channel(DEPTH, symbol), batch.number, batch.bids, batch.asks)
            batch.bids, batch.asks = {}, {}

    def _tell_changes(
        self, channel: Channel, number: int, bids: Mapping[Decimal, Decimal], asks: Mapping[Decimal, Decimal]
    ) -> None:
        if channel in self.rooms:
            data = {
                "ts": self.frontend.clock.now(),
                "seqnum": number,
                "asks": change_rows(asks, falling=False),
                "bids": change_rows(bids, falling=True),
            }
            frame = {"m": channel.name, "symbol": channel.subject, "data": data}
            self.rooms.tell(channel, frame, sequenced=True)

    def _tell_best(self, symbol: str, newcomer: Wire | None = None) -> None:
        channel = Channel(BBO, symbol)
        if channel in self.rooms:
            best = best_rows(self.engine.markets[symbol])
            is_new, self._best[symbol] = best != self._best.get(symbol), best
            data = {"ts": self.frontend.clock.now(), "bid": best[0], "ask": best[1]}
            self.rooms.greet(newcomer, channel, {"m": BBO, "symbol": symbol, "data": data}, is_new=is_new)

    # trades and prices

    def _tell_bars(self, symbol: str, trades: list[Trade]) -> None:
        market = self.engine.markets[symbol]
        for interval in INTERVALS:
            channel = Channel(BAR, symbol, interval)
            if channel in self.rooms:
                *before, latest = bars(market, interval, None, trades[-1].timestamp, 2)
                if trades[0].timestamp >= latest.timestamp:
                    before = []
                for bar in (*before, latest):
                    self.rooms.tell(channel, bar_row(symbol, interval, bar))

    def _tell_prices(self, newcomer: Wire | None = None) -> None:
        contracts = [price_row(market, 0) for market in self.engine.markets.values()]
        references = [
            {"a": asset, "p": decimal_text(self.engine.reference_price(FUTURES, asset))}
            for asset, *_ in COLLATERALS
        ]
        is_new, self._prices = contracts + references != self._prices, contracts + references
        now = self.frontend.clock.now()
        frame = {"m": PRICES, "con": [{**row, "t": now} for row in contracts], "col": references}
        self.rooms.greet(newcomer, Channel(PRICES), frame, is_new=is_new)
