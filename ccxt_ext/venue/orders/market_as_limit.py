# twin: market_as_limit_sync.py
"""Places market orders at venues that have only limit orders."""

from typing import Any

from ccxt.base.errors import BaseError, ExchangeError, OrderNotFillable, OrderNotFound
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.orders import market_orders
from ccxt_ext.venue.orders.outcomes import with_unknown_outcome

__all__ = ["create_market_as_limit"]


async def create_market_as_limit(exchange: Exchange, symbol: str, side: Any, amount: Any, params: Any) -> Any:
    """Place a limit order at the best price of the book plus the slippage that the caller allows.

    It is filled at once, like a market order. If a part of it is not, that part is cancelled.
    """
    slippage = market_orders.slippage_of(exchange.id, exchange.options[market_orders.OPTION])
    book = await exchange.fetch_order_book(symbol)
    levels = book["asks" if side == "buy" else "bids"]
    if not levels:
        raise OrderNotFillable(f"{exchange.id} nobody offers {symbol} for a market {side}")
    step = exchange.safe_string(exchange.market(symbol)["precision"], "price")
    best = exchange.number_to_string(levels[0][0])
    price = market_orders.worst_price(side, best, slippage, step)
    order = await exchange.create_order(symbol, "limit", side, amount, price, params)
    try:
        order = await without_rest(exchange, order)
    except BaseError as error:
        text = f"{error} - order {order['id']} was placed, and what is not filled of it may be open"
        raise with_unknown_outcome(error, text, [], [order["id"]]) from error
    return {**order, "type": "market", "timeInForce": "IOC", "price": order["average"]}


async def without_rest(exchange: Exchange, order: Any) -> Any:
    """The order, after cancelling what is still open of it."""
    if order["status"] not in (None, "open"):
        return order
    try:
        canceled = await exchange.cancel_order(order["id"], order["symbol"])
    except OrderNotFound as error:  # it was filled completely in the meantime
        found = await exchange.fetch_order(order["id"], order["symbol"])
        if found["status"] == "open":
            raise ExchangeError(f"{error} - but it is listed as open") from error
        return found
    if canceled["filled"] is not None:
        return canceled
    return await exchange.fetch_order(order["id"], order["symbol"])
