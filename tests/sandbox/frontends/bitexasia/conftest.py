"""BitexAsia."""

from __future__ import annotations

import pytest

from tests.sandbox.frontends.bitexasia.raw_client import Venue


@pytest.fixture
def venue() -> Venue:
    return Venue()
