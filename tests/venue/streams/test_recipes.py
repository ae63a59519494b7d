"""What docs/venue-streams.md tells: a login, books whose snapshot is fetched, and own orders."""

import asyncio
from pathlib import Path

import ccxt
import pytest
from ccxt.base.errors import AuthenticationError, BadResponse, ExchangeNotAvailable

from ccxt_ext.venue.streams.own_orders import is_newer
from tests.packaging.guide import is_excerpt, steps
from tests.venue.streams.recipes import RecipeToy
from tests.venue.streams.toy_streams import QUICK, Server, ready

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs/venue-streams.md"

C0, C1 = "C0/Q", "C1/Q"


@pytest.fixture
async def server():
    async with Server() as server:
        yield server


@pytest.fixture
async def toy(server):
    keys = {"apiKey": "key", "secret": "secret"}
    toy = RecipeToy({**keys, "urls": {"api": {"ws": server.url}}, "options": {"ws": QUICK}})
    ready(toy, fetch_open_orders=[], snapshot={"number": 5, "bids": [["9", "1"]], "asks": [], "timestamp": 1})
    await toy.load_markets()
    yield toy
    await toy.close()


def order(id="1", status="open", filled=0.0, updated=None, symbol=C0):
    return {
        "id": id,
        "symbol": symbol,
        "status": status,
        "filled": filled,
        "cost": filled,
        "amount": 2.0,
        "price": 1.0,
        "timestamp": 1,
        "lastUpdateTimestamp": updated,
    }


async def started(call):
    task = asyncio.ensure_future(call)
    await asyncio.sleep(0)
    return task


async def heard(server, message, times=1):
    await server.until(lambda: sum(each.count(message) for each in server.heard) >= times)


def change(number, bids):
    return {"on": "C0_Q", "change": number, "bids": bids, "asks": []}


def test_the_page_shows_what_is_tested_here():
    shown = list(steps(PAGE.read_text(encoding="utf-8")))
    assert len(shown) == 6
    for step in shown:
        text = (ROOT / step.files[0]).read_text(encoding="utf-8")
        assert is_excerpt(step.excerpt, text), f"line {step.line}"


# -- books


async def watched(server, toy):
    """A book that is subscribed to, and whose snapshot is under way."""
    answer = asyncio.get_running_loop().create_future()

    async def later(symbol):
        return await answer

    toy.answers["snapshot"] = later
    book = await started(toy.watch_order_book(C0))
    await heard(server, {"sub": "C0_Q"})
    await server.say({"on": "C0_Q"})
    await server.until(lambda: ("snapshot", C0) in toy.calls)
    return book, answer


async def test_changes_wait_for_the_snapshot(server, toy):
    book, answer = await watched(server, toy)
    for number in (5, 6, 7):
        await server.say(change(number, [[str(number), "1"]]))
    await asyncio.sleep(0.02)
    assert not book.done()
    answer.set_result({"number": 5, "bids": [["9", "1"]], "asks": [], "timestamp": 1})
    assert [level[0] for level in (await book)["bids"]] == [9, 7, 6]
    later = await started(toy.watch_order_book(C0))
    await server.say(change(8, [["9", "0"]]))
    assert [level[0] for level in (await later)["bids"]] == [7, 6]
    assert toy.orderbooks[C0]["nonce"] == 8


async def test_a_snapshot_that_is_too_old_is_asked_for_again(server, toy):
    book, answer = await watched(server, toy)
    await server.say(change(7, [["7", "1"]]))
    await server.until(lambda: toy.feed.books.books[C0].buffer)
    toy.answers["snapshot"] = {"number": 9, "bids": [["8", "1"]], "asks": [], "timestamp": 1}
    answer.set_result({"number": 5, "bids": [["9", "1"]], "asks": [], "timestamp": 1})
    await heard(server, {"sub": "C0_Q"}, 2)
    assert server.heard[-1] == [{"sub": "C0_Q"}, {"unsub": "C0_Q"}, {"sub": "C0_Q"}]
    await server.say({"on": "C0_Q"})
    assert (await book)["nonce"] == 9


async def test_a_gap_lets_the_book_begin_anew(server, toy):
    book, answer = await watched(server, toy)
    answer.set_result({"number": 5, "bids": [["9", "1"]], "asks": [], "timestamp": 1})
    old = await book
    toy.answers["snapshot"] = {"number": 9, "bids": [["8", "1"]], "asks": [], "timestamp": 1}
    later = await started(toy.watch_order_book(C0))
    await server.say(change(7, [["7", "1"]]))
    await heard(server, {"sub": "C0_Q"}, 2)
    await server.say(change(8, [["6", "1"]]))  # on its way before the topic was left
    await server.say({"on": "C0_Q"})
    new = await later
    assert (new["nonce"], [level[0] for level in new["bids"]]) == (9, [8])
    assert (old["nonce"], [level[0] for level in old["bids"]]) == (5, [9])


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (ExchangeNotAvailable("down"), ExchangeNotAvailable),
        ({"number": 5, "bids": [["x", "1"]], "asks": [], "timestamp": 1}, BadResponse),
    ],
)
async def test_a_snapshot_that_cannot_be_had_is_told_and_asked_for_again(server, toy, answer, error):
    toy.answers["snapshot"] = answer
    book = await started(toy.watch_order_book(C0))
    await heard(server, {"sub": "C0_Q"})
    await server.say({"on": "C0_Q"})
    with pytest.raises(error):
        await book
    toy.answers["snapshot"] = {"number": 9, "bids": [["8", "1"]], "asks": [], "timestamp": 1}
    again = await started(toy.watch_order_book(C0))
    await heard(server, {"sub": "C0_Q"}, 2)
    await server.say({"on": "C0_Q"})
    assert (await again)["nonce"] == 9
    assert len(server.connections) == 1


async def test_a_book_that_was_left_meanwhile_is_not_told(server, toy):
    book, answer = await watched(server, toy)
    await toy.un_watch_order_book(C0)
    with pytest.raises(ccxt.UnsubscribeError):
        await book
    answer.set_result({"number": 5, "bids": [["9", "1"]], "asks": [], "timestamp": 1})
    await asyncio.sleep(0.02)
    assert C0 not in toy.orderbooks
    assert server.heard[-1] == [{"sub": "C0_Q"}, {"unsub": "C0_Q"}]


# -- a login


async def test_a_login_comes_before_subscriptions_on_a_connection_of_its_own(server, toy):
    book, _ = await watched(server, toy)
    orders = await started(toy.watch_orders())
    await heard(server, {"login": "key"})
    await asyncio.sleep(0.02)
    assert server.heard == [[{"sub": "C0_Q"}], [{"login": "key"}]]
    await server.say({"login": "ok"})
    await heard(server, {"sub": "orders"})
    await server.say({"orders": [order()]})
    assert [each["id"] for each in await orders] == ["1"]
    assert not book.done()
    assert server.paths == ["/stream", "/stream"]


async def test_a_refused_login_leaves_public_books_alone(server, toy):
    book, answer = await watched(server, toy)
    orders = await started(toy.watch_orders())
    await heard(server, {"login": "key"})
    await server.say({"login": "no"})
    with pytest.raises(AuthenticationError):
        await orders
    answer.set_result({"number": 5, "bids": [["9", "1"]], "asks": [], "timestamp": 1})
    assert (await book)["nonce"] == 5
    orders = await started(toy.watch_orders())
    await heard(server, {"login": "key"}, 2)
    await server.say({"login": "ok"})
    await heard(server, {"sub": "orders"})
    await server.say({"orders": [order()]})
    assert [each["id"] for each in await orders] == ["1"]


# -- own orders


async def logged_in(server, toy, *symbols):
    orders = [await started(toy.watch_orders(symbol)) for symbol in symbols or (None,)]
    await heard(server, {"login": "key"})
    await server.say({"login": "ok"})
    await heard(server, {"sub": "orders"})
    return orders


async def test_who_watches_a_symbol_hears_of_that_one(server, toy):
    all_of_them, first, second = await logged_in(server, toy, None, C0, C1)
    await server.say({"orders": [order()]})
    assert [each["id"] for each in await first] == [each["id"] for each in await all_of_them] == ["1"]
    assert not second.done()
    await server.say({"orders": [order("2", symbol=C1)]})
    assert [each["id"] for each in await second] == ["2"]


async def test_watching_begins_with_the_open_orders(server, toy):
    toy.answers["fetch_open_orders"] = [order("7")]
    (orders,) = await logged_in(server, toy)
    assert [each["id"] for each in await orders] == ["7"]


async def test_what_ended_while_nobody_listened_is_told(server, toy):
    (orders,) = await logged_in(server, toy)
    await server.say({"orders": [order("1"), order("2")]})
    await orders
    toy.answers |= {"fetch_open_orders": [order("2")], "fetch_order": order("1", "closed", 2.0)}
    orders = await started(toy.watch_orders())
    await server.cut()
    with pytest.raises(ccxt.NetworkError):
        await orders
    orders = await started(toy.watch_orders())
    await heard(server, {"login": "key"}, 2)
    await server.say({"login": "ok"})
    assert [(each["id"], each["status"]) for each in await orders] == [("1", "closed")]
    assert toy.calls.count(("fetch_order", "1")) == 1


@pytest.mark.parametrize(
    ("now", "before", "newer"),
    [
        (order(), None, True),
        (order(), order(), False),
        (order(filled=1.0), order(), True),
        (order(), order(filled=1.0), False),
        (order(status="closed", filled=2.0), order(filled=1.0), True),
        (order(filled=1.0), order(status="closed", filled=2.0), False),
        (order(filled=1.0), order(status="canceled", filled=1.0), False),
        (order(status="canceled"), order(), True),
        (order(updated=1), order(updated=2), False),
        (order(updated=2), order(updated=1), True),
        (order(updated=2, filled=1.0), order(updated=1, filled=2.0), False),
        ({**order(), "price": 3.0}, order(), True),
    ],
)
def test_which_of_two_is_newer(now, before, newer):
    assert is_newer(now, before) == newer
