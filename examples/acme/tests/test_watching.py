"""The streaming class at the sandbox."""

import asyncio

import ccxt.pro
from symbols import SECOND, SYMBOL, amount_at, inside, low_prices


def watching(configs, work):
    async def run():
        exchange, other = (ccxt.pro.acme(config) for config in configs)
        try:
            return await asyncio.wait_for(work(exchange, other), 30)
        finally:
            await exchange.close()
            await other.close()

    return asyncio.run(run())


def levels(book, side):
    return [[float(price), float(amount)] for price, amount in book[side]]


def engines_book(sandbox):
    return sandbox.control("GET", "/book?venue=acme&market=BTC_USDT")


def test_a_book_follows_every_change(sandbox, configs):
    async def work(exchange, other):
        book = await exchange.watch_order_book(SYMBOL)
        for step in range(5):
            price = inside(exchange, SYMBOL, book)
            await other.create_order(SYMBOL, "limit", "buy", amount_at(exchange, SYMBOL, price), price)
            book = await exchange.watch_order_book(SYMBOL)
            assert levels(book, "bids")[:20] == levels(engines_book(sandbox), "bids")[:20], step
            assert levels(book, "asks")[:20] == levels(engines_book(sandbox), "asks")[:20], step
        await other.cancel_all_orders(SYMBOL)

    watching(configs, work)


def test_a_book_with_a_gap_begins_anew(sandbox, configs):
    async def work(exchange, other):
        book = await exchange.watch_order_book(SYMBOL)
        prices = low_prices(exchange, SYMBOL, book["bids"][0][0], 3)
        amount = amount_at(exchange, SYMBOL, prices[0])
        gap = {"venue": "acme", "kind": "ws_gap", "count": 1}
        sandbox.control("POST", "/faults", gap)
        for price in prices:
            await other.create_order(SYMBOL, "limit", "buy", amount, price)
        while [prices[-1], amount] not in levels(book, "bids"):
            book = await exchange.watch_order_book(SYMBOL)
        assert levels(book, "bids") == levels(engines_book(sandbox), "bids")
        await other.cancel_all_orders(SYMBOL)

    watching(configs, work)


def test_orders_are_watched(configs):
    async def work(exchange, other):
        await exchange.load_markets()
        (price,) = low_prices(exchange, SECOND, (await exchange.fetch_ticker(SECOND))["bid"], 1)
        amount = amount_at(exchange, SECOND, price)
        news = asyncio.create_task(exchange.watch_orders(SECOND))
        await asyncio.sleep(0)
        order = await exchange.create_order(SECOND, "limit", "buy", amount, price)
        seen = await news
        assert [each["id"] for each in seen] == [order["id"]]
        await exchange.cancel_order(order["id"], SECOND)

    watching(configs, work)
