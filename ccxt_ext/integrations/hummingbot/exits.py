"""Exits on venues without reduce-only orders: none opens a position."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from ccxt.base.errors import InvalidOrder
from hummingbot.core.data_type.common import TradeType
from hummingbot.core.data_type.in_flight_order import InFlightOrder

from ccxt_ext.integrations.hummingbot.again import ask_again
from ccxt_ext.integrations.hummingbot.pairs import number
from ccxt_ext.integrations.hummingbot.quirks import closes

CLOSED_BY = {TradeType.SELL: "long", TradeType.BUY: "short"}


class Room(NamedTuple):
    """What is there of a position, and how much of it other exits may still close."""

    held: Decimal
    others: Decimal

    @property
    def left(self) -> Decimal:
        return self.held - self.others


async def make_room(connector: Any, api: Any, exit: InFlightOrder) -> None:
    """Cut an exit to what can be closed. Raise InvalidOrder if that is too little.

    Exits that are being cancelled give way, as strategies cancel one and place the next at once; and those of
    another process, which no strategy knows, and which would bar all exits while they wait.
    """
    leaving = giving_way(connector, exit)
    room = await ask_again(connector, partial(room_of, connector, api, exit))
    if exit.amount > room.left:
        leaving |= giving_way(connector, exit)
        if leaving:
            await asyncio.gather(*map(connector.see_cancelled, leaving.values()))
            room = await ask_again(connector, partial(room_of, connector, api, exit))
    if exit.amount > room.left:
        cut(connector, exit, room)


def cut(connector: Any, exit: InFlightOrder, room: Room) -> None:
    """Let an exit close what is left to close, as venues do that have reduce-only orders."""
    pair, side = exit.trading_pair, exit.trade_type
    told = (
        f"{side.name.lower()} {plain(exit.amount)} {exit.base_asset} would open a position in {pair}: "
        f"{plain(room.held)} is held {CLOSED_BY[side]}, and other exits close {plain(room.others)}. "
        f"{connector.name} has no reduce-only orders, so"
    )
    amount = connector.quantize_order_amount(pair, max(room.left, Decimal(0)))
    if amount <= 0 or amount < connector.trading_rules[pair].min_order_size:
        raise InvalidOrder(f"{told} it was not sent")
    connector.logger().info(f"{told} the order {exit.client_order_id} is of {plain(amount)}")
    exit.amount = amount


def plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"


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


async def room_of(connector: Any, api: Any, exit: InFlightOrder) -> Room:
    """What an exit may close.

    What other exits may still close is not there for this one. Orders that open do not count, as on venues
    that have reduce-only orders.
    """
    pair, side = exit.trading_pair, exit.trade_type
    size, symbol = connector.desk.size_of(pair), connector.symbol_of(pair)
    # Orders first: what is filled between the two looks counts twice then, and is not overlooked.
    listed = await api.fetch_open_orders(symbol)
    pending = sum((left(each) for each in others(connector, listed, side, exit)), Decimal(0)) * size
    pending += sum((order.amount for order in unlisted(connector, exit)), Decimal(0))
    rows = await api.fetch_positions([symbol])
    held = sum((number(row["contracts"]) or Decimal(0) for row in rows if is_closed(row, side)), Decimal(0))
    return Room(held * size, pending)


def is_closed(row: Mapping[str, Any], side: TradeType) -> bool:
    """Whether a position is one that an order of this side reduces."""
    return bool(row["side"] == CLOSED_BY[side] and row["contracts"])


def others(
    connector: Any, listed: list[Mapping[str, Any]], side: TradeType, exit: InFlightOrder
) -> Iterator[Mapping[str, Any]]:
    """Open orders of this side, but for those of this connector that open positions."""
    known = connector.tracker.all_fillable_orders_by_exchange_order_id
    for row in listed:
        order = known.get(str(row["id"]))
        if row["side"] == side.name.lower() and (order is None or closes(order)):
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
