"""What only bitmaxfutures has: two ways to sign on, requests over the socket, a book without throttling."""

import asyncio
import random
from decimal import Decimal

import ccxt
import pytest

import ccxt_ext.async_support
import ccxt_ext.pro
from ccxt_ext.sandbox import Sandbox
from tests.waiting import soon, until

ID = "bitmaxfutures"
QUICK = {"connectInterval": 0, "reconnectDelay": 5, "maxReconnectDelay": 50}


@pytest.fixture
def id():
    return ID


@pytest.fixture
async def made(sandbox):
    """More exchanges of the watching account."""
    exchanges = []

    def make(module=ccxt_ext.pro, where=sandbox, **options):
        exchange = getattr(module, ID)(where.config(ID))
        exchange.options = exchange.deep_extend(exchange.options, {"ws": QUICK, **options})
        exchange.timeout_on_exit = 0
        exchanges.append(exchange)
        return exchange

    yield make
    for exchange in exchanges:
        await exchange.close()


def orders_of(sandbox):
    return [o for o in sandbox.control("GET", f"/orders?venue={ID}") if o["account"] == "config"]


async def prices(exchange, symbol):
    book = await exchange.fetch_order_book(symbol)
    return book["bids"][0][0], book["asks"][0][0]


# -- signing on ------------------------------------------------------------------------------------


async def test_in_the_handshake(made, symbol):
    exchange = made(wsAuthMethod="headers")
    bid, _ = await prices(exchange, symbol)
    task = asyncio.ensure_future(exchange.watch_orders())
    order = await soon(exchange.create_order_ws(symbol, "limit", "buy", 0.01, bid))
    assert [told["id"] for told in await soon(task)] == [order["id"]]


@pytest.mark.parametrize("method", ["message", "headers"])
async def test_with_a_wrong_secret(made, method):
    exchange = made(wsAuthMethod=method, accountGroup=0, userUID="U0123456789")
    exchange.secret = "not this one"
    for call in (exchange.watch_orders, exchange.fetch_open_orders_ws):
        with pytest.raises(ccxt.AuthenticationError):
            await soon(call())


async def test_with_a_clock_that_is_off(sandbox, made):
    sandbox.control("POST", "/clock", {"venue": ID, "skew_ms": -100_000})
    exchange = made(accountGroup=0)
    with pytest.raises(ccxt.InvalidNonce):
        await soon(exchange.fetch_open_orders_ws())
    exchange.options["adjustForTimeDifference"] = True
    assert await soon(exchange.fetch_open_orders_ws()) == []


async def test_a_connection_without_a_sign_of_life_is_ended_by_the_venue(sandbox, watcher, symbol):
    """Pings are answered: a minute and more passes, and nothing happens."""
    await soon(watcher.watch_order_book(symbol))
    connection = next(iter(watcher.clients.values()))
    for _ in range(5):
        sandbox.control("POST", "/clock", {"advance_ms": 16_000})
        await asyncio.sleep(0.1)
    assert next(iter(watcher.clients.values())) is connection and connection.error is None


# -- requests --------------------------------------------------------------------------------------


async def test_what_can_be_asked(sandbox, watcher, symbol):
    book = await soon(watcher.fetch_order_book_ws(symbol, 5))
    rest = await watcher.fetch_order_book(symbol, 5)
    assert (book["bids"], book["asks"], book["nonce"]) == (rest["bids"], rest["asks"], rest["nonce"])
    trades = await soon(watcher.fetch_trades_ws(symbol, None, 5))
    assert [t["id"] for t in trades] == [t["id"] for t in await watcher.fetch_trades(symbol, None, 5)]
    bid, ask = book["bids"][0][0], book["asks"][0][0]
    resting = await soon(watcher.create_limit_buy_order_ws(symbol, 0.02, bid))
    await soon(watcher.create_market_order_ws(symbol, "buy", 0.01))
    (open_order,) = await soon(watcher.fetch_open_orders_ws(symbol))
    assert (open_order["id"], open_order["clientOrderId"]) == (resting["id"], resting["clientOrderId"])
    (position,) = await soon(watcher.fetch_positions_ws())
    (same,) = await watcher.fetch_positions()
    for name in ("symbol", "side", "contracts", "entryPrice", "markPrice", "liquidationPrice", "marginRatio"):
        assert position[name] == same[name], name
    balance = await soon(watcher.fetch_balance_ws())
    told = await watcher.fetch_balance()
    assert (balance["total"], balance["free"]) == (told["total"], told["free"])
    edited = await soon(watcher.edit_order_ws(resting["id"], symbol, "limit", "buy", 0.03, bid))
    await soon(watcher.cancel_order_ws(edited["id"], symbol))
    other = await soon(watcher.create_post_only_order_ws(symbol, "limit", "sell", 0.01, ask))
    await soon(watcher.cancel_all_orders_ws(symbol))
    statuses = {order["id"]: order["status"] for order in orders_of(sandbox)}
    assert [statuses[o["id"]] for o in (resting, edited, other)] == ["canceled"] * 3


ORDER = ("limit", "buy", 0.01, 50_000)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda e, s: e.create_order_ws(s, "limit", "buy", 10_000, 50_000), ccxt.InsufficientFunds),
        (lambda e, s: e.create_order_ws(s, *ORDER, {"orderPrice": "50000.1"}), ccxt.InvalidOrder),
        (lambda e, s: e.create_order_ws(s, *ORDER, {"symbol": "NO-PERP"}), ccxt.BadSymbol),
        (lambda e, s: e.cancel_order_ws("s177c2a8cfe1U0123456789equestId2", s), ccxt.OrderNotFound),
        (lambda e, s: e.fetch_order_book_ws(s, None, {"symbol": "NO-PERP"}), ccxt.BadSymbol),
        (lambda e, s: e.fetch_trades_ws(s, None, None, {"level": 0}), ccxt.BadRequest),
    ],
)
async def test_what_the_venue_refuses(sandbox, watcher, symbol, call, error):
    with pytest.raises(error) as caught:
        await soon(call(watcher, symbol))
    assert "unknown" not in str(caught.value)
    assert orders_of(sandbox) == []


@pytest.mark.parametrize("kind", ["ws_close", "ws_garbage", "ws_stall"])
async def test_an_order_without_an_answer_is_there_once_and_can_be_found(sandbox, made, symbol, kind):
    exchange = made()
    bid, _ = await prices(exchange, symbol)
    await soon(exchange.fetch_open_orders_ws())
    sandbox.control("POST", "/faults", {"venue": ID, "kind": kind})
    client_id = f"findMe12345{kind[3:]}"
    exchange.timeout = 700
    with pytest.raises(ccxt.BaseError, match="unknown") as caught:
        await soon(exchange.create_order_ws(symbol, "limit", "buy", 0.01, bid, {"clientOrderId": client_id}))
    exchange.timeout = 10_000
    assert client_id in str(caught.value)
    id = str(caught.value).rpartition(" ")[2]
    found = await exchange.fetch_order(id, symbol)
    again = await exchange.fetch_order(None, symbol, {"clientOrderId": client_id})
    assert found["id"] == again["id"] == id and found["amount"] == 0.01
    assert [order["id"] for order in orders_of(sandbox)] == [id]


async def test_many_orders_through_many_faults_are_each_there_once_at_most(sandbox, made, symbol):
    exchange = made()
    bid, _ = await prices(exchange, symbol)
    await soon(exchange.fetch_open_orders_ws())
    exchange.timeout = 1000
    dice = random.Random(5)
    placed, unknown, unsent = set(), set(), 0
    for number in range(60):
        kind = dice.choice(["ws_close", "ws_garbage", "ws_garbage", None, None])
        if kind is not None:
            sandbox.control("POST", "/faults", {"venue": ID, "kind": kind})
        client_id = f"order{number:09}"
        try:
            params = {"clientOrderId": client_id}
            order = await soon(exchange.create_order_ws(symbol, "limit", "buy", 0.01, bid, params))
            placed.add(order["id"])
        except ccxt.BaseError as error:
            if "unknown" in str(error):
                unknown.add(str(error).rpartition(" ")[2])
            else:
                unsent += 1  # no connection could be made
    sandbox.control("DELETE", "/faults")
    there = [order["id"] for order in orders_of(sandbox)]
    assert len(there) == len(set(there))
    assert placed <= set(there) <= placed | unknown
    assert len(placed) + len(unknown) + unsent == 60 and unknown and placed


# -- what others do --------------------------------------------------------------------------------


async def test_orders_of_another_session_placed_and_filled_while_there_was_no_connection(
    sandbox, made, watcher, symbol
):
    other = made(ccxt_ext.async_support)
    bid, ask = await prices(other, symbol)
    await soon(watcher.fetch_open_orders_ws())  # the account's connection
    errors = []

    async def watch(call):
        while True:
            try:
                await call()
            except ccxt.NetworkError as error:
                errors.append(error)
                await asyncio.sleep(0.3)

    tasks = [asyncio.ensure_future(watch(call)) for call in (watcher.watch_orders, watcher.watch_my_trades)]
    before = await other.create_order(symbol, "limit", "buy", 0.01, bid)
    await until(lambda: watcher.orders)
    sandbox.control("POST", "/faults", {"venue": ID, "kind": "ws_close"})
    placed = [await other.create_order(symbol, "limit", "buy", 0.02, ask) for _ in range(3)]
    placed.append(await other.create_order(symbol, "limit", "buy", 0.03, bid))
    await other.cancel_order(before["id"], symbol)
    expected = {before["id"]: "canceled", placed[3]["id"]: "open", **{o["id"]: "closed" for o in placed[:3]}}
    await until(lambda: {o["id"]: o["status"] for o in watcher.orders} == expected)
    trades = [t for t in sandbox.control("GET", f"/trades?venue={ID}") if t["account"] == "config"]
    cost = sum(Decimal(t["price"]) * Decimal(t["amount"]) for t in trades)
    assert sum(t["cost"] for t in watcher.myTrades) == pytest.approx(float(cost))
    assert {t["order"] for t in watcher.myTrades} == {o["id"] for o in placed[:3]}
    assert errors
    for task in tasks:
        task.cancel()


async def test_positions_and_balance_at_each_moment(sandbox, watcher, counterparty, symbol):
    """What was told last is what the venue has."""
    assert await soon(watcher.watch_positions()) == []
    await soon(watcher.watch_balance())
    told = {}

    async def watch():
        while True:
            for position in await watcher.watch_positions():
                told[position["symbol"], position["side"]] = position

    task = asyncio.ensure_future(watch())
    balances = asyncio.ensure_future(forever(watcher.watch_balance))
    for side, amount in (("buy", 0.02), ("sell", 0.05), ("buy", 0.03)):
        await watcher.create_order(symbol, "market", side, amount)
        rest = {(p["symbol"], p["side"]): p["contracts"] for p in await watcher.fetch_positions()}
        await until(lambda rest=rest: {k: p["contracts"] for k, p in told.items() if p["contracts"]} == rest)
    balance = await watcher.fetch_balance()
    await until(lambda: watcher.balance["total"] == balance["total"])
    assert watcher.balance["free"] == balance["free"]
    assert {p["contracts"] for p in watcher.positions} == {0.0}
    for each in (task, balances):
        each.cancel()


async def forever(call):
    while True:
        await call()


# -- books -----------------------------------------------------------------------------------------


async def churn(exchange, symbol, count, dice):
    bid, ask = await prices(exchange, symbol)
    tick = exchange.market(symbol)["precision"]["price"]
    for _ in range(count):
        side, best, away = dice.choice([("buy", bid, -1), ("sell", ask, 1)])
        price = best + away * tick * dice.randint(-3, 8)
        await exchange.create_order(symbol, "limit", side, 0.001 * dice.randint(1, 9), price)


def same_book(ours, sandbox, market):
    theirs = sandbox.control("GET", f"/book?venue={ID}&market={market['id']}")
    levels = {side: [[float(p), float(a)] for p, a in theirs[side]] for side in ("bids", "asks")}
    return ours and {side: [level[:2] for level in ours[side]] for side in levels} == levels


async def test_the_channel_that_is_not_throttled(sandbox, made, counterparty, symbol):
    exchange = made(watchOrderBook={"channel": "depth-realtime"})
    await soon(exchange.watch_order_book(symbol))
    task = asyncio.ensure_future(forever(lambda: exchange.watch_order_book(symbol)))
    sandbox.control("POST", "/faults", {"venue": ID, "kind": "ws_gap", "count": 5})
    await churn(counterparty, symbol, 40, random.Random(3))
    await until(lambda: same_book(exchange.orderbooks[symbol], sandbox, exchange.market(symbol)))
    task.cancel()


async def test_a_throttled_channel(made):
    """With the venue's own limits, several changes come in one message, with one number."""
    with Sandbox(venues=[ID], seed=3, limits="venue") as strict:
        exchange = made(where=strict)
        other = made(ccxt_ext.async_support, where=strict)
        exchange.enableRateLimit = other.enableRateLimit = False
        await exchange.load_markets()
        symbol = exchange.symbols[0]
        await soon(exchange.watch_order_book(symbol))
        task = asyncio.ensure_future(forever(lambda: exchange.watch_order_book(symbol)))
        await other.load_markets()
        await churn(other, symbol, 40, random.Random(4))
        await until(lambda: same_book(exchange.orderbooks[symbol], strict, exchange.market(symbol)))
        assert exchange.orderbooks[symbol]["nonce"] < 40
        task.cancel()
        await exchange.close()


async def test_a_snapshot_that_is_refused_comes_over_rest(made, symbol):
    exchange = made(watchOrderBook={"snapshot": "depth-snapshot-nonesuch"})
    book = await soon(exchange.watch_order_book(symbol))
    assert len(book["bids"]) >= 30


async def test_nothing_is_left_behind(made, symbol, caplog):
    asyncio.get_running_loop().set_debug(True)
    exchange = made()
    everything = (
        "watch_orders",
        "watch_my_trades",
        "watch_balance",
        "watch_positions",
        "watch_funding_rates",
    )
    tasks = [asyncio.ensure_future(getattr(exchange, name)()) for name in everything]
    tasks += [asyncio.ensure_future(exchange.watch_order_book(symbol)) for _ in range(3)]
    tasks += [asyncio.ensure_future(exchange.create_order_ws(symbol, "limit", "buy", 0.01, 40_000))]
    await asyncio.sleep(0.3)
    await exchange.close()
    await asyncio.wait(tasks)
    for task in tasks:
        if not task.cancelled():
            task.exception()
    assert [t for t in asyncio.all_tasks() if "ccxt_ext" in str(t.get_coro())] == []
    assert [r for r in caplog.records if r.name == "asyncio" and "took" not in r.getMessage()] == []
