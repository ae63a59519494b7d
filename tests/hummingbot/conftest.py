"""Connectors for a sandbox, in the process of the test. These tests run in hummingbot's environment."""

import json
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from ccxt.async_support.base.exchange import Exchange

from ccxt_ext.integrations.hummingbot import shelf
from ccxt_ext.program.own_sandbox import VARIABLE
from ccxt_ext.venue.keys.shared import reset_shared
from tests.hummingbot import imported  # noqa: F401
from tests.hummingbot.markets import Market
from tests.hummingbot.trading import Trader

# Every exchange that is closed waits this long, which only connections with TLS need.
Exchange.timeout_on_exit = 0


@pytest.fixture(autouse=True)
def nothing_shared() -> Iterator[None]:
    """Each test begins as a process does."""
    reset_shared()
    yield


@pytest.fixture
def box(ccxt_sandbox: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A sandbox that all connectors of this test reach, as with `ccxt-ext run --sandbox`."""
    served = ccxt_sandbox.describe()["venues"]
    configs = {id: ccxt_sandbox.config(id) for id in served}
    monkeypatch.setenv(VARIABLE, json.dumps(configs))
    return ccxt_sandbox


@pytest.fixture
def connector(box: Any) -> Callable[..., Any]:
    """Makes the connector of a market, as hummingbot does."""

    def made(market: Market, *more_pairs: str) -> Any:
        row = next(each for each in shelf.OURS if each.name == market.name)
        module = import_module(f"{row.package}.{row.name}_{row.folder}")
        return getattr(module, row.class_name)(trading_pairs=[market.pair, *more_pairs])

    return made


@pytest.fixture
def trader(connector: Callable[..., Any]) -> Callable[..., Trader]:
    """Makes what a strategy has of a market's connector. With `states`, it goes on with these orders."""

    def made(market: Market, *more_pairs: str, states: dict[str, Any] | None = None) -> Trader:
        found = connector(market, *more_pairs)
        if states is not None:
            found.restore_tracking_states(json.loads(json.dumps(states)))
        return Trader(found)

    return made


@pytest.fixture
def other(box: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[Market], Any]:
    """A client of somebody who trades with us."""

    def made(market: Market) -> Any:
        with monkeypatch.context() as patched:
            patched.setenv(VARIABLE, json.dumps({market.id: box.config(market.id, "counterparty")}))
            return box.exchange(market.id, "async", "counterparty")

    return made
