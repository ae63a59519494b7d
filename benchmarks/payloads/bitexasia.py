"""BitexAsia's answers, in the sizes that are measured: it has no lists but those of a book and a balance."""

import hashlib
import hmac
import json
import random
import secrets
import time
from collections.abc import Callable
from typing import Any

from ccxt_ext.venues.bitexasia import books

SYMBOL = "C0/USD"
START = 1_714_521_600_000
KEY = "ak_3f9d2c7b81e0"
SECRET = "7e1c9a40d5b84f63a2f0c8e1b6d79354"


def config(url: str) -> dict[str, Any]:
    return {"urls": {"api": {"rest": url}}, "apiKey": KEY, "secret": SECRET}


def markets(count: int) -> list[dict[str, Any]]:
    return [
        {
            "pair": f"C{n}-USD",
            "base": f"C{n}",
            "quote": "USD",
            "status": "online",
            "tick_size": "0.01",
            "min_size": "0.0001",
        }
        for n in range(count)
    ]


def answers() -> dict[str, Any]:
    chance = random.Random(1)

    def level(price: int) -> list[str]:
        return [f"{price / 100:.2f}", f"{chance.uniform(0.1, 5):.4f}"]

    def book(depth: int) -> dict[str, Any]:
        bids = [level(6_300_000 - 3 * n) for n in range(depth)]
        asks = [level(6_300_001 + 3 * n) for n in range(depth)]
        return {"pair": "C0-USD", "sequence": 1001, "timestamp": START, "bids": bids, "asks": asks}

    def balance(n: int) -> dict[str, Any]:
        free, locked = chance.randint(0, 10**10), 0 if n % 5 else chance.randint(0, 10**9)
        amounts = {"total": free + locked, "available": free, "locked": locked}
        texts = {name: f"{amount / 10**8:.8f}" for name, amount in amounts.items()}
        return {"account": "spot", "asset": f"C{n}", **texts}

    return {
        "book of 100": book(100),
        "book of 1,000": book(1000),
        "balance": {"balances": [balance(n) for n in range(200)]},
    }


def parse_book(exchange: Any, answer: Any) -> Any:
    return books.parse_book(exchange, answer, SYMBOL, None)


parse: dict[str, Callable[[Any, Any], Any]] = {
    "book of 100": parse_book,
    "book of 1,000": parse_book,
    "balance": lambda exchange, answer: exchange.parse_balance(answer),
}


def raw_book(exchange: Any) -> Callable[[], Any]:
    """The implicit method that fetches the book."""
    return lambda: exchange.public_get_orderbook_pair({"pair": "C0-USD"})


def signed(exchange: Any) -> dict[str, tuple[Callable[[], Any], Callable[[], Any]]]:
    order = {
        "pair": "BTC-USD",
        "side": "buy",
        "type": "limit",
        "price": "63000",
        "size": "0.01",
        "time_in_force": "GTC",
        "client_order_id": "cx-0001",
    }
    cancel = {"id": "ord_1001"}

    def by_hand(path: str, body: str) -> tuple[str, str, dict[str, str]]:
        stamp, nonce = str(int(time.time() * 1000)), secrets.token_hex(8)
        text = "\n".join(("POST", path, body, stamp, nonce))
        headers = {
            "X-Api-Key": KEY,
            "X-Api-Timestamp": stamp,
            "X-Api-Nonce": nonce,
            "X-Api-Signature": hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest(),
            "Content-Type": "application/json",
        }
        return "https://api.bitexasia.com" + path, body, headers

    return {
        "placing an order": (
            lambda: exchange.sign("orders", ["private"], "POST", order),
            lambda: by_hand("/v1/orders", json.dumps(order, separators=(",", ":"))),
        ),
        "cancelling an order": (
            lambda: exchange.sign("orders/{id}/cancel", ["private"], "POST", cancel),
            lambda: by_hand(f"/v1/orders/{cancel['id']}/cancel", ""),
        ),
    }
