"""Streaming classes against the sandbox, with a counterparty that trades over REST."""

import pytest

import ccxt_ext.async_support
import ccxt_ext.pro
from ccxt_ext.sandbox import Sandbox
from tests.hurry import hurry
from tests.ids import PRO_IDS


@pytest.fixture(scope="module")
def shared_sandbox():
    with Sandbox(seed=7) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared_sandbox):
    """The sandbox in its first state."""
    shared_sandbox.control("DELETE", "/faults")
    shared_sandbox.control("POST", "/reset", {"seed": 7})
    return shared_sandbox


@pytest.fixture(params=PRO_IDS)
def id(request):
    return request.param


def streaming(sandbox, id, **settings):
    config = sandbox.config(id)
    exchange = getattr(ccxt_ext.pro, id)({**config, **settings})
    hurry(exchange)
    exchange.timeout_on_exit = 0
    return exchange


@pytest.fixture
async def watcher(sandbox, id):
    exchange = streaming(sandbox, id)
    await exchange.load_markets()
    yield exchange
    await exchange.close()


@pytest.fixture
async def counterparty(sandbox, id):
    exchange = getattr(ccxt_ext.async_support, id)(sandbox.config(id, "counterparty"))
    exchange.timeout_on_exit = 0
    await exchange.load_markets()
    yield exchange
    await exchange.close()


@pytest.fixture
def symbol(watcher):
    """The first open market of the kind that the venue goes by where nothing else is said."""
    kind = watcher.options.get("defaultType", "spot")
    return next(m["symbol"] for m in watcher.markets.values() if m["active"] and m[kind])


@pytest.fixture
def amount(watcher, symbol):
    market = watcher.market(symbol)
    return 10 * max(market["limits"]["amount"]["min"] or 0, market["precision"]["amount"])
