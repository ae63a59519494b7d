# twin: rest_edits_sync.py
"""Orders that take the place of others: the steps of an edit."""

from typing import Any

from ccxt.base.errors import BaseError
from ccxt.base.exchange import Exchange

from ccxt_ext.venues.bitmaxfutures import edits, rest_placing
from ccxt_ext.venues.bitmaxfutures.edits import Edit


async def to_edit(
    exchange: Exchange, id: Any, symbol: str, type: Any, side: Any, amount: Any, price: Any, params: Any
) -> tuple[Any, Edit]:
    """The order as it is, and what is to take its place."""
    await exchange.load_markets()
    old = await exchange.fetch_order(id, symbol)
    may_trigger, rest = exchange.handle_option_and_params(params, "createOrder", "immediateTrigger")
    _, rest = exchange.handle_option_and_params(rest, "createOrder", "lookUp")
    request = edits.check_edit(exchange, edits.edit_of(exchange, old, type, side, amount, price, rest), old)
    await rest_placing.check_triggers(exchange, [] if may_trigger else [request])
    return old, edits.edit_of(exchange, old, type, side, amount, price, params)


async def to_be_replaced(old: Any, cancel: Any) -> Any:
    """What the answer to its cancel says."""
    try:
        return await cancel(old["id"], old["symbol"])
    except BaseError as error:
        raise edits.error_with_nothing_placed(error) from error


async def order_after_cancel(exchange: Exchange, old: Any) -> Any:
    """The order to be replaced, once its cancel was taken."""
    try:
        return await exchange.fetch_order(old["id"], old["symbol"])
    except BaseError as error:
        raise edits.error_while_canceling(error, old) from error


async def replaced(exchange: Exchange, old: Any, edit: Edit, create: Any) -> Any:
    """The new order, once the old one is gone."""
    edits.check_gone(exchange, old)
    try:
        left = edits.left_of(exchange, edit, old)
        return await create(edit.symbol, edit.type, edit.side, left, edit.price, edit.params)
    except BaseError as error:
        raise edits.error_after_cancel(exchange, error, old) from error
