"""Streamed books and trades that cannot be: who watches is told, and what is held is begun anew."""

import copy

import ccxt
import pytest

from tests.venues.bitexbit.other_end import CAME, frame
from tests.venues.bitexbit.other_end import Venue as Bitexbit
from tests.venues.bitmaxfutures.other_end import SYMBOL as PERPETUAL
from tests.venues.bitmaxfutures.other_end import Bitmax
from tests.venues.bitmaxfutures.other_end import sample as bitmax
from tests.venues.offline_stream import Offline, levels, sample


def changed(rows, field, value):
    rows = copy.deepcopy(rows)
    rows[0][field] = value
    return rows


def bitmart2(field, value):
    told = sample("bitmart2", "ws-trade")
    rows = changed(told["data"]["trades"], {"price": "price", "amount": "count"}[field], value)
    return {**told, "data": {"trades": rows}}


def bitexasia(field, value):
    told = sample("bitexasia", "assumed-ws-trades-snapshot")
    return {**told, "trades": changed(told["trades"], {"price": "price", "amount": "size"}[field], value)}


def bitmaxfutures(field, value):
    told = bitmax("ws-trades")
    return {**told, "data": changed(told["data"], {"price": "p", "amount": "q"}[field], value)}


def bitexbit(field, value):
    return frame({**CAME, "trades": changed(CAME["trades"], field, value)})


VENUES = {
    "bitmart2": (lambda: Offline("bitmart2"), "BMX/ETH", bitmart2),
    "bitexasia": (lambda: Offline("bitexasia"), "BTC/USD", bitexasia),
    "bitmaxfutures": (Bitmax, PERPETUAL, bitmaxfutures),
    "bitexbit": (Bitexbit, "BTC/USD", bitexbit),
}


@pytest.mark.parametrize("id", VENUES)
@pytest.mark.parametrize("field", ["price", "amount"])
async def test_a_trade_that_cannot_be(id, field):
    make, symbol, framed = VENUES[id]
    async with make() as venue:
        begin = venue.begin if id == "bitexbit" else venue.watch
        task = await begin("watch_trades", symbol)
        for wrong in ("-1", "0", None):
            await venue.say(framed(field, wrong))
            with pytest.raises(ccxt.BadResponse):
                await task
            assert not len(venue.exchange.trades.get(symbol, ()))
            task = await venue.watch("watch_trades", symbol)
        await venue.say(framed(field, "5"))
        assert [trade[field] for trade in await task if trade[field] == 5]


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
