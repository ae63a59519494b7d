"""BitMart's frontend: its answers beside the documented ones, and what they say."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from ccxt_ext.sandbox.engine.synthetic import beginning
from ccxt_ext.sandbox.engine.synthetic.histories import Histories
from tests.sandbox.frontends.bitmart2.raw_client import NOON, RawClient, Venue
from tests.sandbox.frontends.documented import DATA, payloads, shape

DOCUMENTED = DATA / "bitmart2" / "documented"
sample = payloads(DOCUMENTED)
MARKET = "BMX_ETH"
MINUTE = 60_000


@pytest.fixture(scope="module")
def venue() -> Venue:
    """With an order that is partly filled, one that is filled, and the trades of both."""
    venue = Venue()
    maker, taker = venue.client().login(), venue.client("counterparty").login()
    assert maker.place(MARKET, "sell", "0.00009942", "10")[0] == 200
    assert taker.place(MARKET, "buy", "0.00009942", "4")[0] == 200
    return venue


@pytest.fixture
def trader(venue: Venue) -> RawClient:
    return venue.client().login()


def order_id(trader: RawClient) -> int:
    status, answer = trader.private(f"/v2/orders?symbol={MARKET}&status=2&offset=0&limit=1")
    assert status == 200
    found: int = answer["orders"][0]["entrust_id"]
    return found


ANSWERS = {
    "v2-ping": lambda t: t.get("/v2/ping"),
    "v2-time": lambda t: t.get("/v2/time"),
    "v2-steps": lambda t: t.get("/v2/steps"),
    "v2-currencies": lambda t: t.get("/v2/currencies"),
    "v2-symbols": lambda t: t.get("/v2/symbols"),
    "v2-symbols_details": lambda t: t.get("/v2/symbols_details"),
    "observed-symbols_details": lambda t: t.get("/v2/symbols_details"),
    "v2-ticker": lambda t: t.get(f"/v2/ticker?symbol={MARKET}"),
    "observed-ticker": lambda t: t.get(f"/v2/ticker?symbol={MARKET}"),
    "v2-kline": lambda t: t.get(f"/v2/symbols/{MARKET}/kline?step=15&from={NOON - 9 * 900_000}&to={NOON}"),
    "v2-order_book": lambda t: t.get(f"/v2/symbols/{MARKET}/orders"),
    "v2-trades": lambda t: t.get(f"/v2/symbols/{MARKET}/trades"),
    "observed-trades": lambda t: t.get(f"/v2/symbols/{MARKET}/trades"),
    "v2-authentication": lambda t: t.authenticate()[1],
    "observed-wallet": lambda t: t.private("/v2/wallet")[1],
    "v2-orders": lambda t: t.private(f"/v2/orders?symbol={MARKET}&status=5&offset=0&limit=9")[1],
    "v2-order_details": lambda t: t.private(f"/v2/orders/{order_id(t)}")[1],
    "v2-trade_history": lambda t: t.private(f"/v2/trades?symbol={MARKET}&offset=0&limit=9")[1],
    "observed-my_trades": lambda t: t.private(f"/v2/trades?symbol={MARKET}&offset=0&limit=9")[1]["trades"],
    "v2-post_order": lambda t: t.place(MARKET, "buy", "0.00005", "1")[1],
    "v2-cancel_order": lambda t: t.cancel(t.place(MARKET, "buy", "0.00005", "1")[1]["entrust_id"])[1],
    "v2-cancel_orders": lambda t: t.cancel_all(symbol=MARKET, side="buy")[1],
}
# The live venue sent what these documents do not: strings in the wallet; and the older ticker had no symbol.
SUPERSEDED = {"v2-wallet": "observed-wallet", "v2-ticker-2018": "v2-ticker"}
REQUESTS = {"v2-authentication-request-fields", "v2-post_order-request"}


def test_every_documented_answer_is_compared() -> None:
    names = {path.stem for path in DOCUMENTED.glob("*.json")}
    answers = {name for name in names - REQUESTS if not name.startswith(("observed-error-", "observed-ws-"))}
    assert answers == set(ANSWERS) | set(SUPERSEDED)
    assert set(SUPERSEDED.values()) <= set(ANSWERS)


@pytest.mark.parametrize("name", ANSWERS)
def test_answers_have_the_documented_shape(trader: RawClient, name: str) -> None:
    expected = shape(sample(name))
    if name == "v2-trade_history":
        # Not in the documents, but on the live venue (observed-my_trades).
        expected["trades"][0]["entrustType"] = "int"
    assert shape(ANSWERS[name](trader)) == expected


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("missing_parameter", f"/v2/orders?symbol={MARKET}&status=5"),
        ("invalid_status", f"/v2/orders?symbol={MARKET}&status=6&offset=0&limit=1"),
        ("internal", f"/v2/trades?symbol={MARKET}"),
        ("not_found", "/v2/orders/1"),
    ],
)
def test_errors_are_the_observed_ones(trader: RawClient, name: str, target: str) -> None:
    assert trader.private(target)[1] == sample(f"observed-error-{name}")


def test_observed_error_of_an_order(trader: RawClient) -> None:
    refused = trader.place(MARKET, "buy", "0.00005", "0.001")
    assert refused == (400, sample("observed-error-place_order"))
    status, answer = trader.place(MARKET, "buy", "1", "1")
    assert status == 400
    pattern = re.sub(r"[\d.]+$", "", sample("observed-error-maximum_price")["message"])
    assert re.fullmatch(re.escape(pattern) + r"\d+\.\d+", answer["message"])


def test_steps_and_documented_listing() -> None:
    client = Venue().client()
    assert client.get("/v2/steps") == sample("v2-steps")
    details = client.get("/v2/symbols_details")
    observed = [
        line for line in sample("observed-symbols_details") if line["id"] in client.get("/v2/symbols")
    ]
    assert len(observed) == 3
    for line in [*sample("v2-symbols_details"), *observed]:
        assert line in details
    assert [line["id"] for line in details] == client.get("/v2/symbols")
    assert [line["expiration"] for line in details].count("NA") == len(details) - 1


def test_ticker_names_are_swapped_like_the_venues(venue: Venue, trader: RawClient) -> None:
    everything = trader.get("/v2/ticker")
    assert [ticker["symbol_id"] for ticker in everything] == trader.get("/v2/symbols")
    for row in everything:
        ticker = venue.frontend.engine.markets[row["symbol_id"]].ticker()
        assert Decimal(row["volume"]) == ticker.base_volume
        assert abs(Decimal(row["base_volume"]) - ticker.quote_volume) < Decimal("1e-8")
        low, high = Decimal(row["lowest_price"]), Decimal(row["highest_price"])
        assert low <= Decimal(row["base_volume"]) / Decimal(row["volume"]) <= high
        assert low <= Decimal(row["current_price"]) <= high
        assert Decimal(row["bid_1"]) < Decimal(row["ask_1"])
        assert re.fullmatch(r"[+-]\d+\.\d{4}", row["fluctuation"])
        assert abs(Decimal(row["fluctuation"]) - ticker.change) <= Decimal("0.00005")


def test_ticker_of_an_emptied_book_has_no_best_price() -> None:
    venue = Venue()
    market = venue.frontend.engine.markets["REPO_BTC"]
    _, asks = market.book()
    trader = venue.client().login()
    for level in asks:
        status, answer = trader.place("REPO_BTC", "buy", f"{level.price:f}", f"{level.amount:f}")
        assert status == 200, answer
    ticker = trader.get("/v2/ticker?symbol=REPO_BTC")
    assert (ticker["ask_1"], ticker["ask_1_amount"]) == (None, None)
    assert trader.get("/v2/symbols/REPO_BTC/orders")["sells"] == []
    # Without a best price there is nothing to guard by.
    assert trader.place("REPO_BTC", "sell", "1", "0.1")[0] == 200


def test_candles_lie_within_from_and_to_both_included(trader: RawClient) -> None:
    step = 15 * MINUTE
    start = NOON // step * step - 10 * step

    def opened(first: int, last: int) -> list[int]:
        target = f"/v2/symbols/{MARKET}/kline?step=15&from={first}&to={last}"
        return [candle["timestamp"] for candle in trader.get(target)]

    assert opened(start, start + 4 * step) == [start + index * step for index in range(5)]
    assert opened(start + 1, start + 4 * step - 1) == [start + index * step for index in range(1, 4)]
    assert opened(start + 1, start) == []
    assert opened(-(10**17), start) == opened(0, start)
    assert opened(NOON + step, 10**17) == []
    default = trader.get(f"/v2/symbols/{MARKET}/kline?from={NOON - 5 * MINUTE}&to={NOON}")
    assert {candle["timestamp"] % MINUTE for candle in default} == {0}


@pytest.mark.parametrize("step", sample("v2-steps"))
def test_candles_reach_back_five_hundred_steps(trader: RawClient, step: int) -> None:
    width = step * MINUTE
    target = f"/v2/symbols/{MARKET}/kline?step={step}&from={NOON - 500 * width}&to={NOON}"
    candles = trader.get(target)
    assert len(candles) >= 500
    for candle in candles:
        low, high = Decimal(candle["lowest_price"]), Decimal(candle["highest_price"])
        assert low <= Decimal(candle["open_price"]) <= high
        assert low <= Decimal(candle["current_price"]) <= high
        assert Decimal(candle["volume"]) > 0


@pytest.mark.parametrize("precision", [None, 8, 7, 6])
def test_book_is_merged_to_the_precision(venue: Venue, trader: RawClient, precision: int | None) -> None:
    query = "" if precision is None else f"?precision={precision}"
    answer = trader.get(f"/v2/symbols/{MARKET}/orders{query}")
    bids, asks = venue.frontend.engine.markets[MARKET].book()
    for rows, levels, sign in ((answer["buys"], bids, -1), (answer["sells"], asks, 1)):
        prices = [Decimal(row["price"]) for row in rows]
        assert prices == sorted(set(prices), key=lambda price: price * sign)
        assert all(len(row["price"].partition(".")[2]) == (precision or 8) for row in rows)
        total = Decimal(0)
        for row in rows:
            total += Decimal(row["amount"])
            assert Decimal(row["total"]) == total
        assert total == sum(level.amount for level in levels)
        assert sum(int(row["count"]) for row in rows) == sum(level.count for level in levels)
    assert Decimal(answer["buys"][0]["price"]) < Decimal(answer["sells"][0]["price"])
    if precision in (None, 8):
        assert len(answer["buys"]) == len(bids) >= 30
    else:
        assert len(answer["buys"]) < len(bids)


def test_public_trades_swap_amount_and_count(venue: Venue, trader: RawClient) -> None:
    rows = trader.get(f"/v2/symbols/{MARKET}/trades")
    trades = venue.frontend.engine.markets[MARKET].trades(100)
    assert len(rows) == 100
    assert [row["order_time"] for row in rows] == sorted((row["order_time"] for row in rows), reverse=True)
    for row, trade in zip(rows, trades, strict=True):
        assert Decimal(row["count"]) == trade.amount
        assert abs(Decimal(row["amount"]) - trade.price * trade.amount) <= Decimal("5e-9")
    assert (rows[0]["count"], rows[0]["price"], rows[0]["type"]) == ("4.00", "0.00009942", "buy")


def test_order_and_trades_of_both_sides(venue: Venue, trader: RawClient) -> None:
    partly = trader.private(f"/v2/orders/{order_id(trader)}")[1]
    assert partly == {
        "entrust_id": partly["entrust_id"],
        "symbol": MARKET,
        "timestamp": NOON,
        "side": "sell",
        "price": "0.00009942",
        "fees": "0.00000039768",
        "original_amount": "10",
        "executed_amount": "4",
        "remaining_amount": "6",
        "status": 2,
    }
    other = venue.client("counterparty").login()
    filled = other.private(f"/v2/orders?symbol={MARKET}&status=3&offset=0&limit=5")[1]["orders"]
    assert [(order["status"], order["fees"], order["remaining_amount"]) for order in filled] == [
        (3, "0.004", "0")
    ]
    sale = trader.private(f"/v2/trades?symbol={MARKET}&entrust_id={partly['entrust_id']}")[1]
    purchase = other.private(f"/v2/trades?symbol={MARKET}&offset=0&limit=5")[1]
    assert (sale["total_trades"], sale["total_pages"], sale["current_page"]) == (1, 1, 0)
    (sold,), (bought,) = sale["trades"], purchase["trades"]
    assert sold["trade_id"] == bought["trade_id"]
    assert (sold["entrustType"], sold["fees"]) == (1, "0.00000039768")
    assert (bought["entrustType"], bought["fees"]) == (0, "0.0040000000")
    assert sold["amount"] == bought["amount"] == "4"
    unknown = trader.private(f"/v2/trades?symbol={MARKET}&entrust_id=1")[1]
    assert unknown == {"total_trades": 0, "total_pages": 0, "current_page": 0, "trades": []}


def test_wallet_names_every_currency_with_what_is_free_and_held() -> None:
    venue = Venue()
    trader = venue.client().login()

    def wallet() -> dict[str, tuple[Decimal, Decimal]]:
        rows = trader.private("/v2/wallet")[1]
        assert [row["id"] for row in rows] == [row["id"] for row in trader.get("/v2/currencies")]
        for row in rows:
            assert all(re.fullmatch(r"\d+\.\d{10,}", row[name]) for name in ("available", "frozen"))
        return {row["id"]: (Decimal(row["available"]), Decimal(row["frozen"])) for row in rows}

    before = wallet()
    assert trader.place(MARKET, "buy", "0.00005", "3.5")[0] == 200
    free, held = before["ETH"]
    after = wallet()
    assert after.pop("ETH") == (free - Decimal("0.000175"), held + Decimal("0.000175"))
    assert after.items() <= before.items()


def test_pages_and_filters_of_orders() -> None:
    venue = Venue()
    trader = venue.client().login()
    other = venue.client("counterparty").login()
    ids = []
    for number in range(23):
        venue.engine_clock.advance(1)
        ids.append(trader.place(MARKET, "sell", f"0.000099{42 + number % 2}", "2")[1]["entrust_id"])
    for cancelled in ids[:5]:
        assert trader.cancel(cancelled) == (200, {})
    other.place(MARKET, "buy", "0.00009942", "5")
    assert trader.place("WAVES_BTC", "buy", "0.00005", "1")[0] == 200

    def page(status: int, offset: int, limit: int) -> tuple[list[int], int, int, int]:
        target = f"/v2/orders?symbol={MARKET}&status={status}&offset={offset}&limit={limit}"
        code, answer = trader.private(target)
        assert code == 200
        assert all(order["status"] in {5: (1, 2)}.get(status, (status,)) for order in answer["orders"])
        listed = [order["entrust_id"] for order in answer["orders"]]
        return listed, answer["total_orders"], answer["total_pages"], answer["current_page"]

    filled, partly = [ids[6], ids[8]], ids[10]
    left = [number for number in reversed(ids[5:]) if number not in filled]
    assert page(4, 0, 10) == (ids[4::-1], 5, 1, 0)
    assert page(3, 0, 10) == (filled[::-1], 2, 1, 0)
    assert page(2, 0, 10) == ([partly], 1, 1, 0)
    assert page(1, 0, 1000) == ([number for number in left if number != partly], 15, 1, 0)
    assert page(5, 0, 6) == (left[:6], 16, 3, 0)
    assert page(5, 2, 6) == (left[12:], 16, 3, 2)
    assert page(5, 3, 6) == ([], 16, 3, 3)

    assert trader.cancel_all(symbol=MARKET, side="buy") == (200, {})
    assert page(5, 0, 6)[1] == 16
    assert trader.cancel_all(symbol=MARKET, side="sell") == (200, {})
    assert page(5, 0, 6) == ([], 0, 0, 0)
    assert trader.private("/v2/orders?symbol=WAVES_BTC&status=5&offset=0&limit=6")[1]["total_orders"] == 1


def test_pages_of_trades_newest_first() -> None:
    venue = Venue()
    trader = venue.client().login()
    for _ in range(7):
        venue.engine_clock.advance(10)
        assert trader.place(MARKET, "buy", "0.0001", "1")[0] == 200
    pages = [trader.private(f"/v2/trades?symbol={MARKET}&offset={offset}&limit=3")[1] for offset in range(4)]
    total = pages[0]["total_trades"]
    assert total >= 7
    assert {(page["total_trades"], page["total_pages"]) for page in pages} == {(total, -(-total // 3))}
    trades = [trade for page in pages for trade in page["trades"]]
    identifiers = [trade["trade_id"] for trade in trades]
    assert identifiers == sorted(set(identifiers), reverse=True)


def test_same_seed_same_answers_whichever_market_is_asked_first(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = Venue(), Venue()
    second.client().get("/v2/symbols/WAVES_BTC/trades")
    told = []
    for venue in (first, second):
        monkeypatch.setattr(beginning, "HISTORIES", Histories(80))  # each makes its own
        targets = (f"/v2/symbols/{MARKET}/orders", f"/v2/symbols/{MARKET}/trades", "/v2/ticker")
        told.append([venue.client().get(target) for target in targets])
    assert told[0] == told[1]
