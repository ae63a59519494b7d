"""Fills of orders, worked out from reports that tell sums: no fill is told in two ways. No I/O.

A report has the sums over all fills of an order, and its last fill. Each sum at which an order was seen is a
mark; what lies between two marks is one fill, or several that cannot be told apart. Marks are kept, so that
lists and streams tell the same fills, with the same ids.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ccxt_ext.venue.keys.shared import Shared

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Report:
    """An order at one moment, from a frame or a row of a list."""

    id: str
    open: bool
    touched: int
    state: str  # what there is to tell of it, fills apart; one text, as many are kept
    filled: Decimal = ZERO
    cost: Decimal | None = None  # of all fills
    fee: Decimal | None = None
    last_amount: Decimal = ZERO  # of the last fill
    last_price: Decimal = ZERO
    last_fee: Decimal | None = None
    created: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """An order's sums at a moment."""

    filled: Decimal = ZERO
    cost: Decimal = ZERO
    fee: Decimal | None = ZERO
    single: bool = False  # whether one fill led to it from the mark before
    time: int = 0


NOTHING_FILLED = Mark()


@dataclass(frozen=True, slots=True)
class Fill:
    amount: Decimal
    cost: Decimal
    fee: Decimal | None
    filled: Decimal  # of the order, with this
    last: bool  # the report's last fill; otherwise it may be several in one
    time: int = 0


def between(mark: Mark, following: Mark) -> Fill:
    fee = None if None in (mark.fee, following.fee) else (following.fee or ZERO) - (mark.fee or ZERO)
    amount, cost = following.filled - mark.filled, following.cost - mark.cost
    return Fill(amount, cost, fee, following.filled, following.single, following.time)


def marks_of(report: Report, before: Mark) -> list[Mark]:
    """Where an order was seen by a report, beyond the mark before it."""
    missing = report.filled - before.filled
    if missing <= 0:
        return []
    last = report.last_amount if 0 < report.last_amount <= missing else ZERO
    last_cost, last_fee = last * report.last_price, (report.last_fee or ZERO) if last else ZERO
    found = []
    if last < missing:
        cost = report.filled * report.last_price if report.cost is None else report.cost
        fee = None if report.fee is None else report.fee - last_fee
        found.append(Mark(report.filled - last, cost - last_cost, fee, False, report.touched))
        before = found[0]
    if last:
        fee = report.last_fee
        if fee is not None and before.fee is not None:
            fee += before.fee
        found.append(Mark(report.filled, before.cost + last_cost, fee, True, report.touched))
    return found


class FillBook:
    """The marks of a key's orders."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared

    def fills(self, report: Report, told: Mark = NOTHING_FILLED) -> list[Fill]:
        """The fills of an order beyond what was told of it."""
        while True:
            kept = self._shared.kept("fills", report.id)
            marks = [told] if told.filled else []
            if kept is not None:
                marks = list(map(unpacked, kept.value))
            more = marks_of(report, marks[-1] if marks else NOTHING_FILLED)
            marks += more
            known = None if kept is None else kept.value
            if not more or self._shared.keep("fills", report.id, list(map(packed, marks)), instead_of=known):
                break
        beyond = [mark for mark in marks if told.filled < mark.filled <= report.filled]
        return [between(*pair) for pair in zip([told, *beyond], beyond, strict=False)]


def packed(mark: Mark) -> list[Any]:
    fee = None if mark.fee is None else str(mark.fee)
    return [str(mark.filled), str(mark.cost), fee, mark.single, mark.time]


def unpacked(kept: Sequence[Any]) -> Mark:
    filled, cost, fee, single, time = kept
    return Mark(Decimal(filled), Decimal(cost), None if fee is None else Decimal(fee), single, time)
