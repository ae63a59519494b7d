import os

from ccxt.async_support.base.exchange import Exchange
from hypothesis import settings

# Every exchange that is closed waits this long, which only connections with TLS need.
Exchange.timeout_on_exit = 0

# The same examples each time, however slow the machine is; new ones with HYPOTHESIS_PROFILE=explore.
settings.register_profile("repeat", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeat"))
