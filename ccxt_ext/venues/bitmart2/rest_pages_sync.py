# Generated from rest_pages.py by `ccxt-ext twins`. Do not edit.
"""BitMart's lists in pages."""

from collections.abc import Callable, Mapping
from typing import Any

from ccxt.base.errors import OperationFailed
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading, until_filter
from ccxt_ext.venue.answers.paging import PartOfList
from ccxt_ext.venues.bitmart2.pages import MOST_GAPS, Pages

LARGEST_PAGE = 1000  # of orders or trades


def fetch_pages(
    exchange: Exchange,
    endpoint: Any,
    request: dict[str, Any],
    key: str,
    ids: tuple[str, ...],
    wanted: Callable[[Any], bool] | None,
    since: Any,
    limit: Any,
    everything: bool,
) -> PartOfList[dict[str, Any]]:
    """A paged list's rows, newest first, as far back as `since` and `limit` ask for.

    Only rows that are `wanted` are given and counted.
    """
    if "offset" in request:
        answer = endpoint(exchange.extend({"limit": exchange.options["pageSize"]}, request))
        return PartOfList(until_filter.apply(wanted, reading.rows(exchange, answer, key)))
    newest = since is None and wanted is None and not everything
    size = min(limit or exchange.options["pageSize"], LARGEST_PAGE) if newest else LARGEST_PAGE
    size = reading.integer(exchange, request, "limit") or size
    pages = Pages(size)
    rows: dict[Any, dict[str, Any]] = {}
    while True:
        answer = endpoint(exchange.extend(request, {"offset": pages.offset, "limit": pages.limit}))
        page = reading.rows(exchange, answer, key)
        rows.update((reading.identity(exchange, row, ids), row) for row in until_filter.apply(wanted, page))
        pages.read(len(page), reading.integer(exchange, answer, f"total_{key}"))
        if pages.gaps > MOST_GAPS:
            raise OperationFailed(f"{exchange.id} the list of {key} shrinks faster than it can be read")
        if pages.is_whole and (
            pages.is_last or is_enough(exchange, page, rows, since, limit or size, everything)
        ):
            return PartOfList(list(rows.values()), pages.is_last)


def is_enough(
    exchange: Exchange, page: list[Any], rows: Mapping[Any, Any], since: Any, limit: int, everything: bool
) -> bool:
    if since is not None:
        return min(reading.timestamp(exchange, row, "timestamp") for row in page) < since
    return not everything and len(rows) >= limit
