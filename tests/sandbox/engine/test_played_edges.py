"""Candles that are given or left out while one of them goes on, and trades at the edge of the past."""

from __future__ import annotations

from decimal import Decimal

from ccxt_ext.sandbox.engine import BookShape, Engine, OhlcvRow
from ccxt_ext.sandbox.engine.synthetic.path import grid, points
from ccxt_ext.sandbox.engine.synthetic.rows import TickRow
from tests.sandbox.engine.played_candles import MINUTE, NOON, live, row, told
from tests.sandbox.engine.small_venue import HandClock, assert_balanced, engine, spec

D = Decimal
M = "AAA_BBB"
FALLING = row(0, 100, 100, 90, 91, 40)  # 100 at once, 90 after 29.5 seconds, 91 after 59


def venue(begin: int, *rows: OhlcvRow) -> Engine:
    made = engine(spec(), clock=HandClock(begin), horizons=[(MINUTE, 10)])
    made.helm.shape_book(M, BookShape(levels=9))
    if rows:
        made.helm.play(M, rows, MINUTE)
    return made


def stop_at(made: Engine, price: int) -> Decimal | None:
    """Where a stop is filled, a minute later."""
    order = made.place("ann", M, "sell", None, D("0.1"), type="market", trigger_price=D(price))
    live(made, MINUTE)
    return order.average


def test_how_many_rows_have_not_begun() -> None:
    made = venue(NOON - 1, FALLING, row(1, 91, 91, 91, 91), row(3, 91, 92, 91, 91))
    market = made.markets[M]
    left = []
    for ms in (0, 1, 30_000, 29_999, 1, 59_999, 60_000, 1, 30_000, MINUTE):
        live(made, ms)
        left.append(market.rows_left)
    assert left == [3, 2, 2, 2, 1, 1, 1, 0, 0, 0]


def test_given_in_the_midst_of_a_candle_it_is_gone_through_from_there() -> None:
    made = venue(NOON + 10_000, FALLING)
    assert made.markets[M].rows_left == 0
    assert stop_at(made, 95) == D("94.99")


def test_given_before_a_candle_its_first_price_is_a_jump() -> None:
    made = venue(NOON - 30_000)
    price = made.markets[M].last_price
    made.helm.play(M, [row(0, price - 10, price - 10, price - 10, price - 10)], MINUTE)
    order = made.place("ann", M, "sell", None, D("0.1"), type="market", trigger_price=price - 5)
    live(made, MINUTE)
    assert order.average == price - 10 - D("0.01")


def test_what_comes_after_time_that_was_left_out_is_a_jump() -> None:
    made = venue(
        NOON - 1, row(0, 100, 104, 80, 81, 40)
    )  # 104, 80 and 81 follow after 19.7, 39.3 and 59 seconds
    live(made, 10_000)
    made.clock.advance(20_000)
    made.markets[M].driver.skip(made.clock.now())  # what was at 104
    assert made.markets[M].last_price == 100
    assert stop_at(made, 95) == D("79.99")


def test_time_is_left_out_up_to_the_last_second_of_a_candle() -> None:
    made = venue(NOON - 1, FALLING, row(1, 91, 91, 91, 91))
    made.clock.advance(59_501)
    made.markets[M].driver.skip(made.clock.now())
    assert made.markets[M].rows_left == 1
    live(made, MINUTE)
    assert told(made, M, MINUTE, NOON) == [row(1, 91, 91, 91, 91)]


def test_a_stop_on_the_way_takes_a_part_of_the_volume_that_there_is() -> None:
    made = venue(NOON - 1, row(0, 100, 100, 90, 90, "0.4"))
    live(made, 10_000)
    stop_at(made, 95)
    [candle] = told(made, M, MINUTE, NOON)
    assert candle.volume == D("0.4") + D("0.1")
    trades = [(trade.price, trade.amount) for trade in made.markets[M].trades() if trade.timestamp >= NOON]
    assert sorted(trades) == [(90, D("0.1")), (D("94.99"), D("0.1")), (95, D("0.1")), (100, D("0.2"))]


def test_an_own_trade_at_the_edge_of_the_single_trades_is_kept_once() -> None:
    for moment in (NOON - MINUTE, NOON - MINUTE - 1, NOON - MINUTE + 1):
        made = venue(moment)
        made.place("ann", M, "buy", None, D("0.1"), type="market")
        [own] = made.fills("ann")
        live(made, NOON + 1 - moment)
        made.helm.play(M, [row(-1, 100, 101, 99, 100), row(0, 100, 100, 100, 100)], MINUTE)
        rows = {candle.timestamp: candle for candle in told(made, M, MINUTE)}
        minute = own.timestamp // MINUTE * MINUTE
        given = 10 if minute == NOON - MINUTE else 0
        assert rows[minute].volume == given + D("0.1")
        assert len([trade for trade in made.markets[M].trades() if trade.price == own.price]) == 1
        assert_balanced(made)


def test_trades_of_the_past_are_told_to_be_bought_when_they_rise_and_sold_when_they_fall() -> None:
    made = venue(NOON, row(-2, 100, 104, 99, 103, 4), row(-1, 103, 103, 101, 101, 4))
    trades = [(trade.price, trade.side) for trade in reversed(made.markets[M].trades())]
    assert trades == [
        (100, "buy"),
        (99, "sell"),
        (104, "buy"),
        (103, "sell"),
        (103, "buy"),
        (101, "sell"),
    ]
    ids = [trade.id for trade in reversed(made.markets[M].trades())]
    assert ids == list(range(ids[0], ids[0] + len(ids)))


def test_own_trades_of_long_ago_are_in_the_candles_of_that_time() -> None:
    begin = NOON - 110 * MINUTE
    made = venue(begin)
    for _ in range(2):
        made.place("ann", M, "buy", None, D("0.1"), type="market")
        live(made, 55 * MINUTE)
    first, second = reversed(made.fills("ann"))
    rows = [row(number, 100, 104, 99, 103) for number in range(-120, 0)]
    made.helm.play(M, rows, MINUTE)
    candles = {candle.timestamp: candle for candle in told(made, M, MINUTE)}
    assert candles.keys() == {each.timestamp for each in rows}
    for given in rows:
        own = [each for each in (first, second) if each.timestamp == given.timestamp]
        assert candles[given.timestamp].volume == given.volume + sum(each.amount for each in own)
    times = [trade.timestamp for trade in made.markets[M].trades()]
    assert times == sorted(times, reverse=True)
    assert_balanced(made)


def test_the_latest_trades_of_the_past_are_known_one_by_one() -> None:
    made = venue(NOON, *(row(number, 100, 100, 100, 100) for number in range(-400, 0)))
    assert len(made.markets[M].trades()) == 300


def test_between_the_turns_of_larger_candles_prices_are_on_the_markets_own_steps() -> None:
    made = venue(NOON - 1)
    made.change_market(M, made.markets[M].spec.changed(tick=D("0.05")))
    made.helm.play(M, [OhlcvRow(NOON, D(100), D("100.45"), D(100), D("100.45"), D(10))], 5 * MINUTE)
    live(made, 5 * MINUTE)
    trades = [trade for trade in reversed(made.markets[M].trades()) if trade.timestamp >= NOON]
    # It goes from 100 to 100.45 within 299 seconds.
    assert [trade.price for trade in trades] == [
        D("100.00"),
        D("100.05"),
        D("100.15"),
        D("100.25"),
        D("100.35"),
        D("100.45"),
    ]


def test_there_is_a_trade_a_minute_but_no_more_than_1440_in_a_candle() -> None:
    assert list(grid(5 * MINUTE)) == [MINUTE, 2 * MINUTE, 3 * MINUTE, 4 * MINUTE]
    assert len(grid(1440 * MINUTE)) == 1439
    week = grid(7 * 1440 * MINUTE)
    assert (week.step, len(week)) == (7 * MINUTE, 1439)
    assert grid(1441 * MINUTE).step == 2 * MINUTE


def test_the_volume_of_a_larger_candle_is_spread_over_as_many_trades_as_it_suffices_for() -> None:
    row = TickRow(0, 100, 110, 100, 110, 5)
    path = points(row, 10 * MINUTE)
    assert [(point.at, point.ticks, point.steps) for point in path] == [
        (0, 100, 1),
        (60_000, 101, 1),
        (240_000, 104, 1),
        (420_000, 107, 1),
        (599_000, 110, 1),
    ]
    path = points(row._replace(volume=25), 10 * MINUTE)
    assert [point.steps for point in path] == [3, 3, 3, 2, 2, 2, 2, 2, 2, 2, 2]
    assert [point.at for point in path[:-1]] == [minute * MINUTE for minute in range(10)]
