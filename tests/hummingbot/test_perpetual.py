"""Connectors for perpetuals, against a sandbox: orders, positions, leverage and funding."""

from collections.abc import Callable
from contextlib import nullcontext
from decimal import Decimal
from typing import Any

import pytest
from hummingbot.core.data_type.common import OrderType, PositionAction, PositionMode, TradeType
from hummingbot.core.data_type.order_candidate import PerpetualOrderCandidate
from hummingbot.core.event.events import FundingPaymentCompletedEvent, PositionModeChangeEvent

from tests.hummingbot.markets import PERPETUAL, Market
from tests.hummingbot.trading import Trader, engine_fills, engine_order, told_fills

Making = Callable[..., Trader]

BITMAX, BTEX = PERPETUAL

both = pytest.mark.parametrize("market", PERPETUAL, ids=str)


def is_position(trading: Trader, box: Any, market: Market) -> bool:
    """Whether hummingbot has the position that the engine has."""
    held = trading.connector.account_positions.get(market.pair)
    rows = box.positions(market.id, market=market.symbol)
    if held is None or not rows:
        return held is None and not rows
    (row,) = rows
    amount = row["amount"] * trading.size * (-1 if row["side"] == "short" else 1)
    return bool(
        held.amount == amount
        and held.position_side.name == row["side"].upper()
        and abs(held.entry_price - row["entry_price"]) < Decimal("0.01")
        and held.leverage == row["leverage"]
    )


@both
async def test_a_position_is_opened_in_parts_and_closed(
    box: Any, trader: Making, other: Any, market: Market
) -> None:
    async with trader(market) as trading:
        amount, price, size = trading.small() * 4, trading.best("buy"), trading.size
        id = trading.order("buy", amount, price)
        venue_id = await trading.on_venue(id)
        counterparty = other(market)
        for part in (1, 2):
            await counterparty.create_order(
                market.symbol, "limit", "sell", float(amount / 2 / size), float(price)
            )
            await trading.until(lambda part=part: trading.filled(id) == amount * part / 2)
        await trading.ended(id, "completed")
        await trading.until(
            lambda: is_position(trading, box, market), lambda: str(trading.connector.account_positions)
        )
        assert trading.connector.account_positions[market.pair].amount == amount
        assert told_fills(trading, id) == engine_fills(box, market, venue_id, size)
        exit = trading.order("sell", amount, trading.through("sell"), position=PositionAction.CLOSE)
        await trading.ended(exit, "completed")
        await trading.until(lambda: not trading.connector.account_positions)
        await trading.looked_again()
        assert is_position(trading, box, market)
        assert told_fills(trading, exit) == engine_fills(box, market, trading.venue_ids[exit], size)
        assert trading.ends == [(id, "completed"), (exit, "completed")]
        await trading.until(lambda: trading.balance_is(box, market))


@both
async def test_market_orders_open_and_close_a_short_position(
    box: Any, trader: Making, market: Market
) -> None:
    async with trader(market) as trading:
        amount = trading.small()
        id = trading.order("sell", amount, type=OrderType.MARKET)
        await trading.ended(id, "completed")
        await trading.until(lambda: is_position(trading, box, market))
        assert trading.connector.account_positions[market.pair].amount == -amount
        exit = trading.order("buy", amount, type=OrderType.MARKET, position=PositionAction.CLOSE)
        await trading.ended(exit, "completed")
        await trading.until(lambda: not trading.connector.account_positions)
        assert not box.positions(market.id, market=market.symbol)


@both
async def test_an_exit_opens_no_position(box: Any, trader: Making, market: Market) -> None:
    async with trader(market) as trading:
        amount = trading.small()
        exit = trading.order("sell", amount, trading.through("sell"), position=PositionAction.CLOSE)
        await trading.until(lambda: trading.end_of(exit))
        assert trading.end_of(exit) in ("failed", "cancelled")
        assert not box.positions(market.id, market=market.symbol)
        assert not box.orders(market.id, status="open")
        # Of a position, no more than it is can be closed, by all exits together.
        entry = trading.order("buy", amount, type=OrderType.MARKET)
        await trading.ended(entry, "completed")
        first = trading.order("sell", amount, trading.away("sell"), position=PositionAction.CLOSE)
        await trading.on_venue(first)
        more = trading.order("sell", amount * 2, trading.through("sell"), position=PositionAction.CLOSE)
        await trading.until(lambda: trading.end_of(more))
        assert not [row for row in box.positions(market.id) if row["side"] == "short"]


async def test_where_there_are_no_reduce_only_orders_exits_count_each_other(box: Any, trader: Making) -> None:
    async with trader(BTEX) as trading:
        amount = trading.small()
        entry = trading.order("buy", amount, type=OrderType.MARKET)
        await trading.ended(entry, "completed")
        # An order that opens may stand on the side of an exit.
        opening = trading.order("sell", amount, trading.away("sell"))
        await trading.on_venue(opening)
        exits = [
            trading.order("sell", amount, trading.away("sell"), position=PositionAction.CLOSE)
            for _ in range(2)
        ]
        await trading.until(lambda: any(trading.end_of(each) for each in exits))
        (refused,) = [each for each in exits if trading.end_of(each)]
        assert trading.end_of(refused) == "failed"
        assert len(box.orders(BTEX.id, status="open")) == 2
        assert "would open a position" in trading.failures[refused]


async def test_an_exit_closes_what_is_left_where_there_are_no_reduce_only_orders(
    box: Any, trader: Making
) -> None:
    """As others do on venues that have some, though the network fails before it is sent."""
    async with trader(BTEX) as trading:
        amount = trading.small()
        entry = trading.order("buy", amount * 2, type=OrderType.MARKET)
        await trading.ended(entry, "completed")
        waits = trading.order("sell", amount, trading.away("sell"), position=PositionAction.CLOSE)
        await trading.on_venue(waits)
        async with trading.quiet():  # so that none but the exit meets the fault
            with box.fault("status", BTEX.id, path="active_positions", status=503):
                exit = trading.order(
                    "sell", amount * 2, trading.through("sell"), position=PositionAction.CLOSE
                )
                await trading.on_venue(exit)
        await trading.ended(exit, "completed")
        assert trading.filled(exit) == amount
        await trading.until(lambda: is_position(trading, box, BTEX))
        assert trading.connector.account_positions[BTEX.pair].amount == amount


@pytest.mark.parametrize("fails", (False, True), ids=("at once", "late"))
async def test_an_exit_that_is_being_cancelled_gives_way(box: Any, trader: Making, fails: bool) -> None:
    """Strategies cancel one and place the next in the same moment."""
    async with trader(BTEX) as trading:
        amount, price = trading.small(), trading.away("sell")
        entry = trading.order("buy", amount, type=OrderType.MARKET)
        await trading.ended(entry, "completed")
        old = trading.order("sell", amount, price, position=PositionAction.CLOSE)
        venue_id = await trading.on_venue(old)
        with box.fault("status", BTEX.id, status=504, cancels=True) if fails else nullcontext():
            trading.cancel(old)
            new = trading.order("sell", amount, price, position=PositionAction.CLOSE)
            await trading.on_venue(new)
        assert trading.end_of(new) is None
        assert engine_order(box, BTEX, venue_id)["status"] == "canceled"
        await trading.ended(old, "cancelled")


@both
async def test_maker_orders_make_where_there_are_some(box: Any, trader: Making, market: Market) -> None:
    async with trader(market) as trading:
        assert (OrderType.LIMIT_MAKER in trading.connector.supported_order_types()) is market.post_only
        waits = trading.order("buy", trading.small(), trading.away("buy"), OrderType.LIMIT_MAKER)
        takes = trading.order("buy", trading.small(), trading.price("sell") * 2, OrderType.LIMIT_MAKER)
        await trading.until(lambda: trading.end_of(takes))
        assert trading.end_of(takes) in ("failed", "cancelled")
        if market.post_only:
            assert engine_order(box, market, await trading.on_venue(waits))["post_only"]
        else:
            await trading.ended(waits, "failed")
        assert trading.fills == []


@both
async def test_an_order_whose_answer_is_lost_is_found(
    box: Any, trader: Making, other: Any, market: Market
) -> None:
    async with trader(market) as trading:
        amount, price = trading.small() * 2, trading.best("sell")
        async with trading.quiet():
            with box.fault("drop_reply", market.id, path=market.places, method="POST"):
                id = trading.order("sell", amount, price)
                await trading.until(lambda: trading.is_lost(id))
        venue_id = await trading.on_venue(id)
        await other(market).create_order(
            market.symbol, "limit", "buy", float(amount / trading.size), float(price)
        )
        await trading.ended(id, "completed")
        assert told_fills(trading, id) == engine_fills(box, market, venue_id, trading.size)
        assert len(box.orders(market.id)) == 1


@both
async def test_an_order_that_never_arrived_ends_as_failed(box: Any, trader: Making, market: Market) -> None:
    async with trader(market) as trading:
        async with trading.quiet():
            with box.fault("reset", market.id, path=market.places, method="POST"):
                id = trading.order("buy", trading.small(), trading.away("buy"))
                await trading.until(lambda: trading.is_lost(id))
        box.advance(minutes=3)
        await trading.ended(id, "failed")
        assert not box.orders(market.id)


@both
async def test_an_order_of_unknown_outcome_can_be_cancelled(box: Any, trader: Making, market: Market) -> None:
    async with trader(market) as trading:
        async with trading.quiet():
            with box.fault("drop_reply", market.id, path=market.places, method="POST"):
                id = trading.order("buy", trading.small(), trading.away("buy"))
                await trading.until(lambda: trading.is_lost(id))
            trading.cancel(id)
        await trading.ended(id, "cancelled")
        assert [row["status"] for row in box.orders(market.id)] == ["canceled"]


@both
async def test_leverage_is_set_and_read(box: Any, trader: Making, market: Market) -> None:
    async with trader(market) as trading:
        connector = trading.connector
        connector.set_leverage(market.pair, 5)
        await trading.until(lambda: connector.get_leverage(market.pair) == 5)
        await connector.start_network()  # as after the venue was not reached for a while
        await trading.until(lambda: connector.ready)
        id = trading.order("buy", trading.small(), type=OrderType.MARKET)
        await trading.ended(id, "completed")
        await trading.until(lambda: is_position(trading, box, market))
        assert connector.account_positions[market.pair].leverage == 5
        connector.set_leverage(market.pair, 100_000)
        await trading.looked_again()
        assert connector.get_leverage(market.pair) == 5
    async with trader(market) as trading:
        await trading.until(lambda: trading.connector.get_leverage(market.pair) == 5)


@both
async def test_the_position_mode_is_one_way(box: Any, trader: Making, market: Market) -> None:
    async with trader(market) as trading:
        for mode in (PositionMode.ONEWAY, PositionMode.HEDGE):
            trading.connector.set_position_mode(mode)
        await trading.until(lambda: len(trading.others) == 2)
        done, refused = trading.others
        assert isinstance(done, PositionModeChangeEvent)
        assert (done.position_mode, done.message) == (PositionMode.ONEWAY, "")
        assert "one-way" in refused.message
        assert trading.connector.position_mode is PositionMode.ONEWAY


@both
async def test_budgets_and_fees(box: Any, trader: Making, market: Market) -> None:
    async with trader(market) as trading:
        connector = trading.connector
        assert connector.get_buy_collateral_token(market.pair) == "USDT"
        assert connector.get_sell_collateral_token(market.pair) == "USDT"
        price, has = trading.price("buy"), connector.get_available_balance("USDT")

        def affordable(share: str) -> Decimal:
            candidate = PerpetualOrderCandidate(
                market.pair, True, OrderType.LIMIT, TradeType.BUY, has * Decimal(share) / price, price
            )
            (adjusted,) = connector.budget_checker.adjust_candidates([candidate], all_or_none=True)
            return Decimal(adjusted.amount)

        assert affordable("0.5") > 0
        assert affordable("1.5") == 0
        fee = connector.get_fee(
            "BTC", "USDT", OrderType.LIMIT, TradeType.BUY, PositionAction.OPEN, Decimal(1)
        )
        market_row = connector.client.markets[market.symbol]
        assert fee.percent == Decimal(str(market_row["taker"]))


@both
async def test_funding_is_told(box: Any, trader: Making, market: Market) -> None:
    async with trader(market) as trading:
        connector = trading.connector
        if market is BTEX:
            connector.client.api.options["fundingIntervalHours"] = 8
        info = connector.get_funding_info(market.pair)
        assert info.mark_price > 0 and info.index_price > 0 and info.rate != 0
        id = trading.order("buy", trading.small(), type=OrderType.MARKET)
        await trading.ended(id, "completed")
        await trading.until(lambda: market.pair in connector.account_positions)
        due = info.next_funding_utc_timestamp * 1000
        for moment in (due - 60_000, due + 60_000):
            box.advance(seconds=(moment - box.now()) / 1000)
            connector._funding_fee_poll_notifier.set()
            await trading.until(lambda: not connector._funding_fee_poll_notifier.is_set())
            await trading.looked_again()
        await trading.until(lambda: trading.others)
        (paid,) = trading.others
        assert isinstance(paid, FundingPaymentCompletedEvent)
        (row,) = box.positions(market.id, market=market.symbol)
        assert paid.timestamp == due / 1000
        assert paid.trading_pair == market.pair
        assert abs(paid.amount + row["funding"]) < abs(paid.amount) / 100


@both
@pytest.mark.parametrize("kind", ("drop_reply", "reset"))
async def test_a_cancel_whose_answer_is_lost_comes_to_be(
    box: Any, trader: Making, market: Market, kind: str
) -> None:
    async with trader(market) as trading:
        id = trading.order("buy", trading.small(), trading.away("buy"))
        venue_id = await trading.on_venue(id)
        with box.fault(kind, market.id, cancels=True):
            trading.cancel(id)
            await trading.ended(id, "cancelled")
        assert engine_order(box, market, venue_id)["status"] == "canceled"


async def test_positions_are_streamed_where_the_venue_does(trader: Making) -> None:
    async with trader(BITMAX) as trading, trading.quiet():
        id = trading.order("buy", trading.small(), type=OrderType.MARKET)
        await trading.until(lambda: trading.connector.account_positions)
        await trading.ended(id, "completed")
        exit = trading.order("sell", trading.small(), type=OrderType.MARKET, position=PositionAction.CLOSE)
        await trading.until(lambda: not trading.connector.account_positions)
        await trading.ended(exit, "completed")


async def test_what_was_missed_while_a_stream_was_cut_is_told(box: Any, trader: Making, other: Any) -> None:
    async with trader(BITMAX) as trading:
        amount, price = trading.small() * 2, trading.best("buy")
        id = trading.order("buy", amount, price)
        venue_id = await trading.on_venue(id)
        with box.fault("ws_close", BITMAX.id):
            await other(BITMAX).create_order(BITMAX.symbol, "limit", "sell", float(amount), float(price))
            await trading.ended(id, "completed")
        await trading.until(lambda: is_position(trading, box, BITMAX))
        await trading.looked_again()
        assert told_fills(trading, id) == engine_fills(box, BITMAX, venue_id)


@both
async def test_a_pair_that_is_added_while_it_runs_is_traded_as_the_others(
    box: Any, trader: Making, other: Any, market: Market
) -> None:
    async with trader(market) as trading:
        connector, added = trading.connector, "ETH-USDT"
        assert await connector.add_trading_pair(added)
        await trading.looked_again()
        trading.pair = added
        async with trading.quiet() if connector.streams("watchOrders") else nullcontext():
            amount, price = trading.small(), trading.best("buy")
            id = trading.order("buy", amount, price)
            await trading.on_venue(id)
            sold = float(amount / trading.size)
            await other(market).create_order("ETH/USDT:USDT", "limit", "sell", sold, float(price))
            await trading.ended(id, "completed")
            await trading.until(lambda: connector.account_positions)
        assert connector.account_positions[added].amount == amount


async def test_an_exit_of_another_process_gives_way_to_a_new_one(box: Any, trader: Making) -> None:
    """BTEX has no reduce-only orders. No strategy knows the old one, so none would cancel it."""
    async with trader(BTEX) as trading:
        amount = trading.small()
        opened = trading.order("buy", amount, type=OrderType.MARKET)
        await trading.ended(opened, "completed")
        await trading.until(lambda: BTEX.pair in trading.connector.account_positions)
        old = trading.order("sell", amount, trading.away("sell"), position=PositionAction.CLOSE)
        await trading.on_venue(old)
        states = trading.connector.tracking_states
    await trading.forgotten()
    async with trader(BTEX, states=states) as trading:
        new = trading.order("sell", amount, trading.away("sell"), position=PositionAction.CLOSE)
        await trading.on_venue(new)
        assert trading.end_of(old) == "cancelled"
        further = trading.order("sell", amount, trading.away("sell"), position=PositionAction.CLOSE)
        await trading.ended(further, "failed")
        assert "would open a position" in trading.failures[further]
        assert sorted(row["status"] for row in box.orders("btex", account="config")) == [
            *("canceled", "closed", "open")
        ]
