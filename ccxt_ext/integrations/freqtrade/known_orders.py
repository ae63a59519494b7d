"""Spot orders of BTEX, which looks none up: what freqtrade's database knows of them, and what fills tell."""

from __future__ import annotations

from typing import Any

from freqtrade.persistence import Order


def remind(memory: Any, order_id: str) -> None:
    """Tell the exchange what an order is, if another process of the bot has placed it.

    With its amount it is known whether the order was filled, and since when its fills are to be looked for.
    """
    if order_id in memory.orders:
        return
    order = Order.order_by_id(order_id)
    if order is None:
        return
    told = order.to_ccxt_object()
    told |= {
        "amount": order.amount or order.ft_amount,
        "price": order.price or order.ft_price,
        "side": order.side or order.ft_order_side,
        "timeInForce": "GTC",
    }
    memory.place(told, told["timestamp"])


def listed(api: Any, pair: str, since_ms: int) -> list[Any]:
    """The orders of a market that are open, and those that were filled since then."""
    fills = api.fetch_my_trades(pair, since_ms)
    orders = {order["id"]: order for order in api.fetch_open_orders(pair)}
    for id in dict.fromkeys(fill["order"] for fill in fills):
        if id not in orders:
            remind(api.memory, id)
            order = api.fetch_order(id, pair)
            # It is not open any more. Of one that was placed elsewhere, all that is known is what was filled.
            orders[id] = {**order, "status": order["status"] or "closed"}
    return list(orders.values())
