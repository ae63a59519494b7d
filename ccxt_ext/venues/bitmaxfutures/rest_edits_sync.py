# Generated from rest_edits.py by `ccxt-ext twins`. Do not edit.
"""Orders that take the place of others: the steps of an edit."""

from typing import Any

from ccxt.base.errors import BaseError
from ccxt.base.exchange import Exchange

from ccxt_ext.venues.bitmaxfutures import edits, rest_placing_sync
from ccxt_ext.venues.bitmaxfutures.edits import Edit


def to_edit(
    exchange: Exchange, id: Any, symbol: str, type: Any, side: Any, amount: Any, price: Any, params: Any
) -> tuple[Any, Edit]:
    """The order as it is, and what is to take its place."""
    exchange.load_markets()
    old = exchange.fetch_order(id, symbol)
    may_trigger, rest = exchange.handle_option_and_params(params, "createOrder", "immediateTrigger")
    _, rest = exchange.handle_option_and_params(rest, "createOrder", "lookUp")
    request = edits.check_edit(exchange, edits.edit_of(exchange, old, type, side, amount, price, rest), old)
    rest_placing_sync.check_triggers(exchange, [] if may_trigger else [request])
    return old, edits.edit_of(exchange, old, type, side, amount, price, params)


def to_be_replaced(old: Any, cancel: Any) -> Any:
    """What the answer to its cancel says."""
    try:
        return cancel(old["id"], old["symbol"])
    except BaseError as error:
        raise edits.error_with_nothing_placed(error) from error


def order_after_cancel(exchange: Exchange, old: Any) -> Any:
    """The order to be replaced, once its cancel was taken."""
    try:
        return exchange.fetch_order(old["id"], old["symbol"])
    except BaseError as error:
        raise edits.error_while_canceling(error, old) from error


def replaced(exchange: Exchange, old: Any, edit: Edit, create: Any) -> Any:
    """The new order, once the old one is gone."""
    edits.check_gone(exchange, old)
    try:
        left = edits.left_of(exchange, edit, old)
        return create(edit.symbol, edit.type, edit.side, left, edit.price, edit.params)
    except BaseError as error:
        raise edits.error_after_cancel(exchange, error, old) from error
