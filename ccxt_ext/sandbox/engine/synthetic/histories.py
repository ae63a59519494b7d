"""Keeps the histories of markets, to copy them for equal markets.

A history depends only on the seed, the market and the horizons, and its times are counted from its end.
Making one takes ten times as long as copying one that this process has made before: before a reset, or for an
earlier sandbox.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from decimal import Decimal
from typing import NamedTuple

from ..ledger import Bucket
from ..model import Order, Side
from ..trading.columns import Table


class Resting(NamedTuple):
    """An order in the book of which nothing was traded yet."""

    id: int
    account: str
    side: Side
    ticks: int
    price: Decimal
    amount: Decimal
    created: int
    seq: int

    @classmethod
    def of(cls, order: Order) -> Resting:
        return cls(
            order.id,
            order.account,
            order.side,
            order.ticks,
            order.limit,
            order.remaining,
            order.created,
            order.seq,
        )

    def order(self, market: str, shift_ms: int) -> Order:
        created = self.created + shift_ms
        return Order(
            self.id,
            self.account,
            None,
            market,
            self.side,
            "limit",
            self.price,
            self.amount,
            self.amount,
            created,
            created,
            self.ticks,
            seq=self.seq,
        )


class History(NamedTuple):
    """The state of a market whose history was just made."""

    end_ms: int
    trades: Table
    orders: Sequence[Resting]
    """The orders in the book, in the order in which they would trade."""
    money: Sequence[dict[str, Decimal]]
    """The money in the buckets of its traders and of its fees."""
    positions: dict[str, Decimal]
    """The net positions of its traders."""
    seq: int
    next_trade_id: int
    next_order_id: int


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
