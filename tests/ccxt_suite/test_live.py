"""ccxt's own tests of exchanges, private ones included, run by its own runner against the sandbox.

What has to be skipped is listed in skips.json, in the format of ccxt's skip-tests.json, with the reason.
"""

import functools
import json
import re
from pathlib import Path

import pytest

import ccxt_ext
from ccxt_ext.sandbox import Sandbox
from tests.ccxt_suite.ccxt_copy import Checkout
from tests.ids import IDS

OWN_SKIPS = json.loads(Path(__file__).with_name("skips.json").read_text())
ALL_SKIP = {"createOrder": "ccxt's test of it adds numbers to text, which fails in Python on every exchange"}
SKIPS = {id: {"skipMethods": {**ALL_SKIP, **OWN_SKIPS.get(id, {}).get("skipMethods", {})}} for id in IDS}

# What the runner asks of a spot exchange and has a test for (run_public_tests, run_private_tests).
ASKED = {
    "features",
    "afterConstruct",
    "loadMarkets",
    "fetchCurrencies",
    "fetchTicker",
    "fetchTickers",
    "fetchOHLCV",
    "fetchTrades",
    "fetchOrderBook",
    "fetchStatus",
    "signIn",
    "fetchBalance",
    "fetchOrders",
    "fetchOpenOrders",
    "fetchClosedOrders",
    "fetchMyTrades",
}

ids = pytest.mark.parametrize("id", IDS)

pytestmark = pytest.mark.timeout(300)  # what one test asks for is done for all venues


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(seed=1) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def told(sandbox, tmp_path_factory):
    """What the runner tells of all venues, with the class of a flavour and with skips."""

    @functools.cache
    def run(flavour, skipping):
        root = tmp_path_factory.mktemp("ccxt")
        checkout = Checkout(root)
        # The runner reads both as if it were at home in ccxt's repository.
        (root / "keys.json").write_text(json.dumps({id: sandbox.config(id) for id in IDS}))
        skips = SKIPS if skipping else {id: {} for id in IDS}
        (root / "skip-tests.json").write_text(json.dumps(skips))
        flags = ["--sync"] if flavour == "sync" else []
        return checkout.run(IDS, *flags, "--private", "--fundedTests", "--info")

    def of(id, flavour, skipping):
        result = run(flavour, skipping)[id]
        assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
        return result.stdout

    return of


def lines(output, label):
    return set(re.findall(rf"^\[INFO\] {label} +\w+ (\w+)", output, re.MULTILINE))


@ids
@pytest.mark.parametrize("flavour", ["sync", "async"])
def test_ccxts_tests_of_exchanges(told, id, flavour):
    output = told(id, flavour, skipping=True)
    assert "[TEST_FAILURE]" not in output, output[-5000:]
    assert "[TEST_WARNING]" not in output, output[-5000:]
    whole_methods = {name for name, skip in SKIPS[id]["skipMethods"].items() if isinstance(skip, str)}
    assert lines(output, "SKIPPED_TEST") == whole_methods
    has = getattr(ccxt_ext, id)().has
    expected = {name for name in ASKED if has.get(name, True)} - whole_methods
    assert expected - lines(output, "TESTING DONE") == set()


@ids
def test_every_skip_is_needed(told, id):
    output = told(id, "sync", skipping=False)
    failed = set(re.findall(rf"^\[TEST_FAILURE\] {id} (\w+)", output, re.MULTILINE))
    failed -= {"PUBLIC_TESTS", "PRIVATE_TESTS"}
    assert failed == set(SKIPS[id]["skipMethods"])
