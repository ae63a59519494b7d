"""A book built order by order equals the venue's, however snapshots and events interleave."""

import math
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccxt_ext.venue.streams.books import OutOfStep
from ccxt_ext.venues.bitexbit.flow import After, Before, Event, Order, OrderFlow

PRICES = range(1, 6)


class Model:
    """A venue: its orders by price and time, what it tells, and every book it ever had."""

    def __init__(self):
        self.orders = {}
        self.events = []
        self.ids = 0
        self.books = [self.book()]
        self.past = [(0.0, {})]  # since when the orders were so
        self.now = 0.0

    def place(self, side, price, amount):
        self.ids += 1
        id, fills = str(self.ids), []
        better = (
            (lambda order: order.price <= price) if side == "buy" else (lambda order: order.price >= price)
        )
        met = [(other, order) for other, order in self.orders.items() if order.side != side and better(order)]
        met.sort(key=lambda pair: (pair[1].price if side == "buy" else -pair[1].price, int(pair[0])))
        for other, order in met:
            part = min(amount, order.amount)
            if part:
                fills.append((other, part))
                amount -= part
                self.put(other, order._replace(amount=order.amount - part))
        self.put(id, Order(side, price, amount))
        self.tell(Event(id, self.orders.get(id), tuple(fills), False, len(self.events)))

    def cancel(self, which):
        if self.orders:
            id = list(self.orders)[which % len(self.orders)]
            del self.orders[id]
            self.tell(Event(id, None, (), True, len(self.events)))

    def put(self, id, order):
        self.orders.pop(id, None)
        if order.amount:
            self.orders[id] = order

    def tell(self, event):
        self.events.append(event)
        self.books.append(self.book())
        self.past.append((self.now, dict(self.orders)))

    def book(self):
        sides = {"buy": {}, "sell": {}}
        for order in self.orders.values():
            side = sides[order.side]
            side[order.price] = side.get(order.price, 0) + order.amount
        return shown(sorted(sides["buy"].items(), reverse=True), sorted(sides["sell"].items()))


def shown(bids, asks):
    return [[float(value) for value in level] for level in bids], [
        [float(value) for value in level] for level in asks
    ]


class Watcher:
    """A client, to whom events and snapshots get whenever the test lets them."""

    def __init__(self, model, lag=math.inf, age=0.0):
        self.model = model
        self.flow = OrderFlow("A/B", lag, age)
        self.heard = len(model.events)  # events that have arrived
        self.at = 0  # the venue's book that was shown last
        self.asked = None
        self.asked_at = 0.0
        self.taken = None
        self.snapshots = 0

    def hear(self):
        if self.heard < len(self.model.events):
            event = self.model.events[self.heard]
            self.heard += 1
            self.see(lambda: self.flow.take_event(event, self.model.now))

    def ask(self):
        if self.flow.needs_snapshot and self.asked is None:
            self.asked, self.taken = self.flow.ask(self.model.now), None
            self.asked_at = self.model.now

    def take(self, back=0):
        """The venue makes the snapshot, of which it may have an older copy."""
        if self.asked is not None and self.taken is None:
            past = self.model.past
            ends = [*(at for at, _ in past[1:]), math.inf]
            young = [
                orders
                for (_, orders), end in zip(past, ends, strict=True)
                if end >= self.asked_at - self.flow.age
            ]
            self.taken = young[max(-1 - back, -len(young))] if self.flow.age else dict(self.model.orders)

    def answer(self):
        if self.taken is not None:
            asked, orders, self.asked, self.taken = self.asked, self.taken, None, None
            self.snapshots += 1
            self.see(lambda: self.flow.take_snapshot(asked, orders, self.model.now))

    def snap(self, back=0):
        self.ask()
        self.take(back)
        self.answer()

    def wait(self):
        """So long that all that has happened has arrived."""
        while self.heard < len(self.model.events):
            self.hear()
        self.tick()

    def tick(self):
        self.model.now += 1.0

    def see(self, tell):
        book = tell()
        if book is not None:
            assert book is self.flow.book
            # Never a book that the venue did not have, and never one older than that before.
            found = shown(book["bids"], book["asks"])
            assert found in self.model.books[self.at :]
            self.at += self.model.books[self.at :].index(found)

    def settle(self):
        """Everything that is on its way arrives, and what is asked for is answered."""
        while self.heard < len(self.model.events):
            self.hear()
        while self.asked is not None or self.flow.needs_snapshot:
            self.model.now += 1 + self.flow.age
            self.ask()
            self.take()
            self.answer()


def step(model, watcher, action):
    name, *details = action
    if name == "place":
        model.place(*details)
    elif name == "cancel":
        model.cancel(*details)
    elif name == "miss":
        if watcher.heard < len(model.events):
            # One frame was garbage: the book begins anew.
            watcher.heard += 1
            watcher.flow.restart()
    else:
        getattr(watcher, name)(*details)


placing = st.tuples(
    st.just("place"),
    st.sampled_from(["buy", "sell"]),
    st.sampled_from(PRICES).map(Decimal),
    st.integers(1, 3).map(Decimal),
)
# Small ones against a large one: trades that leave no trace but an amount.
nibbling = st.tuples(
    st.just("place"),
    st.just("buy"),
    st.just(Decimal(5)),
    st.sampled_from([1, 1, 2]).map(Decimal),
)
cancelling = st.tuples(st.just("cancel"), st.integers(0, 5))
happening = st.one_of(placing, nibbling, nibbling, cancelling)
hearing = st.just(("hear",))
snapping = st.sampled_from([("ask",), ("take",), ("answer",)])


def acts(*more):
    return st.lists(st.one_of(happening, hearing, snapping, *more), min_size=5, max_size=60)


def meets(before, actions, **settings):
    model = Model()
    model.place("sell", Decimal(5), Decimal(20))
    for order in before:
        model.place(*order[1:])
    watcher = Watcher(model, **settings)
    model.now += 1 + watcher.flow.age
    for action in actions:
        step(model, watcher, action)
    watcher.settle()
    book = watcher.flow.book
    assert shown(book["bids"], book["asks"]) == model.book()
    assert watcher.flow.orders == model.orders
    # Nothing is kept of what is gone.
    assert all(total for side in watcher.flow.totals.values() for total in side.values())


befores = st.lists(placing, max_size=3)


@settings(max_examples=400)
@given(befores, acts())
def test_after_the_last_event_the_book_is_the_venues(before, actions):
    meets(before, actions)


@given(befores, acts(st.just(("miss",))))
def test_what_was_missed_is_made_up_for(before, actions):
    meets(before, actions)


@given(befores, acts(st.just(("wait",))))
def test_events_that_came_late_enough_are_not_in_the_snapshot(before, actions):
    meets(before, actions, lag=0.5)


@given(befores, acts(st.just(("tick",)), st.tuples(st.just("snap"), st.integers(0, 4))))
def test_snapshots_may_be_old_if_it_is_known_how_old(before, actions):
    meets(before, actions, age=2.0)


# -- one by one ------------------------------------------------------------------------------------


def order(side, price, amount):
    return Order(side, Decimal(price), Decimal(amount))


def came(id, left=None, **fills):
    met = tuple((other.lstrip("o"), Decimal(amount)) for other, amount in fills.items())
    return Event(id, left, met, False, 7)


def cancelled(id):
    return Event(id, None, (), True, 8)


RESTING = {"1": order("buy", 9, 4), "2": order("buy", 9, 1), "3": order("sell", 11, 5)}
FIRST = shown([(9, 5)], [(11, 5)])


def levels(book):
    return shown(book["bids"], book["asks"])


@pytest.fixture
def flow():
    return OrderFlow("A/B", 1.0)


def started(flow, *during):
    """With a snapshot, before which these events came, but after it was asked for."""
    asked = flow.ask(0.0)
    for event in during:
        assert flow.take_event(event, 0.0) is None
    return flow.take_snapshot(asked, RESTING, 0.0)


def test_orders_of_one_price_are_one_level(flow):
    book = started(flow)
    assert (levels(book), book["symbol"], book["timestamp"]) == (FIRST, "A/B", None)
    assert flow.take_event(cancelled("2"), 0.0) is book
    assert (levels(book), book["timestamp"]) == (shown([(9, 4)], [(11, 5)]), 8)
    assert book["datetime"] == "1970-01-01T00:00:00.008Z"
    flow.take_event(came("4", order("buy", 10, 2)), 0.0)
    flow.take_event(came("5", order("buy", 11, 1), o3=5), 0.0)
    assert levels(book) == shown([(11, 1), (10, 2), (9, 4)], [])


def test_an_order_of_the_snapshot_that_an_event_brings_as_well_counts_once(flow):
    book = started(flow, came("2", RESTING["2"]))
    assert levels(book) == FIRST
    asked = flow.ask(0.0)
    assert flow.take_snapshot(asked, {}, 0.0) is not book


def test_an_order_that_is_older_than_the_snapshot_and_gone_stays_gone(flow):
    gone = came("4", order("sell", 12, 1)), cancelled("4"), came("5", order("buy", 9, 2)), came("6", o5=2)
    assert levels(started(flow, *gone)) == FIRST


def test_what_is_not_in_the_snapshot_is_added(flow):
    """The second was there before the first came."""
    book = started(flow, came("4", order("sell", 12, 1)), cancelled("2"))
    assert levels(book) == shown([(9, 4)], [(11, 5), (12, 1)])
    assert flow.is_sure


def test_a_trade_that_may_be_in_the_snapshot_or_not_takes_another(flow):
    assert started(flow, came("4", o3=2)) is None
    assert flow.needs_snapshot
    asked = flow.ask(0.0)
    book = flow.take_snapshot(asked, {**RESTING, "3": order("sell", 11, 3)}, 0.0)
    assert levels(book) == shown([(9, 5)], [(11, 3)])


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        # It was never there, so the snapshot is younger.
        ([cancelled("7")], FIRST),
        # It is there, so the snapshot is younger.
        ([came("2", order("buy", 9, 1))], FIRST),
        # However much was left of it, it is gone.
        ([cancelled("3")], shown([(9, 5)], [])),
        # It had enough for both only if the snapshot is younger than the first; it is older than the cancel.
        ([came("7", o3=4), cancelled("1"), came("8", o3=4)], shown([(9, 1)], [(11, 1)])),
        # There is more of it than there would be if the last trade were in the snapshot.
        (
            [
                came("2", order("buy", 9, 3)),
                came("7", o2=2),
                came("8", order("sell", 12, 1), o2=Decimal("0.5")),
            ],
            shown([(9, Decimal("4.5"))], [(11, 5), (12, 1)]),
        ),
    ],
)
def test_what_follows_tells_whether_it_was_in_the_snapshot(flow, events, expected):
    """No other snapshot is needed."""
    assert started(flow, came("4", o3=2)) is None
    told = [flow.take_event(event, 0.0) for event in events]
    assert levels(told[-1]) == expected
    assert not flow.needs_snapshot
    assert flow.is_sure is (expected != FIRST)


def test_a_trade_long_after_the_snapshot_is_not_in_it(flow):
    book = started(flow)
    assert flow.take_event(came("4", o3=2), 1.5) is book
    assert levels(book) == shown([(9, 5)], [(11, 3)])
    assert flow.is_sure


def test_soon_after_it_it_may_be(flow):
    started(flow)
    assert flow.take_event(came("4", o3=2), 0.5) is None
    assert flow.needs_snapshot
    # By then it is too late for both.
    assert flow.take_event(came("5", o3=1), 1.5) is None
    assert flow.needs_snapshot


def sure(flow):
    book = started(flow)
    flow.take_event(came("4", order("buy", 8, 1)), 2.0)
    assert flow.is_sure
    return book


@pytest.mark.parametrize(
    "event",
    [
        cancelled("7"),
        came("7", o8=1),
        came("7", o3=6),
        came("2", order("buy", 9, 1)),
        came("7", order("buy", 11, 1)),
        came("7", order("sell", 9, 1)),
    ],
)
def test_what_cannot_be_is_noticed_and_the_old_book_stays_as_it_was(flow, event):
    book = sure(flow)
    before = levels(book)
    with pytest.raises(OutOfStep):
        flow.take_event(event, 3.0)
    assert levels(book) == before
    flow.restart()
    assert flow.needs_snapshot
    assert flow.take_event(cancelled("2"), 3.0) is None
    assert levels(started(flow)) == FIRST
    assert levels(book) == before


def test_a_crossed_snapshot_is_noticed(flow):
    with pytest.raises(OutOfStep, match="crossed"):
        flow.take_snapshot(flow.ask(0.0), {"1": order("buy", 9, 1), "2": order("sell", 9, 1)}, 0.0)


def test_a_snapshot_that_was_asked_for_before_something_was_missed_is_of_no_use(flow):
    asked = flow.ask(0.0)
    flow.restart()
    assert flow.take_snapshot(asked, RESTING, 0.0) is None
    again = flow.ask(0.0)
    assert flow.take_snapshot(asked, {}, 0.0) is None
    assert levels(flow.take_snapshot(again, RESTING, 0.0)) == FIRST


def test_once_sure_no_snapshot_changes_it(flow):
    asked = flow.ask(0.0)
    flow.take_snapshot(asked, RESTING, 0.0)
    asked = flow.ask(0.0)
    flow.take_event(came("4", order("buy", 8, 1)), 2.0)
    assert flow.take_snapshot(asked, {}, 2.0) is None
    assert flow.is_sure
    assert flow.orders == {**RESTING, "4": order("buy", 8, 1)}


def test_what_changes_nothing_is_no_news(flow):
    book = sure(flow)
    assert flow.take_event(came("5"), 3.0) is None
    assert levels(book) == shown([(9, 5), (8, 1)], [(11, 5)])


def test_it_does_not_wait_for_ever(flow, monkeypatch):
    monkeypatch.setattr("ccxt_ext.venues.bitexbit.flow.LONGEST_BUFFER", 3)
    flow.ask(0.0)
    with pytest.raises(OutOfStep, match="no snapshot"):
        for id in range(4):
            flow.take_event(came(str(id), order("buy", 1, 1)), 0.0)


@pytest.mark.parametrize(
    ("event", "changed"),
    [
        (came("4", order("buy", 8, 1)), {"4": order("buy", 8, 1)}),
        (came("4", o3=2), {"3": order("sell", 11, 3)}),
        (came("4", o3=5), {"3": None}),
        (came("4", order("buy", 11, 1), o3=5), {"3": None, "4": order("buy", 11, 1)}),
        (cancelled("2"), {"2": None}),
        (came("4"), {}),
        (came("4", o3=6), None),
        (came("4", o7=1), None),
        (came("2", RESTING["2"]), None),
        (cancelled("7"), None),
    ],
)
def test_what_events_make_of_orders_that_do_not_have_them(event, changed):
    after = After(RESTING)
    assert after.takes(event) is (changed is not None)
    assert changed is None or after.changed == changed


def test_what_is_as_in_the_snapshot_again_is_no_change():
    after = After(RESTING)
    assert after.takes(came("4", order("buy", 8, 1))) and after.takes(came("5", o4=1))
    assert after.changed == {}
    assert after.takes(cancelled("2")) and after.get("2") is None
    assert after.takes(came("2", RESTING["2"])) and after.changed == {}
    assert after.get("2") == RESTING["2"]


@pytest.mark.parametrize(
    ("id", "told", "fits"),
    [
        ("3", order("sell", 11, 5), True),
        ("3", order("sell", 11, 6), True),
        ("3", order("sell", 11, 4), False),
        ("3", order("sell", 12, 5), False),
        ("3", order("buy", 11, 5), False),
        ("3", order("sell", 11, 0), False),
        ("3", None, False),
        ("4", order("sell", 11, 5), True),
        ("4", order("sell", 11, 0), True),
        ("4", order("sell", 11, -1), False),
        ("4", None, True),
    ],
)
def test_what_a_snapshot_can_follow(id, told, fits):
    """Of an order that it has there was as much before, or more; one that it lacks may be gone by now."""
    before = Before(RESTING)
    assert before.stands(id, told) is fits
    assert before.placed == ({id: told} if told is not None and told.amount > 0 else {})


def test_orders_that_met_what_is_in_the_snapshot():
    before = Before(RESTING)
    assert before.takes(came("3", order("sell", 11, 7)))
    assert not before.has_no_other()
    assert before.takes(came("8", o3=2, o7=3))  # of the other nothing is known
    assert before.placed == {"3": RESTING["3"]} and before.has_no_other()
    assert not before.takes(came("9", o3=1))
    before = Before(RESTING)
    assert before.takes(came("4", order("buy", 8, 1))) and before.takes(cancelled("4"))
    assert before.placed == {} and before.has_no_other()
    assert before.takes(came("5", order("buy", 8, 1))) and not before.has_no_other()
    assert not before.takes(came("6", o5=2))


def test_the_moment_after_which_no_event_is_in_the_snapshot(flow):
    started(flow)
    assert flow.take_event(came("4", o3=2), 1.0) is None
    flow = OrderFlow("A/B", 1.0)
    book = flow.take_snapshot(flow.ask(5.0), RESTING, 5.0)
    assert flow.take_event(came("4", o3=2), 6.001) is book


def test_answers_that_are_the_same_are_one(flow):
    started(flow)
    flow.take_event(came("4"), 0.0)
    flow.take_event(came("5", order("buy", 8, 1)), 0.0)
    flow.take_event(came("6"), 2.0)
    assert flow.is_sure and not flow.needs_snapshot


def test_the_book_has_the_time_of_the_last_event_before_the_snapshot(flow):
    events = [Event(str(id), order("buy", id, 1), (), False, id) for id in (5, 6, 7)]
    book = started(flow, *events)
    assert book is None and flow.needs_snapshot
    again = flow.take_snapshot(flow.ask(0.0), {**RESTING, **{e.id: e.order for e in events}}, 0.0)
    assert again["timestamp"] is None
    flow = OrderFlow("A/B", 1.0)
    placed = {**RESTING, **{e.id: e.order for e in events}}
    asked = flow.ask(0.0)
    for event in events:
        flow.take_event(event, 0.0)
    assert flow.take_snapshot(asked, placed, 0.0)["timestamp"] == 7


def test_what_came_before_a_snapshot_was_asked_for_comes_with_it_if_that_may_be_old():
    first, second, third = (came(str(id), order("buy", id, 1)) for id in (4, 5, 6))

    def heard(*events, age, at):
        flow = OrderFlow("A/B", 1.0, *age)
        for moment, event in events:
            assert flow.take_event(event, moment) is None
        return flow.ask(at)

    both = (0.0, first), (2.0, second)
    assert heard(*both, age=(), at=2.0) == []
    assert heard(*both, age=(2.0,), at=2.0) == [first, second]
    assert heard(*both, age=(2.0,), at=2.5) == [second]
    assert heard(*both, (4.5, third), age=(2.0,), at=4.5) == [third]
    assert heard(*both, (4.0, third), age=(2.0,), at=4.0) == [second, third]


def test_of_old_events_none_are_kept():
    flow = OrderFlow("A/B", 1.0, 2.0)
    for moment in (0.0, 1.0, 2.0, 3.0):
        flow.take_event(came(str(moment), order("buy", 1, 1)), moment)
    assert [moment for moment, _ in flow.recent] == [1.0, 2.0, 3.0]
    flow.restart()
    assert flow.ask(3.0) == []


def test_what_is_shown_before_a_snapshot(flow):
    assert (flow.book, flow.is_sure, flow.needs_snapshot) == (None, False, True)
    assert flow.take_event(cancelled("7"), 0.0) is None
    assert levels(started(flow)) == FIRST
    assert flow.take_event(cancelled("3"), 0.5) is flow.book
    assert flow.totals == {"buy": {Decimal(9): Decimal(5)}, "sell": {}}
    assert flow.orders == {id: RESTING[id] for id in ("1", "2")}
