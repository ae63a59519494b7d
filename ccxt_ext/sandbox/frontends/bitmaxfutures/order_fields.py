"""Reads and checks the fields of an order request."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from ccxt_ext.sandbox.frontend import PLAIN_DECIMAL, decimal_text
from ccxt_ext.sandbox.frontend.engine import OrderType, Side, TimeInForce, TriggerSource, units
from ccxt_ext.sandbox.frontends.bitmaxfutures.listings import Listing
from ccxt_ext.sandbox.frontends.bitmaxfutures.parameters import client_id_of, listing_of, time_of
from ccxt_ext.sandbox.frontends.bitmaxfutures.refusals import Declined

RespInst = Literal["ACK", "ACCEPT", "DONE"]
"""When a request is answered: once it has arrived, once it is accepted, or once the order has ended."""

_TYPES: dict[str, tuple[OrderType, bool]] = {
    "limit": ("limit", False),
    "market": ("market", False),
    "stoplimit": ("limit", True),
    "stopmarket": ("market", True),
}
_EXECUTIONS: dict[str, tuple[bool, bool, TriggerSource | None]] = {
    "NULL_VAL": (False, False, None),
    "Post": (True, False, None),
    "ReduceOnly": (False, True, None),
    "PostReduceOnly": (True, True, None),
    "StopOnMarket": (False, False, "last"),
    "StopOnMark": (False, False, "mark"),
    "StopOnRef": (False, False, "index"),
    "PostStopMarket": (True, False, "last"),
    "PostStopMark": (True, False, "mark"),
    "PostStopRef": (True, False, "index"),
    "ReduceOnlyMarket": (False, True, "last"),
    "ReduceOnlyMark": (False, True, "mark"),
    "ReduceOnlyRef": (False, True, "index"),
    "PostReduceMarket": (True, True, "last"),
    "PostReduceMark": (True, True, "mark"),
    "PostReduceRef": (True, True, "index"),
}
# IOO, "immediate or OTC", is known from the venue's own demos only; here nobody trades over the counter.
_TIMES: dict[str, TimeInForce] = {"GTC": "GTC", "IOC": "IOC", "FOK": "FOK", "IOO": "IOC"}


class WantedOrder(NamedTuple):
    """An order that a client asks for. Its fields make sense by themselves."""

    client_id: str | None
    time: int
    symbol: str
    side: Side
    type: OrderType
    price: Decimal | None
    amount: Decimal
    post_only: bool
    reduce_only: bool
    time_in_force: TimeInForce
    trigger_price: Decimal | None
    trigger_by: TriggerSource
    stop_loss: Decimal | None
    take_profit: Decimal | None
    execution: str
    respond: RespInst


def wanted_order(fields: Mapping[str, Any], listings: Mapping[str, Listing]) -> WantedOrder:
    """The order that the fields of a request ask for. Raises Declined for the first field that is wrong."""
    listing = listing_of(fields, listings)
    spec = listing.spec()
    client_id = client_id_of(fields)
    kind = _TYPES.get(str(fields.get("orderType", "")).lower())
    if kind is None:
        raise Declined(300005, "Invalid order type")
    type, stops = kind
    side = str(fields.get("side", "")).lower()
    if side not in ("buy", "sell"):
        raise Declined(300003, "Invalid order side")
    amount = _number(fields, "orderQty", 300002)
    if amount is None or amount < spec.min_amount or amount > spec.max_amount:
        raise Declined(300002, "Invalid order quantity")
    if units(amount, spec.step) is None:
        raise Declined(
            300002, f"Order quantity doesn't conform to the required lot size: {decimal_text(spec.step)}"
        )
    price = None
    if type == "limit":
        price = _price(fields, listing, "orderPrice" if "orderPrice" in fields else "price")
        if price is None:
            raise Declined(300001, "Order price is missing")
    trigger = _price(fields, listing, "stopPrice") if stops else None
    if stops and trigger is None:
        raise Declined(300001, "Stop price is missing")
    execution = str(fields.get("execInst") or "NULL_VAL")
    if execution not in _EXECUTIONS:
        raise Declined(300008, f"Invalid execInst: {execution}")
    post, reduce, by = _EXECUTIONS[execution]
    if (by is not None) is not stops and execution != "NULL_VAL":
        raise Declined(300008, f"execInst {execution} does not fit the order type")
    post = post or fields.get("postOnly") is True
    in_force = str(fields.get("timeInForce") or "GTC").upper()
    if in_force not in _TIMES or (post and in_force != "GTC"):
        raise Declined(300007, "Invalid time in force")
    if post and type == "market":
        raise Declined(300008, "A market order cannot be post-only")
    respond = str(fields.get("respInst") or ("DONE" if type == "market" else "ACK")).upper()
    if respond not in ("ACK", "ACCEPT", "DONE"):
        raise Declined(300008, "Invalid respInst")
    return WantedOrder(
        client_id,
        time_of(fields),
        spec.id,
        "buy" if side == "buy" else "sell",
        type,
        price,
        amount,
        post,
        reduce or fields.get("reduceOnly") is True,
        _TIMES[in_force],
        trigger,
        by or "last",
        _price(fields, listing, "posStopLossPrice") if "posStopLossPrice" in fields else None,
        _price(fields, listing, "posTakeProfitPrice") if "posTakeProfitPrice" in fields else None,
        execution if execution != "NULL_VAL" or not post else "Post",
        "ACK" if respond == "ACK" else "ACCEPT" if respond == "ACCEPT" else "DONE",
    )


def _number(fields: Mapping[str, Any], name: str, code: int) -> Decimal | None:
    """Numbers are sent as text."""
    given = fields.get(name)
    if given is None or given == "":
        return None
    if not isinstance(given, str) or not PLAIN_DECIMAL.fullmatch(given):
        raise Declined(code, f"Invalid number in {name}")
    return Decimal(given)


def _price(fields: Mapping[str, Any], listing: Listing, name: str) -> Decimal | None:
    price = _number(fields, name, 300001)
    if price is None:
        return None
    tick = listing.spec().tick
    if price < tick or price > listing.highest_price:
        raise Declined(300001, f"Order price is too {'low' if price < tick else 'high'} from market price.")
    if units(price, tick) is None:
        raise Declined(300014, f"Order price doesn't conform to the required tick size: {decimal_text(tick)}")
    return price
