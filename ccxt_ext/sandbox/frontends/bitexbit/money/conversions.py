"""Conversions: an order turns a deposit, or what is to be withdrawn, into another currency."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontend.engine import Engine, Refused, Side, add, multiply
from ccxt_ext.sandbox.frontends.bitexbit.formats import text
from ccxt_ext.sandbox.frontends.bitexbit.parameters import optional_amount
from ccxt_ext.sandbox.frontends.bitexbit.v2_rows import v2_state

USUAL_PERCENT = Decimal(5)


class Conversions:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def convert(
        self, account: str, source: str, target: str, amount: Decimal, percent: Decimal | None
    ) -> dict[str, Any] | None:
        """Place an order that turns `source` into `target`, `percent` away from the market price."""
        markets = self._engine.markets
        side: Side = "sell" if f"{source}_{target}" in markets else "buy"
        market = markets.get(f"{source}_{target}" if side == "sell" else f"{target}_{source}")
        if market is None:
            return None
        spec = market.spec
        share = multiply(percent or USUAL_PERCENT, Decimal("0.01")) * (-1 if side == "sell" else 1)
        price = _down(multiply(market.last_price, add(Decimal(1), share)), spec.tick)
        given = amount if side == "sell" else amount / multiply(price, Decimal("1.01"))
        try:
            order = self._engine.place(account, spec.id, side, price, _down(given, spec.step))
        except Refused:
            return None
        return {
            "symbol": spec.id,
            "amount": order.amount,
            "price": price,
            "side": side,
            "state": v2_state(order),
        }


def conversion_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What a request asked for, as the venue repeats it."""

    def amount(name: str) -> str | None:
        given = optional_amount(fields, name)
        return None if given is None else text(given)

    return {
        "convert_ticker": fields.get("convert_ticker"),
        "convert_limit": amount("convert_limit"),
        "convert_percent": amount("convert_percent"),
    }


def _down(value: Decimal, step: Decimal) -> Decimal:
    return value // step * step
