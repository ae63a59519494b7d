"""What is said of a connection that was cut, by venues built from our parts."""

import ccxt
import pytest

CUT = ("reset", "drop_reply", "truncate")


@pytest.mark.any_state
async def test_a_cut_connection_is_a_venue_that_is_not_available(trader, symbol, sandbox, fault):
    await trader("fetchTicker", symbol)
    for name in CUT:
        # aiohttp repeats a read whose kept-alive connection was cut, once.
        fault(name, count=2)
        with pytest.raises(ccxt.ExchangeNotAvailable):
            await trader("fetchTicker", symbol)
        sandbox.control("DELETE", "/faults")


@pytest.mark.any_state
async def test_the_outcome_of_an_order_is_unknown_then(trader, symbol, fault):
    market = trader.exchange.market(symbol)
    amount = max(market["limits"]["amount"]["min"], market["precision"]["amount"])
    bid = (await trader("fetchOrderBook", symbol))["bids"][-1][0]
    for name in CUT:
        fault(name, path="order", method="POST")
        with pytest.raises(
            ccxt.ExchangeNotAvailable, match="whether this was carried out is unknown: "
        ) as caught:
            await trader("createOrder", symbol, "limit", "buy", amount, bid)
        if not trader.exchange.has["fetchOpenOrders"]:
            words = f"sent again as it was, with its clientOrderId {caught.value.client_order_id}, it is not"
            assert words in str(caught.value)
