"""The option for market orders at venues that have only limit orders.

It is `options['marketAsLimit'] = {'slippage': 0.01}`.
"""

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, InvalidOperation
from typing import Any

from ccxt.base.errors import BadRequest

__all__ = ["is_wanted"]

OPTION = "marketAsLimit"
METHODS = ("createMarketOrder", "createMarketBuyOrder", "createMarketSellOrder")

_WIDE = Context(prec=120)


def is_wanted(exchange: Any) -> bool:
    """Whether the user has set the option, so that market orders are placed as limit orders."""
    return bool(exchange.options.get(OPTION))


def follow(exchange: Any) -> None:
    """Show market orders in `has` and `features`, if the option is set from the start."""
    if not is_wanted(exchange):
        return
    slippage_of(exchange.id, exchange.options[OPTION])
    exchange.has.update(dict.fromkeys(METHODS, "emulated"))
    features = (exchange.features or {}).get("spot")
    if features:
        features["createOrder"][OPTION] = True


def slippage_of(id: str, option: Any) -> Decimal:
    """The slippage that the option allows, as a share of the best price in the book."""
    value = option.get("slippage") if isinstance(option, Mapping) else None
    try:
        slippage = Decimal(str(value))
    except InvalidOperation:
        slippage = Decimal("NaN")
    if isinstance(value, bool) or not slippage.is_finite() or not 0 <= slippage < 1:
        raise BadRequest(f"{id} options['{OPTION}'] needs a slippage from 0 to below 1, not {value!r}")
    return slippage


def worst_price(side: str, best: str, slippage: Decimal, step: str | None) -> str:
    """The limit price of such an order: the best price plus or minus the slippage, in the market's steps."""
    price, share = Decimal(best), 1 + slippage if side == "buy" else 1 - slippage
    limit = _WIDE.multiply(price, share)
    if step is not None:
        rounding = ROUND_FLOOR if side == "buy" else ROUND_CEILING
        steps = _WIDE.divide(limit, Decimal(step)).to_integral_value(rounding)
        limit = _WIDE.multiply(steps, Decimal(step))
    # The market takes any price that is in its book, even if that is no multiple of the step.
    return format(max(limit, price) if side == "buy" else min(limit, price), "f")
