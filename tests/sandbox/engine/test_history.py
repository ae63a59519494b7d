from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccxt_ext.sandbox.engine import Candle, Engine, Market, Trade
from ccxt_ext.sandbox.engine.synthetic.history import price_path, trade_ages
from tests.sandbox.engine.small_venue import (
    MINUTE,
    SPOT_HORIZONS,
    START_MS,
    HandClock,
    assert_balanced,
    engine,
    spec,
)

M = "AAA_BBB"
DAY = 86_400_000
SMALL_HORIZONS = [(MINUTE, 30), (60 * MINUTE, 30), (30 * DAY, 12)]


@pytest.fixture
def threads_that_switch_often() -> Iterator[None]:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(usual)


@pytest.fixture(scope="module")
def made() -> Engine:
    return engine(spec(), horizons=SPOT_HORIZONS)


def test_every_candle_of_every_horizon_is_there(made: Engine) -> None:
    for step, count in SPOT_HORIZONS:
        candles = made.markets[M].candles(step, START_MS - count * step, START_MS)
        newest = START_MS // step * step
        assert [candle.timestamp for candle in candles] == list(
            range(newest - (count - 1) * step, newest + 1, step)
        )


@settings(deadline=None)
@given(
    st.integers(0, 2**32),
    st.lists(
        st.tuples(st.sampled_from([1, 7, 1000, MINUTE, DAY]), st.integers(1, 20)), min_size=1, max_size=4
    ),
    st.integers(0, 10**12),
)
def test_no_bucket_is_missing_wherever_the_start_falls(
    seed: int, horizons: list[tuple[int, int]], start: int
) -> None:
    times = {start - age for age in trade_ages(Random(seed), horizons)}
    assert start in times
    for step, count in horizons:
        buckets = {time // step for time in times}
        assert buckets >= set(range(start // step - count, start // step + 1))


def test_prices_wander_and_end_on_the_start_price(made: Engine) -> None:
    market = made.markets[M]
    trades = market.trades()
    assert trades[0].price == market.spec.start_price == market.last_price
    assert trades[0].timestamp == START_MS
    assert len({trade.price for trade in trades}) > 1000
    assert {trade.side for trade in trades} == {"buy", "sell"}
    for older, newer in zip(trades[1:], trades, strict=False):
        assert older.timestamp <= newer.timestamp
        assert older.id == newer.id - 1
    assert all(Decimal(20) < trade.price < Decimal(500) for trade in trades)


@given(st.integers(0, 1000), st.integers(1, 50))
def test_a_price_is_never_below_one_tick(seed: int, start_ticks: int) -> None:
    ages = list(range(0, 400 * DAY, 10 * DAY))
    path = price_path(Random(seed), ages, start_ticks, daily_volatility=0.5)
    assert path[0] == start_ticks
    assert min(path) >= 1


def test_the_standing_book_is_deep_narrow_and_still(made: Engine) -> None:
    market = made.markets[M]
    bids, asks = market.book()
    assert len(bids) >= 30
    assert len(asks) >= 30
    assert 0 < asks[0].price - bids[0].price <= 8 * market.spec.tick
    for levels in (bids, asks):
        assert sum(level.count > 1 for level in levels) >= 5
        assert all(level.amount >= market.spec.min_amount for level in levels)
    assert [level.price for level in bids] == sorted((level.price for level in bids), reverse=True)
    assert [level.price for level in asks] == sorted(level.price for level in asks)
    before = market.trades(1), market.book(), market.seq
    made.clock.advance(0)
    assert before == (market.trades(1), market.book(), market.seq)
    assert market.book(5) == (bids[:5], asks[:5])


def test_the_past_is_balanced_and_paid_its_fees(made: Engine) -> None:
    made.warm_up()
    assert_balanced(made)
    journal = made.book_keeping.journal or []
    fees = sum((posting.amount for posting in journal if posting.target == (M, "fees")), Decimal(0))
    assert fees > 0


Seen = tuple[list[Trade], object, list[Candle]]


def seen(market: Market, shift: int = 0) -> Seen:
    """With times relative to the start."""
    start = START_MS + shift
    return (
        [trade._replace(timestamp=trade.timestamp - start) for trade in market.trades()],
        (market.book(), market.seq),
        market.candles(MINUTE, start - 30 * MINUTE, start),
    )


def test_the_same_seed_gives_the_same_at_any_time_of_day() -> None:
    shift = 987_654_321
    one = engine(spec(), horizons=SMALL_HORIZONS)
    two = engine(spec(), horizons=SMALL_HORIZONS)
    later = engine(spec(), clock=HandClock(START_MS + shift), horizons=SMALL_HORIZONS)
    other = engine(spec(), seed=2, horizons=SMALL_HORIZONS)
    assert seen(one.markets[M]) == seen(two.markets[M])
    assert seen(one.markets[M])[:2] == seen(later.markets[M], shift)[:2]
    assert seen(one.markets[M])[0] != seen(other.markets[M])[0]


def test_the_order_of_touching_makes_no_difference() -> None:
    specs = [spec("AAA_BBB"), spec("CCC_BBB"), spec("AAA_CCC")]
    forward, backward = (engine(*specs, horizons=SMALL_HORIZONS) for _ in range(2))
    order = backward.place("ann", "AAA_CCC", "buy", Decimal(1), Decimal(1))
    for market in forward.markets.values():
        market.trades()
    for market in reversed(backward.markets.values()):
        market.trades()
    same = forward.place("ann", "AAA_CCC", "buy", Decimal(1), Decimal(1))
    for name, market in forward.markets.items():
        assert seen(market) == seen(backward.markets[name])
    assert same == order
    assert forward.ledger() == backward.ledger()


def test_markets_differ_and_never_share_a_trade_id() -> None:
    made = engine(spec("AAA_BBB"), spec("CCC_BBB"), horizons=SMALL_HORIZONS)
    one, two = (market.trades() for market in made.markets.values())
    assert [trade.price for trade in one[:50]] != [trade.price for trade in two[:50]]
    assert not {trade.id for trade in one} & {trade.id for trade in two}
    made.place("ann", "AAA_BBB", "buy", Decimal(101), Decimal(1))
    assert made.markets["AAA_BBB"].trades(1)[0].id == one[0].id + 1


def test_warming_up_elsewhere_gives_the_same(threads_that_switch_often: None) -> None:
    specs = [spec("AAA_BBB"), spec("CCC_BBB"), spec("AAA_CCC")]
    here, there = (engine(*specs, horizons=SMALL_HORIZONS) for _ in range(2))
    thread = threading.Thread(target=there.warm_up)
    thread.start()
    for number in range(100):
        name = specs[number % 3].id
        for made in (here, there):
            order = made.place("ann", name, "buy", Decimal(1), Decimal(1))
            made.cancel("ann", order.id)
            assert_balanced(made)
    thread.join()
    for name, market in here.markets.items():
        assert seen(market) == seen(there.markets[name])
    assert here.ledger() == there.ledger()


def test_the_ledger_can_be_read_while_a_past_is_made(threads_that_switch_often: None) -> None:
    made = engine(spec(), horizons=[(MINUTE, 300)])
    thread = threading.Thread(target=made.warm_up)
    thread.start()
    while thread.is_alive():
        assert_balanced(made)
    thread.join()


def test_only_the_market_that_is_touched_gets_its_past() -> None:
    made = engine(spec("AAA_BBB"), spec("CCC_BBB"), horizons=SMALL_HORIZONS)
    made.markets["CCC_BBB"].ticker()
    touched = {
        posting.target[0] for posting in made.book_keeping.journal or [] if posting.target[1] == "fees"
    }
    assert touched == {"CCC_BBB"}


def test_accounts_trade_with_the_standing_book() -> None:
    made = engine(spec(), horizons=SMALL_HORIZONS)
    market = made.markets[M]
    ask = market.book(1)[1][0]
    order = made.place("ann", M, "buy", ask.price, ask.amount)
    assert (order.status, order.filled) == ("closed", ask.amount)
    assert market.best_ask is not None
    assert market.best_ask > ask.price
    assert len(made.fills("ann")) == ask.count
    assert_balanced(made)


@pytest.mark.parametrize(
    "changes",
    [
        {"start_price": Decimal("0.02")},
        {"step": Decimal("0.3"), "min_amount": Decimal(1), "max_amount": Decimal(2)},
        {"step": Decimal("0.3"), "min_amount": Decimal(1), "typical_amount": Decimal("0.4")},
        {"typical_amount": Decimal(900)},
        {"maker_fee": Decimal("-0.0002"), "fee_on": "quote"},
    ],
)
def test_odd_markets_have_a_past_too(changes: dict[str, object]) -> None:
    made = engine(spec(**changes), horizons=SMALL_HORIZONS)
    market = made.markets[M]
    assert market.spec.min_amount <= min(trade.amount for trade in market.trades())
    assert max(trade.amount for trade in market.trades()) <= market.spec.max_amount
    assert market.book()[1]
    assert_balanced(made)
