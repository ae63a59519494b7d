"""What every venue's classes promise, as far as no server is needed. A new venue gets all of it."""

import inspect
import json
import re

import ccxt
import ccxt.async_support
import pytest
from ccxt.base.decimal_to_precision import DECIMAL_PLACES, SIGNIFICANT_DIGITS, TICK_SIZE
from ccxt.base.exchange import Exchange as SyncBase

import ccxt_ext
import ccxt_ext.async_support
from tests.ids import IDS, PRO_IDS
from tests.venues.profiles import PROFILES, SINCE
from tests.venues.wire import Answer, call, unanswered

AsyncBase = ccxt.async_support.Exchange

# Entries of `has` that are no methods.
NO_METHODS = {
    "publicAPI",
    "privateAPI",
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
    "createMarketSellOrder": "createOrder",
    "createOrderWithTakeProfitAndStopLoss": "createOrder",
    "createPostOnlyOrder": "createOrder",
    "createReduceOnlyOrder": "createOrder",
    "createStopLimitOrder": "createOrder",
    "createStopLossOrder": "createOrder",
    "createStopMarketOrder": "createOrder",
    "createStopOrder": "createOrder",
    "createTriggerOrder": "createOrder",
    "fetchL2OrderBook": "fetchOrderBook",
    "fetchMarkPrice": "fetchMarkPrices",
}

ids = pytest.mark.parametrize("id", IDS)
kinds = pytest.mark.parametrize("kind", ["sync", "async"])


def fresh(id, kind, config=None):
    return PROFILES[id].kind(kind)(config or {})


@ids
def test_every_venue_has_a_profile(id):
    assert PROFILES[id].id == id


# -- classes ----------------------------------------------------------------------------------------


@ids
def test_classes(id):
    sync, async_ = PROFILES[id].kind("sync"), PROFILES[id].kind("async")
    assert sync.__name__ == async_.__name__ == id
    assert issubclass(sync, SyncBase) and not issubclass(sync, AsyncBase)
    assert issubclass(async_, AsyncBase)
    assert getattr(ccxt, id) is sync and getattr(ccxt.async_support, id) is async_
    assert id in ccxt.exchanges and id in ccxt.async_support.exchanges and id in ccxt_ext.exchanges
    assert sync().synchronous is True and async_().synchronous is False


@ids
def test_sync_and_async_describe_the_same_and_have_the_same_methods(id):
    sync, async_ = fresh(id, "sync"), fresh(id, "async")
    assert sync.describe() == async_.describe()
    own = [
        {
            name: [(parameter.name, default_of(parameter)) for parameter in signature(method)]
            for cls in type(exchange).__mro__
            # aio and blocking hold what differs between the two.
            if cls.__module__.startswith("ccxt_ext.")
            and cls.__module__ not in ("ccxt_ext.venue.aio", "ccxt_ext.venue.blocking")
            for name, method in vars(cls).items()
            if inspect.isfunction(method) and name == name.lower() and not name.startswith("__")
        }
        for exchange in (sync, async_)
    ]
    assert own[0] == own[1]


def signature(method):
    return inspect.signature(method).parameters.values()


def default_of(parameter):
    """What it is before anybody calls the method: some of ccxt's older ones write into their default dict."""
    return {} if isinstance(parameter.default, dict) else parameter.default


@ids
@kinds
def test_describe_is_complete(id, kind):
    described = fresh(id, kind).describe()
    assert described["id"] == id
    assert described["name"] and isinstance(described["name"], str)
    assert all(re.fullmatch("[A-Z]{2}", code) for code in described["countries"])
    assert described["rateLimit"] > 0
    assert described["pro"] is (id in PRO_IDS)
    assert described["certified"] is False
    assert described["urls"]["api"] and described["urls"]["www"] and described["urls"]["doc"]
    assert bool(described["urls"].get("test")) is bool(described["has"]["sandbox"])
    assert described["api"] and described["options"]
    assert bool(described["timeframes"]) is bool(described["has"]["fetchOHLCV"])
    assert described["precisionMode"] in (DECIMAL_PLACES, SIGNIFICANT_DIGITS, TICK_SIZE)
    assert {"maker", "taker", "percentage", "tierBased"} <= set(described["fees"]["trading"])
    assert set(described["requiredCredentials"]) >= set(PROFILES[id].credentials)
    assert {name for name, needed in described["requiredCredentials"].items() if needed} == set(
        PROFILES[id].credentials
    )
    assert {"exact", "broad"} <= set(described["exceptions"])


@ids
@kinds
def test_two_instances_share_nothing_that_a_caller_may_change(id, kind):
    first, second = fresh(id, kind), fresh(id, kind)
    before = json.dumps(second.describe(), default=str)
    for part in ("options", "urls", "has", "fees", "api", "features", "timeframes"):
        spoil(getattr(first, part))
    assert json.dumps(second.describe(), default=str) == before
    assert second.options == fresh(id, kind).options
    assert second.features == fresh(id, kind).features


def spoil(tree):
    for value in tree.values():
        if isinstance(value, dict):
            spoil(value)
    tree["spoilt"] = True


@ids
@kinds
def test_settings_of_the_caller_win(id, kind):
    exchange = fresh(id, kind, {"rateLimit": 7, "options": {"mine": 1}, "timeout": 5})
    assert (exchange.rateLimit, exchange.timeout) == (7, 5)
    assert exchange.options["mine"] == 1 and len(exchange.options) > 1
    assert exchange.enableRateLimit is True


@ids
@kinds
def test_the_sandbox_mode_is_refused_until_its_address_is_known(id, kind):
    exchange = fresh(id, kind)
    own = exchange.urls["api"]
    if not exchange.has["sandbox"]:
        with pytest.raises(ccxt.NotSupported, match=id):
            exchange.set_sandbox_mode(True)
        assert exchange.urls["api"] == own
    exchange = fresh(id, kind, {"urls": {"test": {"rest": "http://test.example"}}})
    exchange.setSandboxMode(True)
    assert exchange.urls["api"]["rest"] == "http://test.example"
    exchange.set_sandbox_mode(False)
    assert exchange.urls["api"] == own


# -- has --------------------------------------------------------------------------------------------


@ids
@kinds
def test_has_speaks_ccxts_language(id, kind):
    exchange = fresh(id, kind)
    base = (SyncBase if kind == "sync" else AsyncBase)().has
    # fetchMarkPrice stands in the classes of ccxt's own venues, though not in the base's.
    assert set(base) <= set(exchange.has) <= {*base, "fetchMarkPrice"}
    assert {str(value) for value in exchange.has.values()} <= {"True", "False", "None", "emulated"}
    assert [name for name, value in exchange.has.items() if value is None] == ["CORS"]


@ids
@kinds
def test_what_it_has_is_there(id, kind):
    exchange = fresh(id, kind)
    base = SyncBase if kind == "sync" else AsyncBase
    for name, able in exchange.has.items():
        if not able or name in NO_METHODS:
            continue
        method = snake(exchange, name)
        overridden = getattr(type(exchange), method) is not getattr(base, method, None)
        assert overridden or exchange.has.get(RESTS_ON.get(name)), name
        profile = PROFILES[id]
        assert name in {**profile.calls, **profile.unsent}, f"{name} has no entry in the profile"
    assert set(PROFILES[id].calls) == set(PROFILES[id].samples)


@ids
@kinds
def test_what_it_has_not_raises_not_supported_and_sends_nothing(id, kind):
    exchange, wire = PROFILES[id].offline(kind, unanswered)
    refused = [name for name, able in exchange.has.items() if not able and name not in {*NO_METHODS, "CORS"}]
    assert len(refused) > 50
    for name in refused:
        for spelling in (name, snake(exchange, name)):
            with pytest.raises(ccxt.NotSupported, match=id):
                call(exchange, spelling, *some_arguments(getattr(exchange, spelling), PROFILES[id]))
    assert wire.requests == []


def snake(exchange, name):
    """The snake_case name that ccxt gives to a method, with all its exceptions to the rule."""
    wanted = name.lower()
    found = [method for method in dir(type(exchange)) if "_" in method and method.replace("_", "") == wanted]
    return found[0] if found else name


def some_arguments(method, profile):
    values = {"symbol": profile.symbol, "side": "buy", "type": "limit", "amount": 1, "price": 1}
    return [
        values.get(parameter.name, "x")
        for parameter in signature(method)
        if parameter.default is parameter.empty and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
    ]


# -- implicit methods -------------------------------------------------------------------------------


@ids
@kinds
def test_every_endpoint_has_its_implicit_method_in_both_spellings(id, kind):
    profile = PROFILES[id]
    exchange, wire = profile.offline(kind, lambda request: Answer(profile.nothing))
    for camel, line in profile.endpoints.items():
        names = re.findall(r"{(\w+)}", line)
        expected = re.sub(r"{(\w+)}", r"a-\1", line)
        snake_name = re.sub("(?<!^)([A-Z])", r"_\1", camel).lower()
        for spelling in (camel, snake_name):
            call(exchange, spelling, {name: f"a-{name}" for name in names})
            sent = wire.requests[-1]
            assert f"{sent.method} {sent.path}" == expected


@ids
@kinds
def test_every_endpoint_of_api_is_known_to_the_profile_and_has_a_cost(id, kind):
    exchange = fresh(id, kind)
    leaves = list(api_leaves(exchange.api))
    assert len(leaves) == len(PROFILES[id].endpoints)
    for cost in leaves:
        number = cost["cost"] if isinstance(cost, dict) else cost
        assert isinstance(number, (int, float)) and number > 0


def api_leaves(tree):
    for key, value in tree.items():
        if key in ("get", "post", "put", "patch", "delete"):
            yield from value.values()
        else:
            yield from api_leaves(value)


# -- features, timeframes ---------------------------------------------------------------------------

# The keys of ccxt's own test of features; a venue may tell more.
FEATURES = {
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


@ids
@kinds
def test_features_have_ccxts_shape(id, kind):
    exchange = fresh(id, kind)
    assert set(exchange.features) <= {"spot", "swap", "future", "option"}
    told = [exchange.features.get("spot")]
    for market_type in ("swap", "future", "option"):
        parts = exchange.features.get(market_type) or {}
        assert set(parts) <= {"linear", "inverse"}
        told += parts.values()
    told = [features for features in told if features]
    assert told
    # A venue may serve some kinds of markets by less than all that it has.
    assert any(features["sandbox"] for features in told) is bool(exchange.has["sandbox"])
    for method in FEATURES:
        assert any(features[method] for features in told) is bool(exchange.has[method]), method
    for features in told:
        assert set(features) == {"sandbox", *FEATURES}
        for method, keys in FEATURES.items():
            assert features[method] is None or keys <= set(features[method]), method
    loaded, _ = PROFILES[id].offline(kind, unanswered)
    if loaded.has["fetchOHLCV"]:
        assert loaded.feature_value(PROFILES[id].symbol, "fetchOHLCV", "limit") > 0


@ids
@kinds
def test_every_timeframe_is_asked_for_in_the_venues_own_words(id, kind):
    profile = PROFILES[id]
    if "fetchOHLCV" not in profile.samples:
        assert fresh(id, kind).timeframes == {}
        return
    sample = json.dumps(profile.sample(profile.samples["fetchOHLCV"][0]))
    exchange, wire = profile.offline(kind, lambda request: Answer(sample))
    for timeframe, step in exchange.timeframes.items():
        assert exchange.parse_timeframe(timeframe) > 0
        call(exchange, "fetch_ohlcv", profile.symbol, timeframe, SINCE, 3)
        assert str(step) in {*wire.requests[-1].query.values(), *wire.requests[-1].path.split("/")}
    sent = len(wire.requests)
    assert sent == len(exchange.timeframes)
    with pytest.raises(ccxt.BadRequest, match="7m"):
        call(exchange, "fetch_ohlcv", profile.symbol, "7m")
    assert len(wire.requests) == sent


# -- errors -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id", "status", "body", "method", "error"),
    [
        pytest.param(id, *refusal, id=f"{id}-{refusal[2]}-{refusal[0]}-{refusal[1][:50]}")
        for id, profile in PROFILES.items()
        for refusal in profile.refusals
    ],
)
@kinds
def test_a_refusal_is_the_right_exception_with_the_venues_words(id, kind, status, body, method, error):
    profile = PROFILES[id]
    exchange, _ = profile.offline(kind, lambda request: Answer(body, status))
    with pytest.raises(ccxt.BaseError) as caught:
        call(exchange, method, *profile.calls[method])
    # A venue may have a subclass of its own; a bot catches ccxt's.
    assert error in type(caught.value).__mro__[:2]
    assert id in str(caught.value)
    assert all(word in str(caught.value) for word in words(json.loads(body)))


def words(tree):
    """All texts in an error body."""
    if isinstance(tree, dict | list):
        return [word for item in (tree.values() if isinstance(tree, dict) else tree) for word in words(item)]
    return [tree] if isinstance(tree, str) else []


HTML = "<html><head><title>502</title></head><body>nginx</body></html>"


@ids
@kinds
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(HTML, 200, "text/html"), ccxt.BadResponse),
        (Answer("", 200), ccxt.BadResponse),
        (Answer('{"a": [1, 2', 200), ccxt.BadResponse),
        (Answer("null", 200), ccxt.BadResponse),
        (Answer("7", 200), ccxt.BadResponse),
        (Answer('"text"', 200), ccxt.BadResponse),
        (Answer(HTML, 500, "text/html"), ccxt.ExchangeNotAvailable),
        (Answer(HTML, 502, "text/html"), ccxt.ExchangeNotAvailable),
        (Answer(HTML, 504, "text/html"), ccxt.NetworkError),
        (Answer("", 520), ccxt.ExchangeNotAvailable),
        (Answer(HTML, 429, "text/html"), ccxt.RateLimitExceeded),
        (Answer(HTML, 403, "text/html"), ccxt.ExchangeNotAvailable),
        (Answer("[]", 418), ccxt.DDoSProtection),
    ],
    ids=lambda value: f"{value.status}-{value.text[:9]}" if isinstance(value, Answer) else value.__name__,
)
def test_an_answer_of_another_shape_is_a_clear_error(id, kind, answer, error):
    profile = PROFILES[id]
    exchange, _ = profile.offline(kind, lambda request: answer)
    for method in profile.calls:
        with pytest.raises(error, match=id):
            call(exchange, method, *profile.calls[method])
