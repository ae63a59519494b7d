"""BTEX's frontend: its answers beside the documented ones, and what they say."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from ccxt_ext.sandbox.frontends.btex.listings import quarter_end
from tests.sandbox.frontends.btex.raw_client import NOON, RawClient, Venue
from tests.sandbox.frontends.documented import DATA, alike, payloads
from tests.sandbox.frontends.documented import shape as shape_of

DOCUMENTED = DATA / "btex" / "documented"
sample = payloads(DOCUMENTED)
DAY = 86_400_000


def alike_but_for_plain_values(shapes: list[Any]) -> list[Any]:
    """A list of plain values has the type of each."""
    return shapes if shapes and isinstance(shapes[0], str) else alike(shapes)


shape = partial(shape_of, of_list=alike_but_for_plain_values)


def keyed_by_coin(data: Any) -> Any:
    """A dictionary whose keys are names of coins or pairs, as a list."""
    return list(data.values())


@pytest.fixture(scope="module")
def venue() -> Venue:
    """With open orders, positions open and closed, and fills, of both APIs."""
    venue = Venue()
    trader = venue.client()
    assert trader.place(type="market", amount=1000)["code"] == 1
    assert trader.place(type="market", amount=1000, direction=-1)["code"] == 1
    assert trader.place(type="market", amount=400, direction=-1)["code"] == 1
    assert trader.place(price="3000")["code"] == 1
    assert trader.buy(price="4000")["code"] == 1
    assert trader.buy(price="3000")["code"] == 1
    return venue


def first_order(trader: RawClient) -> str:
    rows = trader.contract("myorders", contract_id=1)["data"]["orders_his"]
    return str(rows[-1]["order_id"])


def get(target: str) -> Any:
    return lambda trader: {"code": 1, "info": "ok", "data": trader.get(target)}


ANSWERS = {
    "mx_data-contracts": get("/mx_data/contracts"),
    "mx_data-k_data": get("/mx_data/k_data?contract_id=1&k_type=1h&k_amount=2"),
    "mx_data-orderbook": get("/mx_data/orderbook?contract_id=1&depth=5"),
    "mx_data-tickers": get("/mx_data/tickers"),
    "mx_data-tickers-zh": get("/mx_data/tickers?contract_id=1"),
    "mx_data-trades": get("/mx_data/trades?contract_id=1"),
    "mx_openapi1-account_info": lambda t: t.contract("account_info"),
    "mx_openapi1-account_info-zh": lambda t: t.contract("account_info"),
    "mx_openapi1-active_orders": lambda t: t.contract("active_orders", contract_id=1),
    "mx_openapi1-active_positions": lambda t: t.contract("active_positions"),
    "mx_openapi1-cancel_order": lambda t: t.contract(
        "cancel_order", order_id=t.place(price="3000")["data"]["order_id"]
    ),
    "mx_openapi1-get_order_batch": lambda t: t.contract("get_order_batch", order_id=first_order(t)),
    "mx_openapi1-myorders": lambda t: t.contract("myorders", contract_id=1),
    "mx_openapi1-mypositions": lambda t: t.contract("mypositions", contract_id=1),
    "mx_openapi1-mytrades": lambda t: t.contract("mytrades", contract_id=1),
    "mx_openapi1-mytrades-zh": lambda t: t.contract("mytrades", contract_id=1),
    "mx_openapi1-order_match_results-zh": lambda t: t.contract(
        "order_match_results", order_id=first_order(t)
    ),
    "mx_openapi1-place_order": lambda t: t.place(price="3000"),
    "openapi1-auth_api-buy_coin": lambda t: t.buy(price="3000"),
    "openapi1-auth_api-cancel_order": lambda t: t.spot(
        "cancel_order", order_id=t.buy(price="3000")["data"]["order_id"]
    ),
    "openapi1-auth_api-getinfo": lambda t: t.spot("getinfo"),
    "openapi1-auth_api-myorders": lambda t: t.spot("myorders", pair="BTC_USDT", amount=10),
    "openapi1-auth_api-mytrades": lambda t: t.spot("mytrades", pair="BTC_USDT"),
    "openapi1-k_data": get("/openapi1/k_data/?pair=ETH_USDT&k_type=5m&k_amount=3"),
    "openapi1-orderbook": get("/openapi1/orderbook?pair=ETH_USDT"),
    "openapi1-pair": get("/openapi1/pair?pair=ETH_USDT"),
    "openapi1-pairs": get("/openapi1/pairs"),
    "openapi1-trades": get("/openapi1/trades?pair=ETH_USDT"),
}
# The English edition lacks the fee, which the Chinese has; the envelope is that of all answers.
SUPERSEDED = {"mx_openapi1-order_match_results": "mx_openapi1-order_match_results-zh", "envelope": ""}
BY_NAME = ("openapi1-pair", "openapi1-pairs")


def test_every_documented_answer_is_compared() -> None:
    assert {path.stem for path in DOCUMENTED.glob("*.json")} == set(ANSWERS) | set(SUPERSEDED)


@pytest.mark.parametrize("name", ANSWERS)
def test_answers_have_the_documented_shape(trader: RawClient, name: str) -> None:
    expected, answer = sample(name), ANSWERS[name](trader)
    if name in BY_NAME:
        expected["data"], answer["data"] = (keyed_by_coin(each["data"]) for each in (expected, answer))
    if name == "openapi1-auth_api-getinfo":
        for each in (expected, answer):
            for key in ("balances_available", "balance_hold"):
                each["data"][key] = [{"": value} for value in each["data"][key].values()]
    assert answer["info"] == expected["info"]
    assert shape(answer) == shape(expected)


def test_the_english_edition_lacks_the_fee_only(trader: RawClient) -> None:
    row = ANSWERS["mx_openapi1-order_match_results-zh"](trader)["data"][0]
    english = sample("mx_openapi1-order_match_results")["data"][0]
    assert set(row) - set(english) == {"trade_fee"}


@pytest.mark.parametrize("name", ["mx_data-contracts", "openapi1-pairs", "openapi1-pair"])
def test_documented_listings_are_among_those_served(trader: RawClient, name: str) -> None:
    served, documented = ANSWERS[name](trader)["data"], sample(name)["data"]
    if name == "mx_data-contracts":
        served, documented = ({row["contract_id"]: row for row in rows} for rows in (served, documented))
        # A hundred times as many, like all limits.
        documented["1"]["max_order_num"] = "2000"
    for id, row in documented.items():
        told = {key: value for key, value in row.items() if key != "ticker"}
        assert told == {key: value for key, value in served[id].items() if key != "ticker"}


def test_kinds_of_contracts(trader: RawClient) -> None:
    rows = trader.get("/mx_data/contracts")
    kinds = {(row["isreverse"], row["type"], row["status"]) for row in rows}
    assert {("1", "1", "1"), ("-1", "1", "1"), ("1", "2", "1"), ("-1", "2", "1"), ("1", "1", "0")} <= kinds
    assert {row["expiry"] for row in rows if row["type"] == "1"} == {"0000-00-00 00:00:00"}
    assert {row["expiry"] for row in rows if row["type"] == "2"} == {"2023-12-29 08:00:00"}
    assert trader.get("/mx_data/contracts?contract_id=0") == rows
    assert trader.get("/mx_data/contracts?contract_id=3") == [
        row for row in rows if row["contract_id"] == "3"
    ]


def test_quarters_end_on_their_last_friday() -> None:
    for day, end in (("2018-11-27", 1545984000000), ("2018-12-22", 1553846400000)):
        now = {"2018-11-27": 1543276800000, "2018-12-22": 1545436800000}[day]
        assert quarter_end(now) == end


def test_tickers(venue: Venue, trader: RawClient) -> None:
    for row in trader.get("/mx_data/tickers"):
        market = venue.engine.markets[row["contract_id"]]
        size = market.spec.contract_size
        low, high = Decimal(row["min"]), Decimal(row["max"])
        assert low <= Decimal(row["latest"]) <= high
        contracts, turnover = Decimal(row["amount"]), Decimal(row["volumn"])
        price = contracts * size / turnover if market.spec.kind == "inverse" else turnover / contracts / size
        assert low <= price <= high
        assert abs(Decimal(row["fair_price"]) / Decimal(row["index_price"]) - 1) < Decimal("0.01")
        assert Decimal(row["open_interest"]) > 0
    dated = trader.get("/mx_data/tickers?contract_id=101")[0]
    assert dated["next_funding_rate"] == "0.00000000"


def test_candles(trader: RawClient) -> None:
    for step, ms in (("5m", 300_000), ("15m", 900_000), ("30m", 1_800_000), ("1h", 3_600_000)):
        rows = trader.get(f"/mx_data/k_data?contract_id=1&k_type={step}&k_amount=400")["lists"]
        times = [int(row[0]) for row in rows]
        assert len(rows) == 400 and times == list(range(times[0], times[-1] + 1, ms))
        assert NOON - ms < times[-1] <= NOON
        for _, first, high, low, last, contracts, product in rows:
            assert Decimal(low) <= min(Decimal(first), Decimal(last))
            assert Decimal(high) >= max(Decimal(first), Decimal(last))
            assert Decimal(low) <= Decimal(product) / Decimal(contracts) <= Decimal(high)
    for step in ("4h", "8h", "1d"):
        assert len(trader.get(f"/mx_data/k_data?contract_id=1&k_type={step}&k_amount=250")["lists"]) == 250
    assert len(trader.get("/mx_data/k_data?contract_id=1")["lists"]) == 100
    for step in ("5m", "15m", "30m", "1h", "2h", "4h", "8h", "1d"):
        rows = trader.get(f"/openapi1/k_data/?pair=ETH_USDT&k_type={step}")
        assert len(rows) == 80 and all(
            low - 1e-9 <= product / base <= high + 1e-9 for _, _, high, low, _, base, product in rows
        )


def test_books_and_trades(trader: RawClient) -> None:
    for depth in (5, 10, 15, 20, 30):
        book = trader.get(f"/mx_data/orderbook?contract_id=3&depth={depth}")
        assert len(book["bids"]) == len(book["asks"]) == depth
        assert book["bids"][0]["price"] < book["asks"][0]["price"]
        spot = trader.get(f"/openapi1/orderbook?pair=BTC_USDT&depth={depth}")
        assert len(spot["buy"]) == len(spot["sell"]) == depth
        costs = [Decimal(row["price"]) * Decimal(row["amount"]) for row in spot["buy"]]
        assert abs(sum(costs) - Decimal(spot["buy"][-1]["sum"])) < Decimal("0.01")
    assert len(trader.get("/mx_data/trades?contract_id=1")["lists"]) == 20
    trades = trader.get("/mx_data/trades?contract_id=1&page_size=300")["lists"]
    assert len(trades) == 300 and trades[0]["time"] >= trades[-1]["time"]
    assert len(trader.get("/openapi1/trades?pair=BTC_USDT")["list"]) == 10
    first = trader.get("/openapi1/trades?pair=BTC_USDT&depth=30")
    assert first == trader.get("/openapi1/trades?pair=BTC_USDT&depth=30") and len(first["list"]) == 30


def test_an_account_adds_up(trader: RawClient) -> None:
    data = trader.contract("account_info")["data"]
    assert {row["coin"] for row in data["balances"]} == {"BTC", "ETH", "USDT", "EOS"}
    for row in data["balances"]:
        parts = [Decimal(row[key]) for key in ("balance", "position_margin", "order_margin")]
        assert sum(parts) == Decimal(row["total"])
    for unit in ("BTC", "USD", "CNY"):
        parts = [Decimal(row[f"estimate_{unit}"]) for row in data["balances"]]
        assert sum(parts) == Decimal(data[f"estimate_{unit}"])


def test_an_order_from_its_birth_to_its_fills() -> None:
    venue = Venue()
    trader, other = venue.client(), venue.client("counterparty")
    book = trader.get("/mx_data/orderbook?contract_id=1")
    price = str(round(book["bids"][0]["price"] + 0.01, 2))
    id = str(trader.place(price=price, amount=100, leverage="12.5")["data"]["order_id"])
    [row] = trader.contract("active_orders", contract_id=1)["data"]["order_lists"]
    assert (row["order_id"], row["order_status"], row["available"], row["leverage"]) == (
        id,
        "0",
        "100",
        "12.5",
    )
    assert (row["price"], row["is_cross"]) == (f"{price}000000", "-1")
    assert other.place(price=price, amount=40, direction=-1)["code"] == 1
    [row] = trader.contract("get_order_batch", order_id=id)["data"]
    assert (row["order_status"], row["available"], row["price"], "is_cross" in row) == (
        "0",
        "60",
        price,
        False,
    )
    [fill] = trader.contract("order_match_results", order_id=id)["data"]
    assert (fill["trade_num"], fill["type"], fill["order_price"]) == ("40", "buy", f"{price}000000")
    # The maker of contract 1 is paid for it.
    assert Decimal(fill["trade_fee"]) < 0
    [position] = trader.contract("active_positions", contract_id=1)["data"]["position_lists"]
    assert (position["amount"], position["direction"], position["leverage"]) == ("40", "1", "12.50000000")
    assert Decimal(position["rlz_pnl"]) == -Decimal(fill["trade_fee"])
    assert trader.contract("cancel_order", order_id=id)["code"] == 1
    [row] = trader.contract("myorders", contract_id=1)["data"]["orders_his"]
    assert (row["order_status"], row["available"]) == ("-1", "60")
    assert trader.contract("active_positions", contract_id=2)["data"]["position_lists"] == []
    assert trader.contract("active_positions", contract_id=0)["data"]["position_lists"] == [position]


def test_a_market_order_tells_the_price_that_it_named() -> None:
    trader = Venue().client()
    for price in ("3902.07", "0"):
        id = trader.place(type="market", price=price)["data"]["order_id"]
        [row] = trader.contract("get_order_batch", order_id=id)["data"]
        assert (row["type"], row["order_status"], Decimal(row["price"])) == ("market", "1", Decimal(price))


def test_pages() -> None:
    trader = Venue().client()
    ids = [str(trader.place(price="3000", amount=10 + n)["data"]["order_id"]) for n in range(23)]
    newest = ids[::-1]

    def page(**params: Any) -> list[str]:
        rows = trader.contract("myorders", contract_id=1, **params)["data"]["orders_his"]
        return [row["order_id"] for row in rows]

    assert page() == newest[:20]
    assert page(page=2) == newest[20:]
    assert page(page=2, page_size=5) == newest[5:10]
    assert page(page=9) == []


def test_spot_orders_and_trades() -> None:
    venue = Venue()
    trader = venue.client()
    bought = str(trader.buy(price="4000", num="0.002")["data"]["order_id"])
    resting = str(trader.spot("sell_coin", pair="ETH_USDT", price="999.5", num="1.25")["data"]["order_id"])
    assert trader.spot("myorders", pair="BTC_USDT", amount=5)["data"] == []
    [row] = trader.spot("myorders", pair="", amount=5)["data"]
    assert (row["order_id"], row["type"], row["danwei"], row["order_type"]) == (
        resting,
        "ETH",
        "USDT",
        "sell",
    )
    assert (row["total"], row["rest_total"], row["rest_num"]) == ("1249.375", "1249.375", "1.25")
    fills = trader.spot("mytrades", pair="")["data"]
    assert {fill["order_id"] for fill in fills} == {bought}
    # The fee of a buy is taken from what is bought.
    assert sum(Decimal(fill["fee"]) for fill in fills) == Decimal("0.000004")
    info = trader.spot("getinfo")["data"]
    assert info["balance_hold"]["ETH"] == 1.25
    assert info["balances_available"]["BTC"] == pytest.approx(200.001996)


def test_a_dated_contract_ends() -> None:
    venue = Venue()
    trader = venue.client()
    assert trader.place(contract_id=101, type="market", amount=10)["code"] == 1
    venue.engine_clock.advance(60 * DAY)
    assert trader.contract("active_positions")["data"]["position_lists"] == []
    [settled] = trader.contract("mypositions", contract_id=101)["data"]["position_his"]
    assert settled["end_time"] == quarter_end(NOON) // 1000
    assert trader.get("/mx_data/contracts?contract_id=101")[0]["status"] == "-1"
    assert trader.place(contract_id=101, type="market", amount=10)["info"] == "trading is suspended"
