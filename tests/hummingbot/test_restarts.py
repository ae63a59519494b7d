"""A connector that goes on with the orders of another process, by what stands in hummingbot's database."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.hummingbot.markets import PERPETUAL, SPOT, Market
from tests.hummingbot.trading import Trader, engine_fills, told_fills

Making = Callable[..., Trader]

pytestmark = pytest.mark.parametrize("market", (*SPOT, *PERPETUAL), ids=str)


def when_sent(trading: Trader) -> list[dict[str, Any]]:
    """What hummingbot's database has each time when an order is about to be sent."""
    saved: list[dict[str, Any]] = []
    trading.connector.save_states = lambda: saved.append(trading.connector.tracking_states)
    return saved


async def sent(
    trading: Trader, box: Any, market: Market, done: Callable[[str], Any], kind: str, **more: Any
) -> Any:
    """Send an order whose request meets a fault, and wait. Returns its id, and what hummingbot has saved."""
    saved = when_sent(trading)
    async with trading.quiet():
        with box.fault(kind, market.id, path=market.places, method="POST", **more):
            id = trading.order("buy", trading.small(), trading.away("buy"))
            await trading.until(lambda: done(id))
    return id, saved[0]


async def test_an_order_whose_process_was_killed_before_the_answer_is_found(
    box: Any, trader: Making, other: Any, market: Market
) -> None:
    async with trader(market) as trading:
        amount, price = trading.small() * 2, trading.best("buy")
        saved = when_sent(trading)
        id = trading.order("buy", amount, price)
        await trading.until(lambda: box.orders(market.id, account="config"))
        states = saved[0]
    assert states[id]["exchange_order_id"] is None
    await trading.forgotten()
    async with trader(market, states=states) as trading:
        venue_id = await trading.on_venue(id)
        await other(market).create_order(
            market.symbol, "limit", "sell", float(amount / trading.size), float(price)
        )
        await trading.ended(id, "completed")
        assert told_fills(trading, id) == engine_fills(box, market, venue_id, trading.size)
        assert len(box.orders(market.id, account="config")) == 1


async def test_an_order_is_found_though_its_answer_came_after_the_end_of_the_connector_before(
    box: Any, trader: Making, market: Market
) -> None:
    """hummingbot's `stop` waits for ten seconds, and `start` makes another connector in the same process."""
    async with trader(market) as trading:
        id, states = await sent(
            trading, box, market, lambda _: box.orders(market.id, account="config"), "latency", ms=2_000
        )
    async with trader(market, states=states) as again:
        [row] = box.orders(market.id, account="config")
        assert await again.on_venue(id) == row["id"]
        await again.until(lambda: id not in trading.connector.being_placed)
        again.cancel(id)
        await again.ended(id, "cancelled")
    assert [row["status"] for row in box.orders(market.id)] == ["canceled"]


async def test_an_order_whose_process_was_killed_before_it_was_sent_ends_as_failed(
    box: Any, trader: Making, market: Market
) -> None:
    async with trader(market) as trading:
        id, states = await sent(trading, box, market, trading.is_lost, "reset")
    await trading.forgotten()
    box.advance(minutes=5)
    async with trader(market, states=states) as trading:
        await trading.until(lambda: trading.end_of(id))
        if market.honours_ids:  # it is sent again, as no list tells of it; and cancelled, as it is late
            await trading.ended(id, "cancelled")
            assert [row["status"] for row in box.orders(market.id)] == ["canceled"]
        else:
            assert (trading.end_of(id), box.orders(market.id)) == ("failed", [])


@pytest.mark.parametrize("filled", ("not", "in part", "wholly", "wholly, in parts"))
async def test_what_was_filled_meanwhile_is_told(
    box: Any, trader: Making, other: Any, market: Market, filled: str
) -> None:
    async with trader(market) as trading:
        amount, price, size = trading.small() * 4, trading.best("buy"), trading.size
        id = trading.order("buy", amount, price)
        venue_id = await trading.on_venue(id)
        counterparty = other(market)
        quarter = float(amount / 4 / size)
        await counterparty.create_order(market.symbol, "limit", "sell", quarter, float(price))
        await trading.until(lambda: trading.filled(id) == amount / 4)
        states = trading.connector.tracking_states
    more = {"not": (), "in part": (1,), "wholly": (3,), "wholly, in parts": (1, 2)}[filled]
    parts = sum(more)
    for quarters in more:
        await counterparty.create_order(market.symbol, "limit", "sell", quarter * quarters, float(price))
    await trading.forgotten()
    async with trader(market, states=states) as trading:
        if parts == 3:
            await trading.ended(id, "completed")
        else:
            await trading.until(lambda: trading.filled(id) == amount * parts / 4)
            await trading.looked_again()
            trading.cancel(id)
            await trading.ended(id, "cancelled")
        assert trading.filled(id) == amount * parts / 4
        assert trading.ends == [(id, "completed" if parts == 3 else "cancelled")]
        order = trading.tracked(id)
        fills = engine_fills(box, market, venue_id, size)
        assert sum(fill[0] for fill in fills) == order.executed_amount_base
        apart = len(more) if trading.connector.desk.lists_trades else min(len(more), 1)
        assert len(order.order_fills) == 1 + apart


async def test_an_order_that_was_cancelled_meanwhile_is_told(
    box: Any, trader: Making, market: Market
) -> None:
    async with trader(market) as trading:
        id = trading.order("buy", trading.small(), trading.away("buy"))
        await trading.on_venue(id)
        states = trading.connector.tracking_states
    box.control("POST", "/cancel", {"venue": market.id, "account": "config"})
    await trading.forgotten()
    async with trader(market, states=states) as trading:
        box.advance(minutes=2)  # BTEX's spot markets list a new order late
        await trading.ended(id, "cancelled")
        assert trading.fills == []


async def test_two_orders_whose_process_was_killed_are_told_apart_when_both_were_filled(
    box: Any, trader: Making, other: Any, market: Market
) -> None:
    """The fills of the dearer one would do for the cheaper one too."""
    async with trader(market) as trading:
        amount, size, saved = trading.small() * 2, trading.size, when_sent(trading)
        dear = trading.best("sell")
        cheap = dear - trading.connector.trading_rules[trading.pair].min_price_increment
        assert cheap > trading.price("buy")
        ids = [trading.order("sell", amount, price) for price in (cheap, dear)]
        await trading.until(lambda: len(box.orders(market.id, account="config")) == 2)
        states = saved[-1]
    assert [states[id]["exchange_order_id"] for id in ids] == [None, None]
    both = float(amount * 2 / size)
    await other(market).create_order(market.symbol, "limit", "buy", both, float(dear))
    by_price = {row["price"]: row["id"] for row in box.orders(market.id, account="config")}
    await trading.forgotten()
    async with trader(market, states=states) as trading:
        for id, price in zip(ids, (cheap, dear), strict=True):
            await trading.ended(id, "completed")
            assert told_fills(trading, id) == engine_fills(box, market, by_price[price], size)


async def test_two_orders_whose_process_was_killed_are_found_though_both_were_filled_at_better_prices(
    box: Any, trader: Making, market: Market
) -> None:
    """The fills of each would do for the other one too."""
    async with trader(market) as trading:
        amount, saved = trading.small() * 2, when_sent(trading)
        cheap = trading.through("sell")
        dear = cheap + trading.connector.trading_rules[trading.pair].min_price_increment
        ids = [trading.order("sell", amount, price) for price in (cheap, dear)]
        await trading.until(lambda: len(box.orders(market.id, account="config")) == 2)
        states, size = saved[-1], trading.size
    venue_ids = {row["id"] for row in box.orders(market.id, account="config")}
    await trading.forgotten()
    async with trader(market, states=states) as trading:
        for id in ids:
            await trading.ended(id, "completed")
            venue_id = trading.tracked(id).exchange_order_id
            assert told_fills(trading, id) == engine_fills(box, market, venue_id, size)
            venue_ids.remove(venue_id)
        assert not venue_ids
