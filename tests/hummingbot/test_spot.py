"""Connectors for spot markets, against a sandbox: what hummingbot is told of orders is what came to be."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
from hummingbot.core.data_type.common import OrderType

from tests.hummingbot.markets import SPOT, Market
from tests.hummingbot.trading import Trader, engine_fills, engine_order, told_fills

Making = Callable[..., Trader]

pytestmark = pytest.mark.parametrize("market", SPOT, ids=str)


async def test_an_order_that_is_filled_in_parts_is_told_in_parts(
    box: Any, trader: Making, other: Any, market: Market
) -> None:
    async with trader(market) as trading:
        amount, price = trading.small() * 4, trading.best("buy")
        id = trading.order("buy", amount, price)
        venue_id = await trading.on_venue(id)
        counterparty = other(market)
        for part in (1, 2):
            await counterparty.create_order(market.symbol, "limit", "sell", float(amount / 2), float(price))
            await trading.until(lambda part=part: trading.filled(id) == amount * part / 2)
        await trading.ended(id, "completed")
        await trading.looked_again()
        assert trading.ends == [(id, "completed")]
        assert told_fills(trading, id) == engine_fills(box, market, venue_id)
        assert len(trading.fills) == 2
        await trading.until(
            lambda: trading.balance_is(box, market), lambda: str(trading.connector.get_all_balances())
        )


async def test_an_order_is_cancelled(box: Any, trader: Making, market: Market) -> None:
    async with trader(market) as trading:
        id = trading.order("buy", trading.small(), trading.away("buy"))
        venue_id = await trading.on_venue(id)
        trading.cancel(id)
        await trading.ended(id, "cancelled")
        assert engine_order(box, market, venue_id)["status"] == "canceled"
        assert (trading.created, trading.fills) == ([id], [])
        await trading.until(lambda: trading.balance_is(box, market))


async def test_a_fill_before_the_cancel_is_told(box: Any, trader: Making, other: Any, market: Market) -> None:
    async with trader(market) as trading:
        amount, price = trading.small() * 4, trading.best("sell")
        id = trading.order("sell", amount, price)
        venue_id = await trading.on_venue(id)
        await other(market).create_order(market.symbol, "limit", "buy", float(amount / 4), float(price))
        trading.cancel(id)
        await trading.ended(id, "cancelled")
        assert trading.filled(id) == amount / 4
        assert told_fills(trading, id) == engine_fills(box, market, venue_id)


async def test_a_fill_before_the_end_is_told(box: Any, trader: Making, other: Any, market: Market) -> None:
    """hummingbot cancels all that is open when it ends, and waits for nothing else."""
    async with trader(market) as trading:
        amount, price = trading.small() * 2, trading.best("buy")
        async with trading.quiet():
            id = trading.order("buy", amount, price)
            venue_id = await trading.on_venue(id)
            await other(market).create_order(market.symbol, "limit", "sell", float(amount), float(price))
            await trading.connector.cancel_all(20)
            assert told_fills(trading, id) == engine_fills(box, market, venue_id) != []


async def test_a_market_order_is_filled_where_there_are_some(
    box: Any, trader: Making, market: Market
) -> None:
    async with trader(market) as trading:
        for side in ("buy", "sell"):
            id = trading.order(side, trading.small() * 2, type=OrderType.MARKET)
            await trading.ended(id, "completed" if market.market_orders else "failed")
            if market.market_orders:
                venue_id = trading.venue_ids[id]
                assert told_fills(trading, id) == engine_fills(box, market, venue_id)


async def test_a_maker_order_is_refused_where_there_are_none(
    box: Any, trader: Making, market: Market
) -> None:
    async with trader(market) as trading:
        assert OrderType.LIMIT_MAKER not in trading.connector.supported_order_types()
        id = trading.order("buy", trading.small(), trading.away("buy"), OrderType.LIMIT_MAKER)
        await trading.ended(id, "failed")
        assert not box.orders(market.id, account="config")


async def test_an_order_whose_answer_is_lost_is_found(
    box: Any, trader: Making, other: Any, market: Market
) -> None:
    async with trader(market) as trading:
        amount, price = trading.small() * 2, trading.best("buy")
        async with trading.quiet():
            with box.fault("drop_reply", market.id, path=market.places, method="POST"):
                id = trading.order("buy", amount, price)
                await trading.until(lambda: trading.is_lost(id))
        venue_id = await trading.on_venue(id)
        await other(market).create_order(market.symbol, "limit", "sell", float(amount), float(price))
        await trading.ended(id, "completed")
        assert told_fills(trading, id) == engine_fills(box, market, venue_id)
        assert len(box.orders(market.id, account="config")) == 1


async def test_an_order_that_never_arrived_ends_as_failed(box: Any, trader: Making, market: Market) -> None:
    async with trader(market) as trading:
        async with trading.quiet():
            with box.fault("reset", market.id, path=market.places, method="POST"):
                id = trading.order("buy", trading.small(), trading.away("buy"))
                await trading.until(lambda: trading.is_lost(id))
        box.advance(minutes=3)
        await trading.until(lambda: trading.end_of(id) or trading.tracked(id).exchange_order_id)
        if market.honours_ids:
            assert len(box.orders(market.id, account="config")) == 1  # it was sent again, which does no harm
        else:
            assert (trading.end_of(id), box.orders(market.id, account="config")) == ("failed", [])


async def test_a_pair_that_is_added_while_it_runs_is_traded_as_the_others(
    box: Any, trader: Making, other: Any, market: Market
) -> None:
    async with trader(market) as trading:
        connector, asset = trading.connector, market.pair.partition("-")[2]
        added, symbol = f"ETH-{asset}", f"ETH/{asset}"
        assert await connector.add_trading_pair(added)
        await trading.looked_again()
        async with trading.quiet() if connector.streams("watchOrders") else nullcontext():
            trading.pair = added
            amount, price = trading.small(), trading.best("buy")
            id = trading.order("buy", amount, price)
            venue_id = await trading.on_venue(id)
            await other(market).create_order(symbol, "limit", "sell", float(amount), float(price))
            await trading.ended(id, "completed")
        assert told_fills(trading, id) == engine_fills(box, market, venue_id)
        assert await connector.remove_trading_pair(added)
        assert connector.trading_pairs == [market.pair]
