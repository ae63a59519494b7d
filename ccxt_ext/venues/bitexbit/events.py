"""The events of bitexbit's stream, and its ungrouped book, as what `flow.py` keeps a book of."""

from decimal import Decimal
from typing import Any

from ccxt.base.errors import BadResponse, ExchangeError
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading
from ccxt_ext.venues.bitexbit import fields
from ccxt_ext.venues.bitexbit.fields import OPPOSITE
from ccxt_ext.venues.bitexbit.flow import Event, Order


def trade_rows(exchange: Exchange, message: dict[str, Any]) -> list[dict[str, Any]]:
    return reading.rows(exchange, message, "trades") if message.get("trades") else []


def parse_event(exchange: Exchange, message: dict[str, Any], cancel_field: str) -> Event:
    """`cancel_field` has the id of an order that was cancelled."""
    if message.get("success") is False:
        raise ExchangeError(f"{exchange.id} {reading.excerpt(exchange, message)}")
    timestamp = fields.time_of(exchange, message, "date")
    if message.get("cancelled") or "cancel_order_id" in message:
        id = reading.required_text(exchange, message, cancel_field)
        return Event(id, None, (), True, timestamp)
    fills = tuple(
        (reading.required_text(exchange, row, "o_id"), decimal(exchange, row, "amount"))
        for row in trade_rows(exchange, message)
    )
    id = reading.required_text(exchange, message, "oid")
    order = standing_order(exchange, message, message.get("type"))
    return Event(id, order, fills, False, timestamp)


def standing_orders(exchange: Exchange, answer: Any) -> dict[str, Order]:
    """The orders of v1's ungrouped book, by their ids."""
    book = reading.record(exchange, answer)
    found = {}
    for side in OPPOSITE:
        for row in reading.rows(exchange, book, side):
            order = standing_order(exchange, row, side)
            if order is not None:
                found[reading.required_text(exchange, row, "id")] = order
    return found


def standing_order(exchange: Exchange, row: dict[str, Any], side: Any) -> Order | None:
    """None if nothing of it is left."""
    if side not in OPPOSITE:
        raise BadResponse(f"{exchange.id} expected a side in {reading.excerpt(exchange, row)}")
    order = Order(side, decimal(exchange, row, "price"), decimal(exchange, row, "amount", zero=True))
    return order if order.amount else None


def decimal(exchange: Exchange, row: dict[str, Any], key: str, zero: bool = False) -> Decimal:
    number = Decimal(reading.number_text(exchange, row, key) or "-1")
    if number > 0 or (zero and number == 0):
        return number
    raise BadResponse(f"{exchange.id} expected {key} above 0 in {reading.excerpt(exchange, row)}")


def parse_trade(exchange: Exchange, row: dict[str, Any], message: dict[str, Any], symbol: str) -> Any:
    """The message is about the taker. The row names the order that it met."""
    timestamp = fields.time_of(exchange, message, "date")
    return exchange.safe_trade(
        {
            "id": reading.required_text(exchange, row, "tid"),
            "order": None,
            "symbol": symbol,
            "timestamp": timestamp,
            "datetime": exchange.iso8601(timestamp),
            "type": None,
            "side": reading.side(exchange, message, "type"),
            "takerOrMaker": None,
            "price": reading.number_text(exchange, row, "price"),
            "amount": reading.number_text(exchange, row, "amount"),
            "cost": None,
            "fee": None,
            "info": row,
        },
        exchange.market(symbol),
    )
