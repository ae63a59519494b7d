"""BitMart's signed calls: they place and cancel orders."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontend import PLAIN_DECIMAL, Refusal, Request, decimal_text, parameters
from ccxt_ext.sandbox.frontend.engine import Engine, MarketSpec, Refused, multiply, units
from ccxt_ext.sandbox.frontends.bitmart2.parameters import (
    ORDER_FIELDS,
    invalid,
    market_named,
    missing,
    order_body,
    order_id,
    side_named,
    text,
)
from ccxt_ext.sandbox.frontends.bitmart2.signature import check_signature
from ccxt_ext.sandbox.frontends.bitmart2.tokens import Key

PRICE_GUARD = Decimal(5)
"""How many times the best price of its side an order's price may be."""


class Orders:
    def __init__(self, engine: Engine, *, cancel_all_is_signed: bool) -> None:
        self._engine = engine
        self._cancel_all_is_signed = cancel_all_is_signed

    def create(self, request: Request, key: Key) -> Any:
        fields = order_body(request)
        check_signature(request, key.secret, fields)
        for name in ORDER_FIELDS:
            if not fields.get(name):
                raise missing(name)
        side = side_named(fields["side"])
        for name in ("price", "amount"):
            if not PLAIN_DECIMAL.fullmatch(fields[name]):
                raise invalid(name)
        market = market_named(self._engine.markets, fields["symbol"])
        if not market.spec.active:
            raise Refusal(400, "Invalid symbol")
        price, amount = Decimal(fields["price"]), Decimal(fields["amount"])
        _check_size(market.spec, price, amount)
        best = market.best_bid if side == "buy" else market.best_ask
        if best is not None and price > multiply(PRICE_GUARD, best):
            raise Refusal(400, f"Maximum price is {decimal_text(multiply(PRICE_GUARD, best))}")
        try:
            order = self._engine.place(key.account, fields["symbol"], side, price, amount)
        except Refused as refused:
            insufficient = refused.reason == "insufficient_funds"
            raise Refusal(400, "Insufficient balance" if insufficient else "Place order error") from None
        return {"entrust_id": order.id}

    def cancel(self, request: Request, key: Key, entrust_id: str) -> Any:
        check_signature(request, key.secret, {"entrust_id": entrust_id})
        try:
            self._engine.cancel(key.account, order_id(entrust_id))
        except Refused:
            raise Refusal(404, "Not found") from None
        return {}

    def cancel_all(self, request: Request, key: Key) -> Any:
        if self._cancel_all_is_signed:
            query = dict(parameters(request.query_string))
            check_signature(request, key.secret, query)
        elif "x-bm-signature" in request.headers:
            # To notice clients that sign all the same.
            raise Refusal(400, "Invalid X-BM-SIGNATURE")
        symbol = text(request, "symbol")
        side = side_named(text(request, "side"))
        self._engine.cancel_all(key.account, market_named(self._engine.markets, symbol).spec.id, side)
        return {}


def _check_size(spec: MarketSpec, price: Decimal, amount: Decimal) -> None:
    fits = (
        price > 0
        and spec.min_amount <= amount <= spec.max_amount
        and units(price, spec.tick) is not None
        and units(amount, spec.step) is not None
    )
    if not fits:
        raise Refusal(400, "Place order error")
