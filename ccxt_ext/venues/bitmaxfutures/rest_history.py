# twin: rest_history_sync.py
"""Orders that have ended, page by page."""

from collections.abc import Callable, Mapping
from typing import Any

from ccxt.base.errors import BadResponse, NotSupported
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading, until_filter
from ccxt_ext.venue.answers.paging import PartOfList
from ccxt_ext.venues.bitmaxfutures import answers, order_rows, rest_new_markets

LONGEST_HISTORY_PAGE = 1000


async def fetch_ended_orders(
    exchange: Exchange, statuses: tuple[str, ...], symbol: Any, since: Any, limit: Any, params: Any
) -> Any:
    await exchange.load_markets()
    market = None if symbol is None else exchange.market(symbol)
    in_time, _ = until_filter.handle_until(exchange, params, exchange.parse_order, market)

    def wanted(row: dict[str, Any]) -> bool:
        return order_rows.status_of(exchange, row) in statuses and (in_time is None or in_time(row))

    ended = await ended_rows(exchange, market, since, limit, params, wanted)
    return exchange.parse_orders(list(filter(wanted, ended.rows)), market, since, limit)


async def latest_rows(exchange: Exchange) -> list[dict[str, Any]]:
    """The latest orders that have ended."""
    return (await ended_rows(exchange, None, None, None, {})).rows


async def ended_rows(
    exchange: Exchange,
    market: Any,
    since: Any,
    limit: Any,
    params: Any,
    wanted: Callable[[dict[str, Any]], bool] | None = None,
    executed: bool = False,
) -> PartOfList[dict[str, Any]]:
    """The orders that have ended, as far as the venue remembers them; of a long history as many as it
    takes to have `limit` that are wanted, from `since` on or the newest."""
    request = {} if market is None else {"symbol": market["id"]}
    paginate, params = exchange.handle_option_and_params(params, "fetchClosedOrders", "paginate", False)
    if exchange.options["orderHistory"] == "hist":
        request.update({"account": "futures", "limit": LONGEST_HISTORY_PAGE})
        until, params = exchange.safe_integer(params, "until"), exchange.omit(params, "until")
        request = exchange.extend(request, params)
        count = 0

        def is_enough(rows: list[dict[str, Any]]) -> bool:
            nonlocal count
            count += len(until_filter.apply(wanted, rows))
            return not paginate and limit is not None and count >= limit

        if since is None:
            everything = paginate or limit is not None
            found = await newest_history(exchange, request, until, is_enough if everything else None)
        else:
            found = PartOfList(await history_from(exchange, request, since, until, is_enough))
    else:
        if paginate:
            raise NotSupported(
                f"{exchange.id} has no pages of orders, but with options['orderHistory'] = 'hist'"
            )
        request["n"] = exchange.options["orderHistoryCount"]
        if executed:
            request["executedOnly"] = True
        request = exchange.extend(request, exchange.omit(params, "until"))
        rows = await history_page(exchange, exchange.v2_group_get_futures_order_hist_current, request)
        found = PartOfList(rows, len(rows) < request["n"])
    await rest_new_markets.listed_rows(exchange, found.rows)
    return found


async def history_page(exchange: Exchange, endpoint: Any, request: Any) -> list[dict[str, Any]]:
    return answers.rows_of(exchange, await endpoint(request))


async def history_from(
    exchange: Exchange, request: Any, since: int, until: int | None, is_enough: Callable[[list[Any]], bool]
) -> list[dict[str, Any]]:
    """The oldest first from a moment on, which the venue numbers."""
    if until is not None:
        request = {**request, "endTime": until}
    rows: list[dict[str, Any]] = []
    begin, number = {"startTime": since}, -1
    while True:
        page = await history_page(exchange, exchange.v2_group_get_order_hist, {**request, **begin})
        numbers = [int(reading.required_text(exchange, row, "seqNum")) for row in page]
        if numbers and max(numbers) <= number:
            raise BadResponse(f"{exchange.id} does not read its history on from seqNum {number + 1}")
        rows += page
        if len(page) < request["limit"] or is_enough(page):
            return rows
        number = max(numbers)
        begin = {"seqNum": number + 1}


async def newest_history(
    exchange: Exchange, request: Any, until: int | None, is_enough: Callable[[list[Any]], bool] | None
) -> PartOfList[dict[str, Any]]:
    """The newest, to which no number leads back: the page before ends where this one begins. One page,
    unless it is told what is enough."""
    found: dict[str, dict[str, Any]] = {}
    while True:
        ending = request if until is None else {**request, "endTime": until}
        page = await history_page(exchange, exchange.v2_group_get_order_hist, ending)
        new = {
            id: row for row in page if (id := reading.required_text(exchange, row, "orderId")) not in found
        }
        found.update(new)
        is_whole = len(page) < request["limit"]
        if is_whole or is_enough is None or is_enough(list(new.values())):
            return PartOfList(list(found.values()), is_whole)
        oldest = min(begun(exchange, row) for row in page)
        if until is not None and oldest >= until:
            if oldest > until:
                raise BadResponse(
                    f"{exchange.id} lists orders of {oldest} when asked for those until {until}"
                )
            # More in one moment than a page has.
            for row in await history_from(exchange, request, until, until, lambda rows: False):
                found[reading.required_text(exchange, row, "orderId")] = row
            oldest -= 1
        until = oldest


def begun(exchange: Exchange, row: Mapping[str, Any]) -> int:
    """When an order was placed."""
    return reading.timestamp(exchange, row, "time", "createTime", "sendingTime")
