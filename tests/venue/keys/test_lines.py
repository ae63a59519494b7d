"""Who stands in a line, who is passed by, and who hears of a failure."""

import gc
import threading
import weakref

import pytest

from ccxt_ext.venue.keys.lines import Line, holding, show_life
from ccxt_ext.venue.requests.ranks import Rank


@pytest.fixture
def line():
    return Line(threading.RLock())


@pytest.fixture
def woken():
    return []


@pytest.fixture
def stand(line, woken):
    """Puts somebody with a name into the line."""

    def join(name, together=False):
        return line.join(lambda: woken.append(name), together)

    return join


def test_one_after_the_other(line, stand, woken):
    first, second, third = map(stand, "abc")
    assert line.ahead_of(first) is None
    assert line.ahead_of(second) is line.ahead_of(third) is first
    line.leave(second)
    line.leave(first)
    assert woken == ["c"] and line.ahead_of(third) is None
    line.leave(third)
    assert not line.is_busy()


def test_who_goes_together_waits_for_who_goes_alone_and_the_other_way_round(line, stand, woken):
    orders = [stand("a", True), stand("b", True)]
    login, later = stand("login"), stand("c", True)
    assert [line.ahead_of(place) for place in orders] == [None, None]
    assert line.ahead_of(login) is orders[0]
    line.leave(orders[1])
    assert woken == [] and line.ahead_of(login) is orders[0]
    line.leave(orders[0])
    assert woken == ["login"] and line.ahead_of(later) is login
    last = stand("d", True)
    line.leave(login)
    assert woken == ["login", "c", "d"]
    assert line.ahead_of(later) is line.ahead_of(last) is None


def test_who_is_passed_by_waits_for_nobody_and_disturbs_nobody(line, stand, woken):
    stuck, waiting = stand("stuck"), stand("waiting")
    line.pass_by(waiting, stuck, False)
    assert line.ahead_of(stuck) is line.ahead_of(waiting) is None
    line.leave(stuck, ValueError("late"))
    assert waiting.failure is None and woken == ["waiting"]


def test_all_of_a_thread_that_does_not_go_on_are_passed_by(line, stand, woken):
    places = []
    thread = threading.Thread(target=lambda: places.extend(map(stand, "ab")))
    thread.start()
    thread.join()
    mine, again = stand("c"), []
    line.pass_by(mine, places[0], True)
    assert line.ahead_of(mine) is None
    assert woken == ["b", "c"]  # b goes on as well, if it ever does
    line.leave(mine)
    line.leave(places[1])
    assert not line.is_busy() and again == []


def test_whoever_stands_behind_is_not_passed_by(line, stand, woken):
    first, mine, behind = map(stand, "abc")  # all of one thread
    line.pass_by(mine, first, True)
    assert line.ahead_of(mine) is None and line.ahead_of(behind) is mine
    line.leave(mine)
    assert line.ahead_of(behind) is None and woken == ["b", "c"]


def test_nobody_stands_in_a_line_that_was_cleared(line, stand, woken):
    first, waiting = map(stand, "ab")
    line.clear()
    assert not line.is_busy()
    line.leave(first)
    line.leave(waiting)
    assert woken == [] and line.ahead_of(stand("c")) is None


def test_who_was_passed_by_already_is_passed_by_once(line, stand):
    stuck, second, third = map(stand, "abc")
    line.pass_by(third, stuck, False)
    line.pass_by(second, stuck, False)
    assert line.ahead_of(third) is second


def test_who_waited_hears_of_the_failure_and_who_comes_later_does_not(line, stand):
    first, second = stand("a"), stand("b")
    error = ValueError("failed")
    line.leave(first, error)
    assert str(second.failure) == "failed" and second.failure is not error
    assert stand("c").failure is None


def test_a_failure_keeps_no_frames_alive(line, stand):
    class Big:
        pass

    def fail():
        big = Big()
        seen.append(weakref.ref(big))
        raise ValueError("failed")

    seen = []
    first, second = stand("a"), stand("b")
    try:
        fail()
    except ValueError as error:
        line.leave(first, error)
    gc.collect()
    assert seen[0]() is None and second.failure is not None


def test_a_holder_shows_life_and_leaves(line, stand):
    place = stand("a")
    with holding(line, place):
        place.seen -= 100
        assert place.silence() >= 100
        show_life()
        assert place.silence() < 100
    assert not line.is_busy()
    place.seen -= 100
    show_life()
    assert place.silence() >= 100


def test_who_gets_the_turn_is_seen_from_then_on(line, stand):
    first, second = stand("a"), stand("b")
    second.seen -= 100
    line.leave(first)
    assert second.silence() < 100


def test_who_holds_the_turn_is_urged_by_the_most_urgent_who_waits(line, stand):
    urged = []
    holder = stand("a")
    holder.hurry = urged.append
    stand("b")
    assert (holder.rank, urged) == (Rank.REST, [])
    for rank in (Rank.ORDER, Rank.CANCEL, Rank.ORDER):
        line.join(lambda: None, rank=rank)
    assert (holder.rank, urged) == (Rank.CANCEL, [Rank.ORDER, Rank.CANCEL])


def test_who_gets_the_turn_is_urged_by_who_waits_already(line, stand):
    first, together = stand("a"), stand("b", together=True)
    line.join(lambda: None, rank=Rank.ORDER)
    third = line.join(lambda: None, rank=Rank.CANCEL)
    line.leave(first)
    assert line.ahead_of(together) is third and third.rank is Rank.CANCEL
    line.leave(third)
    assert together.rank is Rank.REST


def test_who_is_urged_is_told_without_the_lock(line):
    """Who is told takes a lock of its own, in which another thread may come to want this one."""
    told = []

    def look(rank):
        is_free = line._lock.acquire(blocking=False)
        if is_free:
            line._lock.release()
        told.append((rank, is_free))

    def hurry(rank):
        thread = threading.Thread(target=look, args=(rank,))
        thread.start()
        thread.join()

    place = line.join(lambda: None)
    place.hurry = hurry
    line.join(lambda: None, rank=Rank.ORDER)
    urgent = line.join(lambda: None, rank=Rank.CANCEL)
    line.join(lambda: None, rank=Rank.CANCEL)
    assert told == [(Rank.ORDER, True), (Rank.CANCEL, True)]
    line.leave(place)
    assert line.ahead_of(urgent) is None
