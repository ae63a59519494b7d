"""A program as its author would write it; what each reveal_type says is told behind it."""

import asyncio

from typing_extensions import reveal_type

import ccxt_ext.async_support
from ccxt_ext.async_support import bitexbit, btex
from ccxt_ext.types import Order, Trade


async def bought(exchange: btex, symbol: str) -> float:
    trades: list[Trade] = await exchange.fetch_my_trades(symbol, limit=50)
    return sum(trade["amount"] or 0 for trade in trades if trade["side"] == "buy")


async def main() -> None:
    async with ccxt_ext.async_support.btex({"apiKey": "key", "secret": "secret"}) as exchange:
        reveal_type(exchange)  # btex
        reveal_type(await exchange.load_markets())  # dict[str, Market]
        reveal_type(await exchange.fetch_order_book("BTC/USD:BTC"))  # OrderBook
        reveal_type((await exchange.fetch_order_book("BTC/USD:BTC"))["bids"][0])  # list[float]
        reveal_type(await exchange.fetchFundingRates())  # dict[str, FundingRate]
        order = await exchange.create_market_buy_order("BTC/USD:BTC", 1)
        reveal_type(order)  # Order
        reveal_type(order["filled"])  # float | None
        reveal_type(await exchange.fetch_tickers())  # dict[str, Ticker]
        reveal_type(await exchange.fetch_positions())  # list[Position]
        reveal_type(await bought(exchange, "BTC/USD:BTC"))  # float
        reveal_type(await exchange.contract_public_get_tickers())  # Any
        reveal_type(exchange.nonce())  # int
    venue = bitexbit()
    try:
        closed: list[Order] = await venue.fetch_closed_orders("BTC/USD")
        reveal_type(closed[0]["trades"])  # list[Trade]
        reveal_type(await venue.withdraw("BTC", 1, "address", tag=None))  # Transaction
    finally:
        await venue.close()
        reveal_type(venue.id)  # str


asyncio.run(main())
