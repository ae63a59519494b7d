"""Books that are built from a snapshot and numbered changes are never wrong, whatever comes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccxt_ext.venue.streams.books import NumberedBook, OutOfStep, set_levels

BIDS, ASKS = [("99", "1"), ("98", "2")], [("101", "1"), ("102", "2")]


def begun():
    numbered = NumberedBook("A/B")
    return numbered, numbered.snapshot(7, BIDS, ASKS, 1000)


def levels(book):
    return [tuple(level) for level in book["bids"]], [tuple(level) for level in book["asks"]]


START = [(99.0, 1.0), (98.0, 2.0)], [(101.0, 1.0), (102.0, 2.0)]


def test_changes_are_applied_in_turn():
    numbered, book = begun()
    assert numbered.change(8, [("99", "0"), ("97", "5")], [("100", "3")], 2000) is book
    assert levels(book) == ([(98.0, 2.0), (97.0, 5.0)], [(100.0, 3.0), (101.0, 1.0), (102.0, 2.0)])
    assert (book["nonce"], book["timestamp"]) == (8, 2000)


def test_what_came_before_the_snapshot_waits_for_it():
    numbered = NumberedBook("A/B")
    for number, amount in ((6, "9"), (7, "8"), (8, "7"), (9, "6")):
        assert numbered.change(number, [("99", amount)], [], number) is None
    book = numbered.snapshot(7, BIDS, ASKS, 1000)
    assert (levels(book)[0][0], book["nonce"]) == ((99.0, 6.0), 9)


@pytest.mark.parametrize(
    ("number", "bids", "asks"),
    [
        (9, [("99", "5")], []),  # one is missing
        (8, [("99", "5"), ("101", "1")], []),  # crossed
        (8, [("97", "1")], [("98.5", "2")]),
    ],
)
def test_what_does_not_fit_leaves_the_book_as_it_was(number, bids, asks):
    numbered, book = begun()
    with pytest.raises(OutOfStep):
        numbered.change(number, bids, asks, 2000)
    assert levels(book) == START
    assert (book["nonce"], book["timestamp"]) == (7, 1000)


@pytest.mark.parametrize(
    "row",
    [
        ("99", "x"),
        ("99", None),
        ("99",),
        ("99", "nan"),
        ("inf", "1"),
        ("99", "-1"),
        ("0", "1"),
        ("nan", "1"),
        9,
    ],
)
def test_a_change_that_is_none_leaves_the_book_as_it_was(row):
    numbered, book = begun()
    with pytest.raises((TypeError, ValueError)):
        numbered.change(8, [("99", "5"), ("97", "1")], [("101", "0"), row], 2000)
    assert levels(book) == START
    assert numbered.change(8, [("99", "4")], [], 2000) is book


PRICES = st.integers(1, 12)
ROWS = st.lists(st.tuples(PRICES, st.integers(0, 3)), max_size=5)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(ROWS, ROWS), max_size=20))
def test_a_book_equals_the_plain_model_of_it(changes):
    numbered = NumberedBook("A/B")
    book = numbered.snapshot(0, [], [], 0)
    model = {}, {}
    number = 0
    for bids, asks in changes:
        after = tuple(
            {p: a for p, a in {**side, **dict(rows)}.items() if a}
            for side, rows in zip(model, (bids, asks), strict=True)
        )
        try:
            numbered.change(number + 1, bids, asks, 0)
        except OutOfStep:
            assert after[0] and after[1] and max(after[0]) >= min(after[1])
        else:
            model, number = after, number + 1
        expected = sorted(model[0].items(), reverse=True), sorted(model[1].items())
        assert levels(book) == expected


def test_undoing_goes_backwards():
    numbered, book = begun()
    with pytest.raises(OutOfStep):
        numbered.change(8, [("99", "5"), ("99", "0"), ("99", "3"), ("103", "1")], [], 2000)
    assert levels(book) == START


def test_levels_of_one_side_alone():
    _, book = begun()
    set_levels(book["asks"], [["101", "0"], ["100.5", "4"]])
    assert levels(book)[1] == [(100.5, 4.0), (102.0, 2.0)]


TEXTS = st.sampled_from(["98", "99", "101", "0", "12", "x", ""])
ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 100) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("5679"), inner, max_size=3),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(ANY, max_size=4) | ANY, st.lists(ANY, max_size=4) | ANY)
def test_what_cannot_be_understood_leaves_the_book_as_it_was(bids, asks):
    numbered, book = begun()
    try:
        numbered.change(8, bids, asks, 2000)
    except (OutOfStep, LookupError, TypeError, ValueError):
        assert levels(book) == START
        assert (book["nonce"], book["timestamp"]) == (7, 1000)
    else:
        assert book["nonce"] == 8
    assert book["bids"]._index == [-price for price, _ in book["bids"]]
    assert book["asks"]._index == [price for price, _ in book["asks"]]


def test_rows_that_are_read_as_keys_are_undone_as_well():
    numbered, book = begun()
    with pytest.raises(ValueError):
        numbered.change(8, [{"97": 0, "5": 0}], [("x", "1")], 2000)
    assert levels(book) == START
