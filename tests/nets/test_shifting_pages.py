"""Lists of which rows go, or to which some come, while their pages are read from the sandbox."""

import json

import pytest

from ccxt_ext.sandbox.control import Control
from ccxt_ext.testing.bench import Bench
from ccxt_ext.testing.wire import call


def after_each(bench, times, method, path, made, **body):
    """Have a control call made after each of the next requests for a list."""
    fault = {
        "kind": "then",
        "method": method,
        "path": path,
        "count": times,
        "call": {"path": made, "body": {"venue": bench.id, "account": "config", **body}},
    }
    status, answer = Control(bench.world, dict).handle("POST", "/faults", "", json.dumps(fault).encode())
    assert status == 200, answer


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("oldest", [False, True])
def test_bitmart2_open_orders_are_whole_while_some_go(kind, oldest):
    """With each page some orders are gone, so that the next one begins too late."""
    bench = Bench("bitmart2", seed=7)
    spec = bench.engine.markets["BMX_ETH"].spec
    for _ in range(2100):
        bench.engine.place("config", spec.id, "buy", spec.tick, spec.min_amount)
    after_each(bench, 4, "GET", "^/v2/orders$", "/cancel", count=30, oldest=oldest)
    exchange = bench.exchange(kind)
    told = [order["id"] for order in call(exchange, "fetch_open_orders", "BMX/ETH")]
    living = {str(order.id) for order in bench.engine.orders("config", None, ("open",))}
    assert len(living) < 2100 - 30
    assert len(told) == len(set(told))
    assert living <= set(told)
