"""The account's orders as a venue streams them: which news are new, who is told, and what was missed."""

from collections.abc import Hashable, Iterable
from typing import Any

from ccxt_ext.venue.rest_client import AsyncRestClient
from ccxt_ext.venue.streams import caches
from ccxt_ext.venue.streams.connection import Connection

__all__ = ["is_newer", "missed_orders", "tell_orders"]

# What tells one state of an order from another.
STATE = ("status", "filled", "cost", "amount", "price", "lastUpdateTimestamp")


def is_newer(order: Any, known: Any) -> bool:
    """Whether an order is told as it is later than `known`, which may be None.

    Frames and answers overtake each other. An order that has ended does not open again, it is never filled
    less than before, and its time of the last update does not go back.
    """
    if known is None:
        return True
    if known["status"] not in (None, "open") and order["status"] == "open":
        return False
    for name in ("filled", "lastUpdateTimestamp"):
        now, before = order[name], known[name]
        if now is not None and before is not None and now != before:
            return bool(now > before)
    return any(order[name] != known[name] for name in STATE)


def tell_orders(connection: Connection, key: Hashable, orders: Iterable[Any]) -> None:
    """Put orders that are newer than what is known into ccxt's cache, and tell those who watch them.

    `key` is that of the topic by which the account's orders come: one for all symbols.
    """
    exchange = connection.exchange
    known = {} if exchange.orders is None else exchange.orders.hashmap
    news = [order for order in orders if is_newer(order, known.get(order["symbol"], {}).get(order["id"]))]
    if not news:
        return
    cache = caches.store_orders(exchange, news)
    changed = {order["symbol"] for order in news}
    for subject in connection.address.users_of(key):
        if not subject.symbols or changed.intersection(subject.symbols):
            connection.resolve(cache, subject)


async def missed_orders(exchange: AsyncRestClient) -> list[Any]:
    """The open orders, and what became of those that were open when they were last told.

    This is for `catch_up()`, which runs at the first connection too: watchOrders begins with the open orders.
    Orders that came and went while nobody listened are in no list of open ones. A venue that lists ended ones
    adds those since the last frame.
    """
    found: list[Any] = await exchange.fetch_open_orders()
    listed = {order["id"] for order in found}
    for order in list(exchange.orders or []):
        if order["status"] == "open" and order["id"] not in listed:
            found.append(await exchange.fetch_order(order["id"], order["symbol"]))
    return found
