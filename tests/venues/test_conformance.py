"""What our own venues promise beyond what the conformance suite asks of every venue."""

import pytest

from tests.ids import IDS
from tests.venues.profiles import PROFILES

ids = pytest.mark.parametrize("id", IDS)
kinds = pytest.mark.parametrize("kind", ["sync", "async", "pro"])


@ids
def test_every_venue_has_a_profile(id):
    assert PROFILES[id].id == id


@ids
@kinds
def test_has_leaves_nothing_open(id, kind):
    has = PROFILES[id].kind(kind)().has
    assert [name for name, value in has.items() if value is None] == ["CORS"]
