"""BTEX's answers, of its contracts, in the sizes that are measured."""

import base64
import hashlib
import hmac
import random
import time
import urllib.parse
from collections.abc import Callable
from typing import Any

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.fast import order_books
from ccxt_ext.venues.btex import market_data, wallets
from ccxt_ext.venues.btex.answers import data

SYMBOL = "C0/USD:C0"
START = 1_543_228_468_000
KEY = "5b3f1c0e7a9d42d8a6f0"
SECRET = "b6c1f0d29e8a4735b1d4c7e0"


def config(url: str) -> dict[str, Any]:
    return {"urls": {"api": {"contract": url, "spot": url}}, "apiKey": KEY, "secret": SECRET}


def markets(count: int) -> list[dict[str, Any]]:
    return [
        {
            "contract_id": str(n + 1),
            "symbol": f"C{n}",
            "settle_anchor": f"C{n}",
            "quote_anchor": "USD",
            "contract_anchor": "USD",
            "contract_value": "1.00000000",
            "pair": f"C{n}_USD",
            "type": "1",
            "expiry": "0000-00-00 00:00:00",
            "max_leverage": "100",
            "maintance_margin": "0.00500000",
            "maker_fee": "-0.00050000",
            "taker_fee": "0.00150000",
            "settle_fee": "0.00000000",
            "price_dec": "2",
            "anchor_dec": "8",
            "status": "1",
            "isreverse": "1",
            "allow_cross": "1",
            "allow_leverages": "1,5,10,25,50,100",
            "max_order_num": "20",
            "max_amount": 50000,
            "min_amount": 10,
            "max_position_amount": 50000,
        }
        for n in range(count)
    ]


def answers() -> dict[str, Any]:
    chance = random.Random(1)

    def number(least: float, most: float, places: int) -> str:
        return f"{chance.uniform(least, most):.{places}f}"

    def envelope(data: Any) -> dict[str, Any]:
        return {"code": 1, "info": "ok", "data": data}

    def level(price: int) -> dict[str, Any]:
        return {"price": price / 100, "amount": chance.randint(1, 20_000)}

    def book(depth: int) -> dict[str, Any]:
        bids = [level(391_000 - 3 * n) for n in range(depth)]
        return envelope({"bids": bids, "asks": [level(391_001 + 3 * n) for n in range(depth)]})

    def trade(n: int) -> dict[str, Any]:
        numbers = {"price": number(3800, 4000, 2) + "000000", "num": str(chance.randint(1, 20_000))}
        time = (START - n * 777) // 1000
        return {
            "trade_id": str(1_234_567 - n),
            "time": time,
            **numbers,
            "type": chance.choice(["buy", "sell"]),
        }

    def candle(n: int) -> list[str]:
        prices = [number(3800, 4000, 2) + "000000" for _ in range(4)]
        volumes = [str(chance.randint(1, 2_000_000)), number(1, 1e9, 2)]
        return [str(START + n * 300_000), *prices, *volumes]

    def ticker(n: int) -> dict[str, Any]:
        return {
            "contract_id": str(n + 1),
            "pair": f"C{n}_USD",
            **{name: number(3800, 4000, 8) for name in ("min", "max", "latest")},
            "change_24h": number(-0.1, 0.1, 4),
            "amount": str(chance.randint(1, 30_000_000)),
            "volumn": number(1, 10_000, 7),
            "open_interest": str(chance.randint(1, 100_000)),
            "index_price": number(3800, 4000, 10),
            "fair_price": number(3800, 4000, 10),
            "next_funding_rate": number(0, 0.002, 8),
        }

    def order(n: int) -> dict[str, Any]:
        status = chance.choice(["0", "1", "-1"])
        amount = chance.randint(300, 10_000)
        return {
            "order_id": str(2_088_691 - n),
            "contract_id": "1",
            "amount": str(amount),
            "price": number(3800, 4000, 2) + "000000",
            "type": "limit",
            "leverage": "10",
            "direction": chance.choice(["1", "-1"]),
            "order_status": status,
            "is_cross": "-1",
            "available": "0" if status == "1" else str(amount - amount // 3),
            "time": START // 1000 - n * 8,
            "pair": "C0_USD",
        }

    def asset(n: int) -> dict[str, Any]:
        free, position = chance.randint(0, 10**10), chance.randint(0, 10**9)
        ordered = 0 if n % 5 else chance.randint(0, 10**9)
        amounts = {"balance": free, "position_margin": position, "order_margin": ordered}
        amounts["total"] = sum(amounts.values())
        worth = {f"estimate_{name}": number(1, 1000, 8) for name in ("BTC", "USD", "CNY")}
        return {"coin": f"C{n}", **{name: f"{of / 10**8:.8f}" for name, of in amounts.items()}, **worth}

    worth = {"estimate_BTC": "0.50110094", "estimate_USD": "1991.33374026", "estimate_CNY": "13740.20280782"}
    return {
        "book of 100": book(100),
        "book of 1,000": book(1000),
        "trades": envelope({"lists": [trade(n) for n in range(500)]}),
        "candles": envelope({"lists": [candle(n) for n in range(1000)]}),
        "tickers": envelope([ticker(n) for n in range(500)]),
        "orders": envelope({"orders_his": [order(n) for n in range(500)]}),
        "balance": envelope({"time": START // 1000, **worth, "balances": [asset(n) for n in range(200)]}),
    }


def parse_book(exchange: Any, answer: Any) -> Any:
    return order_books.parse_levels(exchange, data(exchange, answer), SYMBOL, None, "bids", "asks")


def parse_trades(exchange: Any, answer: Any) -> Any:
    return exchange.parse_trades(
        reading.rows(exchange, data(exchange, answer), "lists"), exchange.market(SYMBOL)
    )


def parse_candles(exchange: Any, answer: Any) -> Any:
    rows = market_data.candle_rows(exchange, data(exchange, answer)["lists"])
    return exchange.parse_ohlcvs(rows, exchange.market(SYMBOL))


def parse_orders(exchange: Any, answer: Any) -> Any:
    rows = reading.rows(exchange, data(exchange, answer), "orders_his")
    return exchange.parse_orders(rows[::-1], exchange.market(SYMBOL))


parse: dict[str, Callable[[Any, Any], Any]] = {
    "book of 100": parse_book,
    "book of 1,000": parse_book,
    "trades": parse_trades,
    "candles": parse_candles,
    "tickers": lambda exchange, answer: exchange.parse_tickers(
        reading.rows(exchange, data(exchange, answer))
    ),
    "orders": parse_orders,
    "balance": lambda exchange, answer: wallets.parse_contract_balance(
        exchange, data(exchange, answer), answer
    ),
}


def raw_book(exchange: Any) -> Callable[[], Any]:
    """The implicit method that fetches the book."""
    return lambda: exchange.contract_public_get_orderbook({"contract_id": "1"})


def signed(exchange: Any) -> dict[str, tuple[Callable[[], Any], Callable[[], Any]]]:
    order = {
        "contract_id": "1",
        "amount": "1000",
        "leverage": "10",
        "direction": "-1",
        "type": "limit",
        "is_cross": "-1",
        "price": "3918.8",
    }
    pair = {"pair": "BTC_USDT", "price": "3000.12", "num": "0.18"}
    cancel = {"order_id": "2088691"}

    def form(fields: dict[str, str]) -> str:
        return urllib.parse.urlencode(sorted(fields.items()))

    def contract(path: str, given: dict[str, str]) -> tuple[str, str, dict[str, str]]:
        fields = {**given, "ts": str(int(time.time())), "access_key": KEY}
        text = form({**fields, "secret_key": SECRET})
        digest = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).digest()
        body = form({**fields, "sign": base64.b64encode(digest).decode()})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return "https://api.btex.com/mx_openapi1/" + path, body, headers

    def spot(method: str, given: dict[str, str]) -> tuple[str, str, dict[str, str]]:
        fields = {"method": method, "ts": str(int(time.time())), **given, "access_key": KEY}
        text = form({**fields, "secret_key": SECRET})
        body = form({**fields, "sign": hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return "https://api.btex.com/openapi1/auth_api", body, headers

    return {
        "placing an order for contracts": (
            lambda: exchange.sign("place_order", ["contract", "private"], "POST", order),
            lambda: contract("place_order", order),
        ),
        "cancelling it": (
            lambda: exchange.sign("cancel_order", ["contract", "private"], "POST", cancel),
            lambda: contract("cancel_order", cancel),
        ),
        "placing an order on a spot market": (
            lambda: exchange.sign("buy_coin", ["spot", "private"], "POST", pair),
            lambda: spot("buy_coin", pair),
        ),
    }
