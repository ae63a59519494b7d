"""The throttle by itself: the pace, the window as the venue counts it, who goes first, who is turned away."""

import itertools
import random
import subprocess
import sys
import threading
from collections import deque

import ccxt
import pytest

from ccxt_ext.venue.requests.ranks import (
    OVERTAKEN_AT_MOST,
    Rank,
    RankedQueue,
    rank_of_endpoint,
    rank_of_method,
)
from ccxt_ext.venue.requests.throttle import ON_ITS_WAY_S, PATIENCE_S, Limits, Throttle
from tests.venue.requests.virtual_time import START, Clock

ENDLESS = float("inf")


def ignored():
    """Nobody to wake."""


class Scene:
    """A throttle, and calls that ask it again and again."""

    def __init__(self, interval=0.1, window=1.0, units=10.0, **more):
        self.limits = Limits(interval, window, units, **more)
        self.clock = Clock()
        self.throttle = Throttle(lambda: self.limits, self.clock)
        self.woken = []

    def enter(self, cost=1.0, rank=Rank.REST):
        return self.throttle.enter(cost, rank)

    def pause(self, ticket):
        return self.throttle.pause(ticket, lambda: self.woken.append(ticket))

    def leaves(self, ticket):
        """When it leaves, if it is asked for whenever the throttle says so."""
        while pause := self.pause(ticket):
            self.clock.now += pause
        return round(ticket.departed - START, 6)

    def answered_at_once(self, cost=1.0):
        ticket = self.enter(cost)
        when = self.leaves(ticket)
        self.throttle.leave(ticket)
        return when


# -- the pace ---------------------------------------------------------------------------------------


def test_requests_leave_apart_by_their_cost():
    scene = Scene(units=ENDLESS)
    assert [scene.answered_at_once(cost) for cost in (1, 5, 0.5, 1)] == [0, 0.1, 0.6, 0.65]


def test_a_pause_earns_what_the_bucket_holds():
    scene = Scene(units=ENDLESS)
    assert [scene.answered_at_once() for _ in range(3)] == [0, 0.1, 0.2]
    scene.clock.now = START + 60
    assert [scene.answered_at_once() for _ in range(4)] == [60, 60, 60.1, 60.2]
    scene.limits = scene.limits._replace(credit=3)
    scene.clock.now = START + 120
    assert [scene.answered_at_once() for _ in range(5)] == [120, 120, 120, 120, 120.1]


def test_a_venue_that_takes_one_at_a_time_is_sent_one_at_a_time():
    scene = Scene(interval=2, window=2, units=1)
    scene.answered_at_once()
    scene.clock.now = START + 60
    assert [scene.answered_at_once() for _ in range(3)] == [60, 62, 64]


def test_the_rate_limit_may_change_while_calls_wait():
    scene = Scene(units=ENDLESS)
    scene.answered_at_once()
    waiting = scene.enter()
    assert scene.pause(waiting) == pytest.approx(0.1)
    scene.limits = scene.limits._replace(interval=0.5)
    assert scene.pause(waiting) == pytest.approx(0.5)
    scene.limits = scene.limits._replace(interval=0.01)
    assert scene.pause(waiting) == pytest.approx(0.01)


def test_a_timer_that_is_late_costs_nothing_while_calls_wait():
    scene = Scene(units=ENDLESS)
    tickets = [scene.enter() for _ in range(5)]
    for ticket in tickets:
        while pause := scene.pause(ticket):
            scene.clock.now += pause if pause > 1 else pause + 0.03
    assert tickets[-1].departed - START == pytest.approx(0.4, abs=0.031)


# -- the window -------------------------------------------------------------------------------------


def test_what_left_counts_from_its_answer_on():
    scene = Scene(interval=0.5, units=2)
    first, second, third = (scene.enter() for _ in range(3))
    assert scene.leaves(first) == 0 and scene.leaves(second) == 0.5
    scene.clock.now = START + 0.7
    scene.throttle.leave(first)
    scene.throttle.leave(second)
    assert scene.leaves(third) == 1.7


def test_without_an_answer_it_counts_from_when_it_must_have_arrived():
    scene = Scene(interval=0.5, units=2)
    first, second, third = (scene.enter() for _ in range(3))
    scene.leaves(first), scene.leaves(second)
    assert scene.leaves(third) == ON_ITS_WAY_S + 1
    # An answer that comes later has no say any more.
    scene.clock.now = START + 60
    scene.throttle.leave(second)
    assert scene.answered_at_once() == 60


def test_an_answer_that_came_late_counts_from_then_on():
    scene = Scene(interval=0.5, units=2)
    first, second = scene.enter(), scene.enter()
    scene.leaves(first), scene.leaves(second)
    scene.clock.now = START + ON_ITS_WAY_S + 0.5
    scene.throttle.leave(first)
    scene.throttle.leave(second)
    third, fourth = scene.enter(), scene.enter()
    assert scene.leaves(third) == ON_ITS_WAY_S + 1.5
    assert scene.leaves(fourth) == ON_ITS_WAY_S + 1.5


def test_an_answer_that_came_too_late_to_count_counts_no_more():
    scene = Scene(interval=0, units=1)
    first = scene.enter()
    scene.leaves(first)
    scene.clock.now = START + ON_ITS_WAY_S + 1
    scene.throttle.leave(first)
    assert scene.leaves(scene.enter()) == ON_ITS_WAY_S + 1


def test_what_waits_has_not_arrived():
    with pytest.raises(ValueError):
        Scene().enter().arrived_by()


def test_a_request_costs_what_the_limits_say_or_what_it_says():
    scene = Scene(units=ENDLESS)
    scene.answered_at_once(None)
    assert scene.answered_at_once(0) == Limits(0.1, 1, 1).cost * 0.1 == 0.1
    scene.limits = scene.limits._replace(cost=3)
    scene.answered_at_once(None)
    assert scene.answered_at_once() == 0.4


def test_the_timekeeper_is_woken_as_an_answer_may_have_made_room():
    scene = Scene(interval=0, units=1)
    first, second = scene.enter(), scene.enter()
    scene.pause(first)
    scene.pause(second)
    scene.clock.now += 0.2
    scene.throttle.leave(first)
    assert second in scene.woken and scene.pause(second) == pytest.approx(1.0)


def test_a_request_dearer_than_the_window_goes_alone():
    scene = Scene(interval=0, units=2)
    assert scene.answered_at_once(5) == 0
    assert scene.answered_at_once(1) == 1
    assert scene.answered_at_once(5) == 2


def arrivals(seed, limits, costs):
    """When requests of one exchange arrive, whose ways there and back are as long as chance will have it."""
    chance = random.Random(seed)
    scene = Scene(*limits[:3])
    arrived, pending = [], []
    for cost in costs:
        ticket = scene.enter(cost)
        while pause := scene.pause(ticket):
            answered = [when for when, _ in pending if when <= scene.clock.now + pause]
            scene.clock.now = min(answered, default=scene.clock.now + pause)
            for each in [each for each in pending if each[0] <= scene.clock.now]:
                pending.remove(each)
                scene.throttle.leave(each[1])
        # Most ways are short, and some need a new connection.
        there = chance.choice([0.001, 0.05, 0.25, chance.uniform(0, ON_ITS_WAY_S)])
        back = chance.choice([0.001, 0.05, chance.uniform(0, 3)])
        arrived.append((ticket.departed + there, cost))
        pending.append((ticket.departed + there + back, ticket))
    return sorted(arrived)


@pytest.mark.parametrize("limits", [(0.5, 1.0, 2), (0.01, 1.0, 100), (0, 1.0, 20)], ids=str)
@pytest.mark.parametrize("seed", range(10))
def test_the_venue_never_counts_too_many(limits, seed):
    _, window, units = limits
    costs = [1] * 150 if units < 100 else random.Random(seed).choices([1, 1, 1, 50], k=150)
    counted, total = deque(), 0
    for when, cost in arrivals(seed, limits, costs):
        while counted and counted[0][0] <= when - window:
            total -= counted.popleft()[1]
        counted.append((when, cost))
        total += cost
        assert total <= units


# -- who goes first ---------------------------------------------------------------------------------


def order_of(waiting):
    return [waiting.take() for _ in range(len(waiting))]


def test_the_urgent_go_first_and_by_arrival_among_themselves():
    waiting = RankedQueue()
    for name, rank in zip("abcdef", (2, 1, 0, 2, 1, 0), strict=True):
        waiting.join(name, Rank(rank))
    assert order_of(waiting) == list("cfbead")
    assert not waiting and waiting.first() is None
    with pytest.raises(LookupError):
        waiting.take()


def test_twenty_cancellations_overtake_all_that_waits():
    waiting = RankedQueue()
    for number in range(155):
        waiting.join(number, Rank.REST)
    for number in range(1000, 1020):
        waiting.join(number, Rank.CANCEL)
    assert order_of(waiting) == [*range(1000, 1020), *range(155)]


def test_nobody_is_overtaken_for_ever():
    waiting = RankedQueue()
    waiting.join("ticker", Rank.REST)
    waiting.join("order", Rank.ORDER)
    taken = []
    for number in range(3 * OVERTAKEN_AT_MOST):
        waiting.join(number, Rank.CANCEL)
        taken.append(waiting.take())
    assert taken.index("order") == OVERTAKEN_AT_MOST
    assert taken.index("ticker") == OVERTAKEN_AT_MOST + 1


def test_who_leaves_is_overtaken_no_more():
    waiting = RankedQueue()
    waiting.join("a", Rank.REST)
    waiting.join("b", Rank.REST)
    for number in range(OVERTAKEN_AT_MOST):
        waiting.join(number, Rank.CANCEL)
        waiting.take()
    waiting.leave("a")
    waiting.leave("a")
    waiting.join("cancel", Rank.CANCEL)
    assert "a" not in waiting and "b" in waiting and len(waiting) == 2
    assert order_of(waiting) == ["b", "cancel"]
    waiting.join("c", Rank.REST)
    waiting.join("cancel", Rank.CANCEL)
    assert order_of(waiting) == ["cancel", "c"]


def overtaken_before(waiting, item):
    """How many go first that are more urgent."""
    count = 0
    while True:
        waiting.join(count, Rank.CANCEL)
        if waiting.take() == item:
            return count
        count += 1


@pytest.mark.parametrize("end", [RankedQueue.clear, RankedQueue.take, lambda line: line.leave("first")])
def test_whoever_comes_next_is_overtaken_as_often_as_anybody(end):
    waiting = RankedQueue()
    waiting.join("first", Rank.REST)
    end(waiting)
    waiting.join("next", Rank.REST)
    assert overtaken_before(waiting, "next") == OVERTAKEN_AT_MOST


def test_nobody_is_taken_from_an_empty_line():
    with pytest.raises(LookupError, match="nobody waits"):
        RankedQueue().take()


def test_who_holds_up_others_is_as_urgent_as_they():
    waiting = RankedQueue()
    for name in "abc":
        waiting.join(name, Rank.REST)
    waiting.hurry("c", Rank.CANCEL)
    waiting.hurry("c", Rank.ORDER)
    waiting.hurry("z", Rank.CANCEL)
    assert order_of(waiting) == ["c", "a", "b"]


@pytest.mark.parametrize(
    ("method", "config", "rank"),
    [
        ("GET", {}, Rank.REST),
        ("POST", {}, Rank.REST),
        ("POST", {"once": True}, Rank.ORDER),
        ("POST", {"once": True, "priority": "rest"}, Rank.REST),
        ("DELETE", {}, Rank.CANCEL),
        ("GET", {"priority": "cancel"}, Rank.CANCEL),
        ("DELETE", {"priority": "order"}, Rank.ORDER),
    ],
)
def test_the_rank_of_an_endpoint(method, config, rank):
    assert rank_of_endpoint(method, config) is rank


@pytest.mark.parametrize(
    ("names", "rank"),
    [
        ("cancel_order cancel_orders cancel_all_orders cancel_order_ws cancel_all_orders_after", Rank.CANCEL),
        ("create_order create_orders create_market_buy_order_with_cost edit_order_ws", Rank.ORDER),
        ("close_position close_all_positions", Rank.ORDER),
        ("create_deposit_address fetch_order fetch_open_orders cancel close transfer", None),
    ],
)
def test_the_rank_of_a_method(names, rank):
    assert {rank_of_method(name) for name in names.split()} == {rank}


def test_a_call_that_the_collector_destroys_leaves_whoever_has_the_lock():
    scene = Scene()
    destroyed, ticket = scene.enter(), scene.enter()

    def clock():  # within the lock, where the collector may run as well
        if scene.throttle.waiting() == 2:
            scene.throttle.leave(destroyed)
        return scene.clock()

    scene.throttle.clock = clock
    thread = threading.Thread(target=scene.throttle.pause, args=(ticket, ignored), daemon=True)
    thread.start()
    thread.join(20)
    assert ticket.departed == START and destroyed.departed is None


def test_the_throttle_lets_the_urgent_go_first():
    scene = Scene(units=ENDLESS)
    first, ticker, order, cancel = (scene.enter(1, rank) for rank in (2, 2, 1, 0))
    assert [scene.leaves(each) for each in (cancel, order, first, ticker)] == [0, 0.1, 0.2, 0.3]


# -- who keeps the time -----------------------------------------------------------------------------


def test_one_keeps_the_time_for_all():
    scene = Scene(units=ENDLESS)
    tickets = [scene.enter() for _ in range(4)]
    assert scene.pause(tickets[0]) == 0
    pauses = [scene.pause(ticket) for ticket in tickets[1:]]
    assert pauses == pytest.approx([0.1, 0.1 + PATIENCE_S, 0.1 + PATIENCE_S])
    scene.woken.clear()
    scene.clock.now += 0.1
    assert scene.pause(tickets[1]) == 0
    assert scene.woken == [tickets[2]], "the next timekeeper"


def test_another_keeps_the_time_when_the_timekeeper_goes():
    scene = Scene(units=ENDLESS)
    first, second, third = (scene.enter() for _ in range(3))
    for ticket in (first, second, third):
        scene.pause(ticket)
    scene.woken.clear()
    scene.throttle.leave(second)
    assert scene.woken == [third] and scene.pause(third) == pytest.approx(0.1)
    assert scene.throttle.waiting() == 1


def test_who_waits_goes_on_when_the_timekeeper_has_died():
    scene = Scene(units=ENDLESS)
    first, dead, third = (scene.enter() for _ in range(3))
    for ticket in (first, dead):
        scene.pause(ticket)
    assert scene.leaves(third) <= 2 * PATIENCE_S + 0.2


# -- who is turned away -----------------------------------------------------------------------------


def test_a_queue_over_its_capacity_turns_away_all_but_cancellations():
    scene = Scene(most_waiting=3)
    for _ in range(4):
        scene.enter()
    # A RuntimeError, as ccxt raises, of which a bot sees that nothing was sent.
    for kind in (RuntimeError, ccxt.RateLimitExceeded):
        with pytest.raises(kind, match=r"throttle queue is over maxCapacity \(3\)"):
            scene.enter(1, Rank.ORDER)
    scene.enter(1, Rank.CANCEL)
    assert scene.throttle.waiting() == 5


# -- threads and children ---------------------------------------------------------------------------


def test_threads_keep_one_pace():
    throttle = Throttle(lambda: Limits(0.001, 0.01, 10))
    departed = []

    def calls():
        for _ in range(10):
            ticket = throttle.enter()
            woken = threading.Event()
            while pause := throttle.pause(ticket, woken.set):
                woken.wait(pause)
                woken.clear()
            departed.append(ticket.departed)
            throttle.leave(ticket)

    threads = [threading.Thread(target=calls) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    departed.sort()
    assert len(departed) == 40
    assert all(later - first >= 0.01 for first, later in zip(departed, departed[10:], strict=False))
    assert len(set(departed)) > 1 and all(a <= b for a, b in itertools.pairwise(departed))


FORK = """
import os
from ccxt_ext.venue.requests.throttle import Limits, Throttle

throttle = Throttle(lambda: Limits(1000, 1000, 1))
assert throttle.pause(throttle.enter(), print) == 0
assert throttle.pause(throttle.enter(), print) > 0
with throttle._lock:
    child = os.fork()
    if not child:
        mine = throttle.enter()
        os._exit(0 if throttle.waiting() == 1 and 0 < throttle.pause(mine, print) <= 1002 else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert throttle.waiting() == 1
"""


def test_a_forked_child_waits_for_nobody_of_its_parent():
    subprocess.run([sys.executable, "-c", FORK], check=True, timeout=60)


@pytest.mark.parametrize("end", [RankedQueue.clear, lambda line: line.leave("patient")])
def test_an_empty_line_remembers_nobody(end):
    line = RankedQueue()
    line.join("patient", Rank.REST)
    for number in range(OVERTAKEN_AT_MOST):
        line.join(number, Rank.CANCEL)
        line.take()
    end(line)
    assert len(line) == 0 and line.first() is None
    line.join("rest", Rank.REST)
    line.join("cancel", Rank.CANCEL)
    assert line.first() == "cancel"


def test_the_window_takes_exactly_its_units():
    scene = Scene(interval=0, units=3)
    assert [scene.answered_at_once() for _ in range(4)] == [0, 0, 0, 1]
