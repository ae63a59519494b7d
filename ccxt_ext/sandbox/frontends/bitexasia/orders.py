"""BitexAsia's calls about orders."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontend import Request, Response, json_response
from ccxt_ext.sandbox.frontend.engine import Engine, Order, Refused, TimeInForce
from ccxt_ext.sandbox.frontends.bitexasia.keys import Key
from ccxt_ext.sandbox.frontends.bitexasia.listings import Listing
from ccxt_ext.sandbox.frontends.bitexasia.order_fields import content, order_fields
from ccxt_ext.sandbox.frontends.bitexasia.refusals import (
    Declined,
    declined_by_engine,
    invalid_request,
    no_pair,
)
from ccxt_ext.sandbox.frontends.bitexasia.rows import order_row

ORDER_PREFIX = "ord_"
_TIMES_IN_FORCE: Mapping[str, TimeInForce] = {"GTC": "GTC", "IOC": "IOC", "FOK": "FOK"}


def order_name(order: Order) -> str:
    """An order's id as the venue shows it."""
    return f"{ORDER_PREFIX}{order.id}"


class Orders:
    def __init__(self, engine: Engine, listings: Mapping[str, Listing]) -> None:
        self._engine = engine
        self._listings = listings
        self._contents: dict[tuple[str, str], tuple[Any, ...]] = {}  # by account and client_order_id
        self._times_in_force: dict[int, str | None] = {}  # as the clients asked for

    def create(self, request: Request, key: Key) -> Response:
        if request.content_type != "application/json":
            raise invalid_request("Content-Type must be application/json")
        fields = order_fields(request.body)
        client_id = fields.get("client_order_id")
        known = None if client_id is None else self._engine.order_by_client_id(key.account, client_id)
        if client_id is not None and known is not None:
            if self._contents[key.account, client_id] != content(fields):
                raise Declined(
                    409, "DUPLICATE_CLIENT_ORDER_ID", "client_order_id belongs to a different order"
                )
            return self._order_response(known)
        if fields["pair"] not in self._engine.markets:
            raise no_pair()
        order = self._place(key.account, fields, client_id)
        if client_id is not None:
            self._contents[key.account, client_id] = content(fields)
        # A market order has none, unless one was asked for.
        default = None if order.type == "market" else "GTC"
        self._times_in_force[order.id] = fields.get("time_in_force", default)
        return self._order_response(order, 201)

    def _place(self, account: str, fields: Mapping[str, str], client_id: str | None) -> Order:
        price, stop_price = (
            Decimal(fields[name]) if name in fields else None for name in ("price", "stop_price")
        )
        try:
            return self._engine.place(
                account,
                fields["pair"],
                "buy" if fields["side"] == "buy" else "sell",
                price,
                Decimal(fields["size"]),
                type="market" if price is None else "limit",
                client_id=client_id,
                time_in_force=_TIMES_IN_FORCE[fields.get("time_in_force", "GTC")],
                trigger_price=stop_price,
            )
        except Refused as refused:
            raise declined_by_engine(refused) from None

    def order(self, request: Request, key: Key, id: str) -> Response:
        return self._order_response(self._own_order(key, id))

    def cancel(self, request: Request, key: Key, id: str) -> Response:
        if request.body:
            raise invalid_request("This call has no body")
        order = self._own_order(key, id)
        # A cancel that is repeated or comes too late gets the same answer.
        if order.status == "open":
            self._engine.cancel(key.account, order.id)
        return self._order_response(order)

    def _own_order(self, key: Key, id: str) -> Order:
        number = re.fullmatch(rf"{ORDER_PREFIX}([0-9]{{1,18}})", id)
        order = self._engine.order(key.account, int(number[1])) if number else None
        if order is None:
            raise Declined(404, "ORDER_NOT_FOUND", "Unknown order")
        return order

    def _order_response(self, order: Order, status: int = 200) -> Response:
        decimals = self._listings[order.market].decimals
        row = order_row(order, order_name(order), self._times_in_force.get(order.id), decimals)
        return json_response(row, status)
