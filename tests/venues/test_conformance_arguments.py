"""Arguments and credentials as JSON or a command line may hand them over, and what cannot be meant."""

import inspect
import json
from decimal import Decimal

import ccxt
import pytest

import ccxt_ext.pro
from ccxt_ext.testing.wire import Answer, call
from tests.ids import IDS, PRO_IDS
from tests.venues.profiles import PROFILES

ids = pytest.mark.parametrize("id", IDS)
kinds = pytest.mark.parametrize("kind", ["sync", "async"])


def documented(profile, method):
    answer = Answer(json.dumps(profile.sample(profile.samples[method][0])))
    return lambda request: answer


def counted(id, kind, name):
    """The methods of a venue that take it, each with an exchange, its wire, and its arguments by name."""
    profile = PROFILES[id]
    for method, arguments in profile.calls.items():
        exchange, wire = profile.offline(kind, documented(profile, method))
        parameters = inspect.signature(getattr(exchange, method)).parameters
        if name in parameters and method.startswith("fetch"):
            yield method, exchange, wire, dict(zip(parameters, arguments, strict=False))


def asked(exchange, method, arguments):
    bound = inspect.signature(getattr(exchange, method)).bind(**arguments)
    bound.apply_defaults()
    return call(exchange, method, *bound.args)


@ids
@kinds
def test_a_limit_in_other_forms(id, kind):
    found = 0
    for method, exchange, _, arguments in counted(id, kind, "limit"):
        wanted = asked(exchange, method, {**arguments, "limit": 1})
        for form in ("1", " 1 ", 1.0, Decimal(1)):
            assert asked(exchange, method, {**arguments, "limit": form}) == wanted, (method, form)
        found += 1
    assert found >= 2


@ids
@kinds
def test_a_time_in_other_forms(id, kind):
    since = 1_525_760_116_000
    for method, exchange, wire, arguments in counted(id, kind, "since"):
        asked(exchange, method, {**arguments, "since": since})
        wanted = wire.requests[-1].line
        for form in (str(since), float(since)):
            asked(exchange, method, {**arguments, "since": form})
            assert without_times(wire.requests[-1].line) == without_times(wanted), method


def without_times(line):
    """A request without what changes with each."""
    path, _, query = line.partition("?")
    return path, [
        field for field in query.split("&") if not field.startswith(("nonce=", "timestamp=", "sign"))
    ]


WRONG = {
    "limit": ("x", "", True, 1.5, float("nan"), float("inf"), -1, [1], "1e999999"),
    "since": ("2020-01-01", False, 0.5, float("nan"), {}),
}


@ids
@kinds
@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_whole_number_is_refused_before_sending(id, kind, name):
    for method, exchange, wire, arguments in counted(id, kind, name):
        for value in WRONG[name]:
            with pytest.raises(ccxt.BadRequest, match=name):
                asked(exchange, method, {**arguments, name: value})
        assert wire.requests == [], method


@ids
@kinds
def test_credentials_that_are_whole_numbers_are_taken_as_text(id, kind):
    profile = PROFILES[id]
    for name in profile.credentials:
        exchange, wire = profile.offline(kind, documented(profile, "fetchBalance"))
        setattr(exchange, name, 1234567890)
        call(exchange, "fetch_balance")
        assert wire.requests and getattr(exchange, name) == "1234567890"


NO_TEXT = (b"canary-bytes", 1.25, True, ["canary"])


@ids
@kinds
def test_credentials_that_are_no_text_are_refused_before_sending(id, kind):
    profile = PROFILES[id]
    for name in profile.credentials:
        exchange, wire = profile.offline(kind, documented(profile, "fetchBalance"))
        for value in NO_TEXT:
            setattr(exchange, name, value)
            with pytest.raises(ccxt.AuthenticationError, match=f"{name} has to be text") as caught:
                call(exchange, "fetch_balance")
            assert wire.requests == [] and "canary" not in str(caught.value)
            assert exchange.check_required_credentials(False) is False


NO_HEADER = ("canary\n", "canary\r\nX: 1", "canary\0", " canary", "ca\xf1ary", "ключ")


@ids
@kinds
@pytest.mark.parametrize("name", ["apiKey", "token"])
def test_a_key_or_token_that_no_header_can_carry_is_refused_before_sending(id, kind, name):
    profile = PROFILES[id]
    exchange, wire = profile.offline(kind, documented(profile, "fetchBalance"))
    for value in NO_HEADER:
        setattr(exchange, name, value)
        with pytest.raises(ccxt.AuthenticationError, match=f"{name} has to be text without") as caught:
            call(exchange, "fetch_balance")
        assert wire.requests == [] and "ary" not in str(caught.value)


@pytest.mark.parametrize("id", PRO_IDS)
async def test_what_is_no_whole_number_is_refused_before_connecting(id):
    exchange = getattr(ccxt_ext.pro, id)()
    found = 0
    for name in dir(exchange):
        parameters = (
            inspect.signature(getattr(exchange, name)).parameters if name.startswith("watch_") else {}
        )
        for counted in {"since", "limit"} & set(parameters):
            arguments = {"symbol": "A/B", "symbols": ["A/B"], "symbols_and_timeframes": [["A/B", "1h"]]}
            given = {key: value for key, value in arguments.items() if key in parameters}
            with pytest.raises((ccxt.BadRequest, ccxt.NotSupported)) as caught:
                await getattr(exchange, name)(**given, **{counted: "soon"})
            found += caught.type is ccxt.BadRequest
    await exchange.close()
    assert found >= 2 and not exchange.clients


UNIFIED = ("fetch", "create", "cancel", "edit", "set_", "add_", "reduce_", "close_", "transfer")


@ids
@kinds
def test_methods_take_the_arguments_of_ccxts_own(id, kind):
    """Also those that are none of ccxt's by intention: a helper that happens to have the name of one."""
    exchange = PROFILES[id].kind(kind)
    base = next(each for each in exchange.__mro__ if each.__module__.startswith("ccxt.base."))
    names = [
        name
        for name in dir(exchange)
        if name.startswith(UNIFIED) and inspect.isfunction(getattr(base, name, None))
    ]
    assert len(names) > 50
    for name in names:
        method = getattr(exchange, name)
        if method.__module__.startswith("ccxt_ext.") and not hasattr(method, "refuses"):
            ours, theirs = (
                list(inspect.signature(each).parameters) for each in (method, getattr(base, name))
            )
            assert ours == theirs, name
