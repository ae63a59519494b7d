"""Each line that a type checker has to find fault with says so."""

from ccxt_ext.pro import bitexasia, bitmaxfutures


async def main(exchange: bitexasia) -> None:
    exchange.watch_order_book("BTC/USD")["bids"]  # wrong
    (await exchange.watch_order_book("BTC/USD"))["bid"]  # wrong
    await exchange.watch_ohlcv("BTC/USD")  # wrong
    await exchange.watch_orderbook("BTC/USD")  # wrong
    await exchange.create_order_ws("BTC/USD", "limit", "buy", 1, 1)  # wrong
    await bitmaxfutures().watch_tickers("BTC/USDT:USDT")  # wrong
    await bitmaxfutures().edit_order_ws(1, "BTC/USDT:USDT", "limit", "buy", 1, 1)  # wrong
    print("the end is reached")
