"""Lists that change while they are read page by page."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccxt_ext.venue.answers.paging import FirstPlace, KeepsChanging, NumberedPages, PartOfList, without_gap

SIZE = 3


def read(shown, pages=None, tell_total=True):
    """The keys of what is read of the lists that are `shown`, one for each call; the last stays."""
    pages = pages or NumberedPages(lambda row: row)
    calls = 0
    while not pages.is_done:
        rows = shown[min(calls, len(shown) - 1)]
        calls += 1
        page = rows[(pages.number - 1) * SIZE : pages.number * SIZE]
        pages.take(page, len(rows) if tell_total else None, pages.number * SIZE >= len(rows))
    return pages.rows, calls


@pytest.mark.parametrize("count", [0, 1, 3, 4, 9, 10])
@pytest.mark.parametrize("tell_total", [True, False])
def test_a_list_that_stays(count, tell_total):
    rows = list(range(count))
    assert read([rows], tell_total=tell_total) == (rows, 1 if count <= SIZE else -(-count // SIZE) + 1)


@pytest.mark.parametrize("tell_total", [True, False])
@pytest.mark.parametrize("when", [1, 2, 3])
def test_one_that_comes_meanwhile_is_there_and_none_is_there_twice(tell_total, when):
    before = list(range(8))
    rows, _ = read([before] * when + [[99, *before]], tell_total=tell_total)
    assert rows == [99, *before]


@pytest.mark.parametrize("when", [1, 2])
@pytest.mark.parametrize("gone", [0, 2, 7])
def test_one_that_goes_meanwhile_takes_none_with_it(when, gone):
    before = list(range(8))
    after = [row for row in before if row != gone]
    assert read([before] * when + [after])[0] == after


def test_one_comes_and_one_goes():
    before = list(range(8))
    after = [99, *(row for row in before if row != 1)]
    assert read([before, after])[0] == after


def test_a_list_that_never_stays_is_told():
    with pytest.raises(KeepsChanging):
        read([list(range(start, start + 9)) for start in range(100)])


def test_a_venue_that_knows_of_no_pages():
    pages = NumberedPages(lambda row: row)
    for _ in range(2):
        pages.take([1, 2], 123)
    assert pages.is_done and pages.rows == [1, 2]


def test_rows_that_are_alike_are_as_many():
    assert read([["a", "a", "b", "c"]])[0] == ["a", "a", "b", "c"]


def test_what_changes_in_a_row_does_not_make_it_another():
    pages = NumberedPages(lambda row: row["id"])
    rows = [{"id": id, "status": "new"} for id in range(4)]
    later = [{**row, "status": "done"} for row in rows]
    assert read([rows, later], pages)[0] == [*rows[:3], later[3]]


@given(st.lists(st.sampled_from(["come", "go", "stay"]), max_size=12), st.randoms(use_true_random=False))
def test_whatever_happens_all_that_stayed_is_read_once(changes, chance: random.Random):
    rows, shown, new = list(range(10)), [], 100
    for change in changes:
        shown.append(list(rows))
        if change == "come":
            rows.insert(0, new := new + 1)
        elif change == "go" and rows:
            rows.pop(chance.randrange(len(rows)))
    shown.append(rows)
    found, _ = read(shown, NumberedPages(lambda row: row, readings=100))
    assert len(set(found)) == len(found)
    stayed = set.intersection(*map(set, shown))
    assert stayed <= set(found)


@given(st.integers(0, 5000), st.integers(0, 5000), st.integers(1, 50))
def test_the_place_from_which_on_rows_are_wanted(count, first, page):
    place, looks = FirstPlace(page), 0
    while not place.is_found:
        place.take(place.probe < min(first, count))
        looks += 1
    assert place.low <= min(first, count) <= place.low + page
    assert looks <= 2 * (count + 2).bit_length() + 3


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ([PartOfList([9, 1]), PartOfList([8, 5, 4])], [1, 4, 5, 8, 9]),
        ([PartOfList([9, 1]), PartOfList([8, 5, 4], False)], [4, 5, 8, 9]),
        ([PartOfList([9, 7, 1], False), PartOfList([8, 6], False), PartOfList([], False)], [6, 7, 8, 9]),
        ([], []),
    ],
)
def test_several_lists_are_told_as_far_back_as_each_was_read(parts, told):
    assert sorted(without_gap(parts, lambda row: row)) == told
