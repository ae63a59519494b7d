"""Whose times a venue takes for right, while its clock is moved and made to stand still."""

from __future__ import annotations

import time

import pytest

from ccxt_ext.sandbox.frontend import VenueClock
from tests.sandbox.engine.small_venue import HOUR, MINUTE, START_MS, HandClock

WINDOW = 5_000


@pytest.fixture
def hand() -> HandClock:
    return HandClock()


@pytest.fixture
def venue(hand: HandClock) -> VenueClock:
    return VenueClock(hand)


def test_it_tells_the_engines_time_and_its_skew(hand: HandClock, venue: VenueClock) -> None:
    venue.skew_ms = -90_000
    hand.advance(HOUR)
    hand.freeze()
    hand.elapse(MINUTE)
    assert venue.now() == START_MS + HOUR - 90_000
    assert venue.unmoved() == START_MS + MINUTE
    assert venue.ticking() == START_MS + HOUR + MINUTE


def test_who_follows_is_right_and_so_is_who_does_not(hand: HandClock, venue: VenueClock) -> None:
    hand.elapse(1_000)
    hand.advance(HOUR)
    hand.freeze()
    for _ in range(3):
        hand.elapse(10 * MINUTE)
        hand.advance(6 * HOUR)
    real = START_MS + 1_000 + 30 * MINUTE
    assert venue.is_near(real, 0)
    assert venue.is_near(START_MS + 1_000 + 19 * HOUR, 0)
    assert venue.is_near(time.time_ns() // 1_000_000, 1_000)
    assert not venue.is_near(real - MINUTE, WINDOW)
    assert not venue.is_near(real + 3 * HOUR, WINDOW)
    assert not venue.is_near(real + 40 * HOUR, WINDOW)
    assert not venue.is_near(0, WINDOW)


def test_who_measured_the_difference_before_the_latest_jumps_is_right(
    hand: HandClock, venue: VenueClock
) -> None:
    hand.advance(HOUR)
    hand.elapse(2_000)
    ahead = venue.now() - venue.unmoved()
    hand.advance(24 * HOUR)
    hand.elapse(7_000)
    assert venue.is_near(venue.unmoved() + ahead, 0)
    hand.freeze()
    hand.elapse(10 * MINUTE)
    measured = venue.now() - venue.unmoved()  # while it stands still
    hand.elapse(10 * MINUTE)
    hand.advance(24 * HOUR)
    hand.elapse(MINUTE)
    hand.unfreeze()
    hand.elapse(MINUTE)
    assert venue.is_near(venue.unmoved() + measured, 0)
    assert not venue.is_near(venue.unmoved() + measured + HOUR, WINDOW)


def test_ten_thousand_jumps_are_remembered_in_little(hand: HandClock, venue: VenueClock) -> None:
    for _ in range(10_000):
        hand.elapse(3)
        hand.advance(MINUTE)
    assert venue.is_near(venue.unmoved(), 0)
    assert venue.is_near(venue.unmoved() + 5_000 * MINUTE, 0)
    assert len(vars(vars(hand)["_leads"])["_spans"]) <= 1_000


@pytest.mark.parametrize("start_ms", [START_MS, None, 4_000_000_000_000], ids=["past", "now", "future"])
def test_a_deadline_passes_by_whichever_clock_the_client_may_go(start_ms: int | None) -> None:
    hand = HandClock(time.time_ns() // 1_000_000 if start_ms is None else start_ms)
    venue = VenueClock(hand)
    right = min(hand.now(), time.time_ns() // 1_000_000)
    assert venue.has_passed(right - 1_000)
    assert not venue.has_passed(hand.now() + 1_000)
    hand.advance(HOUR)
    assert not venue.has_passed(right + 10_000)  # of a client that does not follow
    hand.freeze()
    hand.elapse(3 * HOUR)
    assert not venue.has_passed(hand.now() + 10_000)  # of one that does
    venue.skew_ms = 20_000
    assert venue.has_passed(right + 10_000)


def test_who_goes_by_the_time_before_it_is_passed_is_right_meanwhile(
    hand: HandClock, venue: VenueClock
) -> None:
    hand.freeze()
    hand.elapse(10 * MINUTE)
    hand.advance(0)
    with hand.at(START_MS + HOUR):
        assert venue.is_near(START_MS, WINDOW)
        assert venue.is_near(START_MS + HOUR // 2, WINDOW)
        assert not venue.is_near(START_MS + 2 * HOUR, WINDOW)
