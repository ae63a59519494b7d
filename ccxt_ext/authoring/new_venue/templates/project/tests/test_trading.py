"""The client at the sandbox: what ccxt's users do, sync and async, with somebody to trade with."""

import asyncio

import ccxt
import ccxt.async_support
import pytest


@pytest.fixture
def clients(configs):
    return [ccxt.acme(config) for config in configs]


SYMBOLS = [
    "BTC/USDT",
    "BTC/USDT:USDT",  # with --swap
]


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_the_life_of_an_order(clients, symbol):
    exchange, other = clients
    book = exchange.fetch_order_book(symbol)
    price = book["bids"][0][0]
    amount = 10 * exchange.market(symbol)["limits"]["amount"]["min"]
    order = exchange.create_order(symbol, "limit", "buy", amount, price)
    assert (order["status"], order["filled"], order["amount"]) == ("open", 0, amount)
    assert order["id"] in [each["id"] for each in exchange.fetch_open_orders(symbol)]
    # Whoever else bids at this price came first.
    other.create_order(symbol, "limit", "sell", book["bids"][0][1] + amount / 2, price)
    partly = exchange.fetch_order(order["id"], symbol)
    assert (partly["status"], partly["filled"]) == ("open", pytest.approx(amount / 2))
    assert partly["cost"] == pytest.approx(
        partly["filled"] * price * (exchange.market(symbol)["contractSize"] or 1)
    )
    canceled = exchange.cancel_order(order["id"], symbol)
    assert (canceled["status"], canceled["filled"]) == ("canceled", partly["filled"])
    trades = [each for each in exchange.fetch_my_trades(symbol) if each["order"] == order["id"]]
    assert sum(trade["amount"] for trade in trades) == pytest.approx(partly["filled"])
    assert all(trade["takerOrMaker"] == "maker" for trade in trades)
    with pytest.raises(ccxt.OrderNotFound):
        exchange.cancel_order(order["id"], symbol)


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_public_data(clients, symbol):
    exchange, _ = clients
    ticker = exchange.fetch_ticker(symbol)
    assert ticker["bid"] < ticker["ask"]
    assert len(exchange.fetch_order_book(symbol, 5)["asks"]) == 5
    trades = exchange.fetch_trades(symbol, limit=20)
    assert [trade["timestamp"] for trade in trades] == sorted(trade["timestamp"] for trade in trades)
    candles = exchange.fetch_ohlcv(symbol, "1h", limit=24)
    assert len(candles) in (23, 24)  # an hour that has just begun may have none yet
    since = candles[10][0]
    assert exchange.fetch_ohlcv(symbol, "1h", since, 3) == candles[10:13]
    assert abs(exchange.fetch_time() - exchange.milliseconds()) < 5_000


def test_what_is_known_to_be_wrong_is_not_sent(clients):
    exchange, _ = clients
    for arguments in (("limit", "buy", 0.0000001, 50_000), ("limit", "buy", 0.01, -1), ("market", "buy", 1)):
        with pytest.raises((ccxt.InvalidOrder, ccxt.NotSupported)):
            exchange.create_order("BTC/USDT", *arguments)


def test_an_order_whose_answer_is_lost(sandbox, clients):
    exchange, _ = clients
    before = {order["id"] for order in exchange.fetch_open_orders("BTC/USDT")}
    fault = {"venue": "acme", "kind": "drop_reply", "count": 1, "path": "orders"}
    sandbox.control("POST", "/faults", fault)
    with pytest.raises(ccxt.NetworkError) as caught:
        exchange.create_order("BTC/USDT", "limit", "buy", 0.01, 40_000)
    assert caught.value.outcome == "unknown"
    id = caught.value.client_order_id
    again = exchange.create_order("BTC/USDT", "limit", "buy", 0.01, 40_000, {"clientOrderId": id})
    after = {order["id"] for order in exchange.fetch_open_orders("BTC/USDT")}
    assert after - before == {again["id"]}
    exchange.cancel_all_orders("BTC/USDT")
    assert exchange.fetch_open_orders("BTC/USDT") == []


def test_many_open_orders_and_trades_are_read_to_the_end(clients):
    exchange, other = clients
    exchange.options["pageSize"] = 3
    orders = [exchange.create_order("ETH/USDT", "limit", "buy", 0.01, 1000 + each) for each in range(8)]
    found = exchange.fetch_open_orders("ETH/USDT")
    assert {order["id"] for order in found} == {order["id"] for order in orders}
    exchange.cancel_all_orders("ETH/USDT")
    begin = exchange.fetch_time()
    price = exchange.fetch_ticker("ETH/USDT")["bid"] + 0.01
    for _ in range(7):
        exchange.create_order("ETH/USDT", "limit", "buy", 0.01, price)
        other.create_order("ETH/USDT", "limit", "sell", 0.01, price)
    trades = exchange.fetch_my_trades("ETH/USDT", begin)
    assert len(trades) == 7
    assert exchange.fetch_my_trades("ETH/USDT", begin, 2) == trades[:2]
    assert exchange.fetch_my_trades("ETH/USDT", None, 2) == trades[-2:]


def test_async(configs):
    async def trade():
        exchange = ccxt.async_support.acme(configs[0])
        try:
            order = await exchange.create_order("ETH/USDT", "limit", "buy", 0.1, 1000)
            balance = await exchange.fetch_balance()
            canceled = await exchange.cancel_order(order["id"], "ETH/USDT")
            return balance, canceled
        finally:
            await exchange.close()

    balance, canceled = asyncio.run(trade())
    assert balance["USDT"]["used"] > 0
    assert canceled["status"] == "canceled"
