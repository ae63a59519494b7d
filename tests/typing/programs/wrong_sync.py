"""Each line that a type checker has to find fault with says so."""

import ccxt_ext

exchange = ccxt_ext.bitmart2()
exchange.fetch_tikcer("BTC/USDT")  # wrong
exchange.fetchTikcer("BTC/USDT")  # wrong
exchange.public_get_pnig()  # wrong
exchange.create_order("BTC/USDT", "limit", "buy", "0.01", 1)  # wrong
exchange.create_order("BTC/USDT", "limit", "bid", 0.01, 1)  # wrong
exchange.create_order("BTC/USDT", "limit", "buy")  # wrong
exchange.create_order("BTC/USDT", "limit", "buy", 0.01, prize=1)  # wrong
exchange.fetch_tickers("BTC/USDT")  # wrong
exchange.fetch_ticker("BTC/USDT")["lst"]  # wrong
exchange.fetch_ticker("BTC/USDT")["last"] + 1  # wrong
print(exchange.fetch_order("1")["status"] == "cancelled")  # wrong
ccxt_ext.bitmart()  # wrong
ccxt_ext.acme()  # wrong
exchange.watch_ticker("BTC/USDT")  # wrong
exchange.fetch_positions()  # wrong
exchange.fetch_greeks("BTC/USDT")  # wrong
ccxt_ext.bitexasia().fetch_tickers()  # wrong
print("the end is reached")
