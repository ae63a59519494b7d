"""The opening price that a ticker does not tell is a price of the market, and one at which it traded."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccxt_ext.venue.answers.tickers import nearest_price, nearest_prices
from ccxt_ext.venues.bitmart2.rest_sync import bitmart2

MARKET = {"symbol": "A/B", "precision": {"price": 0.000001}}


def safe(market=MARKET, **fields):
    return bitmart2().safe_ticker({"symbol": "A/B", **fields}, market)


def test_the_market_opened_at_its_high():
    """The change is rounded by the venue, so that ccxt's price is above all that were paid."""
    told = safe(last="0.15", percentage="-1.54508197", high="0.152354", low="0.149")
    assert told["open"] == 0.152354
    assert told["change"] == pytest.approx(0.15 - 0.152354, abs=1e-12)
    assert told["average"] == pytest.approx((0.15 + 0.152354) / 2, abs=1e-6)
    assert told["percentage"] == -1.54508197


@pytest.mark.parametrize(
    ("fields", "opening"),
    [
        ({"last": "100", "percentage": "25"}, 80),
        ({"last": "100", "percentage": "30"}, 76.923077),
        ({"last": "100", "percentage": "30", "low": "77"}, 77),
        ({"last": "100", "percentage": "-30", "high": "120"}, 120),
        ({"last": "100", "change": "40.0000004"}, 60),
        ({"close": "100", "change": "-1", "percentage": "7"}, 101),
        ({"last": "100", "percentage": "-100"}, None),
        ({"last": "100", "percentage": "30", "open": "76.92307692"}, 76.92307692),
        ({"last": "100"}, None),
        ({"percentage": "3"}, None),
    ],
)
def test_what_is_derived(fields, opening):
    assert safe(**fields)["open"] == opening


def test_a_market_without_a_step():
    for market in (None, {"symbol": "A/B", "precision": {"price": None}}):
        assert safe(market, last="100", percentage="30")["open"] == 76.92307692307692
        assert safe(market, last="100", percentage="30", low="80")["open"] == 80


UNIT = 10**18
whole = st.integers(1, 10**24)


@given(whole, st.none() | st.integers(1, 10**19), st.none() | whole, st.none() | whole)
def test_many_are_as_one(derived, step, low, high):
    def text(number):
        return None if number is None else format(Decimal(number).scaleb(-18), "f")

    bounds = [None if bound is None else [bound] for bound in (low, high)]
    assert (
        Decimal(nearest_price(text(derived), text(step), text(low), text(high))) * UNIT
        == nearest_prices([derived], step, *bounds)[0]
    )
