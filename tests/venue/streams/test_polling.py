"""Watching what is polled: one poll for all who watch the same, and only what has changed."""

import asyncio
import itertools
import time

import ccxt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccxt_ext.venue.streams.caches import OwnTrades
from ccxt_ext.venue.streams.polls import BalancePoll, MyTradesPoll, OrdersPoll, overlap
from ccxt_ext.venue.streams.subjects import subject_of
from tests.venue.streams.toy_streams import PolledToy, ready
from tests.waiting import PATIENCE_S

C0, C1 = "C0/Q", "C1/Q"


QUICK_POLLS = {"apiKey": "key", "secret": "secret", "options": {"polling": {"interval": 5}}}


@pytest.fixture
async def toy():
    toy = PolledToy(QUICK_POLLS)
    toy.timeout_on_exit = 0
    await toy.load_markets()
    yield ready(toy)
    await toy.close()


async def settle(seconds=0.03):
    await asyncio.sleep(seconds)


async def until(condition):
    while not condition():
        await asyncio.sleep(0.002)


def book(*prices):
    return {
        "bids": [[price, 1.0] for price in prices],
        "asks": [[100.0, 1.0]],
        "timestamp": 5,
        "datetime": "1970-01-01T00:00:00.005Z",
        "nonce": None,
        "symbol": C0,
    }


def ticker(symbol, last, timestamp=1):
    return {
        "symbol": symbol,
        "last": last,
        "timestamp": timestamp,
        "datetime": "x",
        "info": {"at": timestamp},
    }


def order(id, status="open", filled=0.0, symbol=C0, at=1):
    return {
        "id": id,
        "symbol": symbol,
        "status": status,
        "filled": filled,
        "remaining": 1.0 - filled,
        "amount": 1.0,
        "price": 5.0,
        "average": None,
        "triggerPrice": None,
        "timestamp": at,
    }


def fill(id, order="1", symbol=C0):
    row = {"id": id, "order": order, "symbol": symbol, "side": "buy", "price": 5.0, "amount": 1.0}
    return {**row, "timestamp": int(id)}


def position(contracts, profit, symbol=C0, at=1):
    row = {"symbol": symbol, "side": "long", "entryPrice": 5.0, "timestamp": at}
    return {**row, "contracts": contracts, "notional": 1.0, "unrealizedPnl": profit}


def ids(rows):
    return [row["id"] for row in rows]


async def test_all_who_watch_the_same_share_a_poll(toy):
    toy.options["polling"] = {"interval": 60_000}  # a busy machine may take a short one between two steps
    toy.answers["fetch_ticker"] = lambda symbol: ticker(symbol, 1)
    got = await asyncio.gather(*(toy.watch_ticker(C0) for _ in range(20)))
    assert [row["last"] for row in got] == [1] * 20
    assert toy.calls == [("fetch_ticker", C0)]


async def test_nothing_is_delivered_until_it_changes_and_nothing_asked_while_nobody_waits(toy):
    toy.answers["fetch_order_book"] = book(1.0)
    first = await toy.watch_order_book(C0)
    assert first["bids"] == [[1.0, 1.0]]
    asked = len(toy.calls)
    await settle()
    assert len(toy.calls) == asked
    waiting = asyncio.ensure_future(toy.watch_order_book(C0))
    await settle()
    assert len(toy.calls) > asked + 1
    assert not waiting.done()
    toy.answers["fetch_order_book"] = book(2.0, 1.0)
    assert (await waiting)["bids"] == [[2.0, 1.0], [1.0, 1.0]]
    assert toy.orderbooks[C0] is waiting.result()


async def test_a_change_while_nobody_waited_is_delivered_to_the_next(toy):
    toy.answers["fetch_order_book"] = book(1.0)
    await toy.watch_order_book(C0)
    toy.answers["fetch_order_book"] = book(3.0)
    await settle()
    assert (await toy.watch_order_book(C0))["bids"] == [[3.0, 1.0]]


@pytest.mark.parametrize(
    "call, answers",
    [
        ("watch_balance", {"fetch_balance": {"free": {}, "used": {}, "total": {"Q": 1.0}}}),
        ("watch_tickers", {"fetch_tickers": {C0: ticker(C0, 1)}}),
        ("watch_positions", {"fetch_positions": []}),
        ("watch_orders", {"fetch_open_orders": [order("1")]}),
    ],
)
async def test_what_came_when_its_watcher_had_just_gone_is_for_the_next(toy, call, answers):
    (name,) = answers
    come = asyncio.Event()

    async def late(answer):
        await come.wait()
        return answer

    toy.answers[name] = lambda *_: late(answers[name])
    impatient = asyncio.ensure_future(getattr(toy, call)())
    await until(lambda: toy.calls)
    impatient.cancel()
    come.set()
    await settle()
    assert len(toy.calls) == 1
    await asyncio.wait_for(getattr(toy, call)(), PATIENCE_S)
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(getattr(toy, call)(), 0.05)


async def test_each_of_several_books_is_told_once(toy):
    toy.answers["fetch_order_book"] = lambda symbol, limit: {**book(1.0), "symbol": symbol}
    told = set()
    for _ in range(2):
        book_of_one = await asyncio.wait_for(toy.watch_order_book_for_symbols([C0, C1]), PATIENCE_S)
        told.add(book_of_one["symbol"])
        await settle()
    assert told == {C0, C1}
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(toy.watch_order_book_for_symbols([C0, C1]), 0.1)


async def test_tickers_that_nobody_took_are_told_with_later_ones(toy):
    toy.answers["fetch_tickers"] = {C0: ticker(C0, 1), C1: ticker(C1, 1)}
    await toy.watch_tickers()
    toy.answers["fetch_tickers"] = {C0: ticker(C0, 2), C1: ticker(C1, 1)}
    (poll,) = toy.polling.polls.values()
    assert await poll.fetch() == {C0: ticker(C0, 2)}
    poll.untold = {C0: ticker(C0, 2)}
    toy.answers["fetch_tickers"] = {C0: ticker(C0, 2), C1: ticker(C1, 3)}
    assert set(await toy.watch_tickers()) == {C0, C1}


async def test_a_new_time_alone_is_no_news(toy):
    toy.answers["fetch_ticker"] = ticker(C0, 1, timestamp=1)
    await toy.watch_ticker(C0)
    toy.answers["fetch_ticker"] = ticker(C0, 1, timestamp=2)
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(toy.watch_ticker(C0), 0.05)


async def test_of_several_tickers_those_that_changed(toy):
    toy.answers["fetch_tickers"] = {C0: ticker(C0, 1), C1: ticker(C1, 1)}
    assert set(await toy.watch_tickers([C0, C1])) == {C0, C1}
    toy.answers["fetch_tickers"] = {C0: ticker(C0, 1), C1: ticker(C1, 2)}
    assert set(await toy.watch_tickers([C0, C1])) == {C1}
    assert {symbol: row["last"] for symbol, row in toy.tickers.items()} == {C0: 1, C1: 2}


class Unlisted(PolledToy):
    @classmethod
    def metadata(cls):
        described = super().metadata()
        described["has"]["fetchOpenOrders"] = False
        return described


class OneByOne(PolledToy):
    @classmethod
    def metadata(cls):
        described = super().metadata()
        described["has"]["fetchTickers"] = False
        return described


async def test_several_tickers_of_a_venue_that_tells_one_at_a_time():
    toy = ready(OneByOne(), fetch_ticker=lambda symbol: ticker(symbol, 5))
    toy.timeout_on_exit = 0
    assert toy.has["watchTickers"] == "emulated"
    assert set(await toy.watch_tickers([C0, C1])) == {C0, C1}
    assert toy.calls == [("fetch_ticker", C0), ("fetch_ticker", C1)]
    with pytest.raises(ccxt.ArgumentsRequired, match="symbols"):
        await toy.watch_tickers()
    await toy.close()


async def test_an_error_reaches_all_who_wait_and_the_next_try_is_later(toy):
    tries = []

    def fail(*_):
        tries.append(time.monotonic())
        raise ccxt.ExchangeNotAvailable("toy 502")

    toy.answers["fetch_ticker"] = fail
    outcomes = await asyncio.gather(*(toy.watch_ticker(C0) for _ in range(3)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [ccxt.ExchangeNotAvailable] * 3
    assert len(tries) == 1
    for _ in range(3):
        with pytest.raises(ccxt.ExchangeNotAvailable):
            await toy.watch_ticker(C0)
    pauses = [later - earlier for earlier, later in itertools.pairwise(tries)]
    assert [pause >= least for pause, least in zip(pauses, (0.010, 0.020, 0.040), strict=True)] == [True] * 3
    toy.answers["fetch_ticker"] = ticker(C0, 4)
    assert (await toy.watch_ticker(C0))["last"] == 4


async def test_a_watcher_that_is_cancelled_takes_nobody_with_it(toy):
    toy.answers["fetch_ticker"] = ticker(C0, 1)
    await toy.watch_ticker(C0)
    patient = asyncio.ensure_future(toy.watch_ticker(C0))
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(toy.watch_ticker(C0), 0.03)
    toy.answers["fetch_ticker"] = ticker(C0, 2)
    assert (await patient)["last"] == 2


async def test_leaving_and_coming_back(toy):
    toy.answers["fetch_order_book"] = book(1.0)
    await toy.watch_order_book(C0, 10)
    waiting = asyncio.ensure_future(toy.watch_order_book(C0, 10))
    await settle()
    await toy.un_watch_order_book(C0)
    with pytest.raises(ccxt.UnsubscribeError):
        await waiting
    assert C0 not in toy.orderbooks
    asked = len(toy.calls)
    await settle()
    assert len(toy.calls) == asked
    assert (await toy.watch_order_book(C0, 10))["bids"] == [[1.0, 1.0]]


async def test_closing_leaves_nothing(toy):
    asyncio.get_running_loop().set_debug(True)
    toy.answers["fetch_ticker"] = lambda symbol: asyncio.sleep(1, ticker(symbol, 1))
    waiting = [asyncio.ensure_future(toy.watch_ticker(symbol)) for symbol in (C0, C1)]
    await settle()
    await toy.close()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [asyncio.CancelledError] * 2
    assert [t for t in asyncio.all_tasks() if "ccxt_ext" in str(t.get_coro())] == []


async def test_candles(toy):
    toy.answers["fetch_ohlcv"] = [[60000, 1, 1, 1, 1, 1], [120000, 1, 1, 1, 1, 1]]
    assert len(await toy.watch_ohlcv(C0, "1m")) == 2
    toy.answers["fetch_ohlcv"] = [[120000, 1, 2, 1, 2, 3], [180000, 2, 2, 2, 2, 1]]
    assert await toy.watch_ohlcv(C0, "1m") == toy.answers["fetch_ohlcv"]
    assert toy.calls[0][1:] == (C0, "1m", None)
    assert toy.calls[-1][1:] == (C0, "1m", 120000)
    toy.answers["fetch_ohlcv"] = [[180000, 2, 3, 2, 3, 2]]
    assert await toy.watch_ohlcv_for_symbols([[C0, "1m"]]) == {C0: {"1m": [[180000, 2, 3, 2, 3, 2]]}}
    with pytest.raises(ccxt.BadRequest, match="timeframe"):
        await toy.watch_ohlcv(C0, "7m")


async def test_public_trades(toy):
    toy.answers["fetch_trades"] = [fill("1"), fill("2")]
    assert ids(await toy.watch_trades(C0)) == ["1", "2"]
    toy.answers["fetch_trades"] = [fill("2"), fill("3")]
    assert ids(await toy.watch_trades(C0)) == ["3"]
    toy.answers["fetch_trades"] = [fill("8"), fill("9")]
    assert ids(await toy.watch_trades(C0)) == ["8", "9"]
    assert ids(toy.trades[C0]) == ["1", "2", "3", "8", "9"]


@settings(max_examples=60)
@given(st.lists(st.integers(0, 2), max_size=12), st.integers(0, 8), st.integers(1, 8))
def test_what_is_new_in_a_list_whose_rows_may_be_alike(rows, news, page):
    """A window of a growing list: what it says is new is new, unless rows that are alike leave a choice."""
    before = rows[:-news] if news else rows
    old, new = before[-page:], rows[-page:]
    found = len(new) - overlap(old, new)
    assert 0 <= found <= len(new)
    if len(set(rows)) == len(rows):
        assert found == min(news, page, len(rows))
    if not news:
        assert found == 0


async def test_orders_from_open_to_their_end(toy):
    toy.answers |= {"fetch_open_orders": [order("1")], "fetch_order": lambda id: order(id, "closed", 1.0)}
    assert ids(await toy.watch_orders(C0)) == ["1"]
    toy.answers["fetch_open_orders"] = [order("1", filled=0.5)]
    assert [row["filled"] for row in await toy.watch_orders(C0)] == [0.5]
    toy.answers["fetch_open_orders"] = []
    assert [(row["id"], row["status"]) for row in await toy.watch_orders(C0)] == [("1", "closed")]
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(toy.watch_orders(C0), 0.05)
    assert toy.calls.count(("fetch_order", "1")) == 1


async def test_an_order_that_is_done_before_anybody_looks(toy):
    toy.answers |= {"fetch_open_orders": [], "create_order": order("7")}
    toy.answers["fetch_order"] = lambda id: order(id, "closed", 1.0)
    waiting = asyncio.ensure_future(toy.watch_orders(C0))
    await settle()
    await toy.create_order(C0, "limit", "buy", 1, 5)
    assert [(row["id"], row["status"]) for row in await waiting] == [("7", "closed")]


async def test_an_order_that_is_nowhere_is_told_in_the_end(toy):
    toy.answers |= {"fetch_open_orders": [order("1")], "fetch_order": ccxt.OrderNotFound("toy")}
    await toy.watch_orders(C0)
    toy.answers["fetch_open_orders"] = []
    with pytest.raises(ccxt.OrderNotFound):
        await toy.watch_orders(C0)
    assert toy.calls.count(("fetch_order", "1")) == 3


async def test_an_order_that_is_missed_now_and_then_is_not_given_up(toy):
    toy.answers |= {"fetch_open_orders": [order("1")], "fetch_order": ccxt.OrderNotFound("toy")}
    poll = OrdersPoll(toy, subject_of("orders", C0), {})
    for _ in range(4):
        toy.answers["fetch_open_orders"] = [order("1")]
        await poll.fetch()
        toy.answers["fetch_open_orders"] = []
        assert await poll.fetch() is None
    assert "1" in poll.open


async def test_own_trades_are_those_since_watching_began(toy):
    toy.answers["fetch_my_trades"] = [fill("1"), fill("2")]
    waiting = asyncio.ensure_future(toy.watch_my_trades(C0))
    await settle()
    assert not waiting.done()
    toy.answers["fetch_my_trades"] = [fill("1"), fill("2"), fill("3"), fill("4")]
    assert ids(await waiting) == ["3", "4"]
    # From the last that was told on, however many there are; and not of the time before watching.
    await until(lambda: len(toy.since) > 1)
    assert toy.since[:2] == [None, 2]


async def test_where_there_was_no_trade_at_first_all_are_asked_for(toy):
    toy.answers["fetch_my_trades"] = []
    waiting = asyncio.ensure_future(toy.watch_my_trades(C0))
    await until(lambda: len(toy.since) > 1)
    assert toy.since[:2] == [None, 1]
    toy.answers["fetch_my_trades"] = [fill("3")]
    assert ids(await waiting) == ["3"]


async def test_a_fill_of_an_order_placed_before_the_first_look_is_news(toy):
    gate = asyncio.Event()

    async def late(symbol):
        await gate.wait()
        return [fill("1", order="old"), fill("2", order="7")]

    toy.answers |= {"fetch_my_trades": late, "create_order": order("7")}
    waiting = asyncio.ensure_future(toy.watch_my_trades(C0))
    await settle()
    await toy.create_order(C0, "limit", "buy", 1, 5)
    gate.set()
    assert ids(await waiting) == ["2"]


async def test_a_fill_that_is_told_before_the_answer_to_its_order(toy):
    toy.answers |= {
        "fetch_my_trades": [fill("1", order="old"), fill("2", order="7")],
        "create_order": order("7"),
    }
    waiting = asyncio.ensure_future(toy.watch_my_trades(C0))
    await settle()
    assert not waiting.done()
    await toy.create_order(C0, "limit", "buy", 1, 5)
    assert ids(await waiting) == ["2"]


async def test_fills_that_cannot_come_again_are_forgotten(toy):
    poll = MyTradesPoll(toy, subject_of("myTrades", C0), {})
    for number in range(1, 50):  # two in each millisecond, by a venue that tells all that there ever were
        told = [{**fill(str(at)), "timestamp": at // 2} for at in range(number + 1)]
        toy.answers["fetch_my_trades"] = told
        news = await poll.fetch()
        assert number == 1 or ids(news)[-1] == str(number)
        assert len(poll.seen) <= 2
    assert ids(toy.myTrades) == [str(at) for at in range(2, 50)]


async def test_a_fill_that_does_not_name_its_order_is_looked_for_among_the_orders_own(toy):
    """It may be there in the first answer, when the order was placed while that was on its way."""
    nameless = [fill("1", order=None), fill("2", order=None)]
    answers = [ccxt.ExchangeNotAvailable("toy"), [fill("2", order="7")]]

    def own_trades(id):
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    toy.has["fetchOrderTrades"] = True
    toy.answers |= {"fetch_my_trades": nameless, "create_order": order("7"), "fetch_order_trades": own_trades}
    waiting = asyncio.ensure_future(toy.watch_my_trades(C0))
    await settle()
    await toy.create_order(C0, "limit", "buy", 1, 5)
    toy.answers["fetch_my_trades"] = [*nameless, fill("3", order=None)]
    with pytest.raises(ccxt.ExchangeNotAvailable):
        await waiting
    assert ids(await toy.watch_my_trades(C0)) == ["2", "3"]
    assert toy.calls.count(("fetch_order_trades", "7")) == 2


async def test_a_fill_whose_order_is_told_later_is_told_once(toy):
    toy.answers["fetch_my_trades"] = []
    waiting = asyncio.ensure_future(toy.watch_my_trades(C0))
    await until(lambda: toy.since)
    toy.answers["fetch_my_trades"] = [fill("3", order=None)]
    assert ids(await waiting) == ["3"]
    toy.answers["fetch_my_trades"] = [fill("3", order="7"), fill("4", order="7")]
    assert ids(await toy.watch_my_trades(C0)) == ["4"]


async def test_orders_of_a_venue_that_lists_none_are_those_that_may_be_open():
    toy = ready(Unlisted(QUICK_POLLS), create_order=lambda *_: placed.pop(0), fetch_order=lambda id: now[id])
    toy.timeout_on_exit = 0
    placed = [order("1"), order("2"), order("3", "closed", 1.0)]
    now = {id: order(id) for id in "12"}
    for _ in range(3):
        await toy.create_order(C0, "limit", "buy", 1, 5)
    toy.calls.clear()
    assert ids(await toy.watch_orders(C0)) == ["1", "2"]
    now["1"] = order("1", "closed", 1.0)
    assert ids(await toy.watch_orders(C0)) == ["1"]
    await toy.un_watch_orders(C0)
    toy.calls.clear()
    assert ids(await toy.watch_orders(C0)) == ["2"]
    assert set(toy.calls) == {("fetch_order", "2")}
    await toy.close()


async def test_of_the_orders_that_are_remembered_those_that_have_ended_go_first(monkeypatch):
    monkeypatch.setattr("ccxt_ext.venue.streams.polls.PLACED_KEPT", 2)
    toy = ready(Unlisted())
    for placed in (order("1"), order("2", "closed", 1.0), order("3"), order("4")):
        toy.polling.note(placed)
    assert list(toy.polling.placed.orders) == ["3", "4"]
    toy.polling.note(order("5", "canceled"))
    assert list(toy.polling.placed.orders) == ["3", "4"]
    await toy.close()


def test_own_trades_are_kept_once_each():
    cache = OwnTrades(3)
    for trade in (fill("1"), {**fill("1"), "side": "sell"}, fill("1"), fill("2"), fill("3"), fill("1")):
        cache.append(trade)
    assert [(row["id"], row["side"]) for row in cache] == [("2", "buy"), ("3", "buy"), ("1", "buy")]
    assert len(cache.hashmap) == 3
    assert cache.getLimit(C0, None) == 5


async def test_a_balance(toy):
    def balance(free):
        return {
            "info": {},
            "free": {"Q": free},
            "used": {"Q": 0.0},
            "total": {"Q": free},
            "Q": {"free": free},
        }

    toy.answers["fetch_balance"] = balance(1.0)
    assert (await toy.watch_balance())["free"] == {"Q": 1.0}
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(toy.watch_balance(), 0.05)
    toy.answers["fetch_balance"] = balance(2.0)
    assert (await toy.watch_balance())["free"] == {"Q": 2.0}


@pytest.mark.parametrize("new_updates", [True, False])
async def test_what_changes_together_is_told_oldest_first(toy, new_updates):
    """As it is fetched, whichever changed last: a cache of ccxt's keeps that at its end."""
    toy.newUpdates = new_updates
    toy.answers["fetch_open_orders"] = [order("1", at=1), order("2", at=2)]
    assert ids(await toy.watch_orders()) == ["1", "2"]
    toy.answers["fetch_open_orders"] = [order("2", filled=0.5, at=2)]
    toy.answers["fetch_order"] = order("1", status="closed", filled=1.0, at=1)
    changed = await toy.watch_orders()
    assert [(row["id"], row["filled"]) for row in changed] == [("1", 1.0), ("2", 0.5)]
    toy.answers["fetch_my_trades"] = []
    waiting = asyncio.ensure_future(toy.watch_my_trades(C0))
    await settle()
    toy.answers["fetch_my_trades"] = [fill("4"), fill("3")]
    assert ids(await waiting) == ["3", "4"]
    toy.answers["fetch_positions"] = [position(1.0, 0.0, symbol, at) for symbol, at in ((C0, 4), (C1, 3))]
    assert [row["symbol"] for row in await toy.watch_positions()] == [C1, C0]


async def test_positions_until_they_are_gone(toy):
    toy.answers["fetch_positions"] = []
    assert await toy.watch_positions() == []
    toy.answers["fetch_positions"] = [position(2.0, 0.0)]
    assert [row["contracts"] for row in await toy.watch_positions()] == [2.0]
    toy.answers["fetch_positions"] = [position(2.0, 7.0)]
    with pytest.raises(asyncio.TimeoutError):  # a price moved, nothing else
        await asyncio.wait_for(toy.watch_positions(), 0.05)
    toy.answers["fetch_positions"] = []
    assert [row["contracts"] for row in await toy.watch_positions()] == [0.0]
    assert len(toy.positions) == 1


def test_the_default_leaves_room_in_the_rate_limit():
    slow = PolledToy({"rateLimit": 700})
    poll = BalancePoll(slow, subject_of("balance"), {})
    assert poll.interval_s() == 2.1
    slow.options["polling"] = {"interval": 400, "watchBalance": 300}
    assert poll.interval_s() == 0.3


@pytest.mark.parametrize("call", ["watch_orders", "watch_balance", "watch_my_trades", "watch_positions"])
async def test_private_news_need_credentials(toy, call):
    toy.apiKey = ""
    with pytest.raises(ccxt.AuthenticationError):
        await getattr(toy, call)()


async def test_what_cannot_be_watched_says_so(toy):
    assert toy.has["watchFundingRate"] is False
    for call in (toy.watch_funding_rate, toy.watchFundingRate, toy.un_watch_funding_rate):
        with pytest.raises(ccxt.NotSupported):
            await call(C0)
    with pytest.raises(ccxt.BadSymbol):
        await toy.watch_ticker("NONE/Q")
    with pytest.raises(ccxt.ArgumentsRequired):
        await toy.watch_trades_for_symbols([])
