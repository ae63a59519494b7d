from __future__ import annotations

import pickle
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccxt_ext.sandbox.engine import Candle, Engine, Side, Trade
from ccxt_ext.sandbox.engine.exact import add, multiply
from ccxt_ext.sandbox.engine.trading import tape as tape_module
from ccxt_ext.sandbox.engine.trading.candles import Rows
from ccxt_ext.sandbox.engine.trading.columns import Ints
from ccxt_ext.sandbox.engine.trading.day import DAY_MS
from ccxt_ext.sandbox.engine.trading.tape import Day, Tape
from tests.sandbox.engine.small_venue import MINUTE, START_MS, HandClock, engine, spec

M = "AAA_BBB"

GAPS = st.lists(
    st.tuples(st.integers(0, 3 * DAY_MS // 4), st.integers(1, 10**6), st.integers(1, 10**6), st.booleans()),
    max_size=40,
)
STEPS = st.sampled_from([MINUTE, 5 * MINUTE, 45 * MINUTE, DAY_MS])


def naive_candles(trades: list[Trade], step: int) -> list[Candle]:
    candles = []
    for start in sorted({trade.timestamp // step * step for trade in trades}):
        inside = [trade for trade in trades if start <= trade.timestamp < start + step]
        prices = [trade.price for trade in inside]
        volume = quote = Decimal(0)
        for trade in inside:
            volume = add(volume, trade.amount)
            quote = add(quote, multiply(trade.amount, trade.price))
        candles.append(
            Candle(start, prices[0], max(prices), min(prices), prices[-1], volume, quote, len(inside))
        )
    return candles


def naive_day(trades: list[Trade], after: int) -> Day:
    inside = [trade for trade in trades if trade.timestamp > after]
    volume = quote = Decimal(0)
    for trade in inside:
        volume = add(volume, trade.amount)
        quote = add(quote, multiply(trade.amount, trade.price))
    prices = [trade.price for trade in inside]
    return Day((prices[0], max(prices), min(prices)) if prices else None, volume, quote)


def made_trade(number: int, price: int, amount: int, now: int) -> Trade:
    """With more digits than the market has, so that the tape has to become finer now and then."""
    scales = (-2, -8) if price % 5 == 0 else (0, -1)
    side: Side = "buy" if amount % 2 else "sell"
    return Trade(number, M, Decimal(price).scaleb(scales[0]), Decimal(amount).scaleb(scales[1]), side, now)


@given(GAPS, STEPS)
def test_candles_and_ticker_equal_a_recomputation_whenever_they_are_asked(
    gaps: list[tuple[int, int, int, bool]], step: int
) -> None:
    trades: list[Trade] = []
    tape, now = Tape(spec()), START_MS
    for number, (gap, price, amount, ask) in enumerate(gaps):
        now += gap
        trades.append(made_trade(number, price, amount, now))
        tape.add(trades[-1])
        if ask:
            assert tape.candles(step, 0, now) == naive_candles(trades, step)
            assert tape.day(now + gap) == naive_day(trades, now + gap - DAY_MS)
            now += gap
    assert tape.candles(step, 0, now) == naive_candles(trades, step)
    assert tape.candles(MINUTE, 0, now) == naive_candles(trades, MINUTE)
    assert tape.day(now) == naive_day(trades, now - DAY_MS)
    assert tape.newest() == trades[::-1] == list(tape.each())
    assert list(tape.each(newest_first=False)) == trades


@pytest.fixture(scope="module")
def few_are_kept() -> Iterator[int]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tape_module, "TRADES_KEPT", 8)
        yield 8


@given(gaps=GAPS, step=STEPS, before=st.integers(0, 12))
def test_what_is_not_kept_is_in_the_candles_and_the_ticker(
    few_are_kept: int, gaps: list[tuple[int, int, int, bool]], step: int, before: int
) -> None:
    trades: list[Trade] = []
    tape, now = Tape(spec()), START_MS
    for number, (gap, price, amount, ask) in enumerate(gaps):
        if number == before:
            tape.bound()
        now += gap // 100
        trades.append(made_trade(number, price, amount, now))
        tape.add(trades[-1])
        if ask:
            assert tape.candles(step, 0, now) == naive_candles(trades, step)
            check_day(tape, trades, now)
    assert tape.candles(step, 0, now) == naive_candles(trades, step)
    assert tape.newest() == trades[::-1][: len(tape)]
    if len(gaps) > before:
        assert min(few_are_kept, len(gaps)) <= len(tape) < few_are_kept * 5 // 4
    check_day(tape, trades, now)
    check_day(tape, trades, now + DAY_MS // 2)


def test_a_long_history_is_dropped_little_by_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tape_module, "TRADES_KEPT", 8)
    monkeypatch.setattr(tape_module, "DROPPED_AT_ONCE", 3)
    monkeypatch.setattr(tape_module, "COUNTED_AT_ONCE", 2)
    counted, count = [], Rows.trade

    def noted(self: Rows, times: Ints, *numbers: Any) -> None:
        counted.append(len(times))
        count(self, times, *numbers)

    monkeypatch.setattr(Rows, "trade", noted)
    tape, start = Tape(spec()), START_MS // MINUTE * MINUTE
    trades = [made_trade(number, 1 + number % 5, 1, start + number * MINUTE // 2) for number in range(40)]
    for trade in trades[:20]:
        tape.add(trade)
    tape.bound()
    assert len(tape) == 20
    lengths = []
    for trade in trades[20:]:
        tape.add(trade)
        lengths.append(len(tape))
    assert lengths[:7] == [18, 16, 14, 12, 10, 8, 9]
    assert counted[:12] == [3, 2, *[1, 2] * 5]  # what is dropped, and what follows it
    assert sum(counted[:12]) == 20
    assert max(lengths[5:]) == 9
    assert tape.newest() == trades[::-1][: lengths[-1]]
    assert tape.candles(MINUTE, 0, start + 40 * MINUTE) == naive_candles(trades, MINUTE)


def check_day(tape: Tape, trades: list[Trade], now: int) -> None:
    """Exact to the millisecond if all trades of the day are kept, else to the minute."""
    dropped = trades[: len(trades) - len(tape)]
    after = now - DAY_MS
    if dropped and dropped[-1].timestamp > after:
        after = (after // MINUTE + 1) * MINUTE - 1
    assert tape.day(now) == naive_day(trades, after)


def test_the_time_of_a_price(few_are_kept: int) -> None:
    tape = Tape(spec())
    tape.bound()
    start = START_MS // MINUTE * MINUTE
    for number, price in enumerate([50, 7, 60, *[30] * 20, 40, 30]):
        tape.add(Trade(number, M, Decimal(price), Decimal(1), "buy", start + number * MINUTE + 5))
    assert len(tape) <= 10
    assert tape.last_time_at(Decimal(40)) == start + 23 * MINUTE + 5
    assert tape.last_time_at(Decimal(7)) == start + MINUTE
    assert tape.last_time_at(Decimal(8)) is tape.last_time_at(Decimal("7.0001")) is None


# A past that is given


def candle(start: int, *numbers: Any) -> Candle:
    opening, high, low, close, volume, quote_volume = (Decimal(str(number)) for number in numbers)
    return Candle(start, opening, high, low, close, volume, quote_volume, 3)


def test_a_given_past_takes_the_place_of_another() -> None:
    start = START_MS // DAY_MS * DAY_MS
    tape = Tape(spec())
    for number in range(180):
        tape.add(Trade(number, M, Decimal(90 + number % 7), Decimal(2), "buy", start + number * 20_000))
    tape.bound()
    until = start + 50 * MINUTE + 20_000
    assert len(tape.candles(5 * MINUTE, start, until)) == 11
    own = Trade(4, M, Decimal(200), Decimal("0.5"), "sell", start + MINUTE + 77)
    alone = Trade(5, M, Decimal(10), Decimal("0.5"), "sell", start + 3 * MINUTE + 77)
    given = [
        candle(start, 10, 12, 9, 11, 5, "50.123456789"),
        candle(start + MINUTE, 11, 11, "10.001", 11, 1, 11),
        candle(start + 2 * MINUTE, 11, 11, 11, 11, 0, 0),
        candle(start + 50 * MINUTE, 20, 21, 19, 20, 6, 120),
    ]
    tape.replace_past(given, MINUTE, until, [own, alone])
    end = start + 60 * MINUTE
    widened = candle(start + MINUTE, 11, 200, "10.001", 11, "1.5", 111)._replace(trades=4)
    present = Candle(
        start + 50 * MINUTE, *map(Decimal, (20, 95, 19, 95, 10, 120 + 2 * 94 + 2 * 95)), trades=5
    )
    rows = tape.candles(MINUTE, start, end)
    assert rows[:5] == [
        given[0],
        widened,
        given[2],
        Candle(start + 3 * MINUTE, *[Decimal(10)] * 4, Decimal("0.5"), Decimal(5), 1),
        present,
    ]
    assert len(rows) == 5 + 9
    assert tape.candles(5 * MINUTE, start, start)[0][1:5] == (10, 200, 9, 10)
    assert [trade.id for trade in tape.each(newest_first=False)] == [4, 5, *range(151, 180)]
    assert tape.last_price == 90 + 179 % 7
    day = tape.day(end)
    assert day.prices == (10, 200, 9) and day.base_volume == 12 + 1 + 2 * 29
    # A day later, all trades of a day are known one by one again.
    late = end + DAY_MS - 15_000
    assert tape.day(late) == naive_day(tape.newest()[::-1], late - DAY_MS)


def test_candles_of_a_larger_step_stay_as_they_are() -> None:
    start = START_MS // DAY_MS * DAY_MS
    tape = Tape(spec())
    tape.add(Trade(1, M, Decimal(90), Decimal(2), "buy", start))
    given = [candle(start + hour * 60 * MINUTE, 10, 12 + hour, 9, 11, 5, 50) for hour in range(3)]
    own = Trade(1, M, Decimal(5), Decimal(1), "buy", start + 59 * MINUTE)
    tape.replace_past(given, 60 * MINUTE, start + 3 * 60 * MINUTE, [own])
    expected = [candle(start, 10, 12, 5, 11, 6, 55)._replace(trades=4), *given[1:]]
    assert tape.candles(60 * MINUTE, 0, start + DAY_MS) == expected
    assert tape.candles(MINUTE, 0, start + DAY_MS) == expected
    assert tape.candles(DAY_MS, 0, start + DAY_MS)[0][1:5] == (10, 14, 5, 11)
    assert tape.last_price == 11
    tape.add(Trade(2, M, Decimal(7), Decimal(1), "buy", start + 3 * 60 * MINUTE))
    assert tape.candles(60 * MINUTE, 0, start + DAY_MS)[-1][1:5] == (7, 7, 7, 7)


@pytest.mark.parametrize(
    ("starts", "step"),
    [
        ([MINUTE, 0], MINUTE),
        ([0, 0], MINUTE),
        ([1], MINUTE),
        ([0], 1000),
        ([MINUTE], 5 * MINUTE),
        ([DAY_MS], MINUTE),
    ],
)
def test_a_past_in_disorder_is_refused(starts: list[int], step: int) -> None:
    tape = Tape(spec())
    tape.add(Trade(1, M, Decimal(90), Decimal(2), "buy", 5))
    with pytest.raises(ValueError, match="candles"):
        tape.replace_past([candle(start, 1, 1, 1, 1, 1, 1) for start in starts], step, DAY_MS)
    assert len(tape.candles(MINUTE, 0, DAY_MS)) == len(tape) == 1


def test_a_candle_lasts_a_number_of_minutes() -> None:
    for step in (0, -MINUTE, 1000, MINUTE + 1):
        with pytest.raises(ValueError, match="number of minutes"):
            Tape(spec()).candles(step, 0, DAY_MS)


def test_numbers_that_do_not_fit_into_eight_bytes() -> None:
    tape, trades = Tape(spec()), []
    for number in range(40):
        price, amount = Decimal("123456789012.34") + number, Decimal(10) ** (6 + number // 10 * 4)
        trades.append(Trade(number, M, price, amount, "sell", START_MS + number * 30_000))
        tape.add(trades[-1])
    assert tape.newest() == trades[::-1]
    assert tape.candles(5 * MINUTE, 0, 2 * START_MS) == naive_candles(trades, 5 * MINUTE)
    assert tape.day(START_MS + MINUTE) == naive_day(trades, 0)
    state = pickle.loads(pickle.dumps(tape))
    for each in (tape, state):
        each.add(trades[-1]._replace(id=41, amount=Decimal(3)))
    assert state.candles(MINUTE, 0, 2 * START_MS) == tape.candles(MINUTE, 0, 2 * START_MS)
    assert state.newest() == tape.newest()


def traded(*trades: tuple[int, str, str]) -> Engine:
    """An engine where bob sold to ann at these minutes, prices and amounts."""
    clock = HandClock(100 * DAY_MS)
    made = engine(clock=clock)
    for minute, price, amount in trades:
        clock.advance(clock.start_ms + minute * MINUTE - clock.now())
        made.place("bob", M, "sell", Decimal(price), Decimal(amount))
        made.place("ann", M, "buy", Decimal(price), Decimal(amount))
    return made


def test_both_ends_of_a_range_are_included_and_empty_steps_are_left_out() -> None:
    made = traded((0, "10", "1"), (1, "11", "2"), (1, "9", "1"), (4, "12", "1"))
    start = made.clock.start_ms
    market = made.markets[M]
    one, two = Decimal(1), Decimal(2)
    assert market.candles(MINUTE, start, start + 4 * MINUTE) == [
        Candle(start, 10 * one, 10 * one, 10 * one, 10 * one, one, 10 * one, 1),
        Candle(start + MINUTE, 11 * one, 11 * one, 9 * one, 9 * one, 3 * one, 31 * one, 2),
        Candle(start + 4 * MINUTE, 12 * one, 12 * one, 12 * one, 12 * one, one, 12 * one, 1),
    ]
    assert len(market.candles(MINUTE, start, start + 4 * MINUTE - 1)) == 2
    assert len(market.candles(MINUTE, start + 1, start + 4 * MINUTE)) == 2
    assert market.candles(MINUTE, start + 2 * MINUTE, start + 3 * MINUTE) == []
    assert market.candles(MINUTE, start + 5, start) == []
    made.place("bob", M, "sell", two, one)
    made.place("ann", M, "buy", two, one)
    assert market.candles(MINUTE, start + 4 * MINUTE, start + 4 * MINUTE)[0].low == 2
    assert [candle.trades for candle in market.candles(5 * MINUTE, start, start)] == [5]


def test_ticker() -> None:
    made = traded((0, "10", "1"), (1, "12", "2"), (2, "9", "1"), (3, "11", "1"))
    made.place("ann", M, "buy", Decimal(8), Decimal(3))
    made.place("bob", M, "sell", Decimal(13), Decimal(4))
    ticker = made.markets[M].ticker()
    assert (ticker.last, ticker.open, ticker.high, ticker.low) == (11, 10, 12, 9)
    assert (ticker.base_volume, ticker.quote_volume) == (5, 54)
    assert ticker.change == Decimal("0.1")
    assert (ticker.bid, ticker.bid_amount, ticker.ask, ticker.ask_amount) == (8, 3, 13, 4)


def test_the_ticker_forgets_what_is_a_day_old() -> None:
    made = traded((0, "10", "1"), (1, "12", "2"))
    made.clock.advance(DAY_MS - MINUTE)
    ticker = made.markets[M].ticker()
    assert (ticker.open, ticker.low, ticker.base_volume, ticker.change) == (12, 12, 2, 0)
    made.clock.advance(MINUTE)
    ticker = made.markets[M].ticker()
    assert (ticker.last, ticker.open, ticker.high, ticker.low, ticker.base_volume) == (12, 12, 12, 12, 0)


def test_a_blank_market_shows_its_start_price_and_an_empty_book() -> None:
    market = engine(spec(start_price=Decimal(7))).markets[M]
    ticker = market.ticker()
    assert (ticker.last, ticker.open, ticker.high, ticker.low, ticker.change) == (7, 7, 7, 7, 0)
    assert (ticker.bid, ticker.ask, ticker.ask_amount, market.best_bid, market.best_ask) == (None,) * 5
    assert market.trades() == market.candles(MINUTE, 0, START_MS) == []


def test_trades_are_newest_first() -> None:
    market = traded((0, "10", "1"), (1, "12", "2"), (2, "9", "1")).markets[M]
    assert [trade.price for trade in market.trades()] == [9, 12, 10]
    assert [trade.price for trade in market.trades(2)] == [9, 12]
    assert market.trades(0) == []
    assert {trade.side for trade in market.trades()} == {"buy"}
