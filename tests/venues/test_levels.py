"""The level that a class tells is the one of its profile, which the suite compares with what it finds."""

import pytest

import ccxt_ext
import ccxt_ext.async_support
import ccxt_ext.pro
from ccxt_ext._version import conformance_of
from ccxt_ext.testing.conformance.levels import LEVELS
from tests.ids import IDS
from tests.venues.profiles import PROFILES


@pytest.mark.parametrize("id", IDS)
def test_the_class_says_what_the_profile_claims(id):
    for home in (ccxt_ext, ccxt_ext.async_support, ccxt_ext.pro):
        assert conformance_of(getattr(home, id)) == PROFILES[id].level in LEVELS
