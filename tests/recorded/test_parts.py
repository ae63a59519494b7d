"""What makes a replay the same, part by part."""

import ccxt
import pytest

from ccxt_ext.testing.cassettes.answers import kept_headers
from ccxt_ext.testing.cassettes.chance import load_dice
from ccxt_ext.testing.cassettes.comparing import Comparison, asked

AT = 1_750_000_000_000
URL = "https://api.example.com/v1/orders?symbol=A&since={}"


def same(recorded_url, live_url, loose=False, recorded_body="", live_body="", later=7_000):
    one, other = asked("GET", recorded_url, recorded_body, AT), asked("GET", live_url, live_body, AT + later)
    return Comparison(one.at, other.at, loose).requests(one, other)


@pytest.mark.parametrize(
    ("moved", "strictly", "loosely"),
    [(7_000, True, True), (6_000, False, True), (7_000 + 61_000, False, False), (-90_000, False, False)],
)
def test_a_moment_is_as_far_from_the_clock(moved, strictly, loosely):
    urls = URL.format(AT - 3_600_000), URL.format(AT - 3_600_000 + moved)
    assert (same(*urls), same(*urls, loose=True)) == (strictly, loosely)


def test_queries_and_bodies_count_and_times_of_signing_do_not():
    assert not same("https://a.example/b?symbol=A", "https://a.example/b?symbol=B")
    assert not same("https://a.example/b", "https://a.example/b", False, '{"symbol": "A"}', '{"symbol": "B"}')
    assert same("https://a.example/b?nonce=1&timestamp=5", "https://a.example/b?nonce=2&timestamp=9")


@pytest.mark.parametrize("name", ["uuid", "uuid16", "uuid22"])
def test_random_ids_are_those_of_the_seed(name):
    made = [ccxt.binance() for _ in range(3)]
    for exchange, seed in zip(made, (1, 1, 2), strict=True):
        load_dice(exchange, seed)
    ids = [[getattr(exchange, name)() for _ in range(3)] for exchange in made]
    assert ids[0] == ids[1] != ids[2] and len({*ids[0]}) == 3


def test_headers_of_limits_and_types_are_kept_and_cookies_are_not():
    told = {"Content-Type": "application/json", "X-MBX-USED-WEIGHT-1M": "7", "Set-Cookie": "a", "Date": "b"}
    assert kept_headers(told) == {"Content-Type": ["application/json"], "X-MBX-USED-WEIGHT-1M": ["7"]}
