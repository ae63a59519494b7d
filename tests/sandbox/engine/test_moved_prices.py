"""Prices that somebody sets, and what the makers keep in the book."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccxt_ext.sandbox.engine import BookShape, Engine, Market, Refused
from tests.sandbox.engine.played_candles import MINUTE, NOON, live, row
from tests.sandbox.engine.small_venue import HandClock, assert_balanced, engine, spec

D = Decimal
M = "AAA_BBB"


def venue(levels: int = 45, **more: Any) -> tuple[Engine, Market]:
    made = engine(spec(**more), clock=HandClock(NOON), horizons=[(MINUTE, 10)])
    if levels != 45:
        made.helm.shape_book(M, BookShape(levels=levels))
    return made, made.markets[M]


# Prices


@pytest.mark.parametrize("price", ["100", "100.01", "130", "70", "0.05", "5000", "250000"])
def test_the_price_is_set_at_once_by_a_trade(price: str) -> None:
    made, market = venue()
    before = market.trades(1)[0]
    assert made.helm.move_price(M, D(price)) == NOON
    trade = market.trades(1)[0]
    assert (trade.price, trade.timestamp) == (D(price), NOON)
    assert trade.id > before.id
    assert market.last_price == D(price)
    bids, asks = market.book()
    assert bids[0].price < D(price) < asks[0].price
    assert len(asks) >= 45 and len(bids) >= min(45, D(price) / D("0.01") - 4)
    assert_balanced(made)


def test_the_least_price_has_no_bids_below() -> None:
    made, market = venue()
    made.helm.move_price(M, D("0.01"))
    assert market.book()[0] == []
    made.helm.move_price(M, D(100))
    assert len(market.book()[0]) >= 45


@pytest.mark.parametrize(
    ("price", "reason"),
    [(D(0), "bad_price"), (D(-1), "bad_price"), (D("NaN"), "bad_price"), (D("100.001"), "price_precision")],
)
def test_a_price_that_makes_no_sense_is_refused(price: Decimal, reason: str) -> None:
    made, market = venue()
    before = market.book(), market.trades()
    with pytest.raises(Refused) as caught:
        made.helm.move_price(M, price)
    assert caught.value.reason == reason
    assert (market.book(), market.trades()) == before


def test_orders_on_the_way_are_filled_and_others_stay() -> None:
    made, market = venue()
    inside = [made.place("ann", M, "buy", D(price), D(2)) for price in (99, 95, 90)]
    outside = made.place("ann", M, "buy", D("89.99"), D(2))
    ask = made.place("ann", M, "sell", D("100.9"), D(2))
    made.helm.move_price(M, D(90))
    assert [order.average for order in inside] == [99, 95, 90]
    assert (outside.status, ask.status, market.last_price) == ("open", "open", 90)
    made.helm.move_price(M, D(110))
    assert (outside.status, ask.average, market.last_price) == ("open", D("100.9"), 110)
    assert_balanced(made)


def test_a_huge_order_in_the_way_is_filled_wholly() -> None:
    made, market = venue()
    made.deposit("ann", "BBB", D(10) ** 10)
    huge = [made.place("ann", M, "buy", D(95), D(1000)) for _ in range(300)]
    made.helm.move_price(M, D(80))
    assert {order.status for order in huge} == {"closed"}
    assert market.last_price == 80
    assert_balanced(made)


def test_at_once_is_a_gap_for_stops() -> None:
    made, _ = venue()
    stop = made.place("ann", M, "sell", None, D("0.1"), type="market", trigger_price=D(95))
    limit = made.place("ann", M, "sell", D(94), D("0.1"), trigger_price=D(95))
    made.helm.move_price(M, D(80))
    assert stop.average is not None and D(79) < stop.average < 80
    assert limit.status == "open" and limit.triggered


def test_over_a_time_the_price_goes_evenly_though_the_book_is_still() -> None:
    made, market = venue()
    stop = made.place("ann", M, "sell", None, D("0.1"), type="market", trigger_price=D(95))
    assert made.helm.move_price(M, D(90), 10 * MINUTE) == NOON + 10 * MINUTE
    assert market.is_driven
    seen = []
    for _ in range(10):
        live(made, MINUTE)
        seen.append(market.last_price)
    assert seen == [D(100) - number for number in range(1, 11)]
    assert stop.average is not None and D("94.7") < stop.average <= 95
    assert not market.is_driven
    before = market.trades()
    live(made, 60 * MINUTE)
    assert market.trades() == before
    assert_balanced(made)


def test_a_short_time_ends_when_it_ends() -> None:
    made, market = venue()
    made.helm.move_price(M, D(90), 333)
    live(made, 332)
    assert 90 < market.last_price < 100
    live(made, 1)
    assert (market.last_price, market.trades(1)[0].timestamp) == (90, NOON + 333)


def test_another_price_takes_the_place_of_the_first_one() -> None:
    made, market = venue()
    made.helm.move_price(M, D(200), 10 * MINUTE)
    live(made, 5 * MINUTE)
    assert market.last_price == 150
    made.helm.move_price(M, D(140), MINUTE)
    live(made, 20 * MINUTE)
    assert market.last_price == 140
    made.helm.move_price(M, D(200), 10 * MINUTE)
    made.helm.move_price(M, D(120))
    live(made, 20 * MINUTE)
    assert market.last_price == 120


def test_live_traders_stay_around_the_price_that_was_set() -> None:
    made, market = venue(levels=9)
    made.live = True
    live(made, 5_000)
    made.helm.move_price(M, D(300), 10_000)
    live(made, 10_000)
    assert market.last_price == 300
    live(made, MINUTE)
    trades = [trade for trade in market.trades() if trade.timestamp > NOON + 15_000]
    assert len(trades) > 100
    assert all(280 < trade.price < 320 for trade in trades)


def test_time_that_is_skipped_does_not_stop_it() -> None:
    made, market = venue()
    made.helm.move_price(M, D(90), MINUTE)
    made.clock.advance(2 * MINUTE)
    market.driver.skip(made.clock.now())
    live(made, 1000)
    assert market.last_price == 90


def test_a_market_that_goes_through_candles_has_their_prices() -> None:
    made, market = venue()
    made.helm.play(M, [row(1, 100, 101, 99, 100)], MINUTE)
    with pytest.raises(Refused) as caught:
        made.helm.move_price(M, D(90))
    assert caught.value.reason == "plays_candles"
    made.helm.give_back(M)
    made.helm.move_price(M, D(90))
    assert market.last_price == 90


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_the_books_balance_whatever_is_set_and_placed(data: st.DataObject) -> None:
    lives = []
    plan = [
        (
            data.draw(st.integers(5_000, 20_000)),
            data.draw(st.sampled_from((0, 0, 300, MINUTE))),
            data.draw(st.integers(0, 2 * MINUTE)),
            data.draw(st.sampled_from(("buy", "sell"))),
            data.draw(st.integers(8_000, 12_000)),
            data.draw(st.booleans()),
        )
        for _ in range(data.draw(st.integers(1, 6)))
    ]
    for _ in range(2):
        made, market = venue(levels=5)
        for ticks, over, wait, side, order_ticks, waits in plan:
            price: Any = {"price": None, "type": "market", "trigger_price": D(order_ticks) / 100}
            made.place("ann", M, side, amount=D(1), **(price if waits else {"price": D(order_ticks) / 100}))
            made.helm.move_price(M, D(ticks) / 100, over)
            live(made, wait)
            assert_balanced(made)
            if wait >= over:
                others = [fill for fill in made.fills("ann") if fill.timestamp >= NOON + over]
                assert market.last_price == D(ticks) / 100 or others
            bid, ask = market.best_bid, market.best_ask
            assert bid is None or ask is None or bid < ask
        lives.append((market.trades(), market.book(), made.fills("ann")))
    assert lives[0] == lives[1]


def test_where_the_steps_have_changed_the_way_keeps_to_the_new_ones() -> None:
    made, market = venue(tick=D("0.01"))
    made.change_market(M, market.spec.changed(tick=D("0.25")))
    made.helm.move_price(M, D(110), 10 * MINUTE)
    live(made, 10 * MINUTE)
    assert market.last_price == 110
    moved = {trade.price for trade in market.trades() if trade.timestamp > NOON}
    made.helm.play(M, [row(number, 110, 117, 105, 106, 1000) for number in range(10, 40, 5)], 5 * MINUTE)
    live(made, 60 * MINUTE)
    played = {trade.price for trade in market.trades() if trade.timestamp > NOON}
    assert len(moved) > 20 and len(played) > 7
    assert not any(price % D("0.25") for price in moved | played)
    assert_balanced(made)


# The book


def test_the_book_has_as_many_prices_as_are_wanted() -> None:
    made, market = venue()
    for levels in (1, 3, 45, 200):
        made.helm.shape_book(M, BookShape(levels=levels))
        assert [len(side) for side in market.book()] == [levels, levels]
        assert len({level.price for level in market.book()[1]}) == levels
    made.helm.move_price(M, D(101), MINUTE)
    made.helm.shape_book(M, BookShape(levels=10))
    live(made, MINUTE)
    assert all(10 <= len(side) <= 14 for side in market.book())
    assert_balanced(made)


def test_the_best_prices_are_as_far_apart_as_is_wanted() -> None:
    made, market = venue()
    made.helm.shape_book(M, BookShape(width=0.02))
    assert (market.best_bid, market.best_ask) == (99, 101)
    made.helm.move_price(M, D(200))
    assert (market.best_bid, market.best_ask) == (198, 202)
    made.live = True
    live(made, MINUTE)
    bid, ask = market.best_bid, market.best_ask
    assert bid is not None and ask is not None
    assert D("0.018") < (ask - bid) / bid < D("0.03")


def test_the_orders_are_as_large_as_is_wanted() -> None:
    made, market = venue(max_amount=D(10) ** 6)
    sums = []
    for size in (0.01, 1.0, 100.0):
        made.helm.shape_book(M, BookShape(levels=100, size=size))
        sums.append(sum(level.amount for level in market.book()[0]))
    assert sums[0] * 10 < sums[1] < sums[2] / 20


def test_orders_of_accounts_stay_when_the_book_is_placed_anew() -> None:
    made, market = venue()
    order = made.place("ann", M, "buy", D("99.9"), D(1))
    made.helm.shape_book(M, BookShape(levels=3))
    assert order.status == "open"
    assert order.price in [level.price for level in market.book()[0]]


def test_a_market_without_a_history_begins_with_that_book() -> None:
    made = engine(spec(), clock=HandClock(NOON), horizons=[(MINUTE, 10)])
    market = made.markets[M]
    made.helm.shape_book(M, BookShape(levels=7, width=0.01))
    assert not market.is_warm
    assert [len(side) for side in market.book()] == [7, 7]
    assert market.best_ask == D("100.5")


def test_on_finer_ticks_the_makers_go_on_with_the_orders_that_they_have() -> None:
    made, market = venue()
    made.helm.move_price(M, D(100))
    made.change_market(M, market.spec.changed(tick=D("0.001")))
    before, newest = makers(market), market.trades(1)[0].id
    for price in ("100.002", "99.95", "100.004"):
        made.helm.move_price(M, D(price))
        bids, asks = market.book()
        assert bids[0].price < D(price) < asks[0].price
    since = [trade.price for trade in reversed(market.trades(9)) if trade.id > newest]
    assert since == [D("100.002"), D("99.95"), D("100.004")]  # and nothing that they left in the way
    assert len(makers(market) & before) > 60


def makers(market: Market) -> set[int]:
    return {order.id for side in ("buy", "sell") for order in market.standing(side)}  # type: ignore[arg-type]
