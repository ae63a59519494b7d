# twin: rest_pages_sync.py
"""The lists of Acme Exchange that come in pages, newest first."""

from typing import Any

from ccxt.base.errors import BadResponse
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading


async def fetch_pages(
    exchange: Exchange, endpoint: Any, request: dict[str, Any], key: str, enough: int | None = None
) -> list[dict[str, Any]]:
    """The rows of all pages, or of so many that there are enough.

    The venue's documents say: each page names the `cursor` of the next one as `next`, which is null on the
    last page. A cursor stands for a row, so that rows which come in or leave meanwhile do no harm. For lists
    with numbered pages that is not so: see ccxt_ext.venue.answers.paging.
    """
    size = exchange.options["pageSize"]
    limit = size if enough is None else min(enough, size)
    rows: list[dict[str, Any]] = []
    cursors: list[str] = []
    while True:
        cursor = {"cursor": cursors[-1]} if cursors else {}
        answer = await endpoint(exchange.extend({"limit": limit}, cursor, request))
        rows += reading.rows(exchange, answer, key)
        following = exchange.safe_string(answer, "next")
        if following is None or "cursor" in request or (enough is not None and len(rows) >= enough):
            return rows
        if following in cursors:
            raise BadResponse(f"{exchange.id} goes in a circle: page {following} of {key} comes again")
        cursors.append(following)
