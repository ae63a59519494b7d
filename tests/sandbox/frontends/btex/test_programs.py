"""BTEX's own clients for PHP, Node, Go and Python: what they send, byte for byte in what matters."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.sandbox.frontends.btex.raw_client import RawClient, Venue

AUTH_API = "/openapi1/auth_api"


def data(answer: tuple[int, Any]) -> Any:
    status, envelope = answer
    assert (status, envelope["code"]) == (200, 1), envelope
    return envelope["data"]


def pairs(fields: dict[str, Any]) -> str:
    """Names and values as they are, which is how all but PHP's and one of Python's clients sign."""
    return "&".join(f"{name}={fields[name]}" for name in sorted(fields))


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


# -- spot: each client with its path, its name for the time, and what it sends besides -------------------


def php(trader: RawClient, **fields: Any) -> Any:
    named = {**fields, "access_key": trader.key, "created": trader.venue.clock.now() // 1000}
    text = urlencode(sorted({**named, "secret_key": trader.secret}.items()))
    return data(trader.post(f"{AUTH_API}/", {**named, "sign": md5(text)}))


def node(trader: RawClient, **fields: Any) -> Any:
    """It sends the secret as well."""
    named = {**fields, "access_key": trader.key, "secret_key": trader.secret}
    named["created"] = trader.venue.clock.now()
    return data(trader.post(AUTH_API, {**named, "sign": md5(pairs(named))}))


def go(trader: RawClient, **fields: Any) -> Any:
    named = {**fields, "access_key": trader.key, "created": trader.venue.clock.now() // 1000}
    sign = md5(pairs({**named, "secret_key": trader.secret}))
    return data(trader.post(AUTH_API, {**named, "sign": sign}))


def python(trader: RawClient, **fields: Any) -> Any:
    named = {**fields, "access_key": trader.key}
    return data(trader.post(AUTH_API, {**named, "sign": md5(f"{pairs(named)}&secret_key={trader.secret}")}))


@pytest.mark.parametrize("client", [php, node, go, python])
def test_spot_orders(trader: RawClient, client: Callable[..., Any]) -> None:
    wish = {"pair": "BTC_USDT", "num": "0.01", "price": "3000"}
    if client is php:
        wish["total"] = "30"
    assert client(trader, method="getinfo")["balances_available"]["BTC"] == 200
    number = client(trader, method="buy_coin", **wish)["order_id"]
    assert [row["order_id"] for row in client(trader, method="myorders", pair="BTC_USDT", amount=20)] == [
        str(number)
    ]
    assert client(trader, method="cancel_order", order_id=number) == {}
    sold = client(trader, method="sell_coin", **wish)["order_id"]
    trades = client(trader, method="mytrades", pair="BTC_USDT", page=1, page_size=20)
    assert [row["order_id"] for row in trades] == [str(sold)]


def test_php_asks_for_all_pairs_by_an_empty_name(trader: RawClient) -> None:
    php(trader, method="buy_coin", pair="ETH_BTC", num="1", price="0.03", total="0.03")
    assert [row["type"] for row in php(trader, method="myorders", pair="", amount=50)] == ["ETH"]
    assert php(trader, method="mytrades", pair="", page=1, page_size=20) == []


@pytest.mark.parametrize("small", ["5.0E-5", "5e-5", "0.00005"])
def test_small_prices_as_php_and_javascript_print_them(trader: RawClient, small: str) -> None:
    php(trader, method="buy_coin", pair="ETH_BTC", num="1", price=small)
    assert php(trader, method="myorders", pair="", amount=50)[0]["price"] == "0.00005"


@pytest.mark.parametrize("price", ["5.0E5", "-5e-5", "e-5", "5e", "NaN"])
def test_prices_that_none_of_them_prints(trader: RawClient, price: str) -> None:
    answer = trader.spot("buy_coin", pair="ETH_BTC", num="1", price=price)
    assert (answer["code"], answer["info"]) == (-1, "price error")


@pytest.mark.parametrize("drawn", ["54321987.12345678", "70", "0", "99999990"])
def test_numbers_drawn_for_candles(trader: RawClient, drawn: str) -> None:
    rows = trader.get(f"/openapi1/k_data?pair=BTC_USDT&k_type=5m&k_amount=3&rand_key={drawn}")
    assert len(rows) == 3


def test_mining_has_the_fields_that_the_client_for_go_reads(trader: RawClient) -> None:
    told = trader.get("/openapi1/get_dig_configs")
    kinds = {name: type(value) for name, value in told.items()}
    assert kinds == {
        "current_dig_percent": str,
        "current_dig_total": int,
        "expect_dig_total": int,
        "invite_dig_reward": str,
    }


# -- contracts ------------------------------------------------------------------------------------------


def node_contracts(trader: RawClient, path: str, **fields: Any) -> Any:
    """It signs the fractions of a second as well, values as they are, and sends the secret."""
    named = {**fields, "access_key": trader.key, "secret_key": trader.secret}
    named["ts"] = f"{trader.venue.clock.now() // 1000}.123"
    text = "&".join(sorted(f"{name}={value}" for name, value in named.items()))
    digest = hmac.new(trader.secret.encode(), text.encode(), hashlib.sha256).digest()
    form = {**named, "sign": base64.b64encode(digest).decode()}
    return data(trader.post(f"/mx_openapi1/{path}", form))


def test_the_contracts_client_for_node(trader: RawClient) -> None:
    wish = {"contract_id": 1, "amount": 100, "leverage": 5, "direction": 1, "is_cross": -1}
    assert node_contracts(trader, "account_info")["balances"][0]["coin"] == "BTC"
    number = node_contracts(trader, "place_order", **wish, price=3000, type="limit")["order_id"]
    assert len(node_contracts(trader, "active_orders", contract_id=1)["order_lists"]) == 1
    assert node_contracts(trader, "cancel_order", order_id=number) == {}
    taken = node_contracts(trader, "place_order", **wish, price=3900, type="market")["order_id"]
    assert node_contracts(trader, "order_match_results", order_id=taken)[0]["order_id"] == str(taken)
    assert len(node_contracts(trader, "active_positions", contract_id=1)["position_lists"]) == 1
    paged = {"contract_id": 1, "page": 1, "page_size": 20}
    assert len(node_contracts(trader, "myorders", **paged)["orders_his"]) == 2
    assert len(node_contracts(trader, "mytrades", **paged)["trades_his"]) == 1
    assert node_contracts(trader, "mypositions", **paged) == {"position_his": []}


def test_fractions_of_a_second_count(venue: Venue, trader: RawClient) -> None:
    now = venue.clock.now() // 1000
    assert trader.contract("account_info", ts=f"{now + 59}.999")["code"] == 1
    assert trader.contract("account_info", ts=f"{now + 60}.001")["info"] == "ts expired"
