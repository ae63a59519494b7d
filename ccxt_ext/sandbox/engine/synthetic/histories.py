"""Keeps the histories of markets, to copy them for equal markets.

A history depends only on the seed, the market and the horizons, and its times are counted from its end.
Making one takes ten times as long as copying one that this process has made before: before a reset, or for an
earlier sandbox.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ..ledger import Bucket
from ..model import Order, Trade


@dataclass(frozen=True, slots=True)
class History:
    """The state of a market whose history was just made."""

    end_ms: int
    trades: Sequence[Trade]
    orders: Sequence[Order]
    """The orders in the book, in the order in which they would trade."""
    money: Sequence[dict[str, Decimal]]
    """The money in the buckets of its traders and of its fees."""
    positions: dict[str, Decimal]
    """The net positions of its traders."""
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


class Histories:
    """Keeps the latest histories, at most `most` of them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, History] = OrderedDict()

    def get(self, key: Hashable) -> History | None:
        return self._kept.get(key)

    def keep(self, key: Hashable, history: History) -> None:
        self._kept[key] = history
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)


HISTORIES = Histories(80)
"""Enough for all markets of all venues, for two seeds."""
