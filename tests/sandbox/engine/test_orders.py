from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from ccxt_ext.sandbox.engine import (
    BalanceEvent,
    BookEvent,
    Engine,
    EntryEvent,
    Event,
    Level,
    Order,
    OrderEvent,
    Refused,
    TradeEvent,
)
from tests.sandbox.engine.small_venue import HandClock, assert_balanced, engine, spec

M = "AAA_BBB"


def place(made: Engine, account: str, side: Any, price: str, amount: str, **more: Any) -> Order:
    return made.place(account, more.pop("market", M), side, Decimal(price), Decimal(amount), **more)


def free(made: Engine, account: str, currency: str) -> Decimal:
    return made.balances(account)[currency].free


def held(made: Engine, account: str, currency: str) -> Decimal:
    return made.balances(account)[currency].held


def test_an_order_rests_and_holds_what_it_needs() -> None:
    made = engine()
    buy = place(made, "ann", "buy", "99.50", "2.5")
    sell = place(made, "bob", "sell", "100.5", "3")
    assert (buy.status, buy.filled, buy.remaining, buy.type) == ("open", 0, Decimal("2.5"), "limit")
    assert made.balances("ann")["BBB"] == (Decimal("9751.25"), Decimal("248.75"))
    assert made.balances("bob")["AAA"] == (Decimal(9997), Decimal(3))
    market = made.markets[M]
    assert market.book() == ([Level(buy.price, Decimal("2.5"), 1)], [Level(sell.price, Decimal(3), 1)])
    assert (market.best_bid, market.best_ask) == (Decimal("99.5"), Decimal("100.5"))
    assert_balanced(made)


def test_a_trade_is_made_at_the_makers_price_and_the_rest_of_the_hold_comes_back_at_once() -> None:
    made = engine()
    place(made, "bob", "sell", "100", "1")
    buy = place(made, "ann", "buy", "105", "3")
    assert (buy.filled, buy.remaining, buy.cost, buy.status) == (1, 2, 100, "open")
    assert held(made, "ann", "BBB") == 210
    assert free(made, "ann", "BBB") == 10_000 - 100 - 210
    assert_balanced(made)


def test_fees_come_off_what_is_received() -> None:
    made = engine()
    sell = place(made, "bob", "sell", "100.07", "1.3")
    buy = place(made, "ann", "buy", "100.07", "1.3")
    assert buy.fees == {"AAA": Decimal("0.0026")}
    assert sell.fees == {"BBB": Decimal("0.130091")}
    assert free(made, "ann", "AAA") == Decimal("10001.2974")
    assert free(made, "bob", "BBB") == 10_000 + Decimal("130.091") - Decimal("0.130091")
    assert buy.status == sell.status == "closed"
    (bought,) = made.fills("ann")
    (sold,) = made.fills("bob")
    assert (bought.maker, bought.fee, bought.fee_currency) == (False, Decimal("0.0026"), "AAA")
    assert (sold.maker, sold.fee, sold.fee_currency) == (True, Decimal("0.130091"), "BBB")
    assert bought.id == sold.id == made.markets[M].trades()[0].id
    assert (bought.order_id, sold.order_id) == (buy.id, sell.id)
    assert bought.cost == sold.cost == Decimal("130.091")
    assert_balanced(made)


def test_fees_in_the_quote_currency_are_held_by_a_buy_and_what_was_too_much_is_freed() -> None:
    made = engine(spec(fee_on="quote"))
    buy = place(made, "ann", "buy", "100", "2")
    assert held(made, "ann", "BBB") == Decimal("200.4")
    place(made, "bob", "sell", "100", "2")
    assert buy.fees == {"BBB": Decimal("0.2")}
    assert made.balances("ann")["BBB"] == (Decimal("9799.8"), 0)
    assert free(made, "ann", "AAA") == 10_002
    assert_balanced(made)


def test_a_negative_fee_is_paid_out() -> None:
    made = engine(spec(maker_fee=Decimal("-0.0005")))
    sell = place(made, "bob", "sell", "100", "2")
    place(made, "ann", "buy", "100", "2")
    assert sell.fees == {"BBB": Decimal("-0.1")}
    assert free(made, "bob", "BBB") == Decimal("10200.1")
    assert_balanced(made)


def test_better_prices_first_and_at_one_price_the_older_order() -> None:
    made = engine()
    late = place(made, "bob", "sell", "101", "1")
    first = place(made, "bob", "sell", "100", "1")
    second = place(made, "bob", "sell", "100", "1")
    buy = place(made, "ann", "buy", "101", "1.5")
    assert (first.remaining, second.remaining, late.remaining) == (0, Decimal("0.5"), 1)
    assert [(fill.price, fill.amount) for fill in made.fills("ann")] == [
        (100, Decimal("0.5")),
        (100, 1),
    ]
    assert buy.cost == 150


def test_one_order_may_sweep_several_levels_and_rest_with_what_is_left() -> None:
    made = engine()
    for price in ("100", "100.5", "101.01"):
        place(made, "bob", "sell", price, "1")
    buy = place(made, "ann", "buy", "101", "5")
    assert (buy.filled, buy.remaining, buy.cost) == (2, 3, Decimal("200.5"))
    bids, asks = made.markets[M].book()
    assert [(level.price, level.amount) for level in bids] == [(101, 3)]
    assert [(level.price, level.amount) for level in asks] == [(Decimal("101.01"), 1)]
    assert held(made, "ann", "BBB") == 303


def test_an_account_may_trade_with_itself() -> None:
    made = engine()
    sell = place(made, "ann", "sell", "100", "1")
    buy = place(made, "ann", "buy", "100", "1")
    assert sell.status == buy.status == "closed"
    assert [fill.maker for fill in made.fills("ann")] == [False, True]
    assert made.balances("ann")["AAA"] == (Decimal("9999.998"), 0)
    assert made.balances("ann")["BBB"] == (Decimal("9999.9"), 0)
    assert_balanced(made)


def test_cancel_frees_exactly_what_was_still_held() -> None:
    made = engine()
    buy = place(made, "ann", "buy", "33.33", "3")
    place(made, "bob", "sell", "33.33", "1")
    assert held(made, "ann", "BBB") == Decimal("66.66")
    made.clock.advance(5)
    assert made.cancel("ann", buy.id) is buy
    assert (buy.status, buy.filled, buy.remaining) == ("canceled", 1, 2)
    assert buy.updated == buy.created + 5
    assert made.balances("ann")["BBB"] == (Decimal("9966.67"), 0)
    assert made.markets[M].book() == ([], [])
    with pytest.raises(Refused) as refused:
        made.cancel("ann", buy.id)
    assert refused.value.reason == "not_open"


def test_cancel_in_the_middle_of_a_queue_keeps_the_others_in_order() -> None:
    made = engine()
    first, middle, last = (place(made, "bob", "sell", "100", "1") for _ in range(3))
    made.cancel("bob", middle.id)
    assert made.markets[M].book()[1] == [Level(Decimal(100), Decimal(2), 2)]
    place(made, "ann", "buy", "100", "1.5")
    assert (first.remaining, middle.remaining, last.remaining) == (0, 1, Decimal("0.5"))


def test_nobody_cancels_the_orders_of_others() -> None:
    made = engine()
    order = place(made, "ann", "buy", "10", "1")
    for account, number in (("bob", order.id), ("ann", order.id + 1)):
        with pytest.raises(Refused) as refused:
            made.cancel(account, number)
        assert refused.value.reason == "unknown_order"
    assert made.order("bob", order.id) is None
    assert order.status == "open"


def test_cancel_all_by_market_and_side() -> None:
    made = engine(spec(), spec("CCC_BBB"))
    low = place(made, "ann", "buy", "10", "1")
    lower = place(made, "ann", "buy", "9", "1")
    high = place(made, "ann", "sell", "200", "1")
    elsewhere = place(made, "ann", "buy", "10", "1", market="CCC_BBB")
    foreign = place(made, "bob", "buy", "10", "1")
    assert made.cancel_all("ann", M, "buy") == [low, lower]
    assert made.cancel_all("ann", "CCC_BBB") == [elsewhere]
    assert made.cancel_all("ann") == [high]
    assert made.cancel_all("ann") == []
    assert foreign.status == "open"
    with pytest.raises(Refused, match="unknown_market"):
        made.cancel_all("ann", "nothing")


def test_queries_are_newest_first() -> None:
    made = engine(spec(), spec("CCC_BBB"))
    sell = place(made, "ann", "sell", "50", "1")
    resting = place(made, "ann", "sell", "60", "1", client_id="mine")
    other = place(made, "ann", "buy", "10", "1", market="CCC_BBB")
    place(made, "bob", "buy", "55", "1")
    gone = place(made, "ann", "buy", "11", "1")
    made.cancel("ann", gone.id)
    assert made.orders("ann") == [gone, other, resting, sell]
    assert made.orders("ann", M) == [gone, resting, sell]
    assert made.orders("ann", statuses=["open"]) == [other, resting]
    assert made.orders("ann", M, {"closed", "canceled"}) == [gone, sell]
    assert made.order("ann", sell.id) is sell
    assert made.order_by_client_id("ann", "mine") is resting
    assert made.order_by_client_id("bob", "mine") is None
    assert sell.id < resting.id < other.id < gone.id
    place(made, "bob", "buy", "60", "0.5")
    place(made, "bob", "buy", "60", "0.5")
    assert [fill.order_id for fill in made.fills("ann")] == [resting.id, resting.id, sell.id]
    assert [fill.order_id for fill in made.fills("ann", M, sell.id)] == [sell.id]
    assert made.fills("ann", "CCC_BBB") == []
    assert made.fills("bob", order_id=sell.id) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"account": "eve"}, "unknown_account"),
        ({"market_id": "AAA_CCC"}, "unknown_market"),
        ({"market_id": "OLD_BBB"}, "market_closed"),
        ({"side": "hold"}, "bad_side"),
        ({"price": "0"}, "bad_price"),
        ({"price": "-1"}, "bad_price"),
        ({"price": "NaN"}, "bad_price"),
        ({"price": "sNaN"}, "bad_price"),
        ({"price": "Infinity"}, "bad_price"),
        ({"price": "1E+400000"}, "bad_price"),
        ({"price": "1E-400000"}, "bad_price"),
        ({"price": "1.001"}, "price_precision"),
        ({"price": "0.009"}, "price_precision"),
        ({"amount": "0"}, "bad_amount"),
        ({"amount": "-0.1"}, "bad_amount"),
        ({"amount": "NaN"}, "bad_amount"),
        ({"amount": "-Infinity"}, "bad_amount"),
        ({"amount": "0.01"}, "too_small"),
        ({"amount": "1E-400000"}, "too_small"),
        ({"amount": "1000.1"}, "too_large"),
        ({"amount": "1E+400000"}, "too_large"),
        ({"amount": "0.15"}, "amount_precision"),
        ({"amount": "1." + "3" * 500}, "amount_precision"),
        ({"price": "0.01", "amount": "0.1"}, "too_small"),
        ({"price": "10000.01", "amount": "1"}, "insufficient_funds"),
        ({"side": "sell", "amount": "1000", "price": "0.1"}, "insufficient_funds"),
        ({"client_id": "taken"}, "duplicate_client_id"),
    ],
)
def test_refusals_change_nothing(change: dict[str, str], reason: str) -> None:
    made = engine(spec(min_cost=Decimal("0.01")), spec("OLD_BBB", active=False))
    made.place("ann", M, "sell", Decimal(500), Decimal(900), client_id="taken")
    made.place("ann", M, "sell", Decimal(500), Decimal(900))
    for _ in range(8):
        made.place("ann", M, "sell", Decimal(500), Decimal(1000))
    before = made.balances("ann"), made.orders("ann"), made.markets[M].book(), made.markets[M].seq
    asked: dict[str, Any] = {
        "account": "ann",
        "market_id": M,
        "side": "buy",
        "price": "1",
        "amount": "1",
        **change,
    }
    with pytest.raises(Refused) as refused:
        made.place(
            asked["account"],
            asked["market_id"],
            asked["side"],
            Decimal(asked["price"]),
            Decimal(asked["amount"]),
            client_id=asked.get("client_id"),
        )
    assert refused.value.reason == reason
    assert reason in str(refused.value)
    assert before == (made.balances("ann"), made.orders("ann"), made.markets[M].book(), made.markets[M].seq)


def test_insufficient_funds_says_how_much_was_needed() -> None:
    made = engine()
    with pytest.raises(Refused) as refused:
        place(made, "ann", "buy", "100.01", "100")
    assert refused.value.details == {"currency": "BBB", "needed": Decimal(10_001), "free": Decimal(10_000)}
    assert place(made, "ann", "buy", "100", "100").status == "open"


def test_prices_and_amounts_are_kept_in_the_markets_own_scale() -> None:
    made = engine()
    order = place(made, "ann", "buy", "1E+1", "2.000")
    assert (str(order.price), str(order.amount)) == ("10.00", "2.0")


def test_deposits() -> None:
    made = engine()
    made.deposit("ann", "BBB", Decimal("0.000000000000000001"))
    assert free(made, "ann", "BBB") == Decimal("10000.000000000000000001")
    assert_balanced(made)
    for account, currency, amount, reason in (
        ("eve", "BBB", "1", "unknown_account"),
        ("ann", "CCC", "1", "unknown_currency"),
        ("ann", "BBB", "0", "bad_amount"),
        ("ann", "BBB", "-1", "bad_amount"),
        ("ann", "BBB", "NaN", "bad_amount"),
        ("ann", "BBB", "1E+30", "bad_amount"),
        ("ann", "BBB", "1E-31", "bad_amount"),
    ):
        with pytest.raises(Refused) as refused:
            made.deposit(account, currency, Decimal(amount))
        assert refused.value.reason == reason


def test_accounts_and_markets_have_names_of_their_own() -> None:
    made = engine()
    assert made.accounts == ["ann", "bob"]
    assert made.currencies == ["AAA", "BBB"]
    with pytest.raises(ValueError, match="already"):
        made.open_account("ann", {})
    with pytest.raises(ValueError, match="two markets"):
        engine(spec(), spec())


@pytest.mark.parametrize(
    "changes",
    [
        {"tick": Decimal(0)},
        {"step": Decimal(-1)},
        {"min_amount": Decimal(0)},
        {"min_amount": Decimal(2000)},
        {"min_amount": Decimal("0.91"), "max_amount": Decimal("0.99")},
        {"start_price": Decimal("0.001")},
        {"start_price": Decimal(0)},
    ],
)
def test_a_market_without_sense_is_refused(changes: dict[str, Decimal]) -> None:
    with pytest.raises(ValueError, match="AAA_BBB"):
        spec(**changes)


def listen(made: Engine) -> list[Event]:
    heard: list[Event] = []
    made.subscribe(heard.append)
    return heard


def of_kind(heard: list[Event], kind: type) -> list[Any]:
    return [event for event in heard if isinstance(event, kind)]


def test_events_tell_every_change_in_order() -> None:
    made = engine()
    sell = place(made, "bob", "sell", "100", "1")
    heard = listen(made)
    buy = place(made, "ann", "buy", "101", "3")
    (trade,) = of_kind(heard, TradeEvent)
    assert trade.trade == made.markets[M].trades()[0]
    told = [(event.order.id, event.order.status, event.order.filled) for event in of_kind(heard, OrderEvent)]
    assert told == [(buy.id, "open", 0), (sell.id, "closed", 1), (buy.id, "open", 1)]
    assert [event.fill for event in of_kind(heard, OrderEvent)] == [
        None,
        made.fills("bob")[0],
        made.fills("ann")[0],
    ]
    levels = [(event.side, event.price, event.amount) for event in of_kind(heard, BookEvent)]
    assert levels == [("buy", 101, 2), ("sell", 100, 0)]
    for event in of_kind(heard, BalanceEvent):
        assert made.balances(event.account)[event.currency] == (event.free, event.held)
    assert {event.account for event in of_kind(heard, BalanceEvent)} == {"ann", "bob"}


def test_an_event_keeps_the_order_as_it_was() -> None:
    made = engine()
    heard = listen(made)
    order = place(made, "ann", "buy", "10", "1")
    made.cancel("ann", order.id)
    assert [event.order.status for event in of_kind(heard, OrderEvent)] == ["open", "canceled"]
    assert of_kind(heard, BookEvent)[-1].amount == 0


def test_book_events_rebuild_the_book() -> None:
    made = engine()
    heard = listen(made)
    for number in range(40):
        side = "buy" if number % 3 else "sell"
        order = place(made, "ann", side, f"{100 + (number * 7) % 5}", f"{1 + number % 4}")
        if number % 4 == 0 and order.status == "open":
            made.cancel("ann", order.id)
    rebuilt: dict[str, dict[Decimal, Decimal]] = {"buy": {}, "sell": {}}
    for event in of_kind(heard, BookEvent):
        rebuilt[event.side][event.price] = event.amount
    bids, asks = made.markets[M].book()
    assert bids and asks
    for side, levels in (("buy", bids), ("sell", asks)):
        standing = {price: amount for price, amount in rebuilt[side].items() if amount}
        assert standing == {level.price: level.amount for level in levels}
    sequence = [event.seq for event in of_kind(heard, BookEvent)]
    assert sequence == sorted(sequence)


def test_a_deposit_is_told() -> None:
    made = engine()
    heard = listen(made)
    made.deposit("ann", "AAA", Decimal(5))
    assert heard == [BalanceEvent("ann", "AAA", Decimal(10_005), Decimal(0))]


def test_a_listener_may_place_orders_itself() -> None:
    made = engine()
    answered: list[Order] = []
    heard: list[tuple[str, Decimal]] = []

    def answer(event: Event) -> None:
        if isinstance(event, OrderEvent) and event.order.account == "ann" and not event.order.filled:
            answered.append(place(made, "bob", "sell", "10", "1"))

    made.subscribe(answer)
    made.subscribe(
        lambda event: (
            heard.append((event.order.account, event.order.filled)) if isinstance(event, OrderEvent) else None
        )
    )
    order = place(made, "ann", "buy", "10", "1")
    assert [order.status, *(other.status for other in answered)] == ["closed", "closed"]
    assert heard == [("ann", 0), ("bob", 0), ("ann", 1), ("bob", 1)]


@pytest.mark.parametrize("act", [lambda made: made.warm_up(), lambda made: made.markets[M].ticker()])
def test_listeners_hear_nothing_of_the_past_but_all_of_the_present(act: Callable[[Engine], Any]) -> None:
    made = engine(clock=HandClock(), horizons=[(60_000, 20)])
    heard = listen(made)
    act(made)
    assert made.markets[M].trades()
    assert heard == []
    place(made, "ann", "buy", "1", "1")
    assert [type(event) for event in heard] == [
        OrderEvent,
        EntryEvent,
        BookEvent,
        BalanceEvent,
        BalanceEvent,
    ]
