"""Reading lists that a venue gives in pieces, while they change. No input or output."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")

READINGS = 6

# So many pages without a new row end a list: after one, a page of rows may just have come in.
STALE_PAGES = 3


class KeepsChanging(Exception):
    """A list was another each time."""


class NumberedPages(Generic[Row]):
    """A list that is read page by page, by their numbers from 1 on.

    What comes or goes meanwhile moves rows over the border between two pages: one is met twice, another not
    at all. Such a reading is thrown away and begun anew. To be sure, page 1 is looked at again at the end.
    `key` tells a row from others, whatever else of it changes.
    """

    def __init__(self, key: Callable[[Row], Hashable], readings: int = READINGS) -> None:
        self.key = key
        self.readings = readings
        self.number = 1  # of the page that is wanted next
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
        return list(self.found.values())

    def take(self, rows: Sequence[Row], total: int | None = None, is_last: bool = False) -> None:
        """The page that was wanted; of how many rows in all, if the venue tells, and whether more follow."""
        keys = self._keys(rows)
        if self.first is None:
            self.first, self.total = keys, total
            self._add(keys, rows)
            self._go_on(is_last or not rows)
        elif total != self.total or (self.has_last and keys != self.first):
            self._begin_anew()
        elif self.has_last or (self.number == 2 and keys == self.first):
            self.is_done = True  # all is as it was; or the venue knows of no pages, and gives the same again
        elif any(key in self.found for key in keys):
            self._begin_anew()
        else:
            self._add(keys, rows)
            self._go_on(is_last or not rows)

    def _keys(self, rows: Sequence[Row]) -> list[Hashable]:
        """Rows of a page that are alike are as many."""
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
    """Whether turning pages, newest row first, still leads on.

    What comes in meanwhile moves rows to the next page, where they are met again, maybe all of a page. A
    venue that knows of no pages gives the same one for ever.
    """

    def __init__(self) -> None:
        self._stale = 0

    def leads_on(self, has_new: bool) -> bool:
        self._stale = 0 if has_new else self._stale + 1
        return self._stale < STALE_PAGES


class FirstPlace:
    """Where in a list that grows at its end the rows from a moment on begin, found by looking at single rows.

    When it `is_found`, the first of them is at `low` or within a page after it.
    """

    def __init__(self, page: int) -> None:
        self.page = page
        self.low = 0
        self.high: int | None = None  # at or before which the first of them is

    @property
    def is_found(self) -> bool:
        return self.high is not None and self.high - self.low < self.page

    @property
    def probe(self) -> int:
        """The place to look at next."""
        return max(2 * self.low, self.page) if self.high is None else (self.low + self.high) // 2

    def take(self, is_before: bool) -> None:
        """Whether the row there comes before the moment; behind the end of the list it does not."""
        if is_before:
            self.low = self.probe + 1
        else:
            self.high = self.probe


@dataclass(frozen=True)
class PartOfList(Generic[Row]):
    """What was read of a list, from its newest row on, and whether that is all of it."""

    rows: list[Row]
    is_whole: bool = True


def without_gap(parts: Iterable[PartOfList[Row]], moment: Callable[[Row], int]) -> list[Row]:
    """The rows of several lists together, as far back as each of them was read."""
    parts = list(parts)
    begins = [min(map(moment, part.rows)) for part in parts if part.rows and not part.is_whole]
    begin = max(begins, default=None)
    return [row for part in parts for row in part.rows if begin is None or moment(row) >= begin]
