"""The orders of an account that have ended, those that were rejected among them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import islice, takewhile

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
        return list(islice(_merged(self._placed, reversed(self._rejected)), start, stop))

    def between(self, start: int, end: int, limit: int) -> list[Order]:
        """The newest of those that were placed between two times, both included."""
        after = bisect_right(self._rejected, end, key=lambda order: order.created)
        rejected = (self._rejected[index] for index in range(after - 1, -1, -1))
        newest = _merged(up_to(self._placed, end, lambda order: order.created), rejected)
        return list(islice(takewhile(lambda order: order.created >= start, newest), limit))

    def oldest_between(self, start: int, end: int, number: int, limit: int) -> list[Order]:
        """The oldest of those with this number or a larger one; those that were rejected come first."""
        begin = bisect_left(self._rejected, start, key=lambda order: order.created)
        after = min(
            bisect_right(self._rejected, end, key=lambda order: order.created),
            bisect_right(self._rejected, -number, key=lambda order: -order.id),
        )
        found = list(self._rejected[max(begin, after - limit) : after])[::-1]
        oldest = min(
            bisect_right(self._placed, -start, key=lambda order: -order.created),
            bisect_right(self._placed, -number, key=lambda order: -order.id),
        )
        newest = bisect_left(self._placed, -end, key=lambda order: -order.created)
        first = max(newest, oldest - (limit - len(found)))
        return found + list(self._placed[first:oldest])[::-1]


def _merged(*newest_first: Iterable[Order]) -> Iterator[Order]:
    return merge(*newest_first, key=lambda order: (order.created, abs(order.id)), reverse=True)
