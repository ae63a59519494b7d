"""Sandboxes that a module's tests share."""

from __future__ import annotations

import pytest

from ccxt_ext.sandbox import Sandbox
from tests.sandbox.control_box import Box


@pytest.fixture
def sandbox(running: Sandbox) -> Sandbox:
    """The one that the module has running, in its first state."""
    running.control("POST", "/reset", {"seed": 1})
    return running


@pytest.fixture(scope="module")
def all_venues() -> Box:
    return Box()
