"""An order that the venue refused is not sent again, whatever is said of orders of unknown outcome."""

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from tests.venues.profiles import PROFILES

PROFILE = PROFILES["bitexasia"]  # it honours each client id once, so that sending again is safe
TOO_MANY = Answer({"message": "too many"}, 429)
GONE = Answer("<html>gone</html>", 502, "text/html")


def order(kind, *answers):
    left = list(answers)
    exchange, wire = PROFILE.offline(
        kind, lambda request: left.pop(0), options={"createOrder": {"retryUnknown": 3}}
    )
    symbol, amount, price = PROFILE.symbol, PROFILE.amount, PROFILE.price
    with pytest.raises(ccxt.BaseError) as caught:
        call(exchange, "create_order", symbol, "limit", "buy", amount, price, {"clientOrderId": "mine1"})
    return caught.value, [request for request in wire.requests if request.method == "POST"]


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_refused_order_is_not_sent_again(kind):
    error, sent = order(kind, TOO_MANY, *[GONE] * 9)
    assert isinstance(error, ccxt.RateLimitExceeded) and not hasattr(error, "outcome")
    assert len(sent) == 1


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_one_of_unknown_outcome_is_as_often_as_that_was_asked_for(kind):
    error, sent = order(kind, *[GONE] * 9)
    assert error.outcome == "unknown"
    assert len(sent) == 4
    assert len({request.body for request in sent}) == 1


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_once_it_is_unknown_a_refusal_does_not_make_it_known(kind):
    error, sent = order(kind, GONE, TOO_MANY, TOO_MANY, TOO_MANY)
    assert error.outcome == "unknown"
    assert len(sent) == 4
