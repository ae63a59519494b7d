"""Market buys that tell what they cost, and how long an order is in force."""

import pytest
from ccxt.base.errors import InvalidOrder, NotSupported

from ccxt_ext.venue.orders.checks import take_market_buy_cost, take_time_in_force
from tests.venue.streams.toy_streams import Toy

NO_PRICE = {"createMarketBuyOrderRequiresPrice": False}


def toy(**options):
    exchange = Toy({"options": options})
    market = exchange.safe_market_structure(
        {
            "id": "A_Q",
            "symbol": "A/Q",
            "precision": {"amount": 0.001, "price": 0.01},
            "limits": {"cost": {"min": 5, "max": 1000}},
        }
    )
    exchange.set_markets([market])
    return exchange


@pytest.mark.parametrize(
    ("amount", "price", "params", "cost"),
    [
        (0.1, 100, {}, "10"),
        (0.1, 100.019, {}, "10"),  # never more than was said
        (0.1, "100", {"cost": None}, "10"),
        (None, None, {"cost": 12.34}, "12.34"),
        (7, 100, {"cost": "12.349"}, "12.34"),
        (50, None, NO_PRICE, "50"),
        (50, 3, NO_PRICE, "50"),
        (50, 3, {**NO_PRICE, "cost": 60}, "60"),
        (0.1, 100, {"createMarketBuyOrderRequiresPrice": True}, "10"),
    ],
)
def test_three_ways_to_say_what_a_market_buy_costs(amount, price, params, cost):
    given = {**params, "tag": "mine"}
    assert take_market_buy_cost(toy(), "A/Q", amount, price, given) == (cost, {"tag": "mine"})
    assert given == {**params, "tag": "mine"}


@pytest.mark.parametrize("options", [NO_PRICE, {"createOrder": NO_PRICE}])
def test_the_option_says_so_too(options):
    exchange = toy(**options)
    assert take_market_buy_cost(exchange, "A/Q", 50, None, {}) == ("50", {})
    with pytest.raises(InvalidOrder, match="price or a cost"):
        take_market_buy_cost(exchange, "A/Q", 50, None, {"createMarketBuyOrderRequiresPrice": True})


@pytest.mark.parametrize(
    ("amount", "price", "params"),
    [
        (0.1, None, {}),
        (0.1, 0, {}),
        (-1, 100, {}),
        (None, 100, {}),
        (None, None, NO_PRICE),
        (0.1, 100, {"cost": 0}),
        (0.1, 100, {"cost": "much"}),
        (0.1, 100, {"cost": 0.001}),
        (0.01, 100, {}),  # below the least
        (0.1, 100, {"cost": 1001}),
    ],
)
def test_a_market_buy_that_cannot_be(amount, price, params):
    with pytest.raises(InvalidOrder):
        take_market_buy_cost(toy(), "A/Q", amount, price, params)


@pytest.mark.parametrize(
    ("params", "in_force"),
    [
        ({}, None),
        ({"timeInForce": None, "postOnly": False}, None),
        ({"timeInForce": "GTC"}, "GTC"),
        ({"timeInForce": "ioc"}, "IOC"),
        ({"timeInForce": "PO"}, "PO"),
        ({"postOnly": True}, "PO"),
        ({"timeInForce": "GTC", "postOnly": True}, "PO"),
        ({"timeInForce": "PO", "postOnly": False}, "PO"),
    ],
)
def test_time_in_force(params, in_force):
    given = {**params, "post_only": True}  # a field of the venue's own
    assert take_time_in_force(toy(), "limit", given, ("IOC", "PO")) == (in_force, {"post_only": True})
    assert given == {**params, "post_only": True}


@pytest.mark.parametrize(
    ("type", "params", "error"),
    [
        ("limit", {"timeInForce": "FOK"}, NotSupported),
        ("limit", {"timeInForce": "GTD"}, NotSupported),
        ("limit", {"timeInForce": "IOC", "postOnly": True}, InvalidOrder),
        ("market", {"timeInForce": "PO"}, InvalidOrder),
        ("market", {"postOnly": True}, InvalidOrder),
    ],
)
def test_a_time_in_force_that_cannot_be(type, params, error):
    with pytest.raises(error, match="toy"):
        take_time_in_force(toy(), type, params, ("IOC", "PO"))


def test_post_only_that_the_venue_lacks():
    with pytest.raises(NotSupported, match="'PO'"):
        take_time_in_force(toy(), "limit", {"postOnly": True}, ("IOC",))
