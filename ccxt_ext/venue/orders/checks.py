"""What is known to be wrong with an order before it is sent."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from ccxt.base.errors import ArgumentsRequired, InvalidOrder, NotSupported
from ccxt.base.exchange import Exchange
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers.reading import NUMBER
from ccxt_ext.venue.calls.unified import read_params


def check_order(
    exchange: Exchange,
    symbol: str,
    side: Any,
    amount: Any,
    price: Any,
    type: str = "limit",
) -> tuple[str, str | None]:
    """The text of an order's amount and price, if the market can take them; market orders have no price.

    Whatever is known to be wrong is refused here, before anything is sent.
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
    text = str(value)
    if isinstance(value, bool) or not NUMBER.fullmatch(text) or not Decimal(text) > 0:
        raise InvalidOrder(f"{exchange.id} createOrder() needs a positive {name}, not {value!r}")


def to_precision(exchange: Exchange, name: str, symbol: str, value: Any) -> str:
    if exchange.market(symbol)["precision"]["amount" if name == "amount" else "price"] is None:
        return str(exchange.number_to_string(value))  # a step that the venue does not tell
    steps = {
        "amount": exchange.amount_to_precision,
        "price": exchange.price_to_precision,
        "cost": exchange.cost_to_precision,
    }
    try:
        return steps[name](symbol, value)
    except ArithmeticError:  # more digits than ccxt's decimals have
        raise InvalidOrder(f"{exchange.id} {symbol} {name} {value!r} cannot be rounded to its step") from None


def check_limits(exchange: Exchange, market: Mapping[str, Any], name: str, text: str) -> None:
    limits = market["limits"].get(name) or {}
    least, most = exchange.safe_string(limits, "min"), exchange.safe_string(limits, "max")
    if least is not None and Precise.string_lt(text, least):
        raise InvalidOrder(f"{exchange.id} {market['symbol']} {name} {text} is below the minimum {least}")
    if most is not None and Precise.string_gt(text, most):
        raise InvalidOrder(f"{exchange.id} {market['symbol']} {name} {text} is above the maximum {most}")


def refuse_order_params(
    exchange: Exchange, params: Mapping[str, Any], allowed: Collection[str] = ()
) -> dict[str, Any]:
    """`params` of an order that can have fewer of ccxt's parameters than others of its venue.

    Whatever asks for more raises NotSupported.
    """
    return read_params(exchange, "createOrder", params, allowed)
