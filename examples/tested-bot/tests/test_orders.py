"""Answers that get lost, and a venue that is away for a while."""

import ccxt
import pytest
from dip_bot import DipBot
from dip_bot.orders import place

SYMBOL = "BTC/USDT"


@pytest.fixture
def exchange(ccxt_sandbox):
    return ccxt_sandbox.exchange("binance")


@pytest.mark.parametrize("lost", ["drop_reply", "truncate", "garbage"])
def test_an_order_whose_answer_is_lost_is_found(ccxt_sandbox, exchange, lost):
    ccxt_sandbox.fault(lost, "binance", path="/createOrder")
    order = place(exchange, SYMBOL, "buy", 0.01, 5_000)
    [placed] = ccxt_sandbox.orders("binance")
    assert order["id"] == placed["id"]


def test_an_order_that_never_came_is_none(ccxt_sandbox, exchange):
    ccxt_sandbox.fault("reset", "binance", path="/createOrder")
    lost = ccxt_sandbox.run_for(lambda: place(exchange, SYMBOL, "buy", 0.01, 5_000), minutes=1)
    assert lost is None and ccxt_sandbox.orders("binance") == []


def test_a_venue_that_is_away_is_waited_for(ccxt_sandbox, exchange):
    ccxt_sandbox.fault("drop_reply", "binance", path="/createOrder")
    ccxt_sandbox.fault("status", "binance", path="/fetchOrders", status=503, count=30)
    order = ccxt_sandbox.run_for(lambda: place(exchange, SYMBOL, "buy", 0.01, 5_000), minutes=5)
    assert [order["id"]] == [placed["id"] for placed in ccxt_sandbox.orders("binance")]


def test_a_refusal_is_an_error(ccxt_sandbox, exchange):
    with pytest.raises(ccxt.InsufficientFunds):
        place(exchange, SYMBOL, "buy", 10_000, 5_000)
    assert ccxt_sandbox.orders("binance") == []


def test_the_bot_lives_through_an_outage(ccxt_sandbox, exchange):
    bot = DipBot(exchange)
    ccxt_sandbox.price("binance", SYMBOL, change=-0.05)
    ccxt_sandbox.fault("status", "binance", path="/fetchOHLCV", status=503, count=3)
    ccxt_sandbox.run_for(bot.run, minutes=10)
    assert [order["side"] for order in ccxt_sandbox.orders("binance")] == ["buy"]
