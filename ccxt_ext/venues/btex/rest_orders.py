# twin: rest_orders_sync.py
"""Orders of BTEX, and their fills, as its two APIs tell of them."""

from collections.abc import Sequence
from typing import Any

from ccxt.base.errors import BaseError, ExchangeError, OrderNotFound
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import new_markets, until_filter
from ccxt_ext.venue.orders import costs
from ccxt_ext.venues.btex import answers, contracts, fate, kinds, pairs, rest_pages

# This clock, by which an order was placed, may be ahead of the venue's, by which its fills are dated.
CLOCKS_DIFFER_MS = 3_600_000


async def looked_up(exchange: Exchange, order: Any, type: str, params: Any) -> Any:
    """A placed order with what a look-up tells of it, for the types for which that is asked for."""
    if type not in exchange.options["lookUpPlaced"]:
        return order
    try:
        found = await exchange.fetch_order(order["id"], order["symbol"], params)
    except BaseError as error:
        # It is placed: its caller has to get the id, whatever the look-up comes to.
        if exchange.verbose:
            exchange.log(f"the order {order['id']} is placed, but could not be looked up: {error}")
        return order
    return {**found, "info": order["info"]}


async def contract_order(exchange: Exchange, id: str, market: Any, params: Any) -> Any:
    answer = await exchange.contract_private_post_get_order_batch(exchange.extend({"order_id": id}, params))
    rows = answers.rows(exchange, answer)
    row = next((row for row in rows if exchange.safe_string(row, "order_id") == id), None)
    if row is None:
        raise OrderNotFound(f"{exchange.id} has no order {id}")
    await new_markets.load_new_markets(exchange, contracts.ids_of(exchange, [row]))
    return exchange.parse_order(row, market)


async def contract_fills(exchange: Exchange, id: str, market: Any, params: Any = {}) -> Any:
    in_time, params = until_filter.handle_until(exchange, params, exchange.parse_trade, market)
    answer = await exchange.contract_private_post_order_match_results(
        exchange.extend({"order_id": id}, params)
    )
    rows = answers.rows(exchange, answer)
    await new_markets.load_new_markets(exchange, contracts.ids_of(exchange, rows))
    return exchange.parse_trades(until_filter.apply(in_time, rows), market)


async def spot_order(exchange: Exchange, id: str, market: Any, params: Any) -> Any:
    """The venue looks up no order: it lists those that are open, and fills tell what became of others."""
    symbol = exchange.safe_string(market, "symbol")
    listed = await open_in_spot(exchange, market, params)
    order = fate.find_order(listed, id)
    if order is not None and not order["filled"]:
        return order
    fills = await spot_fills(exchange, id, symbol)
    if order is not None:
        return costs.with_cost_of_trades(exchange, order, fills)
    known = exchange.memory.orders.get(id)
    if known is None and not fills:
        if fate.may_be_cut(exchange, listed):
            raise ExchangeError(f"{exchange.id} lists no more than {len(listed)} open orders, and {id} not")
        raise OrderNotFound(f"{exchange.id} has no open order {id}, and no fills of it")
    if known is None:
        status = None if fate.may_be_cut(exchange, listed) else exchange.options["spotEndedStatus"]
        return fate.with_fills(exchange, fate.order_of_fills(fills), status, fills)
    if fate.is_filled(exchange, known, fills):
        return fate.with_fills(exchange, known, "closed", fills)
    if id in exchange.memory.canceled:
        return fate.with_fills(exchange, known, "canceled", fills)
    age = exchange.nonce() - exchange.memory.placed.get(id, 0)
    if age < exchange.options["spotSettling"] or fate.may_be_cut(exchange, listed):
        return fate.with_fills(exchange, known, None, fills)  # it may not be listed yet, or not at all
    again = fate.find_order(await open_in_spot(exchange, market, params), id)
    return again or fate.with_fills(exchange, known, "canceled", fills)


async def spot_fills(exchange: Exchange, id: str, symbol: Any, params: Any = {}) -> list[Any]:
    """An order's among all fills: since it was placed, if that is known, or else among the latest."""
    begun = exchange.memory.begun(id)
    since = None if begun is None else max(begun - CLOCKS_DIFFER_MS, 0)
    most = None if since is not None else exchange.options["spotFillsSearched"]
    found = await exchange.fetch_my_trades(symbol, since, most, exchange.extend({"type": "spot"}, params))
    return [trade for trade in found if trade["order"] == id]


async def contracts_with_orders(exchange: Exchange) -> list[Any]:
    """The contracts in which there may be open orders, those that were listed a moment ago among them."""
    rows = answers.rows(exchange, await exchange.contract_public_get_contracts())
    await new_markets.load_new_markets(exchange, contracts.ids_of(exchange, rows), all_needed=True)
    return contracts.open_contracts(exchange)


async def open_in_contract(exchange: Exchange, market: Any, params: Any) -> Sequence[Any]:
    request = {"contract_id": market["id"]}
    answer = await exchange.contract_private_post_active_orders(exchange.extend(request, params))
    # Newest first; their order alone tells apart those of one second.
    rows = answers.rows(exchange, answer, "order_lists")[::-1]
    found: Sequence[Any] = exchange.parse_orders(rows, market)
    return found


async def open_in_spot(exchange: Exchange, market: Any, params: Any) -> list[Any]:
    """Those of a market, or of all: of each by itself, if the list of all may be cut."""
    rows = await open_spot_rows(exchange, "" if market is None else market["id"], params)
    if market is None and fate.may_be_cut(exchange, rows):
        rows = [
            row
            for each in exchange.markets.values()
            if each["spot"]
            for row in await open_spot_rows(exchange, each["id"], params)
        ]
    await new_markets.load_new_markets(exchange, pairs.ids_of(exchange, rows))
    orders: list[Any] = exchange.parse_orders(rows, market)
    for order in orders:
        exchange.memory.see(order)
    return orders


async def open_spot_rows(exchange: Exchange, pair: str, params: Any) -> list[Any]:
    """An empty pair stands for all of them."""
    request = {"pair": pair, "amount": exchange.options["spotOpenOrders"]}
    answer = await exchange.spot_private_post_myorders(exchange.extend(request, params))
    return answers.rows(exchange, answer)[::-1]


async def with_status(
    exchange: Exchange, name: str, wanted: Any, symbol: Any, since: Any, limit: Any, params: Any
) -> Any:
    """The orders whose status is wanted, which the venue cannot filter by."""
    await exchange.load_markets()
    market = kinds.required_contract(exchange, name, symbol)
    listed = rest_pages.PagedList(
        name,
        exchange.contract_private_post_myorders,
        exchange.parse_order,
        keys=("orders_his",),
        ids=("order_id",),
    )
    rows = await rest_pages.fetch_rows(exchange, listed, market, since, limit, params, wanted)
    return exchange.parse_orders(rows, market, since, limit)
