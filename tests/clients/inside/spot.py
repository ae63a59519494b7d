"""freqtrade's own objects, spot and a sandbox; no bot. A test runs it where freqtrade is installed."""

from datetime import timedelta

import pytest
from contracts import configured
from freqtrade.persistence import Trade, init_db
from freqtrade.resolvers import ExchangeResolver
from freqtrade.util import dt_now

import ccxt_ext
from ccxt_ext.sandbox import Sandbox

PAIR = "BTC/USDT"
VENUES = ("bitmart2", "bitexbit", "btex")


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(venues=VENUES) as sandbox:
        yield sandbox


@pytest.fixture(params=VENUES)
def venue(request):
    return request.param


@pytest.fixture
def exchange(sandbox, venue):
    init_db("sqlite://")
    config = {**configured(venue, sandbox.config(venue)), "trading_mode": "spot", "margin_mode": ""}
    exchange = ExchangeResolver.load_exchange(config, validate=False)
    yield exchange
    exchange.close()
    Trade.session.remove()


def trade(exchange, side, amount):
    """At a price at which the order is filled at once."""
    book = exchange.fetch_l2_order_book(PAIR)
    rate = book["asks" if side == "buy" else "bids"][4][0]
    return exchange.create_order(
        pair=PAIR, ordertype="limit", side=side, amount=amount, rate=rate, leverage=1.0
    )


def test_what_an_order_is_for_is_noted(exchange):
    for side, amount in (("buy", 0.02), ("sell", 0.01)):
        assert trade(exchange, side, amount)["id"]
    assert [sent.purpose for sent in exchange._lost.in_flight.all] == ["entry", "exit"]


def test_an_order_that_was_placed_elsewhere_is_listed_as_it_ended(exchange, sandbox, venue):
    client = getattr(ccxt_ext, venue)(sandbox.config(venue))
    if venue == "btex":
        client.options["defaultType"] = "spot"
    ask = client.fetch_order_book(PAIR)["asks"][4][0]
    placed = client.create_order(PAIR, "limit", "buy", 0.02, ask)
    found = {each["id"]: each for each in exchange.fetch_orders(PAIR, dt_now() - timedelta(minutes=5))}
    order = found[placed["id"]]
    assert (order["status"], order["side"], order["filled"]) == ("closed", "buy", 0.02)
    assert order["price"] and order["amount"] == 0.02 and order["average"] <= ask
    client.session.close()
