from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from engine_helpers import MINUTE, HandClock, assert_balanced, engine, spec

from ccxt_ext.sandbox.engine import BookEvent, Engine, Event
from ccxt_ext.sandbox.engine.history import BOOK_LEVELS
from ccxt_ext.sandbox.engine.traders import MOST_AT_A_PRICE, Traders

M = "AAA_BBB"
HORIZONS = [(MINUTE, 10)]


def run(made: Engine, steps: int) -> None:
    for _ in range(steps):
        made.clock.advance(250)
        made.step_traders()


def test_the_traders_trade_place_and_cancel_while_the_book_stays_sound() -> None:
    made = engine(spec(), horizons=HORIZONS)
    heard: list[Event] = []
    made.subscribe(heard.append)
    market = made.markets[M]
    count = len(market.trades())
    prices = set()
    for _ in range(300):
        run(made, 1)
        bids, asks = market.book()
        assert bids[0].price < asks[0].price
        assert len(bids) >= 30
        assert len(asks) >= 30
        assert sum(level.count for level in bids + asks) < 500
        prices.add(market.last_price)
    assert len(market.trades()) > count + 100
    assert len(prices) > 20
    assert all(50 < price < 200 for price in prices)
    assert any(isinstance(event, BookEvent) and not event.amount for event in heard)
    assert market.candles(MINUTE, made.clock.start_ms, made.clock.now())
    assert_balanced(made)


def test_no_past_is_made_for_the_traders_if_that_is_not_wanted() -> None:
    made = engine(spec(), horizons=HORIZONS)
    market = made.markets[M]
    made.step_traders(warm_only=True)
    assert not market.is_warm
    made.warm_up()
    assert market.is_warm
    last = market.trades()[0].id
    for _ in range(20):
        made.step_traders(warm_only=True)
    assert market.trades()[0].id > last


def test_the_same_seed_gives_the_same_market_life() -> None:
    one, two, other = (engine(spec(), seed=seed, horizons=HORIZONS) for seed in (1, 1, 2))
    for made in (one, two, other):
        run(made, 60)
    assert one.markets[M].trades() == two.markets[M].trades()
    assert one.markets[M].book() == two.markets[M].book()
    assert one.markets[M].trades()[:10] != other.markets[M].trades()[:10]


def test_the_makers_quote_around_what_they_believe_in_and_draw_back_what_is_left_behind() -> None:
    made = engine(spec(start_price=Decimal(1000)), horizons=HORIZONS)
    market = made.markets[M]
    traders = Traders(market)
    believed = set()
    for _ in range(300):
        traders.step(made.clock.now())
        believed.add(traders.fair_ticks)
        bids, asks = market.book()
        assert bids[0].price < traders.fair_ticks * market.spec.tick < asks[0].price
        for levels in (bids, asks):
            assert len(levels) < 2 * BOOK_LEVELS
            assert max(level.count for level in levels) <= MOST_AT_A_PRICE
    assert len(believed) > 50


@pytest.mark.parametrize(("side", "price"), [("buy", "104"), ("sell", "96")])
def test_a_gift_is_taken(side: Any, price: str) -> None:
    """An order that swept the book, and offers the rest far beyond what anybody believes in."""
    made = engine(spec(max_amount=Decimal(100_000), typical_amount=Decimal(1)), horizons=HORIZONS)
    made.deposit("ann", "BBB", Decimal(1_000_000))
    bids, asks = made.markets[M].book()
    standing = sum((level.amount for level in (asks if side == "buy" else bids)), Decimal(0))
    order = made.place("ann", M, side, Decimal(price), standing + 20)
    assert (order.status, order.remaining) == ("open", 20)
    before = len(made.markets[M].trades())
    while order.status == "open" and len(made.markets[M].trades()) < before + 300:
        run(made, 1)
    taken = made.markets[M].trades()[:-before]
    assert {trade.side for trade in taken} == {"sell" if side == "buy" else "buy"}
    assert order.status == "closed"
    assert_balanced(made)


def test_traders_who_run_out_of_money_get_more() -> None:
    made = engine(spec(typical_amount=Decimal("0.1")), clock=HandClock(), horizons=HORIZONS)
    before = made.ledger()["AAA"][1]
    crowd = made.markets[M].crowd
    wealth = int(crowd.accounts[0].wallet.free.get("AAA"))
    made.markets[M].warm_up()
    order, _ = crowd.place(made.markets[M], 0, "sell", 1_000_000, 20 * wealth, made.clock.now())
    assert order.status == "open"
    assert made.ledger()["AAA"][1] > before
    assert_balanced(made)
