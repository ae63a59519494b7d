"""Tests of a bot with mistakes that a checker has to find."""

import ccxt_ext.testing
from ccxt_ext.testing import BotSandbox

print(ccxt_ext.testing.BotSandBox)  # wrong


def test_mistakes(ccxt_sandbox: BotSandbox) -> None:
    ccxt_sandbox.exchange("bitmart2", kind="rest")  # wrong
    ccxt_sandbox.orders("bitmart2", status="filled")  # wrong
    ccxt_sandbox.orderz("bitmart2")  # wrong
    ccxt_sandbox.fault()  # wrong
    ccxt_sandbox.balance("bitmart2")["BTC"]["free"].upper()  # wrong
