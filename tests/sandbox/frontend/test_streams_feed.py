"""How the engine's news reach streams: one piece for each operation, and books whose changes are numbered."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ccxt_ext.sandbox.engine import BookEvent, Engine, Event, Order, OrderEvent
from ccxt_ext.sandbox.frontend import Feed, News
from tests.sandbox.engine.small_venue import engine

M = "AAA_BBB"


def place(made: Engine, account: str, side: Any, price: str, amount: str) -> Order:
    return made.place(account, M, side, Decimal(price), Decimal(amount))


def test_an_operation_is_one_batch_and_listening_ends() -> None:
    made = engine()
    batches: list[list[Event]] = []
    end = made.subscribe_batches(batches.append)
    singly: list[Event] = []
    end_singly = made.subscribe(singly.append)
    first = place(made, "bob", "sell", "100", "1")
    place(made, "ann", "buy", "101", "3")
    made.cancel_all("ann")
    assert len(batches) == 3
    assert [event for batch in batches for event in batch] == singly
    assert first.status == "closed"
    end()
    end()
    place(made, "ann", "buy", "50", "1")
    assert len(batches) == 3
    assert len(singly) > sum(map(len, batches))
    end_singly()
    assert not made.outbox.heard
    place(made, "ann", "buy", "50", "1")
    again = made.subscribe_batches(batches.append)
    place(made, "ann", "buy", "50", "1")
    assert len(batches) == 4
    again()


def test_what_a_listener_does_is_a_batch_of_its_own_and_all_hear_in_order() -> None:
    made = engine()
    heard: list[list[tuple[str, Decimal]]] = []

    def answer(batch: list[Event]) -> None:
        for event in batch:
            if isinstance(event, OrderEvent) and event.order.account == "ann" and not event.order.filled:
                place(made, "bob", "sell", "10", "1")

    def hear(batch: list[Event]) -> None:
        heard.append([(e.order.account, e.order.filled) for e in batch if isinstance(e, OrderEvent)])

    made.subscribe_batches(answer)
    made.subscribe_batches(hear)
    place(made, "ann", "buy", "10", "1")
    assert heard == [
        [("ann", Decimal(0))],
        [("bob", Decimal(0)), ("ann", Decimal(1)), ("bob", Decimal(1))],
    ]


def test_a_listener_may_end_itself_while_it_is_told() -> None:
    made = engine()
    ends = [made.subscribe_batches(lambda batch: ends[0]())]
    batches: list[list[Event]] = []
    made.subscribe_batches(batches.append)
    for _ in range(2):
        place(made, "ann", "buy", "50", "1")
    assert len(batches) == 2


def standing(made: Engine) -> dict[str, dict[Decimal, Decimal]]:
    bids, asks = made.markets[M].book()
    return {
        "bids": {level.price: level.amount for level in bids},
        "asks": {level.price: level.amount for level in asks},
    }


def apply(book: dict[str, dict[Decimal, Decimal]], news: News) -> None:
    update = news.books[M]
    for side, changes in (("bids", update.bids), ("asks", update.asks)):
        for price, amount in changes.items():
            # Never a level that was not there, never one that stays as it is.
            assert book[side].get(price, Decimal(0)) != amount
            book[side][price] = amount
            if not amount:
                del book[side][price]


def test_numbered_changes_rebuild_the_book() -> None:
    made = engine()
    feed = Feed(made)
    place(made, "bob", "sell", "105", "1")
    number, book = feed.number(M), standing(made)
    heard: list[News] = []
    feed.listen(heard.append)
    operations = 0
    for count in range(60):
        side = "buy" if count % 3 else "sell"
        before = standing(made)
        order = place(made, "ann", side, f"{100 + (count * 7) % 5}", f"{1 + count % 4}")
        operations += before != standing(made)
        if count % 4 == 0 and order.status == "open":
            made.cancel("ann", order.id)
            operations += 1
    changes = [news for news in heard if news.books]
    assert len(changes) == operations
    assert [news.books[M].number for news in changes] == list(range(number + 1, number + 1 + operations))
    for news in changes:
        apply(book, news)
    assert book == standing(made)
    assert feed.number(M) == number + operations
    assert sum(len(news.trades.get(M, [])) for news in heard) == len(made.markets[M].trades())


def test_a_change_that_is_none_is_not_told() -> None:
    made = engine()
    feed = Feed(made)
    number = feed.number(M)
    heard: list[News] = []
    feed.listen(heard.append)
    made.place("ann", M, "buy", Decimal(50), Decimal(1), time_in_force="IOC")
    (news,) = heard
    assert news.books == {}
    assert [event.order.status for event in news.orders] == ["open", "canceled"]
    assert feed.number(M) == number


def test_numbers_go_on_while_nobody_listens() -> None:
    made = engine()
    feed = Feed(made)
    number = feed.number(M)
    place(made, "ann", "buy", "50", "1")
    assert feed.number(M) == number + 1
    end = feed.listen(lambda news: None)
    end()
    place(made, "ann", "buy", "50", "1")
    assert feed.number(M) == number + 2


def test_the_engine_is_left_alone_when_nobody_needs_it() -> None:
    made = engine()
    feed = Feed(made)
    assert not made.outbox.heard
    heard: list[News] = []
    ends = [feed.listen(heard.append), feed.listen(heard.append)]
    place(made, "ann", "buy", "50", "1")
    assert len(heard) == 2
    assert heard[0].books[M].bids == {Decimal(50): Decimal(1)}
    ends[0]()
    place(made, "ann", "buy", "50", "1")
    assert len(heard) == 3
    ends[1]()
    assert not made.outbox.heard


def test_a_listener_that_fails_is_reported_and_hears_no_more() -> None:
    made = engine()
    reports: list[str] = []
    feed = Feed(made)
    feed.report = reports.append
    heard: list[News] = []

    def fail(news: News) -> None:
        raise LookupError("listener")

    feed.listen(fail)
    feed.listen(heard.append)
    for _ in range(2):
        place(made, "ann", "buy", "50", "1")
    assert len(reports) == 1
    assert len(heard) == 2
    strict = Feed(made)
    strict.listen(fail)
    with pytest.raises(LookupError, match="listener"):
        place(made, "ann", "buy", "50", "1")


def test_for_numbers_alone_nothing_is_made_but_the_news_of_books() -> None:
    made = engine()
    feed = Feed(made)
    batches: list[list[Event]] = []
    made.subscribe_batches(batches.append, books_only=True)
    number = feed.number(M)
    place(made, "ann", "buy", "50", "1")
    assert {type(event) for event in batches.pop()} == {BookEvent}
    of_books: list[News] = []
    end_of_books = feed.listen(of_books.append, books_only=True)
    place(made, "ann", "buy", "50", "1")
    assert {type(event) for event in batches.pop()} == {BookEvent}
    heard: list[News] = []
    end = feed.listen(heard.append)
    place(made, "ann", "buy", "50", "1")
    assert OrderEvent in {type(event) for event in batches.pop()}
    assert heard[0].orders and heard[0].balances
    end()
    place(made, "ann", "buy", "50", "1")
    assert {type(event) for event in batches.pop()} == {BookEvent}
    end_of_books()
    place(made, "ann", "buy", "50", "1")
    assert [news.books[M].number for news in of_books] == [number + 2, number + 3, number + 4]
    assert [news.books[M].number for news in heard] == [number + 3]
    assert feed.number(M) == number + 5
