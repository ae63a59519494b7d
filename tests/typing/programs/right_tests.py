"""Tests of a bot as its author would write them; what each reveal_type says is told behind it."""

from decimal import Decimal

import pytest
from typing_extensions import reveal_type

import ccxt_ext.testing
from ccxt_ext.testing import BotSandbox, Fault, Program


@pytest.mark.ccxt_sandbox(venues=["bitmart2"], seed=3)
def test_it_buys(ccxt_sandbox: BotSandbox) -> None:
    exchange = ccxt_sandbox.exchange("bitmart2", kind="async", account="counterparty", timeout=500)
    reveal_type(exchange)  # Any
    reveal_type(ccxt_sandbox.price("bitmart2", "BTC/USDT", 40_000))  # int
    assert ccxt_sandbox.orders("bitmart2", status="open")[0]["side"] == "buy"
    reveal_type(ccxt_sandbox.trades("bitmart2", None))  # list[dict[str, Any]]
    reveal_type(ccxt_sandbox.balance("bitmart2")["BTC"]["free"])  # Decimal
    price, amount = ccxt_sandbox.book("bitmart2", "BTC/USDT", levels=3)["bids"][0]
    assert price * amount > Decimal(1)
    reveal_type(ccxt_sandbox.ledger()["bitmart2"]["BTC"]["total"])  # Decimal


def test_it_survives(ccxt_sandbox: ccxt_ext.testing.BotSandbox) -> None:
    fault: Fault = ccxt_sandbox.fault("status", venue="bitmart2", status=503)
    with ccxt_sandbox.fault("latency", ms=10, optional=True) as other:
        reveal_type(other.met)  # int
    reveal_type(fault.left)  # int
    reveal_type(ccxt_sandbox.run("python bot.py", timeout=5).stdout)  # str
    with ccxt_sandbox.start(["python", "bot.py"]) as program:
        beside: Program = program
        reveal_type(beside.returncode)  # int | None
