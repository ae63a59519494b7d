"""The strategy on candles of the test's own, through hours that pass in seconds."""

import pytest
from dip_bot import DipBot

MINUTE = 60_000


@pytest.fixture
def bot(ccxt_sandbox):
    return DipBot(ccxt_sandbox.exchange("binance"))


def candles(sandbox, prices):
    """One a minute, the first of them a minute ago."""
    begin = sandbox.now() // MINUTE * MINUTE - MINUTE
    return [[begin + n * MINUTE, price, price, price, price, 5] for n, price in enumerate(prices)]


def test_it_buys_a_dip_and_sells_at_a_profit(ccxt_sandbox, bot):
    prices = [50_000, 50_000, 49_500, 48_800, 48_800, 49_000, 49_400, 49_600, 49_600, 49_600]
    ccxt_sandbox.play("binance", "BTC/USDT", candles(ccxt_sandbox, prices))
    ccxt_sandbox.run_for(bot.run, minutes=12)
    bought, sold = ccxt_sandbox.orders("binance")
    assert (bought["side"], bought["status"]) == ("buy", "closed")
    assert (sold["side"], sold["status"]) == ("sell", "closed")
    assert sold["price"] >= bought["price"] * 101 / 100


def test_it_leaves_a_calm_market_alone(ccxt_sandbox, bot):
    ccxt_sandbox.play("binance", "BTC/USDT", candles(ccxt_sandbox, [50_000, 49_900] * 30))
    ccxt_sandbox.run_for(bot.run, hours=1)
    assert ccxt_sandbox.orders("binance") == []


def test_it_does_not_sell_at_a_loss(ccxt_sandbox, bot):
    ccxt_sandbox.price("binance", "BTC/USDT", 40_000)
    bot.bought_at = 41_000
    bot.step()
    assert ccxt_sandbox.orders("binance") == []
