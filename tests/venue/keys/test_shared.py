"""What is shared by key: as much as is needed, bounded, and whole after a fork."""

import subprocess
import sys
import threading

import pytest

import ccxt_ext
from ccxt_ext.venue.keys import shared as module
from ccxt_ext.venue.keys.shared import MOST_KEPT, Memory, lock, reset_in_child, reset_shared, shared


@pytest.fixture
def now():
    return [0.0]


@pytest.fixture
def memory(now):
    return Memory(lambda: now[0])


def test_a_key_is_shared_and_not_kept(monkeypatch):
    assert shared("venue", "key") is shared("venue", "key")
    assert shared("venue", "key") is not shared("venue", "other")
    assert shared("a", "bc") is not shared("ab", "c")
    assert "secret-text" not in repr((shared("venue", "secret-text"), module._made))


def test_a_value_with_an_end(memory, now):
    assert memory.kept("token") is None
    memory.keep("token", "", "t", 10)
    now[0] = 4
    assert memory.kept("token") == ("t", 6)
    memory.expire("token", "", "another")
    assert memory.kept("token").left == 6
    memory.expire("token", "", "t")
    assert memory.kept("token") == ("t", 0)
    memory.forget("token", "")
    assert memory.kept("token") is None
    memory.expire("token", "", "t")
    assert memory.kept("token") is None


def test_only_if_it_is_still_what_it_was(memory):
    assert memory.keep("id", "a", 1, instead_of=None)
    assert not memory.keep("id", "a", 2, instead_of=None)
    assert not memory.keep("id", "a", 2, instead_of=3)
    assert memory.keep("id", "a", 2, instead_of=1)
    assert memory.kept("id", "a").value == 2
    assert memory.keep("id", "a", None)


def test_the_oldest_of_a_kind_is_forgotten(memory):
    memory.keep("other", "old", 1)
    for name in range(MOST_KEPT):
        memory.keep("id", str(name), name)
    memory.keep("id", "0", "again")
    memory.keep("id", "new", "new")
    assert memory.kept("id", "1") is None
    assert memory.kept("id", "0").value == "again" and memory.kept("id", "2").value == 2
    assert memory.kept("other", "old").value == 1


def test_numbers_rise(memory):
    assert [memory.number("a", least) for least in (10, 5, 5, 20, 3)] == [10, 11, 12, 20, 21]
    assert memory.number("b", 0) == 1


def test_keys_are_bounded_and_none_in_use_is_forgotten(monkeypatch):
    monkeypatch.setattr(module, "MOST_KEYS", 3)
    used = shared("venue", "used")
    place = used.line("x").join(lambda: None)
    idle = shared("venue", "idle")
    for number in range(5):
        shared("venue", str(number))
    assert shared("venue", "used") is used
    assert shared("venue", "idle") is not idle
    assert len(module._made) == 3
    used.line("x").leave(place)


def test_the_key_that_was_not_used_for_longest_is_forgotten_first(monkeypatch):
    monkeypatch.setattr(module, "MOST_KEYS", 3)
    old, middle, young = (shared("venue", name) for name in ("old", "middle", "young"))
    assert shared("venue", "old") is old
    shared("venue", "new")
    assert shared("venue", "old") is old and shared("venue", "young") is young
    assert shared("venue", "middle") is not middle


def test_more_keys_than_that_if_all_are_in_use(monkeypatch):
    monkeypatch.setattr(module, "MOST_KEYS", 2)
    made = [shared("venue", str(number)) for number in range(2)]
    for one in made:
        one.line("x").join(lambda: None)
    made.append(shared("venue", "2"))
    assert [shared("venue", str(number)) for number in range(3)] == made


def test_reset():
    told = []
    reset_in_child(lambda: told.append(1))
    try:
        old = shared("venue", "key")
        place = old.line("x").join(lambda: None)
        ccxt_ext.reset_shared()
        assert ccxt_ext.reset_shared is reset_shared and "reset_shared" in dir(ccxt_ext)
        assert shared("venue", "key") is not old and told == [1]
        old.line("x").leave(place)
    finally:
        module._makers_anew.pop()


FORKED = """
import os, threading
from ccxt_ext.venue.keys.shared import reset_in_child, lock, shared

told = []
reset_in_child(lambda: told.append(os.getpid()))
state = shared("venue", "key")
state.keep("token", "", "t")
taken = state.number("nonce", 10**15)
waiting = state.line("x").join(lambda: None)
free, held = threading.Event(), threading.Event()

def hold():
    with lock:
        held.set()
        free.wait()

thread = threading.Thread(target=hold)
thread.start()
held.wait()
threading.Timer(0.05, free.set).start()  # the fork waits for it
child = os.fork()
if child == 0:
    state = shared("venue", "key")
    own = state.line("x").join(lambda: None)
    taker = threading.Thread(target=state.number, args=("other", 0))
    taker.start()
    taker.join(30)
    fine = not taker.is_alive() and (
        state.line("x").ahead_of(own) is None
        and state.number("nonce", 0) == taken + 1
        and state.kept("token").value == "t"
        and told == [os.getpid()]
    )
    os._exit(0 if fine else 1)
assert os.waitpid(child, 0)[1] == 0
assert told == [] and state.line("x").ahead_of(waiting) is None
with lock:
    pass
thread.join()
"""


def test_a_forked_child_has_what_was_kept_and_waits_for_nobody_of_its_parent():
    subprocess.run([sys.executable, "-W", "ignore", "-c", FORKED], check=True, timeout=60)


def test_threads_take_each_number_once():
    memory, taken = Memory(), []

    def take():
        taken.extend(memory.number("x", 0) for _ in range(1000))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(1, 4001))


def test_the_collector_may_strike_while_somebody_changes_something():
    with lock:
        assert shared("venue", "key").kept("token") is None
