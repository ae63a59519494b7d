"""Money that comes and goes: lists of several pages that grow while they are read.

Whatever was there, and whatever came before the reading ended, is told once.
"""

import itertools
from decimal import Decimal

import pytest

from ccxt_ext.testing.bench import Bench
from ccxt_ext.testing.wire import call

PAGE = 20
LATER_MS = 6000
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
