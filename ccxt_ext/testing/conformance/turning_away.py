"""An account at the venue's frontend whose calls are turned away."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import ccxt

import ccxt_ext
from ccxt_ext.testing.conformance.desk import Desk, Door, door_of
from ccxt_ext.testing.conformance.everything import CALLS, claimed_methods, has_on, market_buy
from ccxt_ext.testing.conformance.fields import Field, fields
from ccxt_ext.testing.conformance.offline import markets_of
from ccxt_ext.testing.conformance.refusing import Refusal
from ccxt_ext.testing.conformance.tested import Tested
from ccxt_ext.testing.wire import Answer, Request

# Within the venue's limit.
PAUSE_MS = 2000
MINUTE_MS = 60_000

Judged = Callable[[Refusal, Exception | None], Iterable[str]]

LONGEST_WORD = 16
"""What is longer is an id, made anew for each request, and may happen to have letters alone."""


class Sort(NamedTuple):
    """Requests that go where another one went, and ask for the same there."""

    door: Door
    words: frozenset[Field]
    """By which it differs from others that go through the same door."""

    def fits(self, request: Request) -> bool:
        return self.door.fits(request) and self.words <= fields(request)


class Every:
    """All requests."""

    def fits(self, request: Request) -> bool:
        return True


class Counter:
    """On one type of market. `thorough`, where all that can be tried is."""

    def __init__(self, tested: Tested, kind: str, market_type: str, thorough: bool) -> None:
        self.tested = tested
        self.thorough = thorough
        self.market_type = market_type
        self.desk = Desk(tested.id, kind, options={"defaultType": market_type})
        self.exchange = self.desk.exchange
        self.log_in()

    def log_in(self) -> None:
        """So that what a call sends is its own."""
        if self.exchange.has.get("fetchBalance"):
            self.desk.bench.advance(PAUSE_MS)
            self.desk("fetchBalance")

    def begin_anew(self) -> None:
        """Nothing is known of the key any more."""
        ccxt_ext.reset_shared()

    def able(self, method: str) -> bool:
        return bool(self.exchange.has.get(method)) and has_on(self.exchange, method, self.market_type)

    def methods(self) -> list[str]:
        """What is claimed for this type of market, and can be called."""
        return sorted(name for name in claimed_methods(self.exchange) if name in CALLS and self.able(name))

    @property
    def order(self) -> tuple[Any, ...]:
        desk = self.desk
        return (desk.symbol, "limit", "buy", desk.amount, desk.price)

    def place(self) -> str:
        """The id of an order that rests."""
        self.desk.bench.advance(PAUSE_MS)
        return str(self.desk.place()["id"])

    def is_open(self, id: str) -> bool:
        orders = self.desk.bench.engine.orders("config", None, ("open",))
        return any(self.desk.bench.name(order) == id for order in orders)

    def arguments(self, method: str, id: str) -> tuple[Any, ...]:
        """For a call that may be about an order."""
        desk, market = self.desk, self.exchange.market(self.desk.symbol)
        transfer = self.tested.profile.transfer
        given = {
            **dict.fromkeys(("order", "spare", "second", "third", "client id", "filled"), id),
            "symbol": desk.symbol,
            "base": market["base"],
            "quote": market["quote"],
            "timeframe": next(iter(self.exchange.timeframes or {}), None),
            "amount": desk.amount,
            "bid": desk.price,
            "ask": desk.price,
            "transfer": ("spot", "swap"),
            **market_buy(self.exchange, desk.symbol, desk.amount, desk.price),
        }
        if transfer:
            given["transfer"] = transfer(desk.bench.exchange(account="counterparty"))
        return CALLS[method](given)

    def sorts(self, method: str, *args: Any) -> list[Sort]:
        """Of the requests by which a call does what it does: those by which orders change, or else those that
        are no GET, or else all. The call is made."""
        desk = self.desk
        earlier, acts = list(desk.wire.requests), len(desk.acts)
        desk.bench.advance(PAUSE_MS)
        with contextlib.suppress(ccxt.BaseError):  # the venue may refuse it: what it is sent is seen
            desk(method, *args)
        sent = desk.wire.requests[len(earlier) :]
        doing = desk.acts[acts:] or [each for each in sent if each.method != "GET"] or sent
        others = [each for each in (*earlier, *sent) if each not in doing]
        return [self._sort(each, others) for each in doing]

    def _sort(self, request: Request, others: list[Request]) -> Sort:
        door = door_of(self.desk, request)
        alike = [fields(other) for other in others if door.fits(other)]
        if not alike:
            return Sort(door, frozenset())
        words = {field for field in fields(request) if field[1].isalpha() and len(field[1]) < LONGEST_WORD}
        return Sort(door, frozenset(words).difference(*alike))

    def told_wrongly(
        self, sort: Sort | Every, refusals: Iterable[Refusal], judged: Judged, method: str, *args: Any
    ) -> Iterator[str]:
        """What is wrong with what a caller is told of each refusal."""
        for refusal in refusals:
            self.desk.bench.advance(PAUSE_MS)
            error = self.turned_away(sort, refusal.answer, method, *args)
            if error is not None and not isinstance(error, ccxt.BaseError):
                yield f"{method}, answered {refusal}: {error!r}, which is no error of ccxt's"
                continue
            for what in judged(refusal, error):
                yield f"{method}, answered {refusal}: {what}"

    def turned_away(self, sort: Sort | Every, answer: Answer, method: str, *args: Any) -> Exception | None:
        """The error of a call whose requests of this sort are answered so; None if it told of a success."""
        met, error = self._met(sort, answer, method, *args)
        if not met and isinstance(error, ccxt.RateLimitExceeded):
            # A key that was refused is logged in anew each time, and that may be done so often.
            self.desk.bench.advance(MINUTE_MS)
            ccxt_ext.reset_shared()
            met, error = self._met(sort, answer, method, *args)
        assert met, f"{method} sent nothing that could be refused" + (f": {error!r}" if error else "")
        return error

    def _met(
        self, sort: Sort | Every, answer: Answer, method: str, *args: Any
    ) -> tuple[int, Exception | None]:
        """How many requests were answered so, and the error."""
        met = []

        def instead(_: Answer) -> Answer:
            met.append(answer)
            return answer

        self.desk.instead = sort, instead
        try:
            self.desk(method, *args)
        except Exception as error:
            return len(met), error
        finally:
            self.desk.instead = None
        return len(met), None


def counters(tested: Tested, kind: str) -> Iterator[Counter]:
    """One for each type of market. Most is read by the same code for all, so the first is thorough."""
    types = sorted({market["type"] for market in markets_of(tested.id) if market["active"]})
    for number, market_type in enumerate(types):
        yield Counter(tested, kind, market_type, thorough=number == 0 and kind == tested.kinds[0])
