"""Parameters that programs written for ccxt pass everywhere: the venue does what it does without them."""

import ccxt
import pytest

from ccxt_ext.testing.client import LISTS, least, prices


def kind_of(trader, symbol):
    return {"type": trader.exchange.market(symbol)["type"]}


async def test_an_order_that_names_its_markets_type(trader, symbol, placed):
    bid, _ = await prices(trader, symbol)
    amount = least(trader, symbol)
    params = {**kind_of(trader, symbol), "timeInForce": "gtc", "postOnly": False, "reduceOnly": None}
    order = await trader("createOrder", symbol, "LIMIT", "Buy", amount, bid, params)
    assert (order["type"], order["side"]) == ("limit", "buy")
    await trader("cancelOrder", order["id"], symbol, kind_of(trader, symbol))
    [truth] = placed()
    assert (truth["id"], truth["side"], truth["type"]) == (order["id"], "buy", "limit")
    assert truth["status"] == "canceled"


@pytest.mark.needs("cancelAllOrders", "fetchOpenOrders")
async def test_all_orders_are_listed_and_cancelled_whatever_type_is_named(trader, symbol, placed):
    bid, ask = await prices(trader, symbol)
    amount = least(trader, symbol)
    kind = kind_of(trader, symbol)
    await trader("createOrder", symbol, "limit", "buy", amount, ask)
    for _ in range(2):
        await trader("createOrder", symbol, "limit", "buy", amount, bid)
        await trader("createOrder", symbol, "limit", "sell", amount, ask)
    for name in LISTS:
        if trader.exchange.has[name]:
            rows = await trader(name, symbol)
            assert await trader(name, symbol, None, None, kind) == rows, name
            assert await trader(name, symbol, None, None, {"defaultType": kind["type"]}) == rows, name
    assert len(await trader("fetchOpenOrders", symbol, None, None, kind)) == 4
    other = {"type": "swap" if kind["type"] == "spot" else "spot"}
    with pytest.raises(ccxt.BadRequest):
        await trader("cancelAllOrders", symbol, other)
    assert len(await trader("fetchOpenOrders", symbol)) == 4
    await trader("cancelAllOrders", symbol, kind)
    assert sorted(order["status"] for order in placed()) == ["canceled"] * 4 + ["closed"]


@pytest.mark.needs("fetchL3OrderBook")  # bitexbit
async def test_a_filter_of_the_venues_own_that_is_called_like_a_parameter(trader, symbol):
    bid, ask = await prices(trader, symbol)
    amount = least(trader, symbol)
    for side, price in (("buy", bid), ("sell", ask)):
        await trader("createOrder", symbol, "limit", side, amount, price)
    listed = await trader("fetchOpenOrders", symbol, None, None, {"method": "v1", "raw": {"type": "sell"}})
    assert [order["side"] for order in listed] == ["sell"]


@pytest.mark.needs("fetchOpenOrders")  # bitexasia refuses an unknown field, for what it is
async def test_a_field_that_the_venue_does_not_know_spoils_nothing(trader, symbol, placed):
    """Least of all the signature."""
    bid, _ = await prices(trader, symbol)
    amount = least(trader, symbol)
    own = {"raw": {"hedged": "x", "n": 1.5}}
    order = await trader("createOrder", symbol, "limit", "buy", amount, bid, own)
    await trader("cancelOrder", order["id"], symbol, {"unknown": "1"})
    assert [each["status"] for each in placed()] == ["canceled"]
