"""What an order cost is told, or taken from its trades, or not known: the limit price does not tell it."""

import pytest

from ccxt_ext.testing.wire import unanswered
from ccxt_ext.venue.orders import costs
from tests.ids import IDS
from tests.venues.profiles import PROFILES

ids = pytest.mark.parametrize("id", IDS)

ORDER = {"id": "1", "type": "limit", "side": "buy", "status": "closed", "price": "2", "amount": "3"}


def order_of(id, **told):
    profile = PROFILES[id]
    exchange, _ = profile.offline("sync", unanswered)
    market = exchange.market(profile.symbol)
    return exchange, exchange.safe_order({**ORDER, "symbol": profile.symbol, "info": {}, **told}, market)


@ids
def test_what_is_filled_did_not_cost_the_limit_price(id):
    _, order = order_of(id, filled="3")
    assert (order["filled"], order["cost"], order["average"]) == (3, None, None)


@ids
def test_nothing_filled_cost_nothing(id):
    _, order = order_of(id, filled="0", status="canceled")
    assert order["cost"] == 0


@ids
def test_a_cost_or_an_average_that_is_told_is_taken(id):
    exchange, by_average = order_of(id, filled="3", average="1.5")
    _, by_cost = order_of(id, filled="3", cost=exchange.number_to_string(by_average["cost"]))
    assert by_average["cost"] and by_average["average"] == by_cost["average"] == 1.5


@ids
def test_the_trades_tell_it_if_they_are_all_there(id):
    exchange, order = order_of(id, filled="3")
    trades = [
        {"id": str(n), "price": 1.5, "amount": amount, "cost": 1.5 * amount, "timestamp": n, "info": {}}
        for n, amount in enumerate((1.0, 2.0), 1)
    ]
    assert costs.with_cost_of_trades(exchange, order, trades[:1]) is order
    assert costs.with_cost_of_trades(exchange, order, []) is order
    told = costs.with_cost_of_trades(exchange, order, trades)
    assert (told["cost"], told["filled"], told["lastTradeTimestamp"]) == (4.5, 3, 2)
    assert told["status"] == "closed" and len(told["trades"]) == 2
