"""bitexbit's frontend: its answers beside the documented ones, and what they say."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from tests.sandbox.frontends.bitexbit.raw_client import NOON, RawClient, Venue
from tests.sandbox.frontends.documented import DATA, first, json_type, payloads
from tests.sandbox.frontends.documented import shape as shape_of

DOCUMENTED = DATA / "bitexbit" / "documented"
sample = payloads(DOCUMENTED)
PAIR = "BTC_USD"
MINUTE = 60_000
ADDRESS = "TR4d6N2HoC3Annqt2JK6HhQWuNARMNx5pW"


def one_kind_of_number(value: Any) -> str:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return "number" if is_number else json_type(value)


shape = partial(shape_of, of_list=first, of_leaf=one_kind_of_number)


@pytest.fixture(scope="module")
def venue() -> Venue:
    """With orders, an address, an invoice that was paid, a withdrawal, a transfer that waits."""
    venue = Venue()
    trader, other = venue.client(), venue.client("counterparty")
    best = venue.get(f"/api/v1/orderbook/{PAIR}/?group=1&limit_buy=1&limit_sell=1")
    ask = f"{best['sell'][0]['price']}"
    assert trader.place(PAIR, "buy", ask, "0.0001")[0] == 200
    assert trader.place(PAIR, "buy", "433", "0.00692")[0] == 200
    conversion = {"convert_ticker": "ETH", "convert_limit": 10000, "convert_percent": 2}
    invoice = {"ticker": "UAH", "network": "wiretransfer", "amount": 300, "client_ip": "192.168.0.1"}
    trader.ok("gateway", "POST", "invoice/create", {**invoice, "convert_ticker": "USDT"})
    trader.ok("gateway", "POST", "wallet/create", {"ticker": "USDT", "network": "tron", **conversion})
    withdrawal = {"ticker": "USDT", "network": "tron", "address": ADDRESS, "amount": 22}
    withdrawal |= {"comment": "Call after success", "client_order_id": "order_123"}
    trader.ok("gateway", "POST", "withdraw/create", {**withdrawal, "auto_buy_ticker": "ETH"})
    venue.engine_clock.advance(2 * MINUTE)
    other.ok("v2", "POST", "transfers/create/", {"receiver": trader.uid, "currency": "USDT", "amount": 10})
    return venue


@pytest.fixture
def trader(venue: Venue) -> RawClient:
    client = venue.client()
    last = venue.frontend.keys.get(client.key).nonce
    client.nonces = iter(range(last + 1, last + 1000))
    return client


def transfer(trader: RawClient) -> dict[str, Any]:
    fields = {"receiver": "VB4DF1HQ4D7", "currency": "USDT", "amount": 10, "description": "Smile"}
    fields |= {"security_code": "1234", "valid_days": 1}
    made: dict[str, Any] = trader.ok("v2", "POST", "transfers/create/", fields)
    return made


def coupon(trader: RawClient) -> dict[str, Any]:
    made: dict[str, Any] = trader.ok("v2", "POST", "coupon/create", {"symbol": "BTC", "amount": "0.05"})
    return made


def accepted(trader: RawClient) -> Any:
    waiting = next(t for t in trader.ok("v2", "GET", "transfers")["results"] if t["can_accept"])
    return trader.ok("v2", "POST", f"transfers/{waiting['txid']}/accept/")


def created(trader: RawClient, type: str, price: str) -> Any:
    fields = {"symbol": PAIR, "type": type, "price": price, "amount": "0.0015"}
    return trader.ok("v2", "POST", "order/create", fields)


def first_order(trader: RawClient) -> Any:
    return trader.ok("v1", "GET", "orders/own/?status=1")[0]


WALLET = {"ticker": "ETH", "network": "ethereum", "convert_ticker": "USDT", "convert_limit": 1e4}
INVOICE = {"ticker": "USDT", "network": "tron", "amount": 120, "client_ip": "192.168.0.1"}
INVOICE |= {"payment_url": "https://exchange.com/success", "callback_url": "https://exchange.com/api"}
INVOICE |= {"convert_ticker": "ETH", "convert_limit": 10000, "convert_percent": 2}

ANSWERS = {
    "charts-chart": lambda t: t.venue.get(f"/api/charts/{PAIR}/60/chart"),
    "v1-currencies": lambda t: t.venue.get("/api/v1/currencies/"),
    "v1-pairs": lambda t: t.venue.get("/api/v1/pairs/"),
    "v1-orderbook": lambda t: t.venue.get(f"/api/v1/orderbook/{PAIR}/"),
    "v1-orderbook-grouped": lambda t: t.venue.get(f"/api/v1/orderbook/{PAIR}/?group=1"),
    "v1-exchanges": lambda t: t.venue.get(f"/api/v1/exchanges/?pair={PAIR}"),
    "v1-wallets": lambda t: t.ok("v1", "GET", "wallets/"),
    "v1-orders-own": lambda t: t.ok("v1", "GET", "orders/own/"),
    "v1-order-get": lambda t: t.ok("v1", "GET", f"order/{first_order(t)['id']}/"),
    "v1-order": lambda t: t.place(PAIR, "buy", "1000", "0.0001")[1],
    "v1-order-cancel": lambda t: t.ok(
        "v1", "POST", "order-cancel/", f"order={t.place(PAIR, 'buy', '1', '1')[1]['oid']}"
    ),
    "v1-deposits": lambda t: t.ok("v1", "GET", "deposits/"),
    "v1-withdraws": lambda t: t.ok("v1", "GET", "withdraws/"),
    "v2-public-currencies": lambda t: t.venue.get("/api/v2/public/currencies"),
    "v2-public-pairs": lambda t: t.venue.get("/api/v2/public/pairs"),
    "v2-public-ohlcv": lambda t: t.venue.get(f"/api/v2/public/ohlcv?symbol={PAIR}&timeframe=D"),
    "v2-public-tickers": lambda t: t.venue.get("/api/v2/public/tickers"),
    "v2-public-depth": lambda t: t.venue.get(f"/api/v2/public/depth?symbol={PAIR}"),
    "v2-public-orders": lambda t: t.venue.get(f"/api/v2/public/orders?symbol={PAIR}&status=active"),
    "v2-public-trades": lambda t: t.venue.get(f"/api/v2/public/trades?symbol={PAIR}"),
    "v2-private-balance": lambda t: t.ok("v2", "GET", "balance"),
    "v2-private-order-create": lambda t: created(t, "sell-limit", "1000.000"),
    "v2-private-order-cancel": lambda t: t.ok(
        "v2", "POST", f"order/{created(t, 'sell-limit', '1000')['order']['id']}/cancel"
    ),
    "v2-private-orders": lambda t: t.ok("v2", "GET", "orders?status=active&type=buy-limit"),
    "v2-private-trades": lambda t: t.ok("v2", "GET", "trades"),
    "v2-private-trading-fees": lambda t: t.ok("v2", "GET", "trading-fees"),
    "v2-private-coupon-create": coupon,
    "v2-private-coupon-redeem": lambda t: t.ok("v2", "POST", "coupon/redeem", {"code": coupon(t)["code"]}),
    "v2-private-transfers-create": transfer,
    "v2-private-transfers-accept": accepted,
    "v2-private-transfers-cancel": lambda t: t.ok("v2", "POST", f"transfers/{transfer(t)['txid']}/cancel/"),
    "v2-private-transfers": lambda t: t.ok("v2", "GET", "transfers?is_outgoing=false"),
    "gateway-payment-methods": lambda t: t.ok("gateway", "GET", "payment-methods"),
    "gateway-wallet-create": lambda t: t.ok(
        "gateway", "POST", "wallet/create", {**WALLET, "convert_percent": 2}
    ),
    "gateway-wallets": lambda t: t.ok("gateway", "GET", "wallets"),
    "gateway-wallet-history": lambda t: t.ok("gateway", "GET", "wallet/history?limit=2"),
    "gateway-invoice-create": lambda t: t.ok("gateway", "POST", "invoice/create", INVOICE),
    "gateway-invoices": lambda t: t.ok("gateway", "GET", "invoices?page=1"),
    "gateway-invoice-history": lambda t: t.ok("gateway", "GET", "invoice/history"),
    "gateway-withdraw-create": lambda t: t.ok(
        "gateway",
        "POST",
        "withdraw/create",
        {
            "ticker": "USDT",
            "network": "tron",
            "address": ADDRESS,
            "amount": 22,
            "comment": "Call after success",
            "client_order_id": "order_123",
            "auto_buy_ticker": "ETH",
            "auto_buy_percent": 10,
        },
    ),
    "gateway-withdraw-history": lambda t: t.ok("gateway", "GET", "withdraw/history?ordering=created_at"),
}

# What depends on the sandbox's own doings: null here or there.
OPEN = {
    "gateway-wallets": ["callback_url", "convert_ticker", "convert_limit", "convert_percent", "next"],
    "gateway-invoices": ["callback_url", "convert_ticker", "convert_limit", "convert_percent", "next"],
    "gateway-invoice-history": ["next"],
    "gateway-withdraw-history": ["next"],
    "v2-private-transfers": ["description"],
    "v2-private-transfers-accept": ["description"],
    "v2-private-transfers-cancel": ["description"],
}


def without(value: Any, names: list[str]) -> Any:
    """The same with what may be null, or not, only named."""
    if isinstance(value, dict):
        return {key: "?" if key in names else without(inner, names) for key, inner in value.items()}
    return [without(inner, names) for inner in value] if isinstance(value, list) else value


def test_every_documented_answer_is_compared() -> None:
    names = {path.stem for path in DOCUMENTED.glob("*.json")}
    assert {name for name in names if not name.endswith("-request")} == set(ANSWERS)


@pytest.mark.parametrize("name", ANSWERS)
def test_answers_have_the_documented_shape(trader: RawClient, name: str) -> None:
    names = OPEN.get(name, [])
    assert without(shape(ANSWERS[name](trader)), names) == without(shape(sample(name)), names)


def test_v1_numbers_are_numbers_with_trailing_zeros(trader: RawClient) -> None:
    trader.ok("v1", "GET", "wallets/")
    assert re.search(r'"currency":"BTC","balance":\d+\.\d{8},"reserve":\d+\.\d{8}', trader.venue.text)
    trader.ok("v1", "GET", "orders/own/?status=1")
    assert '"price":433.00000000' in trader.venue.text and '"amount":0.00692000' in trader.venue.text
    trader.venue.get(f"/api/v1/exchanges/?pair={PAIR}&limit=1")
    assert re.search(r'"timestamp":\d{10}\.\d{3}[,}]', trader.venue.text)


def test_v1_status_is_a_number_in_lists_and_a_text_alone(trader: RawClient) -> None:
    order = first_order(trader)
    assert order["status"] == 1
    assert trader.ok("v1", "GET", f"order/{order['id']}/") == {**order, "status": "1"}


def test_an_order_tells_whom_it_met(trader: RawClient) -> None:
    asks = trader.venue.get(f"/api/v1/orderbook/{PAIR}/?limit_sell=2")["sell"]
    price = f"{asks[1]['price']}"
    wanted = Decimal(str(asks[0]["amount"])) + Decimal("0.00002")
    status, order = trader.place(PAIR, "buy", price, str(wanted))
    assert status == 200
    assert [(t["o_id"], t["type"]) for t in order["trades"]] == [(a["id"], "sell") for a in asks]
    assert [t["amount"] for t in order["trades"]] == [asks[0]["amount"], 0.00002]
    assert order["amount"] == 0
    ours = trader.ok("v2", "GET", f"orders/{order['oid']}/trades")
    assert {t["id"] for t in ours} == {t["tid"] for t in order["trades"]}
    assert all(t["fee_symbol"] == "USD" and t["fee_rate"] == "0.00200000" for t in ours)
    costs = [Decimal(str(t["price"])) * Decimal(str(t["amount"])) for t in order["trades"]]
    assert sum(Decimal(t["fee_amount"]) for t in ours) == sum(costs) * Decimal("0.002")
    own = trader.ok("v1", "GET", f"exchanges/own/?pair={PAIR}&limit=2")
    assert [(row["o_id"], row["my_side"]) for row in own] == [(order["oid"], "buy")] * 2


def test_candles_lie_between_since_and_until(venue: Venue) -> None:
    step = 15 * 60
    start = NOON // 1000 // step * step - 10 * step

    def opened(query: str) -> list[int]:
        return [c["time"] for c in venue.get(f"/api/charts/{PAIR}/15/chart?{query}")]

    assert opened(f"since={start}&until={start + 3 * step}") == [start + i * step for i in range(4)]
    assert opened(f"since={start + 1}&until={start + 3 * step - 1}") == [start + step, start + 2 * step]
    assert opened(f"since={start}&until={start + 3 * step}&limit=2") == [start + i * step for i in (2, 3)]
    assert len(opened("limit=3")) == 3
    assert len(venue.get(f"/api/charts/{PAIR}/D/chart")) == 720


def test_v2_filters(trader: RawClient) -> None:
    everything = trader.venue.get(f"/api/v2/public/trades?symbol={PAIR}&limit=50")
    assert len(everything) == 50
    dates = [(row["date"], row["id"]) for row in everything]
    assert dates == sorted(dates, reverse=True)
    middle = everything[20]
    found = trader.venue.get(f"/api/v2/public/trades?symbol={PAIR}&since={middle['date']}&limit=1000")
    assert {row["id"] for row in found} == {row["id"] for row in everything if row["date"] >= middle["date"]}
    one = trader.venue.get(f"/api/v2/public/trades?since_id={middle['id']}&until_id={middle['id']}")
    assert one == [middle]
    sells = trader.venue.get(f"/api/v2/public/trades?symbol={PAIR}&type=sell&limit=9")
    assert {row["type"] for row in sells} == {"sell"}
    # A trade has no status.
    assert trader.venue.get(f"/api/v2/public/trades?symbol={PAIR}&limit=9&status=active") == everything[:9]


def test_pages(venue: Venue) -> None:
    trader = Venue().client()
    for _ in range(5):
        trader.ok("gateway", "POST", "wallet/create", {"ticker": "BTC", "network": "bitcoin"})
    addresses = [row["address"] for row in trader.ok("gateway", "GET", "wallets")["results"]]
    assert len(set(addresses)) == 5
    first = trader.ok("gateway", "GET", "wallets?limit=2")
    assert (first["count"], first["previous"]) == (5, None)
    assert first["next"] == " https://www.bitexbit.com/api/gateway/wallets?page=2&limit=2"
    last = trader.ok("gateway", "GET", "wallets?limit=2&page=3")
    assert (last["next"], [row["address"] for row in last["results"]]) == (None, addresses[4:])
    assert trader.gateway("GET", "wallets?limit=2&page=4") == (404, {"detail": "Invalid page."})
    upwards = trader.ok("gateway", "GET", "wallets?ordering=created_at")["results"]
    assert [row["address"] for row in upwards] == addresses[::-1]


def test_an_invoice_is_paid_net_of_the_fee() -> None:
    venue = Venue()
    trader = venue.client()
    fields = {"ticker": "UAH", "network": "wiretransfer", "amount": 300, "client_ip": "192.168.0.1"}
    trader.ok("gateway", "POST", "invoice/create", fields)
    assert trader.ok("gateway", "GET", "invoice/history")["results"] == []
    venue.engine_clock.advance(MINUTE)
    [row] = trader.ok("gateway", "GET", "invoice/history")["results"]
    # 5 and one per cent, as in the documented example.
    assert (row["amount"], row["fee"]) == ("292.00000000", "8.00000000")
    assert trader.ok("v1", "GET", "deposits/")[0]["amount"] == 292


def test_a_withdrawal_takes_the_fee_on_top_or_out_of_it() -> None:
    venue = Venue()
    trader = venue.client()

    def free() -> Decimal:
        rows = trader.ok("v2", "GET", "balance?symbols=USDT")
        return Decimal(rows[0]["available"])

    fields = {"ticker": "USDT", "network": "tron", "address": ADDRESS, "amount": 22}
    before = free()
    trader.ok("gateway", "POST", "withdraw/create", fields)
    assert before - free() == 24
    trader.ok("gateway", "POST", "withdraw/create", {**fields, "fee_payer": 2})
    assert before - free() == 46
    assert [row["status"] for row in trader.ok("v1", "GET", "withdraws/")] == [10, 10]
    venue.engine_clock.advance(MINUTE)
    assert [row["status"] for row in trader.ok("v1", "GET", "withdraws/?currency_id=USDT")] == [30, 30]
    for total, deposited in venue.frontend.engine.ledger().values():
        assert total == deposited


def test_transfers_reach_their_receiver_or_come_back() -> None:
    venue = Venue()
    sender, receiver = venue.client(), venue.client("counterparty")

    def free(client: RawClient) -> Decimal:
        return Decimal(client.ok("v2", "GET", "balance?symbols=BTC")[0]["available"])

    fields = {"receiver": receiver.uid, "currency": "BTC", "amount": 1}
    accepted, cancelled, late = (
        sender.ok("v2", "POST", "transfers/create/", {**fields, **more})["txid"]
        for more in ({"security_code": "open", "valid_days": 3}, {}, {})
    )
    assert free(sender) == 497
    assert receiver.v2("POST", f"transfers/{accepted}/accept/", {"security_code": "shut"})[0] == 400
    assert sender.v2("POST", f"transfers/{accepted}/accept/", {"security_code": "open"})[0] == 403
    receiver.ok("v2", "POST", f"transfers/{accepted}/accept/", {"security_code": "open"})
    sender.ok("v2", "POST", f"transfers/{cancelled}/cancel/")
    assert (free(sender), free(receiver)) == (498, 501)
    venue.engine_clock.advance(86_400_001)
    assert (free(sender), free(receiver)) == (499, 501)
    assert receiver.v2("POST", f"transfers/{late}/accept/")[0] == 400
    statuses = [row["status"]["key"] for row in sender.ok("v2", "GET", "transfers")["results"]]
    assert statuses == [20, 20, 30]
    assert sender.ok("v2", "GET", "transfers?status=30")["count"] == 1


def test_a_coupon_is_spent_once() -> None:
    venue = Venue()
    giver, taker = venue.client(), venue.client("counterparty")
    code = giver.ok("v2", "POST", "coupon/create", {"symbol": "BTC", "amount": "2"})["code"]
    redeemed = taker.ok("v2", "POST", "coupon/redeem", {"code": code})
    assert redeemed["redeem"]["amount"] == "2.00000000"
    assert Decimal(redeemed["funds"][0]["available"]) == 502
    assert taker.v2("POST", "coupon/redeem", {"code": code})[0] == 400
