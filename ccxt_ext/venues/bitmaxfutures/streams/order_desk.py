"""What is known of an account's orders, so that each change and each fill is told once. No I/O.

Reports of one order come by several ways: as they happen, and in lists that are asked for after something may
have been missed.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from ccxt_ext.venue.keys.shared import Memory
from ccxt_ext.venues.bitmaxfutures.fills import NOTHING_FILLED, ZERO, Fill, FillBook, Mark, Report

REMEMBERED = 20_000  # orders that have ended


@dataclass(slots=True)
class Known:
    """What was told of an order."""

    open: bool = True
    touched: int = 0
    state: str | None = None
    told: Mark = NOTHING_FILLED
    old: Any = None  # the row of an order that had ended before anybody watched


@dataclass(frozen=True, slots=True)
class News:
    """What a report tells."""

    id: str
    known: Known  # once that is told
    changed: bool = False
    fills: list[Fill] = field(default_factory=list)


class OrderDesk:
    def __init__(self, since: int = 0) -> None:
        self.since = since  # when the watching began, as this machine's clock has it
        self.known: dict[str, Known] = {}
        self.ours: dict[str, None] = {}  # placed by this instance since
        self.own_book = FillBook(Memory())
        self.begun = False  # the orders that were there at first have been seen

    def open_ids(self) -> list[str]:
        return [id for id, known in self.known.items() if known.open]

    def place(self, id: str) -> Any:
        """This instance has placed it. If it was taken for an old one, its row, to be told after all."""
        known = self.known.get(id)
        if known is not None and known.old is not None:
            self.ours[id] = None
            return self.known.pop(id).old
        if known is None or known.open:
            self.ours[id] = None
        return None

    def unsettled(self) -> list[str]:
        """Orders whose end has not been told."""
        placed = [id for id in self.ours if id not in self.known]
        return [*self.open_ids(), *placed]

    def remember_old(self, id: str, row: Any, touched: int) -> bool:
        """Whether it had ended when the watching began, and is no news."""
        if id in self.ours or touched >= self.since:
            return False
        self.known.setdefault(id, Known(open=False, old=row))
        return True

    def drop(self, id: str) -> None:
        self.known.pop(id, None)
        self.ours.pop(id, None)

    def take(self, report: Report, live: bool, book: FillBook | None = None) -> tuple[bool, list[Fill]]:
        """Whether the order has changed, and its new fills. `live`: told by the stream as it happened."""
        news = self.weigh(report, live, self.own_book if book is None else book)
        self.settle(news)
        return news.changed, news.fills

    def weigh(self, report: Report, live: bool, book: FillBook) -> News:
        """What a report tells, as long as that is not told."""
        known = self.known.get(report.id)
        if known is None or (live and known.old is not None):
            known = self.beginning_of(report, live)
        elif known.old is not None:
            return News(report.id, known)
        elif report.filled < known.told.filled or (report.open and not known.open):
            return News(report.id, known)  # of a moment before
        fills = book.fills(report, known.told)
        news = known.state != report.state and (report.touched >= known.touched or not report.open)
        if fills:
            known = replace(known, told=self.told_with(known.told, fills))
        if news or fills:
            known = replace(known, open=report.open, touched=report.touched, state=report.state, old=None)
        return News(report.id, known, news or bool(fills), fills)

    def settle(self, news: News) -> None:
        """It is told."""
        self.known[news.id] = news.known
        if not news.known.open:
            self.ours.pop(news.id, None)
            self.trim()

    @staticmethod
    def told_with(told: Mark, fills: list[Fill]) -> Mark:
        cost = told.cost + sum((fill.cost for fill in fills), ZERO)
        fees = [told.fee, *(fill.fee for fill in fills)]
        fee = None if None in fees else sum((fee or ZERO for fee in fees), ZERO)
        return Mark(fills[-1].filled, cost, fee, fills[-1].last, fills[-1].time)

    def beginning_of(self, report: Report, live: bool) -> Known:
        """What was told before it was first heard of. Fills before anybody watched are no news."""
        if self.begun or report.id in self.ours or report.created >= self.since:
            return Known()
        live = live or report.touched >= self.since
        last = report.last_amount if live else ZERO
        cost = (report.cost or ZERO) - last * report.last_price
        fee = (report.fee or ZERO) - ((report.last_fee or ZERO) if live else ZERO)
        return Known(told=Mark(report.filled - last, cost, fee, time=report.touched))

    def trim(self) -> None:
        if len(self.known) > 2 * REMEMBERED:
            ended = [id for id, known in self.known.items() if not known.open]
            for id in ended[: len(ended) - REMEMBERED]:
                del self.known[id]
