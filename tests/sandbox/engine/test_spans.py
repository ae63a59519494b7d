from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ccxt_ext.sandbox.engine.spans import CLOSE, Spans

NUMBERS = st.integers(-50_000, 50_000)
SPANS = st.lists(st.tuples(NUMBERS, st.integers(0, 5_000)), max_size=40)


@given(SPANS, NUMBERS, st.integers(0, 3_000))
def test_it_has_what_was_added_and_little_else(added: list[tuple[int, int]], first: int, width: int) -> None:
    spans = Spans()
    for start, length in added:
        spans.add(start, start + length)
    near = [start - first <= width and first - start <= length for start, length in added]
    meets = spans.meets(first, first + width)
    assert meets or not any(near)
    beside = CLOSE * len(added)
    close = [start - first <= width + beside and first - start <= length + beside for start, length in added]
    assert any(close) or not meets


@given(SPANS, st.integers(1, 5))
def test_it_is_bounded_and_never_forgets(added: list[tuple[int, int]], most: int) -> None:
    spans = Spans(most)
    for start, length in added:
        spans.add(start, start + length)
        assert len(vars(spans)["_spans"]) <= most
    assert all(
        spans.meets(start, start) and spans.meets(start + length, start + length) for start, length in added
    )


def test_what_lies_between_the_closest_is_given_up_first() -> None:
    spans = Spans(2)
    for number in (0, 100_000, 40_000):
        spans.add(number, number)
    assert spans.meets(20_000, 20_000)
    assert not spans.meets(70_000, 70_000)


def test_an_empty_one_has_nothing() -> None:
    assert not Spans().meets(-(10**15), 10**15)
