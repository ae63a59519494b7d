"""Clients and a venue that is not kind: nothing that lives is taken for dead, and nothing is missed."""

import pytest

import ccxt_ext
from ccxt_ext.sandbox import Sandbox


def clients(sandbox, id):
    return [getattr(ccxt_ext, id)(sandbox.config(id, account)) for account in ("config", "counterparty")]


def test_bitexbit_deposits_are_whole_while_more_come(sandbox):
    exchange = ccxt_ext.bitexbit(sandbox.config("bitexbit"))
    exchange.load_markets()
    body = {"venue": "bitexbit", "account": "config", "currency": "USDT", "amount": "1.5"}
    before = exchange.fetch_deposits(None, None, None, {"method": "gateway"})
    fault = {"kind": "then", "venue": "bitexbit", "path": "/wallet/history$", "count": 3}
    sandbox.control("POST", "/faults", {**fault, "call": {"path": "/deposit", "body": body}})
    told = exchange.fetch_deposits(None, None, None, {"method": "gateway", "limit": 2})
    assert sandbox.control("GET", "/faults") == {"faults": []}
    ids = [row["id"] for row in told]
    assert len(ids) == len(set(ids))
    assert {row["id"] for row in before} <= set(ids)
    # What came while the pages were turned is there too, all but what came after the last look.
    assert len(ids) >= len(before) + 2


def test_bitmart2_trades_that_do_not_tell_their_side():
    with Sandbox(["bitmart2"], seed=7, options={"bitmart2": {"entrustType": False}}) as sandbox:
        exchange = ccxt_ext.bitmart2(sandbox.config("bitmart2"))
        book = exchange.fetch_order_book("BTC/USDT")
        exchange.create_order("BTC/USDT", "limit", "buy", 0.001, book["asks"][0][0])
        exchange.create_order("BTC/USDT", "limit", "sell", 0.002, book["bids"][0][0])
        trades = exchange.fetch_my_trades("BTC/USDT")
        assert [(trade["side"], trade["amount"]) for trade in trades] == [("buy", 0.001), ("sell", 0.002)]
        assert "entrustType" not in trades[0]["info"]
        # Who has not placed them goes by the fee, which may fit both sides; then none is told.
        stranger = ccxt_ext.bitmart2(sandbox.config("bitmart2"))
        assert [trade["side"] for trade in stranger.fetch_my_trades("BTC/USDT")] == [None, "sell"]


def test_bitmaxfutures_profit_goes_to_the_balance_and_is_told_all_the_same(sandbox):
    exchange, other = clients(sandbox, "bitmaxfutures")
    symbol, quarter = "BTC/USDT:USDT", 15 * 60_000
    # Not shortly before profit is moved anyway.
    now = sandbox.control("GET", "/clock")["now"]
    sandbox.control("POST", "/clock", {"advance_ms": quarter - now % quarter + 1})
    ask = exchange.fetch_order_book(symbol)["asks"][0][0]
    exchange.create_order(symbol, "limit", "buy", 1, ask + 100, {"timeInForce": "IOC"})
    other.create_order(symbol, "limit", "buy", 30, ask + 200, {"timeInForce": "IOC"})
    [before] = exchange.fetch_positions([symbol])
    assert abs(before["unrealizedPnl"]) > 10
    equity = exchange.fetch_balance()["USDT"]["total"]
    sandbox.control("POST", "/clock", {"advance_ms": quarter})
    [after] = exchange.fetch_positions([symbol])
    assert abs(float(after["info"]["unrealizedPnl"])) < 1
    assert exchange.fetch_balance()["USDT"]["total"] - equity == pytest.approx(before["unrealizedPnl"], abs=1)
    entry, mark = after["entryPrice"], after["markPrice"]
    assert entry == before["entryPrice"]
    assert after["unrealizedPnl"] == pytest.approx((mark - entry) * after["contracts"], abs=0.01)
