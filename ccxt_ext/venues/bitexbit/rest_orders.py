# twin: rest_orders_sync.py
"""bitexbit's lists of orders, and why one was not cancelled."""

from typing import Any

from ccxt.base.errors import BaseError, OperationRejected, OrderNotFound
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import new_markets, reading, until_filter
from ccxt_ext.venue.calls import symbols
from ccxt_ext.venues.bitexbit import fields, requests, rest_pages
from ccxt_ext.venues.bitexbit.metadata import V1_ORDERS

# status: the filter's value of v1 and of v2
FILTERS = {"open": (1, "active"), "canceled": (2, "canceled"), "closed": (3, "done")}


async def why_not_canceled(exchange: Exchange, refusal: BaseError, id: str) -> BaseError:
    """What a refusal in unknown words means: of an order that has ended or never was, the venue answers
    with an error as well, whose text it does not document. In whatever market the order is: its caller
    may have named another one."""
    try:
        order = await exchange.fetch_order(id)
    except OrderNotFound:
        return OrderNotFound(str(refusal))
    except BaseError:
        return refusal
    if order["status"] in (None, "open"):
        return OperationRejected(f"{refusal} - the order is open")
    return OrderNotFound(f"{refusal} - the order is {order['status']}")


async def fetch_orders_with(
    exchange: Exchange, name: str, statuses: tuple[str, ...], symbol: Any, since: Any, limit: Any, params: Any
) -> Any:
    """The orders that have one of these statuses."""
    await exchange.load_markets()
    market = symbols.optional_market(exchange, symbol)
    api, params = requests.chosen(exchange, name, params)
    paginate, params = exchange.handle_option_and_params(params, name, "paginate", False)
    request: dict[str, Any] = {}
    if len(statuses) == 1:
        request["status"] = FILTERS[statuses[0]][api == "v2"]
    if market is not None:
        request["symbol" if api == "v2" else "pair"] = market["id"]
    if api == "v1":
        if limit is not None and len(statuses) != 2:
            request["limit"] = min(limit, V1_ORDERS)
        # There is no time by which to sort or to filter; ids rise.
        request = exchange.extend(request, exchange.omit(params, "until"))
        rows = reading.rows(exchange, await exchange.v1_private_get_orders_own(request))
        rows = sorted(rows, key=lambda row: fields.id_number(exchange, row))
        since = None
    else:
        # Whoever asks for the open orders wants them all: one that is not shown is not cancelled.
        all_open = statuses == ("open",) and limit is None
        everything = paginate or since is not None or all_open or len(statuses) == 2
        rows = await rest_pages.fetch_v2_pages(
            exchange, exchange.v2_private_get_orders, request, since, limit, everything, params
        )
        rows = until_filter.apply(
            until_filter.handle_until(exchange, params, exchange.parse_order, market)[0], rows
        )
    await new_markets.load_new_markets(exchange, fields.pair_ids(exchange, rows))
    orders = [order for order in exchange.parse_orders(rows, market) if order["status"] in (None, *statuses)]
    return exchange.filter_by_since_limit(orders, since, limit)
