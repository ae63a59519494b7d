"""The orders of an account that have ended, those that were rejected among them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import islice

from ccxt_ext.sandbox.frontend import up_to
from ccxt_ext.sandbox.frontend.engine import Order


class Ended:
    """Newest first. The engine does not know of those that were rejected; their numbers are negative."""

    def __init__(self, placed: Sequence[Order], rejected: Sequence[Order]) -> None:
        """Those that were placed come newest first, those that were rejected oldest first."""
        self._placed = placed
        self._rejected = rejected

    def __len__(self) -> int:
        return len(self._placed) + len(self._rejected)

    def part(self, start: int, stop: int) -> list[Order]:
        if not self._rejected:
            return list(self._placed[start:stop])
        return list(islice(self._merged(self._placed), start, stop))

    def _merged(self, placed: Iterator[Order] | Sequence[Order]) -> Iterator[Order]:
        both = placed, reversed(self._rejected)
        return merge(*both, key=lambda order: (order.created, abs(order.id)), reverse=True)

    def between(self, start: int, end: int, limit: int) -> list[Order]:
        """The newest of those that were placed between two times, both included."""
        found: list[Order] = []
        for order in self._merged(up_to(self._placed, end, lambda order: order.created)):
            if order.created < start or len(found) == limit:
                break
            if order.created <= end:
                found.append(order)
        return found

    def oldest_between(self, start: int, end: int, number: int, limit: int) -> list[Order]:
        """The oldest of those with this number or a larger one; those that were rejected come first."""
        rejected = [each for each in self._rejected if start <= each.created <= end and each.id >= number]
        found = sorted(rejected, key=lambda order: order.id)[:limit]
        oldest = min(
            bisect_right(self._placed, -start, key=lambda order: -order.created),
            bisect_right(self._placed, -number, key=lambda order: -order.id),
        )
        newest = bisect_left(self._placed, -end, key=lambda order: -order.created)
        first = max(newest, oldest - (limit - len(found)))
        return found + list(self._placed[first:oldest])[::-1]
