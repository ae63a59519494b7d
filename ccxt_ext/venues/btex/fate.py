"""What became of an order, by the list of those that are open and by its fills.

The spot API looks up no order by its id.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ccxt.base.exchange import Exchange
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import listings
from ccxt_ext.venue.orders import costs
from ccxt_ext.venues.btex.memory import KEPT


def find_order(orders: Sequence[Any], id: str) -> Any:
    return next((order for order in orders if order["id"] == id), None)


def may_be_cut(exchange: Exchange, listed: Sequence[Any]) -> bool:
    """Whether a list of open orders is as long as it can be, so that some may be missing."""
    return len(listed) >= exchange.options["spotOpenOrders"]


def is_filled(exchange: Exchange, order: Any, fills: Sequence[Any]) -> bool:
    amount = exchange.number_to_string(order["amount"])
    return bool(Precise.string_ge(costs.sum_of(exchange, fills, "amount"), amount))


def has_more(exchange: Exchange, fills: Sequence[Any], order: Any) -> bool:
    """Whether an order was filled further after the venue told of it."""
    filled = exchange.number_to_string(order["filled"])
    return bool(Precise.string_gt(costs.sum_of(exchange, fills, "amount"), filled))


def order_of_fills(fills: Sequence[Any]) -> dict[str, Any]:
    """What fills tell of an order that is not known otherwise: neither its amount nor its limit."""
    first = fills[0]
    told = {name: first[name] for name in ("symbol", "side", "info")}
    return {**dict.fromkeys(KEPT), **told, "id": first["order"], "type": "limit"}


def with_fills(exchange: Exchange, order: Mapping[str, Any], status: str | None, fills: Sequence[Any]) -> Any:
    """A spot order that is not listed any more; without a status if nobody knows what became of it."""
    filled = costs.sum_of(exchange, fills, "amount")
    told = exchange.safe_order(
        {
            **{name: order[name] for name in KEPT},
            "status": status,
            "filled": filled,
            "cost": costs.sum_of(exchange, fills, "cost") if fills else None,
            "average": costs.single_price(exchange, fills),
            "lastTradeTimestamp": fills[-1]["timestamp"] if fills else None,
            "trades": list(fills),
        },
        listings.market_of_symbol(exchange, order["symbol"]),
    )
    # ccxt takes what was filled of a closed order for its amount.
    return told if order["amount"] is not None else {**told, "amount": None, "remaining": None}
