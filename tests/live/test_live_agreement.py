"""Whatever becomes of an order, all that is told of it agrees with the engine, or is None."""

import asyncio
from functools import partial

import pytest

import ccxt_ext
import ccxt_ext.pro
from tests.hurry import hurry
from tests.live.lives import REFUSED, WAYS, Scene, differences, same
from tests.waiting import PATIENCE_S

LISTS = (
    "fetchOrders",
    "fetchOpenOrders",
    "fetchClosedOrders",
    "fetchCanceledOrders",
    "fetchCanceledAndClosedOrders",
)


def kinds_of_markets():
    """Each venue with each type of market that it lists."""
    for id in ccxt_ext.exchanges:
        features = getattr(ccxt_ext, id)().features
        if features.get("spot"):
            yield id, "spot"
        for kind in ("linear", "inverse"):
            if (features.get("swap") or {}).get(kind):
                yield id, kind


def symbol_of(exchange, kind):
    return next(
        m["symbol"]
        for m in exchange.markets.values()
        if m["active"] and (m["spot"] if kind == "spot" else m["swap"] and m[kind])
    )


@pytest.fixture(params=[pytest.param(pair, id="-".join(pair)) for pair in kinds_of_markets()])
async def scene(request, sandbox):
    id, kind = request.param
    me = getattr(ccxt_ext.pro, id)(sandbox.config(id))
    hurry(me)
    other = getattr(ccxt_ext.async_support, id)(sandbox.config(id, "counterparty"))
    try:
        await me.load_markets()
        await other.load_markets()
        symbol = symbol_of(me, kind)
        path = f"/orders?venue={id}&account=config&market={me.market(symbol)['id']}"
        made = Scene(me, other, symbol, lambda: sandbox.control("GET", path))
        await made.begin()
        yield made
    finally:
        await me.close()
        await other.close()


async def until_told(me, truths):
    """Until each watched order has come to its end; all that is told of it is compared later."""
    deadline = asyncio.get_running_loop().time() + PATIENCE_S

    def has_ended(order, truth):
        return order["status"] == truth["status"] and order["filled"] in (None, float(truth["filled"]))

    while asyncio.get_running_loop().time() < deadline:
        told = {order["id"]: order for order in me.orders or []}
        if all(id in told and has_ended(told[id], truth) for id, truth in truths.items()):
            return
        await asyncio.sleep(0.02)


async def test_everything_told_of_an_order_is_so(scene, sandbox):
    me, symbol = scene.me, scene.symbol
    has = partial(me.has_on, type=me.market(symbol)["type"])
    watching = asyncio.ensure_future(watch(me, symbol)) if has("watchOrders") else None
    await asyncio.sleep(0.1)
    for act in WAYS:
        await act(scene)
    names = {life.answer["id"]: life.name for life in scene.lives}
    truths = {**dict.fromkeys(names, REFUSED), **{row["id"]: row for row in scene.orders()}}
    wrong = [
        f"createOrder: {life.name}: {what}"
        for life in scene.lives
        for what in differences(life.answer, life.truth, me.market(symbol), at_first=True)
    ]
    if watching is not None:
        await until_told(me, {id: truths[id] for id in names})
        watching.cancel()
        watched = {order["id"]: order for order in me.orders or []}
        wrong += [f"watchOrders: {name}: not told" for id, name in names.items() if id not in watched]
        wrong += compared("watchOrders", watched.values(), truths, names, me.market(symbol))
    if has("fetchOrder"):
        fetched = [await me.fetch_order(id, symbol) for id in names]
        wrong += compared("fetchOrder", fetched, truths, names, me.market(symbol))
    for method in LISTS:
        if has(method):
            wrong += compared(method, await getattr(me, method)(symbol), truths, names, me.market(symbol))
    if has("fetchMyTrades"):
        wrong += summed("fetchMyTrades", await me.fetch_my_trades(symbol), truths, names)
    if has("fetchOrderTrades"):
        trades = [trade for id in names for trade in await me.fetch_order_trades(id, symbol)]
        wrong += summed("fetchOrderTrades", trades, truths, names)
    wrong += [f"features: {name}" for name in scene.promised()]
    assert not wrong, "\n".join(["", *wrong])


async def watch(me, symbol):
    while True:
        await me.watch_orders(symbol)


def compared(method, orders, truths, names, market):
    return [
        f"{method}: {names[order['id']]}: {what}"
        for order in orders
        if order["id"] in names
        for what in differences(order, truths[order["id"]], market)
    ]


def summed(method, trades, truths, names):
    """What each order has traded, where trades tell of which order they are."""
    wrong = []
    if any(trade["order"] is None for trade in trades):
        return [f"{method}: trades without their orders"]
    for id, name in names.items():
        own = [trade for trade in trades if trade["order"] == id]
        sums = {
            "filled": sum(t["amount"] for t in own),
            "cost": sum(t["cost"] for t in own),
            "fee": sum(t["fee"]["cost"] for t in own if t["fee"] and t["fee"]["cost"] is not None),
        }
        truth = truths[id]
        paid = {
            "filled": float(truth["filled"]),
            "cost": float(truth["cost"]),
            "fee": sum(float(fee) for fee in truth["fees"].values()),
        }
        wrong += [
            f"{method}: {name}: {what} {sums[what]}, not {paid[what]}"
            for what in sums
            if not same(sums[what], paid[what])
        ]
    return wrong
