"""BitMax's answers about orders."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontend import decimal_text
from ccxt_ext.sandbox.frontend.engine import Fill, Order
from ccxt_ext.sandbox.frontends.bitmaxfutures.listings import SETTLE

ZERO = Decimal(0)


def status_of(order: Order) -> str:
    if order.status == "closed":
        return "Filled"
    if order.status == "canceled":
        return "Rejected" if order.reason == "would_cross" else "Canceled"
    if order.waits:
        return "PendingNew"
    return "PartiallyFilled" if order.filled else "New"


def type_of(order: Order) -> str:
    return ("Stop" if order.trigger_price is not None else "") + order.type.capitalize()


def _text(number: Decimal | None) -> str:
    """A number that may be missing."""
    return decimal_text(number) if number else "0"


def short_row(
    order: Order, id: str, account: Mapping[str, str], last: Fill | None, accepted: bool = False
) -> dict[str, Any]:
    """The answer to placing or cancelling an order, and its row among the open ones.

    `accepted` shows it as it was when it came in.
    """
    filled, fees, average = order.filled, order.fees.get(SETTLE), order.average
    status, updated = status_of(order), order.updated
    if accepted and status != "Rejected":
        filled, fees, average, last = ZERO, None, None, None
        status = "PendingNew" if order.trigger_price is not None else "New"
        updated = order.created
    trigger = order.trigger_price
    return {
        **account,
        "seqNum": order.seq,
        "time": order.created,
        "orderId": id,
        "orderType": type_of(order),
        "side": order.side.capitalize(),
        "symbol": order.market,
        "price": decimal_text(order.price) if order.price else "0",
        "orderQty": decimal_text(order.amount),
        "stopPrice": decimal_text(trigger) if trigger else "0",
        "stopBy": "" if trigger is None else {"last": "market"}.get(order.trigger_by, order.trigger_by),
        "status": status,
        "lastExecTime": updated,
        "lastPx": decimal_text(last.price) if last else "0",
        "lastQty": decimal_text(last.amount) if last else "0",
        "avgFilledPx": decimal_text(average) if average else "0",
        "cumFilledQty": decimal_text(filled) if filled else "0",
        "fee": decimal_text(last.fee) if last else "0",
        "cumFee": decimal_text(fees) if fees else "0",
        "feeAsset": SETTLE,
        "errorCode": "PostOnlyWouldTake" if order.reason == "would_cross" else "",
    }


def full_row(
    order: Order, id: str, account: Mapping[str, str], last: Fill | None, execution: str
) -> dict[str, Any]:
    """The answer about one order, and its row in the history."""
    exits = {}
    for name, price in (("StopLoss", order.stop_loss), ("TakeProfit", order.take_profit)):
        exits[f"pos{name}Price"] = _text(price)
        exits[f"pos{name}Trigger"] = "None" if price is None else "market"
    return {**short_row(order, id, account, last), "execInst": execution, **exits}


def long_history_row(order: Order, id: str, account: Mapping[str, str]) -> dict[str, Any]:
    return {
        "orderId": id,
        "seqNum": order.id,
        "accountId": account["accountId"],
        "symbol": order.market,
        "orderType": type_of(order),
        "side": order.side.capitalize(),
        "price": _text(order.price),
        "stopPrice": _text(order.trigger_price),
        "orderQty": decimal_text(order.amount),
        "status": status_of(order),
        "createTime": order.created,
        "lastExecTime": order.updated,
        "avgFillPrice": _text(order.average),
        "fillQty": _text(order.filled),
        "fee": _text(order.fees.get(SETTLE)),
        "feeAsset": SETTLE,
    }


def old_history_row(order: Order, id: str, account: Mapping[str, str], execution: str) -> dict[str, Any]:
    return {
        **account,
        "avgPx": _text(order.average),
        "cumFee": _text(order.fees.get(SETTLE)),
        "cumQty": _text(order.filled),
        "errorCode": "PostOnlyWouldTake" if order.reason == "would_cross" else "NULL_VAL",
        "execInst": execution,
        "feeAsset": SETTLE,
        "lastExecTime": order.updated,
        "orderId": id,
        "orderQty": decimal_text(order.amount),
        "orderType": type_of(order),
        "price": _text(order.price),
        "sendingTime": order.created,
        "seqNum": order.id,
        "side": order.side.capitalize(),
        "status": status_of(order),
        "stopPrice": decimal_text(order.trigger_price) if order.trigger_price else "",
        "symbol": order.market,
    }
