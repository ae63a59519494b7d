"""The client at the sandbox: what ccxt's users do, sync and async, with somebody to trade with."""

import asyncio

import ccxt
import ccxt.async_support
import pytest
from symbols import SECOND, SYMBOL, amount_at, inside, low_prices


@pytest.fixture
def clients(configs):
    return [ccxt.acme(config) for config in configs]


SYMBOLS = [
    SYMBOL,
    "BTC/USDT:USDT",  # with --swap
]


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_the_life_of_an_order(clients, symbol):
    exchange, other = clients
    book = exchange.fetch_order_book(symbol)
    price = book["bids"][0][0]
    amount = amount_at(exchange, symbol, price)
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
    bid = exchange.fetch_ticker(SYMBOL)["bid"]
    amount = amount_at(exchange, SYMBOL, bid)
    for arguments in (("limit", "buy", amount / 1e6, bid), ("limit", "buy", amount, -1), ("odd", "buy", 1)):
        with pytest.raises((ccxt.InvalidOrder, ccxt.NotSupported)):
            exchange.create_order(SYMBOL, *arguments)


def test_an_order_whose_answer_is_lost(sandbox, clients):
    exchange, _ = clients
    (price,) = low_prices(exchange, SYMBOL, exchange.fetch_ticker(SYMBOL)["bid"], 1)
    wanted = (SYMBOL, "limit", "buy", amount_at(exchange, SYMBOL, price), price)
    before = {order["id"] for order in exchange.fetch_open_orders(SYMBOL)}
    fault = {"venue": "acme", "kind": "drop_reply", "count": 1, "path": "orders"}
    sandbox.control("POST", "/faults", fault)
    with pytest.raises(ccxt.NetworkError) as caught:
        exchange.create_order(*wanted)
    assert caught.value.outcome == "unknown"
    id = caught.value.client_order_id
    again = exchange.create_order(*wanted, {"clientOrderId": id})
    after = {order["id"] for order in exchange.fetch_open_orders(SYMBOL)}
    assert after - before == {again["id"]}
    exchange.cancel_all_orders(SYMBOL)
    assert exchange.fetch_open_orders(SYMBOL) == []


def test_many_open_orders_and_trades_are_read_to_the_end(clients):
    exchange, other = clients
    exchange.options["pageSize"] = 3
    book = exchange.fetch_order_book(SECOND)
    prices = low_prices(exchange, SECOND, book["bids"][0][0], 8)
    amount = amount_at(exchange, SECOND, prices[0])
    orders = [exchange.create_order(SECOND, "limit", "buy", amount, price) for price in prices]
    found = exchange.fetch_open_orders(SECOND)
    assert {order["id"] for order in found} == {order["id"] for order in orders}
    exchange.cancel_all_orders(SECOND)
    begin = exchange.fetch_time()
    price = inside(exchange, SECOND, book)
    for _ in range(7):
        exchange.create_order(SECOND, "limit", "buy", amount, price)
        other.create_order(SECOND, "limit", "sell", amount, price)
    trades = exchange.fetch_my_trades(SECOND, begin)
    assert len(trades) == 7
    assert exchange.fetch_my_trades(SECOND, begin, 2) == trades[:2]
    assert exchange.fetch_my_trades(SECOND, None, 2) == trades[-2:]


def test_async(configs):
    async def trade():
        exchange = ccxt.async_support.acme(configs[0])
        try:
            bid = (await exchange.fetch_ticker(SECOND))["bid"]
            (price,) = low_prices(exchange, SECOND, bid, 1)
            amount = amount_at(exchange, SECOND, price)
            order = await exchange.create_order(SECOND, "limit", "buy", amount, price)
            balance = await exchange.fetch_balance()
            canceled = await exchange.cancel_order(order["id"], SECOND)
            return balance[exchange.market(SECOND)["quote"]], canceled
        finally:
            await exchange.close()

    balance, canceled = asyncio.run(trade())
    assert balance["used"] > 0
    assert canceled["status"] == "canceled"
