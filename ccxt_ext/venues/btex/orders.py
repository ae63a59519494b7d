"""BTEX's orders as ccxt's structures."""

from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import BadResponse
from ccxt.base.exchange import Exchange
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.answers.reading import SECONDS
from ccxt_ext.venues.btex import answers, contracts, pairs
from ccxt_ext.venues.btex.contracts import SIDES

STATUSES = {"0": "open", "1": "closed", "-1": "canceled"}


def type_of(order_type: str | None) -> str | None:
    """`maket` is how the venue's documents spell it in one place."""
    return "market" if order_type == "maket" else order_type


def parse_contract_order(exchange: Exchange, row: Mapping[str, Any], market: Any) -> Any:
    market = contracts.market_of(exchange, row, market)
    timestamp = reading.timestamp_in_unit(exchange, SECONDS, row, "time")
    kind = type_of(exchange.safe_string(row, "type"))
    amount = reading.number_text(exchange, row, "amount")
    remaining = reading.number_text(exchange, row, "available")
    # What a market order names as its price is no limit, and nobody knows what it was filled at.
    price = None if kind == "market" else reading.number_text(exchange, row, "price")
    return exchange.safe_order(
        {
            "id": reading.required_text(exchange, row, "order_id"),
            "clientOrderId": None,
            "timestamp": timestamp,
            "datetime": exchange.iso8601(timestamp),
            "lastTradeTimestamp": None,
            "symbol": market["symbol"],
            "type": kind,
            "timeInForce": "GTC" if kind == "limit" else None,
            "postOnly": False,
            "side": SIDES.get(exchange.safe_string(row, "direction", "")),
            "price": price,
            "triggerPrice": None,
            "amount": amount,
            "filled": Precise.string_sub(amount, remaining),
            "remaining": remaining,
            "cost": None,
            "average": None,
            "status": STATUSES.get(exchange.safe_string(row, "order_status", "")),
            "fee": None,
            "trades": None,
            "info": row,
        },
        market,
    )


def parse_spot_order(exchange: Exchange, row: Mapping[str, Any], market: Any) -> Any:
    """An open one: the venue lists no others."""
    market = pairs.market_of(exchange, row, market)
    timestamp = reading.timestamp_in_unit(exchange, SECONDS, row, "ctime")
    side = reading.side(exchange, row, "order_type")
    return exchange.safe_order(
        {
            "id": reading.required_text(exchange, row, "order_id"),
            "clientOrderId": None,
            "timestamp": timestamp,
            "datetime": exchange.iso8601(timestamp),
            "lastTradeTimestamp": None,
            "symbol": market["symbol"],
            "type": "limit",
            "timeInForce": "GTC",
            "postOnly": False,
            "side": side,
            "price": reading.number_text(exchange, row, "price"),
            "triggerPrice": None,
            "amount": reading.number_text(exchange, row, "num"),
            "filled": None,
            "remaining": reading.number_text(exchange, row, "rest_num"),
            "cost": None,  # what the venue tells goes by the limit, not by the fills
            "average": None,
            "status": "open",
            "fee": None,
            "trades": None,
            "info": row,
        },
        market,
    )


def parse_new_order(exchange: Exchange, answer: Any, request: Mapping[str, Any], type: str, side: str) -> Any:
    """The answer has the id only; the rest is what was asked for."""
    spot = "pair" in request
    market = exchange.safe_market(request["pair" if spot else "contract_id"])
    return exchange.safe_order(
        {
            "id": placed_id(exchange, answer),
            "symbol": market["symbol"],
            "type": type,
            "timeInForce": "GTC" if type == "limit" else None,
            "side": side,
            "price": request["price"] if type == "limit" else None,
            "amount": request["num" if spot else "amount"],
            "info": answer,
        },
        market,
    )


def placed_id(exchange: Exchange, answer: Any) -> str:
    id = id_in_answer(exchange, answer)
    if id is None:
        raise BadResponse(f"{exchange.id} expected order_id in {reading.excerpt(exchange, answer)}")
    return id


def id_in_answer(exchange: Exchange, answer: Any) -> str | None:
    """The id of a new order, if there is one: zero is none."""
    data = answer.get("data") if isinstance(answer, dict) else None
    id = exchange.safe_string(data, "order_id", "") if isinstance(data, dict) else ""
    return id if id.isalnum() and id.strip("0") else None


def parse_cancel(exchange: Exchange, answer: Any, id: str, market: Any, spot: bool) -> Any:
    answers.data(exchange, answer)
    # Of spot, any above zero is told to be success.
    if not spot and reading.integer(exchange, answer, "code") != 1:
        raise BadResponse(f"{exchange.id} answered a cancel with {reading.excerpt(exchange, answer)}")
    symbol = exchange.safe_string(market, "symbol")
    return exchange.safe_order({"id": id, "symbol": symbol, "status": "canceled", "info": answer}, market)
