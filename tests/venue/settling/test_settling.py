"""What became of orders and cancels whose answers were lost, at each venue and for each kind of class."""

import gc
import random
import weakref
from dataclasses import replace

import ccxt
import pytest

import ccxt_ext
from ccxt_ext.testing.wire import Answer, call
from tests.venue.settling.losing import Losing

# Each venue, and the markets whose orders are found again in another way.
WHERE = {
    "bitmart2": ("bitmart2", None),
    "btex": ("btex", None),
    "btex-spot": ("btex", "BTC/USDT"),
    "bitexbit": ("bitexbit", None),
    "bitexasia": ("bitexasia", None),
    "bitmaxfutures": ("bitmaxfutures", None),
}
LISTED = [name for name in WHERE if name != "bitexasia"]
BY_LIKENESS = ("bitmart2", "btex", "btex-spot", "bitexbit")


class Candles:
    """Something big."""


@pytest.fixture
def losing(monkeypatch):
    return lambda where, kind="sync", **config: Losing(
        monkeypatch, WHERE[where][0], kind, WHERE[where][1], **config
    )


def lost_order(place, **order):
    with pytest.raises(ccxt.BaseError) as caught:
        place.order(**order)
    assert caught.value.outcome == "unknown"
    return caught.value


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("where", WHERE)
class TestOrders:
    def test_one_that_was_placed_is_found(self, losing, where, kind):
        place = losing(where, kind)
        place.fates = ["cut"]
        found = place.settle(lost_order(place))
        (order,) = place.orders()
        assert (found["id"], found["status"]) == (place.name(order), "open")
        assert (found["symbol"], found["side"], found["type"]) == (place.symbol, "buy", "limit")
        assert (found["amount"], found["price"]) == (place.amount, place.price)

    def test_one_that_was_filled_at_once_is_found(self, losing, where, kind):
        place = losing(where, kind)
        place.fates = ["cut"]
        found = place.settle(lost_order(place, price=place.crossing()))
        (order,) = place.orders()
        assert order.status == "closed", "it was to be filled"
        assert (found["id"], found["status"]) == (place.name(order), "closed")
        assert found["filled"] == found["amount"] == place.amount

    def test_one_that_never_came_is_none_or_placed_by_sending_it_again(self, losing, where, kind):
        place = losing(where, kind)
        place.fates = ["lost"]
        before = place.ticks
        found = place.settle(lost_order(place))
        if where == "bitexasia":
            (order,) = place.orders()
            assert found["id"] == place.name(order)
            return
        assert found is None and place.orders() == []
        options = place.exchange.options["settle"]
        assert (place.ticks - before) * 1000 >= options["takenFor"] + options["listedAfter"]

    def test_one_that_comes_late_is_found(self, losing, where, kind):
        place = losing(where, kind)
        place.fates = [1_500]
        error = lost_order(place)
        found = place.settle(error)
        place.passes(120_000)
        if where == "bitexbit":  # the number of the look is higher: what comes after it is refused
            assert found is None and place.orders() == [] and place.answers[0].status == 401
            return
        (order,) = place.orders()
        assert found["id"] == place.name(order)
        assert place.settle(error)["id"] == found["id"], "asked again, it says the same"


@pytest.mark.parametrize("where", WHERE)
def test_a_streaming_class_settles_as_well(losing, where):
    place = losing(where, "pro")
    place.fates = ["cut"]
    assert place.settle(lost_order(place))["id"] == place.name(place.orders()[0])


@pytest.mark.parametrize("where", LISTED)
class TestDoubt:
    def test_while_the_venue_is_down_it_is_not_known(self, losing, where):
        place = losing(where)
        place.fates = ["cut"]
        error = lost_order(place)
        place.down = True
        with pytest.raises(ccxt_ext.Unsettled, match="still of unknown outcome, as looking") as caught:
            place.settle(error)
        unsettled = caught.value
        assert unsettled.outcome == "unknown" and unsettled.ask_again_ms > 0
        assert unsettled.order_ids == error.order_ids and isinstance(unsettled, ccxt.NetworkError)
        place.down = False
        assert place.settle(unsettled)["id"] == place.name(place.orders()[0])

    def test_a_venue_that_comes_back_is_waited_for(self, losing, where):
        place = losing(where)
        place.fates = ["cut"]
        error = lost_order(place)
        place.down = True

        def back():
            place.down = False

        place.moves = back
        assert place.settle(error)["id"] == place.name(place.orders()[0])

    def test_without_time_it_looks_once(self, losing, where):
        place = losing(where)
        place.fates = ["lost"]
        error, before = lost_order(place), place.ticks
        with pytest.raises(ccxt_ext.Unsettled, match="call settle") as caught:
            place.settle(error, timeout_ms=0)
        assert place.ticks == before
        place.passes(caught.value.ask_again_ms + 2_000)
        assert place.settle(caught.value, timeout_ms=0) is None

    def test_a_refused_look_says_nothing(self, losing, where):
        place = losing(where)
        place.fates = ["cut"]
        error = lost_order(place)
        secret, place.exchange.secret = place.exchange.secret, "wrong"
        with pytest.raises(ccxt_ext.Unsettled, match="look for yourself") as caught:
            place.settle(error)
        place.exchange.secret = secret
        assert caught.value.ask_again_ms is None
        assert isinstance(caught.value.__cause__, ccxt.ExchangeError | ccxt.NetworkError)
        assert place.settle(caught.value)["id"] == place.name(place.orders()[0])

    def test_an_order_that_was_there_before_is_not_taken_for_it(self, losing, where):
        place = losing(where)
        place.order()
        place.passes(10)
        place.fates = ["lost"]
        assert place.settle(lost_order(place)) is None
        place.fates = ["cut"]
        assert place.settle(lost_order(place))["id"] == place.name(place.orders()[1])

    def test_what_a_list_has_told_was_there_before(self, losing, where):
        place = losing(where)
        place.order()
        ccxt_ext.reset_shared()  # as if another process had placed it
        place.exchange = place.client()
        call(place.exchange, "fetchOpenOrders", place.symbol)
        place.fates = ["lost"]
        assert place.settle(lost_order(place)) is None

    def test_what_was_there_long_before_is_not_taken_for_it(self, losing, where):
        place = losing(where)
        place.order()
        ccxt_ext.reset_shared()
        place.exchange = place.client()
        place.passes(200_000)
        place.fates = ["lost"]
        assert place.settle(lost_order(place)) is None


# bitexbit's rising nonces tell at once that it was not placed.
@pytest.mark.parametrize("where", [where for where in LISTED if where != "bitexbit"])
def test_an_error_that_was_caught_keeps_nothing(losing, where):
    """It is raised through all that its caller is about: a bot's candles, say, in each round."""
    place = losing(where)
    place.fates = ["lost"]
    error = lost_order(place)
    held = []

    def asks(candles):
        held.append(weakref.ref(candles))
        with pytest.raises(ccxt_ext.Unsettled) as caught:
            place.settle(error, timeout_ms=0)
        del caught

    gc.collect()
    gc.disable()
    try:
        asks(Candles())
        assert held[0]() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("where", BY_LIKENESS)
class TestLikeOrders:
    def test_of_two_that_may_be_it_none_is_chosen(self, losing, where):
        place = losing(where)
        place.fates = ["cut"]
        error = lost_order(place)
        another = place.order()["id"]
        place.forget(another)  # as if another process had placed it
        with pytest.raises(ccxt_ext.Unsettled, match="more orders like it") as caught:
            place.settle(error)
        assert {order["id"] for order in caught.value.candidates} == {
            place.name(order) for order in place.orders()
        }

    @pytest.mark.parametrize("seed", range(2))
    def test_as_many_are_found_as_were_placed(self, losing, where, seed):
        place, fates = losing(where), random.Random(seed)
        errors, known = [], []
        for _ in range(12):
            place.fates = [fates.choice(["cut", "lost", "answered", fates.randint(1, 5_000)])]
            try:
                known.append(place.order()["id"])
            except ccxt.BaseError as error:
                errors.append(error)
            place.passes(fates.randint(1, 300))
        fates.shuffle(errors)
        found = [place.settle(error) for error in errors]
        place.passes(120_000)
        ids = [order["id"] for order in found if order is not None] + known
        assert sorted(ids) == sorted(place.name(order) for order in place.orders())
        assert len(set(ids)) == len(ids)

    def test_one_that_was_taken_for_another_leaves_the_others_to_come(self, losing, where):
        if where == "bitexbit":  # nothing comes late there
            return
        place = losing(where, options={"settle": {"takenFor": 20_000, "listedAfter": 0}})
        place.fates = ["cut"]
        first = lost_order(place)
        place.passes(900)
        place.fates = [19_500]  # by then, the first one can not come any more
        second = lost_order(place)
        found = [place.settle(second)["id"]]
        assert place.late, "the second has been given the order of the first"
        found.append(place.settle(first)["id"])
        assert found == [place.name(order) for order in place.orders()]

    def test_an_order_that_is_being_placed_is_not_taken(self, losing, where):
        place = losing(where)
        place.fates = ["lost"]
        error = lost_order(place)
        placed = place.order_while_looking(error)
        assert placed["id"] == place.name(place.orders()[0])
        assert place.settle(error) is None


class TestTriggers:
    """Orders that wait for a price, placed by a process that was killed: nobody knows of a client id."""

    where = "bitmaxfutures"  # bitexasia lists no orders, and the others have none with a trigger

    @pytest.mark.parametrize("type", ["limit", "market"])
    def test_one_that_was_placed_is_found(self, losing, type):
        place = losing(self.where)
        error = self.of_another_process(place, type, triggerPrice=place.crossing())
        (order,) = place.orders()
        found = place.settle(error)
        assert found["id"] == place.name(order)
        assert found["triggerPrice"] == place.crossing()

    def test_it_is_not_taken_for_one_with_another_trigger(self, losing):
        place = losing(self.where)
        other = place.exchange.market(place.symbol)["precision"]["price"] + place.crossing()
        error = self.of_another_process(place, "limit", "lost", triggerPrice=place.crossing())
        self.by_another_process(place, triggerPrice=other)
        assert place.settle(error) is None

    def test_it_is_not_taken_for_one_without(self, losing):
        place = losing(self.where)
        error = self.of_another_process(place, "limit", "lost")
        self.by_another_process(place, triggerPrice=place.crossing())
        assert place.settle(error) is None

    def of_another_process(self, place, type, fate="cut", **params):
        place.fates = [fate]
        price = place.price if type == "limit" else None
        with pytest.raises(ccxt.BaseError) as caught:
            call(place.exchange, "createOrder", place.symbol, type, "buy", place.amount, price, params)
        ccxt_ext.reset_shared()
        place.exchange = place.client()
        error = ccxt_ext.Unsettled("whether it was placed is not known")
        error.asked = replace(caught.value.asked, number=0)  # that of a call before all of this process
        return error

    def by_another_process(self, place, **order):
        place.forget(place.order(**order)["id"])


@pytest.mark.parametrize("where", WHERE)
class TestCancels:
    def lost_cancel(self, place, id):
        with pytest.raises(ccxt.BaseError) as caught:
            call(place.exchange, "cancelOrder", id, place.symbol)
        assert caught.value.outcome == "unknown"
        return caught.value

    @pytest.mark.parametrize("kind, fate", [("sync", "cut"), ("sync", "lost"), ("async", 1_000)])
    def test_the_order_is_cancelled_in_the_end(self, losing, where, kind, fate):
        place = losing(where, kind)
        id = place.order()["id"]
        place.fates = [fate]
        found = place.settle(self.lost_cancel(place, id))
        assert (found["id"], found["status"]) == (id, "canceled")
        assert place.orders()[0].status == "canceled"

    def test_or_is_told_as_filled(self, losing, where):
        place = losing(where)
        book = call(place.exchange, "fetchOrderBook", place.symbol)
        between = (book["bids"][0][0] + book["asks"][0][0]) / 2
        place.price = float(place.exchange.price_to_precision(place.symbol, between))
        id = place.order()["id"]
        place.fates = ["lost"]
        error = self.lost_cancel(place, id)
        other = place.client("counterparty")
        price = place.price
        call(other, "createOrder", place.symbol, "limit", "sell", place.amount, price)
        assert place.orders()[0].status == "closed", "it was to be filled"
        found = place.settle(error)
        assert (found["id"], found["status"], found["filled"]) == (id, "closed", place.amount)


@pytest.mark.parametrize("where", [name for name in LISTED if name != "btex-spot"])
def test_a_cancel_is_only_looked_at_without_resend(losing, where):
    place = losing(where)
    id = place.order()["id"]
    place.fates = ["lost"]
    with pytest.raises(ccxt.BaseError) as caught:
        call(place.exchange, "cancelOrder", id, place.symbol)
    assert place.settle(caught.value, resend=False)["status"] == "open"
    assert place.orders()[0].status == "open"


@pytest.mark.parametrize("where", LISTED)
def test_all_are_cancelled_in_the_end(losing, where):
    place = losing(where)
    place.order()
    place.fates = ["lost"] * 2
    try:
        call(place.exchange, "cancelAllOrders", place.symbol)
    except ccxt.BaseError as error:
        assert error.outcome == "unknown"
        place.settle(error)
        assert place.orders()[0].status == "canceled"


@pytest.mark.parametrize("fate", ["cut", "lost"])
def test_several_are_cancelled_in_the_end(losing, fate):
    place = losing("bitmaxfutures")
    ids = [place.order()["id"] for _ in range(3)]
    place.fates = [fate]
    with pytest.raises(ccxt.BaseError) as caught:
        call(place.exchange, "cancelOrders", ids[:2], place.symbol)
    assert caught.value.asked.method == "cancelOrders" and caught.value.order_ids == ids[:2]
    found = place.settle(caught.value)
    assert [(order["id"], order["status"]) for order in found] == [(id, "canceled") for id in ids[:2]]
    assert [order.status for order in place.orders()] == ["canceled", "canceled", "open"]


def test_a_batch_is_told_order_by_order(losing):
    for fate, placed in (("cut", True), ("lost", False)):
        place = losing("bitmaxfutures")
        place.fates = [fate]
        wanted = [
            {"symbol": place.symbol, "type": "limit", "side": "buy", "amount": place.amount, "price": price}
            for price in (place.price, place.price)
        ]
        with pytest.raises(ccxt.BaseError) as caught:
            call(place.exchange, "createOrders", wanted)
        found = place.settle(caught.value)
        if placed:
            assert [order["id"] for order in found] == [place.name(order) for order in place.orders()]
            assert [order["clientOrderId"] for order in found] == caught.value.client_order_ids
        else:
            assert found == [None, None]


def test_an_edit_is_told_by_the_order_that_took_its_place(losing):
    place = losing("bitmaxfutures")
    old = place.order()["id"]
    step = place.exchange.market(place.symbol)["precision"]["price"]
    edit = (old, place.symbol, "limit", "buy", place.amount, place.price - step)
    place.fates = ["lost"]  # the cancel
    with pytest.raises(ccxt.BaseError) as caught:
        call(place.exchange, "editOrder", *edit)
    assert place.settle(caught.value)["status"] == "canceled"
    old = place.order()["id"]
    place.fates = ["answered", "cut"]  # the cancel, the new order
    with pytest.raises(ccxt.BaseError) as caught:
        call(place.exchange, "editOrder", old, *edit[1:])
    assert caught.value.canceled_order_id == old
    assert place.settle(caught.value)["id"] == place.name(place.orders()[-1])


def test_an_id_that_tells_no_order_id_is_looked_for_in_the_lists(losing):
    place = losing("bitmaxfutures")
    place.fates = ["cut"]
    found = place.settle(lost_order(place, clientOrderId="bot-17"))
    assert (found["id"], found["clientOrderId"]) == (place.name(place.orders()[0]), "bot-17")


def test_an_order_is_not_sent_again_against_its_callers_will(losing):
    place = losing("bitexasia")
    place.fates = ["lost"]
    error = lost_order(place)
    with pytest.raises(ccxt_ext.Unsettled, match="resend=True"):
        place.settle(error, resend=False)
    assert place.orders() == []


def test_one_that_is_sent_again_and_refused_was_never_placed(losing):
    place = losing("bitexasia")
    place.fates = ["lost"]
    error = lost_order(place)
    refusal = Answer({"error": {"code": "INSUFFICIENT_BALANCE", "message": "Insufficient balance"}}, 400)
    place.fates, before = [refusal] * 1_000, place.ticks
    assert place.settle(error) is None and place.ticks - before >= 30


def test_a_refusal_is_raised_as_it_is(losing):
    place = losing("bitmart2")
    refusal = ccxt.InsufficientFunds("bitmart2 Balance not enough")
    with pytest.raises(ccxt.InsufficientFunds) as caught:
        place.settle(refusal)
    assert caught.value is refusal


def test_what_is_no_order_is_not_settled(losing):
    place = losing("bitmart2")
    error = ccxt.RequestTimeout("a transfer")
    error.outcome = "unknown"
    with pytest.raises(ccxt.NotSupported, match="look yourself what became of this: a transfer"):
        place.settle(error)


async def test_the_wrong_call_says_so():
    error = ccxt.RequestTimeout("lost")
    error.outcome = "unknown"
    with pytest.raises(TypeError, match=r"built from ccxt_ext\.venue"):
        ccxt_ext.settle(ccxt.kraken(), error)
    exchange = ccxt_ext.async_support.bitmart2()
    with pytest.raises(TypeError, match=r"await ccxt_ext.async_support.settle\(\)"):
        ccxt_ext.settle(exchange, error)
    await exchange.close()
    with pytest.raises(TypeError, match=r"ccxt_ext.settle\(\)"):
        await ccxt_ext.async_support.settle(ccxt_ext.bitmart2(), error)
