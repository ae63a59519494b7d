"""Candles that are given to a market."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccxt_ext.sandbox.engine import BadRows, BookShape, Engine, Market, MarketSpec, OhlcvRow, Refused, Trade
from tests.sandbox.engine.played_candles import MINUTE, NOON, live, row, told, walks
from tests.sandbox.engine.small_venue import HandClock, assert_balanced, contract, engine, spec

D = Decimal
M = "AAA_BBB"
HOUR = 60 * MINUTE
SPECS = (spec(), contract(), contract("BTC_USDT", "linear"))
STEPS = (MINUTE, 5 * MINUTE, HOUR)


def venue(made: MarketSpec | None = None, begin: int = NOON - 30_000, **more: Any) -> Engine:
    made_engine = engine(made or spec(), clock=HandClock(begin), **more)
    for market in made_engine.markets.values():
        made_engine.helm.shape_book(market.spec.id, BookShape(levels=9))  # which takes less time
    return made_engine


def playing(*rows: OhlcvRow, begin: int = NOON - 30_000, horizons: Any = ()) -> tuple[Engine, Market]:
    made = venue(begin=begin, horizons=horizons)
    made.helm.play(M, rows, MINUTE)
    return made, made.markets[M]


def traded(rows: Sequence[OhlcvRow]) -> list[OhlcvRow]:
    return [each for each in rows if each.volume]


# Rows in, candles out


@given(st.data())
@settings(max_examples=20, deadline=None)
def test_the_candles_are_those_that_were_given(data: st.DataObject) -> None:
    made_of, step = data.draw(st.sampled_from(SPECS)), data.draw(st.sampled_from(STEPS))
    rows = data.draw(walks(made_of, step))
    made = venue(made_of)
    made.helm.play(made_of.id, rows, step)
    live(made, 9 * step)
    assert told(made, made_of.id, step) == traded(rows)
    assert_balanced(made)


@given(st.data())
@settings(max_examples=20, deadline=None)
def test_also_where_some_of_them_are_of_the_past(data: st.DataObject) -> None:
    made_of, step = data.draw(st.sampled_from(SPECS)), data.draw(st.sampled_from(STEPS))
    rows = data.draw(walks(made_of, step))
    made = venue(made_of, NOON + data.draw(st.integers(-1, 9 * step)), horizons=[(MINUTE, 10)])
    made.helm.play(made_of.id, rows, step)
    begun = [each for each in rows if each.timestamp <= made.clock.now()]
    since = rows[0].timestamp
    assert [each[:2] for each in told(made, made_of.id, step, since)] == [each[:2] for each in traded(begun)]
    live(made, 10 * step)
    assert told(made, made_of.id, step, since) == traded(rows)
    times = [trade.timestamp for trade in made.markets[made_of.id].trades()]
    assert times == sorted(times, reverse=True)
    assert_balanced(made)


@st.composite
def orders(draw: st.DrawFn, made_of: MarketSpec) -> dict[str, Any]:
    ticks = int(made_of.start_price / made_of.tick) + draw(st.integers(-700, 700))
    price = made_of.tick * max(1, ticks)
    order: dict[str, Any] = {
        "account": draw(st.sampled_from(("ann", "bob"))),
        "market_id": made_of.id,
        "side": draw(st.sampled_from(("buy", "sell"))),
        "price": price,
        "amount": made_of.step * draw(st.integers(1, 50)),
    }
    kind = draw(st.sampled_from(("limit", "limit", "market", "stop", "stop limit", "take profit")))
    if kind == "market":
        order |= {"price": None, "type": "market"}
    elif kind != "limit":
        order["trigger_price"] = price
        if kind == "stop":
            order |= {"price": None, "type": "market"}
        if kind == "take profit":
            order["trigger_above"] = order["side"] == "sell"
    return order


def own_trades(made: Engine, market: str) -> list[Trade]:
    found = {fill.id: fill for name in made.accounts for fill in made.fills(name, market)}
    return [
        Trade(fill.id, market, fill.price, fill.amount, fill.side, fill.timestamp) for fill in found.values()
    ]


def assert_told_with_own(made: Engine, market: str, rows: Sequence[OhlcvRow], step: int) -> None:
    """The given candles, and what accounts traded on top of them."""
    given_rows = {each.timestamp: each for each in traded(rows)}
    own: dict[int, list[Trade]] = {}
    for trade in own_trades(made, market):
        own.setdefault(trade.timestamp // step * step, []).append(trade)
    candles = {candle.timestamp: candle for candle in told(made, market, step)}
    assert candles.keys() == given_rows.keys() | own.keys()
    for timestamp, candle in candles.items():
        mine, given_row = own.get(timestamp, []), given_rows.get(timestamp)
        if not mine:
            assert candle == given_row
            continue
        prices = [trade.price for trade in mine] + ([given_row.high, given_row.low] if given_row else [])
        assert (candle.high, candle.low) == (max(prices), min(prices))
        volume = sum((trade.amount for trade in mine), given_row.volume if given_row else D(0))
        assert candle.volume == volume


@given(st.data())
@settings(max_examples=30, deadline=None)
def test_what_accounts_trade_counts_on_top_and_the_books_balance(data: st.DataObject) -> None:
    made_of, step = data.draw(st.sampled_from(SPECS[:1])), data.draw(st.sampled_from(STEPS[:2]))
    rows = [
        each._replace(volume=each.volume and each.volume + made_of.step * 1000)
        for each in data.draw(walks(made_of, step))
    ]
    made = venue(made_of)
    made.helm.play(made_of.id, rows, step)
    for _ in range(data.draw(st.integers(0, 8))):
        try:
            made.place(**data.draw(orders(made_of)))
        except Refused as refused:
            assert refused.reason in ("insufficient_funds", "no_price")
        live(made, data.draw(st.integers(0, 2 * step)))
        assert_balanced(made)
    live(made, 20 * step)
    assert_told_with_own(made, made_of.id, rows, step)
    assert_balanced(made)


@given(st.data())
@settings(max_examples=20, deadline=None)
def test_it_makes_no_difference_how_time_is_cut(data: st.DataObject) -> None:
    rows = data.draw(walks(spec(), MINUTE))
    lives = []
    for cuts in ([10 * MINUTE], data.draw(st.lists(st.integers(0, 40_000), max_size=30))):
        made, market = playing(*rows)
        made.place("ann", M, "buy", rows[0].low, D(1))
        for ms in cuts:
            live(made, ms)
        live(made, NOON - 30_000 + 10 * MINUTE - made.clock.now() if len(cuts) > 1 else 0)
        lives.append((made, market))
    (one, first), (two, second) = lives
    if one.clock.now() == two.clock.now():
        assert first.trades() == second.trades()
        assert first.book() == second.book()
        assert one.fills("ann") == two.fills("ann")


# The path, and who waits along it


def test_the_market_goes_through_the_four_prices_in_order() -> None:
    made, market = playing(row(0, 100, 104, 99, 103, 4), row(1, 103, 104, 90, 91, 4))
    live(made, 3 * MINUTE)
    path = [(trade.timestamp - NOON, trade.price) for trade in reversed(market.trades())]
    assert path == [
        (0, D(100)),
        (19_666, D(99)),  # the low was nearer to the open
        (39_333, D(104)),
        (59_000, D(103)),
        (60_000, D(103)),
        (79_666, D(104)),  # and here the high
        (99_333, D(90)),
        (119_000, D(91)),
    ]
    assert [trade.side for trade in reversed(market.trades())][1:4] == ["sell", "buy", "sell"]


def test_far_from_the_start_price_the_book_is_as_wide_as_its_price_asks() -> None:
    made, market = playing(row(0, 10_000, 10_000, 10_000, 10_000))
    live(made, 31_000)
    bids, asks = market.book()
    assert asks[-1].price - 10_000 > D("0.5") and 10_000 - bids[-1].price > D("0.5")


def test_the_book_stands_a_tick_beside_the_path_and_the_ticker_follows() -> None:
    made, market = playing(row(0, 100, 104, 99, 103, 4), row(1, 120, 121, 119, 120, 8))
    for at, price in ((30_000, 100), (20_000, 99), (20_000, 104), (19_500, 103), (1_000, 120), (20_000, 119)):
        live(made, at)
        assert market.last_price == price
        assert (market.best_bid, market.best_ask) == (D(price) - D("0.01"), D(price) + D("0.01"))
        bids, asks = market.book()
        assert min(len(bids), len(asks)) >= 9
    live(made, HOUR)
    assert (market.ticker().high, market.ticker().low, market.ticker().base_volume) == (121, 99, 12)


@pytest.mark.parametrize(
    ("side", "price"), [("buy", "99.5"), ("sell", "103.5"), ("buy", "99"), ("sell", "104")]
)
def test_an_order_that_the_path_crosses_is_filled_at_its_price(side: Any, price: str) -> None:
    made, _ = playing(row(0, 100, 104, 99, 103, 40))
    live(made, 31_000)
    order = made.place("ann", M, side, D(price), D(3))
    missed = made.place("ann", M, side, D(price) + (D(-10) if side == "buy" else D(10)), D(1))
    live(made, 18_000)
    assert order.status == "open"
    live(made, 40_000)
    assert order.status == "closed"
    assert [fill[4:6] for fill in made.fills("ann")] == [(D(price), D(3))]
    assert made.fills("ann")[0].maker
    assert missed.status == "open"
    assert_told_with_own(made, M, [row(0, 100, 104, 99, 103, 40)], MINUTE)


@pytest.mark.parametrize(
    ("side", "trigger", "filled"), [("sell", "99.5", "99.49"), ("buy", "103.5", "103.51")]
)
def test_a_stop_that_the_path_crosses_is_filled_beside_it(side: Any, trigger: str, filled: str) -> None:
    rows = [row(0, 100, 104, 98, 103, 40)]
    made, _ = playing(*rows)
    live(made, 31_000)
    order = made.place("ann", M, side, None, D("0.1"), type="market", trigger_price=D(trigger))
    live(made, MINUTE)
    assert order.status == "closed"
    assert [fill.price for fill in made.fills("ann")] == [D(filled)]
    assert_told_with_own(made, M, rows, MINUTE)


def test_stops_on_both_sides_of_an_order_are_reached_in_the_order_of_the_path() -> None:
    made, _ = playing(row(0, 100, 100, 90, 91, 40))
    live(made, 31_000)
    stops = [
        made.place("ann", M, "sell", None, D("0.1"), type="market", trigger_price=D(price))
        for price in (93, 97, 95)
    ]
    made.place("ann", M, "buy", D(96), D("0.2"))
    live(made, MINUTE)
    assert [stop.average for stop in stops] == [D("92.99"), D("96.99"), D("94.99")]
    assert [fill.price for fill in reversed(made.fills("ann"))] == [D("96.99"), 96, D("94.99"), D("92.99")]


def test_between_candles_the_market_jumps_and_a_stop_is_filled_behind_the_gap() -> None:
    made, _ = playing(row(0, 100, 100, 100, 100), row(1, 80, 81, 80, 80, 50))
    live(made, 40_000)
    stop = made.place("ann", M, "sell", None, D("0.1"), type="market", trigger_price=D(95))
    resting = made.place("ann", M, "buy", D(90), D(2))
    live(made, MINUTE)
    assert stop.average == D("79.99")
    assert resting.average == 90  # who sold down to 80 has met it on the way


def test_a_volume_too_small_for_a_stop_grows_by_the_least_there_is() -> None:
    made, market = playing(row(0, 100, 100, 90, 90, "0.2"))
    live(made, 40_000)
    made.place("ann", M, "sell", None, D("0.1"), type="market", trigger_price=D(95))
    live(made, MINUTE)
    candle = market.candles(MINUTE, NOON, NOON)[0]
    assert (candle.low, candle.close, candle.volume) == (90, 90, D("0.2") + D("0.1") + D("0.1"))


def test_to_fill_an_order_is_to_be_seen_at_its_price() -> None:
    rows = [row(0, 100, 100, 90, 90, "0.2")]
    made, market = playing(*rows)
    live(made, 40_000)
    made.place("ann", M, "buy", D(95), D("0.1"))
    live(made, MINUTE)
    assert_told_with_own(made, M, rows, MINUTE)
    assert [trade.price for trade in market.trades()] == [90, 95, 100]


def test_a_huge_order_in_the_way_is_filled() -> None:
    made, _ = playing(row(0, 100, 101, 90, 95))
    made.deposit("ann", "BBB", D(10) ** 9)
    orders = [made.place("ann", M, "buy", D(95 - number), D(1000)) for number in range(5)]
    live(made, 2 * MINUTE)
    assert {order.status for order in orders} == {"closed"}
    assert made.balances("ann")["AAA"].free == 10_000 + 5000 - 5
    assert_balanced(made)


def test_a_row_without_a_volume_moves_the_book_and_fills_but_makes_no_candle() -> None:
    made, market = playing(row(0, 100, 100, 100, 100), row(1, 100, 100, 90, 90, 0))
    live(made, 45_000)
    order = made.place("ann", M, "buy", D(95), D(1))
    stop = made.place("ann", M, "sell", None, D(1), type="market", trigger_price=D(92))
    live(made, 3 * MINUTE)
    assert (market.best_bid, market.best_ask) == (D("89.99"), D("90.01"))
    assert [each.volume for each in told(made, M, MINUTE, NOON)] == [10, 1]
    assert order.status == "closed"
    assert stop.status == "open"  # nobody traded there


def test_at_the_end_the_market_stands_still() -> None:
    made, market = playing(row(0, 100, 104, 99, 103))
    live(made, 2 * MINUTE)
    before = market.book(), market.trades()
    assert market.rows_left == 0
    live(made, HOUR)
    assert (market.book(), market.trades()) == before
    made.live = True
    live(made, HOUR)
    assert (market.book(), market.trades()) == before


def test_given_back_the_usual_traders_go_on_from_there() -> None:
    made, market = playing(row(0, 500, 500, 500, 500))
    live(made, 2 * MINUTE)
    made.live = True
    made.helm.give_back(M)
    live(made, 2 * MINUTE)
    assert len(market.trades()) > 100
    assert all(400 < trade.price < 600 for trade in market.trades())
    made.helm.give_back(M)  # which changes nothing
    assert market.driver is market.traders


def test_candles_can_be_given_again() -> None:
    made, _ = playing(row(0, 100, 104, 99, 103), row(1, 103, 103, 103, 103))
    live(made, MINUTE)
    again = [row(0, 50, 51, 50, 50), row(1, 60, 60, 60, 60), row(2, 61, 62, 61, 62)]
    made.helm.play(M, again, MINUTE)
    live(made, 3 * MINUTE)
    assert told(made, M, MINUTE) == again


def test_what_lies_in_skipped_time_is_left_out() -> None:
    rows = [row(number, 100, 104, 99, 103) for number in range(8)]
    made, market = playing(*rows)
    live(made, 2 * MINUTE)
    made.clock.advance(3 * MINUTE)
    market.driver.skip(made.clock.now())
    live(made, 10 * MINUTE)
    assert [each.timestamp for each in told(made, M, MINUTE)] == [
        rows[n].timestamp for n in (0, 1, 4, 5, 6, 7)
    ]
    assert told(made, M, MINUTE)[3:] == rows[5:]


def test_while_the_market_is_halted_candles_are_left_out() -> None:
    rows = [row(number, 100, 104, 99, 103) for number in range(8)]
    made, market = playing(*rows)
    live(made, 2 * MINUTE)
    made.change_market(M, market.spec.changed(active=False))
    live(made, 3 * MINUTE)
    made.change_market(M, market.spec.changed(active=True))
    live(made, 10 * MINUTE)
    assert [each.timestamp for each in told(made, M, MINUTE)] == [
        rows[n].timestamp for n in (0, 1, 4, 5, 6, 7)
    ]
    assert told(made, M, MINUTE)[3:] == rows[5:]


def test_what_comes_late_has_its_own_time() -> None:
    rows = [row(number, 100, 104, 99, 103) for number in range(8)]
    made, _ = playing(*rows)
    for _ in range(40):
        made.clock.advance(14_321)
        made.act(made.driven(None))
    assert told(made, M, MINUTE) == rows


def test_what_is_late_when_time_is_passed_is_made_up_for() -> None:
    rows = [row(number, 100, 104, 99, 103) for number in range(8)]
    made, _ = playing(*rows)
    made.clock.advance(200_000)  # in which nobody has moved the market
    live(made, 10 * MINUTE)
    assert told(made, M, MINUTE) == rows


def test_an_order_meets_the_market_where_it_is_by_now() -> None:
    made, _ = playing(row(0, 100, 104, 99, 103, 40))
    made.clock.advance(50_000)  # and nobody has moved the market yet
    order = made.place("ann", M, "sell", None, D("0.1"), type="market")
    assert order.average == D("98.99")
    assert order.created == NOON + 20_000


# The past


def test_the_past_is_replaced_but_for_what_accounts_traded() -> None:
    made = venue(begin=NOON, horizons=[(MINUTE, 60)])
    market = made.markets[M]
    ask = market.best_ask
    made.place("ann", M, "buy", None, D("0.1"), type="market")
    live(made, 5 * MINUTE)
    own = made.fills("ann")
    rows = [row(number, 200, 210, 190, 205) for number in range(-30, 5)]
    made.helm.play(M, rows, MINUTE)
    candles = told(made, M, MINUTE)
    changed = row(0, 200, 210, ask, 205, "10.1")
    assert candles == [each if each.timestamp != NOON else changed for each in rows]
    assert made.fills("ann") == own
    assert own[0].id in {trade.id for trade in market.trades()}
    assert market.last_price == 205
    assert (market.best_bid, market.best_ask) == (D("204.99"), D("205.01"))
    assert len(market.trades(100)) == 100
    ticker = market.ticker()
    assert (ticker.last, ticker.open, ticker.high, ticker.low) == (205, 200, 210, ask)
    assert ticker.base_volume == 350 + D("0.1")
    assert_balanced(made)


def test_a_past_without_rows_stays() -> None:
    made = venue(horizons=[(MINUTE, 60)])
    before = made.markets[M].trades()
    made.helm.play(M, [row(1, 100, 101, 99, 100)], MINUTE)
    assert made.markets[M].trades() == before


def test_what_stands_in_the_way_of_the_new_price_is_filled_now() -> None:
    made = venue(begin=NOON, horizons=[(MINUTE, 60)])
    bid = made.place("ann", M, "buy", D(99), D(2))
    ask = made.place("ann", M, "sell", D(110), D(2))
    made.helm.play(M, [row(-1, 90, 91, 89, 90)], MINUTE)
    assert (bid.status, bid.average, ask.status) == ("closed", D(99), "open")
    assert made.markets[M].last_price == 90
    assert_balanced(made)


def test_of_larger_rows_the_past_has_minutes_too() -> None:
    rows = [OhlcvRow(NOON + n * HOUR, D(100), D(110), D(95), D(105), D(100)) for n in range(-48, 0)]
    made = venue(begin=NOON, horizons=[(MINUTE, 60)])
    made.helm.play(M, rows, HOUR)
    assert told(made, M, HOUR) == rows
    minutes = told(made, M, MINUTE)
    assert (
        len([each for each in minutes if each.timestamp >= NOON - HOUR]) == 60
    )  # the latest have their trades
    assert [each.timestamp for each in minutes][:3] == [row.timestamp for row in rows[:3]]
    day = OhlcvRow(rows[0].timestamp, D(100), D(110), D(95), D(105), D(2400))
    assert told(made, M, 24 * HOUR, NOON - 36 * HOUR)[0][2:5] == day[2:5]


# Refusals


def test_what_is_refused_leaves_nothing_behind() -> None:
    made = venue(horizons=[(MINUTE, 10)])
    market = made.markets[M]
    before = market.book(), market.trades(), market.driver
    for rows, step in (
        ([], MINUTE),
        ([row(0, 100, 99, 99, 100)], MINUTE),
        ([row(0, "0.001", 1, "0.001", 1)], MINUTE),
    ):
        with pytest.raises(BadRows):
            made.helm.play(M, rows, step)
    assert (market.book(), market.trades(), market.driver) == before


def test_fitted_rows_are_played() -> None:
    made = venue()
    rows = [OhlcvRow(NOON, D("100.004"), D("103.0061"), D("99.006"), D("101.995"), D("0.17"))]
    with pytest.raises(BadRows, match=r"the open 100.004 is no multiple of AAA/BBB's tick, 0.01"):
        made.helm.play(M, rows, MINUTE)
    made.helm.play(M, rows, MINUTE, fit=True)
    live(made, 2 * MINUTE)
    assert told(made, M, MINUTE, NOON) == [row(0, 100, "103.01", "99.01", 102, "0.4")]


def test_a_closed_market_plays_nothing_and_is_moved_by_nobody() -> None:
    made = venue(spec(active=False))
    for call in (
        lambda: made.helm.play(M, [row(0, 100, 100, 100, 100)], MINUTE),
        lambda: made.helm.move_price(M, D(120)),
        lambda: made.helm.give_back(M),
    ):
        with pytest.raises(Refused) as caught:
            call()
        assert caught.value.reason == "market_closed"
