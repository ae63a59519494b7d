"""Chapter 4, of arguments and credentials as JSON or a command line may hand them over."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple, NoReturn

import ccxt
import pytest

from ccxt_ext.testing.conformance.cases import case
from ccxt_ext.testing.conformance.offline import Offline
from ccxt_ext.testing.conformance.raising import raised
from ccxt_ext.testing.profile import Profile
from ccxt_ext.testing.wire import Answer, Wire, call

Make = Callable[..., Offline]
DOCUMENTED = ("calls", "samples")


class Counted(NamedTuple):
    method: str
    exchange: Any
    wire: Wire
    arguments: dict[str, Any]


def documented(profile: Profile, method: str) -> Callable[[Any], Answer]:
    answer = Answer(json.dumps(profile.sample(profile.samples[method][0])))
    return lambda request: answer


def counted(profile: Profile, offline: Make, name: str) -> Iterator[Counted]:
    """The methods that take it, each with an exchange and its arguments by name."""
    for method, arguments in profile.calls.items():
        if not method.startswith("fetch"):
            continue
        made = offline(documented(profile, method))
        parameters = inspect.signature(getattr(made.exchange, method)).parameters
        if name in parameters:
            given = dict(zip(parameters, arguments, strict=False))
            yield Counted(method, made.exchange, made.wire, given)


def asked(exchange: Any, method: str, arguments: dict[str, Any]) -> Any:
    bound = inspect.signature(getattr(exchange, method)).bind(**arguments)
    bound.apply_defaults()
    return call(exchange, method, *bound.args)


@case("4.30", "A limit may come as text or as a decimal", profile=DOCUMENTED, level="proven")
def limits_in_other_forms(profile: Profile, offline: Make) -> None:
    """It gives the same rows as the whole number."""
    found = 0
    for method, exchange, _, arguments in counted(profile, offline, "limit"):
        found += 1
        wanted = asked(exchange, method, {**arguments, "limit": 1})
        for form in ("1", " 1 ", 1.0, Decimal(1)):
            told = asked(exchange, method, {**arguments, "limit": form})
            assert told == wanted, f"{method}, limit {form!r}: {told!r}, not {wanted!r}"
    assert found or "fetchOrderBook" not in profile.calls


@case("4.31", "A time may come as text or as a float", profile=DOCUMENTED, level="proven")
def times_in_other_forms(profile: Profile, offline: Make) -> None:
    """It asks for the same as the whole number."""
    since = 1_525_760_116_000
    for method, exchange, wire, arguments in counted(profile, offline, "since"):
        asked(exchange, method, {**arguments, "since": since})
        wanted = without_times(wire.requests[-1].line)
        for form in (str(since), float(since)):
            asked(exchange, method, {**arguments, "since": form})
            told = without_times(wire.requests[-1].line)
            assert told == wanted, f"{method}, since {form!r}: {told}, not {wanted}"


def without_times(line: str) -> tuple[str, list[str]]:
    """A request without what changes with each."""
    path, _, query = line.partition("?")
    fields = query.split("&")
    return path, [field for field in fields if not field.startswith(("nonce=", "timestamp=", "sign"))]


WRONG: dict[str, tuple[Any, ...]] = {
    "limit": ("x", "", True, 1.5, float("nan"), float("inf"), -1, [1], "1e999999"),
    "since": ("2020-01-01", False, 0.5, float("nan"), {}),
}


@case(
    "4.32",
    "A limit or time that is no whole number is refused before sending",
    profile=DOCUMENTED,
    level="proven",
)
def no_whole_number(profile: Profile, offline: Make) -> None:
    """BadRequest, which names it."""
    for name, values in WRONG.items():
        for method, exchange, wire, arguments in counted(profile, offline, name):
            for value in values:
                where = f"{method}, {name} {value!r}"
                try:
                    asked(exchange, method, {**arguments, name: value})
                except ccxt.BadRequest as error:
                    assert name in str(error), f"{where}: {error}"
                else:
                    pytest.fail(f"{where}: it was taken", pytrace=False)
            assert wire.requests == [], f"{method}, {name}: {wire.requests[0].line} was sent"


@case(
    "4.33",
    "A limit or time that is no whole number is refused before connecting",
    kinds=("pro",),
    profile=DOCUMENTED,
    level="proven",
)
async def no_whole_number_watched(offline: Make) -> None:
    """The same for what is watched: BadRequest, or NotSupported where there is no such stream."""
    made = offline()
    exchange = made.exchange

    def connect(*args: Any, **named: Any) -> NoReturn:
        raise AssertionError("it connects")

    exchange.watch = exchange.watch_multiple = connect
    refused = 0
    for name in dir(exchange):
        parameters = (
            inspect.signature(getattr(exchange, name)).parameters if name.startswith("watch_") else {}
        )
        for number in {"since", "limit"} & set(parameters):
            arguments = {"symbol": "A/B", "symbols": ["A/B"], "symbols_and_timeframes": [["A/B", "1h"]]}
            given = {key: value for key, value in arguments.items() if key in parameters}
            with pytest.raises((ccxt.BadRequest, ccxt.NotSupported)) as caught:
                await getattr(exchange, name)(**given, **{number: "soon"})
                pytest.fail(f"{name}, {number} 'soon': it was taken")
            refused += caught.type is ccxt.BadRequest
    await exchange.close()
    assert refused and not exchange.clients


# -- credentials --------------------------------------------------------------------------------------------

NO_TEXT = (b"canary-bytes", 1.25, True, ["canary"])
NO_HEADER = ("canary\n", "canary\r\nX: 1", "canary\0", " canary", "ca\xf1ary", "ключ")


@case(
    "4.34",
    "Credentials that are whole numbers are taken as text",
    profile=("credentials", "samples"),
    level="proven",
)
def whole_numbers(profile: Profile, offline: Make) -> None:
    """As a file of settings may have them. One that has a form (`structured` of the profile) cannot be a
    whole number, and is refused before anything is sent: AuthenticationError, which names it."""
    for name in profile.credentials:
        made = offline(documented(profile, "fetchBalance"))
        setattr(made.exchange, name, 1234567890)
        if name in profile.structured:
            where = f"fetchBalance, {name} 1234567890"
            error = raised(where, ccxt.AuthenticationError, made.exchange, "fetchBalance")
            assert name in str(error), f"{where}: {error}"
            assert made.wire.requests == [], f"{where}: {made.wire.requests[0].line} was sent"
            continue
        call(made.exchange, "fetchBalance")
        assert made.wire.requests and getattr(made.exchange, name) == "1234567890", name


@case(
    "4.35",
    "Credentials that are no text are refused before sending",
    profile=("credentials", "samples"),
    level="proven",
)
def no_text(profile: Profile, offline: Make) -> None:
    """AuthenticationError, which names the credential and does not tell it. So is a key or a token that no
    header can carry."""
    given: list[tuple[str, Any, str]]
    given = [(name, value, "has to be text") for name in profile.credentials for value in NO_TEXT]
    given += [(name, value, "has to be text without") for name in ("apiKey", "token") for value in NO_HEADER]
    for name, value, words in given:
        made = offline(documented(profile, "fetchBalance"))
        setattr(made.exchange, name, value)
        where = f"fetchBalance, {name} {value!r}"
        error = raised(where, ccxt.AuthenticationError, made.exchange, "fetchBalance")
        assert f"{name} {words}" in str(error), f"{where}: {error}"
        assert made.wire.requests == [], f"{where}: {made.wire.requests[0].line} was sent"
        assert "ary" not in str(error), f"{where}: the error tells it: {error}"
        if value in NO_TEXT:
            assert made.exchange.check_required_credentials(False) is False, where


# -- signatures ---------------------------------------------------------------------------------------------

UNIFIED = ("fetch", "create", "cancel", "edit", "set_", "add_", "reduce_", "close_", "transfer")


@case("4.36", "Methods take the arguments of ccxt's own", level="reads")
def arguments_of_ccxt(fresh: Callable[..., Any]) -> None:
    """In the same order, by the same names. Also a helper that happens to have the name of one."""
    exchange = type(fresh())
    base = next(each for each in exchange.__mro__ if each.__module__.startswith("ccxt.base."))
    names = [
        name
        for name in dir(exchange)
        if name.startswith(UNIFIED) and inspect.isfunction(getattr(base, name, None))
    ]
    assert len(names) > 50
    for name in names:
        method = getattr(exchange, name)
        if method.__module__.split(".")[0] == "ccxt" or hasattr(method, "refuses"):
            continue
        own, theirs = (list(inspect.signature(each).parameters) for each in (method, getattr(base, name)))
        assert own == theirs, f"{name} takes {own}, where ccxt's takes {theirs}"
