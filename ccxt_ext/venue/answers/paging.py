"""Reads lists that come in pages and may change meanwhile. The venue's own code sends the requests."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["FirstPlace", "KeepsChanging", "NumberedPages", "PageTurner", "PartOfList", "without_gap"]

Row = TypeVar("Row")

READINGS = 6

# A list ends after so many pages without a new row. One such page proves nothing: new rows may have come in
# at the top, and moved known ones to the next page.
STALE_PAGES = 3


class KeepsChanging(Exception):
    """A list changed during each attempt to read it."""


class NumberedPages(Generic[Row]):
    """Reads a list whose pages have numbers, from 1 on.

    If a row is added or removed meanwhile, others move from one page to another: one is seen twice, or one
    never. Then reading starts again from page 1. To be sure, page 1 is read once more at the end.
    `key` identifies a row, even if other fields of it change.
    """

    def __init__(self, key: Callable[[Row], Hashable], readings: int = READINGS) -> None:
        self.key = key
        self.readings = readings
        #: the page to read next
        self.number = 1
        #: whether all rows have been read
        self.is_done = False
        self._begin()

    def _begin(self) -> None:
        self.number = 1
        self.found: dict[Hashable, Row] = {}
        self.first: list[Hashable] | None = None
        self.total: int | None = None
        self.has_last = False

    @property
    def rows(self) -> list[Row]:
        """The rows that were found, in the order of the pages."""
        return list(self.found.values())

    def take(self, rows: Sequence[Row], total: int | None = None, is_last: bool = False) -> None:
        """Take the rows of the page that was read. The venue may also send how many rows there are in all."""
        keys = self._keys(rows)
        if self.first is None:
            self.first, self.total = keys, total
            self._add(keys, rows)
            self._go_on(is_last or not rows)
        elif total != self.total or (self.has_last and keys != self.first):
            self._begin_anew()
        elif self.has_last or (self.number == 2 and keys == self.first):
            # Page 1 is unchanged; or the venue ignores page numbers, and page 2 is the same as page 1.
            self.is_done = True
        elif any(key in self.found for key in keys):
            self._begin_anew()
        else:
            self._add(keys, rows)
            self._go_on(is_last or not rows)

    def _keys(self, rows: Sequence[Row]) -> list[Hashable]:
        """The keys of a page's rows. Rows with the same key are numbered, so that none is lost."""
        met: Counter[Hashable] = Counter()
        keys: list[Hashable] = []
        for row in rows:
            key = self.key(row)
            keys.append((key, met[key]))
            met[key] += 1
        return keys

    def _add(self, keys: Sequence[Hashable], rows: Sequence[Row]) -> None:
        self.found.update(zip(keys, rows, strict=True))

    def _go_on(self, was_last: bool) -> None:
        was_last = was_last or (self.total is not None and len(self.found) >= self.total)
        if not was_last:
            self.number += 1
        elif self.number == 1:
            self.is_done = True
        else:
            self.number, self.has_last = 1, True

    def _begin_anew(self) -> None:
        self.readings -= 1
        if not self.readings:
            raise KeepsChanging
        self._begin()


class PageTurner:
    """Decides whether to read the next page of a list that begins with its newest row.

    Rows that come in meanwhile move others to the next page, so that a page may have no new row. A venue that
    ignores page numbers gives the same page for ever.
    """

    def __init__(self) -> None:
        self._stale = 0

    def leads_on(self, has_new: bool) -> bool:
        """Whether to read the page after one that has, or has not, rows that are new."""
        self._stale = 0 if has_new else self._stale + 1
        return self._stale < STALE_PAGES


class FirstPlace:
    """Finds the first row of a time range, by bisection, in a list that grows at its end.

    Ask for the row at `probe` and `take()` whether it is older, until the place `is_found`. Then the first
    row is at `low`, or less than a page after it.
    """

    def __init__(self, page: int) -> None:
        self.page = page
        #: the first row is at this place or after it
        self.low = 0
        #: the first row is at this place or before it; None if that is not known yet
        self.high: int | None = None

    @property
    def is_found(self) -> bool:
        """Whether the place is known well enough to read from `low` on."""
        return self.high is not None and self.high - self.low < self.page

    @property
    def probe(self) -> int:
        """The place to look at next."""
        return max(2 * self.low, self.page) if self.high is None else (self.low + self.high) // 2

    def take(self, is_before: bool) -> None:
        """Take whether the row at `probe` is older than the range. Behind the end of the list it is not."""
        if is_before:
            self.low = self.probe + 1
        else:
            self.high = self.probe


@dataclass(frozen=True)
class PartOfList(Generic[Row]):
    """The newest rows of a list, and whether they are all of it."""

    rows: list[Row]
    is_whole: bool = True


def without_gap(parts: Iterable[PartOfList[Row]], moment: Callable[[Row], int]) -> list[Row]:
    """The rows of several lists together, from the time on since when all of them are complete."""
    parts = list(parts)
    begins = [min(map(moment, part.rows)) for part in parts if part.rows and not part.is_whole]
    begin = max(begins, default=None)
    return [row for part in parts for row in part.rows if begin is None or moment(row) >= begin]
