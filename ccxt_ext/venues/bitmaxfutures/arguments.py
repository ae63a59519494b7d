"""What several calls ask of their arguments. No I/O."""

from decimal import Decimal, InvalidOperation
from typing import Any

from ccxt.base.errors import ArgumentsRequired, BadRequest
from ccxt.base.exchange import Exchange


def money_text(exchange: Exchange, amount: Any, method: str) -> str:
    """A positive amount of money as plain decimal text."""
    try:
        number = Decimal(str(amount))
    except InvalidOperation:
        number = Decimal("nan")
    if isinstance(amount, bool) or not number.is_finite() or number <= 0:
        raise BadRequest(f"{exchange.id} {method}() needs a positive amount, not {amount!r}")
    return format(number, "f")


def required_symbol(exchange: Exchange, symbol: str | None, method: str) -> str:
    if symbol is None:
        raise ArgumentsRequired(f"{exchange.id} {method}() requires a symbol")
    return symbol
