"""Orders: what comes back for them."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ccxt.base.errors import (
    BadResponse,
    InvalidOrder,
    OrderImmediatelyFillable,
)
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading
from ccxt_ext.venues.bitmaxfutures.fills import NOTHING_FILLED, ZERO, Fill, Mark, Report, between
from ccxt_ext.venues.bitmaxfutures.order_requests import OrderRequests

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


ENDED = ("closed", "canceled", "rejected")


def plain(number: Decimal) -> str:
    return format(number.normalize(), "f")


class Orders(OrderRequests):
    def parse_order(self, order: Any, market: Any = None) -> Any:
        market = self.safe_market(self.safe_string(order, "symbol"), market)
        kind = self.safe_string_lower(order, "orderType", "")
        told = {} if self.is_acknowledgement(order) else order  # of what became of it
        filled = self.amount_of(told, "cumFilledQty", "fillQty", "cumQty")
        created = self.optional_moment(order, "time", "createTime", "sendingTime")
        touched = self.optional_moment(told, "lastExecTime")
        has_fills = filled is not None and Precise.string_gt(filled, "0")
        execution = self.safe_string(order, "execInst")
        post = None if execution is None else "Post" in execution and execution != "InternalPost"
        reduce = None if execution is None else "Reduce" in execution or execution.startswith("PosStop")
        id = reading.required(self, order, "orderId")
        return self.safe_order(
            {
                "id": id,
                # The venue does not tell it.
                "clientOrderId": self.account_state().orders.client_id(id),
                "timestamp": created,
                "datetime": self.iso8601(created),
                "lastTradeTimestamp": touched if has_fills else None,
                "lastUpdateTimestamp": touched,
                "symbol": market["symbol"],
                "type": self.type_of(kind),
                "timeInForce": "PO" if post else None,
                "postOnly": post,
                "reduceOnly": reduce,
                "side": reading.side_of(self, order, "side"),
                "price": self.unless_zero(reading.number_text(self, order, "price")),
                "triggerPrice": self.unless_zero(reading.number_text(self, order, "stopPrice")),
                "stopLossPrice": self.unless_zero(reading.number_text(self, order, "posStopLossPrice")),
                "takeProfitPrice": self.unless_zero(reading.number_text(self, order, "posTakeProfitPrice")),
                "amount": reading.number_text(self, order, "orderQty"),
                "filled": filled,
                "remaining": None,
                "cost": None,
                "average": self.unless_zero(self.amount_of(told, "avgFilledPx", "avgFillPrice", "avgPx")),
                "status": self.status_of(told),
                "fee": self.order_fee(told),
                "trades": None,
                "info": order,
            },
            market,
        )

    def type_of(self, name: str) -> str | None:
        return {"stoplimit": "limit", "stopmarket": "market"}.get(name, name or None)

    def is_acknowledgement(self, order: Mapping[str, Any]) -> bool:
        """Without a sequence number, what it says of the order's state means nothing."""
        return self.safe_string(order, "seqNum") == "-1"

    def status_of(self, order: Mapping[str, Any]) -> str | None:
        return STATUSES.get(self.safe_string(order, "status", ""))

    def order_fee(self, order: Mapping[str, Any]) -> Any:
        cost = reading.number_text(self, order, "cumFee")
        if cost is None and "createTime" in order:
            # The long history has the sum under this name; on the sign, its documents differ.
            cost = Precise.string_abs(reading.number_text(self, order, "fee"))
        if cost is None:
            return None
        asset = self.safe_string(order, "feeAsset")
        return {"cost": self.parse_number(cost), "currency": self.safe_currency_code(asset)}

    # -- fills --------------------------------------------------------------------------------------

    def parse_execution(self, order: Mapping[str, Any], market: Any) -> Any:
        """All fills of an order as one trade."""
        parsed = self.parse_order(order, market)
        report = self.report_of(order, parsed)
        whole = Mark(report.filled, report.cost or ZERO, report.fee, time=report.touched)
        return self.trade_of(between(NOTHING_FILLED, whole), order, parsed)

    def fills_of(self, rows: Iterable[dict[str, Any]], market: Any) -> list[dict[str, Any]]:
        """The fills of orders, as far as they can be told apart: the venue does not list them one by one."""
        found = []
        for row in self.executed(rows):
            order = self.parse_order(row, market)
            fills = self.account_state().fills.fills(self.report_of(row, order))
            found += [self.trade_of(fill, row, order) for fill in fills]
        trades: list[dict[str, Any]] = self.sort_by_2(found, "timestamp", "id")
        return trades

    def report_of(self, row: Mapping[str, Any], order: Mapping[str, Any]) -> Report:
        def number(*keys: str) -> Decimal | None:
            text = self.amount_of(row, *keys)
            return None if text is None else Decimal(text)

        filled = number("cumFilledQty", "fillQty", "cumQty") or ZERO
        average = number("avgFilledPx", "avgFillPrice", "avgPx")
        told = ("status", "filled", "amount", "price", "average", "triggerPrice", "fee")
        fee = self.order_fee(row)
        return Report(
            id=order["id"],
            open=order["status"] not in ENDED,
            touched=reading.moment(self, row, "lastExecTime")
            if filled
            else order["lastUpdateTimestamp"] or order["timestamp"] or 0,
            created=order["timestamp"] or 0,
            state=tuple(str(order[name]) for name in told),
            filled=filled,
            cost=average * filled if average else None,
            fee=None if fee is None else Decimal(str(fee["cost"])),
            last_amount=number("lastQty") or ZERO,
            last_price=number("lastPx") or ZERO,
            # The long history has the sum under this name.
            last_fee=number("fee") if "createTime" not in row else None,
        )

    def trade_of(self, fill: Fill, row: Mapping[str, Any], order: Mapping[str, Any]) -> dict[str, Any]:
        """A fill; or, where the order's sums tell of more fills than one, those together."""
        fee = None
        if fill.fee is not None:
            asset = self.safe_currency_code(self.safe_string(row, "feeAsset"))
            fee = {"cost": self.parse_number(plain(fill.fee)), "currency": asset}
        at_market = order["type"] == "market" and order["triggerPrice"] is None
        price = fill.cost / fill.amount if fill.amount else ZERO
        return self.safe_trade(
            {
                "id": f"{order['id']}:{plain(fill.filled)}",
                "order": order["id"],
                "symbol": order["symbol"],
                "timestamp": fill.time,
                "datetime": self.iso8601(fill.time),
                "type": order["type"],
                "side": order["side"],
                "takerOrMaker": "taker" if at_market else "maker" if order["postOnly"] else None,
                "price": plain(price if fill.last else round(price, 9)),
                "amount": plain(fill.amount),
                "cost": plain(fill.cost),
                "fee": fee,
                "info": order["info"],
            },
            self.safe_market(self.safe_string(row, "symbol")),
        )

    def executed(self, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """The orders among these that have fills."""
        amounts = ((row, self.amount_of(row, "cumFilledQty", "fillQty", "cumQty")) for row in rows)
        return [row for row, amount in amounts if amount is not None and Precise.string_gt(amount, "0")]

    def parse_new_order(self, answer: Any, request: Mapping[str, Any], market: Any) -> Any:
        """What the answer does not say yet is what was asked for."""
        data = reading.record(self, self.data_of(answer))
        row = data.get("order", data.get("info"))
        meta = self.inner(data, "meta")
        order = self.new_order(reading.record(self, row), request, market, self.safe_string(meta, "id"))
        if self.safe_string(meta, "respInst") == "ACCEPT" and self.may_fill_at_once(order):
            # Accepted means before it is matched.
            order.update(dict.fromkeys(("filled", "remaining", "cost", "fee")), fees=[])
        return order

    def may_fill_at_once(self, order: Mapping[str, Any]) -> bool:
        return order["status"] == "open" and not order["postOnly"] and order["triggerPrice"] is None

    def to_look_up(self, orders: Sequence[Mapping[str, Any]], wanted: Any) -> list[str]:
        """The ids of those of which the answer did not tell what became of them."""
        tells = "filled" if wanted == "always" else "status"
        return [order["id"] for order in orders if order[tells] is None] if wanted else []

    def with_looked_up(self, order: dict[str, Any], found: Mapping[str, Any] | None) -> dict[str, Any]:
        """An order of an answer, with what a look at it told beyond that."""
        if found is None:
            return order
        told = {name: value for name, value in found.items() if value not in (None, [])}
        self.check_accepted(found, found["info"])
        return {**order, **told, "clientOrderId": order["clientOrderId"]}

    def check_accepted(self, order: Mapping[str, Any], row: Mapping[str, Any]) -> None:
        if order["status"] == "rejected" and self.options["raiseOnRejected"]:
            reason = self.safe_string(row, "errorCode", "")
            kind = OrderImmediatelyFillable if reason == "PostOnlyWouldTake" else InvalidOrder
            raise kind(f"{self.id} rejected the order: {reason}")

    def new_order(
        self, row: dict[str, Any], request: Mapping[str, Any], market: Any, client_id: str | None = None
    ) -> Any:
        order = self.parse_order(row, market)
        sent = self.safe_string(request, "id")
        if sent is not None:
            self.note_order_id(sent, order["id"])
        order["clientOrderId"] = client_id or self.safe_string(row, "id") or sent
        asked: dict[str, Any] = {
            "type": self.type_of(request["orderType"].lower()),
            "side": request["side"].lower(),
            "amount": self.parse_number(request["orderQty"]),
            "price": self.safe_number_2(request, "orderPrice", "price"),
            "triggerPrice": self.safe_number(request, "stopPrice"),
            "stopLossPrice": self.safe_number(request, "posStopLossPrice"),
            "takeProfitPrice": self.safe_number(request, "posTakeProfitPrice"),
            "timeInForce": self.safe_string(
                request, "timeInForce", "PO" if request.get("postOnly") else None
            ),
            "postOnly": "postOnly" in request or "Post" in request.get("execInst", ""),
            "reduceOnly": "Reduce" in request.get("execInst", ""),
        }
        if order["timestamp"] is None:
            timestamp = self.optional_moment(row, "timestamp")
            asked.update(timestamp=timestamp, datetime=self.iso8601(timestamp))
        order.update({name: value for name, value in asked.items() if order.get(name) is None})
        self.check_accepted(order, row)
        return order

    def parse_batch(self, answer: Any, requests: Sequence[Mapping[str, Any]]) -> list[Any]:
        rows = reading.rows(self, self.data_of(answer), "orders")
        if len(rows) != len(requests):
            raise BadResponse(f"{self.id} answered for {len(rows)} of {len(requests)} orders")
        by_client_id = {str(request["id"]): request for request in requests}
        orders = []
        for row, request in zip(rows, requests, strict=True):
            meant = by_client_id.get(self.safe_string(row, "id", ""), request)
            orders.append(self.new_order(row, meant, self.safe_market(meant["symbol"])))
        return orders

    def parse_cancel(self, answer: Any, market: Any) -> Any:
        data = reading.record(self, self.data_of(answer))
        return self.parse_order(reading.record(self, data.get("order", data.get("info"))), market)

    def parse_canceled_batch(self, answer: Any, market: Any) -> list[Any]:
        """Each answer says that the request was accepted, and no more: the status is not known."""
        return [
            self.safe_order(
                {
                    "id": reading.required(self, row, "orderId"),
                    "symbol": market["symbol"],
                    "info": row,
                },
                market,
            )
            for row in reading.rows(self, self.data_of(answer), "orders")
        ]
