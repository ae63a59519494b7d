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

SYMBOL = "BTC/USDT:USDT"
BATCH = [{"symbol": SYMBOL, "type": "limit", "side": "buy", "amount": 0.1, "price": 9500}]
CALLS = {**PROFILE.calls, "createOrders": (BATCH,)}
CHANGING = ("createOrder", "cancelOrder", "setLeverage")


@pytest.fixture(scope="module")
def answers():
    """An exchange, and what it is answered."""
    told = []
    exchange, _ = PROFILE.offline("sync", lambda request: told[0])
    return exchange, told


def error_of(answers, method, answer):
    exchange, told = answers
    told[:] = [answer]
    with pytest.raises(ccxt.BaseError) as caught:
        call(exchange, method, *CALLS[method])
    return caught.value


def refused(answers, method, status, code, reason, message="no"):
    answer = Answer({"code": int(code), "reason": reason, "message": message}, status)
    return type(error_of(answers, method, answer))


@pytest.mark.parametrize(("code", "reason", "error"), ROWS)
def test_a_documented_code_or_reason(answers, code, reason, error):
    for status in (200, 400):
        assert refused(answers, "fetchTicker", status, code, "NEW") is getattr(ccxt, error)
        if reason != "-":
            assert refused(answers, "fetchTicker", status, "1", reason) is getattr(ccxt, error)
    # The code counts first.
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
@pytest.mark.parametrize("method", CHANGING)
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
    for method in CHANGING:
        assert refused(answers, method, 200, f"{family}0999", "NEW") is ccxt.ExchangeError
        assert refused(answers, method, 200, f"9{family}099", "NEW") is ccxt.OperationFailed


def test_a_new_code_of_a_call_that_reads_is_a_refusal(answers):
    error = error_of(answers, "fetchTicker", Answer({"code": 999999, "reason": "NEW", "message": "no"}))
    assert type(error) is ccxt.ExchangeError and str(error) == "bitmaxfutures 999999 NEW no"


@pytest.mark.parametrize("method", CHANGING)
def test_a_new_code_with_a_success_leaves_open_what_was_done(answers, method):
    for status in (200, 299):
        assert refused(answers, method, status, "999999", "NEW") is ccxt.OperationFailed
    assert refused(answers, method, 300, "999999", "NEW") is ccxt.ExchangeNotAvailable
    assert refused(answers, method, 400, "999999", "NEW") is ccxt.BadRequest


@pytest.mark.parametrize(
    "beside",
    [
        {"orderId": "a1"},
        {"info": {"orderId": "a1"}},
        {"info": ["odd", {"orderId": ""}, {"orderId": "a1"}, {"orderId": "a1"}]},
        {"data": {"orderId": "a1"}},
        {"data": [{"orderId": "a1"}]},
        {"data": {"order": {"orderId": "a1"}}},
        {"data": {"info": {"orderId": "a1"}}},
        {"data": {"orders": [{"orderId": "a1"}]}},
    ],
    ids=str,
)
def test_an_order_may_be_open_whose_refusal_tells_an_id(answers, beside):
    answer = Answer({"code": 300001, "reason": "INVALID_PRICE", **beside})
    for method in ("createOrder", "createOrders"):
        error = error_of(answers, method, answer)
        assert (error.outcome, error.order_id) == ("unknown", "a1")
    for method in ("cancelOrder", "setLeverage"):
        error = error_of(answers, method, answer)
        assert type(error) is ccxt.InvalidOrder and not hasattr(error, "outcome")


def test_in_a_batch_the_first_order_counts_that_is_wrong_by_itself(answers):
    batch = {"code": 300013, "reason": "INVALID_BATCH_ORDER"}
    rows = [batch, "odd", {"id": "x"}, {"code": 0}, {"code": 300011}, {"code": 300012}]
    for method in ("createOrder", "cancelOrder"):
        assert type(error_of(answers, method, Answer({**batch, "info": rows}))) is ccxt.InsufficientFunds
        assert (
            type(error_of(answers, method, Answer({**batch, "info": {"code": 300011}}))) is ccxt.InvalidOrder
        )
