"""Markets that are changed, halted and delisted while clients run, on every venue."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import ccxt
import pytest

from ccxt_ext.sandbox import Sandbox, SandboxError
from tests.ids import IDS
from tests.sandbox.control_box import Box

D = Decimal
MARKETS = {
    "bitmart2": ("BTC_USDT", "BTC/USDT"),
    "bitexbit": ("BTC_USDT", "BTC/USDT"),
    "bitexasia": ("SOL-USDT", "SOL/USDT"),
    "bitmaxfutures": ("BTC-PERP", "BTC/USDT:USDT"),
    "btex": ("3", "BTC/USDT:USDT"),
}
SYMBOLS = [(venue, *names) for venue, names in MARKETS.items()] + [("btex", "BTC_USDT", "BTC/USDT")]
"""For each kind of market of each venue: its name and its symbol."""
FINER_STEP = {
    "bitmart2": {"step": "0.001", "min_amount": "0.002"},
    "bitexbit": {"step": "0.0001", "min_amount": "0.002", "min_cost": "3"},
    "bitexasia": {"min_amount": "0.05"},
    "bitmaxfutures": {"step": "0.001", "min_amount": "0.001"},
    "btex": {"min_amount": "5", "max_amount": "900"},
}


@pytest.fixture(scope="module")
def running():
    with Sandbox() as sandbox:
        yield sandbox


def client(sandbox: Sandbox, venue: str, account: str = "config") -> Any:
    return getattr(ccxt, venue)(sandbox.config(venue, account))


def row(sandbox: Sandbox, venue: str, market: str) -> dict[str, Any]:
    rows = sandbox.control("GET", f"/markets?venue={venue}")[venue]
    return next(row for row in rows if row["market"] == market)


@pytest.mark.parametrize(("venue", "market", "symbol"), SYMBOLS)
def test_what_the_venue_tells_follows(sandbox: Sandbox, venue: str, market: str, symbol: str) -> None:
    earlier, loaded = client(sandbox, venue), client(sandbox, venue)
    before = loaded.load_markets()[symbol]
    tick = D(row(sandbox, venue, market)["tick"]) * 10
    sandbox.change_market(venue, market, tick=tick)
    after = loaded.load_markets(True)[symbol]
    assert after["precision"]["price"] == float(tick) != before["precision"]["price"]
    bid = loaded.fetch_order_book(symbol)["bids"][0][0]
    assert D(str(bid)) % tick == 0
    amount = before["limits"]["amount"]["min"] * 10
    order = loaded.create_order(symbol, "limit", "buy", amount, bid)
    assert loaded.fetch_order(order["id"], symbol)["status"] == "open"
    earlier.markets = None
    earlier.load_markets()
    earlier.markets[symbol]["precision"]["price"] = before["precision"]["price"]
    with pytest.raises(ccxt.InvalidOrder):
        earlier.create_order(symbol, "limit", "buy", amount, bid - float(tick) / 2)


@pytest.mark.parametrize("venue", IDS)
def test_steps_sizes_and_fees_follow(sandbox: Sandbox, venue: str) -> None:
    symbol = MARKETS[venue][1]
    fees = {"maker_fee": "0.003", "taker_fee": "0.003"}
    changed = sandbox.change_market(venue, symbol, **FINER_STEP[venue], **fees)
    assert {name: changed[name] for name in fees} == fees
    told = client(sandbox, venue).load_markets()[symbol]
    wanted = FINER_STEP[venue]
    assert told["limits"]["amount"]["min"] == float(wanted["min_amount"])
    if "step" in wanted:
        assert told["precision"]["amount"] == float(wanted["step"])
    trader = client(sandbox, venue)
    price = trader.fetch_order_book(symbol)["asks"][0][0]
    order = trader.create_order(symbol, "limit", "buy", float(wanted["min_amount"]) * 2, price)
    engine_row = next(
        each for each in sandbox.control("GET", f"/trades?venue={venue}") if each["order"] == order["id"]
    )
    base = D(engine_row["amount"]) if engine_row["fee_currency"] == symbol[:3] else D(engine_row["cost"])
    assert abs(D(engine_row["fee"]) - base * D("0.003")) < D("0.00000001")


@pytest.mark.parametrize(("venue", "market", "symbol"), SYMBOLS)
def test_a_halted_market_refuses_orders_in_the_venues_way(
    sandbox: Sandbox, venue: str, market: str, symbol: str
) -> None:
    trader = client(sandbox, venue)
    limits = trader.load_markets()[symbol]["limits"]["amount"]
    bid = trader.fetch_order_book(symbol)["bids"][3][0]
    mine = trader.create_order(symbol, "limit", "buy", limits["min"] * 10, bid)
    sandbox.halt(venue, symbol)
    assert row(sandbox, venue, market)["status"] == "halted"
    with pytest.raises(ccxt.ExchangeError):
        trader.create_order(symbol, "limit", "buy", limits["min"] * 10, bid)
    assert trader.fetch_order(mine["id"], symbol)["status"] == "open"
    if venue != "bitmart2":  # which has no word for it
        assert client(sandbox, venue).load_markets()[symbol]["active"] is False
    trader.cancel_order(mine["id"], symbol)
    sandbox.resume(venue, symbol)
    assert client(sandbox, venue).load_markets()[symbol]["active"] is True
    trader.create_order(symbol, "limit", "buy", limits["min"] * 10, bid)


@pytest.mark.parametrize(("venue", "market", "symbol"), SYMBOLS)
def test_a_delisted_market_is_gone_and_its_orders_can_be_looked_up(
    sandbox: Sandbox, venue: str, market: str, symbol: str
) -> None:
    trader = client(sandbox, venue)
    limits = trader.load_markets()[symbol]["limits"]["amount"]
    book = trader.fetch_order_book(symbol)
    mine = trader.create_order(symbol, "limit", "buy", limits["min"] * 10, book["bids"][3][0])
    done = trader.create_order(symbol, "limit", "buy", limits["min"] * 10, book["asks"][0][0])
    sandbox.delist(venue, symbol)
    with pytest.raises(ccxt.ExchangeError):
        trader.create_order(symbol, "limit", "buy", limits["min"] * 10, book["bids"][3][0])
    shown = sandbox.control("GET", f"/orders?venue={venue}&account=config")
    assert {each["id"]: each["status"] for each in shown} == {mine["id"]: "canceled", done["id"]: "closed"}
    assert trader.fetch_order(done["id"], symbol)["status"] == "closed"
    told_of_all = (venue, symbol) != ("btex", "BTC/USDT")  # the spot API tells of what traded alone
    if told_of_all:
        assert trader.fetch_order(mine["id"], symbol)["status"] == "canceled"
    for name in ("fetchMyTrades", "fetchClosedOrders"):
        if trader.has[name] and (told_of_all or name == "fetchMyTrades"):
            [found] = getattr(trader, name)(symbol)
            assert done["id"] in (found["id"], found.get("order"))
    if trader.has["fetchPositions"] and ":" in symbol:
        assert trader.fetch_positions() == []
    told = client(sandbox, venue).load_markets().get(symbol)
    assert told is None or told["active"] is False
    trader.fetch_balance()
    if trader.has["fetchTickers"] is True:
        trader.fetch_tickers()
    ledger = sandbox.control("GET", f"/ledger?venue={venue}")[venue]
    assert all(each["total"] == each["deposited"] for each in ledger.values())
    with pytest.raises(SandboxError, match=r"delisted|unknown market"):
        sandbox.resume(venue, market)
    with pytest.raises(SandboxError, match=r"delisted|unknown market"):
        sandbox.delist(venue, market)
    sandbox.advance(hours=9)


@pytest.mark.parametrize("venue", ["bitmaxfutures", "btex"])
def test_the_funding_rate_is_what_was_said(sandbox: Sandbox, venue: str) -> None:
    market, symbol = MARKETS[venue]
    assert sandbox.change_market(venue, market, funding_rate="0.0123")["funding_rate"] == "0.0123"
    assert client(sandbox, venue).fetch_funding_rate(symbol)["fundingRate"] == pytest.approx(0.0123)
    assert sandbox.change_market(venue, market, funding_rate=None)["funding_rate"] != "0.0123"


@pytest.mark.parametrize(
    ("venue", "fields", "says"),
    [
        ("bitexasia", {}, "nothing to change; there are tick, step"),
        ("bitexasia", {"price": "1"}, "unknown field 'price'"),
        ("bitexasia", {"market": "XXX-USD", "tick": "1"}, "unknown market"),
        ("bitexasia", {"step": "0.01"}, "bitexasia cannot have the step 0.01 for SOL-USDT"),
        ("bitexasia", {"maker_fee": "0.01"}, "bitexasia cannot have the maker_fee 0.01 for SOL-USDT"),
        ("bitexasia", {"tick": "0"}, "'tick' must be a positive decimal"),
        ("bitexasia", {"tick": "100"}, "'tick' must be at most a 10th of the price"),
        ("bitexasia", {"tick": 0.1}, "'tick' must be a positive decimal"),
        ("bitexasia", {"taker_fee": "1.5"}, "'taker_fee' must be a share between -1 and 1"),
        ("bitexasia", {"funding_rate": "0.1"}, "SOL-USDT has no funding"),
        ("bitexasia", {"status": "gone"}, "unknown status 'gone'; there are open, halted"),
        ("bitexasia", {"min_amount": "1" * 32}, "too many digits"),
        ("bitexbit", {"min_amount": "5", "max_amount": "4"}, "no amount is a multiple"),
        ("bitmaxfutures", {"min_amount": "5"}, "cannot have the min_amount 5"),
        ("bitmaxfutures", {"step": "0.01"}, "cannot have that without the min_amount 0.01"),
        ("btex", {"step": "0.5"}, "cannot have the step 0.5"),
        ("btex", {"min_amount": "2.5"}, "cannot have the min_amount 2.5"),
        ("bitmart2", {"tick": "0.05"}, "cannot have the tick 0.05"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    venue: str, fields: dict[str, Any], says: str
) -> None:
    box = BOX
    before = box.ok("GET", "/markets")
    status, answer = box.call("PATCH", "/markets", {"venue": venue, "market": MARKETS[venue][0], **fields})
    assert status == 400 and says in answer["error"]
    assert box.ok("GET", "/markets") == before


BOX = Box()


def test_markets_are_shown() -> None:
    box = Box("btex")
    rows = {each["market"]: each for each in box.ok("GET", "/markets")["btex"]}
    assert rows["1"] == {
        "market": "1",
        "symbol": "BTC/USD:BTC",
        "kind": "inverse",
        "status": "open",
        "tick": "0.01",
        "step": "1",
        "min_amount": "10",
        "max_amount": "50000",
        "min_cost": "0",
        "maker_fee": "-0.0005",
        "taker_fee": "0.0015",
        "funding_rate": rows["1"]["funding_rate"],
    }
    assert rows["5"]["status"] == "halted"
    assert rows["BTC_USDT"]["kind"] == "spot" and rows["BTC_USDT"]["funding_rate"] is None
    box.ok("POST", "/clock", {"advance_ms": 120 * 86_400_000})
    box.ok("DELETE", "/markets", {"venue": "btex", "market": "2"})
    rows = {each["market"]: each for each in box.ok("GET", "/markets")["btex"]}
    assert rows["101"]["status"] == "expired" and rows["2"]["status"] == "delisted"


def test_a_fault_may_halt_a_market_after_a_request() -> None:
    box = Box("bitexasia")
    call = {
        "method": "PATCH",
        "path": "/markets",
        "body": {"venue": "bitexasia", "market": "BTC-USD", "status": "halted"},
    }
    box.ok("POST", "/faults", {"kind": "then", "call": call})
    box.send("bitexasia", "GET", "/v1/markets")
    assert box.send("bitexasia", "GET", "/v1/markets")[1]["markets"][0]["status"] == "halted"


def test_changes_come_back_with_a_snapshot() -> None:
    box = Box("bitexbit")
    change = {"venue": "bitexbit", "market": "BTC_USDT"}
    box.ok("PATCH", "/markets", {**change, "tick": "0.1", "taker_fee": "0.01", "maker_fee": "0.01"})
    box.ok("DELETE", "/markets", {"venue": "bitexbit", "market": "LTC_USD"})
    box.ok("POST", "/snapshot", {"name": "here"})
    before = box.ok("GET", "/markets"), box.send("bitexbit", "GET", "/api/v2/public/pairs")
    box.ok("POST", "/reset")
    assert box.ok("GET", "/markets") != before[0]
    box.ok("POST", "/restore", {"snapshot": "here"})
    assert (box.ok("GET", "/markets"), box.send("bitexbit", "GET", "/api/v2/public/pairs")) == before
    assert "LTC_USD" not in [each["symbol"] for each in before[1][1]]
