# twin: rest_positions_sync.py
"""Positions that are closed, and their margin changed."""

from functools import partial
from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.orders import outcomes
from ccxt_ext.venues.bitmaxfutures import answers, arguments, margins


async def close_at_market(exchange: Exchange, request: Any, params: Any) -> Any:
    request["cancelOpen"] = exchange.options["closePositionCancelOpen"]
    answer = await exchange.v2_group_delete_futures_position_all(exchange.extend(request, params))
    return outcomes.parse_change_answer(exchange, partial(answers.acknowledged, exchange), answer)


async def change_margin(exchange: Exchange, symbol: str, amount: Any, adds: bool, params: Any) -> Any:
    await exchange.load_markets()
    request = margins.margin_request(exchange, symbol, amount, adds, params)
    answer = outcomes.parse_order_answer(
        exchange,
        partial(answers.acknowledged, exchange),
        await exchange.v2_group_post_futures_isolated_position_margin(request),
    )
    changed = exchange.parse_margin_modification(answer, exchange.market(symbol))
    amount = exchange.parse_number(arguments.money_text(exchange, amount, "addMargin"))
    return {**changed, "type": "add" if adds else "reduce", "amount": amount}
