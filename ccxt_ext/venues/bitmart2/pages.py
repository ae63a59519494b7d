"""Turning the pages of a list that changes meanwhile, and missing nothing. No I/O.

A list has the newest first. What arrives pushes rows back: they are seen twice, which does no harm. What
leaves moves rows forward, past the place where reading goes on. How many is told by the total that comes with
each page. Pages begin at a multiple of their size, so another size lets one begin elsewhere.
"""

MOST_GAPS = 30  # after each, more is read again, so that a list hardly has that many


class Pages:
    def __init__(self, size: int) -> None:
        self.size = size
        self.offset, self.limit = 0, size  # of the page to read next
        self.is_whole = True  # all rows up to the end of the page that was read are known
        self.is_last = False  # and there are no more
        self.gaps = 0
        self._total: int | None = None
        self._seen = 0  # rows from the front that are known
        self._overlap = 0  # of which so many are read again, as some will have left by then

    def read(self, count: int, total: int | None) -> None:
        """So many rows came with the page, of so many altogether."""
        left = 0 if total is None or self._total is None else max(0, self._total - total)
        self._total = total
        begin, self._seen = self.offset * self.limit, max(0, self._seen - left)
        self.is_whole = begin <= self._seen
        if self.is_whole:
            self.is_last = count < self.limit
            self._seen = max(self._seen, begin + count)
        else:
            self.gaps += 1
            self._overlap = min(self.size // 2, 2 * max(left, self._overlap))
        if not self._turn(self._seen - self._overlap):
            self._turn(self._seen)

    def _turn(self, begin: int) -> bool:
        """The next page has that row, and of those that have it goes furthest; whether to a new row."""
        begin = max(0, begin)
        self.limit = max(range(1, self.size + 1), key=lambda limit: (begin // limit + 1) * limit)
        self.offset = begin // self.limit
        return (self.offset + 1) * self.limit > self._seen
