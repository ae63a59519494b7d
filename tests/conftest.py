import os

import pytest
from ccxt.async_support.base.exchange import Exchange
from hypothesis import settings

from ccxt_ext.base.shared import reset_shared

# Every exchange that is closed waits this long, which only connections with TLS need.
Exchange.timeout_on_exit = 0

# The same examples each time, however slow the machine is; new ones with HYPOTHESIS_PROFILE=explore.
settings.register_profile("repeat", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeat"))


@pytest.fixture(autouse=True)
def nothing_shared():
    """Each test begins as a process does: its keys have no tokens, nonces or accounts yet."""
    reset_shared()
