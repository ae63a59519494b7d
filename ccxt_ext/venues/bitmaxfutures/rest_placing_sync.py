# Generated from rest_placing.py by `ccxt-ext twins`. Do not edit.
"""What is asked before orders are placed, and after."""

from collections.abc import Mapping, Sequence
from typing import Any

from ccxt.base.errors import BaseError
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading
from ccxt_ext.venues.bitmaxfutures import (
    order_answers,
    order_requests,
    pricing,
    rest_order_rows_sync,
    rest_prices_sync,
    triggers,
)


def request_for_order(
    exchange: Exchange, symbol: str, type: Any, side: Any, amount: Any, price: Any, params: Any
) -> dict[str, Any]:
    may_trigger, params = exchange.handle_option_and_params(params, "createOrder", "immediateTrigger")
    request = order_requests.order_request(exchange, symbol, type, side, amount, price, params)
    check_triggers(exchange, [] if may_trigger else [request])
    return request


def check_triggers(exchange: Exchange, requests: Sequence[Mapping[str, Any]]) -> None:
    """Refuse what would be triggered at once, by the prices of now."""
    prices: dict[tuple[str, str], str | None] = {}
    for request in requests:
        if "stopPrice" not in request:
            continue
        asked = triggers.price_that_triggers(request), str(request["symbol"])
        if asked not in prices:
            prices[asked] = price_now(exchange, *asked)
        triggers.check_trigger(exchange, request, prices[asked])


def price_now(exchange: Exchange, source: str, id: str) -> str | None:
    """A price of a contract, if it has one."""
    if source == "close":
        data = rest_prices_sync.ticker_data(exchange, {"symbol": id})
        rows = data if isinstance(data, list) else [data]
    else:
        rows = pricing.price_rows(exchange, exchange.v2_public_get_futures_pricing_data())
    row = next((row for row in reading.rows(exchange, rows) if row.get("symbol") == id), {})
    return pricing.known_price(exchange, row, source)


def looked_up(exchange: Exchange, orders: list[Any], wanted: Any) -> list[Any]:
    """With what became of orders of which the answer did not tell; as they are, if that is not known."""
    ids = order_answers.to_look_up(orders, wanted)
    if not ids:
        return orders
    try:
        found = {
            order["id"]: order
            for order in exchange.parse_orders(rest_order_rows_sync.status_rows(exchange, ids, {}))
        }
    except BaseError as error:  # they are placed, whatever comes of this
        if exchange.verbose:
            exchange.log(f"what became of {', '.join(ids)} is not known: {error}")
        return orders
    return [order_answers.with_looked_up(exchange, order, found.get(order["id"])) for order in orders]
