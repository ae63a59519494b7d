"""ccxt's camel case: made once for a class, and as ccxt makes it for each exchange."""

import types

import ccxt
import pytest

import ccxt_ext
import ccxt_ext.async_support
import ccxt_ext.pro
from ccxt_ext.venue.surface import spelling
from tests.ids import IDS, PRO_IDS

CLASSES = [
    pytest.param(getattr(module, id), id=f"{module.__name__}.{id}")
    for module, ids in (
        (ccxt_ext, IDS),
        (ccxt_ext.async_support, IDS),
        (ccxt_ext.pro, PRO_IDS),
    )
    for id in ids
]


@pytest.fixture
def shown(monkeypatch):
    """How many names ccxt was shown, for each exchange that was made."""
    counts = []
    names = spelling.names_for_dir

    def counted(exchange):
        told = list(names(exchange))
        counts.append(len(told))
        return told

    monkeypatch.setattr(spelling, "names_for_dir", counted)
    return counts


def of_its_own(kind):
    """A class of which nothing was made yet."""
    return types.new_class("mine", (kind,))


def attributes(exchange):
    """What an exchange has, apart from values that are new each time."""
    return {name: type(value) for name, value in vars(exchange).items()}, set(dir(exchange))


@pytest.mark.parametrize("kind", CLASSES)
def test_the_next_exchange_is_as_the_first(kind, shown):
    mine = of_its_own(kind)
    first, second = mine(), mine()
    assert shown[1] < shown[0] / 3
    assert attributes(second) == attributes(first)
    assert {"fetchOrderBook", "fetch_order_book", "deepExtend"} <= set(dir(second))
    assert second.fetchOrderBook.__func__ is second.fetch_order_book.__func__


def test_a_method_that_is_put_into_the_class_later_has_both_names(shown):
    mine = of_its_own(ccxt_ext.btex)
    mine(), mine()
    mine.fetch_time = lambda self, params={}: 7
    assert mine().fetchTime() == 7
    assert shown[2] >= shown[0]
    mine()
    assert shown[3] < shown[0] / 3


@pytest.mark.parametrize("base", [ccxt_ext.btex, ccxt.Exchange])
def test_so_has_one_that_is_put_into_a_class_above_it(base, monkeypatch):
    mine = of_its_own(ccxt_ext.btex)
    mine(), mine()
    monkeypatch.setattr(base, "anything_new", lambda self: 8, raising=False)
    assert mine().anythingNew() == 8


def test_what_is_given_to_one_exchange_in_place_of_a_method_is_its_own():
    for given in ({}, {"fetch_time": lambda: 9}):
        mine = of_its_own(ccxt_ext.btex)
        mine(given)
        one, other = mine({"fetch_time": lambda: 9}), mine()
        assert (one.fetch_time(), one.fetchTime()) == (9, 9)
        assert other.fetchTime.__func__ is other.fetch_time.__func__


def test_one_that_could_not_be_made_leaves_the_next_as_it_should_be():
    mine = of_its_own(ccxt_ext.btex)
    with pytest.raises(TypeError):
        mine({"options": 1, "urls": {"api": 1}, 7: 8})
    assert callable(mine().fetchTime)
