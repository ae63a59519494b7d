"""Faults that a test arms: what becomes of them, and those that were never met."""

import ccxt
import pytest

from ccxt_ext.sandbox import SandboxError

SYMBOL = "BTC/USDT"


def test_a_fault_tells_how_often_it_was_met_and_is_still_to_come(ccxt_sandbox):
    exchange = ccxt_sandbox.exchange("bitmart2")
    fault = ccxt_sandbox.fault("maintenance", venue="bitmart2", path="ticker", count=3)
    assert (fault.kind, fault.met, fault.left, fault.is_missed) == ("maintenance", 0, 3, True)
    with pytest.raises(ccxt.OnMaintenance):
        exchange.fetch_ticker(SYMBOL)
    assert (fault.met, fault.left, fault.is_missed) == (1, 2, False)
    fault.remove()
    exchange.fetch_ticker(SYMBOL)
    assert (fault.met, fault.left) == (1, 0)
    assert repr(fault) == ("<fault('maintenance', venue='bitmart2', path='ticker', count=3), met 1 times>")


def test_a_fault_is_used_up(ccxt_sandbox):
    exchange = ccxt_sandbox.exchange("bitmart2")
    other = ccxt_sandbox.fault("status", venue="btex", status=500, optional=True)
    fault = ccxt_sandbox.fault("status", venue="bitmart2", status=503, body="gone", path="ticker")
    with pytest.raises(ccxt.ExchangeNotAvailable):
        exchange.fetch_ticker(SYMBOL)
    exchange.fetch_ticker(SYMBOL)
    fault.remove()
    assert (fault.met, fault.left) == (1, 0)
    assert (other.met, other.left, other.is_missed) == (0, 1, False)


def test_a_fault_lasts_for_its_block(ccxt_sandbox):
    exchange = ccxt_sandbox.exchange("bitmart2")
    exchange.load_markets()
    with ccxt_sandbox.fault("reset", venue="bitmart2", count=100) as fault, pytest.raises(ccxt.NetworkError):
        exchange.fetch_ticker(SYMBOL)
    assert fault.met > 0 and fault.left == 0
    exchange.fetch_ticker(SYMBOL)


def test_a_block_that_does_not_meet_its_fault_fails(ccxt_sandbox):
    said = r"fault\('empty', venue='btex', count=1\) was never met in its block"
    with pytest.raises(AssertionError, match=said), ccxt_sandbox.fault("empty", venue="btex") as fault:
        ccxt_sandbox.exchange("bitmart2").fetch_ticker(SYMBOL)
    assert not fault.is_missed  # that has been told
    with ccxt_sandbox.fault("empty", venue="btex", optional=True):
        ccxt_sandbox.exchange("bitmart2").fetch_ticker(SYMBOL)


def test_what_goes_wrong_in_a_block_is_not_hidden_by_the_fault(ccxt_sandbox):
    with pytest.raises(ZeroDivisionError), ccxt_sandbox.fault("empty", optional=False) as fault:
        1 / 0  # noqa: B018
    assert fault.is_missed
    fault.optional = True


def test_a_reset_takes_a_fault_away(ccxt_sandbox):
    first = ccxt_sandbox.fault("empty", optional=True)
    ccxt_sandbox.control("POST", "/reset")
    second = ccxt_sandbox.fault("maintenance", venue="bitmart2")
    assert (first.met, first.left, second.left) == (0, 0, 1)
    with pytest.raises(ccxt.OnMaintenance):
        ccxt_sandbox.exchange("bitmart2").load_markets()
    assert (first.met, second.met) == (0, 1)


def test_a_fault_that_makes_no_sense(ccxt_sandbox):
    with pytest.raises(SandboxError, match="'kind' must be one of latency, status"):
        ccxt_sandbox.fault("slow")
    with pytest.raises(SandboxError, match="unknown venue 'nosuch'; there are"):
        ccxt_sandbox.fault("empty", venue="nosuch")
    with pytest.raises(SandboxError, match="a latency needs 'ms'"):
        ccxt_sandbox.fault("latency")
    assert ccxt_sandbox.control("GET", "/faults") == {"faults": []}


async def test_a_fault_of_a_stream(ccxt_sandbox):
    exchange = ccxt_sandbox.exchange("bitexasia", "pro")
    with ccxt_sandbox.fault("ws_close", venue="bitexasia") as fault, pytest.raises(ccxt.NetworkError):
        await exchange.watch_order_book("BTC/USD")
    assert fault.met == 1
