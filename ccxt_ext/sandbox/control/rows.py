"""Orders and trades as the control port shows them."""

from __future__ import annotations

from typing import Any

from ccxt_ext.sandbox.engine import Fill, Order
from ccxt_ext.sandbox.frontend import decimal_text


def order_row(order: Order, name: str) -> dict[str, Any]:
    """An order; `name` is its id as the venue shows it to clients."""
    return {
        "account": order.account,
        "id": name,
        "client_id": order.client_id,
        "market": order.market,
        "side": order.side,
        "type": order.type,
        "price": None if order.price is None else decimal_text(order.price),
        "amount": decimal_text(order.amount),
        "filled": decimal_text(order.filled),
        "remaining": decimal_text(order.remaining),
        "cost": decimal_text(order.cost),
        "fees": {currency: decimal_text(fee) for currency, fee in order.fees.items()},
        "status": order.status,
        "created": str(order.created),
        "updated": str(order.updated),
    }


def trade_row(account: str, fill: Fill, order: str) -> dict[str, Any]:
    """An account's side of a trade; `order` is the name of its order."""
    return {
        "account": account,
        "id": str(fill.id),
        "order": order,
        "market": fill.market,
        "side": fill.side,
        "price": decimal_text(fill.price),
        "amount": decimal_text(fill.amount),
        "cost": decimal_text(fill.cost),
        "fee": decimal_text(fill.fee),
        "fee_currency": fill.fee_currency,
        "maker": fill.maker,
        "timestamp": str(fill.timestamp),
    }
