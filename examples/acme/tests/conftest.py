"""A sandbox that serves the venue, for a module's tests."""

import pytest

from ccxt_ext.sandbox import Sandbox


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(venues=("acme",), seed=1) as running:
        yield running


@pytest.fixture
def configs(sandbox):
    """The constructor arguments of two accounts."""
    accounts = ("config", "counterparty")
    return [sandbox.config("acme", account) for account in accounts]
