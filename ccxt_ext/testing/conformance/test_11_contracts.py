"""Chapter 11, of contracts: two accounts trade positions, and the money follows the prices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from ccxt_ext.sandbox import Sandbox
from ccxt_ext.testing.client import Client, prices
from ccxt_ext.testing.conformance.cases import case
from ccxt_ext.testing.conformance.placing import plenty, step_of

HOUR_MS = 3_600_000

MakeClient = Callable[..., Client]


def worth(market: Any, contracts: float, price: float) -> float:
    """In the settle currency."""
    size = contracts * market["contractSize"]
    return float(size / price if market["inverse"] else size * price)


def profit(market: Any, contracts: float, entry: float, price: float) -> float:
    """Of a long position."""
    gain = worth(market, contracts, price) - worth(market, contracts, entry)
    return -gain if market["inverse"] else gain


async def contracts_of(trader: Client) -> list[Any]:
    markets = (await trader("loadMarkets")).values()
    return [market for market in markets if market["contract"] and market["active"]]


async def swap_of(trader: Client) -> tuple[Any, str, float]:
    """The first perpetual contract: market, symbol, and an amount of it."""
    market = next(market for market in await contracts_of(trader) if market["swap"])
    symbol = market["symbol"]
    _, ask = await prices(trader, symbol)
    return market, symbol, plenty(trader.exchange, symbol, ask)


async def buy(trader: Client, symbol: str, amount: float) -> Any:
    _, ask = await prices(trader, symbol)
    return await trader("createOrder", symbol, "limit", "buy", amount, ask * 1.01)


async def sell(trader: Client, symbol: str, amount: float) -> Any:
    bid, _ = await prices(trader, symbol)
    return await trader("createOrder", symbol, "limit", "sell", amount, bid * 0.99)


async def total(trader: Client, market: Any) -> float:
    return float((await trader("fetchBalance"))[market["settle"]]["total"])


async def position_of(trader: Client, symbol: str) -> Any:
    """None when there is none."""
    found = [each for each in await trader("fetchPositions", [symbol]) if each["contracts"]]
    assert len(found) <= 1, f"{symbol} has {len(found)} positions"
    return found[0] if found else None


@contextmanager
def standing(sandbox: Sandbox) -> Iterator[None]:
    """Time stands, so that no funding is paid meanwhile."""
    sandbox.freeze()
    try:
        yield
    finally:
        sandbox.unfreeze()


def agrees(told: Any, name: str, expected: float, rel: float = 1e-6, abs: float = 1e-12) -> None:
    """What is told is so, or None."""
    assert told[name] is None or told[name] == pytest.approx(expected, rel=rel, abs=abs), (
        f"{name} of {told.get('symbol')} is {told[name]}, not {expected}"
    )


@case(
    "11.10",
    "A position opens, gains and closes, and its profit is paid",
    needs=("swap", "fetchPositions", "fetchOrderTrades"),
    frontend=True,
    level="trades",
)
async def gains(trader: Client, counterparty: Client, sandbox: Sandbox) -> None:
    """On each market of contracts. What was bought and what it cost are the position's size and entry price.
    Its profit follows the price. Once it is closed, the balance has changed by what was made less fees."""
    await counterparty("loadMarkets")
    for market in await contracts_of(trader):
        if counterparty.exchange.has["setLeverage"]:
            await counterparty("setLeverage", 10, market["symbol"])
        with standing(sandbox):
            await opens_and_closes(trader, counterparty, market)


async def opens_and_closes(trader: Client, counterparty: Client, market: Any) -> None:
    symbol = market["symbol"]
    before = await total(trader, market)
    _, ask = await prices(trader, symbol)
    amount = plenty(trader.exchange, symbol, ask)
    opening = await trader("createOrder", symbol, "limit", "buy", amount, ask * 1.001)
    bought = await trader("fetchOrderTrades", opening["id"], symbol)
    assert sum(trade["amount"] for trade in bought) == pytest.approx(amount), symbol
    assert all(trade["fee"]["currency"] == market["settle"] for trade in bought), symbol
    cost = sum(worth(market, trade["amount"], trade["price"]) for trade in bought)
    assert sum(trade["cost"] for trade in bought) == pytest.approx(cost), symbol

    position = await position_of(trader, symbol)
    assert position is not None, f"{amount} of {symbol} were bought, and there is no position"
    assert (position["side"], position["contracts"]) == ("long", pytest.approx(amount)), symbol
    size = amount * market["contractSize"]
    entry = size / cost if market["inverse"] else cost / size
    agrees(position, "entryPrice", entry)
    await rises(trader, counterparty, market, amount, entry, position)

    bid, _ = await prices(trader, symbol)
    closing = await trader("createOrder", symbol, "limit", "sell", amount, bid * 0.999)
    sold = await trader("fetchOrderTrades", closing["id"], symbol)
    assert await position_of(trader, symbol) is None, f"{symbol} was sold, and there is still a position"
    received = sum(worth(market, trade["amount"], trade["price"]) for trade in sold)
    made = cost - received if market["inverse"] else received - cost
    paid = sum(trade["fee"]["cost"] for trade in [*bought, *sold])
    assert await total(trader, market) - before == pytest.approx(made - paid, abs=1e-6), symbol


async def rises(
    trader: Client, counterparty: Client, market: Any, amount: float, entry: float, position: Any
) -> None:
    """The counterparty lifts the price, and the profit goes by the mark price."""
    symbol, exchange = market["symbol"], trader.exchange
    bid, _ = await prices(trader, symbol)
    tick = step_of(exchange, symbol, "price")
    await counterparty("createOrder", symbol, "limit", "buy", amount, bid + tick)
    asks = (await trader("fetchOrderBook", symbol))["asks"]
    sweep = sum(level[1] for level in asks[:2])
    await counterparty("createOrder", symbol, "limit", "buy", sweep, asks[1][0])
    raised = await position_of(trader, symbol)
    if position["unrealizedPnl"] is not None:
        assert raised["unrealizedPnl"] > position["unrealizedPnl"], f"{symbol} rises, and there is no gain"
    if exchange.has["fetchMarkPrices"]:
        mark = (await trader("fetchMarkPrices", [symbol]))[symbol]["markPrice"]
        agrees(raised, "unrealizedPnl", profit(market, amount, entry, mark), rel=1e-3, abs=2e-8)
        agrees(raised, "notional", worth(market, amount, mark), rel=1e-4)


@case(
    "11.11",
    "A short position turns into a long one",
    needs=("swap", "fetchPositions"),
    frontend=True,
    level="trades",
)
async def turns(trader: Client) -> None:
    """By one order of three times its size, which is no position of its own."""
    _, symbol, amount = await swap_of(trader)
    await sell(trader, symbol, amount)
    short = await position_of(trader, symbol)
    assert short is not None and (short["side"], short["contracts"]) == ("short", pytest.approx(amount)), (
        short
    )
    await buy(trader, symbol, 3 * amount)
    long = await position_of(trader, symbol)
    assert long is not None and (long["side"], long["contracts"]) == ("long", pytest.approx(2 * amount)), long


@case(
    "11.12",
    "Leverage tells how much margin a position takes",
    needs=("swap", "setLeverage", "fetchLeverage", "fetchPositions"),
    frontend=True,
    level="trades",
)
async def leverage(trader: Client) -> None:
    """What was set is told, and the position and the balance go by it."""
    market, symbol, amount = await swap_of(trader)
    for leverage in (10, 2):
        await trader("setLeverage", leverage, symbol)
        assert (await trader("fetchLeverage", symbol))["longLeverage"] == leverage
        await buy(trader, symbol, amount)
        position = await position_of(trader, symbol)
        agrees(position, "leverage", leverage)
        agrees(position, "initialMargin", position["notional"] / leverage, rel=0.01)
        used = (await trader("fetchBalance"))[market["settle"]]
        agrees(used, "used", position["initialMargin"], rel=0.01)
        await sell(trader, symbol, amount)


@case(
    "11.13",
    "A position is of the margin mode that was set",
    needs=("swap", "setMarginMode", "fetchMarginMode", "fetchPositions"),
    frontend=True,
    level="trades",
)
async def margin_modes(trader: Client) -> None:
    """Cross and isolated."""
    _, symbol, amount = await swap_of(trader)
    for mode in ("cross", "isolated"):
        await trader("setMarginMode", mode, symbol)
        assert (await trader("fetchMarginMode", symbol))["marginMode"] == mode
        await buy(trader, symbol, amount)
        assert (await position_of(trader, symbol))["marginMode"] == mode
        await sell(trader, symbol, amount)


@case(
    "11.14",
    "Leverage and margin mode of a position outlive the program",
    needs=("swap", "setLeverage", "fetchLeverage", "setMarginMode", "fetchMarginMode", "fetchPositions"),
    frontend=True,
    level="trades",
)
async def outlive(trader: Client, client: MakeClient) -> None:
    """Another client of the account is told what was set, adds to the position, and closes it."""
    _, symbol, amount = await swap_of(trader)
    await trader("setLeverage", 20, symbol)
    await trader("setMarginMode", "cross", symbol)
    await buy(trader, symbol, amount)
    again = client()
    await again("loadMarkets")
    assert (await again("fetchLeverage", symbol))["longLeverage"] == 20
    assert (await again("fetchMarginMode", symbol))["marginMode"] == "cross"
    await buy(again, symbol, amount)
    position = await position_of(again, symbol)
    assert position["contracts"] == pytest.approx(2 * amount)
    assert (position["leverage"], position["marginMode"]) == (20, "cross")
    await sell(again, symbol, 2 * amount)
    assert await position_of(again, symbol) is None


@case(
    "11.15",
    "Funding is paid at the rate that is told",
    needs=("swap", "fetchFundingRate", "fetchPositions"),
    frontend=True,
    level="trades",
)
async def funding(trader: Client, sandbox: Sandbox) -> None:
    """Within eight hours, on what the position is worth."""
    market, symbol, amount = await swap_of(trader)
    await buy(trader, symbol, amount)
    with standing(sandbox):
        before = await total(trader, market)
        notional = (await position_of(trader, symbol))["notional"]
        rate = (await trader("fetchFundingRate", symbol))["fundingRate"]
        assert rate, f"the funding rate of {symbol} is {rate}"
        paid = 0.0
        for _ in range(8):  # no venue pays less often than every eight hours
            sandbox.control("POST", "/clock", {"advance_ms": HOUR_MS})
            paid = before - await total(trader, market)
            if paid:
                break
    assert paid == pytest.approx(rate * notional, rel=0.01, abs=2e-8)


@case(
    "11.16",
    "A dated contract settles when it expires",
    needs=("future", "fetchPositions", "fetchOrder"),
    frontend=True,
    level="trades",
)
async def settles(trader: Client, sandbox: Sandbox) -> None:
    """At the time that the market tells: the position is closed, the order that rests is cancelled, the
    market is no longer open."""
    market = next(market for market in await contracts_of(trader) if market["future"])
    symbol = market["symbol"]
    _, ask = await prices(trader, symbol)
    amount = plenty(trader.exchange, symbol, ask * 0.9)
    await buy(trader, symbol, amount)
    resting = await trader("createOrder", symbol, "limit", "buy", amount, ask * 0.9)
    left = market["expiry"] - trader.exchange.milliseconds()
    sandbox.control("POST", "/clock", {"advance_ms": left + 1000})
    assert await position_of(trader, symbol) is None, f"{symbol} has expired, and there is still a position"
    assert (await trader("fetchOrder", resting["id"], symbol))["status"] == "canceled"
    if trader.exchange.has["fetchPositionHistory"]:
        [settled] = await trader("fetchPositionHistory", symbol)
        agrees(settled, "lastUpdateTimestamp", market["expiry"], abs=1000)
    assert (await trader("loadMarkets", True))[symbol]["active"] is False
