"""A program as its author would write it; what each reveal_type says is told behind it."""

from typing_extensions import reveal_type

import ccxt_ext
from ccxt_ext.sandbox import Sandbox
from ccxt_ext.types import Order, OrderSide, Ticker


def spread(ticker: Ticker) -> float | None:
    bid, ask = ticker["bid"], ticker["ask"]
    return None if bid is None or ask is None else ask - bid


def best(exchange: ccxt_ext.bitmart2, symbol: str, side: OrderSide) -> float:
    book = exchange.fetch_order_book(symbol, 5)
    price, _ = book["bids" if side == "buy" else "asks"][0]
    return price


with Sandbox(seed=1) as sandbox:
    exchange = ccxt_ext.bitmart2(sandbox.config("bitmart2"))
    reveal_type(exchange)  # bitmart2
    reveal_type(exchange.load_markets())  # dict[str, Market]
    reveal_type(exchange.market("BTC/USDT")["precision"]["price"])  # float | None
    reveal_type(exchange.symbols)  # list[str]
    reveal_type(exchange.has["fetchOrder"])  # bool | str | None
    reveal_type(exchange.fetch_ticker("BTC/USDT"))  # Ticker
    reveal_type(exchange.fetchTicker("BTC/USDT"))  # Ticker
    reveal_type(exchange.fetch_tickers(["BTC/USDT"])["BTC/USDT"]["last"])  # float | None
    reveal_type(spread(exchange.fetch_ticker("BTC/USDT")))  # float | None
    reveal_type(exchange.fetch_ohlcv("BTC/USDT", "1m", limit=2)[0])  # list[float]
    reveal_type(exchange.fetch_balance())  # Balances
    reveal_type(exchange.fetch_balance()["USDT"]["free"])  # float | None
    reveal_type(exchange.fetch_balance()["total"])  # dict[str, float | None]
    price = exchange.price_to_precision("BTC/USDT", best(exchange, "BTC/USDT", "buy") * 0.9)
    reveal_type(price)  # str
    order = exchange.create_order("BTC/USDT", "limit", "buy", 0.01, float(price), {"clientOrderId": "1"})
    reveal_type(order)  # Order
    reveal_type(order["id"])  # str
    reveal_type(order["price"])  # float | None
    reveal_type(order["fees"])  # list[Fee]
    orders: list[Order] = exchange.fetch_open_orders("BTC/USDT")
    reveal_type([each["id"] for each in orders])  # list[str]
    reveal_type(exchange.cancel_order(order["id"], "BTC/USDT")["id"])  # str | None
    reveal_type(exchange.iso8601(exchange.milliseconds()))  # str | None
    reveal_type(exchange.public_get_ping())  # Any
    exchange.options["anything"] = 1

futures = ccxt_ext.bitmaxfutures({"apiKey": "key", "secret": "secret", "options": {}})
position = futures.fetch_position("BTC/USDT:USDT")
reveal_type(position)  # Position | None
if position is not None:
    reveal_type(position["side"])  # Literal['long', 'short'] | None
futures.create_orders([{"symbol": "BTC/USDT:USDT", "type": "market", "side": "buy", "amount": 1}])
reveal_type(ccxt_ext.exchanges)  # list[str]
reveal_type(ccxt_ext.__version__)  # str
ccxt_ext.register()
ccxt_ext.reset_shared()
