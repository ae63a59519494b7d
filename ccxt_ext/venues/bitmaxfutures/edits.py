"""Orders that take the place of others. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ccxt.base.errors import BaseError, InvalidOrder, NotSupported, OperationFailed, OrderNotFound
from ccxt.base.exchange import Exchange
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers.error_copies import copy_error
from ccxt_ext.venue.orders import checks
from ccxt_ext.venue.orders.outcomes import with_unknown_outcome
from ccxt_ext.venues.bitmaxfutures import accounts, order_requests, sending

# What only the venue makes, or what means nothing that is documented.
NOT_MADE_ANEW = ("InternalPost", "Liquidation", "Open", "PosStop")

TRIGGERS = ("triggerPrice", "stopPrice", "stopLossPrice")


@dataclass(frozen=True)
class Edit:
    """What is to be placed once the old order is gone; `amount` is that of both together."""

    symbol: str
    type: str
    side: str
    amount: str
    price: Any
    params: dict[str, Any]


def edit_of(
    exchange: Exchange,
    old: Mapping[str, Any],
    type: Any,
    side: Any,
    amount: Any,
    price: Any,
    params: Mapping[str, Any],
) -> Edit:
    """What is not named stays as it is in the old order; what cannot stay is refused."""
    if old["status"] != "open":
        raise OrderNotFound(f"{exchange.id} {old['id']} is not open any more, but {old['status']}")
    if side not in (None, old["side"]):
        raise InvalidOrder(
            f"{exchange.id} {old['id']} is a {old['side']} order, which cannot become {side!r}"
        )
    type = type or old["type"]
    if price is None and type == "limit":
        price = old["price"]
    if amount is None:
        amount = old["amount"]
    checks.check_positive(exchange, amount, "amount")
    amount = exchange.number_to_string(amount)
    kept = kept_params(exchange, old, params)
    return Edit(old["symbol"], type, old["side"], amount, price, {**kept, **params})


def kept_params(exchange: Exchange, old: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    execution = exchange.safe_string(old["info"], "execInst", "")
    given = {name for name, value in params.items() if value is not None}
    if "execInst" not in given and any(word in execution for word in NOT_MADE_ANEW):
        raise NotSupported(f"{exchange.id} {old['id']} is a {execution} order, which cannot be placed anew")
    kept: dict[str, Any] = {}
    if old["reduceOnly"]:
        kept["reduceOnly"] = True
    if old["postOnly"] and "timeInForce" not in given:
        kept["postOnly"] = True
    # With fills it does not wait any more.
    waits = old["triggerPrice"] is not None and not old["filled"]
    if waits and given.isdisjoint(TRIGGERS):
        kept["triggerPrice"] = old["triggerPrice"]
    if waits or not given.isdisjoint(TRIGGERS):
        sources = {"Mark": "mark", "Ref": "index", "Market": "last"}
        kept["triggerPriceType"] = next(
            (source for end, source in sources.items() if execution.endswith(end)), None
        )
    for name in ("stopLoss", "takeProfit"):
        price = old[f"{name}Price"]
        if price is not None and f"pos{name[:1].upper()}{name[1:]}Price" not in given:
            kept[name] = {"triggerPrice": price}
    return {name: value for name, value in kept.items() if name not in given and value is not None}


def left_of(exchange: Exchange, edit: Edit, order: Mapping[str, Any]) -> str:
    """How much there is to place beside what the old order has filled."""
    filled = exchange.number_to_string(order["filled"] or 0)
    left: str = Precise.string_sub(edit.amount, filled)
    if not Precise.string_gt(left, "0"):
        raise InvalidOrder(
            f"{exchange.id} {order['id']} has filled {filled}: of an amount of {edit.amount} nothing is left"
        )
    return left


def check_edit(exchange: Exchange, edit: Edit, old: Mapping[str, Any]) -> dict[str, Any]:
    """The request of the new order as it would be now, unless it is known to be wrong."""
    left = left_of(exchange, edit, old)
    request = order_requests.order_request(
        exchange, edit.symbol, edit.type, edit.side, left, edit.price, edit.params
    )
    if accounts.state_of(exchange).orders.used([request["id"]]) is not None:
        raise sending.sent_before(exchange, request["id"])
    return request


def check_gone(exchange: Exchange, old: Mapping[str, Any]) -> None:
    """Refuse to replace an order that was filled, or is not known to be cancelled."""
    if old["status"] == "closed":
        raise OrderNotFound(f"{exchange.id} {old['id']} was filled before it could be cancelled")
    if old["status"] not in ("canceled", "rejected"):
        error = OperationFailed(f"{exchange.id} {old['id']} is not cancelled yet: nothing was placed anew")
        raise with_unknown_outcome(error, str(error), [], [old["id"]])


def error_with_nothing_placed(error: BaseError) -> BaseError:
    """Why the old order was not replaced: its cancel was refused, or has no clear answer."""
    told: BaseError = copy_error(error, f"{error}; no order was placed in its place")
    return told


def error_while_canceling(error: BaseError, old: Mapping[str, Any]) -> BaseError:
    """Why nothing is known of the old order's end, which was asked for: no new one was placed."""
    text = (
        f"{error} - the venue had taken a cancel of the order {old['id']} before that, and no order was"
        " placed in its place: look up what became of it"
    )
    told: BaseError = with_unknown_outcome(error, text, [], [old["id"]])
    vars(told)["canceled_order_id"] = old["id"]
    return told


def error_after_cancel(exchange: Exchange, error: BaseError, old: Mapping[str, Any]) -> BaseError:
    """Why no new order took the place of the old one, which is gone all the same."""
    filled, amount = (exchange.number_to_string(old[name] or 0) for name in ("filled", "amount"))
    told: BaseError = copy_error(
        error,
        f"{error} - the order {old['id']} was cancelled before that, with {filled} of {amount} filled,"
        " and no order is known to have taken its place",
    )
    vars(told)["canceled_order_id"] = old["id"]
    return told
