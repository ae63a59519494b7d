"""Money that comes and goes, closed positions, the fills of an order: lists of several pages that grow while
they are read. Whatever was there, and whatever came before the reading ended, is told once."""

import itertools
from decimal import Decimal

import pytest

from ccxt_ext.testing.bench import Bench
from ccxt_ext.testing.wire import call
from tests.nets.lists import LATER_MS, PAGE, Kind, Market

ROWS = 3 * PAGE + 5
CHANGES = 3
PARTS = ("", "since", "until", "since, until", "since, limit")


def ask(bench, exchange, happen, method, *args):
    """What is listed, while more comes."""
    pages = 0

    def meanwhile(sent):
        nonlocal pages
        pages += 1
        bench.advance(500)
        if 1 < pages <= 1 + CHANGES:
            happen()

    bench.before = meanwhile
    try:
        found = call(exchange, method, *args)
    finally:
        bench.before = lambda sent: None
    return found, pages


MONEY = {
    ("bitexbit", "fetchDeposits"): {"method": "gateway", "limit": PAGE},
    ("bitexbit", "fetchWithdrawals"): {"method": "gateway", "limit": PAGE},
    ("bitexbit", "fetchTransfers"): {"limit": PAGE},
    ("bitmaxfutures", "fetchDeposits"): {"pageSize": PAGE},
    ("bitmaxfutures", "fetchDepositsWithdrawals"): {"pageSize": PAGE},
}


class Money:
    """Money that comes and goes, of which a venue tells in pages."""

    def __init__(self, id, method):
        self.bench = Bench(id)
        self.exchange = self.bench.exchange()
        self.amounts = itertools.count(1000)
        self.add = getattr(self, f"{id}_{method}")
        if id == "bitexbit":
            self.bench.engine.deposit("config", "USDT", Decimal(10) ** 9)
            self.receiver = self.bench.frontend.bank.uids["counterparty"]

    def deposit(self, wallet=None):
        amount = Decimal(next(self.amounts))
        self.bench.engine.deposit("config", "USDT", amount, wallet)
        return amount

    bitexbit_fetchDeposits = deposit

    def bitexbit_fetchWithdrawals(self):
        amount = next(self.amounts)
        fields = {"ticker": "USDT", "network": "tron", "address": "T" + "1" * 33, "amount": amount}
        self.bench.frontend.withdrawals.create("config", fields)
        return Decimal(amount)

    def bitexbit_fetchTransfers(self):
        amount = next(self.amounts)
        fields = {"receiver": self.receiver, "currency": "USDT", "amount": amount}
        self.bench.frontend.transfers.create("config", fields)
        return Decimal(amount)

    def bitmaxfutures_fetchDeposits(self):
        return self.deposit("cash")

    bitmaxfutures_fetchDepositsWithdrawals = bitmaxfutures_fetchDeposits


@pytest.mark.parametrize(("id", "method"), MONEY)
def test_what_moves_money_is_told_once(id, method):
    money = Money(id, method)
    bench, exchange = money.bench, money.exchange
    bench.advance(LATER_MS)
    begun = bench.world.clock.now()
    times = {}

    def add():
        times[money.add()] = bench.world.clock.now()

    for _ in range(ROWS):
        bench.advance(1000)
        add()
    moments = sorted(times.values())
    early, late = moments[ROWS // 5] - 500, moments[ROWS * 4 // 5] - 500
    for part in PARTS:
        since = early if "since" in part else begun
        limit = ROWS // 2 if "limit" in part else None
        params = dict(MONEY[id, method], **({"until": late} if "until" in part else {}))
        rows, pages = ask(bench, exchange, add, method, "USDT", since, limit, params)
        assert pages > ROWS // PAGE
        amounts = [Decimal(str(row["amount"])) for row in rows]
        assert len(set(amounts)) == len(amounts), "rows are told twice"
        last = late if "until" in part else max(times.values())
        due = [amount for amount, time in times.items() if since <= time <= last]
        assert amounts == (due if limit is None else due[:limit]), part


SCENES = (
    "btex-spot",
    "btex-linear",
    "btex-inverse",
    "bitmart2-spot",
    "bitexbit-spot",
    "bitmaxfutures-linear",
)
OPTIONS = {"btex": {"pageSize": PAGE}, "bitmart2": {"pageSize": PAGE}}


@pytest.fixture(scope="module", params=SCENES)
def scene(request):
    id, kind = request.param.split("-")
    bench = Bench(id)
    exchange = bench.exchange(options=OPTIONS.get(id, {}))
    markets = call(exchange, "loadMarkets").values()
    chosen = next(
        m for m in markets if m["active"] and (m["spot"] if kind == "spot" else m["swap"] and m[kind])
    )
    return Market(Kind(id, kind, "default"), bench, chosen["id"], chosen["symbol"]), exchange


def test_closed_positions_are_told_once(scene):
    market, exchange = scene
    if not exchange.has_on("fetchPositionsHistory", market.of.type):
        return

    def close_one():
        market.fill()
        market.fill()

    for _ in range(ROWS):
        close_one()
        market.bench.advance(1000)
    for since, params in ((None, {"paginate": True}), (market.begun - LATER_MS, {})):
        args = ([market.symbol], since, None, params)
        found, pages = ask(market.bench, exchange, close_one, "fetchPositionsHistory", *args)
        assert pages > ROWS // PAGE
        ids = [position["id"] for position in found]
        assert len(set(ids)) == len(ids), "rows are told twice"
        there = market.bench.engine.closed_positions("config", market.id)
        assert {str(each.id) for each in there} == set(ids)


def test_all_fills_of_an_order_are_told(scene):
    market, exchange = scene
    step = market.spec.step
    least = int(max(market.spec.min_amount, market.spec.min_cost / market.far) / step) + 1
    amounts = [step * (least + number) for number in range(ROWS)]
    order = market.bench.engine.place("config", market.id, "buy", market.inside, sum(amounts))
    for amount in amounts:
        market.bench.engine.place("counterparty", market.id, "sell", market.inside, amount)
    name = market.bench.name(order)
    found, _ = ask(market.bench, exchange, market.fill, "fetchOrderTrades", name, market.symbol)
    told = sorted(Decimal(str(trade["amount"])) for trade in found)
    if market.of.id == "bitmaxfutures":
        # Of an order's fills, the venue tells the latest, and what all of them come to.
        told, amounts = [sum(told)], [sum(amounts)]
    assert told == amounts
    assert {trade["order"] for trade in found} == {name}
