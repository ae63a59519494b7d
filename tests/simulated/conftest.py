"""One sandbox for all tests of a module, whose time stands still; and exchanges of it that are closed."""

import inspect

import pytest

from ccxt_ext.sandbox import Sandbox
from ccxt_ext.testing.ccxt_copy import HAS_TESTS
from ccxt_ext.testing.simulated import make

# Older releases of ccxt come without the tests of exchanges.
collect_ignore = [] if HAS_TESTS else ["test_ccxts_own.py"]


@pytest.fixture(scope="module")
def shared():
    with Sandbox(venues=[], simulated=["somewhere"], clock="frozen", start_ms=1_700_000_000_000) as sandbox:
        yield sandbox


@pytest.fixture
def box(shared):
    shared.control("POST", "/reset", {"seed": 1})
    return shared


@pytest.fixture
async def exchange(box):
    """Makes exchanges, and closes them."""
    made = []

    def exchange(id, kind="async", account="config", markets=None, **config):
        exchange = make(box, id, kind, account, config, markets)
        exchange.timeout_on_exit = 0
        made.append(exchange)
        return exchange

    yield exchange
    for each in made:
        if each.synchronous:
            each.session.close()  # not every release has a close() of its own
        else:
            await each.close()


async def result(of):
    """What a method of either kind gives."""
    return await of if inspect.isawaitable(of) else of
