"""A filter of a venue's own that is called like one of ccxt's unified parameters."""

import pytest

from ccxt_ext.testing.client import prices
from ccxt_ext.testing.conformance.placing import plenty


@pytest.mark.needs("fetchL3OrderBook")  # bitexbit
async def test_a_filter_of_the_venues_own_that_is_called_like_a_parameter(trader, symbol):
    bid, ask = await prices(trader, symbol)
    amount = plenty(trader.exchange, symbol, bid)
    for side, price in (("buy", bid), ("sell", ask)):
        await trader("createOrder", symbol, "limit", side, amount, price)
    listed = await trader("fetchOpenOrders", symbol, None, None, {"method": "v1", "raw": {"type": "sell"}})
    assert [order["side"] for order in listed] == ["sell"]
