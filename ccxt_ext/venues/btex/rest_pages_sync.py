# Generated from rest_pages.py by `ccxt-ext twins`. Do not edit.
"""Lists that BTEX gives in pages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading, until_filter
from ccxt_ext.venue.answers.paging import PageTurner
from ccxt_ext.venue.answers.reading import SECONDS
from ccxt_ext.venues.btex import answers

# A page has so many rows by default. The venue does not say how many it can have at most, so a page with more
# rows than this may be a full one.
SURE_PAGE = 20

# The fields with a row's time. Lists are sorted by it, newest first.
MOMENTS = ("end_time", "time", "ctime")


@dataclass(frozen=True)
class PagedList:
    """One of the venue's lists: how to ask for it, and what its rows look like."""

    method: str  # its name in `has`
    endpoint: Any
    parse: Callable[[Any, Any], Any]  # parses one row
    # The answer has the rows under the first of these keys that it has. Without keys, it is the rows itself.
    keys: tuple[str, ...]
    ids: tuple[str, ...]  # the fields that together identify a row


def fetch_rows(
    exchange: Exchange,
    paged: PagedList,
    market: Any,
    since: Any,
    limit: Any,
    params: Any,
    wanted: Any = None,
) -> list[Any]:
    """The rows of a list, oldest first. Pages are read as far back as `since` and `limit` need.

    Rows with another status than those in `wanted`, or later than `until`, are left out and do not count.
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
        # New rows at the top move others to the next page, where they are met again. Page 1 has the new ones.
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
    """The rows that were asked for."""
    return [
        row
        for row in found.values()
        if (wanted is None or exchange.safe_string(row, "order_status") in wanted)
        and (in_time is None or in_time(row))
    ]


def page_of(exchange: Exchange, paged: PagedList, request: Any) -> list[dict[str, Any]]:
    """The rows of one page."""
    answer = paged.endpoint(request)
    if not paged.keys:
        return answers.rows(exchange, answer)
    data = answers.record(exchange, answer)
    return reading.rows(exchange, data, next((key for key in paged.keys if key in data), paged.keys[0]))
