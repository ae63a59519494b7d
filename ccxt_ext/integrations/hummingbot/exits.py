"""Exits on venues without reduce-only orders: one that would open a position is refused before it is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from ccxt.base.errors import InvalidOrder
from hummingbot.core.data_type.in_flight_order import InFlightOrder

from ccxt_ext.integrations.hummingbot.pairs import number
from ccxt_ext.integrations.hummingbot.quirks import closes

CLOSED_BY = {"sell": "long", "buy": "short"}


async def make_room(connector: Any, api: Any, exit: InFlightOrder) -> None:
    """Raise InvalidOrder if an exit is more than can be closed.

    Exits that are being cancelled give way, as strategies cancel one and place the next at once; and those of
    another process, which no strategy knows, and which would bar all exits while they wait.
    """
    leaving = giving_way(connector, exit)
    try:
        await refuse_to_open(connector, api, exit)
    except InvalidOrder:
        leaving |= giving_way(connector, exit)
        if not leaving:
            raise
        for order in leaving.values():
            await connector.see_cancelled(order)
        await refuse_to_open(connector, api, exit)


def giving_way(connector: Any, exit: InFlightOrder) -> dict[str, InFlightOrder]:
    """Other exits that make room for this one, by hummingbot's ids."""
    return {
        order.client_order_id: order
        for order in exits_like(connector, exit)
        if connector.is_being_cancelled(order) or order.client_order_id in connector.desk.inherited
    }


def exits_like(connector: Any, exit: InFlightOrder) -> list[InFlightOrder]:
    """Other exits of this pair and side that have not ended, as far as hummingbot knows."""
    return [
        order
        for order in connector.tracker.all_updatable_orders.values()
        if order.client_order_id != exit.client_order_id
        and (order.trading_pair, order.trade_type) == (exit.trading_pair, exit.trade_type)
        and closes(order)
    ]


async def refuse_to_open(connector: Any, api: Any, exit: InFlightOrder) -> None:
    """Raise InvalidOrder if an exit is more than can be closed.

    What other exits may still close is not there for this one. Orders that open do not count, as on venues
    that have reduce-only orders.
    """
    pair = exit.trading_pair
    size, symbol = connector.desk.size_of(pair), connector.symbol_of(pair)
    side = exit.trade_type.name.lower()
    # Orders first: what is filled between the two looks counts twice then, and is not overlooked.
    listed = await api.fetch_open_orders(symbol)
    pending = sum((left(each) for each in others(connector, listed, side, exit)), Decimal(0)) * size
    pending += sum((order.amount for order in unlisted(connector, exit)), Decimal(0))
    rows = await api.fetch_positions([symbol])
    held = sum((number(row["contracts"]) or Decimal(0) for row in rows if is_closed(row, side)), Decimal(0))
    held *= size
    if exit.amount <= held - pending:
        return

    def told(amount: Decimal) -> str:
        return f"{amount.normalize():f} {exit.base_asset}"

    raise InvalidOrder(
        f"{side} {told(exit.amount)} would open a position in {pair}: {told(held)} is held "
        f"{CLOSED_BY[side]}, and other exits {side} {told(pending)}. {connector.name} has no reduce-only "
        "orders, so it was not sent"
    )


def is_closed(row: Mapping[str, Any], side: str) -> bool:
    """Whether a position is one that an order of this side reduces."""
    return bool(row["side"] == CLOSED_BY[side] and row["contracts"])


def others(
    connector: Any, listed: list[Mapping[str, Any]], side: str, exit: InFlightOrder
) -> Iterator[Mapping[str, Any]]:
    """Open orders of this side, but for those of this connector that open positions."""
    known = connector.tracker.all_fillable_orders_by_exchange_order_id
    for row in listed:
        order = known.get(str(row["id"]))
        if row["side"] == side and (order is None or closes(order)):
            yield row


def unlisted(connector: Any, exit: InFlightOrder) -> Iterator[InFlightOrder]:
    """Other exits that may be on the venue, and have no id yet."""
    for order in exits_like(connector, exit):
        if order.exchange_order_id is None and order.client_order_id not in connector.being_placed:
            yield order


def left(row: Mapping[str, Any]) -> Decimal:
    """What an order may still trade, as ccxt counts."""
    remaining = row.get("remaining")
    return number(row["amount"] if remaining is None else remaining) or Decimal(0)
