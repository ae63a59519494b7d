# twin: rest_funds_sync.py
"""Free margin, deposits and withdrawals, asked for over REST."""

from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import until_filter
from ccxt_ext.venue.answers.paging import PageTurner
from ccxt_ext.venues.bitmaxfutures import answers, funds


async def free_margin(exchange: Exchange) -> Any:
    if exchange.options["freeMarginMethod"] == "POST":
        return await exchange.v2_group_post_futures_free_margin()
    return await exchange.v2_group_get_futures_free_margin()


async def fetch_transactions(
    exchange: Exchange, kind: Any, code: Any, since: Any, limit: Any, params: Any
) -> Any:
    await exchange.load_markets()
    currency = None if code is None else exchange.currency(code)
    in_time, params = until_filter.handle_until(exchange, params, exchange.parse_transaction, currency)
    request = {} if currency is None else {"asset": currency["id"]}
    if kind is not None:
        request["txType"] = kind
    everything, params = exchange.handle_option_and_params(params, "fetchDeposits", "paginate", False)
    rows = await wallet_rows(exchange, exchange.extend(request, params), in_time, since, limit, everything)
    return exchange.parse_transactions(rows, currency, since, limit)


async def wallet_rows(
    exchange: Exchange, request: Any, in_time: Any, since: Any, limit: Any, everything: bool
) -> list[dict[str, Any]]:
    """As many pages as `since`, `until` and `limit` ask for, or the one that the caller names."""
    rows: dict[Any, dict[str, Any]] = {}
    moved, turning = False, PageTurner()
    asks = everything or not (since is None and limit is None and in_time is None)
    one = "page" in request or not asks
    while True:
        page, has_next = await wallet_page(exchange, request)
        # What comes in meanwhile moves rows to the next page, where they are met again; it is on page 1.
        moved = moved or any(key in rows for key in page)
        leads_on = turning.leads_on(not page.keys() <= rows.keys())
        rows.update(page)
        found = until_filter.apply(in_time, list(rows.values()))
        enough = since is None and not everything and len(found) >= (limit or len(page))
        if (
            one
            or not leads_on
            or not has_next
            or enough
            or funds.reaches_back(exchange, list(page.values()), since)
        ):
            break
        request = {**request, "page": request.get("page", 1) + 1}
    request = {**request, "page": 1}
    while moved:
        page, _ = await wallet_page(exchange, request)
        moved = bool(page) and rows.keys().isdisjoint(page)
        rows.update(page)
        request["page"] += 1
    return until_filter.apply(in_time, list(rows.values()))


async def wallet_page(exchange: Exchange, request: Any) -> tuple[dict[Any, dict[str, Any]], bool]:
    """Its rows by what tells them from others, and whether another one follows."""
    answer = await exchange.v1_private_get_wallet_transactions(request)
    rows = {funds.transaction_key(exchange, row): row for row in answers.rows_of(exchange, answer, "data")}
    return rows, bool(exchange.safe_bool(answer["data"], "hasNext", False))
