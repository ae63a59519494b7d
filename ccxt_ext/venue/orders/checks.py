"""Refuses orders that are known to be wrong, before they are sent."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from ccxt.base.errors import ArgumentsRequired, InvalidOrder, NotSupported
from ccxt.base.exchange import Exchange
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers.reading import NUMBER
from ccxt_ext.venue.calls.unified import read_params

__all__ = [
    "check_limits",
    "check_order",
    "check_positive",
    "refuse_order_params",
    "take_market_buy_cost",
    "take_time_in_force",
    "to_precision",
]

BY_COST = "createMarketBuyOrderRequiresPrice"


def check_order(
    exchange: Exchange,
    symbol: str,
    side: Any,
    amount: Any,
    price: Any,
    type: str = "limit",
) -> tuple[str, str | None]:
    """An order's amount and price as texts, in the market's steps and limits. Market orders have no price.

    For a market buy at a venue that takes what it is to cost instead, call `take_market_buy_cost()`.

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


def take_market_buy_cost(
    exchange: Exchange, symbol: str, amount: Any, price: Any, params: Mapping[str, Any]
) -> tuple[str, dict[str, Any]]:
    """What a market buy is to cost, as text, and the parameters without those that say so.

    This is for a venue that takes a cost instead of an amount. The caller says it as everywhere in ccxt: by
    the parameter `cost`; by a price, and then it is price times amount; or by the amount alone, if the
    parameter or option `createMarketBuyOrderRequiresPrice` is False. Raises InvalidOrder for anything else.

    `understands["createOrder"]` names `cost` and `createMarketBuyOrderRequiresPrice`, and `features` have
    `create_order(marketBuyByCost=True, marketBuyRequiresPrice=True)`. Then ccxt's own
    createMarketBuyOrderWithCost works too, if `has` says that there is one.
    """
    needs_price, rest = exchange.handle_option_and_params(params, "createOrder", BY_COST, True)
    rest = {**rest}
    cost = rest.pop("cost", None)
    if cost is None and not needs_price:
        cost = amount
    elif cost is None:
        check_positive(exchange, amount, "amount")
        if price is None:
            raise InvalidOrder(
                f"{exchange.id} createOrder() needs a price or a cost for a market buy, to know what to"
                f" spend; with {BY_COST} False, the amount is the cost"
            )
        check_positive(exchange, price, "price")
        cost = Precise.string_mul(exchange.number_to_string(amount), exchange.number_to_string(price))
    check_positive(exchange, cost, "cost")
    text = to_precision(exchange, "cost", symbol, cost)
    check_positive(exchange, text, "cost")  # it may have been rounded to nothing
    check_limits(exchange, exchange.market(symbol), "cost", text)
    return text, rest


def take_time_in_force(
    exchange: Exchange, type: str, params: Mapping[str, Any], able: Collection[str]
) -> tuple[str | None, dict[str, Any]]:
    """The time in force that is asked for, and the parameters without `timeInForce` and `postOnly`.

    It is one of `able`, which are those that the venue has, such as `("IOC", "FOK", "PO")`; `"GTC"` needs
    not be named. `"PO"` is post-only, whichever of the two parameters says it. None if nothing is asked for.
    Raises NotSupported for what the venue lacks, and InvalidOrder for what cannot be, such as a market order
    that is post-only. `understands["createOrder"]` names both parameters, or only the one that may be given.
    """
    rest = {**params}
    wish = {name: rest.pop(name, None) for name in ("timeInForce", "postOnly")}
    is_post_only = exchange.is_post_only(type == "market", False, wish)
    in_force = "PO" if is_post_only else exchange.safe_string_upper(wish, "timeInForce")
    if in_force not in (None, "GTC", *able):
        raise NotSupported(f"{exchange.id} createOrder() does not support timeInForce={in_force!r}")
    return in_force, rest


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
