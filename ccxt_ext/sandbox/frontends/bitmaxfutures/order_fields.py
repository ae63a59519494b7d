"""BitMax's order requests: what is wrong with them, and what they ask for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from ccxt_ext.sandbox.engine import OrderType, Refused, Side, TimeInForce, TriggerSource
from ccxt_ext.sandbox.engine.exact import units
from ccxt_ext.sandbox.frontend import PLAIN_DECIMAL, Refusal, decimal_text
from ccxt_ext.sandbox.frontends.bitmaxfutures.rows.orders import Listing

Listings = Mapping[str, Listing]
RespInst = Literal["ACK", "ACCEPT", "DONE"]

REASONS = {
    100001: "INVALID_HTTP_INPUT",
    100002: "DATA_NOT_AVAILABLE",
    100003: "KEY_CONFLICT",
    100004: "INVALID_REQUEST_DATA",
    100005: "INVALID_WS_REQUEST_DATA",
    100006: "INVALID_ARGUMENT",
    100008: "SYMBOL_ERROR",
    100009: "AUTHORIZATION_NEEDED",
    100010: "INVALID_OPERATION",
    100011: "INVALID_TIMESTAMP",
    150001: "INVALID_JSON_FORMAT",
    200001: "AUTHENTICATION_FAILED",
    200006: "ACCOUNT_ERROR",
    200015: "PERMISSION_DENIED",
    300001: "INVALID_PRICE",
    300002: "INVALID_QTY",
    300003: "INVALID_SIDE",
    300005: "INVALID_TYPE",
    300006: "INVALID_ORDER_ID",
    300007: "INVALID_TIME_IN_FORCE",
    300008: "INVALID_ORDER_PARAMETER",
    300011: "INVALID_BALANCE",
    300012: "INVALID_PRODUCT",
    300013: "INVALID_BATCH_ORDER",
    300014: "TICK_SIZE_VIOLATION",
    300021: "TRADING_DISABLED",
    300031: "NO_MARKET_PRICE",
    320008: "FUTURES_TOO_RISKY",
    510001: "SERVER_ERROR",
}

TOO_RISKY = "Futures account exposure higher than system acceptable level."
ENDED = "The order is already filled or canceled."
BATCH_FAILED = "Batch Order failed, please check each order info for detail."
BATCH_SPOILT = "Some invalid order in this batch."
NOT_ENOUGH = "Not Enough Account Balance"
NO_ACCOUNT = "Unable to find User Account Data"
NO_AUTHORIZATION = "Authorization is needed"
NO_PRODUCT = "Invalid Product Symbol"
TOO_LONG = "Client Order Id too Long"  # said of an order's own id as well

# The engine's reasons, for orders that were well-formed.
REFUSALS = {
    "insufficient_funds": (320008, TOO_RISKY),
    "position_limit": (320008, TOO_RISKY),
    "no_price": (300031, "No market price"),
    "market_closed": (300021, "Trading is disabled"),
    "reduce_only": (300008, "Reduce-only order would not reduce the position"),
    "bad_price": (300001, "Invalid price"),
    "price_precision": (300014, "Order price doesn't conform to the required tick size"),
    "bad_trigger": (300001, "Invalid stop price"),
    "bad_amount": (300002, "Invalid quantity"),
    "too_small": (300002, "Quantity is too small"),
    "too_large": (300002, "Quantity is too large"),
    "amount_precision": (300002, "Quantity doesn't conform to the required lot size"),
}

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
_CLIENT_ID = re.compile(r"\w[\w\-]*\w", re.ASCII)
LONGEST_ID = 32


class Declined(Refusal):
    """A refusal by its code; `details` are what else stands beside it."""

    def __init__(self, code: int, message: str, status: int = 200, **details: Any) -> None:
        super().__init__(status, message)
        self.code = code
        self.reason = REASONS[code]
        self.details = details

    def body(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message, "reason": self.reason, **self.details}


def declined(refused: Refused) -> Declined:
    return Declined(*REFUSALS.get(refused.reason, (300008, f"Invalid order: {refused.reason}")))


@dataclass(frozen=True)
class Wanted:
    """An order as it was asked for, with nothing wrong by itself."""

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


def wanted(fields: Mapping[str, Any], listings: Listings) -> Wanted:
    """The order of a request's fields; raises Declined for the first thing that is wrong."""
    listing = product(fields, listings)
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
    return Wanted(
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
        _price(fields, listing, "posStopLossPrice"),
        _price(fields, listing, "posTakeProfitPrice"),
        execution if execution != "NULL_VAL" or not post else "Post",
        "ACK" if respond == "ACK" else "ACCEPT" if respond == "ACCEPT" else "DONE",
    )


def product(fields: Mapping[str, Any], listings: Listings) -> Listing:
    listing = listings.get(str(fields.get("symbol")))
    if listing is None:
        raise Declined(300012, NO_PRODUCT)
    return listing


def client_id_of(fields: Mapping[str, Any]) -> str | None:
    given = fields.get("id")
    if given is None or given == "":
        return None
    if not isinstance(given, str) or not _CLIENT_ID.fullmatch(given):
        raise Declined(300006, f"Invalid Client Order Id: {given}")
    if len(given) > LONGEST_ID:
        raise Declined(300006, f"{TOO_LONG}: {given}")
    return given


def time_of(fields: Mapping[str, Any]) -> int:
    time = fields.get("time")
    if isinstance(time, str) and re.fullmatch(r"[0-9]{1,18}", time):
        time = int(time)
    if not isinstance(time, int) or isinstance(time, bool):
        raise Declined(100011, "Invalid time")
    return time


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
    tick = Decimal(listing.tick)
    if price < tick or price > Decimal(listing.max_price):
        raise Declined(300001, f"Order price is too {'low' if price < tick else 'high'} from market price.")
    if units(price, tick) is None:
        raise Declined(300014, f"Order price doesn't conform to the required tick size: {decimal_text(tick)}")
    return price
