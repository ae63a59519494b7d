"""Each line that a type checker has to find fault with says so."""

from ccxt_ext.async_support import bitexasia, bitmart2, btex


async def main(exchange: bitmart2) -> None:
    ticker = exchange.fetch_ticker("BTC/USDT")
    print(ticker["last"])  # wrong
    print((await exchange.fetch_ticker("BTC/USDT"))["lst"])  # wrong
    await exchange.fetch_tikcer("BTC/USDT")  # wrong
    await exchange.create_order("BTC/USDT", "limit", "buy", "0.01", 1)  # wrong
    await exchange.watch_ticker("BTC/USDT")  # wrong
    exchange.public_get_ping()["msg"]  # wrong
    await exchange.milliseconds()  # wrong
    await bitexasia().fetch_trades("BTC/USD")  # wrong
    with btex():  # wrong
        print("the end is reached")
