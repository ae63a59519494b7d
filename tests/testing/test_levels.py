"""The level that follows from what the cases have shown."""

import pytest

from ccxt_ext.testing.conformance.levels import (
    EXEMPT,
    FAILED,
    HAS_NOT,
    LEVELS,
    NEEDED,
    NO_FRONTEND,
    NO_PROFILE,
    NOT_RUN,
    PASSED,
    Shown,
    reached,
)

ALL = {name for groups in NEEDED.values() for group in groups for name in group}


def shown(**outcomes):
    return [Shown(level, "1.1", outcomes.get(level, PASSED)) for level in LEVELS]


def test_who_passes_all_has_the_last_level():
    assert reached(shown(), ALL, {}) == ("proven", None)


@pytest.mark.parametrize("outcome", [FAILED, NO_FRONTEND, NO_PROFILE, NOT_RUN])
@pytest.mark.parametrize(("level", "left"), list(zip(LEVELS, [None, *LEVELS], strict=False)))
def test_what_failed_or_was_not_shown_ends_it(level, left, outcome):
    assert reached(shown(**{level: outcome}), ALL, {}) == (left, f"{level}: 1.1 ({outcome})")


@pytest.mark.parametrize("outcome", [HAS_NOT, EXEMPT])
def test_what_cannot_be_does_not_count(outcome):
    assert reached(shown(trades=outcome), ALL, {}).level == "proven"


def test_a_level_needs_its_methods():
    assert reached(shown(), ALL - {"cancelOrder"}, {}) == ("reads", "trades: the venue has no cancelOrder")
    assert reached(shown(), ALL - {"fetchOrder"}, {}).level == "proven"  # one of a group is enough


def test_a_venue_may_be_exempt_from_a_level():
    without = ALL - {"watchOrderBook"}
    assert reached(shown(), without, {}).level == "trades"
    assert reached(shown(), without, {"streams": "it has no sockets"}).level == "proven"
