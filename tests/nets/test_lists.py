"""Lists of several pages, while rows come and go between the pages: nothing is missed, nothing told twice.

The sync classes are asked: the pages are turned by one source, from which they and the async ones are made.
"""

import functools
import importlib
from decimal import Decimal

import ccxt
import pytest

import ccxt_ext
from ccxt_ext.testing.bench import Bench
from ccxt_ext.testing.wire import call
from tests.nets.lists import PAGE, PAGES, STATES, Kind, Market, kinds

PARTS = (
    "",
    "since",
    "limit",
    "until",
    "since, limit",
    "since, until",
    "until, limit",
    "paginate",
    "since, crowded",
)
CHANGES = 3  # times that something happens while a list is read
ALWAYS = 10**15


def listing_kinds():
    """With each list that their venue has for them."""
    for kind in kinds():
        exchange = getattr(ccxt_ext, kind.id)()
        for method in kind.methods:
            if exchange.has_on(method, kind.type):
                yield pytest.param(kind, method, id=f"{kind}-{method}")


@pytest.fixture(scope="module", autouse=True)
def small_pages():
    with pytest.MonkeyPatch.context() as patch:
        for name, constants in PAGES.items():
            for constant in constants:
                patch.setattr(importlib.import_module(name), constant, PAGE)
        yield


@pytest.fixture(scope="module")
def scene(request, small_pages):
    return scene_of(request.param)


@functools.cache
def scene_of(kind: Kind):
    bench = Bench(kind.id)
    exchange = bench.exchange(options=kind.options)
    markets = call(exchange, "loadMarkets").values()
    fitting = (m for m in markets if m["active"] and m[kind.type] and (m["spot"] or m[kind.kind]))
    chosen = next(fitting)
    market = Market(kind, bench, chosen["id"], chosen["symbol"])
    market.fill_up()
    return market, exchange


def ask(market, exchange, method, crowded, *args):
    """What is listed, while much happens; `crowded`, as much at once as a page holds."""
    pages = 0

    def meanwhile(sent):
        nonlocal pages
        pages += 1
        market.bench.advance(500)  # within the venue's limit
        if crowded and pages == 2:
            for _ in range(PAGE):
                market.fill()
                market.cancel(market.open())
        elif 1 < pages <= 1 + CHANGES:
            market.happen(in_the_middle=pages == 2)

    market.bench.before = meanwhile
    try:
        return call(exchange, method, *args)
    finally:
        market.bench.before = lambda sent: None


def parts_of(kind):
    """One page with all that the venue still has cannot be crowded."""
    in_one = (kind.id, kind.way) == ("bitmaxfutures", "default")
    return [part for part in PARTS if not (in_one and "crowded" in part)]


@pytest.mark.parametrize(
    "scene, method, part",
    [
        pytest.param(*each.values, part, id=f"{each.id}-{part}")
        for each in listing_kinds()
        for part in parts_of(each.values[0])
    ],
    indirect=["scene"],
)
def test_what_is_asked_for_is_told_whole(scene, method, part):
    market, exchange = scene
    states, moments, end = STATES[method], market.moments, market.end_of(method)
    first = moments[len(moments) // 5] if "since" in part else 0
    last = moments[len(moments) * 4 // 5] if "until" in part else ALWAYS
    limit = market.count(states, first, last) * 2 // 3 if "limit" in part else None
    if part == "paginate" and method == "fetchTrades":
        first = min(market.times.values())  # there are those of others before
    params = {"until": last} if "until" in part else {"paginate": True} if part == "paginate" else {}
    before = dict(market.states)
    try:
        rows = ask(market, exchange, method, "crowded" in part, market.symbol, first or None, limit, params)
    except ccxt.NotSupported:
        assert part == "paginate"  # one page is all that there is
        return

    times = [row["timestamp"] for row in rows]
    assert None not in times and times == sorted(times)
    amounts = [Decimal(str(row["amount"])) for row in rows]
    ours = [a for a, time in zip(amounts, times, strict=True) if a in market.times and time >= market.begun]
    told_twice = len(ours) - len(set(ours))
    assert not told_twice, f"{told_twice} rows are told twice"
    for row, amount in zip(rows, amounts, strict=True):
        if amount in market.times and row["timestamp"] >= market.begun:
            assert first <= market.times[amount] <= last
            assert row.get("status", "closed") in (before.get(amount, "open"), market.states[amount])
        assert "status" not in row or row["status"] in states

    # What was there all the while.
    there = {
        amount: market.times[amount]
        for amount, state in before.items()
        if state in states and market.states[amount] in states and first <= market.times[amount] <= last
    }
    assert there and (ours or end), "nothing to be listed"
    if end is not None:
        assert len(rows) <= end
    elif limit is not None:
        assert len(rows) == limit
    told = [market.times[amount] for amount in ours]
    # A list of the public's trades is one page, from `since` on.
    is_page = limit is not None or (method == "fetchTrades" and part != "paginate")
    low, high = min(told, default=last), max(told, default=first)
    due = {
        amount
        for amount, time in there.items()
        if ((first or part == "paginate" or (method == "fetchOpenOrders" and not is_page)) and not end)
        or time > low  # the newest, without a gap
        if not (first and is_page) or time < high  # the oldest, without a gap
    }
    missing = due - set(ours)
    assert not missing, f"{len(missing)} of {len(due)} rows are missing"
