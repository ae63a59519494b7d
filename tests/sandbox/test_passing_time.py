"""Time that is passed: everything in it happens at its own instant, and is the same however it is cut."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from ccxt_ext.sandbox import world as world_module
from ccxt_ext.sandbox.engine import Trade
from ccxt_ext.sandbox.engine.synthetic.traders import PACE_MS
from ccxt_ext.sandbox.world import PASSING_PACES_MS, Settings, World
from tests.sandbox.engine.small_venue import HandClock

START_MS = 1_800_000_001_234
MINUTE = 60_000
HOUR = 60 * MINUTE


def a_world(*venues: str, **settings: Any) -> World:
    """One whose clock stands still. Its markets have the usual past."""
    settings = {"start_ms": START_MS, "clock": "frozen", **settings}
    return World(Settings(venues=venues or ("bitexasia",), **settings))


def new_trades(world: World) -> dict[tuple[str, str], list[Trade]]:
    """The trades since the start, oldest first."""
    return {
        (venue, id): [trade for trade in reversed(market.trades()) if trade.timestamp > START_MS]
        for venue, frontend in world.frontends.items()
        for id, market in frontend.engine.markets.items()
    }


def assert_balanced(world: World) -> None:
    for frontend in world.frontends.values():
        for total, deposited in frontend.engine.ledger().values():
            assert total == deposited


def test_the_same_time_brings_the_same_trades_however_it_is_cut() -> None:
    told = []
    for cuts in ([], [5 * MINUTE] * 3, [7_001, 3 * MINUTE, 2_999], [1] * 10):
        world = a_world("bitexasia", "btex", live=True)
        for cut in cuts:
            world.pass_time(cut)
        world.pass_time(START_MS + 20 * MINUTE - world.clock.now())
        assert_balanced(world)
        told.append((new_trades(world), world.frontends["btex"].engine.ledger()))
    assert told[1:] == told[:1] * 3
    assert len(told[0][0]["bitexasia", "BTC-USD"]) > 50


def test_trades_are_stamped_with_their_own_time() -> None:
    world = a_world(live=True)
    world.pass_time(HOUR)
    assert world.clock.now() == START_MS + HOUR
    times = [trade.timestamp for trade in new_trades(world)["bitexasia", "BTC-USD"]]
    assert times == sorted(times)
    assert not any(time % PASSING_PACES_MS[0] for time in times)
    assert times[-1] > START_MS + HOUR - MINUTE
    assert max(later - earlier for earlier, later in pairwise(times)) <= 40_000  # no minute without a trade


def test_a_market_that_is_not_live_moves_only_if_that_is_asked_for() -> None:
    world = a_world()
    world.pass_time(MINUTE)
    world.pass_time(MINUTE, trade=False)
    assert not any(new_trades(world).values())
    world.pass_time(MINUTE, trade=True)
    times = [trade.timestamp for trade in new_trades(world)["bitexasia", "BTC-USD"]]
    assert times and min(times) > START_MS + 2 * MINUTE
    live = a_world(live=True)
    live.pass_time(MINUTE, trade=False)
    assert not any(new_trades(live).values())


def test_a_clock_that_runs_passes_time_too() -> None:
    world = World(Settings(venues=("bitexasia",), live=True, start_ms=START_MS))
    world.pass_time(HOUR)
    assert world.clock.now() >= START_MS + HOUR
    assert len(new_trades(world)["bitexasia", "BTC-USD"]) > 100
    world.move_markets()
    times = [trade.timestamp for trade in new_trades(world)["bitexasia", "BTC-USD"]]
    assert times == sorted(times)
    market = world.frontends["bitexasia"].engine.markets["BTC-USD"]
    assert market.traders.pace_ms == PACE_MS


def test_who_goes_by_the_time_before_is_right_while_it_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world_module, "PART_S", 0)
    monkeypatch.setattr(world_module, "Clock", HandClock)
    world = a_world(live=True)
    assert isinstance(world.clock, HandClock)
    world.clock.elapse(10 * MINUTE)
    for _ in world.passing(5 * MINUTE):
        assert world.clocks["bitexasia"].is_near(START_MS, 0)


def test_markets_do_not_move_while_the_clock_stands_still() -> None:
    world = a_world(live=True)
    world.pass_time(MINUTE)
    before = new_trades(world)
    world.move_markets()
    assert new_trades(world) == before
    world.clock.unfreeze()
    while new_trades(world) == before:
        world.move_markets()


def test_long_stretches_are_gone_through_in_larger_steps() -> None:
    world = a_world(live=True)
    engine = world.frontends["bitexasia"].engine
    acts: list[int] = []
    for market in engine.markets.values():
        market.warm_up()
        market.traders.act = acts.append  # type: ignore[method-assign]
        market.traders.next_event = (
            lambda market=market: (
                (  # type: ignore[method-assign, misc]
                    max([START_MS, *acts[-1:]]) // market.traders.pace_ms + 1
                )
                * market.traders.pace_ms
            )
        )
    world.pass_time(3 * 24 * HOUR)
    steps = {later - earlier for earlier, later in pairwise(sorted(set(acts)))}
    assert steps == {PASSING_PACES_MS[1]}


def test_orders_that_the_market_passes_are_filled_whole_and_at_their_own_time() -> None:
    world = a_world(live=True)
    engine = world.frontends["bitexasia"].engine
    market = engine.markets["BTC-USD"]
    bid = market.best_bid
    assert bid is not None
    spec = market.spec
    engine.deposit("config", spec.quote, Decimal(10) ** 9)
    amount = min(spec.max_amount, spec.step * 10_000)
    orders = [
        engine.place("config", spec.id, "buy", bid - spec.tick * 20 * number, amount) for number in range(5)
    ]
    world.pass_time(HOUR)
    closed = [order for order in orders if order.status == "closed"]
    assert closed
    for order in closed:
        assert START_MS < order.updated < START_MS + HOUR
        assert not order.updated % PASSING_PACES_MS[0]
        assert order.filled == amount
    passed = min(trade.price for trade in new_trades(world)["bitexasia", spec.id])
    assert all(order.status == "closed" for order in orders if order.price and order.price > passed)
    assert_balanced(world)


@pytest.mark.parametrize("trade", [True, False])
def test_funding_is_paid_when_it_is_due_while_time_is_passed(trade: bool) -> None:
    start = START_MS // (8 * HOUR) * 8 * HOUR + 8 * HOUR - 3 * MINUTE
    world = a_world("btex", live=True, start_ms=start)
    engine = world.frontends["btex"].engine
    id, market = next(
        (id, market) for id, market in engine.markets.items() if market.next_funding_time is not None
    )
    due = start + 3 * MINUTE
    assert market.next_funding_time == due and market.best_ask is not None
    engine.place("config", id, "buy", market.best_ask, market.spec.min_amount, type="market")
    world.pass_time(5 * MINUTE, trade)
    assert [payment.timestamp for payment in engine.funding_payments("config", id)] == [due]
    last = market.trades(1)[0].timestamp
    assert last > due if trade else last < due
    assert_balanced(world)


class Alarm:
    """Something else that happens as time passes."""

    def __init__(self, world: World, *times: int) -> None:
        self.world, self.times, self.seen = world, list(times), list[tuple[int, int, int]]()

    def next_event(self) -> int | None:
        return self.times[0] if self.times else None

    def act(self, now: int) -> None:
        trades = sum(map(len, new_trades(self.world).values()))
        self.seen.append((now, self.world.clock.now(), trades))
        del self.times[0]

    def skip(self, now: int) -> None:
        raise AssertionError("it is never left out")


def test_other_actors_come_first_at_their_instant_and_are_never_left_out() -> None:
    world = a_world(live=True)
    first = START_MS // 10_000 * 10_000 + 10_000
    alarm = Alarm(world, START_MS - 5, first, first, first + 1, START_MS + HOUR)
    world.actors.append(alarm)
    world.pass_time(MINUTE)
    assert [(now, clock) for now, clock, _ in alarm.seen] == [
        (START_MS + 1, START_MS + 1),
        (first, first),
        (first, first),
        (first + 1, first + 1),
    ]
    assert [trades for *_, trades in alarm.seen][:3] == [0, 0, 0]
    assert alarm.seen[3][2] > 0
    assert alarm.times == [START_MS + HOUR]
    world.pass_time(HOUR, trade=False)
    assert not alarm.times


def test_what_a_venue_does_by_itself_is_done_at_its_time() -> None:
    """Here it pays an invoice, and places an order for it in a market that has moved by then."""
    world = a_world("bitexbit", live=True)
    frontend: Any = world.frontends["bitexbit"]
    fields = {"ticker": "UAH", "network": "wiretransfer", "amount": 300, "client_ip": "192.168.0.1"}
    frontend.invoices.create("config", {**fields, "convert_ticker": "USDT"})
    assert frontend.next_event() == START_MS + MINUTE
    world.pass_time(5 * MINUTE)
    assert frontend.next_event() is None
    [order] = frontend.engine.orders("config")
    assert order.created == START_MS + MINUTE
    assert_balanced(world)
    still = a_world("bitexbit")
    frontend = still.frontends["bitexbit"]
    frontend.invoices.create("config", fields)
    still.pass_time(MINUTE - 1)
    assert frontend.next_event() == START_MS + MINUTE
    still.pass_time(HOUR)
    assert frontend.engine.deposits[-1].timestamp == START_MS + MINUTE


def test_time_is_passed_in_parts_between_which_the_clock_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world_module, "PART_S", 0)
    world, whole = a_world(live=True), a_world(live=True)
    told: list[int] = []
    world.on_time = lambda clock: told.append(clock.now())
    seen = []
    for _ in world.passing(MINUTE):
        seen.append(world.clock.now())
        assert world.is_passing
        world.move_markets()
        with pytest.raises(ValueError, match="already"):
            world.pass_time(1)
        assert world.clocks["bitexasia"].is_near(START_MS, 5_000)
    assert not world.is_passing
    pace = PASSING_PACES_MS[0]
    assert seen == list(range(START_MS // pace * pace + pace, START_MS + MINUTE, pace))
    assert told == [*seen, START_MS + MINUTE]
    whole.pass_time(MINUTE)
    assert new_trades(world) == new_trades(whole)


def test_time_that_is_not_passed_to_its_end_stays_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world_module, "PART_S", 0)
    world = a_world(live=True)
    passing = world.passing(HOUR)
    next(passing)
    reached = world.clock.now()
    passing.close()  # type: ignore[attr-defined]
    assert not world.is_passing
    assert world.clock.now() == reached
    world.pass_time(MINUTE)


def test_others_act_in_real_time_too_and_one_that_fails_is_left_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    world = World(Settings(venues=("bitexasia",), start_ms=START_MS))
    alarm, broken = Alarm(world, START_MS - 10, START_MS, START_MS + HOUR), Alarm(world, START_MS)

    def fail(now: int) -> None:
        raise ZeroDivisionError

    broken.act = fail  # type: ignore[method-assign]
    world.actors += [broken, alarm]
    world.move_markets()
    assert alarm.times == [START_MS + HOUR]
    assert world.actors == [alarm]
    assert "ZeroDivisionError" in capsys.readouterr().err
    world.clock.freeze()
    alarm.times.insert(0, START_MS)
    world.move_markets()
    assert len(alarm.times) == 2


def test_time_that_is_cut_short_by_a_failure_does_not_go_back() -> None:
    world = a_world(live=True)

    def fail(now: int) -> None:
        raise ZeroDivisionError

    alarm = Alarm(world, START_MS + MINUTE)
    alarm.act = fail  # type: ignore[method-assign]
    world.actors.append(alarm)
    with pytest.raises(ZeroDivisionError):
        world.pass_time(HOUR)
    assert world.clock.now() == START_MS + MINUTE
    times = [trade.timestamp for trade in new_trades(world)["bitexasia", "BTC-USD"]]
    assert max(times) <= world.clock.now()
