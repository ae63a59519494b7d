"""bitmaxfutures, and a client of its trading account."""

from __future__ import annotations

import pytest

from tests.sandbox.frontends.bitmaxfutures.raw_client import RawClient, Venue


@pytest.fixture
def venue() -> Venue:
    return Venue()


@pytest.fixture
def client(venue: Venue) -> RawClient:
    return venue.client()
