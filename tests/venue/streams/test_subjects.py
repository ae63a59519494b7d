"""Who stops watching something ends that, and nothing whose name begins alike."""

import asyncio

import ccxt
import pytest

from ccxt_ext.venue.streams.subjects import Subject, subject_of
from tests.venue.streams.toy_streams import PolledToy, ready
from tests.waiting import PATIENCE_S

SPOT, SWAP = "C0/Q", "C0/Q:Q"


@pytest.fixture
async def toy():
    toy = PolledToy({"apiKey": "key", "secret": "secret", "options": {"polling": {"interval": 5}}})
    toy.timeout_on_exit = 0
    rows = [{"id": symbol, "symbol": symbol, "base": "C0", "quote": "Q"} for symbol in (SPOT, SWAP)]
    toy.set_markets([toy.safe_market_structure(row) for row in rows])
    never = asyncio.Event().wait
    names = ("ticker", "tickers", "order_book", "trades", "ohlcv", "open_orders", "my_trades", "positions")
    yield ready(toy, **{f"fetch_{name}": lambda *args: never() for name in names})
    await toy.close()


@pytest.mark.parametrize(
    ("method", "args"),
    [
        ("ticker", lambda symbol: (symbol,)),
        ("tickers", lambda symbol: ([symbol],)),
        ("order_book", lambda symbol: (symbol,)),
        ("order_book_for_symbols", lambda symbol: ([symbol],)),
        ("trades", lambda symbol: (symbol,)),
        ("ohlcv", lambda symbol: (symbol, "1m")),
        ("orders", lambda symbol: (symbol,)),
        ("my_trades", lambda symbol: (symbol,)),
        ("positions", lambda symbol: ([symbol],)),
    ],
)
async def test_leaving_a_symbol_leaves_none_that_begins_with_it(toy, method, args):
    watch, leave = getattr(toy, f"watch_{method}"), getattr(toy, f"un_watch_{method}")
    spot, also, swap = (
        asyncio.ensure_future(each)
        for each in (watch(*args(SPOT)), watch(*args(SPOT), params={"its": "own"}), watch(*args(SWAP)))
    )
    while len(toy.calls) < 3:
        await asyncio.sleep(0.002)
    await leave(*args(SPOT))
    for task in (spot, also):
        with pytest.raises(ccxt.UnsubscribeError, match=SPOT):
            await asyncio.wait_for(task, PATIENCE_S)
    assert not swap.done()
    assert {poll.subject.symbols for poll in toy.polling.polls.values()} == {(SWAP,)}
    await leave(*args(SWAP))
    with pytest.raises(ccxt.UnsubscribeError, match=SWAP):
        await asyncio.wait_for(swap, PATIENCE_S)


async def test_leaving_several_leaves_no_others(toy):
    both, one = (asyncio.ensure_future(toy.watch_tickers(each)) for each in ([SPOT, SWAP], [SPOT]))
    while len(toy.calls) < 2:
        await asyncio.sleep(0.002)
    await toy.un_watch_tickers([SPOT])
    with pytest.raises(ccxt.UnsubscribeError):
        await asyncio.wait_for(one, PATIENCE_S)
    assert not both.done()


def test_a_subject_left_without_a_limit_is_left_with_every_limit():
    book = subject_of("orderbook", SPOT)
    assert Subject("orderbook", (SPOT,), "5").is_left_with(book)
    assert not book.is_left_with(Subject("orderbook", (SPOT,), "5"))
    assert not subject_of("ohlcv", SPOT, "1m").is_left_with(subject_of("ohlcv", SPOT, "1h"))
    assert str(subject_of("ohlcv", SWAP, "1m")) == "ohlcv:C0/Q:Q:1m"
