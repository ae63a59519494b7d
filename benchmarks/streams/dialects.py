"""How each of the venues that are compared tells of a book, and what it answers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import ccxt.pro

import ccxt_ext.pro
from benchmarks.streams.changes import ASKS, BIDS, START, Rows


@dataclass(frozen=True)
class Dialect:
    id: str
    symbol: str
    change: Callable[[int, Rows, Rows], Any]
    answers: Callable[[Any], Iterable[Any]]  # to a message of a client
    exchange: Callable[[str], Any]
    ours: bool = False


def timestamp(number: int) -> int:
    return START + 100 * number


def config(url: str) -> dict[str, Any]:
    return {"urls": {"api": {"ws": url, "rest": url.replace("ws", "http", 1)}}, "enableRateLimit": False}


def own(id: str) -> Callable[[str], Any]:
    def make(url: str) -> Any:
        exchange = getattr(ccxt_ext.pro, id)(config(url))
        payloads = import_module(f"benchmarks.payloads.{id}")
        exchange.set_markets(exchange.parse_markets(payloads.markets(2)), {})
        return exchange

    return make


def ccxts(id: str) -> Callable[[str], Any]:
    def make(url: str) -> Any:
        exchange = getattr(ccxt.pro, id)(config(url))
        names = {"id": "C0-USDT", "symbol": "C0/USDT", "base": "C0", "quote": "USDT"}
        kind = {"type": "spot", "spot": True, "active": True}
        exchange.set_markets([exchange.safe_market_structure({**names, **kind})], {})
        return exchange

    return make


# -- bitmaxfutures ---------------------------------------------------------------------------------


def bitmaxfutures_change(number: int, bids: Rows, asks: Rows, name: str = "depth") -> Any:
    data = {"ts": timestamp(number), "seqnum": number, "asks": asks, "bids": bids}
    return {"m": name, "symbol": "C0-PERP", "data": data}


def bitmaxfutures_answers(message: Any) -> Iterable[Any]:
    if message["op"] == "sub":
        yield {"m": "sub", "id": message["id"], "ch": message["ch"], "code": 0}
    elif message["op"] == "req":
        yield bitmaxfutures_change(0, BIDS, ASKS, "depth-snapshot")


# -- bitexasia -------------------------------------------------------------------------------------


def bitexasia_change(number: int, bids: Rows, asks: Rows, kind: str = "delta") -> Any:
    head = {"type": kind, "channel": "orderbook", "pair": "C0-USD"}
    return {**head, "sequence": number, "timestamp": timestamp(number), "bids": bids, "asks": asks}


def bitexasia_answers(message: Any) -> Iterable[Any]:
    if message["op"] == "subscribe":
        yield bitexasia_change(0, BIDS, ASKS, "snapshot")


# -- okx -------------------------------------------------------------------------------------------


def okx_change(number: int, bids: Rows, asks: Rows, action: str = "update") -> Any:
    def told(rows: Rows) -> list[list[str]]:
        return [[*row, "0", "1"] for row in rows]

    numbers = {"seqId": number, "prevSeqId": number - 1 if action == "update" else -1, "checksum": 0}
    data = {"asks": told(asks), "bids": told(bids), "ts": str(timestamp(number)), **numbers}
    return {"arg": {"channel": "books", "instId": "C0-USDT"}, "action": action, "data": [data]}


def okx_answers(message: Any) -> Iterable[Any]:
    if message["op"] == "subscribe":
        yield {"event": "subscribe", "arg": message["args"][0]}
        yield okx_change(0, BIDS, ASKS, "snapshot")


# -- bitvavo ---------------------------------------------------------------------------------------


def bitvavo_change(number: int, bids: Rows, asks: Rows) -> Any:
    return {"event": "book", "market": "C0-USDT", "nonce": number, "bids": bids, "asks": asks}


def bitvavo_answers(message: Any) -> Iterable[Any]:
    if message["action"] == "subscribe":
        yield {"event": "subscribed", "subscriptions": {"book": ["C0-USDT"]}}
        yield bitvavo_change(0, [], [])  # only then it asks for the book
    elif message["action"] == "getBook":
        book = {"market": "C0-USDT", "nonce": 0, "bids": BIDS, "asks": ASKS}
        yield {"action": "getBook", "response": book}


DIALECTS = {
    dialect.id: dialect
    for dialect in (
        Dialect(
            "bitmaxfutures",
            "C0/USDT:USDT",
            bitmaxfutures_change,
            bitmaxfutures_answers,
            own("bitmaxfutures"),
            ours=True,
        ),
        Dialect("bitexasia", "C0/USD", bitexasia_change, bitexasia_answers, own("bitexasia"), ours=True),
        Dialect("okx", "C0/USDT", okx_change, okx_answers, ccxts("okx")),
        Dialect("bitvavo", "C0/USDT", bitvavo_change, bitvavo_answers, ccxts("bitvavo")),
    )
}
BARE = "bitmaxfutures"  # whose messages are decoded by aiohttp and orjson alone
