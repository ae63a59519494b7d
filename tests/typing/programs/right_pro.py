"""A program as its author would write it; what each reveal_type says is told behind it."""

import asyncio

from typing_extensions import reveal_type

import ccxt_ext.async_support
import ccxt_ext.pro


async def worth(exchange: ccxt_ext.async_support.bitexasia) -> float | None:
    return (await exchange.fetch_ticker("BTC/USD"))["last"]


async def main() -> None:
    exchange = ccxt_ext.pro.bitexasia({"newUpdates": False})
    reveal_type(exchange)  # bitexasia
    while True:
        book = await exchange.watch_order_book("BTC/USD", 10)
        reveal_type(book)  # OrderBook
        reveal_type(book["asks"][0][0])  # float
        reveal_type(await exchange.watchTrades("BTC/USD"))  # list[Trade]
        if book["nonce"] is not None and book["nonce"] > 10:
            break
    reveal_type(exchange.orderbooks)  # dict[str, OrderBook]
    reveal_type(await exchange.watch_orders())  # list[Order]
    reveal_type(await exchange.un_watch_orders())  # bool
    reveal_type((await exchange.watch_balance())["BTC"])  # Balance
    reveal_type(await worth(exchange))  # float | None
    await exchange.close()
    async with ccxt_ext.pro.bitmaxfutures() as futures:
        reveal_type(futures)  # bitmaxfutures
        candles = await futures.watch_ohlcv_for_symbols([["BTC/USDT:USDT", "1m"]])
        reveal_type(candles)  # dict[str, dict[str, list[list[float]]]]
        reveal_type(await futures.watch_positions())  # list[Position]
        reveal_type(await futures.create_order_ws("BTC/USDT:USDT", "market", "sell", 1))  # Order


asyncio.run(main())
