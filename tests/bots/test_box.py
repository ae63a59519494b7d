"""What a test of a bot sees of its sandbox: the engine's truth, and clients of all kinds."""

import asyncio
from decimal import Decimal

import ccxt
import ccxt.async_support
import ccxt.pro
import pytest

from ccxt_ext.sandbox import SandboxError

SYMBOL = "BTC/USDT"
SWAP = "BTC/USDT:USDT"
PATIENCE_MS = 60_000  # on a busy machine: the history of btex's markets is made at the first look


def test_it_buys_the_dip(ccxt_sandbox):
    exchange = ccxt_sandbox.exchange("bitmart2")
    ccxt_sandbox.price("bitmart2", SYMBOL, 40_000)
    exchange.create_order(SYMBOL, "limit", "buy", 0.1, 39_000)
    assert ccxt_sandbox.orders("bitmart2")[0]["side"] == "buy"


def test_orders_are_the_oldest_first_with_symbols_and_decimals(ccxt_sandbox):
    exchange = ccxt_sandbox.exchange("bitmart2")
    ccxt_sandbox.price("bitmart2", SYMBOL, 40_000)
    first = exchange.create_order(SYMBOL, "limit", "buy", 0.1, 39_000)
    second = exchange.create_order(SYMBOL, "limit", "buy", 0.2, 41_000)
    orders = ccxt_sandbox.orders("bitmart2")
    assert [order["id"] for order in orders] == [first["id"], second["id"]]
    resting, done = orders
    assert (resting["symbol"], resting["market"], resting["account"]) == (SYMBOL, "BTC_USDT", "config")
    assert (resting["price"], resting["amount"], resting["filled"]) == (39_000, Decimal("0.1"), 0)
    assert all(isinstance(resting[name], Decimal) for name in ("price", "amount", "filled", "cost"))
    assert (resting["status"], done["status"]) == ("open", "closed")
    assert resting["average"] is None and isinstance(resting["created"], int)
    assert done["average"] == done["cost"] / done["filled"]
    assert set(map(type, done["fees"].values())) == {Decimal}
    assert ccxt_sandbox.orders("bitmart2", status="open") == [resting]
    assert ccxt_sandbox.orders("bitmart2", market="ETH/USDT") == []
    assert ccxt_sandbox.orders("bitmart2", "counterparty") == []
    assert ccxt_sandbox.orders("bitmart2", None) == orders

    trades = ccxt_sandbox.trades("bitmart2")
    assert sum(trade["amount"] for trade in trades) == Decimal("0.2")
    assert [trade["id"] for trade in trades] == sorted(trade["id"] for trade in trades)
    assert {(trade["order"], trade["symbol"]) for trade in trades} == {(second["id"], SYMBOL)}
    assert ccxt_sandbox.trades("bitmart2", order=first["id"]) == []

    usdt = ccxt_sandbox.balance("bitmart2")["USDT"]
    assert usdt["held"] == 3900 and usdt["total"] == usdt["free"] + usdt["held"]
    sums = ccxt_sandbox.ledger()["bitmart2"]["BTC"]
    assert sums["total"] == sums["deposited"] > 0


def test_positions(ccxt_sandbox):
    exchange = ccxt_sandbox.exchange("btex", timeout=PATIENCE_MS)
    exchange.create_order(SWAP, "market", "sell", 2)
    [position] = ccxt_sandbox.positions("btex")
    assert (position["symbol"], position["side"], position["amount"]) == (SWAP, "short", Decimal(2))
    assert isinstance(position["entry_price"], Decimal) and isinstance(position["opened"], int)
    assert ccxt_sandbox.positions("btex", "counterparty") == []
    assert ccxt_sandbox.positions("btex", market="ETH/USDT:USDT") == []
    assert ccxt_sandbox.positions("bitmart2") == []


def test_the_balance_of_one_wallet_or_of_all(ccxt_sandbox):
    before = ccxt_sandbox.balance("btex")["USDT"]["total"]
    ccxt_sandbox.deposit("btex", "config", "USDT", 5, wallet="spot")
    ccxt_sandbox.deposit("btex", "config", "USDT", "7.5", wallet="contracts")
    assert ccxt_sandbox.balance("btex")["USDT"]["total"] == before + Decimal("12.5")
    spot = ccxt_sandbox.balance("btex", wallet="spot")["USDT"]["total"]
    assert spot + ccxt_sandbox.balance("btex", wallet="contracts")["USDT"]["total"] == before + Decimal(
        "12.5"
    )
    with pytest.raises(SandboxError, match="unknown wallet 'x'; there are contracts, spot"):
        ccxt_sandbox.balance("btex", wallet="x")


def test_a_book_is_shown_and_shaped(ccxt_sandbox):
    ccxt_sandbox.price("bitmart2", SYMBOL, 40_000)
    book = ccxt_sandbox.book("bitmart2", SYMBOL)
    (bid, amount), (ask, _) = book["bids"][0], book["asks"][0]
    assert bid < 40_000 < ask and isinstance(amount, Decimal)
    shaped = ccxt_sandbox.book("bitmart2", SYMBOL, levels=3, width=0.01)
    assert len(shaped["bids"]) == len(shaped["asks"]) == 3
    assert shaped["asks"][0][0] - shaped["bids"][0][0] == pytest.approx(Decimal(400), rel=Decimal("0.1"))
    assert ccxt_sandbox.book("bitmart2", levels=2) == {}
    with pytest.raises(SandboxError, match=r"Give a market: book\('bitmart2', 'BTC/USDT'\)"):
        ccxt_sandbox.book("bitmart2")


def test_requests(ccxt_sandbox):
    exchange = ccxt_sandbox.exchange("bitmart2")
    exchange.create_order(SYMBOL, "limit", "buy", 0.1, 1)
    [placed] = ccxt_sandbox.requests("bitmart2", "post", "/orders$")
    assert (placed["method"], placed["status"], placed["fault"]) == ("POST", 200, None)
    every = ccxt_sandbox.requests("bitmart2")
    assert placed in every and [each["time"] for each in every] == sorted(each["time"] for each in every)
    assert ccxt_sandbox.requests("btex") == []


@pytest.mark.parametrize("kind", ["sync", "async", "pro"])
def test_a_client_of_each_kind_is_of_ccxts_class(ccxt_sandbox, kind):
    exchange = ccxt_sandbox.exchange("btex", kind, timeout=4321, options={"mine": 1})
    home = {"sync": ccxt, "async": ccxt.async_support, "pro": ccxt.pro}[kind]
    assert type(exchange) is home.btex and exchange.timeout == 4321
    assert exchange.options["mine"] == 1 and "sandboxClock" in exchange.options


def test_clients_of_two_accounts_trade(ccxt_sandbox):
    ccxt_sandbox.account("bitmart2", "maker", {"BTC": "1", "USDT": "1000000"})
    for account in ("config", "counterparty", "maker"):
        ccxt_sandbox.exchange("bitmart2", account=account).create_order(SYMBOL, "limit", "buy", 0.1, 1)
        assert len(ccxt_sandbox.orders("bitmart2", account)) == 1
    assert [order["account"] for order in ccxt_sandbox.orders("bitmart2", None)] == [
        "config",
        "counterparty",
        "maker",
    ]


def test_a_reset_between_two_rounds(ccxt_sandbox):
    exchange = ccxt_sandbox.exchange("bitmart2")
    for _ in range(2):
        exchange.create_order(SYMBOL, "limit", "buy", 0.1, 1)
        assert len(ccxt_sandbox.orders("bitmart2")) == 1
        ccxt_sandbox.snapshot("mine")
        ccxt_sandbox.reset()
    book = ccxt_sandbox.book("bitmart2", SYMBOL)
    ccxt_sandbox.reset(seed=5)
    assert ccxt_sandbox.book("bitmart2", SYMBOL) != book
    ccxt_sandbox.reset()
    assert ccxt_sandbox.book("bitmart2", SYMBOL) == book


@pytest.mark.ccxt_sandbox(clock="frozen", start_ms=1_700_000_000_000)
def test_clients_go_by_a_clock_that_stands_still(ccxt_sandbox):
    exchange = ccxt_sandbox.exchange("bitmart2")
    assert exchange.milliseconds() == ccxt_sandbox.now() == 1_700_000_000_000
    ccxt_sandbox.advance(hours=1)
    assert exchange.milliseconds() == 1_700_003_600_000


@pytest.mark.ccxt_sandbox(clock="frozen", start="2026-03-02")
def test_it_starts_at_a_date(ccxt_sandbox):
    assert ccxt_sandbox.exchange("bitmart2").iso8601(ccxt_sandbox.now()) == "2026-03-02T00:00:00.000Z"


def test_clients_go_by_a_clock_that_runs_ahead(ccxt_sandbox):
    exchange = ccxt_sandbox.exchange("bitmart2")
    before = exchange.milliseconds()
    ccxt_sandbox.advance(hours=1)
    assert exchange.milliseconds() - before >= 3_600_000 - 1  # each of the two is rounded


@pytest.mark.ccxt_sandbox(venues=["btex"])
def test_what_is_not_there_is_said_in_a_sentence(ccxt_sandbox):
    asked = {
        "bitmart2 is not served here: the test's marker ccxt_sandbox asks for venues=['btex']": {
            "id": "bitmart2"
        },
        "unknown account 'mine'; there are config, counterparty": {"id": "btex", "account": "mine"},
        "unknown kind 'rest'; there are sync, async, pro": {"id": "btex", "kind": "rest"},
    }
    for said, arguments in asked.items():
        with pytest.raises(SandboxError) as error:
            ccxt_sandbox.exchange(**arguments)
        assert str(error.value) == said
    with pytest.raises(SandboxError, match=r"unknown market 'X/Y'; there are .*BTC/USDT"):
        ccxt_sandbox.price("btex", "X/Y", 1)
    with pytest.raises(SandboxError, match="unknown venue 'nosuch'; there are btex"):
        ccxt_sandbox.orders("nosuch")


@pytest.mark.parametrize(("venue", "symbol"), [("btex", SWAP), ("bitexbit", SYMBOL)])
def test_an_async_client_in_a_loop_of_the_bots_own(ccxt_sandbox, venue, symbol):
    exchange = ccxt_sandbox.exchange(venue, "pro", timeout=PATIENCE_MS)

    async def bot():
        return await exchange.watch_order_book(symbol)

    assert asyncio.run(bot())["symbol"] == symbol
    assert exchange.session is None  # it was closed before its loop


async def test_async_clients_in_an_async_test(ccxt_sandbox):
    for kind in ("async", "pro"):
        exchange = ccxt_sandbox.exchange("bitexbit", kind)
        assert (await exchange.fetch_ticker(SYMBOL))["symbol"] == SYMBOL
    assert (await exchange.watch_order_book(SYMBOL))["symbol"] == SYMBOL
