# Generated from rest_pages.py by `ccxt-ext twins`. Do not edit.
"""The lists of Acme Exchange that come in pages, newest first."""

from typing import Any

from ccxt.base.errors import BadResponse
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading

from . import envelope


def fetch_pages(
    exchange: Exchange, endpoint: Any, request: dict[str, Any], enough: int | None = None
) -> list[dict[str, Any]]:
    """The rows of all pages, or of so many that there are enough.

    The venue's documents say: a page that is not the last one has `"more": true` beside its rows, and the
    next one begins `before` the id of its last row. That stands for a row, so rows which come in or leave
    meanwhile do no harm.
    """
    size = exchange.options["pageSize"]
    limit = size if enough is None else min(enough, size)
    rows: list[dict[str, Any]] = []
    seen: list[str] = []
    while True:
        before = {"before": seen[-1]} if seen else {}
        answer = endpoint(exchange.extend({"limit": limit}, before, request))
        page = reading.rows(exchange, envelope.result(exchange, answer))
        rows += page
        is_enough = enough is not None and len(rows) >= enough
        if answer.get("more") is not True or is_enough or "before" in request:
            return rows
        last = reading.required_text(exchange, page[-1], "id") if page else None
        if last is None or last in seen:
            raise BadResponse(f"{exchange.id} goes in a circle: after {seen[-1:]} it gives a page again")
        seen.append(last)
