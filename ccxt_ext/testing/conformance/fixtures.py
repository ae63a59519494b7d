"""What cases ask for by the names of their arguments."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest

import ccxt_ext
from ccxt_ext.sandbox import Sandbox
from ccxt_ext.testing.bench import Bench
from ccxt_ext.testing.client import Client
from ccxt_ext.testing.conformance.collecting import CaseItem
from ccxt_ext.testing.conformance.desk import Desk, Doors, doors_of
from ccxt_ext.testing.conformance.faulty import FaultyServer
from ccxt_ext.testing.conformance.loop import Loop
from ccxt_ext.testing.conformance.offline import Offline
from ccxt_ext.testing.conformance.sandboxes import Sandboxes, check_balance
from ccxt_ext.testing.conformance.tested import Tested
from ccxt_ext.testing.conformance.waiting import QUICK
from ccxt_ext.testing.conformance.watched import Stage
from ccxt_ext.testing.profile import Profile
from ccxt_ext.testing.venues import class_of


def _item(request: pytest.FixtureRequest) -> CaseItem:
    node: CaseItem = request.node
    return node


@pytest.fixture(autouse=True)
def nothing_shared() -> None:
    """Each case begins as a process does: its keys have no tokens, nonces or accounts yet."""
    ccxt_ext.reset_shared()


@pytest.fixture
def ccxt_loop() -> Iterator[Loop]:
    loop = Loop()
    yield loop
    loop.close()


@pytest.fixture
def tested(request: pytest.FixtureRequest) -> Tested:
    return _item(request).tested


@pytest.fixture
def id(tested: Tested) -> str:
    """The venue's."""
    return tested.id


@pytest.fixture
def kind(request: pytest.FixtureRequest) -> str:
    """Which of the venue's classes: "sync", "async" or "pro"."""
    kind = _item(request).kind
    assert kind is not None, "this case is of no kind"
    return kind


@pytest.fixture
def profile(tested: Tested) -> Profile:
    return tested.profile


# -- without a network --------------------------------------------------------------------------------------


@pytest.fixture
def fresh(id: str, kind: str) -> Callable[..., Any]:
    """Makes an exchange that nobody has used: `fresh({"timeout": 5})`."""
    return lambda config=None: class_of(id, kind)(config or {})


@pytest.fixture
def offline(tested: Tested, kind: str) -> Callable[..., Offline]:
    """Makes an exchange with markets; a function answers its requests: `offline(answer).exchange`."""
    return lambda answer=None, **config: Offline(tested, kind, answer, config)


@pytest.fixture
def bench(id: str) -> Bench:
    """The venue's frontend without sockets: `bench.exchange(kind)` is a client of it."""
    return Bench(id)


@pytest.fixture
def desk(id: str, kind: str) -> Callable[..., Desk]:
    """Makes an account at the venue's frontend, without sockets, where what does something can go wrong."""
    return lambda **config: Desk(id, kind, **config)


@pytest.fixture
def faulty(id: str, kind: str, ccxt_loop: Loop) -> Iterator[FaultyServer]:
    """A server of the venue that can answer what cannot be read, and its client."""
    server = FaultyServer(id, kind)
    try:
        ccxt_loop(server.begin())
        yield server
    finally:
        ccxt_loop(server.end())


@pytest.fixture
def doors(id: str) -> Doors:
    """Where the venue takes orders and cancels."""
    return doors_of(id)


# -- with a sandbox -----------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def ccxt_sandboxes() -> Iterator[Sandboxes]:
    sandboxes = Sandboxes()
    yield sandboxes
    sandboxes.stop()


@pytest.fixture
def sandbox(ccxt_sandboxes: Sandboxes, request: pytest.FixtureRequest, id: str) -> Iterator[Sandbox]:
    """The venue's, in its first state; or, for a case of any state, as the last such case left it."""
    sandbox = ccxt_sandboxes.of(id).prepare(_item(request).case.any_state)
    yield sandbox
    sandbox.control("DELETE", "/faults")
    check_balance(sandbox)


@pytest.fixture
def client(sandbox: Sandbox, id: str, kind: str, ccxt_loop: Loop) -> Iterator[Callable[..., Client]]:
    """Makes clients that are closed afterwards: `client("counterparty", kind="pro", timeout=5)`."""
    made: list[Client] = []

    def new(account: str = "config", kind: str = kind, **config: Any) -> Client:
        made.append(Client(kind, id, {**sandbox.config(id, account), **config}))
        return made[-1]

    yield new
    for each in made:
        ccxt_loop(each.close())


@pytest.fixture
def trader(client: Callable[..., Client]) -> Client:
    """A client of the account whose orders are looked at."""
    return client()


@pytest.fixture
def counterparty(client: Callable[..., Client]) -> Client:
    """A client of the other account, which trades with it."""
    return client("counterparty")


@pytest.fixture
def watcher(client: Callable[..., Client]) -> Client:
    """A client of the streaming class that waits little."""
    watcher = client(kind="pro")
    # A copy, as ccxt puts what it is given itself where there was nothing.
    watcher.exchange.options = watcher.exchange.deep_extend(watcher.exchange.options, copy.deepcopy(QUICK))
    return watcher


@pytest.fixture
def stage(
    sandbox: Sandbox, profile: Profile, watcher: Client, client: Callable[..., Client], ccxt_loop: Loop
) -> Iterator[Callable[[str], Stage]]:
    """Makes a market to watch, which the watcher's account and the other one trade on: `stage(symbol)`."""
    made: list[Stage] = []

    def new(symbol: str) -> Stage:
        made.append(Stage(sandbox, profile, watcher, client("counterparty", kind="async"), symbol))
        return made[-1]

    ccxt_loop(watcher("loadMarkets"))
    yield new
    for each in made:
        ccxt_loop(each.end())


@pytest.fixture
def symbol(trader: Client, request: pytest.FixtureRequest, ccxt_loop: Loop) -> str:
    """The first open market of the type that the case needs, or that the venue goes by."""
    needed = [name for name in _item(request).case.needs if "." in name]
    if needed:
        trader.exchange.options["defaultType"] = needed[0].partition(".")[0]
    markets = ccxt_loop(trader("loadMarkets"))
    market_type = trader.exchange.options.get("defaultType", "spot")
    return next(
        str(market["symbol"]) for market in markets.values() if market["active"] and market[market_type]
    )


@pytest.fixture
def fault(sandbox: Sandbox, id: str) -> Callable[..., None]:
    """Has the next request(s) suffer: `fault('status', status=500, path='/orders')`."""

    def arm(kind: str, count: int = 1, **details: Any) -> None:
        sandbox.control("POST", "/faults", {"venue": id, "kind": kind, "count": count, **details})

    return arm


@pytest.fixture
def placed(sandbox: Sandbox, id: str) -> Callable[[], Sequence[Mapping[str, Any]]]:
    """The venue's own list of the orders that the trading account has placed during the case."""

    def all_orders() -> list[Mapping[str, Any]]:
        listed = sandbox.control("GET", f"/orders?venue={id}")
        return [order for order in listed if order["account"] == "config"]

    earlier = {order["id"] for order in all_orders()}
    return lambda: [order for order in all_orders() if order["id"] not in earlier]
