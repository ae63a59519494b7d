"""Derives the opening price of a ticker that has none, so that it is a price the market can have had."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal

from ccxt.base.precise import Precise

_WIDE = Context(prec=120, rounding=ROUND_HALF_UP)


def opening_price(last: str, change: str | None, percentage: str | None) -> str | None:
    """The opening price that follows from the last price and the change, as ccxt calculates it."""
    if change is not None:
        found = Precise.string_sub(last, change)
    elif percentage is not None:
        share = Precise.string_add("1", Precise.string_div(percentage, "100"))
        found = Precise.string_div(last, share)
    else:
        return None
    return found if found is not None and Precise.string_gt(found, "0") else None


def nearest_price(derived: str, step: str | None, low: str | None, high: str | None) -> str:
    """The possible price that is nearest to a derived one: a multiple of the step, from low to high."""
    price = Decimal(derived)
    if step is not None:
        price = _WIDE.multiply(
            _WIDE.divide(price, Decimal(step)).to_integral_value(context=_WIDE), Decimal(step)
        )
    if low is not None:
        price = max(price, Decimal(low))
    if high is not None:
        price = min(price, Decimal(high))
    return format(price, "f")


def nearest_prices(
    derived: Sequence[int], step: int | None, low: Sequence[int] | None, high: Sequence[int] | None
) -> list[int]:
    """The same for many prices, as integers."""
    found = list(derived)
    if step is not None:
        found = [(2 * price + step) // (2 * step) * step for price in found]
    if low is not None:
        found = [max(price, least) for price, least in zip(found, low, strict=True)]
    if high is not None:
        found = [min(price, most) for price, most in zip(found, high, strict=True)]
    return found
