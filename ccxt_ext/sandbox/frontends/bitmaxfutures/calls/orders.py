"""BitMax's calls about orders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ccxt_ext.sandbox.frontend import Request
from ccxt_ext.sandbox.frontend.engine import Engine
from ccxt_ext.sandbox.frontends.bitmaxfutures.keys import Key
from ccxt_ext.sandbox.frontends.bitmaxfutures.orders import Orders
from ccxt_ext.sandbox.frontends.bitmaxfutures.parameters import Bodies, integer, symbol_or_all
from ccxt_ext.sandbox.frontends.bitmaxfutures.refusals import (
    NO_PRODUCT,
    Declined,
)
from ccxt_ext.sandbox.frontends.bitmaxfutures.rows.orders import long_history_row, old_history_row

SOME_HISTORY = 100
MOST_HISTORY = 1000


class OrderCalls:
    """Single orders, all orders at once, and lists."""

    def __init__(self, engine: Engine, orders: Orders, bodies: Bodies) -> None:
        self._engine = engine
        self._orders = orders
        self._bodies = bodies

    # placing

    def place(self, request: Request, key: Key) -> Any:
        fields = self._bodies.fields(request)
        try:
            order, wanted = self._orders.place(key, fields)
        except Declined as refusal:
            refusal.details = _named(key, "place-order", fields)
            raise
        respond = wanted.respond
        if respond == "DONE" and order.status == "open":
            respond = "ACK"  # the order is still open when the venue stops waiting
        row = self._orders.short_row(order, key, accepted=respond != "DONE")
        if respond == "ACK":
            row["seqNum"] = -1
        meta = {"action": "place-order", "id": wanted.client_id or "", "respInst": respond}
        return {"meta": meta, "order": row}

    # cancelling and closing

    def cancel(self, request: Request, key: Key) -> Any:
        fields = self._bodies.fields(request)
        try:
            order = self._orders.to_cancel(key, fields)
        except Declined as refusal:
            refusal.details = _named(key, "cancel-order", fields)
            raise
        self._engine.cancel(key.account, order.id)
        meta = {
            "action": "cancel-order",
            "id": str(fields.get("id", "")),
            "respInst": str(fields.get("respInst") or "ACK"),
        }
        return {"meta": meta, "order": self._orders.short_row(order, key)}

    def cancel_all(self, request: Request, key: Key) -> Any:
        symbol = self._symbol_or_all(request, key, "cancel-all", {})
        self._engine.cancel_all(key.account, symbol)
        return {**key.ids, "action": "cancel-all", "info": {"symbol": symbol or ""}}

    def _symbol_or_all(self, request: Request, key: Key, action: str, sent: Mapping[str, Any]) -> str | None:
        """The contract that an action is for, None for all; a refusal tells what was `sent`."""
        fields = self._bodies.fields(request)
        try:
            return symbol_or_all(fields, self._engine.markets)
        except Declined as refusal:
            info = {**sent, "symbol": fields["symbol"]}
            refusal.details = {"data": {**key.ids, "action": action, "info": info}}
            raise

    def close_all(self, request: Request, key: Key) -> Any:
        cancels = self._bodies.fields(request).get("cancelOpen", True) is not False
        sent = {"cancelOpen": cancels}
        symbol = self._symbol_or_all(request, key, "close-all-position", sent)
        self._orders.close_all(key, symbol, cancels)
        info = {**sent, "symbol": symbol or ""}
        return {**key.ids, "action": "close-all-position", "info": info}

    # lists

    def open_orders(self, request: Request, key: Key) -> Any:
        if request.method == "POST":
            symbol = symbol_or_all(self._bodies.fields(request), self._engine.markets)
        else:
            symbol = self._symbol(request)
        opened = self._engine.newest_orders(key.account, symbol, ("open",))
        return self._orders.rows(key, opened, "short")

    def history(self, request: Request, key: Key) -> Any:
        symbol = self._symbol(request)
        executed = request.query.get("executedOnly", "false").lower()  # Python's demos print "True"
        if executed not in ("true", "false"):
            raise Declined(100006, "executedOnly is true or false")
        ended = self._orders.ended(key, symbol, traded=executed == "true")
        return self._orders.rows(key, ended.part(0, integer(request, "n", SOME_HISTORY)), "full")

    def _symbol(self, request: Request) -> str | None:
        """The contract that is named, if any; for what an account did there, so it may have ended."""
        symbol, markets = request.query.get("symbol"), self._engine.markets
        if symbol is not None and symbol not in markets and symbol not in markets.ended:
            raise Declined(300012, NO_PRODUCT)
        return symbol

    def order_status(self, request: Request, key: Key) -> Any:
        text = request.query.get("orderId")
        if text is None:
            raise Declined(100006, "Missing required parameter: orderId")
        found = self._orders.find_all(key, text.split(","))
        rows = [self._orders.full_row(order, key, self._orders.last_fill(order)) for order in found]
        if "," not in text and not rows:
            raise Declined(100002, "Order is not found")
        account = {"accountId": key.ids["accountId"], "ac": key.ids["ac"]}
        return {"code": 0, **account, "data": rows if "," in text else rows[0]}

    def long_history(self, request: Request, key: Key) -> Any:
        account = request.query.get("account")
        if account not in ("cash", "margin", "futures", key.ids["accountId"]):
            raise Declined(100006, "Invalid account")
        if account in ("cash", "margin"):
            return []
        symbol = self._symbol(request)
        start, end = integer(request, "startTime", -1), integer(request, "endTime", 10**15)
        number = integer(request, "seqNum", -1)
        limit = min(integer(request, "limit", 500), MOST_HISTORY)
        ended = self._orders.ended(key, symbol)
        if start >= 0 or number >= 0:
            found = ended.oldest_between(start, end, number, limit)
        else:
            found = ended.between(start, end, limit)
        return [long_history_row(order, self._orders.name_of(order, key), key.ids) for order in found]

    def old_history(self, request: Request, key: Key) -> Any:
        page, size = integer(request, "page", 1), integer(request, "pageSize", 20)
        symbol = self._symbol(request)
        ended = self._orders.ended(key, symbol)
        rows = [
            old_history_row(
                order, self._orders.name_of(order, key), key.ids, self._orders.execution_of(order)
            )
            for order in (ended.part((page - 1) * size, page * size) if page else [])
        ]
        has_next = page * size < len(ended)
        return {"data": rows, "hasNext": has_next, "page": page, "pageSize": size, "limit": 500}


def _named(key: Key, action: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """What a refusal tells of an action on one order."""
    info = {"id": str(fields.get("id", "")), "symbol": str(fields.get("symbol", ""))}
    return {**key.ids, "action": action, "info": info}
