from __future__ import annotations

from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from ccxt_ext.sandbox.engine import BookEvent, Clock, Engine, Event, Market, TradeEvent
from ccxt_ext.sandbox.engine.synthetic.quotes import MOST_AT_A_PRICE
from ccxt_ext.sandbox.engine.synthetic.traders import Traders
from ccxt_ext.sandbox.engine.trading import tape
from ccxt_ext.sandbox.settings import Settings
from ccxt_ext.sandbox.world import World
from tests.ids import IDS
from tests.sandbox.engine.small_venue import MINUTE, HandClock, assert_balanced, engine, spec

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


def test_trades_are_bounded_and_what_an_account_did_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tape, "TRADES_KEPT", 40)
    made = engine(spec(), horizons=HORIZONS)
    market = made.markets[M]
    heard = [*market.trades()[::-1]]
    made.subscribe(lambda event: heard.append(event.trade) if isinstance(event, TradeEvent) else None)
    for _ in range(100):
        run(made, 3)
        made.place("ann", M, "buy", Decimal(110), Decimal("0.1"), type="market")
    assert len(heard) > 300
    assert 40 <= len(market.trades()) <= 50
    assert market.trades() == heard[::-1][: len(market.trades())]
    volume = sum(candle.volume for candle in market.candles(MINUTE, 0, made.clock.now()))
    assert volume == sum(trade.amount for trade in heard)
    assert sum(fill.amount for fill in made.fills("ann")) == 10
    assert len(made.orders("ann")) == 100
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
        traders.act(made.clock.now())
        believed.add(traders.fair_ticks)
        bids, asks = market.book()
        assert bids[0].price < traders.fair_ticks * market.spec.tick < asks[0].price
        for levels in (bids, asks):
            assert len(levels) < 2 * market.crowd.shape.levels
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
    order, _ = crowd.place(0, "sell", 1_000_000, 20 * wealth, made.clock.now())
    assert order.status == "open"
    assert made.ledger()["AAA"][1] > before
    assert_balanced(made)


DAY_MS = 86_400_000


def holes(market: Market, step: int, since: int, until: int) -> list[int]:
    """When no candle opens that has to be there."""
    told = {candle.timestamp for candle in market.candles(step, since, until)}
    return [opening for opening in range(since - since % step + step, until, step) if opening not in told]


@pytest.mark.parametrize("away", [0, 10 * MINUTE, DAY_MS, 100 * DAY_MS])
def test_a_live_market_has_no_hole_whenever_it_is_first_looked_at(away: int) -> None:
    made = engine(spec(), horizons=[(MINUTE, 30), (60 * MINUTE, 48)])
    made.live = True
    made.clock.advance(away)
    now, market = made.clock.now(), made.markets[M]
    assert market.trades(1)[0].timestamp == now
    assert holes(market, MINUTE, now - 30 * MINUTE, now) == []
    assert holes(market, 60 * MINUTE, now - 48 * 60 * MINUTE, now) == []
    run(made, 20)
    times = [trade.timestamp for trade in market.trades()]
    assert times == sorted(times, reverse=True) and times[0] > now


def test_an_order_that_is_the_first_look_comes_after_the_past() -> None:
    """However long the past takes to be made."""
    clock = Clock(monotonic_ns=count(0, 10**9).__next__)
    made = engine(spec(), clock=clock, horizons=HORIZONS)
    made.live = True
    made.deposit("ann", "BBB", Decimal(1_000_000))
    order = made.place("ann", M, "buy", Decimal(110), Decimal(1))
    [*_, first] = made.fills("ann")
    times = [trade.timestamp for trade in made.markets[M].trades()]
    assert times == sorted(times, reverse=True)
    assert times[1] <= order.created == first.timestamp


def test_a_market_that_stands_still_ends_at_the_start() -> None:
    made = engine(spec(), horizons=HORIZONS)
    made.clock.advance(DAY_MS)
    assert made.markets[M].trades(1)[0].timestamp == made.clock.start_ms


def test_pasts_are_the_same_whenever_they_end() -> None:
    """But for the times; also where the one is a copy of the other."""
    first, later = (engine(spec(), horizons=HORIZONS) for _ in range(2))
    later.live = True
    later.clock.advance(DAY_MS)
    one, two = first.markets[M], later.markets[M]
    assert [(trade[:5], trade.timestamp + DAY_MS) for trade in one.trades()] == [
        (trade[:5], trade.timestamp) for trade in two.trades()
    ]
    assert one.book() == two.book()
    assert_balanced(later)


@pytest.mark.parametrize("venue", IDS)
def test_no_venue_has_a_hole_between_its_start_and_the_first_look(venue: str) -> None:
    world = World(Settings(venues=(venue,), live=True))
    engine = world.frontends[venue].engine
    step, many = min(engine.horizons)
    world.clock.advance(step * many // 2)
    world.move_markets()  # which leaves alone what was not looked at
    market = next(each for each in engine.markets.values() if each.active)
    assert not market.is_warm
    now = world.clock.now()
    assert holes(market, step, now - step * (many - 1), now) == []
    world.reset(2)
    assert world.frontends[venue].engine.live
