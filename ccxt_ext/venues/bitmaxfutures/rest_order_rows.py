# twin: rest_order_rows_sync.py
"""Rows of orders, asked for by their ids or in lists."""

from collections.abc import Callable, Sequence
from typing import Any

from ccxt.base.errors import OrderNotFound
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.answers.paging import PartOfList, without_gap
from ccxt_ext.venues.bitmaxfutures import answers, rest_accounts, rest_history, rest_new_markets, sending
from ccxt_ext.venues.bitmaxfutures.sending import NAMING_PARAMS


async def one_row(exchange: Exchange, id: Any, params: Any) -> list[dict[str, Any]]:
    """The order of this id, in a list."""
    if "clientOrderId" in params:
        await rest_accounts.load_account(exchange)
    id = sending.given_id(exchange, id, params)
    found = await status_rows(exchange, [id], exchange.omit(params, list(NAMING_PARAMS)))
    if not found:
        raise OrderNotFound(f"{exchange.id} does not know the order {id}")
    return found


async def status_rows(exchange: Exchange, ids: Sequence[str], params: Any) -> list[dict[str, Any]]:
    """The orders of these ids that the venue knows."""
    # The comma at the end asks for a list, however many there are.
    request = {"orderId": ",".join(ids) + ","}
    answer = reading.record(
        exchange, await exchange.v2_group_get_futures_order_status(exchange.extend(request, params))
    )
    if answer.get("data") in (None, {}, []):
        answers.acknowledged(exchange, answer)
        return []
    data = answers.data_of(exchange, answer)
    return await rest_new_markets.listed_rows(
        exchange, reading.rows(exchange, [data] if isinstance(data, dict) else data)
    )


async def open_rows(exchange: Exchange, market: Any, params: Any) -> list[dict[str, Any]]:
    request = {} if market is None else {"symbol": market["id"]}
    posts = exchange.options["openOrdersMethod"] == "POST"
    endpoint = (
        exchange.v2_group_post_futures_order_open if posts else exchange.v2_group_get_futures_order_open
    )
    return await rest_new_markets.listed_rows(
        exchange,
        answers.rows_of(exchange, await endpoint(exchange.extend(request, params))),
    )


async def open_and_ended(
    exchange: Exchange,
    market: Any,
    since: Any,
    limit: Any,
    params: Any,
    wanted: Callable[[dict[str, Any]], bool] | None,
    executed: bool = False,
) -> list[dict[str, Any]]:
    # The open ones first: who ends meanwhile is in the other list, and the later answer is right.
    rows = await open_rows(exchange, market, exchange.omit(params, ["until", "paginate"]))
    ended = await rest_history.ended_rows(exchange, market, since, limit, params, wanted, executed)
    both = without_gap([PartOfList(rows), ended], lambda row: rest_history.begun(exchange, row))
    return list({reading.required_text(exchange, row, "orderId"): row for row in both}.values())
