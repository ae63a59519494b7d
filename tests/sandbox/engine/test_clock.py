from __future__ import annotations

import pickle
import time

import pytest

from ccxt_ext.sandbox.engine import Clock


def test_it_runs_with_the_monotonic_clock_from_its_start() -> None:
    monotonic = [5_000_000_000]
    clock = Clock(1_000, monotonic_ns=lambda: monotonic[0])
    assert clock.now() == clock.start_ms == 1_000
    monotonic[0] += 2_000_999_999
    assert clock.now() == 3_000
    assert clock.start_ms == 1_000


def test_without_a_start_it_begins_at_the_wall_time() -> None:
    before = time.time_ns() // 1_000_000
    clock = Clock()
    assert before <= clock.start_ms <= clock.now()


def test_advance_moves_it_and_tells_the_listeners() -> None:
    clock = Clock(1_000, monotonic_ns=lambda: 0)
    heard: list[tuple[int, int]] = []
    clock.on_advance(lambda ms: heard.append((ms, clock.now())))
    clock.advance(500)
    clock.advance(0)
    assert clock.now() == 1_500
    assert heard == [(500, 1_500), (0, 1_500)]


def test_it_never_goes_back() -> None:
    clock = Clock(1_000, monotonic_ns=lambda: 0)
    with pytest.raises(ValueError, match="cannot go back"):
        clock.advance(-1)
    assert clock.now() == 1_000


class Hand:
    """A monotonic clock that goes when it is told to, in milliseconds."""

    def __init__(self) -> None:
        self.ms = 7_000

    def __call__(self) -> int:
        return self.ms * 1_000_000


def test_it_can_stand_still_and_run_on() -> None:
    hand = Hand()
    clock = Clock(1_000, monotonic_ns=hand)
    hand.ms += 50
    clock.freeze()
    hand.ms += 1_000
    clock.freeze()
    assert (clock.is_frozen, clock.frozen_at, clock.now()) == (True, 1_050, 1_050)
    clock.advance(200)
    hand.ms += 1_000
    assert (clock.frozen_at, clock.now()) == (1_050, 1_250)
    clock.unfreeze()
    hand.ms += 3
    clock.unfreeze()
    assert (clock.is_frozen, clock.frozen_at, clock.now()) == (False, None, 1_253)
    clock.advance(10)
    assert clock.now() == 1_263


def test_it_can_stand_still_from_the_start() -> None:
    hand = Hand()
    clock = Clock(1_000, frozen=True, monotonic_ns=hand)
    hand.ms += 1_000
    assert (clock.is_frozen, clock.frozen_at, clock.now()) == (True, 1_000, 1_000)


def test_it_stands_at_an_instant_on_the_way() -> None:
    hand = Hand()
    clock = Clock(1_000, monotonic_ns=hand)
    with clock.at(1_200):
        hand.ms += 5
        assert clock.now() == 1_200
        with clock.at(1_300):
            assert clock.now() == 1_300
        assert clock.now() == 1_200
    assert clock.now() == 1_005


@pytest.mark.parametrize("frozen", [True, False])
def test_a_clock_that_is_brought_back_goes_on_from_its_time(frozen: bool) -> None:
    clock = Clock(1_000, frozen=frozen)
    clock.advance(500)
    saved = pickle.dumps(clock)
    latest = clock.now()
    again = pickle.loads(saved)
    assert again.is_frozen is frozen
    assert again.now() >= 1_500 if not frozen else again.now() == 1_500 == latest
