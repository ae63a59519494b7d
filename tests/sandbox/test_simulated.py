"""Venues without a frontend of their own: how a sandbox gets them, and that all of it works on them."""

import hashlib
import json

import pytest
import requests

from ccxt_ext.sandbox import Sandbox, SandboxError

SPOT = {
    "symbol": "SOL/USDC",
    "type": "spot",
    "base": "SOL",
    "quote": "USDC",
    "precision": {"price": 0.01, "amount": 0.001},
    "limits": {"amount": {"min": 0.01, "max": 9000}, "cost": {"min": 10}},
    "maker": 0.0002,
    "taker": 0.0004,
}
SWAP = {
    "symbol": "DOGE/USDT:USDT",
    "type": "swap",
    "linear": True,
    "base": "DOGE",
    "quote": "USDT",
    "settle": "USDT",
    "contractSize": 100,
    "precision": {"price": 1e-05, "amount": 1},
    "limits": {"leverage": {"max": 50}},
}


class Caller:
    def __init__(self, accounts, account="config"):
        config = accounts[account]
        self.url = config["urls"]["api"]["rest"]
        hashes = {name: hashlib.sha256(config[name].encode()).hexdigest() for name in ("apiKey", "secret")}
        self.headers = {"x-simulated-key": json.dumps(hashes)}

    def answer(self, name, given=None, headers=None, **query):
        headers = self.headers if headers is None else headers
        if given is None:
            return requests.get(f"{self.url}/{name}", query, headers=headers)
        return requests.post(f"{self.url}/{name}", json=given, headers=headers)

    def __call__(self, name, given=None, **query):
        answer = self.answer(name, given, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    def refused(self, name, given=None, **query):
        answer = self.answer(name, given, **query)
        assert answer.status_code >= 400
        return answer.json()["error"]["kind"]


@pytest.fixture(scope="module")
def shared():
    with Sandbox(venues=[], simulated=["kraken"], clock="frozen", start_ms=1_700_000_000_000) as sandbox:
        sandbox.simulate("okx", [SPOT, SWAP])
        yield sandbox


@pytest.fixture
def box(shared):
    shared.control("POST", "/reset", {"seed": 1})
    shared.control("DELETE", "/faults")
    return shared


@pytest.fixture
def call(box):
    return Caller(box.describe()["venues"]["kraken"])


@pytest.fixture
def okx(box):
    return Caller(box.describe()["venues"]["okx"])


def order(symbol="BTC/USDT", **fields):
    return {"symbol": symbol, "type": "limit", "side": "buy", "amount": "0.1", "price": "50000", **fields}


def test_its_markets_are_a_plain_default(box):
    rows = box.control("GET", "/markets?venue=kraken")["kraken"]
    assert [row["symbol"] for row in rows] == ["BTC/USDT", "ETH/USDT", "BTC/USDT:USDT"]


def test_its_markets_are_those_that_ccxt_tells(box):
    spot, swap = box.control("GET", "/markets?venue=okx")["okx"]
    assert spot["tick"] == "0.01" and spot["step"] == "0.001" and spot["min_amount"] == "0.01"
    assert spot["min_cost"] == "10" and spot["max_amount"] == "9000" and spot["taker_fee"] == "0.0004"
    assert swap["kind"] == "linear" and swap["tick"] == "0.00001" and swap["step"] == "1"


@pytest.mark.parametrize(
    ("mode", "price", "amount", "tick", "step"),
    [(2, 3, 0, "0.001", "1"), (3, 5, 8, "0.0001", "0.00000001"), (4, 0.5, 2, "0.5", "2")],
)
def test_a_precision_is_read_by_its_mode(mode, price, amount, tick, step):
    from ccxt_ext.sandbox.frontends import described

    told = {**SPOT, "precision": {"price": price, "amount": amount}, "limits": {}}
    spec = described("okx", {"markets": [told], "precisionMode": mode}).listings[0].spec
    assert (f"{spec.tick:f}", f"{spec.step:f}") == (tick, step)


def test_options_are_left_out_and_nothing_is_not_enough(box):
    option = {**SPOT, "type": "option", "symbol": "BTC/USDT:USDT-260101-50000-C"}
    box.simulate("gate", [SPOT, option])
    assert len(box.control("GET", "/markets?venue=gate")["gate"]) == 1
    with pytest.raises(SandboxError, match="none of these markets can be simulated"):
        box.simulate("huobi", [option])
    assert "huobi" not in box.describe()["venues"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"venue": "Kra ken"}, "by their ids in ccxt"),
        ({"venue": "bybit", "markets": 5}, "a list or a table"),
        ({"venue": "bybit", "markets": [{"symbol": "BTC/USDT"}]}, "needs a symbol and a type"),
        ({"venue": "bybit", "markets": [{**SPOT, "precision": {"price": "x"}}]}, "'x' is no number"),
        ({"venue": "bybit", "precisionMode": 7}, "precisionMode is 2, 3 or 4"),
        ({"venue": "bybit", "marktes": []}, "not 'marktes'"),
        ({}, "'venue' must be an id"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(box, fields, words):
    with pytest.raises(SandboxError, match=words):
        box.control("POST", "/venues", fields)


def test_a_venue_with_a_frontend_is_not_simulated():
    with Sandbox(venues=["btex"]) as box, pytest.raises(SandboxError, match="btex is served already"):
        box.simulate("btex")
    with pytest.raises(ValueError, match="btex is served already"):
        Sandbox(venues=["btex"], simulated=["btex"]).start()


def test_it_is_added_once(box):
    before = box.describe()["venues"]["okx"]
    assert box.simulate("okx", [SPOT, SWAP]) == before
    with pytest.raises(SandboxError, match="okx is here already, with other markets"):
        box.simulate("okx")


def test_a_wrong_key_is_refused(call):
    for headers in (
        {},
        {"x-simulated-key": "{}"},
        {"x-simulated-key": '{"apiKey": "x"}'},
        {"x-simulated-key": "["},
    ):
        answer = call.answer("fetchBalance", headers=headers)
        assert answer.status_code == 401 and answer.json()["error"]["kind"] == "authentication"
    half = {**json.loads(call.headers["x-simulated-key"]), "secret": "0" * 64}
    assert call.answer("fetchBalance", headers={"x-simulated-key": json.dumps(half)}).status_code == 401


def test_no_credential_is_seen_in_a_request(box, call):
    call("fetchBalance")
    config = box.config("kraken")
    seen = json.dumps(box.control("GET", "/requests?venue=kraken"))
    assert config["apiKey"] not in seen and config["secret"] not in seen


def test_orders_are_traded_and_told(box, call):
    placed = call("createOrder", order(clientOrderId="mine"))
    assert placed["status"] == "open" and placed["clientOrderId"] == "mine"
    (truth,) = box.control("GET", "/orders?venue=kraken&account=config")
    assert (truth["id"], truth["market"], truth["price"]) == (placed["id"], "BTC/USDT", "50000")
    assert call.refused("cancelOrder", {"id": placed["id"], "symbol": "ETH/USDT"}) == "unknown_order"
    box.price("kraken", "BTC/USDT", 49_000)
    assert call("fetchOrder", id=placed["id"])["status"] == "closed"
    assert [row["order"] for row in call("fetchMyTrades", symbol="BTC/USDT")] == [placed["id"]]
    assert call.refused("createOrder", order(clientOrderId="mine")) == "duplicate_client_id"
    assert call.refused("cancelOrder", {"id": placed["id"]}) == "not_open"
    assert call.refused("cancelOrder", {"clientOrderId": "other"}) == "unknown_order"


def test_an_order_by_cost_spends_no_more(call):
    row = call("createOrder", {"symbol": "BTC/USDT", "type": "market", "side": "buy", "cost": "1000"})
    assert row["status"] == "closed" and 990 < float(row["cost"]) <= 1000


def test_an_edited_order_is_another_one(call):
    placed = call("createOrder", order())
    edited = call("editOrder", {**order(price="51000"), "id": placed["id"]})
    assert edited["id"] != placed["id"] and edited["price"] == "51000" and edited["amount"] == "0.1"
    assert [row["id"] for row in call("fetchOpenOrders")] == [edited["id"]]
    bad = {**order(price="51000.001"), "id": edited["id"]}
    assert call.refused("editOrder", bad) == "bad_order"
    assert [row["id"] for row in call("fetchOpenOrders")] == [edited["id"]]


def test_some_of_many_orders_are_refused(call):
    first, second = call("createOrders", {"orders": [order(), order(amount="99999")]})
    assert first["status"] == "open"
    assert second["status"] == "rejected" and second["error"]["kind"] == "insufficient_funds"


def test_waiting_orders_are_listed_apart_if_asked_for(call):
    call("createOrder", order())
    waiting = call("createOrder", order(triggerPrice="70000", price="70100"))
    assert len(call("fetchOpenOrders")) == 2
    assert [row["id"] for row in call("fetchOpenOrders", trigger="true")] == [waiting["id"]]
    assert [row["id"] for row in call("cancelAllOrders", {"trigger": True})] == [waiting["id"]]


def test_positions_are_opened_and_closed(okx):
    symbol = "DOGE/USDT:USDT"
    okx("setLeverage", {"symbol": symbol, "leverage": "10"})
    okx("createOrder", {"symbol": symbol, "type": "market", "side": "sell", "amount": "5"})
    (position,) = okx("fetchPositions")
    assert (position["side"], position["contracts"], position["leverage"]) == ("short", "5", "10")
    assert 50 < float(position["notional"]) < 90  # five contracts of a hundred
    assert okx.refused("setLeverage", {"symbol": symbol, "leverage": "51"}) == "bad_leverage"
    okx("closePosition", {"symbol": symbol})
    assert okx("fetchPositions") == [] and len(okx("fetchPositionsHistory")) == 1


def test_lists_go_by_since_and_limit(call):
    ids = [call("createOrder", order(price=str(50_000 + step)))["id"] for step in range(3)]
    assert [row["id"] for row in call("fetchOrders", limit=2)] == ids[1:]
    assert [row["id"] for row in call("fetchOrders", since=0, limit=2)] == ids[:2]


def test_faults_and_skew_are_as_on_any_venue(box, call):
    box.control(
        "POST", "/faults", {"venue": "kraken", "kind": "status", "status": 502, "path": "fetchTicker"}
    )
    assert call("fetchTime")
    assert call.answer("fetchTicker", symbol="BTC/USDT").status_code == 502
    box.control("POST", "/faults", {"venue": "kraken", "kind": "refuse", "code": "InsufficientFunds"})
    assert call.refused("createOrder", order()) == "InsufficientFunds"
    box.control("POST", "/faults", {"venue": "kraken", "kind": "maintenance"})
    assert call.refused("fetchTime") == "maintenance"
    before = call("fetchTime")
    box.control("POST", "/clock", {"venue": "kraken", "skew_ms": 5000})
    assert call("fetchTime") == before + 5000


def test_a_market_is_changed_listed_and_delisted(box, call):
    box.change_market("kraken", "BTC/USDT", tick="0.5")
    assert call.refused("createOrder", order(price="50000.25")) == "price_precision"
    box.halt("kraken", "BTC/USDT")
    assert call.refused("createOrder", order()) == "market_closed"
    box.control("POST", "/markets", {"venue": "kraken", "like": "ETH/USDT", "market": "SOL/USDT"})
    assert call("fetchTicker", symbol="SOL/USDT")["last"]
    with pytest.raises(SandboxError, match=r"is named like SOL/USDT"):
        box.control("POST", "/markets", {"venue": "kraken", "like": "ETH/USDT", "market": "SOL/EUR"})
    box.delist("kraken", "SOL/USDT")
    assert call.refused("fetchTicker", symbol="SOL/USDT") == "unknown_market"


def test_a_reset_keeps_it_with_its_markets(box, okx):
    okx("createOrder", order("SOL/USDC", amount="1", price="100"))
    box.control("POST", "/reset")
    assert okx("fetchOrders") == [] and okx("fetchTicker", symbol="SOL/USDC")


def test_a_state_from_before_is_brought_back_without_it(box):
    kept = box.snapshot()
    call = Caller(box.simulate("mexc"))
    call("createOrder", order())
    box.restore(kept)
    assert call("fetchOrders") == []


def test_a_file_has_it(box, okx, tmp_path):
    placed = okx("createOrder", order("SOL/USDC", amount="1", price="100"))
    box.save(tmp_path / "state.box")
    with Sandbox(load=tmp_path / "state.box") as again:
        assert again.describe()["venues"].keys() == box.describe()["venues"].keys()
        there = Caller(again.describe()["venues"]["okx"])
        assert there("fetchOpenOrders")[0]["id"] == placed["id"]
        again.control("POST", "/reset")
        assert there("fetchOpenOrders") == []


def test_prices_accounts_candles_and_books_are_set_for_it_at_the_start():
    with Sandbox(
        venues=[],
        simulated={"kraken": None, "okx": {"markets": [SPOT, SWAP]}},
        prices={"BTC": 20_000, "okx:SOL/USDC": "99"},
        accounts={"kraken/config": {"USDT": "77"}, "extra": {"USDT": "5"}},
        candles={"kraken:ETH/USDT": {"rows": [[1_700_000_000_000 // 60_000 * 60_000, 9, 9, 9, 9, 1]]}},
        book={"kraken:BTC/USDT": {"levels": 3}},
        clock="frozen",
        start_ms=1_700_000_100_000,
    ) as box:
        call = Caller(box.describe()["venues"]["kraken"])
        assert abs(float(call("fetchTicker", symbol="BTC/USDT")["last"]) - 20_000) < 1
        assert call("fetchBalance")["currencies"]["USDT"]["free"] == "77"
        assert len(call("fetchOrderBook", symbol="BTC/USDT")["bids"]) == 3
        assert call("fetchOHLCV", symbol="ETH/USDT")[-1][4] == "9"
        assert Caller(box.describe()["venues"]["okx"])("fetchTicker", symbol="SOL/USDC")["last"] == "99"
        later = Caller(box.simulate("mexc"), "extra")
        assert later("fetchBalance")["currencies"]["USDT"]["free"] == "5"


def test_the_ledger_balances(box, call, okx):
    call("createOrder", order(type="market", price=None))
    okx("createOrder", {"symbol": "DOGE/USDT:USDT", "type": "market", "side": "buy", "amount": "50"})
    box.advance(hours=9)
    for sums in box.control("GET", "/ledger").values():
        assert all(entry["total"] == entry["deposited"] for entry in sums.values())
