# Generated from cancelling.py by `ccxt-ext twins`. Do not edit.
"""Cancels all open orders at a venue that has no call for that."""

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

__all__ = ["cancel_open_orders"]


def cancel_open_orders(exchange: Exchange, symbol: Any, params: Any, most: int | None = None) -> list[Any]:
    """Cancel all open orders, one after the other. Orders that have ended meanwhile are left out.

    The venue lists at most `most` orders; if it lists that many, there may be more. If an order cannot be
    cancelled, the others still are. In the end, the venue's list of open orders decides what was cancelled,
    not its answers.
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
        # The list may lag behind a little.
        exchange.sleep(pause)
        orders = open_after_cancels(exchange, symbol, params, refusals)
        left = still_open(orders, refusals)
    if left:
        refusal = next(filter(None, left.values()), None)
        raise refusal or ExchangeError(f"{exchange.id} cancelAllOrders() left open: {', '.join(left)}")
    return canceled


def open_after_cancels(exchange: Exchange, symbol: Any, params: Any, asked_for: Iterable[str]) -> Any:
    """The open orders. If they cannot be read, nobody knows which of the orders were cancelled."""
    try:
        return exchange.fetch_open_orders(symbol, None, None, params)
    except BaseError as error:
        raise outcomes.cancel_unknown(exchange, error, order_id=list(asked_for)) from error


def still_open(
    orders: Sequence[Any], refusals: Mapping[str, BaseError | None]
) -> dict[str, BaseError | None]:
    """Those orders that were to be cancelled and are still open, each with the error of its cancel."""
    found = {order["id"]: refusals[order["id"]] for order in orders if order["id"] in refusals}
    # An order that is listed exists, even if the venue answered that it does not.
    return {id: None if isinstance(error, OrderNotFound) else error for id, error in found.items()}
