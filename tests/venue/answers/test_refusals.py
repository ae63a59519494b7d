"""What the status of an answer means that has no words of the venue's."""

import ccxt
import pytest

from ccxt_ext.venue.answers.refusals import class_by_status, raise_refusal
from ccxt_ext.venues.bitmart2.rest_sync import bitmart2


@pytest.fixture
def exchange():
    exchange = bitmart2()
    exchange.exceptions = {"exact": {}, "broad": {}, "status": {}}
    return exchange


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (300, ccxt.ExchangeNotAvailable),
        (399, ccxt.ExchangeNotAvailable),
        (402, ccxt.ExchangeError),
        (499, ccxt.ExchangeError),
        (505, ccxt.ExchangeNotAvailable),
        (599, ccxt.ExchangeNotAvailable),
    ],
)
def test_a_page_of_a_proxy_goes_by_its_status(exchange, status, error):
    with pytest.raises(ccxt.BaseError) as caught:
        raise_refusal(exchange, status, "", None, "<html>")
    assert caught.type is error


@pytest.mark.parametrize("status", [200, 204, 299])
def test_a_success_without_words_is_no_refusal(exchange, status):
    assert raise_refusal(exchange, status, "", None, "<html>") is None
    assert class_by_status(exchange, status) is ccxt.ExchangeError


def test_a_venue_tells_what_503_means_there(exchange):
    assert class_by_status(exchange, 503) is ccxt.ExchangeNotAvailable
    exchange.exceptions["status"] = {
        "502": ccxt.BadRequest,
        "503": ccxt.OnMaintenance,
        "504": ccxt.BadRequest,
    }
    assert class_by_status(exchange, 503) is ccxt.OnMaintenance
    assert class_by_status(exchange, 502) is ccxt.ExchangeNotAvailable
    assert class_by_status(exchange, 504) is ccxt.RequestTimeout


def test_a_whole_text_counts_before_its_words_and_these_before_the_status(exchange):
    exchange.exceptions = {
        "exact": {"Too late": ccxt.InvalidNonce},
        "broad": {"late": ccxt.InvalidOrder},
        "status": {"400": ccxt.BadRequest},
    }
    for text, error in (
        ("Too late", ccxt.InvalidNonce),
        ("Much too late", ccxt.InvalidOrder),
        ("Too early", ccxt.BadRequest),
    ):
        with pytest.raises(ccxt.BaseError, match=f"^bitmart2 {text}$") as caught:
            raise_refusal(exchange, 400, "", text, "")
        assert caught.type is error


def test_a_code_that_nobody_listed_is_a_refusal_unless_the_venue_says_otherwise(exchange):
    with pytest.raises(ccxt.BaseError) as caught:
        raise_refusal(exchange, 200, "", "NEW", None)
    assert type(caught.value) is ccxt.ExchangeError
    # What such an error says of an order: nobody knows. A venue that always answers 200 can have it so.
    exchange.exceptions["status"]["200"] = ccxt.BadResponse
    with pytest.raises(ccxt.BadResponse) as caught:
        raise_refusal(exchange, 200, "", "NEW", None)
    assert isinstance(caught.value, ccxt.OperationFailed)
