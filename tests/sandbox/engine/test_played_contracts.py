"""Candles that are given to contracts, and prices that somebody sets there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ccxt_ext.sandbox.engine import BookShape, Engine, Market
from tests.sandbox.engine.contract_trading import LINEAR, linear, position, refused
from tests.sandbox.engine.played_candles import MINUTE, NOON, live, row, told
from tests.sandbox.engine.small_venue import HOUR, HandClock, assert_balanced, engine

D = Decimal


def playing(*rows: Any, **changes: Any) -> tuple[Engine, Market]:
    made = engine(linear(**changes), clock=HandClock(NOON - 30_000))
    made.helm.shape_book(LINEAR, BookShape(levels=9))
    made.helm.play(LINEAR, rows, MINUTE)
    return made, made.markets[LINEAR]


def test_mark_and_index_follow_the_candles() -> None:
    made, market = playing(row(0, 20_000, 20_100, 19_900, 20_050), basis=0.0002, funding_rate=None)
    for at, last in ((31_000, 20_000), (20_000, 19_900), (20_000, 20_100), (20_000, 20_050)):
        live(made, at)
        assert market.last_price == last
        for price in (market.mark_price, market.index_price):
            assert abs(price - last) < last * D("0.001")


@pytest.mark.parametrize(
    ("side", "exits", "price"),
    [
        ("buy", {"stop_loss": D(19_500)}, "19499.75"),
        ("buy", {"take_profit": D(20_500)}, "20499.75"),
        ("sell", {"stop_loss": D(20_500)}, "20500.25"),
        ("sell", {"take_profit": D(19_500)}, "19500.25"),
    ],
)
def test_stop_losses_and_take_profits_are_reached_on_the_path(side: Any, exits: Any, price: str) -> None:
    made, _ = playing(row(0, 20_000, 21_000, 19_000, 20_000))
    live(made, 31_000)
    made.place("ann", LINEAR, side, None, D("0.0001"), type="market", leverage=D(2), **exits)
    live(made, MINUTE)
    assert made.positions("ann") == []
    assert made.fills("ann")[0].price == D(price)
    assert_balanced(made)


def test_who_cannot_bear_the_way_is_liquidated_though_the_candle_ends_well() -> None:
    made, _ = playing(row(0, 20_000, 20_000, 15_000, 20_000))
    live(made, 31_000)
    made.place("ann", LINEAR, "buy", None, D("0.01"), type="market", leverage=D(10), margin_mode="isolated")
    live(made, MINUTE)
    [closed] = made.closed_positions("ann")
    assert closed.reason == "liquidated"
    assert_balanced(made)


def test_funding_is_paid_at_the_price_of_the_path() -> None:
    rows = [row(60 * hour, *[20_000 + 100 * hour] * 4) for hour in range(10)]
    made, _ = playing(*rows)
    live(made, 31_000)
    made.place("ann", LINEAR, "buy", None, D("0.01"), type="market", leverage=D(2))
    live(made, 9 * HOUR)
    [payment] = made.funding_payments("ann")
    assert payment.timestamp == NOON + 4 * HOUR  # at 16:00
    # Of the same instant, it comes before the candle that opens.
    assert payment.amount == D("0.01") * 20_300 * D("0.001")
    assert position(made).mark_price == 20_900
    assert told(made, LINEAR, MINUTE)[1:] == rows[1:]
    assert_balanced(made)


def test_a_price_that_is_set_liquidates_at_once() -> None:
    made = engine(linear(), clock=HandClock(NOON))
    made.helm.move_price(LINEAR, D(20_000))
    made.place("ann", LINEAR, "buy", None, D("0.01"), type="market", leverage=D(10), margin_mode="isolated")
    stop = made.place("bob", LINEAR, "sell", None, D("0.01"), type="market", trigger_price=D(19_000))
    made.helm.move_price(LINEAR, D(15_000))
    assert made.closed_positions("ann")[0].reason == "liquidated"
    assert stop.average is not None and D(14_900) < stop.average < 15_000
    assert_balanced(made)


def test_a_contract_that_has_ended_is_moved_no_more() -> None:
    expiry = NOON + 2 * MINUTE
    rows = [row(number, *[20_000 + number] * 4) for number in range(9)]
    made, market = playing(*rows, expiry_ms=expiry, funding_interval_ms=None, basis=0.0)
    live(made, 9 * MINUTE)
    assert market.last_price == 20_001
    refused("market_closed", lambda: made.helm.move_price(LINEAR, D(1)))
