from __future__ import annotations

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
