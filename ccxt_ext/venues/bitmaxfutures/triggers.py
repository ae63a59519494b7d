"""Orders that wait for a price. No I/O."""

from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import InvalidOrder
from ccxt.base.exchange import Exchange
from ccxt.base.precise import Precise


def price_that_triggers(request: Mapping[str, Any]) -> str:
    """By which price an order is triggered."""
    execution = request.get("execInst", "")
    if execution.endswith("Mark"):
        return "markPrice"
    return "indexPrice" if execution.endswith("Ref") else "close"


def check_trigger(exchange: Exchange, request: Mapping[str, Any], price: str | None) -> None:
    """Refuse an order that waits for a price which is there already: it would trade now."""
    trigger, buys = request["stopPrice"], request["side"].lower() == "buy"
    if price is None:
        return
    there = Precise.string_ge(price, trigger) if buys else Precise.string_le(price, trigger)
    if there:
        raise InvalidOrder(
            f"{exchange.id} a {request['side']} order with the trigger price {trigger} would be triggered at"
            f" once, as the price is {price} (options['createOrder']['immediateTrigger'] allows it)"
        )
