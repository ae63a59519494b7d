"""The calls of Acme Exchange about orders."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontend import Request
from ccxt_ext.sandbox.frontend.engine import Engine, Order, Refused

from .parameters import WHOLE, answer_with, order_fields, page
from .refusals import Declined, declined_by_engine, no_market, no_order
from .rows import order_row


class Orders:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def create(self, request: Request, account: str) -> Any:
        fields = order_fields(request)
        known = self._engine.order_by_client_id(account, fields["client_id"])
        if known is not None:
            # Each client_id is carried out once. Sent again as it was, it gets the same order.
            if not is_same(known, fields):
                raise Declined(409, "DUPLICATE_CLIENT_ID", "client_id belongs to another order")
            return order_row(known)
        if fields["market"] not in self._engine.markets:
            raise no_market()
        try:
            order = self._engine.place(
                account,
                fields["market"],
                "buy" if fields["side"] == "buy" else "sell",
                Decimal(fields["price"]),
                Decimal(fields["size"]),
                client_id=fields["client_id"],
            )
        except Refused as refused:
            raise declined_by_engine(refused) from None
        return order_row(order)

    def open(self, request: Request, account: str) -> Any:
        market = request.query.get("market")
        if market is not None and market not in self._engine.markets:
            raise no_market()
        orders = self._engine.orders(account, market, ("open",))  # newest first
        rows, following = page(request, orders, [order.id for order in orders])
        return answer_with("orders", [order_row(order) for order in rows], following)

    def order(self, request: Request, account: str, id: str) -> Any:
        return order_row(self._own(account, id))

    def cancel(self, request: Request, account: str, id: str) -> Any:
        order = self._own(account, id)
        if order.status != "open":
            raise Declined(409, "ORDER_HAS_ENDED", "Order is not open")
        return order_row(self._engine.cancel(account, order.id))

    def _own(self, account: str, id: str) -> Order:
        order = self._engine.order(account, int(id)) if WHOLE.fullmatch(id) else None
        if order is None:
            raise no_order()
        return order


def is_same(order: Order, fields: dict[str, str]) -> bool:
    return (order.market, order.side, order.price, order.amount) == (
        fields["market"],
        fields["side"],
        Decimal(fields["price"]),
        Decimal(fields["size"]),
    )
