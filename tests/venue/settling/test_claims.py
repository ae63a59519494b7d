"""Which call gets which order, of what each may have placed."""

import random
from itertools import permutations

import pytest

from ccxt_ext.venue.settling.claims import Claim, contending, is_forced, likeliest_first, shares, widened
from ccxt_ext.venue.settling.docket import UNKNOWN
from ccxt_ext.venue.settling.likeness import Span, Terms, number


def claim(token, began=0, ended=5, price="100", amount="1"):
    terms = Terms("BTC/USDT", "sell", "limit", number(amount), number(price), None)
    return Claim(token, 1, began, ended, terms, Span(began, ended), UNKNOWN)


def told(id, timestamp=1, price=100.0, amount=1.0, **more):
    return {"id": id, "timestamp": timestamp, "price": price, "amount": amount, **more}


def test_who_contends_for_the_same_orders_is_one_lot():
    edges = {"a": ["1"], "b": ["1", "2"], "c": ["2"], "d": ["3"], "e": []}
    assert contending("a", edges) == {"a", "b", "c"}
    assert contending("d", edges) == {"d"}
    assert contending("e", edges) == {"e"}


def test_who_can_have_but_one_gets_that():
    edges = {"a": ["1", "2"], "b": ["1"]}
    assert shares([claim("a"), claim("b")], edges) == {"a": "2", "b": "1"}


def test_each_gets_the_likeliest_if_all_can_have_all():
    edges = {"a": ["2", "1"], "b": ["1", "2"]}
    assert shares([claim("a"), claim("b")], edges) == {"a": "2", "b": "1"}


def test_an_order_that_nobody_else_can_have_is_certain():
    edges = {"a": ["1", "2"], "b": ["2"], "c": ["2"]}
    shared = shares(list(map(claim, edges)), edges)
    assert is_forced("a", edges, shared)
    assert not is_forced("b", edges, shared)
    assert len(shared) == 2


@pytest.mark.parametrize("seed", range(50))
def test_as_many_get_one_as_can_and_what_is_left_is_shared_out_alike(seed):
    chance = random.Random(seed)
    ids = [str(number) for number in range(chance.randint(1, 5))]
    claims = [claim(token, chance.randint(0, 9)) for token in "abcde"[: chance.randint(1, 5)]]
    edges = {each.token: chance.sample(ids, chance.randint(0, len(ids))) for each in claims}
    shared = shares(claims, edges)
    assert all(id in edges[token] for token, id in shared.items())
    assert len(set(shared.values())) == len(shared) == most(edges, ids)
    while shared:
        token = chance.choice(sorted(shared))
        id = shared.pop(token)
        claims = [each for each in claims if each.token != token]
        edges = {each.token: [one for one in edges[each.token] if one != id] for each in claims}
        assert len(shares(claims, edges)) == len(shared)
        shared = shares(claims, edges)


def most(edges, ids):
    """The most that can have one, by trying all ways."""
    places = [*ids, *[None] * len(edges)]
    return max(
        sum(id in edges[token] for token, id in zip(edges, way, strict=False))
        for way in set(permutations(places, len(edges)))
    )


def test_the_price_that_was_asked_for_is_likelier_than_a_better_one_and_the_earlier_order_then():
    orders = [told("1", 1, 102.0), told("2", 3), told("3", 2), told("4", 0, amount=0.5)]
    assert [order["id"] for order in likeliest_first(claim("a"), orders)] == ["3", "2", "1", "4"]


def test_of_fills_their_sum_and_their_average_are_compared():
    fills = [(102.0, 1.0), (100.0, 0.5), (100.0, 1.0)]
    orders = [
        told(str(place), 1, None, None, average=average, filled=filled)
        for place, (average, filled) in enumerate(fills)
    ]
    assert [order["id"] for order in likeliest_first(claim("a"), orders)] == ["2", "0", "1"]


def test_an_order_may_come_as_late_as_that_of_another_of_the_same_terms():
    first, second, dearer = claim("a"), claim("b", ended=9), claim("c", ended=20, price="101")
    assert widened(first, [first, second, dearer]).span == Span(0, 9)
    assert widened(second, [first, second, dearer]).span == second.span
