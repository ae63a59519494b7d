"""BTEX, and a client of its trading account."""

from __future__ import annotations

import pytest

from tests.sandbox.frontends.btex.raw_client import RawClient, Venue


@pytest.fixture
def venue() -> Venue:
    return Venue()


@pytest.fixture
def trader(venue: Venue) -> RawClient:
    return venue.client()
