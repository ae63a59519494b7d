"""An order exactly at a market's least or most is taken, and one beyond it is refused before it is sent."""

import ccxt
import pytest

from ccxt_ext.venue.orders import checks
from tests.venues.profiles import PROFILES


@pytest.fixture
def taking():
    """An exchange whose market has these limits, and orders of which amount and price it takes."""
    profile = PROFILES["bitexasia"]
    exchange, _ = profile.offline("sync", lambda request: None)
    market = exchange.market(profile.symbol)
    market["precision"] = {"amount": 0.1, "price": 0.1}
    market["limits"] = {
        "amount": {"min": 0.5, "max": 2},
        "price": {"min": 1, "max": 9},
        "cost": {"min": 3, "max": 16},
    }
    return lambda amount, price: checks.check_order(exchange, profile.symbol, "buy", amount, price)


@pytest.mark.parametrize(("amount", "price"), [(0.5, 8), (2, 8), (2, 1.5), (1.5, 9)])
def test_an_order_exactly_at_a_limit_is_taken(taking, amount, price):
    assert tuple(map(float, taking(amount, price))) == (amount, price)


@pytest.mark.parametrize(
    ("amount", "price", "words"),
    [
        (0.4, 8, "amount 0.4 is below the minimum 0.5"),
        (2.1, 2, "amount 2.1 is above the maximum 2"),
        (2, 0.9, "price 0.9 is below the minimum 1"),
        (0.5, 9.1, "price 9.1 is above the maximum 9"),
        (1, 2.9, "cost 2.9 is below the minimum 3"),
        (2, 8.1, "cost 16.2 is above the maximum 16"),
    ],
)
def test_an_order_beyond_a_limit_is_refused(taking, amount, price, words):
    with pytest.raises(ccxt.InvalidOrder, match=words):
        taking(amount, price)
