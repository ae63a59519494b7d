"""What a venue may say in its own words, and what a bot gets of it.

An order whose fate the words leave open is another matter: chapter 12 of the conformance suite.
"""

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from tests.venues.profiles import PROFILES

ENVELOPES = {
    "bitmart2": lambda text, status: Answer({"message": text}, status or 400),
    "btex": lambda text, status: Answer({"code": -1, "info": text, "data": {}}, status or 200),
    "bitexbit": lambda text, status: Answer({"error": text}, status or 400),
    "bitexasia": lambda text, status: Answer({"error": {"code": "NEW", "message": text}}, status or 400),
}

# The text, and the exception of a call that reads; with others where a new or an old order changes it.
EVERYWHERE = [
    ("The nonce is too low", "InvalidNonce"),
    ("Wrong signature", "AuthenticationError"),
    ("Bad API key", "AuthenticationError"),
    ("Your key has no permission", "PermissionDenied"),
    ("Too many requests, slow down", "RateLimitExceeded"),
    ("Down for maintenance", "OnMaintenance"),
    ("Temporarily unavailable", "ExchangeNotAvailable"),
    ("Unknown error", "ExchangeNotAvailable"),
    ("Balance not enough", "InsufficientFunds"),
    ("Insufficient balance", "InsufficientFunds"),
]
SOME = {
    "bitmart2": [
        ("Request param status is not present", "BadRequest"),
        ("Invalid status", "BadRequest"),
        ("Maximum price is 5", "InvalidOrder"),
        ("Place order error", "InvalidOrder"),
        ("X-BM-TIMESTAMP is out of range", "InvalidNonce"),
        ("Unauthorized", "AuthenticationError"),
        ("Visit too often", "RateLimitExceeded"),
        ("Invalid symbol", "BadSymbol"),
        ("Unknown symbol", "BadSymbol"),
        ("Symbol was not found", "BadSymbol"),
        ("Pair A_B not found", "BadSymbol"),
        ("Internal Server Error", "ExchangeNotAvailable"),
        ("Something new", "BadRequest"),
    ],
    "btex": [
        ("sign error", "AuthenticationError"),
        ("签名错误", "AuthenticationError"),
        ("access_key is wrong", "AuthenticationError"),
        ("unknown access key", "AuthenticationError"),
        ("contract BTC_1 expired", "ContractUnavailable"),
        ("the pair has expired", "ContractUnavailable"),
        ("bad timestamp", "InvalidNonce"),
        ("request expired", "InvalidNonce"),
        ("请求过期", "InvalidNonce"),
        ("没有权限", "PermissionDenied"),
        ("余额不足", "InsufficientFunds"),
        ("contract does not exist", "BadSymbol"),
        ("contract was not found", "BadSymbol"),
        ("pair does not exist", "BadSymbol"),
        ("pair was not found", "BadSymbol"),
        ("unknown contract", "BadSymbol"),
        ("unknown pair", "BadSymbol"),
        ("unknown symbol", "BadSymbol"),
        ("invalid symbol", "BadSymbol"),
        ("the order was already filled", "OrderNotFound"),
        ("the order is already canceled", "OrderNotFound"),
        ("order already cancelled", "OrderNotFound"),
        ("order does not exist", "OrderNotFound"),
        ("order was not found", "OrderNotFound"),
        ("委托不存在", "OrderNotFound"),
        ("too frequent", "RateLimitExceeded"),
        ("asked too frequently", "RateLimitExceeded"),
        ("too many", "RateLimitExceeded"),
        ("操作频繁", "RateLimitExceeded"),
        ("系统维护", "OnMaintenance"),
        ("server error", "ExchangeNotAvailable"),
        ("system error", "ExchangeNotAvailable"),
        ("系统错误", "ExchangeNotAvailable"),
        ("trading is suspended", "MarketClosed"),
        ("suspend", "MarketClosed"),
        ("暂停交易", "MarketClosed"),
        ("something new", "ExchangeError"),
    ],
    "bitexbit": [
        ("Out of balance", "InsufficientFunds"),
        ("Insufficient funds", "InsufficientFunds"),
        ("Not enough money", "InsufficientFunds"),
        ("Not enough funds", "InsufficientFunds"),
        ("Not enough USDT balance", "InsufficientFunds"),
        ("Over the rate limit", "RateLimitExceeded"),
        ("You ask too often", "RateLimitExceeded"),
        ("Wrong sign", "AuthenticationError"),
        ("Internal server error", "ExchangeNotAvailable"),
        ("Wrong pair", "BadSymbol"),
        ("Wrong symbol", "BadSymbol"),
        ("Something new", "BadRequest"),
    ],
    "bitexasia": [
        ("Out of balance", "InsufficientFunds"),
        ("Insufficient funds", "InsufficientFunds"),
        ("Not enough money", "InsufficientFunds"),
        ("Not enough funds", "InsufficientFunds"),
        ("Over the rate limit", "RateLimitExceeded"),
        ("You ask too often", "RateLimitExceeded"),
        ("Wrong sign", "AuthenticationError"),
        ("Internal server error", "ExchangeNotAvailable"),
        ("Pair not found", "BadSymbol"),
        ("Symbol A/B was not found", "BadSymbol"),
        ("Unknown pair", "BadSymbol"),
        ("Unknown symbol", "BadSymbol"),
        ("Something new", "BadRequest"),
    ],
}
ON_ORDERS = {
    "bitmart2": [],
    "btex": [
        ("bad price", "createOrder", "InvalidOrder"),
        ("bad amount", "createOrder", "InvalidOrder"),
        ("bad leverage", "createOrder", "InvalidOrder"),
        ("below the minimum", "createOrder", "InvalidOrder"),
        ("above the maximum", "createOrder", "InvalidOrder"),
        ("bad price", "fetchBalance", "ExchangeError"),
    ],
    "bitexbit": [
        ("Wrong precision", "createOrder", "InvalidOrder"),
        ("Below the minimum", "createOrder", "InvalidOrder"),
        ("Above the maximum", "createOrder", "InvalidOrder"),
        ("Wrong amount", "createOrder", "InvalidOrder"),
        ("Wrong price", "createOrder", "InvalidOrder"),
        ("Pair not found", "createOrder", "BadSymbol"),
        ("Unknown symbol", "cancelOrder", "BadSymbol"),
    ],
    "bitexasia": [],
}
GONE = [
    ("Order 5 was not found", "OrderNotFound"),
    ("The order does not exist", "OrderNotFound"),
    *(
        (f"Order {verb} {end}", "OrderNotFound")
        for verb in ("is", "was", "has been", "already")
        for end in ("done", "filled", "executed", "canceled", "cancelled")
    ),
    ("No such order", "OrderNotFound"),
]
STATUSES = {
    "bitmart2": [
        (401, "AuthenticationError"),
        (403, "PermissionDenied"),
        (404, "BadRequest"),
        (503, "OnMaintenance"),
    ],
    "btex": [(503, "ExchangeNotAvailable")],
    "bitexbit": [
        (401, "AuthenticationError"),
        (403, "PermissionDenied"),
        (404, "BadRequest"),
        (502, "ExchangeNotAvailable"),
        (503, "ExchangeNotAvailable"),
    ],
    "bitexasia": [
        (401, "AuthenticationError"),
        (403, "PermissionDenied"),
        (404, "BadRequest"),
        (409, "InvalidOrder"),
        (422, "BadRequest"),
        (503, "ExchangeNotAvailable"),
    ],
}
CODES = {
    "INVALID_REQUEST": "BadRequest",
    "INVALID_ORDER": "InvalidOrder",
    "INVALID_PRICE": "InvalidOrder",
    "INVALID_SIZE": "InvalidOrder",
    "INSUFFICIENT_BALANCE": "InsufficientFunds",
    "MARKET_CLOSED": "MarketClosed",
    "INVALID_API_KEY": "AuthenticationError",
    "INVALID_SIGNATURE": "AuthenticationError",
    "INVALID_TIMESTAMP": "InvalidNonce",
    "NONCE_REUSED": "InvalidNonce",
    "IP_NOT_ALLOWED": "PermissionDenied",
    "INSUFFICIENT_SCOPE": "PermissionDenied",
    "PAIR_NOT_FOUND": "BadSymbol",
    "ORDER_NOT_FOUND": "OrderNotFound",
    "DUPLICATE_CLIENT_ORDER_ID": "DuplicateOrderId",
    "RATE_LIMITED": "RateLimitExceeded",
    "INTERNAL_ERROR": "ExchangeNotAvailable",
    "MAINTENANCE": "OnMaintenance",
}


@pytest.fixture(scope="module")
def refused():
    """What a call of a venue raises when it is answered so."""
    told = []
    made = {id: PROFILES[id].offline("sync", lambda request: told[0])[0] for id in ENVELOPES}

    def refuse(id, method, answer):
        told[:] = [answer]
        with pytest.raises(ccxt.BaseError) as caught:
            call(made[id], method, *PROFILES[id].calls[method])
        return caught.value

    return refuse


def is_of(error, name):
    """A venue may have a subclass of its own; a bot catches ccxt's."""
    return getattr(ccxt, name) in type(error).__mro__[:2]


@pytest.mark.parametrize(
    ("id", "text", "name"),
    [(id, *row) for id in ENVELOPES for row in (*EVERYWHERE, *SOME[id])],
)
def test_on_a_call_that_reads(refused, id, text, name):
    assert is_of(refused(id, "fetchBalance", ENVELOPES[id](text, None)), name)


@pytest.mark.parametrize(
    ("id", "text", "method", "name"), [(id, *row) for id in ENVELOPES for row in ON_ORDERS[id]]
)
def test_on_a_call_about_an_order(refused, id, text, method, name):
    assert is_of(refused(id, method, ENVELOPES[id](text, None)), name)


@pytest.mark.parametrize("id", ["bitexbit", "bitexasia"])
@pytest.mark.parametrize(("text", "name"), GONE)
def test_on_an_order_that_is_not_open_any_more(refused, id, text, name):
    error = refused(id, "cancelOrder", ENVELOPES[id](text, None))
    assert is_of(error, name) and getattr(error, "outcome", None) is None


EVERYWHERE_STATUSES = [(429, "RateLimitExceeded"), (500, "ExchangeNotAvailable")]


@pytest.mark.parametrize(
    ("id", "status", "name"),
    [(id, *row) for id in ENVELOPES for row in (*EVERYWHERE_STATUSES, *STATUSES[id])],
)
def test_the_status_counts_where_the_words_are_new(refused, id, status, name):
    assert is_of(refused(id, "fetchBalance", ENVELOPES[id]("Something new", status)), name)


@pytest.mark.parametrize(
    ("id", "text", "name"),
    [(id, *row) for id in ("bitmart2", "bitexasia") for row in (*EVERYWHERE, *SOME[id][:-1])],
)
def test_words_count_before_the_status(refused, id, text, name):
    for status in (403, 404, 409):
        assert is_of(refused(id, "fetchBalance", ENVELOPES[id](text, status)), name)


@pytest.mark.parametrize(("code", "name"), CODES.items())
def test_the_code_counts_before_the_words_and_the_status(refused, code, name):
    other = "Wrong signature" if name != "AuthenticationError" else "Down for maintenance"
    for status in (400, 500):
        answer = Answer({"error": {"code": code, "message": other}}, status)
        # With a 5xx nothing is certain of an order.
        told = "ExchangeNotAvailable" if (status, name) == (500, "OrderNotFound") else name
        assert is_of(refused("bitexasia", "fetchBalance", answer), told)
