"""The calls of Acme Exchange about orders."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontend import Request
from ccxt_ext.sandbox.frontend.engine import Engine, Order, Refused

from .parameters import WHOLE, Page, order_fields, page
from .refusals import Declined, declined_by_engine, no_order, no_pair
from .rows import order_row


class Orders:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def create(self, request: Request, account: str) -> Any:
        fields = order_fields(request)
        known = self._engine.order_by_client_id(account, fields["tag"])
        if known is not None:
            # Each tag is carried out once. Sent again as it was, it gets the same order.
            if not is_same(known, fields):
                raise Declined(303, "The tag belongs to another order")
            return order_row(known)
        if fields["pair"] not in self._engine.markets:
            raise no_pair()
        try:
            order = self._engine.place(
                account,
                fields["pair"],
                "buy" if fields["side"] == "buy" else "sell",
                Decimal(fields["rate"]),
                Decimal(fields["quantity"]),
                client_id=fields["tag"],
            )
        except Refused as refused:
            raise declined_by_engine(refused) from None
        return order_row(order)

    def open(self, request: Request, account: str) -> Page:
        market = request.query.get("pair")
        if market is not None and market not in self._engine.markets:
            raise no_pair()
        orders = self._engine.orders(account, market, ("open",))  # newest first
        return page(request, orders, order_row)

    def order(self, request: Request, account: str, id: str) -> Any:
        return order_row(self._own(account, id))

    def cancel(self, request: Request, account: str, id: str) -> Any:
        order = self._own(account, id)
        if order.status != "open":
            raise Declined(305, "The order has ended")
        return order_row(self._engine.cancel(account, order.id))

    def _own(self, account: str, id: str) -> Order:
        order = self._engine.order(account, int(id)) if WHOLE.fullmatch(id) else None
        if order is None:
            raise no_order()
        return order


def is_same(order: Order, fields: dict[str, str]) -> bool:
    return (order.market, order.side, order.price, order.amount) == (
        fields["pair"],
        fields["side"],
        Decimal(fields["rate"]),
        Decimal(fields["quantity"]),
    )
