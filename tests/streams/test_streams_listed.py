"""Markets that are listed while streams run."""

import asyncio

import pytest

import ccxt_ext

PATIENCE_S = 30
NEW, SYMBOL = "SOL-PERP", "SOL/USDT:USDT"


@pytest.fixture
def id():
    return "bitmaxfutures"


def trade(sandbox):
    """Two programs that start later, and so know the market."""
    ann, bob = (
        ccxt_ext.bitmaxfutures(sandbox.config("bitmaxfutures", who)) for who in ("config", "counterparty")
    )
    ann.load_markets()
    bid, ask = (ann.fetch_order_book(SYMBOL)[side][0][0] for side in ("bids", "asks"))
    price = float(ann.price_to_precision(SYMBOL, (bid + ask) / 2))
    placed = ann.create_order(SYMBOL, "limit", "buy", 2, price)["id"]
    bob.create_order(SYMBOL, "limit", "sell", 2, price)
    return placed


async def heard(watch, found):
    """All that is told until there is what is looked for."""
    told = []
    while not found(told):
        told += await asyncio.wait_for(watch(), PATIENCE_S)
    return told


async def test_orders_fills_and_positions_of_a_market_that_is_listed_later(sandbox, watcher):
    started = [
        asyncio.ensure_future(getattr(watcher, method)())
        for method in ("watch_orders", "watch_my_trades", "watch_positions")
    ]
    await asyncio.wait_for(started[2], PATIENCE_S)  # the first tells what there is
    sandbox.control("POST", "/markets", {"venue": "bitmaxfutures", "like": "ETH-PERP", "market": NEW})
    assert SYMBOL not in watcher.markets
    placed = await asyncio.to_thread(trade, sandbox)

    orders = await asyncio.wait_for(started[0], PATIENCE_S)
    orders += await heard(
        watcher.watch_orders, lambda told: any(o["status"] == "closed" for o in orders + told)
    )
    assert {(order["id"], order["symbol"]) for order in orders} == {(placed, SYMBOL)}
    trades = await asyncio.wait_for(started[1], PATIENCE_S)
    assert [(t["order"], t["symbol"], t["amount"]) for t in trades] == [(placed, SYMBOL, 2)]
    positions = await heard(
        watcher.watch_positions, lambda told: any(p["symbol"] == SYMBOL and p["contracts"] for p in told)
    )
    assert [p["contracts"] for p in positions if p["symbol"] == SYMBOL][-1] == 2
    assert (await watcher.fetch_position(SYMBOL))["contracts"] == 2
