"""The answers of Acme Exchange, in the sizes that are measured."""

import hashlib
import hmac
import json
import random
import time
from collections.abc import Callable
from typing import Any

from ccxt_acme import markets as parsing

SYMBOL = "C0/USDT"
START = 1_714_521_600_000
KEY = "3f9d2c7b81e04a5c"
SECRET = "7e1c9a40d5b84f63a2f0c8e1b6d79354"
URL = "https://api.acme.example"


def config(url: str) -> dict[str, Any]:
    return {"urls": {"api": {"rest": url}}, "apiKey": KEY, "secret": SECRET}


def markets(count: int) -> list[dict[str, Any]]:
    return [
        {
            "id": f"C{n}-USDT",
            "type": "spot",
            "base": f"C{n}",
            "quote": "USDT",
            "status": "open",
            "price_step": "0.01",
            "size_step": "0.0001",
            "min_size": "0.001",
            "max_size": "100000",
            "min_value": "5",
            "maker_fee": "0.001",
            "taker_fee": "0.002",
        }
        for n in range(count)
    ]


def answers() -> dict[str, Any]:
    """Lists of rows come in once `tables` of the protocol tells their columns."""
    chance = random.Random(1)

    def book(depth: int) -> dict[str, Any]:
        bids = [[f"{63_000 - n * 0.03:.2f}", f"{chance.uniform(0.1, 5):.4f}"] for n in range(depth)]
        asks = [[f"{63_000.01 + n * 0.03:.2f}", f"{chance.uniform(0.1, 5):.4f}"] for n in range(depth)]
        return {"market": "C0-USDT", "sequence": 1001, "time": START, "bids": bids, "asks": asks}

    return {"book of 100": book(100), "book of 200": book(200)}


def parse_book(exchange: Any, answer: Any) -> Any:
    return parsing.parse_book(exchange, answer, SYMBOL, None)


parse: dict[str, Callable[[Any, Any], Any]] = {"book of 100": parse_book, "book of 200": parse_book}


def raw_book(exchange: Any) -> Callable[[], Any]:
    """The implicit method that fetches the book."""
    return lambda: exchange.public_get_markets_market_book({"market": "C0-USDT"})


def signed(exchange: Any) -> dict[str, tuple[Callable[[], Any], Callable[[], Any]]]:
    order = {
        "market": "C0-USDT",
        "side": "buy",
        "type": "limit",
        "price": "63000",
        "size": "0.01",
        "client_id": "mine-1",
    }

    def by_hand(method: str, path: str, body: str) -> tuple[str, str, dict[str, str]]:
        stamp = str(int(time.time() * 1000))
        text = stamp + method + path + body
        headers = {
            "X-Api-Key": KEY,
            "X-Api-Timestamp": stamp,
            "X-Api-Signature": hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest(),
            "Content-Type": "application/json",
        }
        return URL + path, body, headers

    return {
        "placing an order": (
            lambda: exchange.sign("orders", ["private"], "POST", order),
            lambda: by_hand("POST", "/v1/orders", json.dumps(order, separators=(",", ":"))),
        ),
        "cancelling an order": (
            lambda: exchange.sign("orders/{id}", ["private"], "DELETE", {"id": "1001"}),
            lambda: by_hand("DELETE", "/v1/orders/1001", ""),
        ),
    }
