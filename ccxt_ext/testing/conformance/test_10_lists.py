"""Chapter 10: lists of several pages, while rows come and go between the pages.

Nothing is missed, and nothing told twice.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import ccxt

from ccxt_ext.testing.conformance.cases import case
from ccxt_ext.testing.conformance.listing import CHANGES, STATES, Lists, Market, lists_of, small_pages
from ccxt_ext.testing.profile import Profile

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
ALWAYS = 10**15


def lists_are_whole(profile: Profile, kind: str, method: str) -> None:
    """On each type of market, in each way that the profile names, with all that ccxt's arguments can ask."""
    with small_pages(profile):
        for lists in lists_of(profile, kind, method):
            market = Market(lists)
            market.fill_up()
            for part in PARTS:
                if applies(lists, method, part):
                    is_whole(lists, market, method, part)


def applies(lists: Lists, method: str, part: str) -> bool:
    if "until" in part and not lists.reads_until(method):
        return False
    if part == "paginate":
        return lists.turns_pages
    return not (lists.way.in_one_page and "crowded" in part)


def is_whole(lists: Lists, market: Market, method: str, part: str) -> None:
    where = f"{method} of {lists.where}" + (f", asked for by {part}" if part else "")
    states, moments, end = STATES[method], market.moments, lists.end_of(method)
    first = moments[len(moments) // 5] if "since" in part else 0
    last = moments[len(moments) * 4 // 5] if "until" in part else ALWAYS
    limit = market.count(states, first, last) * 2 // 3 if "limit" in part else None
    if limit is not None and not lists.turns_pages:
        limit = min(limit, lists.page)
    if part == "paginate" and method == "fetchTrades":
        first = min(market.times.values())  # there are those of others before
    params: dict[str, Any] = {}
    if "until" in part:
        params["until"] = last
    if part == "paginate":
        params["paginate"] = True
    before = dict(market.states)

    def meanwhile(request: int) -> None:
        if "crowded" in part and request == 2:
            market.crowd()
        elif "crowded" not in part and 1 < request <= 1 + CHANGES:
            market.happen(in_the_middle=request == 2)

    try:
        rows, _ = lists.ask(meanwhile, method, lists.symbol, first or None, limit, params)
    except ccxt.NotSupported:
        # One page is all that there is, or the venue cannot end a list.
        refusable = "until" in part and not lists.exchange.feature_value(lists.symbol, method, "until")
        assert part == "paginate" or refusable, f"{where}: it is refused, though `features` claim `until`"
        return

    times = [row["timestamp"] for row in rows]
    assert None not in times, f"{where}: rows have no time"
    assert times == sorted(times), f"{where}: rows are not in the order of their times"
    amounts = [Decimal(str(row["amount"])) for row in rows]
    ours = [a for a, time in zip(amounts, times, strict=True) if a in market.times and time >= market.begun]
    twice = len(ours) - len(set(ours))
    assert not twice, f"{where}: {twice} rows are told twice"
    for row, amount in zip(rows, amounts, strict=True):
        if amount in market.times and row["timestamp"] >= market.begun:
            assert first <= market.times[amount] <= last, f"{where}: {row} was not asked for"
            state = row.get("status", "closed")
            assert state in (before.get(amount, "open"), market.states[amount]), f"{where}: {row} is {state}"
        assert "status" not in row or row["status"] in states, f"{where}: {row} does not belong there"
    are_there(lists, market, method, part, before, ours, rows, (first, last, limit, end), where)


def are_there(
    lists: Lists,
    market: Market,
    method: str,
    part: str,
    before: dict[Decimal, str],
    ours: list[Decimal],
    rows: list[Any],
    asked: tuple[int, int, int | None, int | None],
    where: str,
) -> None:
    """What was there all the while is told: all of it, or a part without a gap."""
    first, last, limit, end = asked
    states = STATES[method]
    there = {
        amount: market.times[amount]
        for amount, state in before.items()
        if state in states and market.states[amount] in states and first <= market.times[amount] <= last
    }
    assert there and (ours or end), f"{where}: nothing of ours is listed"
    if end is not None:
        assert len(rows) <= end, f"{where}: there are {len(rows)}, more than the venue's latest {end}"
    elif limit is not None:
        assert len(rows) == limit, f"{where}: {len(rows)} rows instead of {limit}"
    told = [market.times[amount] for amount in ours]
    # A list of the public's trades is one page, from `since` on.
    is_page = limit is not None or (method == "fetchTrades" and part != "paginate") or not lists.turns_pages
    low, high = min(told, default=last), max(told, default=first)
    due = {
        amount
        for amount, time in there.items()
        if ((first or part == "paginate" or (method == "fetchOpenOrders" and not is_page)) and not end)
        or time > low  # the newest, without a gap
        if not (first and is_page) or time < high  # the oldest, without a gap
    }
    missing = due - set(ours)
    assert not missing, (
        f"{where}: {len(missing)} of {len(due)} rows are missing. If the venue itself tells only the latest "
        "so many, see `latest_only` of the profile"
    )


@case("10.1", "All orders are listed once each", needs=("fetchOrders",), frontend=True, level="proven")
def orders(profile: Profile, kind: str) -> None:
    """Lists of several pages, on each type of market, while orders come, go and are filled between the pages:
    with `since`, `limit`, `until` and `paginate`, and with more at once than a page holds. None that was
    there all the while is missing, none comes twice, none was not asked for, all are in order."""
    lists_are_whole(profile, kind, "fetchOrders")


@case("10.2", "Open orders are listed once each", needs=("fetchOpenOrders",), frontend=True, level="proven")
def open_orders(profile: Profile, kind: str) -> None:
    """As 10.1. Without a `limit`, the list is whole."""
    lists_are_whole(profile, kind, "fetchOpenOrders")


@case(
    "10.3", "Filled orders are listed once each", needs=("fetchClosedOrders",), frontend=True, level="proven"
)
def closed_orders(profile: Profile, kind: str) -> None:
    """As 10.1."""
    lists_are_whole(profile, kind, "fetchClosedOrders")


@case(
    "10.4",
    "Cancelled orders are listed once each",
    needs=("fetchCanceledOrders",),
    frontend=True,
    level="proven",
)
def canceled_orders(profile: Profile, kind: str) -> None:
    """As 10.1."""
    lists_are_whole(profile, kind, "fetchCanceledOrders")


@case(
    "10.5",
    "Orders that have ended are listed once each",
    needs=("fetchCanceledAndClosedOrders",),
    frontend=True,
    level="proven",
)
def ended_orders(profile: Profile, kind: str) -> None:
    """As 10.1."""
    lists_are_whole(profile, kind, "fetchCanceledAndClosedOrders")


@case(
    "10.6",
    "An account's trades are listed once each",
    needs=("fetchMyTrades",),
    frontend=True,
    level="proven",
)
def own_trades(profile: Profile, kind: str) -> None:
    """As 10.1."""
    lists_are_whole(profile, kind, "fetchMyTrades")


@case(
    "10.7", "The public's trades are listed once each", needs=("fetchTrades",), frontend=True, level="proven"
)
def public_trades(profile: Profile, kind: str) -> None:
    """As 10.1. From `since` on, it is one page; `paginate` goes on."""
    lists_are_whole(profile, kind, "fetchTrades")


@case(
    "10.8",
    "Open orders are whole while some of them go",
    needs=("fetchOpenOrders",),
    frontend=True,
    level="proven",
)
def while_some_go(profile: Profile, kind: str) -> None:
    """With each page, several orders are gone: the newest, or the oldest. Where pages are numbered, the next
    one begins too late then, and a list that takes no notice lacks orders which are still open."""
    with small_pages(profile):
        for oldest in (False, True):
            for lists in lists_of(profile, kind, "fetchOpenOrders"):
                market = Market(lists)
                for number in range(50 if market.spec.is_contract else 10 * lists.page):
                    market.open()
                    if number % 10 == 0:
                        market.bench.advance(1000)

                def some_go(request: int, market: Market = market, oldest: bool = oldest) -> None:
                    for _ in range(3 if 1 < request <= 5 else 0):
                        market.cancel(next(iter(market.resting) if oldest else reversed(market.resting)))

                rows, requests = lists.ask(some_go, "fetchOpenOrders", lists.symbol)
                told = [Decimal(str(row["amount"])) for row in rows]
                where = (
                    f"{lists.where} in {requests} requests, while the {'oldest' if oldest else 'newest'} go"
                )
                assert len(told) == len(set(told)), f"{where}: orders are told twice"
                missing = set(market.resting) - set(told)
                whole = lists.turns_pages and lists.end_of("fetchOpenOrders") is None
                assert not (whole and missing), f"{where}: {len(missing)} open orders are missing"


@case(
    "10.9",
    "All fills of an order are told",
    needs=("fetchOrderTrades",),
    frontend=True,
    level="proven",
)
def fills_of_an_order(profile: Profile, kind: str) -> None:
    """More of them than a page holds, while others come."""
    with small_pages(profile):
        for lists in lists_of(profile, kind, "fetchOrderTrades"):
            market, engine = Market(lists), lists.bench.engine
            amounts = [market.new_amount() for _ in range(3 * lists.page + 5)]
            order = engine.place("config", market.id, "buy", market.inside, sum(amounts))
            for amount in amounts:
                engine.place("counterparty", market.id, "sell", market.inside, amount)
            name = lists.bench.name(order)

            def others(request: int, market: Market = market) -> None:
                if 1 < request <= 1 + CHANGES:
                    market.fill()

            found, _ = lists.ask(others, "fetchOrderTrades", name, lists.symbol)
            told = sorted(Decimal(str(trade["amount"])) for trade in found)
            wanted = amounts
            if profile.fills_in_sum:
                told, wanted = [sum(told, Decimal(0))], [sum(amounts, Decimal(0))]
            missing = set(wanted) - set(told)
            assert told == wanted, (
                f"{lists.where}: of {len(wanted)} fills, {len(told)} are told and {len(missing)} missing. If "
                "the venue itself tells only how much was filled, see `fills_in_sum` of the profile"
            )
            assert {trade["order"] for trade in found} == {name}, f"{lists.where}: fills of other orders"


@case(
    "10.10",
    "Closed positions are listed once each",
    needs=("fetchPositionsHistory",),
    frontend=True,
    level="proven",
)
def closed_positions(profile: Profile, kind: str) -> None:
    """Lists of several pages, while more are closed."""
    with small_pages(profile):
        for lists in lists_of(profile, kind, "fetchPositionsHistory"):
            market = Market(lists)

            def close_one(request: int, market: Market = market) -> None:
                for _ in range(2 if 1 < request <= 1 + CHANGES else 0):
                    market.fill()

            for _ in range(3 * lists.page + 5):
                market.fill()
                market.fill()
                market.bench.advance(1000)
            asked: list[tuple[int | None, dict[str, Any]]] = [(market.begun - 3000, {})]
            if lists.turns_pages:
                asked.append((None, {"paginate": True}))
            for since, params in asked:
                args = ([lists.symbol], since, None, params)
                found, requests = lists.ask(close_one, "fetchPositionsHistory", *args)
                turned = requests > 3 or not lists.turns_pages
                assert turned, f"{lists.where}, {params}: {requests} requests cannot have read all pages"
                ids = [position["id"] for position in found]
                assert len(set(ids)) == len(ids), f"{lists.where}, {params}: positions are told twice"
                there = {str(each.id) for each in lists.bench.engine.closed_positions("config", market.id)}
                missing = there - set(ids) if lists.turns_pages else set()
                assert not missing, f"{lists.where}, {params}: {len(missing)} of {len(there)} are missing"
                assert set(ids) <= there, f"{lists.where}, {params}: positions that there are not"
