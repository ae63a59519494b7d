"""bitmaxfutures: what positions are worth, which way margin goes, and where a long history goes on."""

import json

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from ccxt_ext.venues.bitmaxfutures.fills import Report
from ccxt_ext.venues.bitmaxfutures.streams.order_desk import OrderDesk
from tests.venues.bitmaxfutures.other_end import Bitmax, sample
from tests.venues.profiles import PROFILES

PROFILE = PROFILES["bitmaxfutures"]
SYMBOL = "BTC/USDT:USDT"
OPTIONS = {"accountGroup": 0, "userUID": "U0123456789"}

kinds = pytest.mark.parametrize("kind", ["sync", "async"])


def held(**about):
    told = PROFILE.sample("rest-v2-futures-position")
    known = {**told["data"]["contracts"][0], "symbol": "BTC-PERP", "position": "2", "side": "LONG"}
    known.update(avgOpenPrice="30000", markPrice="30100", unrealizedPnl="0", marginType="crossed")
    told["data"]["contracts"] = [{**known, **about}]
    return told


def position(kind, **about):
    exchange, _ = PROFILE.offline(kind, lambda request: Answer(held(**about)), options=OPTIONS)
    (found,) = call(exchange, "fetch_positions")
    return found


@kinds
@pytest.mark.parametrize(
    ("about", "profit"),
    [
        ({}, 200.0),
        ({"position": "-2", "side": "SHORT"}, -200.0),
        ({"unrealizedPnl": "12.5"}, 200.0),
        ({"avgOpenPrice": "0", "unrealizedPnl": "12.5"}, None),  # what is left of it
    ],
)
def test_profit_is_that_since_the_position_was_opened(kind, about, profit):
    """The venue's figure begins anew when it moves the profit to the balance."""
    found = position(kind, **about)
    assert found["unrealizedPnl"] == profit
    assert found["info"]["unrealizedPnl"] == about.get("unrealizedPnl", "0")
    if profit is not None:
        assert found["percentage"] == pytest.approx(100 * profit / found["initialMargin"])


@kinds
def test_what_counts_as_margin_is_the_balance_with_what_was_not_moved(kind):
    """Wherever the profit is, it counts once."""
    moved = position(kind)
    told = held(unrealizedPnl="200")
    (usdt,) = (row for row in told["data"]["collaterals"] if row["asset"] == "USDT")
    usdt["balance"] = str(float(usdt["balance"]) - 200)
    exchange, _ = PROFILE.offline(kind, lambda request: Answer(told), options=OPTIONS)
    (before,) = call(exchange, "fetch_positions")
    for name in ("marginRatio", "liquidationPrice", "unrealizedPnl"):
        assert before[name] == pytest.approx(moved[name]), name


@pytest.mark.parametrize(("up", "rc"), [("200", "-60000"), ("0", "-60200"), ("12.5", "-60187.5")])
async def test_so_it_is_over_the_stream(up, rc):
    snapshot = sample("ws-futures-account-snapshot")
    row = {
        **snapshot["pos"][0],
        "s": "BTC-PERP",
        "pos": "2",
        "sd": "LONG",
        "aop": "30000",
        "up": up,
        "rc": rc,
    }
    async with Bitmax() as venue:
        task = await venue.watch_private("watch_positions", holdings={"pos": [row]})
        (found,) = await task
        assert (found["markPrice"], found["unrealizedPnl"]) == (30100.0, 200.0)
        assert found["info"]["up"] == up


# -- which way margin goes --------------------------------------------------------------------------


@kinds
@pytest.mark.parametrize(("way", "amount"), [("add", "12.5"), ("reduce", "-12.5")])
def test_margin_that_is_taken_away_has_a_sign(kind, way, amount):
    exchange, wire = PROFILE.offline(kind, lambda request: Answer({"code": 0}), options=OPTIONS)
    changed = call(exchange, f"{way}_margin", SYMBOL, 12.5)
    assert json.loads(wire.requests[-1].body) == {"symbol": "BTC-PERP", "amount": amount}
    assert (changed["type"], changed["amount"]) == (way, 12.5)


@kinds
def test_isolated_margin_is_in_the_balance_if_it_is_asked_for(kind):
    told = held(marginType="isolated", isolatedMargin="1000.5")
    free = PROFILE.sample("rest-v2-futures-free-margin")
    (usdt,) = (row for row in free["data"]["collaterals"] if row["asset"] == "USDT")
    usdt["availableForTransfer"] = "800000"

    def answer(request):
        return Answer(free if "free-margin" in request.url else told)

    exchange, _ = PROFILE.offline(kind, answer, options=OPTIONS)
    plain = call(exchange, "fetch_balance")["USDT"]
    asked = call(exchange, "fetch_balance", {"isolatedMargin": True})
    whole = {"free": 800000, "used": plain["used"] + 1000.5, "total": plain["total"] + 1000.5}
    assert asked["USDT"] == whole
    assert {name: asked[name]["USDT"] for name in whole} == whole
    exchange.options["fetchBalance"]["isolatedMargin"] = True
    untold = call(exchange, "fetch_balance", {"freeMargin": False})["USDT"]
    assert untold == {"free": None, "used": None, "total": whole["total"]}


# -- bounds -----------------------------------------------------------------------------------------


@kinds
def test_an_order_exactly_at_a_bound_is_one(kind):
    exchange, wire = PROFILE.offline(
        kind, lambda request: Answer(PROFILE.sample("rest-v2-order")), options=OPTIONS
    )
    limits = exchange.market(SYMBOL)["limits"]
    least, most = limits["amount"]["min"], limits["amount"]["max"]
    low, high = limits["price"]["min"], limits["price"]["max"]
    for amount, price in ((least, 9500), (most, 9500), (1, low), (1, high)):
        call(exchange, "create_order", SYMBOL, "limit", "buy", amount, price)
    assert len(wire.requests) == 4
    for amount, price in ((least / 2, 9500), (most * 2, 9500), (1, low / 3), (1, high * 2)):
        with pytest.raises(ccxt.InvalidOrder):
            call(exchange, "create_order", SYMBOL, "limit", "buy", amount, price)
    assert len(wire.requests) == 4


# -- the long history -------------------------------------------------------------------------------


@kinds
@pytest.mark.parametrize("last", [3, 2, 0])
def test_a_long_history_goes_on_behind_the_largest_number(kind, last, monkeypatch):
    """Pages of three: it ends with one that is not full."""
    for module in ("rest_history", "rest_history_sync"):
        monkeypatch.setattr(f"ccxt_ext.venues.bitmaxfutures.{module}.LONGEST_HISTORY_PAGE", 3)
    row = PROFILE.sample("rest-v2-order-hist")["data"][0]
    known = [
        {**row, "symbol": "BTC-PERP", "orderId": f"a{n}", "seqNum": n, "createTime": n, "lastExecTime": n}
        for n in range(10, 10 + 2 * (6 + last), 2)
    ]

    def answer(request):
        query = {name: int(value) for name, value in request.query.items() if value.isdigit()}
        found = [
            each
            for each in known
            if each["seqNum"] >= query.get("seqNum", 0) and each["createTime"] >= query.get("startTime", 0)
        ]
        return Answer({"code": 0, "data": found[: query["limit"]][::-1]})  # in whichever order

    exchange, wire = PROFILE.offline(kind, answer, options={**OPTIONS, "orderHistory": "hist"})
    found = call(exchange, "fetch_canceled_and_closed_orders", SYMBOL, 12, None, {"paginate": True})
    assert [order["id"] for order in found] == [each["orderId"] for each in known[1:]]
    asked = [(request.query.get("startTime"), request.query.get("seqNum")) for request in wire.requests]
    assert asked == [("12", None), *((None, str(17 + 6 * n)) for n in range(len(asked) - 1))]


# -- what an order's reports come to ----------------------------------------------------------------


def test_two_things_may_happen_to_an_order_within_a_millisecond():
    desk = OrderDesk()
    assert desk.take(Report("a", True, 5, "new"), True) == (True, [])
    assert desk.take(Report("a", True, 5, "changed"), True) == (True, [])
    assert desk.take(Report("a", True, 4, "of before"), True) == (False, [])
    assert desk.take(Report("a", True, 5, "changed"), True) == (False, [])
    assert desk.take(Report("a", False, 4, "ended"), True) == (True, [])  # its end is always told


@pytest.mark.parametrize(("touched", "old"), [(999, True), (1000, False), (1001, False)])
def test_what_ends_as_the_watching_begins_is_news(touched, old):
    assert OrderDesk(since=1000).remember_old("a", "row", touched) is old


# -- what is known without a call of its own --------------------------------------------------------


def test_of_an_order_that_is_dropped_nothing_is_known():
    desk = OrderDesk()
    desk.place("a")
    assert desk.unsettled() == ["a"]
    desk.drop("a")
    desk.drop("b")
    assert desk.unsettled() == []
    desk.since = 10
    assert desk.remember_old("a", {}, 5)


@kinds
def test_an_empty_position_does_not_hide_those_behind_it(kind):
    told = held()
    row = told["data"]["contracts"][0]
    told["data"]["contracts"] = [
        {**row, "symbol": "ETH-PERP", "position": "0"},
        {**row, "marginType": "isolated", "isolatedMargin": "100", "symbol": "ETH-PERP"},
        row,
    ]
    exchange, _ = PROFILE.offline(kind, lambda request: Answer(told), options=OPTIONS)
    behind = next(found for found in call(exchange, "fetch_positions") if found["symbol"] == SYMBOL)
    alone = position(kind)
    for name in ("marginRatio", "maintenanceMargin", "unrealizedPnl"):
        assert behind[name] == alone[name] is not None, name


@kinds
def test_one_mode_of_positions(kind):
    exchange, wire = PROFILE.offline(kind, lambda request: Answer({}), options=OPTIONS)
    assert call(exchange, "fetch_position_mode", SYMBOL)["hedged"] is False
    assert call(exchange, "set_position_mode", False, SYMBOL)["hedged"] is False
    for error, args in ((ccxt.NotSupported, (True, SYMBOL)), (ccxt.BadSymbol, (False, "NO/SUCH"))):
        with pytest.raises(error):
            call(exchange, "set_position_mode", *args)
    assert wire.requests == []


@kinds
@pytest.mark.parametrize(("states", "status"), [("Normal Halted", "ok"), ("Halted Halted", "maintenance")])
def test_the_venue_works_while_anything_is_traded(kind, states, status):
    told = PROFILE.sample("rest-v2-futures-contract")
    told["data"] = [{**told["data"][0], "status": state} for state in states.split()]
    exchange, _ = PROFILE.offline(kind, lambda request: Answer(told), options=OPTIONS)
    assert call(exchange, "fetch_status")["status"] == status


@kinds
def test_fees_are_those_of_the_contract_if_it_tells_them(kind):
    told = PROFILE.sample("rest-v2-futures-contract")
    exchange, _ = PROFILE.offline(kind, lambda request: Answer(told), options=OPTIONS)
    fee = call(exchange, "fetch_trading_fee", SYMBOL)
    assert (fee["maker"], fee["taker"], fee["symbol"]) == (0.001, 0.001, SYMBOL)
    for row in told["data"]:
        row["commissionReserveRate"] = "0.0006"
    fees = call(exchange, "fetch_trading_fees")
    assert {(fee["maker"], fee["taker"]) for fee in fees.values()} == {(0.0006, 0.0006)}


@kinds
def test_last_prices(kind):
    sample = PROFILE.sample("rest-v1-ticker-futures-list")
    exchange, _ = PROFILE.offline(kind, lambda request: Answer(sample), options=OPTIONS)
    told = call(exchange, "fetch_last_prices", [SYMBOL])
    (row,) = (row for row in sample["data"] if row["symbol"] == "BTC-PERP")
    assert {symbol: price["price"] for symbol, price in told.items()} == {SYMBOL: float(row["close"])}
