"""Makes ccxt's structures of what the sandbox tells, by ccxt's own functions for it.

Decimals come as text. Numbers are what `exchange.number` makes of them, as in any exchange of ccxt's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ccxt.base.precise import Precise

from ccxt_ext.testing.simulated.markets import precision

Row = Mapping[str, Any]
FIAT = frozenset(("AUD", "BRL", "CAD", "CHF", "EUR", "GBP", "IDR", "INR", "JPY", "KRW", "MXN", "TRY", "USD"))


def ticker(exchange: Any, row: Row) -> Any:
    time = row["timestamp"]
    figures = (
        "high",
        "low",
        "bid",
        "bidVolume",
        "ask",
        "askVolume",
        "open",
        "last",
        "baseVolume",
        "quoteVolume",
    )
    return exchange.safe_ticker(
        {
            "info": row,
            "symbol": row["symbol"],
            "timestamp": time,
            "datetime": exchange.iso8601(time),
            **{name: row.get(name) for name in figures},
            "close": row["last"],
            "markPrice": row.get("markPrice"),
            "indexPrice": row.get("indexPrice"),
        },
        exchange.market(row["symbol"]),
    )


def last_price(exchange: Any, row: Row) -> Any:
    time = row["timestamp"]
    return {
        "info": row,
        "symbol": row["symbol"],
        "timestamp": time,
        "datetime": exchange.iso8601(time),
        "price": exchange.parse_number(row["last"]),
        "side": None,
    }


def book_levels(exchange: Any, levels: Any) -> list[list[Any]]:
    number = exchange.parse_number
    return [[number(price), number(amount)] for price, amount in levels]


def order_book(exchange: Any, row: Row) -> dict[str, Any]:
    time = row["timestamp"]
    return {
        "symbol": row["symbol"],
        "bids": book_levels(exchange, row["bids"]),
        "asks": book_levels(exchange, row["asks"]),
        "timestamp": time,
        "datetime": exchange.iso8601(time),
        "nonce": row.get("nonce"),
    }


def candle(exchange: Any, row: Any) -> list[Any]:
    return [row[0], *map(exchange.parse_number, row[1:])]


def trade(exchange: Any, row: Row) -> Any:
    time, market = row["timestamp"], exchange.market(row["symbol"])
    return exchange.safe_trade(
        {
            "info": row,
            "id": row["id"],
            "order": row.get("order"),
            "timestamp": time,
            "datetime": exchange.iso8601(time),
            "symbol": market["symbol"],
            "type": row.get("type"),
            "side": row["side"],
            "takerOrMaker": row.get("takerOrMaker"),
            "price": row["price"],
            "amount": row["amount"],
            "cost": row.get("cost"),
            "fee": row.get("fee"),
        },
        market,
    )


def order(exchange: Any, row: Row) -> Any:
    market = exchange.market(row["symbol"])
    time = row.get("timestamp")
    kept = (
        "id",
        "clientOrderId",
        "type",
        "side",
        "price",
        "amount",
        "cost",
        "average",
        "filled",
        "remaining",
        "status",
    )
    return exchange.safe_order(
        {
            "info": row,
            **{name: row.get(name) for name in kept},
            "timestamp": time,
            "datetime": exchange.iso8601(time),
            "lastTradeTimestamp": row.get("lastTrade"),
            "lastUpdateTimestamp": row.get("updated"),
            "symbol": market["symbol"],
            "timeInForce": row.get("timeInForce"),
            "postOnly": row.get("postOnly"),
            "reduceOnly": row.get("reduceOnly"),
            "triggerPrice": row.get("triggerPrice"),
            "stopLossPrice": row.get("stopLoss"),
            "takeProfitPrice": row.get("takeProfit"),
            "fees": row.get("fees") or [],
            "trades": None,
        },
        market,
    )


def balance(exchange: Any, told: Row, timestamp: int | None = None) -> Any:
    result: dict[str, Any] = {
        "info": told,
        "timestamp": timestamp,
        "datetime": exchange.iso8601(timestamp),
    }
    for code, sums in told["currencies"].items():
        result[code] = dict(sums)
    return exchange.safe_balance(result)


def position(exchange: Any, row: Row) -> Any:
    number = exchange.parse_number
    market = exchange.market(row["symbol"])
    time, notional, pnl = row.get("timestamp"), row.get("notional"), row.get("unrealizedPnl")
    initial, maintenance, collateral = (
        row.get(name) for name in ("initialMargin", "maintenanceMargin", "collateral")
    )
    figures = (
        *("contracts", "entryPrice", "markPrice", "lastPrice", "notional", "collateral", "initialMargin"),
        *("maintenanceMargin", "leverage", "realizedPnl", "unrealizedPnl", "liquidationPrice"),
        *("stopLossPrice", "takeProfitPrice"),
    )
    return exchange.safe_position(
        {
            "info": row,
            "id": row.get("id"),
            "symbol": market["symbol"],
            "timestamp": time,
            "datetime": exchange.iso8601(time),
            "lastUpdateTimestamp": row.get("updated"),
            **{name: number(row.get(name)) for name in figures},
            "contractSize": market["contractSize"],
            "side": row.get("side"),
            "hedged": False,
            "marginMode": row.get("marginMode"),
            "initialMarginPercentage": number(_share(initial, notional)),
            "maintenanceMarginPercentage": number(_share(maintenance, notional)),
            "marginRatio": number(_share(maintenance, collateral)),
            "percentage": number(Precise.string_mul(_share(pnl, initial), "100")),
        }
    )


def _share(of: str | None, whole: str | None) -> str | None:
    """A share as text, where there is one."""
    if of is None or whole is None or Precise.string_eq(whole, "0"):
        return None
    return str(Precise.string_div(of, whole))


def funding_rate(exchange: Any, row: Row) -> dict[str, Any]:
    number, time, then = exchange.parse_number, row["timestamp"], row.get("fundingTimestamp")
    hours = (row.get("intervalMs") or 0) // 3_600_000
    ahead = ("nextFundingRate", "nextFundingTimestamp", "nextFundingDatetime")
    before = ("previousFundingRate", "previousFundingTimestamp", "previousFundingDatetime")
    return {
        "info": row,
        "symbol": row["symbol"],
        "markPrice": number(row.get("markPrice")),
        "indexPrice": number(row.get("indexPrice")),
        "interestRate": None,
        "estimatedSettlePrice": None,
        "timestamp": time,
        "datetime": exchange.iso8601(time),
        "fundingRate": number(row.get("fundingRate")),
        "fundingTimestamp": then,
        "fundingDatetime": exchange.iso8601(then),
        **dict.fromkeys((*ahead, *before)),
        "interval": f"{hours}h" if hours else None,
    }


def past_funding_rate(exchange: Any, row: Row) -> dict[str, Any]:
    return {
        "info": row,
        "symbol": row["symbol"],
        "fundingRate": exchange.parse_number(row["fundingRate"]),
        "timestamp": row["timestamp"],
        "datetime": exchange.iso8601(row["timestamp"]),
    }


def funding_payment(exchange: Any, row: Row) -> dict[str, Any]:
    return {
        "info": row,
        "id": row["id"],
        "symbol": row["symbol"],
        "code": row["currency"],
        "amount": exchange.parse_number(row["amount"]),
        "timestamp": row["timestamp"],
        "datetime": exchange.iso8601(row["timestamp"]),
    }


def open_interest(exchange: Any, row: Row) -> Any:
    return exchange.safe_open_interest(
        {
            "info": row,
            "symbol": row["symbol"],
            "openInterestAmount": exchange.parse_number(row["openInterestAmount"]),
            "openInterestValue": None,
            "timestamp": row["timestamp"],
            "datetime": exchange.iso8601(row["timestamp"]),
        },
        exchange.market(row["symbol"]),
    )


def leverage(exchange: Any, row: Row) -> dict[str, Any]:
    value = exchange.parse_number(row["leverage"])
    return {
        "info": row,
        "symbol": row["symbol"],
        "marginMode": row["marginMode"],
        "longLeverage": value,
        "shortLeverage": value,
    }


def margin_mode(exchange: Any, row: Row) -> dict[str, Any]:
    return {"info": row, "symbol": row["symbol"], "marginMode": row["marginMode"]}


def margin_change(exchange: Any, row: Row, type: str) -> dict[str, Any]:
    time = exchange.milliseconds()
    return {
        "info": row,
        "symbol": row["symbol"],
        "type": type,
        "marginMode": "isolated",
        "amount": exchange.parse_number(row["amount"]),
        "total": exchange.parse_number(row["total"]),
        "code": row["currency"],
        "status": "ok",
        "timestamp": time,
        "datetime": exchange.iso8601(time),
    }


def leverage_tiers(exchange: Any, row: Row) -> list[dict[str, Any]]:
    number, most = exchange.parse_number, row["maxLeverage"]
    return [
        {
            "tier": number("1"),
            "symbol": row["symbol"],
            "currency": row["settle"],
            "minNotional": number("0"),
            "maxNotional": number(row["maxNotional"]),
            "maintenanceMarginRate": number(Precise.string_div(Precise.string_div("1", most), "2")),
            "maxLeverage": number(most),
            "info": row,
        }
    ]


def trading_fee(exchange: Any, row: Row) -> dict[str, Any]:
    return {
        "info": row,
        "symbol": row["symbol"],
        "maker": exchange.parse_number(row["maker"]),
        "taker": exchange.parse_number(row["taker"]),
        "percentage": True,
        "tierBased": False,
    }


def deposit(exchange: Any, row: Row) -> dict[str, Any]:
    unknown = ("network", "addressFrom", "tag", "tagFrom", "tagTo", "comment")
    address = f"simulated-{row['wallet']}"
    return {
        "info": row,
        "id": row["id"],
        "timestamp": row["timestamp"],
        "datetime": exchange.iso8601(row["timestamp"]),
        **dict.fromkeys(unknown),
        "txid": f"simulated-{row['id']}",
        "address": address,
        "addressTo": address,
        "type": "deposit",
        "amount": exchange.parse_number(row["amount"]),
        "currency": row["currency"],
        "status": "ok",
        "updated": row["timestamp"],
        "internal": False,
        "fee": None,
    }


def transfer(exchange: Any, row: Row, source: str, target: str) -> dict[str, Any]:
    time = exchange.milliseconds()
    return {
        "info": row,
        "id": None,
        "timestamp": time,
        "datetime": exchange.iso8601(time),
        "currency": row["currency"],
        "amount": exchange.parse_number(row["amount"]),
        "fromAccount": source,
        "toAccount": target,
        "status": "ok",
    }


def currency(exchange: Any, code: str) -> Any:
    return exchange.safe_currency_structure(
        {
            "info": {"simulated": True, "currency": code},
            "id": code,
            "code": code,
            "name": code,
            "type": "fiat" if code in FIAT else "crypto",
            "active": True,
            "deposit": True,
            "withdraw": True,
            "fee": None,
            "precision": precision(exchange, "0.00000001", False),
            "networks": {},
            "limits": {},
        }
    )
