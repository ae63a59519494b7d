"""Calls whose requests can be compared."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ccxt_ext.testing.conformance.fields import Field, fields
from ccxt_ext.testing.conformance.offline import Offline
from ccxt_ext.testing.conformance.tested import Tested
from ccxt_ext.testing.conformance.told import Told, told_of
from ccxt_ext.testing.conformance.wishes import ALIASES, REFUSALS, kind_words
from ccxt_ext.testing.wire import Answer, call
from ccxt_ext.venue.calls.unified import declared_params

NUMBERS = itertools.count(100_000_000)


class Outcome(NamedTuple):
    error: Exception | None
    sent: list[frozenset[Field]]
    """The fields of each request, without those that change from call to call."""
    result: Any = None

    @property
    def fields(self) -> set[Field]:
        return {field for request in self.sent for field in request}

    def is_refusal(self) -> bool:
        """Whether it was refused before anything was sent."""
        return isinstance(self.error, REFUSALS) and not self.sent

    def is_like(self, other: Outcome) -> bool:
        return type(self.error) is type(other.error) and self.sent == other.sent


class Asking:
    """Calls one method of one exchange, and tells what each call sent."""

    def __init__(self, tested: Tested, kind: str, told: Told) -> None:
        profile = tested.profile
        answer = Answer(told.answers[0] if told.answers else profile.nothing)
        self.method, self.given = told.method, told.arguments
        # Parameters without which the method does not work.
        self.needs = {name for each in self.given if isinstance(each, dict) for name in each}
        made = Offline(tested, kind, lambda request: answer, {})
        self.exchange, self.wire = made.exchange, made.wire
        self.kinds = kind_words(self.exchange, made.symbol)
        still(self.exchange)
        self.changing: set[str] = set()
        self.told({})  # with what comes before the first call only, such as a login
        first, second = self.told({}), self.told({})
        assert len(first.sent) == len(second.sent), f"{self.method}: each call sends something else"
        pairs = zip(first.sent, second.sent, strict=True)
        self.changing = {name for before, after in pairs for name, _ in before ^ after}
        self.plain = self.told({})

    def told(self, params: Mapping[str, Any]) -> Outcome:
        """What came of a call with these parameters beside those that it needs."""
        bound = inspect.signature(getattr(self.exchange, self.method)).bind(*self.given)
        bound.apply_defaults()
        bound.arguments["params"] = {**bound.arguments["params"], **params}
        del self.wire.requests[:]
        error, result = None, None
        try:
            result = call(self.exchange, self.method, *bound.args)
        except Exception as raised:
            error = raised
        sent = [
            frozenset(field for field in fields(request) if field[0] not in self.changing)
            for request in self.wire.requests
        ]
        return Outcome(error, sent, result)

    def heeds(self, name: str, outcome: Outcome) -> bool:
        """Whether it does something about a parameter: as its class declares, or as its requests show."""
        read = self.declared()
        if read is not None:
            return ALIASES.get(name, name) in read
        here, plain = ({field for field in each.fields if field[0] != name} for each in (outcome, self.plain))
        return here != plain or outcome.result != self.plain.result

    def declared(self) -> frozenset[str] | None:
        """The parameters that its class says it reads, or need not read; None for one that cannot say."""
        if not hasattr(self.exchange, "understands"):
            return None
        cls: Any = type(self.exchange)
        reads, anyway = declared_params(cls, self.method)
        return reads | anyway

    def names_a_symbol(self) -> bool:
        bound = inspect.signature(getattr(self.exchange, self.method)).bind(*self.given)
        return any(bound.arguments.get(name) for name in ("symbol", "symbols"))


def askings(tested: Tested, kind: str) -> Iterator[Asking]:
    """One after the other: of what belongs to a key, only so much is kept."""
    unsent = [Told(method, arguments, ()) for method, arguments in tested.profile.unsent.items()]
    exchange = tested.instance(kind)
    for told in (*told_of(tested), *unsent):
        if "params" in inspect.signature(getattr(exchange, told.method)).parameters:
            yield Asking(tested, kind, told)


def asking(tested: Tested, kind: str, method: str) -> Asking:
    return Asking(tested, kind, next(told for told in told_of(tested) if told.method == method))


def still(exchange: Any) -> None:
    """The same clock at each call. Its own ids are others each time, of the same length."""
    exchange.milliseconds = lambda: 1_700_000_000_000
    for name in ("uuid", "new_client_order_id"):
        if hasattr(exchange, name):
            setattr(exchange, name, lambda *_: f"canaryOwnId{next(NUMBERS)}")
