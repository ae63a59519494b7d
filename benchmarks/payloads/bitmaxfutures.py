"""BitMax's answers, of its futures, in the sizes that are measured."""

import base64
import hashlib
import hmac
import json
import random
import time
import urllib.parse
from collections.abc import Callable
from typing import Any

from ccxt_ext.venue.answers import reading
from ccxt_ext.venues.bitmaxfutures import funds, market_data
from ccxt_ext.venues.bitmaxfutures.answers import data_of, of_known_markets

SYMBOL = "C0/USDT:USDT"
START = 1_613_992_168_190
KEY = "rHIeZfuHoSwdJ3sOlnHzVxqFzlWPpyWE"
SECRET = "KWLmHfUn4NqGrvwwCMZr3dMJQ3yOfRN5"
ACCOUNT = {"accountGroup": 6, "userUID": "U0866943712", "accountId": "futuresaccount0123456789"}


def config(url: str) -> dict[str, Any]:
    # With the account, for which a call would be needed else.
    return {"urls": {"api": {"rest": url}}, "apiKey": KEY, "secret": SECRET, "options": dict(ACCOUNT)}


def markets(count: int) -> list[dict[str, Any]]:
    bounds = ("positionNotionalLowerbound", "positionNotionalUpperbound")
    rates = ("initialMarginRate", "maintenanceMarginRate")
    brackets = [("0", "50000", "0.01", "0.006"), ("50000", "200000", "0.02", "0.012")]
    return [
        {
            "symbol": f"C{n}-PERP",
            "status": "Normal",
            "displayName": f"C{n}USDT",
            "settlementAsset": "USDT",
            "underlying": f"C{n}/USDT",
            "tradingStartTime": 1_579_701_600_000,
            "priceFilter": {"minPrice": "0.25", "maxPrice": "1000000", "tickSize": "0.25"},
            "lotSizeFilter": {"minQty": "0.0001", "maxQty": "1000000000", "lotSize": "0.0001"},
            "marginRequirements": [dict(zip(bounds + rates, each, strict=True)) for each in brackets],
        }
        for n in range(count)
    ]


def answers() -> dict[str, Any]:
    chance = random.Random(1)

    def number(least: float, most: float, places: int) -> str:
        return f"{chance.uniform(least, most):.{places}f}"

    def price() -> str:
        return f"{chance.randint(36_000, 40_000) / 4:.2f}"

    def level(quarters: int) -> list[str]:
        return [f"{quarters / 4:.2f}", number(0.0001, 5, 4)]

    def envelope(data: Any) -> dict[str, Any]:
        return {"code": 0, "data": data}

    def book(depth: int) -> dict[str, Any]:
        asks = [level(40_001 + 3 * n) for n in range(depth)]
        bids = [level(40_000 - 3 * n) for n in range(depth)]
        data = {"seqnum": 5_068_757, "ts": START, "asks": asks, "bids": bids}
        return envelope({"m": "depth-snapshot", "symbol": "C0-PERP", "data": data})

    def trade(n: int) -> dict[str, Any]:
        numbers = {"p": price(), "q": number(0.0001, 5, 4)}
        moment = {"seqnum": 180_143_985_094_828_828 + n, "ts": START + n * 777}
        return {"bm": chance.choice([True, False]), **numbers, **moment}

    def bar(n: int) -> dict[str, Any]:
        prices = {name: price() for name in "chlo"}
        data = {**prices, "i": "1", "ts": START // 60_000 * 60_000 + n * 60_000, "v": number(1, 1000, 4)}
        return {"m": "bar", "s": "C0-PERP", "data": data}

    def ticker(n: int) -> dict[str, Any]:
        sides = {side: [price(), number(0.0001, 5, 4)] for side in ("ask", "bid")}
        prices = {name: price() for name in ("close", "high", "low", "open")}
        return {**sides, **prices, "symbol": f"C{n}-PERP", "volume": number(1, 100, 4)}

    def order(n: int) -> dict[str, Any]:
        status = chance.choice(["Filled", "Canceled", "PartiallyFilled"])
        amount = chance.randint(300, 10_000)
        filled = amount if status == "Filled" else amount // 3
        average, paid = price(), number(0.01, 0.1, 6)
        return {
            "ac": "FUTURES",
            "accountId": ACCOUNT["accountId"],
            "avgFilledPx": average,
            "cumFee": paid,
            "cumFilledQty": f"{filled / 10_000:.4f}",
            "errorCode": "",
            "execInst": "NULL_VAL",
            "fee": paid,
            "feeAsset": "USDT",
            "lastExecTime": START + n * 7777 + 6,
            "lastPx": average,
            "lastQty": "0.0010",
            "orderId": f"a177c29e{n:04x}U0123456789dVeUxlVyA",
            "orderQty": f"{amount / 10_000:.4f}",
            "orderType": "Limit",
            "posStopLossPrice": "0",
            "posStopLossTrigger": "market",
            "posTakeProfitPrice": "0",
            "posTakeProfitTrigger": "market",
            "price": price(),
            "seqNum": 1_041_950 + n,
            "side": chance.choice(["Buy", "Sell"]),
            "status": status,
            "stopBy": "market",
            "stopPrice": "0",
            "symbol": "C0-PERP",
            "time": START + n * 7777,
        }

    def collateral(n: int) -> dict[str, Any]:
        amount = {"asset": f"C{n}", "balance": number(10, 100, 8)}
        return {**amount, "discountFactor": "0.95", "referencePrice": number(1, 1000, 8)}

    def free(n: int) -> dict[str, Any]:
        return {"asset": f"C{n}", "availableForTransfer": number(0, 10, 8)}

    held = {"ac": "FUTURES", "accountId": ACCOUNT["accountId"]}
    held.update(collaterals=[collateral(n) for n in range(200)], contracts=[])
    margin = {
        "collaterals": [free(n) for n in range(200)],
        "crossed": {"freeMargin": "30000"},
        "isolated": [],
    }
    return {
        "book of 100": book(100),
        "book of 1,000": book(1000),
        "trades": envelope({"m": "trades", "symbol": "C0-PERP", "data": [trade(n) for n in range(500)]}),
        "candles": envelope([bar(n) for n in range(1000)]),
        "tickers": envelope([ticker(n) for n in range(500)]),
        "orders": envelope([order(n) for n in range(500)]),
        # Two answers, which together are a balance.
        "balance": {"position": envelope(held), "free-margin": envelope(margin)},
    }


def parse_book(exchange: Any, answer: Any) -> Any:
    return market_data.order_book(exchange, answer, SYMBOL)


def parse_trades(exchange: Any, answer: Any) -> Any:
    rows = reading.rows(exchange, reading.record(exchange, data_of(exchange, answer)), "data")
    return exchange.parse_trades(rows, exchange.market(SYMBOL))


def parse_tickers(exchange: Any, answer: Any) -> Any:
    return exchange.parse_tickers(
        of_known_markets(exchange, reading.rows(exchange, data_of(exchange, answer)))
    )


def parse_rows(method: str) -> Callable[[Any, Any], Any]:
    return lambda exchange, answer: getattr(exchange, method)(
        reading.rows(exchange, data_of(exchange, answer)), exchange.market(SYMBOL)
    )


def parse_balance(exchange: Any, answer: Any) -> Any:
    return funds.futures_balance(exchange, answer["position"], answer["free-margin"])


parse: dict[str, Callable[[Any, Any], Any]] = {
    "book of 100": parse_book,
    "book of 1,000": parse_book,
    "trades": parse_trades,
    "candles": parse_rows("parse_ohlcvs"),
    "tickers": parse_tickers,
    "orders": parse_rows("parse_orders"),
    "balance": parse_balance,
}


def raw_book(exchange: Any) -> Callable[[], Any]:
    """The implicit method that fetches the book."""
    return lambda: exchange.v1_public_get_depth({"symbol": "C0-PERP"})


def signed(exchange: Any) -> dict[str, tuple[Callable[[], Any], Callable[[], Any]]]:
    order = {
        "id": "abcd1234abcd1234abcd1234abcd1234",
        "time": START,
        "symbol": "BTC-PERP",
        "orderQty": "0.1",
        "orderType": "limit",
        "side": "buy",
        "orderPrice": "9500",
        "respInst": "ACCEPT",
    }
    cancel = {
        "orderId": "a177c29e4064U0123456789dVeUxlVyA",
        "symbol": "BTC-PERP",
        "time": START,
        "respInst": "ACCEPT",
    }
    listed = {"symbol": "BTC-PERP"}
    url = f"https://bitmax.io/{ACCOUNT['accountGroup']}/api/pro/v2/futures/order"

    def by_hand(fields: dict[str, Any]) -> tuple[str, str, dict[str, str]]:
        stamp = str(fields["time"])
        digest = hmac.new(SECRET.encode(), f"{stamp}+v2/futures/order".encode(), hashlib.sha256).digest()
        headers = {
            "x-auth-key": KEY,
            "x-auth-timestamp": stamp,
            "x-auth-signature": base64.b64encode(digest).decode(),
            "Content-Type": "application/json",
        }
        return url, json.dumps(fields, separators=(",", ":")), headers

    def listing() -> tuple[str, dict[str, str]]:
        stamp = str(int(time.time() * 1000))
        text = f"{stamp}+v2/futures/order/open"
        digest = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).digest()
        signature = base64.b64encode(digest).decode()
        headers = {"x-auth-key": KEY, "x-auth-timestamp": stamp, "x-auth-signature": signature}
        return f"{url}/open?{urllib.parse.urlencode(listed)}", headers

    return {
        "placing an order": (
            lambda: exchange.sign("futures/order", ["v2", "group"], "POST", order),
            lambda: by_hand(order),
        ),
        "cancelling an order": (
            lambda: exchange.sign("futures/order", ["v2", "group"], "DELETE", cancel),
            lambda: by_hand(cancel),
        ),
        "listing open orders": (
            lambda: exchange.sign("futures/order/open", ["v2", "group"], "GET", listed),
            listing,
        ),
    }
