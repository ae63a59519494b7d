"""What is known of a key's orders, by itself."""

import pytest

from ccxt_ext.venue.keys.shared import Memory
from ccxt_ext.venue.settling.asked import Wanted
from ccxt_ext.venue.settling.docket import OLDEST_MS, UNDER_WAY, UNKNOWN, Docket

SYMBOL = "BTC/USDT"


def wanted():
    return Wanted(symbol=SYMBOL, type="limit", side="buy", amount=1, price=2, params={})


@pytest.fixture
def kept():
    return Docket(Memory())


@pytest.fixture
def orders(kept):
    """Three that are under way, one after the other."""
    orders = [wanted() for _ in range(3)]
    for began, order in enumerate(orders):
        kept.begins(order, began, began)
    return orders


def states(docket):
    return [(entry["token"], entry["state"]) for entry in docket.entries(SYMBOL)]


@pytest.mark.parametrize("place", range(3))
def test_one_of_them_changes_or_ends_and_the_others_stay(kept, orders, place):
    kept.becomes(orders[place], UNKNOWN, 5, ended=4)
    tokens = [order.token for order in orders]
    assert states(kept) == [(token, UNKNOWN if at == place else UNDER_WAY) for at, token in enumerate(tokens)]
    assert kept.entries(SYMBOL)[place]["ended"] == 4
    kept.ends(orders[place], 6)
    assert states(kept) == [(token, UNDER_WAY) for at, token in enumerate(tokens) if at != place]


def test_of_one_that_is_not_there_nothing_changes(kept, orders):
    before = kept.entries(SYMBOL)
    kept.becomes(wanted(), UNKNOWN, 5)
    kept.ends(wanted(), 5)
    assert kept.entries(SYMBOL) == before


def test_what_is_old_is_forgotten(kept, orders):
    kept.ends(orders[2], OLDEST_MS)
    assert states(kept) == [(orders[1].token, UNDER_WAY)]
    kept.ends(orders[1], OLDEST_MS)
    assert kept.entries(SYMBOL) == []
