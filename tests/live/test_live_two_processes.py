"""Two processes use one key, and the clock of one is ahead: both are heard, and cancels are too."""

import json
import subprocess
import sys

import pytest

from ccxt_ext.testing.client import Client

AHEAD_MS = 2000

# Calls for as long as its standard input is open, and tells then how many calls that were.
OTHER = """
import json, sys, threading
import ccxt_ext

told = json.loads(sys.argv[1])
exchange = getattr(ccxt_ext, told["id"])(told["config"])
milliseconds = exchange.milliseconds
exchange.milliseconds = lambda: milliseconds() + told["ahead"]
exchange.fetch_balance()
print("begun", flush=True)
ended = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set())).start()
calls = 0
while not ended.is_set():
    exchange.fetch_balance()
    calls += 1
print(calls, flush=True)
"""


@pytest.fixture
def other(sandbox):
    """Another process with the venue's key, whose clock is ahead."""
    told = json.dumps({"id": "bitexbit", "config": sandbox.config("bitexbit"), "ahead": AHEAD_MS})
    command = [sys.executable, "-c", OTHER, told]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "begun\n"
        yield process
        process.stdin.close()
        assert int(process.stdout.read()) > 0  # it went on as well
    assert process.returncode == 0


async def test_whose_clock_is_behind_places_and_cancels(sandbox, other, kind):
    trader = Client(kind, "bitexbit", sandbox.config("bitexbit"))
    symbol = next(iter(await trader("loadMarkets")))
    bid = (await trader("fetchOrderBook", symbol))["bids"][-1][0]
    amount = trader.exchange.market(symbol)["limits"]["amount"]["min"] * 2
    orders = [await trader("createOrder", symbol, "limit", "buy", amount, bid) for _ in range(5)]
    for order in orders:
        await trader("cancelOrder", order["id"], symbol)
    await trader.close()
    listed = sandbox.control("GET", "/orders?venue=bitexbit")
    assert [order["status"] for order in listed if order["account"] == "config"] == ["canceled"] * 5
