"""btex's lists, where the venue gives less of them at once than there is."""

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from tests.venues.btex.bodies import answered, fields_of
from tests.venues.profiles import PROFILES

PROFILE = PROFILES["btex"]
SWAP, SPOT = "BTC/USD:BTC", "BTC/USDT"

kinds = pytest.mark.parametrize("kind", ["sync", "async"])


@kinds
@pytest.mark.parametrize(
    ("args", "count"), [((1,), 130), ((None, 120), 120), ((None, None, {"paginate": True}), 130)]
)
def test_a_venue_whose_pages_are_shorter_than_is_asked_for(kind, args, count):
    row = PROFILE.sample("mx_openapi1-myorders")["data"]["orders_his"][0]
    rows = [{**row, "order_id": str(id), "time": 1543228468 + id} for id in range(130, 0, -1)]

    def answer(request):
        page = int(fields_of(request).get("page", 1))
        return answered({"orders_his": rows[(page - 1) * 50 : page * 50]})

    exchange, _ = PROFILE.offline(kind, answer)
    orders = call(exchange, "fetch_orders", SWAP, *args)
    assert [int(order["id"]) for order in orders] == list(range(131 - count, 131))


@kinds
def test_all_spot_orders_are_cancelled_though_a_hundred_at_most_are_listed(kind):
    row = PROFILE.sample("openapi1-auth_api-myorders")["data"][0]
    here = [str(number) for number in range(230)]

    def answer(request):
        fields = fields_of(request)
        if fields["method"] == "cancel_order":
            here.remove(fields["order_id"])
            return answered({})
        return answered([{**row, "order_id": id} for id in here[-int(fields["amount"]) :]])

    exchange, wire = PROFILE.offline(kind, answer)
    assert len(call(exchange, "cancel_all_orders", SPOT)) == 230
    assert here == []
    assert len(wire.requests) == 230 + 4  # the last list shows that none is left


@kinds
@pytest.mark.parametrize(
    ("info", "error", "left"),
    [
        ("who knows", ccxt.ExchangeError, ["1"]),
        ("order does not exist", ccxt.ExchangeError, ["1"]),  # though it is listed
        ("wrong sign", ccxt.AuthenticationError, ["0", "1", "2"]),
    ],
)
def test_an_order_that_cannot_be_cancelled_does_not_spare_the_others(kind, info, error, left):
    row = PROFILE.sample("openapi1-auth_api-myorders")["data"][0]
    here = ["0", "1", "2"]

    def answer(request):
        fields = fields_of(request)
        if fields["method"] != "cancel_order":
            return answered([{**row, "order_id": id} for id in here])
        if fields["order_id"] == "1" or "sign" in info:
            return Answer({"code": -1, "info": info})
        here.remove(fields["order_id"])
        return answered({})

    exchange, _ = PROFILE.offline(kind, answer)
    with pytest.raises(error):
        call(exchange, "cancel_all_orders", SPOT)
    assert here == left


@kinds
@pytest.mark.parametrize("data", [1, "text", True, [], {}, {"trades_his": 1}])
@pytest.mark.parametrize("method", ["fetch_my_trades", "fetch_orders", "fetch_position_history"])
def test_a_page_that_is_none_is_a_clear_error(kind, data, method):
    exchange, _ = PROFILE.offline(kind, lambda request: answered(data))
    with pytest.raises(ccxt.BadResponse):
        call(exchange, method, SWAP)
