"""Market orders by an option, of venues that have limit orders alone."""

from decimal import Decimal

import ccxt
import pytest

from ccxt_ext.venue.orders.market_orders import OPTION


@pytest.mark.needs("spot.createOrder")
async def test_market_orders_cross_within_the_slippage(trader, symbol, placed):
    if OPTION not in trader.exchange.options:
        return
    trader.exchange.options[OPTION] = {"slippage": 0.0005}
    book = await trader("fetchOrderBook", symbol)
    amount = max(trader.exchange.market(symbol)["limits"]["amount"]["min"], 0.01) * 2
    for side, best in (("buy", book["asks"][0][0]), ("sell", book["bids"][0][0])):
        order = await trader("createOrder", symbol, "market", side, amount)
        assert (order["status"], order["side"], order["type"]) == ("closed", side, "market")
        assert order["filled"] == pytest.approx(amount)
        assert order["average"] == pytest.approx(best, rel=0.0005)
    limit = book["asks"][0][0] * 1.0005
    offered = sum(Decimal(str(row[1])) for row in book["asks"] if row[0] <= limit)
    order = await trader("createOrder", symbol, "market", "buy", float(offered) * 3)
    assert order["status"] == "canceled"
    assert 0 < order["filled"] < float(offered) * 1.01
    assert [row["status"] for row in placed()] == ["canceled", "closed", "closed"]  # the newest first
    assert Decimal(placed()[0]["filled"]) == Decimal(str(order["filled"]))
    money = (await trader("fetchBalance"))[trader.exchange.market(symbol)["quote"]]["free"]
    with pytest.raises(ccxt.InsufficientFunds):
        await trader("createOrder", symbol, "market", "buy", round(money / limit * 1.2, 2))
