import gc
import os
from pathlib import Path

import pytest
from ccxt.async_support.base.exchange import Exchange
from hypothesis import settings

from ccxt_ext.venue.keys.shared import reset_shared

# Nothing that collecting makes is garbage. Looking for some takes a third of its time.
gc.disable()

# Every exchange that is closed waits this long, which only connections with TLS need.
Exchange.timeout_on_exit = 0

# The same examples each time, however slow the machine is; new ones with HYPOTHESIS_PROFILE=explore.
settings.register_profile("repeat", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeat"))

# Those that take longest come first, so that no worker is left alone with one in the end: those that wait
# beside those that do not.
LONG = (
    "packaging/test_guide.py",
    "examples/test_market_maker.py",
    "../ccxt_ext/testing/conformance/test_13_any_json.py",
    "packaging/test_new_project.py",
    "../ccxt_ext/testing/conformance/test_12_refusals.py",
    "testing/test_planted_mistakes.py",
    "demo/test_demo.py",
    "ccxt_suite/test_static.py",
    "packaging/test_drop_in.py",
    "packaging/test_drop_in_pro.py",
    "packaging/test_harmless.py",
    "packaging/test_plugins.py",
    "packaging/test_plugins_sandboxed.py",
    "cli/test_cli_run.py",
    "cli/test_cli_call.py",
    "cli/test_cli_doctor.py",
    "packaging/test_generate.py",
    "typing/test_programs.py",
    "sandbox/frontends/bitexbit/test_socket_io.py",
    "live/test_live_options.py",
    "../ccxt_ext/testing/conformance/test_09_params.py",
    "venues/test_fast_parsing.py",
)


def pytest_collection_modifyitems(items):
    places = {(Path(__file__).parent / name).resolve(): place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path, len(LONG)))


def pytest_collection_finish():
    """The modules and tests that there are now stay, so nobody needs to look for garbage among them."""
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True)
def nothing_shared():
    """Each test begins as a process does: its keys have no tokens, nonces or accounts yet."""
    reset_shared()
