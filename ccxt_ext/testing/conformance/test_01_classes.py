"""Chapter 1, of what needs no sandbox: the classes and what they say of themselves."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import ccxt
import ccxt.async_support
import ccxt.pro
import pytest
from ccxt.base.decimal_to_precision import DECIMAL_PLACES, SIGNIFICANT_DIGITS, TICK_SIZE
from ccxt.base.exchange import Exchange as SyncBase

from ccxt_ext.testing.conformance.cases import ALL, case
from ccxt_ext.testing.conformance.offline import Offline
from ccxt_ext.testing.conformance.tested import Tested
from ccxt_ext.testing.profile import Profile
from ccxt_ext.testing.venues import KINDS, class_of
from ccxt_ext.testing.wire import Answer, call

AsyncBase = ccxt.async_support.Exchange
BASES = {"sync": SyncBase, "async": AsyncBase, "pro": AsyncBase}
MODULES = {"sync": ccxt, "async": ccxt.async_support, "pro": ccxt.pro}

# Entries of `has` that are no methods.
NO_METHODS = {
    "publicAPI",
    "privateAPI",
    "CORS",
    "spot",
    "margin",
    "swap",
    "future",
    "option",
    "index",
    "sandbox",
    "ws",
}

# Methods of ccxt's own that are right as they are, once another one works.
RESTS_ON = {
    "createLimitOrder": "createOrder",
    "createLimitBuyOrder": "createOrder",
    "createLimitSellOrder": "createOrder",
    "createMarketOrder": "createOrder",
    "createMarketBuyOrder": "createOrder",
    "createMarketBuyOrderWithCost": "createOrder",
    "createMarketOrderWithCost": "createOrder",
    "createMarketSellOrderWithCost": "createOrder",
    "createMarketSellOrder": "createOrder",
    "createOrderWithTakeProfitAndStopLoss": "createOrder",
    "createPostOnlyOrder": "createOrder",
    "createReduceOnlyOrder": "createOrder",
    "createStopLimitOrder": "createOrder",
    "createStopLossOrder": "createOrder",
    "createStopMarketOrder": "createOrder",
    "createStopOrder": "createOrder",
    "createTakeProfitOrder": "createOrder",
    "createTrailingAmountOrder": "createOrder",
    "createTrailingPercentOrder": "createOrder",
    "createTriggerOrder": "createOrder",
    "fetchL2OrderBook": "fetchOrderBook",
    "fetchMarkPrice": "fetchMarkPrices",
    "cancelOrderWithClientOrderId": "cancelOrder",
    "editOrderWithClientOrderId": "editOrder",
    "fetchOrderWithClientOrderId": "fetchOrder",
}


def rests_on(name: str) -> str | None:
    """The same holds for those that go over a socket; and ccxt's way to edit is to cancel and to create."""
    if name == "editOrderWs":
        return "createOrderWs"
    over_socket = name.endswith("Ws")
    other = RESTS_ON.get(name.removesuffix("Ws"))
    return f"{other}Ws" if over_socket and other else other


Fresh = Callable[..., Any]
Make = Callable[..., Offline]


@case("1.1", "The classes are where a program that uses ccxt looks for them", kinds=ALL, level="reads")
def classes(id: str, kind: str, fresh: Fresh) -> None:
    """`ccxt.ID`, `ccxt.async_support.ID` and `ccxt.pro.ID` are subclasses of ccxt's own `Exchange`, named
    like the id, and the id is in each `exchanges`."""
    cls = class_of(id, kind)
    assert cls.__name__ == id
    assert issubclass(cls, BASES[kind])
    assert kind != "sync" or not issubclass(cls, AsyncBase)
    assert getattr(MODULES[kind], id) is cls
    assert id in MODULES[kind].exchanges and id in KINDS[kind].exchanges
    assert fresh().id == id
    assert fresh().synchronous is (kind == "sync")


@case("1.2", "Sync and async describe the same and have the same methods", kinds=(), level="reads")
def twins(tested: Tested) -> None:
    """Whoever moves from one to the other finds the same methods, with the same parameters and defaults."""
    made = [tested.instance(kind) for kind in ("sync", "async") if kind in tested.kinds]
    assert None not in made
    first, *others = made
    for other in others:
        assert first.describe() == other.describe()
        assert own_methods(first) == own_methods(other)


def own_methods(exchange: Any) -> list[dict[str, list[tuple[str, Any]]]]:
    return [
        {
            name: [(parameter.name, default_of(parameter)) for parameter in parameters(method)]
            for name, method in vars(cls).items()
            if inspect.isfunction(method) and name == name.lower() and not name.startswith("__")
        }
        for cls in type(exchange).__mro__
        # ccxt's own are twins already; aio and blocking hold what differs between the two.
        if cls.__module__.split(".")[0] not in ("ccxt", "builtins")
        and cls.__module__ not in ("ccxt_ext.venue.aio", "ccxt_ext.venue.blocking")
    ]


def parameters(method: Any) -> Iterable[inspect.Parameter]:
    return inspect.signature(method).parameters.values()


def default_of(parameter: inspect.Parameter) -> Any:
    """What it is before anybody calls the method: some of ccxt's older ones write into their default dict."""
    return {} if isinstance(parameter.default, dict) else parameter.default


@case("1.3", "What it tells of itself is whole", kinds=ALL, level="reads")
def description(id: str, fresh: Fresh) -> None:
    """`describe()` has all that ccxt's tooling reads, and no two parts of it contradict each other."""
    described = fresh().describe()
    assert described["id"] == id
    assert described["name"] and isinstance(described["name"], str)
    assert all(re.fullmatch("[A-Z]{2}", code) for code in described["countries"])
    assert described["rateLimit"] > 0
    assert not described.get("certified")
    assert described["urls"]["api"] and described["urls"]["www"] and described["urls"]["doc"]
    assert bool(described["urls"].get("test")) is bool(described["has"].get("sandbox"))
    assert described["api"]
    assert bool(described.get("timeframes")) is bool(described["has"].get("fetchOHLCV"))
    made = fresh()
    assert made.precisionMode in (DECIMAL_PLACES, SIGNIFICANT_DIGITS, TICK_SIZE)
    assert {"maker", "taker", "percentage", "tierBased"} <= set(made.fees["trading"])
    assert any(made.requiredCredentials.values())
    assert {"exact", "broad"} <= set(made.exceptions)


@case("1.4", "It says whether there are streams", kinds=("sync", "async"), level="reads")
def says_pro(tested: Tested, fresh: Fresh) -> None:
    """`pro` in `describe()` is True if `ccxt.pro` has the venue, and only then."""
    assert bool(fresh().pro) is ("pro" in tested.kinds)


@case(
    "1.5",
    "The credentials that it asks for are those of the profile",
    profile=("credentials",),
    level="proven",
)
def credentials(profile: Profile, fresh: Fresh) -> None:
    """`requiredCredentials` names what the venue's documents name."""
    needed = fresh().requiredCredentials
    assert {name for name, wanted in needed.items() if wanted} == set(profile.credentials)


@case("1.6", "Two instances share nothing that a caller may change", kinds=ALL, level="reads")
def nothing_in_common(fresh: Fresh) -> None:
    """Neither `options`, `urls`, `has`, `fees`, `api`, `features` nor `timeframes`."""
    first, second = fresh(), fresh()
    before = json.dumps(second.describe(), default=str)
    for part in ("options", "urls", "has", "fees", "api", "features", "timeframes"):
        spoil(getattr(first, part))
    assert json.dumps(second.describe(), default=str) == before
    assert second.options == fresh().options
    assert second.features == fresh().features


def spoil(tree: dict[str, Any]) -> None:
    for value in tree.values():
        if isinstance(value, dict):
            spoil(value)
    tree["spoilt"] = True


@case("1.7", "Settings of the caller win", kinds=ALL, level="reads")
def settings(fresh: Fresh) -> None:
    """What the constructor is given takes the place of the venue's own, and no more than that."""
    own = fresh().options
    exchange = fresh({"rateLimit": 7, "options": {"mine": 1}, "timeout": 5})
    assert (exchange.rateLimit, exchange.timeout) == (7, 5)
    assert exchange.options["mine"] == 1 and set(own) <= set(exchange.options)
    assert exchange.enableRateLimit is True


@case("1.8", "The sandbox mode is refused until its address is known", kinds=ALL, level="trades")
def sandbox_mode(id: str, fresh: Fresh) -> None:
    """Whoever asks for a testnet never trades for real money, and comes back to the real addresses."""
    exchange = fresh()
    own = exchange.urls["api"]
    if not exchange.has.get("sandbox"):
        with pytest.raises(ccxt.NotSupported, match=id):
            exchange.set_sandbox_mode(True)
        assert exchange.urls["api"] == own
    exchange = fresh({"urls": {"test": moved(own)}})
    exchange.setSandboxMode(True)
    assert exchange.urls["api"] == moved(own)
    exchange.set_sandbox_mode(False)
    assert exchange.urls["api"] == own


def moved(urls: Any) -> Any:
    if isinstance(urls, dict):
        return {name: moved(url) for name, url in urls.items()}
    return urlsplit(urls)._replace(netloc="test.example").geturl()


@case("1.9", "`has` speaks ccxt's language", kinds=ALL, level="reads")
def language_of_has(kind: str, fresh: Fresh) -> None:
    """It names all that ccxt names and nothing else, and says True, False, None or 'emulated'."""
    has = fresh().has
    base = BASES[kind]().has
    # fetchMarkPrice stands in the classes of ccxt's own venues, though not in the base's; what streams, in
    # ccxt.pro.
    streamed = {name for name in has if re.match("watch|unWatch", name) or name.endswith("Ws")}
    assert set(base) <= set(has) <= {*base, "fetchMarkPrice", *streamed}
    assert kind == "pro" or streamed <= set(base)
    assert {str(value) for value in has.values()} <= {"True", "False", "None", "emulated"}


@case("1.10", "What `has` claims is there", kinds=ALL, level="reads")
def claims_are_there(kind: str, fresh: Fresh) -> None:
    """The class has a method of its own for it, or one of ccxt's that rests on another which works."""
    exchange = fresh()
    for name, able in exchange.has.items():
        if not able or name in NO_METHODS:
            continue
        method = snake(exchange, name)
        overridden = getattr(type(exchange), method, None) is not getattr(BASES[kind], method, None)
        assert overridden or exchange.has.get(rests_on(name)), f"there is no {name}"


@case("1.11", "The profile has an entry for all that `has` claims", profile=("calls",), level="proven")
def claims_are_known(profile: Profile, fresh: Fresh) -> None:
    """So no method is left out of the cases that play documented answers."""
    claimed = {name for name, able in fresh().has.items() if able and name not in NO_METHODS}
    assert claimed - {*profile.calls, *profile.unsent} == set()
    assert set(profile.calls) == set(profile.samples)


@case("1.12", "What `has` denies raises NotSupported and sends nothing", kinds=ALL, level="reads")
def denials_hold(id: str, offline: Make, profile: Profile) -> None:
    """In both spellings, even where ccxt would emulate it by other calls."""
    made = offline()
    exchange = made.exchange
    refused = [name for name, able in exchange.has.items() if not able and name not in NO_METHODS]
    assert refused
    for name in refused:
        for spelling in {name, snake(exchange, name)}:
            method = getattr(exchange, spelling, None)
            if method is None:
                continue  # ccxt's own class has none either
            with pytest.raises(ccxt.NotSupported, match=id):
                call(exchange, spelling, *some_arguments(method, made.symbol))
                pytest.fail(f"{spelling}() is there, though has denies it")
    assert made.wire.requests == []


def snake(exchange: Any, name: str) -> str:
    """The snake_case name that ccxt gives to a method, with all its exceptions to the rule."""
    wanted = name.lower()
    found = [method for method in dir(type(exchange)) if "_" in method and method.replace("_", "") == wanted]
    return found[0] if found else name


def some_arguments(method: Any, symbol: str) -> list[Any]:
    values = {"symbol": symbol, "side": "buy", "type": "limit", "amount": 1, "price": 1}
    return [
        values.get(parameter.name, "x")
        for parameter in parameters(method)
        if parameter.default is parameter.empty and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
    ]


# -- implicit methods ---------------------------------------------------------------------------------------


@case("1.13", "Every endpoint has a cost", kinds=ALL, level="reads")
def costs(fresh: Fresh) -> None:
    """A number above zero, or ccxt's throttle would not count it."""
    leaves = list(api_leaves(fresh().api))
    assert leaves
    for cost in leaves:
        number = cost["cost"] if isinstance(cost, dict) else cost
        assert isinstance(number, (int, float)) and number > 0


def api_leaves(tree: Mapping[str, Any]) -> Iterator[Any]:
    for key, value in tree.items():
        if key in ("get", "post", "put", "patch", "delete"):
            yield from value.values() if isinstance(value, dict) else [1] * len(value)
        elif isinstance(value, dict):
            yield from api_leaves(value)


@case("1.14", "Every documented endpoint has its implicit method", profile=("endpoints",), level="proven")
def implicit_methods(profile: Profile, offline: Make) -> None:
    """In both spellings, at its documented method and path, and there are no others."""
    made = offline(lambda request: Answer(profile.nothing))
    for camel, line in profile.endpoints.items():
        names = re.findall(r"{(\w+)}", line)
        expected = re.sub(r"{(\w+)}", r"a-\1", line)
        for spelling in (camel, re.sub("(?<!^)([A-Z])", r"_\1", camel).lower()):
            call(made.exchange, spelling, {name: f"a-{name}" for name in names})
            sent = made.wire.requests[-1]
            assert f"{sent.method} {sent.path}" == expected
    assert len(list(api_leaves(made.exchange.api))) == len(profile.endpoints)


# -- features, timeframes -----------------------------------------------------------------------------------

# The keys of ccxt's own test of features; a venue may tell more.
FEATURES: Mapping[str, set[str]] = {
    "createOrder": {
        "marginMode",
        "triggerPrice",
        "triggerPriceType",
        "stopLossPrice",
        "takeProfitPrice",
        "attachedStopLossTakeProfit",
        "timeInForce",
        "hedged",
        "trailing",
    },
    "createOrders": {"max"},
    "fetchMyTrades": {"marginMode", "daysBack", "limit", "untilDays", "symbolRequired"},
    "fetchOrder": {"marginMode", "trigger", "trailing", "symbolRequired"},
    "fetchOpenOrders": {"marginMode", "limit", "trigger", "trailing", "symbolRequired"},
    "fetchOrders": {"marginMode", "limit", "daysBack", "untilDays", "trigger", "trailing", "symbolRequired"},
    "fetchClosedOrders": {
        "marginMode",
        "limit",
        "daysBack",
        "daysBackCanceled",
        "untilDays",
        "trigger",
        "trailing",
        "symbolRequired",
    },
    "fetchOHLCV": {"limit"},
}


@case("1.15", "`features` have ccxt's shape and agree with `has`", kinds=ALL, level="reads")
def features(fresh: Fresh, offline: Make) -> None:
    """Each type of market that the venue lists tells what its methods take."""
    exchange = fresh()
    assert set(exchange.features) <= {"spot", "swap", "future", "option"}
    told = [exchange.features.get("spot")]
    for market_type in ("swap", "future", "option"):
        parts = exchange.features.get(market_type) or {}
        assert set(parts) <= {"linear", "inverse"}
        told += parts.values()
    told = [features for features in told if features]
    assert told
    # A venue may serve some types of markets by less than all that it has.
    assert any(features["sandbox"] for features in told) is bool(exchange.has["sandbox"])
    for method in FEATURES:
        assert any(features[method] for features in told) is bool(exchange.has[method]), method
    for features in told:
        assert set(features) == {"sandbox", *FEATURES}
        for method, keys in FEATURES.items():
            assert features[method] is None or keys <= set(features[method]), method
    if exchange.has["fetchOHLCV"]:
        made = offline()
        assert made.exchange.feature_value(made.symbol, "fetchOHLCV", "limit") > 0


@case(
    "1.16",
    "Every timeframe is asked for in the venue's own words",
    needs=("fetchOHLCV",),
    profile=("samples",),
    level="proven",
)
def timeframes_in_words(profile: Profile, offline: Make) -> None:
    """And one that the venue has not is refused before anything is sent."""
    sample = json.dumps(profile.sample(profile.samples["fetchOHLCV"][0]))
    made = offline(lambda request: Answer(sample))
    exchange, sent = made.exchange, made.wire.requests
    for timeframe, step in exchange.timeframes.items():
        assert exchange.parse_timeframe(timeframe) > 0
        call(exchange, "fetch_ohlcv", made.symbol, timeframe, 1525760116000, 3)
        assert str(step) in {*sent[-1].query.values(), *sent[-1].path.split("/")}
    count = len(sent)
    assert count == len(exchange.timeframes)
    with pytest.raises(ccxt.BadRequest, match="7m"):
        call(exchange, "fetch_ohlcv", made.symbol, "7m")
    assert len(sent) == count
