"""What is known of an account's orders, so that each change and each fill is told once. No I/O.

Reports of one order come by several ways: as they happen, and in lists that are asked for after something may
have been missed. A report has sums over all fills of the order, which tell what of them is new.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

ZERO = Decimal(0)
REMEMBERED = 20_000  # orders that have ended


@dataclass(frozen=True)
class Report:
    """An order at one moment, from a frame or a row of a list."""

    id: str
    open: bool
    touched: int
    state: Any  # what there is to tell of it, fills apart
    filled: Decimal = ZERO
    cost: Decimal | None = None  # of all fills
    fee: Decimal | None = None
    last_amount: Decimal = ZERO  # of the last fill
    last_price: Decimal = ZERO
    last_fee: Decimal | None = None
    created: int = 0


@dataclass(frozen=True)
class Fill:
    amount: Decimal
    cost: Decimal
    fee: Decimal | None
    filled: Decimal  # of the order, with this
    last: bool  # the report's last fill; otherwise it may be several in one


@dataclass
class Known:
    """What was told of an order."""

    open: bool = True
    touched: int = 0
    state: Any = None
    filled: Decimal = ZERO
    cost: Decimal = ZERO
    fee: Decimal = ZERO
    old: Any = None  # the row of an order that had ended before anybody watched


class OrderDesk:
    def __init__(self, since: int = 0) -> None:
        self.since = since  # when the watching began, as this machine's clock has it
        self.known: dict[str, Known] = {}
        self.ours: dict[str, None] = {}  # placed by this instance since
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

    def take(self, report: Report, live: bool) -> tuple[bool, list[Fill]]:
        """Whether the order has changed, and its new fills. `live`: told by the stream as it happened."""
        known = self.known.get(report.id)
        if known is None or (live and known.old is not None):
            known = self.known[report.id] = self.beginning_of(report, live)
        elif known.old is not None:
            return False, []
        elif report.filled < known.filled or (report.open and not known.open):
            return False, []  # of a moment before
        fills = self.fills_since(known, report)
        news = known.state != report.state and (report.touched >= known.touched or not report.open)
        if news or fills:
            known.open, known.touched, known.state, known.old = (
                report.open,
                report.touched,
                report.state,
                None,
            )
        if not known.open:
            self.ours.pop(report.id, None)
            self.trim()
        return news or bool(fills), fills

    def beginning_of(self, report: Report, live: bool) -> Known:
        """What was told before it was first heard of. Fills before anybody watched are no news."""
        if self.begun or report.id in self.ours or report.created >= self.since:
            return Known()
        live = live or report.touched >= self.since
        last = report.last_amount if live else ZERO
        cost = (report.cost or ZERO) - last * report.last_price
        fee = (report.fee or ZERO) - ((report.last_fee or ZERO) if live else ZERO)
        return Known(filled=report.filled - last, cost=cost, fee=fee)

    @staticmethod
    def fills_since(known: Known, report: Report) -> list[Fill]:
        missing = report.filled - known.filled
        if missing <= 0:
            return []
        last = report.last_amount if 0 < report.last_amount <= missing else ZERO
        last_cost, last_fee = last * report.last_price, report.last_fee if last else None
        found = []
        rest = missing - last
        if rest:
            all_cost = report.filled * report.last_price if report.cost is None else report.cost
            fee = None if report.fee is None else report.fee - known.fee - (last_fee or ZERO)
            found.append(Fill(rest, all_cost - known.cost - last_cost, fee, report.filled - last, False))
        if last:
            found.append(Fill(last, last_cost, last_fee, report.filled, True))
        known.filled = report.filled
        known.cost += sum((fill.cost for fill in found), ZERO)
        known.fee += sum((fill.fee or ZERO for fill in found), ZERO)
        return found

    def trim(self) -> None:
        if len(self.known) > 2 * REMEMBERED:
            ended = [id for id, known in self.known.items() if not known.open]
            for id in ended[: len(ended) - REMEMBERED]:
                del self.known[id]
