"""What is kept so that it need not be made again is what would be made."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ccxt_ext.sandbox.frontend import BookRows, exact_json
from ccxt_ext.sandbox.frontend.engine import Order
from tests.sandbox.engine.small_venue import MINUTE, engine, spec

M = "AAA_BBB"


def test_rows_of_a_book_are_made_anew_when_the_market_has_changed() -> None:
    made = engine(spec(), horizons=[(MINUTE, 10)])
    market = made.markets[M]
    rows: BookRows[Any] = BookRows()
    calls: list[int] = []

    def of(depth: int) -> Any:
        def make() -> Any:
            calls.append(depth)
            return market.book(depth)

        found = rows.of(market, depth, make)
        assert found == market.book(depth)
        return found

    assert of(5) is of(5)
    of(9)
    assert calls == [5, 9]
    order = made.place("ann", M, "buy", Decimal(99), Decimal(1))
    of(5)
    made.cancel("ann", order.id)
    of(5)
    made.place("ann", M, "buy", Decimal(101), Decimal(1))
    of(5)
    assert calls == [5, 9, 5, 5, 5]
    made.change_market(M, market.spec.changed(maker_fee=Decimal("0.0001")))
    of(5)
    assert len(calls) == 6


def test_levels_are_shown_as_they_are_after_each_change() -> None:
    made = engine(spec())
    market = made.markets[M]
    first = made.place("ann", M, "buy", Decimal(99), Decimal(1))
    one = market.book()[0][0]
    assert (one.amount, one.count) == (1, 1)
    assert market.book()[0][0] is one
    made.place("ann", M, "buy", Decimal(99), Decimal(2))
    two = market.book()[0][0]
    assert (two.price, two.amount, two.count) == (99, 3, 2)
    made.place("bob", M, "sell", Decimal(99), Decimal("0.5"))
    assert market.book()[0][0].amount == Decimal("2.5")
    made.cancel("ann", first.id)
    assert market.book()[0][0][1:] == (2, 1)
    assert (one.amount, one.count) == (1, 1)


def test_a_copy_of_an_order_stays_as_it_was() -> None:
    one = Decimal(1)
    order = Order(1, "ann", "c", M, "buy", "limit", one, one, one, 1, 2, 3, fees={"AAA": one}, reason="ioc")
    copy = order.copy()
    assert copy == order and copy is not order
    order.fees["BBB"] = one
    order.filled = one
    assert copy.fees == {"AAA": one} and copy.filled == 0


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.decimals(allow_nan=False, allow_infinity=False, places=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_json_with_exact_numbers_reads_as_what_was_written(value: Any) -> None:
    def read(text: str) -> Any:
        return json.loads(text, parse_float=Decimal, parse_int=Decimal)

    def exact(each: Any) -> Any:
        if isinstance(each, dict):
            return {name: exact(item) for name, item in each.items()}
        if isinstance(each, list):
            return [exact(item) for item in each]
        if isinstance(each, bool) or each is None or isinstance(each, str):
            return each
        return Decimal(repr(each)) if isinstance(each, float) else Decimal(each)

    assert read(exact_json(value)) == exact(value)
    assert read(exact_json((value,))) == [exact(value)]
