"""BitMax's refusals: their codes, reasons and texts."""

from __future__ import annotations

from typing import Any

from ccxt_ext.sandbox.frontend import Refusal
from ccxt_ext.sandbox.frontend.engine import Refused

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

# For each reason of the engine: the refusal of an order whose fields make sense by themselves.
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


class Declined(Refusal):
    """A refusal with one of the venue's codes. `details` are other fields of the answer."""

    def __init__(self, code: int, message: str, status: int = 200, **details: Any) -> None:
        super().__init__(status, message)
        self.code = code
        self.reason = REASONS[code]
        self.details = details

    def body(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message, "reason": self.reason, **self.details}


def declined_by_engine(refused: Refused) -> Declined:
    """The venue's refusal for an order that the engine refuses."""
    return Declined(*REFUSALS.get(refused.reason, (300008, f"Invalid order: {refused.reason}")))
