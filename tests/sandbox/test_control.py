"""The control port's calls, without a server around them."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccxt_ext.sandbox.frontend import Request
from ccxt_ext.sandbox.seen import REQUESTS_KEPT
from tests.sandbox.control_box import Box as SandboxBox
from tests.sandbox.frontends.bitmart2.raw_client import NOON, RawClient, sign

VENUE = "bitmart2"
MARKET = "BMX_ETH"


class Box(SandboxBox):
    """With raw clients that talk to a venue through the faults."""

    def __init__(self) -> None:
        super().__init__(start_ms=NOON, addresses=lambda: {"control": "http://c", "venues": {}})

    def exchange(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        path, _, query = target.partition("?")
        response, _, seen = self.world.receive(VENUE, Request(method, path, query, headers, body))
        seen.status = response.status
        if response.done is not None:
            response.done()
        return response.status, json.loads(response.body)

    def client(self, account: str = "config") -> RawClient:
        config = self.world.frontends[VENUE].config(account, "", "")
        return RawClient(self.exchange, config, self.world.clocks[VENUE].now)


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture(scope="module")
def still() -> Box:
    """For calls that change nothing, since they are refused."""
    return Box()


def test_reset_brings_back_the_first_state(box: Box) -> None:
    first = box.ok("GET", f"/book?venue={VENUE}&market={MARKET}")
    trader = box.client().login()
    assert trader.place(MARKET, "buy", first["asks"][0][0], "1")[0] == 200
    box.ok("POST", "/faults", {"kind": "empty", "count": 5})
    box.ok("POST", "/clock", {"venue": VENUE, "skew_ms": 5, "advance_ms": 60_000})
    box.ok("POST", "/deposit", {"venue": VENUE, "account": "config", "currency": "BTC", "amount": "1"})
    assert box.ok("GET", f"/book?venue={VENUE}&market={MARKET}") != first
    ledger = box.ok("GET", "/ledger")

    assert box.ok("POST", "/reset", {"seed": 1}) == {"seed": 1}
    assert box.ok("GET", f"/book?venue={VENUE}&market={MARKET}") == first
    assert box.ok("GET", f"/orders?venue={VENUE}") == []
    assert box.ok("GET", f"/trades?venue={VENUE}") == []
    assert box.ok("GET", f"/requests?venue={VENUE}") == []
    assert box.ok("GET", "/faults") == {"faults": []}
    clock = box.ok("GET", "/clock")
    assert set(clock["skew_ms"].values()) == {0}
    assert NOON <= clock["now"] < NOON + 60_000
    assert trader.private("/v2/wallet")[0] == 401
    assert box.ok("GET", "/ledger") != ledger

    assert box.ok("POST", "/reset", {"seed": 2}) == {"seed": 2}
    assert box.ok("GET", f"/book?venue={VENUE}&market={MARKET}") != first
    assert box.ok("POST", "/reset") == {"seed": 2}
    assert box.client().login().private("/v2/wallet")[0] == 200


def test_orders_trades_and_book_are_the_engines(box: Box) -> None:
    maker, taker = box.client().login(), box.client("counterparty").login()
    sell = str(maker.place(MARKET, "sell", "0.00009942", "10")[1]["entrust_id"])
    buy = str(taker.place(MARKET, "buy", "0.00009942", "4")[1]["entrust_id"])
    cancelled = str(taker.place(MARKET, "buy", "0.00005", "2")[1]["entrust_id"])
    taker.cancel(cancelled)

    orders = {order["id"]: order for order in box.ok("GET", f"/orders?venue={VENUE}")}
    assert set(orders) == {sell, buy, cancelled}
    expected = {
        "account": "config",
        "id": sell,
        "client_id": None,
        "market": MARKET,
        "side": "sell",
        "type": "limit",
        "price": "0.00009942",
        "amount": "10",
        "filled": "4",
        "status": "open",
    }
    assert expected.items() <= orders[sell].items()
    assert (orders[buy]["status"], orders[buy]["account"]) == ("closed", "counterparty")
    assert orders[cancelled]["status"] == "canceled"

    sold, bought = sorted(box.ok("GET", f"/trades?venue={VENUE}"), key=lambda trade: trade["account"])
    assert (sold["account"], sold["order"], sold["side"], sold["fee_currency"]) == (
        "config",
        sell,
        "sell",
        "ETH",
    )
    assert (bought["account"], bought["order"], bought["fee"]) == ("counterparty", buy, "0.004")
    assert sold["id"] == bought["id"]
    assert sold["amount"] == bought["amount"] == "4"

    book = box.ok("GET", f"/book?venue={VENUE}&market={MARKET}")
    assert book["asks"][0] == ["0.00009942", "6"]
    assert len(book["bids"]) >= 30
    assert box.ok("GET", f"/book?venue={VENUE}&market={MARKET}&depth=1")["bids"] == book["bids"][:1]

    def listed(query: str) -> set[str]:
        return {order["id"] for order in box.ok("GET", f"/orders?venue={VENUE}&{query}")}

    assert listed("account=config") == {sell}
    assert listed("status=open") == {sell}
    assert listed("account=counterparty&status=canceled") == {cancelled}
    assert listed("market=BTC_USDT") == set()
    assert box.ok("GET", f"/trades?venue={VENUE}&order={buy}") == [bought]

    def numbers(value: Any) -> list[Any]:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return [v for v in inner if isinstance(v, (int, float)) and not isinstance(v, bool)] + [
            number for v in inner for number in numbers(v)
        ]

    for target in ("/orders", "/trades", "/ledger"):
        assert numbers(box.ok("GET", f"{target}?venue={VENUE}")) == []
    assert numbers(book) == []


def test_ledger_stays_balanced_and_a_deposit_adds_to_both_sides(box: Box) -> None:
    trader = box.client().login()
    trader.place(MARKET, "buy", "0.0001", "12.34")
    before = box.ok("GET", "/ledger")[VENUE]
    assert all(entry["total"] == entry["deposited"] for entry in before.values())
    wallet = {row["id"]: Decimal(row["available"]) for row in trader.private("/v2/wallet")[1]}
    answer = box.ok(
        "POST",
        "/deposit",
        {"venue": VENUE, "account": "config", "currency": "BMX", "amount": "1.000000000000000001"},
    )
    assert Decimal(answer["free"]) == wallet["BMX"] + Decimal("1.000000000000000001")
    after = box.ok("GET", f"/ledger?venue={VENUE}")[VENUE]
    assert Decimal(after["BMX"]["deposited"]) - Decimal(before["BMX"]["deposited"]) == Decimal(
        "1.000000000000000001"
    )
    assert all(entry["total"] == entry["deposited"] for entry in after.values())
    assert after["ETH"] == before["ETH"]


def test_clock_skews_one_venue_and_advances_all(box: Box) -> None:
    trader = box.client().login()
    answer = box.ok("POST", "/clock", {"venue": VENUE, "skew_ms": -90_000})
    assert {venue for venue, skew in answer["skew_ms"].items() if skew} == {VENUE}
    assert answer["skew_ms"][VENUE] == -90_000
    assert NOON - 90_000 <= trader.get("/v2/time")["server_time"] < NOON - 60_000
    box.ok("POST", "/clock", {"venue": VENUE, "skew_ms": 0})
    box.ok("POST", "/clock", {"advance_ms": 800_000})
    assert trader.private("/v2/wallet")[0] == 200
    box.ok("POST", "/clock", {"advance_ms": 100_000})
    assert trader.private("/v2/wallet")[0] == 401
    assert NOON + 900_000 <= trader.get("/v2/time")["server_time"] < NOON + 930_000


def test_requests_are_kept_as_they_came(box: Box) -> None:
    trader = box.client().login()
    trader.place(MARKET, "buy", "0.00005", "1")
    box.ok("POST", "/faults", {"kind": "status", "status": 503, "path": "ping"})
    box.exchange("GET", "/v2/ping?x=1%202", {"a": "b"}, b"")
    _, order, ping = box.ok("GET", f"/requests?venue={VENUE}")
    assert (order["method"], order["path"], order["query"], order["status"]) == (
        "POST",
        "/v2/orders",
        "",
        200,
    )
    assert order["body"] == '{"symbol":"BMX_ETH","amount":1,"price":0.00005,"side":"buy"}'
    text = "amount=1&price=0.00005&side=buy&symbol=BMX_ETH"
    assert order["headers"]["x-bm-signature"] == sign(trader.config["secret"], text)
    assert {
        "query": "x=1%202",
        "headers": {"a": "b"},
        "status": 503,
        "fault": "status",
    }.items() <= ping.items()
    assert box.ok("GET", f"/requests?venue={VENUE}&limit=1") == [ping]
    assert box.ok("GET", f"/requests?venue={VENUE}&limit=0") == []
    for _ in range(REQUESTS_KEPT + 5):
        box.exchange("GET", "/v2/ping", {}, b"")
    assert len(box.ok("GET", f"/requests?venue={VENUE}")) == REQUESTS_KEPT
    assert box.ok("GET", f"/requests?venue={VENUE}&limit=99999")[0]["path"] == "/v2/ping"


def test_overview_tells_what_there_is(box: Box) -> None:
    overview = box.ok("GET", "/")
    assert {"control": "http://c", "seed": 1, "live": False, "limits": "relaxed", "crashes": 0}.items() <= (
        overview.items()
    )
    assert "POST /faults" in overview["calls"]


def test_a_broken_frontend_answers_500_and_is_told_loudly(
    box: Box, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(request: Request) -> None:
        raise ZeroDivisionError("a mistake")

    monkeypatch.setattr(box.world.frontends[VENUE], "answer", broken)
    assert box.exchange("GET", "/v2/ping", {}, b"") == (500, {"message": "Internal Server Error"})
    assert "ZeroDivisionError: a mistake" in capsys.readouterr().err
    assert box.ok("GET", "/")["crashes"] == 1
    [crash] = box.ok("GET", "/crashes")["crashes"]
    assert "ZeroDivisionError: a mistake" in crash


def test_orders_and_trades_have_ccxts_symbol(box: Box) -> None:
    ask = box.ok("GET", f"/book?venue={VENUE}&market={MARKET}")["asks"][0][0]
    assert box.client().login().place(MARKET, "buy", ask, "1")[0] == 200
    [order] = box.ok("GET", f"/orders?venue={VENUE}")
    assert (order["symbol"], order["trigger_price"], order["time_in_force"]) == ("BMX/ETH", None, "GTC")
    assert Decimal(order["average"]) == Decimal(order["cost"]) / Decimal(order["filled"])
    assert {trade["symbol"] for trade in box.ok("GET", f"/trades?venue={VENUE}")} == {"BMX/ETH"}


def test_a_balance_is_the_sum_of_all_wallets(box: Box) -> None:
    money = box.ok("GET", "/accounts?venue=btex")["btex"]["config"]
    for wallet in money:
        told = box.ok("GET", f"/balance?venue=btex&account=config&wallet={wallet}")["USDT"]
        assert told["free"] == money[wallet].get("USDT", {"free": "0"})["free"]
    sums = box.ok("GET", "/balance?venue=btex&account=config")["USDT"]
    free = sum(Decimal(each["USDT"]["free"]) for each in money.values() if "USDT" in each)
    assert (Decimal(sums["free"]), Decimal(sums["total"])) == (free, free + Decimal(sums["held"]))


def test_positions_are_told_as_decimal_texts(box: Box) -> None:
    engine = box.world.frontends["btex"].engine
    for account, side in (("config", "sell"), ("counterparty", "buy")):
        engine.place(account, "3", side, None, Decimal(2), type="market")
    rows = box.ok("GET", "/positions?venue=btex")
    assert [(row["account"], row["side"], row["amount"]) for row in rows] == [
        ("config", "short", "2"),
        ("counterparty", "long", "2"),
    ]
    assert {row["symbol"] for row in rows} == {"BTC/USDT:USDT"}
    assert all(isinstance(row[name], str) for row in rows for name in ("id", "opened", "entry_price"))
    assert box.ok("GET", "/positions?venue=btex&account=config") == rows[:1]
    assert box.ok("GET", "/positions?venue=btex&market=ETH/USDT:USDT") == []


def test_a_fault_is_known_by_its_id(box: Box) -> None:
    first = box.ok("POST", "/faults", {"kind": "empty", "count": 2})["id"]
    second = box.ok("POST", "/faults", {"kind": "empty"})["id"]
    box.exchange("GET", "/v2/ping", {}, b"")
    assert box.ok("GET", f"/faults?id={first}") == {"id": first, "met": 1, "left": 1}
    assert [(row["id"], row["met"]) for row in box.ok("GET", "/faults")["faults"]] == [
        (first, 1),
        (second, 0),
    ]
    assert box.ok("DELETE", "/faults", {"id": first}) == {"removed": 1}
    assert box.ok("DELETE", "/faults", {"id": first}) == {"removed": 0}
    assert box.ok("GET", f"/faults?id={first}") == {"id": first, "met": 1, "left": 0}
    assert box.ok("GET", f"/faults?id={second}")["left"] == 1
    box.ok("POST", "/reset")
    assert box.call("GET", f"/faults?id={first}") == (
        400,
        {"error": f"since the reset there was no fault {first}"},
    )
    assert box.ok("POST", "/faults", {"kind": "empty"})["id"] > second


DEPOSIT = {"venue": VENUE, "account": "config", "currency": "BTC", "amount": "1"}


@pytest.mark.parametrize(
    ("method", "target", "fields", "status", "message"),
    [
        ("POST", "/reset", {"seed": "1"}, 400, "'seed' must be a whole number"),
        ("POST", "/reset", {"seed": True}, 400, "'seed' must be a whole number"),
        ("POST", "/reset", {"sed": 1}, 400, "unknown field 'sed'"),
        ("POST", "/reset", [1], 400, "must be a JSON object"),
        ("POST", "/clock", {}, 400, "'skew_ms' with 'venue', 'advance_ms', 'at_ms' or 'freeze' is needed"),
        ("POST", "/clock", {"skew_ms": 1}, 400, "go together"),
        ("POST", "/clock", {"venue": VENUE, "advance_ms": 1}, 400, "go together"),
        ("POST", "/clock", {"venue": "x", "skew_ms": 1}, 400, "unknown venue 'x'"),
        ("POST", "/clock", {"advance_ms": -1}, 400, "'advance_ms' must be a whole number from 0"),
        ("POST", "/clock", {"advance_ms": 1.5}, 400, "'advance_ms' must be a whole number"),
        ("POST", "/clock", {"advance_ms": 10**30}, 400, "'advance_ms' must be a whole number"),
        ("POST", "/deposit", {**DEPOSIT, "amount": "-1"}, 400, "'amount' must be a positive decimal"),
        ("POST", "/deposit", {**DEPOSIT, "amount": "0"}, 400, "'amount' must be a positive decimal"),
        ("POST", "/deposit", {**DEPOSIT, "amount": 0.1}, 400, "'amount' must be a positive decimal"),
        ("POST", "/deposit", {**DEPOSIT, "amount": "NaN"}, 400, "'amount' must be a positive decimal"),
        ("POST", "/deposit", {**DEPOSIT, "amount": "1e5"}, 400, "'amount' must be a positive decimal"),
        ("POST", "/deposit", {**DEPOSIT, "amount": "9" * 35}, 400, "bad_amount"),
        ("POST", "/deposit", {**DEPOSIT, "account": "me"}, 400, "unknown account 'me'"),
        ("POST", "/deposit", {**DEPOSIT, "wallet": "spot"}, 400, "unknown wallet 'spot'; there are main"),
        ("POST", "/deposit", {**DEPOSIT, "currency": "XYZ"}, 400, "unknown currency 'XYZ'"),
        ("POST", "/deposit", {**DEPOSIT, "currency": ["BTC"]}, 400, "unknown currency"),
        ("POST", "/deposit", {}, 400, "'venue' is missing"),
        ("GET", "/orders", None, 400, "'venue' is missing"),
        ("GET", "/orders?venue=x", None, 400, "unknown venue 'x'"),
        ("GET", "/orders?venue=bitmart2&market=x", None, 400, "unknown market 'x'"),
        ("GET", "/orders?venue=bitmart2&status=x", None, 400, "unknown status 'x'"),
        ("GET", "/book?venue=bitmart2", None, 400, "'market' is missing"),
        ("GET", "/book?venue=bitmart2&market=BMX_ETH&depth=-1", None, 400, "'depth' must be a whole number"),
        ("GET", "/requests?venue=bitmart2&limt=1", None, 400, "unknown field 'limt'"),
        ("GET", "/ledger?venue=", None, 400, "unknown venue ''"),
        ("PUT", "/reset", None, 405, "/reset takes POST, not PUT"),
        ("PATCH", "/faults", None, 405, "/faults takes DELETE and GET and POST, not PATCH"),
        ("GET", "/nothing", None, 404, "no such call; there are GET /, POST /reset"),
    ],
)
def test_bad_calls_get_one_clear_message(
    still: Box, method: str, target: str, fields: Any, status: int, message: str
) -> None:
    got, answer = still.call(method, target, fields)
    assert got == status
    assert list(answer) == ["error"]
    assert message in answer["error"]
    assert "\n" not in answer["error"]


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 100_000, b"NaN", b'{"seed": NaN}', b"1" * 5000])
def test_bodies_that_are_not_json(still: Box, body: bytes) -> None:
    status, answer = still.control.handle("POST", "/reset", "", body)
    assert status == 400
    assert "JSON" in answer["error"]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)
NAMES = st.sampled_from(
    [
        *("venue", "kind", "count", "path", "method", "ms", "status", "body", "account", "currency"),
        *("amount", "market", "seed", "depth", "order", "limit", "message", "code", "call", "like", "oldest"),
    ]
)
KNOWN = st.sampled_from([VENUE, MARKET, "status", "latency", "config", "BTC", "1", 1])


@settings(max_examples=300, deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "DELETE"]),
    path=st.sampled_from(
        ["/faults", "/deposit", "/cancel", "/markets", "/orders", "/trades", "/book", "/requests", "/ledger"]
    ),
    fields=st.dictionaries(NAMES, KNOWN | ANYTHING, max_size=5),
)
def test_no_input_breaks_the_control(still: Box, method: str, path: str, fields: dict[str, Any]) -> None:
    query = "&".join(f"{name}={quote(str(value))}" for name, value in fields.items())
    status, answer = still.call(method, f"{path}?{query}" if method == "GET" else path, fields)
    assert status in (200, 400, 405)
    assert (status == 200) == ("error" not in answer)


@pytest.mark.parametrize(
    ("venue", "symbol", "market"),
    [
        ("bitmart2", "BTC/USDT", "BTC_USDT"),
        ("bitexasia", "BTC/USD", "BTC-USD"),
        ("bitmaxfutures", "BTC/USDT:USDT", "BTC-PERP"),
        ("btex", "BTC/USD:BTC", "1"),
        ("btex", "BTC/USDT:USDT-210326", "102"),
    ],
)
def test_a_market_goes_by_its_symbol_too(venue: str, symbol: str, market: str) -> None:
    box = SandboxBox(venue)
    by_symbol = box.ok("GET", f"/book?venue={venue}&market={symbol}&depth=3")
    assert by_symbol == box.ok("GET", f"/book?venue={venue}&market={market}&depth=3")


def test_more_requests_than_there_are_can_be_asked_for() -> None:
    box = SandboxBox("bitmart2")
    for _ in range(5):
        box.send("bitmart2", "GET", "/v2/time")
    assert len(box.ok("GET", "/requests?venue=bitmart2&limit=7")) == 5
    assert len(box.ok("GET", "/requests?venue=bitmart2&limit=3")) == 3
    assert box.ok("GET", "/requests?venue=bitmart2&limit=0") == []


def test_of_orders_and_trades_the_latest_can_be_asked_for() -> None:
    box = SandboxBox("bitmart2")
    engine = box.world.frontends["bitmart2"].engine
    market = engine.markets[MARKET]
    for account in ("config", "counterparty", "config"):
        box.place("bitmart2", MARKET, 3)
        engine.place(account, MARKET, "buy", market.best_ask, market.spec.min_amount * 1000)
    for path in ("/orders?venue=bitmart2", "/trades?venue=bitmart2", "/orders?venue=bitmart2&status=open"):
        whole = box.ok("GET", path)
        times = [int(row.get("timestamp") or row["created"]) for row in whole]
        assert times == sorted(times, reverse=True) and len(whole) >= 3
        for limit in (0, 1, 2, len(whole), len(whole) + 5):
            assert box.ok("GET", f"{path}&limit={limit}") == whole[:limit]
        assert box.call("GET", f"{path}&limit=-1")[0] == 400
    chosen = box.ok("GET", "/orders?venue=bitmart2&account=counterparty")
    assert {row["account"] for row in chosen} == {"counterparty"}
    of_order = box.ok("GET", f"/trades?venue=bitmart2&order={chosen[0]['id']}")
    assert {row["order"] for row in of_order} == {chosen[0]["id"]}
