"""BitMax's calls about several orders at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontend import Request, VenueClock
from ccxt_ext.sandbox.frontend.engine import Engine, Order, add, multiply
from ccxt_ext.sandbox.frontends.bitmaxfutures.keys import Key
from ccxt_ext.sandbox.frontends.bitmaxfutures.listings import Listing
from ccxt_ext.sandbox.frontends.bitmaxfutures.order_fields import wanted_order
from ccxt_ext.sandbox.frontends.bitmaxfutures.orders import Orders
from ccxt_ext.sandbox.frontends.bitmaxfutures.parameters import Bodies
from ccxt_ext.sandbox.frontends.bitmaxfutures.refusals import (
    BATCH_FAILED,
    BATCH_SPOILT,
    TOO_RISKY,
    Declined,
)
from ccxt_ext.sandbox.frontends.bitmaxfutures.rows.orders import short_row

BATCH_LIMIT = 10


class BatchCalls:
    """A batch is carried out as a whole, or refused as a whole."""

    def __init__(
        self,
        engine: Engine,
        listings: Mapping[str, Listing],
        clock: VenueClock,
        orders: Orders,
        bodies: Bodies,
    ) -> None:
        self._engine = engine
        self._listings = listings
        self._clock = clock
        self._orders = orders
        self._bodies = bodies

    def place_batch(self, request: Request, key: Key) -> Any:
        """What is wrong with one of them is found before any is placed."""
        items = self._items(request, key, "batch-place-order")
        self._each(items, key, "batch-place-order", lambda fields: self._check_one(key, fields))
        self._check_margin(items, key)
        placed: list[Order] = []

        def place(fields: Mapping[str, Any]) -> None:
            placed.append(self._orders.place(key, fields)[0])

        try:
            self._each(items, key, "batch-place-order", place, stop=True)
        except Declined:
            for order in placed:
                if order.status == "open":
                    self._engine.cancel(key.account, order.id)
            raise
        rows = [
            {
                "id": fields.get("id", ""),
                "orderId": self._orders.name_of(order, key),
                "orderType": short_row(order, "", key.ids, None)["orderType"],
                "symbol": order.market,
                "timestamp": self._clock.now(),
            }
            for fields, order in zip(items, placed, strict=True)
        ]
        return {"meta": {"action": "batch-place-order", "respInst": "ACK"}, "orders": rows}

    def _check_one(self, key: Key, fields: Mapping[str, Any]) -> None:
        if self._orders.check(key, fields).respond != "ACK":
            raise Declined(300008, "A batch takes the respInst ACK only")

    def _check_margin(self, items: list[dict[str, Any]], key: Key) -> None:
        """Whether there is margin for all of them together."""
        needed = Decimal(0)
        free = self._engine.margin_account(key.account).free
        for fields in items:
            wanted = wanted_order(fields, self._listings)
            if wanted.reduce_only:
                continue
            market = self._engine.markets[wanted.symbol]
            price = wanted.price or wanted.trigger_price or market.mark_price
            worth = multiply(price, wanted.amount)
            leverage = self._engine.leverage(key.account, wanted.symbol)
            needed = add(needed, multiply(worth, Decimal(1) / leverage + market.spec.taker_fee))
            if needed > free:
                raise _failed(items, key, "batch-place-order", {id(fields): Declined(320008, TOO_RISKY)})

    def _items(self, request: Request, key: Key, action: str) -> list[dict[str, Any]]:
        """The fields of each order."""
        items = self._bodies.fields(request).get("orders")
        if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
            raise Declined(100004, "Invalid orders")
        if len(items) > BATCH_LIMIT:
            raise Declined(300013, f"A batch has {BATCH_LIMIT} orders at most", 200, **key.ids, action=action)
        return items

    def _each(
        self,
        items: list[dict[str, Any]],
        key: Key,
        action: str,
        act: Callable[[Mapping[str, Any]], None],
        stop: bool = False,
    ) -> None:
        """Do something for each order, and refuse the batch if any of them fails; `stop` at the first."""
        errors: dict[int, Declined] = {}
        for fields in items:
            try:
                act(fields)
            except Declined as refusal:
                errors[id(fields)] = refusal
                if stop:
                    break
        if errors:
            raise _failed(items, key, action, errors)

    def cancel_batch(self, request: Request, key: Key) -> Any:
        items = self._items(request, key, "batch-cancel-order")
        found: list[Order] = []
        self._each(
            items, key, "batch-cancel-order", lambda fields: found.append(self._orders.to_cancel(key, fields))
        )
        for order in found:
            if order.status == "open":  # it may be named twice
                self._engine.cancel(key.account, order.id)
        rows = [
            {
                "id": fields.get("id", ""),
                "orderId": fields["orderId"],
                "orderType": "",
                "symbol": fields["symbol"],
                "timestamp": self._clock.now(),
            }
            for fields in items
        ]
        return {"meta": {"action": "batch-cancel-order", "respInst": "ACK"}, "orders": rows}


def _failed(items: list[dict[str, Any]], key: Key, action: str, errors: Mapping[int, Declined]) -> Declined:
    """The refusal of a batch, which has an error for each of its orders."""
    info = []
    for fields in items:
        own = errors.get(id(fields), Declined(300013, BATCH_SPOILT))
        row = {"code": own.code, "id": fields.get("id", ""), "message": own.message, "reason": own.reason}
        if "orderId" in fields:
            row["orderId"] = fields["orderId"]
        info.append({**row, "symbol": fields.get("symbol", "")})
    return Declined(300013, BATCH_FAILED, 200, **key.ids, action=action, info=info)
