"""bitexbit's answers in the sizes that are measured, each of the API that serves the method by default."""

import hashlib
import hmac
import json
import random
import time
from collections.abc import Callable
from typing import Any

from ccxt_ext.venue.answers import reading
from ccxt_ext.venues.bitexbit import market_data

SYMBOL = "C0/USD"
START = 1_485_777_324_410
KEY = "2c7f1d5a8b3e4c69"
SECRET = "d41e8f0b6a9c47d3b5e2f1a07c8d9e64"


def config(url: str) -> dict[str, Any]:
    return {
        "urls": {"api": dict.fromkeys(("v1", "charts", "v2", "gateway"), url)},
        "apiKey": KEY,
        "secret": SECRET,
    }


def markets(count: int) -> list[dict[str, Any]]:
    """Rows of v1 with what v2 adds."""
    return [
        {
            "name": f"C{n}_USD",
            "currency1": f"C{n}",
            "currency2": "USD",
            "minimum_order_size": "0.00000001",
            "maximum_order_size": "100000000.00000000",
            "symbol": f"C{n}_USD",
            "label": f"C{n}/USD",
            "base": f"C{n}",
            "quote": "USD",
            "price_precision": 3,
            "amount_precision": 6,
            "min_amount": "0.00001000",
            "max_amount": "100000000",
            "min_value": "0.00001000",
            "can_create_order": True,
            "can_cancel_order": True,
            "is_enabled": True,
        }
        for n in range(count)
    ]


def answers() -> dict[str, Any]:
    chance = random.Random(1)

    def number(least: float, most: float, places: int) -> float:
        """v1 and the charts send numbers, v2 texts."""
        return round(chance.uniform(least, most), places)

    def text(least: float, most: float) -> str:
        return f"{chance.uniform(least, most):.8f}"

    def level(price: int, n: int) -> dict[str, Any]:
        moment = round(START / 1000 - n * 0.777, 6)
        return {"price": price / 1000, "id": 44_667 - n, "amount": number(0.0001, 5, 6), "timestamp": moment}

    def book(depth: int) -> dict[str, Any]:
        sells = [level(911_519 + 3 * n, n) for n in range(depth)]
        return {"sell": sells, "buy": [level(911_122 - 3 * n, n) for n in range(depth)]}

    def trade(n: int) -> dict[str, Any]:
        of = {"id": 60_300 - n, "price": number(800, 900, 3), "pair": "C0_USD"}
        moment = round(START / 1000 - n * 0.777, 6)
        return {
            **of,
            "type": chance.choice(["buy", "sell"]),
            "timestamp": moment,
            "amount": number(0.0001, 5, 8),
        }

    def candle(n: int) -> dict[str, Any]:
        prices = {name: number(800, 900, 3) for name in ("high", "low", "close", "open")}
        return {"volume": number(0.1, 100, 6), **prices, "time": START // 60_000 * 60 + n * 60}

    def ticker(n: int) -> dict[str, Any]:
        prices = {name: text(800, 900) for name in ("last", "buy", "sell")}
        volumes = {"change": text(-5, 5), "vol1": text(1, 1000), "vol2": text(1, 1e6)}
        range_of = {"high": text(900, 1000), "low": text(700, 800)}
        return {"date": START - n * 77, "symbol": f"C{n}_USD", **prices, **volumes, **range_of}

    def order(n: int) -> dict[str, Any]:
        state, filled = chance.choice([("submitted", None), ("filled", "1.50000000"), ("canceled", None)])
        moment = START - n * 77_000
        left = None if state == "canceled" else "0.00000000" if filled else "1.50000000"
        return {
            "id": 33_852_806 - n,
            "date": moment,
            "symbol": "C0_USD",
            "type": chance.choice(["buy-limit", "sell-limit"]),
            "price": text(800, 900),
            "amount": "1.50000000",
            "amount_unfilled": left or "0.00000000",
            "amount_filled": filled,
            "amount_cancelled": "1.50000000" if state == "canceled" else None,
            "value_filled": filled and text(1200, 1350),
            "fee_filled": filled and text(2.4, 2.7),
            "price_avg": filled and text(800, 900),
            "done_at": None if state == "submitted" else moment + 1000,
            "state": state,
        }

    def wallet(n: int) -> dict[str, Any]:
        return {"currency": f"C{n}", "balance": number(10, 100, 8), "reserve": number(0, 10, 8)}

    return {
        "book of 100": book(100),
        "book of 1,000": book(1000),
        "trades": [trade(n) for n in range(500)],
        "candles": [candle(n) for n in range(1000)],
        "tickers": [ticker(n) for n in range(500)],
        "orders": [order(n) for n in range(500)],
        "balance": [wallet(n) for n in range(200)],
    }


def parse_book(exchange: Any, answer: Any) -> Any:
    return market_data.order_book(exchange, answer, SYMBOL, None)


def parse_candles(exchange: Any, answer: Any) -> Any:
    return exchange.parse_ohlcvs(market_data.candle_rows(exchange, answer), exchange.market(SYMBOL))


parse: dict[str, Callable[[Any, Any], Any]] = {
    "book of 100": parse_book,
    "book of 1,000": parse_book,
    "trades": lambda exchange, answer: exchange.parse_trades(
        reading.rows(exchange, answer), exchange.market(SYMBOL)
    ),
    "candles": parse_candles,
    "tickers": lambda exchange, answer: exchange.parse_tickers(reading.rows(exchange, answer)),
    "orders": lambda exchange, answer: exchange.parse_orders(
        reading.rows(exchange, answer), exchange.market(SYMBOL)
    ),
    "balance": lambda exchange, answer: exchange.parse_balance(answer),
}


def raw_book(exchange: Any) -> Callable[[], Any]:
    """The implicit method that fetches the book."""
    return lambda: exchange.v1_public_get_orderbook_pair({"pair": "C0_USD", "group": 1})


def signed(exchange: Any) -> dict[str, tuple[Callable[[], Any], Callable[[], Any]]]:
    order = {"symbol": "BTC_USD", "type": "buy-limit", "price": "870.69", "amount": "0.5"}

    def by_hand(path: str, fields: dict[str, str]) -> tuple[str, str, dict[str, str]]:
        path, text = f"/api/v2/private/{path}", json.dumps(fields, separators=(",", ":"))
        nonce = str(int(time.time() * 1000))
        headers = {
            "X-API-Key": KEY,
            "X-Nonce": nonce,
            "X-Signature": hmac.new(
                SECRET.encode(), (path + nonce + text).encode(), hashlib.sha256
            ).hexdigest(),
            "Content-Type": "application/json; charset=utf-8",
        }
        return f"https://bitexbit.com{path}", text, headers

    return {
        "placing an order": (
            lambda: exchange.sign("order/create", ["v2", "private"], "POST", order),
            lambda: by_hand("order/create", order),
        ),
        "cancelling an order": (
            lambda: exchange.sign("order/{id}/cancel", ["v2", "private"], "POST", {"id": "11249"}),
            lambda: by_hand("order/11249/cancel", {}),
        ),
    }
