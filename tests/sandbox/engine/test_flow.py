"""What is told of everybody's orders: a listener that keeps a book order by order has the engine's book."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Any

import pytest

from ccxt_ext.sandbox.engine import Engine, EntryEvent, Event, ExitEvent, Match, Refused
from tests.sandbox.engine.small_venue import HandClock, contract, engine, spec

M = "AAA_BBB"


class OrderBook:
    """The orders that stand, as told by the events alone."""

    def __init__(self, made: Engine, market: str) -> None:
        self.market = market
        self.told: list[EntryEvent | ExitEvent] = []
        self.orders = standing(made, market)
        made.subscribe(self.hear)

    def hear(self, event: Event) -> None:
        if not isinstance(event, (EntryEvent, ExitEvent)) or event.market != self.market:
            return
        self.told.append(event)
        if isinstance(event, ExitEvent):
            self.take(event.order_id, event.side, event.price, event.amount)
            return
        for match in event.matches:
            self.take(match.order_id, "sell" if event.side == "buy" else "buy", match.price, match.amount)
        if event.amount:
            assert event.price is not None
            assert event.order_id not in self.orders
            self.orders[event.order_id] = (event.side, event.price, event.amount)

    def take(self, id: int, side: Any, price: Decimal, amount: Decimal) -> None:
        stood = self.orders.pop(id)
        assert stood[:2] == (side, price)
        assert stood[2] >= amount > 0
        if stood[2] > amount:
            self.orders[id] = (side, price, stood[2] - amount)


def standing(made: Engine, market: str) -> dict[int, tuple[Any, Decimal, Decimal]]:
    return {
        order.id: (order.side, order.limit, order.remaining)
        for side in ("buy", "sell")
        for order in made.markets[market].standing(side)
    }


def test_an_order_is_told_with_what_it_met_and_what_is_left_of_it() -> None:
    clock = HandClock()
    made = engine(clock=clock)
    book = OrderBook(made, M)
    first = made.place("bob", M, "sell", Decimal(100), Decimal(1))
    second = made.place("ann", M, "sell", Decimal(101), Decimal(2))
    clock.advance(7)
    taker = made.place("ann", M, "buy", Decimal(101), Decimal("1.5"))
    made.cancel("ann", second.id)
    trades = made.markets[M].trades()[::-1]
    assert book.told[2:] == [
        EntryEvent(
            M,
            taker.id,
            "buy",
            Decimal(101),
            Decimal(0),
            (
                Match(trades[0].id, first.id, Decimal(100), Decimal(1)),
                Match(trades[1].id, second.id, Decimal(101), Decimal("0.5")),
            ),
            clock.now(),
        ),
        ExitEvent(M, second.id, "sell", Decimal(101), Decimal("1.5"), clock.now()),
    ]
    assert book.orders == standing(made, M) == {}


def test_orders_that_stand_nowhere_are_told_when_they_trade() -> None:
    made = engine()
    book = OrderBook(made, M)
    made.place("bob", M, "sell", Decimal(105), Decimal(1))
    stop = made.place("ann", M, "buy", Decimal(106), Decimal(1), trigger_price=Decimal(105))
    waits = made.place("ann", M, "buy", Decimal(101), Decimal(1), trigger_price=Decimal(500))
    made.cancel("ann", waits.id)
    made.place("ann", M, "buy", Decimal(105), Decimal(2), time_in_force="FOK")
    assert len(book.told) == 1
    ioc = made.place("bob", M, "buy", Decimal(105), Decimal("0.4"), time_in_force="IOC")
    assert [event.order_id for event in book.told[1:]] == [ioc.id, stop.id]
    assert book.orders == standing(made, M) == {stop.id: ("buy", Decimal(106), Decimal("0.4"))}


@pytest.mark.parametrize("seed", range(3))
def test_the_flow_rebuilds_the_book_of_live_traders_and_accounts(seed: int) -> None:
    made = engine(spec(), seed=seed, horizons=[(60_000, 60)])
    rng = Random(seed)
    book = OrderBook(made, M)
    assert len(book.orders) > 60
    for _ in range(150):
        fair = made.markets[M].last_price
        act = rng.random()
        if act < 0.15:
            made.step_traders()
        elif act < 0.3:
            made.cancel_all("ann", side=rng.choice(["buy", "sell"]))
        else:
            price = (fair * Decimal(rng.randint(990, 1010)) / 1000).quantize(Decimal("0.01"))
            made.place(
                rng.choice(["ann", "bob"]),
                M,
                rng.choice(["buy", "sell"]),
                price,
                Decimal(rng.randint(1, 30)) / 10,
                time_in_force=rng.choice(["GTC", "GTC", "IOC"]),
            )
        assert book.orders == standing(made, M)
    assert any(isinstance(event, EntryEvent) and len(event.matches) > 1 for event in book.told)


def test_the_flow_rebuilds_the_book_of_a_contract_with_orders_that_shrink() -> None:
    made = engine(contract(), horizons=[(60_000, 60)])
    market = "BTC_USD"
    rng = Random(5)
    book = OrderBook(made, market)
    shrunk = 0
    for _ in range(300):
        fair = int(made.markets[market].last_price)
        try:
            made.place(
                rng.choice(["ann", "bob"]),
                market,
                rng.choice(["buy", "sell"]),
                Decimal(fair + rng.randint(-12, 12)),
                Decimal(rng.randint(1, 400)),
                reduce_only=rng.random() < 0.4,
            )
        except Refused:
            continue
        assert book.orders == standing(made, market)
        shrunk = sum(isinstance(event, ExitEvent) for event in book.told)
    assert shrunk > 3
