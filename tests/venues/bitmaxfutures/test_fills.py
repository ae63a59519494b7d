"""bitmaxfutures: lists and streams tell the same fills, with the same ids, whoever asks first."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccxt_ext.testing.wire import Answer, call
from ccxt_ext.venue.keys.shared import Memory
from ccxt_ext.venues.bitmaxfutures.fills import FillBook, Report
from ccxt_ext.venues.bitmaxfutures.streams.order_desk import OrderDesk
from tests.venues.bitmaxfutures.other_end import SYMBOL, Bitmax, fill, sample
from tests.venues.offline_stream import settled
from tests.venues.profiles import PROFILES

PROFILE = PROFILES["bitmaxfutures"]
OPTIONS = {"accountGroup": 0, "userUID": "U0123456789"}
ORDER = "anOrder1"

kinds = pytest.mark.parametrize("kind", ["sync", "async"])


def told(*fills, status="PartiallyFilled", symbol="BTC-PERP"):
    """An order's row once these fills, each an amount and a price, have come."""
    filled, cost = sum(amount for amount, _ in fills), sum(amount * price for amount, price in fills)
    known = sample("rest-v2-order-hist-current")["data"][0]
    last, price = fills[-1]
    return {
        **known,
        **{"orderId": ORDER, "symbol": symbol, "orderQty": "1", "status": status},
        **{"lastExecTime": 1000 + len(fills), "cumFilledQty": f"{filled:.2f}"},
        **{"avgFilledPx": f"{cost / filled:.9f}", "cumFee": f"{cost / 1000:.9f}"},
        **{"lastQty": f"{last:.2f}", "lastPx": str(price), "fee": f"{last * price / 1000:.9f}"},
    }


FILLS = [(0.25, 100), (0.25, 120), (0.5, 90)]


def venue(open_rows, ended_rows):
    answers = {"order/open": open_rows, "hist/current": ended_rows, "order/status": ended_rows or open_rows}
    return lambda request: Answer(
        {"code": 0, "data": next(rows for end, rows in answers.items() if request.path.endswith(end))}
    )


@kinds
def test_part_filled_open_orders_have_trades(kind):
    exchange, _ = PROFILE.offline(kind, venue([told(*FILLS[:2])], []), options=OPTIONS)
    trades = call(exchange, "fetch_my_trades", SYMBOL)
    assert [(trade["id"], trade["amount"], trade["price"]) for trade in trades] == [
        (f"{ORDER}:0.25", 0.25, 100.0),
        (f"{ORDER}:0.5", 0.25, 120.0),
    ]
    assert [trade["fee"]["cost"] for trade in trades] == [0.025, 0.03]


@kinds
def test_what_was_told_is_told_again_and_what_came_since_beside_it(kind):
    answers = [venue([told(*FILLS[:1])], []), venue([], [told(*FILLS, status="Filled")])]
    exchange, _ = PROFILE.offline(kind, lambda request: answers[0](request), options=OPTIONS)
    first = call(exchange, "fetch_my_trades", SYMBOL)
    del answers[0]
    then = call(exchange, "fetch_my_trades", SYMBOL)
    assert [(trade["id"], trade["amount"]) for trade in then] == [
        (f"{ORDER}:0.25", 0.25),
        (f"{ORDER}:0.5", 0.25),
        (f"{ORDER}:1", 0.5),
    ]
    assert {**then[0], "info": None} == {**first[0], "info": None}
    assert call(exchange, "fetch_order_trades", ORDER, SYMBOL) == then
    # When a fill came that nobody saw is not known: not later than the one after it.
    assert call(exchange, "fetch_my_trades", SYMBOL, 1003) == then[1:]
    assert call(exchange, "fetch_my_trades", SYMBOL, None, None, {"until": 1001}) == then[:1]


@kinds
def test_an_order_that_ends_between_the_two_lists_is_told_once(kind):
    rows = [told(*FILLS[:2])], [told(*FILLS, status="Filled")]
    exchange, _ = PROFILE.offline(kind, venue(*rows), options=OPTIONS)
    trades = call(exchange, "fetch_my_trades", SYMBOL)
    assert sum(trade["amount"] for trade in trades) == 1.0
    assert len({trade["id"] for trade in trades}) == len(trades)


async def test_a_client_that_removes_duplicates_counts_each_fill_once():
    """Some fills are seen as they come, some are missed; the list is asked in between."""
    row = told(*FILLS, status="Filled")
    rest = {"order/open": {"code": 0, "data": []}, "order/hist/current": {"code": 0, "data": []}}
    async with Bitmax(rest) as bitmax:
        task = await bitmax.watch_private("watch_my_trades")
        await bitmax.say(fill(ORDER, 7, "0.25", "100", "0.25", "100", "0.025", fee="0.025"))
        seen = list(await task)
        rest["order/hist/current"]["data"].append(row)
        seen += await bitmax.exchange.fetch_my_trades(SYMBOL)
        task = await bitmax.watch("watch_my_trades")
        sums = (row["avgFilledPx"], row["cumFee"], "Filled", "0.045")
        await bitmax.say(fill(ORDER, 9, "0.5", "90", "1", *sums))
        await settled()
        seen += await task
        seen += await bitmax.exchange.fetch_my_trades(SYMBOL)
        once = {trade["id"]: trade["amount"] for trade in seen}
        assert once == {f"{ORDER}:0.25": 0.25, f"{ORDER}:0.5": 0.25, f"{ORDER}:1": 0.5}
        for trade in seen:
            assert trade["amount"] == once[trade["id"]]


# -- whatever order things come in ------------------------------------------------------------------


def reports(fills):
    total = [Decimal(0)] * 2
    for number, (amount, price) in enumerate(fills, 1):
        total = [total[0] + amount, total[1] + Decimal(amount) * price]
        yield Report(
            ORDER, number < len(fills), number, number, *total, Decimal(0), Decimal(amount), Decimal(price)
        )


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=7), st.data())
def test_of_one_id_there_is_one_amount(fills, data):
    """Two watchers of a key, and a list: each sees some of the reports, and the list the latest."""
    every = list(reports(fills))
    book, desks = FillBook(Memory()), [OrderDesk(), OrderDesk()]
    for desk in desks:
        desk.begun = True
    told_by = [[], [], []]
    seen = data.draw(st.lists(st.integers(0, len(every) - 1), max_size=12))
    for at in [*sorted(seen), len(every) - 1]:
        who = data.draw(st.integers(0, 2))
        if who == 2:
            told_by[2] += book.fills(every[at])
        else:
            told_by[who] += desks[who].take(every[at], True, book)[1]
    for who in (0, 1):
        told_by[who] += desks[who].take(every[-1], False, book)[1]
        assert sum(each.amount for each in told_by[who]) == every[-1].filled
    amounts = {}
    for each in [*told_by[0], *told_by[1], *told_by[2], *book.fills(every[-1])]:
        assert amounts.setdefault(each.filled, (each.amount, each.cost)) == (each.amount, each.cost)
    assert sum(amount for amount, _ in amounts.values()) == every[-1].filled
    assert sum(cost for _, cost in amounts.values()) == every[-1].cost
