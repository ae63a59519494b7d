"""A cancel without a clear answer, or whatever else does something: its error says that nobody knows."""

import asyncio

import aiohttp
import ccxt
import pytest
import requests

import ccxt_ext.pro
from ccxt_ext.testing.wire import Answer, call
from tests.venues.profiles import PROFILES

CANCELS = ("cancelOrder", "cancelOrders", "cancelAllOrders", "cancelOrderWithClientOrderId")
SETTINGS = ("setLeverage", "setMarginMode", "closePosition", "closeAllPositions")
EMULATED = {("bitexbit", "cancelAllOrders"), ("btex", "cancelAllOrders")}


class Cut(requests.ConnectionError, aiohttp.ServerDisconnectedError):
    def __init__(self):
        aiohttp.ServerDisconnectedError.__init__(self)


class Late(requests.Timeout, asyncio.TimeoutError):
    pass


LOST = {
    "cut": (Cut(), ccxt.ExchangeNotAvailable),
    "timeout": (Late(), ccxt.RequestTimeout),
    "502": (Answer("<html>Bad gateway</html>", 502, "text/html"), ccxt.ExchangeNotAvailable),
    "503": (Answer({"message": "Order not found"}, 503), ccxt.ExchangeNotAvailable),
    "no JSON": (Answer("<html>hello</html>", 200, "text/html"), ccxt.BadResponse),
    "nothing": (Answer("null"), ccxt.BadResponse),
}


def lost(id, kind, method, answer, **options):
    """The error of a call none of whose own requests is answered, and these requests."""
    profile = PROFILES[id]

    def answering(request):
        if isinstance(answer, Exception):
            raise answer
        return answer

    options = {**profile.config.get("options", {}), **options}
    exchange, wire = profile.offline(kind, answering, options=options)
    with pytest.raises(ccxt.BaseError) as caught:
        call(exchange, method, *profile.calls[method])
    own = [request for request in wire.requests if profile.backdrop(request) is None]
    return caught.value, own


def cases(methods):
    return [
        pytest.param(id, method, id=f"{id}-{method}")
        for id, profile in PROFILES.items()
        for method in methods
        if method in profile.calls and (id, method) not in EMULATED
    ]


def named(id, method):
    """The ids that a call names: the venue's and the caller's."""
    args = PROFILES[id].calls[method]
    if method == "cancelOrderWithClientOrderId":
        return None, args[0]
    ids = {"cancelOrder": args[:1], "cancelOrders": args[0], "cancelAllOrders": ()}[method]
    return (ids[0] if len(ids) == 1 else None), None


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize(("id", "method"), cases(CANCELS))
def test_a_cancel(id, method, kind):
    for name, (answer, error) in LOST.items():
        found, sent = lost(id, kind, method, answer)
        order, client = named(id, method)
        assert len(sent) == 1 or (id, method) == ("bitmart2", "cancelAllOrders"), name  # of each side
        assert isinstance(found, error), name
        assert found.outcome == "unknown", name
        if client is None:
            assert found.order_id == order and found.client_order_id is None, name
        else:
            assert found.order_id and found.client_order_id == client, name
        what = f"order {found.order_id}" if found.order_id and method != "cancelAllOrders" else "any of the"
        text = str(found)
        assert f"whether {what}" in text and "was cancelled is unknown" in text, name
        assert text.endswith(("and cancel it again if it is open", "and cancel that again")), name


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize(("id", "method"), cases(SETTINGS))
def test_what_may_be_asked_for_again(id, method, kind):
    if method in PROFILES[id].unsent:
        return
    for name, (answer, error) in LOST.items():
        found, _ = lost(id, kind, method, answer)
        assert isinstance(found, error) and found.outcome == "unknown", name
        assert (found.order_id, found.client_order_id) == (None, None), name
        assert "was carried out is unknown" in str(found), name


@pytest.mark.parametrize("id", PROFILES)
def test_a_clear_refusal_of_a_cancel_has_no_such_attribute(id):
    for answer in (Answer({"code": -1, "info": "Too many requests"}, 429), Answer({}, 429)):
        found, _ = lost(id, "sync", "cancelOrder", answer)
        assert isinstance(found, ccxt.RateLimitExceeded) and not hasattr(found, "outcome"), found


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("id", PROFILES)
def test_a_cancel_may_be_repeated(id, kind):
    again = {"maxRetriesOnFailure": 2, "maxRetriesOnFailureDelay": 0}
    found, sent = lost(id, kind, "cancelOrder", Cut(), **again)
    assert len(sent) == 3
    assert found.outcome == "unknown"


class Turns:
    """Answers one after the other."""

    def __init__(self, *answers):
        self.answers = list(answers)

    def __call__(self, request):
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_once_nobody_knows_a_refusal_of_another_try_changes_nothing_unless_it_tells_that_the_order_is_gone():
    limited, gone = Answer({"message": "Too many requests"}, 429), Answer({"message": "Order not found"}, 400)
    again = {"maxRetriesOnFailure": 1}
    for answer in (limited, gone):
        exchange, _ = PROFILES["bitmart2"].offline("sync", Turns(Cut(), answer), options=again)
        with pytest.raises((ccxt.RateLimitExceeded, ccxt.OrderNotFound)) as caught:
            call(exchange, "cancelOrder", "7", "BMX/ETH")
        assert getattr(caught.value, "outcome", None) == ("unknown" if answer is limited else None)


@pytest.mark.parametrize("id", PROFILES)
async def test_the_streaming_class(id):
    profile = PROFILES[id]

    def unanswered(request):
        raise Cut()

    exchange, wire = profile.offline("async", unanswered)
    pro = wire.exchange(getattr(ccxt_ext.pro, id), {**profile.credentials, **profile.config})
    pro.session = pro.wire_session
    pro.set_markets(exchange.markets)
    try:
        with pytest.raises(ccxt.ExchangeNotAvailable) as caught:
            await pro.cancel_order(*profile.calls["cancelOrder"])
        assert (caught.value.outcome, caught.value.order_id) == ("unknown", named(id, "cancelOrder")[0])
    finally:
        await pro.close()


def test_every_endpoint_that_does_something_says_so():
    """Reads that a venue wants sent by POST are the others."""
    reads = {
        *("btex/" + name for name in ("account_info", "active_orders", "active_positions", "myorders")),
        *("btex/" + name for name in ("mytrades", "mypositions", "order_match_results", "get_order_batch")),
        *("btex/getinfo", "bitmaxfutures/futures/free-margin", "bitmaxfutures/futures/order/open"),
        "bitmart2/authentication",
    }

    def leaves(tree):
        for name, entry in tree.items():
            if name in ("post", "put", "delete"):
                yield from entry.items()
            elif isinstance(entry, dict):
                yield from leaves(entry)

    for id, profile in PROFILES.items():
        for path, config in leaves(profile.kind("sync").metadata()["api"]):
            does = isinstance(config, dict) and not {"once", "cancels", "changes"}.isdisjoint(config)
            assert does != (f"{id}/{path}" in reads), (id, path)
