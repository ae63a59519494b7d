"""Refuses orders that are known to be wrong, before they are sent."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from ccxt.base.errors import ArgumentsRequired, InvalidOrder, NotSupported
from ccxt.base.exchange import Exchange
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers.reading import NUMBER
from ccxt_ext.venue.calls.unified import read_params

__all__ = ["check_limits", "check_order", "check_positive", "refuse_order_params", "to_precision"]


def check_order(
    exchange: Exchange,
    symbol: str,
    side: Any,
    amount: Any,
    price: Any,
    type: str = "limit",
) -> tuple[str, str | None]:
    """An order's amount and price as texts, in the market's steps and limits. Market orders have no price.

    Raises InvalidOrder, NotSupported or ArgumentsRequired for what is known to be wrong. `type` is 'limit' or
    'market'; a venue that lacks one of them refuses it itself.
    """
    market = exchange.market(symbol)
    if side not in ("buy", "sell"):
        raise InvalidOrder(f"{exchange.id} createOrder() takes the side buy or sell, not {side!r}")
    if type not in ("limit", "market"):
        raise NotSupported(f"{exchange.id} createOrder() supports limit and market orders, not {type!r}")
    check_positive(exchange, amount, "amount")
    amount_text = to_precision(exchange, "amount", symbol, amount)
    if type == "market":
        check_limits(exchange, market, "amount", amount_text)
        return amount_text, None
    if price is None:
        raise ArgumentsRequired(f"{exchange.id} createOrder() requires a price for a limit order")
    check_positive(exchange, price, "price")
    price_text = to_precision(exchange, "price", symbol, price)
    cost_text = Precise.string_mul(amount_text, price_text)
    for name, text in (("amount", amount_text), ("price", price_text), ("cost", cost_text)):
        check_limits(exchange, market, name, text)
    return amount_text, price_text


def check_positive(exchange: Exchange, value: Any, name: str) -> None:
    """Raise InvalidOrder unless the value is a number above 0."""
    text = str(value)
    if isinstance(value, bool) or not NUMBER.fullmatch(text) or not Decimal(text) > 0:
        raise InvalidOrder(f"{exchange.id} createOrder() needs a positive {name}, not {value!r}")


def to_precision(exchange: Exchange, name: str, symbol: str, value: Any) -> str:
    """An amount, price or cost as text, rounded to the market's step as ccxt does it."""
    if exchange.market(symbol)["precision"]["amount" if name == "amount" else "price"] is None:
        return str(exchange.number_to_string(value))  # the venue does not tell the step
    steps = {
        "amount": exchange.amount_to_precision,
        "price": exchange.price_to_precision,
        "cost": exchange.cost_to_precision,
    }
    try:
        return steps[name](symbol, value)
    except ArithmeticError:  # the value has more digits than ccxt's decimals can have
        raise InvalidOrder(f"{exchange.id} {symbol} {name} {value!r} cannot be rounded to its step") from None


def check_limits(exchange: Exchange, market: Mapping[str, Any], name: str, text: str) -> None:
    """Raise InvalidOrder if the value is outside of the market's limits."""
    limits = market["limits"].get(name) or {}
    least, most = exchange.safe_string(limits, "min"), exchange.safe_string(limits, "max")
    if least is not None and Precise.string_lt(text, least):
        raise InvalidOrder(f"{exchange.id} {market['symbol']} {name} {text} is below the minimum {least}")
    if most is not None and Precise.string_gt(text, most):
        raise InvalidOrder(f"{exchange.id} {market['symbol']} {name} {text} is above the maximum {most}")


def refuse_order_params(
    exchange: Exchange, params: Mapping[str, Any], allowed: Collection[str] = ()
) -> dict[str, Any]:
    """Raise NotSupported if the order has parameters of ccxt's besides those allowed.

    This is for orders that can have fewer of them than others of the same venue.
    """
    return read_params(exchange, "createOrder", params, allowed)
