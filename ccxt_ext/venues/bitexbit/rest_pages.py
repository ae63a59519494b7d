# twin: rest_pages_sync.py
"""bitexbit's long lists: v1's by offset, v2's by ids and times, the gateway's by number."""

from collections.abc import Callable
from typing import Any

from ccxt.base.errors import OperationFailed
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading, until_filter
from ccxt_ext.venue.answers.paging import FirstPlace, KeepsChanging, NumberedPages, PageTurner
from ccxt_ext.venues.bitexbit import fields
from ccxt_ext.venues.bitexbit.metadata import V2_PAGE

V1_PAGE = 1000
# Rows of a page of v1's trades by default. No most is told, so that a longer page may be a full one.
SURE_PAGE = 100


async def fetch_v1_pages(
    exchange: Exchange,
    endpoint: Any,
    request: Any,
    wanted: Callable[[Any], bool] | None,
    limit: Any,
    everything: bool,
    params: Any,
    since: Any = None,
) -> list[dict[str, Any]]:
    """Newest first; with `everything` as far back as `since`, or the beginning. Only rows that are
    `wanted` count."""
    size = limit if wanted is None and not everything else V1_PAGE
    if size is not None:
        request["limit"] = size
    rows: dict[Any, dict[str, Any]] = {}
    turning = PageTurner()
    while True:
        page = reading.rows(exchange, await endpoint(exchange.extend(request, params)))
        known = len(rows)
        rows.update((fields.row_key(exchange, row), row) for row in page)
        reached = since is not None and any(
            fields.time_of(exchange, row, "timestamp") < since for row in page
        )
        found = until_filter.apply(wanted, list(rows.values()))
        enough = not everything and (wanted is None or len(found) >= (limit or size))
        leads_on = turning.leads_on(len(rows) > known)
        if enough or reached or len(page) < min(size, SURE_PAGE) or not leads_on:
            return found
        request["offset"] = request.get("offset", 0) + len(page)


async def fetch_v1_rows_from(
    exchange: Exchange,
    endpoint: Any,
    request: Any,
    wanted: Callable[[Any], bool] | None,
    since: int,
    count: int | None,
    params: Any,
) -> list[dict[str, Any]]:
    """The first rows from a moment on, `count` of them or all. v1 knows of no times: they are in the
    newest page, or the list is searched from its old end, where it does not grow."""
    sure = min(V1_PAGE, SURE_PAGE)
    newest = reading.rows(exchange, await endpoint(exchange.extend(request, {"limit": V1_PAGE}, params)))
    if len(newest) < sure or any(fields.time_of(exchange, row, "timestamp") < since for row in newest):
        return newest
    request = exchange.extend(request, {"ordering": "id"}, params)
    place = FirstPlace(V1_PAGE)
    while not place.is_found:
        rows = reading.rows(
            exchange, await endpoint(exchange.extend(request, {"offset": place.probe, "limit": 1}))
        )
        place.take(bool(rows) and fields.time_of(exchange, rows[0], "timestamp") < since)
    found: dict[Any, dict[str, Any]] = {}
    offset = place.low
    while True:
        rows = reading.rows(
            exchange, await endpoint(exchange.extend(request, {"offset": offset, "limit": V1_PAGE}))
        )
        fitting = [row for row in rows if fields.time_of(exchange, row, "timestamp") >= since]
        known = len(found)
        found.update((fields.row_key(exchange, row), row) for row in until_filter.apply(wanted, fitting))
        is_over = wanted is not None and len(found) == known and bool(fitting)  # all later than wanted
        if is_over or len(rows) < sure or (count is not None and len(found) >= count):
            return list(found.values())
        offset += len(rows)


async def fetch_v2_pages(
    exchange: Exchange, endpoint: Any, request: Any, since: Any, limit: Any, everything: bool, params: Any
) -> list[dict[str, Any]]:
    """Newest first; with `everything` as far back as `since`, or the beginning."""
    request = exchange.extend(request, v2_times(exchange, since, exchange.safe_integer(params, "until")))
    size = V2_PAGE if everything or since is not None else min(limit or V2_PAGE, V2_PAGE)
    if everything or since is not None or limit is not None:
        request["limit"] = size
    params = exchange.omit(params, "until")
    rows: dict[Any, dict[str, Any]] = {}
    while True:
        page = reading.rows(exchange, await endpoint(exchange.extend(request, params)))
        known = len(rows)
        rows.update((fields.row_key(exchange, row), row) for row in page)
        enough = not everything and len(rows) >= (limit or 0)
        if enough or len(page) < size or len(rows) == known:
            return list(rows.values())
        lowest = min(fields.id_number(exchange, row) for row in page)
        # The other side of a trade with oneself has the same id.
        request["until_id"] = lowest - (lowest == request.get("until_id"))


async def fetch_v2_windows(
    exchange: Exchange, endpoint: Any, request: Any, since: int, limit: Any, params: Any
) -> list[dict[str, Any]]:
    """The first rows from a moment on, `limit` of them or a page. As v2 gives the newest of a time, the
    time is cut until all of it fit into a page."""
    until, params = exchange.safe_integer(params, "until"), exchange.omit(params, "until")
    request = exchange.extend(request, {"limit": V2_PAGE}, params)
    rows: dict[Any, dict[str, Any]] = {}
    first, last = since, until
    while True:
        page = reading.rows(
            exchange, await endpoint(exchange.extend(request, v2_times(exchange, first, last)))
        )
        if len(page) >= V2_PAGE:
            oldest = min(fields.time_of(exchange, row, "date") for row in page)
            if oldest > first:
                last = (first + oldest) // 2
                continue
            # More in one moment than a page has.
            page = await fetch_v2_pages(
                exchange, endpoint, request, first, None, True, {**params, "until": last}
            )
        rows.update((fields.row_key(exchange, row), row) for row in page)
        if len(rows) >= (limit or V2_PAGE) or last == until:
            return list(rows.values())
        width = last - first + 1
        first, last = last + 1, last + 4 * width
        if until is not None or last > exchange.milliseconds():
            last = until if until is None else min(last, until)


def v2_times(exchange: Exchange, since: int | None, until: int | None) -> dict[str, int]:
    unit = 1000 if exchange.options["v2TimeUnit"] == "s" else 1
    bounds = {
        "since": None if since is None else since // unit,
        "until": None if until is None else -(-until // unit),
    }
    return {name: bound for name, bound in bounds.items() if bound is not None}


async def fetch_numbered_pages(
    exchange: Exchange, endpoint: Callable[..., Any], request: Any, ids: tuple[str, ...]
) -> list[dict[str, Any]]:
    """The rows of page objects, told apart by these of their fields; a caller who names a page gets that
    one."""
    if "page" in request:
        return reading.rows(exchange, reading.record(exchange, await endpoint(request)), "results")
    pages = NumberedPages[dict[str, Any]](lambda row: tuple(str(row.get(id)) for id in ids))
    while not pages.is_done:
        wanted = {"page": pages.number} if pages.number > 1 else {}
        answer = reading.record(exchange, await endpoint(exchange.extend(request, wanted)))
        try:
            pages.take(
                reading.rows(exchange, answer, "results"),
                reading.integer(exchange, answer, "count"),
                not answer.get("next"),
            )
        except KeepsChanging:
            raise OperationFailed(f"{exchange.id} a list kept changing while it was read") from None
    return pages.rows
