"""cancelAllOrders of venues without a call for it: what counts is what they list as open afterwards."""

import asyncio
import inspect

import ccxt
import pytest

from ccxt_ext.venue.orders import cancelling, cancelling_sync
from ccxt_ext.venue.orders.outcomes import with_unknown_outcome
from ccxt_ext.venues.bitexbit.rest import bitexbit as async_venue
from ccxt_ext.venues.bitexbit.rest_sync import bitexbit as sync_venue


class Desk:
    """Orders by their ids, and what the venue answers to a cancel: an error, or that it worked."""

    def __init__(self, kind, open_ids, answers=None, page=None, behind=0, fails_at=None):
        self.exchange = (sync_venue if kind == "sync" else async_venue)()
        self.is_async = kind == "async"
        self.open, self.answers, self.page = list(open_ids), answers or {}, page
        self.fails_at = fails_at  # the number of a list
        self.behind = behind  # so many lists show what was there at first
        self.asked, self.pauses, self.lists = [], [], 0
        self.first = list(self.open)
        for name in ("fetch_open_orders", "cancel_order", "sleep"):
            setattr(self.exchange, name, self.wrapped(getattr(self, name)))

    def wrapped(self, function):
        async def later(*args):
            return function(*args)

        return later if self.is_async else function

    def fetch_open_orders(self, symbol, since, limit, params):
        self.lists += 1
        if self.lists == self.fails_at:
            raise ccxt.RequestTimeout("the list does not come")
        shown = self.first if self.lists <= self.behind else self.open
        return [{"id": id, "symbol": symbol} for id in shown[: self.page]]

    def cancel_order(self, id, symbol, params):
        self.asked.append(id)
        answer = self.answers.get(id)
        if isinstance(answer, ccxt.BaseError):
            raise answer
        if answer != "stays":
            self.open.remove(id)
        return {"id": id}

    def sleep(self, milliseconds):
        self.pauses.append(milliseconds)

    def cancel_all(self):
        cancel = (cancelling if self.is_async else cancelling_sync).cancel_open_orders
        result = cancel(self.exchange, "A/B", {}, self.page)
        return asyncio.run(result) if inspect.isawaitable(result) else result


kinds = pytest.mark.parametrize("kind", ["sync", "async"])


@kinds
def test_what_was_open_is_cancelled(kind):
    desk = Desk(kind, "abc")
    assert desk.cancel_all() == [{"id": id} for id in "abc"]
    assert (desk.open, desk.pauses, desk.lists) == ([], [], 2)
    assert Desk(kind, "").cancel_all() == []


@kinds
def test_one_that_ended_meanwhile_is_left_out(kind):
    desk = Desk(kind, "abc")
    desk.answers["b"] = ccxt.OrderNotFound("gone")
    desk.fetch_open_orders("A/B", None, None, {})
    cancel = desk.cancel_order

    def filled_first(id, symbol, params):
        if id == "b":
            desk.open.remove(id)
        return cancel(id, symbol, params)

    desk.exchange.cancel_order = desk.wrapped(filled_first)
    assert desk.cancel_all() == [{"id": "a"}, {"id": "c"}]


@kinds
@pytest.mark.parametrize("answer", [ccxt.OrderNotFound("Orders of this pair stay"), "stays"], ids=repr)
def test_one_that_is_open_still_is_told_whatever_the_venue_said(kind, answer):
    desk = Desk(kind, "abc", {"b": answer})
    with pytest.raises(ccxt.ExchangeError, match="open: b") as caught:
        desk.cancel_all()
    assert not isinstance(caught.value, ccxt.InvalidOrder)  # OrderNotFound is one
    assert desk.asked == ["a", "b", "c"]
    assert desk.pauses == sorted(desk.pauses) and len(desk.pauses) == desk.lists - 2 > 0


@kinds
@pytest.mark.parametrize("error", [ccxt.OperationRejected("no"), ccxt.BadResponse("odd")], ids=repr)
def test_why_it_is_open_still_is_told(kind, error):
    desk = Desk(kind, "abc", {"b": error})
    with pytest.raises(type(error)):
        desk.cancel_all()
    assert (desk.open, desk.pauses) == (["b"], [])


@kinds
def test_a_refusal_of_what_is_gone_is_none(kind):
    desk = Desk(kind, "abc", {"b": ccxt.ExchangeError("busy")})
    remove = desk.cancel_order

    def gone_all_the_same(id, symbol, params):
        if id == "b":
            desk.open.remove(id)
        return remove(id, symbol, params)

    desk.exchange.cancel_order = desk.wrapped(gone_all_the_same)
    assert [order["id"] for order in desk.cancel_all()] == ["a", "c"]


@kinds
def test_a_list_that_is_a_moment_behind(kind):
    desk = Desk(kind, "abc", behind=3)
    assert len(desk.cancel_all()) == 3
    assert len(desk.pauses) == 2


@kinds
def test_behind_a_full_list_there_may_be_others(kind):
    desk = Desk(kind, "abcdefg", page=3)
    assert [order["id"] for order in desk.cancel_all()] == list("abcdefg")
    desk = Desk(kind, "abcdefg", {"b": "stays", "f": "stays"}, page=3)
    with pytest.raises(ccxt.ExchangeError, match="open: b, f"):
        desk.cancel_all()
    assert desk.open == ["b", "f"]


@kinds
def test_without_credentials_nothing_more_is_tried(kind):
    desk = Desk(kind, "abc", {"a": ccxt.AuthenticationError("key")})
    with pytest.raises(ccxt.AuthenticationError):
        desk.cancel_all()
    assert desk.asked == ["a"]


@kinds
def test_without_the_list_afterwards_nobody_knows_what_is_open(kind):
    desk = Desk(kind, "abc", {"b": "stays"}, fails_at=2)
    with pytest.raises(ccxt.RequestTimeout, match="the list does not come") as caught:
        desk.cancel_all()
    assert (caught.value.outcome, caught.value.order_ids) == ("unknown", ["a", "b", "c"])
    assert "whether any of the orders a, b, c was cancelled is unknown" in str(caught.value)


@kinds
@pytest.mark.parametrize("open_ids", ["abc", ""])
def test_without_the_list_before_nothing_was_cancelled(kind, open_ids):
    desk = Desk(kind, open_ids, fails_at=1)
    with pytest.raises(ccxt.RequestTimeout) as caught:
        desk.cancel_all()
    assert not hasattr(caught.value, "outcome") and desk.asked == []


@kinds
def test_what_is_known_of_a_cancel_without_an_answer_reaches_the_caller(kind):
    lost = with_unknown_outcome(ccxt.RequestTimeout("no answer"), "no answer", [], ["b"])
    desk = Desk(kind, "abc", {"b": lost})
    with pytest.raises(ccxt.RequestTimeout) as caught:
        desk.cancel_all()
    assert (caught.value.outcome, caught.value.order_id) == ("unknown", "b")
