"""bitexbit's orders, as v1 and v2 tell them, and the answers to new and cancelled ones."""

from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import BadResponse
from ccxt.base.exchange import Exchange
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading
from ccxt_ext.venues.bitexbit import fields
from ccxt_ext.venues.bitexbit.fields import OPPOSITE
from ccxt_ext.venues.bitexbit.trades import parse_fill

V1_STATUSES = {"1": "open", "2": "canceled", "3": "closed"}
V2_STATES = {
    "submitted": "open",
    "partial-filled": "open",
    "filled": "closed",
    "partial-canceled": "canceled",
    "canceled": "canceled",
}


def parse_order(exchange: Exchange, order: Any, market: Any = None) -> Any:
    parse = parse_v2_order if "state" in order else parse_v1_order
    return parse(exchange, order, market)


def parse_v1_order(exchange: Exchange, order: Mapping[str, Any], market: Any) -> Any:
    """A row of v1 has no time, and does not tell how much of an open or canceled order was filled."""
    market = fields.market_of(exchange, order, market)
    status = V1_STATUSES.get(exchange.safe_string(order, "status", ""))
    told = reading.number_text(exchange, order, "amount")
    amount = reading.number_text(exchange, order, "amount_original")
    filled = reading.number_text(exchange, order, "amount_filled")
    remaining = None
    if amount is not None or exchange.options["v1OrderAmountIs"] == "remaining":
        remaining = told
    else:
        amount = told
    if status == "closed":
        filled = amount if filled is None else filled
    return limit_order(
        exchange,
        {
            "id": reading.required_text(exchange, order, "id"),
            "symbol": market["symbol"],
            "side": reading.side(exchange, order, "type"),
            "price": reading.number_text(exchange, order, "price"),
            "amount": amount,
            "filled": filled,
            "remaining": remaining,
            "status": status,
            "info": order,
        },
        market,
    )


def parse_v2_order(exchange: Exchange, order: Mapping[str, Any], market: Any) -> Any:
    market = fields.market_of(exchange, order, market)
    side, _, type = exchange.safe_string(order, "type", "").partition("-")
    timestamp = fields.time_of(exchange, order, "date")
    amount = reading.number_text(exchange, order, "amount")
    filled = reading.number_text(exchange, order, "amount_filled")
    cost = reading.number_text(exchange, order, "fee_filled")
    currency = market[exchange.options["orderFeeCurrency"]]
    return limit_order(
        exchange,
        {
            "id": reading.required_text(exchange, order, "id"),
            "timestamp": timestamp,
            "datetime": exchange.iso8601(timestamp),
            "lastUpdateTimestamp": None
            if order.get("done_at") is None
            else fields.time_of(exchange, order, "done_at"),
            "symbol": market["symbol"],
            "type": type or None,
            "side": side if side in OPPOSITE else None,
            "price": reading.number_text(exchange, order, "price"),
            "amount": amount,
            "filled": "0" if filled is None else filled,
            # What is left unfilled of a canceled order the venue calls cancelled.
            "remaining": reading.number_text(exchange, order, "amount_unfilled")
            if exchange.omit_zero(amount) is None
            else None,
            "cost": reading.number_text(exchange, order, "value_filled"),
            "average": reading.number_text(exchange, order, "price_avg"),
            "status": V2_STATES.get(exchange.safe_string(order, "state", "")),
            "fee": None if cost is None else {"cost": exchange.parse_number(cost), "currency": currency},
            "info": order,
        },
        market,
    )


def limit_order(exchange: Exchange, order: Mapping[str, Any], market: Any) -> Any:
    known = {
        "clientOrderId": None,
        "timestamp": None,
        "datetime": None,
        "lastTradeTimestamp": None,
        "type": "limit",
        "timeInForce": "GTC",
        "postOnly": False,
        "triggerPrice": None,
        "cost": None,
        "average": None,
        "fee": None,
        "trades": None,
    }
    return exchange.safe_order({**known, **order}, market)


def parse_new_v1_order(exchange: Exchange, answer: Any, request: Mapping[str, Any]) -> Any:
    """`amount` is what is left after matching; price and amount are those that were asked for."""
    order = reading.record(exchange, answer)
    check_no_error(exchange, order)
    market = exchange.safe_market(request["pair"], None, "_")
    id = reading.required_text(exchange, order, "oid")
    timestamp = fields.time_of(exchange, order, "date")
    remaining = reading.number_text(exchange, order, "amount")
    status = None
    if remaining is not None:
        status = "closed" if Precise.string_eq(remaining, "0") else "open"
    rows = reading.rows(exchange, order, "trades") if order.get("trades") else []
    trades = [parse_fill(exchange, row, id, request["type"], timestamp, market) for row in rows]
    parsed = {
        "id": id,
        "timestamp": timestamp,
        "datetime": exchange.iso8601(timestamp),
        "symbol": market["symbol"],
        "side": request["type"],
        "price": request["price"],
        "amount": request["amount"],
        "filled": None if remaining is None else Precise.string_sub(request["amount"], remaining),
        "remaining": remaining,
        "status": status,
        "trades": trades,
        "info": answer,
    }
    return limit_order(exchange, parsed, market)


def parse_new_v2_order(exchange: Exchange, answer: Any, request: Mapping[str, Any]) -> Any:
    record = reading.record(exchange, answer)
    check_no_error(exchange, record)
    market = exchange.safe_market(request["pair"], None, "_")
    row = reading.record(exchange, record.get("order"))
    parsed = parse_v2_order(exchange, row, market)
    rows = reading.rows(exchange, record, "trades") if record.get("trades") else []
    times = parsed["timestamp"]
    parsed["trades"] = [
        parse_fill(exchange, each, parsed["id"], request["type"], times, market) for each in rows
    ]
    parsed["info"] = answer
    return parsed


def new_order_id(exchange: Exchange, answer: Any) -> str | None:
    """The id that the answer to a new order tells, whatever else it says."""
    if not isinstance(answer, dict):
        return None
    return exchange.safe_string(answer, "oid") or exchange.safe_string(
        exchange.safe_dict(answer, "order", {}), "id"
    )


def check_no_error(exchange: Exchange, answer: Mapping[str, Any]) -> None:
    """An error beside an order, or beside a cancel, leaves open what happened."""
    if answer.get("error") or answer.get("success") is False:
        raise BadResponse(f"{exchange.id} {reading.excerpt(exchange, answer)}")


def parse_canceled_v1_order(exchange: Exchange, answer: Any, id: str, market: Any) -> Any:
    record = reading.record(exchange, answer)
    check_no_error(exchange, record)
    if exchange.safe_string(record, "order") != id:
        raise BadResponse(
            f"{exchange.id} expected order {id} cancelled, got {reading.excerpt(exchange, answer)}"
        )
    known = {"id": id, "symbol": exchange.safe_string(market, "symbol"), "status": "canceled"}
    return exchange.safe_order({**known, "info": answer}, market)


def parse_canceled_v2_order(exchange: Exchange, answer: Any, id: str, market: Any) -> Any:
    record = reading.record(exchange, answer)
    check_no_error(exchange, record)
    order = exchange.parse_order(reading.record(exchange, record.get("order")), market)
    if order["id"] != id or order["status"] in (None, "open"):
        raise BadResponse(
            f"{exchange.id} expected order {id} cancelled, got {reading.excerpt(exchange, answer)}"
        )
    return exchange.extend(order, {"info": answer})
