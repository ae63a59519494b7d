# Generated from rest_pages.py by scripts/generate.py. Do not edit.
"""Lists that BTEX gives in pages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading, until_filter
from ccxt_ext.venue.answers.paging import PageTurner
from ccxt_ext.venues.btex import answers
from ccxt_ext.venues.btex.answers import SECONDS

# Rows of a page by default. No most is told, so that a longer page may be a full one.
SURE_PAGE = 20

# The rows are listed by these, the newest first.
MOMENTS = ("end_time", "time", "ctime")


@dataclass(frozen=True)
class PagedList:
    method: str  # as `has` names it
    endpoint: Any
    parse: Callable[[Any, Any], Any]  # a row
    keys: tuple[str, ...]  # under the first of them that is there stand the rows; without one, they are all
    ids: tuple[str, ...]  # what tells a row from all others


def fetch_rows(
    exchange: Exchange,
    paged: PagedList,
    market: Any,
    since: Any,
    limit: Any,
    params: Any,
    wanted: Any = None,
) -> list[Any]:
    """A paged list's rows, oldest first, as far back as `since` and `limit` ask for.

    Only rows with a status that is `wanted`, and before `until`, are given and counted.
    """
    paginate, params = exchange.handle_option_and_params(params, paged.method, "paginate", False)
    in_time, params = until_filter.handle_until(exchange, params, paged.parse, market)
    request: dict[str, Any] = {}
    if market is None or market["spot"]:
        request["pair"] = "" if market is None else market["id"]
    else:
        request["contract_id"] = market["id"]
    one = "page" in params or not (paginate or since is not None or limit is not None or in_time)
    size = limit if one else exchange.options["pageSize"]
    if since is None and wanted is None and in_time is None and limit is not None:
        size = min(limit, size)
    size = exchange.safe_integer(params, "page_size", size)
    if size is not None:
        request["page_size"] = size
    found: dict[Any, Any] = {}
    page, moved, turning = 1, False, PageTurner()
    while True:
        if not one:
            request["page"] = page
        rows = page_of(exchange, paged, exchange.extend(request, params))
        met = sum(reading.identity(exchange, row, paged.ids) in found for row in rows)
        # What comes in meanwhile moves rows to the next page, where they are met again; it is on page 1.
        moved = moved or bool(met)
        leads_on = turning.leads_on(met < len(rows))
        found.update((reading.identity(exchange, row, paged.ids), row) for row in rows)
        if one or size is None or len(rows) < min(size, SURE_PAGE) or not leads_on:
            break
        if since is not None:
            moments = (reading.timestamp_in_unit(exchange, SECONDS, row, *MOMENTS) for row in rows)
            if min(moments) < since:
                break
        elif not paginate and len(chosen(exchange, found, wanted, in_time)) >= (limit or size):
            break
        page += 1
    page = 1
    while moved:
        rows = page_of(exchange, paged, exchange.extend(request, {"page": page}, params))
        new = {reading.identity(exchange, row, paged.ids): row for row in rows}
        moved = bool(new) and found.keys().isdisjoint(new)
        found = {**{id: row for id, row in new.items() if id not in found}, **found}
        page += 1
    return chosen(exchange, found, wanted, in_time)[::-1]


def chosen(exchange: Exchange, found: Any, wanted: Any, in_time: Any) -> list[Any]:
    return [
        row
        for row in found.values()
        if (wanted is None or exchange.safe_string(row, "order_status") in wanted)
        and (in_time is None or in_time(row))
    ]


def page_of(exchange: Exchange, paged: PagedList, request: Any) -> list[dict[str, Any]]:
    answer = paged.endpoint(request)
    if not paged.keys:
        return answers.rows(exchange, answer)
    data = answers.record(exchange, answer)
    return reading.rows(exchange, data, next((key for key in paged.keys if key in data), paged.keys[0]))
