"""A pair whose orders the venue does not let its users cancel."""

import ccxt
import pytest

from ccxt_ext.sandbox import Sandbox
from ccxt_ext.testing.client import Client

SYMBOL = "BTC/USD"


@pytest.fixture(scope="module")
def venue():
    with Sandbox(seed=7, venues=["bitexbit"], options={"bitexbit": {"cannotCancel": ["BTC_USD"]}}) as sandbox:
        yield sandbox


@pytest.mark.parametrize("api", ["v1", "v2"])
async def test_orders_that_stay_open_are_told(venue, kind, api):
    venue.control("POST", "/reset", {"seed": 7})
    trader = Client(
        kind, "bitexbit", {**venue.config("bitexbit"), "options": {"methods": {"cancelOrder": api}}}
    )
    trader.exchange.look_again_ms = (1,)
    bid = (await trader("fetchOrderBook", SYMBOL))["bids"][0][0]
    ids = [(await trader("createOrder", SYMBOL, "limit", "buy", 0.01, bid))["id"] for _ in range(3)]
    with pytest.raises(ccxt.OperationRejected, match="cannot be cancelled"):
        await trader("cancelOrder", ids[0], SYMBOL)
    with pytest.raises(ccxt.ExchangeError) as caught:
        await trader("cancelAllOrders", SYMBOL)
    assert not isinstance(caught.value, ccxt.OrderNotFound)
    assert sorted(order["id"] for order in await trader("fetchOpenOrders", SYMBOL)) == sorted(ids)
    await trader.close()
