"""The pasts of markets, kept for others like them.

A past is made of the seed, the market and the horizons alone, and all its times lie at fixed distances from
its end. To make one takes ten times as long as to begin with a copy of what an earlier engine
of this process made: after a reset, or in the next sandbox.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ..ledger import Bucket
from ..model import Order, Trade


@dataclass(frozen=True, slots=True)
class Past:
    """What a market has when its past is made."""

    end_ms: int
    trades: Sequence[Trade]
    orders: Sequence[Order]
    """Those in the book, as they would be met."""
    money: Sequence[dict[str, Decimal]]
    """What is in the buckets of its traders and of its fees."""
    positions: dict[str, Decimal]
    """The net ones of its traders."""
    seq: int
    next_trade_id: int
    next_order_id: int

    def trades_until(self, end_ms: int) -> Iterator[Trade]:
        shift = end_ms - self.end_ms
        for id, market, price, amount, side, timestamp in self.trades:
            yield Trade(id, market, price, amount, side, timestamp + shift)

    def orders_until(self, end_ms: int) -> Iterator[Order]:
        shift = end_ms - self.end_ms
        for order in self.orders:
            yield replace(
                order,
                created=order.created + shift,
                updated=order.updated + shift,
                fees=dict(order.fees),
            )


def money_in(buckets: Sequence[Bucket]) -> list[dict[str, Decimal]]:
    return [dict(bucket.amounts) for bucket in buckets]


class Pasts:
    """Keeps those that were made last, up to `most`."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Past] = OrderedDict()

    def get(self, key: Hashable) -> Past | None:
        return self._kept.get(key)

    def keep(self, key: Hashable, past: Past) -> None:
        self._kept[key] = past
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)


PASTS = Pasts(80)
"""As many as all venues have markets, for two seeds."""
