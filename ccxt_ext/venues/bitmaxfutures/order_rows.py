"""Orders as the venue tells them. No I/O."""

from collections.abc import Iterable, Mapping
from typing import Any

from ccxt.base.exchange import Exchange
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading
from ccxt_ext.venues.bitmaxfutures import accounts, answers

STATUSES = {
    "New": "open",
    "PartiallyFilled": "open",
    "PendingNew": "open",
    "Ready": "open",
    "Filled": "closed",
    "Canceled": "canceled",
    "Cancelled": "canceled",
    "Rejected": "rejected",
    "Reject": "rejected",
}


def parse_order(exchange: Exchange, order: Any, market: Any = None) -> Any:
    market = exchange.safe_market(exchange.safe_string(order, "symbol"), market)
    kind = exchange.safe_string_lower(order, "orderType", "")
    told = {} if is_acknowledgement(exchange, order) else order  # of what became of it
    filled = answers.number_under(exchange, told, "cumFilledQty", "fillQty", "cumQty")
    created = answers.optional_moment(exchange, order, "time", "createTime", "sendingTime")
    touched = answers.optional_moment(exchange, told, "lastExecTime")
    has_fills = filled is not None and Precise.string_gt(filled, "0")
    execution = exchange.safe_string(order, "execInst")
    post = None if execution is None else "Post" in execution and execution != "InternalPost"
    reduce = None if execution is None else "Reduce" in execution or execution.startswith("PosStop")
    id = reading.required_text(exchange, order, "orderId")
    return exchange.safe_order(
        {
            "id": id,
            # The venue does not tell it.
            "clientOrderId": accounts.state_of(exchange).orders.client_id(id),
            "timestamp": created,
            "datetime": exchange.iso8601(created),
            "lastTradeTimestamp": touched if has_fills else None,
            "lastUpdateTimestamp": touched,
            "symbol": market["symbol"],
            "type": type_of(kind),
            "timeInForce": "PO" if post else None,
            "postOnly": post,
            "reduceOnly": reduce,
            "side": reading.side(exchange, order, "side"),
            "price": answers.unless_zero(reading.number_text(exchange, order, "price")),
            "triggerPrice": answers.unless_zero(reading.number_text(exchange, order, "stopPrice")),
            "stopLossPrice": answers.unless_zero(reading.number_text(exchange, order, "posStopLossPrice")),
            "takeProfitPrice": answers.unless_zero(
                reading.number_text(exchange, order, "posTakeProfitPrice")
            ),
            "amount": reading.number_text(exchange, order, "orderQty"),
            "filled": filled,
            "remaining": None,
            "cost": None,
            "average": answers.unless_zero(
                answers.number_under(exchange, told, "avgFilledPx", "avgFillPrice", "avgPx")
            ),
            "status": status_of(exchange, told),
            "fee": order_fee(exchange, told),
            "trades": None,
            "info": order,
        },
        market,
    )


def type_of(name: str) -> str | None:
    return {"stoplimit": "limit", "stopmarket": "market"}.get(name, name or None)


def is_acknowledgement(exchange: Exchange, order: Mapping[str, Any]) -> bool:
    """Without a sequence number, what it says of the order's state means nothing."""
    return exchange.safe_string(order, "seqNum") == "-1"


def status_of(exchange: Exchange, order: Mapping[str, Any]) -> str | None:
    return STATUSES.get(exchange.safe_string(order, "status", ""))


def order_fee(exchange: Exchange, order: Mapping[str, Any]) -> Any:
    cost = reading.number_text(exchange, order, "cumFee")
    if cost is None and "createTime" in order:
        # The long history has the sum under this name; on the sign, its documents differ.
        cost = Precise.string_abs(reading.number_text(exchange, order, "fee"))
    if cost is None:
        return None
    asset = exchange.safe_string(order, "feeAsset")
    return {"cost": exchange.parse_number(cost), "currency": exchange.safe_currency_code(asset)}


def executed(exchange: Exchange, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The orders among these that have fills."""
    amounts = (
        (row, answers.number_under(exchange, row, "cumFilledQty", "fillQty", "cumQty")) for row in rows
    )
    return [row for row, amount in amounts if amount is not None and Precise.string_gt(amount, "0")]
