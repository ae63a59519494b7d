"""Lists that change while their pages are turned: nothing is missed, nothing comes twice."""

import random

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from ccxt_ext.venues.bitmart2.pages import MOST_GAPS, Pages
from tests.venues.profiles import PROFILES

kinds = pytest.mark.parametrize("kind", ["sync", "async"])

FIRST = 1_528_060_666_000
ORDER = {**PROFILES["bitmart2"].sample("v2-order_details"), "executed_amount": "0", "status": 1}


class Orders:
    """The venue's list, newest first; `between` changes it after each answer."""

    def __init__(self, count, between=lambda orders: None):
        self.ids = list(range(count, 0, -1))
        self.between = between
        self.ever = set(self.ids)
        self.asked = []

    def leave(self, *places):
        for place in sorted(places, reverse=True):
            if place < len(self.ids):
                del self.ids[place]

    def arrive(self, count=1):
        for _ in range(count):
            self.ids.insert(0, max(self.ever) + 1)
            self.ever.add(self.ids[0])

    def row(self, id):
        return {**ORDER, "entrust_id": id, "timestamp": FIRST + id}

    def __call__(self, request):
        offset, limit = int(request.query["offset"]), int(request.query["limit"])
        assert offset >= 0 and 1 <= limit <= 1000
        self.asked.append((offset * limit, limit))
        page = self.ids[offset * limit : (offset + 1) * limit]
        answer = {"orders": [self.row(id) for id in page], "total_orders": len(self.ids)}
        self.between(self)
        return Answer(answer)


def open_ids(kind, orders, *args):
    exchange, _ = PROFILES["bitmart2"].offline(kind, orders)
    return [int(order["id"]) for order in call(exchange, "fetch_open_orders", "BMX/ETH", *args)]


@kinds
def test_one_page_holds_a_thousand(kind):
    orders = Orders(999, lambda orders: orders.leave(0))
    assert sorted(open_ids(kind, orders)) == list(range(1, 1000))
    assert orders.asked == [(0, 1000)]


@kinds
@pytest.mark.parametrize("leaving", [1, 28, 400])
def test_a_list_that_shrinks_all_the_time(kind, leaving):
    """Those that stay are all there."""

    def leave(orders):
        if len(orders.ids) > 1200:
            orders.leave(*range(leaving))

    orders = Orders(3150, leave)
    found = open_ids(kind, orders)
    assert set(orders.ids) <= set(found) and len(set(found)) == len(found)
    assert len(orders.asked) < 12


@kinds
def test_a_list_that_shrank_once_is_read_again_where_it_matters(kind):
    orders = Orders(2500, lambda orders: orders.leave(5) if len(orders.asked) == 1 else None)
    assert set(orders.ids) <= set(open_ids(kind, orders))
    assert [begin for begin, _ in orders.asked][:2] == [0, 1000]
    # Row 999 had been row 1000 and was never seen; what comes before it was.
    assert 990 < orders.asked[2][0] < 1000


@kinds
def test_a_list_that_shrinks_faster_than_it_is_read_raises(kind):
    """Rather than that a part of it is given."""

    def shrink(orders):
        if len(orders.ids) < 200:
            orders.arrive(200)
        elif orders.asked[-1][0] == 0:
            orders.leave(*range(90))

    with pytest.raises(ccxt.OperationFailed, match="shrinks faster"):
        open_ids(kind, Orders(280, shrink), None, None, {"limit": 100})


def test_it_gives_up_in_the_end():
    pages, total = Pages(1000), 10**9
    for _ in range(3 * MOST_GAPS):
        pages.read(pages.limit, total)
        total -= 700
        assert not pages.is_last
    assert pages.gaps > MOST_GAPS


@pytest.mark.parametrize("seed", range(20))
def test_whatever_comes_and_goes(seed):
    dice = random.Random(seed)

    def change(orders):
        orders.arrive(dice.randrange(3) * dice.randrange(60))
        busy = min(len(orders.ids), 1 + dice.randrange(60))
        if len(orders.ids) > 900:
            orders.leave(*dice.sample(range(len(orders.ids)), busy))

    orders = Orders(dice.randrange(900, 4000), change)
    there = set(orders.ids)
    found = open_ids("sync", orders)
    assert there & set(orders.ids) <= set(found)  # all that were there from first to last
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("size", [1, 2, 3, 10, 500, 1000])
def test_pages_go_on_and_have_no_gap(size):
    for overlap in {0, 1, size // 3, size // 2}:
        pages, covered = Pages(size), 0
        pages._overlap = overlap
        for _ in range(30):
            begin, limit = pages.offset * pages.limit, pages.limit
            assert begin <= covered < begin + limit and 1 <= limit <= size
            pages.read(limit, 10**6)
            covered = begin + limit
        assert pages.is_whole and not pages.is_last


@kinds
def test_since_reads_as_far_back_as_it_says(kind):
    orders = Orders(2600)
    exchange, _ = PROFILES["bitmart2"].offline(kind, orders)
    found = call(exchange, "fetch_closed_orders", "BMX/ETH", FIRST + 501)
    assert [int(order["id"]) for order in found] == list(range(501, 2601))


@kinds
def test_a_page_and_a_size_of_the_callers_own(kind):
    orders = Orders(1200)
    assert len(open_ids(kind, orders, None, None, {"limit": 300})) == 1200
    assert {limit for _, limit in orders.asked} == {300}
    assert open_ids(kind, orders, None, None, {"offset": 3, "limit": 300}) == list(range(1, 301))
