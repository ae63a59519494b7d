"""Market orders of venues that have limit orders alone, by an option."""

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call, unanswered
from ccxt_ext.venue.orders.market_orders import METHODS, OPTION
from tests.venues.profiles import PROFILES

IDS = [id for id, profile in PROFILES.items() if OPTION in profile.kind("sync").metadata()["options"]]

ids = pytest.mark.parametrize("id", IDS)
kinds = pytest.mark.parametrize("kind", ["sync", "async"])


class Desk:
    """An exchange whose book is [[100, 1]] on either side; what is placed is `placed`, and then `ended`."""

    def __init__(self, kind, id, placed, ended=None, cancel=None):
        self.profile = PROFILES[id]
        options = {OPTION: {"slippage": 0.02}}
        self.exchange, self.wire = self.profile.offline(kind, lambda request: Answer({}), options=options)
        self.calls = []
        self.placed, self.ended, self.cancel = placed, ended, cancel
        self.create = self.exchange.create_order
        for name in ("fetch_order_book", "create_order", "cancel_order", "fetch_order"):
            setattr(self.exchange, name, self.wrapped(kind, name, getattr(self, name)))

    def wrapped(self, kind, name, function):
        async def later(*args):
            answer = function(*args)
            return await answer if hasattr(answer, "__await__") else answer

        return later if kind == "async" else function

    def order(self, **changes):
        known = {"id": "7", "symbol": self.profile.symbol, "status": "open", "filled": 0.0, "average": None}
        return {**known, **changes}

    def fetch_order_book(self, symbol, *args):
        return {"bids": [[100.0, 1.0]], "asks": [[100.0, 1.0]]}

    def create_order(self, symbol, type, side, amount, price=None, params={}):
        if type == "market":
            return self.create(symbol, type, side, amount, price, params)
        self.calls.append((type, side, amount, float(price)))
        return self.order(**self.placed)

    def cancel_order(self, id, symbol):
        self.calls.append(("cancel", id))
        if isinstance(self.cancel, Exception):
            raise self.cancel
        return self.order(**{"status": "canceled", **(self.cancel or {})})

    def fetch_order(self, id, symbol):
        self.calls.append(("fetch", id))
        if isinstance(self.ended, Exception):
            raise self.ended
        return self.order(**self.ended)

    def trade(self, side="buy"):
        return call(self.exchange, f"create_market_{side}_order", self.profile.symbol, self.profile.amount)


@ids
@kinds
def test_it_is_off_unless_asked_for(id, kind):
    profile = PROFILES[id]
    exchange, _ = profile.offline(kind, unanswered)
    assert not any(exchange.has[name] for name in METHODS)
    assert OPTION not in exchange.features["spot"]["createOrder"]
    with pytest.raises(ccxt.NotSupported):
        call(exchange, "create_order", profile.symbol, "market", "buy", profile.amount)
    with pytest.raises(ccxt.NotSupported):
        call(exchange, "create_market_buy_order", profile.symbol, profile.amount)


@ids
@kinds
def test_has_and_features_follow(id, kind):
    exchange, _ = PROFILES[id].offline(kind, unanswered, options={OPTION: {"slippage": "0.01"}})
    assert [exchange.has[name] for name in METHODS] == ["emulated"] * 3
    assert exchange.features["spot"]["createOrder"][OPTION] is True
    assert PROFILES[id].kind(kind)().has["createMarketOrder"] is False
    with pytest.raises(ccxt.BadRequest, match="slippage"):
        PROFILES[id].offline(kind, unanswered, options={OPTION: {"slippage": 2}})


@ids
@kinds
@pytest.mark.parametrize(("side", "price"), [("buy", 102), ("sell", 98)])
def test_one_that_is_filled_at_once(id, kind, side, price):
    desk = Desk(kind, id, {"status": "closed", "filled": 1.0, "average": 100.5})
    order = desk.trade(side)
    assert desk.calls == [("limit", side, desk.profile.amount, price)]
    assert (order["type"], order["timeInForce"], order["price"]) == ("market", "IOC", 100.5)
    assert (order["status"], order["filled"]) == ("closed", 1)


@ids
@kinds
def test_the_rest_is_cancelled(id, kind):
    desk = Desk(kind, id, {}, cancel={"filled": 0.4, "average": 101.0})
    order = desk.trade()
    assert desk.calls[1:] == [("cancel", "7")]
    assert (order["status"], order["filled"], order["type"]) == ("canceled", 0.4, "market")


@ids
@kinds
def test_what_the_answer_to_the_cancel_leaves_open_is_looked_up(id, kind):
    ended = {"status": "closed", "filled": 1.0, "average": 101.0}
    for cancel in ({"filled": None}, ccxt.OrderNotFound("filled")):
        desk = Desk(kind, id, {"status": None}, ended, cancel)
        assert desk.trade()["filled"] == 1
        assert desk.calls[1:] == [("cancel", "7"), ("fetch", "7")]


@ids
@kinds
def test_a_rest_that_cannot_be_cancelled_is_told_with_its_id(id, kind):
    for cancel, ended in (
        (ccxt.ExchangeNotAvailable("busy"), None),
        (ccxt.OrderNotFound("?"), ccxt.ExchangeNotAvailable("busy")),
    ):
        desk = Desk(kind, id, {}, ended, cancel)
        with pytest.raises(ccxt.ExchangeNotAvailable, match="order 7 was placed") as caught:
            desk.trade()
        assert (caught.value.outcome, caught.value.order_id) == ("unknown", "7")


@ids
@kinds
def test_a_rest_that_is_listed_as_open_is_not_told_as_a_market_order(id, kind):
    desk = Desk(kind, id, {}, {"status": "open", "filled": 0.25}, ccxt.OrderNotFound("?"))
    with pytest.raises(ccxt.ExchangeError, match="listed as open - order 7 was placed") as caught:
        desk.trade()
    assert (caught.value.outcome, caught.value.order_id) == ("unknown", "7")


@ids
@kinds
def test_an_empty_book(id, kind):
    desk = Desk(kind, id, {})
    desk.exchange.fetch_order_book = desk.wrapped(kind, "", lambda *args: {"bids": [], "asks": []})
    with pytest.raises(ccxt.OrderNotFillable):
        desk.trade()
    assert desk.calls == []
