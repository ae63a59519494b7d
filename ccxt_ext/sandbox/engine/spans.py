"""Sets of whole numbers that consist of spans."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise

MOST_SPANS = 1000
CLOSE = 1000
"""Spans that are no further apart than this are joined."""


class Spans:
    """Spans of numbers. If there would be too many, the closest are joined, with all that lies between."""

    def __init__(self, most: int = MOST_SPANS) -> None:
        self._most = most
        self._spans: list[tuple[int, int]] = []
        """In their order, and apart from each other."""

    def add(self, first: int, last: int) -> None:
        """Add the numbers from `first` to `last`."""
        spans = self._spans
        begin = bisect_left(spans, first - CLOSE, key=_last)
        end = begin
        while end < len(spans) and spans[end][0] <= last + CLOSE:
            first, last = min(first, spans[end][0]), max(last, spans[end][1])
            end += 1
        spans[begin:end] = [(first, last)]
        if len(spans) > self._most:
            self._join(len(spans) - self._most + self._most // 10)  # several, as looking for them takes time

    def _join(self, count: int) -> None:
        """Join so many spans with those after them, which are closer than others are to theirs."""
        spans = self._spans
        gaps = [later[0] - earlier[1] for earlier, later in pairwise(spans)]
        joined = set(sorted(range(len(gaps)), key=gaps.__getitem__)[:count])
        kept = spans[:1]
        for at, span in enumerate(spans[1:]):
            if at in joined:
                kept[-1] = (kept[-1][0], span[1])
            else:
                kept.append(span)
        self._spans = kept

    def meets(self, first: int, last: int) -> bool:
        """Whether any of the numbers from `first` to `last` is in it."""
        at = bisect_left(self._spans, first, key=_last)
        return at < len(self._spans) and self._spans[at][0] <= last


def _last(span: tuple[int, int]) -> int:
    return span[1]
