"""The parts of a market, each tried without an engine around it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from ccxt_ext.sandbox.engine import (
    BalanceEvent,
    BookEvent,
    EntryEvent,
    Event,
    ExitEvent,
    MarketSpec,
    Match,
    Order,
    OrderEvent,
    Refused,
    Side,
    Trade,
    TradeEvent,
)
from ccxt_ext.sandbox.engine.accounts import Account, Accounts
from ccxt_ext.sandbox.engine.ledger import Ledger
from ccxt_ext.sandbox.engine.outbox import Outbox
from ccxt_ext.sandbox.engine.synthetic import beginning as beginning_module
from ccxt_ext.sandbox.engine.synthetic.beginning import Beginning
from ccxt_ext.sandbox.engine.synthetic.crowd import MEMBERS, Crowd, open_members
from ccxt_ext.sandbox.engine.synthetic.histories import Histories
from ccxt_ext.sandbox.engine.synthetic.traders import Traders
from ccxt_ext.sandbox.engine.trading.announcer import Announcer
from ccxt_ext.sandbox.engine.trading.book import UNLIMITED, Book
from ccxt_ext.sandbox.engine.trading.matching import Matching
from ccxt_ext.sandbox.engine.trading.spot import SpotSettlement
from ccxt_ext.sandbox.engine.trading.tape import Tape
from ccxt_ext.sandbox.engine.trading.triggers import Triggers
from tests.sandbox.engine.small_venue import MINUTE, START_MS, HandClock, spec

D = Decimal
SPEC = spec(wallet="main")
IDS = count(1)


def order(side: Side, price: Any, amount: Any, account: str = "ann", **more: Any) -> Order:
    limit = None if price is None else D(price)
    ticks = int(limit / SPEC.tick) if limit is not None else UNLIMITED if side == "buy" else 0
    return Order(
        next(IDS),
        account,
        None,
        SPEC.id,
        side,
        "market" if limit is None else "limit",
        limit,
        D(amount),
        D(amount),
        START_MS,
        START_MS,
        ticks,
        **more,
    )


# The book


def test_a_book_hands_out_the_best_price_first_and_the_oldest_order_at_a_price() -> None:
    book = Book()
    far, old, young = order("sell", 102, 1), order("sell", 101, 2), order("sell", 101, 3)
    for each in (far, old, young):
        book.asks.add(each)
    taker = order("buy", 102, 4)
    met = []
    for maker, amount in book.crossing(taker):
        met.append((maker, amount))
        maker.remaining -= amount
        taker.remaining -= amount
    assert met == [(old, 2), (young, 2)]
    assert [(level.price, level.amount, level.count) for level in book.asks.levels()] == [
        (101, 1, 1),
        (102, 1, 1),
    ]


def test_what_a_book_offers_is_left_in_it() -> None:
    book = Book()
    for price, amount in ((99, 5), (98, 5), (97, 5)):
        book.bids.add(order("buy", price, amount))
    assert book.offers("sell", 9_800, D(20)) == [(99, 5), (98, 5)]
    assert book.offers("sell", 0, D(7)) == [(99, 5), (98, 2)]
    assert book.offers("buy", UNLIMITED, D(1)) == []
    assert book.amount_at("buy", 9_900) == 5
    assert book.amount_at("buy", 9_950) == 0


def test_a_taker_gets_no_more_than_it_is_allowed() -> None:
    book = Book()
    book.asks.add(order("sell", 100, 5))
    taker, asked = order("buy", None, 3), []

    def allowed(price: Decimal, amount: Decimal) -> Decimal:
        asked.append((price, amount))
        return D(2) if len(asked) == 1 else D(0)

    for maker, amount in book.crossing(taker, allowed):
        maker.remaining -= amount
        taker.remaining -= amount
    assert (asked, taker.remaining) == ([(100, 3), (100, 1)], 1)


# Trades


def trade(number: int, price: Any, amount: Any, timestamp: int) -> Trade:
    return Trade(number, SPEC.id, D(price), D(amount), "buy", timestamp)


def test_a_tape_begins_at_the_start_price_and_tells_what_its_trades_come_to() -> None:
    tape = Tape(SPEC)
    assert (tape.last_price, tape.newest(), tape.candles(MINUTE, 0, START_MS)) == (100, [], [])
    assert tape.day(START_MS).prices is None
    begin = START_MS - START_MS % MINUTE
    for each in (
        trade(1, 101, 2, begin),
        trade(2, 99, 1, begin + 1),
        trade(3, 103, 1, begin + MINUTE),
    ):
        tape.add(each)
    assert tape.last_price == 103
    assert [each.id for each in tape.newest(2)] == [3, 2]
    first, second = tape.candles(MINUTE, begin, begin + MINUTE)
    assert first[1:6] == (101, 101, 99, 99, 3)
    assert second[1:6] == (103, 103, 103, 103, 1)
    day = tape.day(begin + MINUTE)
    assert (day.prices, day.base_volume, day.quote_volume) == ((101, 103, 99), 4, 404)


# Waiting orders


def test_waiting_orders_are_taken_when_their_price_has_come_the_oldest_first() -> None:
    triggers = Triggers()
    rises = order("buy", 110, 1, trigger_price=D(105), trigger_above=True)
    falls = order("sell", 90, 1, trigger_price=D(104), trigger_by="mark")
    for each in (rises, falls):
        triggers.add(each)
    prices = {"last": D(104), "mark": D("104.01"), "index": D(0)}
    assert triggers.take_due(prices.__getitem__) is None
    prices.update(last=D(105), mark=D(104))
    assert [triggers.take_due(prices.__getitem__) for _ in range(3)] == [rises, falls, None]
    assert not triggers.waiting


# Who listens


def test_an_outbox_delivers_an_operation_at_once_to_all_in_the_same_order() -> None:
    outbox = Outbox()
    assert not outbox.heard
    first, second = TradeEvent(trade(1, 100, 1, START_MS)), TradeEvent(trade(2, 100, 1, START_MS))
    told: list[tuple[str, list[Event]]] = []

    def one(batch: list[Event]) -> None:
        told.append(("one", batch))
        if batch == [first]:  # it acts, which makes an event more
            outbox.add(second)
            outbox.deliver()

    ends = [outbox.subscribe(one), outbox.subscribe(lambda batch: told.append(("two", batch)))]
    assert outbox.heard
    outbox.add(first)
    outbox.deliver()
    assert told == [("one", [first]), ("two", [first]), ("one", [second]), ("two", [second])]
    ends[1]()
    ends[1]()
    assert outbox.heard
    ends[0]()
    assert not outbox.heard


def test_a_listener_that_fails_leaves_nothing_behind() -> None:
    outbox, told = Outbox(), list[list[Event]]()

    def fails(batch: list[Event]) -> None:
        raise RuntimeError("no ears")

    end = outbox.subscribe(fails)
    event = TradeEvent(trade(1, 100, 1, START_MS))
    outbox.add(event)
    with pytest.raises(RuntimeError, match="no ears"):
        outbox.deliver()
    end()
    outbox.subscribe(told.append)
    outbox.deliver()
    assert told == []
    outbox.add(event)
    outbox.deliver()
    assert told == [[event]]


# Accounts


def test_accounts_are_found_by_name_and_have_all_wallets() -> None:
    ledger = Ledger()
    accounts = Accounts(ledger, ["spot", "futures"])
    ann = accounts.open("ann")
    accounts.add(Account("somebody", {"spot": ledger.open_wallet("somebody")}))
    assert (accounts["ann"], list(ann.wallets), accounts.opened) == (ann, ["spot", "futures"], ["ann"])
    assert accounts["somebody"].wallet is accounts.by_name["somebody"].wallets["spot"]
    assert (accounts.wallet(None), accounts.wallet("futures")) == ("spot", "futures")
    for reason, call in (
        ("unknown_account", lambda: accounts["bob"]),
        ("unknown_wallet", lambda: accounts.wallet("margin")),
    ):
        with pytest.raises(Refused) as caught:
            call()
        assert caught.value.reason == reason
    with pytest.raises(ValueError, match="ann already"):
        accounts.open("ann")


# How orders are carried out


class Floor:
    """All that a spot market needs for matching: a book, a tape, money, and somebody who listens."""

    def __init__(self, rules: MarketSpec = SPEC) -> None:
        self.ledger = Ledger()
        self.accounts = Accounts(self.ledger, ["main"])
        for name in ("ann", "bob"):
            account = self.accounts.open(name)
            for currency in rules.money:
                self.ledger.deposit(account.wallet, currency, D(1000))
        self.members = open_members(rules, self.ledger)
        for member in self.members:
            self.accounts.add(member)
        self.book, self.tape, self.outbox = Book(), Tape(rules), Outbox()
        self.heard: list[Event] = []
        settlement = SpotSettlement(rules, self.ledger)
        self.matching = Matching(
            rules,
            book=self.book,
            tape=self.tape,
            settlement=settlement,
            announcer=Announcer(rules, self.outbox, self.book, settlement, self.accounts.by_name),
            accounts=self.accounts.by_name,
            price_by=lambda source: self.tape.last_price,
            first_trade_id=7,
        )
        self.crowd = Crowd(self.members, self.matching, self.ledger, "seed", 1_000)
        self.outbox.subscribe(self.heard.extend)

    def submit(self, side: Side, price: Any, amount: Any, account: str = "ann", **more: Any) -> Order:
        made = order(side, price, amount, account, **more)
        self.matching.submit(made, self.accounts[account], START_MS)
        self.outbox.deliver()
        return made


def test_an_order_goes_through_book_tape_and_ledger() -> None:
    floor = Floor()
    ask = floor.submit("sell", 100, 2, "bob")
    bid = floor.submit("buy", 101, 3)
    assert (ask.status, bid.status, bid.filled, bid.average) == ("closed", "open", 2, 100)
    assert floor.tape.newest() == [Trade(7, SPEC.id, D(100), D(2), "buy", START_MS)]
    assert floor.book.amount_at("buy", 10_100) == 1
    assert [fill.maker for fill in floor.accounts["bob"].fills.all] == [True]
    ann = floor.accounts["ann"].wallet
    assert ann.balance("AAA") == (D("1001.996"), 0)
    assert ann.balance("BBB") == (1000 - 200 - 101, 101)
    assert all(total == deposited for total, deposited in floor.ledger.totals().values())


def test_an_announcer_is_silent_before_it_is_begun() -> None:
    floor = Floor()
    floor.submit("sell", 100, 2, "bob")
    assert floor.heard == []
    floor.matching.announcer.begin()
    bid = floor.submit("buy", 100, 1)
    kinds = [type(event) for event in floor.heard]
    deal = [OrderEvent, TradeEvent, OrderEvent, OrderEvent, EntryEvent]
    assert kinds == [*deal, BookEvent, BookEvent, *4 * [BalanceEvent]]
    entry = next(event for event in floor.heard if isinstance(event, EntryEvent))
    assert (entry.order_id, entry.matches) == (bid.id, (Match(7, bid.id - 1, D(100), D(1)),))


def test_a_withdrawn_order_frees_its_money_and_leaves_the_book() -> None:
    floor = Floor()
    floor.matching.announcer.begin()
    bid = floor.submit("buy", 100, 2)
    floor.heard.clear()
    floor.matching.withdraw(bid, floor.accounts["ann"], START_MS + 1, "because")
    floor.outbox.deliver()
    assert (bid.status, bid.reason, bid.updated) == ("canceled", "because", START_MS + 1)
    assert floor.accounts["ann"].wallet.balance("BBB") == (1000, 0)
    assert not floor.book.bids
    exit, *_, balance = floor.heard
    assert exit == ExitEvent(SPEC.id, bid.id, "buy", D(100), D(2), START_MS + 1)
    assert balance == BalanceEvent("ann", "BBB", D(1000), D(0))


def test_a_waiting_order_is_carried_out_by_the_trade_that_brings_its_price() -> None:
    floor = Floor()
    stop = floor.submit("buy", 102, 1, trigger_price=D(101), trigger_above=True)
    other = floor.submit("sell", 101, 2, "bob")
    assert stop.waits and not floor.book.bids
    floor.submit("buy", 101, 1)
    assert (stop.triggered, stop.status, other.status) == (True, "closed", "closed")
    floor.matching.withdraw_all(START_MS, "the end")
    assert not floor.book.bids and not floor.book.asks


# The synthetic traders


def test_a_crowd_has_the_money_that_its_orders_need() -> None:
    floor = Floor()
    assert len(floor.crowd.accounts) == MEMBERS
    wealth = floor.members[0].wallet.free.get("AAA")
    placed, member = floor.crowd.place(0, "sell", 20_000, int(wealth / SPEC.step) * 2, START_MS)
    assert (placed.id, placed.price, placed.status) == (1_000, 200, "open")
    assert member.wallet.held.get("AAA") == 2 * wealth
    unplaced, _ = floor.crowd.order(1, "buy", 1, 5, START_MS)
    assert (unplaced.id, unplaced.price, unplaced.amount) == (1_001, D("0.01"), D("0.5"))
    assert not floor.book.bids


def test_a_crowd_draws_the_same_from_the_same_seed() -> None:
    one, two = Floor().crowd, Floor().crowd
    ladders = [list(each.ladder(each.random("live"), "sell", 10_001, 20)) for each in (one, two)]
    assert ladders[0] == ladders[1]
    ticks = [ticks for ticks, _ in ladders[0]]
    assert ticks == sorted(ticks) and ticks[0] == 10_001
    assert one.random("live").random() != one.random("past").random()


HORIZONS = [(MINUTE, 20)]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The markets whose history was made rather than copied, from none that is kept."""
    monkeypatch.setattr(beginning_module, "HISTORIES", Histories(80))
    names: list[str] = []
    make: Callable[..., None] = beginning_module.make_history

    def noted(matching: Matching, *rest: Any) -> None:
        names.append(matching.spec.id)
        make(matching, *rest)

    monkeypatch.setattr(beginning_module, "make_history", noted)
    return names


def test_a_market_begins_with_a_past_and_the_next_one_with_a_copy(made: list[str]) -> None:
    seen = []
    for end_ms in (START_MS, START_MS + MINUTE):
        floor = Floor()
        Beginning(floor.matching, floor.crowd, {}, HORIZONS, must_make=False).begin(end_ms)
        trades = floor.tape.newest()
        assert (trades[0].timestamp, trades[0].price) == (end_ms, SPEC.start_price)
        levels = floor.book.bids.levels(), floor.book.asks.levels()
        ages = [end_ms - each.timestamp for each in trades]
        seen.append((levels, ages, floor.ledger.totals(), floor.crowd.next_order_id, floor.matching.seq))
        assert floor.heard == []
    assert seen[0] == seen[1]
    assert made == [SPEC.id]
    floor = Floor()
    Beginning(floor.matching, floor.crowd, {}, HORIZONS, must_make=True).begin(START_MS)
    assert made == [SPEC.id, SPEC.id]


class Stall:
    """A market for traders, with nothing but what they ask for."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.floor = Floor()
        self.crowd = self.floor.crowd
        self.active = True

    def standing(self, side: Side) -> list[Order]:
        return self.floor.book.side(side).orders()

    def best_ticks(self, side: Side) -> int | None:
        level = self.floor.book.side(side).best()
        return None if level is None else level.ticks

    def offers(self, side: Side, ticks: int, amount: Decimal) -> list[tuple[Decimal, Decimal]]:
        return self.floor.book.offers(side, ticks, amount)


def test_traders_fill_a_book_that_is_empty_and_leave_a_market_that_is_closed() -> None:
    stall = Stall()
    stall.active = False
    traders = Traders(stall)
    traders.act(START_MS)
    assert not stall.floor.book.bids
    stall.active = True
    for _ in range(10):
        traders.act(START_MS)
        bid, ask = stall.best_ticks("buy"), stall.best_ticks("sell")
        assert bid is not None and ask is not None
        assert bid < traders.fair_ticks < ask
    assert len(stall.floor.book.asks) > 30
