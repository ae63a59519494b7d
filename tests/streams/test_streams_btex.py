"""What only btex has: spot orders that the venue does not look up, whose fills tell what became of them."""

import asyncio

import pytest

from tests.waiting import soon

SPOT = "BTC/USDT"


@pytest.fixture
def id():
    return "btex"


async def begun(watcher):
    """Until a poll has had its first answer."""
    while not any(poll.due for poll in watcher.polling.polls.values()):
        await asyncio.sleep(0.01)


def seen(orders):
    return [(order["id"], order["status"], order["filled"], order["remaining"]) for order in orders]


async def placed(exchange, side, far):
    book = await exchange.fetch_order_book(SPOT, 5)
    best = book["bids"][0][0] if side == "buy" else book["asks"][0][0]
    price = float(exchange.price_to_precision(SPOT, best * (1 - far if side == "buy" else 1 + far)))
    return await exchange.create_order(SPOT, "limit", side, 0.5, price), price


async def test_a_spot_order_that_is_cancelled(watcher):
    order, price = await placed(watcher, "buy", 0.2)
    assert seen(await soon(watcher.watch_orders(SPOT))) == [(order["id"], "open", 0.0, 0.5)]
    await watcher.cancel_order(order["id"], SPOT)
    (told,) = await soon(watcher.watch_orders(SPOT))
    assert seen([told]) == [(order["id"], "canceled", 0.0, 0.5)]
    assert (told["side"], told["price"], told["symbol"]) == ("buy", price, SPOT)
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(watcher.watch_orders(SPOT), 0.3)


async def test_a_spot_order_that_is_filled_bit_by_bit(watcher, counterparty):
    # The only one at its price, above all other bids.
    book = await watcher.fetch_order_book(SPOT, 5)
    tick = watcher.market(SPOT)["precision"]["price"]
    price = float(watcher.price_to_precision(SPOT, book["asks"][0][0] - tick))
    order = await watcher.create_order(SPOT, "limit", "buy", 0.5, price)
    assert seen(await soon(watcher.watch_orders(SPOT))) == [(order["id"], "open", 0.0, 0.5)]
    await counterparty.create_order(SPOT, "limit", "sell", 0.2, price)
    assert seen(await soon(watcher.watch_orders(SPOT))) == [(order["id"], "open", 0.2, 0.3)]
    await counterparty.create_order(SPOT, "limit", "sell", 0.3, price)
    (told,) = await soon(watcher.watch_orders(SPOT))
    assert seen([told]) == [(order["id"], "closed", 0.5, 0.0)]
    assert told["average"] == price and told["cost"] == pytest.approx(price * 0.5)
    trades = await watcher.fetch_my_trades(SPOT)
    assert told["fee"]["currency"] == "BTC"
    assert told["fee"]["cost"] == pytest.approx(sum(trade["fee"]["cost"] for trade in trades))
    assert told["lastTradeTimestamp"] == trades[-1]["timestamp"]


async def test_a_spot_order_that_is_partly_filled_and_cancelled(watcher, counterparty):
    book = await watcher.fetch_order_book(SPOT, 5)
    tick = watcher.market(SPOT)["precision"]["price"]
    price = float(watcher.price_to_precision(SPOT, book["asks"][0][0] - tick))
    order = await watcher.create_order(SPOT, "limit", "buy", 0.5, price)
    await soon(watcher.watch_orders(SPOT))
    await counterparty.create_order(SPOT, "limit", "sell", 0.2, price)
    await watcher.cancel_order(order["id"], SPOT)
    assert seen(await soon(watcher.watch_orders(SPOT))) == [(order["id"], "canceled", 0.2, 0.3)]


async def test_a_spot_order_that_is_filled_at_once(watcher):
    task = asyncio.ensure_future(watcher.watch_orders(SPOT))
    await begun(watcher)
    order, _ = await placed(watcher, "sell", -0.1)
    assert seen(await soon(task)) == [(order["id"], "closed", 0.5, 0.0)]


async def test_a_fill_that_is_listed_late_does_not_make_a_cancelled_order(watcher, monkeypatch):
    real, looks = watcher.fetch_my_trades, []

    async def late(*args):
        looks.append(args)
        return [] if len(looks) == 1 else await real(*args)

    monkeypatch.setattr(watcher, "fetch_my_trades", late)
    task = asyncio.ensure_future(watcher.watch_orders(SPOT))
    await begun(watcher)
    order, _ = await placed(watcher, "sell", -0.1)
    assert seen(await soon(task)) == [(order["id"], "closed", 0.5, 0.0)]
    assert len(looks) == 2


async def test_of_more_open_orders_than_are_listed_none_is_taken_for_cancelled(watcher):
    await placed(watcher, "buy", 0.2)
    await soon(watcher.watch_orders(SPOT))
    await placed(watcher, "buy", 0.3)
    watcher.options["spotOpenOrders"] = 1  # the newest, then
    told = await soon(watcher.watch_orders(SPOT))
    with pytest.raises(asyncio.TimeoutError):
        while True:
            told += await asyncio.wait_for(watcher.watch_orders(SPOT), 0.5)
    assert {each["status"] for each in told} == {"open"}
