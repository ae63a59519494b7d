"""Orders and trades as the control port shows them."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.engine import Fill, Order, Position
from ccxt_ext.sandbox.frontend import decimal_text


def order_row(order: Order, name: str, symbol: str) -> dict[str, Any]:
    """An order; `name` is its id as the venue shows it to clients, `symbol` ccxt's name of its market."""
    return {
        "account": order.account,
        "id": name,
        "client_id": order.client_id,
        "market": order.market,
        "symbol": symbol,
        "side": order.side,
        "type": order.type,
        "price": _text(order.price),
        "amount": decimal_text(order.amount),
        "filled": decimal_text(order.filled),
        "remaining": decimal_text(order.remaining),
        "cost": decimal_text(order.cost),
        "fees": {currency: decimal_text(fee) for currency, fee in order.fees.items()},
        "average": _text(order.average),
        "trigger_price": _text(order.trigger_price),
        "time_in_force": order.time_in_force,
        "post_only": order.post_only,
        "reduce_only": order.reduce_only,
        "status": order.status,
        "created": str(order.created),
        "updated": str(order.updated),
    }


def trade_row(account: str, fill: Fill, order: str, symbol: str) -> dict[str, Any]:
    """An account's side of a trade; `order` is the name of its order, `symbol` ccxt's of its market."""
    return {
        "account": account,
        "id": str(fill.id),
        "order": order,
        "market": fill.market,
        "symbol": symbol,
        "side": fill.side,
        "price": decimal_text(fill.price),
        "amount": decimal_text(fill.amount),
        "cost": decimal_text(fill.cost),
        "fee": decimal_text(fill.fee),
        "fee_currency": fill.fee_currency,
        "maker": fill.maker,
        "timestamp": str(fill.timestamp),
    }


POSITION_TIMES = ("opened", "updated")


def position_row(position: Position, symbol: str) -> dict[str, Any]:
    """An open position; `symbol` is ccxt's name of its market."""
    row: dict[str, Any] = {}
    for each in fields(position):
        value = getattr(position, each.name)
        if isinstance(value, Decimal):
            value = decimal_text(value)
        row[each.name] = str(value) if each.name in ("id", *POSITION_TIMES) else value
        if each.name == "market":
            row["symbol"] = symbol
    return row


def _text(number: Decimal | None) -> str | None:
    return None if number is None else decimal_text(number)
