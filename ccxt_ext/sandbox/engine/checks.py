"""Checks an order by itself, without looking at the book."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

from .exact import ZERO, multiply, units
from .model import SIDES, MarketSpec, Order, OrderType, Refused, TimeInForce, TriggerSource

MOST_DIGITS = 30
"""A price or deposit with more digits than this, before or after the point, is refused."""


ORDER_TYPES, TIMES_IN_FORCE, TRIGGER_SOURCES = map(get_args, (OrderType, TimeInForce, TriggerSource))


def is_nonsense(value: Decimal) -> bool:
    text = str(value)
    if len(text) <= MOST_DIGITS and "E" not in text and value.is_finite():
        return False
    exponent = value.as_tuple().exponent
    return value.adjusted() >= MOST_DIGITS or not isinstance(exponent, int) or exponent < -MOST_DIGITS


def check_price(spec: MarketSpec, price: Decimal | None) -> int:
    """The price in ticks."""
    if price is None or not price.is_finite() or price <= ZERO or is_nonsense(price):
        raise Refused("bad_price", price=price)
    ticks = units(price, spec.tick) if price >= spec.tick else None
    if ticks is None:
        raise Refused("price_precision", price=price, tick=spec.tick)
    return ticks


def check_amount(spec: MarketSpec, amount: Decimal) -> int:
    """The amount in steps."""
    if not amount.is_finite() or amount <= ZERO:
        raise Refused("bad_amount", amount=amount)
    if amount < spec.min_amount:
        raise Refused("too_small", amount=amount, min_amount=spec.min_amount)
    if amount > spec.max_amount:
        raise Refused("too_large", amount=amount, max_amount=spec.max_amount)
    steps = units(amount, spec.step)
    if steps is None:
        raise Refused("amount_precision", amount=amount, step=spec.step)
    return steps


def check_kind(order: Order) -> None:
    """Refuse an order whose type, side and other kinds are unknown, or do not go together."""
    if order.side not in SIDES:
        raise Refused("bad_side", side=order.side)
    if order.type not in ORDER_TYPES:
        raise Refused("bad_type", type=order.type)
    if order.time_in_force not in TIMES_IN_FORCE:
        raise Refused("bad_time_in_force", time_in_force=order.time_in_force)
    if order.trigger_by not in TRIGGER_SOURCES:
        raise Refused("bad_trigger", trigger_by=order.trigger_by)
    if order.post_only and (order.type == "market" or order.time_in_force != "GTC"):
        raise Refused("bad_time_in_force", post_only=True, type=order.type)


def check_trigger(spec: MarketSpec, price: Decimal | None) -> None:
    if price is None:
        return
    try:
        check_price(spec, price)
    except Refused as refused:
        raise Refused("bad_trigger", price=price, because=refused.reason) from None


def check_order(spec: MarketSpec, order: Order) -> None:
    """Refuse an order that the market cannot take. Its price and amount are brought to the market's scale."""
    check_kind(order)
    if order.type == "limit":
        order.ticks = check_price(spec, order.price)
        order.price = multiply(spec.tick, order.ticks)
    order.amount = order.remaining = multiply(spec.step, check_amount(spec, order.amount))
    for trigger in (order.trigger_price, order.stop_loss, order.take_profit):
        if trigger is not None:
            check_trigger(spec, trigger)
    worth = order.price or order.trigger_price
    if worth is not None and multiply(worth, order.amount) < spec.min_cost:
        raise Refused("too_small", min_cost=spec.min_cost)
