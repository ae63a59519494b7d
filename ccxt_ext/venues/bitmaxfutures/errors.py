"""The venue's codes and reasons as ccxt's exceptions."""

from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import (
    AccountNotEnabled,
    AccountSuspended,
    AuthenticationError,
    BadRequest,
    BadSymbol,
    BaseError,
    DDoSProtection,
    DuplicateOrderId,
    ExchangeError,
    ExchangeNotAvailable,
    InsufficientFunds,
    InvalidNonce,
    InvalidOrder,
    OperationFailed,
    OperationRejected,
    OrderNotFound,
    PermissionDenied,
    RateLimitExceeded,
)
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import refusals

# The code of each order in a batch that failed because of another one, and of the batch itself.
BATCH = "300013"

_CODES: dict[str, tuple[str, type[Exception]]] = {
    "100001": ("INVALID_HTTP_INPUT", BadRequest),
    "100002": ("DATA_NOT_AVAILABLE", BadRequest),
    "100003": ("KEY_CONFLICT", BadRequest),
    "100004": ("INVALID_REQUEST_DATA", BadRequest),
    "100005": ("INVALID_WS_REQUEST_DATA", BadRequest),
    "100006": ("INVALID_ARGUMENT", BadRequest),
    "100007": ("ENCRYPTION_ERROR", AuthenticationError),
    "100008": ("SYMBOL_ERROR", BadSymbol),
    "100009": ("AUTHORIZATION_NEEDED", AuthenticationError),
    "100010": ("INVALID_OPERATION", OperationRejected),
    "100011": ("INVALID_TIMESTAMP", InvalidNonce),
    "100012": ("INVALID_STR_FORMAT", BadRequest),
    "100013": ("INVALID_NUM_FORMAT", BadRequest),
    "100014": ("", RateLimitExceeded),  # its reason is not documented
    "100101": ("UNKNOWN_ERROR", ExchangeError),
    "150001": ("INVALID_JSON_FORMAT", BadRequest),
    "200001": ("AUTHENTICATION_FAILED", AuthenticationError),
    "200002": ("TOO_MANY_ATTEMPTS", RateLimitExceeded),
    "200003": ("ACCOUNT_NOT_FOUND", AuthenticationError),
    "200004": ("ACCOUNT_NOT_SETUP", AccountNotEnabled),
    "200005": ("ACCOUNT_ALREADY_EXIST", BadRequest),
    "200006": ("ACCOUNT_ERROR", AuthenticationError),
    "200007": ("CODE_NOT_FOUND", AuthenticationError),
    "200008": ("CODE_EXPIRED", AuthenticationError),
    "200009": ("CODE_MISMATCH", AuthenticationError),
    "200010": ("PASSWORD_ERROR", AuthenticationError),
    "200011": ("CODE_GEN_FAILED", AuthenticationError),
    "200012": ("FAKE_COKE_VERIFY", AuthenticationError),
    "200013": ("SECURITY_ALERT", PermissionDenied),
    "200014": ("RESTRICTED_ACCOUNT", AccountSuspended),
    "200015": ("PERMISSION_DENIED", PermissionDenied),
    "300001": ("INVALID_PRICE", InvalidOrder),
    "300002": ("INVALID_QTY", InvalidOrder),
    "300003": ("INVALID_SIDE", InvalidOrder),
    "300004": ("INVALID_NOTIONAL", InvalidOrder),
    "300005": ("INVALID_TYPE", InvalidOrder),
    "300006": ("INVALID_ORDER_ID", InvalidOrder),
    "300007": ("INVALID_TIME_IN_FORCE", InvalidOrder),
    "300008": ("INVALID_ORDER_PARAMETER", InvalidOrder),
    "300009": ("TRADING_VIOLATION", PermissionDenied),
    "300011": ("INVALID_BALANCE", InsufficientFunds),
    "300012": ("INVALID_PRODUCT", BadSymbol),
    BATCH: ("INVALID_BATCH_ORDER", InvalidOrder),
    "300014": ("TICK_SIZE_VIOLATION", InvalidOrder),
    "300020": ("TRADING_RESTRICTED", PermissionDenied),
    "300021": ("TRADING_DISABLED", PermissionDenied),
    "300031": ("NO_MARKET_PRICE", InvalidOrder),
    "310001": ("INVALID_MARGIN_BALANCE", InsufficientFunds),
    "310002": ("INVALID_MARGIN_ACCOUNT", AccountNotEnabled),
    "310003": ("MARGIN_TOO_RISKY", InsufficientFunds),
    "310004": ("INVALID_MARGIN_ASSET", BadRequest),
    "310005": ("INVALID_REFERENCE_PRICE", ExchangeError),
    "320008": ("FUTURES_TOO_RISKY", InsufficientFunds),
    "510001": ("SERVER_ERROR", ExchangeNotAvailable),
    "900001": ("HUMAN_CHALLENGE", DDoSProtection),
    # of the API before
    "1900": ("", BadRequest),
    "6010": ("", InsufficientFunds),
    "21008": ("", PermissionDenied),
    "60060": ("", OrderNotFound),
}

# Groups of codes: format, keys, orders, margin, futures. Any code of these is a refusal.
REFUSING = ("15", "20", "30", "31", "32")

# The code counts first, then the reason; before both go `doing`, for what leaves open whether something was
# done, `placing`, `looking` (also cancelling) and `looking up` one, on the paths of orders, and `broad`,
# for texts, before all.
EXCEPTIONS: dict[str, Any] = {
    "exact": {
        **{code: error for code, (_, error) in _CODES.items()},
        **{reason: error for reason, error in _CODES.values() if reason},
    },
    "broad": {
        "Invalid Client Order Id": InvalidOrder,
        "Client Order Id too Long": InvalidOrder,
    },
    "doing": {"100101": OperationFailed, "UNKNOWN_ERROR": OperationFailed},
    "placing": {"100003": DuplicateOrderId, "KEY_CONFLICT": DuplicateOrderId},
    "looking up": {"100002": OrderNotFound, "DATA_NOT_AVAILABLE": OrderNotFound},
    "looking": {"300006": OrderNotFound, "INVALID_ORDER_ID": OrderNotFound},
    "status": {
        "400": BadRequest,
        "403": PermissionDenied,
        "404": BadRequest,
        "418": RateLimitExceeded,
    },
}


def is_placing(url: str, method: str) -> bool:
    return method == "POST" and url.endswith(("/order", "/order/batch"))


def ids_beside(exchange: Exchange, answer: Mapping[str, Any]) -> list[str]:
    """The ids of orders in a refusal, which therefore is none."""
    data = answer.get("data")
    places = [answer, answer.get("info"), data]
    if isinstance(data, dict):
        places += [data.get("order"), data.get("info"), data.get("orders")]
    rows = [row for place in places for row in (place if isinstance(place, list) else [place])]
    ids = [exchange.safe_string(row, "orderId") for row in rows if isinstance(row, dict)]
    return list(dict.fromkeys(id for id in ids if id))


def raise_refusal(exchange: Exchange, status: int, url: str, method: str, answer: Mapping[str, Any]) -> None:
    """What a whole answer that is a refusal means."""
    ids = ids_beside(exchange, answer) if is_placing(url, method) else []
    try:
        raise_error(exchange, status, url, method, error_that_counts(exchange, answer))
    except BaseError as error:
        if not ids:
            raise
        raise exchange.outcome_unknown(error, order_id=ids) from error


def error_that_counts(exchange: Exchange, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The error that counts: in a batch, the first order that is wrong by itself."""
    listed = answer.get("info")
    for row in listed if isinstance(listed, list) else ():
        if isinstance(row, dict) and exchange.safe_string(row, "code") not in (None, "0", BATCH):
            return row
    return answer


def raise_error(exchange: Exchange, status: int, url: str, method: str, error: Mapping[str, Any]) -> None:
    code, reason, message = (exchange.safe_string(error, key, "") for key in ("code", "reason", "message"))
    feedback = f"{exchange.id} " + exchange.redact(" ".join(filter(None, (code, reason, message))))
    exchange.throw_broadly_matched_exception(exchange.exceptions["broad"], message, feedback)
    if "/order/status" in url:
        exchange.throw_exactly_matched_exception(exchange.exceptions["looking up"], code, feedback)
        exchange.throw_exactly_matched_exception(exchange.exceptions["looking up"], reason, feedback)
    if "/order" in url:
        context = exchange.exceptions["placing" if method == "POST" else "looking"]
        exchange.throw_exactly_matched_exception(context, code, feedback)
        exchange.throw_exactly_matched_exception(context, reason, feedback)
    if method != "GET":
        exchange.throw_exactly_matched_exception(exchange.exceptions["doing"], code, feedback)
        exchange.throw_exactly_matched_exception(exchange.exceptions["doing"], reason, feedback)
    exchange.throw_exactly_matched_exception(exchange.exceptions["exact"], code, feedback)
    exchange.throw_exactly_matched_exception(exchange.exceptions["exact"], reason, feedback)
    by_status = exchange.exceptions["status"].get(str(status))
    if method != "GET" and status // 100 == 2 and code[:2] not in REFUSING:
        by_status = OperationFailed  # whether something was done is not known
    raise (by_status or refusals.class_by_status(exchange, status))(feedback)
