# Generated from rest_fills.py by `ccxt-ext twins`. Do not edit.
"""Of which orders one's own trades are, where v1 tells it and v2 does not."""

from collections.abc import Sequence
from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading
from ccxt_ext.venues.bitexbit import fields, fills, rest_pages_sync


def with_orders(exchange: Exchange, trades: Sequence[Any], market: Any) -> Sequence[Any]:
    """v2's trades, each with its order as v1 tells it: v2 does not, and v1 tells no fee."""
    ids = {(trade["id"], trade["side"]): fields.id_number(exchange, trade["info"]) for trade in trades}
    known = exchange.fills.orders_of(ids)
    left = ids.keys() - known
    request: dict[str, Any] = {} if market is None else {"pair": market["id"]}
    sure = rest_pages_sync.SURE_PAGE
    request["limit"] = rest_pages_sync.V1_PAGE if len(left) > sure else sure
    oldest = min((ids[key] for key in left), default=0)
    while left:
        page = reading.rows(exchange, exchange.v1_private_get_exchanges_own(request))
        for row in page:
            for key in fills.fills_of_row(exchange, row, left):
                left.discard(key)
                order = exchange.safe_string(row, "o_id")
                if order is not None:
                    known[key] = order
                    exchange.fills.remember(key, order)
        if len(page) < sure or min(fields.id_number(exchange, row) for row in page) < oldest:
            break
        request["offset"] = request.get("offset", 0) + len(page)
    for trade in trades:
        trade["order"] = known.get((trade["id"], trade["side"]))
    return trades
