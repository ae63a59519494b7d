"""Contracts: two accounts trade positions, and the money follows the prices, on every kind of market."""

import pytest

from ccxt_ext.testing.client import Client


def worth(market, contracts, price):
    """In the settle currency."""
    size = contracts * market["contractSize"]
    return size / price if market["inverse"] else size * price


def profit(market, contracts, entry, price):
    """Of a long position."""
    gain = worth(market, contracts, price) - worth(market, contracts, entry)
    return -gain if market["inverse"] else gain


def least(market):
    return max(market["limits"]["amount"]["min"], market["precision"]["amount"]) * 10


async def best(trader, symbol):
    book = await trader("fetchOrderBook", symbol)
    return book["bids"][0][0], book["asks"][0][0]


async def open_contracts(trader):
    markets = (await trader("loadMarkets")).values()
    return [market for market in markets if market["contract"] and market["active"]]


async def total(trader, market):
    return (await trader("fetchBalance"))[market["settle"]]["total"]


async def position_of(trader, symbol):
    """None when there is none."""
    found = [each for each in await trader("fetchPositions", [symbol]) if each["contracts"]]
    assert len(found) <= 1
    return found[0] if found else None


@pytest.fixture
async def swap(trader):
    return next(market for market in await open_contracts(trader) if market["swap"])


@pytest.mark.needs("swap", "fetchPositions", "fetchOrderTrades")
async def test_a_position_opens_gains_and_closes(trader, counterparty):
    await counterparty("loadMarkets")
    for market in await open_contracts(trader):
        symbol, amount = market["symbol"], least(market)
        if counterparty.exchange.has["setLeverage"]:
            await counterparty("setLeverage", 10, symbol)
        before = await total(trader, market)
        _, ask = await best(trader, symbol)
        opening = await trader("createOrder", symbol, "limit", "buy", amount, ask * 1.001)
        bought = await trader("fetchOrderTrades", opening["id"], symbol)
        assert sum(trade["amount"] for trade in bought) == pytest.approx(amount)
        assert all(trade["fee"]["currency"] == market["settle"] for trade in bought)
        cost = sum(worth(market, trade["amount"], trade["price"]) for trade in bought)
        assert sum(trade["cost"] for trade in bought) == pytest.approx(cost)

        position = await position_of(trader, symbol)
        assert (position["side"], position["contracts"]) == ("long", pytest.approx(amount))
        size = amount * market["contractSize"]
        entry = size / cost if market["inverse"] else cost / size
        assert position["entryPrice"] == pytest.approx(entry, rel=1e-6)

        # The counterparty lifts the price, and the profit goes by the mark price.
        gain = position["unrealizedPnl"]
        bids = (await trader("fetchOrderBook", symbol))["bids"]
        tick = market["precision"]["price"]
        await counterparty("createOrder", symbol, "limit", "buy", amount, bids[0][0] + tick)
        asks = (await trader("fetchOrderBook", symbol))["asks"]
        sweep = sum(level[1] for level in asks[:2])
        await counterparty("createOrder", symbol, "limit", "buy", sweep, asks[1][0])
        raised = await position_of(trader, symbol)
        assert raised["unrealizedPnl"] > gain
        if trader.exchange.has["fetchMarkPrices"]:
            mark = (await trader("fetchMarkPrices", [symbol]))[symbol]["markPrice"]
            expected = profit(market, amount, entry, mark)
            assert raised["unrealizedPnl"] == pytest.approx(expected, rel=1e-3, abs=2e-8)
            assert raised["notional"] == pytest.approx(worth(market, amount, mark), rel=1e-4)

        bid, _ = await best(trader, symbol)
        closing = await trader("createOrder", symbol, "limit", "sell", amount, bid * 0.999)
        sold = await trader("fetchOrderTrades", closing["id"], symbol)
        assert await position_of(trader, symbol) is None
        received = sum(worth(market, trade["amount"], trade["price"]) for trade in sold)
        made = cost - received if market["inverse"] else received - cost
        paid = sum(trade["fee"]["cost"] for trade in [*bought, *sold])
        assert await total(trader, market) - before == pytest.approx(made - paid, abs=1e-6)


@pytest.mark.needs("swap", "fetchPositions")
async def test_a_short_position_turns_into_a_long_one(trader, swap):
    symbol, amount = swap["symbol"], least(swap)
    bid, ask = await best(trader, symbol)
    await trader("createOrder", symbol, "limit", "sell", amount, bid * 0.99)
    short = await position_of(trader, symbol)
    assert (short["side"], short["contracts"]) == ("short", pytest.approx(amount))
    await trader("createOrder", symbol, "limit", "buy", 3 * amount, ask * 1.01)
    long = await position_of(trader, symbol)
    assert (long["side"], long["contracts"]) == ("long", pytest.approx(2 * amount))


@pytest.mark.needs("swap", "setLeverage", "fetchLeverage", "fetchPositions")
async def test_leverage_tells_how_much_margin_a_position_takes(trader, swap):
    symbol, amount = swap["symbol"], least(swap)
    for leverage in (10, 2):
        await trader("setLeverage", leverage, symbol)
        assert (await trader("fetchLeverage", symbol))["longLeverage"] == leverage
        bid, ask = await best(trader, symbol)
        await trader("createOrder", symbol, "limit", "buy", amount, ask * 1.01)
        position = await position_of(trader, symbol)
        assert position["leverage"] == leverage
        assert position["initialMargin"] == pytest.approx(position["notional"] / leverage, rel=0.01)
        used = (await trader("fetchBalance"))[swap["settle"]]["used"]
        assert used == pytest.approx(position["initialMargin"], rel=0.01)
        await trader("createOrder", symbol, "limit", "sell", amount, bid * 0.99)


@pytest.mark.needs("swap", "setMarginMode", "fetchMarginMode", "fetchPositions")
async def test_margin_modes(trader, swap):
    symbol, amount = swap["symbol"], least(swap)
    for mode in ("cross", "isolated"):
        await trader("setMarginMode", mode, symbol)
        assert (await trader("fetchMarginMode", symbol))["marginMode"] == mode
        bid, ask = await best(trader, symbol)
        await trader("createOrder", symbol, "limit", "buy", amount, ask * 1.01)
        assert (await position_of(trader, symbol))["marginMode"] == mode
        await trader("createOrder", symbol, "limit", "sell", amount, bid * 0.99)


@pytest.mark.needs("swap", "setLeverage", "fetchLeverage", "setMarginMode", "fetchMarginMode")
async def test_leverage_and_mode_of_a_position_outlive_the_program(trader, swap, sandbox, id, kind):
    symbol, amount = swap["symbol"], least(swap)
    await trader("setLeverage", 20, symbol)
    await trader("setMarginMode", "cross", symbol)
    bid, ask = await best(trader, symbol)
    await trader("createOrder", symbol, "limit", "buy", amount, ask * 1.01)
    again = Client(kind, id, sandbox.config(id))
    try:
        await again("loadMarkets")
        assert (await again("fetchLeverage", symbol))["longLeverage"] == 20
        assert (await again("fetchMarginMode", symbol))["marginMode"] == "cross"
        await again("createOrder", symbol, "limit", "buy", amount, ask * 1.01)
        position = await position_of(again, symbol)
        assert (position["contracts"], position["leverage"]) == (pytest.approx(2 * amount), 20)
        assert position["marginMode"] == "cross"
        await again("createOrder", symbol, "limit", "sell", 2 * amount, bid * 0.99)
        assert await position_of(again, symbol) is None
    finally:
        await again.close()


@pytest.mark.needs("swap", "fetchFundingRate", "fetchPositions")
async def test_funding_is_paid_as_time_passes(trader, swap, sandbox):
    symbol, amount = swap["symbol"], least(swap)
    _, ask = await best(trader, symbol)
    await trader("createOrder", symbol, "limit", "buy", amount, ask * 1.01)
    before = await total(trader, swap)
    notional = (await position_of(trader, symbol))["notional"]
    rate = (await trader("fetchFundingRate", symbol))["fundingRate"]
    assert rate
    hour = 3_600_000
    for _ in range(8):  # no venue pays less often than every eight hours
        sandbox.control("POST", "/clock", {"advance_ms": hour})
        paid = before - await total(trader, swap)
        if paid:
            break
    assert paid == pytest.approx(rate * notional, rel=0.01, abs=2e-8)


@pytest.mark.needs("future", "fetchPositions")
async def test_a_dated_contract_settles(trader, sandbox):
    market = next(market for market in await open_contracts(trader) if market["future"])
    symbol, amount = market["symbol"], least(market)
    _, ask = await best(trader, symbol)
    await trader("createOrder", symbol, "limit", "buy", amount, ask * 1.01)
    resting = await trader("createOrder", symbol, "limit", "buy", amount, ask * 0.9)
    left = market["expiry"] - trader.exchange.milliseconds()
    sandbox.control("POST", "/clock", {"advance_ms": left + 1000})
    assert await position_of(trader, symbol) is None
    assert (await trader("fetchOrder", resting["id"], symbol))["status"] == "canceled"
    if trader.exchange.has["fetchPositionHistory"]:
        [settled] = await trader("fetchPositionHistory", symbol)
        assert settled["lastUpdateTimestamp"] == pytest.approx(market["expiry"], abs=1000)
    assert (await trader("loadMarkets", True))[symbol]["active"] is False
