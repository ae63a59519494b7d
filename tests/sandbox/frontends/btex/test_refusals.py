"""BTEX's frontend: signatures, and what it refuses, in the venue's envelope."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from tests.sandbox.frontends.btex.raw_client import RawClient, Venue


def failure(answer: Any, info: str, code: int = -1) -> None:
    assert answer == {"code": code, "info": info, "data": {}}


# -- the documented vectors, against the frontend's own reading of the rule ----------------------------


def test_documented_signatures(venue: Venue) -> None:
    frontend = venue.frontend
    frontend.add_key("config", "btex-key-01", "btex-secret-01")
    fields = {
        "access_key": "btex-key-01",
        "order_id": "1234567,2088691",
        "ts": "1547522291",
    }
    text = frontend.signatures.signed_text(fields, "btex-secret-01")
    assert text == (
        "access_key=btex-key-01&order_id=1234567%2C2088691&secret_key=btex-secret-01&ts=1547522291"
    )
    venue.clock.skew_ms = 1547522291000 - venue.engine_clock.now()
    sign = "Or8hiJnC0F7Dz73fVZVW33nM080pHu3aBLa2ZnL17gk="
    status, answer = venue.client().post("/mx_openapi1/get_order_batch", {**fields, "sign": sign})
    assert (status, answer) == (200, {"code": 1, "info": "ok", "data": []})
    venue.clock.skew_ms = 1553595062000 - venue.engine_clock.now()
    spot = {"method": "getinfo", "created": "1553595062", "access_key": "btex-key-01"}
    sign = "4ba7a20d8d81a639bdac487b8f3f099f"
    status, answer = venue.client().post("/openapi1/auth_api", {**spot, "sign": sign})
    assert (answer["code"], answer["data"]["servertimestamp"]) == (1, 1553595062)


def test_values_that_are_signed_as_they_are_when_the_venue_does_so() -> None:
    venue = Venue(signUrlEncode=False)
    venue.frontend.add_key("config", "btex-key-01", "btex-secret-01")
    venue.clock.skew_ms = 1547522291000 - venue.engine_clock.now()
    fields = {
        "access_key": "btex-key-01",
        "order_id": "1234567,2088691",
        "ts": "1547522291",
        "sign": "zKQ0GnWfCn4eEBprOPIphBlwU9FErqGjO0Wp+w2TZO8=",
    }
    assert venue.client().post("/mx_openapi1/get_order_batch", fields)[1]["code"] == 1


@pytest.mark.parametrize("api", ["contract", "spot"])
def test_credentials(venue: Venue, trader: RawClient, api: str) -> None:
    make = trader.contract_form if api == "contract" else trader.spot_form
    path = "/mx_openapi1/account_info" if api == "contract" else "/openapi1/auth_api"
    params = {} if api == "contract" else {"method": "getinfo"}

    def ask(form: dict[str, str]) -> Any:
        return trader.post(path, form)[1]

    assert ask(make(params))["code"] == 1
    good = make(params)
    failure(ask({**good, "access_key": "nobody"}), "access_key error", -100)
    failure(
        ask({name: text for name, text in good.items() if name != "access_key"}), "access_key is required"
    )
    failure(ask({**good, "sign": good["sign"][:-2]}), "sign error", -101)
    failure(ask({**good, "sign": "ü"}), "sign error", -101)
    failure(ask({name: text for name, text in good.items() if name != "sign"}), "sign is required")
    failure(ask({**good, "page": "2"}), "sign error", -101)
    # Who sends the secret as well, as a page of the documents has it, is not refused.
    assert ask({**good, "secret_key": trader.secret})["code"] == 1
    counterparty = venue.client("counterparty")
    trader.secret = counterparty.secret
    failure(ask(make(params)), "sign error", -101)


def test_times(venue: Venue, trader: RawClient) -> None:
    now = venue.clock.now() // 1000
    for off, good in ((0, True), (59, True), (-59, True), (61, False), (-61, False), (3600, False)):
        answer = trader.contract("account_info", ts=now + off)
        assert (answer["code"] == 1) is good
        if not good:
            failure(answer, "ts expired", -102)
        assert (trader.spot("getinfo", ts=now + off)["code"] == 1) is good
    for text in (f"{now}000", "x", "-1", f"{now}.", f"{now}.5.1", f"{now - 61}.5", "1e9"):
        assert trader.contract("account_info", ts=text)["code"] < 0
    failure(trader.contract("account_info", ts=""), "ts is required")
    # Spot takes what the venue's own clients send: another name, milliseconds, or no time at all.
    assert trader.spot("getinfo", ts=None, created=now)["code"] == 1
    assert trader.spot("getinfo", ts=None, created=now * 1000)["code"] == 1
    failure(trader.spot("getinfo", ts=None, created=(now - 61) * 1000), "ts expired", -102)
    assert trader.spot("getinfo", ts=None)["code"] == 1


def test_forms_only_and_spot_by_get_as_well(venue: Venue, trader: RawClient) -> None:
    form = trader.contract_form({})
    status, answer = trader.post("/mx_openapi1/account_info", form, "application/json")
    assert (status, answer["code"]) == (200, -1)
    status, answer = venue.exchange("GET", f"/mx_openapi1/account_info?{urlencode(form)}", {}, b"")
    assert (status, answer["code"]) == (404, -1)
    form = trader.spot_form({"method": "getinfo"})
    status, answer = venue.exchange("GET", f"/openapi1/auth_api?{urlencode(form)}", {}, b"")
    assert (status, answer["code"]) == (200, 1)
    failure(trader.spot("withdraw"), "method error")


def test_unknown_paths_and_final_slashes(venue: Venue, trader: RawClient) -> None:
    for target in ("/", "/mx_data/nothing", "/openapi1/auth_api/getinfo", "/mx_data"):
        status, answer = venue.exchange("GET", target, {}, b"")
        assert status == 404
        failure(answer, "no such interface")
    assert trader.get("/openapi1/k_data/?pair=BTC_USDT&k_type=5m&k_amount=1")
    assert trader.get("/openapi1/k_data?pair=BTC_USDT&k_type=5m&k_amount=1")
    assert trader.get("/mx_data/contracts/?contract_id=1")


def test_limits() -> None:
    venue = Venue("venue")
    trader = venue.client()
    for _ in range(10):
        trader.get("/mx_data/contracts")
    status, answer = venue.exchange("GET", "/mx_data/contracts", {}, b"")
    assert status == 429
    failure(answer, "too many requests")
    venue.engine_clock.advance(1000)
    trader.get("/mx_data/contracts")
    assert venue.frontend.config("config", "http://a", "ws://a")["rateLimit"] == 360
    assert Venue().frontend.config("config", "http://a", "ws://a")["rateLimit"] == 4


@pytest.mark.parametrize(
    ("target", "info"),
    [
        ("/mx_data/orderbook", "contract_id is required"),
        ("/mx_data/orderbook?contract_id=77", "contract does not exist"),
        ("/mx_data/orderbook?contract_id=1&depth=7", "depth error"),
        ("/mx_data/trades?contract_id=1&page_size=301", "page_size error"),
        ("/mx_data/trades?contract_id=1&page_size=0", "page_size error"),
        ("/mx_data/k_data?contract_id=1&k_type=2h", "k_type error"),
        ("/mx_data/k_data?contract_id=1&k_amount=3001", "k_amount error"),
        ("/mx_data/tickers?contract_id=x", "contract does not exist"),
        ("/openapi1/pair", "pair is required"),
        ("/openapi1/pair?pair=A_B", "pair does not exist"),
        ("/openapi1/orderbook?pair=BTC_USDT&depth=50", "depth error"),
        ("/openapi1/k_data/?pair=BTC_USDT", "k_type is required"),
        ("/openapi1/k_data/?pair=BTC_USDT&k_type=1m", "k_type error"),
        ("/openapi1/k_data/?pair=BTC_USDT&k_type=5m&rand_key=x", "rand_key error"),
        ("/openapi1/k_data/?pair=BTC_USDT&k_type=5m&rand_key=100000001", "rand_key error"),
    ],
)
def test_public_parameters(venue: Venue, target: str, info: str) -> None:
    status, answer = venue.exchange("GET", target, {}, b"")
    assert status == 200
    failure(answer, info)


@pytest.mark.parametrize(
    ("changes", "info"),
    [
        ({"contract_id": 77}, "contract does not exist"),
        ({"contract_id": None}, "contract_id is required"),
        ({"contract_id": 5}, "trading is suspended"),
        ({"price": None}, "price is required"),
        ({"price": "1e3"}, "price error"),
        ({"price": "-1"}, "price error"),
        ({"price": "0"}, "price error"),
        ({"price": "3900.001"}, "price error"),
        ({"amount": "9"}, "amount is below the minimum"),
        ({"amount": "50001"}, "amount is above the maximum"),
        ({"amount": "10.5"}, "amount error"),
        ({"amount": None}, "amount is required"),
        ({"leverage": None}, "leverage is required"),
        ({"leverage": "101"}, "leverage error"),
        ({"leverage": "0"}, "leverage error"),
        ({"direction": "0"}, "direction error"),
        ({"type": "stop"}, "type error"),
        ({"is_cross": "0"}, "is_cross error"),
        ({"contract_id": 4, "price": "134", "is_cross": 1}, "leverage error: cross margin is not allowed"),
        ({"amount": "50000", "price": "2000", "leverage": 1}, "insufficient balance"),
    ],
)
def test_orders_that_are_refused(venue: Venue, trader: RawClient, changes: Any, info: str) -> None:
    failure(trader.place(**changes), info)
    assert venue.engine.orders("config") == []


@pytest.mark.parametrize(
    ("changes", "info"),
    [
        ({"pair": "A_B"}, "pair does not exist"),
        ({"pair": "LTC_USDT", "price": "50"}, "trading is suspended"),
        ({"price": "3900.001"}, "price error"),
        ({"num": "0.0009"}, "amount is below the minimum"),
        ({"num": "1.0001"}, "amount is above the maximum"),
        ({"num": "0.00101"}, "amount error"),
        ({"num": None}, "num is required"),
        ({"pair": "ETH_BTC", "num": "100", "price": "3"}, "insufficient balance"),
    ],
)
def test_spot_orders_that_are_refused(venue: Venue, trader: RawClient, changes: Any, info: str) -> None:
    failure(trader.buy(**changes), info)
    assert venue.engine.orders("config") == []


def test_as_many_open_orders_as_the_contract_tells() -> None:
    venue = Venue("venue")
    trader = venue.client()
    most = int(trader.get("/mx_data/contracts?contract_id=1")[0]["max_order_num"])
    assert most == 20
    for number in range(most):
        venue.engine_clock.advance(1000)
        assert trader.place(price="3000", amount=10 + number)["code"] == 1
    venue.engine_clock.advance(1000)
    failure(trader.place(price="3000"), "the maximum of 20 open orders is reached")
    assert trader.place(contract_id=3, price="3000", amount=1)["code"] == 1


def test_cancelling(venue: Venue, trader: RawClient) -> None:
    contract = trader.place(price="3000")["data"]["order_id"]
    spot = trader.buy(price="3000")["data"]["order_id"]
    # Each API knows its own orders only, and nobody else's.
    failure(trader.contract("cancel_order", order_id=spot), "order does not exist")
    failure(trader.spot("cancel_order", order_id=contract), "order does not exist")
    failure(venue.client("counterparty").contract("cancel_order", order_id=contract), "order does not exist")
    failure(trader.contract("cancel_order", order_id="x"), "order_id error")
    failure(trader.contract("cancel_order"), "order_id is required")
    assert trader.contract("cancel_order", order_id=contract) == {
        "code": 1,
        "info": "cancel order success",
        "data": {},
    }
    assert trader.spot("cancel_order", order_id=spot) == {"code": 1, "info": "ok", "data": {}}
    failure(trader.contract("cancel_order", order_id=contract), "order does not exist")
    failure(trader.spot("cancel_order", order_id=spot), "order does not exist")


def test_a_position_keeps_its_margin_mode(trader: RawClient) -> None:
    assert trader.place(type="market")["code"] == 1
    failure(trader.place(is_cross=1), "is_cross and leverage cannot change while there is a position")


def test_what_is_asked_of_lists(trader: RawClient) -> None:
    failure(trader.contract("myorders"), "contract_id is required")
    failure(trader.contract("mytrades", contract_id=77), "contract does not exist")
    failure(trader.contract("mypositions", contract_id=1, page=0), "page error")
    failure(trader.contract("get_order_batch"), "order_id is required")
    failure(trader.contract("get_order_batch", order_id="1,x"), "order_id error")
    failure(trader.contract("get_order_batch", order_id=",".join(map(str, range(51)))), "order_id error")
    assert trader.contract("get_order_batch", order_id="1,2")["data"] == []
    failure(trader.contract("order_match_results", order_id="1"), "order does not exist")
    failure(trader.spot("myorders", pair="BTC_USDT"), "amount is required")
    failure(trader.spot("myorders", amount=5), "pair is required")
    failure(trader.spot("mytrades", pair="A_B"), "pair does not exist")


def test_faults_come_in_the_venues_envelope(venue: Venue) -> None:
    response = venue.frontend.error(502, "Bad gateway")
    assert (response.status, response.body) == (502, b'{"code":-1,"info":"Bad gateway","data":{}}')
    assert venue.frontend.maintenance().status == 503
