"""What the shared client adds to ccxt's: uniform errors, orders sent once, secrets kept."""

import asyncio
import logging

import ccxt
import pytest
import requests

from ccxt_ext.venue.answers.failures_sync import error_for_caller as told_error
from ccxt_ext.venue.answers.failures_sync import unreadable_answer
from ccxt_ext.venue.answers.refusals import raise_refusal
from ccxt_ext.venue.orders.outcomes import parse_order_answer
from ccxt_ext.venues.bitmart2.rest import bitmart2 as async_bitmart2
from ccxt_ext.venues.bitmart2.rest_sync import bitmart2 as sync_bitmart2
from tests.odd_errors import Demanding
from tests.venue.streams.toy_streams import Toy
from tests.venues.bitmart2.listings import listing


@pytest.fixture
def exchange():
    exchange = sync_bitmart2(
        {"apiKey": "apikey", "secret": "secret", "uid": "memo", "token": "mytoken", "rateLimit": 0}
    )
    exchange.set_markets([exchange.parse_market(listing())])
    return exchange


def failing(error, calls):
    def fetch(*args, **kwargs):
        calls.append(args)
        raise error

    return fetch


@pytest.mark.parametrize(
    "error",
    [
        ccxt.RequestTimeout("bitmart2 POST"),
        ccxt.ExchangeNotAvailable("bitmart2 502"),
        ccxt.OnMaintenance("bitmart2 503"),
        ccxt.NetworkError("bitmart2 cut"),
        ccxt.BadResponse("bitmart2 garbage"),
    ],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("retries", ["option", "params"])
def test_an_order_of_unknown_outcome_is_sent_once_and_says_so(exchange, error, retries):
    calls = []
    exchange.fetch = failing(error, calls)
    params = {}
    if retries == "option":
        exchange.options["maxRetriesOnFailure"] = 3
    else:
        params = {"maxRetriesOnFailure": 3}
    with pytest.raises(type(error), match=r"outcome|unknown: look it up"):
        exchange.create_order("BMX/ETH", "limit", "buy", 1, 1, params)
    assert len(calls) == 1


@pytest.mark.parametrize(
    "error",
    [
        ccxt.InsufficientFunds("bitmart2 Insufficient balance"),
        ccxt.RateLimitExceeded("bitmart2 Too many requests"),
        ccxt.InvalidNonce("bitmart2 Invalid X-BM-TIMESTAMP"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_refused_order_is_not_called_unknown(exchange, error):
    exchange.fetch = failing(error, [])
    with pytest.raises(type(error)) as caught:
        exchange.create_order("BMX/ETH", "limit", "buy", 1, 1)
    assert str(caught.value) == str(error)


@pytest.mark.parametrize("text", ["Insufficient capacity", "Too many requests", "Place order error"])
def test_a_clear_text_with_a_5xx_leaves_the_outcome_open(exchange, text):
    def fetch(url, method, headers, body, status=502):
        exchange.on_rest_response(status, "", url, method, {}, "", headers, body)
        raise_refusal(exchange, status, "", text, "")

    exchange.fetch = fetch
    with pytest.raises(ccxt.BaseError, match="unknown: look it up"):
        exchange.create_order("BMX/ETH", "limit", "buy", 1, 1)
    exchange.fetch = lambda *args: fetch(*args, status=400)
    with pytest.raises(ccxt.BaseError) as caught:
        exchange.create_order("BMX/ETH", "limit", "buy", 1, 1)
    assert "unknown" not in str(caught.value)


def test_an_order_whose_answer_has_no_id_is_of_unknown_outcome(exchange):
    exchange.fetch = lambda *args: {}
    with pytest.raises(ccxt.BadResponse, match="unknown: look it up"):
        exchange.create_order("BMX/ETH", "limit", "buy", 1, 1)


def test_reads_are_retried_as_ccxt_does(exchange):
    calls = []
    exchange.fetch = failing(ccxt.RequestTimeout("bitmart2 GET"), calls)
    with pytest.raises(ccxt.RequestTimeout):
        exchange.fetch_balance({"maxRetriesOnFailure": 2})
    assert len(calls) == 3


def test_a_refused_time_is_measured_anew_when_asked_to(exchange):
    exchange.options["adjustForTimeDifference"] = True
    exchange.options["createOrder"]["lookUp"] = False
    exchange.milliseconds = lambda: 1_000_000
    stamps = []

    def fetch(url, method, headers, body):
        if url.endswith("/time"):
            return {"server_time": 400_000}
        if method == "GET":
            return {"entrust_id": 7}  # the order is looked up as well
        stamps.append(headers["X-BM-TIMESTAMP"])
        if len(stamps) == 1:
            raise ccxt.InvalidNonce("bitmart2 Invalid X-BM-TIMESTAMP")
        return {"entrust_id": 7}

    exchange.fetch = fetch
    assert exchange.create_order("BMX/ETH", "limit", "buy", 1, 1)["id"] == "7"
    assert stamps == ["1000000", "400000"]
    assert exchange.options["timeDifference"] == 600_000


def test_the_clock_is_set_once_for_a_call(exchange):
    exchange.options["adjustForTimeDifference"] = True
    asked = []
    exchange.fetch_time = lambda params={}: asked.append(1) or 400_000
    calls = []
    exchange.fetch = failing(ccxt.InvalidNonce("bitmart2 Invalid X-BM-TIMESTAMP"), calls)
    with pytest.raises(ccxt.InvalidNonce) as caught:
        exchange.create_order("BMX/ETH", "limit", "buy", 1, 1)
    assert "unknown" not in str(caught.value)
    assert (len(asked), len(calls)) == (1, 2)


class Timed(Toy):
    """Names no option of its clock; its time is refused at first."""

    async def fetch_time(self, params={}):
        return 400_000

    def sign(self, path, *args, **kwargs):
        return {"url": f"{path}?{self.nonce()}", "method": "GET", "headers": None, "body": None}

    async def fetch(self, url, *args):
        self.urls_asked.append(url)
        if len(self.urls_asked) == 1:
            raise ccxt.InvalidNonce("toy: too early")
        return {}


@pytest.mark.parametrize("tells_its_time", [True, False])
async def test_a_venue_gets_its_clock_set_without_code_of_its_own(tells_its_time):
    exchange = Timed({"options": {"adjustForTimeDifference": True}})
    exchange.has["fetchTime"] = tells_its_time
    exchange.milliseconds = lambda: 1_000_000
    exchange.urls_asked = []
    if tells_its_time:
        assert await exchange.public_get_time() == {}
        assert exchange.urls_asked == ["time?1000000", "time?400000"]
    else:
        with pytest.raises(ccxt.InvalidNonce):
            await exchange.public_get_time()
        assert exchange.urls_asked == ["time?1000000"]
    await exchange.close()


def test_the_time_difference_is_taken_at_the_middle_of_the_round_trip(exchange):
    times = iter([1000, 1400])
    exchange.fetch_time = lambda params={}: 1100
    exchange.milliseconds = lambda: next(times)
    assert exchange.load_time_difference() == 100


class _Log(logging.Handler):
    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


def test_a_logger_of_the_callers_own_is_cleaned_too(exchange):
    logger, log = logging.Logger("mine", logging.DEBUG), _Log()
    logger.addHandler(log)
    exchange.logger = logger
    exchange.logger.debug("%s %s", "sent", {"X-BM-AUTHORIZATION": "Bearer mytoken", "key": "apikey"})
    exchange.logger = exchange.logger
    exchange.logger.debug("secret")
    assert log.lines == ["sent {'X-BM-AUTHORIZATION': 'Bearer ***', 'key': '***'}", "***"]


async def test_both_classes_name_a_refused_connection_alike():
    config = {"urls": {"api": {"rest": "http://127.0.0.1:9"}}}
    with pytest.raises(ccxt.ExchangeNotAvailable) as told:
        sync_bitmart2(config).fetch_time()
    exchange = async_bitmart2(config)
    with pytest.raises(ccxt.ExchangeNotAvailable) as told_async:
        await exchange.fetch_time()
    await exchange.close()
    assert type(told.value) is type(told_async.value) is ccxt.ExchangeNotAvailable


def causes(error):
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


async def test_causes_that_show_headers_in_their_repr_are_left_out():
    async def nonsense(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 abc\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(nonsense, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    keys = {"apiKey": "myapikey", "secret": "mysecret", "uid": "mymemo", "token": "mytoken"}
    exchange = async_bitmart2({**keys, "urls": {"api": {"rest": f"http://127.0.0.1:{port}"}}})
    exchange.set_markets([exchange.parse_market(listing())])
    with pytest.raises(ccxt.ExchangeNotAvailable) as caught:
        await exchange.fetch_balance()
    await exchange.close()
    server.close()
    await server.wait_closed()
    shown = "".join(repr(error) + str(error) for error in causes(caught.value))
    assert "ClientResponseError" in shown
    assert not [key for key in keys.values() if key in shown]


def test_a_time_that_a_5xx_refuses_is_no_reason_to_send_an_order_again(exchange):
    exchange.options["adjustForTimeDifference"] = True
    calls = []

    def fetch(url, method, headers, body):
        if url.endswith("/time"):
            return {"server_time": 400_000}
        calls.append(url)
        exchange.on_rest_response(502, "", url, method, {}, "", {}, body)
        raise ccxt.InvalidNonce("bitmart2 Invalid X-BM-TIMESTAMP")

    exchange.fetch = fetch
    with pytest.raises(ccxt.InvalidNonce, match="unknown: look it up"):
        exchange.create_order("BMX/ETH", "limit", "buy", 1, 1)
    assert len(calls) == 1


def test_an_order_of_unknown_outcome_tells_a_program(exchange):
    exchange.fetch = failing(Demanding(502, reason="bitmart2"), [])
    with pytest.raises(Demanding, match="502 bitmart2 - whether") as caught:
        exchange.create_order("BMX/ETH", "limit", "buy", 1, 1)
    error = caught.value
    assert (error.outcome, error.client_order_id, error.order_id) == ("unknown", None, None)
    assert error.status == 502
    assert not hasattr(error.__cause__, "outcome")


def test_what_is_known_of_an_order_is_kept_when_more_becomes_known(exchange):
    error = ccxt.BadResponse("no id")
    first = exchange.outcome_unknown(error, "mine", True)
    assert str(first).count("mine") == 1
    assert (first.client_order_id, first.order_id) == ("mine", None)
    second = exchange.outcome_unknown(first, order_id="7")
    assert str(second) == f"{first}; if there is one, its id is 7"
    assert (second.outcome, second.client_order_id, second.order_id) == ("unknown", "mine", "7")
    assert str(exchange.outcome_unknown(second, order_id="7")) == str(second)


def test_of_a_batch_each_id_is_told(exchange):
    told = exchange.outcome_unknown(ccxt.BadResponse("cut"), ["a", "b"], order_id=["1", "2"])
    assert (told.client_order_ids, told.order_ids) == (["a", "b"], ["1", "2"])
    assert (told.client_order_id, told.order_id) == (None, None)
    assert str(told).endswith(
        "by its clientOrderId a, b before sending it again; if there is one, its id is 1, 2"
    )


def test_an_answer_without_what_was_expected_tells_the_id_that_it_has(exchange):
    def parse(answer):
        raise ccxt.BadResponse("no side")

    with pytest.raises(ccxt.BadResponse) as caught:
        parse_order_answer(exchange, parse, {}, client_id="mine", order_id="7")
    assert (caught.value.client_order_id, caught.value.order_id) == ("mine", "7")


def test_an_error_that_is_cleaned_keeps_what_is_no_secret(exchange):
    error = Demanding(502, reason="mytoken")
    error.headers = {"Authorization": "mytoken"}
    told = told_error(exchange, exchange.outcome_unknown(error, "mine"))
    assert type(told) is Demanding and "502 ***" in str(told)
    assert (told.outcome, told.client_order_id, told.status) == ("unknown", "mine", 502)
    assert not hasattr(told, "headers")
    hidden = ccxt.NetworkError("clean")
    hidden.headers = {"Authorization": "mytoken"}
    assert not hasattr(told_error(exchange, hidden), "headers")
    assert hidden.headers


def test_what_cannot_be_sent_is_no_unreadable_answer(exchange):
    with pytest.raises(UnicodeEncodeError) as caught:
        "\ud800".encode()
    assert type(unreadable_answer(exchange, caught.value, "POST", "/orders")) is ccxt.BadRequest


def test_a_server_that_fails_is_not_believed_to_know_that_an_order_is_gone(exchange):
    answer = requests.Response()
    answer.reason, answer._content = "", b'{"message": "Order not found"}'
    exchange.session.request = lambda *args, **request: answer
    for answer.status_code, kind in ((400, ccxt.OrderNotFound), (500, ccxt.ExchangeNotAvailable)):
        for method in ("cancel_order", "fetch_order"):
            with pytest.raises(kind, match="Order not found"):
                getattr(exchange, method)("1", "BMX/ETH")
