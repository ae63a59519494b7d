"""BitMart's answers, in the sizes that are measured."""

import hashlib
import hmac
import json
import random
import time
import urllib.parse
from collections.abc import Callable
from typing import Any

from ccxt_ext.venues.bitmart2 import market_data

SYMBOL = "C0/USDT"
START = 1_546_300_800_000
SECRET = "8c08d9d5c3d15b105dbddaf96e427ac6"


def config(url: str) -> dict[str, Any]:
    keys = {"apiKey": "6591f7c2491db0a23a1d8ad6911c825e", "secret": SECRET, "uid": "memo", "token": "token"}
    return {"urls": {"api": {"rest": url}}, **keys}


def markets(count: int) -> list[dict[str, Any]]:
    return [
        {
            "id": f"C{n}_USDT",
            "base_currency": f"C{n}",
            "quote_currency": "USDT",
            "quote_increment": "0.01",
            "base_min_size": "0.01",
            "base_max_size": "100000",
            "price_min_precision": 4,
            "price_max_precision": 6,
            "expiration": "NA",
        }
        for n in range(count)
    ]


def answers() -> dict[str, Any]:
    chance = random.Random(1)

    def number(least: float, most: float, places: int) -> str:
        return f"{chance.uniform(least, most):.{places}f}"

    def level(price: int) -> dict[str, Any]:
        amounts = {"amount": number(0.1, 5, 2), "total": number(1, 100, 2)}
        return {**amounts, "price": f"{price / 10_000:.6f}", "count": chance.randint(1, 4)}

    def book(depth: int) -> dict[str, Any]:
        buys = [level(20_000 - 3 * n) for n in range(depth)]
        return {"buys": buys, "sells": [level(20_001 + 3 * n) for n in range(depth)]}

    def trade(n: int) -> dict[str, Any]:
        numbers = {"price": number(1, 100, 6), "count": number(1, 100, 2), "amount": number(1, 10_000, 8)}
        return {"order_time": START - n * 777, **numbers, "type": chance.choice(["buy", "sell"])}

    def candle(n: int) -> dict[str, Any]:
        names = ("open_price", "highest_price", "lowest_price", "current_price")
        prices = {name: number(1, 100, 6) for name in names}
        return {"timestamp": START + n * 60_000, **prices, "volume": number(1, 10_000, 2)}

    def ticker(n: int) -> dict[str, Any]:
        names = ("highest_price", "lowest_price", "current_price", "bid_1", "ask_1")
        prices = {name: number(1, 100, 6) for name in names}
        volumes = {"volume": number(1, 1e6, 2), "base_volume": number(1, 1e6, 4)}
        sizes = {"bid_1_amount": number(1, 100, 2), "ask_1_amount": number(1, 100, 2)}
        share = {"fluctuation": number(-0.1, 0.1, 4), "url": "https://www.bitmart.com/trade.html"}
        return {"symbol_id": f"C{n}_USDT", **prices, **volumes, **sizes, **share}

    def order(n: int) -> dict[str, Any]:
        status = chance.choice(["2", "3", "4"])
        amount = chance.randint(300, 10_000)
        filled = amount if status == "3" else amount // 3
        amounts = {"original_amount": amount, "executed_amount": filled, "remaining_amount": amount - filled}
        return {
            "entrust_id": 1000 + n,
            "symbol": "C0_USDT",
            "timestamp": START - n * 7777,
            "side": chance.choice(["buy", "sell"]),
            "price": number(1, 100, 6),
            "fees": number(0.01, 0.1, 8),
            **{name: f"{value / 100:.2f}" for name, value in amounts.items()},
            "status": status,
        }

    def asset(n: int) -> dict[str, Any]:
        frozen = number(0, 10, 8) if n % 5 else "0.00000000"
        return {"id": f"C{n}", "name": f"Coin {n}", "available": number(0, 100, 8), "frozen": frozen}

    return {
        "book of 100": book(100),
        "book of 1,000": book(1000),
        "trades": [trade(n) for n in range(500)],
        "candles": [candle(n) for n in range(1000)],
        "tickers": [ticker(n) for n in range(500)],
        "orders": [order(n) for n in range(500)],
        "balance": [asset(n) for n in range(200)],
    }


parse: dict[str, Callable[[Any, Any], Any]] = {
    "book of 100": lambda exchange, answer: market_data.parse_book(exchange, answer, SYMBOL),
    "book of 1,000": lambda exchange, answer: market_data.parse_book(exchange, answer, SYMBOL),
    "trades": lambda exchange, answer: exchange.parse_trades(answer, exchange.market(SYMBOL)),
    "candles": lambda exchange, answer: exchange.parse_ohlcvs(answer, exchange.market(SYMBOL)),
    "tickers": lambda exchange, answer: exchange.parse_tickers(answer),
    "orders": lambda exchange, answer: exchange.parse_orders(answer, exchange.market(SYMBOL)),
    "balance": lambda exchange, answer: exchange.parse_balance(answer),
}


def raw_book(exchange: Any) -> Callable[[], Any]:
    """The implicit method that fetches the book."""
    return lambda: exchange.public_get_symbols_symbol_orders({"symbol": "C0_USDT"})


def signed(exchange: Any) -> dict[str, tuple[Callable[[], Any], Callable[[], Any]]]:
    order = {"symbol": "WAVES_BTC", "amount": "151", "price": "0.00007", "side": "sell"}
    cancel = {"entrust_id": "1223181"}

    def headers(fields: dict[str, str]) -> dict[str, str]:
        text = urllib.parse.urlencode(sorted(fields.items()))
        signature = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
        stamp = str(int(time.time() * 1000))
        return {"X-BM-AUTHORIZATION": "Bearer token", "X-BM-TIMESTAMP": stamp, "X-BM-SIGNATURE": signature}

    return {
        "placing an order": (
            lambda: exchange.sign("orders", ["private"], "POST", order),
            lambda: (json.dumps(order), headers(order)),
        ),
        "cancelling an order": (
            lambda: exchange.sign("orders/{entrust_id}", ["private"], "DELETE", cancel),
            lambda: ("https://openapi.bitmart.com/v2/orders/" + cancel["entrust_id"], headers(cancel)),
        ),
    }
