"""Lists of an account's past are what a look through all of it would find."""

from __future__ import annotations

import pickle
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccxt_ext.sandbox.engine import Fill, Order
from ccxt_ext.sandbox.engine.model import SIDES
from ccxt_ext.sandbox.engine.records import Fills, Log, Newest, Orders
from ccxt_ext.sandbox.engine.trading.triggers import Triggers
from ccxt_ext.sandbox.frontend import between, by_time_and_id, up_to

MARKETS = ("A", "B")
STATUSES = ("open", "closed", "canceled")


def order(number: int, market: str, **more: Any) -> Order:
    amount, side = Decimal(1), SIDES[number % 3 == 0]
    return Order(
        number, "ann", None, market, side, "limit", amount, amount, amount, number, number, 1, **more
    )


def naive(orders: dict[int, Order], market: str | None, statuses: Any) -> list[Order]:
    return [
        order
        for order in reversed(orders.values())
        if market in (None, order.market) and (statuses is None or order.status in statuses)
    ]


def look(order: Order) -> tuple[Any, ...]:
    return order.id, order.status, order.filled


def looked_at(records: Orders, market: str | None) -> list[Any]:
    """What is only kept once somebody has asked for it."""
    found: list[Any] = [records.rows_of(records.newest(market, None), "looks", look)]
    for side in SIDES:
        for statuses in (None, ("open",), ("canceled",), ("closed", "canceled"), ("untouched",)):
            newest = records.newest(market, statuses, side)
            found.append((list(newest), newest[1:3], len(newest)))
    return [
        *found,
        list(records.newest(market, ("untouched",))),
        list(records.newest(market, ("part_filled",))),
    ]


def looked_for(known: dict[int, Order], market: str | None) -> list[Any]:
    """The same, found by a look through all of it."""
    found: list[Any] = [[look(each) for each in naive(known, market, None)]]
    opened = naive(known, market, ("open",))
    untouched = [each for each in opened if not each.filled]
    for side in SIDES:
        for statuses in (None, ("open",), ("canceled",), ("closed", "canceled"), ("untouched",)):
            among = untouched if statuses == ("untouched",) else naive(known, market, statuses)
            newest = [each for each in among if each.side == side]
            found.append((newest, newest[1:3], len(newest)))
    return [*found, untouched, [each for each in opened if each.filled]]


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.sampled_from(MARKETS)),
        st.tuples(st.sampled_from(["closed", "canceled", "traded", "filled"]), st.integers(0, 30)),
        st.tuples(st.just("look"), st.sampled_from((None, *MARKETS))),
    ),
    max_size=60,
)


@given(ACTIONS, st.slices(12))
def test_orders(actions: list[tuple[str, Any]], part: slice) -> None:
    records = Orders()
    known: dict[int, Order] = {}
    for what, which in actions:
        if what == "add":
            number = len(known) + 1
            known[number] = order(number, which)
            records.add(known[number])
        elif what == "look":
            assert looked_at(records, which) == looked_for(known, which)
        else:
            opened = [each for each in known.values() if each.status == "open"]
            if opened and what == "filled":
                opened[which % len(opened)].filled += 1
                records.change(opened[which % len(opened)])
            elif opened:
                ended = opened[which % len(opened)]
                ended.filled = Decimal(what != "canceled") or ended.filled
                ended.status = "closed" if what == "closed" else "canceled"
                for _ in range(2):  # the second time, nothing is left to be done
                    records.end(ended)
    for each_of_two in (records, pickle.loads(pickle.dumps(records))):
        records, known = each_of_two, each_of_two.all
        for market in (None, *MARKETS, "C"):
            for count in range(4):
                for statuses in [None] if count == 0 else combinations(STATUSES, count):
                    newest, expected = records.newest(market, statuses), naive(known, market, statuses)
                    assert list(newest) == expected == list(reversed(list(reversed(newest))))
                    assert (len(newest), newest[part]) == (len(expected), expected[part])
                    if expected:
                        assert (newest[0], newest[-1]) == (expected[0], expected[-1])
            traded = [each for each in naive(known, market, STATUSES[1:]) if each.filled]
            assert list(records.newest_traded(market)) == traded
            assert looked_at(records, market) == looked_for(known, market)
        for market in MARKETS:
            opened = naive(known, market, ("open",))
            assert list(records.opened(market)) == opened[::-1]
            assert (market in records.open_markets) == bool(opened)


def fill(number: int, order_id: int, market: str, time: int) -> Fill:
    one = Decimal(1)
    side = SIDES[number % 2]
    return Fill(number, order_id, market, side, one, one, one, one, market, True, time, "ann")


def of_side(made: list[Fill], side: str, *markets: str) -> list[Fill]:
    return [each for each in made[::-1] if each.side == side and each.market in markets]


@given(st.lists(st.tuples(st.sampled_from(MARKETS), st.integers(0, 5), st.integers(0, 2)), max_size=30))
def test_fills(made: list[tuple[str, int, int]]) -> None:
    log, all_of_them, time = Fills(), [], 0
    for number, (market, order_id, later) in enumerate(made):
        time += later
        # As in the engine, numbers of another market are larger or smaller at the same time.
        all_of_them.append(fill(number + 1000 * MARKETS.index(market), order_id, market, time))
        log.add(all_of_them[-1])
        if number % 7 == 3:
            assert list(log.newest_of_side(None, "buy")) == of_side(all_of_them, "buy", *MARKETS)
    newest = all_of_them[::-1]
    for side in SIDES:
        assert list(log.newest_of_side(None, side)) == of_side(all_of_them, side, *MARKETS)
        for market in MARKETS:
            assert list(log.newest_of_side(market, side)) == of_side(all_of_them, side, market)
    assert list(log.newest(None)) == newest
    for market in MARKETS:
        assert list(log.newest(market)) == [each for each in newest if each.market == market]
    for order_id in range(6):
        assert list(log.newest_of(order_id)) == [each for each in newest if each.order_id == order_id]
    ordered = sorted(newest, key=lambda each: (each.timestamp, each.id))
    assert list(by_time_and_id(log.newest(None))) == ordered[::-1]
    assert list(by_time_and_id(reversed(log.newest(None)), newest_first=False)) == ordered
    for until in range(time + 2):
        until_then = [each for each in newest if each.timestamp <= until]
        assert list(up_to(log.newest(None), until, lambda each: each.timestamp)) == until_then
        assert list(between(log.newest(None), None, until, lambda each: each.timestamp)) == until_then
        for since in range(time + 2):
            inside = [each for each in until_then if each.timestamp >= since]
            assert list(between(log.newest(None), since, until, lambda each: each.timestamp)) == inside[::-1]
    assert list(between(log.newest(None), None, None, lambda each: each.timestamp)) == newest


def test_the_latest_row_of_a_log_can_be_corrected() -> None:
    log: Log[Fill] = Log()
    for number, market in enumerate("ABA"):
        log.add(fill(number, 1, market, 1))
    log.replace_latest(fill(7, 1, "A", 1))
    assert [each.id for each in log.newest(None)] == [7, 1, 0]
    assert [each.id for each in log.newest("A")] == [7, 0]


def test_there_is_nothing_beyond_the_ends_of_a_list() -> None:
    newest = Newest([1, 2, 3])
    assert (newest[0], newest[2], newest[-1], newest[-3]) == (3, 1, 1, 3)
    for index in (3, -4):
        with pytest.raises(IndexError):
            newest[index]


WAITING = st.lists(
    st.tuples(st.sampled_from(["last", "mark"]), st.booleans(), st.integers(1, 6), st.booleans()), max_size=20
)


@given(WAITING, st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), max_size=5))
def test_the_oldest_order_whose_price_was_reached_is_the_next(
    waiting: list[tuple[Any, bool, int, bool]], prices: list[tuple[int, int]]
) -> None:
    triggers, left = Triggers(), {}
    for number, (source, above, price, stays) in enumerate(waiting):
        made = order(number, "A", trigger_price=Decimal(price), trigger_by=source, trigger_above=above)
        triggers.add(made)
        if stays:
            left[number] = made
        else:
            triggers.remove(made)
    for last, mark in prices:
        now = {"last": Decimal(last), "mark": Decimal(mark)}
        while True:
            due = [
                each
                for each in left.values()
                if each.trigger_price is not None
                and (
                    now[each.trigger_by] >= each.trigger_price
                    if each.trigger_above
                    else now[each.trigger_by] <= each.trigger_price
                )
            ]
            assert triggers.take_due(now.__getitem__) is (due[0] if due else None)
            if not due:
                break
            del left[due[0].id]
        assert triggers.waiting == left
