"""Lost orders that ask for different prices, where only fills tell of those that have ended.

A fill at a good price may be that of each of them.
"""

import random

import ccxt
import pytest

import ccxt_ext
from ccxt_ext.testing.wire import call
from ccxt_ext.venue.settling import likeness
from ccxt_ext.venue.settling.asked import Asked, Wanted
from ccxt_ext.venue.settling.docket import docket_of
from ccxt_ext.venue.settling.likeness import terms_of
from tests.venue.settling.losing import Losing

# After so long an order that is not there was not placed.
OVER_MS = 70_000


@pytest.fixture
def place(monkeypatch):
    return Losing(monkeypatch, "btex", "sync", "BTC/USDT")


def lost(place, price, fate="cut"):
    place.fates = [fate]
    with pytest.raises(ccxt.BaseError) as caught:
        place.order(price=price)
    assert caught.value.outcome == "unknown"
    place.passes(10)
    return caught.value


def prices(place, count):
    """Prices at which a buy is filled at once at a better one."""
    step = place.exchange.market(place.symbol)["precision"]["price"]
    return [place.crossing() + step * number for number in range(count)]


def names(place):
    return [place.name(order) for order in place.orders()]


@pytest.mark.parametrize("way", [1, -1])
def test_two_that_were_filled_at_better_prices_are_both_found(place, way):
    errors = [lost(place, price) for price in prices(place, 2)][::way]
    before = place.ticks
    found = [place.settle(error) for error in errors]
    assert sorted(order["id"] for order in found) == sorted(names(place))
    assert [order["filled"] for order in found] == [place.amount] * 2
    assert place.ticks == before, "there is nothing to wait for"
    assert [place.settle(error)["id"] for error in errors] == [order["id"] for order in found]


def test_one_of_them_is_waited_for_before_the_other_is_given_its_fill(place):
    """At first one may be either's; the other one comes late, and waits at its own price."""
    dear = prices(place, 1)[0]
    late = lost(place, place.price, fate=30_000)
    error = lost(place, dear)
    assert place.settle(error)["id"] == names(place)[0]
    assert place.settle(late)["id"] == names(place)[1]


def test_one_that_comes_late_is_not_forgotten_for_one_that_is_there(place):
    cheap, dear = prices(place, 2)
    late, error = lost(place, dear, fate=30_000), lost(place, cheap)
    with pytest.raises(ccxt_ext.Unsettled, match="may be the same ones"):
        place.settle(late, timeout_ms=0)
    found = [place.settle(each)["id"] for each in (late, error)]
    assert sorted(found) == sorted(names(place))
    assert place.ticks < 1_000 + OVER_MS / 1_000, "both are there"


@pytest.mark.parametrize("way", [1, -1])
def test_of_two_of_which_one_was_never_placed_one_is_found_in_the_end(place, way):
    errors = [lost(place, price, fate) for price, fate in zip(prices(place, 2), ("cut", "lost"), strict=True)]
    found = [place.settle(error) for error in errors[::way]]
    assert [order["id"] for order in found if order] == names(place) and None in found


@pytest.mark.parametrize("way", [1, -1])
def test_with_one_more_than_were_sent_none_is_chosen(place, way):
    """Another program with the same key has placed one that may be each of them."""
    errors = [lost(place, price) for price in prices(place, 2)][::way]
    place.forget(place.order(price=place.crossing())["id"])
    for error in errors:
        with pytest.raises(ccxt_ext.Unsettled, match="more orders like it") as caught:
            place.settle(error)
        assert caught.value.ask_again_ms is None
        assert {order["id"] for order in caught.value.candidates} == {*names(place)}


def test_one_that_is_just_being_placed_is_waited_for(place):
    cheap, dear = prices(place, 2)
    error = lost(place, dear, fate="lost")
    placed = place.order_while_looking(error, price=cheap)
    assert placed["id"] == names(place)[0]
    assert place.settle(error) is None


@pytest.mark.parametrize("seed", range(8))
def test_whatever_was_lost_each_order_is_found_once(place, seed):
    chance = random.Random(seed)
    errors, known = [], []
    asked = prices(place, 4)
    for _ in range(8):
        place.fates = [chance.choice(["cut", "cut", "lost", "answered", chance.randint(1, 5_000)])]
        price = chance.choice([*asked, place.price])
        try:
            known.append(place.order(price=price)["id"])
        except ccxt.BaseError as error:
            errors.append((price, error))
        place.passes(chance.randint(1, 300))
    chance.shuffle(errors)
    found = [(price, place.settle(error)) for price, error in errors]
    place.passes(120_000)
    ids = [order["id"] for _, order in found if order is not None] + known
    assert sorted(ids) == sorted(names(place))
    for price, order in found:
        if order is not None:
            assert (order["average"] or order["price"]) <= price


def lost_at_market(place, *prices):
    """Of these prices, the second with twice the amount."""
    errors = []
    for amount, price in zip((place.amount, place.amount * 2), prices, strict=True):
        place.fates = ["cut"]
        with pytest.raises(ccxt.BaseError) as caught:
            call(place.exchange, "createOrder", place.symbol, "market", "buy", amount, price)
        errors.append(caught.value)
        place.passes(10)
    assert len(place.orders()) == 2
    return errors


@pytest.mark.parametrize("way", [1, -1])
def test_orders_at_market_are_told_apart_by_their_amounts(monkeypatch, way):
    place = Losing(monkeypatch, "btex")
    price = place.crossing()
    errors = lost_at_market(place, price, price)
    found = [place.settle(error) for error in errors[::way]]
    assert [order["amount"] for order in found] == [place.amount, place.amount * 2][::way]


def test_an_order_at_market_may_have_been_sent_by_its_cost():
    exchange = ccxt.kraken()
    whole = {"amount": 1, "price": 1}
    markets = [{"id": id, "symbol": id, "spot": id == "A/B", "precision": whole} for id in ("A/B", "A/B:B")]
    exchange.set_markets([exchange.extend(exchange.safe_market(), each) for each in markets])

    def amount(symbol, side, price=None, params={}, amount=5):
        return terms_of(exchange, Wanted(symbol, "market", side, amount, price, params)).amount

    assert amount("A/B", "buy") == amount("A/B", "sell", 7) == amount("A/B:B", "buy", 7) == 5
    assert amount("A/B", "buy", 7) is None
    assert amount("A/B:B", "sell", params={"cost": 9}) is None
    assert amount("A/B", "sell", amount=None) is None


def test_what_may_be_each_others_without_its_amount_is_not_shared_out(monkeypatch):
    """An order at market by its cost, for one."""
    place = Losing(monkeypatch, "btex")
    monkeypatch.setattr(likeness, "is_by_cost", lambda exchange, wanted: True)
    for error in lost_at_market(place, *prices(place, 2)):
        with pytest.raises(ccxt_ext.Unsettled, match="more orders like it") as caught:
            place.settle(error)
        assert {order["id"] for order in caught.value.candidates} == {*names(place)}


def test_those_of_a_process_that_was_killed_are_shared_out_too(place):
    began = place.exchange.milliseconds()
    asked = prices(place, 2)
    for price in asked:
        lost(place, price)
    ccxt_ext.reset_shared()
    place.exchange = place.client()
    now = place.exchange.milliseconds()
    errors = []
    for price in asked:
        wanted = Wanted(place.symbol, "limit", "buy", place.amount, price)
        error = ccxt_ext.Unsettled("whether it was placed is not known")
        error.asked = Asked("createOrder", (wanted,), began=began, ended=now, ticks=place.ticks)
        for _ in range(2):  # it does not matter how often it is said
            docket_of(place.exchange).was_lost(wanted, now, began, now, place.ticks)
        errors.append(error)
    found = [place.settle(error)["id"] for error in errors]
    assert sorted(found) == sorted(names(place))
