"""Words by which venues refuse, for those that document none; see words.py for how they are matched."""

from ccxt.base.errors import (
    AuthenticationError,
    BadSymbol,
    ExchangeNotAvailable,
    InsufficientFunds,
    InvalidNonce,
    OnMaintenance,
    OrderNotFound,
    PermissionDenied,
    RateLimitExceeded,
)

NOT_ENOUGH = dict.fromkeys(
    (
        "out of balance",
        "insufficient fund",
        "insufficient balance",
        "not enough + money",
        "not enough + fund",
        "not enough + balance",
        "balance + not enough",
    ),
    InsufficientFunds,
)

NO_MARKET = dict.fromkeys(
    ("pair + not found", "symbol + not found", "unknown pair", "unknown symbol"),
    BadSymbol,
)

# Of any call. The last three leave open what became of it.
ANY_CALL = {
    "maintenance": OnMaintenance,
    "too many requests": RateLimitExceeded,
    "rate limit": RateLimitExceeded,
    "too often": RateLimitExceeded,
    "nonce": InvalidNonce,
    "signature": AuthenticationError,
    "sign": AuthenticationError,
    "api key": AuthenticationError,
    "permission": PermissionDenied,
    "unavailable": ExchangeNotAvailable,
    "internal server error": ExchangeNotAvailable,
    "unknown error": ExchangeNotAvailable,
}

# Of an order that is looked for: nothing that can also be said of one that is open.
GONE = dict.fromkeys(
    (
        "order + not found",
        "order + does not exist",
        "no such order",
        *(
            f"order + {verb} {end}"
            for verb in ("is", "was", "been", "already")
            for end in ("done", "filled", "executed", "canceled", "cancelled")
        ),
    ),
    OrderNotFound,
)
