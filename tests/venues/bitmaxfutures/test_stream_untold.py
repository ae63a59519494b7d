"""bitmaxfutures' stream of an account: what comes while nobody waits is told to the next who does."""

import pytest

from tests.venues.bitmaxfutures.other_end import SYMBOL, fill, report, row, sample

A = "a17a0c4957U0123456789sampleOrd"
LATE = 9 * 10**12


def seen(orders):
    return [(order["id"], order["status"], order["filled"]) for order in orders]


def holding(amount, number=10_000):
    return {
        **sample("ws-futures-account-update"),
        "sn": number,
        "col": [{"a": "USDT", "b": amount, "f": "1"}],
    }


async def test_an_order_whose_watcher_is_cancelled_as_it_comes(venue):
    await (await venue.watch_private("watch_orders", open_orders=[row(orderId=A)]))
    task = await venue.watch("watch_orders")
    task.cancel()
    await venue.say(report(orderId=A, st="Canceled", cfq="0", t=LATE))
    assert task.cancelled()
    assert seen((await venue.watch("watch_orders")).result()) == [(A, "canceled", 0.0)]
    assert not (await venue.watch("watch_orders")).done()


@pytest.mark.parametrize("symbol", [None, SYMBOL])
async def test_orders_and_fills(venue, symbol):
    await (await venue.watch_private("watch_orders", symbol, open_orders=[row(orderId=A)]))
    first = await venue.watch("watch_my_trades", symbol)
    await venue.say(fill(A, LATE, "0.1", "5", "0.1", "5", "0.1"))
    assert [trade["amount"] for trade in await first] == [0.1]
    await venue.say(fill(A, LATE + 1, "0.2", "5", "0.3", "5", "0.2"))
    await venue.say(report(orderId=A, st="Canceled", cfq="0.3", ap="5", t=LATE + 2))
    orders = await venue.watch("watch_orders", symbol)
    trades = await venue.watch("watch_my_trades", symbol)
    assert seen(orders.result()) == [(A, "canceled", 0.3)]
    assert [trade["amount"] for trade in trades.result()] == [0.2]
    for method in ("watch_orders", "watch_my_trades"):
        assert not (await venue.watch(method, symbol)).done()


async def test_the_first_news_of_an_account(venue):
    """Whoever watched was gone when they came: with a limit of time, for example."""
    tasks = [await venue.watch(method) for method in ("watch_balance", "watch_positions")]
    for task in tasks:
        task.cancel()
    await venue.reply(await venue.sign_on())
    balance, positions = [await venue.watch(method) for method in ("watch_balance", "watch_positions")]
    assert balance.result()["BTC"]["total"] == 100
    assert positions.done()
    assert not any([(await venue.watch(m)).done() for m in ("watch_balance", "watch_positions")])


async def test_a_balance_from_before_the_connection_was_lost_is_not_told(venue):
    await (await venue.watch_private("watch_balance"))
    await venue.say(holding("3"))
    await venue.lose(venue.connection.url)
    assert not (await venue.watch("watch_balance")).done()


async def test_nothing_of_what_was_left(venue):
    await (await venue.watch_private("watch_orders", open_orders=[row(orderId=A)]))
    await venue.say(report(orderId=A, st="Canceled", cfq="0", t=LATE))
    await venue.exchange.un_watch_orders()
    await venue.say(report(orderId=A, st="Canceled", cfq="0", t=LATE + 1))
    assert not (await venue.watch("watch_orders")).done()
