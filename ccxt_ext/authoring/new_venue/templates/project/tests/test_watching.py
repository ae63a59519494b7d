"""The streaming class at the sandbox."""

import asyncio

import ccxt.pro


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
        book = await exchange.watch_order_book("BTC/USDT")
        for step in range(5):
            await other.create_order("BTC/USDT", "limit", "buy", 0.01, book["bids"][0][0] + 0.01)
            book = await exchange.watch_order_book("BTC/USDT")
            assert levels(book, "bids")[:20] == levels(engines_book(sandbox), "bids")[:20], step
            assert levels(book, "asks")[:20] == levels(engines_book(sandbox), "asks")[:20], step
        await other.cancel_all_orders("BTC/USDT")

    watching(configs, work)


def test_a_book_with_a_gap_begins_anew(sandbox, configs):  # with --streams
    async def work(exchange, other):  # with --streams
        book = await exchange.watch_order_book("BTC/USDT")  # with --streams
        gap = {"venue": "acme", "kind": "ws_gap", "count": 1}  # with --streams
        sandbox.control("POST", "/faults", gap)  # with --streams
        for price in (30_000, 30_001, 30_002):  # with --streams
            await other.create_order("BTC/USDT", "limit", "buy", 0.01, price)  # with --streams
        while [30_002.0, 0.01] not in levels(book, "bids"):  # with --streams
            book = await exchange.watch_order_book("BTC/USDT")  # with --streams
        assert levels(book, "bids") == levels(engines_book(sandbox), "bids")  # with --streams
        await other.cancel_all_orders("BTC/USDT")  # with --streams

    watching(configs, work)  # with --streams


def test_orders_are_watched(configs):
    async def work(exchange, other):
        await exchange.load_markets()
        news = asyncio.create_task(exchange.watch_orders("ETH/USDT"))
        await asyncio.sleep(0)
        order = await exchange.create_order("ETH/USDT", "limit", "buy", 0.1, 1000)
        seen = await news
        assert [each["id"] for each in seen] == [order["id"]]
        await exchange.cancel_order(order["id"], "ETH/USDT")

    watching(configs, work)
