"""Chapter 13, of books and trades that cannot be: they are not believed, in long lists and short ones."""

from __future__ import annotations

import copy
import functools
import random
from collections.abc import Iterable, Iterator
from operator import getitem
from typing import Any

import ccxt

from ccxt_ext.testing.conformance.cases import case
from ccxt_ext.testing.conformance.meeting import Meeting
from ccxt_ext.testing.conformance.tested import Tested
from ccxt_ext.testing.conformance.told import more_told_of
from ccxt_ext.testing.longer import WORDS, Longer, tables
from ccxt_ext.testing.wire import Answer

WRONG = (-1, "-1", 0, "0", None)
FEW = 3
MANY = 10
# By which the numbers of one list are others in the next.
STEP = 7777
FACTORS = (-1, 0, 1000, 0.001)


@case(
    "13.10",
    "Public trades that cannot be are not believed",
    needs=("fetchTrades",),
    kinds=(),
    answers=True,
    level="proven",
)
def public_trades(tested: Tested) -> None:
    """A price or an amount that is zero, below zero or missing is refused with BadResponse, in a list of many
    as in one of few, or leaves a trade that can be."""
    trades(tested, "fetchTrades")


@case(
    "13.11",
    "Nor are own trades",
    needs=("fetchMyTrades",),
    kinds=(),
    answers=True,
    level="proven",
)
def own_trades(tested: Tested) -> None:
    """The same."""
    trades(tested, "fetchMyTrades")


@case(
    "13.12",
    "Nor are the trades of an order",
    needs=("fetchOrderTrades",),
    kinds=(),
    answers=True,
    level="proven",
)
def order_trades(tested: Tested) -> None:
    """The same."""
    trades(tested, "fetchOrderTrades")


@case(
    "13.13",
    "Books that cannot be are not believed",
    needs=("fetchOrderBook",),
    kinds=(),
    answers=True,
    level="proven",
)
def order_books(tested: Tested) -> None:
    """One that crosses, or whose price or amount is zero or below zero, is refused with BadResponse."""
    books(tested, "fetchOrderBook")


@case(
    "13.14",
    "Nor are books of single orders",
    needs=("fetchL3OrderBook",),
    kinds=(),
    answers=True,
    level="proven",
)
def books_of_orders(tested: Tested) -> None:
    """The same."""
    books(tested, "fetchL3OrderBook")


def answered(tested: Tested, method: str) -> Iterator[tuple[Meeting, Any]]:
    """The answers to a method."""
    for told in more_told_of(tested):
        if told.method == method:
            for answer in told.answers:
                yield Meeting(tested, told), answer


def is_number(value: Any) -> bool:
    try:
        return not isinstance(value, bool) and value is not None and float(value) > 0
    except (TypeError, ValueError):
        return False


def is_refusal(result: Any) -> bool:
    return isinstance(result, ccxt.BadResponse)


def cells_of(row: Any) -> list[tuple[Any, Any]]:
    return list(row.items() if isinstance(row, dict) else enumerate(row))


def trades(tested: Tested, method: str) -> None:
    found = 0
    for meeting, answer in answered(tested, method):
        right = meeting.outcome(Answer(answer))
        if isinstance(right, ccxt.BaseError) or not right:
            continue  # an order without trades, or the answer to something else
        found += 1
        few = copy.deepcopy(answer)
        for _, rows in tables(few):
            del rows[FEW:]
        few = believed(meeting, (few, answer))
        assert few is not None, f"{method}: a list of few is refused, where one of more is not"
        wrong_trades(meeting, few, range(FEW))
        longer = Longer(random.Random(1), WORDS, calm=True).longer(answer)
        # Where rows belong together, as a trade and its fee do, all of them are repeated.
        many = believed(meeting, (longer, repeated(answer)))
        assert many is not None, f"{method}: a list of many is refused, where one of few is not"
        told = meeting.outcome(Answer(many))
        # Unless the rows tell one after the other of the same trade.
        if not isinstance(told, ccxt.BaseError) and len(told) > Longer.ODD_ONE_OUT:
            wrong_trades(meeting, many, in_the_middle(many, longer))
    # Without a profile, a venue that asks for more than one thing may have none.
    assert found or not tested.profile.samples, f"{method}: no documented answer has trades"


def believed(meeting: Meeting, payloads: Iterable[Any]) -> Any:
    """The first of some answers that is not refused, maybe as the last page of its list."""
    for payload in payloads:
        for page in (payload, *last_pages(payload)):
            if not is_refusal(meeting.outcome(Answer(page))):
                return page
    return None


def last_pages(payload: Any) -> Iterator[Any]:
    """A page that speaks of a next one, without that: one after the other, each field beside the list is left
    out."""
    for path, _ in tables(payload):
        for depth in range(len(path)):
            beside = functools.reduce(getitem, path[:depth], payload)
            for name in beside:
                if name != path[depth]:
                    page = copy.deepcopy(payload)
                    del functools.reduce(getitem, path[:depth], page)[name]
                    yield page


def repeated(payload: Any) -> Any:
    """A list that goes on with the same rows, whose whole numbers are others, the same for the same."""
    longer = copy.deepcopy(payload)
    for _, rows in tables(longer):
        once = list(rows)
        for time in range(1, MANY // len(once) + 2):
            rows += [shifted(row, time) for row in once]
    return longer


def shifted(value: Any, time: int) -> Any:
    if isinstance(value, dict):
        return {key: shifted(item, time) for key, item in value.items()}
    if isinstance(value, list):
        return [shifted(item, time) for item in value]
    if isinstance(value, str) and value.isdigit() and len(value) > 1:
        return str(int(value) + STEP * time)
    if isinstance(value, int) and not isinstance(value, bool) and value > 9:
        return value + STEP * time
    return value


def in_the_middle(many: Any, longer: Any) -> Iterable[int]:
    """Where rows are that are neither the first nor the last."""
    return (Longer.ODD_ONE_OUT,) if many is longer else range(Longer.ODD_ONE_OUT, Longer.ODD_ONE_OUT + FEW)


def wrong_trades(meeting: Meeting, payload: Any, places: Iterable[int]) -> None:
    method = meeting.told.method
    refused = set()
    for path, rows in tables(payload):
        for at in places:
            for key, value in cells_of(rows[at]) if at < len(rows) else ():
                for wrong in WRONG if is_number(value) else ():
                    changed = copy.deepcopy(payload)
                    functools.reduce(getitem, path, changed)[at][key] = wrong
                    result = meeting.outcome(Answer(changed))
                    if is_refusal(result):
                        refused.add(wrong)
                    elif not isinstance(result, ccxt.BaseError):
                        taken = [each for each in result if not (each["price"] > 0 and each["amount"] > 0)]
                        assert not taken, f"{method}: {key}={wrong!r} is believed: {taken[0]}"
    for wrong in (-1, "-1"):
        assert wrong in refused, f"{method}: {wrong!r} is refused in no field of a trade"


def books(tested: Tested, method: str) -> None:
    found = 0
    for meeting, answer in answered(tested, method):
        right = meeting.outcome(Answer(answer))
        if isinstance(right, ccxt.BaseError) or not (right["bids"] and right["asks"]):
            continue  # the answer to something else
        found += 1
        refused = set()
        for side, rows in enumerate(sides(answer)):
            for at, row in enumerate(rows[:3]):
                for key, value in cells_of(row):
                    for factor in FACTORS if is_number(value) else ():
                        changed = copy.deepcopy(answer)
                        sides(changed)[side][at][key] = type(value)(float(value) * factor)
                        result = meeting.outcome(Answer(changed))
                        if is_refusal(result):
                            refused.add(factor)
                        elif not isinstance(result, ccxt.BaseError):
                            check_book(result, f"{method}: {key}={value!r} times {factor} is believed")
        for factor in FACTORS:
            assert factor in refused, f"{method}: a book with a number times {factor} is never refused"
    assert found or not tested.profile.samples, f"{method}: no documented answer has a book"


def sides(book: Any) -> list[list[Any]]:
    """Each side's rows in a venue's answer."""
    return [rows for _, rows in tables(book)]


def check_book(book: Any, where: str) -> None:
    levels = [level for side in ("bids", "asks") for level in book[side]]
    assert all(level[0] > 0 and level[1] > 0 for level in levels), where
    crossed = book["bids"] and book["asks"] and book["bids"][0][0] >= book["asks"][0][0]
    assert not crossed, f"{where}: {book['bids'][0]} meets {book['asks'][0]}"
