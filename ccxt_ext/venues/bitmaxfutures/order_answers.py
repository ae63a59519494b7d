"""What the venue answers when orders are placed or cancelled. No I/O."""

from collections.abc import Mapping, Sequence
from typing import Any

from ccxt.base.errors import BadResponse, InvalidOrder, OrderImmediatelyFillable
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading
from ccxt_ext.venues.bitmaxfutures import answers, order_rows, sending


def parse_new_order(exchange: Exchange, answer: Any, request: Mapping[str, Any], market: Any) -> Any:
    """What the answer does not say yet is what was asked for."""
    data = answers.record_of(exchange, answer)
    row = data.get("order", data.get("info"))
    meta = answers.record_in(exchange, data, "meta")
    order = new_order(
        exchange, reading.record(exchange, row), request, market, exchange.safe_string(meta, "id")
    )
    if exchange.safe_string(meta, "respInst") == "ACCEPT" and may_fill_at_once(order):
        # Accepted means before it is matched.
        order.update(dict.fromkeys(("filled", "remaining", "cost", "fee")), fees=[])
    return order


def parse_batch(exchange: Exchange, answer: Any, requests: Sequence[Mapping[str, Any]]) -> list[Any]:
    rows = answers.rows_of(exchange, answer, "orders")
    if len(rows) != len(requests):
        raise BadResponse(f"{exchange.id} answered for {len(rows)} of {len(requests)} orders")
    by_client_id = {str(request["id"]): request for request in requests}
    orders = []
    for row, request in zip(rows, requests, strict=True):
        meant = by_client_id.get(exchange.safe_string(row, "id", ""), request)
        orders.append(new_order(exchange, row, meant, exchange.safe_market(meant["symbol"])))
    return orders


def new_order(
    exchange: Exchange,
    row: dict[str, Any],
    request: Mapping[str, Any],
    market: Any,
    client_id: str | None = None,
) -> Any:
    order = exchange.parse_order(row, market)
    sent = exchange.safe_string(request, "id")
    if sent is not None:
        sending.note_order_id(exchange, sent, order["id"])
    order["clientOrderId"] = client_id or exchange.safe_string(row, "id") or sent
    asked: dict[str, Any] = {
        "type": order_rows.type_of(request["orderType"].lower()),
        "side": request["side"].lower(),
        "amount": exchange.parse_number(request["orderQty"]),
        "price": exchange.safe_number_2(request, "orderPrice", "price"),
        "triggerPrice": exchange.safe_number(request, "stopPrice"),
        "stopLossPrice": exchange.safe_number(request, "posStopLossPrice"),
        "takeProfitPrice": exchange.safe_number(request, "posTakeProfitPrice"),
        "timeInForce": exchange.safe_string(
            request, "timeInForce", "PO" if request.get("postOnly") else None
        ),
        "postOnly": "postOnly" in request or "Post" in request.get("execInst", ""),
        "reduceOnly": "Reduce" in request.get("execInst", ""),
    }
    if order["timestamp"] is None:
        timestamp = answers.optional_moment(exchange, row, "timestamp")
        asked.update(timestamp=timestamp, datetime=exchange.iso8601(timestamp))
    order.update({name: value for name, value in asked.items() if order.get(name) is None})
    check_accepted(exchange, order, row)
    return order


def check_accepted(exchange: Exchange, order: Mapping[str, Any], row: Mapping[str, Any]) -> None:
    if order["status"] == "rejected" and exchange.options["raiseOnRejected"]:
        reason = exchange.safe_string(row, "errorCode", "")
        kind = OrderImmediatelyFillable if reason == "PostOnlyWouldTake" else InvalidOrder
        raise kind(f"{exchange.id} rejected the order: {reason}")


def may_fill_at_once(order: Mapping[str, Any]) -> bool:
    return order["status"] == "open" and not order["postOnly"] and order["triggerPrice"] is None


# -- what became of orders --------------------------------------------------------------------------


def to_look_up(orders: Sequence[Mapping[str, Any]], wanted: Any) -> list[str]:
    """The ids of those of which the answer did not tell what became of them."""
    tells = "filled" if wanted == "always" else "status"
    return [order["id"] for order in orders if order[tells] is None] if wanted else []


def with_looked_up(
    exchange: Exchange, order: dict[str, Any], found: Mapping[str, Any] | None
) -> dict[str, Any]:
    """An order of an answer, with what a look at it told beyond that."""
    if found is None:
        return order
    told = {name: value for name, value in found.items() if value not in (None, [])}
    check_accepted(exchange, found, found["info"])
    return {**order, **told, "clientOrderId": order["clientOrderId"]}


# -- cancels ----------------------------------------------------------------------------------------


def parse_cancel(exchange: Exchange, answer: Any, market: Any) -> Any:
    data = answers.record_of(exchange, answer)
    return exchange.parse_order(reading.record(exchange, data.get("order", data.get("info"))), market)


def parse_canceled_batch(exchange: Exchange, answer: Any, market: Any) -> list[Any]:
    """Each answer says that the request was accepted, and no more: the status is not known."""
    return [
        exchange.safe_order(
            {
                "id": reading.required_text(exchange, row, "orderId"),
                "symbol": market["symbol"],
                "info": row,
            },
            market,
        )
        for row in answers.rows_of(exchange, answer, "orders")
    ]
