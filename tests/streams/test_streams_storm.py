"""A hundred disconnects, stalls, gaps and garbage frames later, a watcher holds what the venue has."""

import asyncio
import random
from decimal import Decimal

import ccxt
import pytest

from tests.waiting import PATIENCE_S

STREAM_FAULTS = ("ws_close", "ws_stall", "ws_garbage", "ws_gap")
POLL_FAULTS = ("reset", "drop_reply", "truncate", "garbage", "empty")
FAULTS = 100

# Where a message that is skipped cannot be noticed, nor would a venue's stream skip one.
WITHOUT_NUMBERS = {"bitexbit", "bitmart2"}

# A venue's own view of its book is as deep as this.
DEPTH = {"bitmart2": 20, "btex": 10}

# What is read with a POST.
READS = {"btex": {"path": "depth|active_orders|mytrades|get_order_batch"}}

# Of fills that were missed, the venue tells how much an order has filled, not in how many trades.
ONLY_SUMS = {"bitmaxfutures"}


@pytest.fixture
def dice():
    return random.Random(20260)


async def watching(call, errors):
    """Watch until cancelled, as a bot does: an error is noted, and the next call made."""
    while True:
        try:
            await call()
        except ccxt.BaseError as error:
            errors.append(error)
            await asyncio.sleep(0.002)


async def trading(exchange, symbol, middle, amount, dice, over):
    """Random orders around the top of the book, some of which meet, some of which are cancelled."""
    placed = []
    tick = exchange.market(symbol)["precision"]["price"]
    while not over.is_set():
        side = dice.choice(["buy", "sell"])
        price = middle + tick * dice.randint(-6, 6)
        size = amount * dice.randint(1, 5)
        try:
            if placed and dice.random() < 0.4:
                await exchange.cancel_order(placed.pop(dice.randrange(len(placed))), symbol)
            else:
                order = await exchange.create_order(symbol, "limit", side, size, price)
                placed.append(order["id"])
        except (ccxt.OrderNotFound, ccxt.InvalidOrder):
            pass
        await asyncio.sleep(0.004)


def of_account(rows):
    return [row for row in rows if row["account"] == "config"]


async def until_equal(ours, theirs, what):
    """Both are functions; what is on its way may need a moment."""
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    while ours() != theirs():
        if asyncio.get_running_loop().time() > deadline:
            assert ours() == theirs(), what
        await asyncio.sleep(0.05)


def levels(book, depth):
    return book and {side: [level[:2] for level in book[side][:depth]] for side in ("bids", "asks")}


def their_levels(sandbox, id, market, depth):
    book = sandbox.control("GET", f"/book?venue={id}&market={market['id']}")
    sides = ("bids", "asks")
    return {side: [[float(p), float(a)] for p, a in book[side][:depth]] for side in sides}


def facts(rows, names):
    return sorted(tuple(str(row[name]) for name in names) for row in rows)


def own_orders(watcher, names):
    return facts(watcher.orders or [], names)


def their_orders(sandbox, id, names):
    rows = of_account(sandbox.control("GET", f"/orders?venue={id}"))
    return facts([{**row, "filled": float(row["filled"])} for row in rows], names)


def summed(trades):
    """What each order has traded."""
    sums = {}
    for trade in trades:
        key = trade["order"], trade["side"]
        sums[key] = sums.get(key, 0) + Decimal(str(trade["amount"]))
    return {key: float(total) for key, total in sums.items()}


def own_trades(watcher, names):
    return facts(watcher.myTrades or [], names)


def their_trades(sandbox, id, names):
    rows = of_account(sandbox.control("GET", f"/trades?venue={id}"))
    numbers = ("price", "amount")
    return facts([{**row, **{name: float(row[name]) for name in numbers}} for row in rows], names)


async def has_the_book(sandbox, id, watcher, symbol):
    market, depth = watcher.market(symbol), DEPTH.get(id)
    await until_equal(
        lambda: levels(watcher.orderbooks.get(symbol), depth),
        lambda: their_levels(sandbox, id, market, depth),
        "book",
    )


async def has_the_orders(sandbox, id, watcher):
    told = ("id", "side", "status", "filled")
    await until_equal(lambda: own_orders(watcher, told), lambda: their_orders(sandbox, id, told), "orders")


async def has_the_trades(sandbox, id, watcher):
    if id in ONLY_SUMS:
        await until_equal(
            lambda: summed(watcher.myTrades),
            lambda: summed(of_account(sandbox.control("GET", f"/trades?venue={id}"))),
            "trades",
        )
        return
    told = ("order", "side", "price", "amount")
    await until_equal(lambda: own_trades(watcher, told), lambda: their_trades(sandbox, id, told), "trades")


async def test_after_the_storm(sandbox, id, watcher, counterparty, symbol, amount, dice):
    streams = "watchOrderBook" in watcher.native
    watcher.options["ws"].update(pingInterval=60, timeout=300)  # silence is soon noticed
    errors, tasks = [], []
    spawn = asyncio.ensure_future
    tasks.append(spawn(watching(lambda: watcher.watch_order_book(symbol), errors)))
    if watcher.has["watchOrders"]:
        tasks.append(spawn(watching(lambda: watcher.watch_orders(symbol), errors)))
    if watcher.has["watchMyTrades"]:
        tasks.append(spawn(watching(lambda: watcher.watch_my_trades(symbol), errors)))
    await asyncio.sleep(0.3)
    book = await counterparty.fetch_order_book(symbol)
    middle, far = (book["bids"][0][0] + book["asks"][0][0]) / 2, book["bids"][-1][0]
    over = asyncio.Event()
    traders = [
        spawn(trading(counterparty, symbol, middle, amount, random.Random(1), over)),
        spawn(trading(watcher, symbol, middle, amount, random.Random(2), over)),
    ]
    kinds = STREAM_FAULTS if streams else ()
    for number in range(FAULTS):
        if kinds and (number % 4 or "watchOrders" in watcher.native):
            # A stall takes as long as it takes to be noticed, so they are fewer.
            kind = "ws_stall" if number % 12 == 1 else dice.choice([k for k in kinds if k != "ws_stall"])
            fault = {"venue": id, "kind": kind}
            if kind == "ws_gap" and id in WITHOUT_NUMBERS:
                fault["kind"] = "ws_garbage"
        else:
            fault = {"venue": id, "kind": dice.choice(POLL_FAULTS), **READS.get(id, {"method": "GET"})}
        sandbox.control("POST", "/faults", fault)
        await asyncio.sleep(0.02)
        assert not any(task.done() for task in traders), [task for task in traders if task.done()]
    sandbox.control("DELETE", "/faults")
    over.set()  # not cancelled in the midst of placing an order
    await asyncio.gather(*traders)
    await asyncio.sleep(0.4)  # longer than silence goes unnoticed
    # One more change, for streams that tell a change only.
    await counterparty.create_order(symbol, "limit", "buy", amount, far)

    assert len(errors) > 10
    assert {type(error).__module__ for error in errors} == {"ccxt.base.errors"}
    assert not any(task.done() for task in tasks)
    sums = sandbox.control("GET", "/ledger")[id]
    assert all(entry["total"] == entry["deposited"] for entry in sums.values())
    await has_the_book(sandbox, id, watcher, symbol)
    if watcher.has["watchOrders"]:
        await has_the_orders(sandbox, id, watcher)
    if watcher.has["watchMyTrades"]:
        await has_the_trades(sandbox, id, watcher)
