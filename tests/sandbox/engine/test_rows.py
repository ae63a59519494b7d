"""Rows that are given to a market: what is refused, and the trades that make their candles."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccxt_ext.sandbox.engine import BadRows, OhlcvRow
from ccxt_ext.sandbox.engine.synthetic import rows as rows_module
from ccxt_ext.sandbox.engine.synthetic.path import LATEST_TRADES, MOST_POINTS, candle_of, past_of, points
from ccxt_ext.sandbox.engine.synthetic.rows import TickRow, TickRows, check_rows, in_ticks, turns
from tests.sandbox.engine.small_venue import spec

D = Decimal
T = 1_772_323_200_000  # 2026-03-01
MINUTE, DAY = 60_000, 86_400_000
STEPS = (MINUTE, 5 * MINUTE, 60 * MINUTE, DAY)


def row(at: int = 0, *figures: Any) -> OhlcvRow:
    return OhlcvRow(T + at * MINUTE, *(D(str(each)) for each in (figures or (100, 102, 99, 101, 5))))


@pytest.mark.parametrize(
    ("rows", "step", "said"),
    [
        ([], MINUTE, "there are no rows"),
        ([row()], 90_000, "a timeframe is a whole number of minutes"),
        ([row()], 0, "a timeframe is a whole number of minutes"),
        (
            [row(0), row(2), row(1)],
            MINUTE,
            "row 3 (2026-03-01 00:01:00) begins before the row before it does",
        ),
        ([row(0), row(0)], MINUTE, "row 2 (2026-03-01 00:00:00) begins when the row before it does"),
        (
            [row(0), row(7)],
            5 * MINUTE,
            "row 2 (2026-03-01 00:07:00) does not begin where a candle of 5 minutes",
        ),
        (
            [row()._replace(timestamp=T + 1)],
            MINUTE,
            "row 1 (2026-03-01 00:00:00) does not begin where a candle",
        ),
        (
            [row(), row(3 * 1440)],
            2 * DAY,
            "row 2 (2026-03-04 00:00:00) begins within a candle of 2880 minutes",
        ),
        ([row(0, 100, 100, 99, 101, 1)], MINUTE, "row 1 (2026-03-01 00:00:00): the high 100 is below 101"),
        (
            [row(0, 100, 101, 100, "99.5", 1)],
            MINUTE,
            "row 1 (2026-03-01 00:00:00): the low 100 is above 99.5",
        ),
        (
            [row(0, "NaN", 1, 1, 1, 1)],
            MINUTE,
            "row 1 (2026-03-01 00:00:00): the open is NaN, which is no number",
        ),
        ([row(0, 1, 1, 1, 1, "Infinity")], MINUTE, "row 1 (2026-03-01 00:00:00): the volume is Infinity"),
        (
            [row(0, 1, 1, 1, -1, 1)],
            MINUTE,
            "row 1 (2026-03-01 00:00:00): the close is -1, which is not positive",
        ),
        ([row(0, 1, 1, 0, 1, 1)], MINUTE, "row 1 (2026-03-01 00:00:00): the low is 0, which is not positive"),
        ([row(0, 1, 1, 1, 1, -1)], MINUTE, "row 1 (2026-03-01 00:00:00): the volume is -1, which is not"),
        ([row(0, 1, "1e40", 1, 1, 1)], MINUTE, "row 1 (2026-03-01 00:00:00): the high has too many digits"),
    ],
)
def test_what_cannot_be_candles_is_refused_by_the_row(rows: Any, step: int, said: str) -> None:
    with pytest.raises(BadRows) as caught:
        check_rows(rows, step)
    assert str(caught.value).startswith(said)


def test_what_can_be_candles() -> None:
    check_rows([row(0), row(1), row(7)], MINUTE)  # with rows missing
    check_rows([row(0), row(7 * 1440)], 7 * DAY)  # weeks from any day
    check_rows([row(0, 1, 1, 1, 1, 0)], MINUTE)


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_module, "MOST_ROWS", 2)
    check_rows([row(0), row(1)], MINUTE)
    with pytest.raises(BadRows, match="there are 3 rows; 2 are the most"):
        check_rows([row(0), row(1), row(2)], MINUTE)


@pytest.mark.parametrize(
    ("given_row", "said", "fitted"),
    [
        (
            row(0, "100.004", 101, 100, 100, 1),
            "the open 100.004 is no multiple of AAA/BBB's tick, 0.01",
            None,
        ),
        (row(0, 100, "101.005", 100, 100, 1), "the high 101.005 is no multiple of AAA/BBB's tick", None),
        (row(0, 100, 100, "0.001", 100, 1), "the low 0.001 is no multiple of AAA/BBB's tick", (3, 1)),
        (row(0, 100, 100, 100, 100, "0.26"), "the volume 0.26 is no multiple of AAA/BBB's step, 0.1", (5, 3)),
        (row(0, 100, 100, 100, 100, "0.01"), "the volume 0.01 is no multiple of AAA/BBB's step", (5, 1)),
        (
            row(0, 100, 102, 99, 101, "0.3"),
            "the volume 0.3 is too small for trades at 4 prices of 0.1",
            (5, 4),
        ),
    ],
)
def test_off_the_markets_steps(given_row: OhlcvRow, said: str, fitted: tuple[int, int] | None) -> None:
    with pytest.raises(BadRows) as caught:
        in_ticks([row(), given_row], spec(), fit=False)
    assert str(caught.value).startswith(f"row 2 (2026-03-01 00:00:00): {said}")
    assert "fit=true" in str(caught.value)
    [found] = in_ticks([given_row], spec(), fit=True)
    assert found.low <= min(found.open, found.close) <= max(found.open, found.close) <= found.high
    if fitted is not None:
        assert found[fitted[0]] == fitted[1]


def test_no_volume_stays_none() -> None:
    assert in_ticks([row(0, 100, 102, 99, 101, 0)], spec(), fit=True)[0].volume == 0


def test_what_is_too_large_to_be_kept_is_refused() -> None:
    with pytest.raises(BadRows, match="the volume 1000000000000000000000000000000 is too large"):
        in_ticks([row(0, 1, 1, 1, 1, "1e30")], spec(), fit=False)


@pytest.mark.parametrize(
    ("candle", "path"),
    [
        ((10, 14, 8, 12), [10, 8, 14, 12]),  # the low is nearer
        ((10, 12, 6, 7), [10, 12, 6, 7]),  # the high is nearer
        ((10, 12, 8, 11), [10, 8, 12, 11]),  # as near: a candle that rises falls first
        ((10, 12, 8, 9), [10, 12, 8, 9]),  # and one that falls rises first
        ((10, 12, 8, 10), [10, 8, 12, 10]),
        ((10, 12, 10, 12), [10, 12]),
        ((10, 12, 10, 11), [10, 12, 11]),
        ((10, 10, 8, 8), [10, 8]),
        ((10, 12, 8, 8), [10, 12, 8]),
        ((10, 10, 10, 10), [10]),
    ],
)
def test_the_order_in_which_the_prices_of_a_candle_are_walked_through(candle: Any, path: list[int]) -> None:
    assert turns(*candle) == path


@st.composite
def tick_rows(draw: st.DrawFn) -> TickRow:
    prices = st.integers(1, 10_000)
    low, open, close, high = sorted(draw(st.tuples(*[prices] * 4)))
    if draw(st.booleans()):
        open, close = close, open
    volume = draw(st.just(0) | st.integers(4, 5000))
    return TickRow(T, open, high, low, close, volume)


@given(tick_rows(), st.sampled_from(STEPS))
def test_the_trades_of_a_row_make_its_candle(given_row: TickRow, step: int) -> None:
    path = points(given_row, step)
    times, ticks, steps = ([point[n] for point in path] for n in range(3))
    assert times == sorted(set(times))
    assert times[0] == T and times[-1] < T + step
    assert (ticks[0], max(ticks), min(ticks), ticks[-1]) == given_row[1:5]
    assert sum(steps) == given_row.volume
    assert all(steps) == bool(given_row.volume)
    assert max(steps) - min(steps) <= 1
    assert len(path) <= MOST_POINTS + 3


@given(tick_rows().filter(lambda each: each.volume > 300), st.sampled_from((5 * MINUTE, 60 * MINUTE)))
def test_a_larger_candle_has_a_trade_each_minute_and_goes_straight_between(each: TickRow, step: int) -> None:
    path = points(each, step)
    assert {point.at // MINUTE for point in path} == set(range(T // MINUTE, (T + step) // MINUTE))
    assert len(points(each, step, turns_only=True)) == len(turns(*each[1:5]))
    corners = turns(*each[1:5])
    steepest = max((abs(b - a) for a, b in pairwise(corners)), default=0)
    for before, after in pairwise(path):
        fair = D(steepest) * (after.at - before.at) * (len(corners) - 1) / (step - 1000)
        assert abs(after.ticks - before.ticks) <= fair + 2


def test_a_candle_has_the_value_of_its_trades() -> None:
    made = candle_of(points(TickRow(T, 100, 200, 50, 150, 10), MINUTE), T, spec())
    assert made.trades == 4
    assert made[1:6] == (D(1), D(2), D("0.5"), D("1.5"), D(1))
    assert made.quote_volume == (3 * 1 + 3 * D("0.5") + 2 * 2 + 2 * D("1.5")) * D("0.1")


def test_rows_that_are_over_are_candles_and_the_latest_ones_single_trades() -> None:
    rows = [TickRow(T + n * MINUTE, 100, 200, 50, 150 + n, 10 if n % 10 else 0) for n in range(200)]
    now = T + 150 * MINUTE + 25_000
    past = past_of(rows, MINUTE, now, spec())
    assert past.ticks == 50  # that of the row that has begun: its open and its low, without a volume
    assert past.trades[-1].at <= T + 150 * MINUTE
    assert LATEST_TRADES <= len(past.trades) < LATEST_TRADES + 8
    since = past.trades[0].at
    assert [candle.timestamp for candle in past.candles] == [
        row.timestamp for row in rows if row.timestamp < since and row.volume
    ]
    assert past_of(rows, MINUTE, T - 1, spec()) == ([], [], None)
    assert past_of(rows[:1], MINUTE, now, spec()) == ([], [], 150)


def test_many_rows_are_kept_as_they_are() -> None:
    many = [TickRow(T + n * MINUTE, n + 1, n + 9, n + 1, n + 2, n) for n in range(50)]
    kept = TickRows(many)
    assert [kept[n] for n in range(len(kept))] == many
