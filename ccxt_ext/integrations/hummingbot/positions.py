"""The positions of one connector, as its venue tells of them: by polling, by a stream, or by both."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hummingbot.connector.derivative.position import Position
from hummingbot.core.data_type.common import PositionSide, TradeType

from ccxt_ext.integrations.hummingbot.pairs import number

ZERO = Decimal(0)

SIDES = ("long", "short")

REMEMBERED = 100
"""So many amounts that a pair's position had are remembered."""


@dataclass
class Held:
    """An amount that was held from a time to another, in milliseconds; negative if short."""

    amount: Decimal
    first: float
    last: float


class Positions:
    """One for each pair, as accounts are one-way. What hummingbot is told stands in its PerpetualTrading."""

    def __init__(self, connector: Any, kept: Any) -> None:
        self.connector = connector
        self.kept = kept
        self.margin_modes: dict[str, str] = {}
        """Of positions that are open, by their pairs."""
        self._streamed: dict[str, float] = {}
        """When a stream has told of a pair's position: what was asked for before that is older."""
        self._held: dict[str, deque[Held]] = {}

    async def fetch(self) -> None:
        """Ask for those of all pairs."""
        connector = self.connector
        symbols = [connector.symbol_of(pair) for pair in connector.trading_pairs]
        begun, at = time.monotonic(), connector.venue_ms()
        async with connector.client.open() as api:
            rows = await api.fetch_positions(symbols)
        found = self._by_pair(rows)
        for pair in {*connector.trading_pairs, *found, *self._pairs()}:
            if self._streamed.get(pair, 0.0) <= begun:
                self._take(pair, found.get(pair), at)

    def told(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Take what a stream tells: those that have changed, closed ones among them."""
        now, at = time.monotonic(), self.connector.venue_ms()
        for pair, row in self._by_pair(rows, closed=True).items():
            self._streamed[pair] = now
            self._take(pair, row, at)

    def _pairs(self) -> list[str]:
        return [position.trading_pair for position in self.kept.account_positions.values()]

    def _by_pair(
        self, rows: Iterable[Mapping[str, Any]], closed: bool = False
    ) -> dict[str, Mapping[str, Any]]:
        """The rows of known pairs; of a pair, one that is open before one that is closed."""
        found: dict[str, Mapping[str, Any]] = {}
        for row in rows:
            pair = self.connector.symbols.get(row["symbol"])
            if pair is None:
                continue
            if self.is_open(row) or (closed and not (pair in found and self.is_open(found[pair]))):
                found[pair] = row
        return found

    def is_open(self, row: Mapping[str, Any]) -> bool:
        return bool(self.connector.quirks.contracts(row))

    def _take(self, pair: str, row: Mapping[str, Any] | None, at: float) -> None:
        position = None if row is None or not self.is_open(row) else self._position(pair, row)
        self._remember(pair, ZERO if position is None else position.amount, at)
        side = PositionSide.BOTH if position is None else position.position_side
        key = self.kept.position_key(pair, side)
        if position is None or row is None:
            self.margin_modes.pop(pair, None)
            self.kept.remove_position(key)
            return
        if row.get("marginMode"):
            self.margin_modes[pair] = row["marginMode"]
        self.kept.set_position(key, position)

    def _position(self, pair: str, row: Mapping[str, Any]) -> Position:
        contracts = self.connector.quirks.contracts(row)
        short = contracts < 0 if row.get("side") not in SIDES else row["side"] == "short"
        amount = abs(contracts) * self.connector.desk.size_of(pair)
        return Position(
            trading_pair=pair,
            position_side=PositionSide.SHORT if short else PositionSide.LONG,
            unrealized_pnl=number(row.get("unrealizedPnl")) or ZERO,
            entry_price=number(row.get("entryPrice")) or ZERO,
            amount=-amount if short else amount,
            leverage=number(row.get("leverage")) or Decimal(self.connector.get_leverage(pair)),
        )

    # -- what was held ------------------------------------------------------------------------------

    def _remember(self, pair: str, amount: Decimal, at: float) -> None:
        held = self._held.setdefault(pair, deque(maxlen=REMEMBERED))
        if held and held[-1].amount == amount:
            held[-1].last = max(at, held[-1].last)
        else:
            held.append(Held(amount, at, at))

    def held_at(self, pair: str, time_ms: float) -> Decimal:
        """The position at a time: the last that was seen until then, and what was filled in between."""
        before = [held for held in self._held.get(pair, ()) if held.first <= time_ms]
        if not before:
            now = self.kept.get_position(pair)
            return ZERO if now is None else Decimal(now.amount)
        last = before[-1]
        if last.last >= time_ms:
            return last.amount
        return last.amount + self._filled(pair, last.last, time_ms)

    def _filled(self, pair: str, after: float, until: float) -> Decimal:
        return sum(
            (
                fill.fill_base_amount if order.trade_type is TradeType.BUY else -fill.fill_base_amount
                for order in self.connector.tracker.all_fillable_orders.values()
                if order.trading_pair == pair
                for fill in order.order_fills.values()
                if after < fill.fill_timestamp * 1000 <= until
            ),
            ZERO,
        )
