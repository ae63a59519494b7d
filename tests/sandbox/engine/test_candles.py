from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ccxt_ext.sandbox.engine import Candle, Engine, Trade
from ccxt_ext.sandbox.engine.exact import add, multiply
from ccxt_ext.sandbox.engine.trading.candles import DAY_MS, CandleSeries, RollingDay
from tests.sandbox.engine.small_venue import MINUTE, START_MS, HandClock, engine, spec

M = "AAA_BBB"

GAPS = st.lists(
    st.tuples(st.integers(0, 3 * DAY_MS // 4), st.integers(1, 10**6), st.integers(1, 10**6), st.booleans()),
    max_size=40,
)


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


@given(GAPS, st.sampled_from([1, 60_000, 45 * MINUTE, DAY_MS]))
def test_candles_and_ticker_equal_a_recomputation_whenever_they_are_asked(
    gaps: list[tuple[int, int, int, bool]], step: int
) -> None:
    trades: list[Trade] = []
    series, day = CandleSeries(step, trades), RollingDay(trades)
    now = START_MS
    for number, (gap, price, amount, ask) in enumerate(gaps):
        now += gap
        trades.append(Trade(number, M, Decimal(price).scaleb(-8), Decimal(amount).scaleb(-4), "buy", now))
        if ask:
            assert series.between(0, now) == naive_candles(trades, step)
            assert_day(day, trades, now + gap)
            now += gap
    assert series.between(0, now) == naive_candles(trades, step)
    assert_day(day, trades, now)


def assert_day(day: RollingDay, trades: list[Trade], now: int) -> None:
    day.roll(now)
    inside = [trade for trade in trades if trade.timestamp > now - DAY_MS]
    volume = quote = Decimal(0)
    for trade in inside:
        volume = add(volume, trade.amount)
        quote = add(quote, multiply(trade.amount, trade.price))
    assert (day.base_volume, day.quote_volume) == (volume, quote)
    prices = [trade.price for trade in inside]
    assert day.prices() == ((prices[0], max(prices), min(prices)) if prices else None)


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
