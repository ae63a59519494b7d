# twin: rest_orders_sync.py
"""BitMart's lists of orders, and cancelling all of them."""

from typing import Any

from ccxt.base.errors import (
    AuthenticationError,
    BadResponse,
    BaseError,
    ExchangeError,
    InvalidProxySettings,
    OperationFailed,
)
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import new_markets, reading, until_filter
from ccxt_ext.venue.answers.paging import without_gap
from ccxt_ext.venue.calls import symbols
from ccxt_ext.venue.orders import outcomes
from ccxt_ext.venues.bitmart2 import orders, rest_pages


async def looked_up(exchange: Exchange, order: Any) -> Any:
    """A new order, with what became of it at once: the answer has nothing but its id."""
    if not exchange.options["createOrder"]["lookUp"]:
        return order
    try:
        return await exchange.fetch_order(order["id"], order["symbol"])
    except BaseError as error:
        # It is placed all the same, and its id must reach the caller.
        if exchange.verbose:
            exchange.log(f"{order['id']} was placed, and cannot be looked up: {error}")
        return order


async def cancel_everywhere(exchange: Exchange, params: Any) -> list[Any]:
    """The venue cancels in one market at a time, so in all in which there is an order."""
    canceled: list[Any] = []
    markets, refusal = await markets_with_orders(exchange)
    for market in markets:
        try:
            if await exchange.fetch_open_orders(market["symbol"], None, 1):
                canceled += await exchange.cancel_all_orders(market["symbol"], params)
        except (AuthenticationError, InvalidProxySettings):
            raise
        except (ExchangeError, BadResponse) as error:  # nor does that of one market
            refusal = refusal or error
        except BaseError as error:
            if not canceled:
                raise
            raise outcomes.cancel_unknown(exchange, error) from error
    if refusal is not None:
        raise refusal
    return canceled


async def markets_with_orders(exchange: Exchange) -> tuple[list[Any], BaseError | None]:
    """Those with currencies that are held, as open orders hold them; or those that the caller names. And
    what went wrong, if there may be others, that were listed since the markets were loaded."""
    named = exchange.options["marketsOfOrders"]
    if named is not None:
        return [exchange.market(symbol) for symbol in named], None
    held = orders.held_currencies(exchange, await exchange.private_get_wallet())
    doubt = None
    if held:
        try:
            ids = orders.listed_ids(exchange, await exchange.public_get_symbols())
            await new_markets.load_new_markets(exchange, ids, all_needed=True)
        except (ExchangeError, OperationFailed) as error:
            doubt = error
    return [
        market
        for market in exchange.markets.values()
        if market["active"] is not False and not held.isdisjoint((market["baseId"], market["quoteId"]))
    ], doubt


async def fetch_orders_with(
    exchange: Exchange, name: str, statuses: list[str], symbol: Any, since: Any, limit: Any, params: Any
) -> Any:
    await exchange.load_markets()
    if symbol is None and statuses == ["open"]:
        markets, doubt = await markets_with_orders(exchange)
        if doubt is not None:
            raise doubt
        found = [
            order
            for market in markets
            for order in await exchange.fetch_open_orders(market["symbol"], since, None, params)
        ]
        return exchange.filter_by_since_limit(exchange.sort_by(found, "timestamp"), since, limit)
    market = symbols.required_market(exchange, symbol, name)
    paginate, params = exchange.handle_option_and_params(params, name, "paginate", False)
    in_time, params = until_filter.handle_until(exchange, params, exchange.parse_order, market)
    # Whoever asks for the open orders wants them all: one that is not shown is not cancelled.
    everything = paginate or (statuses == ["open"] and limit is None)
    parts = [
        await rest_pages.fetch_pages(
            exchange,
            exchange.private_get_orders,
            exchange.extend({"symbol": market["id"], "status": code}, params),
            "orders",
            ("entrust_id",),
            in_time,
            since,
            limit,
            everything,
        )
        for status in statuses
        for code in exchange.options["orderStatusFilters"][status]
    ]
    rows = without_gap(parts, lambda row: reading.timestamp(exchange, row, "timestamp"))
    # An order that changes its status meanwhile is listed twice; the later answer is right.
    rows = list({reading.required_text(exchange, row, "entrust_id"): row for row in rows}.values())
    found = exchange.parse_orders(rows, market, since, limit)
    for order in found:
        orders.remember(exchange, order)
    return found
