"""btex: what is asked for besides one request, and what is made of it: orders, their fills, positions."""

import base64
import hashlib
import hmac
import json
from urllib.parse import parse_qsl, urlencode

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from tests.venues.btex.bodies import answered, fields_of
from tests.venues.profiles import PROFILES

PROFILE = PROFILES["btex"]
SWAP, SPOT = PROFILE.symbol, "BTC/USDT"
ORDER = (SWAP, "limit", "buy", 1000, 3918.8)
SPOT_ORDER = (SPOT, "limit", "buy", 0.5, 3000)
POSITION = PROFILE.sample("mx_openapi1-active_positions")["data"]["position_lists"][0]
OPEN = {**POSITION, "leverage": "20.00000000", "is_cross": "1", "direction": "1"}
INVERSE = PROFILE.sample("mx_data-contracts")["data"][0]
ETH = {**INVERSE, "contract_id": "2", "symbol": "ETH", "pair": "ETH_USD", "settle_anchor": "ETH"}
ETHER = {**INVERSE, "contract_id": "7", "symbol": "ETH", "pair": "ETH_USD"}  # settled in BTC
GONE = {**INVERSE, "contract_id": "8", "symbol": "EOS", "pair": "EOS_USD", "status": "-1"}

pytestmark = pytest.mark.parametrize("kind", ["sync", "async"])


def named(request):
    """What is asked for: the path's end, or spot's method."""
    return fields_of(request).get("method") or request.path.rpartition("/")[2]


class Venue:
    """Answers by the name of what is asked for; an answer may be a function of the fields, or text."""

    def __init__(self, kind, markets=None, options=(), now=None, **answers):
        self.answers = answers
        self.exchange, self.wire = PROFILE.offline(
            kind,
            self.answer,
            markets=markets and [*markets, *PROFILE.more_markets],
            options=dict(options),
        )
        if now is not None:
            self.exchange.milliseconds = lambda: now

    def answer(self, request):
        told = self.answers[named(request)]
        told = told(fields_of(request)) if callable(told) else told
        return told if isinstance(told, Answer) else answered(told)

    def __call__(self, method, *args):
        self.wire.requests.clear()
        return call(self.exchange, method, *args)

    @property
    def asked(self):
        return [named(request) for request in self.wire.requests]


def positions(*rows):
    return {"position_lists": list(rows)}


# -- leverage and margin mode -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "told", "leverage", "crossed"),
    [
        ([OPEN], {}, "20", "1"),
        ([], {}, "1", "-1"),
        ([{**OPEN, "amount": "0"}], {}, "1", "-1"),
        ([{**OPEN, "contract_id": "2"}], {}, "1", "-1"),
        ([OPEN], {"leverage": 5}, "5", "1"),
        ([OPEN], {"marginMode": "isolated"}, "20", "-1"),
    ],
)
def test_an_order_has_what_the_open_position_has(kind, rows, told, leverage, crossed):
    venue = Venue(kind, [INVERSE, ETH], active_positions=positions(*rows), place_order={"order_id": 1})
    venue("create_order", *ORDER, told)
    sent = fields_of(venue.wire.requests[-1])
    assert (sent["leverage"], sent["is_cross"]) == (leverage, crossed)
    assert venue.asked == ["active_positions", "place_order"]
    assert fields_of(venue.wire.requests[0])["contract_id"] == "1"


def test_nothing_is_asked_for_where_both_are_known(kind):
    venue = Venue(kind, active_positions=positions(OPEN), place_order={"order_id": 1})
    venue("create_order", *ORDER, {"leverage": 3, "marginMode": "cross"})
    assert venue.asked == ["place_order"]
    venue("set_leverage", 4, SWAP)
    venue("set_margin_mode", "isolated", SWAP)
    venue("create_order", *ORDER)
    assert venue.asked == ["place_order"]
    assert fields_of(venue.wire.requests[0])["leverage"] == "4"


def test_the_open_position_need_not_be_asked_for(kind):
    venue = Venue(kind, options={"leverageOfPosition": False}, place_order={"order_id": 1})
    venue("create_order", *ORDER)
    assert fields_of(venue.wire.requests[0])["leverage"] == "1"


def test_an_order_is_not_sent_if_the_position_cannot_be_asked_for(kind):
    venue = Venue(kind, active_positions=Answer("", 500), place_order={"order_id": 1})
    with pytest.raises(ccxt.ExchangeNotAvailable) as caught:
        venue("create_order", *ORDER)
    assert venue.asked == ["active_positions"]
    assert not hasattr(caught.value, "outcome")


def test_the_leverage_of_open_positions_is_told(kind):
    venue = Venue(kind, [INVERSE, ETH], active_positions=positions(OPEN))
    told = venue("fetch_leverage", SWAP)
    assert (told["longLeverage"], told["marginMode"]) == (20, "cross")
    assert venue("fetch_margin_mode", SWAP)["marginMode"] == "cross"
    told = venue("fetch_leverages")
    assert {symbol: each["longLeverage"] for symbol, each in told.items()} == {SWAP: 20, "ETH/USD:ETH": 1}
    assert venue.asked == ["active_positions"]
    venue("set_leverage", 7, SWAP)
    assert venue("fetch_leverage", SWAP)["longLeverage"] == 7


# -- positions --------------------------------------------------------------------------------------

BALANCES = {
    "balances": [
        {"coin": "BTC", "balance": "1.2", "position_margin": "0.8", "order_margin": "0", "total": "2"},
        {"coin": "ETH", "balance": "9", "position_margin": "0", "order_margin": "0", "total": "9"},
    ]
}


def crossed(**changes):
    return {**POSITION, "is_cross": "1", "amount": "4000", "price": "4000", "margin": "0.1", **changes}


def test_the_ratio_of_an_isolated_position_is_one_where_it_is_liquidated(kind):
    for price, ratio in (("4222.40221239", 0.0788), ("4665.63780374", 1)):
        entry, now = 8000 / 4222.40221239, 8000 / float(price)
        row = {**POSITION, "unrlz_pnl": f"{now - entry:.16f}"}
        [position] = Venue(kind, active_positions=positions(row))("fetch_positions")
        assert position["marginRatio"] == pytest.approx(ratio, abs=2e-4)
        assert position["collateral"] == pytest.approx(0.1954042 + now - entry)
        assert position["maintenanceMargin"] == pytest.approx(
            position["marginRatio"] * position["collateral"], 1e-2
        )


def test_without_a_liquidation_price_the_rate_tells_what_a_position_needs(kind):
    row = {**POSITION, "liquidation_price": "0.00000000", "unrlz_pnl": "-0.1"}
    [position] = Venue(kind, active_positions=positions(row))("fetch_positions")
    needed = 0.005 * 8000 / 4222.40221239
    assert position["maintenanceMargin"] == pytest.approx(needed)
    assert position["marginRatio"] == pytest.approx(needed / 0.0954042, abs=1e-4)


def test_the_wallet_is_behind_crossed_positions(kind):
    rows = [
        crossed(unrlz_pnl="-0.5"),
        crossed(contract_id="7", unrlz_pnl="0.1", position_id="33"),
        crossed(contract_id="2", unrlz_pnl="-3", position_id="34"),
        {**POSITION, "contract_id": "9", "margin": "0.3", "unrlz_pnl": "-0.2", "position_id": "35"},
    ]
    other = {**INVERSE, "contract_id": "9", "pair": "XRP_USD", "symbol": "XRP"}
    venue = Venue(
        kind,
        [INVERSE, ETH, ETHER, other],
        active_positions=lambda fields: positions(
            *(row for row in rows if fields.get("contract_id") in (None, row["contract_id"]))
        ),
        account_info=BALANCES,
    )
    equity = 2 - 0.3 - 0.5 + 0.1
    ratio = 2 * 0.005 * 1 / equity  # of both, as one may bring the other down
    one = venue("fetch_position", SWAP)
    assert venue.asked == ["active_positions", "active_positions", "account_info"]
    all_of_them = {position["id"]: position for position in venue("fetch_positions")}
    assert venue.asked == ["active_positions", "account_info"]
    for position in (one, all_of_them["32"], all_of_them["33"]):
        assert position["collateral"] == pytest.approx(equity)
        assert position["marginRatio"] == pytest.approx(ratio, abs=1e-4)
        assert position["maintenanceMargin"] == pytest.approx(0.005)
        assert position["initialMargin"] == 0.1
    assert all_of_them["34"]["collateral"] == pytest.approx(6)
    assert all_of_them["35"]["collateral"] == pytest.approx(0.1)


def test_what_is_behind_crossed_positions_need_not_be_asked_for(kind):
    venue = Venue(kind, options={"crossedEquity": False}, active_positions=positions(crossed()))
    [position] = venue("fetch_positions")
    assert (position["collateral"], position["marginRatio"]) == (None, None)
    assert position["initialMargin"] == 0.1


# -- what orders came to ----------------------------------------------------------------------------

ROW = {**PROFILE.sample("mx_openapi1-get_order_batch")["data"][0], "order_id": "77", "contract_id": "1"}
FILL = {**PROFILE.sample("mx_openapi1-order_match_results-zh")["data"][0], "contract_id": "1"}


def order_row(amount, left, **changes):
    return {**ROW, "amount": str(amount), "available": str(left), "price": "4000", **changes}


def fill(number, amount, price, fee="0.00001"):
    told = {"trade_id": str(number), "trade_num": str(amount), "price": str(price), "trade_fee": fee}
    return {**FILL, **told, "order_id": "77"}


def test_an_order_that_is_looked_up_tells_what_it_cost(kind):
    venue = Venue(
        kind,
        get_order_batch=[order_row(1000, 400, type="limit")],
        order_match_results=[fill(1, 400, 3900), fill(2, 200, 3950)],
    )
    order = venue("fetch_order", "77", SWAP)
    cost = 400 / 3900 + 200 / 3950
    assert order["cost"] == pytest.approx(cost) and order["average"] == pytest.approx(600 / cost)
    assert order["fee"] == {"cost": pytest.approx(0.00002), "currency": "BTC"}
    assert (order["filled"], order["remaining"], order["price"]) == (600, 400, 4000)
    assert [trade["id"] for trade in order["trades"]] == ["1", "2"]
    assert venue.asked == ["get_order_batch", "order_match_results"]


@pytest.mark.parametrize(("left", "fills"), [(1000, []), (400, [fill(1, 400, 3900)]), (400, [])])
def test_a_cost_is_never_a_guess(kind, left, fills):
    venue = Venue(kind, get_order_batch=[order_row(1000, left)], order_match_results=fills)
    order = venue("fetch_order", "77", SWAP)
    assert order["average"] is None and order["cost"] == (0 if left == 1000 else None)
    assert venue.asked == ["get_order_batch", "order_match_results"][: 1 if left == 1000 else 2]


def test_an_order_that_is_filled_between_two_answers(kind):
    rows = iter([order_row(1000, 400), order_row(1000, 0, order_status="1")])
    venue = Venue(
        kind,
        get_order_batch=lambda fields: [next(rows)],
        order_match_results=[fill(1, 600, 3900), fill(2, 400, 3900)],
    )
    order = venue("fetch_order", "77", SWAP)
    assert (order["status"], order["filled"], order["average"]) == ("closed", 1000, 3900)


@pytest.mark.parametrize(("type", "price"), [("limit", 3900), ("market", None)])
def test_what_a_market_order_names_is_no_limit(kind, type, price):
    exchange = Venue(kind).exchange
    row = order_row(1000, 0, type=type, price="3900")
    assert exchange.parse_order(row, exchange.market(SWAP))["price"] == price


def test_lists_of_orders_tell_no_cost_that_is_not_known(kind):
    rows = [order_row(1000, left, is_cross="1", order_id=str(left)) for left in (1000, 400, 0)]
    venue = Venue(kind, myorders={"orders_his": rows}, active_orders={"order_lists": rows})
    for method in ("fetch_orders", "fetch_open_orders"):
        told = {order["remaining"]: order["cost"] for order in venue(method, SWAP)}
        assert told == {1000: 0, 400: None, 0: None}
    row = PROFILE.sample("openapi1-auth_api-myorders")["data"][0]
    listed = [{**row, "num": "1", "rest_num": "0.4", "total": "3000", "rest_total": "1200"}]
    [order] = Venue(kind, myorders=listed)("fetch_open_orders", SPOT)
    assert (order["filled"], order["cost"], order["average"]) == (pytest.approx(0.6), None, None)


def test_a_market_order_tells_what_it_came_to(kind):
    venue = Venue(
        kind,
        active_positions=positions(),
        place_order={"order_id": 77},
        get_order_batch=[order_row(1000, 0, type="market", order_status="1")],
        order_match_results=[fill(1, 1000, 3900)],
    )
    order = venue("create_order", SWAP, "market", "buy", 1000, 3900)
    assert (order["id"], order["status"], order["average"], order["filled"]) == ("77", "closed", 3900, 1000)
    assert str(order["info"]["data"]["order_id"]) == "77"
    venue.answers["get_order_batch"] = Answer("<html>", 502)
    order = venue("create_order", SWAP, "market", "buy", 1000, 3900)
    assert (order["id"], order["status"], order["average"]) == ("77", None, None)
    order = venue("create_order", *ORDER)
    assert (order["status"], venue.asked) == (None, ["active_positions", "place_order"])
    venue.exchange.options["lookUpPlaced"] = ["limit"]
    venue.answers["get_order_batch"] = [order_row(1000, 1000, type="limit", order_status="0")]
    assert venue("create_order", *ORDER)["status"] == "open"


# -- answers to an order that say nothing for certain -----------------------------------------------


@pytest.mark.parametrize(
    ("answer", "id"),
    [
        (Answer({"code": -1, "info": "insufficient balance", "data": {"order_id": 123}}), "123"),
        (Answer({"code": 0, "info": "?", "data": {"order_id": "123"}}), "123"),
        (Answer({"code": 1, "info": "ok", "data": {"order_id": 123}}, 400), "123"),
        (Answer({"code": 1, "info": "ok", "data": {}}, 403), None),
        (Answer({"code": 1, "info": "ok", "data": {}}, 400), None),
        (Answer({"code": 1, "info": "insufficient balance", "data": {}}), None),
        (Answer({"code": 1, "info": "insufficient balance"}), None),
        (Answer({"code": 1, "info": "ok", "data": {"order_id": 0}}), None),
        (Answer({"code": 1, "info": "ok", "data": {"order_id": -1}}), None),
        (Answer({"code": 1, "info": "ok", "data": {"order_id": None}}), None),
        (Answer({"code": 1, "info": "ok", "data": [123]}), None),
        (Answer({"code": -1, "info": "insufficient balance", "data": {}}, 201), None),
        (Answer({"code": -1, "info": " ", "data": {}}), None),
        (Answer({"code": -1, "data": {}}), None),
        (Answer({"code": -1, "info": "unknown error", "data": {}}), None),
        (Answer({"info": "insufficient balance"}), None),
        (Answer({"message": "insufficient balance"}), None),
    ],
)
@pytest.mark.parametrize("order", [ORDER, SPOT_ORDER], ids=["contract", "spot"])
def test_an_answer_that_is_no_clear_refusal_leaves_the_outcome_open(kind, order, answer, id):
    venue = Venue(kind, active_positions=positions(), place_order=answer, buy_coin=answer)
    with pytest.raises(ccxt.BaseError, match="unknown") as caught:
        venue("create_order", *order)
    assert (caught.value.outcome, caught.value.order_id) == ("unknown", id)
    assert not isinstance(caught.value, ccxt.InsufficientFunds)
    assert venue.asked[-1] in ("place_order", "buy_coin") and len(venue.asked) <= 2


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("data", [{}, None, {"order_id": 0}])
@pytest.mark.parametrize("code", [-1, 0])
def test_a_clear_refusal_is_one(kind, code, status, data):
    answer = Answer({"code": code, "info": "insufficient balance", "data": data}, status)
    venue = Venue(kind, active_positions=positions(), place_order=answer)
    with pytest.raises(ccxt.InsufficientFunds) as caught:
        venue("create_order", *ORDER)
    assert not hasattr(caught.value, "outcome")


@pytest.mark.parametrize("answer", [{"code": 2, "info": "later", "data": {}}, {"code": 1, "info": "ok"}, {}])
def test_a_cancel_has_worked_when_the_venue_says_so(kind, answer):
    venue = Venue(kind, cancel_order=Answer(answer))
    with pytest.raises(ccxt.BadResponse) as caught:
        venue("cancel_order", "1", SWAP)
    if answer:
        assert (caught.value.outcome, caught.value.order_id) == ("unknown", "1")
    if answer.get("code") == 2:  # of spot, any above zero is success
        assert venue("cancel_order", "1", SPOT)["status"] == "canceled"


# -- open orders of all markets ---------------------------------------------------------------------


def test_open_orders_and_cancelling_without_a_symbol(kind):
    here = {"1": ["11", "12"], "2": ["21"], "8": ["81"]}

    def listed(fields):
        row = PROFILE.sample("mx_openapi1-active_orders")["data"]["order_lists"][0]
        of = fields["contract_id"]
        return {"order_lists": [{**row, "contract_id": of, "order_id": id} for id in here[of]]}

    def cancel(fields):
        for ids in here.values():
            if fields["order_id"] in ids:
                ids.remove(fields["order_id"])
        return {}

    venue = Venue(
        kind,
        [INVERSE, ETH, GONE],
        contracts=[INVERSE, ETH, GONE],
        active_orders=listed,
        cancel_order=cancel,
    )
    orders = venue("fetch_open_orders")
    assert sorted(order["id"] for order in orders) == ["11", "12", "21"]
    assert venue.asked == [
        "contracts",
        *["active_orders"] * 2,
    ]  # none can be in a contract that is closed for good
    assert len(venue("cancel_all_orders")) == 3
    assert here == {"1": [], "2": [], "8": ["81"]}


def test_of_many_spot_orders_each_market_is_asked_for_its_own(kind):
    row = PROFILE.sample("openapi1-auth_api-myorders")["data"][0]
    rows = [
        {**row, "order_id": str(number), "type": coin, "danwei": "USDT"}
        for number, coin in enumerate(["BTC"] * 3 + ["ETH"] * 2)
    ]

    def listed(fields):
        coin = fields["pair"].partition("_")[0] if "pair" in fields else ""
        return [each for each in rows if coin in ("", each["type"])][-int(fields["amount"]) :]

    venue = Venue(kind, options={"spotOpenOrders": 4}, myorders=listed)
    orders = venue("fetch_open_orders", None, None, None, {"type": "spot"})
    assert len(orders) == 5 and len(venue.asked) == 3


# -- spot orders that the venue does not look up ----------------------------------------------------

NOW = 1553595062000
OPEN_ROW = {
    **PROFILE.sample("openapi1-auth_api-myorders")["data"][0],
    "order_id": "5",
    "type": "BTC",
    "danwei": "USDT",
    "num": "0.5",
    "rest_num": "0.5",
    "price": "3000",
    "order_type": "buy",
    "ctime": str(NOW // 1000),
}


def own(number, amount, price=3000, order="5"):
    row = PROFILE.sample("openapi1-auth_api-mytrades")["data"][0]
    told = {"trade_id": str(number), "order_id": order, "num": str(amount), "price": str(price)}
    return {**row, **told, "total": str(amount * price), "ctime": str(NOW // 1000 + 1), "trade_type": "buy"}


def spot(kind, listed=(), fills=(), **options):
    return Venue(
        kind, options=options, now=NOW, buy_coin={"order_id": 5}, myorders=list(listed), mytrades=list(fills)
    )


def seen(order):
    return order["status"], order["amount"], order["filled"], order["remaining"], order["average"]


def test_an_open_spot_order_is_looked_up(kind):
    venue = spot(kind, [{**OPEN_ROW, "order_id": "4"}, OPEN_ROW])
    order = venue("fetch_order", "5", SPOT)
    assert (order["id"], *seen(order)) == ("5", "open", 0.5, 0, 0.5, None)
    assert venue.asked == ["myorders"]
    venue = spot(kind, [{**OPEN_ROW, "rest_num": "0.3"}], [own(1, 0.2, 2900), own(2, 0.9, order="4")])
    order = venue("fetch_order", "5", SPOT)
    assert seen(order) == ("open", 0.5, 0.2, 0.3, 2900)


def test_a_spot_order_that_was_placed_from_here_and_ended(kind):
    venue = spot(kind, [], [own(1, 0.2, 2900), own(2, 0.3, 3000)])
    venue("create_order", *SPOT_ORDER)
    order = venue("fetch_order", "5", SPOT)
    assert seen(order) == ("closed", 0.5, 0.5, 0, pytest.approx(2960))
    assert order["cost"] == pytest.approx(1480) and order["side"] == "buy" and order["price"] == 3000


def test_a_new_spot_order_that_is_not_listed_yet_is_not_called_dead(kind):
    venue = spot(kind)
    venue("create_order", *SPOT_ORDER)
    assert seen(venue("fetch_order", "5", SPOT))[:3] == (None, 0.5, 0)
    venue.exchange.milliseconds = lambda: NOW + 20_000
    assert seen(venue("fetch_order", "5", SPOT))[:3] == ("canceled", 0.5, 0)
    lists = iter([[], [OPEN_ROW]])
    venue.answers["myorders"] = lambda fields: next(lists)
    assert seen(venue("fetch_order", "5", SPOT))[0] == "open"


def test_a_spot_order_that_was_cancelled_from_here(kind):
    venue = spot(kind, [], [own(1, 0.2)])
    venue.answers["cancel_order"] = {}
    venue("create_order", *SPOT_ORDER)
    venue("cancel_order", "5", SPOT)
    assert seen(venue("fetch_order", "5", SPOT)) == ("canceled", 0.5, 0.2, 0.3, 3000)


def test_a_spot_order_that_was_seen_open_and_ended(kind):
    venue = spot(kind, [OPEN_ROW])
    venue("fetch_open_orders", SPOT)
    venue.answers.update(myorders=[], mytrades=[own(1, 0.5)])
    assert seen(venue("fetch_order", "5", SPOT)) == ("closed", 0.5, 0.5, 0, 3000)


def test_what_does_not_change_in_a_spot_order_is_told_when_it_has_ended(kind):
    venue = spot(kind, [OPEN_ROW])
    [before] = venue("fetch_open_orders", SPOT)
    venue.answers.update(myorders=[], mytrades=[own(1, 0.5)])
    after = venue("fetch_order", "5", SPOT)
    names = (
        "id",
        "clientOrderId",
        "timestamp",
        "datetime",
        "symbol",
        "type",
        "timeInForce",
        "postOnly",
        "side",
    )
    for name in (*names, "price", "triggerPrice", "amount", "info"):
        assert after[name] == before[name], name
    assert before["datetime"] == "2019-03-26T10:11:02.000Z"
    assert (after["cost"], after["lastTradeTimestamp"], len(after["trades"])) == (1500, NOW + 1000, 1)


def test_a_spot_order_of_which_only_fills_are_known(kind):
    for status in (None, "closed"):
        order = spot(kind, [], [own(1, 0.2)], spotEndedStatus=status)("fetch_order", "5", SPOT)
        assert seen(order) == (status, None, 0.2, None, 3000)
        assert (order["id"], order["side"], order["price"]) == ("5", "buy", None)


def test_a_spot_order_that_nobody_knows(kind):
    with pytest.raises(ccxt.OrderNotFound, match="5"):
        spot(kind)("fetch_order", "5", SPOT)
    # It may be behind those that are listed.
    with pytest.raises(ccxt.ExchangeError) as caught:
        spot(kind, [{**OPEN_ROW, "order_id": "6"}], spotOpenOrders=1)("fetch_order", "5", SPOT)
    assert not isinstance(caught.value, ccxt.OrderNotFound)
    venue = spot(kind, [{**OPEN_ROW, "order_id": "6"}], spotOpenOrders=1)
    venue("create_order", *SPOT_ORDER)
    venue.exchange.milliseconds = lambda: NOW + 20_000
    assert seen(venue("fetch_order", "5", SPOT))[0] is None


def test_the_fills_of_a_spot_order(kind):
    venue = spot(kind, [], [own(3, 0.1, order="4"), own(2, 0.2), own(1, 0.3)])
    trades = venue("fetch_order_trades", "5", SPOT)
    assert sorted(trade["id"] for trade in trades) == ["1", "2"]
    assert venue("fetch_order_trades", "5", None, None, 1, {"type": "spot"})[0]["order"] == "5"
    assert fields_of(venue.wire.requests[0]).get("pair", "") == ""


# -- lists ------------------------------------------------------------------------------------------


def test_what_comes_in_between_two_pages_is_told_once(kind):
    rows = [own(number, 0.1) for number in range(250, 0, -1)]

    def page(fields):
        size, number = int(fields["page_size"]), int(fields["page"])
        cut = rows[(number - 1) * size : number * size]
        if number == 1 and rows[0]["trade_id"] == "250":
            rows[:0] = [own(number, 0.1) for number in (253, 252, 251)]
        return cut

    venue = spot(kind)
    venue.answers["mytrades"] = page
    trades = venue("fetch_my_trades", SPOT, 1)
    assert sorted(int(trade["id"]) for trade in trades) == list(range(1, 254))


def test_closed_positions_are_all_told_from_a_moment_on(kind):
    """They come by their ends: one that was open for long does not mean that those behind it are older."""
    row = PROFILE.sample("mx_openapi1-mypositions")["data"]["position_his"][0]
    rows = [
        {**row, "position_id": str(n), "start_time": 5 if n == 70 else 1000 + n, "end_time": 2000 + n}
        for n in range(70, 0, -1)
    ]

    def page(fields):
        size, number = int(fields["page_size"]), int(fields["page"])
        return {"position_his": rows[(number - 1) * size : number * size]}

    venue = Venue(kind, options={"pageSize": 25}, mypositions=page)
    found = venue("fetch_positions_history", [SWAP], 1_010_000)
    assert sorted(int(each["id"]) for each in found) == list(range(10, 70))


# -- signatures -------------------------------------------------------------------------------------


def test_blanks_are_signed_as_forms_have_them(kind):
    venue = Venue(kind, account_info=BALANCES, getinfo={})
    params = {"note": "a b~c+d%20e", "ünï": "ß"}
    for method, secret in (
        ("contract_private_post_account_info", True),
        ("spot_private_post_getinfo", False),
    ):
        venue(method, params)
        body = venue.wire.requests[0].body
        fields = dict(parse_qsl(body))
        sign = fields.pop("sign")
        signed = urlencode(sorted({**fields, "secret_key": venue.exchange.secret}.items()))
        assert "note=a+b~c%2Bd%2520e" in signed and "note=a+b~c%2Bd%2520e" in body
        if secret:
            digest = hmac.digest(venue.exchange.secret.encode(), signed.encode(), "sha256")
            assert sign == base64.b64encode(digest).decode()
        else:
            assert sign == hashlib.md5(signed.encode()).hexdigest()


def test_what_is_told_can_be_written_as_json(kind):
    venue = spot(kind, [], [own(1, 0.5)])
    venue("create_order", *SPOT_ORDER)
    json.dumps(venue("fetch_order", "5", SPOT))
