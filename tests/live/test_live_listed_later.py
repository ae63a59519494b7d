"""Clients that loaded their markets before another one was listed, in which their account has orders since.

Such a market is loaded once a row names it; one that cannot be loaded is told by its id. Nothing else of
a list suffers.
"""

import asyncio
from dataclasses import dataclass

import ccxt
import pytest

import ccxt_ext
import ccxt_ext.pro
from ccxt_ext.testing.client import Client

PATIENCE_S = 120


@dataclass(frozen=True)
class Kind:
    id: str
    like: str
    market: str  # that is listed, by the venue's name
    symbol: str
    known: str  # another one's
    listing: str  # where the venue tells its markets
    pair: str | None = None
    wallet: str | None = None  # in which the new market's base has to be paid
    asks_each: bool = False  # the venue lists orders of one market at a time

    @property
    def type(self):
        return "swap" if ":" in self.symbol else "spot"

    @property
    def base(self):
        return self.symbol.partition("/")[0]


USDT = ("SOL/USDT", "BTC/USDT")
KINDS = {
    "bitmart2": Kind("bitmart2", "BTC_USDT", "SOL_USDT", *USDT, "symbols", wallet="main", asks_each=True),
    "bitexbit": Kind("bitexbit", "BTC_USDT", "SOL_USDT", *USDT, "/pairs", wallet="main"),
    "bitexasia": Kind("bitexasia", "BTC-USD", "NEW-USD", "NEW/USD", "BTC/USD", "/markets$", wallet="main"),
    "btex-spot": Kind("btex", "BTC_USDT", "SOL_USDT", *USDT, "/pairs|contracts", wallet="spot"),
    "btex-linear": Kind(
        "btex", "3", "7", "SOL/USDT:USDT", "BTC/USDT:USDT", "contracts", "SOL_USDT", asks_each=True
    ),
    "btex-inverse": Kind(
        "btex", "2", "7", "SOL/USD:SOL", "ETH/USD:ETH", "contracts", "SOL_USD", "contracts", asks_each=True
    ),
    "bitmaxfutures": Kind(
        "bitmaxfutures", "ETH-PERP", "SOL-PERP", "SOL/USDT:USDT", "BTC/USDT:USDT", "futures/contract"
    ),
}

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
LOADED = ("markets", "markets_by_id", "symbols", "ids", "currencies", "currencies_by_id", "codes", "unlisted")


@pytest.fixture(params=KINDS)
def of(request):
    return KINDS[request.param]


def config(sandbox, of, account="config"):
    given = sandbox.config(of.id, account)
    options = {**given.get("options", {}), "defaultType": of.type}
    # The first to ask for all tickers waits until all markets have a past.
    return {**given, "options": options, "timeout": 1000 * PATIENCE_S}


def list_market(sandbox, of):
    pair = {} if of.pair is None else {"pair": of.pair}
    sandbox.control("POST", "/markets", {"venue": of.id, "like": of.like, "market": of.market, **pair})
    for account in ("config", "counterparty") if of.wallet else ():
        told = {"account": account, "currency": of.base, "amount": "100000", "wallet": of.wallet}
        sandbox.control("POST", "/deposit", {"venue": of.id, **told})


def trade(sandbox, of, symbol):
    """Two programs that start now: one order that is filled, and one that rests."""
    ann, bob = (
        getattr(ccxt_ext, of.id)(config(sandbox, of, account)) for account in ("config", "counterparty")
    )
    market = ann.load_markets()[symbol]
    bob.set_markets_from_exchange(ann)
    bid = bob.fetch_order_book(symbol)["bids"][0][0]
    price = float(ann.price_to_precision(symbol, bid + market["precision"]["price"]))
    least = max(market["limits"]["amount"]["min"] or 0, market["precision"]["amount"])
    amount = float(ann.amount_to_precision(symbol, 10 * least))
    filled = ann.create_order(symbol, "limit", "buy", amount, price)["id"]
    bob.create_order(symbol, "limit", "sell", amount, price)
    rests = ann.create_order(
        symbol, "limit", "buy", amount, float(ann.price_to_precision(symbol, bid * 0.9))
    )["id"]
    return filled, rests, amount


def summary(of, told):
    """What has to be the same for all clients."""
    if isinstance(told, list):
        return [(row["symbol"], row["id"], row.get("order"), row.get("cost")) for row in told]
    if "total" in told:
        return {code: told["total"].get(code) for code in (of.base, *told["total"])}
    return summary(of, [told]) if "id" in told else sorted(told)


async def asked(client, of, method, *args):
    try:
        return summary(of, await client(method, *args))
    except (ccxt.ArgumentsRequired, ccxt.NotSupported) as error:
        return type(error)


def ids_of(told):
    return {row[1] for row in told}


class Earlier:
    """A client that goes on from what it knew when it loaded its markets."""

    def __init__(self, client):
        self.client = client
        self.exchange = client.exchange

    async def begin(self):
        await self.client("loadMarkets")
        self.known = {name: getattr(self.exchange, name) for name in LOADED}

    async def __call__(self, *args):
        for name, value in self.known.items():
            setattr(self.exchange, name, value)
        return await self.client(*args)


@pytest.fixture
async def earlier(sandbox, of, kind):
    client = Client(kind, of.id, config(sandbox, of))
    before = Earlier(client)
    await before.begin()
    yield before
    await client.close()


async def test_lists_of_who_loaded_the_markets_before_tell_of_all(sandbox, of, earlier):
    known = await asyncio.to_thread(trade, sandbox, of, of.known)
    list_market(sandbox, of)
    new = await asyncio.to_thread(trade, sandbox, of, of.symbol)
    assert of.symbol not in earlier.exchange.markets
    await are_as_everybodys(sandbox, of, earlier, known, new)

    # Where the markets cannot be loaded, rows are told by their ids.
    fault = {"venue": of.id, "kind": "status", "status": 503, "count": 1000, "path": of.listing}
    sandbox.control("POST", "/faults", {**fault, "body": "<html></html>"})
    await are_told_by_id(of, earlier, known, new)
    if earlier.exchange.has["cancelAllOrders"]:
        await all_are_cancelled(sandbox, of, earlier)


async def are_as_everybodys(sandbox, of, earlier, known, new):
    fresh = Client("sync", of.id, config(sandbox, of))
    calls = [(method,) for method in LISTS] + [(method, new[0]) for method in OF_ORDERS]
    told = {}
    for method, *args in calls:
        if earlier.exchange.has_on(method, of.type):
            told[method] = await asked(earlier, of, method, *args)
            assert told[method] == await asked(fresh, of, method, *args), method
    if "fetchOpenOrders" in told:
        assert {known[1], new[1]} == ids_of(told["fetchOpenOrders"])
    if of.type == "swap":
        assert {row[0] for row in told["fetchPositions"]} == {of.known, of.symbol}
    if "fetchMyTrades" in told and not isinstance(told["fetchMyTrades"], type):
        assert {known[0], new[0]} == {row[2] for row in told["fetchMyTrades"]}


async def are_told_by_id(of, earlier, known, new):
    exchange = earlier.exchange
    if of.asks_each:
        # Which markets there are has to be known; a part of the orders would pass for all of them.
        with pytest.raises(ccxt.ExchangeNotAvailable):
            await earlier("fetchOpenOrders")
    elif exchange.has["fetchOpenOrders"]:
        assert {order["id"] for order in await earlier("fetchOpenOrders")} == {known[1], new[1]}
    symbols = {of.market, of.symbol}  # some ids name their currencies
    order = await earlier("fetchOrder", new[0])
    assert (order["id"], order["filled"]) == (new[0], new[2]) and order["symbol"] in symbols
    if exchange.has_on("fetchOrderTrades", of.type) and of.id != "bitmart2":  # which needs a symbol
        fills = await earlier("fetchOrderTrades", new[0])
        assert sum(fill["amount"] for fill in fills) == new[2]
        assert {fill["symbol"] for fill in fills} <= symbols
    if of.type == "swap":
        [first, second] = sorted(await earlier("fetchPositions"), key=lambda row: row["symbol"] != of.known)
        assert (first["symbol"], second["contracts"]) == (of.known, new[2]) and second["symbol"] in symbols


async def all_are_cancelled(sandbox, of, earlier):
    if of.asks_each:
        with pytest.raises(ccxt.ExchangeNotAvailable):
            await earlier("cancelAllOrders")
        sandbox.control("DELETE", "/faults")
    await earlier("cancelAllOrders")
    assert not sandbox.control("GET", f"/orders?venue={of.id}&status=open&account=config")


async def heard(task, watch, found):
    """All that is told until there is what is looked for."""
    told = await asyncio.wait_for(task, PATIENCE_S)
    while not found(told):
        told = told + await asyncio.wait_for(watch(), PATIENCE_S)
    return told


async def test_streams_of_who_loaded_the_markets_before_tell_it_too(sandbox, of):
    watcher = getattr(ccxt_ext.pro, of.id)(config(sandbox, of))
    watcher.options = watcher.deep_extend(watcher.options, {"polling": {"interval": 20}})
    watcher.timeout_on_exit = 0
    try:
        await watcher.load_markets()
        await watches(sandbox, of, watcher)
    finally:
        await watcher.close()


async def watches(sandbox, of, watcher):
    per_market = of.asks_each or of.id == "bitexasia"
    methods = ["watch_orders"] if of.id != "bitexasia" else []
    methods += [] if per_market else ["watch_my_trades"]
    methods += ["watch_positions"] if of.type == "swap" else []
    started = {method: asyncio.ensure_future(getattr(watcher, method)()) for method in methods}
    first = await watcher.watch_balance()
    balance = asyncio.ensure_future(watcher.watch_balance())
    # They all have begun once they tell of a market that is known.
    for method, task in started.items():
        told = []
        while not any(row["symbol"] == of.known for row in told):
            await asyncio.to_thread(trade, sandbox, of, of.known)  # what was there at first may be no news
            done, _ = await asyncio.wait([task], timeout=2)
            if done:
                told = task.result()
                task = asyncio.ensure_future(getattr(watcher, method)())
        task.cancel()
    started = {method: asyncio.ensure_future(getattr(watcher, method)()) for method in methods}

    list_market(sandbox, of)
    assert of.symbol not in watcher.markets
    filled, rests, amount = await asyncio.to_thread(trade, sandbox, of, of.symbol)
    wanted = {
        "watch_orders": lambda told: (rests, of.symbol) in {(o["id"], o["symbol"]) for o in told},
        "watch_my_trades": lambda told: (
            (filled, of.symbol, amount) in {(fill["order"], fill["symbol"], fill["amount"]) for fill in told}
        ),
        "watch_positions": lambda told: (
            (of.symbol, amount) in {(row["symbol"], row["contracts"]) for row in told}
        ),
    }
    if watcher.has["watchOrders"] is True:  # what is polled may be over between two polls
        rests_is_told = wanted["watch_orders"]
        wanted["watch_orders"] = lambda told: (
            rests_is_told(told)
            and (filled, of.symbol, "closed")
            in {(order["id"], order["symbol"], order["status"]) for order in told}
        )
    for method, task in started.items():
        await heard(task, getattr(watcher, method), wanted[method])
    told = await asyncio.wait_for(balance, PATIENCE_S)
    while of.wallet and not told["total"].get(of.base):
        told = await asyncio.wait_for(watcher.watch_balance(), PATIENCE_S)
    assert set(first["total"]) <= set(told["total"])
