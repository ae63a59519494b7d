"""Chapter 2, of ccxt's own tests of exchanges, private ones included, run by its own runner."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ccxt_ext.sandbox import Sandbox
from ccxt_ext.testing.ccxt_copy import WATCHED, Checkout, Job, checkout_of_streams, lines
from ccxt_ext.testing.conformance.cases import case
from ccxt_ext.testing.conformance.nibbler import ALL_BITES, Nibbler
from ccxt_ext.testing.conformance.offline import markets_of
from ccxt_ext.testing.conformance.tested import Tested

# By method, as in the profile's `skip_ccxt`.
ALL_SKIP = {"createOrder": "ccxt's test of it adds numbers to text, which fails in Python on every exchange"}

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
OPTIONS = ("--private", "--fundedTests", "--info")


def skips_of(tested: Tested) -> dict[str, Any]:
    everybody = {name: reason for name, reason in ALL_SKIP.items() if tested.able(name, "sync")}
    return {**everybody, **tested.profile.skip_ccxt.get("skipMethods", {})}


def prepare(root: Path, id: str, config: Mapping[str, Any], skips: Mapping[str, Any]) -> None:
    """The runner reads both as if it were at home in ccxt's repository."""
    (root / "keys.json").write_text(json.dumps({id: config}))
    (root / "skip-tests.json").write_text(json.dumps({id: skips}))


@case(
    "2.1",
    "ccxt's own tests of exchanges pass",
    kinds=(),
    frontend=True,
    ccxts_tests=True,
    level="trades",
    patience_s=120,
)
def ccxts_tests(tested: Tested, sandbox: Sandbox, tmp_path: Path) -> None:
    """By the runner and the validators inside the installed ccxt, sync and async, but for what the profile
    skips with a reason (`skip_ccxt`)."""
    id = tested.id
    skips = skips_of(tested)
    checkout = Checkout(tmp_path)
    prepare(tmp_path, id, sandbox.config(id), {**tested.profile.skip_ccxt, "skipMethods": skips})
    flags = {"sync": ["--sync"], "async": []}
    jobs = [Job(kind, id, [*flags[kind], *OPTIONS]) for kind in flags if kind in tested.kinds]
    whole_methods = {name for name, skip in skips.items() if isinstance(skip, str)}
    for kind, result in checkout.do(jobs).items():
        assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
        assert "[TEST_FAILURE]" not in result.stdout, result.stdout[-5000:]
        assert "[TEST_WARNING]" not in result.stdout, result.stdout[-5000:]
        assert lines(result.stdout, "SKIPPED_TEST") == whole_methods
        expected = {name for name in ASKED if tested.instance(kind).has.get(name, True)} - whole_methods
        missed = expected - lines(result.stdout, "TESTING DONE")
        assert not missed, f"ccxt's runner did not come to {missed}"


@case(
    "2.2",
    "What ccxt's own tests skip would fail",
    kinds=(),
    frontend=True,
    ccxts_tests=True,
    level="trades",
    patience_s=120,
)
def skips_are_needed(tested: Tested, sandbox: Sandbox, tmp_path: Path) -> None:
    """No entry of the profile's `skip_ccxt` is there without need."""
    checkout = Checkout(tmp_path)
    prepare(tmp_path, tested.id, sandbox.config(tested.id), {})
    result = checkout.run([tested.id], "--sync", *OPTIONS)[tested.id]
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    failed = set(re.findall(rf"^\[TEST_FAILURE\] {tested.id} (\w+)", result.stdout, re.MULTILINE))
    # What else fails is told by 2.1.
    needless = sorted(set(skips_of(tested)) - failed)
    assert not needless, f"`skip_ccxt` of the profile skips {needless}, which would pass"


# -- streams ------------------------------------------------------------------------------------------------


@case(
    "2.3",
    "ccxt's own tests of streams pass",
    needs=("createOrder",),
    kinds=("pro",),
    frontend=True,
    ccxts_tests=True,
    level="streams",
    patience_s=120,
)
def ccxts_tests_of_streams(tested: Tested, sandbox: Sandbox, tmp_path: Path) -> None:
    """While there is trade. Each of them watches for 15 seconds; here, for a hundredth of that, and one
    update at least. The profile's `skip_ccxt_pro` has what is left out, and which markets are watched."""
    id, has = tested.id, tested.instance("pro").has
    own: dict[str, Any] = {"skipMethods": {}, **preferred(tested), **tested.profile.skip_ccxt_pro}
    if has["watchOrderBook"] == "emulated":
        # ccxt's runner takes that for no, here alone; watchOrderBookForSymbols is the same.
        own["skipMethods"] = {**own["skipMethods"], "watchOrderBook": "it is polled"}
    checkout = checkout_of_streams(tmp_path)
    config = sandbox.config(id)
    config["options"] = {**config.get("options", {}), "polling": {"interval": 100}}
    prepare(tmp_path, id, config, own)
    symbols = [own[name] for name in PREFERRED.values() if name in own]
    nibbler = Nibbler(sandbox, id, symbols, min(tested.profile.bites, ALL_BITES))
    nibbler.start()
    try:
        result = checkout.run([id], "--ws", *OPTIONS)[id]
    finally:
        nibbler.over.set()
        nibbler.join()
    assert nibbler.failure is None, nibbler.failure
    output = result.stdout
    assert result.returncode == 0, output[-3000:] + result.stderr[-3000:]
    assert "[TEST_FAILURE]" not in output, output[-5000:]
    assert "[TEST_WARNING]" not in output, output[-5000:]
    skipped = {snake(name) for name, skip in own["skipMethods"].items() if isinstance(skip, str)}
    able = {snake(name) for name, value in has.items() if name.startswith("watch") and value}
    done = {snake(name) for name in lines(output, "TESTING DONE") if name.startswith("watch")}
    missed = able & WATCHED - skipped - done
    assert not missed, f"ccxt's runner did not come to {missed}"
    assert skipped <= WATCHED, f"ccxt's runner has no test of {skipped - WATCHED}, so none can be skipped"


# The market that is watched, by type.
PREFERRED = {"spot": "preferredSpotSymbol", "swap": "preferredSwapSymbol"}


def preferred(tested: Tested) -> dict[str, str]:
    """The first open market of each type, unless the profile names another."""
    first: dict[str, str] = {}
    for market in markets_of(tested.id):
        if market["active"] and market["type"] in PREFERRED:
            first.setdefault(PREFERRED[market["type"]], market["symbol"])
    return first


def snake(name: str) -> str:
    return re.sub(r"([A-Z])", r"_\1", name.replace("OHLCV", "Ohlcv")).lower().removeprefix("watch_")
