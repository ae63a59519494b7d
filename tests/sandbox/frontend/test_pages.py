"""What is kept so that it need not be made again is what would be made."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

from hypothesis import given
from hypothesis import strategies as st

from ccxt_ext.sandbox.frontend import BookRows, as_json, exact_json, json_response, parameters
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


PLAIN = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
)


def nested(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        values,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=12,
    )


VALUES = nested(PLAIN | st.text() | st.decimals(allow_nan=False, allow_infinity=False, places=5))


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


@given(nested(PLAIN), nested(PLAIN))
def test_json_that_is_written_already_stays_as_it_is(value: Any, more: Any) -> None:
    kept = as_json(more)
    whole = as_json({"value": value}, more=kept, again=kept)
    assert json.loads(whole) == {"value": value, "more": more, "again": more}
    assert json_response(whole).body == whole.encode("utf-8", "replace")
    assert json.loads(as_json({}, more=kept)) == {"more": more}
    assert exact_json({"list": [whole, whole], "more": kept}) == f'{{"list":[{whole},{whole}],"more":{kept}}}'


@given(st.text(alphabet="ab=&+%0é ", max_size=12))
def test_parameters_are_read_as_ever(text: str) -> None:
    assert parameters(text) == parse_qsl(text, keep_blank_values=True)


def test_not_all_forms_of_a_book_are_kept_for_ever() -> None:
    made = engine(spec(), horizons=[(MINUTE, 10)])
    rows: BookRows[int] = BookRows()
    for form in range(3 * BookRows.MOST_FORMS):
        assert rows.of(made.markets[M], form, lambda: form) == form  # noqa: B023
        assert rows.of(made.markets[M], form, lambda: -1) == form
    calls: list[int] = []
    for form in range(3 * BookRows.MOST_FORMS):
        rows.of(made.markets[M], form, lambda: calls.append(1) or 0)  # type: ignore[func-returns-value]
    assert len(calls) > 2 * BookRows.MOST_FORMS
