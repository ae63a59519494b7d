"""Streamed books that cannot be: who watches is told, and what is held is begun anew."""

import copy

import ccxt
import pytest

from tests.venues.offline_stream import Offline, levels, sample

DEPTH = sample("bitmart2", "ws-depth")


def book(side, place, field, value):
    told = copy.deepcopy(DEPTH)
    told["data"][side][place][field] = value
    return told


@pytest.mark.parametrize(
    "wrong",
    [
        book("buys", 0, "price", "1"),
        book("sells", 0, "price", DEPTH["data"]["buys"][0]["price"]),
        book("buys", -1, "price", "0"),
        book("sells", -1, "price", "-0.5"),
        book("sells", 3, "amount", "0"),
        book("buys", 3, "amount", "-7"),
    ],
    ids=["crossed", "locked", "zero", "negative", "no-amount", "negative-amount"],
)
async def test_a_book_that_cannot_be(wrong):
    async with Offline("bitmart2") as venue:
        held = await venue.told("watch_order_book", "BMX/ETH", frames=[DEPTH])
        before = levels(held)
        task = await venue.watch("watch_order_book", "BMX/ETH")
        venue.sent()
        await venue.say(wrong)
        with pytest.raises(ccxt.BadResponse, match="cannot be"):
            await task
        assert levels(held) == before and "BMX/ETH" not in venue.exchange.orderbooks
        assert [next(iter(message)) for message in venue.sent()] == ["unsubscribe", "subscribe"]
        again = await venue.told("watch_order_book", "BMX/ETH", frames=[DEPTH])
        assert levels(again) == before and again is not held


async def test_changes_that_make_a_book_cross_begin_it_anew_and_nobody_is_told():
    async with Offline("bitmart2", options={"ws": {"depthIsSnapshot": False}}) as venue:
        held = await venue.told("watch_order_book", "BMX/ETH", frames=[DEPTH])
        before = levels(held)
        task = await venue.watch("watch_order_book", "BMX/ETH")
        await venue.say({**DEPTH, "data": {"buys": [{"price": "1", "amount": "5"}], "sells": []}})
        assert not task.done() and levels(held) == before
        # What goes may stand on the other side of what comes.
        best = DEPTH["data"]["sells"][0]["price"]
        moved = {"buys": [{"price": best, "amount": "5"}], "sells": [{"price": best, "amount": "0"}]}
        await venue.say(DEPTH)
        assert levels(await task) == before
        now = await venue.told("watch_order_book", "BMX/ETH", frames=[{**DEPTH, "data": moved}])
        assert now["bids"][0] == [float(best), 5.0]
