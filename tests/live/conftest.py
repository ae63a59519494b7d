"""Real clients of both kinds against the sandbox: two accounts of each venue."""

import pytest

import ccxt_ext
from ccxt_ext.sandbox import Sandbox
from ccxt_ext.testing.client import Client


class Shared:
    """One sandbox for all tests. A reset makes the history of its markets anew, so it is done when needed."""

    def __init__(self, sandbox):
        self.sandbox = sandbox
        self.fit = True  # for tests of any state

    def prepare(self, any_state):
        self.sandbox.control("DELETE", "/faults")
        if not (any_state and self.fit):
            self.sandbox.control("POST", "/reset", {"seed": 7})
        self.fit = any_state
        return self.sandbox


@pytest.fixture(scope="session")
def shared():
    with Sandbox(seed=7) as sandbox:
        yield Shared(sandbox)


@pytest.fixture
def sandbox(shared, request):
    """The sandbox in its first state, or as the last test of any state left it."""
    return shared.prepare(request.node.get_closest_marker("any_state") is not None)


def pytest_configure(config):
    config.addinivalue_line("markers", "any_state: does not need the first state, and does nothing but trade")
    config.addinivalue_line(
        "markers",
        "needs(*methods): for venues that claim these in `has`, or, as 'spot.fetchOrder', in `features`",
    )


def able(exchange, name):
    """Whether a venue can, at all ('fetchOrder') or on one kind of markets ('spot.fetchOrder')."""
    kind, _, method = name.rpartition(".")
    if not kind:
        return bool(exchange.has[name])
    features = exchange.features.get(kind) or {}
    return bool(features.get(method)) or any(
        (part or {}).get(method) for part in features.values() if isinstance(part, dict)
    )


def pytest_generate_tests(metafunc):
    """Each venue, where it has what the test needs."""
    if "id" in metafunc.fixturenames:
        marks = metafunc.definition.iter_markers("needs")
        needed = [name for mark in marks for name in mark.args]
        venues = {id: getattr(ccxt_ext, id)() for id in ccxt_ext.exchanges}
        metafunc.parametrize(
            "id", [id for id, venue in venues.items() if all(able(venue, name) for name in needed)]
        )


@pytest.fixture(params=["sync", "async"])
def kind(request):
    return request.param


@pytest.fixture
async def trader(sandbox, id, kind):
    client = Client(kind, id, sandbox.config(id))
    yield client
    await client.close()


@pytest.fixture
async def counterparty(sandbox, id, kind):
    client = Client(kind, id, sandbox.config(id, "counterparty"))
    yield client
    await client.close()


@pytest.fixture
async def symbol(trader, request):
    """The first open market of the kind that the test needs, or that the venue goes by."""
    needed = [name for mark in request.node.iter_markers("needs") for name in mark.args if "." in name]
    if needed:
        trader.exchange.options["defaultType"] = needed[0].partition(".")[0]
    markets = await trader("loadMarkets")
    kind = trader.exchange.options.get("defaultType", "spot")
    return next(market["symbol"] for market in markets.values() if market["active"] and market[kind])


@pytest.fixture
def fault(sandbox, id):
    """Has the next request(s) suffer: `fault('status', status=500, path='/orders')`."""

    def arm(kind, count=1, **details):
        sandbox.control("POST", "/faults", {"venue": id, "kind": kind, "count": count, **details})

    yield arm
    sandbox.control("DELETE", "/faults")


@pytest.fixture
def placed(sandbox, id):
    """The venue's own list of the orders that the trading account has placed during the test."""

    def all_orders():
        listed = sandbox.control("GET", f"/orders?venue={id}")
        return [order for order in listed if order["account"] == "config"]

    earlier = {order["id"] for order in all_orders()}
    return lambda: [order for order in all_orders() if order["id"] not in earlier]


@pytest.fixture(autouse=True)
def balanced(sandbox):
    """Whatever a test does, no money appears or vanishes."""
    yield
    for venue, currencies in sandbox.control("GET", "/ledger").items():
        for currency, sums in currencies.items():
            assert sums["total"] == sums["deposited"], (venue, currency)
