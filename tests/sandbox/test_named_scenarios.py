"""What a bot meets in each of the scenarios that have a name."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import ccxt
import ccxt.pro
import pytest

from ccxt_ext.sandbox import Sandbox
from ccxt_ext.sandbox.scenarios.named import names
from tests.ids import IDS

SPOT = {"bitmart2": "BTC/USDT", "btex": "BTC/USDT", "bitexbit": "BTC/USDT", "bitexasia": "BTC/USD"}
SYMBOLS = {**SPOT, "bitmaxfutures": "BTC/USDT:USDT"}
LAST = {"bitmart2": "WAVES/BTC", "bitexasia": "ETH/BTC"}


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(clock="frozen") as sandbox:
        yield sandbox


@pytest.fixture(autouse=True)
def nothing_went_wrong(sandbox: Sandbox) -> Iterator[None]:
    yield
    assert not sandbox.control("GET", "/scenario").get("failures")
    assert sandbox.control("GET", "/")["crashes"] == 0
    for venue, entries in sandbox.control("GET", "/ledger").items():
        for currency, entry in entries.items():
            assert entry["total"] == entry["deposited"], f"{venue} {currency}"


def client(sandbox: Sandbox, venue: str, account: str = "config") -> Any:
    return getattr(ccxt, venue)(sandbox.config(venue, account))


def last(sandbox: Sandbox, venue: str) -> float:
    return float(client(sandbox, venue).fetch_ticker(SYMBOLS[venue])["last"])


def orders(sandbox: Sandbox, venue: str, **filters: str) -> Any:
    query = "&".join(f"{name}={value}" for name, value in {"venue": venue, **filters}.items())
    return sandbox.control("GET", f"/orders?{query}")


def test_flash_crash(sandbox: Sandbox) -> None:
    """On every venue at once: orders below are filled, a stop fires once, and long positions end."""
    clients = {venue: client(sandbox, venue) for venue in IDS}
    sandbox.scenario("flash-crash")
    before, below = {}, {}
    for venue in IDS:
        sandbox.book(venue, levels=5)  # which takes less time
        before[venue] = last(sandbox, venue)
    for venue, exchange in clients.items():
        symbol, low = SYMBOLS[venue], before[venue] * 0.85
        exchange.load_markets()
        amount = exchange.markets[symbol]["limits"]["amount"]["min"]
        below[venue] = exchange.create_order(symbol, "limit", "buy", max(amount, 10 / low), low)
    stops = client(sandbox, "bitexasia", "counterparty")
    futures = ccxt.bitmaxfutures(sandbox.account("bitmaxfutures", "small", {"USDT": "60"}))
    trigger = round(before["bitexasia"] * 0.9)
    held = stops.fetch_balance()["BTC"]["free"]
    stop = stops.create_order("BTC/USD", "market", "sell", 0.01, None, {"triggerPrice": trigger})
    futures.set_leverage(20, "BTC/USDT:USDT")
    futures.create_order("BTC/USDT:USDT", "market", "buy", 0.01)
    assert len(futures.fetch_positions()) == 1

    sandbox.advance(minutes=5)
    bottom = {venue: last(sandbox, venue) for venue in IDS}
    for venue in IDS:
        assert bottom[venue] <= before[venue] * 0.8
        (bought,) = orders(sandbox, venue, account="config")
        assert (bought["id"], bought["status"]) == (below[venue]["id"], "closed")
        assert Decimal(bought["cost"]) <= Decimal(bought["filled"]) * Decimal(bought["price"]) * 1000
    sandbox.advance(minutes=11)
    for venue in IDS:
        assert last(sandbox, venue) >= before[venue] - (before[venue] - bottom[venue]) / 2
    (sold,) = orders(sandbox, "bitexasia", account="counterparty")
    assert (sold["id"], sold["status"], sold["filled"]) == (stop["id"], "closed", "0.01")
    assert float(sold["cost"]) <= 0.01 * trigger
    assert stops.fetch_balance()["BTC"]["total"] == pytest.approx(held - 0.01)
    assert futures.fetch_positions() == []


def test_price_gap(sandbox: Sandbox) -> None:
    sandbox.scenario("price-gap")
    before = {venue: last(sandbox, venue) for venue in IDS}
    sandbox.advance(minutes=2)
    for venue in IDS:
        assert last(sandbox, venue) == pytest.approx(before[venue] * 0.875, rel=0.01)
    sandbox.advance(minutes=9)
    for venue in IDS:
        assert last(sandbox, venue) == pytest.approx(before[venue] * 0.875 * 1.1, rel=0.01)


def test_behind_a_price_gap_a_stop_is_filled_at_what_is_left(sandbox: Sandbox) -> None:
    exchange = client(sandbox, "bitexasia")
    sandbox.scenario("price-gap")
    before = last(sandbox, "bitexasia")
    trigger = round(before * 0.95)
    params = {"triggerPrice": trigger}
    at_market = exchange.create_order("BTC/USD", "market", "sell", 0.01, None, params)
    with_limit = exchange.create_order("BTC/USD", "limit", "sell", 0.01, round(before * 0.94), params)
    sandbox.advance(minutes=3)
    filled = exchange.fetch_order(at_market["id"])
    assert filled["status"] == "closed"
    assert filled["average"] < before * 0.9
    assert exchange.fetch_order(with_limit["id"])["status"] == "open"


@pytest.mark.parametrize("venue", IDS)
def test_slow_venue(sandbox: Sandbox, venue: str) -> None:
    exchange = client(sandbox, venue)
    exchange.load_markets()
    sandbox.scenario("slow-venue")
    exchange.fetch_balance()  # with a token, where one is needed
    sandbox.advance(minutes=4)
    price = last_by_engine(sandbox, venue) * 0.9
    exchange.timeout = 500  # enough for what is sent before, and less than fifteen seconds
    with pytest.raises(ccxt.RequestTimeout) as late:
        exchange.create_order(SYMBOLS[venue], "limit", "buy", amount_for(exchange, venue, price), price)
    assert late.value.outcome == "unknown"  # type: ignore[attr-defined]
    sandbox.advance(minutes=2)
    exchange.timeout = 20_000
    assert len(open_orders(sandbox, exchange)) == 1


def open_orders(sandbox: Sandbox, exchange: Any) -> list[str]:
    """The ids of the open orders as the client is told them, which the engine's have to be."""
    venue = exchange.id
    there = sorted(row["id"] for row in orders(sandbox, venue, status="open", account="config"))
    if exchange.has["fetchOpenOrders"]:
        assert sorted(order["id"] for order in exchange.fetch_open_orders(SYMBOLS[venue])) == there
    for id in there:
        assert exchange.fetch_order(id, SYMBOLS[venue])["status"] == "open"
    return there


def last_by_engine(sandbox: Sandbox, venue: str) -> float:
    book = sandbox.control("GET", f"/book?venue={venue}&market={SYMBOLS[venue]}&depth=1")
    return float(book["bids"][0][0])


def amount_for(exchange: Any, venue: str, price: float) -> float:
    least = exchange.markets[SYMBOLS[venue]]["limits"]["amount"]["min"] or 0
    return float(max(least, 20 / price))


@pytest.mark.parametrize("venue", IDS)
def test_outage(sandbox: Sandbox, venue: str) -> None:
    exchange = client(sandbox, venue)
    exchange.load_markets()
    sandbox.scenario("outage")
    price = last_by_engine(sandbox, venue) * 0.9
    stood = exchange.create_order(SYMBOLS[venue], "limit", "buy", amount_for(exchange, venue, price), price)
    sandbox.advance(minutes=1)
    with pytest.raises(ccxt.NetworkError) as lost:
        exchange.create_order(
            SYMBOLS[venue], "limit", "buy", amount_for(exchange, venue, price), price * 0.99
        )
    assert lost.value.outcome == "unknown"  # type: ignore[attr-defined]
    sandbox.advance(minutes=1)
    with pytest.raises((ccxt.OnMaintenance, ccxt.ExchangeNotAvailable)):
        exchange.fetch_balance()
    sandbox.advance(minutes=3)
    found = open_orders(sandbox, exchange)
    assert len(found) == 2
    assert stood["id"] in found


@pytest.mark.parametrize("venue", IDS)
def test_refused_cancels(sandbox: Sandbox, venue: str) -> None:
    exchange, symbol = client(sandbox, venue), SYMBOLS[venue]
    exchange.load_markets()
    sandbox.scenario("refused-cancels")
    price = last_by_engine(sandbox, venue) * 0.9
    order = exchange.create_order(symbol, "limit", "buy", amount_for(exchange, venue, price), price)
    sandbox.advance(minutes=1)
    with pytest.raises(ccxt.ExchangeError, match="cannot be cancelled now"):
        exchange.cancel_order(order["id"], symbol)
    assert open_orders(sandbox, exchange) == [order["id"]]
    sandbox.advance(minutes=2)
    exchange.cancel_order(order["id"], symbol)
    assert open_orders(sandbox, exchange) == []


@pytest.mark.parametrize("venue", IDS)
def test_clock_drift(sandbox: Sandbox, venue: str) -> None:
    exchange = client(sandbox, venue)
    sandbox.scenario("clock-drift")
    sandbox.advance(minutes=5)
    assert sandbox.control("GET", "/clock")["skew_ms"][venue] == 600_000
    if venue in ("btex", "bitexasia", "bitmaxfutures"):  # the others take any rising number
        with pytest.raises((ccxt.InvalidNonce, ccxt.AuthenticationError)):
            exchange.fetch_balance()
    sandbox.advance(minutes=5)
    assert exchange.fetch_balance()["total"]


@pytest.mark.parametrize("venue", LAST)
def test_delisting(sandbox: Sandbox, venue: str) -> None:
    exchange, symbol = client(sandbox, venue), LAST[venue]
    sandbox.scenario("delisting")
    exchange.load_markets()
    price = exchange.fetch_ticker(symbol)["last"] * 0.9
    amount = exchange.markets[symbol]["limits"]["amount"]["min"] * 1000
    quote = symbol.partition("/")[2]
    free = exchange.fetch_balance()[quote]["free"]
    order = exchange.create_order(symbol, "limit", "buy", amount, price)
    sandbox.advance(minutes=2)
    assert exchange.fetch_order(order["id"], symbol)["status"] == "canceled"
    assert exchange.fetch_balance()[quote]["free"] == free
    with pytest.raises(ccxt.ExchangeError):
        exchange.create_order(symbol, "limit", "buy", amount, price)
    exchange.load_markets(True)
    assert symbol not in exchange.markets or exchange.markets[symbol]["active"] is False


@pytest.mark.parametrize(("venue", "symbol"), [("btex", "BTC/USDT:USDT"), ("bitmaxfutures", "BTC/USDT:USDT")])
def test_funding_spike(sandbox: Sandbox, venue: str, symbol: str) -> None:
    exchange = client(sandbox, venue)
    sandbox.scenario("funding-spike")
    exchange.load_markets()
    exchange.create_order(
        symbol, "market", "buy", max(exchange.markets[symbol]["limits"]["amount"]["min"], 0.01)
    )
    sandbox.advance(minutes=1)
    value = float(sandbox.control("GET", f"/trades?venue={venue}")[0]["cost"])
    before = exchange.fetch_balance()["USDT"]["total"]
    sandbox.advance(hours=8, minutes=1, trade=False)
    assert before - exchange.fetch_balance()["USDT"]["total"] == pytest.approx(value * 0.01, rel=0.05)


@pytest.mark.parametrize("venue", IDS)
def test_thin_book(sandbox: Sandbox, venue: str) -> None:
    exchange = client(sandbox, venue)
    sandbox.scenario("thin-book")
    usual = exchange.fetch_order_book(SYMBOLS[venue])
    sandbox.advance(minutes=1)
    thin = exchange.fetch_order_book(SYMBOLS[venue])
    assert len(thin["bids"]) <= 2 < len(usual["bids"])
    assert thin["asks"][0][0] / thin["bids"][0][0] > 1.005
    assert sum(amount for _, amount, *_ in thin["asks"]) < sum(amount for _, amount, *_ in usual["asks"]) / 10
    sandbox.advance(minutes=10)
    assert len(exchange.fetch_order_book(SYMBOLS[venue])["bids"]) > 2


async def watched(exchange: Any, symbol: str) -> None:
    """Watch for a moment: what has changed may have come before, and then there is nothing to wait for."""
    try:
        await asyncio.wait_for(exchange.watch_order_book(symbol), 0.3)
    except (ccxt.NetworkError, asyncio.TimeoutError, TimeoutError):
        return


async def test_reconnect_storm(sandbox: Sandbox) -> None:
    sandbox.scenario("reconnect-storm")
    venues = ("bitmart2", "bitexasia", "bitmaxfutures")
    exchanges = [getattr(ccxt.pro, venue)(sandbox.config(venue)) for venue in venues]

    async def all_watched() -> None:
        await asyncio.to_thread(sandbox.advance, seconds=10, trade=True)
        await asyncio.gather(*(watched(each, SYMBOLS[each.id]) for each in exchanges))

    def is_right(exchange: Any) -> bool:
        symbol = SYMBOLS[exchange.id]
        truth = sandbox.control("GET", f"/book?venue={exchange.id}&market={symbol}&depth=5")
        told = exchange.orderbooks.get(symbol, {"bids": []})  # none while it connects again
        return [price for price, *_ in told["bids"][:5]] == [float(price) for price, _ in truth["bids"]]

    try:
        await asyncio.gather(*(each.watch_order_book(SYMBOLS[each.id]) for each in exchanges))
        for _ in range(20):
            await all_watched()
        wrong = exchanges
        while wrong:  # the storm is over: sooner or later each book is the engine's
            await all_watched()
            wrong = [each for each in wrong if not is_right(each)]
    finally:
        await asyncio.gather(*(each.close() for each in exchanges))


def test_each_of_them_is_tried_here() -> None:
    tried = {name.removeprefix("test_").replace("_", "-") for name in globals() if name.startswith("test_")}
    assert set(names()) <= tried
