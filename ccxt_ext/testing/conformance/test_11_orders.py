"""Chapter 11: whatever becomes of an order, all that is told of it agrees with the engine."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ccxt_ext.sandbox import Sandbox
from ccxt_ext.testing.client import LISTS, Client
from ccxt_ext.testing.conformance.cases import case
from ccxt_ext.testing.conformance.lives import REFUSED, WAYS, Row, Scene, differences, fees_of, same
from ccxt_ext.testing.conformance.markets import first_of_each_kind
from ccxt_ext.testing.conformance.waiting import PATIENCE_S

LISTS_OF_ORDERS = tuple(method for method in LISTS if method.endswith("Orders"))
MOST_TOLD = 20  # differences


async def played(me: Client, other: Client, sandbox: Sandbox, id: str, symbol: str) -> Scene:
    """A market on which everything that can become of an order has come to pass."""
    scene = Scene(sandbox, id, me, other, symbol)
    await scene.begin()
    for act in WAYS:
        await act(scene)
    return scene


def names_of(scene: Scene) -> dict[str, str]:
    return {life.answer["id"]: life.name for life in scene.lives}


def truths_of(scene: Scene) -> Mapping[str, Row]:
    there = {row["id"]: row for row in scene.orders()}
    return {id: there.get(id, REFUSED) for id in names_of(scene)}


@case(
    "11.1",
    "What is told of an order is so, whatever becomes of it",
    needs=("createOrder", "cancelOrder", "fetchOrderBook"),
    frontend=True,
    level="trades",
    patience_s=120,
)
async def orders(trader: Client, counterparty: Client, sandbox: Sandbox, id: str) -> None:
    """Two dozen orders on a spot market, and on linear and inverse contracts: that rest, are cancelled, are
    filled whole or in part, at one price or at several; at market, IOC, FOK, post-only and stops, where there
    are. Status, amounts, cost, average and fees of the answer to each, and later of fetchOrder, of each list
    and of the trades, are the engine's or None. What `has` and `features` promise of these orders is done,
    and what they deny is refused."""
    wrong: list[str] = []
    for symbol in (await first_of_each_kind(trader)).values():
        scene = await played(trader, counterparty, sandbox, id, symbol)
        names, truths = names_of(scene), truths_of(scene)
        found = [*scene.unlike, *answers(scene)]
        if scene.has("fetchOrder"):
            fetched = [await trader("fetchOrder", id, symbol) for id in names]
            found += compared("fetchOrder", scene, fetched, truths)
        for method in LISTS_OF_ORDERS:
            if scene.has(method):
                found += compared(method, scene, await trader(method, symbol), truths)
        if scene.has("fetchMyTrades"):
            found += summed("fetchMyTrades", scene, await trader("fetchMyTrades", symbol), truths)
        if scene.has("fetchOrderTrades"):
            trades = [trade for id in names for trade in await trader("fetchOrderTrades", id, symbol)]
            found += summed("fetchOrderTrades", scene, trades, truths)
        wrong += [f"{symbol}: {what}" for what in found]
    agree(wrong)


@case(
    "11.2",
    "What is watched of an order is so, whatever becomes of it",
    needs=("createOrder", "cancelOrder", "fetchOrderBook", "watchOrders"),
    kinds=("pro",),
    frontend=True,
    level="streams",
    patience_s=120,
)
async def watched_orders(watcher: Client, counterparty: Client, sandbox: Sandbox, id: str) -> None:
    """The same orders as in 11.1. Each is told by watchOrders() until it has ended, and all that is held of
    it agrees with the engine, or is None."""
    exchange = watcher.exchange
    wrong: list[str] = []
    for symbol in (await first_of_each_kind(watcher)).values():
        watching = asyncio.ensure_future(watch(watcher, symbol))
        await asyncio.sleep(0.1)
        scene = await played(watcher, counterparty, sandbox, id, symbol)
        if scene.has("watchOrders"):
            truths = truths_of(scene)
            await until_told(exchange, truths, watching)
            held = {order["id"]: order for order in exchange.orders or []}
            found = [f"{name}: not told" for id, name in names_of(scene).items() if id not in held]
            found += compared("watchOrders", scene, held.values(), truths)
            wrong += [f"{symbol}: {what}" for what in (*scene.unlike, *answers(scene), *found)]
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    agree(wrong)


async def watch(watcher: Client, symbol: str) -> None:
    while True:
        await watcher("watchOrders", symbol)


async def until_told(exchange: Any, truths: Mapping[str, Row], watching: asyncio.Future[None]) -> None:
    """Until each watched order has come to its end; all that is told of it is compared later."""
    deadline = asyncio.get_running_loop().time() + PATIENCE_S

    def has_ended(order: Any, truth: Row) -> bool:
        filled = order["filled"]
        return order["status"] == truth["status"] and (filled is None or same(filled, float(truth["filled"])))

    while asyncio.get_running_loop().time() < deadline:
        assert not watching.done(), f"who watches orders gets {watching.exception()!r}"
        told = {order["id"]: order for order in exchange.orders or []}
        if all(id in told and has_ended(told[id], truth) for id, truth in truths.items()):
            return
        await asyncio.sleep(0.02)


def answers(scene: Scene) -> Iterator[str]:
    for life in scene.lives:
        for what in differences(life.answer, life.truth, scene.market, at_first=True):
            yield f"createOrder: {life.name}: {what}"


def compared(method: str, scene: Scene, orders: Iterable[Any], truths: Mapping[str, Row]) -> Iterator[str]:
    names = names_of(scene)
    for order in orders:
        if order["id"] in names:
            for what in differences(order, truths[order["id"]], scene.market):
                yield f"{method}: {names[order['id']]}: {what}"


def summed(method: str, scene: Scene, trades: Sequence[Any], truths: Mapping[str, Row]) -> Iterator[str]:
    """What each order has traded, where trades tell of which order they are."""
    if any(trade["order"] is None for trade in trades):
        if not all(trade["order"] is None for trade in trades):
            yield f"{method}: some trades tell of which order they are, and others do not"
        return
    for id, name in names_of(scene).items():
        own, truth = [trade for trade in trades if trade["order"] == id], truths[id]
        sums = {"filled": sum(trade["amount"] for trade in own)}
        paid = {"filled": float(truth["filled"])}
        if all(trade["cost"] is not None for trade in own):
            sums["cost"], paid["cost"] = sum(trade["cost"] for trade in own), float(truth["cost"])
        if all(map(fees_of, own)):
            sums["fee"] = sum(sum(fees_of(trade).values()) for trade in own)
            paid["fee"] = sum(float(fee) for fee in truth["fees"].values())
        for what, told in sums.items():
            if not same(told, paid[what]):
                yield f"{method}: {name}: {what} is {told} in sum, not {paid[what]}"


def agree(wrong: Sequence[str]) -> None:
    more = [f"... and {len(wrong) - MOST_TOLD} more"] if len(wrong) > MOST_TOLD else []
    assert not wrong, "\n".join(["what is told is not so:", *wrong[:MOST_TOLD], *more])
