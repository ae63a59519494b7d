"""Calls whose requests can be compared."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from ccxt_ext.testing.conformance.fields import Field, fields
from ccxt_ext.testing.conformance.offline import Offline
from ccxt_ext.testing.conformance.tested import Tested
from ccxt_ext.testing.conformance.told import Told, told_of
from ccxt_ext.testing.conformance.wishes import (
    ALIASES,
    ASKED_FOR_BY_NAME,
    BESIDE,
    IN_PLACE_OF,
    REFUSALS,
    SHOWN_ELSEWHERE,
    WISHES,
    kind_words,
    more_values,
)
from ccxt_ext.testing.wire import Answer, call
from ccxt_ext.venue.calls.unified import declared_params

NUMBERS = itertools.count(100_000_000)


class Outcome(NamedTuple):
    error: Exception | None
    sent: list[frozenset[Field]]
    """The fields of each request, without those that change from call to call."""
    whole: list[frozenset[Field]]
    """All of their fields."""
    result: Any = None

    @property
    def fields(self) -> set[Field]:
        return {field for request in self.sent for field in request}

    def is_refusal(self) -> bool:
        """Whether it was refused before anything was sent."""
        return isinstance(self.error, REFUSALS) and not self.sent

    def shows(self, plain: Outcome, wish: str, left: Collection[str]) -> bool:
        """Whether another request was sent than without the wish, or something else came of it. Fields of
        some names are left out, as anything in `params` might end there unread."""
        if self.is_refusal() or type(self.error) is not type(plain.error) or self.result != plain.result:
            return True
        here, there = (
            [{field for field in request if field[0] not in left} for request in each.sent]
            for each in (self, plain)
        )
        if here != there:
            return True
        # Or it stands in the place of what is another each time, such as an id of the client's own.
        told, before = (
            {text for request in each.whole for name, text in request if name not in left}
            for each in (self, plain)
        )
        return wish in told - before

    def is_like(self, other: Outcome) -> bool:
        return type(self.error) is type(other.error) and self.sent == other.sent


class Asking:
    """Calls one method of one exchange, and tells what each call sent."""

    def __init__(self, tested: Tested, kind: str, told: Told) -> None:
        profile = tested.profile
        answer = Answer(told.answers[0] if told.answers else profile.nothing)
        self.method, self.given = told.method, told.arguments
        self.documented = bool(profile.samples)
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

    def told(self, params: Mapping[str, Any], without: str = "") -> Outcome:
        """What came of a call with these parameters beside those that it needs, maybe without an argument."""
        bound = inspect.signature(getattr(self.exchange, self.method)).bind(*self.given)
        bound.apply_defaults()
        bound.arguments["params"] = {**bound.arguments["params"], **params}
        if without:
            bound.arguments[without] = None
        del self.wire.requests[:]
        error, result = None, None
        try:
            result = call(self.exchange, self.method, *bound.args)
        except Exception as raised:
            error = raised
        whole = [fields(request) for request in self.wire.requests]
        sent = [frozenset(field for field in each if field[0] not in self.changing) for each in whole]
        return Outcome(error, sent, whole, result)

    def heeds(self, name: str, by_its_name: bool) -> bool:
        """Whether it does something about a wish: whether, with all else equal, another request is sent, or
        something else comes of it. What a class says it does anyway, and what other cases look at, need not
        show. `by_its_name` if a field of that name is the venue's for it."""
        declared, known = self.declared(), ALIASES.get(name, name)
        if known in self.given_by_its_name():
            return True
        if declared is not None:
            if known not in declared:
                return False
            if known in self.anyway() or known in SHOWN_ELSEWHERE:
                return True
            if known == "until" and not self.tells_times():
                return True  # nothing can be left out
            if self.plain.error is not None and not self.documented:
                return True  # without a profile, its answer may not be among those that there are
        beside = BESIDE.get(known, {})
        plain = self.told(beside) if beside else self.plain
        left = set() if by_its_name else {name}
        for value in (WISHES[name], *more_values(self.method, known)):
            if self.told({**beside, name: value}).shows(plain, str(value), left):
                return True
        argument = IN_PLACE_OF.get(known, "")
        if argument not in inspect.signature(getattr(self.exchange, self.method)).parameters:
            return False
        # The argument goes before it.
        named, unnamed = (self.told(params, argument) for params in ({name: WISHES[name]}, {}))
        return named.sent != unnamed.sent or repr(named.error) != repr(unnamed.error)

    def given_by_its_name(self) -> set[str]:
        """What a method asks for by what it is, as createPostOnlyOrder() does."""
        return {wish for part, wishes in ASKED_FOR_BY_NAME.items() if part in self.method for wish in wishes}

    def tells_times(self) -> bool:
        rows = self.plain.result
        if not isinstance(rows, list):
            return True
        return any((row.get("timestamp") if isinstance(row, dict) else row) is not None for row in rows)

    def anyway(self) -> frozenset[str]:
        cls: Any = type(self.exchange)
        return declared_params(cls, self.method)[1]

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
