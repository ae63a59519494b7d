"""The codes of BitMax, by which its refusals are told; each with its reason."""

import ccxt

# Those whose meaning is that of such words.
OF_WORDS = {
    "Insufficient funds": (300011, "INVALID_BALANCE"),
    "Insufficient balance": (300011, "INVALID_BALANCE"),
    "Balance not enough": (310001, "INVALID_MARGIN_BALANCE"),
    "Not enough money": (310003, "MARGIN_TOO_RISKY"),
    "Too many requests": (200002, "TOO_MANY_ATTEMPTS"),
    "Invalid signature": (200001, "AUTHENTICATION_FAILED"),
    "Wrong signature": (200001, "AUTHENTICATION_FAILED"),
    "Invalid API key": (200001, "AUTHENTICATION_FAILED"),
    "Wrong nonce": (100011, "INVALID_TIMESTAMP"),
    "Permission denied": (200015, "PERMISSION_DENIED"),
    "Unknown error": (100101, "UNKNOWN_ERROR"),
    "Internal server error": (510001, "SERVER_ERROR"),
    "System maintenance": (510001, "SERVER_ERROR"),
    "Service temporarily unavailable": (510001, "SERVER_ERROR"),
    "Order not found": (300006, "INVALID_ORDER_ID"),
    "Order does not exist": (300006, "INVALID_ORDER_ID"),
    "Order already filled": (60060, ""),
    "Order already canceled": (60060, ""),
    "Pair not found": (300012, "INVALID_PRODUCT"),
    "Unknown symbol": (100008, "SYMBOL_ERROR"),
    "Minimum amount is 0.01": (300002, "INVALID_QTY"),
    "Bad request": (100006, "INVALID_ARGUMENT"),
}
OF_OTHER_WORDS = (100010, "INVALID_OPERATION")


def refusing(text):
    """A refusal that means what these words say."""
    code, reason = OF_WORDS.get(text, OF_OTHER_WORDS)
    return {"code": code, "reason": reason, "message": text}


# The others, each with what it may be; and one that is not documented.
OTHERS = {
    "SOMETHING_NEW": (100999, (ccxt.ExchangeError, ccxt.OperationFailed)),
    "INVALID_HTTP_INPUT": (100001, (ccxt.BadRequest,)),
    "DATA_NOT_AVAILABLE": (100002, (ccxt.BadRequest, ccxt.OrderNotFound)),
    "KEY_CONFLICT": (100003, (ccxt.BadRequest, ccxt.DuplicateOrderId)),
    "INVALID_REQUEST_DATA": (100004, (ccxt.BadRequest,)),
    "INVALID_WS_REQUEST_DATA": (100005, (ccxt.BadRequest,)),
    "ENCRYPTION_ERROR": (100007, (ccxt.AuthenticationError,)),
    "AUTHORIZATION_NEEDED": (100009, (ccxt.AuthenticationError,)),
    "INVALID_STR_FORMAT": (100012, (ccxt.BadRequest,)),
    "INVALID_NUM_FORMAT": (100013, (ccxt.BadRequest,)),
    "": (100014, (ccxt.RateLimitExceeded,)),
    "INVALID_JSON_FORMAT": (150001, (ccxt.BadRequest,)),
    "ACCOUNT_NOT_FOUND": (200003, (ccxt.AuthenticationError,)),
    "ACCOUNT_NOT_SETUP": (200004, (ccxt.AccountNotEnabled,)),
    "ACCOUNT_ALREADY_EXIST": (200005, (ccxt.BadRequest,)),
    "ACCOUNT_ERROR": (200006, (ccxt.AuthenticationError,)),
    "CODE_NOT_FOUND": (200007, (ccxt.AuthenticationError,)),
    "SECURITY_ALERT": (200013, (ccxt.PermissionDenied,)),
    "RESTRICTED_ACCOUNT": (200014, (ccxt.AccountSuspended,)),
    "INVALID_PRICE": (300001, (ccxt.InvalidOrder,)),
    "INVALID_SIDE": (300003, (ccxt.InvalidOrder,)),
    "INVALID_NOTIONAL": (300004, (ccxt.InvalidOrder,)),
    "INVALID_TYPE": (300005, (ccxt.InvalidOrder,)),
    "INVALID_TIME_IN_FORCE": (300007, (ccxt.InvalidOrder,)),
    "INVALID_ORDER_PARAMETER": (300008, (ccxt.InvalidOrder,)),
    "TRADING_VIOLATION": (300009, (ccxt.PermissionDenied,)),
    "INVALID_BATCH_ORDER": (300013, (ccxt.InvalidOrder,)),
    "TICK_SIZE_VIOLATION": (300014, (ccxt.InvalidOrder,)),
    "TRADING_RESTRICTED": (300020, (ccxt.PermissionDenied,)),
    "TRADING_DISABLED": (300021, (ccxt.PermissionDenied,)),
    "NO_MARKET_PRICE": (300031, (ccxt.InvalidOrder,)),
    "INVALID_MARGIN_ACCOUNT": (310002, (ccxt.AccountNotEnabled,)),
    "INVALID_MARGIN_ASSET": (310004, (ccxt.BadRequest,)),
    "INVALID_REFERENCE_PRICE": (310005, (ccxt.ExchangeError,)),
    "FUTURES_TOO_RISKY": (320008, (ccxt.InsufficientFunds,)),
    "HUMAN_CHALLENGE": (900001, (ccxt.DDoSProtection,)),
}
