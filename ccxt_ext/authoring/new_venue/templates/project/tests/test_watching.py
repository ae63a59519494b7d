"""The streaming class at the sandbox."""

import asyncio

import ccxt.pro
from symbols import SECOND, SYMBOL, amount_at, inside, low_prices


def watching(configs, work):
    async def run():
        exchange, other = (ccxt.pro.acme(config) for config in configs)
        exchange.options["polling"] = {"interval": 50}  # ms; a second otherwise  # without --streams
        try:
            return await asyncio.wait_for(work(exchange, other), 30)
        finally:
            await exchange.close()
            await other.close()

    return asyncio.run(run())


def levels(book, side):
    return [[float(price), float(amount)] for price, amount in book[side]]


def engines_book(sandbox):
    return sandbox.control("GET", "/book?venue=acme&market=BTC-USDT")


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


def test_a_book_with_a_gap_begins_anew(sandbox, configs):  # with --streams
    async def work(exchange, other):  # with --streams
        book = await exchange.watch_order_book(SYMBOL)  # with --streams
        prices = low_prices(exchange, SYMBOL, book["bids"][0][0], 3)  # with --streams
        amount = amount_at(exchange, SYMBOL, prices[0])  # with --streams
        gap = {"venue": "acme", "kind": "ws_gap", "count": 1}  # with --streams
        sandbox.control("POST", "/faults", gap)  # with --streams
        for price in prices:  # with --streams
            await other.create_order(SYMBOL, "limit", "buy", amount, price)  # with --streams
        while [prices[-1], amount] not in levels(book, "bids"):  # with --streams
            book = await exchange.watch_order_book(SYMBOL)  # with --streams
        assert levels(book, "bids") == levels(engines_book(sandbox), "bids")  # with --streams
        await other.cancel_all_orders(SYMBOL)  # with --streams

    watching(configs, work)  # with --streams


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
