"""A book built from any sequence of valid changes equals a plain model of it, and is never a wrong one."""

import json

import pytest
from ccxt.async_support.base.ws.order_book import OrderBook
from ccxt.base.exchange import Exchange
from hypothesis import given, settings
from hypothesis import strategies as st

from ccxt_ext.venue.streams.books import NumberedBook, OutOfStep, date_of, fill_side, set_levels

# Bids below, asks above: a valid sequence never crosses.
amounts = st.sampled_from(["0", "0.5", "1", "2.25", 0, 3, 1.5])
bids = st.lists(st.tuples(st.sampled_from(["1", "1.10", "1.2", 1.3]), amounts), max_size=4)
asks = st.lists(st.tuples(st.sampled_from(["2", "2.10", "2.2", 2.3]), amounts), max_size=4)
changes = st.lists(st.tuples(bids, asks), max_size=12)


class Model:
    def __init__(self):
        self.sides = {"bids": {}, "asks": {}}

    def set(self, **sides):
        for side, rows in sides.items():
            for price, amount in rows:
                self.sides[side][float(price)] = float(amount)

    def book(self):
        return {
            side: sorted(([p, a] for p, a in levels.items() if a), reverse=side == "bids")
            for side, levels in self.sides.items()
        }


def plain(book):
    return json.loads(json.dumps({side: list(book[side]) for side in ("bids", "asks")}))


@settings(max_examples=80)
@given(bids, asks, changes, st.integers(0, 12), st.integers(0, 6))
def test_it_equals_the_model(first_bids, first_asks, later, early, repeated):
    """`early` changes come before the snapshot, which already has the first `repeated` of them."""
    model = Model()
    model.set(bids=first_bids, asks=first_asks)
    early = min(early, len(later))
    repeated = min(repeated, early)
    for its_bids, its_asks in later[:repeated]:
        model.set(bids=its_bids, asks=its_asks)
    numbered = NumberedBook("A/B")
    for number, (its_bids, its_asks) in enumerate(later[:early], start=11):
        assert numbered.change(number, its_bids, its_asks, number) is None
    snapshot = model.book()
    book = numbered.snapshot(10 + repeated, snapshot["bids"], snapshot["asks"], 10)
    for its_bids, its_asks in later[repeated:early]:
        model.set(bids=its_bids, asks=its_asks)
    assert plain(book) == model.book()
    for number, (its_bids, its_asks) in enumerate(later[early:], start=11 + early):
        model.set(bids=its_bids, asks=its_asks)
        assert numbered.change(number, its_bids, its_asks, number) is book
        assert plain(book) == model.book()
        assert (book["nonce"], book["timestamp"]) == (number, number)
        # ccxt's own methods still work on it.
        assert book["bids"]._index == [-price for price, _ in book["bids"]]
        assert book["asks"]._index == [price for price, _ in book["asks"]]


def fresh(number=5):
    numbered = NumberedBook("A/B")
    return numbered, numbered.snapshot(number, [["1", "1"]], [["2", "1"]], 1)


def test_a_gap_is_noticed_and_the_old_book_stays_as_it_was():
    numbered, book = fresh()
    before = plain(book)
    with pytest.raises(OutOfStep, match="7 follows 5"):
        numbered.change(7, [["1", "9"]], [], 1)
    numbered.restart()
    assert numbered.change(8, [["1", "8"]], [], 1) is None
    again = numbered.snapshot(7, [["1", "7"]], [["2", "1"]], 1)
    assert again is not book
    assert plain(book) == before
    assert plain(again) == {"bids": [[1.0, 8.0]], "asks": [[2.0, 1.0]]}


def test_old_changes_are_ignored():
    numbered, book = fresh()
    for number in (3, 5):
        assert numbered.change(number, [["1", "9"]], [], 1) is None
    assert plain(book)["bids"] == [[1.0, 1.0]]


@pytest.mark.parametrize(
    "crossing", [{"bids": [["2", "1"]], "asks": []}, {"bids": [], "asks": [["0.5", "1"]]}]
)
def test_a_crossed_book_is_noticed(crossing):
    numbered, _ = fresh()
    with pytest.raises(OutOfStep, match="crossed"):
        numbered.change(6, crossing["bids"], crossing["asks"], 1)
    with pytest.raises(OutOfStep, match="crossed"):
        NumberedBook("A/B").snapshot(1, [["2", "1"]], [["2", "1"]], 1)


def test_a_gap_among_the_changes_that_waited():
    numbered = NumberedBook("A/B")
    numbered.change(7, [], [], 1)
    numbered.change(9, [], [], 1)
    with pytest.raises(OutOfStep):
        numbered.snapshot(6, [], [], 1)


def test_without_a_snapshot_it_does_not_wait_for_ever(monkeypatch):
    monkeypatch.setattr("ccxt_ext.venue.streams.books.LONGEST_BUFFER", 3)
    numbered = NumberedBook("A/B")
    for number in range(3):
        numbered.change(number, [], [], 1)
    with pytest.raises(OutOfStep, match="no snapshot"):
        numbered.change(3, [], [], 1)


@given(bids, asks)
def test_the_levels_are_those_of_ccxts_own_method(some_bids, some_asks):
    ours, theirs = OrderBook(), OrderBook()
    for side, rows in (("bids", some_bids), ("asks", some_asks)):
        set_levels(ours[side], rows)
        for price, amount in rows:
            theirs[side].store(float(price), float(amount))
        assert list(ours[side]) == list(theirs[side])
        assert ours[side]._index == theirs[side]._index
        filled = OrderBook()
        fill_side(filled[side], [row[:] for row in theirs[side]])
        assert filled[side]._index == theirs[side]._index


@given(st.integers(0, 4_000_000_000_000))
def test_dates(timestamp):
    assert date_of(timestamp) == Exchange.iso8601(timestamp)
