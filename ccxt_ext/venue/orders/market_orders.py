"""Market orders of venues that have limit orders alone: by options['marketAsLimit'] = {'slippage': 0.01}."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, InvalidOperation
from typing import Any

from ccxt.base.errors import BadRequest

OPTION = "marketAsLimit"
METHODS = ("createMarketOrder", "createMarketBuyOrder", "createMarketSellOrder")

_WIDE = Context(prec=120)


def is_wanted(exchange: Any) -> bool:
    return bool(exchange.options.get(OPTION))


def follow(exchange: Any) -> None:
    """Have `has` and `features` tell of market orders, if they are wanted from the start."""
    if not is_wanted(exchange):
        return
    slippage_of(exchange.id, exchange.options[OPTION])
    exchange.has.update(dict.fromkeys(METHODS, "emulated"))
    features = (exchange.features or {}).get("spot")
    if features:
        features["createOrder"][OPTION] = True


def slippage_of(id: str, option: Any) -> Decimal:
    """How much worse than the best price of the book an order may be, as a share of it."""
    told = option.get("slippage") if isinstance(option, Mapping) else None
    try:
        slippage = Decimal(str(told))
    except InvalidOperation:
        slippage = Decimal("NaN")
    if isinstance(told, bool) or not slippage.is_finite() or not 0 <= slippage < 1:
        raise BadRequest(f"{id} options['{OPTION}'] needs a slippage from 0 to below 1, not {told!r}")
    return slippage


def worst_price(side: str, best: str, slippage: Decimal, step: str | None) -> str:
    """The limit of such an order, in the market's steps: no further from the best price than allowed."""
    price, share = Decimal(best), 1 + slippage if side == "buy" else 1 - slippage
    limit = _WIDE.multiply(price, share)
    if step is not None:
        rounding = ROUND_FLOOR if side == "buy" else ROUND_CEILING
        steps = _WIDE.divide(limit, Decimal(step)).to_integral_value(rounding)
        limit = _WIDE.multiply(steps, Decimal(step))
    # A price of the book is one that the market takes, whatever its steps are said to be.
    return format(max(limit, price) if side == "buy" else min(limit, price), "f")
