# pyright: basic
"""Functions that take any exchange of ccxt's take these as well. ccxt has no types: strict this cannot be."""

import asyncio

import ccxt  # type: ignore[import-untyped]
import ccxt.async_support  # type: ignore[import-untyped]
import ccxt.pro  # type: ignore[import-untyped]

import ccxt_ext
import ccxt_ext.async_support
import ccxt_ext.pro


def last(exchange: ccxt.Exchange) -> None:
    print(exchange.fetch_ticker("BTC/USDT"))


async def last_awaited(exchange: ccxt.async_support.Exchange) -> None:
    print(await exchange.fetch_ticker("BTC/USDT"))


async def last_watched(exchange: ccxt.pro.Exchange) -> None:
    print(await exchange.watch_ticker("BTC/USDT"))


last(ccxt_ext.bitmart2())
asyncio.run(last_awaited(ccxt_ext.async_support.bitmart2()))
asyncio.run(last_watched(ccxt_ext.pro.bitmart2()))
