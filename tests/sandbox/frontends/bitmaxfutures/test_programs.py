"""BitMax's own demos: scripts and a bot that decode the secret, and do not keep to the pages in all else."""

from __future__ import annotations

import base64
import http.client
import json
from typing import Any

import pytest

from ccxt_ext.sandbox import Sandbox
from ccxt_ext.sandbox.engine import Clock
from tests.sandbox.frontends.bitmaxfutures.raw_client import NOON, RawClient, RawStream, Refused, Venue

# What the bot makes its record of an account from; it takes all of these and no others.
OF_THE_BOT = {
    "accountGroup",
    "email",
    "expireTime",
    "allowedIps",
    "cashAccount",
    "marginAccount",
    "futuresAccount",
    "userUID",
    "tradePermission",
    "transferPermission",
    "viewPermission",
    "limitQuota",
}


@pytest.fixture(scope="module")
def venue() -> Venue:
    return Venue(clock=Clock(NOON, lambda: 0))


@pytest.fixture
def demo(venue: Venue) -> RawClient:
    client = venue.client()
    client.secret = base64.b64decode(client.secret)
    return client


def ask(demo: RawClient, method: str, path: str, *, start: str = "", signs: str = "", **more: Any) -> Any:
    """The demos' template ends its address in a slash, so that the path begins with two."""
    headers = demo.headers(signs or path)
    answer = demo.venue.send(method, f"/{start}/api/pro/{path}", headers=headers, **more)
    assert answer[0] == 200, answer
    return answer[1]


def of_group(demo: RawClient, method: str, path: str, **more: Any) -> Any:
    return ask(demo, method, path, start=f"/{demo.group}", **more)


def sent(fields: Any) -> bytes:
    return json.dumps(fields).encode()


def test_a_secret_of_either_form_and_paths_with_two_slashes(venue: Venue, demo: RawClient) -> None:
    assert ask(demo, "GET", "v2/account/info", start="/")["code"] == 0
    assert of_group(demo, "GET", "v2/futures/position")["code"] == 0
    assert venue.client().call("GET", "v2/futures/position")[1]["code"] == 0
    signed = demo.headers("v2/stream")
    assert RawStream(venue, f"/{demo.group}", signed).greeting == [{"m": "connected", "type": "auth"}]
    stream = RawStream(venue, f"/{demo.group}")
    assert stream.ask({**demo.auth(), "t": str(venue.clock.now())})[0]["code"] == 0


@pytest.mark.parametrize("form", ["raw", "base64"])
def test_one_form_alone_where_it_is_asked_for(form: str) -> None:
    client = Venue(secretFormat=form).client()
    raw, decoded = client.secret, base64.b64decode(client.secret)
    for secret, good in ((raw, form == "raw"), (decoded, form == "base64")):
        client.secret = secret
        status, answer = client.call("GET", "v2/futures/position")
        assert (status, answer["code"]) == ((200, 0) if good else (401, 200001))


def test_a_secret_that_is_neither_is_refused(venue: Venue, demo: RawClient) -> None:
    demo.secret = demo.secret[1:]
    assert demo.call("GET", "v2/futures/position")[1]["reason"] == "AUTHENTICATION_FAILED"
    with pytest.raises(Refused):
        RawStream(venue, f"/{demo.group}", demo.headers("v2/stream"))


def test_the_bot_signs_on_by_the_older_account_info(demo: RawClient) -> None:
    assert set(ask(demo, "GET", "v1/info", signs="info")["data"]) == OF_THE_BOT


@pytest.mark.parametrize("said", ["True", "False", "true", "false"])
def test_executed_only_as_python_prints_it(demo: RawClient, said: str) -> None:
    path = "v2/futures/order/hist/current"
    assert of_group(demo, "GET", path, query={"n": 20, "executedOnly": said})["code"] == 0
    assert of_group(demo, "GET", path, query={"executedOnly": "yes"})["code"] == 100006


@pytest.mark.parametrize("leverage", ["5", 5])
def test_leverage_as_text_or_number_in_a_body_or_a_query(demo: RawClient, leverage: Any) -> None:
    fields = {"symbol": "BTC-PERP", "leverage": leverage}
    path = "v2/futures/leverage"
    assert of_group(demo, "POST", path, body=sent(fields))["data"] == {"leverage": 5, "symbol": "BTC-PERP"}
    assert of_group(demo, "POST", path, query={**fields, "leverage": 7})["data"]["leverage"] == 7


def test_transfers_in_a_query(demo: RawClient) -> None:
    for way in ("deposit", "withdraw"):
        answer = of_group(demo, "POST", f"v2/futures/transfer/{way}", query={"asset": "USDT", "amount": "5"})
        assert answer == {"code": 0}
    fields = {"asset": "USDT", "amount": "5", "fromAccount": "cash", "toAccount": "futures"}
    assert of_group(demo, "POST", "transfer", signs="transfer", body=sent(fields)) == {"code": 0}


def test_what_is_sent_as_a_query_is_no_order(demo: RawClient) -> None:
    answer = of_group(demo, "POST", "v2/futures/order", query=demo.order())
    assert answer["reason"] == "INVALID_JSON_FORMAT"


def test_free_margin_by_an_empty_post(demo: RawClient) -> None:
    path = "v2/futures/free-margin"
    assert of_group(demo, "POST", path) == of_group(demo, "GET", path)


def test_immediate_or_otc_is_immediate_or_cancelled(demo: RawClient) -> None:
    path = "v2/futures/order"
    order = {**demo.order(), "timeInForce": "IOO", "reduceOnly": False, "execInst": None, "respInst": "DONE"}
    for price in ("posStopLossPrice", "posTakeProfitPrice"):
        order[price] = None
    told = of_group(demo, "POST", path, body=sent(order))["data"]["order"]
    assert (told["status"], told["cumFilledQty"]) == ("Canceled", "0")
    late = {**order, "id": "another12345", "postOnly": True}
    assert of_group(demo, "POST", path, body=sent(late))["reason"] == "INVALID_TIME_IN_FORCE"


# What the bot makes its record of a contract from. All are needed but the time, and none besides will do.
OF_A_CONTRACT = {
    "symbol",
    "displayName",
    "status",
    "settlementAsset",
    "underlying",
    "priceFilter",
    "lotSizeFilter",
    "commissionReserveRate",
    "commissionType",
    "marketOrderPriceMarkup",
    "marginRequirements",
    "tradingStartTime",
}
OF_A_BRACKET = {
    "positionNotionalLowerBound",
    "positionNotionalUpperBound",
    "initialMarginRate",
    "maintenanceMarginRate",
}


def test_contracts_as_the_bot_reads_them_are_an_option(venue: Venue) -> None:
    told = Venue(contractFields="demo").get("v2/futures/contract")["data"]
    assert all(set(row) == OF_A_CONTRACT and row["commissionType"] == "Quote" for row in told)
    assert all(set(bracket) == OF_A_BRACKET for row in told for bracket in row["marginRequirements"])
    plain = Venue(contractFields="page").get("v2/futures/contract")
    assert plain == venue.get("v2/futures/contract")


def test_two_slashes_come_through_the_server_as_well() -> None:
    """A path that begins with them could be taken for a host."""
    with Sandbox(venues=["bitmaxfutures"]) as sandbox:
        address = sandbox.config("bitmaxfutures")["urls"]["api"]["rest"].removeprefix("http://")
        connection = http.client.HTTPConnection(address, timeout=60)
        connection.request("GET", "//api/pro/v2/futures/contract")
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["code"]) == (200, 0)
        connection.close()
