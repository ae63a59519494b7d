"""Money that comes and goes, of which a venue tells in lists of several pages."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from decimal import Decimal
from typing import Any

from ccxt_ext.testing.bench import Bench
from ccxt_ext.testing.conformance.everything import ADDRESS
from ccxt_ext.testing.conformance.listing import CHANGES, LATER_MS, PAGE, PAUSE_MS, turns_pages
from ccxt_ext.testing.profile import Profile, Way
from ccxt_ext.testing.venues import kinds_of
from ccxt_ext.testing.wire import Answer, Request, call

ROWS = 3 * PAGE + 5
FIRST_AMOUNT = 1000
RICH = Decimal(10) ** 9


class OneByOne:
    """Lets one request in at a time. The thread that is in may come in again, and leaves once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside: int | None = None

    def enter(self) -> None:
        me = threading.get_ident()
        if self._inside != me:
            self._lock.acquire()
            self._inside = me

    def leave(self) -> None:
        if self._inside == threading.get_ident():
            self._inside = None
            self._lock.release()


class Money:
    """The account's, of one currency. Each movement has an amount of its own, by which it is known."""

    def __init__(self, profile: Profile, kind: str, way: Way) -> None:
        self.profile, self.way = profile, way
        self.bench = Bench(profile.id, clock="frozen")
        self.exchange = self.bench.exchange(kind)
        self.exchange.options = self.exchange.deep_extend(self.exchange.options, way.options)
        markets = call(self.exchange, "loadMarkets").values()
        self.code = next(str(market["settle"] or market["quote"]) for market in markets)
        self.currency = str(self.exchange.currencies[self.code]["id"])
        # Another of the account's programs.
        self.mover = self.bench.exchange(kinds_of(profile.id)[0])
        self.one_by_one = OneByOne()
        self.bench.wire.answer = self._answer
        # Its requests come in when they are signed, so that no time passes from there to the answer.
        sign = self.mover.sign

        def sign_inside(*args: Any, **kwargs: Any) -> Any:
            self.one_by_one.enter()
            return sign(*args, **kwargs)

        self.mover.sign = sign_inside
        self._move("loadMarkets")
        transfer = profile.transfer or (lambda counterparty: ())
        self.between = transfer(self.bench.exchange(kinds_of(profile.id)[0], "counterparty"))
        self.amounts = map(Decimal, itertools.count(FIRST_AMOUNT))
        self.times: dict[Decimal, int] = {}
        self.bench.engine.deposit("config", self.currency, RICH)

    def _answer(self, sent: Request) -> Answer:
        self.one_by_one.enter()
        try:
            return self.bench.answer(sent)
        finally:
            self.one_by_one.leave()

    def _move(self, method: str, *args: Any) -> Any:
        try:
            return call(self.mover, method, *args)
        finally:
            self.one_by_one.leave()  # what was signed may have failed before it was sent

    @property
    def where(self) -> str:
        given = {**self.way.options, **self.way.params}
        return f"{self.code} with {given}" if given else self.code

    @property
    def turns_pages(self) -> bool:
        return turns_pages(self.exchange)

    def moves(self, *, into: bool, out: bool, to: bool) -> Sequence[Callable[[], Decimal]]:
        """In turn, what makes a row."""
        deposit = [self._deposit] if into else []
        withdraw = [self._withdraw] if out and self.mover.has.get("withdraw") else []
        return [*deposit, *withdraw, *([self._transfer] if to else [])]

    def happen(self, move: Callable[[], Decimal]) -> None:
        self.times[move()] = self.bench.world.clock.now()

    def fill_up(self, moves: Sequence[Callable[[], Decimal]]) -> None:
        if self._deposit in moves:
            self.wallet = self._listed_wallet()
        self.bench.advance(LATER_MS)
        self.begun = self.bench.world.clock.now()
        for move in itertools.islice(itertools.cycle(moves), ROWS):
            self.bench.advance(2 * PAUSE_MS)
            self.happen(move)

    def ask(self, moves: Sequence[Callable[[], Decimal]], method: str, *args: Any) -> tuple[list[Any], int]:
        """What is listed, while more comes, and in how many requests."""
        reader, requests, more = threading.get_ident(), 0, itertools.cycle(moves)
        under_way: list[Future[None]] = []

        def before(sent: Any) -> None:
            nonlocal requests
            if threading.get_ident() != reader:
                return
            requests += 1
            self.bench.advance(PAUSE_MS)
            if 1 < requests <= 1 + CHANGES:
                move = next(more)
                if move == self._deposit:
                    self.happen(move)
                else:  # it may have to wait until this request is through, as all of a key do
                    under_way.append(others.submit(self.happen, move))

        self.bench.before = before
        with ThreadPoolExecutor(1) as others:
            try:
                found = call(self.exchange, method, *args)
            finally:
                self.bench.before = lambda sent: None
        for each in under_way:
            each.result()
        return found, requests

    # -- what makes a row -----------------------------------------------------------------------------------

    def _deposit(self) -> Decimal:
        amount = next(self.amounts)
        self.bench.engine.deposit("config", self.currency, amount, self.wallet)
        return amount

    def _withdraw(self) -> Decimal:
        amount = next(self.amounts)
        self._move("withdraw", self.code, float(amount), ADDRESS)
        return amount

    def _transfer(self) -> Decimal:
        amount = next(self.amounts)
        self._move("transfer", self.code, float(amount), *self.between)
        return amount

    def _listed_wallet(self) -> str:
        """That of which the venue tells the deposits: the first, or another one."""
        wallets = self.bench.engine.wallets
        probes = dict(zip(wallets, self.amounts, strict=False))
        for wallet, amount in probes.items():
            self.bench.engine.deposit("config", self.currency, amount, wallet)
        method = "fetchDeposits" if self.mover.has["fetchDeposits"] else "fetchDepositsWithdrawals"
        listed = {Decimal(str(row["amount"])) for row in self._move(method, self.code)}
        told = [wallet for wallet, amount in probes.items() if amount in listed]
        assert told, f"{method} tells of no deposit in {self.code}"
        return str(told[0])
