"""Chapter 10, of markets that are listed while clients run, in which their account has orders since.

A client that has loaded its markets before loads them again once a row names a new one. Nothing else of a
list suffers.
"""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable
from typing import Any

import ccxt

from ccxt_ext.sandbox import Sandbox
from ccxt_ext.testing.bench import Bench
from ccxt_ext.testing.client import Client
from ccxt_ext.testing.conformance.cases import case
from ccxt_ext.testing.conformance.everything import has_on
from ccxt_ext.testing.conformance.later import (
    ACCOUNTS,
    RICH,
    Earlier,
    Listing,
    Traded,
    exchange_of,
    listings_of,
    outcome,
    terms,
    trade,
)
from ccxt_ext.testing.conformance.waiting import PATIENCE_S, QUICK
from ccxt_ext.testing.venues import kinds_of

LISTS = (
    "fetchBalance",
    "fetchOrders",
    "fetchOpenOrders",
    "fetchClosedOrders",
    "fetchCanceledAndClosedOrders",
    "fetchMyTrades",
    "fetchPositions",
    "fetchTickers",
    "fetchLastPrices",
)
OF_ORDERS = ("fetchOrder", "fetchOrderTrades")
OWN = ("watchOrders", "watchMyTrades", "watchPositions")

# The first to look at a market waits until it has a past.
FIRST_LOOK_S = 60
NEWS_S = 2
MOST_TRADES = 15


def begun(id: str, kind: str, listing: Listing) -> tuple[Bench, Earlier, Traded, Traded]:
    """A client that knows one market, and orders of its account on this one and on another."""
    bench = Bench(id)
    earlier = Earlier(bench, kind, listing)
    known = trade(bench, listing, listing.known)
    listing.on(bench)
    return bench, earlier, known, trade(bench, listing, listing.symbol)


@case(
    "10.30",
    "Who loaded the markets before another was listed is told all of it",
    needs=("createOrder",),
    frontend=True,
    lists_markets=True,
    level="proven",
)
def lists_of_earlier(id: str, kind: str) -> None:
    """On each type of market: orders, trades, positions, balances and tickers are those that a client sees
    which starts now."""
    for listing in listings_of(id):
        bench, earlier, known, new = begun(id, kind, listing)
        assert listing.symbol not in earlier.exchange.markets
        fresh = exchange_of(bench, kinds_of(id)[0], listing.type)
        calls = [(method,) for method in LISTS] + [(method, new.filled) for method in OF_ORDERS]
        told: dict[str, Any] = {}
        for method, *args in calls:
            if earlier.has(method):
                told[method] = earlier.outcome(method, *args)
                wanted = outcome(listing, fresh, method, *args)
                assert told[method] == wanted, (
                    f"{method}, when {listing.symbol} has been listed since: {told[method]}, where a client "
                    f"that starts now is told {wanted}"
                )
        rows = {method: rows for method, rows in told.items() if isinstance(rows, list)}
        if "fetchOpenOrders" in rows:
            assert {row[1] for row in rows["fetchOpenOrders"]} == {known.rests, new.rests}
        if "fetchPositions" in rows and listing.type == "swap":
            assert {row[0] for row in rows["fetchPositions"]} == {listing.known, listing.symbol}
        if "fetchMyTrades" in rows:
            assert {row[2] for row in rows["fetchMyTrades"]} == {known.filled, new.filled}


@case(
    "10.31",
    "Where the markets cannot be loaded, rows of a new one are told by its id",
    needs=("createOrder",),
    frontend=True,
    lists_markets=True,
    level="proven",
)
def told_by_id(id: str, kind: str) -> None:
    """No list suffers from it, and all orders are cancelled. Where the venue tells of one market at a time,
    it has to be known which there are: then it is an error, as a part would pass for all."""
    for listing in listings_of(id):
        _, earlier, known, new = begun(id, kind, listing)
        each = False
        if earlier.has("fetchOpenOrders"):
            earlier.outcome("fetchOpenOrders")
            each = earlier.asked_for(listing.like)
        earlier.lose_markets()
        whole(earlier, each, known, new)
        one_of_it(earlier, known, new)
        if earlier.has("cancelAllOrders"):
            all_are_cancelled(earlier, each)


def whole(earlier: Earlier, each: bool, known: Traded, new: Traded) -> None:
    if not earlier.has("fetchOpenOrders"):
        return
    where = f"fetchOpenOrders, when {earlier.listing.symbol} is new and the markets cannot be loaded"
    try:
        told = {order["id"] for order in earlier("fetchOpenOrders")}
    except ccxt.ArgumentsRequired:
        return
    except ccxt.NetworkError as error:
        assert each, f"{where}: {error!r}"
        return
    assert told == {known.rests, new.rests}, f"{where}: {told} of {known.rests} and {new.rests}"
    assert not each, f"{where}: it cannot know which markets there are, and yet tells {told}"


def one_of_it(earlier: Earlier, known: Traded, new: Traded) -> None:
    listing = earlier.listing
    symbols = {listing.market, listing.symbol}  # some ids name their currencies
    for method in OF_ORDERS:
        if not earlier.has(method):
            continue
        try:
            told = earlier(method, new.filled)
        except ccxt.ArgumentsRequired:
            continue
        rows = told if isinstance(told, list) else [told]
        done = sum(row["amount"] if isinstance(told, list) else row["filled"] for row in rows)
        assert done == new.amount, f"{method} of a new market: {done} of {new.amount}"
        assert {row["symbol"] for row in rows} <= symbols, f"{method} of a new market: {rows}"
    if listing.type == "swap" and earlier.has("fetchPositions"):
        told = {row["symbol"]: row["contracts"] for row in earlier("fetchPositions")}
        assert told.pop(listing.known) == known.amount
        [(symbol, contracts)] = told.items()
        assert symbol in symbols and contracts == new.amount, told


def all_are_cancelled(earlier: Earlier, each: bool) -> None:
    try:
        earlier("cancelAllOrders")
    except ccxt.ArgumentsRequired:
        return
    except ccxt.NetworkError as error:
        assert each, f"cancelAllOrders, when {earlier.listing.symbol} is new: {error!r}"
        earlier.find_markets()
        earlier("cancelAllOrders")
    left = earlier.bench.engine.orders("config", None, ("open",))
    assert not left, f"cancelAllOrders, when {earlier.listing.symbol} is new, leaves {left}"


@case(
    "10.32",
    "Who watches since before a market was listed is told of it too",
    needs=("createOrder", "watchBalance"),
    kinds=("pro",),
    frontend=True,
    lists_markets=True,
    level="proven",
    patience_s=240,
)
async def streams_of_earlier(id: str, sandbox: Sandbox, client: Callable[..., Client]) -> None:
    """On each type of market: the account's orders, trades, positions and its balance, where they are
    watched for all markets at once."""
    for listing in listings_of(id):
        watcher = client(kind="pro", timeout=1000 * FIRST_LOOK_S)
        options = watcher.exchange.deep_extend(watcher.exchange.options, copy.deepcopy(QUICK))
        watcher.exchange.options = {**options, "defaultType": listing.type}
        await watcher("loadMarkets")
        methods = await begun_to_watch(watcher, client, listing)
        first = await watcher("watchBalance")

        told: dict[str, list[Any]] = {method: [] for method in (*methods, "watchBalance")}
        listening = [asyncio.ensure_future(listen(watcher, method, told[method])) for method in told]
        await asyncio.sleep(0.05)
        list_market(sandbox, listing)
        assert listing.symbol not in watcher.exchange.markets
        traded = await trade_now(client, listing, listing.symbol)
        try:
            await are_told(watcher, listing, traded, told, listening)
        finally:
            for task in listening:
                task.cancel()
            await asyncio.gather(*listening, return_exceptions=True)
        forgotten = set(first["total"]) - set(told["watchBalance"][-1]["total"])
        assert not forgotten, f"watchBalance has forgotten {forgotten}"


def list_market(sandbox: Sandbox, listing: Listing) -> None:
    pair = {"pair": listing.pair} if listing.pair else {}
    told = {"venue": listing.id, "like": listing.like, "market": listing.market, **pair}
    sandbox.control("POST", "/markets", told)
    wallet = {"wallet": listing.wallet} if listing.wallet else {}
    for account in ACCOUNTS:
        for currency in listing.money:
            told = {"account": account, "currency": currency, "amount": str(RICH), **wallet}
            sandbox.control("POST", "/deposit", {"venue": listing.id, **told})


async def trade_now(client: Callable[..., Client], listing: Listing, symbol: str) -> Traded:
    """Two programs that start now: one order that is filled, and one that rests."""
    ann, bob = (client(account, kind="pro", timeout=1000 * FIRST_LOOK_S) for account in ACCOUNTS)
    for each in (ann, bob):
        each.exchange.options["defaultType"] = listing.type
        await each("loadMarkets")
    price, low, amount = terms(ann.exchange, symbol, await bob("fetchOrderBook", symbol))
    filled = (await ann("createOrder", symbol, "limit", "buy", amount, price))["id"]
    await bob("createOrder", symbol, "limit", "sell", amount, price)
    rests = (await ann("createOrder", symbol, "limit", "buy", amount, low))["id"]
    return Traded(filled, rests, amount)


async def begun_to_watch(watcher: Client, client: Callable[..., Client], listing: Listing) -> list[str]:
    """What can be watched of all markets at once, and has told of one that is known."""
    exchange = watcher.exchange
    found = [method for method in OWN if has_on(exchange, method, listing.type)]
    if "watchOrders" in found and not any(exchange.has.get(method) for method in LISTS if "Orders" in method):
        found.remove("watchOrders")  # only of those can be told that the watcher itself has placed

    async def begin(method: str) -> bool:
        told: list[Any] = []
        while not any(row["symbol"] == listing.known for row in told):
            try:
                told = await watcher(method)
            except (ccxt.ArgumentsRequired, ccxt.NotSupported):
                return False
        return True

    begun = {method: asyncio.ensure_future(begin(method)) for method in found}
    for _ in range(MOST_TRADES):
        if all(task.done() for task in begun.values()):
            break
        await trade_now(client, listing, listing.known)  # what was there at first may be no news
        await asyncio.wait(begun.values(), timeout=NEWS_S)
    silent = [method for method, task in begun.items() if not task.done()]
    assert not silent, f"{silent} do not tell of {listing.known}"
    return [method for method, task in begun.items() if task.result()]


async def listen(watcher: Client, method: str, told: list[Any]) -> None:
    while True:
        news = await watcher(method)
        told += news if isinstance(news, list) else [news]


async def are_told(
    watcher: Client, listing: Listing, traded: Traded, told: dict[str, list[Any]], listening: list[Any]
) -> None:
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    left = list(told)
    while left:
        for task in listening:
            assert not task.done(), f"who watches gets {task.exception()!r}"
        left = [method for method in left if not is_told(watcher, method, listing, traded, told[method])]
        late = asyncio.get_running_loop().time() > deadline
        assert not late, f"{left} do not tell of {listing.symbol}, which has been listed since they began"
        await asyncio.sleep(0.02)


def is_told(watcher: Client, method: str, listing: Listing, traded: Traded, rows: list[Any]) -> bool:
    if method == "watchBalance":
        new = listing.base in listing.money
        return bool(rows and (rows[-1]["total"].get(listing.base) or not new))
    own = [row for row in rows if row["symbol"] in (listing.symbol, listing.market)]
    if method == "watchPositions":
        return any(row["contracts"] == traded.amount for row in own)
    if method == "watchMyTrades":
        return (traded.filled, traded.amount) in {(row["order"], row["amount"]) for row in own}
    ended = (traded.filled, "closed") in {(row["id"], row["status"]) for row in own}
    # What is polled may be over between two polls.
    streamed = watcher.exchange.has["watchOrders"] is True
    return traded.rests in {row["id"] for row in own} and (ended or not streamed)
