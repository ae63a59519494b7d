"""Each documented code and reason of bitmaxfutures, alone, and what a bot gets of it."""

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from tests.venues.profiles import PROFILES

PROFILE = PROFILES["bitmaxfutures"]

DOCUMENTED = """
100001 INVALID_HTTP_INPUT BadRequest
100002 DATA_NOT_AVAILABLE BadRequest
100003 KEY_CONFLICT BadRequest
100004 INVALID_REQUEST_DATA BadRequest
100005 INVALID_WS_REQUEST_DATA BadRequest
100006 INVALID_ARGUMENT BadRequest
100007 ENCRYPTION_ERROR AuthenticationError
100008 SYMBOL_ERROR BadSymbol
100009 AUTHORIZATION_NEEDED AuthenticationError
100010 INVALID_OPERATION OperationRejected
100011 INVALID_TIMESTAMP InvalidNonce
100012 INVALID_STR_FORMAT BadRequest
100013 INVALID_NUM_FORMAT BadRequest
100014 - RateLimitExceeded
100101 UNKNOWN_ERROR ExchangeError
150001 INVALID_JSON_FORMAT BadRequest
200001 AUTHENTICATION_FAILED AuthenticationError
200002 TOO_MANY_ATTEMPTS RateLimitExceeded
200003 ACCOUNT_NOT_FOUND AuthenticationError
200004 ACCOUNT_NOT_SETUP AccountNotEnabled
200005 ACCOUNT_ALREADY_EXIST BadRequest
200006 ACCOUNT_ERROR AuthenticationError
200007 CODE_NOT_FOUND AuthenticationError
200008 CODE_EXPIRED AuthenticationError
200009 CODE_MISMATCH AuthenticationError
200010 PASSWORD_ERROR AuthenticationError
200011 CODE_GEN_FAILED AuthenticationError
200012 FAKE_COKE_VERIFY AuthenticationError
200013 SECURITY_ALERT PermissionDenied
200014 RESTRICTED_ACCOUNT AccountSuspended
200015 PERMISSION_DENIED PermissionDenied
300001 INVALID_PRICE InvalidOrder
300002 INVALID_QTY InvalidOrder
300003 INVALID_SIDE InvalidOrder
300004 INVALID_NOTIONAL InvalidOrder
300005 INVALID_TYPE InvalidOrder
300006 INVALID_ORDER_ID InvalidOrder
300007 INVALID_TIME_IN_FORCE InvalidOrder
300008 INVALID_ORDER_PARAMETER InvalidOrder
300009 TRADING_VIOLATION PermissionDenied
300011 INVALID_BALANCE InsufficientFunds
300012 INVALID_PRODUCT BadSymbol
300013 INVALID_BATCH_ORDER InvalidOrder
300014 TICK_SIZE_VIOLATION InvalidOrder
300020 TRADING_RESTRICTED PermissionDenied
300021 TRADING_DISABLED PermissionDenied
300031 NO_MARKET_PRICE InvalidOrder
310001 INVALID_MARGIN_BALANCE InsufficientFunds
310002 INVALID_MARGIN_ACCOUNT AccountNotEnabled
310003 MARGIN_TOO_RISKY InsufficientFunds
310004 INVALID_MARGIN_ASSET BadRequest
310005 INVALID_REFERENCE_PRICE ExchangeError
320008 FUTURES_TOO_RISKY InsufficientFunds
510001 SERVER_ERROR ExchangeNotAvailable
900001 HUMAN_CHALLENGE DDoSProtection
1900 - BadRequest
6010 - InsufficientFunds
21008 - PermissionDenied
60060 - OrderNotFound
"""
ROWS = [line.split() for line in DOCUMENTED.strip().splitlines()]

# By calls that read only, place, cancel, and look one order up, where it makes a difference.
ON_ORDERS = [
    ("100002", "DATA_NOT_AVAILABLE", "fetchOrder", "OrderNotFound"),
    ("100003", "KEY_CONFLICT", "createOrder", "DuplicateOrderId"),
    ("300006", "INVALID_ORDER_ID", "createOrder", "InvalidOrder"),
    ("300006", "INVALID_ORDER_ID", "cancelOrder", "OrderNotFound"),
    ("300006", "INVALID_ORDER_ID", "fetchOrder", "OrderNotFound"),
]


@pytest.fixture(scope="module")
def answers():
    """An exchange, and what it is answered."""
    told = []
    exchange, _ = PROFILE.offline("sync", lambda request: told[0])
    return exchange, told


def refused(answers, method, status, code, reason, message="no"):
    exchange, told = answers
    told[:] = [Answer({"code": int(code), "reason": reason, "message": message}, status)]
    with pytest.raises(ccxt.BaseError) as caught:
        call(exchange, method, *PROFILE.calls[method])
    return caught.type


@pytest.mark.parametrize(("code", "reason", "error"), ROWS)
def test_a_documented_code_or_reason(answers, code, reason, error):
    assert refused(answers, "fetchTicker", 200, code, "NEW") is getattr(ccxt, error)
    if reason != "-":
        assert refused(answers, "fetchTicker", 200, "1", reason) is getattr(ccxt, error)
    # The code counts first, whatever the status.
    assert refused(answers, "fetchTicker", 400, code, "SERVER_ERROR") is getattr(ccxt, error)


@pytest.mark.parametrize(("code", "reason", "method", "error"), ON_ORDERS)
def test_what_it_means_on_the_paths_of_orders(answers, code, reason, method, error):
    assert refused(answers, method, 200, code, "NEW") is getattr(ccxt, error)
    assert refused(answers, method, 200, "1", reason) is getattr(ccxt, error)


@pytest.mark.parametrize("message", ["Invalid Client Order Id: x", "Client Order Id too Long: x"])
def test_a_client_id_that_is_none_is_wrong_whatever_becomes_of_the_order(answers, message):
    for method in ("createOrder", "cancelOrder", "fetchOrder"):
        assert refused(answers, method, 200, "300006", "INVALID_ORDER_ID", message) is ccxt.InvalidOrder


@pytest.mark.parametrize("row", [("100101", "NEW"), ("1", "UNKNOWN_ERROR")])
@pytest.mark.parametrize("method", ["createOrder", "cancelOrder", "setLeverage"])
def test_an_unknown_error_leaves_open_what_was_done(answers, method, row):
    assert refused(answers, method, 200, *row) is ccxt.OperationFailed


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, "BadRequest"),
        (401, "AuthenticationError"),
        (403, "PermissionDenied"),
        (404, "BadRequest"),
        (418, "RateLimitExceeded"),
        (429, "RateLimitExceeded"),
        (500, "ExchangeNotAvailable"),
        (502, "ExchangeNotAvailable"),
        (503, "ExchangeNotAvailable"),
    ],
)
def test_the_status_counts_where_the_code_is_a_new_one(answers, status, error):
    assert refused(answers, "fetchTicker", status, "999999", "NEW") is getattr(ccxt, error)


@pytest.mark.parametrize("family", ["15", "20", "30", "31", "32"])
def test_any_code_of_a_family_of_refusals_is_one(answers, family):
    for method in ("createOrder", "cancelOrder", "setLeverage"):
        assert refused(answers, method, 200, f"{family}0999", "NEW") is ccxt.ExchangeError
        assert refused(answers, method, 200, f"9{family}099", "NEW") is ccxt.OperationFailed
