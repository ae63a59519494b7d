"""No secret of any venue appears in a log line, an exception, a repr or verbose output."""

import json
import logging
import pickle
import traceback

import aiohttp
import ccxt
import pytest
import requests

from ccxt_ext.testing.wire import Answer, call
from tests.ids import IDS
from tests.venues.profiles import PROFILES

ids = pytest.mark.parametrize("id", IDS)
kinds = pytest.mark.parametrize("kind", ["sync", "async"])

# Every credential of a profile begins with it.
CANARY = "canary"


@pytest.fixture(autouse=True)
def everything_is_logged(caplog):
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="ccxt")
    caplog.set_level(logging.DEBUG, logger="ccxt.base.exchange")


def success(profile, method):
    answer = json.dumps(profile.sample(profile.samples[method][0]))
    return lambda request: Answer(answer)


def echo(request):
    """A venue, or a proxy before it, that repeats in its refusal all that it was sent."""
    told = " ".join((request.url, request.body, json.dumps(request.headers)))
    return Answer({"message": told, "code": 1, "msg": told, "error": told}, 400)


def echo_as_page(request):
    return Answer(f"<html>{request.url} {request.body} {request.headers}</html>", 502, "text/html")


def break_off(request):
    # Of both libraries at once, as this stands in for either.
    class Broken(requests.ConnectionError, aiohttp.ClientConnectionError):
        pass

    raise Broken(f"{request.url} {request.headers} {request.body}")


def told_by(error):
    """All that a caller, a log or a crash report can make of an exception."""
    texts = [str(error), repr(error), str(error.args)]
    texts.append("".join(traceback.format_exception(type(error), error, error.__traceback__)))
    return "\n".join(texts)


@ids
@kinds
@pytest.mark.parametrize("verbose", [False, True])
@pytest.mark.parametrize("world", ["success", "echo", "echo_as_page", "break_off"])
def test_calls(id, kind, verbose, world, caplog, capsys):
    profile = PROFILES[id]
    assert all(str(value).startswith(CANARY) for value in profile.credentials.values())
    for method, arguments in profile.calls.items():
        answer = success(profile, method) if world == "success" else globals()[world]
        exchange, wire = profile.offline(kind, answer, verbose=verbose)
        sent_before = len(wire.requests)
        told = ""
        try:
            call(exchange, method, *arguments)
        except ccxt.BaseError as error:
            # What is listed as open stays so.
            assert world != "success" or (method == "cancelAllOrders" and "left open" in str(error))
            told = told_by(error)
        assert len(wire.requests) > sent_before
        assert CANARY not in told, method
        del exchange
    output = capsys.readouterr()
    assert caplog.text and (output.out or not verbose)
    for text in (caplog.text, output.out, output.err):
        assert CANARY not in text


@ids
@kinds
def test_what_is_looked_for_is_really_sent(id, kind):
    """Otherwise the test above would prove nothing."""
    profile = PROFILES[id]
    exchange, wire = profile.offline(kind, echo)
    with pytest.raises(ccxt.BaseError) as caught:
        call(exchange, "fetch_balance")
    request = wire.requests[-1]
    assert CANARY in request.url + request.body + str(request.headers)
    assert "***" in str(caught.value)


@ids
@kinds
def test_the_exchange_itself(id, kind):
    exchange, _ = PROFILES[id].offline(kind, echo)
    for text in (repr(exchange), str(exchange), f"{exchange}"):
        assert CANARY not in text
    assert CANARY not in pickle.dumps(ccxt.ExchangeError(str(exchange))).decode("latin-1")


@ids
@kinds
def test_an_order_with_wrong_arguments(id, kind, caplog):
    profile = PROFILES[id]
    exchange, _ = profile.offline(kind, echo)
    for symbol, amount in ((profile.symbol, -1), ("NO/SUCH", 1)):
        with pytest.raises(ccxt.BaseError) as caught:
            call(exchange, "create_order", symbol, "limit", "buy", amount, profile.price)
        assert CANARY not in told_by(caught.value)
    assert CANARY not in caplog.text
