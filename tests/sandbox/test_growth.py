"""No call becomes slower with what is past or open: it takes as many steps of Python as before."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, TypeVar

import pytest

import ccxt_ext
from benchmarks.sandbox.box import Box
from benchmarks.sandbox.growth import Load, calls
from tests.ids import IDS

T = TypeVar("T")
PAGE = 5
SMALL_PAGES = {"bitmaxfutures": {"orderHistoryCount": 20}, "btex": {"pageSize": 20}}
"""Options of clients that ask for large pages."""
READS_PAGES = {"btex": "fetch_closed_orders a page"}
"""What takes more requests: the venue lists no closed orders alone, so a client reads past the open ones."""


class Counting(Box):
    """Counts the instructions of the sandbox in place of the time that they take."""

    def measured(self, work: Callable[[], T]) -> T:
        before = sys.gettrace()
        sys.settrace(self._enter)
        try:
            return work()
        finally:
            sys.settrace(before)

    def _enter(self, frame: FrameType, event: str, arg: Any) -> Callable[..., Any]:
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return self._step

    def _step(self, frame: FrameType, event: str, arg: Any) -> Callable[..., Any]:
        self.spent += event == "opcode"
        return self._step

    def counts(self, load: Load) -> dict[str, float]:
        """How many steps each call takes, once what can be made ahead of it is made."""
        made = calls(load, PAGE)
        return {name: self.cost(call, times=4) for name, call in made.items()}


def loaded(id: str) -> tuple[Counting, Load]:
    box = Counting(id)
    box.client.options.update(SMALL_PAGES.get(id, {}))
    load = Load(box)
    load.age(400)
    load.engine.cancel_all("config")
    return box, load


def check(before: dict[str, float], after: dict[str, float]) -> None:
    assert before.keys() == after.keys()
    grown = {name: (before[name], after[name]) for name in before if after[name] > before[name] * 1.15 + 700}
    assert not grown


@pytest.mark.parametrize("id", IDS)
def test_nothing_grows_with_what_is_past(id: str) -> None:
    box, load = loaded(id)
    before = box.counts(load)
    load.engine.cancel_all("config")
    load.age(1600)
    load.engine.cancel_all("config")
    check(before, box.counts(load))


@pytest.mark.parametrize("id", IDS)
def test_nothing_grows_with_what_is_open(id: str) -> None:
    box, load = loaded(id)
    load.stand(200)  # at all prices that it has orders at
    before = box.counts(load)
    load.stand(800)
    after = box.counts(load)
    if id in READS_PAGES:
        del before[READS_PAGES[id]]
        del after[READS_PAGES[id]]
    check(before, after)


def test_nothing_grows_with_the_money_that_has_come_and_gone() -> None:
    box = Counting("bitexbit")
    client, other = box.client, box.client_of("counterparty")
    invoice = {"ticker": "UAH", "network": "wiretransfer", "amount": 300, "client_ip": "192.168.0.1"}
    transfer = {"receiver": other.uid, "currency": "USDT", "amount": 1}

    def come_and_go(times: int) -> None:
        for _ in range(times):
            box.world.clock.advance(61_000)
            client.gateway_post_invoice_create(invoice)
            sent = client.v2_private_post_transfers_create(transfer)
            other.v2_private_post_transfers_txid_accept({"txid": sent["txid"]})
        box.world.clock.advance(61_000)

    asked: dict[str, Callable[[], Any]] = {
        "fetch_balance": client.fetch_balance,
        "invoices": lambda: client.gateway_get_invoices({"page": 1, "limit": 3}),
        "invoices paid": lambda: client.gateway_get_invoice_history({"page": 2, "limit": 3}),
        "wallets": lambda: client.gateway_get_wallet_history({"page": 1, "limit": 3}),
        "transfers": lambda: client.v2_private_get_transfers({"page": 1, "limit": 3}),
    }
    come_and_go(10)
    before = {name: box.cost(call, times=4) for name, call in asked.items()}
    come_and_go(150)
    check(before, {name: box.cost(call, times=4) for name, call in asked.items()})


@pytest.mark.parametrize("id", [id for id in IDS if getattr(ccxt_ext, id)().has["fetchTickers"]])
def test_the_histories_for_all_tickers_are_made_ahead_of_them(id: str) -> None:
    box = Box(id)
    box.client.fetch_tickers()
    request = box.world.requests.rows(id)[-1]
    assert (request["path"] in box.world.frontends[id].LOOKS_AT_ALL, request["query"]) == (True, "")
