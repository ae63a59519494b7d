# Generated from cancelling.py by scripts/generate.py. Do not edit.
"""All open orders of a venue that has no call to cancel them."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from ccxt.base.errors import (
    AuthenticationError,
    BadResponse,
    BaseError,
    ExchangeError,
    InvalidProxySettings,
    OrderNotFound,
)
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import listings
from ccxt_ext.venue.orders import outcomes


def cancel_open_orders(exchange: Exchange, symbol: Any, params: Any, most: int | None = None) -> list[Any]:
    """For venues without a call for all: one after the other; what has ended meanwhile is left out.

    Behind as many orders as the venue lists at most (`most`), there may be others. An order that cannot
    be cancelled does not spare those behind it. What counts in the end is what the venue lists as open,
    whatever it said to a cancel.
    """
    canceled: list[Any] = []
    refusals: dict[str, BaseError | None] = {}
    known = partial(listings.symbol_if_known, exchange)
    orders = exchange.fetch_open_orders(symbol, None, None, params)
    while new := [order for order in orders if order["id"] not in refusals]:
        for order in new:
            refusals[order["id"]] = None
            try:
                canceled.append(exchange.cancel_order(order["id"], known(order["symbol"]), params))
            except (AuthenticationError, InvalidProxySettings):
                raise
            except (ExchangeError, BadResponse) as error:
                refusals[order["id"]] = error
        may_be_more = most is not None and len(orders) >= most
        orders = open_after_cancels(exchange, symbol, params, refusals)
        if not may_be_more:
            break
    left = still_open(orders, refusals)
    for pause in exchange.look_again_ms:
        if not left or any(left.values()):
            break
        # The list may be a moment behind.
        exchange.sleep(pause)
        orders = open_after_cancels(exchange, symbol, params, refusals)
        left = still_open(orders, refusals)
    if left:
        refusal = next(filter(None, left.values()), None)
        raise refusal or ExchangeError(f"{exchange.id} cancelAllOrders() left open: {', '.join(left)}")
    return canceled


def open_after_cancels(exchange: Exchange, symbol: Any, params: Any, asked_for: Iterable[str]) -> Any:
    try:
        return exchange.fetch_open_orders(symbol, None, None, params)
    except BaseError as error:
        raise outcomes.cancel_unknown(exchange, error, order_id=list(asked_for)) from error


def still_open(
    orders: Sequence[Any], refusals: Mapping[str, BaseError | None]
) -> dict[str, BaseError | None]:
    """Of the orders that were to be cancelled those that are open, each with why it could not be."""
    found = {order["id"]: refusals[order["id"]] for order in orders if order["id"] in refusals}
    # What is listed is there, whatever the venue says.
    return {id: None if isinstance(error, OrderNotFound) else error for id, error in found.items()}
